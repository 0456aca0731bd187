/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* CREATE and DROP of tables, and which file runs which other statement. Knows nothing of rows. */
#include "../base/bounds.h"
#include "ddl.h"

static void set_fields(sbx_request *request, sbx_table *table, const sbx_statement *statement)
{
    size_t count = statement->column_count + statement->tag_count;

    table->fields = sbx_alloc_array(request->arena, count, sizeof *table->fields);
    table->column_count = statement->column_count;
    table->tag_count = statement->tag_count;
    for (size_t i = 0; i < count; i++) {
        const sbx_column_def *def =
            i < statement->column_count ? &statement->columns[i] : &statement->tags[i - statement->column_count];

        table->fields[i] = (sbx_field){def->name, def->type};
        if (def->type.id == SBX_TIMESTAMP)
            table->fields[i].type.precision = table->database->digits;
    }
}

static int check_comment(sbx_request *request, sbx_text comment)
{
    return comment.len > SBX_MAX_COMMENT ? sbx_fail(request, 0x264E, "Comment too long") : 0;
}

/* A normal or a super table. */
static int create_table(sbx_request *request, const sbx_statement *statement, sbx_table_kind kind)
{
    sbx_table table = {0}, *there;
    sbx_database *database;

    if (sbx_find_database(request, statement->name.database, 0, NULL, &database) != 0 ||
        sbx_check_table_name(request, statement->name.table) != 0 || check_comment(request, statement->comment) != 0 ||
        sbx_check_definition(request, statement->columns, statement->column_count, statement->tags, statement->tag_count) != 0 ||
        sbx_store_table(request, database, statement->name.table, &there) != 0)
        return request->err.code;
    if (there != NULL && statement->exists && (there->kind == SBX_SUPER_TABLE) == (kind == SBX_SUPER_TABLE))
        return 0;
    if (there != NULL && there->kind == SBX_SUPER_TABLE && kind == SBX_SUPER_TABLE)
        return sbx_fail(request, 0x0360, "STable already exists");
    if (there != NULL)
        return sbx_fail(request, 0x0603, "Table already exists");
    table.kind = kind;
    table.database = database;
    table.name = statement->name.table;
    table.ttl = statement->ttl;
    table.comment = statement->comment;
    table.keyed = statement->columns[1].key;
    set_fields(request, &table, statement);
    return sbx_store_add_table(request, &table);
}

/* ---- CREATE TABLE ... USING ... ---- */

static int find_super(sbx_request *request, const sbx_child_def *def, const sbx_database *database, sbx_table **super)
{
    if (sbx_need_table(request, &def->super, 0, NULL, super) != 0)
        return request->err.code;
    if ((*super)->kind != SBX_SUPER_TABLE) /* it has no tags */
        return sbx_fail(request, 0x260D, "Tags number not matched");
    if ((*super)->database->id != database->id)
        return sbx_fail(request, 0x2618, "Corresponding super table not in this db");
    return 0;
}

/* Which tags the values are of: those named, or all. Of a tag that is named twice the first value counts. */
static int bind_tags(sbx_request *request, const sbx_child_def *def, const sbx_table *super, size_t *bound, size_t *count)
{
    *count = def->tag_names == NULL ? super->tag_count : def->tag_name_count;
    if (*count > super->tag_count)
        return sbx_fail(request, 0x260D, "Tags number not matched");
    for (size_t i = 0; i < *count; i++) {
        bound[i] = def->tag_names == NULL ? i : sbx_table_field(super, def->tag_names[i], 1) - super->column_count;
        if (bound[i] == super->tag_count)
            return sbx_fail(request, 0x260E, "Invalid tag name: %.*s", (int)def->tag_names[i].len, def->tag_names[i].p);
    }
    return 0;
}

