/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The connection of a command. Knows nothing of what is sent. */
#include "run/connect.h"

#include <stddef.h>

#include "term/interrupt.h"
#include "term/report.h"

static void on_log(void *context, int level, const char *message)
{
    cli_progress_clear(context);
    cli_report_log(level == TDREST_LOG_ERROR, message);
}

/* For the connection alone: what the user has set stays. */
static int set_default(const cli_args *args, const char *key, const char *value)
{
    return cli_settings_has(&args->settings, key) ? TDREST_OK : tdrest_options_set(args->options, key, value);
}

/* The library tries for a minute, as services need it; a user at a terminal wants to see the error sooner. */
int cli_connect(const cli_args *args, cli_progress *progress, tdrest_conn **conn)
{
    const cli_place nowhere = {.number = 0};
    tdrest_options *options = args->options;
    int rc = set_default(args, "retry_for_ms", "0");

    *conn = NULL;
    if (args->verbose) {
        tdrest_options_set_log(options, on_log, progress);
        rc = rc < 0 ? rc : set_default(args, "log_level", "info");
    }
    if (rc >= 0)
        rc = tdrest_conn_new(options, conn);
    if (rc >= 0)
        rc = set_default(args, "retry_for_ms", NULL);
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
