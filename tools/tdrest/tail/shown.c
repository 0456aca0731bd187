/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Which rows were shown: a hash table with open places. Knows keys of 64 bits only: two of a million rows are taken for one with a chance of 1 : 10^7. */
#include "tail/shown.h"

#include <stdlib.h>

uint64_t cli_shown_key(uint64_t key, const char *bytes, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++)
        key = (key ^ (unsigned char)bytes[i]) * UINT64_C(1099511628211);
    key = (key ^ len) * UINT64_C(1099511628211); /* parts do not run into each other */
    return key == 0 ? 1 : key;
}

static cli_shown_row *place_of(cli_shown_row *rows, size_t cap, uint64_t key)
{
    size_t at = (size_t)(key ^ key >> 29) & (cap - 1);

    while (rows[at].key != 0 && rows[at].key != key)
        at = (at + 1) & (cap - 1);
    return &rows[at];
}

/* The rows that stay, in a table with room for as many again. */
static int rebuild(cli_shown *s, int64_t before, int poll)
{
    size_t i, count = 0, cap = 64;
    cli_shown_row *rows;

    for (i = 0; i < s->cap; i++)
        count += s->rows[i].key != 0 && s->rows[i].time >= before && (poll == 0 || s->rows[i].poll != poll);
    while (cap < 4 * count)
        cap *= 2;
    rows = calloc(cap, sizeof *rows);
    if (rows == NULL)
        return -1;
    for (i = 0; i < s->cap; i++)
        if (s->rows[i].key != 0 && s->rows[i].time >= before && (poll == 0 || s->rows[i].poll != poll))
            *place_of(rows, cap, s->rows[i].key) = s->rows[i];
    free(s->rows);
    *s = (cli_shown){rows, count, cap};
    return 0;
}

int cli_shown_add(cli_shown *s, uint64_t key, int64_t time, int poll)
{
    cli_shown_row *row;

    if (2 * (s->count + 1) > s->cap && rebuild(s, INT64_MIN, 0) < 0)
        return -1;
    row = place_of(s->rows, s->cap, key);
    if (row->key == key)
        return 0;
    *row = (cli_shown_row){key, time, poll};
    s->count++;
    return 1;
}

int cli_shown_forget(cli_shown *s, int64_t before, int poll)
{
    return s->cap == 0 ? 0 : rebuild(s, before, poll);
}

void cli_shown_clear(cli_shown *s)
{
    free(s->rows);
    *s = (cli_shown){.count = 0};
}
