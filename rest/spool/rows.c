/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Rows in the text of a batch. Knows the three kinds of text by those who read them. */
#include "spool/rows.h"

#include "lines/split.h"
#include "sql/insert_rows.h"

#include <string.h>

void tdri_spool_rows_clear(tdri_spool_rows *rows, const tdrest_allocator *mem)
{
    tdri_mem_free(mem, rows->at);
    memset(rows, 0, sizeof *rows);
}

static void find_table(const tdri_spool_rows *rows, const tdri_spool_record *record, tdri_spool_row *row, uint64_t *last)
{
    uint64_t table = row->head;

    if (rows->protocol != TDRI_SPOOL_PROTOCOL_SQL)
        table = tdri_split_table_hash(rows->protocol, rows->text + row->from, row->end - row->from, record->table_name_key.len == 0 ? NULL : record->table_name_key.text);
    row->table = rows->count > 0 && table == *last ? rows->at[rows->count - 1].table : (uint32_t)rows->count;
    *last = table;
}

/* The next row: 1; 0 behind the last one; else it is no such text. */
static int next_row(tdri_spool_rows *rows, const tdri_spool_text *body, tdri_insert_rows *sql, size_t *pos, tdri_spool_row *row)
{
    size_t at, count;
    tdrest_error err;
    int found;

    memset(row, 0, sizeof *row);
    if (rows->protocol == TDRI_SPOOL_PROTOCOL_SQL) {
        found = tdri_insert_rows_next(sql);
        rows->start = sql->start;
        *row = (tdri_spool_row){(uint32_t)sql->head, (uint32_t)sql->head_end, (uint32_t)sql->row, (uint32_t)sql->end, 0};
        return found;
    }
    tdri_err_reset(&err);
    found = rows->protocol == TDREST_PROTOCOL_JSON ? tdri_split_next_point(body->text, body->len, pos, &at, &count, &err)
        : tdri_split_next_line(rows->protocol, body->text, body->len, pos, &at, &count);
    if (found == 1)
        *row = (tdri_spool_row){0, 0, (uint32_t)at, (uint32_t)(at + count), 0};
    return found;
}

int tdri_spool_rows_read(tdri_spool_rows *rows, const tdri_spool_record *record, const tdrest_allocator *mem)
{
    tdri_insert_rows sql = {.text = record->body.text, .len = record->body.len};
    tdri_spool_row row;
    uint64_t table = 0;
    size_t pos = 0;
    int found;

    tdri_spool_rows_clear(rows, mem);
    if (record->rows <= 0 || record->body.len > TDRI_SPOOL_CONTENT_MAX || (uint64_t)record->rows > record->body.len)
        return TDREST_EANSWER;
    rows->at = (tdri_spool_row *)tdri_mem_alloc(mem, (size_t)record->rows * sizeof *rows->at);
    if (rows->at == NULL)
        return TDREST_ENOMEM;
    rows->protocol = record->protocol;
    rows->text = record->body.text;
    while ((found = next_row(rows, &record->body, &sql, &pos, &row)) == 1 && rows->count < (size_t)record->rows) {
        find_table(rows, record, &row, &table);
        rows->at[rows->count++] = row;
    }
    return found == 0 && rows->count == (size_t)record->rows ? TDREST_OK : TDREST_EANSWER;
}

void tdri_spool_rows_add(const tdri_spool_rows *rows, size_t from, size_t to, tdri_buf *out)
{
    const tdri_spool_row *first = &rows->at[from];

    if (rows->protocol == TDREST_PROTOCOL_JSON)
        tdri_buf_add_char(out, '[');
    tdri_buf_add(out, rows->text, rows->start);
    tdri_buf_add(out, rows->text + first->head, first->head_end - first->head);
    tdri_buf_add(out, rows->text + first->from, rows->at[to - 1].end - first->from); /* clauses in between are there already */
    if (rows->protocol != TDRI_SPOOL_PROTOCOL_SQL)
        tdri_buf_add_char(out, rows->protocol == TDREST_PROTOCOL_JSON ? ']' : '\n');
}

/* Whether a table begins at a place between rows [from, to). */
static int is_border(const tdri_spool_rows *rows, size_t from, size_t at, size_t to)
{
    return at > from && at < to && rows->at[at].table == at;
}

tdri_tables tdri_spool_rows_tables(const tdri_spool_rows *rows, size_t from, size_t to)
{
    const size_t middle = from + (to - from) / 2;
    const tdri_tables one = {rows->at[from].table, to};

    for (size_t off = 0; off <= middle - from || off < to - middle; off++) {
        if (off <= middle - from && is_border(rows, from, middle - off, to))
            return (tdri_tables){one.begin, middle - off};
        if (is_border(rows, from, middle + off, to))
            return (tdri_tables){one.begin, middle + off};
    }
    return one;
}
