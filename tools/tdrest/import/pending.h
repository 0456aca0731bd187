/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Rows that are on their way: where each came from, and whether a key comes again among them. */
#ifndef CLI_PENDING_H
#define CLI_PENDING_H

#include <stddef.h>
#include <stdint.h>

typedef struct cli_pending_row {
    int64_t offset; /* of its record in the file */
    int64_t line;
    uint64_t key;   /* a hash of table, time and composite key */
    int64_t before; /* the row before it of the same bucket, or -1 */
    char *bytes;    /* of the record; NULL: not kept */
    size_t len;
    int settled;    /* is known what became of it? */
} cli_pending_row;

/* Rows from `first` up to, but not including, `end`. */
typedef struct cli_pending {
    cli_pending_row *rows; /* a ring */
    size_t cap;            /* a power of two */
    int64_t first;
    int64_t end;
    int64_t *buckets;
    size_t bucket_count;   /* a power of two */
} cli_pending;

/* 1; 0 when memory is out. bytes may be NULL. */
int cli_pending_add(cli_pending *p, int64_t offset, int64_t line, uint64_t key, const char *bytes, size_t len);
/* Takes the row added last back. */
void cli_pending_drop(cli_pending *p);
cli_pending_row *cli_pending_at(cli_pending *p, int64_t number);
/* Forgets settled rows at the front. */
void cli_pending_advance(cli_pending *p);
int cli_pending_has(cli_pending *p, uint64_t key);
void cli_pending_clear(cli_pending *p);

#endif
