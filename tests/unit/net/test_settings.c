/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What libcurl is told before the first exchange, and other versions and builds of it than the one at hand: settings that fail must not leave its defaults. */
#include "dial.h"

#include "curl_hook.h"

static tdrt_server server;

/* ---- settings that are refused ---- */

#define TLS "?tls_ca_file=/a.pem&tls_cert_file=/c.pem&tls_key_file=/k.pem"

#define PROXY "?proxy=https://u:s3cr3t%40p:1"

typedef struct refusal {
    const char *dsn;
    CURLoption option;
    CURLcode answer;
    int code; /* of tdrest_open */
    const char *message;
} refusal;

static const refusal refusals[] = {
    /* Only where memory is out something else than what was asked for would be done. */
    {"http://h", CURLOPT_PROXY, CURLE_OUT_OF_MEMORY, TDREST_ENOMEM, "out of memory"},
    {"http://h", CURLOPT_PROXY, CURLE_UNKNOWN_OPTION, TDREST_OK, ""},
    {"http://h", CURLOPT_KEYPASSWD, CURLE_OUT_OF_MEMORY, TDREST_ENOMEM, "out of memory"},
    {"http://h", CURLOPT_KEYPASSWD, CURLE_NOT_BUILT_IN, TDREST_OK, ""},
    {"http://h", CURLOPT_KEYPASSWD, CURLE_UNKNOWN_OPTION, TDREST_OK, ""},
    {"http://h", CURLOPT_KEYPASSWD, CURLE_BAD_FUNCTION_ARGUMENT, TDREST_ECONNECT, "setting"},
#if LIBCURL_VERSION_NUM >= 0x075500
    {"http://h", CURLOPT_PROTOCOLS_STR, CURLE_OUT_OF_MEMORY, TDREST_ENOMEM, "out of memory"},
    {"http://h", CURLOPT_PROTOCOLS_STR, CURLE_UNKNOWN_OPTION, TDREST_OK, ""},
#endif
#if LIBCURL_VERSION_NUM >= 0x074000
    {"http://h", CURLOPT_HTTP09_ALLOWED, CURLE_UNKNOWN_OPTION, TDREST_OK, ""},
#endif
#if LIBCURL_VERSION_NUM >= 0x075000
    {"http://h", CURLOPT_PREREQFUNCTION, CURLE_UNKNOWN_OPTION, TDREST_OK, ""},
#endif
    {"https://h" TLS, CURLOPT_CAPATH, CURLE_NOT_BUILT_IN, TDREST_OK, ""},
    {"https://h" TLS, CURLOPT_CAPATH, CURLE_UNKNOWN_OPTION, TDREST_OK, ""},
    {"https://h" TLS, CURLOPT_CAPATH, CURLE_OUT_OF_MEMORY, TDREST_ENOMEM, "out of memory"},
    {"https://h" TLS, CURLOPT_CAINFO, CURLE_OUT_OF_MEMORY, TDREST_ENOMEM, "out of memory"},
    {"https://h" TLS, CURLOPT_CAINFO, CURLE_NOT_BUILT_IN, TDREST_EOPTION, "tls_ca_file: this libcurl"},
    {"https://h" TLS, CURLOPT_CAINFO, CURLE_UNKNOWN_OPTION, TDREST_EOPTION, "tls_ca_file: this libcurl"},
    {"https://h" TLS, CURLOPT_CAINFO, CURLE_BAD_FUNCTION_ARGUMENT, TDREST_EOPTION, "tls_ca_file: "},
    {"https://h" TLS, CURLOPT_SSLCERT, CURLE_OUT_OF_MEMORY, TDREST_ENOMEM, "out of memory"},
    {"https://h" TLS, CURLOPT_SSLCERT, CURLE_UNKNOWN_OPTION, TDREST_EOPTION, "tls_cert_file: this libcurl"},
    {"https://h" TLS, CURLOPT_SSLKEY, CURLE_OUT_OF_MEMORY, TDREST_ENOMEM, "out of memory"},
    {"https://h" TLS, CURLOPT_SSLKEY, CURLE_NOT_BUILT_IN, TDREST_EOPTION, "tls_key_file: this libcurl"},
    {"https://h", CURLOPT_CAINFO, CURLE_NOT_BUILT_IN, TDREST_OK, ""},
    {"https://h?tls_min_version=1.3", CURLOPT_SSLVERSION, CURLE_NOT_BUILT_IN, TDREST_EOPTION, "tls_min_version: this libcurl"},
    {"https://h?tls_min_version=1.2", CURLOPT_SSLVERSION, CURLE_UNKNOWN_OPTION, TDREST_EOPTION, "tls_min_version: this libcurl"},
    {"https://h", CURLOPT_SSLVERSION, CURLE_UNKNOWN_OPTION, TDREST_OK, ""},
    {"http://h" PROXY, CURLOPT_PROXY, CURLE_UNKNOWN_OPTION, TDREST_EOPTION, "proxy: this libcurl"},
    {"http://h" PROXY, CURLOPT_PROXY, CURLE_OUT_OF_MEMORY, TDREST_ENOMEM, "out of memory"},
    {"http://h" PROXY, CURLOPT_NOPROXY, CURLE_UNKNOWN_OPTION, TDREST_EOPTION, "proxy: this libcurl"},
    {"http://h" PROXY, CURLOPT_NOPROXY, CURLE_OUT_OF_MEMORY, TDREST_ENOMEM, "out of memory"},
    {"http://h" PROXY, CURLOPT_PROXYUSERNAME, CURLE_OUT_OF_MEMORY, TDREST_ENOMEM, "out of memory"},
    {"http://h" PROXY, CURLOPT_PROXYPASSWORD, CURLE_OUT_OF_MEMORY, TDREST_ENOMEM, "out of memory"},
    {"http://h" PROXY "&tls_ca_file=/a.pem", CURLOPT_PROXY_CAINFO, CURLE_OUT_OF_MEMORY, TDREST_ENOMEM, "out of memory"},
    {"http://h" PROXY "&tls_ca_file=/a.pem", CURLOPT_PROXY_CAINFO, CURLE_NOT_BUILT_IN, TDREST_EOPTION, "tls_ca_file: this libcurl"},
    {"http://h" PROXY "&tls_ca_file=/a.pem", CURLOPT_PROXY_CAPATH, CURLE_OUT_OF_MEMORY, TDREST_ENOMEM, "out of memory"},
    {"http://h?proxy=environment&tls_ca_file=/a.pem", CURLOPT_PROXY_CAINFO, CURLE_NOT_BUILT_IN, TDREST_EOPTION, "tls_ca_file: this libcurl"},
    {"http://h?tls_ca_file=/a.pem", CURLOPT_PROXY_CAINFO, CURLE_NOT_BUILT_IN, TDREST_OK, ""},
    {"http://h" PROXY "&tls_min_version=1.3", CURLOPT_PROXY_SSLVERSION, CURLE_NOT_BUILT_IN, TDREST_EOPTION, "tls_min_version: this libcurl"},
    {"https://h", CURLOPT_CAPATH, CURLE_OUT_OF_MEMORY, TDREST_OK, ""},
};

