/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Databases, tables with their columns and tags, and users. A child has no fields of its own: it is given those of its super table. Passwords are kept
 * as they are: a sandbox has nothing to hide.
 */
#include "store_private.h"

static int64_t now_ms(const sbx_request *request)
{
    return request->now_ns / 1000000;
}

/* For a statement with nothing to be bound but an id. */
static int run_of(sbx_request *request, const char *sql, int64_t id)
{
    return sbx_store_run(request, sbx_store_bind(request, sql, "i", id));
}

/* ---- databases ---- */

int sbx_store_database(sbx_request *request, sbx_text name, sbx_database **out)
{
    sqlite3_stmt *statement = sbx_store_bind(request, "SELECT id, name, digits, keep_min, vgroups, created_ms FROM db WHERE name = ?1", "t", name);
    sbx_database *database;

    *out = NULL;
    if (sbx_store_step(statement)) {
        *out = database = sbx_alloc(request->arena, sizeof *database);
        sbx_store_read(request, statement, "itnini", &database->id, &database->name, &database->digits, &database->keep_min, &database->vgroups,
                       &database->created_ms);
    }
    return sbx_store_done(request, statement);
}

int sbx_store_add_database(sbx_request *request, sbx_database *database)
{
    database->created_ms = now_ms(request);
    sbx_store_run(request, sbx_store_bind(request, "INSERT INTO db (name, digits, keep_min, vgroups, created_ms) VALUES (?1, ?2, ?3, ?4, ?5)", "tnini",
                                          database->name, database->digits, database->keep_min, database->vgroups, database->created_ms));
    database->id = sqlite3_last_insert_rowid(request->store->connection);
    return request->err.code;
}

int sbx_store_set_keep(sbx_request *request, const sbx_database *database)
{
    return sbx_store_run(request, sbx_store_bind(request, "UPDATE db SET keep_min = ?2 WHERE id = ?1", "ii", database->id, database->keep_min));
}

int sbx_store_drop_database(sbx_request *request, const sbx_database *database)
{
    run_of(request, "DELETE FROM data WHERE tbl IN (SELECT id FROM tbl WHERE db = ?1)", database->id);
    run_of(request, "DELETE FROM field WHERE tbl IN (SELECT id FROM tbl WHERE db = ?1)", database->id);
    run_of(request, "DELETE FROM tbl WHERE db = ?1", database->id);
    return run_of(request, "DELETE FROM db WHERE id = ?1", database->id);
}

/* ---- fields ---- */

/* The fields that are kept under owner, a normal or super table. */
static int load_fields(sbx_request *request, int64_t owner, sbx_table *table)
{
    sqlite3_stmt *statement = sbx_store_bind(
        request, "SELECT is_tag, name, type, length, precision, scale FROM field WHERE tbl = ?1 ORDER BY is_tag, position", "i", owner);

    while (sbx_store_step(statement)) {
        size_t count = table->column_count + table->tag_count;
        sbx_field *field;
        int is_tag, type;

        table->fields = sbx_alloc_one_more(request->arena, table->fields, count, sizeof *table->fields);
        field = &table->fields[count];
        sbx_store_read(request, statement, "ntnnnn", &is_tag, &field->name, &type, &field->type.length, &field->type.precision, &field->type.scale);
        field->type.id = (sbx_type_id)type;
        if (is_tag)
            table->tag_count++;
        else
            table->column_count++;
    }
    return sbx_store_done(request, statement);
}

static int add_field(sbx_request *request, const sbx_table *table, size_t i)
{
    const sbx_field *field = &table->fields[i];

    return sbx_store_run(request, sbx_store_bind(request, "INSERT INTO field (tbl, is_tag, position, name, type, length, precision, scale)"
                                                          " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", "inntnnnn", table->id, i >= table->column_count,
                                                 (int)i, field->name, (int)field->type.id, field->type.length, field->type.precision, field->type.scale));
}

int sbx_store_set_fields(sbx_request *request, const sbx_table *table)
{
    run_of(request, "DELETE FROM field WHERE tbl = ?1", table->id);
    for (size_t i = 0; i < table->column_count + table->tag_count && request->err.code == 0; i++)
        add_field(request, table, i);
    return request->err.code;
}

/* ---- tables ---- */

