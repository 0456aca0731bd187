/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Bytes that were typed, and what else can happen meanwhile. Handlers only set flags; they are looked at where no signal can come in between. */
#include "shell/queue.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <unistd.h>

#include "term/interrupt.h"

enum { PIECE = 4096 };

static volatile sig_atomic_t stopped, continued, resized;
static struct sigaction before_stop, before_continue, before_resize;
static int watches_stop;

static void on_signal(int sig)
{
    if (sig == SIGTSTP)
        stopped = 1;
    else if (sig == SIGCONT)
        continued = 1;
    else
        resized = 1;
}

static void watch(int sig, struct sigaction *before)
{
    struct sigaction action = {.sa_handler = on_signal};

    sigemptyset(&action.sa_mask);
    sigaction(sig, &action, before);
}

void cli_queue_watch(int stops)
{
    stopped = continued = 0;
    watches_stop = stops;
    if (stops)
        watch(SIGTSTP, &before_stop);
    watch(SIGCONT, &before_continue);
    watch(SIGWINCH, &before_resize);
}

void cli_queue_unwatch(void)
{
    if (watches_stop)
        sigaction(SIGTSTP, &before_stop, NULL);
    sigaction(SIGCONT, &before_continue, NULL);
    sigaction(SIGWINCH, &before_resize, NULL);
}

void cli_queue_stop(void)
{
    sigaction(SIGTSTP, &before_stop, NULL);
    raise(SIGTSTP);
    watch(SIGTSTP, &before_stop);
}

/* Is there anything but input to look at? Signals are blocked meanwhile. */
static enum cli_event pending(void)
{
    if (cli_interrupted())
        return CLI_EVENT_INTERRUPT;
    if (stopped) {
        stopped = 0;
        return CLI_EVENT_STOP;
    }
    if (continued) {
        continued = 0;
        return CLI_EVENT_CONTINUE;
    }
    if (resized) {
        resized = 0;
        return CLI_EVENT_RESIZE;
    }
    return CLI_EVENT_NONE;
}

static int reserve(cli_queue *q, size_t room)
{
    size_t cap = q->cap + q->cap / 2 + room;
    char *bytes;

    if (q->at > 0) {
        memmove(q->bytes, q->bytes + q->at, q->len - q->at);
        q->len -= q->at;
        q->at = 0;
    }
    if (q->cap - q->len >= room)
        return 0;
    bytes = realloc(q->bytes, cap);
    if (bytes == NULL)
        return -1;
    q->bytes = bytes;
    q->cap = cap;
    return 0;
}

enum cli_event cli_queue_wait(cli_queue *q, int timeout_ms)
{
    const struct timespec timeout = {timeout_ms / 1000, timeout_ms % 1000 * 1000000L};
    sigset_t ours, usual;
    enum cli_event event;
    fd_set input;
    ssize_t n;
    int ready = 0;

    if (reserve(q, PIECE) < 0)
        return CLI_EVENT_FAILED;
    sigemptyset(&ours);
    sigaddset(&ours, SIGINT);
    sigaddset(&ours, SIGTSTP);
    sigaddset(&ours, SIGCONT);
    sigaddset(&ours, SIGWINCH);
    sigprocmask(SIG_BLOCK, &ours, &usual);
    event = pending();
    while (event == CLI_EVENT_NONE && ready <= 0) {
        FD_ZERO(&input);
        FD_SET(STDIN_FILENO, &input);
        ready = pselect(STDIN_FILENO + 1, &input, NULL, NULL, timeout_ms < 0 ? NULL : &timeout, &usual);
        event = pending();
        if (ready == 0 || (ready < 0 && errno != EINTR))
            break;
    }
    sigprocmask(SIG_SETMASK, &usual, NULL);
    if (event != CLI_EVENT_NONE)
        return event;
    if (ready == 0)
        return CLI_EVENT_NONE;
    n = read(STDIN_FILENO, q->bytes + q->len, q->cap - q->len);
    if (n <= 0)
        return n < 0 && errno == EINTR ? CLI_EVENT_NONE : CLI_EVENT_END;
    q->len += (size_t)n;
    return CLI_EVENT_INPUT;
}

int cli_queue_unread(cli_queue *q, const char *bytes, size_t len)
{
    if (q->at >= len) {
        q->at -= len;
        memcpy(q->bytes + q->at, bytes, len);
        return 0;
    }
    if (reserve(q, len) < 0)
        return -1;
    memmove(q->bytes + len, q->bytes, q->len);
    memcpy(q->bytes, bytes, len);
    q->len += len;
    return 0;
}

void cli_queue_clear(cli_queue *q)
{
    free(q->bytes);
    *q = (cli_queue){.len = 0};
}
