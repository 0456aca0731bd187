/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What is in the database: \d and its relatives. */
#ifndef CLI_DESCRIBE_H
#define CLI_DESCRIBE_H

#include "shell/shell.h"

/* One table, or the tables when arg names none or is a pattern. A status, as of the others. */
int cli_describe(cli_shell *s, const char *arg);
int cli_list_databases(cli_shell *s, const char *arg);
int cli_list_tables(cli_shell *s, const char *arg);
int cli_list_stables(cli_shell *s, const char *arg);

/* The name at the head of text, `quoted` or in lower case, copied to out; the bytes it takes of text, 0: there is none. */
size_t cli_read_name(const char *text, char *out, size_t cap);

#endif
