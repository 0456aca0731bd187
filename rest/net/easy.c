/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The easy handle: what stays the same for every exchange, all of it set in one place. Knows nothing of requests. */
#include "config/proxy.h"
#include "net/curl_net.h"

#include <stdio.h>
#include <string.h>

/* What libcurl reads at once: it takes no less; and what makes long answers cost a tenth less CPU than its default. */
enum { LEAST_READ = 1024, MOST_READ = 65536 };

/* What builds of libcurl that lack a setting, and versions that do not know it, answer to it. */
static int is_unknown(CURLcode code)
{
    return code == CURLE_UNKNOWN_OPTION || code == CURLE_NOT_BUILT_IN;
}

/*
 * A setting whose argument libcurl copies. Where the copy fails its default would stay, another one than was asked for: so that is a failure.
 * `key`: the option that the text comes from; NULL: ours, and of no use to a libcurl that does not know the setting.
 */
static int set_text(tdri_exchange *x, CURLoption setting, const char *text, const char *key, tdrest_error *err)
{
    CURLcode code = curl_easy_setopt(x->easy, setting, text);

    if (code == CURLE_OK || (key == NULL && is_unknown(code)))
        return TDREST_OK;
    if (code == CURLE_OUT_OF_MEMORY)
        return tdri_err_set(err, TDREST_ENOMEM, "out of memory for the connection");
    if (key == NULL)
        return tdri_err_set(err, TDREST_ECONNECT, "libcurl rejects the setting %d: %s", (int)setting, curl_easy_strerror(code));
    return tdri_err_set(err, TDREST_EOPTION, "%s: %s", key, is_unknown(code) ? "this libcurl does not support it" : curl_easy_strerror(code));
}

/* A text of the options, if it is set. */
static int set_option(tdri_exchange *x, CURLoption setting, const tdrest_options *options, enum tdri_opt opt, tdrest_error *err)
{
    const char *text = tdri_opts_text(options, opt);

    return text == NULL ? TDREST_OK : set_text(x, setting, text, tdrest_options_get_info(opt)->key, err);
}

/* The settings that say whom to trust, of each peer that may speak TLS. */
typedef struct peer_tls {
    CURLoption verify_peer, verify_host, ca_file, ca_directory, version;
} peer_tls;

static const peer_tls server_tls = {CURLOPT_SSL_VERIFYPEER, CURLOPT_SSL_VERIFYHOST, CURLOPT_CAINFO, CURLOPT_CAPATH, CURLOPT_SSLVERSION};
static const peer_tls proxy_tls = {CURLOPT_PROXY_SSL_VERIFYPEER, CURLOPT_PROXY_SSL_VERIFYHOST, CURLOPT_PROXY_CAINFO, CURLOPT_PROXY_CAPATH,
                                   CURLOPT_PROXY_SSLVERSION};

/* The certificates of tls_ca_file are all that is trusted: libcurl would go on to look into the directory that it was built with. */
static int set_authorities(tdri_exchange *x, const tdrest_options *options, const peer_tls *peer, tdrest_error *err)
{
    int rc = set_option(x, peer->ca_file, options, TDRI_OPT_TLS_CA_FILE, err);

    if (rc == TDREST_OK && tdri_opts_text(options, TDRI_OPT_TLS_CA_FILE) != NULL)
        rc = set_text(x, peer->ca_directory, NULL, NULL, err);
    return rc;
}

static int set_min_version(tdri_exchange *x, const tdrest_options *options, const peer_tls *peer, tdrest_error *err)
{
    const char *version = tdri_opts_text(options, TDRI_OPT_TLS_MIN_VERSION);
    CURLcode code;

    if (version == NULL)
        return TDREST_OK;
    code = curl_easy_setopt(x->easy, peer->version, strcmp(version, "1.3") == 0 ? (long)CURL_SSLVERSION_TLSv1_3 : (long)CURL_SSLVERSION_TLSv1_2);
    return code == CURLE_OK ? TDREST_OK : tdri_err_set(err, TDREST_EOPTION, "tls_min_version: this libcurl does not support it");
}

static int set_trust(tdri_exchange *x, const tdrest_options *options, const peer_tls *peer, tdrest_error *err)
{
    const char *verify = tdri_opts_text(options, TDRI_OPT_TLS_VERIFY);
    int rc;

    curl_easy_setopt(x->easy, peer->verify_peer, strcmp(verify, "none") == 0 ? 0L : 1L);
    curl_easy_setopt(x->easy, peer->verify_host, strcmp(verify, "full") == 0 ? 2L : 0L);
    rc = set_authorities(x, options, peer, err);
    return rc == TDREST_OK ? set_min_version(x, options, peer, err) : rc;
}

/* The client's certificate is for the server alone: no proxy is shown it. */
static int set_tls(tdri_exchange *x, const tdrest_options *options, tdrest_error *err)
{
    int rc = set_trust(x, options, &server_tls, err);

    if (rc == TDREST_OK)
        rc = set_option(x, CURLOPT_SSLCERT, options, TDRI_OPT_TLS_CERT_FILE, err);
    if (rc == TDREST_OK)
        rc = set_option(x, CURLOPT_SSLKEY, options, TDRI_OPT_TLS_KEY_FILE, err);
    /* Without a pass phrase the TLS library would ask for one on the terminal. */
    return rc == TDREST_OK ? set_text(x, CURLOPT_KEYPASSWD, "", NULL, err) : rc;
}

