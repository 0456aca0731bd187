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

void tdri_halving_begin(tdri_halving *h, size_t rows, int streak, int streak_code)
{
    h->from = 0;
    h->ends[0] = rows;
    h->depth = 1;
    h->streak = streak;
    h->streak_code = streak_code;
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

/* All that is left, none of which is in flight. */
static tdri_fate settle_rest(tdri_halving *h, int blames_rows)
{
    return h->depth == 0 ? (tdri_fate){h->from, 0, 0, 0} : settle(h, h->ends[0], h->stored ? TDREST_ROWS_UNKNOWN : TDREST_ROWS_REFUSED, blames_rows);
}

/* While rows are refused one after the other, the next one goes alone: it tells whether that goes on. */
static int cut(tdri_halving *h, size_t middle, int is_hopeless)
{
    if (h->depth == TDRI_HALVING_DEPTH)
        return 0;
    h->ends[h->depth++] = is_hopeless ? h->from + 1 : middle;
    return 1;
}

static void refuse_row(tdri_halving *h, tdri_fates *fates, int server_code)
{
    h->streak = server_code == h->streak_code ? h->streak + 1 : 1;
    h->streak_code = server_code;
    fates->of[0] = settle(h, h->from + 1, TDREST_ROWS_REFUSED, 1);
    if (h->streak >= TDRI_HALVING_STREAK)
        fates->of[1] = settle_rest(h, 1);
}

tdri_fates tdri_halving_note(tdri_halving *h, enum tdri_verdict verdict, int ran, int server_code, size_t middle)
{
    tdri_fates fates = {{{h->from, 0, 0, 0}, {h->from, 0, 0, 0}}, 0};
    size_t to = h->ends[h->depth - 1];
    int is_single = to - h->from == 1;

    switch (verdict) {
    case TDRI_TAKEN:
        h->streak = 0;
        fates.of[0] = settle(h, to, TDREST_ROWS_WRITTEN, 0);
        break;
    case TDRI_BLAMES_ROW:
        h->stored |= !is_single && ran != TDREST_RAN_NO;
        if (is_single)
            refuse_row(h, &fates, server_code);
        else
            fates.halved = cut(h, middle, h->streak >= TDRI_HALVING_STREAK && server_code == h->streak_code);
        break;
    case TDRI_TOO_LARGE:
        if (is_single)
            fates.of[0] = settle(h, to, TDREST_ROWS_REFUSED, 1);
        else
            fates.halved = cut(h, middle, 0);
        break;
    case TDRI_NOT_RUN: fates.of[0] = settle_rest(h, 0); break;
    case TDRI_MAY_HAVE_RUN: fates.of[0] = settle(h, to, TDREST_ROWS_UNKNOWN, 0); break;
    }
    if (fates.of[0].count == 0 && !fates.halved) /* it cannot be cut again */
        fates.of[0] = settle_rest(h, 0);
    return fates;
}

tdri_fates tdri_halving_give_up(tdri_halving *h, int in_flight)
{
    tdri_fates fates = {{{h->from, 0, 0, 0}, {h->from, 0, 0, 0}}, 0};

    if (in_flight)
        fates.of[0] = settle(h, h->ends[h->depth - 1], TDREST_ROWS_UNKNOWN, 0);
    fates.of[in_flight != 0] = settle_rest(h, 0);
    return fates;
}
