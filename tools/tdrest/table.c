/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Rows under aligned columns, for people. A result streams, so its columns cannot be measured to the end: rows are
 * collected a batch at a time, and the first batch fixes the widths. A later cell that is wider pushes its line out of
 * shape in a file, and is cut on a terminal. Knows nothing of the network and of how long it took.
 */
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "show.h"

/* A batch ends with any of these, so that wide rows do not make it grow. */
enum { BATCH_ROWS = 1000, BATCH_CELLS = 100000, BATCH_BYTES = 1 << 20 };

#define ELLIPSIS "\xE2\x80\xA6"

enum { NARROW = 8 }; /* text is not cut below this to make room for others */

typedef struct cell {
    size_t offset;
    size_t len;
    size_t width;
} cell;

typedef struct table {
    cli_output *out;
    tdrest_result *res;
    const char *null;
    int bare;      /* without names */
    size_t limit;  /* columns of the terminal; CLI_NO_LIMIT without one */
    size_t count;  /* columns of the result */
    size_t shown;  /* of these */
    enum cli_look *looks;
    cell *names;
    size_t *widths;
    cell *cells;   /* of the batch, row after row */
    size_t cell_count;
    size_t cell_cap;
    char *text;    /* of names and cells */
    size_t name_len;
    size_t len;
    size_t cap;
} table;

static int grow(table *t, size_t room)
{
    size_t cap = t->cap + t->cap / 2 + room;
    char *text;

    if (t->cap - t->len >= room)
        return TDREST_OK;
    text = realloc(t->text, cap);
    if (text == NULL)
        return TDREST_ENOMEM;
    t->text = text;
    t->cap = cap;
    return TDREST_OK;
}

/* Keeps a text as it will be shown; mark stands before it. */
static int keep(table *t, const char *mark, const char *text, size_t len, cell *c)
{
    size_t mark_len = strlen(mark);

    if (len > CLI_NO_LIMIT / 8 || grow(t, mark_len + CLI_SHOW_ROOM(len)) < 0)
        return TDREST_ENOMEM;
    c->offset = t->len;
    memcpy(t->text + t->len, mark, mark_len);
    c->len = mark_len + cli_show(text, len, t->limit - mark_len, t->text + t->len + mark_len, &c->width);
    c->width += mark_len;
    t->len += c->len;
    return TDREST_OK;
}

static int keep_cell(table *t, size_t column, cell *c)
{
    char room[CLI_CELL_ROOM];
    const char *text;
    size_t len;
    int rc = cli_cell(t->res, column, t->looks[column], room, &text, &len);

    if (rc == TDREST_ENULL)
        return keep(t, "", t->null, strlen(t->null), c);
    return rc < 0 ? rc : keep(t, t->looks[column] == CLI_LOOK_BYTES ? "\\x" : "", text, len, c);
}

static int keep_row(table *t)
{
    size_t i;
    cell *cells;
    int rc = TDREST_OK;

    if (t->cell_cap - t->cell_count < t->count) {
        cells = realloc(t->cells, (2 * t->cell_cap + t->count) * sizeof *cells);
        if (cells == NULL)
            return TDREST_ENOMEM;
        t->cells = cells;
        t->cell_cap = 2 * t->cell_cap + t->count;
    }
    for (i = 0; rc >= 0 && i < t->count; i++)
        rc = keep_cell(t, i, &t->cells[t->cell_count + i]);
    t->cell_count += rc >= 0 ? t->count : 0;
    return rc;
}

/* Reads rows until the batch is full. As tdrest_result_next. */
static int read_batch(table *t)
{
    int rc = TDREST_ROW;
    size_t rows = 0;

    t->cell_count = 0;
    t->len = t->name_len;
    while (rc == TDREST_ROW && rows < BATCH_ROWS && t->cell_count < BATCH_CELLS && t->len < BATCH_BYTES) {
        int kept;

        rc = cli_next(t->res);
        kept = rc == TDREST_ROW ? keep_row(t) : TDREST_OK;
        rc = kept < 0 ? kept : rc;
        rows++;
    }
    return rc;
}

/* The columns that a line takes when text is cut to cap; those of numbers and times (floors) are never cut. */
static size_t line_width(const table *t, const size_t *floors, size_t cap)
{
    size_t i, total = 3 * (t->count - 1);

    for (i = 0; i < t->count; i++)
        total += t->widths[i] <= cap ? t->widths[i] : floors[i] > cap ? floors[i] : cap;
    return total;
}

