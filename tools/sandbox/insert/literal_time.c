/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Literals for TIMESTAMP: integers, texts, NOW and TODAY, and one of these plus or minus a duration. */
#include "literal_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char bad_time[] = "invalid timestamp";

/* One side of the sum. */
typedef struct term {
    int is_time;
    int64_t units;
} term;

static int64_t now(const sbx_literal_part *part)
{
    return part->request->now_ns / sbx_time_scale(part->type->precision, 9);
}

static int64_t today(const sbx_literal_part *part)
{
    return sbx_time_today(now(part), part->type->precision, &part->request->zone);
}

static int whole_number(sbx_text text, int base, int64_t *out)
{
    char *end;

    errno = 0;
    *out = strtoll(text.p, &end, base);
    return text.len != 0 && errno != ERANGE && end == text.p + text.len;
}

/* -0x10, 0b101. */
static int based_number(sbx_text text, int64_t *out)
{
    size_t sign = text.p[0] == '-' || text.p[0] == '+';
    int base = text.len > sign + 1 && text.p[sign + 1] == 'x' ? 16 : 2;

    if (text.len < sign + 3 || !whole_number((sbx_text){text.p + sign + 2, text.len - sign - 2}, base, out))
        return 0;
    if (text.p[0] == '-')
        *out = -*out;
    return 1;
}

static int quoted_time(const sbx_literal_part *part, int64_t *out)
{
    const char *text = part->text.p;

    if (sbx_time_parse(part->text, part->type->precision, &part->request->zone, out) || whole_number(part->text, 10, out))
        return 1;
    if (strcasecmp(text, "now") == 0 || strcasecmp(text, "now()") == 0)
        *out = now(part);
    else if (strcasecmp(text, "today") == 0 || strcasecmp(text, "today()") == 0)
        *out = today(part);
    else
        return 0;
    return 1;
}

/* Months and years have no length here: the server refuses them. */
static int duration(const sbx_literal_part *part, int64_t *out)
{
    sbx_duration d;

    return sbx_duration_parse(part->text, &d) && sbx_duration_units(d, part->type->precision, out);
}

static int read_term(const sbx_literal_part *part, term *t)
{
    *t = (term){part->kind != SBX_T_DURATION, 0};
    switch (part->kind) {
    case SBX_T_DURATION:
        return duration(part, &t->units);
    case SBX_T_INTEGER:
        return whole_number(part->text, 10, &t->units);
    case SBX_T_HEX:
    case SBX_T_BINARY:
        return based_number(part->text, &t->units);
    case SBX_T_STRING:
        return quoted_time(part, &t->units);
    default:
        break;
    }
    t->units = sbx_text_is(part->text, "now") ? now(part) : today(part);
    return sbx_text_is(part->text, "now") || sbx_text_is(part->text, "today");
}

/* `()` behind NOW and TODAY. */
static void pass_brackets(sbx_text sql, size_t *pos)
{
    size_t behind = *pos;
    sbx_token token = sbx_lex_raw(sql, &behind);

    if (!sbx_token_is(&token, "("))
        return;
    token = sbx_lex_raw(sql, &behind);
    if (sbx_token_is(&token, ")"))
        *pos = behind;
}

/* A plus or minus at *pos: 1 or -1, and *pos moves behind it; else 0. */
static int take_sign(sbx_text sql, size_t *pos)
{
    size_t behind = *pos;
    sbx_token token = sbx_lex_raw(sql, &behind);
    int sign = sbx_token_is(&token, "+") ? 1 : sbx_token_is(&token, "-") ? -1 : 0;

    if (sign != 0)
        *pos = behind;
    return sign;
}

/* Behind the second side nothing but the value's end may follow. */
static int is_at_end(sbx_text sql, size_t pos)
{
    sbx_token token = sbx_lex_raw(sql, &pos);

    return token.kind == SBX_T_END || sbx_token_is(&token, ",") || sbx_token_is(&token, ")");
}

/* A time and a duration, in this order or the other; of two times, or two durations, there is no sum. */
static int sum(term a, int sign, term b, int64_t *out)
{
    if (a.is_time == b.is_time || (b.is_time && sign < 0))
        return 0;
    *out = (int64_t)(sign < 0 ? (uint64_t)a.units - (uint64_t)b.units : (uint64_t)a.units + (uint64_t)b.units);
    return 1;
}

static int take_second(const sbx_literal_part *part, int sign, term first, sbx_text sql, size_t *pos, int64_t *out)
{
    sbx_token token = sbx_lex_raw(sql, pos);
    sbx_literal_part second = *part;
    term t;

    second.kind = token.kind;
    second.text = sbx_copy(part->request->arena, token.raw.p, token.raw.len);
    if (token.kind == SBX_T_STRING)
        second.text = sbx_token_text(part->request->arena, &token);
    if (!read_term(&second, &t) || !sum(first, sign, t, out))
        return sbx_literal_refuse(part, bad_time);
    pass_brackets(sql, pos);
    return is_at_end(sql, *pos) ? 0 : sbx_literal_refuse(part, bad_time);
}

int sbx_literal_time(const sbx_literal_part *part, sbx_text sql, size_t *pos, sbx_value *out)
{
    term first;
    int sign;

    out->type = SBX_TIMESTAMP;
    out->digits = part->type->precision;
    if (!read_term(part, &first))
        return sbx_literal_refuse(part, bad_time);
    out->as.i = first.units;
    if (part->kind == SBX_T_WORD)
        pass_brackets(sql, pos);
    sign = take_sign(sql, pos);
    if (sign != 0)
        return take_second(part, sign, first, sql, pos, &out->as.i);
    return first.is_time ? 0 : sbx_literal_refuse(part, bad_time);
}
