/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Event loops of programs: requests that are driven by hooks alone, hooks that fail, and loops that have nothing to do. */
#include "async_dial.h"
#include "polling.h"

#if defined(__linux__)
#include <sys/epoll.h>
#include <unistd.h>
#endif

enum { JOBS = 200 };

static tdrt_server server;
static tdrest_async *async;
static tdrt_job jobs[JOBS];

static int answer(const tdrt_visit *visit)
{
    if (tdrt_starts(visit, "select silent"))
        tdrt_pause(30000);
    return tdrt_send_three(visit) && visit->request % 3 != 0; /* its connections close, and their numbers come again */
}

static void begin(const char *parameters)
{
    async = tdrt_async_dial_new(&server, answer, parameters);
}

static void finish(void)
{
    tdrest_async_free(async);
    tdrt_server_stop(&server);
}

static void check_all(int count)
{
    int good = 0;

    for (int i = 0; i < count; i++)
        good += jobs[i].ends == 1 && jobs[i].err.code == 0 && jobs[i].rows == 3;
    CHECK(good == count, "%d of %d; the first: %d ends, %s", good, count, jobs[0].ends, jobs[0].err.message);
}

/* ---- poll ---- */

static void run_polling(tdrt_polling *p)
{
    int64_t until = tdrt_now_ms() + 60000;

    while (tdrest_async_count(async) > 0 && tdrt_now_ms() < until)
        CHECK(tdrt_polling_turn(p, 1000) >= 0, "%s", tdrest_async_error(async)->message);
}

static void with_poll(void)
{
    static tdrt_polling p;

    p = (tdrt_polling){.fail_at = 0};
    begin("?max_per_host=8&retry=auto"); /* connections die under requests */
    tdrt_polling_hook(&p, async);
    CHECK_INT(tdrest_async_run(async, 0), TDREST_EUSAGE);
    for (int i = 0; i < JOBS; i++)
        tdrt_async_query(async, "select three", NULL, &jobs[i]);
    run_polling(&p);
    check_all(JOBS);
    tdrest_async_free(async);
    CHECK(p.count == 0, "%d descriptors are still watched", (int)p.count);
    CHECK(p.due_ms == -1, "%s", "the timer is still set");
    tdrt_server_stop(&server);
}

/* ---- epoll ---- */

#if defined(__linux__)
static int poller;
static int64_t epoll_due_ms;

static int watch_by_epoll(void *context, int fd, int events)
{
    struct epoll_event e = {.events = (events & TDREST_SOCKET_READ ? (uint32_t)EPOLLIN : 0u) | (events & TDREST_SOCKET_WRITE ? (uint32_t)EPOLLOUT : 0u)};

    (void)context;
    e.data.fd = fd;
    if (events == 0) {
        (void)epoll_ctl(poller, EPOLL_CTL_DEL, fd, &e);
        return 0;
    }
    return epoll_ctl(poller, EPOLL_CTL_MOD, fd, &e) == 0 ? 0 : epoll_ctl(poller, EPOLL_CTL_ADD, fd, &e);
}

static void set_epoll_timer(void *context, int64_t ms)
{
    (void)context;
    epoll_due_ms = ms < 0 ? -1 : tdrt_now_ms() + ms;
}

static void turn_epoll(void)
{
    struct epoll_event hits[16];
    int64_t now = tdrt_now_ms(), left = epoll_due_ms < 0 ? 1000 : epoll_due_ms > now ? epoll_due_ms - now : 0;
    int count = epoll_wait(poller, hits, 16, left < 1000 ? (int)left : 1000);

    for (int i = 0; i < count; i++) {
        uint32_t e = hits[i].events;
        int both = (e & (EPOLLHUP | EPOLLERR)) != 0;

        CHECK(tdrest_async_socket_event(async, hits[i].data.fd, (e & EPOLLIN || both ? TDREST_SOCKET_READ : 0) | (e & EPOLLOUT || both ? TDREST_SOCKET_WRITE : 0)) >= 0,
              "%s", tdrest_async_error(async)->message);
    }
    if (epoll_due_ms >= 0 && tdrt_now_ms() >= epoll_due_ms) {
        epoll_due_ms = -1;
        CHECK(tdrest_async_timeout_event(async) >= 0, "%s", tdrest_async_error(async)->message);
    }
}