/* All but the fields; the tags are still bytes. */
static sbx_table *find_table(sbx_request *request, const sbx_database *database, sbx_text name, sbx_text *tags)
{
    sqlite3_stmt *statement = sbx_store_bind(request, "SELECT t.id, t.kind, t.name, t.super, s.name, t.ttl, t.comment, t.created_ms, t.tags, t.keyed FROM tbl t"
                                                      " LEFT JOIN tbl s ON s.id = t.super WHERE t.db = ?1 AND t.name = ?2", "it", database->id, name);
    sbx_table *table = NULL;
    int kind;

    if (sbx_store_step(statement)) {
        table = sbx_alloc(request->arena, sizeof *table);
        sbx_store_read(request, statement, "intitntitn", &table->id, &kind, &table->name, &table->super_id, &table->super_name, &table->ttl, &table->comment,
                       &table->created_ms, tags, &table->keyed);
        table->kind = (sbx_table_kind)kind;
        table->database = database;
    }
    return sbx_store_done(request, statement) == 0 ? table : NULL;
}

int sbx_store_table(sbx_request *request, const sbx_database *database, sbx_text name, sbx_table **out)
{
    sbx_text tags;
    sbx_table *table = find_table(request, database, name, &tags);

    *out = NULL;
    if (table == NULL || load_fields(request, table->kind == SBX_CHILD_TABLE ? table->super_id : table->id, table) != 0)
        return request->err.code;
    if (table->kind == SBX_CHILD_TABLE) {
        table->tags = sbx_alloc_array(request->arena, table->tag_count, sizeof(sbx_value));
        sbx_row_decode(tags.p, tags.len, table->tags, table->tag_count);
    }
    *out = table;
    return 0;
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
    table->created_ms = now_ms(request);
    sbx_store_run(request, sbx_store_bind(request, "INSERT INTO tbl (db, name, kind, super, ttl, comment, created_ms, tags, keyed)"
                                                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)", "itnintibn", table->database->id, table->name,
                                          (int)table->kind, table->super_id, table->ttl, table->comment, table->created_ms, encode_tags(request, table),
                                          table->keyed));
    table->id = sqlite3_last_insert_rowid(request->store->connection);
    return table->kind == SBX_CHILD_TABLE || request->err.code != 0 ? request->err.code : sbx_store_set_fields(request, table);
}

int sbx_store_set_comment(sbx_request *request, const sbx_table *table)
{
    return sbx_store_run(request, sbx_store_bind(request, "UPDATE tbl SET comment = ?2 WHERE id = ?1", "it", table->id, table->comment));
}

int sbx_store_set_tags(sbx_request *request, const sbx_table *child)
{
    return sbx_store_run(request, sbx_store_bind(request, "UPDATE tbl SET tags = ?2 WHERE id = ?1", "ib", child->id, encode_tags(request, child)));
}

int sbx_store_drop_table(sbx_request *request, const sbx_table *table)
{
    run_of(request, "DELETE FROM data WHERE tbl IN (SELECT id FROM tbl WHERE id = ?1 OR super = ?1)", table->id);
    run_of(request, "DELETE FROM field WHERE tbl = ?1", table->id);
    return run_of(request, "DELETE FROM tbl WHERE id = ?1 OR super = ?1", table->id);
}

/* ---- users ---- */

int sbx_store_user(sbx_request *request, sbx_text name, sbx_user *user, int *found)
{
    sqlite3_stmt *statement = sbx_store_bind(request, "SELECT name, password, enabled FROM user WHERE name = ?1", "t", name);

    *found = sbx_store_step(statement);
    if (*found)
        sbx_store_read(request, statement, "ttn", &user->name, &user->password, &user->enabled);
    return sbx_store_done(request, statement);
}

int sbx_store_add_user(sbx_request *request, const sbx_user *user)
{
    return sbx_store_run(request, sbx_store_bind(request, "INSERT OR IGNORE INTO user (name, password, enabled, created_ms) VALUES (?1, ?2, ?3, ?4)", "ttni",
                                                 user->name, user->password, user->enabled, now_ms(request)));
}

int sbx_store_set_user(sbx_request *request, const sbx_user *user)
{
    return sbx_store_run(request, sbx_store_bind(request, "UPDATE user SET password = iif(?2 = '', password, ?2), enabled = iif(?3 < 0, enabled, ?3)"
                                                          " WHERE name = ?1", "ttn", user->name, user->password, user->enabled));
}

int sbx_store_drop_user(sbx_request *request, sbx_text name)
{
    return sbx_store_run(request, sbx_store_bind(request, "DELETE FROM user WHERE name = ?1", "t", name));
}
