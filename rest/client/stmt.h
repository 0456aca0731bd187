/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What a statement with parameters holds, for the files of this layer. */
#ifndef TDRI_STMT_H
#define TDRI_STMT_H

#include "client/result.h"
#include "wire/batch.h"
#include "wire/literal.h"
#include "wire/template.h"

enum tdri_bound { TDRI_UNBOUND, TDRI_BOUND_VALUE, TDRI_BOUND_COLUMN };

/* One parameter, and what is bound to it. */
typedef struct tdri_param {
    tdrest_param pub;
    tdri_place place;
    int columns_differ;   /* it goes to several columns, which are not all the same */
    enum tdri_bound bound;
    tdri_buf literal;     /* TDRI_BOUND_VALUE */
    tdrest_column column; /* TDRI_BOUND_COLUMN: arrays borrowed */
} tdri_param;

/* A column or tag as the server described it. */
typedef struct tdri_described {
    tdrest_column pub;
    size_t name_at, type_at; /* in the texts, which move while they grow */
    int is_tag;
} tdri_described;

struct tdrest_stmt {
    tdrest_allocator mem;
    tdrest_conn *conn;
    tdri_template tpl;
    size_t row_hole;          /* the first placeholder of the row */
    size_t value_params;      /* parameters of the row */
    tdri_param *params;
    char *names;              /* of `:name`s, a NUL behind each */
    tdri_buf table;           /* as an identifier; empty: none is set */
    tdri_buf head;            /* the table's clause as it was rendered last */
    int head_stands;          /* nothing in it has changed since */
    tdri_batch batch;
    int precision;            /* of the database */
    tdri_described *described;
    size_t described_count, described_cap;
    tdri_buf described_texts;
    tdrest_stmt_report report;
    int64_t affected;
    tdrest_row_range range;   /* the one handed out last */
    size_t range_index;
    tdrest_error err;
};

/* A refusal that names parameter, column and row (row -1: none): "parameter 2 (:v), row 7: expected ...". Its code. */
int tdri_stmt_refuse(tdrest_stmt *stmt, int code, int index, int64_t row, const char *expected);

/* The table is a placeholder, the first one of all. */
int tdri_stmt_has_table(const tdrest_stmt *stmt);

/* tdrest_stmt_add_row within a call that runs already. */
int tdri_stmt_add(tdrest_stmt *stmt);

/* Renders bytes [from, to) of the template, placeholders from number `hole` on filled; row is that of bound columns. TDREST_OK or an error. */
int tdri_stmt_fill(tdrest_stmt *stmt, size_t from, size_t to, size_t hole, size_t row, tdri_buf *out);

/* TDREST_OK when every parameter is bound; else TDREST_EBIND. */
int tdri_stmt_check_bound(tdrest_stmt *stmt);

#endif
