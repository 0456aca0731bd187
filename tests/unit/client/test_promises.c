/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Sentences of the header that no other suite holds to their word, in its order. */
#include "dialed.h"

#define META "{\"code\":0,\"column_meta\":[[\"c\",\"INT\",4],[\"x\",\"VARBINARY\",8],[\"c\",\"DOUBLE\",8],[\"t\",\"TIMESTAMP\",8]],\"data\":["
#define ROW(n) "[" n ",\"0a0" n "\"," n ".5,\"2024-01-0" n "T00:00:00.000Z\"]"
#define ROWS META ROW("1") "," ROW("2") "," ROW("3") "],\"rows\":3,\"timing\":77}"

/* "select broken" ends within its third row. */
static int answer(const tdrt_visit *visit)
{
    if (strcmp(visit->sql, "select rows") == 0)
        return tdrt_send_answer(visit, &(tdrt_answer){.body = ROWS});
    if (strcmp(visit->sql, "select broken") == 0)
        return tdrt_send_answer(visit, &(tdrt_answer){.body = ROWS, .end = TDRT_CLOSED, .cut = sizeof (META ROW("1") "," ROW("2"))});
    if (tdrt_starts(visit, "select three"))
        return tdrt_send_three(visit);
    return tdrt_send_answer(visit, &(tdrt_answer){.body = TDRT_INSERTED});
}

static void begin(void)
{
    conn = tdrt_dial_new(&server, answer, "");
}

/* "or NULL" */
static void nothing(void)
{
    const void *bytes = &server;
    const char *text = NULL;
    size_t len = 7;

    tdrest_stmt_free(NULL);
    tdrest_stmt_reset(NULL);
    tdrest_options_free(NULL);
    tdrest_result_free(NULL);
    CHECK_INT(tdrest_result_column_count(NULL), 0);
    CU_ASSERT(tdrest_result_column(NULL, 0) == NULL && tdrest_block_column(NULL, 0) == NULL && tdrest_stmt_param(NULL, 0) == NULL);
    CHECK_INT(tdrest_result_column_index(NULL, "c"), -1);
    CHECK_INT(tdrest_result_affected(NULL), -1);
    CHECK_INT(tdrest_result_timing(NULL), -1);
    CHECK_INT(tdrest_block_rows(NULL), 0);
    CHECK_INT(tdrest_stmt_param_count(NULL), 0);
    CHECK_INT(tdrest_stmt_param_index(NULL, "c"), -1);
    CHECK_INT(tdrest_stmt_affected(NULL), -1);
    CHECK_INT(tdrest_conn_error(NULL)->code, 0);
    CHECK_INT(tdrest_result_error(NULL)->code, 0);
    CHECK_INT(tdrest_stmt_error(NULL)->code, 0);
    CHECK_INT(tdrest_options_error(NULL)->code, 0);
    CHECK_INT(tdrest_lines_error(NULL)->code, 0);
    CHECK_INT(tdrest_conn_get_written(NULL)->lines, 0);
    CHECK_INT(tdrest_result_text(NULL, 0, &text, &len), TDREST_EUSAGE);
    CU_ASSERT(text != NULL && text[0] == '\0' && len == 0);
    CHECK_INT(tdrest_result_bytes(NULL, 0, &bytes, &len), TDREST_EUSAGE);
    CHECK_INT(len, 0);
    CHECK_INT(tdrest_result_is_null(NULL, 0), 1);
}

