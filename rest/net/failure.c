/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What is recorded of an exchange that failed: how far it got, judged by bytes, and why. */
#include "config/proxy.h"
#include "net/curl_error.h"
#include "net/curl_net.h"

#include <stdio.h>
#include <string.h>

/*
 * Whether the request may have been written, in part at least. Before 7.80 libcurl tells it by CURLINFO_PRETRANSFER_TIME, which newer versions
 * set after a connect that failed, too. (CURLINFO_REQUEST_SIZE will not do: 8.7 has 0 there after an answer that was broken off.)
 */
static int may_have_departed(const tdri_exchange *x)
{
    double connected = 0;

    if (x->tells_departure || x->sent > 0)
        return x->departed || x->sent > 0;
    curl_easy_getinfo(x->easy, CURLINFO_PRETRANSFER_TIME, &connected);
    return connected > 0;
}

/* How far the exchange got. Where that is not certain, as far as it may have got: the judge goes by it. */
static int phase(const tdri_exchange *x)
{
    if (x->answered)
        return TDREST_PHASE_READ;
    if (tdri_body_may_be_out(x))
        return TDREST_PHASE_WAIT;
    if (!may_have_departed(x))
        return TDREST_PHASE_CONNECT;
    return x->request->body_len == 0 ? TDREST_PHASE_WAIT : TDREST_PHASE_SEND;
}

/* What is likely when scheme and server do not go together: libcurl's own text does not say. Who has spoken HTTP before does not want TLS. */
static const char *hint(const tdri_exchange *x, CURLcode curl_code)
{
    if (curl_code == CURLE_GOT_NOTHING && !x->speaks_http && strncmp(tdri_buf_text(&x->url), "http:", 5) == 0)
        return "; if the server speaks TLS, use https://";
    if (curl_code == CURLE_SSL_CONNECT_ERROR && strstr(x->message, "wrong version number") != NULL) /* OpenSSL about plain text */
        return "; if the server does not speak TLS, use http://";
    return curl_code == CURLE_BAD_CONTENT_ENCODING ? "; the answer has Content-Encoding: " : "";
}

int tdri_exchange_fail(tdri_exchange *x, int code, CURLcode curl_code, const char *what, tdrest_error *err)
{
    int where = phase(x);
    int rc = tdri_err_set(err, code, "%s%s%s", what, hint(x, curl_code), curl_code == CURLE_BAD_CONTENT_ENCODING ? x->encoding : "");

    err->phase = where;
    err->curl_code = (int)curl_code;
    tdri_exchange_throw_away(x);
    return rc;
}

/*
 * An https server's answer comes through a tunnel, and nobody can tell whether there was one with proxy=environment. A SOCKS proxy answers nothing
 * in HTTP.
 */
void tdri_exchange_note_answerer(tdri_exchange *x, int is_tunnel)
{
    const char *text = tdri_opts_text(x->options, TDRI_OPT_PROXY);
    char *address = NULL;
    tdri_proxy proxy;
    long port = 0;

    x->answerer[0] = '\0';
    if (!is_tunnel && strncmp(tdri_buf_text(&x->url), "http:", 5) != 0)
        return;
    if (tdri_proxy_parse(text, strlen(text), &proxy)) {
        if (is_tunnel || strcmp(proxy.scheme, "socks5h") != 0)
            (void)snprintf(x->answerer, sizeof x->answerer, "%.*s", (int)proxy.address_len, proxy.address);
    } else if (curl_easy_getinfo(x->easy, CURLINFO_PRIMARY_IP, &address) == CURLE_OK && address != NULL && address[0] != '\0' &&
               curl_easy_getinfo(x->easy, CURLINFO_PRIMARY_PORT, &port) == CURLE_OK) {
        (void)snprintf(x->answerer, sizeof x->answerer, strchr(address, ':') == NULL ? "%s:%ld" : "[%s]:%ld", address, port);
    }
}

/* A proxy that does not open a tunnel. Its answer is none of the server's: nothing was sent. */
static int fail_tunnel(tdri_exchange *x, CURLcode curl_code, int status, tdrest_error *err)
{
    char text[sizeof TDRI_PROXY_WANTS_LOGIN + TDRI_PROXY_ADDRESS_MAX];
    int rc;

    tdri_exchange_note_answerer(x, 1);
    (void)snprintf(text, sizeof text, status == 407 || status == 401 ? TDRI_PROXY_WANTS_LOGIN : "the proxy%s%s refused to connect (HTTP status %d)",
                   x->answerer[0] == '\0' ? "" : " ", x->answerer, status);
    rc = tdri_exchange_fail(x, TDREST_EGATEWAY, curl_code, text, err);
    err->http_status = status;
    return rc;
}

int tdri_exchange_fail_curl(tdri_exchange *x, CURLcode curl_code, tdrest_error *err)
{
    const char *text = x->message[0] != '\0' ? x->message : curl_easy_strerror(curl_code);
    long tunnel = 0;

    if (!x->answered && curl_easy_getinfo(x->easy, CURLINFO_HTTP_CONNECTCODE, &tunnel) == CURLE_OK && tunnel >= 300)
        return fail_tunnel(x, curl_code, (int)tunnel, err);
    if (curl_code == CURLE_WRITE_ERROR && x->header_bytes > TDRI_HEADERS_MAX) {
        text = "the headers of the answer are too long";
    } else if (curl_code == CURLE_WRITE_ERROR && !x->answered) { /* see on_write */
        curl_code = CURLE_WEIRD_SERVER_REPLY;
        text = "the answer has no HTTP status line";
    }
    if (curl_code == CURLE_NOT_BUILT_IN && tdri_opts_text(x->options, TDRI_OPT_TLS_MIN_VERSION) != NULL)
        text = "tls_min_version: the TLS library of this libcurl does not support it";
    if (curl_code == CURLE_SEND_FAIL_REWIND || (x->sent > 0 && (curl_code == CURLE_COULDNT_CONNECT || curl_code == CURLE_ABORTED_BY_CALLBACK)))
        text = "the kept-alive connection was lost; the request was not sent again";
    return tdri_exchange_fail(x, tdri_curl_error((int)curl_code), curl_code, text, err);
}