/* The values behind TAGS (. */
static int read_tags(sbx_request *request, sbx_text sql, const sbx_child_def *def, sbx_table *child)
{
    size_t *bound = sbx_alloc_array(request->arena, child->tag_count, sizeof *bound);
    size_t pos = def->tags_offset, count, i = 0;
    sbx_token token;

    if (bind_tags(request, def, child, bound, &count) != 0)
        return request->err.code;
    do {
        const sbx_field *tag = &child->fields[child->column_count + (i < count ? bound[i] : 0)];

        if (i == count)
            return sbx_fail(request, 0x260D, "Tags number not matched");
        if (sbx_literal(request, sql, &pos, &tag->type, tag->name, &child->tags[bound[i++]]) != 0)
            return request->err.code;
        token = sbx_lex(sql, &pos);
    } while (sbx_token_is(&token, ","));
    if (!sbx_token_is(&token, ")"))
        return sbx_syntax_error(request, sql, token.offset, ") expected");
    if (i != count)
        return sbx_fail(request, 0x260D, "Tags number not matched");
    return 0;
}

static int create_child(sbx_request *request, sbx_text sql, const sbx_child_def *def)
{
    sbx_table *child, *super, *there;
    sbx_database *database;

    if (sbx_find_database(request, def->name.database, 0, NULL, &database) != 0 || sbx_check_table_name(request, def->name.table) != 0 ||
        check_comment(request, def->comment) != 0 || find_super(request, def, database, &super) != 0)
        return request->err.code;
    child = sbx_table_child(request, super, def->name.table);
    child->ttl = def->ttl;
    child->comment = def->comment;
    if (read_tags(request, sql, def, child) != 0 || sbx_store_table(request, database, child->name, &there) != 0)
        return request->err.code;
    if (there != NULL && there->kind == SBX_CHILD_TABLE && def->if_not_exists)
        return 0;
    if (there != NULL)
        return sbx_fail(request, 0x0603, "Table already exists");
    return sbx_store_add_table(request, child);
}

static int create_children(sbx_request *request, const sbx_statement *statement)
{
    for (size_t i = 0; i < statement->child_count; i++) {
        if (create_child(request, statement->sql, &statement->children[i]) != 0)
            return request->err.code;
    }
    return 0;
}

/* ---- DROP ---- */

static int drop_stable(sbx_request *request, const sbx_statement *statement)
{
    sbx_table *table;

    if (sbx_find_table(request, &statement->name, 0, NULL, &table) != 0)
        return request->err.code;
    if (table != NULL && table->kind == SBX_SUPER_TABLE)
        return sbx_store_drop_table(request, table);
    if (table == NULL && statement->exists)
        return 0;
    return sbx_fail(request, 0x0362, "STable not exist");
}

static int drop_tables(sbx_request *request, const sbx_statement *statement)
{
    for (size_t i = 0; i < statement->name_count; i++) {
        sbx_table *table;

        if (sbx_find_table(request, &statement->names[i], 0, NULL, &table) != 0)
            return request->err.code;
        if (table == NULL && statement->names_exist[i])
            continue;
        if (table == NULL)
            return sbx_fail(request, 0x2603, "Table does not exist");
        if (table->kind == SBX_SUPER_TABLE && statement->name_count > 1)
            return sbx_fail(request, 0x263A, "Cannot drop super table in batch");
        if (sbx_store_drop_table(request, table) != 0)
            return request->err.code;
    }
    return 0;
}

/* ---- all of them ---- */

int sbx_run_ddl(sbx_request *request, const sbx_statement *statement)
{
    switch (statement->kind) {
    case SBX_S_CREATE_STABLE:
        return create_table(request, statement, SBX_SUPER_TABLE);
    case SBX_S_CREATE_TABLE:
        return create_table(request, statement, SBX_NORMAL_TABLE);
    case SBX_S_CREATE_CHILDREN:
        return create_children(request, statement);
    case SBX_S_DROP_STABLE:
        return drop_stable(request, statement);
    case SBX_S_DROP_TABLES:
        return drop_tables(request, statement);
    case SBX_S_ALTER_TABLE:
        return sbx_ddl_alter(request, statement);
    case SBX_S_CREATE_USER:
    case SBX_S_ALTER_USER:
    case SBX_S_DROP_USER:
    case SBX_S_GRANT:
        return sbx_ddl_user(request, statement);
    default:
        return sbx_ddl_database(request, statement);
    }
}
