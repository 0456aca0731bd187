/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The client's side of tests over the scripted server. */
#include "dial.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

enum { PATIENCE_MS = 60000 };

int64_t tdrt_now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void tdrt_dial_dsn(int port, const char *parameters, char *dsn, size_t cap)
{
    const char *more = parameters[0] == '?' ? parameters + 1 : parameters;
    const char *never = strstr(parameters, "retry=") == NULL ? "?retry=never" : "";

    snprintf(dsn, cap, "http://127.0.0.1:%d/test%s%s%s", port, never, *more == '\0' ? "" : *never != '\0' ? "&" : "?", more);
}

tdrest_conn *tdrt_dial(const tdrt_server *server, const char *parameters)
{
    char dsn[512], why[512];
    tdrest_conn *conn;

    tdrt_dial_dsn(server->port, parameters, dsn, sizeof dsn);
    if (tdrest_open(dsn, &conn, why, sizeof why) != TDREST_OK)
        CHECK(0, "%s: %s", dsn, why);
    CU_ASSERT_FATAL(conn != NULL);
    return conn;
}

tdrest_pool *tdrt_dial_pool(const tdrt_server *server, const char *parameters)
{
    tdrest_options *options = NULL;
    tdrest_pool *pool = NULL;
    char dsn[512];

    tdrt_dial_dsn(server->port, parameters, dsn, sizeof dsn);
    CU_ASSERT_FATAL(tdrest_options_new(NULL, &options) == TDREST_OK);
    if (tdrest_options_parse(options, dsn) != TDREST_OK || tdrest_pool_new(options, &pool) != TDREST_OK)
        CHECK(0, "%s: %s", dsn, tdrest_options_error(options)->message);
    tdrest_options_free(options);
    CU_ASSERT_FATAL(pool != NULL);
    return pool;
}

tdrest_result *tdrt_dial_query(tdrest_conn *conn, const char *sql, const tdrest_call *call)
{
    tdrest_result *res;

    if (tdrest_query(conn, sql, TDREST_CSTR, call, &res) != TDREST_OK)
        CHECK(0, "%s: %s", sql, tdrest_conn_error(conn)->message);
    CU_ASSERT_FATAL(res != NULL);
    return res;
}

int tdrt_dial_read(tdrest_result *res, int64_t *rows)
{
    int rc;

    for (*rows = 0; (rc = tdrest_result_next(res)) == TDREST_ROW; (*rows)++)
        ;
    return rc;
}

int tdrt_dial_ask(tdrest_conn *conn, const char *sql, const tdrest_call *call, int64_t *rows, tdrest_error *err)
{
    tdrest_result *res;
    int rc = tdrest_query(conn, sql, TDREST_CSTR, call, &res);

    *rows = 0;
    if (rc != TDREST_OK) {
        *err = *tdrest_conn_error(conn);
        return rc;
    }
    rc = tdrt_dial_read(res, rows);
    *err = *tdrest_result_error(res);
    tdrest_result_free(res);
    return rc;
}

void tdrt_dial_three(tdrest_conn *conn)
{
    tdrest_call call = TDREST_CALL_INIT;
    tdrest_error err;
    int64_t rows;
    int rc;

    call.timeout_ms = 0;
    call.stall_timeout_ms = PATIENCE_MS;
    rc = tdrt_dial_ask(conn, "select three", &call, &rows, &err);

    CHECK(rc == TDREST_DONE && rows == 3, "%d after %" PRId64 " rows: %s", rc, rows, err.message);
}

void tdrt_dial_serve(tdrt_server *server, tdrt_handler *handler)
{
    *server = (tdrt_server)TDRT_SERVER_INIT;
    CU_ASSERT_FATAL(tdrt_server_start(server, handler, NULL));
}

tdrest_options *tdrt_dial_options_of(const tdrt_server *a, const tdrt_server *b, const char *parameters)
{
    tdrest_options *options = NULL;
    char dsn[512];

    snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d,127.0.0.1:%d/test?%s", a->port, b->port, parameters);
    CU_ASSERT_FATAL(tdrest_options_new(NULL, &options) == TDREST_OK);
    CHECK(tdrest_options_parse(options, dsn) == TDREST_OK, "%s", tdrest_options_error(options)->message);
    return options;
}

