/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The connection of a command. Knows nothing of what is sent. */
#include "run/connect.h"

#include <stddef.h>

#include "term/interrupt.h"
#include "term/report.h"

/* The library tries for a minute, as services need it; a user at a terminal wants to see the error sooner. */
int cli_connect(tdrest_options *options, const cli_settings *settings, tdrest_conn **conn)
{
    const cli_place nowhere = {.number = 0};
    int is_set = cli_settings_has(settings, "retry_for_ms"), rc = is_set ? TDREST_OK : tdrest_options_set(options, "retry_for_ms", "0");

    *conn = NULL;
    if (rc >= 0)
        rc = tdrest_conn_new(options, conn);
    if (rc >= 0 && !is_set)
        rc = tdrest_options_set(options, "retry_for_ms", NULL);
    if (rc < 0)
        return cli_report(tdrest_options_error(options), &nowhere);
    cli_interrupt_cancels(*conn);
    return CLI_OK;
}

void cli_disconnect(tdrest_conn *conn)
{
    cli_interrupt_cancels(NULL);
    tdrest_conn_free(conn);
}
