/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* DESCRIBE, of tables and of the system's. */
#include "show.h"

enum { DESCRIBE_FIELDS = 7 };

/* Here, and nowhere else, the server puts a blank behind the comma of a DECIMAL. */
static sbx_text type_text(sbx_arena *arena, const sbx_type *type)
{
    if (type->id == SBX_DECIMAL)
        return sbx_format(arena, "DECIMAL(%d, %d)", type->precision, type->scale);
    return sbx_type_name(arena, type);
}

static void add_row(sbx_request *request, sbx_answer *answer, const sbx_field *field, int tag)
{
    sbx_value *row = sbx_alloc_array(request->arena, DESCRIBE_FIELDS, sizeof *row);
    sbx_codec codec = sbx_codec_of(&field->type, tag);

    row[0] = sbx_cell_text(field->name);
    row[1] = sbx_cell_text(type_text(request->arena, &field->type));
    row[2] = sbx_cell_int(SBX_INT, field->type.length);
    row[3] = sbx_cell_word(tag ? "TAG" : "");
    row[4] = sbx_cell_word(codec.encode);
    row[5] = sbx_cell_word(codec.compress);
    row[6] = sbx_cell_word(codec.level);
    sbx_answer_add(request, answer, row);
}

/* What is there of that name; columns beyond column_count are tags. */
static int find_fields(sbx_request *request, const sbx_name *name, const sbx_field **fields, size_t *column_count, size_t *count)
{
    sbx_text database = name->database.len != 0 ? name->database : request->database;
    sbx_answer system = {0};
    sbx_table *table;
    int known = 0;

    if (!sbx_text_is(database, "information_schema")) {
        if (sbx_need_table(request, name, 0, SBX_TABLE_INFO_FAILED, &table) != 0)
            return request->err.code;
        *fields = table->fields;
        *column_count = table->column_count;
        *count = table->column_count + table->tag_count;
        return 0;
    }
    if (sbx_system_table(request, name->table, &system, &known) != 0)
        return request->err.code;
    if (!known)
        return sbx_fail(request, 0x2603, SBX_TABLE_INFO_FAILED "Table does not exist");
    *fields = system.fields;
    *count = *column_count = system.field_count;
    return 0;
}

int sbx_describe(sbx_request *request, const sbx_statement *statement, sbx_answer *answer)
{
    const sbx_field *fields = NULL;
    size_t column_count = 0, count = 0;

    if (find_fields(request, &statement->name, &fields, &column_count, &count) != 0)
        return request->err.code;
    sbx_answer_field(request, answer, "field", SBX_VARCHAR, 64);
    sbx_answer_field(request, answer, "type", SBX_VARCHAR, 20);
    sbx_answer_field(request, answer, "length", SBX_INT, 0);
    sbx_answer_field(request, answer, "note", SBX_VARCHAR, 16);
    sbx_answer_field(request, answer, "encode", SBX_VARCHAR, 12);
    sbx_answer_field(request, answer, "compress", SBX_VARCHAR, 12);
    sbx_answer_field(request, answer, "level", SBX_VARCHAR, 12);
    for (size_t i = 0; i < count; i++)
        add_row(request, answer, &fields[i], i >= column_count);
    return 0;
}
