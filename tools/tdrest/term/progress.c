/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A line on standard error that tells how far something has come. Knows nothing of what it is. */
#include "term/progress.h"

#include <stdio.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

#include "term/interrupt.h"

/* On a terminal the line is written over; elsewhere lines pile up, so they are few. */
enum { TERMINAL_MS = 1000, FILE_MS = 10000 };

int64_t cli_now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int cli_wait_until(int64_t due_ms)
{
    int64_t left;

    while ((left = due_ms - cli_now_ms()) > 0 && !cli_interrupted()) {
        struct timeval timeout = {.tv_sec = 0, .tv_usec = (suseconds_t)(left > 200 ? 200 : left) * 1000};

        select(0, NULL, NULL, NULL, &timeout);
    }
    return !cli_interrupted();
}

void cli_progress_begin(cli_progress *p, int on, int always)
{
    *p = (cli_progress){.on = on, .terminal = isatty(STDERR_FILENO), .began_ms = cli_now_ms()};
    p->on = always || (on && p->terminal);
    p->due_ms = always ? p->began_ms : p->began_ms + TERMINAL_MS;
}

void cli_progress_clear(cli_progress *p)
{
    if (p->shown)
        fputs("\r\033[K", stderr);
    p->shown = 0;
}

/* ", 42 %, 7 s left" */
static void tell_rest(const cli_progress *p, int64_t bytes, int64_t ms)
{
    double done = (double)bytes / (double)p->total;

    if (bytes <= 0 || bytes > p->total)
        return;
    fprintf(stderr, ", %d %%, %.0f s left", (int)(100 * done), (double)ms / 1000 * (1 - done) / done);
}

void cli_progress_tell(cli_progress *p, const char *thing, int64_t count, int64_t bytes)
{
    int64_t now, ms;

    if (!p->on || (now = cli_now_ms()) < p->due_ms)
        return;
    ms = now - p->began_ms;
    p->due_ms = now + (p->terminal ? TERMINAL_MS : FILE_MS);
    cli_progress_clear(p);
    fprintf(stderr, "%lld %s%s, %lld bytes, %lld %ss/s", (long long)count, thing, count == 1 ? "" : "s", (long long)bytes,
            (long long)(ms > 0 ? count * 1000 / ms : 0), thing);
    if (p->total > 0)
        tell_rest(p, bytes, ms);
    fputs(p->terminal ? "" : "\n", stderr);
    p->shown = p->terminal;
    fflush(stderr);
}
