/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Halving without a server: every row gets one fate, by the rules, and within the number of requests that is promised. */
#include "test.h"

#include "async/halving.h"

enum { MOST = 100000, BAD_CODE = 0x0216 };

static const tdri_streak no_streak;
static unsigned char fates[MOST], bad[MOST];
static int tables[MOST]; /* rising; 0 for all: one table */

static void keep(tdri_fate fate)
{
    for (size_t row = fate.first; row < fate.first + fate.count; row++) {
        if (fates[row] != 0)
            CHECK(0, "row %zu has two fates", row);
        fates[row] = (unsigned char)fate.state;
    }
}

static tdri_tables one_table(size_t to)
{
    return (tdri_tables){0, to};
}

/* As the callers find them. */
static tdri_tables tables_of(size_t from, size_t to)
{
    const size_t middle = from + (to - from) / 2;
    tdri_tables of = one_table(to);

    for (of.begin = from; of.begin > 0 && tables[of.begin - 1] == tables[from];)
        of.begin--;
    for (size_t off = 0; off < to - from; off++) {
        const size_t below = middle - off, above = middle + off;

        if (middle > from + off && tables[below] != tables[below - 1])
            return (tdri_tables){of.begin, below};
        if (above < to && above > from && tables[above] != tables[above - 1])
            return (tdri_tables){of.begin, above};
    }
    return of;
}

static size_t first_bad(size_t from, size_t to)
{
    while (from < to && !bad[from])
        from++;
    return from;
}

/* A server that refuses whatever has a bad row in it, with the code of the first one; the number of requests. */
static int run_behind(tdri_halving *h, size_t rows, tdri_streak earlier)
{
    size_t from, to;
    int requests = 0;

    memset(fates, 0, rows);
    tdri_halving_begin(h, rows, earlier);
    for (; tdri_halving_next(h, &from, &to); requests++) {
        const size_t at = first_bad(from, to);
        const int code = at == to ? 0 : BAD_CODE - 1 + bad[at];

        keep(tdri_halving_note(h, at < to ? TDRI_BLAMES_ROW : TDRI_TAKEN, TDREST_RAN_NO, code, tables_of(from, to)));
        if (requests > 10 * MOST)
            break;
    }
    for (size_t i = 0; i < rows; i++)
        if (fates[i] == 0)
            CHECK(0, "row %zu of %zu has no fate", i, rows);
    return requests;
}

static int run(tdri_halving *h, size_t rows)
{
    return run_behind(h, rows, no_streak);
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
            requests = run(&h, rows);
            CHECK(requests <= 1 + 2 * log2_of(rows), "%d requests for row %zu of %zu", requests, at, rows);
            for (size_t i = 0; i < rows; i++)
                CHECK_INT(fates[i], i == at ? TDREST_ROWS_REFUSED : TDREST_ROWS_WRITTEN);
        }
}

/* A border far from the middle makes none of them dearer. */
static void single_bad_rows_of_two_tables(void)
{
    tdri_halving h;

    memset(bad, 0, sizeof bad);
    for (size_t rows = 2; rows < 40; rows++)
        for (size_t border = 1; border < rows; border++) {
            for (size_t i = 0; i < rows; i++)
                tables[i] = i >= border;
            for (size_t at = 0; at < rows; at++) {
                int requests;

                bad[at] = 1;
                requests = run(&h, rows);
                bad[at] = 0;
                if (requests > 1 + 2 * log2_of(rows))
                    CHECK(0, "%d requests for row %zu of %zu, cut at %zu", requests, at, rows, border);
            }
        }
    memset(tables, 0, sizeof tables);
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
        requests = run(&h, MOST);
        CHECK(requests <= 1 + 2 * count * log2_of(MOST), "%d requests for %d bad rows", requests, count);
        for (size_t i = 0; i < MOST; i++)
            if (fates[i] != (bad[i] ? TDREST_ROWS_REFUSED : TDREST_ROWS_WRITTEN))
                CHECK(0, "row %zu: %d", i, fates[i]);
    }
}

