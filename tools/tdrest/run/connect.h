/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The connection of a command. */
#ifndef CLI_CONNECT_H
#define CLI_CONNECT_H

#include <tdrest.h>

#include "args/args.h"
#include "term/progress.h"

/* Makes the connection that Ctrl-C cancels. CLI_OK, or what is wrong is told: an exit status, and *conn is NULL. Unless it is set, retry_for_ms is 0.
   With --verbose its attempts are told, over the line of the progress. */
int cli_connect(const cli_args *args, cli_progress *progress, tdrest_conn **conn);
void cli_disconnect(tdrest_conn *conn);

#endif
