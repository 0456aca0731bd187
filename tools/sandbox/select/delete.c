/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * DELETE: a range of the first column, and of a super table's children those whose tags (or tbname) fit. The WHERE is terms joined by AND,
 * each a comparison of one name with something that needs no row; everything else is refused, as the server does.
 */
#include "../sql/execute.h"
#include "../base/text.h"

#include <string.h>

/* What a WHERE came to. */
typedef struct conditions {
    sbx_request *request;
    const sbx_table *table;
    int64_t from;
    int64_t to;
    const sbx_expr **tags; /* terms about tags */
    size_t tag_count;
    int with_tags; /* of a super table */
} conditions;

enum { MAX_DEPTH = 200 };

static int refuse(sbx_request *request)
{
    return sbx_fail(request, 0x2655, "The DELETE statement must have a definite time window range");
}

/* ---- times ---- */

static int read_time(const conditions *c, const sbx_expr *expr, int depth, int64_t *out);

static int read_call(const conditions *c, const sbx_expr *expr, int64_t *out)
{
    int digits = c->table->database->digits;
    int64_t now = c->request->now_ns / sbx_time_scale(digits, 9);

    if (expr->arg_count != 0)
        return refuse(c->request);
    if (sbx_text_is(expr->name, "now"))
        *out = now;
    else if (sbx_text_is(expr->name, "today"))
        *out = sbx_time_today(now, digits, &c->request->zone);
    else
        return refuse(c->request);
    return 0;
}

static int read_literal(const conditions *c, const sbx_expr *expr, int64_t *out)
{
    const sbx_value *value = &expr->value;

    if (value->type == SBX_BIGINT || value->type == SBX_TIMESTAMP) {
        *out = value->as.i;
        return 0;
    }
    if (value->type != SBX_VARCHAR)
        return refuse(c->request);
    if (sbx_time_parse(value->as.s, c->table->database->digits, &c->request->zone, out))
        return 0;
    return sbx_fail(c->request, 0x0127, "Invalid timestamp format");
}

/* now - 1d and the like. */
static int read_sum(const conditions *c, const sbx_expr *expr, int depth, int64_t *out)
{
    if ((expr->op != '+' && expr->op != '-') || expr->args[1]->kind != SBX_E_DURATION)
        return refuse(c->request);
    if (read_time(c, expr->args[0], depth + 1, out) != 0)
        return c->request->err.code;
    *out = sbx_time_add(*out, expr->op == '+' ? 1 : -1, expr->args[1]->duration, c->table->database->digits, &c->request->zone);
    return 0;
}

static int read_time(const conditions *c, const sbx_expr *expr, int depth, int64_t *out)
{
    if (depth > MAX_DEPTH)
        return refuse(c->request);
    switch (expr->kind) {
    case SBX_E_VALUE:
        return read_literal(c, expr, out);
    case SBX_E_CALL:
        return read_call(c, expr, out);
    case SBX_E_ARITHMETIC:
        return read_sum(c, expr, depth, out);
    default:
        return refuse(c->request);
    }
}

static void lower_end(conditions *c, int64_t to)
{
    if (to < c->to)
        c->to = to;
}

static void raise_start(conditions *c, int64_t from)
{
    if (from > c->from)
        c->from = from;
}

/* Nothing is before the first time, and nothing behind the last. */
static void narrow(conditions *c, char op, int64_t time)
{
    int none = (op == '<' && time == INT64_MIN) || (op == '>' && time == INT64_MAX);

    if (none) {
        c->from = INT64_MAX;
        c->to = INT64_MIN;
        return;
    }
    if (op == '<' || op == 'l' || op == '=')
        lower_end(c, op == '<' ? time - 1 : time);
    if (op == '>' || op == 'g' || op == '=')
        raise_start(c, op == '>' ? time + 1 : time);
}

/* ---- terms ---- */

static int is_column(const sbx_expr *expr)
{
    return expr->kind == SBX_E_COLUMN;
}

