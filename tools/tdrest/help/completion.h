/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Completion in shells. */
#ifndef CLI_COMPLETION_H
#define CLI_COMPLETION_H

#include "term/output.h"

/* Writes the script of a shell: bash, zsh or fish. Asks no server and reads no configuration, and neither does the script. */
void cli_completion(cli_output *out, const char *shell);

#endif
