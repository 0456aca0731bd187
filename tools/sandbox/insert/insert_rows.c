/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* INSERT's lists in brackets: names of columns and tags, and rows of values. Knows nothing of which table is whose child. */
#include "../base/bounds.h"
#include "insert.h"

#include <string.h>

static const char null_time[] = "Primary timestamp column should not be null";

/* ---- names ---- */

static void range_of(const sbx_table *table, enum insert_column_kinds kinds, size_t *from, size_t *to)
{
    *from = kinds == INSERT_TAGS ? table->column_count : 0;
    *to = table->column_count + (kinds == INSERT_COLUMNS ? 0 : table->tag_count);
}

/* From guess on, then from the start: names mostly come in the table's own order. */
static int find_field(const sbx_table *table, enum insert_column_kinds kinds, sbx_text name, size_t guess, size_t *at)
{
    size_t from, to;

    range_of(table, kinds, &from, &to);
    for (size_t i = from; i < to; i++) {
        *at = from + (guess + i - from) % (to - from);
        if (sbx_text_equal(table->fields[*at].name, name))
            return 1;
    }
    *at = INSERT_TBNAME;
    return kinds == INSERT_ALL && sbx_text_is(name, "tbname");
}

static int is_used(const unsigned char *used, const sbx_table *table, size_t at)
{
    return used[at == INSERT_TBNAME ? table->column_count + table->tag_count : at];
}

/* What a statement must name: the time, and the child when the table is a super table. */
static int check_named(insert_parser *parser, const sbx_table *table, enum insert_column_kinds kinds, const unsigned char *used)
{
    if (kinds != INSERT_TAGS && !used[0])
        return sbx_fail(parser->request, 0x0200, "%s", null_time);
    if (kinds == INSERT_ALL && !is_used(used, table, INSERT_TBNAME))
        return sbx_fail(parser->request, 0x0200, "tbname column should not be null");
    return 0;
}

int sbx_insert_columns(insert_parser *parser, size_t *pos, const sbx_table *table, enum insert_column_kinds kinds, insert_columns *out)
{
    sbx_request *request = parser->request;
    size_t count = table->column_count + table->tag_count + 1, at = 0, guess = 0;
    unsigned char *used = sbx_alloc(request->arena, count);

    out->fields = sbx_alloc_array(request->arena, count, sizeof *out->fields);
    out->count = 0;
    for (;;) {
        insert_token token = sbx_insert_next(parser, pos);
        sbx_text name = {"", 0};

        if (sbx_insert_token_is(&token, ")"))
            return check_named(parser, table, kinds, used);
        if (token.head.kind != SBX_T_END)
            name = sbx_token_text(request->arena, &token.head);
        if (token.tail.kind != SBX_T_END || !find_field(table, kinds, name, guess, &at))
            return sbx_fail(request, 0x2602, "Invalid column name: %.*s", (int)name.len, name.p);
        if (is_used(used, table, at))
            return sbx_syntax_error_near(request, name, "duplicated column name");
        used[at == INSERT_TBNAME ? count - 1 : at] = 1;
        guess = at == INSERT_TBNAME ? guess : at + 1;
        out->fields[out->count++] = at;
    }
}

insert_columns sbx_insert_all_columns(insert_parser *parser, const sbx_table *table, enum insert_column_kinds kinds)
{
    insert_columns all = {NULL, 0};
    size_t from, to;

    range_of(table, kinds, &from, &to);
    all.fields = sbx_alloc_array(parser->request->arena, to - from, sizeof *all.fields);
    for (size_t i = from; i < to; i++)
        all.fields[all.count++] = i;
    return all;
}

/* ---- values ---- */

typedef struct row {
    sbx_value *values;      /* of columns, then of tags */
    unsigned char *present; /* of columns */
    sbx_text child;         /* tbname */
} row;

static int fail_null_time(insert_parser *parser, const sbx_token *token)
{
    if (token->kind != SBX_T_STRING)
        return sbx_insert_syntax(parser, token, null_time);
    return sbx_syntax_error_near(parser->request, sbx_token_text(parser->request->arena, token), null_time);
}

