/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Any statement with placeholders, and any bytes as values: up to the first NUL the text, then a byte that chooses the type, then the value.
 * In its place a value is an optional sign and exactly one literal, which reads back as the value; all around it the tokens
 * are those of the statement.
 */
#include "base/number.h"
#include "base/text.h"
#include "sql/row_template.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition) ((condition) ? (void)0 : abort())

static const int types[] = {
    TDREST_TYPE_VARCHAR, TDREST_TYPE_NCHAR, TDREST_TYPE_JSON, TDREST_TYPE_VARBINARY, TDREST_TYPE_GEOMETRY, TDREST_TYPE_DECIMAL,
    TDREST_TYPE_DOUBLE, TDREST_TYPE_FLOAT, TDREST_TYPE_TIMESTAMP, TDREST_TYPE_BIGINT, TDREST_TYPE_UBIGINT, TDREST_TYPE_BOOL, TDREST_TYPE_UNKNOWN,
};

/* The server's escapes, written down a second time. The bytes at out, which has room for len. */
static size_t unquote(const char *text, size_t len, char *out)
{
    size_t n = 0;

    MUST(len >= 2 && text[0] == '\'' && text[len - 1] == '\'');
    for (size_t i = 1; i + 1 < len; i++) {
        MUST(text[i] != '\'' && text[i] != '\0');
        if (text[i] == '\\') {
            i++;
            MUST(i + 1 < len && (text[i] == '\\' || text[i] == '\'')); /* all others mean something else there, or stay with their backslash */
        }
        out[n++] = text[i];
    }
    return n;
}

/* A literal of a text or bytes reads back. */
static void check_text(const tdri_buf *literal, const tdri_value *value)
{
    char *bytes = (char *)malloc(literal->len + 1);
    size_t len;

    MUST(bytes != NULL);
    if (value->type == TDREST_TYPE_VARBINARY) {
        MUST(literal->len == 2 * value->len + 4 && memcmp(literal->data, "'\\x", 3) == 0);
        MUST(tdri_hex_decode(literal->data + 3, 2 * value->len, bytes) && memcmp(bytes, value->bytes, value->len) == 0);
    } else if (value->type != TDREST_TYPE_DECIMAL && !(value->type == TDREST_TYPE_GEOMETRY && (unsigned char)value->bytes[0] <= 1)) {
        len = unquote(literal->data, literal->len, bytes);
        MUST(literal->len <= TDRI_LITERAL_MAX && len == value->len && memcmp(bytes, value->bytes, len) == 0);
    }
    free(bytes);
}

/* The value that the bytes choose. */
static tdri_value make_value(const uint8_t *data, size_t size)
{
    tdri_value value;

    memset(&value, 0, sizeof value);
    value.type = types[size == 0 ? 0 : data[0] % (sizeof types / sizeof types[0])];
    if (size > 0) {
        data++;
        size--;
    }
    value.bytes = (const char *)data;
    value.len = size;
    value.precision = TDREST_MS;
    memcpy(&value.as, data, size < sizeof value.as ? size : sizeof value.as);
    return value;
}

static int is_text(int type)
{
    return type == TDREST_TYPE_VARCHAR || type == TDREST_TYPE_NCHAR || type == TDREST_TYPE_JSON || type == TDREST_TYPE_VARBINARY ||
           type == TDREST_TYPE_GEOMETRY || type == TDREST_TYPE_DECIMAL;
}

static tdri_sql_token skip_space(const tdri_buf *text, size_t *pos)
{
    tdri_sql_token token;

    do {
        token = tdri_sql_token_next(text->data, text->len, pos);
    } while (token.kind == TDRI_SQL_SPACE);
    return token;
}

/* The tokens at *pos are the literal: a sign, then one literal of the server's; numbers have a point and an exponent among the tokens here. */
static void check_literal(const tdri_buf *text, size_t *pos, const char *literal, size_t len)
{
    tdri_sql_token token = skip_space(text, pos);
    size_t end = token.offset + len;

    MUST(end <= text->len && memcmp(text->data + token.offset, literal, len) == 0);
    if (literal[0] == '\'' || literal[0] == '`')
        MUST(token.offset + token.len == end && (token.kind == TDRI_SQL_STRING || token.kind == TDRI_SQL_NAME));
    while (*pos < end) {
        token = tdri_sql_token_next(text->data, text->len, pos);
        MUST(token.kind == TDRI_SQL_WORD || token.kind == TDRI_SQL_OTHER);
    }
    MUST(*pos == end);
}