tdrest_conn *tdrt_dial_both(const tdrt_server *a, const tdrt_server *b, const char *parameters)
{
    tdrest_options *options = tdrt_dial_options_of(a, b, parameters);
    tdrest_conn *out = NULL;

    CHECK_INT(tdrest_conn_new(options, &out), TDREST_OK);
    tdrest_options_free(options);
    CU_ASSERT_FATAL(out != NULL);
    return out;
}

tdrest_conn *tdrt_dial_new(tdrt_server *server, tdrt_handler *handler, const char *parameters)
{
    tdrt_dial_serve(server, handler);
    return tdrt_dial(server, parameters);
}

/* ---- waiting ---- */

/* A socket that was reset has no peer any more. */
static int is_connected_to(int fd, int port)
{
    struct sockaddr_in at;
    socklen_t len = sizeof at;
    int listens = 0;
    socklen_t listens_len = sizeof listens;

    if (getpeername(fd, (struct sockaddr *)&at, &len) == 0)
        return at.sin_family == AF_INET && ntohs(at.sin_port) == port;
    return errno == ENOTCONN && (len = sizeof at, getsockname(fd, (struct sockaddr *)&at, &len)) == 0 && at.sin_family == AF_INET &&
           getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &listens_len) == 0 && !listens;
}

void tdrt_await_input(const tdrt_server *server, int connections)
{
    const int64_t until = tdrt_now_ms() + PATIENCE_MS;
    int count = 0;

    for (; count < connections && tdrt_now_ms() < until; tdrt_pause(1)) {
        count = 0;
        for (int fd = 3; fd < 1024; fd++)
            count += is_connected_to(fd, server->port) && poll(&(struct pollfd){fd, POLLIN, 0}, 1, 0) == 1;
    }
    CHECK(count >= connections, "%d of %d connections have something to be read", count, connections);
}

#if defined(__linux__)
long tdrt_thread_id(void)
{
    return (long)syscall(SYS_gettid);
}

/* How often it was taken off a processor while it sleeps; -1 while it does not, -2 when the system does not tell. */
static long long switches_of(long thread)
{
    char path[64], line[128];
    long long sum = 0, count;
    int sleeps = 0;
    FILE *file;

    snprintf(path, sizeof path, "/proc/self/task/%ld/status", thread);
    file = fopen(path, "r");
    if (file == NULL)
        return -2;
    while (fgets(line, sizeof line, file) != NULL) {
        const char *at = strstr(line, "voluntary_ctxt_switches:");

        sleeps |= strncmp(line, "State:\tS", 8) == 0;
        sum += at != NULL && sscanf(at, "voluntary_ctxt_switches: %lld", &count) == 1 ? count : 0;
    }
    fclose(file);
    return sleeps ? sum : -1;
}
#else
long tdrt_thread_id(void)
{
    return 0;
}

static long long switches_of(long thread)
{
    (void)thread;
    return -2;
}
#endif

void tdrt_await_asleep(long thread)
{
    enum { QUIET = 20 };
    const int64_t until = tdrt_now_ms() + PATIENCE_MS;
    long long before = -1;

    for (int quiet = 0; quiet < QUIET && tdrt_now_ms() < until; tdrt_pause(1)) {
        long long now = switches_of(thread);

        if (now == -2) {
            tdrt_pause(200);
            return;
        }
        quiet = now >= 0 && now == before ? quiet + 1 : 0;
        before = now;
    }
}

int tdrt_starts(const tdrt_visit *visit, const char *with)
{
    return strncmp(visit->sql, with, strlen(with)) == 0;
}

int tdrt_send_three(const tdrt_visit *visit)
{
    return tdrt_send_answer(visit, &(tdrt_answer){.body = TDRT_THREE, .chunk = 16});
}

int tdrt_send_ready(const tdrt_visit *visit)
{
    return tdrt_starts(visit, "select server_status()") ? tdrt_send_answer(visit, &(tdrt_answer){.body = TDRT_READY}) : tdrt_send_three(visit);
}
