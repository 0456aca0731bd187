/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Writers and readers over a sandbox whose process and addresses fail at random (outages.h). In the end each row is looked for: what was acknowledged is
 * there, what did not run is not, nothing is there twice where twice would be seen, and every failure was of a kind that an outage makes.
 *
 *     proof-failover SANDBOX DATA_FILE SECONDS [SEED]
 */
#include "outages.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tdrest.h>

enum { MOST = 200000, GAP_MS = 2 };
#define FIRST_TIME INT64_C(1700000000000)

/* What is known of a number that was written. */
enum { UNTRIED, ACKNOWLEDGED, NOT_RUN, UNKNOWN };

typedef struct writer writer;

/* Writes a number and notes what became of it. */
typedef void write_one(writer *w, int64_t n);

typedef struct kind {
    const char *name;
    write_one *write;
    const char *tables[2]; /* each has each number once */
    int repeats;           /* its failures are repeated until it succeeds */
} kind;

struct writer {
    const kind *kind;
    tdrest_conn *conn;
    tdrest_stmt *stmt;
    unsigned char *fates;
    atomic_llong acknowledged;
    int64_t next, failed;
};

static atomic_int over;   /* time is up */
static atomic_int wrong;
static char dsn[256];

static void complain(const char *who, const char *what, const tdrest_error *err)
{
    fprintf(stderr, "FAILED: %s: %s: %s, ran %d, repeat %d, phase %d, %d attempts at %s, first %s: %s\n", who, what, tdrest_code_name(err->code), err->ran,
            err->repeat, err->phase, err->attempts, err->hosts, err->first_cause, err->message);
    atomic_fetch_add(&wrong, 1);
}

/* Outages are failures of the link and of time, and the record of one is complete. `doubles`: running it twice is seen. */
static void check_class(const char *who, const tdrest_error *err, int doubles)
{
    int repeat = err->ran == TDREST_RAN_NO ? TDREST_REPEAT_SAFE : doubles ? TDREST_REPEAT_NO : TDREST_REPEAT_IDEMPOTENT;

    if ((err->code != TDREST_ECONNECT && err->code != TDREST_ETIMEOUT) || err->cls != TDREST_CLASS_CONNECTION)
        complain(who, "no failure of an outage", err);
    else if ((err->ran != TDREST_RAN_NO && err->ran != TDREST_RAN_MAYBE && err->ran != TDREST_RAN_YES) || (doubles < 2 && err->repeat != repeat))
        complain(who, "what ran and what may be repeated", err);
    else if (err->attempts < 1 || err->hosts[0] == '\0' || err->message[0] == '\0')
        complain(who, "an incomplete record", err);
}

/* ---- writing ---- */

static void note(writer *w, int64_t n, int rc, const tdrest_error *err)
{
    w->fates[n] = rc == TDREST_OK ? ACKNOWLEDGED : err->ran == TDREST_RAN_NO ? NOT_RUN : UNKNOWN;
    if (rc == TDREST_OK) {
        atomic_fetch_add(&w->acknowledged, 1);
        return;
    }
    w->failed++;
    check_class(w->kind->name, err, w->kind->repeats ? 0 : w->kind->tables[0][0] == 'u' ? 1 : 2);
    if (w->kind->repeats)
        complain(w->kind->name, "not repeated until it succeeds", err);
}

static void execute(writer *w, int64_t n, const char *sql)
{
    int rc = tdrest_exec(w->conn, sql, TDREST_CSTR, NULL, NULL);

    note(w, n, rc, tdrest_conn_error(w->conn));
}

static void write_insert(writer *w, int64_t n)
{
    char sql[128];

    (void)snprintf(sql, sizeof sql, "INSERT INTO e VALUES (%" PRId64 ", %" PRId64 ")", FIRST_TIME + n, n);
    execute(w, n, sql);
}

static void write_pair(writer *w, int64_t n)
{
    char sql[192];

    (void)snprintf(sql, sizeof sql, "INSERT INTO pa VALUES (%" PRId64 ", %" PRId64 ") pb VALUES (%" PRId64 ", %" PRId64 ")", FIRST_TIME + n, n, FIRST_TIME + n, n);
    execute(w, n, sql);
}

static void write_now(writer *w, int64_t n)
{
    char sql[128];

    (void)snprintf(sql, sizeof sql, "INSERT INTO n VALUES (NOW, %" PRId64 ")", n);
    execute(w, n, sql);
}

