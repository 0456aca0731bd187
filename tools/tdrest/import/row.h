/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A record becomes a row: its values are bound to the statement. */
#ifndef CLI_ROW_H
#define CLI_ROW_H

#include "import/bind.h"
#include "import/journal.h"
#include "import/load.h"
#include "import/pending.h"
#include "import/send.h"
#include "import/target.h"

/* The last key of a table, to tell rows that the next one replaces. */
typedef struct cli_seen {
    uint64_t table;
    uint64_t key;
} cli_seen;

typedef struct cli_loader {
    cli_load *load;
    cli_outcome *outcome;
    cli_target target;
    cli_binder binder;
    cli_records records;
    cli_sender *sender;
    cli_pending pending;
    cli_journal journal;
    cli_seen *seen;
    char table[CLI_NAME_ROOM]; /* of the row before */
    size_t table_len;
    uint64_t table_hash;
    int generation;
    int64_t sent;       /* rows of this file */
    const char *column; /* which a fault is about; NULL: the record */
    const char *type;   /* of that */
    const cli_field *field; /* which a fault is about; NULL: it has none */
    char *filled;       /* of JSON: which slots have a value */
    int *hints;
    size_t hint_count;
    int has_null;
} cli_loader;

enum { CLI_ROW_FAULT = 120 };

/* Binds the record at hand. key: a hash of its table, time and composite key. NULL, or what is wrong with it, in room or elsewhere, and l->column. */
const char *cli_row_bind(cli_loader *l, uint64_t *key, char room[CLI_ROW_FAULT]);

/* Takes back what is bound. */
void cli_row_discard(cli_loader *l);

#endif