static void all_bad(void)
{
    const tdri_streak bad_batch = {TDRI_HALVING_ROWS, BAD_CODE, TDRI_HALVING_ROWS};
    tdri_halving h;
    int requests;

    memset(bad, 1, sizeof bad);
    memset(tables, 0, sizeof tables);
    requests = run(&h, MOST);
    CHECK(requests <= 64, "%d requests", requests);
    CHECK(h.streak >= TDRI_HALVING_ROWS, "a streak of %d", h.streak);
    /* A batch behind it begins with one row, which tells whether it goes on, */
    CHECK_INT(run_behind(&h, MOST, bad_batch), 2);
    memset(bad, 0, 2);
    requests = run_behind(&h, 1000, bad_batch);
    CHECK(requests <= 64, "%d requests", requests);
    /* and if not, costs one request more, and no row. */
    memset(bad, 0, sizeof bad);
    bad[500] = 1;
    requests = run_behind(&h, 1000, bad_batch);
    CHECK(requests <= 2 + 2 * 10, "%d requests", requests);
    for (size_t i = 0; i < 1000; i++)
        CHECK_INT(fates[i], i == 500 ? TDREST_ROWS_REFUSED : TDREST_ROWS_WRITTEN);
    /* A table each. */
    memset(bad, 1, sizeof bad);
    for (int i = 0; i < MOST; i++)
        tables[i] = i;
    requests = run(&h, MOST);
    CHECK(requests <= 2 * (log2_of(MOST) + TDRI_HALVING_PARTS), "%d requests", requests);
    memset(tables, 0, sizeof tables);
}

/* Seven refusals, one row taken, and seven more: nothing is given up. Other codes end a streak too. */
static void streaks(void)
{
    tdri_halving h;
    size_t from, to;

    memset(bad, 1, sizeof bad);
    bad[7] = bad[15] = 0;
    (void)run(&h, 16);
    CHECK_INT(fates[7], TDREST_ROWS_WRITTEN);
    CHECK_INT(fates[15], TDREST_ROWS_WRITTEN);
    tdri_halving_begin(&h, 100, no_streak);
    for (int i = 0; i < 100; i++) {
        tdri_fate fate;

        while (tdri_halving_next(&h, &from, &to) && to - from > 1)
            (void)tdri_halving_note(&h, TDRI_BLAMES_ROW, TDREST_RAN_NO, BAD_CODE, one_table(to));
        fate = tdri_halving_note(&h, TDRI_BLAMES_ROW, TDREST_RAN_NO, i % 7 == 0 ? 1 : BAD_CODE, one_table(to));
        CHECK_INT(fate.count, 1);
    }
    CHECK_INT(tdri_halving_next(&h, &from, &to), 0);
}

/* Of what a batch leaves, only rows of its last table count for the next one; what was not sent ends it. */
static void left_streaks(void)
{
    tdri_halving h;

    memset(bad, 1, sizeof bad);
    for (int i = 0; i < 12; i++)
        tables[i] = i < 9;
    (void)run(&h, 12);
    CHECK_INT(tdri_halving_streak(&h, 9).of_table, 3);
    CHECK(tdri_halving_streak(&h, 9).length > 8, "%d refusals", tdri_halving_streak(&h, 9).length);
    memset(tables, 0, sizeof tables);
    (void)run_behind(&h, 5, (tdri_streak){6, BAD_CODE, 2});
    CHECK_INT(tdri_halving_streak(&h, 0).of_table, 7);
    (void)run_behind(&h, 5, (tdri_streak){6, 1, 2});
    CHECK_INT(tdri_halving_streak(&h, 0).of_table, 5);
    bad[4] = 0;
    (void)run(&h, 5);
    CHECK_INT(tdri_halving_streak(&h, 0).of_table, 0);
    CHECK_INT(tdri_halving_streak(&h, 0).length, 0);
    tdri_halving_begin(&h, 1000, (tdri_streak){8, BAD_CODE, 8});
    (void)tdri_halving_note(&h, TDRI_BLAMES_ROW, TDREST_RAN_NO, BAD_CODE, one_table(1));
    (void)tdri_halving_note(&h, TDRI_NOT_RUN, TDREST_RAN_NO, 0, one_table(1000));
    CHECK_INT(tdri_halving_streak(&h, 0).of_table, 0);
    CHECK_INT(tdri_halving_streak(&h, 0).length, 0);
}

/* ---- patterns ---- */

static uint64_t state;

