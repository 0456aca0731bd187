/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Statements that run in a libuv loop, next to whatever else the program does in it. The hooks only tell the loop what to wait for. */
#include <stdio.h>
#include <stdlib.h>
#include <tdrest.h>
#include <uv.h>

enum { TABLES = 100 };

/* One for each descriptor that is watched. */
typedef struct watch {
    uv_poll_t poll; /* the first member: a handle is its watch */
    int fd;
    struct watch *next;
} watch;

typedef struct app {
    uv_loop_t loop;
    uv_timer_t timer;
    tdrest_async *async;
    watch *watches;
    int inserted, failed, broken;
    long long rows;
} app;

/* ---- the loop calls the library ---- */

static void note(app *a, int rc)
{
    if (rc < 0 && !a->broken++)
        fprintf(stderr, "%s\n", tdrest_async_error(a->async)->message);
    if (rc != TDREST_OK) /* no request is left; a program that has more to do goes on */
        uv_stop(&a->loop);
}

/* An error shows when the library reads or writes. */
static void on_poll(uv_poll_t *poll, int status, int events)
{
    app *a = (app *)poll->data;
    int happened = 0;

    if (status < 0 || events & UV_READABLE)
        happened |= TDREST_SOCKET_READ;
    if (status < 0 || events & UV_WRITABLE)
        happened |= TDREST_SOCKET_WRITE;
    note(a, tdrest_async_socket_event(a->async, ((watch *)poll)->fd, happened));
}

static void on_timeout(uv_timer_t *timer)
{
    app *a = (app *)timer->data;

    note(a, tdrest_async_timeout_event(a->async));
}

/* ---- the library calls the hooks ---- */

static void free_watch(uv_handle_t *handle)
{
    free(handle);
}

/* Closed now, since the descriptor may come again at once; freed when libuv is through with it. */
static void unwatch(watch **at)
{
    watch *w = *at;

    *at = w->next;
    uv_poll_stop(&w->poll);
    uv_close((uv_handle_t *)&w->poll, free_watch);
}

static int watch_socket(void *context, int fd, int events)
{
    app *a = (app *)context;
    watch **at = &a->watches, *w;

    while (*at != NULL && (*at)->fd != fd)
        at = &(*at)->next;
    if (events == TDREST_SOCKET_NONE) {
        if (*at != NULL)
            unwatch(at);
        return 0;
    }
    w = *at;
    if (w == NULL) {
        w = (watch *)calloc(1, sizeof *w);
        if (w == NULL || uv_poll_init(&a->loop, &w->poll, fd) != 0) {
            free(w);
            return -1;
        }
        w->poll.data = a;
        w->fd = fd;
        *at = w;
    }
    return uv_poll_start(&w->poll, (events & TDREST_SOCKET_READ ? UV_READABLE : 0) | (events & TDREST_SOCKET_WRITE ? UV_WRITABLE : 0), on_poll);
}

/* libuv counts from when the loop last looked at the clock. */
static void set_timer(void *context, int64_t ms)
{
    app *a = (app *)context;

    uv_update_time(&a->loop);
    if (ms < 0)
        uv_timer_stop(&a->timer);
    else
        uv_timer_start(&a->timer, on_timeout, (uint64_t)ms, 0);
}

/* ---- what the program does ---- */

static void inserted(void *user, tdrest_request *request, const tdrest_error *error)
{
    app *a = (app *)user;

    (void)request;
    if (error->code == TDREST_OK)
        a->inserted++;
    else if (a->failed++ == 0)
        fprintf(stderr, "%s\n", error->message);
}

static void count_rows(void *user, tdrest_request *request, tdrest_result *rows)
{
    (void)request;
    while (tdrest_result_next(rows) == TDREST_ROW)
        ((app *)user)->rows++;
}

static void run_all(app *a)
{
    tdrest_async_callbacks inserting = TDREST_ASYNC_CALLBACKS_INIT, reading = TDREST_ASYNC_CALLBACKS_INIT;
    const char *create = "CREATE STABLE IF NOT EXISTS looped(ts TIMESTAMP, v INT) TAGS(n INT)";
    char sql[128];

    inserting.end = inserted;
    reading.rows = count_rows;
    note(a, tdrest_async_exec(a->async, create, TDREST_CSTR, NULL, NULL, NULL, NULL));
    uv_run(&a->loop, UV_RUN_DEFAULT);
    for (int i = 0; i < TABLES; i++) {
        snprintf(sql, sizeof sql, "INSERT INTO looped%d USING looped TAGS(%d) VALUES(1700000000000, %d)", i, i, i * i);
        note(a, tdrest_async_exec(a->async, sql, TDREST_CSTR, NULL, &inserting, a, NULL));
    }
    uv_run(&a->loop, UV_RUN_DEFAULT);
    note(a, tdrest_async_query(a->async, "SELECT * FROM looped", TDREST_CSTR, NULL, &reading, a, NULL));
    uv_run(&a->loop, UV_RUN_DEFAULT);
}

static int open_async(app *a, const char *dsn)
{
    tdrest_async_hooks hooks = TDREST_ASYNC_HOOKS_INIT;
    tdrest_options *options = NULL;
    int rc = tdrest_options_new(NULL, &options);

    hooks.socket = watch_socket;
    hooks.timer = set_timer;
    if (rc == TDREST_OK)
        rc = tdrest_options_parse(options, dsn);
    if (rc == TDREST_OK)
        rc = tdrest_async_new(options, &a->async);
    if (rc == TDREST_OK)
        rc = tdrest_async_set_hooks(a->async, &hooks, a);
    if (rc != TDREST_OK)
        fprintf(stderr, "%s\n", a->async != NULL ? tdrest_async_error(a->async)->message : tdrest_options_error(options)->message);
    tdrest_options_free(options);
    return rc;
}

int main(int argc, char **argv)
{
    static app a;

    if (uv_loop_init(&a.loop) != 0 || uv_timer_init(&a.loop, &a.timer) != 0)
        return 1;
    a.timer.data = &a;
    if (open_async(&a, argc > 1 ? argv[1] : "http://root:taosdata@localhost:6041/test") == TDREST_OK)
        run_all(&a);
    else
        a.broken = 1;
    tdrest_async_free(a.async); /* calls the hooks for the last time */
    uv_close((uv_handle_t *)&a.timer, NULL);
    uv_run(&a.loop, UV_RUN_DEFAULT); /* the close callbacks */
    printf("%d statements written, %d failed; %lld rows read\n", a.inserted, a.failed, a.rows);
    return uv_loop_close(&a.loop) != 0 || a.broken || a.failed > 0;
}
