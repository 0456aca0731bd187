/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Databases and tables with their columns and tags. A child has no fields of its own: it is given those of its super table. */
#include "store_private.h"

static int64_t now_ms(const sbx_request *request)
{
    return request->now_ns / 1000000;
}

/* ---- databases ---- */

static sbx_database *read_database(sbx_request *request, sqlite3_stmt *statement)
{
    sbx_database *database = sbx_alloc(request->arena, sizeof *database);

    database->id = sqlite3_column_int64(statement, 0);
    database->name = sbx_column_copy(request, statement, 1);
    database->digits = sqlite3_column_int(statement, 2);
    database->keep_min = sqlite3_column_int64(statement, 3);
    database->vgroups = sqlite3_column_int(statement, 4);
    database->created_ms = sqlite3_column_int64(statement, 5);
    return database;
}

int sbx_store_database(sbx_request *request, sbx_text name, sbx_database **out)
{
    sqlite3_stmt *statement = sbx_store_statement(request, STORE_DATABASE_GET);

    *out = NULL;
    sbx_bind_text(statement, 1, name);
    if (sbx_store_step(statement))
        *out = read_database(request, statement);
    return sbx_store_done(request, statement);
}

int sbx_store_add_database(sbx_request *request, sbx_database *database)
{
    sqlite3_stmt *statement = sbx_store_statement(request, STORE_DATABASE_ADD);

    database->created_ms = now_ms(request);
    sbx_bind_text(statement, 1, database->name);
    sqlite3_bind_int(statement, 2, database->digits);
    sqlite3_bind_int64(statement, 3, database->keep_min);
    sqlite3_bind_int(statement, 4, database->vgroups);
    sqlite3_bind_int64(statement, 5, database->created_ms);
    if (sbx_store_run(request, statement) != 0)
        return request->err.code;
    database->id = sqlite3_last_insert_rowid(request->store->connection);
    return 0;
}

int sbx_store_set_keep(sbx_request *request, const sbx_database *database)
{
    sqlite3_stmt *statement = sbx_store_statement(request, STORE_DATABASE_KEEP);

    sqlite3_bind_int64(statement, 1, database->id);
    sqlite3_bind_int64(statement, 2, database->keep_min);
    return sbx_store_run(request, statement);
}

/* Runs statements that have nothing but an id to be bound. */
static int run_all(sbx_request *request, const store_statement *which, size_t count, int64_t id)
{
    for (size_t i = 0; i < count; i++) {
        sqlite3_stmt *statement = sbx_store_statement(request, which[i]);

        sqlite3_bind_int64(statement, 1, id);
        if (sbx_store_run(request, statement) != 0)
            return request->err.code;
    }
    return 0;
}

int sbx_store_drop_database(sbx_request *request, const sbx_database *database)
{
    static const store_statement which[] = {STORE_DATABASE_DROP_ROWS, STORE_DATABASE_DROP_FIELDS, STORE_DATABASE_DROP_TABLES,
                                            STORE_DATABASE_DROP};

    return run_all(request, which, sizeof which / sizeof which[0], database->id);
}

/* ---- fields ---- */

static sbx_field read_field(sbx_request *request, sqlite3_stmt *statement)
{
    sbx_field field;

    field.name = sbx_column_copy(request, statement, 1);
    field.type.id = (sbx_type_id)sqlite3_column_int(statement, 2);
    field.type.length = sqlite3_column_int(statement, 3);
    field.type.precision = sqlite3_column_int(statement, 4);
    field.type.scale = sqlite3_column_int(statement, 5);
    return field;
}

/* The fields that are kept under owner, a normal or super table. */
static int load_fields(sbx_request *request, int64_t owner, sbx_table *table)
{
    sqlite3_stmt *statement = sbx_store_statement(request, STORE_FIELD_LIST);

    sqlite3_bind_int64(statement, 1, owner);
    while (sbx_store_step(statement)) {
        size_t count = table->column_count + table->tag_count;

        table->fields = sbx_alloc_one_more(request->arena, table->fields, count, sizeof *table->fields);
        table->fields[count] = read_field(request, statement);
        if (sqlite3_column_int(statement, 0))
            table->tag_count++;
        else
            table->column_count++;
    }
    return sbx_store_done(request, statement);
}

