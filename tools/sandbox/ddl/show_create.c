/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* SHOW CREATE: statements that make again what is there. Names stand in backquotes, as the server writes them. */
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
