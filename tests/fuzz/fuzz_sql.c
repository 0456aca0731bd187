/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Any bytes as SQL. What is sent must mean the same to the server's
 * lower-casing pass and to its tokenizer; what is quoted must come back;
 * scripts must be cut where the tokens say. The server's side is written
 * down here a second time, in the simplest form.
 */
#include "base/text.h"
#include "sql/lexer.h"

#include <stdlib.h>
#include <string.h>

enum { QUOTED_MAX = 4096 };

#define MUST(condition) ((condition) ? (void)0 : abort())

static void check_tiles(const char *text, size_t len)
{
    size_t pos = 0, behind = 0;
    tdri_sql_token token;

    do {
        token = tdri_sql_token_next(text, len, &pos);
        MUST(token.offset == behind && pos == behind + token.len);
        MUST((token.kind == TDRI_SQL_END) == (token.len == 0));
        MUST(token.kind != TDRI_SQL_OPEN || pos == len);
        behind = pos;
    } while (token.kind != TDRI_SQL_END);
    MUST(behind == len);
}

/* The server's first pass: lower case but within quotes, where a backslash takes the next byte along in all three; no comments. */
static void server_lower(char *text, size_t len)
{
    char quote = 0;

    for (size_t i = 0; i < len; i++) {
        if (quote != 0 && text[i] == '\\')
            i++;
        else if (quote != 0)
            quote = text[i] == quote ? (char)0 : quote;
        else if (text[i] == '\'' || text[i] == '"' || text[i] == '`')
            quote = text[i];
        else
            text[i] = (char)tdri_lower((unsigned char)text[i]);
    }
    MUST(quote == 0);
}

/* After the first pass the quoted bytes are as they were, and no others are capitals. */
static void check_lower(const char *text, size_t len)
{
    char *lower = (char *)malloc(len + 1);
    size_t pos = 0;

    MUST(lower != NULL);
    memcpy(lower, text, len);
    server_lower(lower, len);
    for (;;) {
        tdri_sql_token token = tdri_sql_token_next(text, len, &pos);

        if (token.kind == TDRI_SQL_END)
            break;
        if (token.kind == TDRI_SQL_STRING || token.kind == TDRI_SQL_NAME)
            MUST(memcmp(lower + token.offset, text + token.offset, token.len) == 0);
        else
            for (size_t i = token.offset; i < pos; i++)
                MUST(lower[i] < 'A' || lower[i] > 'Z');
    }
    free(lower);
}

/* The next token that the server's parser sees; hints behind anything but SELECT are none. */
static tdri_sql_token seen(const char *text, size_t len, size_t *pos, int *after_select)
{
    for (;;) {
        tdri_sql_token token = tdri_sql_token_next(text, len, pos);
        int is_select;

        if (token.kind == TDRI_SQL_SPACE || token.kind == TDRI_SQL_COMMENT || (token.kind == TDRI_SQL_HINT && !*after_select))
            continue;
        is_select = token.kind == TDRI_SQL_WORD && tdri_text_is(text + token.offset, token.len, "select");
        *after_select = is_select;
        return token;
    }
}

/* The sent text has the tokens of the given one, its closing `;` left out. */
static void check_same(const char *given, size_t given_len, const char *sent, size_t sent_len)
{
    size_t a = 0, b = 0;
    int select_a = 0, select_b = 0;
    tdri_sql_token x, y;

    do {
        x = seen(given, given_len, &a, &select_a);
        y = seen(sent, sent_len, &b, &select_b);
        if (y.kind == TDRI_SQL_END) {
            MUST(x.kind == TDRI_SQL_END || x.kind == TDRI_SQL_SEMICOLON);
            break;
        }
        MUST(x.kind == y.kind && x.len == y.len && memcmp(given + x.offset, sent + y.offset, x.len) == 0);
    } while (1);
    if (x.kind == TDRI_SQL_SEMICOLON)
        MUST(seen(given, given_len, &a, &select_a).kind == TDRI_SQL_END);
}

static void check_kinds(const char *sent, size_t len)
{
    size_t pos = 0;
    tdri_sql_token token;

    do {
        token = tdri_sql_token_next(sent, len, &pos);
        MUST(token.kind != TDRI_SQL_COMMENT && token.kind != TDRI_SQL_OPEN && token.kind != TDRI_SQL_SEMICOLON);
        MUST(token.kind != TDRI_SQL_SPACE || (token.offset > 0 && pos < len));
    } while (token.kind != TDRI_SQL_END);
    MUST(memchr(sent, '\0', len) == NULL);
}

/* What is sent may run twice when, and only when, the given text may. */
static void check_kind(const char *sql, size_t len, int rc, const tdri_buf *out)
{
    int kind = tdrest_sql_kind(sql, len);

    MUST(kind == TDREST_SQL_UNSAFE || kind == TDREST_SQL_READ || kind == TDREST_SQL_IDEMPOTENT);
    if (rc == TDREST_OK)
        MUST(kind == tdrest_sql_kind(out->data, out->len));
}

