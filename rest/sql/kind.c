/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * What a second run of a statement would do. Knows only the few forms of which that is certain; everything else
 * is TDREST_SQL_UNSAFE. Does no I/O.
 */
#include "sql/lexer.h"

#include "base/text.h"

#include <string.h>

/* The tokens that the parser sees, one after the other. */
typedef struct reader {
    const char *text;
    size_t len;
    size_t pos;
    tdri_sql_token token; /* at hand; TDRI_SQL_END behind the last one */
} reader;

static void advance(reader *r)
{
    do
        r->token = tdri_sql_token_next(r->text, r->len, &r->pos);
    while (r->token.kind == TDRI_SQL_SPACE || r->token.kind == TDRI_SQL_COMMENT || r->token.kind == TDRI_SQL_HINT);
}

/* 1 when the token at hand is that word, or that one byte. */
static int at(const reader *r, const char *what)
{
    return (r->token.kind == TDRI_SQL_WORD || r->token.kind == TDRI_SQL_OTHER) &&
           tdri_text_is(r->text + r->token.offset, r->token.len, what);
}

static int at_any(const reader *r, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (at(r, words[i]))
            return 1;
    return 0;
}

/* Goes behind it when it is at hand. */
static int accept(reader *r, const char *what)
{
    int here = at(r, what);

    if (here)
        advance(r);
    return here;
}

/* ---- the text as a whole ---- */

/* What is counted along a statement. */
typedef struct census {
    int whole;        /* one statement, nothing cut, no NUL */
    int moving;       /* now and the like */
    int placeholders; /* it is not yet what will be sent */
    int values, selects, files, usings, commas;
    int if_exists, if_not_exists;
} census;

static void count_if(reader *r, census *c)
{
    int negated;

    advance(r);
    negated = accept(r, "not");
    if (!at(r, "exists"))
        return;
    if (negated)
        c->if_not_exists++;
    else
        c->if_exists++;
    advance(r);
}

static void count(reader *r, census *c)
{
    c->moving |= tdri_sql_is_moving(r->text, r->token);
    c->placeholders |= at(r, "?") || at(r, ":");
    c->values += at(r, "values");
    c->selects += at(r, "select");
    c->files += at(r, "file");
    c->usings += at(r, "using");
    c->commas += at(r, ",");
    if (at(r, "if"))
        count_if(r, c);
    else
        advance(r);
}

static census count_all(const char *sql, size_t len)
{
    reader r = {sql, len, 0, {TDRI_SQL_END, 0, 0}};
    census c;

    memset(&c, 0, sizeof c);
    advance(&r);
    while (r.token.kind != TDRI_SQL_END && r.token.kind != TDRI_SQL_SEMICOLON && r.token.kind != TDRI_SQL_OPEN)
        count(&r, &c);
    if (r.token.kind == TDRI_SQL_SEMICOLON)
        advance(&r);
    c.whole = r.token.kind == TDRI_SQL_END && memchr(sql, '\0', len) == NULL;
    return c;
}

/* ---- statements ---- */

/* EXPLAIN also takes an INSERT, and with ANALYZE runs what it is given. */
static int explains_query(reader *r)
{
    static const char *const words[] = {"analyze", "verbose", "true", "false", "ratio"};

    while (at_any(r, words, sizeof words / sizeof words[0]) || (r->token.kind == TDRI_SQL_WORD && tdri_is_digit((unsigned char)r->text[r->token.offset])))
        advance(r);
    while (accept(r, "("))
        ;
    return at(r, "select");
}

static int reads(reader r)
{
    static const char *const words[] = {"select", "show", "describe", "desc"};
    int nested = 0;

    if (accept(&r, "explain"))
        return explains_query(&r);
    while (accept(&r, "("))
        nested = 1;
    return nested ? at(&r, "select") : at_any(&r, words, sizeof words / sizeof words[0]);
}

static int take_name(reader *r)
{
    do {
        if (r->token.kind != TDRI_SQL_WORD && r->token.kind != TDRI_SQL_NAME)
            return 0;
        advance(r);
    } while (accept(r, "."));
    return 1;
}

/*
 * INSERT INTO a SELECT * FROM b: rows go to their own keys, whatever else is there. Any other SELECT may read what the first run wrote (b may
 * be a's supertable), and make other rows of it: `select ts + 1s, v from a`.
 */
static int copies(reader r)
{
    return take_name(&r) && accept(&r, "select") && accept(&r, "*") && accept(&r, "from") && take_name(&r) &&
           (r.token.kind == TDRI_SQL_END || r.token.kind == TDRI_SQL_SEMICOLON);
}

/* Rows whose key is written down go to the same places again. */
static int inserts(reader r, const census *c)
{
    if ((!accept(&r, "insert") && !accept(&r, "import")) || !accept(&r, "into"))
        return 0;
    return (c->selects == 0 ? c->values > 0 : copies(r)) && c->files == 0 && !c->moving && !c->placeholders;
}

static int deletes(reader r, const census *c)
{
    return accept(&r, "delete") && at(&r, "from") && !c->moving && !c->placeholders;
}

/* Of several objects each must be named with IF: a repeat fails at the others. */
static int creates(reader r, const census *c)
{
    static const char *const objects[] = {"database", "table", "stable", "topic", "stream", "function"};

    if (!accept(&r, "create"))
        return 0;
    if (accept(&r, "aggregate") ? !at(&r, "function") : !at_any(&r, objects, sizeof objects / sizeof objects[0]))
        return 0;
    advance(&r);
    return at(&r, "if") && c->if_not_exists == (c->usings > 1 ? c->usings : 1) && c->if_exists == 0 && c->files == 0 && !c->moving && !c->placeholders;
}

static int drops(reader r, const census *c)
{
    static const char *const objects[] = {"database", "table", "stable", "topic", "stream", "function", "index"};

    if (!accept(&r, "drop") || !at_any(&r, objects, sizeof objects / sizeof objects[0]))
        return 0;
    advance(&r);
    return at(&r, "if") && c->if_exists == c->commas + 1 && c->if_not_exists == 0 && !c->placeholders;
}

int tdrest_sql_kind(const char *sql, size_t len)
{
    reader r = {sql, 0, 0, {TDRI_SQL_END, 0, 0}};
    census c;

    if (sql == NULL)
        return TDREST_SQL_UNSAFE;
    r.len = tdri_text_len(sql, len);
    c = count_all(sql, r.len);
    if (!c.whole)
        return TDREST_SQL_UNSAFE;
    advance(&r);
    if (reads(r))
        return TDREST_SQL_READ;
    return inserts(r, &c) || deletes(r, &c) || creates(r, &c) || drops(r, &c) ? TDREST_SQL_IDEMPOTENT : TDREST_SQL_UNSAFE;
}

int tdri_sql_may_repeat(const char *sql, size_t len)
{
    static const char *const words[] = {"insert", "import", "create"};
    reader r = {sql, len, 0, {TDRI_SQL_END, 0, 0}};
    int kind = tdrest_sql_kind(sql, len);

    advance(&r);
    return kind == TDREST_SQL_READ || (kind == TDREST_SQL_IDEMPOTENT && at_any(&r, words, sizeof words / sizeof words[0]));
}
