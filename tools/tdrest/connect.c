/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The connection of a command, and the time it takes. Knows nothing of what is sent. */
#include "connect.h"

#include <stddef.h>
#include <time.h>

#include "interrupt.h"
#include "report.h"

int cli_connect(tdrest_options *options, tdrest_conn **conn)
{
    const cli_place nowhere = {0, 0, NULL, 0};

    if (tdrest_conn_new(options, conn) < 0)
        return cli_report(tdrest_options_error(options), &nowhere);
    cli_interrupt_cancels(*conn);
    return CLI_OK;
}

void cli_disconnect(tdrest_conn *conn)
{
    cli_interrupt_cancels(NULL);
    tdrest_conn_free(conn);
}

int64_t cli_now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}
