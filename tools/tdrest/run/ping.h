/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The command ping. */
#ifndef CLI_PING_H
#define CLI_PING_H

#include "args/args.h"

/* Asks each host of the options whether it is ready, and writes a row for each. The exit status of the worst one; out->error must be looked at as well. */
int cli_ping(const cli_args *args, cli_output *out);

#endif
