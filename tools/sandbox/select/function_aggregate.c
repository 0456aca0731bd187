/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* SQLite's functions over rows: sums as the server adds, deviations by its formula, and the values of the first and the last row. */
#include "select.h"

#include <math.h>
#include <sqlite3.h>

typedef struct state {
    int64_t count;
    uint64_t whole;         /* 64 bits, as the server adds */
    double sum, squares, low, high;
    sqlite3_value *best;    /* of the first or last row */
    int64_t time;
} state;

enum result { SUM_INTEGER, SUM_UNSIGNED, SUM_REAL, AVG, SPREAD, STDDEV };

static state *state_of(sqlite3_context *context, size_t bytes)
{
    return sqlite3_aggregate_context(context, (int)bytes);
}

static void add(sqlite3_context *context, int count, sqlite3_value **args)
{
    state *s = state_of(context, sizeof *s);
    double d = sqlite3_value_double(args[0]);

    (void)count;
    if (s == NULL || sqlite3_value_type(args[0]) == SQLITE_NULL)
        return;
    s->low = s->count == 0 || d < s->low ? d : s->low;
    s->high = s->count == 0 || d > s->high ? d : s->high;
    s->count++;
    s->sum += d;
    s->squares += d * d;
    s->whole += sbx_sqlite_value(args[0], &(sbx_type){.id = SBX_UBIGINT}).as.u;
}

static void finish(sqlite3_context *context)
{
    const state *s = state_of(context, 0);
    enum result result = *(const enum result *)sqlite3_user_data(context);
    double mean;

    if (s == NULL || s->count == 0)
        return;
    mean = s->sum / (double)s->count;
    if (result == SUM_INTEGER || result == SUM_UNSIGNED)
        sbx_sqlite_result(context, &(sbx_value){result == SUM_INTEGER ? SBX_BIGINT : SBX_UBIGINT, 0, {.u = s->whole}});
    else
        sqlite3_result_double(context, result == SUM_REAL ? s->sum : result == AVG ? mean : result == SPREAD ? s->high - s->low
                                           : sqrt(fabs(s->squares / (double)s->count - mean * mean)));
}

/* ---- the first and the last row ---- */

enum place { FIRST, LAST, LAST_ROW };

/* (value, time): of NULL alone LAST_ROW takes heed. */
static void keep(sqlite3_context *context, int count, sqlite3_value **args)
{
    enum place place = *(const enum place *)sqlite3_user_data(context);
    state *s = state_of(context, sizeof *s);
    int64_t time = sqlite3_value_int64(args[1]);

    (void)count;
    if (s == NULL || sqlite3_value_type(args[1]) == SQLITE_NULL || (place != LAST_ROW && sqlite3_value_type(args[0]) == SQLITE_NULL))
        return;
    if (s->best != NULL && (place == FIRST ? time >= s->time : time <= s->time))
        return;
    sqlite3_value_free(s->best);
    s->best = sqlite3_value_dup(args[0]);
    s->time = time;
}

static void give(sqlite3_context *context)
{
    state *s = state_of(context, 0);

    if (s == NULL || s->best == NULL)
        return;
    sqlite3_result_value(context, s->best);
    sqlite3_value_free(s->best);
    s->best = NULL;
}

int sbx_add_aggregates(sqlite3 *connection)
{
    static const struct {
        const char *name;
        enum result result;
    } sums[] = {{"sum_integer", SUM_INTEGER}, {"sum_unsigned", SUM_UNSIGNED}, {"sum_real", SUM_REAL}, {"avg_real", AVG}, {"spread_real", SPREAD}, {"stddev_real", STDDEV}};
    static const struct {
        const char *name;
        enum place place;
    } rows[] = {{"first_value", FIRST}, {"last_value", LAST}, {"last_row_value", LAST_ROW}};
    int ok = 1;

    for (size_t i = 0; i < sizeof sums / sizeof sums[0]; i++)
        ok &= sqlite3_create_function(connection, sums[i].name, 1, SQLITE_UTF8, (void *)&sums[i].result, NULL, add, finish) == SQLITE_OK;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ok &= sqlite3_create_function(connection, rows[i].name, 2, SQLITE_UTF8, (void *)&rows[i].place, NULL, keep, give) == SQLITE_OK;
    return ok;
}
