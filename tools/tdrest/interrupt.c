/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The handler of SIGINT. Does only what a signal handler may; knows nothing of statements. */
#include "interrupt.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

#include "report.h"

static atomic_int pressed;
static _Atomic(tdrest_conn *) cancelled;

static void on_interrupt(int sig)
{
    tdrest_conn *conn = atomic_load(&cancelled);

    (void)sig;
    if (atomic_exchange(&pressed, 1) != 0)
        _exit(CLI_INTERRUPTED);
    if (conn != NULL)
        tdrest_conn_cancel(conn);
}

void cli_interrupt_watch(void)
{
    struct sigaction action = {.sa_handler = on_interrupt}, old; /* no SA_RESTART: read and write must end */

    sigemptyset(&action.sa_mask);
    if (sigaction(SIGINT, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
        sigaction(SIGINT, &action, NULL);
}

void cli_interrupt_cancels(tdrest_conn *conn)
{
    atomic_store(&cancelled, conn);
}

int cli_interrupted(void)
{
    return atomic_load_explicit(&pressed, memory_order_relaxed);
}
