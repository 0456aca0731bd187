/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What a name in a statement stands for, and the server's words when it stands for nothing. Knows nothing of statements. */
#include "execute.h"

#include <string.h>

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
