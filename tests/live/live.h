/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * The round trip over a real server: what its parts share. Sees of the library
 * only its public header; counts checks, prints those that fail and goes on.
 */
#ifndef TDRT_LIVE_H
#define TDRT_LIVE_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tdrest.h>

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

enum { TDRT_LIVE_MS, TDRT_LIVE_US, TDRT_LIVE_NS, TDRT_LIVE_DATABASES };

typedef struct tdrt_live {
    const char *dsn;
    tdrest_conn *conn;
    char db[TDRT_LIVE_DATABASES][40]; /* one of each precision */
    int version[4];                   /* of the server: 3, 3, 6, 0 */
    int64_t key;                      /* the next timestamp of a row, milliseconds */
    int bound, refused;               /* of the vectors, through statements */
    int passed, failed, skipped;
} tdrt_live;

/* Counts a check and prints it when it failed. Returns good. */
int tdrt_live_check(tdrt_live *live, int good, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* 1 when the server is that new; else counts and prints what is skipped. */
int tdrt_live_since(tdrt_live *live, const int version[4], const char *what);

/* A connection of its own, with one option set; NULL, counted as a failed check, when there is none. */
tdrest_conn *tdrt_live_connect(tdrt_live *live, const char *key, const char *value);

/* The call that goes to a database, in a zone; NULL: the connection's. */
tdrest_call tdrt_live_call(const char *database, const char *zone);

/* A statement that must succeed; the affected rows, -1 when it did not. */
int64_t tdrt_live_exec(tdrt_live *live, const char *database, const char *zone, const char *sql, size_t len);

/* A query that must succeed: its result, at the first row when `row` is 1. NULL, counted, when it did not. */
tdrest_result *tdrt_live_query(tdrt_live *live, const char *database, const char *zone, int row, const char *sql);

/* 1 when the value of the current row is what the text says, through the getter of its type and as text; expected NULL: NULL. */
int tdrt_live_is(tdrest_result *res, size_t column, const char *expected, size_t len);

/* One literal of a column, in at a database and zone, and what comes back in a zone. */
typedef struct tdrt_live_value {
    const char *type;     /* of the column: "DECIMAL(10,2)" */
    int database;         /* TDRT_LIVE_MS ... */
    const char *zone_in;  /* NULL: the connection's */
    const char *zone_out;
    const char *literal;
    size_t literal_len;
    const char *expected; /* as text; NULL: NULL */
    size_t expected_len;
    int code;             /* instead: the server's refusal; 0: none */
    int is_vector;        /* bound to a statement as well */
} tdrt_live_value;

/* Writes the literal and reads it back. */
void tdrt_live_round(tdrt_live *live, const tdrt_live_value *value);
/* Binds the value that the literal stands for, where a bind can say it, and reads it back; t<table> has the column. */
void tdrt_live_bind(tdrt_live *live, const tdrt_live_value *value, int table);

/* The parts, in the order in which they run. */
void tdrt_live_vectors(tdrt_live *live, const char *path);
void tdrt_live_values(tdrt_live *live);
void tdrt_live_times(tdrt_live *live);
void tdrt_live_texts(tdrt_live *live);
void tdrt_live_refusals(tdrt_live *live);
void tdrt_live_calls(tdrt_live *live);
void tdrt_live_rows(tdrt_live *live);
void tdrt_live_writes(tdrt_live *live);
void tdrt_live_lines(tdrt_live *live);
void tdrt_live_blocks(tdrt_live *live);
void tdrt_live_tags(tdrt_live *live);
void tdrt_live_faults(tdrt_live *live);
void tdrt_live_zones(tdrt_live *live);

#endif
