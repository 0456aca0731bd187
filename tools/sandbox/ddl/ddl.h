/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What the files of definitions, SHOW, DESCRIBE and the system tables share with each other, and with SELECT. */
#ifndef SBX_DDL_H
#define SBX_DDL_H

#include "../insert/literal.h"
#include "../sql/execute.h"

typedef struct sbx_fields {
    sbx_field *list;
    size_t count;
} sbx_fields;

/* information_schema.NAME: its columns, and a SELECT that gives them as c0 c1 ... 0: there is none of that name. */
int sbx_system_table(sbx_arena *arena, sbx_text name, sbx_fields *fields, sbx_text *sql);

/* Types and values as texts. */
sbx_text sbx_full_type_name(sbx_arena *arena, const sbx_type *type); /* "VARCHAR(16)", "INT", "DECIMAL(18,6)" */
sbx_text sbx_tag_text(sbx_arena *arena, const sbx_value *tag);       /* without quotes; not of NULL */
sbx_text sbx_keep_text(sbx_arena *arena, int64_t keep_min);          /* "3650d,3650d,3650d" */

typedef struct sbx_codec {
    const char *encode;
    const char *compress;
    const char *level;
} sbx_codec;

/* How the server would compress a column; tags are not. */
sbx_codec sbx_codec_of(const sbx_type *type, int tag);

/* Cells of answers that are put together by hand. */
sbx_value sbx_cell_text(sbx_text text);
sbx_value sbx_cell_word(const char *word);
void sbx_answer_field(sbx_request *request, sbx_answer *answer, const char *name, sbx_type_id id, int length);

int sbx_describe(sbx_request *request, const sbx_statement *statement, sbx_answer *answer);
int sbx_show_create(sbx_request *request, const sbx_statement *statement, sbx_answer *answer);

/* ---- between the files of DDL ---- */

/* A definition that a table may have; the parser has looked at the names. */
int sbx_check_definition(sbx_request *request, const sbx_column_def *columns, size_t column_count, const sbx_column_def *tags, size_t tag_count);

/* The place of a column, or of a tag behind the columns; the number of all fields when there is none of that kind. */
size_t sbx_table_field(const sbx_table *table, sbx_text name, int tag);
int sbx_ddl_database(sbx_request *request, const sbx_statement *statement);
int sbx_ddl_user(sbx_request *request, const sbx_statement *statement);
int sbx_ddl_alter(sbx_request *request, const sbx_statement *statement);

#endif
