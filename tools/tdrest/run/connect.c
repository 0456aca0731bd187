/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The connection of a command. Knows nothing of what is sent. */
#include "run/connect.h"

#include <stddef.h>

#include "term/interrupt.h"
#include "term/report.h"

int cli_connect(tdrest_options *options, tdrest_conn **conn)
{
    const cli_place nowhere = {.number = 0};

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
