/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* CAST, for the most part SQLite's own: a number that does not fit keeps its low bits, a text is cut. */
#include "select.h"

enum { TEXT_OF_NUMBER_BYTES = 64 };

static sbx_text format_of(sbx_query *query, const char *before, sbx_text x, const char *behind)
{
    return sbx_format(query->request->arena, "%s(%.*s%s)", before, (int)x.len, x.p, behind);
}

/* A number as a text, as the server writes it. */
static sbx_text number_text(sbx_query *query, const sbx_term *arg)
{
    switch (arg->type.id) {
    case SBX_BOOL:
        return sbx_format(query->request->arena, "iif(%.*s,'true','false')", (int)arg->sql.len, arg->sql.p);
    case SBX_DECIMAL:
        return sbx_format(query->request->arena, "decimal_text(%.*s,%d)", (int)arg->sql.len, arg->sql.p, arg->type.scale);
    case SBX_UBIGINT:
        return format_of(query, "unsigned_text", arg->sql, "");
    default:
        return format_of(query, "CAST", arg->sql, " AS TEXT");
    }
}

static sbx_text to_text(sbx_query *query, const sbx_term *arg, const sbx_type *type)
{
    sbx_text x = sbx_type_is_text(arg->type.id) || arg->type.id == SBX_VARBINARY ? arg->sql : number_text(query, arg);

    return sbx_format(query->request->arena, "cut_text(%.*s,%d,%d)", (int)x.len, x.p, type->length, (int)type->id);
}

static sbx_text to_time(sbx_query *query, const sbx_term *arg)
{
    sbx_text x = arg->sql;

    if (sbx_type_is_text(arg->type.id))
        return sbx_format(query->request->arena, "read_time(%.*s,%d)", (int)x.len, x.p, query->digits);
    return format_of(query, "CAST", arg->type.id == SBX_DECIMAL ? sbx_real_sql(query, arg) : x, " AS INTEGER");
}

static sbx_text to_integer(sbx_query *query, const sbx_term *arg, sbx_type_id id)
{
    sbx_text x = arg->type.id == SBX_DECIMAL ? sbx_real_sql(query, arg) : arg->sql;

    if (arg->type.id != SBX_UBIGINT)
        x = format_of(query, "CAST", x, " AS INTEGER");
    return sbx_format(query->request->arena, "to_integer(%.*s,%d)", (int)x.len, x.p, (int)id);
}

static sbx_text cast_sql(sbx_query *query, const sbx_term *arg, const sbx_type *type)
{
    sbx_text real = sbx_type_is_text(arg->type.id) ? format_of(query, "text_real", arg->sql, "") : sbx_real_sql(query, arg);

    if (sbx_type_is_integer(type->id))
        return to_integer(query, arg, type->id);
    switch (type->id) {
    case SBX_DOUBLE:
        return real;
    case SBX_FLOAT:
        return format_of(query, "to_float", real, "");
    case SBX_BOOL:
        return format_of(query, "", real, "<>0");
    case SBX_TIMESTAMP:
        return to_time(query, arg);
    default:
        return to_text(query, arg, type);
    }
}

static int can_cast(sbx_type_id from, sbx_type_id to)
{
    if (from == SBX_JSON || from == SBX_GEOMETRY || to == SBX_JSON || to == SBX_GEOMETRY || to == SBX_BLOB)
        return 0;
    if (from == SBX_VARBINARY || to == SBX_VARBINARY)
        return to == SBX_VARBINARY && (from == SBX_VARBINARY || sbx_type_is_text(from));
    return 1;
}

sbx_term *sbx_bind_cast(sbx_query *query, const sbx_expr *expr, const sbx_term *arg)
{
    sbx_type type = expr->type;
    sbx_term *args[] = {(sbx_term *)arg};

    if (!can_cast(arg->type.id, type.id) || (type.id == SBX_DECIMAL && !arg->is_constant))
        return sbx_select_failed(query, 0x2802, "Invalid parameter data type : cast");
    if (type.id == SBX_DECIMAL) /* of a constant the server makes NULL */
        return sbx_term_constant(query, expr, type, SBX_NO_VALUE);
    if (type.id == SBX_TIMESTAMP)
        type = sbx_type_fixed(SBX_TIMESTAMP, query->digits);
    else if (type.length <= 0)
        type.length = sbx_type_is_text(arg->type.id) ? arg->type.length : TEXT_OF_NUMBER_BYTES;
    return sbx_term_of(query, expr, type, cast_sql(query, arg, &type), args, 1);
}
