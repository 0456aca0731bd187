/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Text within HTML and SVG. */
#ifndef CLI_ESCAPE_H
#define CLI_ESCAPE_H

#include "term/output.h"

/* Writes text that cli_show made, so that it is text there, between tags and in quotes. */
void cli_put_html(cli_output *out, const char *text, size_t len);

#endif