static int is_time(const conditions *c, const sbx_expr *expr)
{
    return is_column(expr) && (sbx_text_equal(expr->name, c->table->fields[0].name) || sbx_text_is(expr->name, "_c0") ||
                               sbx_text_is(expr->name, "_rowts"));
}

/* The place of a tag; the number of tags for tbname; more for what is neither. */
static size_t find_tag(const sbx_table *table, const sbx_expr *expr)
{
    if (!is_column(expr))
        return SIZE_MAX;
    for (size_t i = 0; i < table->tag_count; i++) {
        if (sbx_text_equal(table->fields[table->column_count + i].name, expr->name))
            return i;
    }
    return sbx_text_is(expr->name, "tbname") ? table->tag_count : SIZE_MAX;
}

static char mirrored(char op)
{
    switch (op) {
    case '<':
        return '>';
    case '>':
        return '<';
    case 'l':
        return 'g';
    case 'g':
        return 'l';
    default:
        return op;
    }
}

static int add_comparison(conditions *c, const sbx_expr *expr)
{
    int right = is_column(expr->args[1]);
    int64_t time;

    if (expr->op == 'n' || !is_time(c, expr->args[right]))
        return refuse(c->request);
    if (read_time(c, expr->args[!right], 0, &time) != 0)
        return c->request->err.code;
    narrow(c, right ? mirrored(expr->op) : expr->op, time);
    return 0;
}

static int add_between(conditions *c, const sbx_expr *expr)
{
    int64_t from, to;

    if (expr->negated || !is_time(c, expr->args[0]))
        return refuse(c->request);
    if (read_time(c, expr->args[1], 0, &from) != 0 || read_time(c, expr->args[2], 0, &to) != 0)
        return c->request->err.code;
    narrow(c, 'g', from);
    narrow(c, 'l', to);
    return 0;
}

/* A term that is about a tag alone: tag = value, tag IN (values), tag IS NULL. */
static int is_about_tag(const conditions *c, const sbx_expr *expr)
{
    if (!c->with_tags || (expr->kind != SBX_E_COMPARE && expr->kind != SBX_E_IN && expr->kind != SBX_E_IS_NULL))
        return 0;
    if (find_tag(c->table, expr->args[0]) == SIZE_MAX)
        return 0;
    for (size_t i = 1; i < expr->arg_count; i++) {
        if (expr->args[i]->kind != SBX_E_VALUE)
            return 0;
    }
    return 1;
}

static int add_terms(conditions *c, const sbx_expr *expr, int depth)
{
    if (depth > MAX_DEPTH)
        return refuse(c->request);
    if (expr->kind == SBX_E_AND) {
        if (add_terms(c, expr->args[0], depth + 1) != 0)
            return c->request->err.code;
        return add_terms(c, expr->args[1], depth + 1);
    }
    if (is_about_tag(c, expr)) {
        c->tags = sbx_alloc_one_more(c->request->arena, c->tags, c->tag_count, sizeof *c->tags);
        c->tags[c->tag_count++] = expr;
        return 0;
    }
    if (expr->kind == SBX_E_COMPARE)
        return add_comparison(c, expr);
    if (expr->kind == SBX_E_BETWEEN)
        return add_between(c, expr);
    return refuse(c->request);
}

/* ---- children ---- */

static sbx_value tag_of(const sbx_table *child, size_t at)
{
    sbx_value name = {SBX_VARCHAR, 0, {0}};

    if (at < child->tag_count)
        return child->tags[at];
    name.as.s = child->name;
    return name;
}

/* '\x7f8290' as in INSERT; other text is its bytes. */
static int binary(const conditions *c, sbx_text text, sbx_value *out)
{
    *out = (sbx_value){SBX_VARBINARY, 0, {.s = text}};
    if (text.len < 2 || text.p[0] != '\\' || text.p[1] != 'x')
        return 1;
    if (sbx_unhex(c->request->arena, (sbx_text){text.p + 2, text.len - 2}, &out->as.s))
        return 1;
    sbx_fail(c->request, 0x266A, "Invalid varbinary value");
    return 0;
}

