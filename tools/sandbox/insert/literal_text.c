/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Literals for columns of bytes: limits of length, hexadecimal digits of VARBINARY, the UTF-8 that NCHAR takes. */
#include "literal_parts.h"
#include "../base/memory.h"

#include <errno.h>
#include <string.h>

enum { INVALID_VARBINARY = 0x266A };

static int too_long(const sbx_literal_part *part, size_t len)
{
    return part->type->length >= 0 && len > (size_t)part->type->length;
}

/* ---- NCHAR ---- */

/*
 * The character at *pos by the server's conversion (iconv of the C library), which takes all that four bytes can hold. 0, EILSEQ, or EINVAL where
 * the text ends within one.
 */
static int next_character(sbx_text text, size_t *pos, uint32_t *code)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char first = (unsigned char)text.p[*pos];
    size_t i, len = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf8 ? 4 : 0;

    if (len == 0)
        return EILSEQ;
    *code = len == 1 ? first : first & (0x7fU >> len);
    for (i = 1; i < len; i++) {
        if (*pos + i == text.len)
            return EINVAL;
        if (((unsigned char)text.p[*pos + i] & 0xc0) != 0x80)
            return EILSEQ;
        *code = *code << 6 | ((unsigned char)text.p[*pos + i] & 0x3f);
    }
    *pos += len;
    return *code < least[len] || (*code >= 0xd800 && *code < 0xe000) ? EILSEQ : 0;
}

int sbx_nchar_check(sbx_text text, size_t *chars)
{
    size_t pos = 0;
    uint32_t code;

    for (*chars = 0; pos < text.len; ++*chars)
        if (next_character(text, &pos, &code) != 0)
            return 0;
    return 1;
}

static int to_nchar(const sbx_literal_part *part, sbx_value *out)
{
    sbx_text text = part->text;
    size_t pos = 0, begin, len = 0, count;
    char *copy = sbx_alloc(part->request->arena, text.len + 1);
    uint32_t code = 0;
    int failure;

    for (count = 0; pos < text.len; count++) {
        begin = pos;
        failure = next_character(text, &pos, &code);
        if (failure != 0) /* a code that no one has given a text to: 0x80FF in front of errno */
            return sbx_literal_refuse(part, sbx_format(part->request->arena, "Unknown error %d", failure - 0x7f010000).p);
        if (too_long(part, count + 1))
            return sbx_literal_too_long(part);
        if (code > 0x10ffff) { /* it comes back as U+FFFD, which is one byte shorter */
            memcpy(copy + len, "\xef\xbf\xbd", 3);
            len += 3;
        } else {
            memcpy(copy + len, text.p + begin, pos - begin);
            len += pos - begin;
        }
    }
    out->as.s = (sbx_text){copy, len};
    return 0;
}

/* ---- VARBINARY ---- */

static int to_varbinary(const sbx_literal_part *part, sbx_value *out)
{
    sbx_text text = part->text;

    out->as.s = text;
    if (part->kind != SBX_T_STRING)
        return sbx_fail(part->request, INVALID_VARBINARY, "Invalid varbinary value: %.*s", (int)part->column.len, part->column.p);
    /* "\x" survives the removal of escapes as it is, and "\\x" becomes it: that one is text. */
    if (text.len >= 2 && memcmp(text.p, "\\x", 2) == 0 && !(part->raw.len > 2 && part->raw.p[2] == '\\') &&
        !sbx_unhex(part->request->arena, (sbx_text){text.p + 2, text.len - 2}, &out->as.s))
        return sbx_fail(part->request, INVALID_VARBINARY, "Invalid varbinary value: %.*s", (int)part->column.len, part->column.p);
    return too_long(part, out->as.s.len) ? sbx_literal_too_long(part) : 0;
}

/* ---- the others ---- */

static int to_varchar(const sbx_literal_part *part, sbx_value *out)
{
    out->as.s = part->text;
    return too_long(part, part->text.len) ? sbx_literal_too_long(part) : 0;
}

static int to_geometry(const sbx_literal_part *part, sbx_value *out)
{
    const char *reason = "Invalid function para value";

    if (part->kind != SBX_T_STRING || !sbx_geometry(part->request->arena, part->text, &out->as.s, &reason))
        return sbx_literal_refuse(part, reason);
    return too_long(part, out->as.s.len) ? sbx_literal_too_long(part) : 0;
}

static int to_json(const sbx_literal_part *part, sbx_value *out)
{
    sbx_literal_part whole = *part;
    sbx_text text = part->text;
    const char *reason = "";

    if (!sbx_json_tag(part->request->arena, text, &out->as.s, &reason, &whole.near)) {
        if (part->kind != SBX_T_STRING) /* read as JSON as well, but what is near is the statement */
            whole.near = part->near;
        return sbx_literal_refuse(&whole, reason);
    }
    if (out->as.s.len == 0)
        *out = SBX_NO_VALUE;
    return 0;
}

int sbx_literal_bytes(const sbx_literal_part *part, sbx_value *out)
{
    out->type = part->type->id;
    switch (out->type) {
    case SBX_NCHAR:
        return to_nchar(part, out);
    case SBX_VARBINARY:
    case SBX_BLOB:
        return to_varbinary(part, out);
    case SBX_GEOMETRY:
        return to_geometry(part, out);
    case SBX_JSON:
        return to_json(part, out);
    default:
        return to_varchar(part, out);
    }
}