/* The filled statement against the template, token by token. */
static void check_filled(const tdri_template *tpl, const tdri_buf *filled, const tdri_buf *literal)
{
    size_t from = 0, to = 0, placeholder = 0;

    for (;;) {
        size_t before = from;
        tdri_sql_token given = skip_space(&tpl->text, &from), sent;

        if (placeholder < tpl->placeholder_count && given.offset == tpl->placeholders[placeholder].at) {
            if (tpl->placeholders[placeholder].param < 0)
                check_literal(filled, &to, "`t``1`", 6);
            else
                check_literal(filled, &to, literal->data, literal->len);
            from = tpl->placeholders[placeholder++].end;
            continue;
        }
        MUST(placeholder == tpl->placeholder_count || given.offset < tpl->placeholders[placeholder].at || before > tpl->placeholders[placeholder].at);
        sent = skip_space(filled, &to);
        MUST(sent.kind == given.kind && sent.len == given.len);
        if (given.kind == TDRI_SQL_END)
            break;
        MUST(memcmp(filled->data + sent.offset, tpl->text.data + given.offset, given.len) == 0);
    }
    MUST(placeholder == tpl->placeholder_count);
}

/* The whole statement with that literal for every parameter. */
static void fill(const tdri_template *tpl, const tdri_buf *literal, tdri_buf *out)
{
    tdri_slot *slots = (tdri_slot *)calloc(tpl->param_count + 1, sizeof *slots);
    tdri_row_template rows;
    int param;

    MUST(slots != NULL);
    for (size_t i = 0; i <= tpl->param_count; i++) {
        slots[i].bound = TDRI_BOUND_VALUE;
        slots[i].literal = *literal;
    }
    tdri_buf_init(&slots[tpl->param_count].literal, &tdri_mem_default, SIZE_MAX);
    MUST(tdri_name_add(&slots[tpl->param_count].literal, TDRI_NAME_TABLE, "t`1", 3) == NULL);
    tdri_row_template_init(&rows, &tdri_mem_default);
    MUST(tdri_row_template_make(&rows, tpl, slots) == TDREST_OK);
    tdri_buf_add(out, tpl->text.data, tpl->clause_at);
    MUST(tdri_row_part_add(&rows.clause, 0, out, &param) == NULL && tdri_row_part_add(&rows.row, 0, out, &param) == NULL);
    tdri_buf_clear(&slots[tpl->param_count].literal);
    tdri_row_template_clear(&rows);
    free(slots);
}

static void check_value(const tdri_template *tpl, const tdri_value *value)
{
    tdri_place place = {NULL, 0, tpl->verb != TDRI_SQL_INSERT, 0, 0};
    tdri_buf literal, filled;

    tdri_buf_init(&literal, &tdri_mem_default, SIZE_MAX);
    tdri_buf_init(&filled, &tdri_mem_default, SIZE_MAX);
    if (tdri_literal_add(&literal, value, &place) == NULL) {
        MUST(tdri_buf_code(&literal) == TDREST_OK && literal.len > 0 && strlen(literal.data) == literal.len);
        if (is_text(value->type))
            check_text(&literal, value);
        fill(tpl, &literal, &filled);
        check_filled(tpl, &filled, &literal);
    } else {
        MUST(literal.len == 0);
    }
    tdri_buf_clear(&literal);
    tdri_buf_clear(&filled);
}

static void check_outline(const tdri_template *tpl)
{
    for (size_t i = 0; i < tpl->placeholder_count; i++) {
        const tdri_placeholder *h = &tpl->placeholders[i];

        MUST(h->at < h->end && h->end <= tpl->text.len && (i == 0 || tpl->placeholders[i - 1].end <= h->at));
        MUST(h->param < (int)tpl->param_count && (h->param >= 0) == (h->role != 0) && (h->role != 0 || i == 0));
        MUST(tpl->is_rows == (h->role != TDREST_PARAM_EXPRESSION));
        MUST(h->role != TDREST_PARAM_VALUE || h->at > tpl->row_at);
    }
    if (tpl->is_rows)
        MUST(tpl->row_at > tpl->clause_at && tpl->text.data[tpl->row_at] == '(' && tpl->text.data[tpl->text.len - 1] == ')');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *nul = size == 0 ? NULL : (const uint8_t *)memchr(data, '\0', size);
    size_t len = nul == NULL ? size : (size_t)(nul - data);
    tdri_template tpl;
    tdri_value value;
    tdrest_error err;

    tdri_err_reset(&err);
    tdri_template_init(&tpl, &tdri_mem_default);
    if (tdri_template_read(&tpl, size == 0 ? "" : (const char *)data, len, SIZE_MAX, &err) != TDREST_OK) {
        MUST(err.code == TDREST_EUSAGE && err.offset >= 0 && (size_t)err.offset <= len && tpl.placeholders == NULL);
        return 0;
    }
    check_outline(&tpl);
    value = make_value(nul == NULL ? data : nul + 1, nul == NULL ? 0 : size - len - 1);
    check_value(&tpl, &value);
    tdri_template_clear(&tpl);
    return 0;
}
