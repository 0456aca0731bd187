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
    return (sbx_value){SBX_VARCHAR, 0, {.s = text}};
}

sbx_value sbx_cell_word(const char *word)
{
    return sbx_cell_text((sbx_text){word, strlen(word)});
}

void sbx_answer_field(sbx_request *request, sbx_answer *answer, const char *name, sbx_type_id id, int length)
{
    sbx_type type = id == SBX_VARCHAR ? (sbx_type){.id = id, .length = length} : sbx_type_fixed(id, 3);

    answer->fields = sbx_alloc_one_more(request->arena, answer->fields, answer->field_count, sizeof *answer->fields);
    answer->fields[answer->field_count++] = (sbx_field){{name, strlen(name)}, type};
}

sbx_text sbx_full_type_name(sbx_arena *arena, const sbx_type *type)
{
    sbx_text name = sbx_type_name(arena, type);

    if (!sbx_type_has_length(type->id))
        return name;
    return sbx_format(arena, "%.*s(%d)", (int)name.len, name.p, type->length);
}

sbx_text sbx_tag_text(sbx_arena *arena, const sbx_value *tag)
{
    sbx_buf buf = {0};
    sbx_zone utc = SBX_UTC;
    sbx_text text;

    if (sbx_type_is_text(tag->type) || tag->type == SBX_JSON)
        return tag->as.s;
    if (tag->type == SBX_VARBINARY || tag->type == SBX_GEOMETRY)
        return sbx_format(arena, "\\x%s", sbx_hex(arena, tag->as.s, "0123456789ABCDEF").p);
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
    int small = type->id == SBX_TINYINT || type->id == SBX_SMALLINT || type->id == SBX_UTINYINT || type->id == SBX_USMALLINT;

    if (tag)
        return (sbx_codec){"disabled", "disabled", "disabled"};
    if (sbx_type_is_integer(type->id))
        return (sbx_codec){"simple8b", small ? "zlib" : "lz4", "medium"};
    switch (type->id) {
    case SBX_TIMESTAMP:
        return (sbx_codec){"delta-i", "lz4", "medium"};
    case SBX_BOOL:
        return (sbx_codec){"bit-packing", "zstd", "medium"};
    case SBX_FLOAT:
    case SBX_DOUBLE:
        return (sbx_codec){"delta-d", "lz4", "medium"};
    default:
        return (sbx_codec){"disabled", type->id == SBX_GEOMETRY ? "lz4" : "zstd", "medium"};
    }
}
