/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* "Did you mean": the known word that a mistyped one is close to. */
#ifndef CLI_NEAREST_H
#define CLI_NEAREST_H

#include <stddef.h>

typedef struct cli_nearest {
    const char *typed;
    size_t len;
    const char *best;  /* NULL: none is close */
    size_t distance;   /* of best */
} cli_nearest;

void cli_nearest_begin(cli_nearest *n, const char *typed, size_t len);

/* Compares with one known word, which must live as long as n. `-` and `_` are the same. */
void cli_nearest_try(cli_nearest *n, const char *word);

#endif
