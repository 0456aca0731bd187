/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* DESCRIBE, of tables and of the system's. */
#include "ddl.h"

enum { DESCRIBE_FIELDS = 7 };

/* Here, and nowhere else, the server puts a blank behind the comma of a DECIMAL. */
static sbx_text type_text(sbx_arena *arena, const sbx_type *type)
{
    if (type->id == SBX_DECIMAL)
        return sbx_format(arena, "DECIMAL(%d, %d)", type->precision, type->scale);
    return sbx_type_name(arena, type);
}

static void add_row(sbx_request *request, sbx_answer *answer, const sbx_field *field, const char *note, int tag)
{
    sbx_value *row = sbx_alloc_array(request->arena, DESCRIBE_FIELDS, sizeof *row);
    sbx_codec codec = sbx_codec_of(&field->type, tag);

    row[0] = sbx_cell_text(field->name);
    row[1] = sbx_cell_text(type_text(request->arena, &field->type));
    row[2] = (sbx_value){SBX_INT, 0, {.i = field->type.length}};
    row[3] = sbx_cell_word(note);
    row[4] = sbx_cell_word(codec.encode);
    row[5] = sbx_cell_word(codec.compress);
    row[6] = sbx_cell_word(codec.level);
    sbx_answer_add(request, answer, row);
}

static void headings(sbx_request *request, sbx_answer *answer)
{
    sbx_answer_field(request, answer, "field", SBX_VARCHAR, 64);
    sbx_answer_field(request, answer, "type", SBX_VARCHAR, 20);
    sbx_answer_field(request, answer, "length", SBX_INT, 0);
    sbx_answer_field(request, answer, "note", SBX_VARCHAR, 16);
}

/* Columns of system tables are not compressed: there is nothing to be said of it. */
static int describe_system(sbx_request *request, sbx_text name, sbx_answer *answer)
{
    sbx_fields fields;
    sbx_text sql;

    if (!sbx_system_table(request->arena, name, &fields, &sql))
        return sbx_fail(request, 0x2603, "Table does not exist");
    headings(request, answer);
    for (size_t i = 0; i < fields.count; i++)
        add_row(request, answer, &fields.list[i], "", 0);
    return 0;
}

int sbx_describe(sbx_request *request, const sbx_statement *statement, sbx_answer *answer)
{
    sbx_text database = statement->name.database.len != 0 ? statement->name.database : request->database;
    sbx_table *table;

    if (sbx_text_is(database, "information_schema"))
        return describe_system(request, statement->name.table, answer);
    if (sbx_need_table(request, &statement->name, 0, NULL, &table) != 0)
        return request->err.code;
    headings(request, answer);
    sbx_answer_field(request, answer, "encode", SBX_VARCHAR, 12);
    sbx_answer_field(request, answer, "compress", SBX_VARCHAR, 12);
    sbx_answer_field(request, answer, "level", SBX_VARCHAR, 12);
    for (size_t i = 0; i < table->column_count + table->tag_count; i++)
        add_row(request, answer, &table->fields[i], i >= table->column_count ? "TAG" : table->keyed && i == 1 ? "COMPOSITE KEY" : "", i >= table->column_count);
    return 0;
}