/* Makes the table fit the terminal: cuts the widest texts first; then leaves out what is at the right. */
static void fit(table *t, const size_t *floors)
{
    size_t i, total, low = NARROW, high = t->limit;

    while (low < high) {
        size_t middle = low + (high - low + 1) / 2;

        if (line_width(t, floors, middle) <= t->limit)
            low = middle;
        else
            high = middle - 1;
    }
    for (i = 0; i < t->count; i++)
        if (t->widths[i] > low)
            t->widths[i] = floors[i] > low ? floors[i] : low;
    if (line_width(t, floors, low) <= t->limit)
        return;
    /* Each line then ends with " | ..." in four columns. */
    for (total = 4, t->shown = 0; t->shown < t->count && total + t->widths[t->shown] <= t->limit; t->shown++)
        total += t->widths[t->shown] + 3;
    if (t->shown == 0) {
        t->shown = 1;
        t->widths[0] = t->limit > 5 ? t->limit - 4 : 1;
    }
}

static int measure(table *t)
{
    size_t i, *floors = calloc(t->count, sizeof *floors);

    if (floors == NULL)
        return TDREST_ENOMEM;
    for (i = 0; i < t->cell_count; i++)
        if (t->cells[i].width > floors[i % t->count])
            floors[i % t->count] = t->cells[i].width;
    for (i = 0; i < t->count; i++) {
        t->widths[i] = t->names[i].width > floors[i] ? t->names[i].width : floors[i];
        if (t->looks[i] < CLI_LOOK_TIME)
            floors[i] = 0;
    }
    if (t->limit != CLI_NO_LIMIT && line_width(t, floors, t->limit) > t->limit)
        fit(t, floors);
    free(floors);
    return TDREST_OK;
}

static void put_cell(table *t, const cell *c, size_t column)
{
    const char *text = t->text + c->offset;
    size_t len = c->len, width = c->width, room = t->widths[column];
    int cut = width > room && t->limit != CLI_NO_LIMIT;
    size_t padding;

    if (cut)
        len = cli_fit(text, len, room - 1, &width);
    width += cut ? 1 : 0;
    padding = width < room ? room - width : 0;
    if (t->looks[column] >= CLI_LOOK_EPOCH)
        cli_output_fill(t->out, ' ', padding);
    cli_output_put(t->out, text, len);
    if (cut)
        cli_output_put(t->out, ELLIPSIS, strlen(ELLIPSIS));
    if (t->looks[column] < CLI_LOOK_EPOCH && column + 1 != t->count)
        cli_output_fill(t->out, ' ', padding);
}

static void put_line(table *t, const cell *cells)
{
    size_t i;

    for (i = 0; i < t->shown; i++) {
        if (i != 0)
            cli_output_put(t->out, " | ", 3);
        put_cell(t, &cells[i], i);
    }
    if (t->shown < t->count)
        cli_output_put(t->out, " | " ELLIPSIS, 3 + strlen(ELLIPSIS));
    cli_output_char(t->out, '\n');
}

static void put_head(table *t)
{
    size_t i;

    put_line(t, t->names);
    for (i = 0; i < t->shown; i++) {
        if (i != 0)
            cli_output_put(t->out, "-+-", 3);
        cli_output_fill(t->out, '-', t->widths[i]);
    }
    if (t->shown < t->count)
        cli_output_put(t->out, "-+--", 4);
    cli_output_char(t->out, '\n');
}

static int open_table(table *t, const cli_sink *sink)
{
    size_t i;
    int rc = TDREST_OK;

    t->looks = cli_looks(sink, t->res);
    t->names = calloc(t->count, sizeof *t->names);
    t->widths = calloc(t->count, sizeof *t->widths);
    if (t->looks == NULL || t->names == NULL || t->widths == NULL)
        return TDREST_ENOMEM;
    for (i = 0; rc >= 0 && i < t->count; i++) {
        const tdrest_column *column = tdrest_result_column(t->res, i);

        rc = keep(t, "", column->name, t->bare ? 0 : column->name_len, &t->names[i]);
    }
    t->name_len = t->len;
    return rc;
}

static void close_table(table *t)
{
    free(t->looks);
    free(t->names);
    free(t->widths);
    free(t->cells);
    free(t->text);
}

static int write_table(cli_sink *sink, tdrest_result *res, cli_written *written)
{
    table t = {.out = sink->out, .res = res, .bare = sink->style.bare};
    size_t i;
    int rc, failed, first = 1;

    t.null = sink->style.null == NULL ? "NULL" : sink->style.null;
    t.limit = sink->columns == 0 ? CLI_NO_LIMIT : sink->columns < NARROW ? NARROW : sink->columns;
    t.count = t.shown = tdrest_result_column_count(res);
    rc = open_table(&t, sink);
    while (rc >= 0 && rc != TDREST_DONE && sink->out->error == 0) {
        rc = read_batch(&t);
        failed = first ? measure(&t) : TDREST_OK;
        if (failed < 0) {
            rc = failed;
            break;
        }
        if (first && !t.bare)
            put_head(&t);
        first = 0;
        for (i = 0; i < t.cell_count; i += t.count)
            put_line(&t, t.cells + i);
        written->rows += (int64_t)(t.cell_count / t.count);
    }
    written->columns = t.shown;
    close_table(&t);
    return rc;
}

const cli_format cli_table = {"table", 1, 1, write_table};
