/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The header Keep-Alive, and what it does to a connection. */
#include "dial.h"

#include "net/keep_alive.h"

static void lines(void)
{
    static const struct { const char *line; int64_t seconds; } table[] = {
        {"Keep-Alive: timeout=5", 5}, {"keep-alive:TIMEOUT=5, max=100\r\n", 5}, {"Keep-Alive: max=100, timeout=75", 75}, {"Keep-Alive: timeout=0", 0},
        {"Keep-Alive: max=100,timeout=7 \r\n", 7}, {"Keep-Alive: timeout=999999999999999999999999999999", TDRI_KEEP_ALIVE_MAX_S},
        {"Keep-Alive: timeout=1000001", TDRI_KEEP_ALIVE_MAX_S}, {"Keep-Alive: timeout=999999", 999999},
        {"Keep-Alive: timeout=", -1}, {"Keep-Alive: timeout=-5", -1}, {"Keep-Alive: timeout=5s", -1}, {"Keep-Alive: timeout", -1},
        {"Keep-Alive: max=100", -1}, {"Keep-Alive:", -1}, {"Keep-Alive", -1}, {"", -1}, {"Keep-Alive: mytimeout=5", -1},
        {"Connection: timeout=5", -1}, {"Keep-Alive: timeout=5.5", -1}, {"Keep-Alive: ,,", -1},
    };

    for (size_t i = 0; i < COUNT_OF(table); i++) {
        int64_t seconds = tdri_keep_alive_s(table[i].line, strlen(table[i].line));

        CHECK(seconds == table[i].seconds, "%s: %" PRId64, table[i].line, seconds);
    }
}

/* "select keepN": the answer says that the connection is kept for N seconds. It is kept for longer, so what ends it is the client. */
static int answer(const tdrt_visit *visit)
{
    char fields[160];

    if (!tdrt_starts(visit, "select keep"))
        return tdrt_send_three(visit);
    snprintf(fields, sizeof fields, "Content-Type: application/json\r\nKeep-Alive: timeout=%s\r\n", visit->sql + strlen("select keep"));
    return tdrt_send_answer(visit, &(tdrt_answer){.fields = fields, .body = TDRT_THREE});
}

/* A connection is not used any more in the last second before the server would close it. */
static void connections(void)
{
    static const struct { const char *sql; int wait_ms, tcp; } table[] = {
        {"select keep1", 0, 2}, {"select keep30", 0, 1}, {"select keep2", 1100, 2}, {"select keep60", 1100, 1}, {"select keepx", 1100, 1},
    };

    for (size_t i = 0; i < COUNT_OF(table); i++) {
        tdrt_server server;
        tdrest_conn *conn = tdrt_dial_new(&server, answer, "");
        tdrest_error err;
        int64_t rows;

        CHECK_INT(tdrt_dial_ask(conn, table[i].sql, NULL, &rows, &err), TDREST_DONE);
        tdrt_pause(table[i].wait_ms);
        tdrt_dial_three(conn);
        CHECK(atomic_load(&server.counts->connections) == table[i].tcp, "%s, %d ms later: %d connections", table[i].sql, table[i].wait_ms,
              atomic_load(&server.counts->connections));
        tdrt_dial_three(conn); /* whose answer does not say */
        CHECK_INT(atomic_load(&server.counts->connections), table[i].tcp);
        tdrest_conn_free(conn);
        tdrt_server_stop(&server);
    }
}

CU_TestInfo tdrt_keep_alive[] = {
    {"lines", lines},
    {"connections", connections},
    CU_TEST_INFO_NULL,
};
