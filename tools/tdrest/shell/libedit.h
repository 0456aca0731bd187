/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Line editing by libedit, where the tool is built with it. */
#ifndef CLI_LIBEDIT_H
#define CLI_LIBEDIT_H

#include "shell/editor.h"

typedef struct cli_libedit cli_libedit;

/* NULL: the tool is built without it, the terminal cannot move its cursor, no locale has UTF-8, or memory is out. */
cli_libedit *cli_libedit_new(FILE *out, cli_complete *complete, void *context);
void cli_libedit_free(cli_libedit *e);

/* As of the editor. */
enum cli_read cli_libedit_read(cli_libedit *e, const char *prompt, const char **line);
size_t cli_libedit_drop_paste(cli_libedit *e);
void cli_libedit_remember(cli_libedit *e, const char *line);

#endif