static void refused(void)
{
    for (size_t i = 0; i < COUNT_OF(refusals); i++) {
        const refusal *r = &refusals[i];
        tdrest_conn *conn;
        char why[512];
        int rc;

        tdrt_curl.refused = r->option;
        tdrt_curl.refusal = r->answer;
        rc = tdrest_open(r->dsn, &conn, why, sizeof why);
        CHECK(rc == r->code && (conn != NULL) == (rc == TDREST_OK) && strstr(rc == TDREST_OK ? "" : why, r->message) != NULL,
              "%s, setting %d answered %d: %s: %s", r->dsn, (int)r->option, (int)r->answer, tdrest_code_name(rc), why);
        tdrt_curl.refusal = CURLE_OK;
        tdrest_conn_free(conn);
    }
}

static void builds_without(void)
{
    tdrest_conn *conn;
    tdrest_error err;
    char why[512];
    int64_t rows;

    tdrt_curl.no_https_proxy = 1;
    CHECK_INT(tdrest_open("http://h" PROXY, &conn, why, sizeof why), TDREST_EOPTION);
    CHECK_TEXT(why, "proxy: this libcurl does not support https proxies");
    CHECK_INT(tdrest_open("http://h?proxy=http://p:1&tls_ca_file=/a.pem", &conn, why, sizeof why), TDREST_OK);
    tdrest_conn_free(conn);
    tdrt_curl.no_https_proxy = 0;
    tdrt_curl.result = CURLE_NOT_BUILT_IN;
    CHECK_INT(tdrest_open("https://127.0.0.1:1?tls_min_version=1.3", &conn, why, sizeof why), TDREST_OK);
    CHECK_INT(tdrt_dial_ask(conn, "select 1", NULL, &rows, &err), TDREST_EOPTION);
    CHECK_TEXT(err.message, "tls_min_version: the TLS library of this libcurl does not support it");
    tdrt_curl.result = CURLE_OK;
    tdrest_conn_free(conn);
}

/* With a file of authorities the directory that libcurl was built with is not looked into; without, it is. */
static void authorities(void)
{
    static const char *const dsns[] = {"https://h", "https://h?tls_ca_file=/a.pem"};

    for (int i = 0; i < 2; i++) {
        tdrest_conn *conn;
        char why[512];

        tdrt_curl.no_ca_path = 0;
        CHECK_INT(tdrest_open(dsns[i], &conn, why, sizeof why), TDREST_OK);
        CHECK_INT(tdrt_curl.no_ca_path, i);
        tdrest_conn_free(conn);
    }
}

static int answer_three(const tdrt_visit *visit)
{
    return tdrt_send_three(visit);
}