static int add_field(sbx_request *request, const sbx_table *table, size_t i)
{
    sqlite3_stmt *statement = sbx_store_statement(request, STORE_FIELD_ADD);
    const sbx_field *field = &table->fields[i];

    sqlite3_bind_int64(statement, 1, table->id);
    sqlite3_bind_int(statement, 2, i >= table->column_count);
    sqlite3_bind_int64(statement, 3, (int64_t)i);
    sbx_bind_text(statement, 4, field->name);
    sqlite3_bind_int(statement, 5, (int)field->type.id);
    sqlite3_bind_int(statement, 6, field->type.length);
    sqlite3_bind_int(statement, 7, field->type.precision);
    sqlite3_bind_int(statement, 8, field->type.scale);
    return sbx_store_run(request, statement);
}

int sbx_store_set_fields(sbx_request *request, const sbx_table *table)
{
    static const store_statement drop = STORE_TABLE_DROP_FIELDS;

    if (run_all(request, &drop, 1, table->id) != 0)
        return request->err.code;
    for (size_t i = 0; i < table->column_count + table->tag_count; i++) {
        if (add_field(request, table, i) != 0)
            return request->err.code;
    }
    return 0;
}

/* ---- tables ---- */

/* All but the fields, and the tags still as bytes. */
static sbx_table *read_table(sbx_request *request, sqlite3_stmt *statement, const sbx_database *database, sbx_text *tags)
{
    sbx_table *table = sbx_alloc(request->arena, sizeof *table);

    table->id = sqlite3_column_int64(statement, 0);
    table->kind = (sbx_table_kind)sqlite3_column_int(statement, 1);
    table->database = database;
    table->name = sbx_column_copy(request, statement, 2);
    table->super_id = sqlite3_column_int64(statement, 3);
    table->ttl = sqlite3_column_int(statement, 4);
    table->comment = sbx_column_copy(request, statement, 5);
    table->created_ms = sqlite3_column_int64(statement, 6);
    *tags = sbx_column_copy(request, statement, 7);
    table->keyed = sqlite3_column_int(statement, 8);
    return table;
}

static int load_super_name(sbx_request *request, sbx_table *table)
{
    sqlite3_stmt *statement = sbx_store_statement(request, STORE_TABLE_NAME);

    sqlite3_bind_int64(statement, 1, table->super_id);
    if (sbx_store_step(statement))
        table->super_name = sbx_column_copy(request, statement, 0);
    return sbx_store_done(request, statement);
}

/* Fields and tags. like: a table whose super table's fields are known already, or NULL. */
static int complete(sbx_request *request, sbx_table *table, sbx_text tags, const sbx_table *like)
{
    if (like != NULL) {
        table->fields = like->fields;
        table->column_count = like->column_count;
        table->tag_count = like->tag_count;
        table->super_name = like->super_name;
    } else if (load_fields(request, table->kind == SBX_CHILD_TABLE ? table->super_id : table->id, table) != 0) {
        return request->err.code;
    } else if (table->kind == SBX_CHILD_TABLE && load_super_name(request, table) != 0) {
        return request->err.code;
    }
    if (table->kind == SBX_CHILD_TABLE) {
        table->tags = sbx_alloc_array(request->arena, table->tag_count, sizeof(sbx_value));
        sbx_row_decode(tags.p, tags.len, table->tags, table->tag_count);
    }
    return 0;
}

int sbx_store_table(sbx_request *request, const sbx_database *database, sbx_text name, sbx_table **out)
{
    sqlite3_stmt *statement = sbx_store_statement(request, STORE_TABLE_GET);
    sbx_table *table = NULL;
    sbx_text tags = {0};

    *out = NULL;
    sqlite3_bind_int64(statement, 1, database->id);
    sbx_bind_text(statement, 2, name);
    if (sbx_store_step(statement))
        table = read_table(request, statement, database, &tags);
    if (sbx_store_done(request, statement) != 0)
        return request->err.code;
    if (table != NULL && complete(request, table, tags, NULL) != 0)
        return request->err.code;
    *out = table;
    return 0;
}

/* A child of that super table among those before it that are the first of theirs. */
static const sbx_table *find_sibling(sbx_table **firsts, size_t count, int64_t super_id)
{
    for (size_t i = count; i-- > 0;) {
        if (firsts[i]->super_id == super_id)
            return firsts[i];
    }
    return NULL;
}

