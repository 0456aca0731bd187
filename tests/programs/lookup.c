/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * A name lookup that hangs: limits and cancel hold, freeing does not wait, the
 * next call works. Knows only the public header. Prints "N passed, N failed".
 */
#include "names.h"
#include "serve.h"

#include <tdrest.h>

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NAME "host.slow.test"
#define JSON_TYPE "application/json; charset=utf-8"

/* Milliseconds: the limits given, how long a lookup hangs, which has to be waited for where it cannot be cut short, and what counts as at once, on a busy machine too. */
enum { LIMIT = 400, HANGS = 60000, HANGS_WHOLE = 2000, AT_ONCE = 10000 };

static int interruptible, hangs, passed, failed, port;

static void nap(int ms)
{
    struct timespec left = {ms / 1000, ms % 1000 * 1000000L};

    while (nanosleep(&left, &left) != 0)
        ;
}

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

__attribute__((format(printf, 2, 3))) static void check(int good, const char *what, ...)
{
    va_list arguments;

    *(good ? &passed : &failed) += 1;
    fputs(good ? "ok      " : "FAILED  ", stdout);
    va_start(arguments, what);
    vprintf(what, arguments);
    va_end(arguments);
    putchar('\n');
}

static tdrest_conn *open_with(const char *parameters)
{
    char dsn[256], why[512];
    tdrest_conn *conn;

    snprintf(dsn, sizeof dsn, "http://" NAME ":%d/test?retry=never%s%s", port, parameters[0] == '?' ? "&" : "", parameters[0] == '?' ? parameters + 1 : parameters);
    if (tdrest_open(dsn, &conn, why, sizeof why) != TDREST_OK) {
        fprintf(stderr, "%s: %s\n", dsn, why);
        exit(2);
    }
    return conn;
}

static void check_error(const char *what, const tdrest_conn *conn, int code)
{
    const tdrest_error *e = tdrest_conn_error(conn);

    check(e->code == code, "%s: code %d (%s)", what, e->code, e->message);
    check(e->phase == TDREST_PHASE_CONNECT, "%s: phase %d", what, e->phase);
    check(e->repeat == TDREST_REPEAT_SAFE && e->ran == TDREST_RAN_NO, "%s: repeat %d, ran %d", what, e->repeat, e->ran);
}

/* With lookups that are quick again, the connection serves as if nothing had been. Its connect limit may be too short for a machine that is busy now. */
static void check_next(const char *what, tdrest_conn *conn)
{
    tdrest_call call = TDREST_CALL_INIT;
    int64_t affected = 0;
    int rc, tries = 0;

    atomic_store(&tdrt_names_slow_ms, 0);
    call.timeout_ms = 0;
    do
        rc = tdrest_exec(conn, "insert into t values (1)", TDREST_CSTR, &call, &affected);
    while (rc == TDREST_ETIMEOUT && ++tries < 20);
    check(rc == TDREST_OK && affected == 3, "%s: the next call answers %d: %s", what, rc, tdrest_conn_error(conn)->message);
}

/* Frees a connection whose lookup may still hang somewhere. */
static void check_free(const char *what, tdrest_conn *conn)
{
    int64_t from = now_ms(), took;

    tdrest_conn_free(conn);
    took = now_ms() - from;
    check(took < AT_ONCE || !interruptible, "%s: freed in %d ms", what, (int)took);
}

/* Where a lookup cannot be cut short, a limit holds when it returns. Clocks are rounded, so a limit may seem a little early. */
static int in_time(int64_t took, int limit)
{
    return took >= limit - 5 && took <= limit + AT_ONCE + (interruptible ? 0 : hangs);
}

static void limit(const char *what, const char *parameters)
{
    tdrest_conn *conn = open_with(parameters);
    tdrest_result *res;
    int64_t from = now_ms(), took;
    int rc;

    atomic_store(&tdrt_names_slow_ms, hangs);
    rc = tdrest_query(conn, "select 1", TDREST_CSTR, NULL, &res);
    took = now_ms() - from;
    check(rc == TDREST_ETIMEOUT && res == NULL && in_time(took, LIMIT), "%s: %d after %d ms", what, rc, (int)took);
    check_error(what, conn, TDREST_ETIMEOUT);
    check_next(what, conn);
    check_free(what, conn);
}

