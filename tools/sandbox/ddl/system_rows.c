/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * The rows of information_schema: what is true of the sandbox. What belongs to a server of another kind (buffers, pages, files) is NULL,
 * for there is nothing of it here.
 */
#include "system_tables.h"

#include <string.h>

/* A row of NULLs at the end of the answer. */
static sbx_value *new_row(sbx_request *request, sbx_answer *answer)
{
    sbx_value *row = sbx_alloc_array(request->arena, answer->field_count, sizeof *row);

    sbx_answer_add(request, answer, row);
    return row;
}

/* The cell under a column's name. */
static void set(const sbx_answer *answer, sbx_value *row, const char *name, sbx_value value)
{
    for (size_t i = 0; i < answer->field_count; i++) {
        if (sbx_text_is(answer->fields[i].name, name))
            row[i] = value;
    }
}

static void set_text(const sbx_answer *answer, sbx_value *row, const char *name, sbx_text text)
{
    set(answer, row, name, sbx_cell_text(text));
}

static void set_word(const sbx_answer *answer, sbx_value *row, const char *name, const char *word)
{
    set(answer, row, name, sbx_cell_word(word));
}

static void set_int(const sbx_answer *answer, sbx_value *row, const char *name, int64_t number)
{
    for (size_t i = 0; i < answer->field_count; i++) {
        if (sbx_text_is(answer->fields[i].name, name))
            row[i] = sbx_cell_int(answer->fields[i].type.id, number);
    }
}

/* ---- ins_databases ---- */

int sbx_fill_databases(sbx_request *request, const sbx_database *database, sbx_answer *answer)
{
    sbx_value *row = new_row(request, answer);
    sbx_table **tables;
    size_t count;

    if (sbx_store_tables(request, database, SBX_NORMAL_TABLE | SBX_CHILD_TABLE, 0, &tables, &count) != 0)
        return request->err.code;
    set_text(answer, row, "name", database->name);
    set_int(answer, row, "create_time", database->created_ms);
    set_int(answer, row, "vgroups", 1);
    set_int(answer, row, "ntables", (int64_t)count);
    set_int(answer, row, "replica", 1);
    set_word(answer, row, "strict", "on");
    set_text(answer, row, "keep", sbx_keep_text(request->arena, database->keep_min));
    set_word(answer, row, "precision", database->digits == 3 ? "ms" : database->digits == 6 ? "us" : "ns");
    set_word(answer, row, "status", "ready");
    set_int(answer, row, "single_stable", 0);
    set_word(answer, row, "cachemodel", "none");
    return 0;
}

static void add_system_database(sbx_request *request, sbx_answer *answer, const char *name, size_t tables)
{
    sbx_value *row = new_row(request, answer);

    set_word(answer, row, "name", name);
    set_int(answer, row, "ntables", (int64_t)tables);
    set_word(answer, row, "status", "ready");
}

void sbx_fill_system_databases(sbx_request *request, sbx_answer *answer)
{
    add_system_database(request, answer, "information_schema", sbx_system_def_count);
    add_system_database(request, answer, "performance_schema", 0);
}

/* ---- ins_stables, ins_tables ---- */

static void set_comment(const sbx_answer *answer, sbx_value *row, const sbx_table *table)
{
    if (table->comment.len != 0)
        set_text(answer, row, "table_comment", table->comment);
}

int sbx_fill_stables(sbx_request *request, const sbx_database *database, sbx_answer *answer)
{
    sbx_table **tables;
    size_t count;

    if (sbx_store_tables(request, database, SBX_SUPER_TABLE, 0, &tables, &count) != 0)
        return request->err.code;
    for (size_t i = 0; i < count; i++) {
        sbx_value *row = new_row(request, answer);

        set_text(answer, row, "stable_name", tables[i]->name);
        set_text(answer, row, "db_name", database->name);
        set_int(answer, row, "create_time", tables[i]->created_ms);
        set_int(answer, row, "columns", (int64_t)tables[i]->column_count);
        set_int(answer, row, "tags", (int64_t)tables[i]->tag_count);
        set_comment(answer, row, tables[i]);
        set_int(answer, row, "uid", tables[i]->id);
    }
    return 0;
}

static const char *kind_text(sbx_table_kind kind)
{
    return kind == SBX_SUPER_TABLE ? "SUPER_TABLE" : kind == SBX_CHILD_TABLE ? "CHILD_TABLE" : "NORMAL_TABLE";
}

