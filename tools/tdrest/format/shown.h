/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Long texts of unknown origin, made safe piece by piece. */
#ifndef CLI_SHOWN_H
#define CLI_SHOWN_H

#include "term/output.h"

/* Writes a piece that is safe; NULL stands for cli_output_put. */
typedef void cli_put(cli_output *out, const char *text, size_t len);

/* Writes text as cli_show makes it, by slices that end between characters. */
void cli_put_shown(cli_output *out, const char *text, size_t len, cli_put *put);
/* The same for a cell of HTML: each end of a line becomes <br>. */
void cli_put_lines(cli_output *out, const char *text, size_t len, cli_put *put);

#endif
