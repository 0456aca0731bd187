/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The options in effect. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "args/args.h"

/* Writes each option with its value and where it came from; secrets are masked. */
void cli_show_options(const cli_args *args, cli_output *out);

#endif
