/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A literal of VALUES or TAGS: which tokens may be one, what NULL is, and its errors. What becomes of it is in the files beside this one. */
#include "literal_parts.h"

#include <stdio.h>
#include <strings.h>

enum {
    SYNTAX_ERROR = 0x0216,
    VALUE_TOO_LONG = 0x2653,
    NEAR_BYTES = 63,
    MAX_TOKEN_BYTES = 65530 /* quotes included */
};

/* Up to a NUL: the server's texts end there. */
int sbx_syntax_error_near(sbx_request *request, sbx_text near, const char *reason)
{
    return sbx_fail(request, SYNTAX_ERROR, "syntax error near '%.*s' (%s)", (int)(near.len > NEAR_BYTES ? NEAR_BYTES : near.len),
                    near.p == NULL ? "" : near.p, reason);
}

int sbx_syntax_error(sbx_request *request, sbx_text sql, size_t offset, const char *reason)
{
    if (offset > sql.len)
        offset = sql.len;
    return sbx_syntax_error_near(request, (sbx_text){sql.p + offset, sql.len - offset}, reason);
}

int sbx_literal_refuse(const sbx_literal_part *part, const char *reason)
{
    return sbx_syntax_error_near(part->request, part->near, reason);
}

int sbx_literal_too_long(const sbx_literal_part *part)
{
    return sbx_fail(part->request, VALUE_TOO_LONG, "Value too long for column/tag: %.*s", (int)part->column.len, part->column.p);
}

static int is_number_token(sbx_token_kind kind)
{
    return kind == SBX_T_INTEGER || kind == SBX_T_FLOAT || kind == SBX_T_HEX || kind == SBX_T_BINARY;
}

static int may_be_literal(const sbx_token *token)
{
    if (is_number_token(token->kind) || token->kind == SBX_T_DURATION || token->kind == SBX_T_STRING)
        return 1;
    return sbx_token_is(token, "true") || sbx_token_is(token, "false") || sbx_token_is(token, "null") || sbx_token_is(token, "now") ||
           sbx_token_is(token, "today");
}

/* A sign belongs to the number that it touches. */
static sbx_token signed_token(sbx_text sql, size_t *pos)
{
    sbx_token token = sbx_lex_raw(sql, pos), number;
    size_t behind = *pos;

    if (!sbx_token_is(&token, "-") && !sbx_token_is(&token, "+"))
        return token;
    number = sbx_lex_raw(sql, &behind);
    if (!is_number_token(number.kind) || number.offset != token.offset + 1)
        return token;
    token.kind = number.kind;
    token.raw.len += number.raw.len;
    *pos = behind;
    return token;
}

/* A literal that may stand in VALUES at all, at *pos, with what is needed of it for a column of that type. */
static int take(sbx_literal_part *part, sbx_text sql, size_t *pos)
{
    sbx_token token = signed_token(sql, pos);

    part->kind = token.kind;
    part->raw = token.raw;
    part->near = (sbx_text){sql.p + token.offset, sql.len - token.offset};
    if (sbx_token_is(&token, "?"))
        return sbx_literal_refuse(part, "? only used in stmt");
    if (!may_be_literal(&token))
        return sbx_literal_refuse(part, "invalid data or symbol");
    if (token.kind != SBX_T_STRING) {
        part->text = sbx_copy(part->request->arena, token.raw.p, token.raw.len);
        return 0;
    }
    if (token.raw.len > MAX_TOKEN_BYTES && part->type->id != SBX_VARBINARY)
        return sbx_literal_refuse(part, "too long string");
    part->text = sbx_token_text(part->request->arena, &token);
    part->near = part->text;
    return 0;
}

/* NULL; also 'null', where it is no text. */
static int is_null(const sbx_literal_part *part)
{
    if (part->text.len != 4 || strncasecmp(part->text.p, "null", 4) != 0)
        return 0;
    return part->kind == SBX_T_WORD ||
           (part->kind == SBX_T_STRING && !sbx_type_is_text(part->type->id) && part->type->id != SBX_VARBINARY);
}

static int convert(const sbx_literal_part *part, sbx_text sql, size_t *pos, sbx_value *out)
{
    *out = SBX_NO_VALUE;
    if (is_null(part))
        return 0;
    if (part->text.len == 0 && sbx_type_is_number(part->type->id))
        return sbx_literal_refuse(part, "invalid numeric data");
    if (part->type->id == SBX_TIMESTAMP)
        return sbx_literal_time(part, sql, pos, out);
    if (part->type->id == SBX_BOOL || sbx_type_is_number(part->type->id))
        return sbx_literal_number(part, out);
    return sbx_literal_bytes(part, out);
}

int sbx_literal(sbx_request *request, sbx_text sql, size_t *pos, const sbx_type *type, sbx_text column, sbx_value *out)
{
    sbx_literal_part part = {request, type, column, SBX_T_END, {"", 0}, {"", 0}, {"", 0}};

    *out = SBX_NO_VALUE;
    if (take(&part, sql, pos) != 0)
        return request->err.code;
    return convert(&part, sql, pos, out);
}