/* A literal as a value that the tag can be compared with; 0: it cannot, or request->err. */
static int comparable(const conditions *c, const sbx_value *tag, const sbx_value *literal, sbx_value *out)
{
    *out = *literal;
    if (tag->type == SBX_TIMESTAMP && literal->type == SBX_BIGINT)
        out->type = SBX_TIMESTAMP;
    else if (tag->type == SBX_TIMESTAMP && literal->type == SBX_VARCHAR) {
        out->type = SBX_TIMESTAMP;
        out->digits = tag->digits;
        return sbx_time_parse(literal->as.s, tag->digits, &c->request->zone, &out->as.i);
    }
    out->digits = out->type == SBX_TIMESTAMP ? tag->digits : out->digits;
    if (literal->type == SBX_NULL || tag->type == SBX_NULL || out->type == SBX_TIMESTAMP)
        return 1;
    if (tag->type == SBX_VARBINARY && literal->type == SBX_VARCHAR)
        return binary(c, literal->as.s, out);
    if (sbx_type_is_text(tag->type))
        return literal->type == SBX_VARCHAR;
    return tag->type == literal->type || (sbx_type_is_number(tag->type) && sbx_type_is_number(literal->type));
}

static int holds(char op, int order)
{
    switch (op) {
    case '<':
        return order < 0;
    case '>':
        return order > 0;
    case 'l':
        return order <= 0;
    case 'g':
        return order >= 0;
    case 'n':
        return order != 0;
    default:
        return order == 0;
    }
}

/* 1: the child fits; 0: not, or request->err. NULL fits nothing but IS NULL. */
static int fits_term(const conditions *c, const sbx_table *child, const sbx_expr *term)
{
    sbx_value tag = tag_of(child, find_tag(child, term->args[0])), other;
    int found = 0, null = tag.type == SBX_NULL;

    if (term->kind == SBX_E_IS_NULL)
        return (tag.type == SBX_NULL) != term->negated;
    for (size_t i = 1; i < term->arg_count; i++) {
        if (!comparable(c, &tag, &term->args[i]->value, &other)) {
            if (c->request->err.code == 0)
                refuse(c->request);
            return 0;
        }
        null |= other.type == SBX_NULL;
        if (other.type != SBX_NULL && holds(term->kind == SBX_E_IN ? '=' : term->op, sbx_value_compare(&tag, &other)))
            found = 1;
    }
    return found ? !term->negated : term->negated && !null;
}

static int fits(const conditions *c, const sbx_table *child)
{
    for (size_t i = 0; i < c->tag_count; i++) {
        if (!fits_term(c, child, c->tags[i]))
            return 0;
    }
    return 1;
}

static int delete_from_children(const conditions *c, int64_t *affected)
{
    sbx_table **children;
    size_t count;

    if (sbx_store_tables(c->request, c->table->database, SBX_CHILD_TABLE, c->table->id, &children, &count) != 0)
        return c->request->err.code;
    for (size_t i = 0; i < count; i++) {
        int64_t deleted = 0;

        if (fits(c, children[i]) && sbx_store_delete_rows(c->request, children[i], c->from, c->to, &deleted) != 0)
            return c->request->err.code;
        if (c->request->err.code != 0)
            return c->request->err.code;
        *affected += deleted;
    }
    return 0;
}

int sbx_run_delete(sbx_request *request, const sbx_statement *statement, int64_t *affected)
{
    conditions c = {request, NULL, INT64_MIN, INT64_MAX, NULL, 0, 0};
    sbx_table *table;

    *affected = 0;
    if (sbx_need_table(request, &statement->name, 0, SBX_TABLE_INFO_FAILED, &table) != 0)
        return request->err.code;
    c.table = table;
    c.with_tags = table->kind == SBX_SUPER_TABLE;
    if (statement->where != NULL && add_terms(&c, statement->where, 0) != 0)
        return request->err.code;
    if (table->kind == SBX_SUPER_TABLE)
        return delete_from_children(&c, affected);
    return sbx_store_delete_rows(request, table, c.from, c.to, affected);
}
