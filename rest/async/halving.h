/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * What is done with the rows of one batch, by the outcomes of its requests: which of them go next, and of which the fate is known. A batch that the
 * server refuses for a row in it is halved until that row is alone. Rows are numbers here; knows neither texts nor requests.
 *
 * At most 2 * bad * ceil(log2(rows)) requests follow the first one, where `bad` rows are such that the server refuses any request with them. So that many
 * bad rows do not become a request each, what is refused is not always halved:
 *
 *     refused one after the other, with one code           the next part, if it is refused with that code, too,
 *     ROWS rows of a table                                 is refused as it is when all of it is of that table
 *     PARTS rows alone or such parts, of any table         is refused as it is
 *
 * Any other outcome ends that. So a row is refused only alone, or as one of a part that the server refused behind so many others.
 */
#ifndef TDRI_HALVING_H
#define TDRI_HALVING_H

#include <tdrest.h>

enum {
    TDRI_HALVING_DEPTH = 128,
    TDRI_HALVING_ROWS = 8,   /* the reason is not one row's, */
    TDRI_HALVING_PARTS = 64  /* nor one table's */
};

/* The outcome of a request. */
enum tdri_verdict {
    TDRI_TAKEN,       /* its rows are written */
    TDRI_BLAMES_ROW,  /* refused for what is in one of them; those that were written may be written again */
    TDRI_TOO_LARGE,   /* refused for its size */
    TDRI_NOT_RUN,     /* certainly not written, for a reason that other requests would meet too */
    TDRI_MAY_HAVE_RUN
};

/* Of a failure, as its record tells it; harmless: writing the rows twice is writing them once. */
enum tdri_verdict tdri_verdict_of(const tdrest_error *err, size_t rows, int harmless);

typedef struct tdri_halving {
    size_t from;                     /* rows in front of it have their fate */
    size_t ends[TDRI_HALVING_DEPTH]; /* of what is left: the rows that go next end at the last of them, all of them at the first */
    size_t depth;
    int streak, streak_code;         /* rows alone and parts refused in a row, and for what */
    size_t streak_from;              /* the first row of them; 0 also when they began in an earlier batch, */
    size_t earlier;                  /* which left so many rows of the first table */
    int stored;                      /* rows of what was refused may be stored nevertheless */
} tdri_halving;

/* Rows whose fate is known; count 0: none yet. */
typedef struct tdri_fate {
    size_t first, count;
    int state;       /* TDREST_ROWS_... */
    int blames_rows;
} tdri_fate;

/* Refusals one after the other at the end of a batch. */
typedef struct tdri_streak {
    int length, code; /* rows alone and parts, and for what */
    size_t of_table;  /* rows of the table that goes on; 0: another one begins */
} tdri_streak;

/*
 * A batch of that many rows, at least one, behind such a streak. Where that has ROWS rows of the first table, or PARTS in all, the first row goes alone, which
 * tells whether that goes on: one request more.
 */
void tdri_halving_begin(tdri_halving *h, size_t rows, tdri_streak earlier);

/* What it leaves when all of its rows have their fate, the table of the last one having begun with that row. */
tdri_streak tdri_halving_streak(const tdri_halving *h, size_t begin);

/* Whether there are rows left; those that go next are [*from, *to). */
int tdri_halving_next(const tdri_halving *h, size_t *from, size_t *to);

/* The tables of some rows. */
typedef struct tdri_tables {
    size_t begin;  /* where the one of the first row begins, in front of it or there */
    size_t border; /* of the places between them where another one begins, that nearest to their middle; their end: they are of one table */
} tdri_tables;

/*
 * The rows that went, of those tables, have that outcome; count 0: they are cut, and go in two parts. `ran` and server_code are those of the record. They are
 * cut at the border, or in the middle when that is too far off.
 */
tdri_fate tdri_halving_note(tdri_halving *h, enum tdri_verdict verdict, int ran, int server_code, tdri_tables tables);

/* Nothing more is sent: the fate of all that is left, in up to two ranges. in_flight: the rows that went have no outcome; they are the first range. */
void tdri_halving_give_up(tdri_halving *h, int in_flight, tdri_fate fates[2]);

#endif