static int complete_all(sbx_request *request, sbx_table **tables, const sbx_text *tags, size_t count)
{
    sbx_table **firsts = NULL;
    size_t first_count = 0;

    for (size_t i = 0; i < count; i++) {
        int child = tables[i]->kind == SBX_CHILD_TABLE;
        const sbx_table *like = child ? find_sibling(firsts, first_count, tables[i]->super_id) : NULL;

        if (complete(request, tables[i], tags[i], like) != 0)
            return request->err.code;
        if (child && like == NULL) {
            firsts = sbx_alloc_one_more(request->arena, firsts, first_count, sizeof *firsts);
            firsts[first_count++] = tables[i];
        }
    }
    return 0;
}

int sbx_store_tables(sbx_request *request, const sbx_database *database, int kinds, int64_t super_id, sbx_table ***out, size_t *count)
{
    sqlite3_stmt *statement = sbx_store_statement(request, STORE_TABLE_LIST);
    sbx_text *tags = NULL;

    *out = NULL;
    *count = 0;
    sqlite3_bind_int64(statement, 1, database->id);
    sqlite3_bind_int(statement, 2, kinds);
    sqlite3_bind_int64(statement, 3, super_id);
    while (sbx_store_step(statement)) {
        *out = sbx_alloc_one_more(request->arena, *out, *count, sizeof **out);
        tags = sbx_alloc_one_more(request->arena, tags, *count, sizeof *tags);
        (*out)[*count] = read_table(request, statement, database, &tags[*count]);
        ++*count;
    }
    if (sbx_store_done(request, statement) != 0)
        return request->err.code;
    return complete_all(request, *out, tags, *count);
}

sbx_table *sbx_table_child(sbx_request *request, const sbx_table *super, sbx_text name)
{
    sbx_table *child = sbx_alloc(request->arena, sizeof *child);

    *child = *super;
    child->kind = SBX_CHILD_TABLE;
    child->name = name;
    child->super_id = super->id;
    child->super_name = super->name;
    child->tags = sbx_alloc_array(request->arena, super->tag_count, sizeof *child->tags);
    child->ttl = 0;
    child->comment = (sbx_text){0};
    return child;
}

static const sbx_buf *encode_tags(sbx_request *request, const sbx_table *table)
{
    sbx_buf *bytes = &request->store->bytes;

    bytes->len = 0;
    if (table->tags != NULL)
        sbx_row_encode(table->tags, table->tag_count, bytes);
    return bytes;
}

int sbx_store_add_table(sbx_request *request, sbx_table *table)
{
    sqlite3_stmt *statement = sbx_store_statement(request, STORE_TABLE_ADD);
    const sbx_buf *tags = encode_tags(request, table);

    table->created_ms = now_ms(request);
    sqlite3_bind_int64(statement, 1, table->database->id);
    sbx_bind_text(statement, 2, table->name);
    sqlite3_bind_int(statement, 3, (int)table->kind);
    sqlite3_bind_int64(statement, 4, table->super_id);
    sqlite3_bind_int(statement, 5, table->ttl);
    sbx_bind_text(statement, 6, table->comment);
    sqlite3_bind_int64(statement, 7, table->created_ms);
    sbx_bind_bytes(statement, 8, tags->p, tags->len);
    sqlite3_bind_int(statement, 9, table->keyed);
    if (sbx_store_run(request, statement) != 0)
        return request->err.code;
    table->id = sqlite3_last_insert_rowid(request->store->connection);
    return table->kind == SBX_CHILD_TABLE ? 0 : sbx_store_set_fields(request, table);
}

int sbx_store_set_comment(sbx_request *request, const sbx_table *table)
{
    sqlite3_stmt *statement = sbx_store_statement(request, STORE_TABLE_COMMENT);

    sqlite3_bind_int64(statement, 1, table->id);
    sbx_bind_text(statement, 2, table->comment);
    return sbx_store_run(request, statement);
}

int sbx_store_set_tags(sbx_request *request, const sbx_table *child)
{
    sqlite3_stmt *statement = sbx_store_statement(request, STORE_TABLE_TAGS);
    const sbx_buf *tags = encode_tags(request, child);

    sqlite3_bind_int64(statement, 1, child->id);
    sbx_bind_bytes(statement, 2, tags->p, tags->len);
    return sbx_store_run(request, statement);
}

int sbx_store_drop_table(sbx_request *request, const sbx_table *table)
{
    static const store_statement which[] = {STORE_TABLE_DROP_ROWS, STORE_TABLE_DROP_FIELDS, STORE_TABLE_DROP};

    return run_all(request, which, sizeof which / sizeof which[0], table->id);
}