/* "Frees an options object. Connections made from it remain valid." "message ... may be NULL" "NULL: http://root:taosdata@localhost:6041" */
static void options_go_first(void)
{
    tdrest_options *options;
    char dsn[128];

    tdrt_dial_serve(&server, answer);
    tdrt_dial_dsn(server.port, "", dsn, sizeof dsn);
    CHECK_INT(tdrest_options_new(NULL, &options), TDREST_OK);
    CHECK_INT(tdrest_options_parse(options, dsn), TDREST_OK);
    CHECK_INT(tdrest_options_set(options, "nosuch", "1"), TDREST_EOPTION);
    CHECK_INT(tdrest_options_error(options)->code, TDREST_EOPTION);
    CHECK_INT(tdrest_conn_new(options, &conn), TDREST_OK);
    CHECK_INT(tdrest_options_error(options)->code, 0);
    tdrest_options_free(options);
    tdrt_dial_three(conn);
    finish();
    CHECK_INT(tdrest_open("nonsense", &conn, NULL, 0), TDREST_EOPTION);
    CU_ASSERT(conn == NULL);
    CHECK_INT(tdrest_open(NULL, &conn, NULL, 0), TDREST_OK);
    tdrest_conn_free(conn);
}

/* "the first one if several have that name" "all texts of a row remain valid together" "known after TDREST_DONE; -1 before" */
static void one_row(void)
{
    const char *c = NULL, *x = NULL, *d = NULL, *t = NULL;
    tdrest_result *res;

    begin();
    res = tdrt_dial_query(conn, "select rows", NULL);
    CHECK_INT(tdrest_result_column_index(res, "c"), 0);
    CHECK_INT(tdrest_result_column_index(res, "t"), 3);
    CHECK_INT(tdrest_result_is_null(res, 0), 1);
    CHECK_INT(tdrest_result_text(res, 0, &c, NULL), TDREST_EUSAGE);
    CHECK_INT(tdrest_result_next(res), TDREST_ROW);
    CU_ASSERT(tdrest_result_text(res, 0, &c, NULL) == TDREST_OK && tdrest_result_text(res, 1, &x, NULL) == TDREST_OK &&
              tdrest_result_text(res, 2, &d, NULL) == TDREST_OK && tdrest_result_text(res, 3, &t, NULL) == TDREST_OK);
    CHECK_TEXT(c, "1");
    CHECK_TEXT(x, "0a01");
    CHECK_TEXT(d, "1.5");
    CHECK_TEXT(t, "2024-01-01T00:00:00.000Z");
    CHECK_INT(tdrest_result_timing(res), tdrest_result_timing(res) == 77 ? 77 : -1);
    while (tdrest_result_next(res) == TDREST_ROW)
        ;
    CHECK_INT(tdrest_result_next(res), TDREST_DONE);
    CHECK_INT(tdrest_result_timing(res), 77);
    CHECK_INT(tdrest_result_is_null(res, 0), 1);
    CHECK_INT(tdrest_result_text(res, 0, &c, NULL), TDREST_EUSAGE);
    tdrest_result_free(res);
    finish();
}

/* "Unless it returns TDREST_OK, the outputs are 0, NULL or """ */
static void neutral_outputs(void)
{
    tdrest_decimal decimal = {1, 1, 1, 1};
    const void *bytes = &server;
    const char *text = NULL;
    tdrest_result *res;
    uint64_t u = 5;
    int64_t i = 5;
    double d = 5;
    size_t len = 5;
    int flag = 5, precision = 5;

    begin();
    res = tdrt_dial_query(conn, "select rows", NULL);
    CHECK_INT(tdrest_result_next(res), TDREST_ROW);
    CU_ASSERT(tdrest_result_bool(res, 0, &flag) == TDREST_ETYPE && flag == 0);
    CU_ASSERT(tdrest_result_int64(res, 2, &i) == TDREST_ETYPE && i == 0);
    CU_ASSERT(tdrest_result_uint64(res, 1, &u) == TDREST_ETYPE && u == 0);
    CU_ASSERT(tdrest_result_double(res, 3, &d) == TDREST_ETYPE && d == 0);
    CU_ASSERT(tdrest_result_time(res, 0, &i, &precision) == TDREST_ETYPE && i == 0 && precision == TDREST_PRECISION_UNKNOWN);
    CU_ASSERT(tdrest_result_bytes(res, 0, &bytes, &len) == TDREST_ETYPE && bytes != &server && len == 0);
    CU_ASSERT(tdrest_result_decimal(res, 0, &decimal) == TDREST_ETYPE && decimal.lo == 0 && decimal.hi == 0 && decimal.scale == 0 && decimal.negative == 0);
    CU_ASSERT(tdrest_result_json(res, 0, &text, &len) == TDREST_ETYPE && text != NULL && text[0] == '\0' && len == 0);
    CU_ASSERT(tdrest_result_text(res, 4, &text, &len) == TDREST_EUSAGE && text != NULL && text[0] == '\0' && len == 0);
    tdrest_result_free(res);
    finish();
}

