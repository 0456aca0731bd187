/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Choices shown below the line that is being typed. */
#ifndef CLI_LISTING_H
#define CLI_LISTING_H

#include <stdio.h>

#include "shell/editor.h"
#include "term/terminal.h"

/* The bytes that all choices, at least one, begin with alike. */
size_t cli_listing_common(const cli_choices *choices);

/* In columns, as many as a screen has room for. */
void cli_listing_put(FILE *out, const cli_choices *choices, cli_size size);

#endif