/* The limit passes, and nothing else is asked of the connection. */
static void limit_then_free(void)
{
    tdrest_conn *conn = open_with("?timeout_ms=50");
    int rc;

    atomic_store(&tdrt_names_slow_ms, hangs);
    rc = tdrest_conn_ping(conn, NULL);
    check(rc == TDREST_ETIMEOUT, "free after a limit: ping answers %d", rc);
    check_free("free after a limit", conn);
}

typedef struct canceller {
    tdrest_conn *conn;
    int asked;     /* lookups before the one in which it is cancelled */
    int64_t at_ms; /* when cancel was called */
} canceller;

static void *cancel_in_the_lookup(void *context)
{
    canceller *c = (canceller *)context;

    for (int i = 0; i < HANGS / 2 && atomic_load(&tdrt_names_asked) == c->asked; i++)
        nap(1);
    c->at_ms = now_ms();
    tdrest_conn_cancel(c->conn);
    return NULL;
}

static void cancel(void)
{
    canceller c = {open_with(""), atomic_load(&tdrt_names_asked), 0};
    tdrest_result *res;
    pthread_t thread;
    int64_t took;
    int rc;

    atomic_store(&tdrt_names_slow_ms, hangs);
    if (pthread_create(&thread, NULL, cancel_in_the_lookup, &c) != 0)
        exit(2);
    rc = tdrest_query(c.conn, "select 1", TDREST_CSTR, NULL, &res);
    took = now_ms();
    pthread_join(thread, NULL);
    took -= c.at_ms;
    check(rc == TDREST_ECANCELLED && res == NULL, "cancel: answers %d", rc);
    check(took >= 0 && took <= AT_ONCE + (interruptible ? 0 : hangs), "cancel: %d ms", (int)took);
    check_error("cancel", c.conn, TDREST_ECANCELLED);
    check_next("cancel", c.conn);
    check_free("cancel", c.conn);
}

/* The lookup that was given up returns while the connection is in its next lookup: the two do not get mixed up. */
static void two_lookups(void)
{
    tdrest_conn *conn = open_with("");
    tdrest_call call = TDREST_CALL_INIT;
    tdrest_result *res;
    int64_t affected, from;
    int rc;

    call.timeout_ms = LIMIT;
    atomic_store(&tdrt_names_slow_ms, 2 * LIMIT);
    rc = tdrest_query(conn, "select 1", TDREST_CSTR, &call, &res);
    check(rc == TDREST_ETIMEOUT, "two lookups: the first answers %d", rc);
    atomic_store(&tdrt_names_slow_ms, 4 * LIMIT);
    from = now_ms();
    rc = tdrest_exec(conn, "insert into t values (1)", TDREST_CSTR, NULL, &affected);
    check(rc == TDREST_OK, "two lookups: the second answers %d after %d ms: %s", rc, (int)(now_ms() - from), tdrest_conn_error(conn)->message);
    check_free("two lookups", conn);
}

int main(void)
{
    static const tdrt_reply replies[] = {
        {"insert", 200, JSON_TYPE, "{\"code\":0,\"column_meta\":[[\"affected_rows\",\"INT\",4]],\"data\":[[3]],\"rows\":1}", 0, -1, 0},
    };
    pid_t server = tdrt_serve_start(replies, 1, &port);
    tdrest_conn *conn;

    if (server < 0)
        return 2;
    interruptible = strstr(tdrest_version(), "lookup=interruptible") != NULL;
    hangs = interruptible ? HANGS : HANGS_WHOLE;
    printf("%s\n", tdrest_version());
    conn = open_with("");
    check_next("quick lookup", conn);
    tdrest_conn_free(conn);
    if (atomic_load(&tdrt_names_asked) == 0) {
        puts("skipped: this libcurl looks names up without getaddrinfo");
    } else {
        limit("connect_timeout_ms", "?connect_timeout_ms=400");
        limit("timeout_ms", "?timeout_ms=400");
        limit_then_free();
        cancel();
        two_lookups();
    }
    tdrt_serve_stop(server);
    atomic_store(&tdrt_names_slow_ms, -1); /* those that still hang */
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0;
}
