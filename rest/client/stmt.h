/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What a statement with parameters holds, for the files of this layer. */
#ifndef TDRI_STMT_H
#define TDRI_STMT_H

#include "client/call.h"
#include "client/result.h"
#include "sql/packing.h"
#include "sql/row_template.h"

/* One parameter; what is bound to it is in the slot of the same index. */
typedef struct tdri_param {
    tdrest_param pub;
    int is_no_list; /* it stands elsewhere than alone in the brackets of IN */
} tdri_param;

/* A column or tag as the server described it. */
typedef struct tdri_described {
    tdrest_column pub;
    size_t name_at, type_at; /* in the texts, which move while they grow */
    int is_tag;
    int param;               /* whose value goes there; -1: none */
} tdri_described;

/* Whether a writer adds and sends the rows: the statement is then for binding alone, and while the writer adds what is bound, that stays. */
enum tdri_stmt_lent { TDRI_STMT_OWN, TDRI_STMT_OF_WRITER, TDRI_STMT_ADDING };

/*
 * What a room above keeps with the statement until something else is bound: the memory of what it bound; or rows of its own, which tdrest_stmt_run reads.
 */
typedef struct tdri_stmt_source {
    void *held;                                                   /* NULL: nothing */
    void (*let_go)(const tdrest_allocator *mem, void *held);
    int (*run)(tdrest_stmt *stmt, void *held, const tdrest_call *call, int64_t *affected); /* NULL: it has no rows of its own */
    int (*next)(tdrest_stmt *stmt, void *held); /* of a writer's statement: binds the next of its rows. TDREST_ROW, TDREST_DONE or an error in the record */
    int has_rows;                               /* those are bound now */
} tdri_stmt_source;

struct tdrest_stmt {
    tdrest_allocator mem;
    tdrest_conn *conn;        /* NULL: it is freed */
    tdrest_stmt *older;       /* on the same connection */
    tdrest_stmt *newer;
    tdri_template tpl;
    tdri_row_template row_template;
    size_t value_params;      /* parameters of the row */
    tdri_param *params;
    tdri_slot *slots;         /* of the parameters, and one more for the table: its name as an identifier */
    char *names;              /* of `:name`s, a NUL behind each */
    tdri_buf clause;           /* the table's clause as it was rendered last */
    int clause_stands;         /* nothing in it has changed since */
    tdri_packing packing;
    size_t rows_gone;         /* of what is bound: rows that a writer has taken */
    int64_t rows_sent;        /* of the source that is being run: those before the ones held now */
    tdri_stmt_source source;
    enum tdri_stmt_lent lent;
    int texts_may_be_times;   /* rows were added with texts for columns that are not known */
    int precision;            /* of the database, as it was described */
    int described_stands;     /* what is described is the table that is set */
    tdri_described *described;
    size_t described_count, described_cap;
    const tdrest_column **column_lists; /* those that a parameter fills, one parameter after the other, a NULL behind each */
    tdri_buf described_texts;
    tdrest_stmt_report report;
    int64_t affected;
    tdrest_row_range range;   /* the one handed out last */
    size_t range_index;
    void *run;                /* somebody else's run of its rows; NULL: there is none */
    void (*give_up)(void *run); /* tells him that the statement goes away */
    tdrest_error err;
};

/* A run of its rows, request by request: those between the two cursors are under way. */
typedef struct tdri_stmt_sending {
    tdri_packing_cursor from, to;
    int64_t at;               /* the request, from 0 */
    size_t max_sql;
} tdri_stmt_sending;

