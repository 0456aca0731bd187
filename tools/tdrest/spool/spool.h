/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Looking after the directory of a spool. */
#ifndef CLI_SPOOL_H
#define CLI_SPOOL_H

#include "args/args.h"

/* The verb and the directory are the sources of args. The exit status. */
int cli_spool(const cli_args *args, cli_output *out);

#endif
