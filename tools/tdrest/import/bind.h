/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Fields as values of columns. */
#ifndef CLI_BIND_H
#define CLI_BIND_H

#include "import/target.h"
#include "import/times.h"

typedef struct cli_binder {
    cli_times times;
    const char *null;  /* the text for NULL; NULL: an empty field */
    int is_tsv;        /* there NULL has a mark of its own, and an empty text is one */
    char *room;        /* bytes of hexadecimal digits, and numbers with their NUL */
    size_t cap;
    int was_null;      /* the value just bound */
    int64_t value;     /* the time or whole number just bound; of others a hash */
} cli_binder;

/* Binds a field. NULL, or what is wrong with it, for as long as the binder and the statement are not used again. */
const char *cli_bind(cli_binder *b, tdrest_stmt *stmt, const cli_slot *slot, const cli_field *field);
const char *cli_bind_null(cli_binder *b, tdrest_stmt *stmt, const cli_slot *slot);
/* Binds something that every column of the type takes. */
void cli_bind_filler(tdrest_stmt *stmt, const cli_slot *slot, int precision);
void cli_binder_clear(cli_binder *b);

uint64_t cli_hash(const char *bytes, size_t len, uint64_t seed);

#endif
