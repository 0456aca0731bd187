/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The tables of information_schema that there are, and what fills them. Included by system_*.c alone. */
#ifndef SBX_SYSTEM_TABLES_H
#define SBX_SYSTEM_TABLES_H

#include "show.h"

typedef struct sbx_system_column {
    const char *name;
    sbx_type_id id;
    int length; /* of VARCHAR */
} sbx_system_column;

typedef struct sbx_system_def {
    const char *name;
    const sbx_system_column *columns;
    size_t column_count;
    /* The rows of one data base. */
    int (*fill)(sbx_request *request, const sbx_database *database, sbx_answer *answer);
    /* The rows about information_schema itself; NULL: there are none. */
    void (*fill_system)(sbx_request *request, sbx_answer *answer);
} sbx_system_def;

extern const sbx_system_def sbx_system_defs[];
extern const size_t sbx_system_def_count;

int sbx_fill_databases(sbx_request *request, const sbx_database *database, sbx_answer *answer);
int sbx_fill_stables(sbx_request *request, const sbx_database *database, sbx_answer *answer);
int sbx_fill_tables(sbx_request *request, const sbx_database *database, sbx_answer *answer);
int sbx_fill_columns(sbx_request *request, const sbx_database *database, sbx_answer *answer);
int sbx_fill_tags(sbx_request *request, const sbx_database *database, sbx_answer *answer);
void sbx_fill_system_databases(sbx_request *request, sbx_answer *answer);
void sbx_fill_system_tables(sbx_request *request, sbx_answer *answer);
void sbx_fill_system_columns(sbx_request *request, sbx_answer *answer);

#endif
