/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* INSERT's names of tables, its USING clause, and the children that it or tbname make. Knows nothing of rows. */
#include "insert.h"

#include <string.h>

enum { MAX_DATABASE_NAME = 64, MAX_TABLE_NAME = 192, MAX_COMMENT = 1024, FIRST_SLOTS = 64 };

static int check_table_name(sbx_request *request, sbx_text name)
{
    if (name.len > MAX_TABLE_NAME)
        return sbx_fail(request, 0x0200, "name too long");
    if (name.len == 0)
        return sbx_fail(request, 0x0200, "invalid table name");
    if (memchr(name.p, '.', name.len) != NULL)
        return sbx_fail(request, 0x2617, "The table name cannot contain '.'");
    return 0;
}

/* `db`.`table` as the token stands, each with or without quotes. */
static int split_name(sbx_request *request, const insert_token *token, sbx_name *name)
{
    sbx_database *database;

    *name = (sbx_name){{0}, sbx_token_text(request->arena, token->tail.kind == SBX_T_END ? &token->head : &token->tail)};
    if (token->tail.kind == SBX_T_END && name->table.len > MAX_TABLE_NAME)
        return sbx_fail(request, 0x0200, "name too long");
    if (token->tail.kind == SBX_T_END)
        return sbx_find_database(request, name->database, 1, NULL, &database);
    name->database = sbx_token_text(request->arena, &token->head);
    if (name->database.len == 0)
        return sbx_fail(request, 0x0200, "invalid database name");
    if (name->database.len > MAX_DATABASE_NAME)
        return sbx_fail(request, 0x0200, "name too long");
    return 0;
}

int sbx_insert_name(insert_parser *parser, const insert_token *token, sbx_name *name)
{
    const sbx_token *head = &token->head;
    int word = head->kind == SBX_T_WORD && (token->tail.kind != SBX_T_END || !sbx_is_reserved(head->raw));

    if (sbx_token_is(head, "?"))
        return sbx_insert_syntax(parser, head, "? only used in stmt");
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
    return sbx_store_add_table(request, child);
}

static sbx_table *new_child(insert_parser *parser, const sbx_table *super, sbx_text name)
{
    sbx_table *child = sbx_alloc(parser->request->arena, sizeof *child);

    *child = *super;
    child->kind = SBX_CHILD_TABLE;
    child->name = name;
    child->super_id = super->id;
    child->super_name = super->name;
    child->ttl = 0;
    child->comment = (sbx_text){0};
    child->tags = sbx_alloc_array(parser->request->arena, super->tag_count, sizeof *child->tags);
    return child;
}

struct insert_child_map {
    sbx_table **slots; /* NULL: free */
    size_t cap;        /* a power of two */
    size_t count;
};

static sbx_table **find_slot(const insert_child_map *map, int64_t super_id, sbx_text name)
{
    uint64_t hash = UINT64_C(14695981039346656037) ^ (uint64_t)super_id;
    size_t at;

    for (size_t i = 0; i < name.len; i++)
        hash = (hash ^ (unsigned char)name.p[i]) * UINT64_C(1099511628211);
    for (at = hash & (map->cap - 1); map->slots[at] != NULL; at = (at + 1) & (map->cap - 1)) {
        if (map->slots[at]->super_id == super_id && sbx_text_equal(map->slots[at]->name, name))
            break;
    }
    return &map->slots[at];
}

static insert_child_map *new_map(sbx_arena *arena, size_t cap)
{
    insert_child_map *map = sbx_alloc(arena, sizeof *map);

    map->slots = sbx_alloc_array(arena, cap, sizeof(sbx_table *));
    map->cap = cap;
    return map;
}

