/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* One statement from text to answer: folded, told apart, run within a transaction; and what a name in it stands for. */
#include "execute.h"
#include "ast.h"

#include <string.h>

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

/* ---- names, and the server's words when they stand for nothing ---- */

/* The request's own database was "used" beforehand; that it does not exist shows only here. */
static int find_own(sbx_request *request, int inserting, sbx_database **out)
{
    if (request->database.len != 0 && sbx_store_database(request, request->database, out) != 0)
        return request->err.code;
    if (*out != NULL)
        return 0;
    if (inserting)
        return sbx_fail(request, 0x0200, "db is not specified");
    return sbx_fail(request, 0x2616, "Database not specified");
}

int sbx_find_database(sbx_request *request, sbx_text name, int inserting, const char *prefix, sbx_database **out)
{
    *out = NULL;
    if (name.len == 0)
        return find_own(request, inserting, out);
    if (sbx_store_database(request, name, out) != 0)
        return request->err.code;
    if (*out == NULL)
        return sbx_fail(request, 0x0388, "%sDatabase not exist", prefix == NULL ? "" : prefix);
    return 0;
}

int sbx_find_table(sbx_request *request, const sbx_name *name, int inserting, const char *prefix, sbx_table **out)
{
    sbx_database *database;

    *out = NULL;
    if (sbx_find_database(request, name->database, inserting, prefix, &database) != 0)
        return request->err.code;
    return sbx_store_table(request, database, name->table, out);
}

int sbx_need_table(sbx_request *request, const sbx_name *name, int inserting, const char *prefix, sbx_table **out)
{
    if (sbx_find_table(request, name, inserting, prefix, out) != 0)
        return request->err.code;
    return *out != NULL ? 0 : sbx_fail(request, 0x2603, "%sTable does not exist", prefix == NULL ? "" : prefix);
}

int sbx_check_table_name(sbx_request *request, sbx_text name)
{
    if (memchr(name.p, '.', name.len) != NULL)
        return sbx_fail(request, 0x2617, "The table name cannot contain '.'");
    return 0;
}
