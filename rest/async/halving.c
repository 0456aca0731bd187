/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The rules of halving. Knows outcomes and numbers of rows. */
#include "async/halving.h"

#include "error/servercode.h"

/* Whether the rows of a request that was refused for a value may go once more, in other requests. */
static int may_go_again(const tdrest_error *err, int harmless)
{
    return err->ran == TDREST_RAN_NO || (err->ran == TDREST_RAN_MAYBE && harmless);
}

enum tdri_verdict tdri_verdict_of(const tdrest_error *err, size_t rows, int harmless)
{
    if (err->code == TDREST_OK)
        return TDRI_TAKEN;
    /* A row alone that is refused is not stored, though others beside it might be. Not so if an earlier attempt may have stored it. */
    if (tdri_servercode_blames_row(err) && (rows > 1 ? may_go_again(err, harmless) : err->ran == TDREST_RAN_NO || err->attempts <= 1))
        return TDRI_BLAMES_ROW;
    if (err->ran == TDREST_RAN_NO)
        return err->http_status == 413 ? TDRI_TOO_LARGE : TDRI_NOT_RUN;
    return TDRI_MAY_HAVE_RUN;
}

void tdri_halving_begin(tdri_halving *h, size_t rows, tdri_streak earlier)
{
    const int goes_on = earlier.of_table >= TDRI_HALVING_ROWS || earlier.length >= TDRI_HALVING_PARTS;

    h->from = 0;
    h->ends[0] = rows;
    h->ends[1] = 1;
    h->depth = goes_on && rows > 1 ? 2 : 1;
    h->streak = earlier.length;
    h->streak_code = earlier.code;
    h->streak_from = 0;
    h->earlier = earlier.of_table;
    h->stored = 0;
}

int tdri_halving_next(const tdri_halving *h, size_t *from, size_t *to)
{
    *from = h->from;
    *to = h->depth == 0 ? h->from : h->ends[h->depth - 1];
    return h->depth > 0;
}

static tdri_fate settle(tdri_halving *h, size_t to, int state, int blames_rows)
{
    tdri_fate fate = {h->from, to - h->from, state, blames_rows};

    h->from = to;
    while (h->depth > 0 && h->ends[h->depth - 1] <= to)
        h->depth--;
    return fate;
}

/* What is not sent any more, or was refused and is not cut any more. */
static tdri_fate refuse(tdri_halving *h, size_t to, int blames_rows)
{
    return settle(h, to, h->stored ? TDREST_ROWS_UNKNOWN : TDREST_ROWS_REFUSED, blames_rows);
}

static void end_streak(tdri_halving *h, size_t next)
{
    h->streak = 0;
    h->earlier = 0;
    h->streak_from = next;
}

/* All that is left, none of which is in flight. */
static tdri_fate settle_rest(tdri_halving *h)
{
    if (h->depth == 0)
        return (tdri_fate){h->from, 0, 0, 0};
    end_streak(h, h->ends[0]);
    return refuse(h, h->ends[0], 0);
}

static tdri_fate settle_apart(tdri_halving *h, size_t to, int state, int blames_rows)
{
    end_streak(h, to);
    return settle(h, to, state, blames_rows);
}

/* No part is larger than the next power of two below `rows`, so that ceil(log2(rows)) cuts leave one row. */
static tdri_fate cut(tdri_halving *h, size_t to, size_t border)
{
    const size_t rows = to - h->from;
    size_t most = 1;

    if (h->depth == TDRI_HALVING_DEPTH)
        return settle_rest(h);
    while (most < rows - most)
        most *= 2;
    h->ends[h->depth++] = border - h->from <= most && to - border <= most ? border : h->from + rows / 2;
    return (tdri_fate){h->from, 0, 0, 0};
}

static void lengthen(tdri_halving *h, int server_code)
{
    if (server_code != h->streak_code)
        end_streak(h, h->from);
    h->streak++;
    h->streak_code = server_code;
}

/* Rows refused one after the other in front of those at hand, of their table. */
static size_t count_of_table(const tdri_halving *h, size_t begin)
{
    const size_t first = begin > h->streak_from ? begin : h->streak_from;

    return h->from - first + (first == 0 ? h->earlier : 0);
}

tdri_streak tdri_halving_streak(const tdri_halving *h, size_t begin)
{
    return (tdri_streak){h->streak, h->streak_code, h->streak == 0 ? 0 : count_of_table(h, begin)};
}

static int is_hopeless(const tdri_halving *h, int server_code, size_t to, tdri_tables tables)
{
    if (server_code != h->streak_code)
        return 0;
    return h->streak >= TDRI_HALVING_PARTS || (tables.border == to && count_of_table(h, tables.begin) >= TDRI_HALVING_ROWS);
}

static tdri_fate note_refusal(tdri_halving *h, int ran, int server_code, size_t to, tdri_tables tables)
{
    const int is_alone = to - h->from == 1;

    h->stored |= !is_alone && ran != TDREST_RAN_NO;
    if (!is_alone && !is_hopeless(h, server_code, to, tables))
        return cut(h, to, tables.border);
    lengthen(h, server_code);
    return is_alone ? settle(h, to, TDREST_ROWS_REFUSED, 1) : refuse(h, to, 1);
}

tdri_fate tdri_halving_note(tdri_halving *h, enum tdri_verdict verdict, int ran, int server_code, tdri_tables tables)
{
    const size_t to = h->ends[h->depth - 1];

    switch (verdict) {
    case TDRI_TAKEN: return settle_apart(h, to, TDREST_ROWS_WRITTEN, 0);
    case TDRI_BLAMES_ROW: return note_refusal(h, ran, server_code, to, tables);
    case TDRI_TOO_LARGE: return to - h->from == 1 ? settle_apart(h, to, TDREST_ROWS_REFUSED, 1) : cut(h, to, tables.border);
    case TDRI_MAY_HAVE_RUN: return settle_apart(h, to, TDREST_ROWS_UNKNOWN, 0);
    case TDRI_NOT_RUN: break;
    }
    return settle_rest(h);
}

void tdri_halving_give_up(tdri_halving *h, int in_flight, tdri_fate fates[2])
{
    fates[0] = (tdri_fate){h->from, 0, 0, 0};
    if (in_flight)
        fates[0] = settle(h, h->ends[h->depth - 1], TDREST_ROWS_UNKNOWN, 0);
    fates[1] = settle_rest(h);
}