/* A libcurl without TLS knows no https. */
static int set_protocols(tdri_exchange *x, tdrest_error *err)
{
#if LIBCURL_VERSION_NUM >= 0x075500
    const char *protocols = "http,https";

    if (curl_easy_setopt(x->easy, CURLOPT_PROTOCOLS_STR, protocols) == CURLE_UNSUPPORTED_PROTOCOL)
        protocols = "http";
    return set_text(x, CURLOPT_PROTOCOLS_STR, protocols, NULL, err);
#else
    (void)err;
    curl_easy_setopt(x->easy, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
    return TDREST_OK;
#endif
}

/* libcurl learns the login apart from the URL, which it repeats in its messages. NOPROXY empty: the environment's no_proxy does not count. */
static int set_proxy_url(tdri_exchange *x, const tdri_proxy *proxy, tdrest_error *err)
{
    char user[TDRI_PROXY_LOGIN_MAX + 1], password[TDRI_PROXY_LOGIN_MAX + 1], url[TDRI_PROXY_ADDRESS_MAX + 16];
    const char *key = tdrest_options_get_info(TDRI_OPT_PROXY)->key;
    int rc;

    (void)snprintf(url, sizeof url, "%s://%.*s", proxy->scheme, (int)proxy->address_len, proxy->address);
    rc = set_text(x, CURLOPT_PROXY, url, key, err);
    if (rc == TDREST_OK)
        rc = set_text(x, CURLOPT_NOPROXY, "", key, err);
    if (rc != TDREST_OK || proxy->login == NULL)
        return rc;
    (void)tdri_proxy_login(proxy, user, password);
    rc = set_text(x, CURLOPT_PROXYUSERNAME, user, key, err);
    return rc == TDREST_OK ? set_text(x, CURLOPT_PROXYPASSWORD, password, key, err) : rc;
}

/* HEADEROPT: headers are for the server; a proxy that opens a tunnel gets none of them. */
static int set_proxy(tdri_exchange *x, const tdrest_options *options, tdrest_error *err)
{
    const char *text = tdri_opts_text(options, TDRI_OPT_PROXY);
    int tls = (curl_version_info(CURLVERSION_NOW)->features & CURL_VERSION_HTTPS_PROXY) != 0, rc = TDREST_OK;
    tdri_proxy proxy;

    if (strcmp(text, "none") == 0)
        return set_text(x, CURLOPT_PROXY, "", NULL, err);
    curl_easy_setopt(x->easy, CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
    if (strcmp(text, "environment") != 0) {
        (void)tdri_proxy_parse(text, strlen(text), &proxy);
        if (strcmp(proxy.scheme, "https") == 0 && !tls)
            return tdri_err_set(err, TDREST_EOPTION, "proxy: this libcurl does not support https proxies");
        rc = set_proxy_url(x, &proxy, err);
    }
    return rc == TDREST_OK && tls ? set_trust(x, options, &proxy_tls, err) : rc;
}

/*
 * A driven loop has many exchanges, and each has a buffer of that size. All that it becomes when it is inflated, up to 1032 times as much, is kept in memory while a
 * transfer is paused: that is to be in proportion to a block, too.
 */
static long read_bytes(const tdri_exchange *x, const tdrest_options *options)
{
    const int64_t bytes = tdri_opts_int(options, TDRI_OPT_BLOCK_BYTES) / 128;

    if (!tdri_opts_int(options, TDRI_OPT_COMPRESSION) && x->loop->watch == NULL)
        return MOST_READ;
    if (!tdri_opts_int(options, TDRI_OPT_COMPRESSION) || bytes > CURL_MAX_WRITE_SIZE)
        return CURL_MAX_WRITE_SIZE;
    return bytes < LEAST_READ ? LEAST_READ : (long)bytes;
}

/* What stays the same for every exchange. */
static int set_fixed(tdri_exchange *x, const tdrest_options *options, tdrest_error *err)
{
    int rc = set_protocols(x, err);

    curl_easy_setopt(x->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
#if LIBCURL_VERSION_NUM >= 0x074000
    curl_easy_setopt(x->easy, CURLOPT_HTTP09_ALLOWED, 0L); /* libcurl before 7.66 would take a body without headers */
#endif
    curl_easy_setopt(x->easy, CURLOPT_NOSIGNAL, 1L);
#if LIBCURL_VERSION_NUM >= 0x075700
    curl_easy_setopt(x->easy, CURLOPT_QUICK_EXIT, 1L); /* ending a transfer does not wait for a lookup: neither limit nor cancel would hold */
#endif
    curl_easy_setopt(x->easy, CURLOPT_NOPROGRESS, 1L);
    curl_easy_setopt(x->easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L); /* what a proxy says is none of the server's answer */
    curl_easy_setopt(x->easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(x->easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(x->easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(x->easy, CURLOPT_TCP_NODELAY, 1L);
    curl_easy_setopt(x->easy, CURLOPT_BUFFERSIZE, read_bytes(x, options));
    curl_easy_setopt(x->easy, CURLOPT_ERRORBUFFER, x->message);
    curl_easy_setopt(x->easy, CURLOPT_PRIVATE, (char *)x);
    tdri_easy_set_callbacks(x);
    if (rc == TDREST_OK)
        rc = set_proxy(x, options, err);
    return rc == TDREST_OK ? set_tls(x, options, err) : rc;
}

int tdri_easy_make(tdri_exchange *x, tdrest_error *err)
{
    int rc;

    x->easy = curl_easy_init();
    if (x->easy == NULL)
        return tdri_err_set(err, TDREST_ENOMEM, "out of memory for the connection");
    rc = set_fixed(x, x->options, err);
    if (rc != TDREST_OK) {
        curl_easy_cleanup(x->easy);
        x->easy = NULL;
    }
    return rc;
}
