/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Values of line protocol and telnet: what stands behind the `=`, with the suffix or the letter before the quotes that says its type.
 * Knows nothing of keys and tables.
 */
#include "lines.h"

#include "../insert/literal.h"

#include <errno.h>
#include <float.h>
#include <stdlib.h>
#include <string.h>

enum { OUT_OF_PLACE = 0x0203, TOO_LONG = 0x2642, BAD_BYTES = 0x266A, BAD_GEOMETRY = 0x2803 };

#define BIG_INT "big int out of range[-9223372036854775808,9223372036854775807]"
#define UNSIGNED_BIG_INT "unsigned big int out of range[0,18446744073709551615]"

typedef struct suffix {
    const char *text; /* i I, u U and f F are the same */
    sbx_type_id type;
    double least;
    double most;
    const char *beyond; /* the server's words for what is not between them */
} suffix;

/* Of the widest integers the digits decide, not the double. */
static const suffix suffixes[] = {
    {"", SBX_DOUBLE, 0, 0, ""},
    {"f64", SBX_DOUBLE, 0, 0, ""},
    {"f32", SBX_FLOAT, -(double)FLT_MAX, (double)FLT_MAX, "float out of range[-3.402823466e+38,3.402823466e+38]"},
    {"i", SBX_BIGINT, 0, 0, BIG_INT},
    {"i64", SBX_BIGINT, 0, 0, BIG_INT},
    {"u", SBX_UBIGINT, 0, 0, UNSIGNED_BIG_INT},
    {"u64", SBX_UBIGINT, 0, 0, UNSIGNED_BIG_INT},
    {"i8", SBX_TINYINT, INT8_MIN, INT8_MAX, "tiny int out of range[-128,127]"},
    {"i16", SBX_SMALLINT, INT16_MIN, INT16_MAX, "small int our of range[-32768,32767]"},
    {"i32", SBX_INT, INT32_MIN, INT32_MAX, "int out of range[-2147483648,2147483647]"},
    {"u8", SBX_UTINYINT, 0, UINT8_MAX, "unsigned tiny int out of range[0,255]"},
    {"u16", SBX_USMALLINT, 0, UINT16_MAX, "unsigned small int out of rang[0,65535]"},
    {"u32", SBX_UINT, 0, UINT32_MAX, "unsigned int out of range[0,4294967295]"},
};

static const suffix *find_suffix(const char *text)
{
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        const char *s = suffixes[i].text;

        /* The letter in either case: bit 5 apart. */
        if (*s == '\0' ? *text == '\0' : (text[0] | 32) == s[0] && strcmp(text + 1, s + 1) == 0)
            return &suffixes[i];
    }
    return NULL;
}

static int set_wide(const char *digits, double number, sbx_value *out)
{
    errno = 0;
    if (out->type == SBX_BIGINT)
        out->as.i = strtoll(digits, NULL, 10);
    else
        out->as.u = strtoull(digits, NULL, 10);
    return errno == ERANGE || (out->type == SBX_UBIGINT && number < 0) ? OUT_OF_PLACE : 0;
}

/* As strtod reads them: 0x10, inf and nan too. */
static int number(sbx_arena *arena, sbx_text written, sbx_value *out, const char **message)
{
    sbx_text text = sbx_copy(arena, written.p, written.len);
    const suffix *kind;
    char *end;
    double d = strtod(text.p, &end);

    *message = "invalid data";
    if (end == text.p || strlen(text.p) != text.len)
        return OUT_OF_PLACE;
    kind = find_suffix(end);
    if (kind == NULL)
        return OUT_OF_PLACE;
    *message = kind->beyond;
    out->type = kind->type;
    if (out->type == SBX_BIGINT || out->type == SBX_UBIGINT)
        return set_wide(text.p, d, out);
    if (out->type != SBX_DOUBLE && !(d >= kind->least && d <= kind->most))
        return OUT_OF_PLACE;
    if (out->type == SBX_DOUBLE)
        out->as.d = d;
    else if (out->type == SBX_FLOAT)
        out->as.d = (double)(float)d;
    else if (sbx_type_is_signed(out->type))
        out->as.i = (int64_t)d;
    else
        out->as.u = (uint64_t)d;
    return 0;
}

