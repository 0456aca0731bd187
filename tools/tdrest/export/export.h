/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Tables, a whole database or a query, out into files. */
#ifndef CLI_EXPORT_H
#define CLI_EXPORT_H

#include "args/args.h"
#include "term/output.h"

/* Failures are told on stderr. The exit status; out->error must be looked at as well. */
int cli_export(const cli_args *args, cli_output *out);

#endif
