/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * ALTER TABLE. Fields of a super table are those of its children; rows and tags are kept by position, so whatever takes a field away from
 * between others rewrites them. Errors are those of the server's parser for normal tables, of its management node for super tables.
 */
#include "ddl.h"

#include <inttypes.h>
#include <string.h>

size_t sbx_table_field(const sbx_table *table, sbx_text name, int tag)
{
    size_t end = table->column_count + (tag ? table->tag_count : 0);

    for (size_t i = tag ? table->column_count : 0; i < end; i++) {
        if (sbx_text_equal(table->fields[i].name, name))
            return i;
    }
    return table->column_count + table->tag_count;
}

static int is_missing(const sbx_table *table, size_t at)
{
    return at == table->column_count + table->tag_count;
}

static int fail_missing(sbx_request *request, sbx_text name, int tag)
{
    if (tag)
        return sbx_fail(request, 0x260E, "Invalid tag name: %.*s", (int)name.len, name.p);
    return sbx_fail(request, 0x2602, "Invalid column name: %.*s", (int)name.len, name.p);
}

/* A name that is to be new must be that among columns and tags. */
static int check_new(sbx_request *request, const sbx_table *table, sbx_text name)
{
    if (!is_missing(table, sbx_table_field(table, name, 1)))
        return sbx_fail(request, 0x0369, "Tag already exists");
    if (is_missing(table, sbx_table_field(table, name, 0)))
        return 0;
    if (table->kind == SBX_SUPER_TABLE)
        return sbx_fail(request, 0x036B, "Column already exists");
    return sbx_fail(request, 0x263C, "Duplicated column names");
}

/* The fields of a table that is being altered must pass as those of a new one would. */
static int store_fields(sbx_request *request, const sbx_table *table)
{
    size_t count = table->column_count + table->tag_count;
    sbx_column_def *defs = sbx_alloc_array(request->arena, count, sizeof *defs);

    for (size_t i = 0; i < count; i++)
        defs[i] = (sbx_column_def){table->fields[i].name, table->fields[i].type, 0};
    if (sbx_check_definition(request, defs, table->column_count, defs + table->column_count, table->tag_count) != 0)
        return request->err.code;
    return sbx_store_set_fields(request, table);
}

/* Rows and tags have nothing to be changed: what is missing at their ends is NULL. */
static int add_field(sbx_request *request, sbx_table *table, const sbx_statement *statement, int tag)
{
    size_t count = table->column_count + table->tag_count;
    size_t at = tag ? count : table->column_count;
    sbx_field *fields = sbx_alloc_array(request->arena, count + 1, sizeof *fields);

    if (check_new(request, table, statement->altered.name) != 0)
        return request->err.code;
    memcpy(fields, table->fields, at * sizeof *fields);
    memcpy(fields + at + 1, table->fields + at, (count - at) * sizeof *fields);
    fields[at] = (sbx_field){statement->altered.name, statement->altered.type};
    if (fields[at].type.id == SBX_TIMESTAMP)
        fields[at].type.precision = table->database->digits;
    table->fields = fields;
    if (tag)
        table->tag_count++;
    else
        table->column_count++;
    return store_fields(request, table);
}

/* ---- taking away ---- */

static int drop_values(sbx_request *request, const sbx_table *table, size_t at)
{
    int64_t id = table->id, changed;
    sbx_text sql;

    if (at < table->column_count)
        sql = sbx_format(request->arena, "UPDATE data SET bytes = without_cell(bytes, %zu) WHERE tbl IN (SELECT id FROM tbl WHERE id = %" PRId64
                         " OR super = %" PRId64 ")", at, id, id);
    else
        sql = sbx_format(request->arena, "UPDATE tbl SET tags = without_cell(tags, %zu) WHERE super = %" PRId64, at - table->column_count, id);
    return sbx_change_sql(request, sql, &changed);
}

static int drop_field(sbx_request *request, sbx_table *table, const sbx_statement *statement, int tag)
{
    size_t count = table->column_count + table->tag_count;
    size_t at = sbx_table_field(table, statement->altered.name, tag);

    if (is_missing(table, at))
        return fail_missing(request, statement->altered.name, tag);
    if (at == 0 && table->kind == SBX_SUPER_TABLE)
        return sbx_fail(request, 0x03C2, "Invalid stable alter options");
    if (at == 0)
        return sbx_fail(request, 0x264A, "Primary timestamp column cannot be dropped");
    if (!tag && table->column_count == 2)
        return sbx_fail(request, 0x2651, "No columns can be dropped");
    if (tag && table->tag_count == 1)
        return sbx_fail(request, 0x2649, "the only tag cannot be dropped");
    if (drop_values(request, table, at) != 0)
        return request->err.code;
    memmove(table->fields + at, table->fields + at + 1, (count - at - 1) * sizeof *table->fields);
    if (tag)
        table->tag_count--;
    else
        table->column_count--;
    return store_fields(request, table);
}

