/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A database that was asked for with capitals and sent in lower case: when it is not there, the message says so, whatever the request was. */
#include "dial.h"

static tdrt_server server;
static tdrest_conn *conn;

/* Statements say what is answered: a code, and its text. */
static int answer(const tdrt_visit *visit)
{
    const char *text = strchr(visit->sql, '\'');
    char body[200];

    if (tdrt_starts(visit, "m f=1"))
        return tdrt_send_answer(visit, &(tdrt_answer){.status = 500, .body = "{\"code\":\"internal error\",\"message\":\"[0x388] Database not exist\"}"});
    if (text == NULL || (text = strchr(text, ':')) == NULL)
        return tdrt_send_answer(visit, &(tdrt_answer){.body = TDRT_INSERTED});
    snprintf(body, sizeof body, "{\"code\":%ld,\"desc\":\"%.*s\",\"timing\":1}", strtol(strchr(visit->sql, '\'') + 1, NULL, 16),
             (int)strcspn(text + 1, "'"), text + 1);
    return tdrt_send_answer(visit, &(tdrt_answer){.body = body});
}

static void messages(void)
{
    static const struct { const char *database, *sql, *message; } cases[] = {
        {"Upper", "select '2616:Database not specified'", "Database not specified (the database Upper was sent in lower case; capitals need backquotes: `Upper`)"},
        {"uPPer", "insert '200:db is not specified'", "db is not specified (the database uPPer was sent in lower case; capitals need backquotes: `uPPer`)"},
        {"Upper", "select '388:Database not exist'", "Database not exist (the database Upper was sent in lower case; capitals need backquotes: `Upper`)"},
        {"Upper", "use '217:Database not specified or available'", "Database not specified or available (the database Upper was sent in lower case; capitals need backquotes: `Upper`)"},
        /* sent as it was asked for, or another failure */
        {"upper", "select '2616:Database not specified'", "Database not specified"},
        {"`Upper`", "select '2616:Database not specified'", "Database not specified"},
        {"Upper", "insert '200:tbname is too long'", "tbname is too long"},
        {"Upper", "select '2603:Table does not exist'", "Table does not exist"},
        {NULL, "select '2616:Database not specified'", "Database not specified"},
    };

    conn = tdrt_dial_new(&server, answer, "");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        tdrest_call call = TDREST_CALL_INIT;

        call.database = cases[i].database;
        CHECK_INT(tdrest_exec(conn, cases[i].sql, TDREST_CSTR, &call, NULL), TDREST_ESERVER);
        CHECK_TEXT(tdrest_conn_error(conn)->message, cases[i].message);
    }
    tdrest_conn_free(conn);
    tdrt_server_stop(&server);
}

/* Schemaless data, and statements with parameters; the option as well as the call. */
static void other_requests(void)
{
    static const char hint[] = "Database not exist (the database Upper was sent in lower case; capitals need backquotes: `Upper`)";
    tdrest_options *options = NULL;
    tdrest_stmt *stmt = NULL;
    char port[16];

    conn = tdrt_dial_new(&server, answer, "");
    tdrest_conn_free(conn);
    CHECK_INT(tdrest_options_new(NULL, &options), TDREST_OK);
    snprintf(port, sizeof port, "%d", server.port);
    CHECK_INT(tdrest_options_set(options, "host", "127.0.0.1"), TDREST_OK);
    CHECK_INT(tdrest_options_set(options, "port", port), TDREST_OK);
    CHECK_INT(tdrest_options_set(options, "database", "Upper"), TDREST_OK);
    CHECK_INT(tdrest_conn_new(options, &conn), TDREST_OK);
    CHECK_INT(tdrest_write(conn, TDREST_PROTOCOL_LINE, TDREST_NS, "m f=1", TDREST_CSTR, NULL), TDREST_ESERVER);
    CHECK_TEXT(tdrest_conn_error(conn)->message, hint);
    CHECK_INT(tdrest_stmt_new(conn, "INSERT INTO t VALUES(1,?)", TDREST_CSTR, &stmt), TDREST_OK);
    CHECK_INT(tdrest_stmt_bind_text(stmt, 0, "388:Database not exist", TDREST_CSTR), TDREST_OK);
    CHECK_INT(tdrest_stmt_run(stmt, NULL, NULL), TDREST_ESERVER);
    CHECK_TEXT(tdrest_stmt_error(stmt)->message, hint);
    tdrest_stmt_free(stmt);
    tdrest_conn_free(conn);
    tdrest_options_free(options);
    tdrt_server_stop(&server);
}

CU_TestInfo tdrt_database[] = {
    {"messages", messages},
    {"other requests", other_requests},
    CU_TEST_INFO_NULL,
};
