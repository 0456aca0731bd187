/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What may stand at the cursor. */
#ifndef CLI_COMPLETE_H
#define CLI_COMPLETE_H

#include "shell/editor.h"
#include "shell/known.h"

/* before: what was typed of the statement in lines before, or NULL. database: the current one, "": none. */
void cli_complete_line(cli_known *names, const char *database, const char *before, const char *line, size_t cursor, cli_choices *choices);

#endif
