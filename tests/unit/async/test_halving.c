/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Halving without a server: every row gets one fate, by the rules, and within the number of requests that is promised. */
#include "test.h"

#include "async/halving.h"

enum { MOST = 100000, BAD_CODE = 0x0216 };

static unsigned char fates[MOST], bad[MOST];

static void keep(const tdri_fates *f)
{
    for (int i = 0; i < 2; i++)
        for (size_t row = f->of[i].first; row < f->of[i].first + f->of[i].count; row++) {
            if (fates[row] != 0)
                CHECK(0, "row %zu has two fates", row);
            fates[row] = (unsigned char)f->of[i].state;
        }
}

/* A server that refuses whatever has a bad row in it; the number of requests. */
static int run(tdri_halving *h, size_t rows, int streak)
{
    size_t from, to;
    int requests = 0;

    memset(fates, 0, sizeof fates);
    tdri_halving_begin(h, rows, streak, BAD_CODE);
    for (; tdri_halving_next(h, &from, &to); requests++) {
        tdri_fates f;
        int refused = memchr(bad + from, 1, to - from) != NULL;

        f = tdri_halving_note(h, refused ? TDRI_BLAMES_ROW : TDRI_TAKEN, TDREST_RAN_NO, refused ? BAD_CODE : 0, from + (to - from) / 2);
        keep(&f);
        if (requests > 10 * MOST)
            break;
    }
    for (size_t i = 0; i < rows; i++)
        if (fates[i] == 0)
            CHECK(0, "row %zu of %zu has no fate", i, rows);
    return requests;
}

static int log2_of(size_t n)
{
    int bits = 0;

    while (((size_t)1 << bits) < n)
        bits++;
    return bits;
}

static void single_bad_rows(void)
{
    tdri_halving h;

    for (size_t rows = 1; rows < 70; rows++)
        for (size_t at = 0; at < rows; at++) {
            int requests;

            memset(bad, 0, sizeof bad);
            bad[at] = 1;
            requests = run(&h, rows, 0);
            CHECK(requests <= 1 + 2 * log2_of(rows), "%d requests for row %zu of %zu", requests, at, rows);
            for (size_t i = 0; i < rows; i++)
                CHECK_INT(fates[i], i == at ? TDREST_ROWS_REFUSED : TDREST_ROWS_WRITTEN);
        }
}

/* Rows far apart: each is found, and no good one is lost. */
static void scattered_bad_rows(void)
{
    tdri_halving h;

    for (size_t step = 100; step < 20000; step = step * 3 + 1) {
        int count = 0, requests;

        memset(bad, 0, sizeof bad);
        for (size_t i = step / 2; i < MOST; i += step, count++)
            bad[i] = 1;
        requests = run(&h, MOST, 0);
        CHECK(requests <= 1 + 2 * count * log2_of(MOST), "%d requests for %d bad rows", requests, count);
        for (size_t i = 0; i < MOST; i++)
            if (fates[i] != (bad[i] ? TDREST_ROWS_REFUSED : TDREST_ROWS_WRITTEN))
                CHECK(0, "row %zu: %d", i, fates[i]);
    }
}

static void all_bad(void)
{
    tdri_halving h;
    int requests;

    memset(bad, 1, sizeof bad);
    requests = run(&h, MOST, 0);
    CHECK(requests <= log2_of(MOST) + 2 * TDRI_HALVING_STREAK, "%d requests", requests);
    CHECK_INT(h.streak, TDRI_HALVING_STREAK);
    /* The next batch begins with one row, which tells whether it goes on. */
    CHECK_INT(run(&h, MOST, TDRI_HALVING_STREAK), 2);
    memset(bad, 0, 2);
    (void)run(&h, 1000, TDRI_HALVING_STREAK);
    CHECK_INT(fates[0], TDREST_ROWS_WRITTEN);
    CHECK_INT(fates[1], TDREST_ROWS_WRITTEN);
    CHECK_INT(fates[999], TDREST_ROWS_REFUSED);
}

