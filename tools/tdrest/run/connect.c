/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The connection of a command. Knows nothing of what is sent. */
#include "run/connect.h"

#include "term/interrupt.h"
#include "term/report.h"

static void on_log(void *context, int level, const char *message)
{
    cli_progress_clear(context);
    cli_report_log(level == TDREST_LOG_ERROR, message);
}

int cli_listen(const cli_args *args, cli_progress *progress)
{
    tdrest_options *options = args->options;

    if (!args->verbose)
        return CLI_OK;
    tdrest_options_set_log(options, on_log, progress);
    if (cli_settings_has(&args->settings, "log_level") || tdrest_options_set(options, "log_level", "info") >= 0)
        return CLI_OK;
    return cli_report(tdrest_options_error(options), &(cli_place){.number = 0});
}

int cli_connect(const cli_args *args, cli_progress *progress, tdrest_conn **conn)
{
    int status = cli_listen(args, progress);

    *conn = NULL;
    if (status == CLI_OK && tdrest_conn_new(args->options, conn) < 0)
        status = cli_report(tdrest_options_error(args->options), &(cli_place){.number = 0});
    if (status == CLI_OK)
        cli_interrupt_cancels(*conn);
    return status;
}

void cli_disconnect(tdrest_conn *conn)
{
    cli_interrupt_cancels(NULL);
    tdrest_conn_free(conn);
}