static void write_line(writer *w, int64_t n)
{
    char line[128];
    int rc;

    (void)snprintf(line, sizeof line, "l v=%" PRId64 "i64 %" PRId64, n, FIRST_TIME + n);
    rc = tdrest_write(w->conn, TDREST_PROTOCOL_LINE, TDREST_MS, line, TDREST_CSTR, NULL);
    note(w, n, rc, tdrest_conn_error(w->conn));
}

static void write_untimed(writer *w, int64_t n)
{
    char line[64];
    int rc;

    (void)snprintf(line, sizeof line, "u,t=%d v=%" PRId64 "i64", (int)(n % 4), n);
    rc = tdrest_write(w->conn, TDREST_PROTOCOL_LINE, TDREST_MS, line, TDREST_CSTR, NULL);
    note(w, n, rc, tdrest_conn_error(w->conn));
}

/* The row's own state must say what the record says. */
static void write_bound(writer *w, int64_t n)
{
    const tdrest_row_range *range;
    int rc = tdrest_stmt_bind_time(w->stmt, 0, FIRST_TIME + n, TDREST_MS);

    if (rc == TDREST_OK)
        rc = tdrest_stmt_bind_int64(w->stmt, 1, n);
    if (rc == TDREST_OK)
        rc = tdrest_stmt_run(w->stmt, NULL, NULL);
    range = rc == TDREST_OK ? NULL : tdrest_stmt_get_range(w->stmt, 0);
    note(w, n, rc, tdrest_stmt_error(w->stmt));
    if (rc != TDREST_OK && (range == NULL || (range->state == TDREST_ROWS_NOT_WRITTEN) != (w->fates[n] == NOT_RUN) || range->state == TDREST_ROWS_WRITTEN))
        complain(w->kind->name, "the row's state", tdrest_stmt_error(w->stmt));
    tdrest_stmt_reset(w->stmt);
}

static const kind kinds[] = {
    {"insert", write_insert, {"e", NULL}, 1},   {"insert into two tables", write_pair, {"pa", "pb"}, 1}, {"bound", write_bound, {"b", NULL}, 1},
    {"timed lines", write_line, {"l", NULL}, 1}, {"insert NOW", write_now, {"n", NULL}, 0},              {"untimed lines", write_untimed, {"u", NULL}, 0},
};
enum { KINDS = sizeof kinds / sizeof kinds[0], READERS = 2 };
static writer writers[KINDS];

static void *write_on(void *context)
{
    writer *w = (writer *)context;

    for (; !atomic_load(&over) && w->next < MOST; w->next++) {
        w->kind->write(w, w->next);
        tdrt_sleep_ms(GAP_MS);
    }
    return NULL;
}

/* ---- reading ---- */

/* What was acknowledged before is counted. A buffered read is repeated until it succeeds. */
static void count_rows(tdrest_conn *conn, const writer *w)
{
    tdrest_call call = TDREST_CALL_INIT;
    tdrest_result *res = NULL;
    int64_t least = atomic_load(&w->acknowledged), rows = -1;
    char sql[64];

    call.buffered = 1;
    (void)snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM %s", w->kind->tables[0]);
    if (tdrest_query(conn, sql, TDREST_CSTR, &call, &res) != TDREST_OK)
        complain(sql, "not repeated until it succeeds", tdrest_conn_error(conn));
    else if (least > 0 && (tdrest_result_next(res) != TDREST_ROW || tdrest_result_int64(res, 0, &rows) != TDREST_OK || rows < least)) {
        fprintf(stderr, "FAILED: %s: %" PRId64 ", and %" PRId64 " were acknowledged\n", sql, rows, least);
        atomic_fetch_add(&wrong, 1);
    }
    tdrest_result_free(res);
}

/* Rows as they come: in order, each once; an outage may end them. */
static void stream_rows(tdrest_conn *conn)
{
    tdrest_result *res = NULL;
    int64_t v, last = -1;
    int rc = tdrest_query(conn, "SELECT v FROM e ORDER BY ts", TDREST_CSTR, NULL, &res);

    if (rc != TDREST_OK)
        complain("stream", "not repeated until it succeeds", tdrest_conn_error(conn));
    while (rc == TDREST_OK && (rc = tdrest_result_next(res)) == TDREST_ROW) {
        rc = tdrest_result_int64(res, 0, &v);
        if (rc != TDREST_OK || v <= last)
            complain("stream", "a row out of order", tdrest_result_error(res));
        last = v;
    }
    if (res != NULL && rc != TDREST_DONE)
        check_class("stream", tdrest_result_error(res), 2);
    tdrest_result_free(res);
}

