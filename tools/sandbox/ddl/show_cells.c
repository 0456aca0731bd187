/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Cells and texts that SHOW, DESCRIBE and the system tables have in common. Knows nothing of statements and the store. */
#include "ddl.h"

#include <inttypes.h>
#include <string.h>

int sbx_is_system_database(sbx_text name)
{
    return sbx_text_is(name, "information_schema") || sbx_text_is(name, "performance_schema");
}

sbx_value sbx_cell_text(sbx_text text)
{
    sbx_value value = SBX_NO_VALUE;

    value.type = SBX_VARCHAR;
    value.as.s = text;
    return value;
}

sbx_value sbx_cell_word(const char *word)
{
    return sbx_cell_text((sbx_text){word, strlen(word)});
}

sbx_value sbx_cell_int(sbx_type_id id, int64_t number)
{
    sbx_value value = SBX_NO_VALUE;

    value.type = id;
    value.digits = id == SBX_TIMESTAMP ? 3 : 0;
    value.as.i = number;
    return value;
}

void sbx_answer_field(sbx_request *request, sbx_answer *answer, const char *name, sbx_type_id id, int length)
{
    sbx_field *field;

    answer->fields = sbx_alloc_one_more(request->arena, answer->fields, answer->field_count, sizeof *answer->fields);
    field = &answer->fields[answer->field_count++];
    field->name = (sbx_text){name, strlen(name)};
    field->type = sbx_type_fixed(id, 3);
    if (id == SBX_VARCHAR)
        field->type.length = length;
}

sbx_text sbx_full_type_name(sbx_arena *arena, const sbx_type *type)
{
    sbx_text name = sbx_type_name(arena, type);

    if (!sbx_type_has_length(type->id))
        return name;
    return sbx_format(arena, "%.*s(%d)", (int)name.len, name.p, type->length);
}

static sbx_text hex_text(sbx_arena *arena, sbx_text bytes)
{
    static const char digits[] = "0123456789ABCDEF";
    char *p = sbx_alloc(arena, 2 * bytes.len + 3);

    p[0] = '\\';
    p[1] = 'x';
    for (size_t i = 0; i < bytes.len; i++) {
        p[2 + 2 * i] = digits[(unsigned char)bytes.p[i] >> 4];
        p[3 + 2 * i] = digits[(unsigned char)bytes.p[i] & 15];
    }
    return (sbx_text){p, 2 * bytes.len + 2};
}

sbx_text sbx_tag_text(sbx_arena *arena, const sbx_value *tag)
{
    sbx_buf buf = {0};
    sbx_zone utc = SBX_UTC;
    sbx_text text;

    if (sbx_type_is_text(tag->type) || tag->type == SBX_JSON)
        return tag->as.s;
    if (tag->type == SBX_VARBINARY || tag->type == SBX_GEOMETRY)
        return hex_text(arena, tag->as.s);
    if (tag->type == SBX_TIMESTAMP)
        return sbx_format(arena, "%" PRId64, tag->as.i);
    sbx_value_json(&buf, tag, &utc);
    text = sbx_copy(arena, buf.p, buf.len);
    sbx_buf_clear(&buf);
    return text;
}

/* The server keeps three levels of it; here they are one. */
sbx_text sbx_keep_text(sbx_arena *arena, int64_t keep_min)
{
    int64_t days = keep_min / 1440;

    if (keep_min % 1440 == 0)
        return sbx_format(arena, "%" PRId64 "d,%" PRId64 "d,%" PRId64 "d", days, days, days);
    return sbx_format(arena, "%" PRId64 "m,%" PRId64 "m,%" PRId64 "m", keep_min, keep_min, keep_min);
}

sbx_codec sbx_codec_of(const sbx_type *type, int tag)
{
    if (tag)
        return (sbx_codec){"disabled", "disabled", "disabled"};
    switch (type->id) {
    case SBX_TIMESTAMP:
        return (sbx_codec){"delta-i", "lz4", "medium"};
    case SBX_BOOL:
        return (sbx_codec){"bit-packing", "zstd", "medium"};
    case SBX_TINYINT:
    case SBX_SMALLINT:
    case SBX_UTINYINT:
    case SBX_USMALLINT:
        return (sbx_codec){"simple8b", "zlib", "medium"};
    case SBX_INT:
    case SBX_BIGINT:
    case SBX_UINT:
    case SBX_UBIGINT:
        return (sbx_codec){"simple8b", "lz4", "medium"};
    case SBX_FLOAT:
    case SBX_DOUBLE:
        return (sbx_codec){"delta-d", "lz4", "medium"};
    case SBX_GEOMETRY:
        return (sbx_codec){"disabled", "lz4", "medium"};
    default:
        return (sbx_codec){"disabled", "zstd", "medium"};
    }
}