int sbx_fill_tables(sbx_request *request, const sbx_database *database, sbx_answer *answer)
{
    sbx_table **tables;
    size_t count;

    if (sbx_store_tables(request, database, SBX_NORMAL_TABLE | SBX_CHILD_TABLE, 0, &tables, &count) != 0)
        return request->err.code;
    for (size_t i = 0; i < count; i++) {
        sbx_value *row = new_row(request, answer);

        set_text(answer, row, "table_name", tables[i]->name);
        set_text(answer, row, "db_name", database->name);
        set_int(answer, row, "create_time", tables[i]->created_ms);
        set_int(answer, row, "columns", (int64_t)tables[i]->column_count);
        if (tables[i]->kind == SBX_CHILD_TABLE)
            set_text(answer, row, "stable_name", tables[i]->super_name);
        set_int(answer, row, "uid", tables[i]->id);
        set_int(answer, row, "vgroup_id", 1);
        set_int(answer, row, "ttl", tables[i]->ttl);
        set_comment(answer, row, tables[i]);
        set_word(answer, row, "type", kind_text(tables[i]->kind));
    }
    return 0;
}

void sbx_fill_system_tables(sbx_request *request, sbx_answer *answer)
{
    for (size_t i = 0; i < sbx_system_def_count; i++) {
        sbx_value *row = new_row(request, answer);

        set_word(answer, row, "table_name", sbx_system_defs[i].name);
        set_word(answer, row, "db_name", "information_schema");
        set_int(answer, row, "columns", (int64_t)sbx_system_defs[i].column_count);
        set_word(answer, row, "type", "SYSTEM_TABLE");
    }
}

/* ---- ins_columns ---- */

static void add_column(sbx_request *request, sbx_answer *answer, sbx_text table, sbx_text database, const char *kind, const sbx_field *field)
{
    sbx_value *row = new_row(request, answer);

    set_text(answer, row, "table_name", table);
    set_text(answer, row, "db_name", database);
    set_word(answer, row, "table_type", kind);
    set_text(answer, row, "col_name", field->name);
    set_text(answer, row, "col_type", sbx_full_type_name(request->arena, &field->type));
    set_int(answer, row, "col_length", field->type.length);
}

int sbx_fill_columns(sbx_request *request, const sbx_database *database, sbx_answer *answer)
{
    sbx_table **tables;
    size_t count;

    if (sbx_store_tables(request, database, SBX_NORMAL_TABLE | SBX_SUPER_TABLE | SBX_CHILD_TABLE, 0, &tables, &count) != 0)
        return request->err.code;
    for (size_t i = 0; i < count; i++) {
        const sbx_table *table = tables[i];

        for (size_t k = 0; k < table->column_count; k++)
            add_column(request, answer, table->name, database->name, kind_text(table->kind), &table->fields[k]);
    }
    return 0;
}

void sbx_fill_system_columns(sbx_request *request, sbx_answer *answer)
{
    for (size_t i = 0; i < sbx_system_def_count; i++) {
        const sbx_system_def *def = &sbx_system_defs[i];
        sbx_answer fields = {0};

        for (size_t k = 0; k < def->column_count; k++) {
            sbx_answer_field(request, &fields, def->columns[k].name, def->columns[k].id, def->columns[k].length);
            add_column(request, answer, (sbx_text){def->name, strlen(def->name)}, SBX_TEXT("information_schema"), "SYSTEM_TABLE",
                       &fields.fields[k]);
        }
    }
}

/* ---- ins_tags ---- */

static void add_tags(sbx_request *request, sbx_answer *answer, const sbx_table *child)
{
    for (size_t i = 0; i < child->tag_count; i++) {
        const sbx_field *tag = &child->fields[child->column_count + i];
        sbx_value *row = new_row(request, answer);

        set_text(answer, row, "table_name", child->name);
        set_text(answer, row, "db_name", child->database->name);
        set_text(answer, row, "stable_name", child->super_name);
        set_text(answer, row, "tag_name", tag->name);
        set_text(answer, row, "tag_type", sbx_full_type_name(request->arena, &tag->type));
        if (child->tags[i].type != SBX_NULL)
            set_text(answer, row, "tag_value", sbx_tag_text(request->arena, &child->tags[i]));
    }
}

int sbx_fill_tags(sbx_request *request, const sbx_database *database, sbx_answer *answer)
{
    sbx_table **tables;
    size_t count;

    if (sbx_store_tables(request, database, SBX_CHILD_TABLE, 0, &tables, &count) != 0)
        return request->err.code;
    for (size_t i = 0; i < count; i++)
        add_tags(request, answer, tables[i]);
    return 0;
}