/* Seven refusals, one row taken, and seven more: nothing is given up. Other codes end a streak too. */
static void streaks(void)
{
    tdri_halving h;
    size_t from, to;

    memset(bad, 1, sizeof bad);
    bad[7] = bad[15] = 0;
    (void)run(&h, 16, 0);
    CHECK_INT(fates[7], TDREST_ROWS_WRITTEN);
    CHECK_INT(fates[15], TDREST_ROWS_WRITTEN);
    tdri_halving_begin(&h, 100, 0, 0);
    for (int i = 0; i < 100; i++) {
        tdri_fates f;

        while (tdri_halving_next(&h, &from, &to) && to - from > 1)
            (void)tdri_halving_note(&h, TDRI_BLAMES_ROW, TDREST_RAN_NO, BAD_CODE, from + 1);
        f = tdri_halving_note(&h, TDRI_BLAMES_ROW, TDREST_RAN_NO, i % 7 == 0 ? 1 : BAD_CODE, to);
        CHECK_INT(f.of[0].count, 1);
        CHECK_INT(f.of[1].count, 0);
    }
    CHECK_INT(tdri_halving_next(&h, &from, &to), 0);
}

/* What each verdict settles, of four rows that were cut into two and two, the first two of which have the outcome. */
static void verdicts(void)
{
    static const struct { enum tdri_verdict verdict; int ran, state, blames; size_t count; int halved, rest; } cases[] = {
        {TDRI_TAKEN, TDREST_RAN_NO, TDREST_ROWS_WRITTEN, 0, 2, 0, 1},
        {TDRI_BLAMES_ROW, TDREST_RAN_NO, 0, 0, 0, 1, 1},
        {TDRI_TOO_LARGE, TDREST_RAN_NO, 0, 0, 0, 1, 1},
        {TDRI_NOT_RUN, TDREST_RAN_NO, TDREST_ROWS_REFUSED, 0, 4, 0, 0},
        {TDRI_MAY_HAVE_RUN, TDREST_RAN_MAYBE, TDREST_ROWS_UNKNOWN, 0, 2, 0, 1},
    };
    tdri_halving h;
    size_t from, to;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        tdri_fates f;

        tdri_halving_begin(&h, 4, 0, 0);
        (void)tdri_halving_note(&h, TDRI_BLAMES_ROW, TDREST_RAN_NO, BAD_CODE, 2);
        f = tdri_halving_note(&h, cases[i].verdict, cases[i].ran, BAD_CODE, 1);
        CHECK_INT(f.of[0].count, cases[i].count);
        CHECK_INT(f.halved, cases[i].halved);
        if (f.of[0].count > 0)
            CHECK_INT(f.of[0].state, cases[i].state);
        CHECK_INT(f.of[0].blames_rows, cases[i].blames);
        CHECK_INT(tdri_halving_next(&h, &from, &to), cases[i].rest);
    }
}

/* Once rows of a refused request may be stored, what is not sent any more is unknown, not refused. */
static void perhaps_stored(void)
{
    tdri_halving h;
    tdri_fates f;

    tdri_halving_begin(&h, 8, 0, 0);
    (void)tdri_halving_note(&h, TDRI_BLAMES_ROW, TDREST_RAN_MAYBE, 0x060b, 4);
    f = tdri_halving_note(&h, TDRI_NOT_RUN, TDREST_RAN_NO, 0, 2);
    CHECK_INT(f.of[0].count, 8);
    CHECK_INT(f.of[0].state, TDREST_ROWS_UNKNOWN);
    tdri_halving_begin(&h, 8, 0, 0);
    (void)tdri_halving_note(&h, TDRI_BLAMES_ROW, TDREST_RAN_NO, BAD_CODE, 4);
    f = tdri_halving_give_up(&h, 1);
    CHECK_INT(f.of[0].count, 4);
    CHECK_INT(f.of[0].state, TDREST_ROWS_UNKNOWN);
    CHECK_INT(f.of[1].count, 4);
    CHECK_INT(f.of[1].state, TDREST_ROWS_REFUSED);
    tdri_halving_begin(&h, 8, 0, 0);
    f = tdri_halving_give_up(&h, 0);
    CHECK_INT(f.of[0].count, 8);
    CHECK_INT(f.of[0].state, TDREST_ROWS_REFUSED);
}

