/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Making the transport over libcurl: what stays the same for every exchange. Knows nothing of requests. */
#include "net/curl_transport.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

static pthread_once_t global_once = PTHREAD_ONCE_INIT;
static CURLcode global_code; /* written once, by global_init */

static void global_init(void)
{
    global_code = curl_global_init(CURL_GLOBAL_DEFAULT);
}

static void set_tls(tdri_curl_transport *t, const tdrest_options *options)
{
    const char *verify = tdri_opts_text(options, TDRI_OPT_TLS_VERIFY);
    const char *file;

    curl_easy_setopt(t->easy, CURLOPT_SSL_VERIFYPEER, strcmp(verify, "none") == 0 ? 0L : 1L);
    curl_easy_setopt(t->easy, CURLOPT_SSL_VERIFYHOST, strcmp(verify, "full") == 0 ? 2L : 0L);
    if ((file = tdri_opts_text(options, TDRI_OPT_TLS_CA_FILE)) != NULL)
        curl_easy_setopt(t->easy, CURLOPT_CAINFO, file);
    if ((file = tdri_opts_text(options, TDRI_OPT_TLS_CERT_FILE)) != NULL)
        curl_easy_setopt(t->easy, CURLOPT_SSLCERT, file);
    if ((file = tdri_opts_text(options, TDRI_OPT_TLS_KEY_FILE)) != NULL)
        curl_easy_setopt(t->easy, CURLOPT_SSLKEY, file);
    /* Without a pass phrase the TLS library would ask for one on the terminal. */
    curl_easy_setopt(t->easy, CURLOPT_KEYPASSWD, "");
}

/* What stays the same for every exchange. */
static void set_fixed(tdri_curl_transport *t, const tdrest_options *options)
{
    const char *proxy = tdri_opts_text(options, TDRI_OPT_PROXY);

    curl_easy_setopt(t->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
#if LIBCURL_VERSION_NUM >= 0x075500
    curl_easy_setopt(t->easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    curl_easy_setopt(t->easy, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
    curl_easy_setopt(t->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(t->easy, CURLOPT_NOPROGRESS, 1L);
    curl_easy_setopt(t->easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(t->easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(t->easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(t->easy, CURLOPT_TCP_NODELAY, 1L);
    curl_easy_setopt(t->easy, CURLOPT_ERRORBUFFER, t->message);
    if (strcmp(proxy, "environment") != 0)
        curl_easy_setopt(t->easy, CURLOPT_PROXY, "");
    tdri_curl_set_callbacks(t);
    set_tls(t, options);
}

void tdri_curl_free(tdri_transport *transport)
{
    tdri_curl_transport *t = (tdri_curl_transport *)transport;

    tdri_curl_drop(t);
    for (int i = 0; i < 2; i++)
        if (t->wake[i] >= 0)
            close(t->wake[i]);
    curl_easy_cleanup(t->easy);
    curl_multi_cleanup(t->multi);
    curl_slist_free_all(t->headers);
    tdri_buf_clear(&t->url);
    tdri_mem_free(&t->mem, t);
}

/* Neither end blocks, and neither goes to a program that is started from here. */
static int open_pipe(int wake[2])
{
    int good;

    wake[0] = wake[1] = -1;
    good = pipe(wake) == 0;
    for (int i = 0; good && i < 2; i++)
        good = fcntl(wake[i], F_SETFL, O_NONBLOCK) == 0 && fcntl(wake[i], F_SETFD, FD_CLOEXEC) == 0;
    return good;
}

int tdri_curl_new(const tdrest_options *options, tdri_transport **out, tdrest_error *err)
{
    tdri_curl_transport *t;

    *out = NULL;
    pthread_once(&global_once, global_init);
    if (global_code != CURLE_OK)
        return tdri_err_set(err, TDREST_ECONNECT, "libcurl could not be initialised: %s", curl_easy_strerror(global_code));
    t = (tdri_curl_transport *)tdri_mem_zeroed(&options->mem, 1, sizeof *t);
    if (t == NULL)
        return tdri_err_set(err, TDREST_ENOMEM, "out of memory for the connection");
    t->base.ops = &tdri_curl_ops;
    t->mem = options->mem;
    tdri_buf_init(&t->url, &t->mem, 65536);
    t->idle = CURL_SOCKET_BAD;
    t->wake[0] = t->wake[1] = -1;
    t->multi = curl_multi_init();
    t->easy = curl_easy_init();
    if (t->multi == NULL || t->easy == NULL) {
        tdri_curl_free(&t->base);
        return tdri_err_set(err, TDREST_ENOMEM, "out of memory for the connection");
    }
    if (!open_pipe(t->wake)) {
        tdri_curl_free(&t->base);
        return tdri_err_set(err, TDREST_ECONNECT, "no pipe could be opened: %s", strerror(errno));
    }
    curl_multi_setopt(t->multi, CURLMOPT_MAXCONNECTS, 1L);
#if LIBCURL_VERSION_NUM >= 0x081400
    curl_multi_setopt(t->multi, CURLMOPT_QUICK_EXIT, 1L); /* freeing does not wait for a lookup that was given up */
#endif
    set_fixed(t, options);
    *out = &t->base;
    return TDREST_OK;
}

const char *tdri_curl_version(int *interruptible)
{
    const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);

    *interruptible = (info->features & CURL_VERSION_ASYNCHDNS) != 0 && info->ares != NULL;
#if LIBCURL_VERSION_NUM >= 0x075700 /* what the option needs, when built and when run */
    *interruptible |= info->version_num >= 0x075700;
#endif
    return info->version;
}
