/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Out of memory at every allocation of a scenario, once and for good: it ends
 * in TDREST_ENOMEM or in the right answer, never in a wrong one, and nothing is left behind.
 */
#include "test.h"

#include "config/options.h"

#include "dump.h"
#include "memory.h"
#include "oom.h"
#include "recording.h"
#include "serve.h"

static const char answer[] =
    "{\"code\":0,\"column_meta\":[[\"ts\",\"TIMESTAMP\",8],[\"v\",\"VARCHAR\",20],[\"x\",\"VARBINARY\",20]],\"data\":["
    "[\"2024-01-01T00:00:00.000Z\",\"a\\nb\",\"00ff\"],[\"2024-01-01T00:00:01.000Z\",null,\"01\"]],\"rows\":2}";

static const tdrt_reply replies[] = {
    {"{\"v\"", 204, NULL, "", 0, -1, 0},
    {"m,t=a f=", 204, NULL, "", 0, -1, 0},
    {"m bad=", 500, "application/json", "{\"code\":\"internal error\",\"message\":\"[0x3002] bad\"}", 0, -1, 0},
    {"rows", 200, "application/json", answer, 16, -1, 0},
    {"DESCRIBE", 200, "application/json", "{\"code\":0,\"column_meta\":[[\"field\",\"VARCHAR\",64],[\"type\",\"VARCHAR\",20],[\"length\",\"INT\",4],"
     "[\"note\",\"VARCHAR\",16]],\"data\":[[\"ts\",\"TIMESTAMP\",8,\"\"],[\"v\",\"VARCHAR\",6000,\"\"],[\"g\",\"INT\",4,\"TAG\"]],\"rows\":3}", 0, -1, 0},
    {"ins_databases", 200, "application/json", "{\"code\":0,\"column_meta\":[[\"precision\",\"VARCHAR\",2]],\"data\":[[\"ms\"]],\"rows\":1}", 0, -1, 0},
    {"INSERT", 200, "application/json", "{\"code\":0,\"column_meta\":[[\"affected_rows\",\"INT\",4]],\"data\":[[10]],\"rows\":1}", 0, -1, 0},
    {"refused", 200, "application/json", "{\"code\":9731,\"desc\":\"Table does not exist\",\"timing\":1}", 0, -1, 0},
};

/* An answer of several blocks, made by make_many. */
enum { MANY = 400 };
static char many[MANY * 40];
static tdrt_reply many_reply = {"many", 200, "application/json", many, 1000, -1, 0};

static int port;

static int options_text(void)
{
    tdrest_options *options = NULL, *copy = NULL;
    char text[256];
    int rc = tdrest_options_new(&tdrt_memory, &options);

    if (rc == TDREST_OK)
        rc = tdrest_options_parse(options, "https://me:secret@[::1]:6042,b:7/Db?timezone=Asia/Shanghai&tls_ca_file=/x%20y&app=a");
    if (rc == TDREST_OK)
        rc = tdrest_options_set(options, "user", "you");
    if (rc == TDREST_OK)
        rc = tdrest_options_from_env(options);
    if (rc == TDREST_OK)
        rc = tdrest_options_format(options, text, sizeof text, NULL);
    if (rc == TDREST_OK && strstr(text, "you:***@[::1]:6042") == NULL)
        rc = 1;
    if (rc == TDREST_OK)
        rc = tdrest_options_add_header(options, "X-Key", "k");
    if (rc == TDREST_OK)
        rc = tdrest_options_add_header(options, "X-More", "m");
    if (rc == TDREST_OK)
        rc = tdri_opts_copy(options, &copy);
    tdrest_options_free(copy);
    tdrest_options_free(options);
    return rc;
}

static int read_rows(tdrest_result *res)
{
    const char *text;
    int rows = 0, rc;

    while ((rc = tdrest_result_next(res)) == TDREST_ROW) {
        rc = tdrest_result_text(res, 2, &text, NULL);
        if (rc != TDREST_OK)
            return rc;
        if (strcmp(text, rows == 0 ? "00ff" : "01") != 0)
            return 1;
        rc = tdrest_result_text(res, 0, &text, NULL);
        if (rc != TDREST_OK || strncmp(text, "2024-01-01T00:00:0", 18) != 0)
            return rc == TDREST_OK ? 1 : rc;
        rows++;
    }
    return rc == TDREST_DONE ? (rows == 2 ? TDREST_OK : 1) : rc;
}

