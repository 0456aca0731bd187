/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The connection of a command. */
#ifndef CLI_CONNECT_H
#define CLI_CONNECT_H

#include <tdrest.h>

#include "args/args.h"
#include "term/progress.h"

/* With --verbose the attempts of requests are told, over the line of the progress. CLI_OK, or what is wrong is told: an exit status. */
int cli_listen(const cli_args *args, cli_progress *progress);

/* Makes the connection that Ctrl-C cancels, after cli_listen. Likewise; *conn is NULL when it fails. */
int cli_connect(const cli_args *args, cli_progress *progress, tdrest_conn **conn);
void cli_disconnect(tdrest_conn *conn);

#endif
