/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * SELECT from end to end: bound, written as one statement of SQLite, run, its rows read. Plain columns of the outermost SELECT are not asked for
 * one by one: the bytes of their row are, and all of them are read at once.
 */
#include "select.h"

#include <sqlite3.h>

static sbx_query query_of(sbx_request *request, sbx_text sql, const sbx_select *select)
{
    return (sbx_query){.request = request, .sql = sql, .select = select, .digits = 3};
}

static void put(sbx_buf *out, sbx_text text)
{
    sbx_buf_put(out, text.p, text.len);
}

static sbx_text taken(sbx_request *request, sbx_buf *buf)
{
    sbx_text text = sbx_copy(request->arena, buf->p, buf->len);

    sbx_buf_clear(buf);
    return text;
}

/* ---- writing ---- */

static int all_uses(const sbx_query *query)
{
    int uses = query->where == NULL ? 0 : query->where->uses;

    for (size_t i = 0; i < query->output_count; i++)
        uses |= query->outputs[i].term->uses;
    for (size_t i = 0; i < query->key_count; i++)
        uses |= query->keys[i]->uses;
    for (size_t i = 0; i < query->select->order_count; i++)
        uses |= query->order[i]->uses;
    return uses | (query->having == NULL ? 0 : query->having->uses);
}

/*
 * A query of tags alone reads the tables, with or without rows; so do DISTINCT and GROUP BY of tags. Counted by keys, a table without rows
 * is a group of its own.
 */
static enum sbx_scan scan_of(const sbx_query *query)
{
    const sbx_select *select = query->select;
    int no_columns = (all_uses(query) & (SBX_USES_COLUMN | SBX_USES_AGGREGATE)) == 0;

    if (query->from_count == 1 && query->from[0].table != NULL) {
        if (no_columns && (select->tags_only || ((select->distinct || select->group_count != 0) && query->from[0].table->kind != SBX_NORMAL_TABLE)))
            return SBX_SCAN_TABLES;
        if (query->key_count != 0 && select->interval.count == 0 && query->counts)
            return SBX_SCAN_ALL;
    }
    return SBX_SCAN_ROWS;
}

static void group_by(const sbx_query *query, sbx_buf *out)
{
    size_t count = query->aggregated ? query->key_count : 0;

    for (size_t i = 0; i < count; i++) {
        sbx_buf_text(out, i == 0 ? " GROUP BY " : ",");
        put(out, query->keys[i]->sql);
    }
    if (query->select->interval.count != 0) {
        sbx_buf_text(out, count == 0 ? " GROUP BY " : ",");
        put(out, sbx_window_start_sql(query));
    }
    if (query->having != NULL) {
        sbx_buf_text(out, " HAVING ");
        put(out, query->having->sql);
    } else if (query->aggregated && !query->counts && count == 0 && query->select->interval.count == 0) {
        sbx_buf_text(out, " HAVING count(*)>0"); /* over nothing there is a row only where something is counted */
    }
}

/* From FROM on. Without FROM there is one row, whatever WHERE and LIMIT say. */
static void tail(const sbx_query *query, sbx_buf *out)
{
    const sbx_select *select = query->select;

    if (query->from_count == 0)
        return;
    sbx_select_from(query, scan_of(query), out);
    group_by(query, out);
    for (size_t i = 0; i < select->order_count; i++) {
        sbx_buf_text(out, i == 0 ? " ORDER BY " : ",");
        put(out, query->order[i]->sql);
        sbx_buf_format(out, "%s NULLS %s", select->order[i].descending ? " DESC" : "", select->order[i].nulls_last ? "LAST" : "FIRST");
    }
    if (select->fill_null)
        sbx_buf_text(out, " ORDER BY 1");
    if (select->limit_at != 0)
        sbx_buf_format(out, " LIMIT %lld OFFSET %lld", (long long)select->limit, (long long)select->offset);
}

/* A column of the row as it is stored, and a tag: read from the bytes of all of them. */
static int is_plain(const sbx_query *query, const sbx_term *term)
{
    const sbx_from *from = &query->from[0];

    return term->is_column && query->from_count == 1 && from->table != NULL && !query->aggregated && !query->select->distinct &&
           term->slot < from->column_count + from->tag_count;
}

