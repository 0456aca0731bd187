/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Users and their passwords, kept as they are: a sandbox has nothing to hide. Knows nothing of logins. */
#include "store_private.h"

int sbx_store_user(sbx_request *request, sbx_text name, sbx_user *user, int *found)
{
    sqlite3_stmt *statement = sbx_store_statement(request, STORE_USER_GET);

    sbx_bind_text(statement, 1, name);
    *found = sbx_store_step(statement);
    if (*found)
        *user = (sbx_user){name, sbx_column_copy(request, statement, 0), sqlite3_column_int(statement, 1)};
    return sbx_store_done(request, statement);
}

int sbx_store_add_user(sbx_request *request, const sbx_user *user)
{
    sqlite3_stmt *statement = sbx_store_statement(request, STORE_USER_PUT);

    sbx_bind_text(statement, 1, user->name);
    sbx_bind_bytes(statement, 2, user->password.p, user->password.len);
    sqlite3_bind_int(statement, 3, user->enabled);
    sqlite3_bind_int64(statement, 4, request->now_ns / 1000000);
    return sbx_store_run(request, statement);
}

int sbx_store_set_user(sbx_request *request, const sbx_user *user)
{
    sqlite3_stmt *statement = sbx_store_statement(request, STORE_USER_SET);

    sbx_bind_text(statement, 1, user->name);
    if (user->password.len != 0)
        sbx_bind_bytes(statement, 2, user->password.p, user->password.len);
    if (user->enabled >= 0)
        sqlite3_bind_int(statement, 3, user->enabled);
    return sbx_store_run(request, statement);
}

int sbx_store_drop_user(sbx_request *request, sbx_text name)
{
    sqlite3_stmt *statement = sbx_store_statement(request, STORE_USER_DROP);

    sbx_bind_text(statement, 1, name);
    return sbx_store_run(request, statement);
}
