/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A pool over the scripted server, for tests of one thread. */
#include "pooled.h"

#include "client/pool.h"

tdrt_server tdrt_pool_server;
tdrest_pool *tdrt_the_pool;
int64_t tdrt_pool_ms;

static int answer_ping(const tdrt_visit *visit, const tdrt_manners *m)
{
    char body[160];

    if (m->mute_pings && visit->connection == 1)
        return tdrt_hold(visit);
    snprintf(body, sizeof body, "{\"code\":0,\"column_meta\":[[\"server_status()\",\"INT\",4]],\"data\":[[%s]],\"rows\":1}", m->ready == NULL ? "1" : m->ready);
    return tdrt_send_answer(visit, &(tdrt_answer){.body = body});
}

static int answer(const tdrt_visit *visit)
{
    if (tdrt_starts(visit, "select server_status"))
        return answer_ping(visit, (const tdrt_manners *)visit->context);
    if (tdrt_starts(visit, "select refused"))
        return tdrt_send_answer(visit, &(tdrt_answer){.body = "{\"code\":9731,\"desc\":\"Table does not exist\"}"});
    if (tdrt_starts(visit, "select login"))
        return tdrt_send_answer(visit, &(tdrt_answer){.body = "{\"code\":855,\"desc\":\"Authentication failure\"}"});
    if (tdrt_starts(visit, "select cut"))
        return tdrt_send_answer(visit, &(tdrt_answer){.body = TDRT_THREE, .end = TDRT_CLOSED, .cut = 10});
    if (tdrt_starts(visit, "select wrong"))
        return tdrt_send_answer(visit, &(tdrt_answer){.body = TDRT_INTS("[1],[2],[3]") ",\"rows\":4}"});
    if (tdrt_starts(visit, "select gateway"))
        return tdrt_send_answer(visit, &(tdrt_answer){.status = 502, .fields = "Content-Type: text/html\r\n", .body = "<html>"});
    if (tdrt_starts(visit, "select tail")) /* the answer ends within 5 ms */
        return tdrt_send_answer(visit, &(tdrt_answer){.body = TDRT_THREE, .chunk = 16, .pause_ms = 5, .pause_at = sizeof TDRT_THREE - 1});
    if (tdrt_starts(visit, "select slow"))
        return tdrt_send_answer(visit, &(tdrt_answer){.body = TDRT_THREE, .chunk = 16, .pause_ms = 30000, .pause_at = sizeof TDRT_START "[1]," - 1});
    if (tdrt_starts(visit, "select junk"))
        return tdrt_send_three(visit) && (tdrt_wait_for_gate(visit), 1) && tdrt_send(visit, "HTTP/1.1 408 X\r\n\r\n", 0);
    if (tdrt_starts(visit, "select brief")) { /* closed after the answer */
        (void)tdrt_send_three(visit);
        tdrt_wait_for_gate(visit);
        return 0;
    }
    return tdrt_send_three(visit);
}

static int64_t read_clock(void *context)
{
    return *(int64_t *)context;
}

void tdrt_pool_begin_with(const char *parameters, tdrt_manners m)
{
    static tdrt_manners kept;

    kept = m;
    tdrt_pool_ms = 1000000;
    tdrt_pool_server = (tdrt_server)TDRT_SERVER_INIT;
    CU_ASSERT_FATAL(tdrt_server_start(&tdrt_pool_server, answer, &kept));
    tdrt_the_pool = tdrt_dial_pool(&tdrt_pool_server, parameters);
    tdrt_the_pool->clock = (tdri_clock){read_clock, &tdrt_pool_ms};
}

void tdrt_pool_begin(const char *parameters)
{
    tdrt_pool_begin_with(parameters, (tdrt_manners){0, NULL});
}

void tdrt_pool_finish(void)
{
    tdrest_pool_free(tdrt_the_pool);
    tdrt_server_stop(&tdrt_pool_server);
}

tdrest_conn *tdrt_pool_get(void)
{
    tdrest_error err = TDREST_ERROR_INIT;
    tdrest_conn *conn;
    int rc = tdrest_pool_get(tdrt_the_pool, 0, &err, &conn);

    CHECK(rc == TDREST_OK && err.code == 0, "%d: %s", rc, err.message);
    CU_ASSERT_FATAL(conn != NULL);
    CHECK_INT(tdrest_conn_error(conn)->code, 0);
    return conn;
}

void tdrt_pool_run(const char *sql, int expected)
{
    tdrest_conn *conn = tdrt_pool_get();
    tdrest_error err;
    int64_t rows;

    CHECK_INT(tdrt_dial_ask(conn, sql, NULL, &rows, &err), expected);
    tdrest_pool_put(tdrt_the_pool, conn);
}

void tdrt_pool_burst(int count, const char *sql)
{
    tdrest_conn *out[64];
    tdrest_error err;
    int64_t rows;

    for (int i = 0; i < count; i++)
        out[i] = tdrt_pool_get();
    for (int i = 0; i < count; i++)
        CHECK_INT(tdrt_dial_ask(out[i], sql, NULL, &rows, &err), TDREST_DONE);
    for (int i = 0; i < count; i++)
        tdrest_pool_put(tdrt_the_pool, out[i]);
}

int tdrt_pool_tcp(void)
{
    return atomic_load(&tdrt_pool_server.counts->connections);
}

tdrest_pool_counts tdrt_pool_stats(void)
{
    tdrest_pool_counts c = TDREST_POOL_COUNTS_INIT;

    CHECK_INT(tdrest_pool_stats(tdrt_the_pool, &c), TDREST_OK);
    CHECK_INT(c.made, c.in_use + c.idle + c.closed_failed + c.closed_stale + c.closed_idle + c.closed_lifetime + c.closed_freed);
    CHECK_INT(c.size, sizeof c);
    return c;
}