static int run_query(const char *sql)
{
    tdrest_options *options = NULL;
    tdrest_conn *conn = NULL;
    tdrest_result *res = NULL;
    char dsn[96];
    int rc = tdrest_options_new(&tdrt_memory, &options);

    snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d/test?timezone=Asia/Shanghai", port);
    if (rc == TDREST_OK)
        rc = tdrt_told(tdrest_options_error(options), tdrest_options_parse(options, dsn));
    if (rc == TDREST_OK)
        rc = tdrt_told(tdrest_options_error(options), tdrest_conn_new(options, &conn));
    if (rc == TDREST_OK)
        rc = tdrt_told(tdrest_conn_error(conn), tdrest_query(conn, sql, TDREST_CSTR, NULL, &res));
    if (rc == TDREST_OK)
        rc = read_rows(res);
    if (rc == TDREST_ESERVER && tdrest_conn_error(conn)->server_code == 0x2603)
        rc = TDREST_OK;
    tdrest_result_free(res);
    tdrest_conn_free(conn);
    tdrest_options_free(options);
    return rc;
}

/* A builder's lines; with many keys, so that what holds them grows. */
static int build_lines(tdrest_lines *lines)
{
    char key[16];

    for (int line = 0; line < 3; line++) {
        (void)tdrest_lines_add_measurement(lines, "m");
        (void)tdrest_lines_add_tag(lines, "t", "a", 1);
        for (int i = 0; i < 40; i++) {
            snprintf(key, sizeof key, "f%.0d", i);
            (void)tdrest_lines_add_double(lines, key, 0.5);
        }
        (void)tdrest_lines_add_time(lines, 1);
        if (tdrest_lines_end(lines) != TDREST_OK)
            return tdrt_told(tdrest_lines_error(lines), tdrest_lines_error(lines)->code);
        if (tdrest_lines_count(lines) != line + 1)
            return 1;
    }
    return TDREST_OK;
}

/* Lines, JSON that is cut, and a refusal. */
static int write_all(tdrest_conn *conn, const tdrest_lines *lines)
{
    static char json[10000];
    int rc = tdrt_told(tdrest_conn_error(conn), tdrest_write(conn, TDREST_PROTOCOL_LINE, TDREST_NS, tdrest_lines_get_data(lines, NULL), TDREST_CSTR, NULL));

    if (rc == TDREST_OK) {
        snprintf(json, sizeof json, "[{\"v\":\"%4000d\"},{\"v\":\"%4000d\"}]", 1, 2);
        rc = tdrt_told(tdrest_conn_error(conn), tdrest_write(conn, TDREST_PROTOCOL_JSON, 0, json, TDREST_CSTR, NULL));
    }
    if (rc == TDREST_OK && tdrest_conn_get_written(conn)->requests != 2)
        return 1;
    if (rc == TDREST_OK)
        rc = tdrt_told(tdrest_conn_error(conn), tdrest_write(conn, TDREST_PROTOCOL_LINE, TDREST_NS, "m bad=1", TDREST_CSTR, NULL));
    return rc == TDREST_ESERVER && tdrest_conn_error(conn)->server_code == 0x3002 ? TDREST_OK : rc == TDREST_OK ? 1 : rc;
}

static int schemaless(void)
{
    tdrest_options *options = NULL;
    tdrest_lines *lines = NULL;
    tdrest_conn *conn = NULL;
    char dsn[64];
    int rc = tdrest_options_new(&tdrt_memory, &options);

    snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d/test?batch_bytes=4096", port);
    if (rc == TDREST_OK)
        rc = tdrt_told(tdrest_options_error(options), tdrest_options_parse(options, dsn));
    if (rc == TDREST_OK)
        rc = tdrt_told(tdrest_options_error(options), tdrest_conn_new(options, &conn));
    if (rc == TDREST_OK)
        rc = tdrest_lines_new(&tdrt_memory, &lines);
    if (rc == TDREST_OK)
        rc = build_lines(lines);
    if (rc == TDREST_OK)
        rc = write_all(conn, lines);
    tdrest_lines_free(lines);
    tdrest_conn_free(conn);
    tdrest_options_free(options);
    return rc;
}

static void make_many(void)
{
    size_t len = (size_t)snprintf(many, sizeof many, "{\"code\":0,\"column_meta\":[[\"i\",\"BIGINT\",8],[\"v\",\"VARCHAR\",9]],\"data\":[");

    for (int row = 0; row < MANY; row++)
        len += (size_t)snprintf(many + len, sizeof many - len, "%s[%d,\"text %d\"]", row == 0 ? "" : ",", row, row);
    snprintf(many + len, sizeof many - len, "],\"rows\":%d}", MANY);
}

static int walk_stored(tdrest_result *res)
{
    int64_t i, n = 0;
    int rc;

    while ((rc = tdrest_result_next(res)) == TDREST_ROW)
        if (tdrest_result_int64(res, 0, &i) != TDREST_OK || i != n++)
            return 1;
    return rc == TDREST_DONE && n == MANY ? TDREST_OK : 1;
}

