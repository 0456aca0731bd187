/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What all formats agree on. Knows nothing of their layout. */
#include "format.h"

#include <string.h>

const cli_format *cli_format_find(const char *name)
{
    static const cli_format *const all[] = {&cli_table, &cli_csv};
    size_t i;

    for (i = 0; i < sizeof all / sizeof all[0]; i++)
        if (strcmp(all[i]->name, name) == 0)
            return all[i];
    return NULL;
}

enum cli_look cli_look_of(int type)
{
    switch (type) {
    case TDREST_TYPE_TINYINT:
    case TDREST_TYPE_SMALLINT:
    case TDREST_TYPE_INT:
    case TDREST_TYPE_BIGINT:
    case TDREST_TYPE_UTINYINT:
    case TDREST_TYPE_USMALLINT:
    case TDREST_TYPE_UINT:
    case TDREST_TYPE_UBIGINT:
    case TDREST_TYPE_FLOAT:
    case TDREST_TYPE_DOUBLE:
    case TDREST_TYPE_DECIMAL:
        return CLI_LOOK_NUMBER;
    case TDREST_TYPE_BOOL:
    case TDREST_TYPE_TIMESTAMP:
        return CLI_LOOK_WORD;
    case TDREST_TYPE_VARBINARY:
    case TDREST_TYPE_GEOMETRY:
    case TDREST_TYPE_BLOB:
        return CLI_LOOK_BYTES;
    default:
        return CLI_LOOK_TEXT;
    }
}
