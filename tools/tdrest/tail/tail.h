/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* New rows of a table, as they come. */
#ifndef CLI_TAIL_H
#define CLI_TAIL_H

#include "args/args.h"

/* Until Ctrl-C, a failure that no repeat mends, or the reader of the output has gone. The exit status. */
int cli_tail(const cli_args *args, cli_output *out);

#endif
