/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Types and definitions of columns. Whether lengths fit into a row is not known here. */
#include "parse_state.h"

typedef struct type_word {
    const char *word;
    sbx_type_id id;
    sbx_type_id id_unsigned; /* SBX_NULL: UNSIGNED cannot follow */
    int has_length;
} type_word;

static const type_word type_words[] = {
    {"bool", SBX_BOOL, SBX_NULL, 0},
    {"tinyint", SBX_TINYINT, SBX_UTINYINT, 0},
    {"smallint", SBX_SMALLINT, SBX_USMALLINT, 0},
    {"int", SBX_INT, SBX_UINT, 0},
    {"integer", SBX_INT, SBX_UINT, 0},
    {"bigint", SBX_BIGINT, SBX_UBIGINT, 0},
    {"float", SBX_FLOAT, SBX_NULL, 0},
    {"double", SBX_DOUBLE, SBX_NULL, 0},
    {"timestamp", SBX_TIMESTAMP, SBX_NULL, 0},
    {"json", SBX_JSON, SBX_NULL, 0},
    {"binary", SBX_VARCHAR, SBX_NULL, 1},
    {"varchar", SBX_VARCHAR, SBX_NULL, 1},
    {"nchar", SBX_NCHAR, SBX_NULL, 1},
    {"varbinary", SBX_VARBINARY, SBX_NULL, 1},
    {"geometry", SBX_GEOMETRY, SBX_NULL, 1},
};

enum { MAX_LENGTH = 1 << 24 };

/* "(12)"; what is too long for every type stays so. */
static int length(sbx_parser *p, int *out)
{
    int64_t value;

    if (!sbx_p_expect(p, "(") || !sbx_p_integer(p, &value))
        return 0;
    *out = value > MAX_LENGTH ? MAX_LENGTH : (int)value;
    return sbx_p_expect(p, ")");
}

/* "(10)", "(10,2)" */
static int decimal(sbx_parser *p, sbx_type *out)
{
    int64_t digits, scale = 0;

    if (!sbx_p_expect(p, "(") || !sbx_p_integer(p, &digits) || (sbx_p_take(p, ",") && !sbx_p_integer(p, &scale)))
        return 0;
    *out = (sbx_type){SBX_DECIMAL, digits > 18 ? 16 : 8, digits > MAX_LENGTH ? MAX_LENGTH : (int)digits, scale > MAX_LENGTH ? MAX_LENGTH : (int)scale};
    return sbx_p_expect(p, ")");
}

int sbx_p_type(sbx_parser *p, int without_length, sbx_type *out)
{
    if (sbx_p_take(p, "decimal"))
        return decimal(p, out);
    for (size_t i = 0; i < sizeof type_words / sizeof type_words[0]; i++) {
        const type_word *type = &type_words[i];

        if (!sbx_p_take(p, type->word))
            continue;
        if (type->has_length) {
            *out = (sbx_type){type->id, 0, 0, 0};
            return (without_length && !sbx_p_is(p, "(")) || length(p, &out->length);
        }
        *out = sbx_type_fixed(type->id_unsigned != SBX_NULL && sbx_p_take(p, "unsigned") ? type->id_unsigned : type->id, 3);
        return 1;
    }
    return sbx_p_fail(p);
}

int sbx_p_definition(sbx_parser *p, int options, sbx_column_def *out)
{
    sbx_text ignored;

    if (!sbx_p_name(p, SBX_MAX_COLUMN_NAME, &out->name) || !sbx_p_type(p, 0, &out->type))
        return 0;
    while (options && (sbx_p_take(p, "encode") || sbx_p_take(p, "compress") || sbx_p_take(p, "level")))
        if (!sbx_p_string(p, &ignored))
            return 0;
    if (options && sbx_p_take(p, "primary")) {
        out->key = 1;
        return sbx_p_expect(p, "key");
    }
    return 1;
}
