/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Runs the recipes of docs/GUIDE.md. Not a program by itself: the build appends it to the recipes. tests/steps/guide.sh compares what it prints.
 *
 *     tdrt-guide DSN          all recipes except
 *     tdrt-guide DSN outage   the daemon, over a server that is down for a while
 *     tdrt-guide DSN hosts    failover and retry, over hosts of which some are dead
 */
#include <unistd.h>

static const char *const setup[] = {
    "drop database if exists guide",
    "create database guide keep 36500",
    "create table guide.d1 (ts timestamp, current double, note varchar(20))",
    "insert into guide.d1 values ('1969-12-31T23:59:58.250Z', 10, 'a') ('2024-02-29T23:59:59.999Z', NULL, 'b') ('2024-03-01T00:00:00Z', 20, NULL)",
    "create table guide.numbers (ts timestamp, n tinyint)",
    "create table guide.even (ts timestamp, n tinyint)",
    "create table guide.odd (ts timestamp, n tinyint)",
};

static void reading(tdrest_conn *conn)
{
    double mean;
    int rc;

    printf("%s\n", tdrest_code_name(print_rows(conn, "select ts, current, note from guide.d1")));
    rc = average(conn, "select current from guide.d1", &mean);
    printf("average %g, %d\n", mean, rc == TDREST_DONE);
    printf("%s %s\n", tdrest_code_name(average(conn, "select current from guide.d1 where current > 100", &mean)),
           tdrest_code_name(average(conn, "select note from guide.d1", &mean)));
    printf("times: %d\n", print_times(conn, "select ts from guide.d1") == TDREST_DONE);
}

static enum action action_of(tdrest_conn *conn, const char *sql)
{
    return tdrest_exec(conn, sql, TDREST_CSTR, NULL, NULL) < 0 ? what_to_do(tdrest_conn_error(conn)) : REPORT;
}

static void failing(tdrest_conn *conn)
{
    printf("actions: %d %d %d %d\n", action_of(conn, "select * from guide.nope") == CREATE_TABLE, action_of(conn, "selec 1") == FIX_PROGRAM,
           action_of(conn, "select 1; select 2") == FIX_PROGRAM, action_of(conn, "insert into guide.numbers values ('1900-01-01', 1)") == FIX_VALUES);
}

static void writing(tdrest_conn *conn)
{
    int64_t dropped = 0;
    int rc = write_numbers(conn, 130, &dropped);

    printf("%s, %" PRId64 " dropped\n", tdrest_code_name(rc), dropped);
    print_rows(conn, "select count(*), max(n) from guide.numbers");
}

#ifndef TDREST_NO_ASYNC
static void count_async(void *user, tdrest_request *request, tdrest_result *rows)
{
    (void)request;
    while (tdrest_result_next(rows) == TDREST_ROW)
        ++*(int *)user;
}
#endif

#ifndef TDREST_NO_ASYNC
static tdrest_async *make_async(const char *dsn)
{
    tdrest_options *options;
    tdrest_async *async = NULL;
    int rc = tdrest_options_new(NULL, &options);

    if (rc == TDREST_OK)
        rc = tdrest_options_parse(options, dsn);
    if (rc != TDREST_OK || tdrest_async_new(options, &async) != TDREST_OK)
        fprintf(stderr, "%s\n", tdrest_options_error(options)->message);
    tdrest_options_free(options);
    return async;
}

static void many_with_poll(const char *dsn)
{
    tdrest_async_callbacks callbacks = TDREST_ASYNC_CALLBACKS_INIT;
    tdrest_async *async = make_async(dsn);
    int rows = 0;

    callbacks.rows = count_async;
    if (async != NULL)
        printf("async %d", run_with_poll(async, "select * from guide.d1", &callbacks, &rows) == TDREST_DONE);
    printf(", %d rows\n", rows);
    tdrest_async_free(async);
}

/* Each descriptor is added, changed and taken out again. */
static void many_with_epoll(const char *dsn)
{
    enum { QUERIES = 200 };
    tdrest_async_hooks hooks = {sizeof hooks, watch_with_epoll, set_epoll_timer};
    tdrest_async_callbacks callbacks = TDREST_ASYNC_CALLBACKS_INIT;
    struct epolled e = {epoll_create1(EPOLL_CLOEXEC), -1};
    tdrest_async *async = make_async(dsn);
    int rows = 0, rc = async == NULL || e.fd < 0 ? TDREST_EUSAGE : tdrest_async_set_hooks(async, &hooks, &e);

    callbacks.rows = count_async;
    for (int i = 0; i < QUERIES && rc == TDREST_OK; i++)
        rc = tdrest_async_query(async, "select * from guide.d1", TDREST_CSTR, NULL, &callbacks, &rows, NULL);
    if (rc == TDREST_OK)
        rc = run_with_epoll(async, &e);
    printf("epoll %d, %d rows\n", rc == TDREST_DONE, rows);
    tdrest_async_free(async);
    close(e.fd);
}
#endif

