/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Any statement made of small pieces, any value by any way of binding, rendered as it would be sent, and read by the sandbox's
 * tokenizer: all tokens are those of the statement, in the order they stood, and in each placeholder's place is an optional sign and exactly
 * one literal, which means the value; in the brackets of IN one for each row of a column, commas between them. Of the library it knows how to bind and where the text to be sent is; the rest is another's reading.
 */
#include "bind_value.h"

#include "client/stmt.h"

#include "../../tools/sandbox/sql/lex.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* ---- statements ---- */

static const char *const pieces[] = {
    "?",  "?",    "?",         "?",     "?",         ":p ",  ":q ",  "-",    "+",   "*",   "/",    "(",    ")",    ",",         ",",  "=",   "<",  ">",
    ".",  "|",    "%",         " ",     "\n",        "a",    "t.",   "a-",   "1",   "1e",  "1e-",  "10",   ".5",   "1.",        "s",  "e5",  "x1", "null",
    "now", "or ", "not ",      "in(",   "'A?'",      "''",   "\"B'?\"", "`C?`", "``", "'\\''", "/*?*/", "/* don't */", "--'A\n", ",?,", "(?)", "-?", "?+?", "a-?",
};

typedef struct shape {
    const char *head;   /* pieces follow when it does not end in values */
    const char *before; /* of the row; NULL: no row */
} shape;

static const shape shapes[] = {
    {"insert into t values", "(now,"},
    {"insert into ? values", "(1,"},
    {"insert into t values", "("},
    {"insert into `T`(ts,v)values", "(now,"},
    {"insert into s(tbname,ts,v)values", "("},
    {"select ", NULL},
    {"select a from t where v=", NULL},
    {"delete from t where ", NULL},
    {"insert into ? using s tags(", "(now,1"},
    {"insert into s(tbname,ts,v)values", "(?,now,"},
    {"select a from t where v in(?) and ", NULL},
    {"select a from t where v not in ( :p ) or w in(:p ) or ", NULL},
};

typedef struct statement {
    sbx_buf head, row;
} statement;

static void add_pieces(input *in, sbx_buf *out)
{
    for (unsigned i = take(in) % 9; i > 0; i--)
        sbx_buf_text(out, pieces[take(in) % (sizeof pieces / sizeof pieces[0])]);
}

static void make_statement(input *in, statement *out)
{
    const shape *chosen = &shapes[take(in) % (sizeof shapes / sizeof shapes[0])];
    int in_head = strstr(chosen->head, "values") == NULL;

    sbx_buf_text(&out->head, chosen->head);
    if (in_head)
        add_pieces(in, &out->head);
    if (in_head && chosen->before != NULL)
        sbx_buf_text(&out->head, ")values");
    if (chosen->before == NULL)
        return;
    sbx_buf_text(&out->row, chosen->before);
    if (!in_head)
        add_pieces(in, &out->row);
    sbx_buf_text(&out->row, ")");
}

/* ---- rendering ---- */

/* The text as it would be sent, when all is accepted. */
static int render(tdrest_stmt *stmt, tdri_buf *out)
{
    tdri_packing_cursor cursor;
    int rc;

    if (!stmt->tpl.is_rows)
        return tdri_stmt_check_bound(stmt) == TDREST_OK && tdri_stmt_fill(stmt, &stmt->row_template.row, 0, out) == TDREST_OK;
    rc = tdrest_stmt_add_row(stmt);
    if (rc != TDREST_OK && rc != TDREST_FULL)
        return 0;
    cursor = tdri_packing_begin(&stmt->packing);
    (void)tdri_packing_pack(&stmt->packing, &cursor, stmt->tpl.text.data, stmt->tpl.clause_at, SIZE_MAX, out);
    MUST(cursor.at_end);
    return 1;
}

/* ---- reading ---- */

/* The text that was rendered, as the server sees it, and how far it was read. */
typedef struct reading {
    sbx_arena *arena;
    const tdri_buf *sent;
    sbx_text sql;
    size_t pos;
    const char *table;
    size_t table_len;
    int after_select;
    int lists; /* in each placeholder's place stand all values of a column */
} reading;

/* The next token. No comment is there but hints behind SELECT, and quoted bytes are as they were sent. */
static sbx_token next(reading *r)
{
    sbx_token token = sbx_lex_raw(r->sql, &r->pos);

    if (token.kind == SBX_T_COMMENT && r->after_select && strncmp(token.raw.p, "/*+", 3) == 0)
        token = sbx_lex_raw(r->sql, &r->pos);
    r->after_select = sbx_token_is(&token, "select");
    MUST(token.kind != SBX_T_COMMENT && token.kind != SBX_T_BAD);
    if (token.kind == SBX_T_STRING || token.kind == SBX_T_NAME)
        MUST(memcmp(token.raw.p, r->sent->data + token.offset, token.raw.len) == 0);
    return token;
}

