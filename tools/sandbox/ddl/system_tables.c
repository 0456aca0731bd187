/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* information_schema: which tables and columns it has, in the server's order. What their rows are is system_rows.c's. */
#include "../base/bounds.h"
#include "system_tables.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { TABLE_TYPE = 21, TYPE_TEXT = 32, TAG_VALUE = 16384 };

static const sbx_system_column databases[] = {
    {"name", SBX_VARCHAR, SBX_MAX_DATABASE_NAME},
    {"create_time", SBX_TIMESTAMP, 0},
    {"vgroups", SBX_INT, 0},
    {"ntables", SBX_BIGINT, 0},
    {"replica", SBX_TINYINT, 0},
    {"strict", SBX_VARCHAR, 4},
    {"duration", SBX_VARCHAR, 10},
    {"keep", SBX_VARCHAR, 32},
    {"buffer", SBX_INT, 0},
    {"pagesize", SBX_INT, 0},
    {"pages", SBX_INT, 0},
    {"minrows", SBX_INT, 0},
    {"maxrows", SBX_INT, 0},
    {"comp", SBX_TINYINT, 0},
    {"precision", SBX_VARCHAR, 2},
    {"status", SBX_VARCHAR, 10},
    {"retentions", SBX_VARCHAR, 60},
    {"single_stable", SBX_BOOL, 0},
    {"cachemodel", SBX_VARCHAR, 11},
    {"cachesize", SBX_INT, 0},
    {"wal_level", SBX_TINYINT, 0},
    {"wal_fsync_period", SBX_INT, 0},
    {"wal_retention_period", SBX_INT, 0},
    {"wal_retention_size", SBX_BIGINT, 0},
    {"stt_trigger", SBX_SMALLINT, 0},
    {"table_prefix", SBX_SMALLINT, 0},
    {"table_suffix", SBX_SMALLINT, 0},
    {"tsdb_pagesize", SBX_INT, 0},
    {"keep_time_offset", SBX_INT, 0},
};

static const sbx_system_column stables[] = {
    {"stable_name", SBX_VARCHAR, SBX_MAX_TABLE_NAME},
    {"db_name", SBX_VARCHAR, SBX_MAX_DATABASE_NAME},
    {"create_time", SBX_TIMESTAMP, 0},
    {"columns", SBX_INT, 0},
    {"tags", SBX_INT, 0},
    {"last_update", SBX_TIMESTAMP, 0},
    {"table_comment", SBX_VARCHAR, SBX_MAX_COMMENT},
    {"watermark", SBX_VARCHAR, 64},
    {"max_delay", SBX_VARCHAR, 64},
    {"rollup", SBX_VARCHAR, 128},
    {"uid", SBX_BIGINT, 0},
};

static const sbx_system_column tables[] = {
    {"table_name", SBX_VARCHAR, SBX_MAX_TABLE_NAME},
    {"db_name", SBX_VARCHAR, SBX_MAX_DATABASE_NAME},
    {"create_time", SBX_TIMESTAMP, 0},
    {"columns", SBX_INT, 0},
    {"stable_name", SBX_VARCHAR, SBX_MAX_TABLE_NAME},
    {"uid", SBX_BIGINT, 0},
    {"vgroup_id", SBX_INT, 0},
    {"ttl", SBX_INT, 0},
    {"table_comment", SBX_VARCHAR, SBX_MAX_COMMENT},
    {"type", SBX_VARCHAR, TABLE_TYPE},
};

static const sbx_system_column columns[] = {
    {"table_name", SBX_VARCHAR, SBX_MAX_TABLE_NAME},
    {"db_name", SBX_VARCHAR, SBX_MAX_DATABASE_NAME},
    {"table_type", SBX_VARCHAR, TABLE_TYPE},
    {"col_name", SBX_VARCHAR, SBX_MAX_COLUMN_NAME},
    {"col_type", SBX_VARCHAR, TYPE_TEXT},
    {"col_length", SBX_INT, 0},
    {"col_precision", SBX_INT, 0},
    {"col_scale", SBX_INT, 0},
    {"col_nullable", SBX_INT, 0},
};

static const sbx_system_column tags[] = {
    {"table_name", SBX_VARCHAR, SBX_MAX_TABLE_NAME},
    {"db_name", SBX_VARCHAR, SBX_MAX_DATABASE_NAME},
    {"stable_name", SBX_VARCHAR, SBX_MAX_TABLE_NAME},
    {"tag_name", SBX_VARCHAR, SBX_MAX_COLUMN_NAME},
    {"tag_type", SBX_VARCHAR, TYPE_TEXT},
    {"tag_value", SBX_VARCHAR, TAG_VALUE},
};

const sbx_system_def sbx_system_defs[] = {
    {"ins_databases", databases, COUNT(databases), sbx_fill_databases, sbx_fill_system_databases},
    {"ins_stables", stables, COUNT(stables), sbx_fill_stables, NULL},
    {"ins_tables", tables, COUNT(tables), sbx_fill_tables, sbx_fill_system_tables},
    {"ins_columns", columns, COUNT(columns), sbx_fill_columns, sbx_fill_system_columns},
    {"ins_tags", tags, COUNT(tags), sbx_fill_tags, NULL},
};
const size_t sbx_system_def_count = COUNT(sbx_system_defs);

static const sbx_system_def *find(sbx_text name)
{
    for (size_t i = 0; i < sbx_system_def_count; i++) {
        if (sbx_text_is(name, sbx_system_defs[i].name))
            return &sbx_system_defs[i];
    }
    return NULL;
}

int sbx_system_table(sbx_request *request, sbx_text name, sbx_answer *answer, int *known)
{
    const sbx_system_def *def = find(name);
    sbx_database **all;
    size_t count;

    *answer = (sbx_answer){0};
    *known = def != NULL;
    if (def == NULL)
        return 0;
    for (size_t i = 0; i < def->column_count; i++)
        sbx_answer_field(request, answer, def->columns[i].name, def->columns[i].id, def->columns[i].length);
    if (sbx_store_databases(request, &all, &count) != 0)
        return request->err.code;
    if (def->fill_system != NULL)
        def->fill_system(request, answer);
    for (size_t i = 0; i < count; i++) {
        if (def->fill(request, all[i], answer) != 0)
            return request->err.code;
    }
    return 0;
}