static void *read_on(void *context)
{
    tdrest_pool *pool = (tdrest_pool *)context;

    for (size_t i = 0; !atomic_load(&over); i++) {
        tdrest_error err = TDREST_ERROR_INIT;
        tdrest_conn *conn = NULL;

        if (tdrest_pool_get(pool, 600000, &err, &conn) != TDREST_OK) {
            complain("pool", "no connection", &err);
            break;
        }
        if (i % (KINDS + 1) < KINDS)
            count_rows(conn, &writers[i % (KINDS + 1)]);
        else
            stream_rows(conn);
        tdrest_pool_put(pool, conn);
        tdrt_sleep_ms(10);
    }
    return NULL;
}

/* ---- the end ---- */

static int64_t count_table(tdrest_conn *conn, const char *table, unsigned char *seen)
{
    tdrest_result *res = NULL;
    int64_t v, rows = 0;
    char sql[64];
    int rc;

    memset(seen, 0, MOST);
    (void)snprintf(sql, sizeof sql, "SELECT v FROM %s", table);
    rc = tdrest_query(conn, sql, TDREST_CSTR, NULL, &res);
    while (rc == TDREST_OK && (rc = tdrest_result_next(res)) == TDREST_ROW) {
        rc = tdrest_result_int64(res, 0, &v);
        if (rc == TDREST_OK && v >= 0 && v < MOST && seen[v] < 255)
            seen[v]++;
        rows++;
    }
    if (rc != TDREST_DONE)
        complain(sql, "could not be read in the end", res == NULL ? tdrest_conn_error(conn) : tdrest_result_error(res));
    tdrest_result_free(res);
    return rows;
}

/* Looks for every number of a writer. */
static void compare(tdrest_conn *conn, const writer *w, const char *table)
{
    static unsigned char seen[MOST];
    int64_t rows = count_table(conn, table, seen), lost = 0, ghosts = 0, doubled = 0, unknown = 0, ran = 0;

    for (int64_t n = 0; n < MOST; n++) {
        lost += w->fates[n] == ACKNOWLEDGED && seen[n] == 0;
        ghosts += (w->fates[n] == NOT_RUN || w->fates[n] == UNTRIED) && seen[n] > 0;
        doubled += seen[n] > 1;
        unknown += w->fates[n] == UNKNOWN;
        ran += w->fates[n] == UNKNOWN && seen[n] > 0;
    }
    printf("%-24s %-4s %6" PRId64 " sent, %6" PRId64 " acknowledged, %4" PRId64 " failed, of %" PRId64 " unknown %" PRId64 " ran; %6" PRId64 " rows: %" PRId64
           " lost, %" PRId64 " doubled, %" PRId64 " that did not run\n", w->kind->name, table, w->next, (int64_t)atomic_load(&w->acknowledged), w->failed, unknown, ran,
           rows, lost, doubled, ghosts);
    if (lost + ghosts + doubled > 0 || atomic_load(&w->acknowledged) == 0) {
        fprintf(stderr, "FAILED: %s, table %s\n", w->kind->name, table);
        atomic_fetch_add(&wrong, 1);
    }
}

/* ---- the beginning ---- */

static tdrest_conn *dial(tdrest_options *options)
{
    tdrest_conn *conn = NULL;

    if (tdrest_conn_new(options, &conn) != TDREST_OK) {
        fprintf(stderr, "%s\n", tdrest_options_error(options)->message);
        exit(2);
    }
    return conn;
}

static void must(tdrest_conn *conn, const char *sql)
{
    if (tdrest_exec(conn, sql, TDREST_CSTR, NULL, NULL) == TDREST_OK)
        return;
    fprintf(stderr, "%s: %s\n", sql, tdrest_conn_error(conn)->message);
    exit(2);
}

