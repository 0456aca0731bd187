/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Constants as SQLite's text has them. Texts and bytes are written in hexadecimal: nothing of a request can become a word of a statement. */
#include "select.h"

#include <math.h>
#include <string.h>

static sbx_text hexadecimal(sbx_arena *arena, const void *bytes, size_t len)
{
    return sbx_format(arena, "x'%s'", sbx_hex(arena, (sbx_text){bytes, len}, "0123456789abcdef").p);
}

static sbx_text real(sbx_arena *arena, double d)
{
    sbx_text text;

    if (isnan(d))
        return SBX_TEXT("NULL");
    if (isinf(d))
        return d > 0 ? SBX_TEXT("9e999") : SBX_TEXT("-9e999");
    text = sbx_format(arena, "%.17g", d);
    return strpbrk(text.p, ".e") != NULL ? text : sbx_format(arena, "%s.0", text.p);
}

sbx_text sbx_text_sql(sbx_arena *arena, sbx_text text)
{
    return sbx_format(arena, "CAST(%s AS TEXT)", hexadecimal(arena, text.p, text.len).p);
}

sbx_text sbx_bytes_apart(sbx_arena *arena, sbx_text text)
{
    char *p = sbx_alloc(arena, 2 * text.len);
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.p[i];

        if (c >= 0x80)
            p[len++] = (char)(0xc0 | c >> 6);
        p[len++] = (char)(c >= 0x80 ? 0x80 | (c & 0x3f) : c);
    }
    return (sbx_text){p, len};
}

/* A backslash before anything but % and _ stands for itself. */
sbx_text sbx_like_sql(sbx_arena *arena, sbx_text sql, sbx_text pattern, int wide)
{
    char *p = sbx_alloc(arena, 2 * pattern.len);
    size_t len = 0;
    sbx_text text;

    for (size_t i = 0; i < pattern.len; i++) {
        if (pattern.p[i] == '\\' && (i + 1 == pattern.len || (pattern.p[i + 1] != '%' && pattern.p[i + 1] != '_')))
            p[len++] = '\\';
        p[len++] = pattern.p[i];
    }
    text = (sbx_text){p, len};
    text = sbx_text_sql(arena, wide ? text : sbx_bytes_apart(arena, text));
    return sbx_format(arena, wide ? "(%.*s LIKE %.*s ESCAPE '\\')" : "(bytes_apart(%.*s) LIKE %.*s ESCAPE '\\')", (int)sql.len, sql.p, (int)text.len, text.p);
}

sbx_text sbx_value_sql(sbx_arena *arena, const sbx_value *value)
{
    unsigned char bytes[8];

    switch (value->type) {
    case SBX_NULL:
        return SBX_TEXT("NULL");
    case SBX_FLOAT:
    case SBX_DOUBLE:
        return real(arena, value->as.d);
    case SBX_VARCHAR:
    case SBX_NCHAR:
    case SBX_JSON:
    case SBX_DECIMAL:
        return sbx_text_sql(arena, value->as.s);
    case SBX_VARBINARY:
    case SBX_GEOMETRY:
        return hexadecimal(arena, value->as.s.p, value->as.s.len);
    default:
        break;
    }
    if (sbx_type_is_unsigned(value->type) && value->as.u > INT64_MAX) {
        sbx_ordered_bytes(value->as.u, bytes);
        return hexadecimal(arena, bytes, 8);
    }
    return sbx_format(arena, "%lld", (long long)value->as.i);
}