/* "or an error, which later calls return again" "the rows read so far can still be read, then the error returns" "Skips the rest of a block" */
static void broken(void)
{
    const tdrest_block *block;
    tdrest_result *res;
    int64_t rows = 0;
    int rc;

    begin();
    res = tdrt_dial_query(conn, "select broken", NULL);
    rc = tdrest_result_store(res);
    CU_ASSERT(rc < 0 && tdrest_result_error(res)->code == rc);
    CHECK_INT(tdrt_dial_read(res, &rows), rc);
    CHECK_INT(rows, 2);
    CHECK_INT(tdrest_result_next(res), rc);
    CHECK_INT(tdrest_result_next_block(res, &block), rc);
    CHECK_INT(tdrest_result_store(res), rc);
    CHECK_INT(tdrest_result_error(res)->code, rc);
    tdrest_result_free(res);
    tdrt_dial_three(conn);
    res = tdrt_dial_query(conn, "select rows", NULL);
    CHECK_INT(tdrest_result_store(res), TDREST_OK);
    CHECK_INT(tdrest_result_next(res), TDREST_ROW);
    CHECK_INT(tdrest_result_next_block(res, &block), TDREST_DONE);
    CU_ASSERT(block == NULL);
    tdrest_result_free(res);
    finish();
}

/* "Its open result and its statements are detached: their next call that needs the connection fails with TDREST_EUSAGE. They must still be freed." */
static void detached(void)
{
    tdrest_result *res;
    tdrest_stmt *stmt;
    int64_t affected = 5;

    begin();
    CHECK_INT(tdrest_stmt_new(conn, "insert into t values (?, ?)", TDREST_CSTR, &stmt), TDREST_OK);
    res = tdrt_dial_query(conn, "select rows", NULL);
    tdrest_conn_free(conn);
    conn = NULL;
    CHECK_INT(tdrest_result_next(res), TDREST_EUSAGE);
    CHECK_INT(tdrest_result_error(res)->code, TDREST_EUSAGE);
    CHECK_INT(tdrest_stmt_run(stmt, NULL, &affected), TDREST_EUSAGE);
    CHECK_INT(affected, -1);
    CHECK_INT(tdrest_stmt_error(stmt)->code, TDREST_EUSAGE);
    tdrest_result_free(res);
    tdrest_stmt_free(stmt);
    finish();
}

