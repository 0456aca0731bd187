/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What the tool says about itself. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "output.h"

void cli_help(cli_output *out);
void cli_help_all(cli_output *out);
void cli_version(cli_output *out);

#endif
