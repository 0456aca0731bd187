/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Where the rows of a SELECT come from: tables, super tables with their children, system tables, other SELECTs. Knows nothing of results. */
#include "../ddl/ddl.h"
#include "select.h"

#include <inttypes.h>

static int system_source(sbx_query *query, sbx_text database, sbx_text name, sbx_from *out)
{
    sbx_fields fields;

    if (!sbx_text_is(database, "information_schema") || !sbx_system_table(query->request->arena, name, &fields, &out->sql))
        return sbx_fail(query->request, 0x2603, "%sTable does not exist", SBX_TABLE_INFO_FAILED);
    out->fields = fields.list;
    out->column_count = fields.count;
    out->is_system = 1;
    return 0;
}

static int table_source(sbx_query *query, const sbx_name *name, sbx_from *out)
{
    sbx_text database = name->database.len != 0 ? name->database : query->request->database;
    sbx_table *table = NULL;

    if (sbx_is_system_database(database))
        return system_source(query, database, name->table, out);
    if (sbx_need_table(query->request, name, 0, SBX_TABLE_INFO_FAILED, &table) != 0)
        return query->request->err.code;
    out->table = table;
    out->fields = table->fields;
    out->column_count = table->column_count;
    out->tag_count = table->kind == SBX_NORMAL_TABLE ? 0 : table->tag_count;
    query->digits = table->database->digits;
    return 0;
}

int sbx_select_sources(sbx_query *query)
{
    const sbx_select *select = query->select;

    for (size_t i = 0; i < select->source_count; i++) {
        const sbx_source *source = &select->sources[i];
        sbx_from *from = &query->from[i];

        if (i == SBX_MAX_SOURCES)
            return sbx_select_refuse(query, source->offset);
        if (source->select == NULL ? table_source(query, &source->name, from) : sbx_select_nested(query->request, query->sql, source->select, from))
            return query->request->err.code;
        from->name = source->alias.len != 0 ? source->alias : source->name.table;
        query->from_count++;
    }
    return 0;
}

/* The tables, then their rows; SQLite keeps the order of what CROSS JOIN joins. */
static void one_source(const sbx_from *from, size_t i, enum sbx_scan scan, sbx_buf *out)
{
    sbx_buf_text(out, i == 0 ? " FROM " : " CROSS JOIN ");
    if (from->table == NULL)
        sbx_buf_format(out, "(%.*s) s%zu", (int)from->sql.len, from->sql.p, i);
    else if (scan == SBX_SCAN_TABLES)
        sbx_buf_format(out, "tbl t%zu", i);
    else
        sbx_buf_format(out, "tbl t%zu %s JOIN data d%zu ON d%zu.tbl = t%zu.id", i, scan == SBX_SCAN_ALL ? "LEFT" : "CROSS", i, i, i);
}

void sbx_select_from(const sbx_query *query, enum sbx_scan scan, sbx_buf *out)
{
    for (size_t i = 0; i < query->from_count; i++)
        one_source(&query->from[i], i, scan, out);
    sbx_buf_text(out, " WHERE 1");
    for (size_t i = 0; i < query->from_count; i++) {
        const sbx_table *table = query->from[i].table;

        if (table != NULL)
            sbx_buf_format(out, " AND t%zu.%s = %" PRId64, i, table->kind == SBX_SUPER_TABLE ? "super" : "id", table->id);
    }
    if (query->where != NULL)
        sbx_buf_format(out, " AND %.*s", (int)query->where->sql.len, query->where->sql.p);
}
