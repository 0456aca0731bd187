/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The handlers of signals. They do only what a signal handler may; know nothing of statements. */
#include "term/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

static atomic_int pressed, waiting, terminal;
static _Atomic(tdrest_conn *) cancelled;
static _Atomic(const char *) removed;
static _Atomic(const struct termios *) usual;
static _Atomic(const char *) last_words;
static int heard[2] = {-1, -1}; /* a pipe with a byte in it once Ctrl-C was pressed */

/* The process dies of the signal once its handler has returned. */
static void end_by(int sig)
{
    const char *name = atomic_load(&removed);
    const struct termios *settings = atomic_load(&usual);
    const char *words = atomic_load(&last_words);

    if (words != NULL)
        (void)!write(atomic_load(&terminal), words, strlen(words));
    if (settings != NULL)
        tcsetattr(atomic_load(&terminal), TCSAFLUSH, settings);
    if (name != NULL)
        unlink(name);
    signal(sig, SIG_DFL);
    raise(sig);
}

static void on_interrupt(int sig)
{
    tdrest_conn *conn = atomic_load(&cancelled);
    int before = errno;

    if (atomic_exchange(&pressed, 1) != 0 && !atomic_load(&waiting))
        end_by(sig);
    (void)!write(heard[1], "", 1);
    if (conn != NULL)
        tdrest_conn_cancel(conn);
    errno = before;
}

static void watch(int sig, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler}, old; /* no SA_RESTART: read and write must end */

    sigemptyset(&action.sa_mask);
    if (sigaction(sig, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
        sigaction(sig, &action, NULL);
}

void cli_interrupt_watch(void)
{
    int i;

    if (pipe(heard) == 0)
        for (i = 0; i < 2; i++) {
            fcntl(heard[i], F_SETFD, FD_CLOEXEC);
            fcntl(heard[i], F_SETFL, O_NONBLOCK);
        }
    watch(SIGINT, on_interrupt);
    watch(SIGTERM, end_by);
    watch(SIGHUP, end_by);
    watch(SIGQUIT, end_by);
}

void cli_interrupt_cancels(tdrest_conn *conn)
{
    atomic_store(&cancelled, conn);
}

void cli_interrupt_removes(const char *name)
{
    atomic_store(&removed, name);
}

void cli_interrupt_restores(int fd, const struct termios *settings)
{
    atomic_store(&terminal, fd);
    atomic_store(&usual, settings);
}

void cli_interrupt_says(const char *words)
{
    atomic_store(&last_words, words);
}

void cli_interrupt_waits(int waits)
{
    atomic_fetch_add(&waiting, waits ? 1 : -1);
}

void cli_interrupt_forget(void)
{
    char bytes[16];

    atomic_store(&pressed, 0);
    while (read(heard[0], bytes, sizeof bytes) > 0)
        ;
}

int cli_interrupt_wait(int fd)
{
    struct pollfd fds[2] = {{fd, POLLIN, 0}, {heard[0], POLLIN, 0}};

    while (fd >= 0 && !cli_interrupted() && poll(fds, 2, -1) < 0 && errno == EINTR)
        ;
    return cli_interrupted();
}

int cli_interrupted(void)
{
    return atomic_load_explicit(&pressed, memory_order_relaxed);
}

void cli_interrupt_die(void)
{
    signal(SIGINT, SIG_DFL);
    raise(SIGINT);
}
