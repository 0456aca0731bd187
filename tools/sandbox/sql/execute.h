/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What runs a parsed statement; each 0, or the code of request->err. */
#ifndef SBX_EXECUTE_H
#define SBX_EXECUTE_H

#include "ast.h"
#include "../insert/batch.h"

/* ---- names ---- */

/*
 * The database of a name, else that of the request: 0x2616 (for INSERT, inserting 1: 0x0200 "db is not specified"), 0x0388 with prefix, which
 * may be NULL, before the text.
 */
int sbx_find_database(sbx_request *request, sbx_text name, int inserting, const char *prefix, sbx_database **out);
/* *out is NULL when there is no such table. */
int sbx_find_table(sbx_request *request, const sbx_name *name, int inserting, const char *prefix, sbx_table **out);
/* The same of a table that must be there: else 0x2603, with prefix before the text. */
int sbx_need_table(sbx_request *request, const sbx_name *name, int inserting, const char *prefix, sbx_table **out);

/* Whether a new table may be called so; the parsers have looked at the length. */
int sbx_check_table_name(sbx_request *request, sbx_text name);

/* The prefix where the server's parser asks for the table. */
#define SBX_TABLE_INFO_FAILED "Fail to get table info, error: "

/* ---- statements ---- */

int sbx_run_ddl(sbx_request *request, const sbx_statement *statement);        /* CREATE DROP ALTER USE */
int sbx_run_delete(sbx_request *request, const sbx_statement *statement, int64_t *affected);
int sbx_run_show(sbx_request *request, const sbx_statement *statement, sbx_answer *answer); /* SHOW DESCRIBE */
int sbx_run_select(sbx_request *request, sbx_text sql, const sbx_select *select, sbx_answer *answer);
/* Rows of a statement written for the store's SQLite, as these fields. */
int sbx_run_sql(sbx_request *request, sbx_text sql, const sbx_field *fields, size_t count, sbx_answer *answer);
/* One that gives no rows. */
int sbx_change_sql(sbx_request *request, sbx_text sql, int64_t *changed);
/* A text as a constant of such a statement: in hexadecimal, so that nothing of it can be a word. */
sbx_text sbx_text_sql(sbx_arena *arena, sbx_text text);
/* That the value of that SQL is like the pattern, in which an underscore is a character of NCHAR (wide), of VARCHAR a byte. */
sbx_text sbx_like_sql(sbx_arena *arena, sbx_text sql, sbx_text pattern, int wide);
/* Parses by itself what sbx_is_insert says that it is. */
int sbx_is_insert(sbx_text sql);
int sbx_run_insert(sbx_request *request, sbx_text sql, int64_t *affected);

/* information_schema or performance_schema, which no store holds. */
int sbx_is_system_database(sbx_text name);

#endif
