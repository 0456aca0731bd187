/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Where the rows of a SELECT come from: a table, the children of a super table one after the other, a system table, or nothing, which is
 * one row without columns. Asks the store only for the times that WHERE allows. Knows nothing of results.
 */
#include "select.h"

#include <string.h>

static int is_system_database(sbx_text name)
{
    return sbx_text_is(name, "information_schema") || sbx_text_is(name, "performance_schema");
}

static int system_source(sbx_query *query, const sbx_name *name)
{
    sbx_answer *answer = sbx_alloc(query->request->arena, sizeof *answer);
    int known = 0;

    if (sbx_text_is(name->database, "information_schema") && sbx_system_table(query->request, name->table, answer, &known) != 0)
        return query->request->err.code;
    if (!known)
        return sbx_fail(query->request, 0x2603, "%sTable does not exist", SBX_TABLE_INFO_FAILED);
    query->system = answer;
    query->fields = answer->fields;
    query->column_count = answer->field_count;
    return 0;
}

int sbx_select_source(sbx_query *query)
{
    const sbx_name *name = &query->select->from;
    sbx_text database = name->database.len != 0 ? name->database : query->request->database;
    sbx_table *table = NULL;

    if (!query->select->has_from)
        return 0;
    if (is_system_database(database))
        return system_source(query, &(sbx_name){database, name->table});
    if (sbx_need_table(query->request, name, 0, SBX_TABLE_INFO_FAILED, &table) != 0)
        return query->request->err.code;
    query->table = table;
    query->fields = table->fields;
    query->column_count = table->column_count;
    query->tag_count = table->kind == SBX_NORMAL_TABLE ? 0 : table->tag_count;
    query->digits = table->database->digits;
    return 0;
}

size_t sbx_select_width(const sbx_query *query)
{
    return query->column_count + query->tag_count + (query->table != NULL ? 1 : 0);
}

/* ---- the range of time ---- */

typedef struct range {
    int64_t from, to;
    int has_from, has_to;
} range;

static void at_least(range *r, int64_t time)
{
    r->has_from = 1;
    if (time > r->from)
        r->from = time;
}

static void at_most(range *r, int64_t time)
{
    r->has_to = 1;
    if (time < r->to)
        r->to = time;
}

static void nothing(range *r)
{
    at_least(r, INT64_MAX);
    at_most(r, INT64_MIN);
}

static void narrow(range *r, char op, int64_t time)
{
    switch (op) {
    case '=':
        at_least(r, time);
        at_most(r, time);
        break;
    case '>':
        if (time == INT64_MAX)
            nothing(r);
        else
            at_least(r, time + 1);
        break;
    case '<':
        if (time == INT64_MIN)
            nothing(r);
        else
            at_most(r, time - 1);
        break;
    case 'g':
        at_least(r, time);
        break;
    case 'l':
        at_most(r, time);
        break;
    default:
        break;
    }
}

static char turned(char op)
{
    switch (op) {
    case '<': return '>';
    case '>': return '<';
    case 'l': return 'g';
    case 'g': return 'l';
    default: return op;
    }
}

static int is_time(const sbx_query *query, const sbx_node *node)
{
    return node->kind == SBX_N_COLUMN && node->slot == 0 && node->type.id == SBX_TIMESTAMP && query->table != NULL;
}

static int is_moment(const sbx_query *query, const sbx_node *node)
{
    return node->kind == SBX_N_CONSTANT && node->value.type == SBX_TIMESTAMP && node->value.digits == query->digits;
}

static void narrow_by(const sbx_query *query, const sbx_node *node, range *r)
{
    sbx_node *const *a = node->args;

    if (node->eval == sbx_eval_and) {
        for (size_t i = 0; i < node->arg_count; i++)
            narrow_by(query, a[i], r);
    } else if (node->eval == sbx_eval_compare && is_time(query, a[0]) && is_moment(query, a[1])) {
        narrow(r, node->op, a[1]->value.as.i);
    } else if (node->eval == sbx_eval_compare && is_time(query, a[1]) && is_moment(query, a[0])) {
        narrow(r, turned(node->op), a[0]->value.as.i);
    } else if (node->eval == sbx_eval_between && !node->negated && is_time(query, a[0]) && is_moment(query, a[1]) && is_moment(query, a[2])) {
        at_least(r, a[1]->value.as.i);
        at_most(r, a[2]->value.as.i);
    }
}

