/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * What the parts of tdrt-inject share: strings that are bound, the judgement whether they may be sent, and the account of the run. Sees of the
 * library only its public header: the judgement is made from the server's rules and knows nothing of how the library keeps them.
 */
#ifndef TDRT_INJECT_H
#define TDRT_INJECT_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tdrest.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

/* Why a string is refused before anything is sent. There are no other reasons. */
enum tdrt_reason {
    TDRT_FINE,
    TDRT_HAS_NUL,
    TDRT_LITERAL_TOO_LONG,
    TDRT_COLUMN_TOO_SHORT,
    TDRT_NOT_UTF8,
    TDRT_NAME_EMPTY,
    TDRT_NAME_TOO_LONG,
    TDRT_NAME_BACKSLASH,
    TDRT_NAME_DOT,
    TDRT_NO_DECIMAL,
    TDRT_DIGITS_LOST,
    TDRT_NO_TIME,
    TDRT_TIME_OUT_OF_RANGE,
    TDRT_NO_TAG_JSON,
    TDRT_JSON_TOO_LONG,
    TDRT_REASONS
};

typedef struct tdrt_string {
    char *p; /* on the heap, of exactly its length */
    size_t len;
    int64_t key;   /* of its row */
    int is_sent;
} tdrt_string;

typedef struct tdrt_run {
    tdrest_conn *conn;
    uint64_t seed;
    int64_t key; /* of the next row: its time, in milliseconds */
    int64_t strings, accepted, refused[TDRT_REASONS];
    int64_t passed, failed;
} tdrt_run;

/* ---- the account: inject.c ---- */

/* Counts a check and prints what failed. Returns good. */
int tdrt_check(tdrt_run *run, int good, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Counts a string that was bound: the code must be TDREST_OK where it is fine, TDREST_EBIND where there is a reason. 1: accepted. */
int tdrt_judged(tdrt_run *run, const tdrt_string *s, enum tdrt_reason reason, int code, const char *what);

/* A failed check on a string, printed as hexadecimal digits. */
int tdrt_check_string(tdrt_run *run, int good, const tdrt_string *s, const char *what);

/* Statements that must succeed. The affected rows; the one integer of the answer. -1 and a failed check when they do not. */
int64_t tdrt_exec(tdrt_run *run, const char *sql);
int64_t tdrt_number(tdrt_run *run, const char *sql);
/* A query that must succeed; NULL when it does not. */
tdrest_result *tdrt_rows(tdrt_run *run, const char *sql);
tdrest_stmt *tdrt_prepare(tdrt_run *run, const char *sql);

/* ---- strings: make.c ---- */

enum tdrt_flavour { TDRT_BYTES, TDRT_TEXT, TDRT_NAME, TDRT_DECIMAL, TDRT_TIME, TDRT_JSON };

uint64_t tdrt_random(tdrt_run *run, uint64_t below);
/* A string that aims at what may break a statement; at most `most` bytes. */
void tdrt_make(tdrt_run *run, enum tdrt_flavour flavour, size_t most, tdrt_string *out);
void tdrt_drop(tdrt_string *strings, size_t count);

/* ---- judgement: judge.c, judge_time.c ---- */

const char *tdrt_reason_name(enum tdrt_reason reason);

/* A text of at most so many bytes or characters; 0: not known. */
enum tdrt_reason tdrt_judge_text(const tdrt_string *s, size_t bytes);
enum tdrt_reason tdrt_judge_nchar(const tdrt_string *s, size_t characters);
enum tdrt_reason tdrt_judge_binary(const tdrt_string *s, size_t bytes);
enum tdrt_reason tdrt_judge_table(const tdrt_string *s);
/* An identifier by itself: it may hold a dot. */
enum tdrt_reason tdrt_judge_name(const tdrt_string *s);
enum tdrt_reason tdrt_judge_json(const tdrt_string *s);

/* A DECIMAL(38,10), and how the server writes it: at most 48 bytes. */
enum { TDRT_DECIMAL_ROOM = 48 };
enum tdrt_reason tdrt_judge_decimal(const tdrt_string *s, char text[TDRT_DECIMAL_ROOM]);
/* A time in a database of milliseconds. */
enum tdrt_reason tdrt_judge_time(const tdrt_string *s, int64_t *ms);

/* ---- what is bound ---- */

void tdrt_make_tables(tdrt_run *run);

/* One lot of strings each, bound, sent, read back. */
void tdrt_values(tdrt_run *run);
void tdrt_tags(tdrt_run *run);
void tdrt_names(tdrt_run *run);
void tdrt_expressions(tdrt_run *run);

/* That there is nothing in the database but what was written. */
void tdrt_count_values(tdrt_run *run);
void tdrt_count_tables(tdrt_run *run);
/* Tells how many tables were made for tags. */
void tdrt_count_tags(tdrt_run *run, int64_t *made);

#endif