static int read_tbname(insert_parser *parser, const sbx_token *token, row *out)
{
    sbx_request *request = parser->request;

    if (sbx_token_is(token, "null"))
        return sbx_fail(request, 0x0200, "tbname can not be null value");
    if (token->kind != SBX_T_STRING)
        return sbx_insert_syntax(parser, token, "invalid data or symbol");
    out->child = sbx_token_text(request->arena, token);
    if (out->child.len == 0)
        return sbx_fail(request, 0x0200, "tbname can not be empty");
    if (out->child.len > SBX_MAX_TABLE_NAME)
        return sbx_fail(request, 0x0200, "tbname is too long");
    if (memchr(out->child.p, '.', out->child.len) != NULL)
        return sbx_fail(request, 0x0200, "tbname can not contain '.'");
    return 0;
}

static int read_value(insert_parser *parser, const sbx_table *table, size_t field, row *out)
{
    size_t start = parser->pos, behind = parser->pos;
    sbx_token token = sbx_lex_raw(parser->sql, &behind);

    if (sbx_token_is(&token, ","))
        return sbx_syntax_error(parser->request, parser->sql, start, "invalid data or symbol");
    if (sbx_token_is(&token, ")"))
        return sbx_fail(parser->request, 0x263F, "Illegal number of columns");
    if (token.kind == SBX_T_COMMENT)
        return sbx_insert_syntax(parser, &token, "invalid data or symbol");
    if (field == INSERT_TBNAME) {
        parser->pos = behind;
        return read_tbname(parser, &token, out);
    }
    if (sbx_literal(parser->request, parser->sql, &parser->pos, &table->fields[field].type, table->fields[field].name,
                    &out->values[field]) != 0)
        return parser->request->err.code;
    if (field == 0 && out->values[0].type == SBX_NULL)
        return fail_null_time(parser, &token);
    if (field < table->column_count)
        out->present[field] = 1;
    return 0;
}

/* Behind the opening bracket, to behind the closing one. */
static int read_row(insert_parser *parser, const sbx_table *table, const insert_columns *columns, row *out)
{
    sbx_token token;

    for (size_t i = 0; i < columns->count; i++) {
        if (read_value(parser, table, columns->fields[i], out) != 0)
            return parser->request->err.code;
        if (i + 1 == columns->count)
            break;
        token = sbx_lex_raw(parser->sql, &parser->pos);
        if (!sbx_token_is(&token, ","))
            return sbx_insert_syntax(parser, &token, ", expected");
    }
    token = sbx_lex_raw(parser->sql, &parser->pos);
    if (sbx_token_is(&token, ","))
        return sbx_fail(parser->request, 0x263F, "Illegal number of columns");
    if (!sbx_token_is(&token, ")"))
        return sbx_insert_syntax(parser, &token, ") expected");
    return 0;
}

static int add_row(insert_parser *parser, const sbx_table *table, const row *r)
{
    sbx_table *child;

    if (table->kind == SBX_SUPER_TABLE) {
        if (sbx_insert_named_child(parser, table, r->child, r->values + table->column_count, &child) != 0)
            return parser->request->err.code;
        table = child;
    }
    parser->rows++;
    sbx_batch_add(parser->batch, table, r->values, r->present);
    return 0;
}

int sbx_insert_rows(insert_parser *parser, const sbx_table *table, const insert_columns *columns)
{
    size_t count = table->column_count + table->tag_count, before = parser->rows;
    row r = {sbx_alloc_array(parser->request->arena, count, sizeof(sbx_value)), sbx_alloc(parser->request->arena, table->column_count), {0}};

    for (;;) {
        size_t at = parser->pos;
        insert_token token = sbx_insert_next(parser, &at);

        if (!sbx_insert_token_is(&token, "("))
            break;
        parser->pos = at;
        if (read_row(parser, table, columns, &r) != 0 || add_row(parser, table, &r) != 0)
            return parser->request->err.code;
    }
    if (parser->rows == before)
        return sbx_fail(parser->request, 0x0216, "syntax error near 'no any data points'");
    return 0;
}
