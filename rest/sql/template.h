/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * A statement with placeholders, scanned once: where they stand, what for, and whether it is an INSERT whose row repeats.
 * Knows INSERT's clauses by their outline; no values, no I/O.
 */
#ifndef TDRI_TEMPLATE_H
#define TDRI_TEMPLATE_H

#include "error/record.h"
#include "sql/lexer.h"

/* Placeholders of a statement at most. */
enum { TDRI_PLACEHOLDERS_MAX = 32766 };

/* A placeholder: the bytes [at, end) of the text. */
typedef struct tdri_placeholder {
    size_t at, end;
    int param;        /* its parameter; -1: the table */
    int role;         /* TDREST_PARAM_...; 0: the table */
    int item;         /* in TAGS or the row: it alone is that item of the list, from 0; else -1 */
    int is_key;       /* the first item of a row whose columns are not named */
    int is_table;     /* the item of the column `tbname`: a table's name as a text */
    int in_name;      /* it stands where a name is expected */
    int is_list;      /* it is all that stands between the brackets of IN: several values may take its place */
    int blank_before; /* a literal must not touch what stands there */
    int blank_behind;
} tdri_placeholder;

typedef struct tdri_template_param {
    size_t name_at, name_len; /* in the text; len 0: `?` */
    int role;                 /* TDREST_PARAM_... */
} tdri_template_param;

/* A part of the text; len 0: there is none. */
typedef struct tdri_span {
    size_t at, len;
} tdri_span;

typedef struct tdri_template {
    tdri_buf text;            /* ready to be sent but for its placeholders */
    enum tdri_sql_verb verb;
    int is_rows;              /* INSERT INTO head ... VALUES row, and that is all of it */
    int selects;              /* the word SELECT stands in it: an INSERT then has expressions too */
    tdri_placeholder *placeholders;
    size_t placeholder_count;
    tdri_template_param *params;
    size_t param_count;
    /* is_rows only: */
    size_t clause_at;         /* behind INTO: [clause_at, row_at) is the table's clause */
    size_t row_at;            /* [row_at, end) is one row, brackets included */
    tdri_span database;       /* before the table's dot, or the supertable's when that is what the columns are of */
    tdri_span target;         /* the supertable behind USING, else the table; none: the table is a placeholder */
    tdri_span columns;        /* names of columns, without brackets */
    tdri_span tags;           /* names of tags */
    size_t tag_count;         /* items of TAGS */
    size_t value_count;       /* items of the row */
    int says_now;             /* its own text tells a time by NOW or TODAY */
} tdri_template;

void tdri_template_init(tdri_template *tpl, const tdrest_allocator *mem);
void tdri_template_clear(tdri_template *tpl);

/*
 * Reads a statement, prepared as tdri_sql_prepare does. TDREST_OK; else TDREST_EUSAGE with its byte offset in sql, or TDREST_ENOMEM. Refused besides: a
 * placeholder where a name or nothing can stand, `?` with a number, more values than names or fewer, too many placeholders.
 */
int tdri_template_read(tdri_template *tpl, const char *sql, size_t len, size_t max_bytes, tdrest_error *err);

/* The next name of a list, *pos 0 for the first one: as written, backquotes included. 1; 0 past the end. */
int tdri_template_name(const tdri_template *tpl, tdri_span list, size_t *pos, tdri_span *name);

/* Whether a name as written is that name of the server's: unquoted ones in lower case, quoted ones as they are. */
int tdri_template_name_is(const tdri_template *tpl, tdri_span written, const char *name, size_t len);
/* Whether it is `tbname`, which stands for the name of a row's table. */
int tdri_template_is_tbname(const tdri_template *tpl, tdri_span written);

#endif