/* The report of a run that begins. */
void tdri_stmt_reset_report(tdrest_stmt *stmt);
/* Adds what is bound, and counts the requests. TDREST_OK, or the code with the record in stmt. */
int tdri_stmt_begin_run(tdrest_stmt *stmt, tdri_stmt_sending *sending, size_t max_sql);
/* The next request's text. 1; 0: all rows are written, and forgotten. Memory is asked for at out. */
int tdri_stmt_next_request(tdrest_stmt *stmt, tdri_stmt_sending *sending, tdri_buf *out);
/* What became of it: affected, or -1 with the record of its failure, which then names request and row. */
void tdri_stmt_note_request(tdrest_stmt *stmt, tdri_stmt_sending *sending, const tdri_buf *sql, int64_t affected, tdrest_error *err);

/* The text of a statement without rows, with its values. TDREST_OK, or the code with the record in stmt. */
int tdri_stmt_render(tdrest_stmt *stmt, tdri_buf *out);

/* A refusal that names parameter, column and row (row -1: none): "parameter 2 (:v), row 7: expected ...". Its code. */
int tdri_stmt_refuse(tdrest_stmt *stmt, int code, int index, int64_t row, const char *expected);

/* Before something is bound: tdri_stmt_begin, and TDREST_EUSAGE while a writer adds. */
int tdri_stmt_open(tdrest_stmt *stmt);

/* Binds a value of any type, as the public functions do one each. */
int tdri_stmt_bind(tdrest_stmt *stmt, int index, const tdri_value *value);

/* The table's slot; NULL when it is no placeholder. */
tdri_slot *tdri_stmt_table(const tdrest_stmt *stmt);

/* The record of the last call, which hardly ever holds an error, is forgotten. TDREST_OK, or TDREST_EBUSY while its rows are being sent. */
static inline int tdri_stmt_begin(tdrest_stmt *stmt)
{
    if (stmt->err.code != 0)
        tdri_err_reset(&stmt->err);
    return stmt->run == NULL ? TDREST_OK : tdri_err_set(&stmt->err, TDREST_EBUSY, "the statement's rows are being sent: wait for the end of that request");
}

/* The same, for calls that need the connection. TDREST_OK, or TDREST_EUSAGE when it is freed. */
int tdri_stmt_ready(tdrest_stmt *stmt);

/* tdri_stmt_ready, for calls that are the writer's where there is one. TDREST_EUSAGE then. */
int tdri_stmt_ready_to_run(tdrest_stmt *stmt);

/* The row that is bound, for messages. */
static inline int64_t tdri_stmt_row(const tdrest_stmt *stmt)
{
    return stmt->rows_sent + (int64_t)(stmt->rows_gone + stmt->packing.row_count);
}

/* Nothing is bound to any parameter, and what the last source held is let go; the new one may be NULL. */
void tdri_stmt_set_source(tdrest_stmt *stmt, const tdri_stmt_source *source);

/* tdrest_stmt_add_row within a call that runs already. */
int tdri_stmt_add(tdrest_stmt *stmt);

/*
 * For a writer: adds rows of what is bound, from rows_gone on, until they have `enough` bytes, to an empty packing. *more: there are others behind them. Rows
 * in front of an invalid one are added, and the next call tells of it. TDREST_OK or an error, with no row added; what is bound stays.
 */
int tdri_stmt_add_part(tdrest_stmt *stmt, size_t enough, int *more);
/* The writer has taken the first rows of the packing, whose others are forgotten; without `more` and others, all that is bound is added, and unbound. */
void tdri_stmt_take_part(tdrest_stmt *stmt, size_t taken, int more);

/* Forgets the rows, keeps what is bound. */
void tdri_stmt_forget_rows(tdrest_stmt *stmt);

/* Appends a part of the statement, filled; row is that of bound columns. TDREST_OK or an error; memory is asked for at out. */
int tdri_stmt_fill(tdrest_stmt *stmt, const tdri_row_part *part, size_t row, tdri_buf *out);

/* Whether parameters stand for a row's time, or for a table's name, as far as the statement's own text says. */
void tdri_stmt_set_places(tdrest_stmt *stmt);

/* TDREST_OK when every parameter is bound; else TDREST_EBIND. */
int tdri_stmt_check_bound(tdrest_stmt *stmt);

#endif