static void many(const char *dsn)
{
#ifndef TDREST_NO_ASYNC
    many_with_poll(dsn);
    many_with_epoll(dsn);
#else
    (void)dsn;
    (void)run_with_poll;
    (void)run_with_epoll;
    (void)watch_with_epoll;
    (void)set_epoll_timer;
#endif
}

static void loading(const char *dsn)
{
#ifndef TDREST_NO_WRITER
    losses lost = {0, 0, 0};
    tdrest_options *options;
    int rc = tdrest_options_new(NULL, &options);

    if (rc == TDREST_OK && (rc = tdrest_options_parse(options, dsn)) == TDREST_OK && (rc = tdrest_options_set(options, "database", "guide")) == TDREST_OK)
        rc = load_numbers(options, 130, &lost);
    printf("%s, %" PRId64 " bad, %" PRId64 " refused, %" PRId64 " unknown\n", tdrest_code_name(rc), lost.bad, lost.refused, lost.unknown);
    tdrest_options_free(options);
#else
    (void)dsn;
    (void)load_numbers; /* compiled, and never called */
#endif
}

static int make_pool(const char *dsn, tdrest_pool **pool)
{
    tdrest_options *options;
    int rc = tdrest_options_new(NULL, &options);

    *pool = NULL;
    if (rc == TDREST_OK && (rc = tdrest_options_parse(options, dsn)) == TDREST_OK)
        rc = tdrest_pool_new(options, pool);
    tdrest_options_free(options);
    return rc;
}

static void threads(const char *dsn, tdrest_conn *conn)
{
    struct job jobs[] = {{dsn, "insert into guide.numbers values (1800000000000, 1)", -1}, {dsn, "insert into guide.numbers values (1800000000001, 2)", -1}};
    tdrest_pool *pool;
    int rc = run_jobs(jobs, 2);

    printf("jobs %s\n", tdrest_code_name(rc));
    jobs[1].sql = "selec 1";
    rc = run_jobs(jobs, 2);
    printf("jobs %s\n", tdrest_code_name(rc));
    if (make_pool(dsn, &pool) == TDREST_OK)
        printf("pool %s%s\n", tdrest_code_name(exec_pooled(pool, "insert into guide.numbers values (1800000000002, 3)")), is_too_small(pool) ? ", too small" : "");
    tdrest_pool_free(pool);
    print_rows(conn, "select n from guide.numbers where ts >= 1800000000000");
}

static void outage(tdrest_conn *conn)
{
    printf("%s\n", tdrest_code_name(exec_patiently(conn, "insert into guide.d1 values (1700000000000, 1, NULL)", 20)));
    printf("%s\n", tdrest_code_name(exec_patiently(conn, "insert into guide.d1 values (NOW, 1, NULL) nonsense", 20)));
}

static void hosts(tdrest_conn *conn)
{
    int64_t rows;
    int rc = report(conn, "select ts from guide.d1", &rows);

    printf("%s, %" PRId64 " rows\n", tdrest_code_name(rc), rows);
    printf("%s\n", tdrest_code_name(exec_now_or_never(conn, "select ts from guide.d1")));
}

int main(int argc, char **argv)
{
    tdrest_conn *conn;
    int rc = argc < 2 ? TDREST_EUSAGE : tdrest_open(argv[1], &conn, NULL, 0);

    if (rc < 0)
        return 2;
    if (argc > 2 && strcmp(argv[2], "hosts") == 0) {
        hosts(conn);
    } else if (argc > 2) {
        outage(conn);
    } else {
        for (size_t i = 0; i < sizeof setup / sizeof setup[0]; i++)
            if (exec_patiently(conn, setup[i], 0) < 0)
                fprintf(stderr, "%s\n", tdrest_conn_error(conn)->message);
        reading(conn);
        failing(conn);
        writing(conn);
        loading(argv[1]);
        many(argv[1]);
        threads(argv[1], conn);
    }
    tdrest_conn_free(conn);
    return 0;
}