/* ---- changing ---- */

static int modify_field(sbx_request *request, sbx_table *table, const sbx_statement *statement, int tag)
{
    size_t at = sbx_table_field(table, statement->altered.name, tag);
    const sbx_type *type = &statement->altered.type;

    if (is_missing(table, at))
        return fail_missing(request, statement->altered.name, tag);
    if (!sbx_type_has_length(type->id) || type->id != table->fields[at].type.id || type->length <= table->fields[at].type.length)
        return sbx_fail(request, 0x264B, "Only varbinary/binary/nchar/geometry column length could be modified, "
                                         "and the length can only be increased, not decreased");
    table->fields[at].type = *type;
    return store_fields(request, table);
}

static int rename_field(sbx_request *request, sbx_table *table, const sbx_statement *statement, int tag)
{
    size_t at = sbx_table_field(table, statement->altered.name, tag);

    if (is_missing(table, at) && tag) /* the management node is asked at once */
        return sbx_fail(request, 0x036A, "Tag does not exist");
    if (is_missing(table, at))
        return fail_missing(request, statement->altered.name, tag);
    if (check_new(request, table, statement->new_name) != 0)
        return request->err.code;
    table->fields[at].name = statement->new_name;
    return store_fields(request, table);
}

static int set_tag(sbx_request *request, sbx_table *child, const sbx_statement *statement, sbx_text name, size_t *pos)
{
    size_t at = sbx_table_field(child, name, 1);

    if (is_missing(child, at))
        return sbx_fail(request, 0x2649, "Invalid tag name: %.*s", (int)name.len, name.p);
    return sbx_literal(request, statement->sql, pos, &child->fields[at].type, name, &child->tags[at - child->column_count]);
}

/* name = value, name = value: the parser has seen that they are that. */
static int set_tags(sbx_request *request, sbx_table *child, const sbx_statement *statement, int tag)
{
    sbx_text name = statement->altered.name;
    size_t pos = statement->value_offset;

    (void)tag;
    for (;;) {
        sbx_token token;

        if (set_tag(request, child, statement, name, &pos) != 0)
            return request->err.code;
        token = sbx_lex(statement->sql, &pos);
        if (!sbx_token_is(&token, ","))
            return sbx_store_set_tags(request, child);
        token = sbx_lex(statement->sql, &pos);
        name = sbx_token_text(request->arena, &token);
        sbx_lex(statement->sql, &pos);
    }
}

int sbx_ddl_alter(sbx_request *request, const sbx_statement *statement)
{
    static const struct {
        int (*run)(sbx_request *request, sbx_table *table, const sbx_statement *statement, int tag);
        int tag;
    } alterations[] = {
        [SBX_A_ADD_COLUMN] = {add_field, 0}, [SBX_A_DROP_COLUMN] = {drop_field, 0}, [SBX_A_MODIFY_COLUMN] = {modify_field, 0},
        [SBX_A_RENAME_COLUMN] = {rename_field, 0}, [SBX_A_ADD_TAG] = {add_field, 1}, [SBX_A_DROP_TAG] = {drop_field, 1},
        [SBX_A_MODIFY_TAG] = {modify_field, 1}, [SBX_A_RENAME_TAG] = {rename_field, 1}, [SBX_A_SET_TAG] = {set_tags, 1},
    };
    sbx_alteration which = statement->alteration;
    sbx_table *table;

    if (sbx_need_table(request, &statement->name, 0, NULL, &table) != 0)
        return request->err.code;
    if (which == SBX_A_COMMENT) {
        table->comment = statement->comment;
        return sbx_store_set_comment(request, table);
    }
    if (which == SBX_A_SET_TAG && table->kind != SBX_CHILD_TABLE)
        return sbx_fail(request, 0x2649, "Set tag value only available for child table");
    if (which != SBX_A_SET_TAG && (table->kind == SBX_CHILD_TABLE || (alterations[which].tag && table->kind != SBX_SUPER_TABLE)))
        return sbx_fail(request, 0x2649, "Invalid alter table statement");
    if (which == SBX_A_RENAME_COLUMN && table->kind != SBX_NORMAL_TABLE)
        return sbx_fail(request, 0x2649, "Rename column only available for normal table");
    return alterations[which].run(request, table, statement, alterations[which].tag);
}