/* The statement as the outermost one: bytes of the row, bytes of its tags, then what is neither plain nor constant. */
static sbx_text outermost(sbx_query *query)
{
    sbx_buf out = {0};
    int columns = 0, tags = 0;

    for (size_t i = 0; i < query->output_count; i++) {
        const sbx_term *term = query->outputs[i].term;

        columns |= is_plain(query, term) && term->slot < query->from[0].column_count;
        tags |= is_plain(query, term) && term->slot >= query->from[0].column_count;
    }
    sbx_buf_text(&out, query->select->distinct ? "SELECT DISTINCT " : "SELECT ");
    if (query->select->fill_null)
        put(&out, sbx_window_start_sql(query));
    else
        sbx_buf_text(&out, columns ? "d0.bytes" : "NULL");
    sbx_buf_text(&out, tags ? ",t0.tags" : ",NULL");
    for (size_t i = 0; i < query->output_count; i++)
        if (!is_plain(query, query->outputs[i].term) && !query->outputs[i].term->is_constant) {
            sbx_buf_char(&out, ',');
            put(&out, query->outputs[i].term->sql);
        }
    tail(query, &out);
    return taken(query->request, &out);
}

/* ---- SELECT in brackets, UNION ALL ---- */

static int nested_one(sbx_query *query, sbx_buf *out)
{
    if (sbx_select_sources(query) != 0 || sbx_select_clauses(query) != 0)
        return query->request->err.code;
    if (query->select->fill_null)
        return sbx_select_refuse(query, query->select->items[0].expr->offset);
    sbx_buf_text(out, query->select->distinct ? "SELECT DISTINCT " : "SELECT ");
    for (size_t i = 0; i < query->output_count; i++) {
        sbx_text sql = query->outputs[i].term->sql;

        sbx_buf_format(out, "%s%.*s AS c%zu", i == 0 ? "" : ",", (int)sql.len, sql.p, i);
    }
    tail(query, out);
    return 0;
}

static int same_types(const sbx_query *query, const sbx_from *first)
{
    for (size_t i = 0; i < query->output_count && query->output_count == first->column_count; i++)
        if (query->outputs[i].term->type.id != first->fields[i].type.id)
            return 0;
    return query->output_count == first->column_count;
}

static void fields_of(const sbx_query *query, sbx_from *out)
{
    sbx_field *fields = sbx_alloc_array(query->request->arena, query->output_count, sizeof *fields);

    for (size_t i = 0; i < query->output_count; i++)
        fields[i] = (sbx_field){query->outputs[i].name, query->outputs[i].term->type};
    out->fields = fields;
    out->column_count = query->output_count;
}

int sbx_select_nested(sbx_request *request, sbx_text sql, const sbx_select *select, sbx_from *out)
{
    sbx_buf text = {0};

    for (const sbx_select *one = select; one != NULL && request->err.code == 0; one = one->next) {
        sbx_query query = query_of(request, sql, one);

        sbx_buf_text(&text, one == select ? "SELECT * FROM (" : " UNION ALL SELECT * FROM (");
        if (nested_one(&query, &text) != 0)
            break;
        sbx_buf_char(&text, ')');
        if (one == select)
            fields_of(&query, out);
        else if (!same_types(&query, out))
            sbx_select_refuse(&query, one->items[0].expr->offset);
    }
    out->sql = text.p == NULL ? SBX_TEXT("") : taken(request, &text);
    return request->err.code;
}

/* ---- running ---- */

/* What a row of the outermost statement is read into. */
typedef struct reader {
    const sbx_query *query;
    sbx_value *columns; /* all of the table's: reused */
    sbx_value *tags;
} reader;

static sbx_value *read_row(reader *r, sqlite3_stmt *statement)
{
    const sbx_query *query = r->query;
    sbx_arena *arena = query->request->arena;
    sbx_value *row = sbx_alloc_array(arena, query->output_count + 1, sizeof *row);
    const sbx_from *from = &query->from[0];
    int at = 2;

    if (r->columns != NULL && !query->select->fill_null) {
        sbx_text bytes = sbx_column_copy(query->request, statement, 0), tags = sbx_column_copy(query->request, statement, 1);

        sbx_row_decode(bytes.p, bytes.len, r->columns, from->column_count);
        sbx_row_decode(tags.p, tags.len, r->tags, from->tag_count);
    }
    for (size_t i = 0; i < query->output_count; i++) {
        const sbx_term *term = query->outputs[i].term;

        if (is_plain(query, term))
            row[i] = term->slot < from->column_count ? r->columns[term->slot] : r->tags[term->slot - from->column_count];
        else if (term->is_constant)
            row[i] = term->value;
        else
            row[i] = sbx_column_value(arena, statement, at++, &term->type);
    }
    return row;
}

