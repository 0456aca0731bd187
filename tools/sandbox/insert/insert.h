/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What the files of the INSERT parser share. Included by insert*.c alone. */
#ifndef SBX_INSERT_H
#define SBX_INSERT_H

#include "../sql/execute.h"
#include "literal.h"
#include "../base/map.h"

typedef struct insert_parser {
    sbx_request *request;
    sbx_text sql;
    size_t pos;
    sbx_batch *batch;
    size_t rows;                /* read so far */
    sbx_map made;               /* by database: children that USING makes */
    sbx_map children;           /* by super table: those that rows with tbname have named */
} insert_parser;

/* What stands at once: a token, or two of them around a dot. */
typedef struct insert_token {
    sbx_token head; /* SBX_T_END: the text's end, `;`, or a second comma in a row, which ends the statement as well */
    sbx_token tail; /* SBX_T_END: there is no dot */
} insert_token;

/* Columns, tags and tbname in the order in which a row gives them. */
typedef struct insert_columns {
    size_t *fields; /* their places in table->fields, or INSERT_TBNAME */
    size_t count;
} insert_columns;

#define INSERT_TBNAME SIZE_MAX

enum insert_column_kinds { INSERT_COLUMNS, INSERT_TAGS, INSERT_ALL };

/* The token behind *pos, a single comma before it passed over. */
insert_token sbx_insert_next(const insert_parser *parser, size_t *pos);
int sbx_insert_token_is(const insert_token *token, const char *word);
/* 0x0216, near the text from that token on. */
int sbx_insert_syntax(const insert_parser *parser, const sbx_token *token, const char *reason);

/* insert_tables.c: `db`.`table`, and children that USING or tbname make. */
int sbx_insert_name(insert_parser *parser, const insert_token *token, sbx_name *name);
/* Behind USING: the super table, its tags, the child that is there or is made now. */
int sbx_insert_using(insert_parser *parser, const sbx_name *name, sbx_table **out);
int sbx_insert_named_child(insert_parser *parser, const sbx_table *super, sbx_text name, const sbx_value *tags, sbx_table **out);

/* insert_rows.c: the lists in brackets. */
int sbx_insert_columns(insert_parser *parser, size_t *pos, const sbx_table *table, enum insert_column_kinds kinds, insert_columns *out);
insert_columns sbx_insert_all_columns(insert_parser *parser, const sbx_table *table, enum insert_column_kinds kinds);
int sbx_insert_rows(insert_parser *parser, const sbx_table *table, const insert_columns *columns);

#endif