static void check_string(const value *v, sbx_text text)
{
    static const char digits[] = "0123456789abcdef";

    if (v->type != TDREST_TYPE_VARBINARY && v->type != TDREST_TYPE_BLOB) {
        MUST(text.len == v->len && (v->len == 0 || memcmp(text.p, v->bytes, v->len) == 0));
        return;
    }
    MUST(text.len == 2 * v->len + 2 && memcmp(text.p, "\\x", 2) == 0);
    for (size_t i = 0; i < v->len; i++)
        MUST(text.p[2 * i + 2] == digits[(unsigned char)v->bytes[i] >> 4] && text.p[2 * i + 3] == digits[(unsigned char)v->bytes[i] & 15]);
}

/* A DECIMAL's digits but for zeros at the end of its fraction, and at the begin in front of another digit. */
static void check_decimal(const value *v, const char *text, size_t len)
{
    size_t at = 0, end = v->len;

    if (v->bytes[0] == '-') {
        MUST(len > 1 && text[0] == '-');
        text++;
        len--;
        at = 1;
    }
    while (end - at > 1 && v->bytes[at] == '0' && v->bytes[at + 1] != '.')
        at++;
    if (memchr(v->bytes, '.', end) != NULL) {
        while (v->bytes[end - 1] == '0')
            end--;
        end -= v->bytes[end - 1] == '.';
    }
    MUST(end - at == len && memcmp(text, v->bytes + at, len) == 0);
}

/* A number with its sign. */
static void check_number(const value *v, const char *text, size_t len)
{
    char digits[80], *end;
    double d;
    float f;

    if (v->type == TDREST_TYPE_DECIMAL) {
        check_decimal(v, text, len);
        return;
    }
    MUST(len < sizeof digits);
    memcpy(digits, text, len);
    digits[len] = '\0';
    d = strtod(digits, &end);
    f = (float)d;
    MUST(*end == '\0');
    if (v->type == TDREST_TYPE_FLOAT)
        MUST(memcmp(&f, &v->f, sizeof f) == 0);
    else if (v->type == TDREST_TYPE_DOUBLE)
        MUST(memcmp(&d, &v->d, sizeof d) == 0);
    else if (v->type == TDREST_TYPE_TIMESTAMP)
        MUST((v->is_other && !v->is_column) || strtoll(digits, NULL, 10) == v->i);
    else
        MUST(is_integer(v->type) && (v->type >= TDREST_TYPE_UTINYINT ? strtoull(digits, NULL, 10) == v->u : strtoll(digits, NULL, 10) == v->i));
}

