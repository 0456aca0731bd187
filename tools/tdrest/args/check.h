/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Does what the command line says fit together? */
#ifndef CLI_CHECK_H
#define CLI_CHECK_H

#include "args/args.h"
#include "args/flags.h"

/* A list of words for a message: "a, b or c". */
typedef struct cli_words {
    char text[256];
    size_t len;
} cli_words;

void cli_words_add(cli_words *words, const char *word, int last);

/* Tells what a flag expects instead of that value, which may be NULL: it has none. CLI_USAGE. */
int cli_refuse_value(enum cli_flag flag, const char *expected, const char *value);

/* The place of a value among the words of its flag. CLI_OK, or CLI_USAGE and told, as for a value that is NULL. */
int cli_check_word(enum cli_flag flag, const char *value, size_t *at);

/* Is it a command's name, mistyped? CLI_OK, or CLI_USAGE and told. */
int cli_check_first_word(const char *word);

/* Tells that import has to know where records go. CLI_USAGE. */
int cli_refuse_import(void);

/* Has the task what it needs, and no more? CLI_OK, or CLI_USAGE and told. used: bits of the flags that were there. */
int cli_check(cli_args *args, uint64_t used);

#endif