/* What was given up may run late, together with the next: rows of the same NOW are told apart by a second key or, as lines, by their tag. */
static void make_tables(tdrest_options *options)
{
    static const char *const tables[] = {"e", "pa", "pb", "b"};
    tdrest_conn *conn = dial(options);
    char sql[96];

    must(conn, "CREATE DATABASE IF NOT EXISTS f PRECISION 'ms' KEEP 36500");
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        (void)snprintf(sql, sizeof sql, "CREATE TABLE IF NOT EXISTS f.%s (ts TIMESTAMP, v BIGINT)", tables[i]);
        must(conn, sql);
    }
    must(conn, "CREATE TABLE IF NOT EXISTS f.n (ts TIMESTAMP, v BIGINT PRIMARY KEY)");
    must(conn, "CREATE STABLE IF NOT EXISTS f.l (_ts TIMESTAMP, v BIGINT) TAGS (t NCHAR(16))");
    must(conn, "CREATE STABLE IF NOT EXISTS f.u (_ts TIMESTAMP, v BIGINT) TAGS (t NCHAR(16))");
    tdrest_conn_free(conn);
}

static void make_writers(tdrest_options *options)
{
    for (size_t i = 0; i < KINDS; i++) {
        writers[i].kind = &kinds[i];
        writers[i].conn = dial(options);
        writers[i].fates = (unsigned char *)calloc(MOST, 1);
        if (writers[i].fates == NULL || tdrest_stmt_new(writers[i].conn, "INSERT INTO b VALUES (?, ?)", TDREST_CSTR, &writers[i].stmt) != TDREST_OK)
            exit(2);
    }
}

static tdrest_options *make_options(const tdrt_cluster *c)
{
    tdrest_options *options = NULL;

    (void)snprintf(dsn, sizeof dsn, "http://%s/f?stall_timeout_ms=1000&connect_timeout_ms=5000&retry_for_ms=600000&retry_backoff_ms=50&retry_backoff_max_ms=500&pool_max=2",
                   c->hosts);
    if (tdrest_options_new(NULL, &options) == TDREST_OK && tdrest_options_parse(options, dsn) == TDREST_OK)
        return options;
    fprintf(stderr, "%s: %s\n", dsn, tdrest_options_error(options)->message);
    exit(2);
}

static void finish(tdrest_options *options)
{
    tdrest_conn *conn = dial(options);

    for (size_t i = 0; i < KINDS; i++) {
        for (int k = 0; k < 2 && kinds[i].tables[k] != NULL; k++)
            compare(conn, &writers[i], kinds[i].tables[k]);
        tdrest_stmt_free(writers[i].stmt);
        tdrest_conn_free(writers[i].conn);
        free(writers[i].fates);
    }
    tdrest_conn_free(conn);
}

int main(int argc, char **argv)
{
    pthread_t threads[KINDS + READERS];
    tdrt_cluster c = {0};
    tdrest_options *options;
    tdrest_pool *pool = NULL;
    int64_t until;

    if (argc < 4) {
        fputs("usage: proof-failover SANDBOX DATA_FILE SECONDS [SEED]\n", stderr);
        return 2;
    }
    c.program = argv[1];
    c.file = argv[2];
    c.random = argc > 4 ? strtoull(argv[4], NULL, 10) : (uint64_t)tdrt_clock_ms();
    printf("seed %" PRIu64 "\n", c.random);
    fflush(stdout);
    if (!tdrt_cluster_start(&c)) {
        fputs("the sandbox does not start\n", stderr);
        return 2;
    }
    options = make_options(&c);
    make_tables(options);
    make_writers(options);
    if (tdrest_pool_new(options, &pool) != TDREST_OK)
        return 2;
    for (size_t i = 0; i < KINDS + READERS; i++)
        if (pthread_create(&threads[i], NULL, i < KINDS ? write_on : read_on, i < KINDS ? (void *)&writers[i] : (void *)pool) != 0)
            return 2;
    until = tdrt_clock_ms() + 1000 * strtoll(argv[3], NULL, 10);
    if (!tdrt_cluster_disturb(&c, until)) {
        fputs("the sandbox does not start again\n", stderr);
        _Exit(2);
    }
    atomic_store(&over, 1);
    for (size_t i = 0; i < KINDS + READERS; i++)
        pthread_join(threads[i], NULL);
    tdrest_pool_free(pool);
    finish(options);
    tdrest_options_free(options);
    tdrt_cluster_stop(&c);
    printf("%d kills of the process; addresses: %d refused, %d hung, %d reset\n", c.kills, c.refusals, c.hangs, c.resets);
    return atomic_load(&wrong) == 0 ? 0 : 1;
}
