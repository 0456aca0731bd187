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

/* What builds of libcurl that lack a setting, and versions that do not know it, answer to it. */
static int is_unknown(CURLcode code)
{
    return code == CURLE_UNKNOWN_OPTION || code == CURLE_NOT_BUILT_IN;
}

/*
 * A setting whose argument libcurl copies. Where the copy fails its default would stay, another one than was asked for: so that is a failure.
 * `key`: the option that the text comes from; NULL: ours, and of no use to a libcurl that does not know the setting.
 */
static int set_text(tdri_curl_transport *t, CURLoption setting, const char *text, const char *key, tdrest_error *err)
{
    CURLcode code = curl_easy_setopt(t->easy, setting, text);

    if (code == CURLE_OK || (key == NULL && is_unknown(code)))
        return TDREST_OK;
    if (code == CURLE_OUT_OF_MEMORY)
        return tdri_err_set(err, TDREST_ENOMEM, "out of memory for the connection");
    if (key == NULL)
        return tdri_err_set(err, TDREST_ECONNECT, "libcurl refuses the setting %d: %s", (int)setting, curl_easy_strerror(code));
    return tdri_err_set(err, TDREST_EOPTION, "%s: %s", key, is_unknown(code) ? "this libcurl does not support it" : curl_easy_strerror(code));
}

/* A text of the options, if it is set. */
static int set_option(tdri_curl_transport *t, CURLoption setting, const tdrest_options *options, enum tdri_opt opt, tdrest_error *err)
{
    const char *text = tdri_opts_text(options, opt);

    return text == NULL ? TDREST_OK : set_text(t, setting, text, tdrest_options_get_info(opt)->key, err);
}

/* The certificates of tls_ca_file are all that is trusted: libcurl would go on to look into the directory that it was built with. */
static int set_authorities(tdri_curl_transport *t, const tdrest_options *options, tdrest_error *err)
{
    int rc = set_option(t, CURLOPT_CAINFO, options, TDRI_OPT_TLS_CA_FILE, err);

    if (rc == TDREST_OK && tdri_opts_text(options, TDRI_OPT_TLS_CA_FILE) != NULL)
        rc = set_text(t, CURLOPT_CAPATH, NULL, NULL, err);
    return rc;
}

static int set_tls(tdri_curl_transport *t, const tdrest_options *options, tdrest_error *err)
{
    const char *verify = tdri_opts_text(options, TDRI_OPT_TLS_VERIFY);
    int rc;

    curl_easy_setopt(t->easy, CURLOPT_SSL_VERIFYPEER, strcmp(verify, "none") == 0 ? 0L : 1L);
    curl_easy_setopt(t->easy, CURLOPT_SSL_VERIFYHOST, strcmp(verify, "full") == 0 ? 2L : 0L);
    rc = set_authorities(t, options, err);
    if (rc == TDREST_OK)
        rc = set_option(t, CURLOPT_SSLCERT, options, TDRI_OPT_TLS_CERT_FILE, err);
    if (rc == TDREST_OK)
        rc = set_option(t, CURLOPT_SSLKEY, options, TDRI_OPT_TLS_KEY_FILE, err);
    /* Without a pass phrase the TLS library would ask for one on the terminal. */
    return rc == TDREST_OK ? set_text(t, CURLOPT_KEYPASSWD, "", NULL, err) : rc;
}

/* A libcurl without TLS knows no https. */
static int set_protocols(tdri_curl_transport *t, tdrest_error *err)
{
#if LIBCURL_VERSION_NUM >= 0x075500
    const char *protocols = "http,https";

    if (curl_easy_setopt(t->easy, CURLOPT_PROTOCOLS_STR, protocols) == CURLE_UNSUPPORTED_PROTOCOL)
        protocols = "http";
    return set_text(t, CURLOPT_PROTOCOLS_STR, protocols, NULL, err);
#else
    (void)err;
    curl_easy_setopt(t->easy, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
    return TDREST_OK;
#endif
}

/* What stays the same for every exchange. */
static int set_fixed(tdri_curl_transport *t, const tdrest_options *options, tdrest_error *err)
{
    const char *proxy = tdri_opts_text(options, TDRI_OPT_PROXY);
    int rc = set_protocols(t, err);

    curl_easy_setopt(t->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
#if LIBCURL_VERSION_NUM >= 0x074000
    curl_easy_setopt(t->easy, CURLOPT_HTTP09_ALLOWED, 0L); /* libcurl before 7.66 would take a body without headers */
#endif
    curl_easy_setopt(t->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(t->easy, CURLOPT_NOPROGRESS, 1L);
    curl_easy_setopt(t->easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(t->easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(t->easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(t->easy, CURLOPT_TCP_NODELAY, 1L);
    curl_easy_setopt(t->easy, CURLOPT_ERRORBUFFER, t->message);
    tdri_curl_set_callbacks(t);
    if (rc == TDREST_OK && strcmp(proxy, "environment") != 0)
        rc = set_text(t, CURLOPT_PROXY, "", NULL, err);
    return rc == TDREST_OK ? set_tls(t, options, err) : rc;
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
    int rc;

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
    rc = set_fixed(t, options, err);
    if (rc == TDREST_OK)
        *out = &t->base;
    else
        tdri_curl_free(&t->base);
    return rc;
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
