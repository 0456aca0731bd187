/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * SQL text read by the server's token rules: cut into statements, and made
 * ready to be sent. Knows tokens, no grammar; does no I/O.
 *
 * The server reads a statement twice. A first pass puts all outside of quotes
 * into lower case; it takes a backslash as an escape in all three quotes and
 * does not know comments. The tokenizer then does know comments, and no
 * escapes in `...`. Where the two disagree about what is quoted, literals are
 * changed in silence: that is why comments are not sent, and why some text is
 * refused here.
 */
#include "sql/lexer.h"

#include "base/sizes.h"
#include "base/text.h"

#include <string.h>

int tdri_sql_is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static int is_word(char c)
{
    return tdri_is_alpha((unsigned char)c) || tdri_is_digit((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

static size_t space_end(const char *text, size_t len, size_t pos)
{
    while (pos < len && tdri_sql_is_space(text[pos]))
        pos++;
    return pos;
}

static size_t word_end(const char *text, size_t len, size_t pos)
{
    int number = tdri_is_digit((unsigned char)text[pos]);

    while (pos < len && (is_word(text[pos]) || (number && text[pos] == '.')))
        pos++;
    return pos;
}

/* Behind the closing quote of the token at pos; SIZE_MAX when there is none. */
static size_t quote_end(const char *text, size_t len, size_t pos)
{
    char quote = text[pos];

    for (pos++; pos < len; pos++) {
        if (text[pos] == '\\' && quote != '`')
            pos++;
        else if (text[pos] == quote && (pos + 1 == len || text[pos + 1] != quote))
            return pos + 1;
        else if (text[pos] == quote)
            pos++;
    }
    return SIZE_MAX;
}

static size_t line_end(const char *text, size_t len, size_t pos)
{
    const char *lf = (const char *)memchr(text + pos, '\n', len - pos);

    return lf == NULL ? len : (size_t)(lf - text);
}

/* Behind the star-slash; SIZE_MAX when there is none. */
static size_t comment_end(const char *text, size_t len, size_t pos)
{
    for (pos += 3; pos < len; pos++)
        if (text[pos] == '/' && text[pos - 1] == '*')
            return pos + 1;
    return SIZE_MAX;
}

/* Tells the kind of the token at pos, *end its end; SIZE_MAX when the text's end cuts it. */
static enum tdri_sql_kind classify(const char *text, size_t len, size_t pos, size_t *end)
{
    char c = text[pos], next = '\0';

    if (pos + 1 < len)
        next = text[pos + 1];
    *end = pos + 1;
    if (tdri_sql_is_space(c)) {
        *end = space_end(text, len, pos);
        return TDRI_SQL_SPACE;
    }
    if (is_word(c)) {
        *end = word_end(text, len, pos);
        return TDRI_SQL_WORD;
    }
    if (c == '\'' || c == '"' || c == '`') {
        *end = quote_end(text, len, pos);
        return c == '`' ? TDRI_SQL_NAME : TDRI_SQL_STRING;
    }
    if (c == '-' && next == '-') {
        *end = line_end(text, len, pos);
        return TDRI_SQL_COMMENT;
    }
    if (c == '/' && next == '*') {
        *end = comment_end(text, len, pos);
        return pos + 2 < len && text[pos + 2] == '+' ? TDRI_SQL_HINT : TDRI_SQL_COMMENT;
    }
    return c == ';' ? TDRI_SQL_SEMICOLON : TDRI_SQL_OTHER;
}

tdri_sql_token tdri_sql_token_next(const char *text, size_t len, size_t *pos)
{
    tdri_sql_token token = {TDRI_SQL_END, *pos, 0};
    size_t end = *pos;

    if (*pos >= len)
        return token;
    token.kind = classify(text, len, *pos, &end);
    if (end == SIZE_MAX) {
        token.kind = TDRI_SQL_OPEN;
        end = len;
    }
    token.len = end - token.offset;
    *pos = end;
    return token;
}

size_t tdri_sql_placeholder_end(const char *text, size_t len, tdri_sql_token token)
{
    size_t pos = token.offset + 1;
    tdri_sql_token next;

    if (token.kind != TDRI_SQL_OTHER || (text[token.offset] != '?' && text[token.offset] != ':'))
        return 0;
    if (text[token.offset] == ':' && token.offset > 0 && text[token.offset - 1] == ':')
        return 0;
    next = tdri_sql_token_next(text, len, &pos);
    if (text[token.offset] == '?')
        return next.kind == TDRI_SQL_WORD ? TDRI_SQL_BAD_PLACEHOLDER : token.offset + 1;
    return next.kind == TDRI_SQL_WORD && !tdri_is_digit((unsigned char)text[next.offset]) ? pos : 0;
}

tdri_sql_token tdri_sql_walk_next(tdri_sql_walk *w)
{
    tdri_sql_token token = tdri_sql_token_next(w->text, w->len, &w->pos);

    if (token.kind == TDRI_SQL_SPACE || token.kind == TDRI_SQL_COMMENT)
        return token;
    if (token.kind == TDRI_SQL_HINT && !w->after_select) {
        token.kind = TDRI_SQL_COMMENT;
        return token;
    }
    w->after_select = token.kind == TDRI_SQL_WORD && tdri_text_is(w->text + token.offset, token.len, "select");
    return token;
}

tdri_sql_token tdri_sql_walk_token(tdri_sql_walk *w)
{
    tdri_sql_token token;

    do {
        token = tdri_sql_walk_next(w);
    } while (token.kind == TDRI_SQL_SPACE || token.kind == TDRI_SQL_COMMENT);
    return token;
}

/* Up to a `;` or the end of the text. */
typedef struct piece {
    size_t begin;   /* the statement, without white space and comments at both ends; */
    size_t end;     /* equal: there is none */
    size_t behind;  /* the byte behind the `;`, or the text's end */
    size_t open_at; /* of the quote or comment that the text's end cuts */
    size_t bad_at;
    const char *bad; /* why the server would misread a token; NULL: none */
    char open;       /* ' " ` * or 0 */
    int closed;
    int comments; /* there are some, perhaps within the statement */
} piece;

/* What the server's first pass, which lower-cases, would read otherwise than its tokenizer. */
static void check_token(const char *text, tdri_sql_token token, piece *p)
{
    size_t end = token.offset + token.len;

    for (size_t i = token.offset + 1; token.kind == TDRI_SQL_NAME && i + 1 < end; i++) {
        if (text[i] != '\\')
            continue;
        if (text[++i] != '`')
            continue;
        p->bad_at = i - 1;
        p->bad = "a backslash before a backquote: the server would change the literals after it";
        return;
    }
    for (size_t i = token.offset; token.kind == TDRI_SQL_HINT && i < end; i++) {
        if (text[i] != '\'' && text[i] != '"' && text[i] != '`')
            continue;
        p->bad_at = i;
        p->bad = "a quote in a hint: the server would change the literals after it";
        return;
    }
}

static piece next_piece(const char *text, size_t len, size_t pos)
{
    tdri_sql_walk w = {text, len, pos, 0};
    piece p;

    memset(&p, 0, sizeof p);
    for (;;) {
        tdri_sql_token token = tdri_sql_walk_next(&w);

        p.behind = w.pos;
        if (token.kind == TDRI_SQL_SEMICOLON)
            p.closed = 1;
        if (token.kind == TDRI_SQL_OPEN) {
            p.open_at = token.offset;
            p.open = text[token.offset] == '/' ? '*' : text[token.offset];
        }
        if (token.kind == TDRI_SQL_END || token.kind == TDRI_SQL_SEMICOLON || token.kind == TDRI_SQL_OPEN)
            return p;
        if (token.kind == TDRI_SQL_COMMENT)
            p.comments = 1;
        if (token.kind == TDRI_SQL_SPACE || token.kind == TDRI_SQL_COMMENT)
            continue;
        if (p.begin == p.end)
            p.begin = token.offset;
        p.end = token.offset + token.len;
        if (p.bad == NULL && (token.kind == TDRI_SQL_NAME || token.kind == TDRI_SQL_HINT))
            check_token(text, token, &p);
    }
}

/* Appends bytes that stand for what is at `at` in the statement, when the limit allows. */
static int add(tdri_buf *out, size_t max_bytes, size_t at, const char *bytes, size_t len, tdrest_error *err)
{
    size_t room = max_bytes - out->len;

    if (len > room)
        return tdri_err_set_at(err, TDREST_EUSAGE, (int64_t)(at + room), "the statement has more than %zu bytes", max_bytes);
    tdri_buf_add(out, bytes, len);
    return TDREST_OK;
}

static int add_without_comments(tdri_buf *out, size_t max_bytes, const char *text, const piece *p, tdrest_error *err)
{
    tdri_sql_walk w = {text, p->end, p->begin, 0};
    int rc = TDREST_OK;

    while (rc == TDREST_OK && w.pos < p->end) {
        tdri_sql_token token = tdri_sql_walk_next(&w);

        if (token.kind == TDRI_SQL_COMMENT)
            rc = add(out, max_bytes, token.offset, " ", 1, err);
        else
            rc = add(out, max_bytes, token.offset, text + token.offset, token.len, err);
    }
    return rc;
}

static int refuse_open(const piece *p, tdrest_error *err)
{
    if (p->open == '*')
        return tdri_err_set_at(err, TDREST_EUSAGE, (int64_t)p->open_at, "a comment is not closed");
    return tdri_err_set_at(err, TDREST_EUSAGE, (int64_t)p->open_at, "the quote %c is not closed", p->open);
}

/* Is it one statement, and will the server read it as it is meant? */
static int check(const char *sql, size_t len, const piece *p, tdrest_error *err)
{
    const char *nul = (const char *)memchr(sql, '\0', len);
    piece rest;

    if (nul != NULL)
        return tdri_err_set_at(err, TDREST_EUSAGE, nul - sql, "a NUL byte in the statement: the server would take it for the end");
    if (p->bad != NULL)
        return tdri_err_set_at(err, TDREST_EUSAGE, (int64_t)p->bad_at, "%s", p->bad);
    if (p->open != 0)
        return refuse_open(p, err);
    if (p->begin == p->end)
        return tdri_err_set_at(err, TDREST_EUSAGE, (int64_t)(p->behind - (size_t)p->closed), "there is no statement");
    if (!p->closed)
        return TDREST_OK;
    rest = next_piece(sql, len, p->behind);
    if (rest.begin == rest.end && rest.closed)
        rest.begin = rest.behind - 1;
    else if (rest.begin == rest.end)
        return rest.open == 0 ? TDREST_OK : refuse_open(&rest, err);
    return tdri_err_set_at(err, TDREST_EUSAGE, (int64_t)rest.begin, "text after the `;`: the server would ignore it");
}

static enum tdri_sql_verb verb_of(const char *text, size_t len)
{
    static const char *const reads[] = {"select", "show", "describe", "desc", "explain", "with", "("};
    size_t pos = 0;
    tdri_sql_token first = tdri_sql_token_next(text, len, &pos);

    for (size_t i = 0; i < sizeof reads / sizeof reads[0]; i++)
        if (tdri_text_is(text, first.len, reads[i]))
            return TDRI_SQL_READS;
    return tdri_text_is(text, first.len, "insert") || tdri_text_is(text, first.len, "import") ? TDRI_SQL_INSERT : TDRI_SQL_OTHER_VERB;
}

int tdri_sql_prepare(const char *sql, size_t len, size_t max_bytes, tdri_buf *out, enum tdri_sql_verb *verb, tdrest_error *err)
{
    piece p = next_piece(sql, len, 0);
    int rc = check(sql, len, &p, err);

    tdri_buf_reset(out);
    if (verb != NULL)
        *verb = TDRI_SQL_OTHER_VERB;
    if (max_bytes > out->max)
        max_bytes = out->max;
    if (rc == TDREST_OK && p.comments)
        rc = add_without_comments(out, max_bytes, sql, &p, err);
    else if (rc == TDREST_OK)
        rc = add(out, max_bytes, p.begin, sql + p.begin, p.end - p.begin, err);
    if (rc == TDREST_OK && tdri_buf_code(out) != TDREST_OK)
        rc = tdri_err_set(err, tdri_buf_code(out), NULL);
    if (rc != TDREST_OK)
        tdri_buf_reset(out);
    else if (verb != NULL)
        *verb = verb_of(out->data, out->len);
    return rc;
}

/* Line feeds in text[from, to). */
static int64_t count_lines(const char *text, size_t from, size_t to)
{
    int64_t lines = 0;

    for (;; lines++, from++) {
        from = line_end(text, to, from);
        if (from == to)
            return lines;
    }
}

static int next_statement(const char *script, size_t len, size_t *pos, tdrest_sql_statement *out)
{
    size_t known = 0, at = *pos;
    int64_t line = 1;
    piece p;

    len = tdri_text_len(script, len);
    if (at > len)
        at = len;
    if (at > 0 && out->line > 0 && out->offset <= at) {
        known = out->offset;
        line = out->line;
    }
    do {
        p = next_piece(script, len, at);
        at = p.behind;
    } while (p.begin == p.end && p.closed);
    if (p.begin == p.end)
        p.begin = p.end = len;
    out->offset = p.open != 0 ? p.open_at : p.begin;
    out->len = p.open != 0 ? 0 : p.end - p.begin;
    out->line = line + count_lines(script, known, out->offset);
    out->closed = p.closed;
    out->open = p.open;
    if (p.open != 0)
        return TDREST_EUSAGE;
    *pos = at;
    return out->len > 0 ? TDREST_ROW : TDREST_DONE;
}

int tdrest_sql_next(const char *script, size_t len, size_t *pos, tdrest_sql_statement *out)
{
    tdrest_sql_statement statement = TDREST_SQL_STATEMENT_INIT;
    int rc;

    if (script == NULL || !tdri_sizes_take(&tdri_sizes_sql_statement, out, &statement))
        return TDREST_EUSAGE;
    rc = next_statement(script, len, pos, &statement);
    tdri_sizes_give(&statement, out);
    return rc;
}

int tdrest_sql_next_param(const char *sql, size_t len, size_t *pos, size_t *at)
{
    size_t from = *pos, end = 0;
    tdri_sql_token token;

    *at = 0;
    if (sql == NULL)
        return TDREST_EUSAGE;
    len = tdri_text_len(sql, len);
    do {
        token = tdri_sql_token_next(sql, len, &from);
        end = tdri_sql_placeholder_end(sql, len, token);
    } while (end == 0 && token.kind != TDRI_SQL_END && token.kind != TDRI_SQL_OPEN);
    *at = token.offset;
    if (token.kind == TDRI_SQL_OPEN || end == TDRI_SQL_BAD_PLACEHOLDER)
        return TDREST_EUSAGE;
    *pos = end == 0 ? len : end;
    return end == 0 ? TDREST_DONE : TDREST_ROW;
}
