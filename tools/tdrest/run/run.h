/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Runs statements one after the other. */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include "args/args.h"

/* Runs the statements of args; failures are told on stderr. The exit status; out->error must be looked at as well. */
int cli_run(const cli_args *args, cli_output *out);

#endif
