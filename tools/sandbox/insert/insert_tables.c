/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* INSERT's names of tables, its USING clause, and the children that it or tbname make. Knows nothing of rows. */
#include "../base/bounds.h"
#include "insert.h"

#include <stdlib.h>
#include <string.h>

static int check_table_name(sbx_request *request, sbx_text name)
{
    if (name.len > SBX_MAX_TABLE_NAME)
        return sbx_fail(request, 0x0200, "name too long");
    if (name.len == 0)
        return sbx_fail(request, 0x2617, "Invalid identifier name: invalid table name");
    return sbx_check_table_name(request, name);
}

/* `db`.`table` as the token stands, each with or without quotes. */
static int split_name(sbx_request *request, const insert_token *token, sbx_name *name)
{
    sbx_database *database;

    *name = (sbx_name){{0}, sbx_token_text(request->arena, token->tail.kind == SBX_T_END ? &token->head : &token->tail)};
    if (token->tail.kind == SBX_T_END && name->table.len > SBX_MAX_TABLE_NAME)
        return sbx_fail(request, 0x0200, "name too long");
    if (token->tail.kind == SBX_T_END)
        return sbx_find_database(request, name->database, 1, NULL, &database);
    name->database = sbx_token_text(request->arena, &token->head);
    if (name->database.len == 0 || name->database.len > SBX_MAX_DATABASE_NAME)
        return sbx_fail(request, 0x0200, "name too long");
    return 0;
}

int sbx_insert_name(insert_parser *parser, const insert_token *token, sbx_name *name)
{
    const sbx_token *head = &token->head;
    int word = head->kind == SBX_T_WORD && (token->tail.kind != SBX_T_END || !sbx_is_reserved(head->raw));

    if (sbx_token_is(head, "?"))
        return sbx_insert_syntax(parser, head, "? only used in stmt");
    if (head->kind == SBX_T_BAD && head->raw.p[0] == '.')
        return sbx_refuse_from(parser->request, parser->sql, head->offset);
    if (!word && head->kind != SBX_T_NAME && head->kind != SBX_T_STRING)
        return sbx_insert_syntax(parser, head, "table_name is expected");
    if (split_name(parser->request, token, name) != 0)
        return parser->request->err.code;
    return check_table_name(parser->request, name->table);
}

/* ---- children ---- */

/* A child that is there keeps its tags; one of that name in another super table, or a normal table, is in the way. */
static int find_or_make(insert_parser *parser, sbx_table *child, sbx_table **out)
{
    sbx_request *request = parser->request;

    if (sbx_store_table(request, child->database, child->name, out) != 0)
        return request->err.code;
    if (*out != NULL && ((*out)->kind != SBX_CHILD_TABLE || (*out)->super_id != child->super_id))
        return sbx_fail(request, 0x061D, "Table already exists in other stables");
    if (*out != NULL)
        return 0;
    *out = child;
    sbx_map_put(request->arena, &parser->made, child->database->id, child->name, child);
    return sbx_store_add_table(request, child);
}

int sbx_insert_named_child(insert_parser *parser, const sbx_table *super, sbx_text name, const sbx_value *tags, sbx_table **out)
{
    sbx_request *request = parser->request;
    sbx_table *child;

    *out = sbx_map_find(&parser->children, super->id, name);
    if (*out != NULL)
        return 0;
    child = sbx_table_child(request, super, name);
    memcpy(child->tags, tags, super->tag_count * sizeof *tags);
    if (find_or_make(parser, child, out) != 0)
        return request->err.code;
    sbx_map_put(request->arena, &parser->children, super->id, name, *out);
    return 0;
}

/* ---- USING ---- */

/* It is looked for in the database of the child, whatever its own name says. */
static int find_super(insert_parser *parser, sbx_text database, sbx_table **out)
{
    sbx_request *request = parser->request;
    insert_token token = sbx_insert_next(parser, &parser->pos);
    sbx_name name;

    if (sbx_insert_name(parser, &token, &name) != 0)
        return request->err.code;
    name.database = database;
    return sbx_need_table(request, &name, 1, NULL, out);
}

/* [(names)] TAGS ( */
static int read_tag_names(insert_parser *parser, const sbx_table *super, insert_columns *bound)
{
    insert_token token = sbx_insert_next(parser, &parser->pos);

    *bound = sbx_insert_all_columns(parser, super, INSERT_TAGS);
    if (sbx_insert_token_is(&token, "(")) {
        if (sbx_insert_columns(parser, &parser->pos, super, INSERT_TAGS, bound) != 0)
            return parser->request->err.code;
        token = sbx_insert_next(parser, &parser->pos);
    }
    if (!sbx_insert_token_is(&token, "tags"))
        return sbx_insert_syntax(parser, &token.head, "TAGS is expected");
    token = sbx_insert_next(parser, &parser->pos);
    if (!sbx_insert_token_is(&token, "("))
        return sbx_insert_syntax(parser, &token.head, "( is expected");
    return 0;
}

/* Here a comma between two values may be left out. */
static int read_tag_values(insert_parser *parser, sbx_table *child, const insert_columns *bound)
{
    sbx_token token;

    for (size_t i = 0; i < bound->count; i++) {
        const sbx_field *tag = &child->fields[bound->fields[i]];
        size_t at = parser->pos;

        token = sbx_lex_raw(parser->sql, &at);
        if (sbx_token_is(&token, ","))
            parser->pos = at;
        if (sbx_literal(parser->request, parser->sql, &parser->pos, &tag->type, tag->name,
                        &child->tags[bound->fields[i] - child->column_count]) != 0)
            return parser->request->err.code;
    }
    token = sbx_lex_raw(parser->sql, &parser->pos);
    if (sbx_token_is(&token, ","))
        return sbx_fail(parser->request, 0x260D, "Tags number not matched");
    if (!sbx_token_is(&token, ")"))
        return sbx_insert_syntax(parser, &token, ") is expected");
    return 0;
}

/* TTL and COMMENT; what behind them is no number, or no text, means nothing. */
static int read_options(insert_parser *parser, sbx_table *child)
{
    for (;;) {
        size_t at = parser->pos;
        insert_token token = sbx_insert_next(parser, &at);
        int ttl = sbx_insert_token_is(&token, "ttl");

        if (!ttl && !sbx_insert_token_is(&token, "comment"))
            return 0;
        token = sbx_insert_next(parser, &at);
        parser->pos = at;
        if (ttl && token.head.kind == SBX_T_INTEGER && token.head.raw.len < 10)
            child->ttl = (int)strtol(sbx_copy(parser->request->arena, token.head.raw.p, token.head.raw.len).p, NULL, 10);
        if (!ttl && token.head.kind == SBX_T_STRING)
            child->comment = sbx_token_text(parser->request->arena, &token.head);
        if (child->comment.len > SBX_MAX_COMMENT)
            return sbx_insert_syntax(parser, &token.head, "comment too long");
    }
}

int sbx_insert_using(insert_parser *parser, const sbx_name *name, sbx_table **out)
{
    sbx_request *request = parser->request;
    sbx_table *super, *child;
    insert_columns bound;

    if (find_super(parser, name->database, &super) != 0 || read_tag_names(parser, super, &bound) != 0)
        return request->err.code;
    child = sbx_table_child(request, super, name->table);
    if (read_tag_values(parser, child, &bound) != 0 || read_options(parser, child) != 0)
        return request->err.code;
    if (super->kind != SBX_SUPER_TABLE)
        return sbx_fail(request, 0x0200, "create table only from super table is allowed");
    return find_or_make(parser, child, out);
}
