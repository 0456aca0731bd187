/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What a server's error code means. */
#ifndef CLI_EXPLAIN_H
#define CLI_EXPLAIN_H

#include "term/output.h"

/* Explains a code, 0x and hexadecimal digits or a decimal number. CLI_OK, or CLI_USAGE when there is none of it. */
int cli_explain(cli_output *out, const char *code);

#endif
