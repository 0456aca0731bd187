/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* CREATE TABLE and STABLE: definitions, and children of super tables, of which one statement may make many. */
#include "parse_state.h"

static int definitions(sbx_parser *p, int options, sbx_column_def **list, size_t *count)
{
    if (!sbx_p_expect(p, "("))
        return 0;
    do {
        *list = sbx_alloc_one_more(p->request->arena, *list, *count, sizeof **list);
        if (!sbx_p_definition(p, options, &(*list)[(*count)++]))
            return 0;
    } while (sbx_p_take(p, ","));
    return sbx_p_expect(p, ")");
}

/* COMMENT 'c' TTL n, in any order. */
static int table_options(sbx_parser *p, sbx_text *comment, int *ttl)
{
    int64_t days;

    for (;;) {
        if (sbx_p_take(p, "comment")) {
            if (!sbx_p_string(p, comment))
                return 0;
        } else if (sbx_p_take(p, "ttl")) {
            if (!sbx_p_integer(p, &days))
                return 0;
            *ttl = days > INT32_MAX ? INT32_MAX : (int)days;
        } else {
            return 1;
        }
    }
}

static int tags(sbx_parser *p, sbx_statement *statement)
{
    statement->kind = SBX_S_CREATE_STABLE;
    return definitions(p, 0, &statement->tags, &statement->tag_count);
}

/* ---- children ---- */

/* now, now(), today() */
static int tag_word(sbx_parser *p)
{
    if (sbx_p_take(p, "null") || sbx_p_take(p, "true") || sbx_p_take(p, "false"))
        return 1;
    if (!sbx_p_take(p, "now") && !sbx_p_take(p, "today"))
        return sbx_p_fail(p);
    return !sbx_p_take(p, "(") || sbx_p_expect(p, ")");
}

static int is_number(const sbx_parser *p)
{
    return p->token.kind == SBX_T_INTEGER || p->token.kind == SBX_T_FLOAT || p->token.kind == SBX_T_HEX || p->token.kind == SBX_T_BINARY;
}

int sbx_p_tag_value(sbx_parser *p)
{
    int sign = sbx_p_take(p, "-") || sbx_p_take(p, "+");

    if (sign && !is_number(p))
        return sbx_p_fail(p);
    if (is_number(p) || p->token.kind == SBX_T_STRING)
        sbx_p_next(p);
    else if (!tag_word(p))
        return 0;
    if (!sbx_p_take(p, "+") && !sbx_p_take(p, "-"))
        return 1;
    if (p->token.kind != SBX_T_DURATION)
        return sbx_p_fail(p);
    sbx_p_next(p);
    return 1;
}

/* Behind the word TAGS. */
static int tag_values(sbx_parser *p, size_t *offset)
{
    if (!sbx_p_expect(p, "("))
        return 0;
    *offset = p->behind;
    do {
        if (!sbx_p_tag_value(p))
            return 0;
    } while (sbx_p_take(p, ","));
    return sbx_p_expect(p, ")");
}

/* From behind the word USING. */
static int child(sbx_parser *p, sbx_child_def *child_def)
{
    if (!sbx_p_table(p, &child_def->super))
        return 0;
    if (sbx_p_is(p, "(") && !sbx_p_names(p, &child_def->tag_names, &child_def->tag_name_count))
        return 0;
    return sbx_p_expect(p, "tags") && tag_values(p, &child_def->tags_offset) && table_options(p, &child_def->comment, &child_def->ttl);
}

/* The name and the IF NOT EXISTS of the first have been read. */
static int children(sbx_parser *p, sbx_statement *statement, sbx_child_def one)
{
    statement->kind = SBX_S_CREATE_CHILDREN;
    for (;;) {
        if (!sbx_p_expect(p, "using") || !child(p, &one))
            return 0;
        statement->children = sbx_alloc_one_more(p->request->arena, statement->children, statement->child_count, sizeof one);
        statement->children[statement->child_count++] = one;
        if (sbx_p_is_end(p))
            return 1;
        one = (sbx_child_def){0};
        if (!sbx_p_if_not_exists(p, &one.if_not_exists) || !sbx_p_table(p, &one.name))
            return 0;
    }
}

/* ---- statements ---- */

int sbx_p_create_table(sbx_parser *p, sbx_statement *statement)
{
    statement->kind = SBX_S_CREATE_TABLE;
    if (!sbx_p_if_not_exists(p, &statement->exists) || !sbx_p_table(p, &statement->name))
        return 0;
    if (sbx_p_is(p, "using"))
        return children(p, statement, (sbx_child_def){.name = statement->name, .if_not_exists = statement->exists});
    if (!definitions(p, 1, &statement->columns, &statement->column_count) || (sbx_p_take(p, "tags") && !tags(p, statement)))
        return 0;
    return table_options(p, &statement->comment, &statement->ttl);
}

int sbx_p_create_stable(sbx_parser *p, sbx_statement *statement)
{
    if (!sbx_p_if_not_exists(p, &statement->exists) || !sbx_p_table(p, &statement->name))
        return 0;
    return definitions(p, 1, &statement->columns, &statement->column_count) && sbx_p_expect(p, "tags") && tags(p, statement) &&
           table_options(p, &statement->comment, &statement->ttl);
}
