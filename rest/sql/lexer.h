/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * The server's token rules for SQL text: three quotes, escapes, comments,
 * hints, `;`. One lexer for query, statement and tool. Does no I/O.
 */
#ifndef TDRI_LEXER_H
#define TDRI_LEXER_H

#include "base/buf.h"
#include "error/record.h"

enum tdri_sql_kind {
    TDRI_SQL_END,
    TDRI_SQL_SPACE,     /* blank TAB CR LF FF */
    TDRI_SQL_COMMENT,   /* "--" to the end of the line (the LF left out), slash-star ... star-slash */
    TDRI_SQL_HINT,      /* slash-star-plus ... star-slash */
    TDRI_SQL_STRING,    /* '...' or "..." */
    TDRI_SQL_NAME,      /* `...` */
    TDRI_SQL_WORD,      /* letters, digits, '_' and bytes >= 0x80; points too when it begins with a digit */
    TDRI_SQL_SEMICOLON,
    TDRI_SQL_OTHER,     /* one byte */
    TDRI_SQL_OPEN       /* a quote, or a comment, that the text's end cuts; the token runs to the end */
};

typedef struct tdri_sql_token {
    enum tdri_sql_kind kind;
    size_t offset;
    size_t len;
} tdri_sql_token;

/* Blank, TAB, CR, LF or FF. */
int tdri_sql_is_space(char c);

/* The token at *pos of text; *pos moves behind it. TDRI_SQL_END at len. */
tdri_sql_token tdri_sql_token_next(const char *text, size_t len, size_t *pos);

/* No placeholder can be like this: `?` with a word right behind it. */
#define TDRI_SQL_BAD_PLACEHOLDER SIZE_MAX

/* The end of the placeholder, `?` or `:name`, that begins with this token; 0 when none does, as in `a::b`, or TDRI_SQL_BAD_PLACEHOLDER. */
size_t tdri_sql_placeholder_end(const char *text, size_t len, tdri_sql_token token);

/*
 * Whether a token stands for another value each time its statement is sent: NOW, TODAY or RAND, also in backquotes, as a function may be
 * called in them; and a string that a TIMESTAMP column reads as NOW or TODAY.
 */
int tdri_sql_is_moving(const char *text, tdri_sql_token token);

/*
 * Whether the library may send a statement once more although it may have run: it reads, inserts rows that tell which they are, or creates what must not be there
 * yet. Not a DELETE or DROP that tdrest_sql_kind calls idempotent: since then another writer may have made anew what it names.
 */
int tdri_sql_may_repeat(const char *sql, size_t len);

/* A walk along tokens that knows which hints the server takes: those right behind a SELECT. Begins with {text, len, 0, 0}. */
typedef struct tdri_sql_walk {
    const char *text;
    size_t len;
    size_t pos;
    int after_select;
} tdri_sql_walk;

/* The next token, a hint in any other place called a comment. */
tdri_sql_token tdri_sql_walk_next(tdri_sql_walk *walk);
/* The same, white space and comments passed over. */
tdri_sql_token tdri_sql_walk_token(tdri_sql_walk *walk);

/* What a statement does, told by its first keyword. */
enum tdri_sql_verb {
    TDRI_SQL_READS,  /* SELECT SHOW DESCRIBE DESC EXPLAIN WITH and "(": answers with rows */
    TDRI_SQL_INSERT, /* INSERT IMPORT */
    TDRI_SQL_OTHER_VERB
};

/*
 * Makes the text to be sent: comments within it become one blank each (a hint right behind a SELECT stays, also in a subquery; the
 * server takes it nowhere else), white space and comments at both ends and one closing `;` go away.
 * Refused, each with its byte offset in sql: a NUL, an unclosed quote or comment, text behind a `;`, a second `;` included (comments and
 * white space there are fine), nothing but white space and comments, more than max_bytes (or out->max) to be sent; and what the server would
 * misread: a backslash that its lower-casing pass takes as the escape of a backquote within `...`, and quotes in a hint.
 * TDREST_OK; else TDREST_EUSAGE or TDREST_ENOMEM in err, and out is empty. verb may be NULL.
 */
int tdri_sql_prepare(const char *sql, size_t len, size_t max_bytes, tdri_buf *out, enum tdri_sql_verb *verb, tdrest_error *err);

#endif
