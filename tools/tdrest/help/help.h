/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What the tool says about itself. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "term/output.h"

/* topic: a command, "all", or NULL for what fits a screen of 80 columns and 24 lines. */
void cli_help(cli_output *out, const char *topic);
void cli_version(cli_output *out);

#endif