static size_t draw(size_t below)
{
    state = state * UINT64_C(6364136223846793005) + 1;
    return (size_t)(state >> 33) % below;
}

/* Tables of up to `most` rows. Of each, every row is bad, or one in so many, or none. */
static size_t make_pattern(size_t most)
{
    const size_t rows = 1 + draw(2000), bad_tables = 1 + draw(4), reasons = 1 + draw(2);
    size_t left = 0;
    int table = 0, share = 0;

    for (size_t i = 0; i < rows; i++, left--) {
        if (left == 0) {
            left = 1 + draw(most);
            table++;
            share = draw(bad_tables) != 0 ? 0 : draw(2) != 0 ? 1 : (int)(2 + draw(40));
        }
        tables[i] = table;
        bad[i] = (unsigned char)(share != 0 && draw((size_t)share) == 0 ? 1 + draw(reasons) : 0);
    }
    return rows;
}

/* How many rows in front of that one were refused one after the other; of_table: of its table. */
static int count_refused_before(size_t row, int of_table, int earlier)
{
    int count = 0;

    for (; row > 0 && fates[row - 1] == TDREST_ROWS_REFUSED && (!of_table || tables[row - 1] == tables[row]); row--)
        count++;
    return row == 0 ? count + earlier : count;
}

/* No bad row is written; a good one is refused only where the promise lets it; and the requests are as few as promised. */
static void check_pattern(size_t rows, int requests, tdri_streak earlier)
{
    const int goes_on = earlier.of_table >= TDRI_HALVING_ROWS || earlier.length >= TDRI_HALVING_PARTS;
    int count = 0;

    for (size_t i = 0; i < rows; i++) {
        const int promised = bad[i] ? TDREST_ROWS_REFUSED : TDREST_ROWS_WRITTEN;

        count += bad[i] != 0;
        if (fates[i] == promised)
            continue;
        if (bad[i] || (count_refused_before(i, 1, (int)earlier.of_table) < TDRI_HALVING_ROWS && count_refused_before(i, 0, earlier.length) < TDRI_HALVING_PARTS))
            CHECK(0, "row %zu of %zu: %d", i, rows, fates[i]);
    }
    if (requests > 1 + goes_on + 2 * count * log2_of(rows))
        CHECK(0, "%d requests for %d bad rows of %zu", requests, count, rows);
}

static void patterns(void)
{
    tdri_halving h;
    int lost = 0;

    for (int round = 0; round < 2000; round++) {
        static const tdri_streak earlier[] = {{0, 0, 0}, {7, BAD_CODE, 7}, {8, BAD_CODE, 8}, {70, BAD_CODE, 70}, {70, BAD_CODE, 0}, {63, BAD_CODE, 7}, {63, BAD_CODE, 0}};
        const tdri_streak streak = earlier[(size_t)round % COUNT_OF(earlier)];
        size_t rows;

        state = (uint64_t)round;
        rows = make_pattern(round % 3 == 0 ? 1 : round % 3 == 1 ? 40 : 700);
        check_pattern(rows, run_behind(&h, rows, streak), streak);
        for (size_t i = 0; i < rows; i++)
            lost += fates[i] == TDREST_ROWS_REFUSED && !bad[i];
    }
    CHECK(lost > 0, "no pattern has a part that is refused as a whole");
    memset(tables, 0, sizeof tables);
}

/* Bad rows of one table cost the next ones nothing, though there is a bad one among them, too. */
static void other_tables(void)
{
    static const size_t lengths[] = {9, 100, 1000};
    tdri_halving h;

    for (size_t at = 0; at < COUNT_OF(lengths); at++) {
        memset(bad, 0, sizeof bad);
        memset(bad, 1, lengths[at]);
        bad[1500] = 1; /* of the third */
        for (size_t i = 0; i < 4000; i++)
            tables[i] = i < lengths[at] ? 0 : 1 + (int)(i / 1000);
        (void)run(&h, 4000);
        for (size_t i = 0; i < 4000; i++)
            if (fates[i] != (bad[i] ? TDREST_ROWS_REFUSED : TDREST_ROWS_WRITTEN))
                CHECK(0, "row %zu behind %zu bad ones: %d", i, lengths[at], fates[i]);
    }
    memset(tables, 0, sizeof tables);
}

