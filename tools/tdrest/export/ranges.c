/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A table in pieces by time. Rows are counted, not guessed from times: one stray time far away costs a few counts. */
#include "export/ranges.h"

#include <stdlib.h>

typedef struct planner {
    cli_catalog *catalog;
    const char *table;
    const char *time;
    int precision;
    int64_t most;
    cli_ranges *ranges;
} planner;

/* What is in a range. */
typedef struct content {
    int64_t first;
    int64_t last;
    int64_t rows;
} content;

void cli_ranges_clear(cli_ranges *ranges)
{
    free(ranges->items);
    *ranges = (cli_ranges){.items = NULL};
}

void cli_range_put(const cli_range *range, const char *time, cli_text *sql)
{
    const char *word = " WHERE ";

    if (range->has_from) {
        cli_text_add(sql, word);
        cli_text_ident(sql, time);
        cli_text_add(sql, " >= ");
        cli_text_int(sql, (long long)range->from);
        word = " AND ";
    }
    if (range->has_to) {
        cli_text_add(sql, word);
        cli_text_ident(sql, time);
        cli_text_add(sql, " < ");
        cli_text_int(sql, (long long)range->to);
    }
}

/* A time of an answer in units of the database. */
static int read_time(const planner *p, const tdrest_result *res, size_t column, int64_t *value)
{
    int precision, rc = tdrest_result_time(res, column, value, &precision);

    for (; rc >= 0 && precision < p->precision; precision += TDREST_US - TDREST_MS)
        *value *= 1000;
    return rc;
}

static int read_content(const planner *p, tdrest_result *res, content *found)
{
    int rc = tdrest_result_next(res);

    if (rc != TDREST_ROW)
        return rc;
    rc = tdrest_result_int64(res, 2, &found->rows);
    if (rc >= 0 && found->rows > 0)
        rc = read_time(p, res, 0, &found->first);
    if (rc >= 0 && found->rows > 0)
        rc = read_time(p, res, 1, &found->last);
    return rc < 0 ? rc : TDREST_ROW;
}

static int look(const planner *p, const cli_range *range, content *found)
{
    cli_text *sql = &p->catalog->sql;
    const char *zone = p->catalog->call.timezone;
    tdrest_result *res;
    int status;

    *found = (content){.rows = 0};
    cli_text_reset(sql);
    cli_text_add(sql, "SELECT FIRST(");
    cli_text_ident(sql, p->time);
    cli_text_add(sql, "), LAST(");
    cli_text_ident(sql, p->time);
    cli_text_add(sql, "), COUNT(*) FROM ");
    cli_catalog_put_table(p->catalog, sql, p->table);
    cli_range_put(range, p->time, sql);
    p->catalog->call.timezone = "UTC"; /* the offsets of some zones are not written in full */
    status = cli_catalog_ask(p->catalog, &res);
    p->catalog->call.timezone = zone;
    if (status != CLI_OK)
        return status;
    if (read_content(p, res, found) != TDREST_ROW)
        status = cli_catalog_report(p->catalog, res, p->table);
    tdrest_result_free(res);
    return status;
}

static int add(cli_ranges *ranges, const cli_range *range)
{
    if (ranges->count == ranges->cap) {
        size_t cap = ranges->cap == 0 ? 16 : 2 * ranges->cap;
        cli_range *items = realloc(ranges->items, cap * sizeof *items);

        if (items == NULL)
            return cli_report_no_memory();
        ranges->items = items;
        ranges->cap = cap;
    }
    ranges->items[ranges->count++] = *range;
    return CLI_OK;
}

/* The middle of two times, rounded up: as unsigned numbers, since their distance may need 64 bits. */
static int64_t middle(int64_t first, int64_t last)
{
    uint64_t half = ((uint64_t)last - (uint64_t)first) / 2;

    return (int64_t)((uint64_t)first + half + 1);
}

static int divide(const planner *p, const cli_range *range, const content *found)
{
    cli_range left = *range, right = *range;
    content in_left, in_right;
    int status;

    if (found->rows <= p->most || found->first >= found->last)
        return add(p->ranges, range);
    left.has_to = right.has_from = 1;
    left.to = right.from = middle(found->first, found->last);
    status = look(p, &left, &in_left);
    if (status == CLI_OK)
        status = look(p, &right, &in_right);
    if (status == CLI_OK && in_left.rows > 0)
        status = divide(p, &left, &in_left);
    if (status == CLI_OK && in_right.rows > 0)
        status = divide(p, &right, &in_right);
    return status;
}

int cli_ranges_plan(cli_catalog *c, const char *table, const char *time, int64_t most, cli_ranges *ranges)
{
    planner p = {.catalog = c, .table = table, .time = time, .most = most, .ranges = ranges};
    const cli_range all = {.has_from = 0};
    content found;
    int status = cli_catalog_precision(c, &p.precision);

    *ranges = (cli_ranges){.items = NULL};
    if (status == CLI_OK)
        status = look(&p, &all, &found);
    if (status == CLI_OK)
        status = divide(&p, &all, &found);
    return status == CLI_OK && ranges->count == 0 ? add(ranges, &all) : status;
}