static void check_quoted(const value *v, sbx_text text)
{
    if (v->type == TDREST_TYPE_DOUBLE) { /* a subnormal number */
        MUST(strspn(text.p, "-0123456789abcdefxp") == text.len);
        check_number(v, text.p, text.len);
    } else if (v->type == TDREST_TYPE_TIMESTAMP) {
        MUST(strspn(text.p, "0123456789-:.TZ") == text.len);
    } else if (v->type == TDREST_TYPE_GEOMETRY && v->len > 0 && (unsigned char)v->bytes[0] <= 1) {
        MUST(strspn(text.p, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-+.e(), ") == text.len);
    } else {
        check_string(v, text);
    }
}

/* An optional sign, one literal, nothing else. */
static void check_place(reading *r, const value *v)
{
    sbx_token token = next(r);
    size_t from = token.offset;
    int minus = sbx_token_is(&token, "-");

    if (minus)
        token = next(r);
    switch (token.kind) {
    case SBX_T_INTEGER: case SBX_T_FLOAT:
        check_number(v, r->sql.p + from, r->pos - from);
        MUST(r->pos - from == token.raw.len + (size_t)minus); /* the sign touches its number */
        break;
    case SBX_T_STRING:
        MUST(!minus);
        check_quoted(v, sbx_token_text(r->arena, &token));
        break;
    default:
        MUST(!minus && (v->type == TDREST_TYPE_UNKNOWN ? sbx_token_is(&token, "null")
                                                       : v->type == TDREST_TYPE_BOOL && sbx_token_is(&token, v->u & 1 ? "true" : "false")));
    }
}

static void check_list(reading *r, const value *v)
{
    for (size_t i = 0; i < COLUMN_ROWS; i++) {
        sbx_token comma;

        if (i > 0) {
            comma = next(r);
            MUST(sbx_token_is(&comma, ","));
        }
        check_place(r, v);
    }
}

static void check_table(reading *r)
{
    sbx_token token = next(r);
    sbx_text name = sbx_token_text(r->arena, &token);

    MUST(token.kind == SBX_T_NAME && name.len == r->table_len && memcmp(name.p, r->table, name.len) == 0);
}

/* The placeholder that begins with the token, passed over; a name follows its colon. */
static int is_placeholder(const sbx_token *token, sbx_text text, size_t *pos)
{
    if (sbx_token_is(token, ":")) {
        (void)sbx_lex(text, pos);
        return 1;
    }
    return sbx_token_is(token, "?");
}

/* A token as the server sees it: in lower case but for quotes. */
static sbx_text folded(reading *r, const sbx_token *token)
{
    return token->kind == SBX_T_STRING || token->kind == SBX_T_NAME ? token->raw : sbx_lower(r->arena, token->raw);
}

/* The tokens of a part of the statement against those that were sent; the placeholders met. */
static size_t check_part(reading *r, const value *v, const sbx_buf *part, int has_table)
{
    sbx_text text = {part->p, part->len};
    size_t pos = 0, places = 0;
    int in = 0; /* tokens of `IN (` right before */
    sbx_token given, sent;

    while ((given = sbx_lex(text, &pos)).kind != SBX_T_END) {
        MUST(given.kind != SBX_T_BAD);
        if (!is_placeholder(&given, text, &pos)) {
            sent = next(r);
            MUST(sent.kind == given.kind && sbx_text_equal(sent.raw, folded(r, &given)));
        } else if (places++ == 0 && has_table) {
            check_table(r);
        } else if (r->lists) {
            MUST(in == 2); /* a column is taken nowhere else than in `IN (?)` */
            check_list(r, v);
            sent = sbx_lex(text, &(size_t){pos});
            MUST(sbx_token_is(&sent, ")"));
        } else {
            check_place(r, v);
        }
        in = in == 1 && sbx_token_is(&given, "(") ? 2 : sbx_token_is(&given, "in");
    }
    return places;
}

static void check_sent(reading *r, const tdrest_stmt *stmt, const value *v, const statement *s)
{
    size_t rows = stmt->tpl.is_rows && v->is_column && stmt->value_params > 0 ? COLUMN_ROWS : 1, places, at;
    int has_table = stmt->tpl.placeholder_count > 0 && stmt->tpl.placeholders[0].role == 0;

    r->lists = !stmt->tpl.is_rows && v->is_column;
    r->sql = sbx_lower(r->arena, (sbx_text){r->sent->data, r->sent->len});
    MUST(r->sql.len == r->sent->len);
    places = check_part(r, v, &s->head, has_table);
    for (size_t i = 0; s->row.len > 0 && i < rows; i++) {
        at = check_part(r, v, &s->row, 0);
        places += i == 0 ? at : 0;
    }
    MUST(next(r).kind == SBX_T_END && places == stmt->tpl.placeholder_count);
}

/* ---- all of it ---- */

static tdrest_conn *connection(void)
{
    static tdrest_conn *conn;
    char why[256];

    if (conn == NULL)
        MUST(tdrest_open("http://localhost", &conn, why, sizeof why) == TDREST_OK);
    return conn;
}

/* Words that a lexer of the server's takes for nothing: they make no statement. */
static int has_bad_token(const sbx_buf *text)
{
    sbx_text sql = {text->p, text->len};
    sbx_token token;
    size_t pos = 0;

    do
        token = sbx_lex(sql, &pos);
    while (token.kind != SBX_T_END && token.kind != SBX_T_BAD);
    return token.kind == SBX_T_BAD;
}

static void check(tdrest_stmt *stmt, value *v, const statement *s)
{
    reading r = {NULL, NULL, {NULL, 0}, 0, "t`?'1", 5, 0, 0};
    arrays a;
    tdri_buf sent;

    tdri_buf_init(&sent, &tdri_mem_default, SIZE_MAX);
    r.arena = sbx_arena_new();
    r.sent = &sent;
    if (tdrest_stmt_set_table(stmt, v->bytes, v->len) == TDREST_OK) {
        r.table = v->bytes;
        r.table_len = v->len;
    } else if (tdri_stmt_table(stmt) != NULL) {
        MUST(tdrest_stmt_set_table(stmt, r.table, r.table_len) == TDREST_OK);
    }
    if (v->type == TDREST_TYPE_TIMESTAMP && v->is_other == v->is_column)
        MUST(tdrest_stmt_set_precision(stmt, v->precision) == TDREST_OK);
    if (bind_all(stmt, v, &a) == TDREST_OK && render(stmt, &sent))
        check_sent(&r, stmt, v, s);
    sbx_arena_free(r.arena);
    tdri_buf_clear(&sent);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    input in = {data, data + size};
    statement s = {{NULL, 0, 0}, {NULL, 0, 0}};
    tdrest_stmt *stmt = NULL;
    sbx_buf text = {NULL, 0, 0};
    value v;

    make_statement(&in, &s);
    take_value(&in, &v);
    sbx_buf_put(&text, s.head.p, s.head.len);
    if (s.row.len > 0)
        sbx_buf_put(&text, s.row.p, s.row.len);
    if (!has_bad_token(&text) && tdrest_stmt_new(connection(), text.p, text.len, &stmt) == TDREST_OK)
        check(stmt, &v, &s);
    tdrest_stmt_free(stmt);
    sbx_buf_clear(&s.head);
    sbx_buf_clear(&s.row);
    sbx_buf_clear(&text);
    free(v.bytes);
    return 0;
}