/* Of the request's own settings: gzip that is asked for and not decoded would be unreadable. */
static void out_of_memory_for_a_request(void)
{
    static const CURLoption options[] = {CURLOPT_URL, CURLOPT_ACCEPT_ENCODING};

    for (size_t i = 0; i < COUNT_OF(options); i++) {
        tdrest_conn *conn = tdrt_dial_new(&server, answer_three, "?compression=true");
        tdrest_error err;
        int64_t rows;

        tdrt_curl.refused = options[i];
        tdrt_curl.refusal = CURLE_OUT_OF_MEMORY;
        CHECK_INT(tdrt_dial_ask(conn, "select three", NULL, &rows, &err), TDREST_ENOMEM);
        tdrt_curl.refusal = CURLE_OK;
        tdrt_dial_three(conn);
        tdrest_conn_free(conn);
        tdrt_server_stop(&server);
    }
}

/* ---- what is told late ---- */

enum { ROWS = 60000 };

/* More rows than a block holds, so that the transfer is paused. */
static int answer_many(const tdrt_visit *visit)
{
    static char body[ROWS * 4 + 128];
    size_t len;

    if (tdrt_starts(visit, "select three"))
        return tdrt_send_three(visit);
    len = (size_t)snprintf(body, sizeof body, "%s[1]", TDRT_START);
    for (int i = 1; i < ROWS; i++, len += 4)
        memcpy(body + len, ",[1]", 4);
    len += (size_t)snprintf(body + len, sizeof body - len, "],\"rows\":%d}", ROWS);
    return tdrt_send_answer(visit, &(tdrt_answer){.body = body, .len = len});
}

/* Damage that libcurl tells when it is to go on ends the answer, whatever comes behind it. */
static void damage_told_when_resumed(void)
{
    static const struct { CURLcode answer; int code; } cases[] = {
        {CURLE_BAD_CONTENT_ENCODING, TDREST_EANSWER}, {CURLE_OUT_OF_MEMORY, TDREST_ENOMEM}, {CURLE_RECV_ERROR, TDREST_ECONNECT},
        {CURLE_BAD_FUNCTION_ARGUMENT, TDREST_ECONNECT},
    };
    tdrest_conn *conn = tdrt_dial_new(&server, answer_many, "?block_bytes=4096");

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        tdrest_error err;
        int64_t rows;
        int rc;

        tdrt_curl.resumes = 0;
        tdrt_curl.resumed = cases[i].answer;
        rc = tdrt_dial_ask(conn, "select many", NULL, &rows, &err);
        CHECK(rc == cases[i].code && err.code == rc && rows > 0 && rows < ROWS && tdrt_curl.resumes == 1 && err.phase == TDREST_PHASE_READ,
              "%d: %s after %" PRId64 " rows, %d times on: %s", (int)cases[i].answer, tdrest_code_name(rc), rows, tdrt_curl.resumes, err.message);
        tdrt_curl.resumed = CURLE_OK;
        tdrt_dial_three(conn);
    }
    tdrest_conn_free(conn);
    tdrt_server_stop(&server);
}

/* ---- HTTP/0.9 ---- */

static int answer_without_status(const tdrt_visit *visit)
{
    if (tdrt_starts(visit, "select three"))
        return tdrt_send_three(visit);
    (void)tdrt_send(visit, strstr(visit->sql, "rows") != NULL ? TDRT_THREE : "SSH-2.0-OpenSSH_9.2p1\r\n", 0);
    return 0;
}

/* A libcurl that takes bodies without a status line: they are refused all the same, with what may have run told. */
static void http09(void)
{
    static const char *const statements[] = {"select rows", "select ssh", "insert rows"};
    tdrest_conn *conn;

    for (int old = 0; old < 2; old++) {
        tdrt_curl.takes_http09 = old;
        conn = tdrt_dial_new(&server, answer_without_status, "");
        for (size_t i = 0; i < COUNT_OF(statements); i++) {
            tdrest_error err;
            int64_t rows;
            int rc = tdrt_dial_ask(conn, statements[i], NULL, &rows, &err);

            CHECK(rc == TDREST_ENOTADAPTER && rows == 0 && err.repeat == TDREST_REPEAT_NO && err.http_status == 0, "%s: %s, repeat %d: %s",
                  statements[i], tdrest_code_name(rc), err.repeat, err.message);
            CHECK(!old || strstr(err.message, "status line") != NULL, "%s: %s", statements[i], err.message);
            tdrt_dial_three(conn);
        }
        tdrest_conn_free(conn);
        tdrt_server_stop(&server);
    }
    tdrt_curl.takes_http09 = 0;
}

CU_TestInfo tdrt_settings[] = {
    {"refused", refused},
    {"builds without", builds_without},
    {"authorities", authorities},
    {"out of memory for a request", out_of_memory_for_a_request},
    {"damage told when resumed", damage_told_when_resumed},
    {"HTTP/0.9", http09},
    CU_TEST_INFO_NULL,
};
