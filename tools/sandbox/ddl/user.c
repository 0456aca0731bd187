/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* CREATE, ALTER and DROP USER, GRANT, and KILL of what there never is. What was granted is not kept: every user may do all. */
#include "ddl.h"

static int find(sbx_request *request, sbx_text name)
{
    sbx_user user;
    int found;

    if (sbx_store_user(request, name, &user, &found) != 0 || found)
        return request->err.code;
    return sbx_fail(request, 0x0351, "Invalid user");
}

static int create(sbx_request *request, const sbx_statement *statement)
{
    sbx_user user;
    int found;

    if (sbx_store_user(request, statement->user, &user, &found) != 0)
        return request->err.code;
    if (found)
        return sbx_fail(request, 0x0350, "User already exists");
    return sbx_store_add_user(request, &(sbx_user){statement->user, statement->password, 1});
}

/* A statement is no query that could be killed: they run one at a time. */
static int kill_nothing(sbx_request *request, const sbx_statement *statement)
{
    if (sbx_text_is(statement->name.table, "transaction"))
        return sbx_fail(request, 0x03D1, "Transaction not exists");
    return sbx_fail(request, 0x030E, "Invalid connection id");
}

int sbx_ddl_user(sbx_request *request, const sbx_statement *statement)
{
    if (statement->kind == SBX_S_KILL)
        return kill_nothing(request, statement);
    if (statement->kind == SBX_S_CREATE_USER)
        return create(request, statement);
    if (find(request, statement->user) != 0)
        return request->err.code;
    if (statement->kind == SBX_S_ALTER_USER)
        return sbx_store_set_user(request, &(sbx_user){statement->user, statement->password, statement->enable});
    return statement->kind == SBX_S_DROP_USER ? sbx_store_drop_user(request, statement->user) : 0;
}
