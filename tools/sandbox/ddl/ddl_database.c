/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * CREATE, ALTER, DROP DATABASE and USE, and the same of users, with GRANT: what was granted is not kept, every user may do all. Knows nothing of tables.
 */
#include "ddl.h"

#include <inttypes.h>
#include <string.h>

enum { MIN_KEEP_MIN = 1440, DEFAULT_KEEP_MIN = 3650 * 1440 };

/* 1,000 years; of nanoseconds only as many as 64 bits hold. */
static int64_t max_keep_min(int digits)
{
    return digits == 9 ? 153475200 : 525600000;
}

static int check_keep(sbx_request *request, int64_t keep_min, int digits)
{
    if (keep_min >= MIN_KEEP_MIN && keep_min <= max_keep_min(digits))
        return 0;
    return sbx_fail(request, 0x2619, "Invalid option keep: %" PRId64 ", %" PRId64 ", %" PRId64 " valid range: [%dm, %" PRId64 "m]", keep_min,
                    keep_min, keep_min, MIN_KEEP_MIN, max_keep_min(digits));
}

static int create_database(sbx_request *request, const sbx_statement *statement)
{
    sbx_database database = {0}, *there;
    sbx_text name = statement->name.database;

    if (memchr(name.p, '.', name.len) != NULL)
        return sbx_fail(request, 0x2617, "The database name cannot contain '.'");
    database.name = name;
    database.digits = statement->digits;
    database.vgroups = statement->vgroups;
    database.keep_min = statement->keep_min < 0 ? DEFAULT_KEEP_MIN : statement->keep_min;
    if (check_keep(request, database.keep_min, database.digits) != 0 || sbx_store_database(request, name, &there) != 0)
        return request->err.code;
    if (sbx_is_system_database(name))
        return sbx_fail(request, 0x0200, "Cannot create system database: `%.*s`", (int)name.len, name.p);
    if (there == NULL)
        return sbx_store_add_database(request, &database);
    return statement->exists ? 0 : sbx_fail(request, 0x0381, "Database already exists");
}

static int alter_database(sbx_request *request, const sbx_statement *statement)
{
    sbx_database *database;

    if (sbx_find_database(request, statement->name.database, 0, NULL, &database) != 0)
        return request->err.code;
    if (statement->other_options)
        return sbx_refuse_from(request, statement->sql, statement->value_offset);
    if (check_keep(request, statement->keep_min, database->digits) != 0)
        return request->err.code;
    database->keep_min = statement->keep_min;
    return sbx_store_set_keep(request, database);
}

static int drop_database(sbx_request *request, const sbx_statement *statement)
{
    sbx_database *database;

    if (sbx_store_database(request, statement->name.database, &database) != 0)
        return request->err.code;
    if (database != NULL)
        return sbx_store_drop_database(request, database);
    return statement->exists ? 0 : sbx_fail(request, 0x0388, "Database not exist");
}

/* There is no session: that the database exists is all that USE tells. */
static int use_database(sbx_request *request, const sbx_statement *statement)
{
    sbx_database *database;

    if (sbx_is_system_database(statement->name.database))
        return 0;
    return sbx_find_database(request, statement->name.database, 0, NULL, &database);
}

int sbx_ddl_database(sbx_request *request, const sbx_statement *statement)
{
    switch (statement->kind) {
    case SBX_S_CREATE_DATABASE:
        return create_database(request, statement);
    case SBX_S_ALTER_DATABASE:
        return alter_database(request, statement);
    case SBX_S_DROP_DATABASE:
        return drop_database(request, statement);
    default:
        return use_database(request, statement);
    }
}

/* ---- users ---- */

static int find_user(sbx_request *request, sbx_text name)
{
    sbx_user user;
    int found;

    if (sbx_store_user(request, name, &user, &found) != 0 || found)
        return request->err.code;
    return sbx_fail(request, 0x0351, "Invalid user");
}

static int create_user(sbx_request *request, const sbx_statement *statement)
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
        return create_user(request, statement);
    if (find_user(request, statement->user) != 0)
        return request->err.code;
    if (statement->kind == SBX_S_ALTER_USER)
        return sbx_store_set_user(request, &(sbx_user){statement->user, statement->password, statement->enable});
    return statement->kind == SBX_S_DROP_USER ? sbx_store_drop_user(request, statement->user) : 0;
}
