/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The connection of a command. */
#ifndef CLI_CONNECT_H
#define CLI_CONNECT_H

#include <tdrest.h>

/* Makes the connection that Ctrl-C cancels. CLI_OK, or what is wrong is told: an exit status, and *conn is NULL. */
int cli_connect(tdrest_options *options, tdrest_conn **conn);
void cli_disconnect(tdrest_conn *conn);

#endif
