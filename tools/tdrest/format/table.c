/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Rows under aligned columns, for people. A result streams, so its columns cannot be measured to the end: rows are collected a
 * batch at a time. The first batch fixes which columns are shown and their widths; a later one may widen columns where there is room, which a
 * number always has. On a terminal texts that do not fit are cut, numbers never. Knows nothing of the network and of how long it took.
 */
#include <stdlib.h>
#include <string.h>

#include "format/formats.h"
#include "term/color.h"
#include "term/show.h"

/* A batch ends with any of these, so that wide rows do not make it grow. */
enum { BATCH_ROWS = 1000, BATCH_CELLS = 100000, BATCH_BYTES = 1 << 20 };

enum { NARROW = 8 }; /* text is not cut below this to make room for others */

typedef struct cell {
    size_t offset;
    size_t len;
    size_t width;
    int is_null;
} cell;

typedef struct table {
    cli_sink *sink;
    cli_written *written;
    cli_output *out;
    cli_result *res;
    const char *null;
    size_t limit;  /* columns of the terminal; CLI_NO_LIMIT without one */
    size_t count;  /* columns of the result */
    size_t shown;  /* of these */
    enum cli_look *looks;
    cell *names;
    cell *types;
    size_t *needs; /* of all cells so far, for each column */
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
    c->is_null = 0;
    memcpy(t->text + t->len, mark, mark_len);
    /* What is wider than the terminal stays so: it is cut when it is written. */
    c->len = mark_len + cli_show(text, len, t->limit == CLI_NO_LIMIT ? CLI_NO_LIMIT : t->limit + 1 - mark_len, t->text + t->len + mark_len, &c->width);
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

    if (rc == TDREST_ENULL) {
        rc = keep(t, "", t->null, strlen(t->null), c);
        c->is_null = 1;
        return rc;
    }
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

/* Reads rows until the batch is full. As cli_result_next. */
static int read_batch(table *t)
{
    int rc = TDREST_ROW;
    size_t rows = 0;

    t->cell_count = 0;
    t->len = t->name_len;
    while (rc == TDREST_ROW && rows < BATCH_ROWS && t->cell_count < BATCH_CELLS && t->len < BATCH_BYTES) {
        int kept;

        rc = cli_next(t->sink, t->res, t->written);
        kept = rc == TDREST_ROW ? keep_row(t) : TDREST_OK;
        rc = kept < 0 ? kept : rc;
        rows++;
    }
    return rc;
}

/* Texts may be cut; numbers, times and the like may not. */
static int is_text(const table *t, size_t column)
{
    return t->looks[column] < CLI_LOOK_TIME;
}

static size_t name_width(const table *t, size_t column)
{
    const cell *type = t->sink->style.types && !t->sink->style.bare ? &t->types[column] : NULL;

    return type != NULL && type->width > t->names[column].width ? type->width : t->names[column].width;
}

static size_t width_at(const table *t, size_t column, size_t cap)
{
    size_t need = t->needs[column], name = name_width(t, column), floor = is_text(t, column) ? 0 : need, all = need > name ? need : name;

    return all <= cap ? all : floor > cap ? floor : cap;
}

/* The columns that a line takes when text is cut to cap. Each line of a table that is not whole ends with " | ..." in four columns. */
static size_t line_width(const table *t, size_t cap)
{
    size_t i, total = t->shown < t->count ? 4 : 0;

    for (i = 0; i < t->shown; i++)
        total += width_at(t, i, cap) + (i == 0 ? 0 : 3);
    return total;
}

/* The widest cap at which a line fits: the widest texts are cut first. */
static size_t find_cap(const table *t)
{
    size_t low = NARROW, high = t->limit;

    if (t->limit == CLI_NO_LIMIT || line_width(t, t->limit) <= t->limit)
        return t->limit;
    while (low < high) {
        size_t middle = low + (high - low + 1) / 2;

        if (line_width(t, middle) <= t->limit)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

/* Leaves out what is at the right, until the rest fits; a first column stays. */
static void leave_out(table *t)
{
    while (t->shown > 1 && line_width(t, NARROW) > t->limit)
        t->shown--;
}

/* The widths after a batch. Which columns are shown is settled by the first one. */
static void measure(table *t, int first)
{
    size_t i, cap;

    for (i = 0; i < t->cell_count; i++)
        if (t->cells[i].width > t->needs[i % t->count])
            t->needs[i % t->count] = t->cells[i].width;
    if (first && t->limit != CLI_NO_LIMIT)
        leave_out(t);
    cap = find_cap(t);
    for (i = 0; i < t->shown; i++)
        t->widths[i] = width_at(t, i, cap);
    /* A terminal narrower than one column cuts even a time; a number goes on in the next line. */
    if (t->shown == 1 && t->limit != CLI_NO_LIMIT && t->looks[0] < CLI_LOOK_EPOCH && line_width(t, cap) > t->limit)
        t->widths[0] = t->limit > 5 ? t->limit - (t->shown < t->count ? 4 : 0) : 1;
}

static void put_style(const table *t, const char *style)
{
    if (t->sink->color)
        cli_output_text(t->out, style);
}

static const char *ellipsis(const table *t)
{
    return t->sink->style.ascii ? "~" : "\xE2\x80\xA6";
}

static void put_cell(table *t, const cell *c, size_t column, const char *style)
{
    const char *text = t->text + c->offset;
    size_t len = c->len, width = c->width, room = t->widths[column];
    int cut = width > room && t->limit != CLI_NO_LIMIT, right = t->looks[column] >= CLI_LOOK_EPOCH;
    size_t padding;

    if (cut)
        len = cli_fit(text, len, room - 1, &width);
    width += cut ? 1 : 0;
    padding = width < room ? room - width : 0;
    if (right)
        cli_output_fill(t->out, ' ', padding);
    if (style != NULL)
        put_style(t, style);
    cli_output_put(t->out, text, len);
    if (cut)
        cli_output_text(t->out, ellipsis(t));
    if (style != NULL)
        put_style(t, CLI_PLAIN);
    if (!right && column + 1 != t->count)
        cli_output_fill(t->out, ' ', padding);
    t->written->cut += cut && c >= t->cells && c < t->cells + t->cell_count;
}

static void put_line(table *t, const cell *cells, const char *style)
{
    size_t i;

    for (i = 0; i < t->shown; i++) {
        if (i != 0) {
            put_style(t, CLI_DIM);
            cli_output_put(t->out, " | ", 3);
            put_style(t, CLI_PLAIN);
        }
        put_cell(t, &cells[i], i, style != NULL ? style : cells[i].is_null ? CLI_DIM : NULL);
    }
    if (t->shown < t->count) {
        cli_output_put(t->out, " | ", 3);
        cli_output_text(t->out, ellipsis(t));
    }
    cli_output_char(t->out, '\n');
}

static void put_head(table *t)
{
    size_t i;

    put_line(t, t->names, CLI_BOLD);
    if (t->sink->style.types)
        put_line(t, t->types, CLI_DIM);
    put_style(t, CLI_DIM);
    for (i = 0; i < t->shown; i++) {
        if (i != 0)
            cli_output_put(t->out, "-+-", 3);
        cli_output_fill(t->out, '-', t->widths[i]);
    }
    if (t->shown < t->count)
        cli_output_put(t->out, "-+--", 4);
    put_style(t, CLI_PLAIN);
    cli_output_char(t->out, '\n');
}

static int open_table(table *t, const cli_sink *sink)
{
    size_t i;
    int rc = TDREST_OK;

    t->looks = cli_looks(sink, t->res);
    t->names = calloc(t->count, sizeof *t->names);
    t->types = calloc(t->count, sizeof *t->types);
    t->needs = calloc(t->count, sizeof *t->needs);
    t->widths = calloc(t->count, sizeof *t->widths);
    if (t->looks == NULL || t->names == NULL || t->types == NULL || t->needs == NULL || t->widths == NULL)
        return TDREST_ENOMEM;
    for (i = 0; rc >= 0 && i < t->count; i++) {
        const tdrest_column *column = cli_result_column(t->res, i);

        rc = keep(t, "", column->name, sink->style.bare ? 0 : column->name_len, &t->names[i]);
        if (rc >= 0)
            rc = keep(t, "", column->type_name, strlen(column->type_name), &t->types[i]);
    }
    t->name_len = t->len;
    return rc;
}

static void close_table(table *t)
{
    free(t->looks);
    free(t->names);
    free(t->types);
    free(t->needs);
    free(t->widths);
    free(t->cells);
    free(t->text);
}

int cli_write_table(cli_sink *sink, cli_result *res, cli_written *written)
{
    table t = {.sink = sink, .written = written, .out = sink->out, .res = res, .null = cli_null(sink, "NULL")};
    size_t i, columns = sink->style.no_cut ? 0 : sink->size.columns;
    int rc, first = 1;

    t.limit = columns == 0 ? CLI_NO_LIMIT : columns < NARROW ? NARROW : columns;
    t.count = t.shown = cli_result_column_count(res);
    rc = open_table(&t, sink);
    while (rc >= 0 && rc != TDREST_DONE && sink->out->error == 0) {
        rc = read_batch(&t);
        measure(&t, first);
        if (first && !sink->style.bare)
            put_head(&t);
        first = 0;
        for (i = 0; i < t.cell_count; i += t.count)
            put_line(&t, t.cells + i, NULL);
    }
    written->columns = t.shown;
    close_table(&t);
    return rc;
}
