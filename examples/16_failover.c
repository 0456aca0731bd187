/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Several hosts: a statement goes to another one when its host fails. Standard error tells each attempt: 16_failover [DSN [SQL]]. To see it, use two
 * addresses of which one is dead: 16_failover http://root:taosdata@localhost:1,localhost:6041
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <tdrest.h>

/* Attempts and their failures. The message has neither secrets nor SQL. */
static void tell(void *context, int level, const char *message)
{
    (void)context;
    fprintf(stderr, "%s%s\n", level == TDREST_LOG_ERROR ? "failed: " : "", message);
}

static tdrest_conn *open_hosts(const char *dsn)
{
    tdrest_options *options;
    tdrest_conn *conn = NULL;
    int rc = tdrest_options_new(NULL, &options);

    if (rc < 0)
        return NULL;
    tdrest_options_set_log(options, tell, NULL);
    rc = dsn == NULL ? TDREST_OK : tdrest_options_parse(options, dsn);
    if (rc == TDREST_OK)
        rc = tdrest_options_set(options, "log_level", "info");
    if (rc == TDREST_OK)
        rc = tdrest_conn_new(options, &conn);
    if (rc < 0)
        fprintf(stderr, "%s\n", tdrest_options_error(options)->message);
    tdrest_options_free(options);
    return conn;
}

/* What the record says of all attempts. */
static void explain(const tdrest_error *err)
{
    printf("%s after %d attempts: it %s\n", tdrest_code_name(err->code), err->attempts,
           err->ran == TDREST_RAN_NO ? "did not run" : err->ran == TDREST_RAN_MAYBE ? "may have run" : "has run, perhaps in part");
    fprintf(stderr, "tried %s; first: %s; last: %s\n", err->hosts, err->first_cause, err->message);
}

static int count_rows(tdrest_conn *conn, const char *sql)
{
    tdrest_call call = TDREST_CALL_INIT;
    tdrest_result *res;
    int64_t rows = 0;
    int rc;

    call.timeout_ms = 10000; /* of all attempts together */
    rc = tdrest_query(conn, sql, TDREST_CSTR, &call, &res);
    while (rc >= 0 && (rc = tdrest_result_next(res)) == TDREST_ROW)
        rows++;
    if (rc < 0)
        explain(res == NULL ? tdrest_conn_error(conn) : tdrest_result_error(res));
    else
        printf("%" PRId64 " rows\n", rows);
    tdrest_result_free(res);
    return rc;
}

int main(int argc, char **argv)
{
    tdrest_conn *conn = open_hosts(argc > 1 ? argv[1] : getenv("TDREST_DSN"));
    int rc = conn == NULL ? TDREST_ENOMEM : TDREST_OK;

    for (int i = 0; rc >= 0 && i < 3; i++)
        rc = count_rows(conn, argc > 2 ? argv[2] : "select * from wire_ms.e1");
    tdrest_conn_free(conn);
    return rc < 0;
}
