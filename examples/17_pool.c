/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Four threads share two connections: 17_pool [DSN [SQL]]. Link with -pthread. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <tdrest.h>

enum { THREADS = 4, STATEMENTS = 25 };

static tdrest_pool *pool;
static const char *sql;

typedef struct worker {
    pthread_t thread;
    long rows;
    int failures;
} worker;

/* Counts the rows of one statement, or prints the error. */
static int count_rows(tdrest_conn *conn, long *rows)
{
    tdrest_result *res;
    int rc = tdrest_query(conn, sql, TDREST_CSTR, NULL, &res);

    if (rc < 0)
        fprintf(stderr, "%s\n", tdrest_conn_error(conn)->message);
    while (rc >= 0 && (rc = tdrest_result_next(res)) == TDREST_ROW)
        ++*rows;
    if (res != NULL && rc < 0)
        fprintf(stderr, "%s\n", tdrest_result_error(res)->message);
    tdrest_result_free(res);
    return rc;
}

/* Each thread holds a connection for one statement only, so two connections serve four threads. */
static void *work(void *argument)
{
    worker *w = argument;
    tdrest_error error = TDREST_ERROR_INIT;
    tdrest_conn *conn;

    for (int i = 0; i < STATEMENTS; i++) {
        if (tdrest_pool_get(pool, -1, &error, &conn) != TDREST_OK) {
            fprintf(stderr, "%s\n", error.message);
            w->failures++;
            continue;
        }
        w->failures += count_rows(conn, &w->rows) < 0;
        tdrest_pool_put(pool, conn);
    }
    return NULL;
}

static int open_pool(const char *dsn)
{
    tdrest_options *options;
    int rc = tdrest_options_new(NULL, &options);

    if (rc < 0)
        return rc;
    rc = dsn == NULL ? TDREST_OK : tdrest_options_parse(options, dsn);
    if (rc == TDREST_OK)
        rc = tdrest_options_set(options, "pool_max", "2");
    if (rc == TDREST_OK)
        rc = tdrest_pool_new(options, &pool);
    if (rc < 0)
        fprintf(stderr, "%s\n", tdrest_options_error(options)->message);
    tdrest_options_free(options);
    return rc;
}

int main(int argc, char **argv)
{
    tdrest_pool_counts counts = TDREST_POOL_COUNTS_INIT;
    worker workers[THREADS] = {0};
    long rows = 0;
    int failures = 0;

    sql = argc > 2 ? argv[2] : "select * from wire_ms.e1";
    if (open_pool(argc > 1 ? argv[1] : getenv("TDREST_DSN")) < 0)
        return 1;
    for (int i = 0; i < THREADS; i++)
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0)
            return 1;
    for (int i = 0; i < THREADS; i++) {
        pthread_join(workers[i].thread, NULL);
        rows += workers[i].rows;
        failures += workers[i].failures;
    }
    tdrest_pool_stats(pool, &counts);
    printf("%ld rows, %d failures, %lld connections given out, at most %lld at a time\n", rows, failures, (long long)counts.gets,
           (long long)counts.made);
    tdrest_pool_free(pool);
    return failures > 0;
}
