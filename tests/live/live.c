/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * tdrt-live VECTORS: writes and reads back over a real TDengine, which TDREST_TEST_DSN names, in databases of its own.
 * Without the variable it says that it is skipped; a server that cannot be reached is a failure.
 */
#include "live.h"

#include <signal.h>
#include <stdarg.h>
#include <time.h>
#include <unistd.h>

int tdrt_live_check(tdrt_live *live, int good, const char *format, ...)
{
    va_list arguments;

    if (good) {
        live->passed++;
        return 1;
    }
    live->failed++;
    va_start(arguments, format);
    printf("FAILED: ");
    vprintf(format, arguments);
    putchar('\n');
    va_end(arguments);
    return 0;
}

int tdrt_live_since(tdrt_live *live, const int version[4], const char *what)
{
    for (size_t i = 0; i < 4; i++) {
        if (live->version[i] > version[i])
            return 1;
        if (live->version[i] < version[i]) {
            live->skipped++;
            printf("skipped: %s needs a server of %d.%d.%d.%d\n", what, version[0], version[1], version[2], version[3]);
            return 0;
        }
    }
    return 1;
}

tdrest_conn *tdrt_live_connect(tdrt_live *live, const char *key, const char *value)
{
    tdrest_options *options;
    tdrest_conn *conn = NULL;
    int rc = tdrest_options_new(NULL, &options);

    if (rc == TDREST_OK)
        rc = tdrest_options_parse(options, live->dsn);
    if (rc == TDREST_OK)
        rc = tdrest_options_set(options, key, value);
    if (rc == TDREST_OK)
        rc = tdrest_conn_new(options, &conn);
    tdrt_live_check(live, rc == TDREST_OK, "a connection with %s: %s", key, tdrest_options_error(options)->message);
    tdrest_options_free(options);
    return conn;
}

tdrest_call tdrt_live_call(const char *database, const char *zone)
{
    tdrest_call call = TDREST_CALL_INIT;

    call.database = database;
    call.timezone = zone;
    return call;
}

int64_t tdrt_live_exec(tdrt_live *live, const char *database, const char *zone, const char *sql, size_t len)
{
    tdrest_call call = tdrt_live_call(database, zone);
    int64_t affected;
    int rc = tdrest_exec(live->conn, sql, len, &call, &affected);

    tdrt_live_check(live, rc == TDREST_OK, "%.100s: %s", sql, tdrest_conn_error(live->conn)->message);
    return affected;
}

tdrest_result *tdrt_live_query(tdrt_live *live, const char *database, const char *zone, int row, const char *sql)
{
    tdrest_call call = tdrt_live_call(database, zone);
    tdrest_result *res;
    int rc = tdrest_query(live->conn, sql, TDREST_CSTR, &call, &res);

    if (!tdrt_live_check(live, rc == TDREST_OK, "%.100s: %s", sql, tdrest_conn_error(live->conn)->message))
        return NULL;
    if (row)
        rc = tdrest_result_next(res);
    if (row && !tdrt_live_check(live, rc == TDREST_ROW, "%.100s: no row: %s %s", sql, tdrest_code_name(rc), tdrest_result_error(res)->message)) {
        tdrest_result_free(res);
        return NULL;
    }
    return res;
}

/* Answers to a login at all, and what it is. */
static int reach(tdrt_live *live)
{
    char text[64];
    int *v = live->version;

    if (!tdrt_live_check(live, tdrest_conn_query_version(live->conn, NULL, text, sizeof text) == TDREST_OK,
                         "no server: %s", tdrest_conn_error(live->conn)->message))
        return 0;
    if (!tdrt_live_check(live, sscanf(text, "%d.%d.%d.%d", &v[0], &v[1], &v[2], &v[3]) >= 3, "what version is \"%s\"?", text))
        return 0;
    printf("TDengine %s, %s\n", text, tdrest_version());
    return tdrt_live_check(live, tdrest_conn_ping(live->conn, NULL) == TDREST_OK, "ping: %s", tdrest_conn_error(live->conn)->message);
}

static int create_databases(tdrt_live *live)
{
    static const char *const precisions[] = {"ms", "us", "ns"};
    unsigned suffix = ((unsigned)time(NULL) * 2654435761u) ^ ((unsigned)getpid() << 8);
    int good = 1;
    char sql[128];

    for (size_t i = 0; i < TDRT_LIVE_DATABASES; i++) {
        snprintf(live->db[i], sizeof live->db[i], "tdrest_live_%s_%08x", precisions[i], suffix);
        snprintf(sql, sizeof sql, "create database %s precision '%s' keep 36500", live->db[i], precisions[i]);
        good = tdrt_live_exec(live, NULL, NULL, sql, TDREST_CSTR) >= 0 && good;
    }
    return good;
}

static void drop_databases(tdrt_live *live)
{
    char sql[128];

    for (size_t i = 0; i < TDRT_LIVE_DATABASES; i++) {
        snprintf(sql, sizeof sql, "drop database if exists %s", live->db[i]);
        tdrt_live_exec(live, NULL, NULL, sql, TDREST_CSTR);
    }
}

static void run(tdrt_live *live, const char *vectors)
{
    if (!reach(live))
        return;
    if (create_databases(live)) {
        tdrt_live_vectors(live, vectors);
        tdrt_live_values(live);
        tdrt_live_times(live);
        tdrt_live_texts(live);
        tdrt_live_refusals(live);
        tdrt_live_calls(live);
        tdrt_live_rows(live);
        tdrt_live_writes(live);
        tdrt_live_lines(live);
        tdrt_live_blocks(live);
        tdrt_live_tags(live);
        tdrt_live_faults(live);
        tdrt_live_zones(live);
    }
    drop_databases(live);
}

int main(int argc, char **argv)
{
    static tdrt_live live;
    char why[512];

    live.dsn = getenv("TDREST_TEST_DSN");
    live.key = 1700000000000;
    if (live.dsn == NULL || live.dsn[0] == '\0') {
        puts("skipped: TDREST_TEST_DSN is not set");
        return 0;
    }
    if (argc != 2) {
        fputs("usage: tdrt-live VECTORS\n", stderr);
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    signal(SIGPIPE, SIG_IGN);
    if (tdrt_live_check(&live, tdrest_open(live.dsn, &live.conn, why, sizeof why) == TDREST_OK, "TDREST_TEST_DSN: %s", why))
        run(&live, argv[1]);
    tdrest_conn_free(live.conn);
    if (live.skipped > 0)
        printf("%d skipped\n", live.skipped);
    printf("%d passed, %d failed\n", live.passed, live.failed);
    return live.failed > 0;
}
