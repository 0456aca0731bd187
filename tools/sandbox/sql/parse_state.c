/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The parser's hands: one token of lookahead, names with their limits, plain values, errors. Knows no statement. */
#include "parse_state.h"

#include <string.h>

enum { DESC_BYTES = 511, LITERAL_WRAP = 65536 };

static int is_hint(const sbx_token *token)
{
    return token->kind == SBX_T_COMMENT && token->raw.len > 2 && memcmp(token->raw.p, "/*+", 3) == 0;
}

void sbx_p_next(sbx_parser *p)
{
    p->behind = p->token.offset + p->token.raw.len;
    do
        p->token = sbx_lex_raw(p->sql, &p->pos);
    while (p->token.kind == SBX_T_COMMENT && !is_hint(&p->token));
}

static int fail_at(sbx_parser *p, int code, const char *text, size_t offset, const char *behind)
{
    size_t rest = p->sql.len - offset < DESC_BYTES ? p->sql.len - offset : DESC_BYTES;
    sbx_text desc = sbx_format(p->request->arena, "%s%.*s%s", text, (int)rest, p->sql.p + offset, behind);

    sbx_fail(p->request, code, "%.*s", DESC_BYTES, desc.p);
    return 0;
}

int sbx_p_fail(sbx_parser *p)
{
    if (p->token.kind == SBX_T_END) {
        sbx_fail(p->request, 0x2601, "Incomplete SQL statement");
        return 0;
    }
    return fail_at(p, 0x2600, p->token.kind == SBX_T_BAD ? "unrecognized token: \"" : "syntax error near \"", p->token.offset, "\"");
}

int sbx_p_is(const sbx_parser *p, const char *word_or_symbol)
{
    return sbx_token_is(&p->token, word_or_symbol);
}

int sbx_p_is_end(const sbx_parser *p)
{
    return p->token.kind == SBX_T_END || sbx_p_is(p, ";");
}

int sbx_p_take(sbx_parser *p, const char *word_or_symbol)
{
    if (!sbx_p_is(p, word_or_symbol))
        return 0;
    sbx_p_next(p);
    return 1;
}

int sbx_p_expect(sbx_parser *p, const char *word_or_symbol)
{
    return sbx_p_take(p, word_or_symbol) || sbx_p_fail(p);
}

/* ---- names ---- */

static int is_ascii(sbx_text text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.p[i] >= 0x80)
            return 0;
    return 1;
}

int sbx_p_is_name(const sbx_parser *p)
{
    return p->token.kind == SBX_T_NAME || (p->token.kind == SBX_T_WORD && is_ascii(p->token.raw) && !sbx_is_reserved(p->token.raw));
}

static int take_name(sbx_parser *p, size_t max_bytes, sbx_text *out)
{
    *out = sbx_token_text(p->request->arena, &p->token);
    if (out->len == 0 || out->len > max_bytes)
        return fail_at(p, 0x2617, "Invalid identifier name: ", p->token.offset + (p->token.kind == SBX_T_NAME), "");
    sbx_p_next(p);
    return 1;
}

int sbx_p_name(sbx_parser *p, size_t max_bytes, sbx_text *out)
{
    return sbx_p_is_name(p) ? take_name(p, max_bytes, out) : sbx_p_fail(p);
}

/* A word that can be nothing else. */
static int is_foreign(const sbx_parser *p)
{
    return p->token.kind == SBX_T_WORD && !is_ascii(p->token.raw);
}

int sbx_p_column(sbx_parser *p, sbx_text *out)
{
    return sbx_p_is_name(p) || is_foreign(p) ? take_name(p, SBX_MAX_COLUMN_NAME, out) : sbx_p_fail(p);
}

int sbx_p_table(sbx_parser *p, sbx_name *out)
{
    size_t pos = p->pos;
    sbx_token point = sbx_lex(p->sql, &pos);
    int qualified = sbx_token_is(&point, ".");

    *out = (sbx_name){{NULL, 0}, {NULL, 0}};
    if (qualified && (!sbx_p_name(p, SBX_MAX_DATABASE_NAME, &out->database) || !sbx_p_expect(p, ".")))
        return 0;
    if (!qualified && p->request->database.len == 0 && sbx_p_is_name(p)) {
        sbx_fail(p->request, 0x2616, "Database not specified");
        return 0;
    }
    return sbx_p_name(p, SBX_MAX_TABLE_NAME, &out->table);
}

int sbx_p_names(sbx_parser *p, sbx_text **out, size_t *count)
{
    if (!sbx_p_expect(p, "("))
        return 0;
    do {
        *out = sbx_alloc_one_more(p->request->arena, *out, *count, sizeof **out);
        if (!sbx_p_name(p, SBX_MAX_COLUMN_NAME, &(*out)[(*count)++]))
            return 0;
    } while (sbx_p_take(p, ","));
    return sbx_p_expect(p, ")");
}

/* However long: what is sent is cut. */
int sbx_p_alias(sbx_parser *p, sbx_text *out)
{
    int as = sbx_p_take(p, "as");

    if (!sbx_p_is_name(p) && !is_foreign(p))
        return as ? sbx_p_fail(p) : 1;
    *out = sbx_token_text(p->request->arena, &p->token);
    sbx_p_next(p);
    return 1;
}

/* ---- values ---- */

int sbx_p_integer(sbx_parser *p, int64_t *out)
{
    if (p->token.kind != SBX_T_INTEGER)
        return sbx_p_fail(p);
    *out = 0;
    for (size_t i = 0; i < p->token.raw.len; i++) {
        int digit = p->token.raw.p[i] - '0';

        *out = *out > (INT64_MAX - digit) / 10 ? INT64_MAX : *out * 10 + digit;
    }
    sbx_p_next(p);
    return 1;
}

/* The length of a literal is kept in 16 bits: longer ones are cut in silence, 65,536 bytes to none. */
int sbx_p_string(sbx_parser *p, sbx_text *out)
{
    if (p->token.kind != SBX_T_STRING)
        return sbx_p_fail(p);
    *out = sbx_token_text(p->request->arena, &p->token);
    out->len %= LITERAL_WRAP;
    sbx_p_next(p);
    return 1;
}

int sbx_p_duration(sbx_parser *p, sbx_duration *out)
{
    if ((p->token.kind != SBX_T_DURATION && p->token.kind != SBX_T_STRING) ||
        !sbx_duration_parse(sbx_token_text(p->request->arena, &p->token), out))
        return sbx_p_fail(p);
    sbx_p_next(p);
    return 1;
}

int sbx_p_if_exists(sbx_parser *p, int *out)
{
    *out = sbx_p_take(p, "if");
    return !*out || sbx_p_expect(p, "exists");
}

int sbx_p_if_not_exists(sbx_parser *p, int *out)
{
    *out = sbx_p_take(p, "if");
    return !*out || (sbx_p_expect(p, "not") && sbx_p_expect(p, "exists"));
}
