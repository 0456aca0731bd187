/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What types are. Knows nothing of rows and texts. */
#include "value.h"

#include <string.h>

static const struct {
    const char *name;
    int bytes; /* of the types that have no choice */
} types[] = {
    [SBX_NULL] = {"NULL", 0},
    [SBX_BOOL] = {"BOOL", 1},
    [SBX_TINYINT] = {"TINYINT", 1},
    [SBX_SMALLINT] = {"SMALLINT", 2},
    [SBX_INT] = {"INT", 4},
    [SBX_BIGINT] = {"BIGINT", 8},
    [SBX_FLOAT] = {"FLOAT", 4},
    [SBX_DOUBLE] = {"DOUBLE", 8},
    [SBX_VARCHAR] = {"VARCHAR", 0},
    [SBX_TIMESTAMP] = {"TIMESTAMP", 8},
    [SBX_NCHAR] = {"NCHAR", 0},
    [SBX_UTINYINT] = {"TINYINT UNSIGNED", 1},
    [SBX_USMALLINT] = {"SMALLINT UNSIGNED", 2},
    [SBX_UINT] = {"INT UNSIGNED", 4},
    [SBX_UBIGINT] = {"BIGINT UNSIGNED", 8},
    [SBX_JSON] = {"JSON", 4095},
    [SBX_VARBINARY] = {"VARBINARY", 0},
    [SBX_DECIMAL] = {"DECIMAL", 0},
    [SBX_BLOB] = {"BLOB", 4194304},
    [SBX_GEOMETRY] = {"GEOMETRY", 0},
};

int sbx_type_is_signed(sbx_type_id id)
{
    return id >= SBX_TINYINT && id <= SBX_BIGINT;
}

int sbx_type_is_unsigned(sbx_type_id id)
{
    return id >= SBX_UTINYINT && id <= SBX_UBIGINT;
}

int sbx_type_is_integer(sbx_type_id id)
{
    return sbx_type_is_signed(id) || sbx_type_is_unsigned(id);
}

int sbx_type_is_number(sbx_type_id id)
{
    return sbx_type_is_integer(id) || id == SBX_FLOAT || id == SBX_DOUBLE || id == SBX_DECIMAL;
}

int sbx_type_is_text(sbx_type_id id)
{
    return id == SBX_VARCHAR || id == SBX_NCHAR;
}

int sbx_type_is_bytes(sbx_type_id id)
{
    return sbx_type_has_length(id) || id == SBX_JSON || id == SBX_BLOB || id == SBX_DECIMAL;
}

int sbx_type_has_length(sbx_type_id id)
{
    return sbx_type_is_text(id) || id == SBX_VARBINARY || id == SBX_GEOMETRY;
}

int64_t sbx_type_stored_bytes(const sbx_type *type)
{
    int64_t length = type->length;

    return (type->id == SBX_NCHAR ? 4 * length : length) + (sbx_type_has_length(type->id) ? 2 : 0);
}

sbx_type sbx_type_fixed(sbx_type_id id, int digits)
{
    return (sbx_type){id, types[id].bytes, id == SBX_TIMESTAMP ? digits : 0, 0};
}

sbx_text sbx_type_name(sbx_arena *arena, const sbx_type *type)
{
    if (type->id == SBX_DECIMAL)
        return sbx_format(arena, "DECIMAL(%d,%d)", type->precision, type->scale);
    return (sbx_text){types[type->id].name, strlen(types[type->id].name)};
}
