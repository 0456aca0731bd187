/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A hundred statements on one thread, a few at a time. The callbacks run within tdrest_async_run. */
#include <stdio.h>
#include <tdrest.h>

enum { TABLES = 100 };

typedef struct sums {
    int inserted, failed;
    int64_t rows;
} sums;

static void inserted(void *user, tdrest_request *request, const tdrest_error *error)
{
    sums *s = (sums *)user;

    (void)request;
    if (error->code == TDREST_OK)
        s->inserted++;
    else if (s->failed++ == 0)
        fprintf(stderr, "%s\n", error->message);
}

static void count_rows(void *user, tdrest_request *request, tdrest_result *rows)
{
    (void)request;
    while (tdrest_result_next(rows) == TDREST_ROW)
        ((sums *)user)->rows++;
}

/* Each statement is copied; what waits in line needs no more memory than its text and some hundred bytes. */
static int insert_all(tdrest_async *async, sums *s)
{
    tdrest_async_callbacks callbacks = TDREST_ASYNC_CALLBACKS_INIT;
    char sql[128];
    int rc = TDREST_OK;

    callbacks.end = inserted;
    for (int i = 0; rc == TDREST_OK && i < TABLES; i++) {
        snprintf(sql, sizeof sql, "INSERT INTO many%d USING many TAGS(%d) VALUES(1700000000000, %d)", i, i, i * i);
        rc = tdrest_async_exec(async, sql, TDREST_CSTR, NULL, &callbacks, s, NULL);
    }
    return rc == TDREST_OK ? tdrest_async_run(async, -1) : rc;
}

static int read_all(tdrest_async *async, sums *s)
{
    tdrest_async_callbacks callbacks = TDREST_ASYNC_CALLBACKS_INIT;
    int rc;

    callbacks.rows = count_rows;
    rc = tdrest_async_query(async, "SELECT * FROM many", TDREST_CSTR, NULL, &callbacks, s, NULL);
    return rc == TDREST_OK ? tdrest_async_run(async, -1) : rc;
}

int main(int argc, char **argv)
{
    tdrest_options *options = NULL;
    tdrest_async *async = NULL;
    sums s = {0, 0, 0};
    int rc = tdrest_options_new(NULL, &options);

    if (rc == TDREST_OK)
        rc = tdrest_options_parse(options, argc > 1 ? argv[1] : "http://root:taosdata@localhost:6041/test");
    if (rc == TDREST_OK)
        rc = tdrest_async_new(options, &async);
    if (rc == TDREST_OK)
        rc = tdrest_async_exec(async, "CREATE STABLE IF NOT EXISTS many(ts TIMESTAMP, v INT) TAGS(n INT)", TDREST_CSTR, NULL, NULL, NULL, NULL);
    if (rc == TDREST_OK)
        rc = tdrest_async_run(async, -1);
    if (rc == TDREST_DONE)
        rc = insert_all(async, &s);
    if (rc == TDREST_DONE)
        rc = read_all(async, &s);
    if (rc < 0)
        fprintf(stderr, "%s\n", async == NULL ? tdrest_options_error(options)->message : tdrest_async_error(async)->message);
    printf("%d statements written, %d failed; %lld rows read\n", s.inserted, s.failed, (long long)s.rows);
    tdrest_async_free(async);
    tdrest_options_free(options);
    return rc < 0 || s.failed > 0;
}
