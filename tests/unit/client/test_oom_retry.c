/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Out of memory while a statement is sent again, and while a host is asked whether it is back. */
#include "dial.h"
#include "memory.h"
#include "oom.h"

#include "client/conn.h"

static tdrt_server server;
static int run_number;

/* The first arrival of a statement fails as its text says; the next is answered. */
static int answer(const tdrt_visit *visit)
{
    tdrt_server self = TDRT_SERVER_INIT;

    self.counts = visit->counts;
    if (tdrt_starts(visit, "select server_status()"))
        return tdrt_send_answer(visit, &(tdrt_answer){.body = TDRT_READY});
    if (tdrt_server_arrivals(&self, visit->sql) > 1 || strstr(visit->sql, "well") != NULL)
        return tdrt_send_three(visit);
    if (strstr(visit->sql, "503") != NULL)
        return tdrt_send_answer(visit, &(tdrt_answer){.status = 503, .body = "\"memory exceeds threshold\""});
    if (strstr(visit->sql, "rows") == NULL)
        return tdrt_reset(visit);
    (void)tdrt_send(visit, TDRT_HEAD_CHUNKED, 0);
    (void)tdrt_send_chunk(visit, TDRT_START, sizeof TDRT_START - 1);
    return 0;
}

/* Three rows, whatever happened before. */
static int read_three(tdrest_conn *conn, const char *what)
{
    tdrest_result *res = NULL;
    int64_t rows = 0;
    char sql[64];
    int rc;

    snprintf(sql, sizeof sql, "select %s %d", what, run_number);
    rc = tdrt_told(tdrest_conn_error(conn), tdrest_query(conn, sql, TDREST_CSTR, NULL, &res));
    if (rc == TDREST_OK)
        rc = tdrt_told(tdrest_result_error(res), tdrt_dial_read(res, &rows));
    tdrest_result_free(res);
    return rc == TDREST_DONE ? (rows == 3 ? TDREST_OK : 1) : rc;
}

static int repeat(const char *what)
{
    tdrest_options *options = NULL;
    tdrest_conn *conn = NULL;
    char dsn[128];
    int rc = tdrest_options_new(&tdrt_memory, &options);

    run_number++;
    snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d/test?conn_retries=3&retry_backoff_ms=0", server.port);
    if (rc == TDREST_OK)
        rc = tdrt_told(tdrest_options_error(options), tdrest_options_parse(options, dsn));
    if (rc == TDREST_OK)
        rc = tdrt_told(tdrest_options_error(options), tdrest_conn_new(options, &conn));
    if (rc == TDREST_OK)
        rc = read_three(conn, what);
    tdrest_conn_free(conn);
    tdrest_options_free(options);
    return rc;
}

static int repeat_503(void) { return repeat("503"); }
static int repeat_reset(void) { return repeat("reset"); }
static int repeat_rows(void) { return repeat("rows"); }

/* ---- a probe ---- */

static int64_t clock_ms;

static int64_t read_clock(void *context)
{
    (void)context;
    return clock_ms;
}

/* The other host was set aside, and is due. */
static void set_aside(tdri_hosts *hosts, size_t index)
{
    tdri_host_pick pick = tdri_hosts_pick(hosts, &index, 0);

    tdri_hosts_tell(hosts, &pick, TDRI_HOST_BAD, -1);
    clock_ms += TDRI_HOST_ASIDE_MS;
}

/* Whether the host is asked rightly or not, the statement is answered by the one that serves. */
static int probe(void)
{
    static const tdri_clock clock = {read_clock, NULL};
    tdrest_options *options = NULL;
    tdri_hosts *hosts = NULL;
    tdrest_conn *conn = NULL;
    char list[64];
    tdrest_error err;
    int rc = tdrest_options_new(&tdrt_memory, &options);

    tdri_err_reset(&err);
    run_number++;
    snprintf(list, sizeof list, "127.0.0.1:%d,localhost:%d", server.port, server.port);
    if (rc == TDREST_OK)
        rc = tdrest_options_set(options, "host", list);
    if (rc == TDREST_OK)
        rc = tdrest_options_set(options, "conn_retries", "0");
    if (rc == TDREST_OK)
        rc = tdri_hosts_new(options, &clock, 1, &hosts);
    if (rc == TDREST_OK)
        rc = tdrt_told(&err, tdri_conn_make(options, hosts, &conn, &err));
    if (rc == TDREST_OK) {
        set_aside(hosts, 1 - conn->host);
        rc = read_three(conn, "well");
    }
    tdrest_conn_free(conn);
    tdri_hosts_release(hosts);
    tdrest_options_free(options);
    return rc;
}

static void at_every_allocation(void)
{
    server = (tdrt_server)TDRT_SERVER_INIT;
    CU_ASSERT_FATAL(tdrt_server_start(&server, answer, NULL));
    CU_ASSERT(tdrt_fail_each("repeat after 503", repeat_503));
    CU_ASSERT(tdrt_fail_each("repeat after a reset", repeat_reset));
    CU_ASSERT(tdrt_fail_each("repeat behind the columns", repeat_rows));
    CU_ASSERT(tdrt_fail_each("probe", probe));
    CHECK(tdrt_server_arrivals(&server, "select server_status()") > 10, "%d probes", tdrt_server_arrivals(&server, "select server_status()"));
    tdrt_server_stop(&server);
}

CU_TestInfo tdrt_oom_retry[] = {
    {"at every allocation", at_every_allocation},
    CU_TEST_INFO_NULL,
};
