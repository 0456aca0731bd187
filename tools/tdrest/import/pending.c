/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Rows that are on their way. Knows nothing of what is in them. */
#include "import/pending.h"

#include <stdlib.h>

#include "term/text.h"

cli_pending_row *cli_pending_at(cli_pending *p, int64_t number)
{
    return &p->rows[(size_t)number & (p->cap - 1)];
}

static void enter(cli_pending *p, int64_t number)
{
    cli_pending_row *row = cli_pending_at(p, number);
    int64_t *bucket = &p->buckets[row->key & (p->bucket_count - 1)];

    row->before = *bucket;
    *bucket = number;
}

static int grow(cli_pending *p)
{
    size_t cap = p->cap == 0 ? 4096 : 2 * p->cap, i;
    cli_pending_row *rows = malloc(cap * sizeof *rows);
    int64_t *buckets = malloc(cap * sizeof *buckets), number;

    if (rows == NULL || buckets == NULL) {
        free(rows);
        free(buckets);
        return 0;
    }
    for (number = p->first; number < p->end; number++)
        rows[(size_t)number & (cap - 1)] = *cli_pending_at(p, number);
    for (i = 0; i < cap; i++)
        buckets[i] = -1;
    free(p->rows);
    free(p->buckets);
    p->rows = rows;
    p->buckets = buckets;
    p->cap = p->bucket_count = cap;
    for (number = p->first; number < p->end; number++)
        enter(p, number);
    return 1;
}

int cli_pending_add(cli_pending *p, int64_t offset, int64_t line, uint64_t key, const char *bytes, size_t len)
{
    cli_pending_row *row;
    char *copy = bytes == NULL ? NULL : cli_copy(bytes, len);

    if ((bytes != NULL && copy == NULL) || (p->end - p->first == (int64_t)p->cap && !grow(p))) {
        free(copy);
        return 0;
    }
    row = cli_pending_at(p, p->end);
    *row = (cli_pending_row){.offset = offset, .line = line, .key = key, .bytes = copy, .len = len};
    enter(p, p->end++);
    return 1;
}

void cli_pending_drop(cli_pending *p)
{
    cli_pending_row *row = cli_pending_at(p, --p->end);

    p->buckets[row->key & (p->bucket_count - 1)] = row->before;
    free(row->bytes);
    row->bytes = NULL;
}

void cli_pending_advance(cli_pending *p)
{
    for (; p->first < p->end && cli_pending_at(p, p->first)->settled; p->first++) {
        free(cli_pending_at(p, p->first)->bytes);
        cli_pending_at(p, p->first)->bytes = NULL;
    }
}

int cli_pending_has(cli_pending *p, uint64_t key)
{
    int64_t number = p->bucket_count == 0 ? -1 : p->buckets[key & (p->bucket_count - 1)];

    /* Numbers only fall along a chain: what is in front of `first` has been forgotten. */
    while (number >= p->first) {
        const cli_pending_row *row = cli_pending_at(p, number);

        if (row->key == key && !row->settled)
            return 1;
        number = row->before;
    }
    return 0;
}

void cli_pending_clear(cli_pending *p)
{
    for (; p->first < p->end; p->first++)
        free(cli_pending_at(p, p->first)->bytes);
    free(p->rows);
    free(p->buckets);
    *p = (cli_pending){.rows = NULL};
}