/* A result of many blocks read ahead into memory. */
static int stored(void)
{
    tdrest_options *options = NULL;
    tdrest_conn *conn = NULL;
    tdrest_result *res = NULL;
    tdrest_call call = TDREST_CALL_INIT;
    char dsn[64];
    int rc = tdrest_options_new(&tdrt_memory, &options);

    call.buffered = 1;
    snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d?block_bytes=4096", port);
    if (rc == TDREST_OK)
        rc = tdrt_told(tdrest_options_error(options), tdrest_options_parse(options, dsn));
    if (rc == TDREST_OK)
        rc = tdrt_told(tdrest_options_error(options), tdrest_conn_new(options, &conn));
    if (rc == TDREST_OK)
        rc = tdrt_told(tdrest_conn_error(conn), tdrest_query(conn, "select many", TDREST_CSTR, &call, &res));
    if (rc == TDREST_OK)
        rc = walk_stored(res);
    tdrest_result_free(res);
    tdrest_conn_free(conn);
    tdrest_options_free(options);
    return rc;
}

/* Rows for more tables than the first hash table holds, twenty in columns, in five requests. */
static int give_rows(tdrest_stmt *stmt)
{
    static const int64_t times[20] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20};
    static char text[6000];
    tdrest_column ts = TDREST_COLUMN(TDREST_TYPE_TIMESTAMP, times, 20);
    int rc = TDREST_OK;

    memset(text, 'x', sizeof text);
    ts.precision = TDREST_MS;
    for (int i = 0; rc >= 0 && i < 10; i++) {
        char name[16];

        snprintf(name, sizeof name, "t%d", i);
        rc = tdrest_stmt_set_table(stmt, name, TDREST_CSTR);
        if (rc == TDREST_OK)
            rc = tdrest_stmt_bind_int64(stmt, 0, i);
        if (rc == TDREST_OK)
            rc = i == 5 ? tdrest_stmt_bind_column(stmt, 1, &ts) : tdrest_stmt_bind_time(stmt, 1, i, TDREST_MS);
        if (rc == TDREST_OK)
            rc = tdrest_stmt_bind_text(stmt, 2, text, i == 5 ? 1 : sizeof text - 500);
        if (rc == TDREST_OK)
            rc = tdrest_stmt_add_row(stmt);
    }
    return tdrt_told(tdrest_stmt_error(stmt), rc);
}

static int use_statement(tdrest_conn *conn)
{
    tdrest_stmt *stmt;
    int64_t affected;
    int rc = tdrt_told(tdrest_conn_error(conn), tdrest_stmt_new(conn, "INSERT INTO ? USING m TAGS (:g) VALUES (:ts, :v)", TDREST_CSTR, &stmt));

    if (rc == TDREST_OK)
        rc = tdrt_told(tdrest_stmt_error(stmt), tdrest_stmt_describe(stmt, NULL));
    if (rc == TDREST_OK)
        rc = give_rows(stmt);
    if (rc >= 0)
        rc = tdrt_told(tdrest_stmt_error(stmt), tdrest_stmt_run(stmt, NULL, &affected));
    if (rc == TDREST_OK && (tdrest_stmt_get_report(stmt)->requests != 5 || affected != 50))
        rc = 1;
    /* What was given and not written is still there. */
    if (rc < 0 && stmt != NULL && tdrest_stmt_get_report(stmt)->requests > 0 && tdrest_stmt_get_report(stmt)->rows != 29)
        rc = 1;
    tdrest_stmt_free(stmt);
    return rc;
}

static int bound_query(tdrest_conn *conn)
{
    tdrest_result *res = NULL;
    tdrest_stmt *stmt;
    int rc = tdrt_told(tdrest_conn_error(conn), tdrest_stmt_new(conn, "select rows where a = ?", TDREST_CSTR, &stmt));

    if (rc == TDREST_OK)
        rc = tdrt_told(tdrest_stmt_error(stmt), tdrest_stmt_bind_text(stmt, 0, "it's", TDREST_CSTR));
    if (rc == TDREST_OK)
        rc = tdrt_told(tdrest_stmt_error(stmt), tdrest_stmt_query(stmt, NULL, &res));
    if (rc == TDREST_OK)
        rc = read_rows(res);
    tdrest_result_free(res);
    tdrest_stmt_free(stmt);
    return rc;
}

static int statement(void)
{
    tdrest_options *options = NULL;
    tdrest_conn *conn = NULL;
    char dsn[64];
    int rc = tdrest_options_new(&tdrt_memory, &options);

    snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d/test?max_sql_bytes=16384", port);
    if (rc == TDREST_OK)
        rc = tdrt_told(tdrest_options_error(options), tdrest_options_parse(options, dsn));
    if (rc == TDREST_OK)
        rc = tdrt_told(tdrest_options_error(options), tdrest_conn_new(options, &conn));
    if (rc == TDREST_OK)
        rc = use_statement(conn);
    if (rc == TDREST_OK)
        rc = bound_query(conn);
    tdrest_conn_free(conn);
    tdrest_options_free(options);
    return rc;
}

