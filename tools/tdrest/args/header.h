/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The value of --header: `Name: value`. */
#ifndef CLI_HEADER_H
#define CLI_HEADER_H

#include <tdrest.h>

/* What tdrest_options_add_header answers. A text without a colon is a name without a value. The text is put back as it was. */
int cli_header_add(tdrest_options *options, char *text);
/* Blanks the value, which is secret. */
void cli_header_blank(char *text);

#endif