/* Room for one more, at most half full. */
static void grow_map(insert_parser *parser)
{
    insert_child_map *old = parser->children;

    if (old != NULL && 2 * (old->count + 1) <= old->cap)
        return;
    parser->children = new_map(parser->request->arena, old == NULL ? FIRST_SLOTS : 2 * old->cap);
    for (size_t i = 0; old != NULL && i < old->cap; i++) {
        if (old->slots[i] != NULL) {
            *find_slot(parser->children, old->slots[i]->super_id, old->slots[i]->name) = old->slots[i];
            parser->children->count++;
        }
    }
}

int sbx_insert_named_child(insert_parser *parser, const sbx_table *super, sbx_text name, const sbx_value *tags, sbx_table **out)
{
    sbx_table **slot, *child;

    grow_map(parser);
    slot = find_slot(parser->children, super->id, name);
    if (*slot == NULL) {
        child = new_child(parser, super, name);
        memcpy(child->tags, tags, super->tag_count * sizeof *tags);
        if (find_or_make(parser, child, &child) != 0)
            return parser->request->err.code;
        *slot = child;
        parser->children->count++;
    }
    *out = *slot;
    return 0;
}

/* ---- USING ---- */

static int find_super(insert_parser *parser, sbx_table **out)
{
    sbx_request *request = parser->request;
    insert_token token = sbx_insert_next(parser, &parser->pos);
    sbx_name name;

    if (sbx_insert_name(parser, &token, &name) != 0 || sbx_find_table(request, &name, 1, NULL, out) != 0)
        return request->err.code;
    if (*out == NULL)
        return sbx_fail(request, 0x2603, "Table does not exist");
    if ((*out)->kind != SBX_SUPER_TABLE)
        return sbx_fail(request, 0x0200, "create table only from super table is allowed");
    return 0;
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

static int read_ttl(insert_parser *parser, sbx_table *child)
{
    insert_token token = sbx_insert_next(parser, &parser->pos);

    if (token.head.kind != SBX_T_INTEGER)
        return sbx_insert_syntax(parser, &token.head, "Invalid option ttl");
    child->ttl = 0;
    for (size_t i = 0; i < token.head.raw.len; i++) {
        if (child->ttl > (INT32_MAX - 9) / 10)
            return sbx_insert_syntax(parser, &token.head, "Invalid option ttl");
        child->ttl = child->ttl * 10 + (token.head.raw.p[i] - '0');
    }
    return 0;
}

static int read_comment(insert_parser *parser, sbx_table *child)
{
    insert_token token = sbx_insert_next(parser, &parser->pos);

    if (token.head.kind != SBX_T_STRING)
        return sbx_insert_syntax(parser, &token.head, "Invalid option comment");
    child->comment = sbx_token_text(parser->request->arena, &token.head);
    if (child->comment.len > MAX_COMMENT)
        return sbx_insert_syntax(parser, &token.head, "comment too long");
    return 0;
}

static int read_options(insert_parser *parser, sbx_table *child)
{
    for (;;) {
        size_t at = parser->pos;
        insert_token token = sbx_insert_next(parser, &at);
        int ttl = sbx_insert_token_is(&token, "ttl");

        if (!ttl && !sbx_insert_token_is(&token, "comment"))
            return 0;
        parser->pos = at;
        if ((ttl ? read_ttl(parser, child) : read_comment(parser, child)) != 0)
            return parser->request->err.code;
    }
}

int sbx_insert_using(insert_parser *parser, const sbx_name *name, sbx_table **out)
{
    sbx_request *request = parser->request;
    sbx_database *database;
    sbx_table *super, *child;
    insert_columns bound;

    if (find_super(parser, &super) != 0 || read_tag_names(parser, super, &bound) != 0)
        return request->err.code;
    child = new_child(parser, super, name->table);
    if (read_tag_values(parser, child, &bound) != 0 || read_options(parser, child) != 0 ||
        sbx_find_database(request, name->database, 1, NULL, &database) != 0)
        return request->err.code;
    if (database->id != super->database->id)
        return sbx_fail(request, 0x2618, "Corresponding super table not in this db");
    return find_or_make(parser, child, out);
}
