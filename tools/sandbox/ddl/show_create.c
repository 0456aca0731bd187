/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* SHOW CREATE: statements that make again what is there, names in backquotes as the server writes them; and DESCRIBE, of tables and of the system's. */
#include "ddl.h"

#include <inttypes.h>

static void put_text(sbx_buf *out, sbx_text text)
{
    sbx_buf_put(out, text.p, text.len);
}

static void put_name(sbx_buf *out, sbx_text name)
{
    sbx_buf_char(out, '`');
    put_text(out, name);
    sbx_buf_char(out, '`');
}

static void put_column(sbx_request *request, sbx_buf *out, const sbx_field *field, int tag, int key)
{
    put_name(out, field->name);
    sbx_buf_char(out, ' ');
    put_text(out, sbx_full_type_name(request->arena, &field->type));
    if (!tag) {
        sbx_codec codec = sbx_codec_of(&field->type, 0);

        sbx_buf_format(out, " ENCODE '%s' COMPRESS '%s' LEVEL '%s'", codec.encode, codec.compress, codec.level);
    }
    if (key)
        sbx_buf_text(out, " COMPOSITE KEY");
}

static void put_columns(sbx_request *request, sbx_buf *out, const sbx_table *table)
{
    for (size_t i = 0; i < table->column_count + table->tag_count; i++) {
        if (i == table->column_count)
            sbx_buf_text(out, ") TAGS (");
        else if (i != 0)
            sbx_buf_text(out, ", ");
        put_column(request, out, &table->fields[i], i >= table->column_count, table->keyed && i == 1);
    }
}

static void put_quoted(sbx_buf *out, sbx_text text, char quote)
{
    sbx_buf_char(out, quote);
    for (size_t i = 0; i < text.len; i++) {
        if (text.p[i] == quote)
            sbx_buf_char(out, quote);
        if (text.p[i] == '\\')
            sbx_buf_char(out, '\\');
        sbx_buf_char(out, text.p[i]);
    }
    sbx_buf_char(out, quote);
}

static void put_tag(sbx_request *request, sbx_buf *out, const sbx_value *tag)
{
    if (tag->type == SBX_NULL)
        sbx_buf_text(out, "NULL");
    else if (sbx_type_is_text(tag->type))
        put_quoted(out, tag->as.s, '"');
    else if (tag->type == SBX_JSON)
        put_quoted(out, tag->as.s, '\'');
    else if (tag->type == SBX_VARBINARY)
        sbx_buf_format(out, "\"%s\"", sbx_tag_text(request->arena, tag).p);
    else
        put_text(out, sbx_tag_text(request->arena, tag));
}

static void put_child(sbx_request *request, sbx_buf *out, const sbx_table *table)
{
    sbx_buf_text(out, " USING ");
    put_name(out, table->super_name);
    for (size_t i = 0; i < table->tag_count; i++) {
        sbx_buf_text(out, i == 0 ? " (" : ", ");
        put_name(out, table->fields[table->column_count + i].name);
    }
    for (size_t i = 0; i < table->tag_count; i++) {
        sbx_buf_text(out, i == 0 ? ") TAGS (" : ", ");
        put_tag(request, out, &table->tags[i]);
    }
    sbx_buf_char(out, ')');
}

static void put_table(sbx_request *request, sbx_buf *out, const sbx_table *table)
{
    sbx_buf_text(out, table->kind == SBX_SUPER_TABLE ? "CREATE STABLE " : "CREATE TABLE ");
    put_name(out, table->name);
    if (table->kind == SBX_CHILD_TABLE) {
        put_child(request, out, table);
    } else {
        sbx_buf_text(out, " (");
        put_columns(request, out, table);
        sbx_buf_char(out, ')');
    }
    if (table->comment.len != 0) {
        sbx_buf_text(out, " COMMENT ");
        put_quoted(out, table->comment, '\'');
    }
    if (table->ttl != 0)
        sbx_buf_format(out, " TTL %d", table->ttl);
}

/* Takes what is in out. */
static void answer_with(sbx_request *request, sbx_answer *answer, sbx_text name, sbx_buf *out)
{
    sbx_value *row = sbx_alloc_array(request->arena, 2, sizeof *row);

    row[0] = sbx_cell_text(name);
    row[1] = sbx_cell_text(sbx_copy(request->arena, out->p, out->len));
    sbx_answer_add(request, answer, row);
    sbx_buf_clear(out);
}

static int show_table(sbx_request *request, const sbx_statement *statement, int super, sbx_answer *answer)
{
    sbx_table *table;
    sbx_buf out = {0};

    if (sbx_find_table(request, &statement->name, 0, NULL, &table) != 0)
        return request->err.code;
    if (table == NULL)
        return sbx_fail(request, 0x2603, "Table does not exist");
    if (super && table->kind != SBX_SUPER_TABLE)
        return sbx_fail(request, 0x022F, "Table is not a super table");
    sbx_answer_field(request, answer, "Table", SBX_VARCHAR, 193);
    sbx_answer_field(request, answer, "Create Table", SBX_VARCHAR, 3145726);
    put_table(request, &out, table);
    answer_with(request, answer, table->name, &out);
    return 0;
}

/* Options that it does not keep are those that the server gives to a database that names none. */
static int show_database(sbx_request *request, const sbx_statement *statement, sbx_answer *answer)
{
    static const char first[] = "CREATE DATABASE `%.*s` BUFFER 256 CACHESIZE 1 CACHEMODEL 'none' COMP 2 DURATION 10d WAL_FSYNC_PERIOD 3000 MAXROWS 4096"
                                " MINROWS 100 STT_TRIGGER 2 KEEP %.*s PAGES 256 PAGESIZE 4 PRECISION '%s' REPLICA 1 WAL_LEVEL 1 VGROUPS %d",
                      second[] = " SINGLE_STABLE 0 TABLE_PREFIX 0 TABLE_SUFFIX 0 TSDB_PAGESIZE 4 WAL_RETENTION_PERIOD 3600 WAL_RETENTION_SIZE 0"
                                 " KEEP_TIME_OFFSET 0 ENCRYPT_ALGORITHM 'none' S3_CHUNKPAGES 131072 S3_KEEPLOCAL 525600m S3_COMPACT 1"
                                 " COMPACT_INTERVAL 0d COMPACT_TIME_RANGE 0d,0d COMPACT_TIME_OFFSET 0h";
    sbx_database *database;
    sbx_buf out = {0};
    sbx_text keep;

    if (sbx_find_database(request, statement->name.database, 0, NULL, &database) != 0)
        return request->err.code;
    keep = sbx_keep_text(request->arena, database->keep_min);
    sbx_answer_field(request, answer, "Database", SBX_VARCHAR, 63);
    sbx_answer_field(request, answer, "Create Database", SBX_VARCHAR, 65517);
    sbx_buf_format(&out, first, (int)database->name.len, database->name.p, (int)keep.len, keep.p,
                   database->digits == 3 ? "ms" : database->digits == 6 ? "us" : "ns", database->vgroups);
    sbx_buf_text(&out, second);
    answer_with(request, answer, database->name, &out);
    return 0;
}

int sbx_show_create(sbx_request *request, const sbx_statement *statement, sbx_answer *answer)
{
    if (statement->kind == SBX_S_SHOW_CREATE_DATABASE)
        return show_database(request, statement, answer);
    return show_table(request, statement, statement->kind == SBX_S_SHOW_CREATE_STABLE, answer);
}

/* ---- DESCRIBE ---- */

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