/* What each verdict settles, of four rows that were cut into two and two, the first two of which have the outcome. */
static void verdicts(void)
{
    static const struct { enum tdri_verdict verdict; int ran, state, blames; size_t count; int rest; } cases[] = {
        {TDRI_TAKEN, TDREST_RAN_NO, TDREST_ROWS_WRITTEN, 0, 2, 1},
        {TDRI_BLAMES_ROW, TDREST_RAN_NO, 0, 0, 0, 1},
        {TDRI_TOO_LARGE, TDREST_RAN_NO, 0, 0, 0, 1},
        {TDRI_NOT_RUN, TDREST_RAN_NO, TDREST_ROWS_REFUSED, 0, 4, 0},
        {TDRI_MAY_HAVE_RUN, TDREST_RAN_MAYBE, TDREST_ROWS_UNKNOWN, 0, 2, 1},
    };
    tdri_halving h;
    size_t from, to;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        tdri_fate f;

        tdri_halving_begin(&h, 4, no_streak);
        (void)tdri_halving_note(&h, TDRI_BLAMES_ROW, TDREST_RAN_NO, BAD_CODE, one_table(2));
        f = tdri_halving_note(&h, cases[i].verdict, cases[i].ran, BAD_CODE, one_table(1));
        CHECK_INT(f.count, cases[i].count);
        if (f.count > 0)
            CHECK_INT(f.state, cases[i].state);
        CHECK_INT(f.blames_rows, cases[i].blames);
        CHECK_INT(tdri_halving_next(&h, &from, &to), cases[i].rest);
    }
}

/* Once rows of a refused request may be stored, what is not sent any more, or not alone, is unknown, not refused. */
static void perhaps_stored(void)
{
    tdri_halving h;
    tdri_fate f, two[2];
    size_t from, to;

    tdri_halving_begin(&h, 8, no_streak);
    (void)tdri_halving_note(&h, TDRI_BLAMES_ROW, TDREST_RAN_MAYBE, 0x060b, one_table(4));
    f = tdri_halving_note(&h, TDRI_NOT_RUN, TDREST_RAN_NO, 0, one_table(2));
    CHECK_INT(f.count, 8);
    CHECK_INT(f.state, TDREST_ROWS_UNKNOWN);
    for (int maybe = 0; maybe < 2; maybe++) {
        tdri_halving_begin(&h, 64, no_streak);
        do {
            (void)tdri_halving_next(&h, &from, &to);
            f = tdri_halving_note(&h, TDRI_BLAMES_ROW, maybe ? TDREST_RAN_MAYBE : TDREST_RAN_NO, 0x060b, one_table(to));
            CHECK(f.count != 1 || f.state == TDREST_ROWS_REFUSED, "a row alone: %d", f.state);
        } while (f.count < 2);
        CHECK(f.count == 8 && f.state == (maybe ? TDREST_ROWS_UNKNOWN : TDREST_ROWS_REFUSED) && f.blames_rows, "%zu rows: %d", f.count, f.state);
    }
    tdri_halving_begin(&h, 8, no_streak);
    (void)tdri_halving_note(&h, TDRI_BLAMES_ROW, TDREST_RAN_NO, BAD_CODE, one_table(4));
    tdri_halving_give_up(&h, 1, two);
    CHECK_INT(two[0].count, 4);
    CHECK_INT(two[0].state, TDREST_ROWS_UNKNOWN);
    CHECK_INT(two[1].count, 4);
    CHECK_INT(two[1].state, TDREST_ROWS_REFUSED);
    tdri_halving_begin(&h, 8, no_streak);
    tdri_halving_give_up(&h, 0, two);
    CHECK_INT(two[0].count, 0);
    CHECK_INT(two[1].count, 8);
    CHECK_INT(two[1].state, TDREST_ROWS_REFUSED);
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
    {"single bad rows of two tables", single_bad_rows_of_two_tables},
    {"streaks", streaks},
    {"streaks that are left", left_streaks},
    {"patterns of bad rows", patterns},
    {"bad rows cost other tables nothing", other_tables},
    {"verdicts", verdicts},
    {"perhaps stored", perhaps_stored},
    {"verdicts of records", verdict_of_records},
    CU_TEST_INFO_NULL,
};
