/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Words of TDengine's SQL. */
#ifndef CLI_WORDS_H
#define CLI_WORDS_H

#include <stddef.h>

/* From 0, NULL past the end: words that a statement begins with, all others, functions. */
const char *cli_word_first(size_t index);
const char *cli_word_other(size_t index);
const char *cli_word_function(size_t index);

/* Must a name be quoted to be read as it is? */
int cli_word_needs_quotes(const char *name, size_t len);

/* Lines of \h: how statements are written. NULL past the end. */
typedef struct cli_word_help {
    const char *name;
    const char *syntax;
} cli_word_help;

const cli_word_help *cli_word_help_at(size_t index);

#endif
