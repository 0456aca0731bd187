/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* One statement from text to answer: folded, told apart, run within a transaction. */
#include "execute.h"
#include "ast.h"

enum { MAX_SQL_BYTES = 1048576 };

static int run(sbx_request *request, const sbx_statement *statement, sbx_answer *answer)
{
    if (statement->kind == SBX_S_SELECT)
        return sbx_run_select(request, statement->sql, statement->select, answer);
    if (statement->kind == SBX_S_DELETE)
        return sbx_run_delete(request, statement, &answer->affected);
    return statement->kind < SBX_S_DESCRIBE ? sbx_run_ddl(request, statement) : sbx_run_show(request, statement, answer);
}

static int run_text(sbx_request *request, sbx_text sql, sbx_answer *answer)
{
    sbx_statement *statement;

    if (sbx_is_insert(sql))
        return sbx_run_insert(request, sql, &answer->affected);
    if (sbx_parse(request, sql, &statement) != 0)
        return request->err.code;
    return run(request, statement, answer);
}

int sbx_sql(sbx_request *request, sbx_text sql, sbx_answer *answer)
{
    *answer = (sbx_answer){0};
    if (sql.len > MAX_SQL_BYTES)
        return sbx_fail(request, 0x0219, "SQL statement too long");
    if (sbx_store_begin(request) == 0 && run_text(request, sbx_lower(request->arena, sql), answer) == 0)
        sbx_store_commit(request);
    if (request->err.code != 0)
        sbx_store_rollback(request);
    return request->err.code;
}

int sbx_use(sbx_request *request, sbx_text name)
{
    sbx_text sql = sbx_format(request->arena, "use %.*s", (int)name.len, name.p);
    sbx_statement *statement;

    if (sbx_parse(request, sbx_lower(request->arena, sql), &statement) != 0 || sbx_run_ddl(request, statement) != 0)
        return request->err.code;
    request->database = statement->name.database;
    return 0;
}