/* "on an error no table is set" "Does not change values already bound" "an error: nothing was added, everything stays bound" "The description and the precision stay." */
static void statement(void)
{
    tdrest_stmt *stmt;

    begin();
    CHECK_INT(tdrest_stmt_new(conn, "insert into ? values (?, ?)", TDREST_CSTR, &stmt), TDREST_OK);
    CHECK_INT(tdrest_stmt_set_table(stmt, "a", TDREST_CSTR), TDREST_OK);
    CHECK_INT(tdrest_stmt_set_table(stmt, "b.c", TDREST_CSTR), TDREST_EBIND);
    CHECK_INT(tdrest_stmt_bind_time(stmt, 0, 1700000000000, TDREST_MS), TDREST_OK);
    CHECK_INT(tdrest_stmt_set_precision(stmt, TDREST_MS), TDREST_OK);
    CHECK_INT(tdrest_stmt_bind_int64(stmt, tdrest_stmt_param_index(stmt, "nosuch"), 5), TDREST_EUSAGE);
    CHECK_INT(tdrest_stmt_bind_int64(stmt, 1, 5), TDREST_OK);
    CHECK_INT(tdrest_stmt_add_row(stmt), TDREST_EBIND);
    CHECK_INT(tdrest_stmt_set_table(stmt, "a", TDREST_CSTR), TDREST_OK);
    CHECK_INT(tdrest_stmt_add_row(stmt), TDREST_OK);
    CHECK_INT(tdrest_stmt_run(stmt, NULL, NULL), TDREST_OK);
    CHECK_INT(tdrt_server_arrivals(&server, "insert into `a` values ('2023-11-14T22:13:20.000Z', 5)"), 1);
    tdrest_stmt_reset(stmt);
    CHECK_INT(tdrest_stmt_set_table(stmt, "a", TDREST_CSTR), TDREST_OK);
    CHECK_INT(tdrest_stmt_bind_time(stmt, 0, 1700000000000, TDREST_MS), TDREST_OK);
    CHECK_INT(tdrest_stmt_add_row(stmt), TDREST_EBIND);
    CHECK_INT(tdrest_stmt_bind_null(stmt, 1), TDREST_OK);
    CHECK_INT(tdrest_stmt_run(stmt, NULL, NULL), TDREST_OK);
    CHECK_INT(tdrt_server_arrivals(&server, "insert into `a` values (1700000000000, NULL)"), 1);
    tdrest_stmt_free(stmt);
    finish();
}

/* "after a failure the other calls for the line do nothing and return the same error, and the line is dropped" "all 0 ... if the last one rejected its arguments" */
static void lines(void)
{
    tdrest_lines *made;
    size_t len = 5;

    begin();
    CHECK_INT(tdrest_lines_new(NULL, &made), TDREST_OK);
    CHECK_TEXT(tdrest_lines_get_data(made, &len), "");
    CHECK_INT(len, 0);
    CU_ASSERT(tdrest_lines_add_measurement(made, "m") == TDREST_OK && tdrest_lines_add_int64(made, "a", 1) == TDREST_OK && tdrest_lines_end(made) == TDREST_OK);
    CHECK_INT(tdrest_lines_add_measurement(made, "n"), TDREST_OK);
    CHECK_INT(tdrest_lines_add_tag(made, "t", "", 0), TDREST_EBIND);
    CHECK_INT(tdrest_lines_add_int64(made, "a", 1), TDREST_EBIND);
    CHECK_INT(tdrest_lines_add_time(made, 1), TDREST_EBIND);
    CHECK_INT(tdrest_lines_end(made), TDREST_EBIND);
    CHECK_INT(tdrest_lines_error(made)->code, TDREST_EBIND);
    CHECK_INT(tdrest_lines_count(made), 1);
    CHECK_TEXT(tdrest_lines_get_data(made, NULL), "m a=1i64\n");
    CHECK_INT(tdrest_write(conn, TDREST_PROTOCOL_LINE, TDREST_MS, "m a=1\n", TDREST_CSTR, NULL) == TDREST_EUSAGE, 0);
    CHECK_INT(tdrest_write(conn, 7, TDREST_MS, "m a=1\n", TDREST_CSTR, NULL), TDREST_EUSAGE);
    CU_ASSERT(tdrest_conn_get_written(conn)->lines == 0 && tdrest_conn_get_written(conn)->failed_lines == 0 && tdrest_conn_get_written(conn)->unsent_lines == 0);
    tdrest_lines_free(made);
    finish();
}

