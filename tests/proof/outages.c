/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Kills, and what brings back. The process that is killed ends with whoever started it. */
#include "outages.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include <tdrest.h>

enum { FIRST_PORT = 10000, PORT_GROUPS = 4000, START_MS = 60000, STARTS = 50 };

int64_t tdrt_clock_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void tdrt_sleep_ms(int64_t ms)
{
    struct timespec t = {(time_t)(ms / 1000), (long)(ms % 1000) * 1000000};

    nanosleep(&t, NULL);
}

static int below(tdrt_cluster *c, int limit)
{
    c->random = c->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int)((c->random >> 33) % (uint64_t)limit);
}

/* ---- the process ---- */

static void become(const tdrt_cluster *c, int out)
{
    char ports[TDRT_ADDRESSES][16];
    const char *arguments[2 * TDRT_ADDRESSES + 6];
    int n = 0;

#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
    arguments[n++] = c->program;
    arguments[n++] = "--quiet";
    arguments[n++] = "--faults";
    arguments[n++] = "--data";
    arguments[n++] = c->file;
    for (int i = 0; i < TDRT_ADDRESSES; i++) {
        (void)snprintf(ports[i], sizeof ports[i], "%d", c->port + i);
        arguments[n++] = "--port";
        arguments[n++] = ports[i];
    }
    arguments[n] = NULL;
    if (dup2(out, STDOUT_FILENO) >= 0)
        execv(c->program, (char **)(uintptr_t)arguments);
    _exit(127);
}

/* Its first line says that it serves; the end of its output that it does not. */
static int hear_line(int from)
{
    struct pollfd p = {from, POLLIN, 0};
    int64_t end = tdrt_clock_ms() + START_MS;
    char byte = 0;

    while (byte != '\n' && tdrt_clock_ms() < end)
        if (poll(&p, 1, 1000) > 0 && read(from, &byte, 1) != 1)
            return 0;
    return byte == '\n';
}

static void reap(tdrt_cluster *c)
{
    if (c->pid <= 0)
        return;
    kill(c->pid, SIGKILL);
    waitpid(c->pid, NULL, 0);
    c->pid = 0;
}

static int launch(tdrt_cluster *c)
{
    int pair[2], good;

    if (pipe(pair) != 0)
        return 0;
    c->pid = fork();
    if (c->pid == 0)
        become(c, pair[1]);
    close(pair[1]);
    good = c->pid > 0 && hear_line(pair[0]);
    close(pair[0]);
    if (!good)
        reap(c);
    return good;
}

int tdrt_cluster_start(tdrt_cluster *c)
{
    for (int i = 0; i < STARTS; i++) {
        size_t len = 0;

        c->port = FIRST_PORT + below(c, PORT_GROUPS) * (TDRT_ADDRESSES + 1);
        if (!launch(c))
            continue;
        for (int k = 0; k < TDRT_ADDRESSES; k++)
            len += (size_t)snprintf(c->hosts + len, sizeof c->hosts - len, "%s127.0.0.1:%d", k == 0 ? "" : ",", c->port + k);
        return 1;
    }
    return 0;
}

void tdrt_cluster_stop(tdrt_cluster *c)
{
    reap(c);
}

/* Whoever took a port meanwhile may give it back. */
static int restart(tdrt_cluster *c)
{
    for (int i = 0; i < STARTS; i++, tdrt_sleep_ms(200))
        if (launch(c))
            return 1;
    return 0;
}

/* ---- failures ---- */

/* Asks one address to let one of them fail, for a while. */
static int fail_address(tdrt_cluster *c, const char *how, int ms)
{
    tdrest_options *options = NULL;
    tdrest_conn *conn = NULL;
    char dsn[128], fault[64];
    int rc = tdrest_options_new(NULL, &options);

    (void)snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d?retry=never&timeout_ms=5000", c->port + below(c, TDRT_ADDRESSES));
    (void)snprintf(fault, sizeof fault, "%s=%d:%d", how, c->port + below(c, TDRT_ADDRESSES), ms);
    if (rc == TDREST_OK)
        rc = tdrest_options_parse(options, dsn);
    if (rc == TDREST_OK)
        rc = tdrest_options_add_header(options, "X-Sandbox-Fault", fault);
    if (rc == TDREST_OK)
        rc = tdrest_conn_new(options, &conn);
    if (rc == TDREST_OK)
        rc = tdrest_conn_ping(conn, NULL);
    tdrest_conn_free(conn);
    tdrest_options_free(options);
    return rc == TDREST_OK;
}

static int kill_process(tdrt_cluster *c)
{
    reap(c);
    c->kills++;
    tdrt_sleep_ms(below(c, 800));
    return restart(c);
}

int tdrt_cluster_bounce(tdrt_cluster *c, int most_ms)
{
    tdrt_sleep_ms(below(c, most_ms));
    reap(c);
    c->kills++;
    tdrt_sleep_ms(below(c, most_ms));
    return restart(c);
}

/* Failures of addresses overlap: each ends by itself. */
int tdrt_cluster_disturb(tdrt_cluster *c, int64_t until_ms)
{
    int good = 1;

    while (good && tdrt_clock_ms() < until_ms) {
        tdrt_sleep_ms(below(c, 400));
        switch (below(c, 4)) {
        case 0: good = kill_process(c); break;
        case 1: c->refusals += fail_address(c, "refuse", 1 + below(c, 1000)); break;
        case 2: c->hangs += fail_address(c, "hang", 1 + below(c, 1500)); break;
        default: c->resets += fail_address(c, "kill", 1 + below(c, 500)); break;
        }
    }
    reap(c); /* what still fails ends with it */
    return good && restart(c);
}
