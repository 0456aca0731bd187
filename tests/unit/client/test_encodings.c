/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Answers with a Content-Encoding: not asked for, not known, damaged. Each is named, or does not matter. */
#include "dial.h"

typedef struct encoding_case {
    const char *parameters, *fields, *body;
    int status, code;
    const char *message;
} encoding_case;

#define ENCODED(name) TDRT_JSON "Content-Encoding: " name "\r\n"
#define GZIP "\x1f\x8b\x08\xff\xff"

static const encoding_case encodings[] = {
    /* Not asked for: named, whatever the body begins with, with the way out where there is one. */
    {"", ENCODED("gzip"), GZIP, 200, TDREST_EANSWER, "Content-Encoding: gzip, which was not asked for; with compression=true"},
    {"", ENCODED("GZIP"), GZIP, 500, TDREST_EANSWER, "Content-Encoding: GZIP, which was not asked for; with compression=true"},
    {"", ENCODED("br"), "\x1b\x03", 200, TDREST_EANSWER, "Content-Encoding: br, which was not asked for (HTTP status 200)"},
    {"", ENCODED("zstd"), "{\xb5/\xfd", 200, TDREST_EANSWER, "Content-Encoding: zstd, which"},
    {"", ENCODED("gzip, br "), " \x01", 404, TDREST_EANSWER, "Content-Encoding: gzip, br, which"},
    {"", "content-encoding:x-a-very-long-name-of-something-new\r\n", "?", 200, TDREST_EANSWER, "x-a-very-long-name-of-something, which"},
    {"", ENCODED("g\x01"), "?", 200, TDREST_EANSWER, "Content-Encoding: g, which"},
    /* A status that says enough, and bodies that can be read, say more. */
    {"", ENCODED("gzip"), GZIP, 502, TDREST_EGATEWAY, "proxy"},
    {"", ENCODED("identity"), TDRT_THREE, 200, TDREST_DONE, ""},
    {"", ENCODED("gzip"), TDRT_THREE, 200, TDREST_DONE, ""},
    {"", ENCODED("br"), "{\"code\":9728,\"desc\":\"syntax error near\"}", 200, TDREST_ESERVER, "syntax error"},
    {"", ENCODED("identity"), "?", 200, TDREST_EANSWER, "truncated or not JSON"},
    {"", ENCODED(""), "?", 200, TDREST_EANSWER, "truncated or not JSON"},
    /* Asked for: damage, and what libcurl does not know. */
    {"?compression=true", ENCODED("rot13"), "?", 200, TDREST_EANSWER, "Content-Encoding: rot13"},
    {"?compression=true", ENCODED("gzip"), GZIP "more than a header", 200, TDREST_EANSWER, "Content-Encoding: gzip"},
    {"?compression=true", TDRT_JSON, TDRT_THREE, 200, TDREST_DONE, ""},
};

static int answer_encoded(const tdrt_visit *visit)
{
    unsigned i;

    if (sscanf(visit->sql, "select encoded %u", &i) != 1 || i >= COUNT_OF(encodings))
        return tdrt_send_three(visit);
    return tdrt_send_answer(visit, &(tdrt_answer){.status = encodings[i].status, .fields = encodings[i].fields, .body = encodings[i].body});
}

static void encodings_of_answers(void)
{
    for (size_t i = 0; i < COUNT_OF(encodings); i++) {
        const encoding_case *e = &encodings[i];
        char sql[64];
        tdrt_server server;
        tdrest_conn *conn;
        tdrest_error err;
        int64_t rows;
        int rc;

        conn = tdrt_dial_new(&server, answer_encoded, e->parameters);
        snprintf(sql, sizeof sql, "select encoded %zu", i);
        rc = tdrt_dial_ask(conn, sql, NULL, &rows, &err);
        CHECK(rc == e->code && (rc > 0 || (err.http_status == e->status && strstr(err.message, e->message) != NULL)), "%s%s, HTTP %d: %s after %" PRId64
              " rows: %s", e->parameters, e->fields, e->status, tdrest_code_name(rc), rows, err.message);
        tdrt_dial_three(conn);
        tdrest_conn_free(conn);
        tdrt_server_stop(&server);
    }
}

CU_TestInfo tdrt_encodings[] = {
    {"of answers", encodings_of_answers},
    CU_TEST_INFO_NULL,
};
