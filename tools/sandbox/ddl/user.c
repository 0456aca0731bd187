/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* CREATE, ALTER and DROP USER, and GRANT. What was granted is not kept: every user may do all. */
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

int sbx_ddl_user(sbx_request *request, const sbx_statement *statement)
{
    if (statement->kind == SBX_S_CREATE_USER)
        return create(request, statement);
    if (find(request, statement->user) != 0)
        return request->err.code;
    if (statement->kind == SBX_S_ALTER_USER)
        return sbx_store_set_user(request, &(sbx_user){statement->user, statement->password, statement->enable});
    return statement->kind == SBX_S_DROP_USER ? sbx_store_drop_user(request, statement->user) : 0;
}