/* Prepares; what is sent goes to *out. */
static int check_prepare(const char *sql, size_t len, tdri_buf *out)
{
    tdri_buf again;
    tdrest_error err;
    int rc;

    tdri_err_reset(&err);
    rc = tdri_sql_prepare(sql, len, SIZE_MAX, out, NULL, &err);
    MUST(rc == err.code);
    check_kind(sql, len, rc, out);
    if (rc != TDREST_OK) {
        MUST(rc == TDREST_EUSAGE && err.offset >= 0 && (size_t)err.offset <= len && out->len == 0);
        return rc;
    }
    check_kinds(out->data, out->len);
    check_lower(out->data, out->len);
    check_same(sql, len, out->data, out->len);
    tdri_buf_init(&again, &tdri_mem_default, out->len);
    MUST(tdri_sql_prepare(out->data, out->len, SIZE_MAX, &again, NULL, &err) == TDREST_OK);
    MUST(again.len == out->len && memcmp(again.data, out->data, out->len) == 0);
    tdri_buf_reset(&again);
    MUST(tdri_sql_prepare(sql, len, out->len - 1, &again, NULL, &err) == TDREST_EUSAGE && err.offset >= 0 && (size_t)err.offset < len);
    tdri_buf_clear(&again);
    return rc;
}

/* What a string or a name means to the server; the length at out. */
static size_t unquote(const char *text, size_t len, char *out)
{
    char quote = text[0];
    size_t n = 0;

    for (size_t i = 1; i + 1 < len; i++) {
        if (quote != '`' && text[i] == '\\') {
            i++;
            if (text[i] == '%' || text[i] == '_' || text[i] == 'x')
                out[n++] = '\\';
            out[n++] = (char)(text[i] == 'n' ? '\n' : text[i] == 'r' ? '\r' : text[i] == 't' ? '\t' : text[i]);
            continue;
        }
        i += text[i] == quote;
        out[n++] = text[i];
    }
    return n;
}

static void check_quoted(const char *text, size_t len)
{
    static char quoted[2 * QUOTED_MAX + 3], back[2 * QUOTED_MAX + 3];
    size_t needed, pos = 0;
    tdri_sql_token token;
    int rc;

    if (len > QUOTED_MAX)
        return;
    rc = tdrest_quote_literal(text, len, quoted, 2 * len + 3, &needed);
    MUST(rc == (memchr(text, '\0', len) == NULL ? TDREST_OK : TDREST_EBIND));
    if (rc == TDREST_OK) {
        token = tdri_sql_token_next(quoted, needed, &pos);
        MUST(token.kind == TDRI_SQL_STRING && token.len == needed && strlen(quoted) == needed);
        MUST(unquote(quoted, needed, back) == len && memcmp(back, text, len) == 0);
        check_lower(quoted, needed);
    }
    if (tdrest_quote_ident(text, len, quoted, 2 * len + 3, &needed) != TDREST_OK)
        return;
    pos = 0;
    token = tdri_sql_token_next(quoted, needed, &pos);
    MUST(token.kind == TDRI_SQL_NAME && token.len == needed);
    MUST(unquote(quoted, needed, back) == len && memcmp(back, text, len) == 0);
    check_lower(quoted, needed);
}

/* Between two statements there is nothing but what the parser does not see, and `;`. */
static void check_between(const char *script, size_t from, size_t to)
{
    int after_select = 0;
    tdri_sql_token token;

    do {
        token = seen(script, to, &from, &after_select);
        MUST(token.kind == TDRI_SQL_END || token.kind == TDRI_SQL_SEMICOLON);
    } while (token.kind != TDRI_SQL_END);
}

static void check_script(const char *script, size_t len, tdri_buf *out)
{
    tdrest_sql_statement st = TDREST_SQL_STATEMENT_INIT;
    size_t pos = 0, behind = 0;
    int rc;

    while ((rc = tdrest_sql_next(script, len, &pos, &st)) == TDREST_ROW) {
        int64_t line = 1;

        MUST(st.len > 0 && st.offset >= behind && st.offset + st.len + (size_t)st.closed <= pos && pos <= len && st.open == 0);
        MUST(st.closed ? script[pos - 1] == ';' : pos == len);
        check_between(script, behind, st.offset);
        check_between(script, st.offset + st.len, pos);
        for (size_t i = 0; i < st.offset; i++)
            line += script[i] == '\n';
        MUST(line == st.line);
        (void)check_prepare(script + st.offset, st.len, out);
        behind = pos;
    }
    MUST(rc == TDREST_DONE || (rc == TDREST_EUSAGE && st.open != 0 && st.offset >= behind && st.offset < len));
    if (rc == TDREST_DONE)
        check_between(script, behind, len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = size == 0 ? "" : (const char *)data;
    tdri_buf out;

    tdri_buf_init(&out, &tdri_mem_default, SIZE_MAX);
    check_tiles(text, size);
    (void)check_prepare(text, size, &out);
    check_script(text, size, &out);
    check_quoted(text, size);
    tdri_buf_clear(&out);
    return 0;
}
