/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * What is done with the rows of one batch, by the outcomes of its requests: which of them go next, and of which the fate is known. A batch that the
 * server refuses for a row in it is halved until that row is alone. Rows are numbers here; knows neither texts nor requests.
 */
#ifndef TDRI_HALVING_H
#define TDRI_HALVING_H

#include <tdrest.h>

enum {
    TDRI_HALVING_DEPTH = 128,
    TDRI_HALVING_STREAK = 8 /* single rows refused with one code in a row: the reason is not one row's */
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
    int streak, streak_code;
    int stored;                      /* rows of what was refused may be stored nevertheless */
} tdri_halving;

/* Rows whose fate is known; count 0: none yet. */
typedef struct tdri_fate {
    size_t first, count;
    int state;       /* TDREST_ROWS_... */
    int blames_rows;
} tdri_fate;

/* What an outcome settles: up to two ranges, the second for the same reason. */
typedef struct tdri_fates {
    tdri_fate of[2];
    int halved;
} tdri_fates;

/* A batch of that many rows, at least one; with the streak that an earlier one left. */
void tdri_halving_begin(tdri_halving *h, size_t rows, int streak, int streak_code);

/* Whether there are rows left; those that go next are [*from, *to). */
int tdri_halving_next(const tdri_halving *h, size_t *from, size_t *to);

/*
 * The rows that went have that outcome; `ran` is that of the record, and server_code. Where they are to be cut, the cut is `middle`, which lies between them.
 */
tdri_fates tdri_halving_note(tdri_halving *h, enum tdri_verdict verdict, int ran, int server_code, size_t middle);

/* Nothing more is sent: the fate of all that is left. in_flight: the rows that went have no outcome. */
tdri_fates tdri_halving_give_up(tdri_halving *h, int in_flight);

#endif