static void with_epoll(void)
{
    tdrest_async_hooks hooks = TDREST_ASYNC_HOOKS_INIT;
    int64_t until = tdrt_now_ms() + 60000;

    begin("?max_per_host=8&retry=auto"); /* connections die under requests */
    poller = epoll_create1(0);
    CU_ASSERT_FATAL(poller >= 0);
    hooks.socket = watch_by_epoll;
    hooks.timer = set_epoll_timer;
    epoll_due_ms = -1;
    CHECK_INT(tdrest_async_set_hooks(async, &hooks, NULL), TDREST_OK);
    for (int i = 0; i < JOBS; i++)
        tdrt_async_query(async, "select three", NULL, &jobs[i]);
    while (tdrest_async_count(async) > 0 && tdrt_now_ms() < until)
        turn_epoll();
    check_all(JOBS);
    finish();
    close(poller);
}
#endif

/* ---- time ---- */

/* The server is silent: only the timer hook can tell that the time is up. Then there is nothing to do, and nobody is woken. */
static void deadline_and_idleness(void)
{
    static tdrt_polling p;
    tdrest_call call = TDREST_CALL_INIT;
    int64_t from;
    int wakes;

    p = (tdrt_polling){.fail_at = 0};
    call.timeout_ms = 300;
    begin("");
    tdrt_polling_hook(&p, async);
    from = tdrt_now_ms();
    tdrt_async_query(async, "select silent", &call, &jobs[0]);
    run_polling(&p);
    CHECK(jobs[0].ends == 1 && jobs[0].err.code == TDREST_ETIMEOUT, "%d ends, %s", jobs[0].ends, jobs[0].err.message);
    CHECK(jobs[0].ended_ms - from >= 299, "after %d ms", (int)(jobs[0].ended_ms - from));
    tdrt_async_query(async, "select three", NULL, &jobs[0]);
    run_polling(&p);
    check_all(1);
    for (int i = 0; i < 20 && (p.due_ms >= 0 || p.count > 0); i++) /* what libcurl still has to say of the connection that is kept */
        (void)tdrt_polling_turn(&p, 50);
    wakes = p.wakes;
    for (int i = 0; i < 5; i++)
        (void)tdrt_polling_turn(&p, 100);
    CHECK(p.wakes == wakes, "%d wake-ups while there is nothing to do", p.wakes - wakes);
    finish();
}

/* ---- hooks that fail ---- */

/* Each call of the hook fails once: one request ends with it, the others are answered. */
static void failing_hooks(void)
{
    static tdrt_polling p;
    int n = 0, ended_by_it;

    begin("?max_per_host=2&retry=auto");
    do {
        n++;
        p = (tdrt_polling){.fail_at = n};
        tdrest_async_free(async);
        async = tdrt_async_dial(server.port, "?max_per_host=2&retry=auto");
        tdrt_polling_hook(&p, async);
        for (int i = 0; i < 5; i++)
            tdrt_async_query(async, "select three", NULL, &jobs[i]);
        run_polling(&p);
        ended_by_it = 0;
        for (int i = 0; i < 5; i++) {
            CHECK(jobs[i].ends == 1, "%d: %d ends", i, jobs[i].ends);
            if (jobs[i].err.code != 0) {
                ended_by_it++;
                CHECK(jobs[i].err.code == TDREST_ECANCELLED && strstr(jobs[i].err.message, "hook") != NULL, "%s", jobs[i].err.message);
            }
        }
        CHECK(ended_by_it <= p.refused, "%d ended for %d refusals", ended_by_it, p.refused);
    } while (p.refused > 0 && n < 200);
    CHECK(n > 3, "the hook was called %d times", n);
    finish();
}

/* Descriptors that the object does not know, and events that come for nothing. */
static void stray_events(void)
{
    static tdrt_polling p;

    p = (tdrt_polling){.fail_at = 0};
    begin("");
    tdrt_polling_hook(&p, async);
    CHECK_INT(tdrest_async_socket_event(async, 9999, TDREST_SOCKET_READ), TDREST_DONE);
    CHECK_INT(tdrest_async_socket_event(async, -1, TDREST_SOCKET_WRITE), TDREST_DONE);
    tdrt_async_query(async, "select three", NULL, &jobs[0]);
    for (int i = 0; i < 10; i++)
        CHECK_INT(tdrest_async_timeout_event(async) < 0, 0);
    run_polling(&p);
    check_all(1);
    finish();
}

CU_TestInfo tdrt_loops[] = {
    {"with poll", with_poll},
#if defined(__linux__)
    {"with epoll", with_epoll},
#endif
    {"deadline and idleness", deadline_and_idleness},
    {"failing hooks", failing_hooks},
    {"stray events", stray_events},
    CU_TEST_INFO_NULL,
};