static int run(sbx_query *query, sbx_text sql, sbx_answer *answer)
{
    sqlite3_stmt *statement = sbx_store_query(query->request, sql, sbx_select_functions);
    const sbx_from *from = &query->from[0];
    reader r = {query, NULL, NULL};
    sbx_value *starts = NULL;

    if (query->from_count == 1 && from->table != NULL) {
        r.columns = sbx_alloc_array(query->request->arena, from->column_count, sizeof(sbx_value));
        r.tags = sbx_alloc_array(query->request->arena, from->tag_count + 1, sizeof(sbx_value));
    }
    while (statement != NULL && sbx_store_step(statement)) {
        if (query->select->fill_null) {
            starts = sbx_alloc_one_more(query->request->arena, starts, answer->row_count, sizeof *starts);
            starts[answer->row_count].as.i = sqlite3_column_int64(statement, 0);
        }
        sbx_answer_add(query->request, answer, read_row(&r, statement));
    }
    if (sbx_store_query_end(query->request, statement) != 0)
        return query->request->err.code;
    return query->select->fill_null ? sbx_window_fill(query, answer, &starts) : 0;
}

int sbx_run_sql(sbx_request *request, sbx_text sql, const sbx_field *fields, size_t count, sbx_answer *answer)
{
    sqlite3_stmt *statement = sbx_store_query(request, sql, sbx_select_functions);

    answer->fields = (sbx_field *)fields;
    answer->field_count = count;
    while (statement != NULL && sbx_store_step(statement)) {
        sbx_value *row = sbx_alloc_array(request->arena, count, sizeof *row);

        for (size_t i = 0; i < count; i++)
            row[i] = sbx_column_value(request->arena, statement, (int)i, &fields[i].type);
        sbx_answer_add(request, answer, row);
    }
    return sbx_store_query_end(request, statement);
}

int sbx_change_sql(sbx_request *request, sbx_text sql, int64_t *changed)
{
    return sbx_store_change(request, sql, sbx_select_functions, changed);
}

int sbx_run_select(sbx_request *request, sbx_text sql, const sbx_select *select, sbx_answer *answer)
{
    sbx_query query = query_of(request, sql, select);
    sbx_from from = {0};

    if (select->next != NULL)
        return sbx_select_nested(request, sql, select, &from) != 0 ? request->err.code
                                                                   : sbx_run_sql(request, from.sql, from.fields, from.column_count, answer);
    if (sbx_select_sources(&query) != 0 || sbx_select_clauses(&query) != 0)
        return request->err.code;
    fields_of(&query, &from);
    answer->fields = (sbx_field *)from.fields;
    answer->field_count = from.column_count;
    return run(&query, outermost(&query), answer);
}

/* Rows of a range of the first column, of a super table's children or of one, which the same conditions choose as in SELECT. */
int sbx_run_delete(sbx_request *request, const sbx_statement *statement, int64_t *affected)
{
    sbx_source source = {.name = statement->name};
    sbx_select select = {.sources = &source, .source_count = 1};
    sbx_query query = {.request = request, .select = &select, .sql = statement->sql, .digits = 3, .clause = SBX_IN_DELETE};
    sbx_buf sql = {0};

    *affected = 0;
    if (sbx_select_sources(&query) != 0)
        return request->err.code;
    if (query.from[0].table == NULL)
        return sbx_fail(request, 0x2603, SBX_TABLE_INFO_FAILED "Table does not exist");
    if (statement->where != NULL && (query.where = sbx_bind(&query, statement->where)) == NULL)
        return request->err.code;
    sbx_buf_text(&sql, "DELETE FROM data WHERE (tbl, time, key) IN (SELECT d0.tbl, d0.time, d0.key");
    sbx_select_from(&query, SBX_SCAN_ROWS, &sql);
    sbx_buf_char(&sql, ')');
    sbx_change_sql(request, (sbx_text){sql.p, sql.len}, affected);
    sbx_buf_clear(&sql);
    return request->err.code;
}
