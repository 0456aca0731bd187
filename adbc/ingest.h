/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A bulk ingest at work: what its files share. */
#ifndef TDA_INGEST_H
#define TDA_INGEST_H

#include "adbc/driver.h"

enum { TDA_NAME = 900 };

/* The value of a tag in the first row; len -1: NULL. */
typedef struct tda_kept {
    int known;
    int64_t len;
    char *bytes;
} tda_kept;

typedef struct tda_job {
    const tda_ingest *ingest;
    tda_run *run;
    struct AdbcError *error;
    struct ArrowSchema schema;      /* of the stream */
    struct ArrowArrayStream *rest;  /* the stream, without its next batch */
    struct ArrowArray next;         /* which is here; release NULL: the end */
    int64_t *bytes;                 /* the length of each column that is a text, in the table that is made */
    int made;                       /* this ingest made the table, and may make its columns longer */
    tda_kept *kept;                 /* the tags of one child table, by columns */
    int64_t rows;                   /* that were handed out */
    char refusal[256];              /* why a row cannot be taken; "": it can */
    int no_memory;                  /* that is why the stream failed */
    int paused;                     /* the rows so far are to be sent first: the next batch has longer texts */
    char table[TDA_NAME];           /* quoted: where rows go */
    char super[TDA_NAME];           /* quoted: its super table; "": none */
} tda_job;

/* One table has all rows, and its tags are no columns of the INSERT. */
int tda_job_one_child(const tda_job *job);
int tda_job_is_tag(const tda_job *job, int64_t index);
int tda_job_is_tbname(const tda_job *job, int64_t index);

/* ---- ingest_text.c ---- */

/* Makes the columns of the next batch long enough in job->bytes: 1 when one had to grow. */
int tda_job_measure(tda_job *job);
/* Whether a column of that field may hold a text or bytes whose length the table tells. */
int tda_field_has_length(const struct ArrowSchema *field);
/* The format of values: of a dictionary, that of what it holds. */
const char *tda_field_format(const struct ArrowSchema *field);
int tda_field_is_time(const struct ArrowSchema *field);

/* ---- ingest_tags.c ---- */

/* Before the next batch is handed out. 0: it has a row with other tags than the first one, or memory is out. */
int tda_job_check_tags(tda_job *job);
void tda_job_forget_tags(tda_job *job);

/* ---- ingest_sql.c ---- */

enum tda_text { TDA_DROP, TDA_CREATE, TDA_CREATE_CHILD, TDA_INSERT };

/* The text of a statement, to be freed; NULL with the error. */
char *tda_job_sql(const tda_job *job, enum tda_text which, AdbcStatusCode *status);
/* ALTER TABLE for one column. */
char *tda_job_sql_longer(const tda_job *job, int64_t index, AdbcStatusCode *status);

/* ---- ingest_rows.c ---- */

/* What the library says; of a table that is there, or is not, with its quoted name. */
AdbcStatusCode tda_job_fail(const tda_job *job, const tdrest_error *record, const char *table);
/* Sends all rows; must_match: to a table that was there, which has to have the columns that would have been made. */
AdbcStatusCode tda_job_insert(tda_job *job, int must_match, int64_t *affected);
/* Makes the one child table, with the tags of the first row. */
AdbcStatusCode tda_job_make_child(tda_job *job);
/* Reads on to the next batch with rows. */
AdbcStatusCode tda_job_next(tda_job *job);

#endif
