/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* DELETE: rows of a range of the first column, of a super table's children or of one, which the same conditions choose as in SELECT. */
#include "select.h"

int sbx_run_delete(sbx_request *request, const sbx_statement *statement, int64_t *affected)
{
    sbx_source source = {.name = statement->name};
    sbx_select select = {.sources = &source, .source_count = 1};
    sbx_query query = {.request = request, .select = &select, .sql = statement->sql, .digits = 3, .clause = SBX_IN_DELETE};
    sbx_buf sql = {0};

    *affected = 0;
    if (sbx_select_sources(&query) != 0)
        return request->err.code;
    if (query.from[0].table == NULL)
        return sbx_fail(request, 0x2603, SBX_TABLE_INFO_FAILED "Table does not exist");
    if (statement->where != NULL && (query.where = sbx_bind(&query, statement->where)) == NULL)
        return request->err.code;
    sbx_buf_text(&sql, "DELETE FROM data WHERE (tbl, time, key) IN (SELECT d0.tbl, d0.time, d0.key");
    sbx_select_from(&query, SBX_SCAN_ROWS, &sql);
    sbx_buf_char(&sql, ')');
    sbx_change_sql(request, (sbx_text){sql.p, sql.len}, affected);
    sbx_buf_clear(&sql);
    return request->err.code;
}