/* "Its error record is empty." "A connection that is not from this pool is ignored." "made = in_use + idle + the sum of the closed_ members" */
static void pool(void)
{
    tdrest_pool_counts n = TDREST_POOL_COUNTS_INIT;
    tdrest_conn *own, *other;
    tdrest_pool *a, *b;

    tdrt_dial_serve(&server, answer);
    a = tdrt_dial_pool(&server, "?pool_max=1");
    b = tdrt_dial_pool(&server, "");
    conn = tdrt_dial(&server, "");
    CHECK_INT(tdrest_pool_get(a, 0, NULL, &own), TDREST_OK);
    CHECK_INT(tdrest_pool_get(b, 0, NULL, &other), TDREST_OK);
    tdrest_pool_put(a, conn);
    tdrest_pool_put(a, other);
    tdrt_dial_three(conn);
    tdrt_dial_three(other);
    CHECK_INT(tdrest_exec(own, "select 'open", TDREST_CSTR, NULL, NULL), TDREST_EUSAGE);
    tdrest_pool_put(a, own);
    CHECK_INT(tdrest_pool_get(a, 0, NULL, &own), TDREST_OK);
    CHECK_INT(tdrest_conn_error(own)->code, 0);
    tdrest_conn_free(own);
    CHECK_INT(tdrest_pool_stats(a, &n), TDREST_OK);
    CHECK_INT(n.made, n.in_use + n.idle + n.closed_failed + n.closed_stale + n.closed_idle + n.closed_lifetime + n.closed_freed);
    CHECK_INT(n.closed_freed, 1);
    tdrest_pool_put(b, other);
    tdrest_pool_free(a);
    tdrest_pool_free(b);
    finish();
}

/* "cap is too small; out then holds "", and needed is set" "of the request, as in the server's logs; 0 if no request was made" */
static void small_rooms(void)
{
    char out[4] = "xyz", version[1] = {5};
    tdrest_call call = TDREST_CALL_INIT;
    tdrest_result *res;
    size_t n = 0;

    CHECK_INT(tdrest_quote_literal("it's", TDREST_CSTR, out, sizeof out, &n), TDREST_ERANGE);
    CU_ASSERT(out[0] == '\0' && n == strlen("'it\\'s'"));
    CHECK_INT(tdrest_quote_ident("abc", TDREST_CSTR, NULL, 0, &n), TDREST_ERANGE);
    CHECK_INT(n, 5);
    CHECK_INT(tdrest_double_format(0.25, out, sizeof out, &n), TDREST_ERANGE);
    CU_ASSERT(out[0] == '\0' && n == 4);
    begin();
    call.req_id = 4711;
    CHECK_INT(tdrest_query(conn, "select broken", TDREST_CSTR, &call, &res), TDREST_OK);
    while (tdrest_result_next(res) == TDREST_ROW)
        ;
    CU_ASSERT(tdrest_result_error(res)->req_id == 4711 && tdrest_result_error(res)->attempts == 1 && tdrest_result_error(res)->size == sizeof(tdrest_error));
    tdrest_result_free(res);
    CHECK_INT(tdrest_exec(conn, "", TDREST_CSTR, NULL, NULL), TDREST_EUSAGE);
    CU_ASSERT(tdrest_conn_error(conn)->req_id == 0 && tdrest_conn_error(conn)->attempts == 0);
    CHECK_INT(tdrest_conn_query_version(conn, NULL, version, sizeof version), TDREST_ERANGE);
    CHECK_TEXT(version, "");
    finish();
}

CU_TestInfo tdrt_promises[] = {
    {"or NULL", nothing},
    {"options that are freed", options_go_first},
    {"the texts of a row", one_row},
    {"outputs of a getter that fails", neutral_outputs},
    {"a result that broke", broken},
    {"results and statements without their connection", detached},
    {"a statement after errors", statement},
    {"lines after errors", lines},
    {"a pool and connections of others", pool},
    {"small rooms, the record's numbers", small_rooms},
    CU_TEST_INFO_NULL,
};