/* In the server's library only the letters' case is free: t, True, FALSE, but no other word. */
static int boolean(sbx_text written, const char *word, int yes, sbx_value *out)
{
    size_t i = 0;

    while (i < written.len && word[i] != '\0' && (written.p[i] | 32) == word[i])
        i++;
    if (i != written.len || (i != 1 && word[i] != '\0'))
        return OUT_OF_PLACE;
    out->type = SBX_BOOL;
    out->as.i = yes;
    return 0;
}

sbx_text sbx_line_unescaped(sbx_arena *arena, sbx_text text, const char *plain)
{
    char *p = sbx_alloc(arena, text.len + 1);
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (text.p[i] == '\\' && i + 1 < text.len && memchr(plain, text.p[i + 1], strlen(plain)) != NULL)
            i++;
        p[len++] = text.p[i];
    }
    return (sbx_text){p, len};
}

static int varbinary(sbx_arena *arena, sbx_text text, sbx_text *out)
{
    if (sbx_text_begins(text, "\\x"))
        return sbx_unhex(arena, (sbx_text){text.p + 2, text.len - 2}, out) ? 0 : BAD_BYTES;
    *out = sbx_line_unescaped(arena, text, "\"\\");
    return 0;
}

static int quoted(sbx_arena *arena, sbx_type_id type, sbx_text text, sbx_value *out)
{
    size_t most = type == SBX_NCHAR ? SBX_LINES_MAX_NCHAR : SBX_LINES_MAX_TEXT;
    const char *reason;
    int code = 0;

    out->type = type;
    if (type == SBX_VARBINARY)
        code = varbinary(arena, text, &out->as.s);
    else if (type == SBX_GEOMETRY)
        code = sbx_geometry(arena, text, &out->as.s, &reason) ? 0 : BAD_GEOMETRY;
    else if (text.len > most)
        return TOO_LONG;
    else
        out->as.s = sbx_line_unescaped(arena, text, "\"\\");
    return code == 0 && out->as.s.len > most ? TOO_LONG : code;
}

int sbx_line_value(sbx_arena *arena, sbx_text written, sbx_value *out, const char **message)
{
    size_t before = written.p[0] == '"' ? 0 : 1;
    sbx_type_id type;

    *out = SBX_NO_VALUE;
    *message = NULL;
    switch (written.p[0]) {
    case '"': type = SBX_VARCHAR; break;
    case 'l': case 'L': type = SBX_NCHAR; break;
    case 'b': case 'B': type = SBX_VARBINARY; break;
    case 'g': case 'G': type = SBX_GEOMETRY; break;
    case 't': case 'T': return boolean(written, "true", 1, out);
    case 'f': case 'F': return boolean(written, "false", 0, out);
    default: return number(arena, written, out, message);
    }
    if (written.len < before + 2 || written.p[before] != '"' || written.p[written.len - 1] != '"')
        return OUT_OF_PLACE;
    return quoted(arena, type, (sbx_text){written.p + before + 1, written.len - before - 2}, out);
}

/* ---- what the readers of lines share ---- */

int sbx_line_fail(const sbx_line_reader *r, int code, const char *message, const char *at)
{
    return sbx_lines_fail(r->work, code, message, (sbx_text){at, (size_t)(r->body_end - at)});
}

void sbx_line_skip_spaces(sbx_line_reader *r)
{
    while (r->at < r->end && *r->at == ' ')
        r->at++;
}

int sbx_line_tag(sbx_line_reader *r, sbx_text text, sbx_value *out)
{
    *out = (sbx_value){SBX_NCHAR, 0, {.s = text}};
    return text.len > SBX_LINES_MAX_NCHAR ? sbx_lines_fail_static(r->work, 0x2642) : 0;
}