/* Every cell: what a record means for rows. */
static void verdict_of_records(void)
{
    static const struct { int code, server_code, http, ran, attempts; size_t rows; int harmless; enum tdri_verdict verdict; } cells[] = {
        {TDREST_OK, 0, 200, TDREST_RAN_NO, 1, 9, 0, TDRI_TAKEN},
        {TDREST_ESERVER, 0x0216, 200, TDREST_RAN_NO, 1, 9, 0, TDRI_BLAMES_ROW},
        {TDREST_ESERVER, 0x0216, 200, TDREST_RAN_NO, 1, 1, 0, TDRI_BLAMES_ROW},
        {TDREST_ESERVER, 0x0216, 200, TDREST_RAN_MAYBE, 2, 9, 1, TDRI_BLAMES_ROW},   /* an attempt before may have run: the rows are the same ones */
        {TDREST_ESERVER, 0x0216, 200, TDREST_RAN_MAYBE, 2, 9, 0, TDRI_MAY_HAVE_RUN}, /* they would be others */
        {TDREST_ESERVER, 0x0216, 200, TDREST_RAN_MAYBE, 2, 1, 1, TDRI_MAY_HAVE_RUN}, /* the row may be stored by the first attempt */
        {TDREST_ESERVER, 0x060b, 200, TDREST_RAN_MAYBE, 1, 9, 1, TDRI_BLAMES_ROW},
        {TDREST_ESERVER, 0x060b, 200, TDREST_RAN_MAYBE, 1, 9, 0, TDRI_MAY_HAVE_RUN},
        {TDREST_ESERVER, 0x060b, 200, TDREST_RAN_MAYBE, 1, 1, 0, TDRI_BLAMES_ROW},   /* alone there is nothing beside it */
        {TDREST_ESERVER, 0x0216, 200, TDREST_RAN_YES, 1, 9, 1, TDRI_MAY_HAVE_RUN},
        {TDREST_ESERVER, 0x2603, 200, TDREST_RAN_NO, 1, 9, 1, TDRI_NOT_RUN},         /* no such table */
        {TDREST_ESERVER, 0x0916, 200, TDREST_RAN_MAYBE, 1, 9, 1, TDRI_MAY_HAVE_RUN}, /* a node that writes */
        {TDREST_EGATEWAY, 0, 413, TDREST_RAN_NO, 1, 9, 0, TDRI_TOO_LARGE},
        {TDREST_EGATEWAY, 0, 413, TDREST_RAN_MAYBE, 2, 9, 1, TDRI_MAY_HAVE_RUN},
        {TDREST_EGATEWAY, 0, 502, TDREST_RAN_MAYBE, 1, 9, 1, TDRI_MAY_HAVE_RUN},
        {TDREST_ECONNECT, 0, 0, TDREST_RAN_NO, 5, 9, 1, TDRI_NOT_RUN},
        {TDREST_ECONNECT, 0, 0, TDREST_RAN_MAYBE, 5, 9, 1, TDRI_MAY_HAVE_RUN},
        {TDREST_EAUTH, 0x0357, 200, TDREST_RAN_NO, 1, 9, 1, TDRI_NOT_RUN},
        {TDREST_ETIMEOUT, 0, 0, TDREST_RAN_MAYBE, 1, 1, 1, TDRI_MAY_HAVE_RUN},
        {TDREST_ECANCELLED, 0, 0, TDREST_RAN_NO, 0, 1, 0, TDRI_NOT_RUN},
        {TDREST_EANSWER, 0, 200, TDREST_RAN_MAYBE, 1, 1, 1, TDRI_MAY_HAVE_RUN},
        {TDREST_EANSWER, 0, 200, TDREST_RAN_YES, 1, 1, 1, TDRI_MAY_HAVE_RUN},
        {TDREST_ENOMEM, 0, 0, TDREST_RAN_NO, 0, 9, 0, TDRI_NOT_RUN},
        {TDREST_EUSAGE, 0, 0, TDREST_RAN_NO, 0, 9, 0, TDRI_NOT_RUN},
    };

    for (size_t i = 0; i < COUNT_OF(cells); i++) {
        tdrest_error err = TDREST_ERROR_INIT;

        err.code = cells[i].code;
        err.server_code = cells[i].server_code;
        err.http_status = cells[i].http;
        err.ran = cells[i].ran;
        err.attempts = cells[i].attempts;
        CHECK(tdri_verdict_of(&err, cells[i].rows, cells[i].harmless) == cells[i].verdict, "cell %zu: %d", i, (int)tdri_verdict_of(&err, cells[i].rows, cells[i].harmless));
    }
}

CU_TestInfo tdrt_halving[] = {
    {"single bad rows", single_bad_rows},
    {"scattered bad rows", scattered_bad_rows},
    {"all rows bad", all_bad},
    {"streaks", streaks},
    {"verdicts", verdicts},
    {"perhaps stored", perhaps_stored},
    {"verdicts of records", verdict_of_records},
    CU_TEST_INFO_NULL,
};