void sbx_select_range(sbx_query *query)
{
    range r = {INT64_MIN, INT64_MAX, 0, 0};

    if (query->where != NULL)
        narrow_by(query, query->where, &r);
    query->from = r.from;
    query->to = r.to;
    query->bounded = r.has_from && r.has_to;
}

/* ---- rows ---- */

static int passes(sbx_query *query, const sbx_value *row)
{
    sbx_scope scope = {query, row, NULL, NULL};
    sbx_value value;

    if (query->where == NULL)
        return 1;
    sbx_node_value(&scope, query->where, &value);
    return sbx_truth(&value) == 1;
}

static void keep(sbx_query *query, const sbx_value *row)
{
    query->rows = sbx_alloc_one_more(query->request->arena, query->rows, query->row_count, sizeof *query->rows);
    query->rows[query->row_count++] = row;
}

static sbx_value *new_row(sbx_query *query, const sbx_table *table)
{
    sbx_value *row = sbx_alloc_array(query->request->arena, sbx_select_width(query) + 1, sizeof *row);

    if (query->tag_count != 0 && table->tags != NULL)
        memcpy(row + query->column_count, table->tags, query->tag_count * sizeof *row);
    row[query->column_count + query->tag_count] = (sbx_value){SBX_VARCHAR, 0, {.s = table->name}};
    return row;
}

static int scan_table(sbx_query *query, const sbx_table *table)
{
    sbx_request *request = query->request;
    sbx_value *row = new_row(query, table);
    sbx_cursor *cursor = NULL;

    if (sbx_cursor_open(request, table, query->from, query->to, &cursor) != 0)
        return request->err.code;
    while (sbx_cursor_next(cursor, row) && request->err.code == 0) {
        if (passes(query, row)) {
            keep(query, row);
            row = new_row(query, table);
        }
    }
    sbx_cursor_close(cursor);
    return request->err.code;
}

/* A query of tags alone reads the tables, with or without rows. */
static int scan_tags(sbx_query *query, const sbx_table *table)
{
    sbx_value *row = new_row(query, table);

    if (passes(query, row))
        keep(query, row);
    return query->request->err.code;
}

static int uses_columns(const sbx_query *query, const sbx_node *node)
{
    return node != NULL && sbx_node_column(query, node) != NULL;
}

/* DISTINCT and GROUP BY of tags without aggregates are answered from the tables too. */
static int wants_tags_only(const sbx_query *query)
{
    const sbx_select *select = query->select;
    int uses;

    if (select->tags_only)
        return 1;
    if (query->table->kind == SBX_NORMAL_TABLE || query->aggregate_count != 0 || (!select->distinct && select->group_count == 0))
        return 0;
    uses = uses_columns(query, query->where) || uses_columns(query, query->having);
    for (size_t i = 0; i < query->output_count; i++)
        uses |= uses_columns(query, query->outputs[i].node);
    for (size_t i = 0; i < query->key_count; i++)
        uses |= uses_columns(query, query->keys[i]);
    for (size_t i = 0; i < select->order_count; i++)
        uses |= uses_columns(query, query->order[i]);
    return !uses;
}

static int scan_tables(sbx_query *query)
{
    int (*scan)(sbx_query *, const sbx_table *) = wants_tags_only(query) ? scan_tags : scan_table;
    sbx_table **children;
    size_t count;

    if (query->table->kind != SBX_SUPER_TABLE)
        return scan(query, query->table);
    if (sbx_store_tables(query->request, query->table->database, SBX_CHILD_TABLE, query->table->id, &children, &count) != 0)
        return query->request->err.code;
    for (size_t i = 0; i < count; i++)
        if (scan(query, children[i]) != 0)
            break;
    return query->request->err.code;
}

static int scan_nothing(sbx_query *query)
{
    const sbx_value *row = sbx_alloc(query->request->arena, sizeof *row);

    if (passes(query, row))
        keep(query, row);
    return query->request->err.code;
}

int sbx_select_scan(sbx_query *query)
{
    if (query->table != NULL)
        return scan_tables(query);
    if (query->system == NULL)
        return scan_nothing(query);
    for (size_t i = 0; i < query->system->row_count && query->request->err.code == 0; i++)
        if (passes(query, query->system->rows[i]))
            keep(query, query->system->rows[i]);
    return query->request->err.code;
}