/* In a zone whose file is read. */
static int rows(void)
{
    if (setenv("TZDIR", "tests/data/zones", 1) != 0)
        return 1;
    return run_query("select rows");
}

static int refused(void)
{
    return run_query("select refused -- it is");
}

/* A row far larger than a block, and back. */
static int large_row(void)
{
    static char body[70000];
    const tdrt_cuts cuts = {1000, 1000, 1, 4096};
    tdrest_error err;
    int rc, len = snprintf(body, sizeof body, "{\"code\":0,\"column_meta\":[[\"v\",\"VARCHAR\",9]],\"data\":[[\"a\"],[\"%060000d\"],[\"b\"]],\"rows\":3}", 7);

    rc = tdrt_decode(body, (size_t)len, &cuts, &tdrt_memory, NULL, &err);
    return rc == TDREST_DONE ? TDREST_OK : tdrt_told(&err, rc);
}

/* One connection out, put back and got again with another one. */
static int use_pool(tdrest_pool *pool)
{
    tdrest_error err = TDREST_ERROR_INIT;
    tdrest_conn *conn[2] = {NULL, NULL};
    tdrest_result *res = NULL;
    int rc = tdrt_told(&err, tdrest_pool_get(pool, 0, &err, &conn[0]));

    if (rc == TDREST_OK)
        rc = tdrt_told(tdrest_conn_error(conn[0]), tdrest_query(conn[0], "rows", TDREST_CSTR, NULL, &res));
    if (rc == TDREST_OK)
        rc = read_rows(res);
    tdrest_pool_put(pool, conn[0]); /* perhaps with an open result */
    tdrest_result_free(res);
    conn[0] = NULL;
    for (int i = 0; rc == TDREST_OK && i < 2; i++)
        rc = tdrt_told(&err, tdrest_pool_get(pool, 0, &err, &conn[i]));
    for (int i = 0; i < 2; i++)
        tdrest_pool_put(pool, conn[i]);
    return rc;
}

/* Whatever fails, no place of the pool is lost. */
static int pooled(void)
{
    tdrest_pool_counts counts = TDREST_POOL_COUNTS_INIT;
    tdrest_options *options = NULL;
    tdrest_pool *pool = NULL;
    char dsn[64];
    int rc = tdrest_options_new(&tdrt_memory, &options);

    snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d/test?pool_max=2", port);
    if (rc == TDREST_OK)
        rc = tdrt_told(tdrest_options_error(options), tdrest_options_parse(options, dsn));
    if (rc == TDREST_OK)
        rc = tdrt_told(tdrest_options_error(options), tdrest_pool_new(options, &pool));
    if (rc == TDREST_OK)
        rc = use_pool(pool);
    if (pool != NULL && (tdrest_pool_stats(pool, &counts) != TDREST_OK || counts.in_use != 0 || counts.timeouts != 0))
        rc = 1;
    tdrest_pool_free(pool);
    tdrest_options_free(options);
    return rc;
}

static void options_at_every_allocation(void)
{
    CU_ASSERT(tdrt_fail_each("options", options_text));
}

static void large_row_at_every_allocation(void)
{
    CU_ASSERT(tdrt_fail_each("large row", large_row));
}

static void query_at_every_allocation(void)
{
    pid_t server = tdrt_serve_start(replies, COUNT_OF(replies), &port);

    CU_ASSERT(tdrt_fail_each("query", rows));
    CU_ASSERT(tdrt_fail_each("refused", refused));
    CU_ASSERT(tdrt_fail_each("statement", statement));
    CU_ASSERT(tdrt_fail_each("pool", pooled));
    tdrt_serve_stop(server);
}

static void schemaless_at_every_allocation(void)
{
    pid_t server = tdrt_serve_start(replies, COUNT_OF(replies), &port);

    CU_ASSERT(tdrt_fail_each("schemaless", schemaless));
    tdrt_serve_stop(server);
}

static void store_at_every_allocation(void)
{
    pid_t server;

    make_many();
    server = tdrt_serve_start(&many_reply, 1, &port);
    CU_ASSERT(tdrt_fail_each("store", stored));
    tdrt_serve_stop(server);
}

CU_TestInfo tdrt_oom[] = {
    {"options", options_at_every_allocation},
    {"large row", large_row_at_every_allocation},
    {"query", query_at_every_allocation},
    {"schemaless", schemaless_at_every_allocation},
    {"store", store_at_every_allocation},
    CU_TEST_INFO_NULL,
};
