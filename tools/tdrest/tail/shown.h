/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Which rows were shown: a set of keys, as far back as rows are asked for again. */
#ifndef CLI_TAIL_SHOWN_H
#define CLI_TAIL_SHOWN_H

#include <stddef.h>
#include <stdint.h>

typedef struct cli_shown_row {
    uint64_t key; /* 0: the place is free */
    int64_t time;
    int poll;     /* that showed it */
} cli_shown_row;

/* Starts as all zero. */
typedef struct cli_shown {
    cli_shown_row *rows;
    size_t count;
    size_t cap; /* a power of two */
} cli_shown;

/* 1: the key is new, and is in the set from now on; 0: it was there; -1: out of memory. */
int cli_shown_add(cli_shown *s, uint64_t key, int64_t time, int poll);
/* Forgets rows before a time, and those of one poll (which failed; 0: of none). */
int cli_shown_forget(cli_shown *s, int64_t before, int poll);
void cli_shown_clear(cli_shown *s);

/* A hash of bytes, going on from one before, which is CLI_SHOWN_KEY at first; never 0. */
#define CLI_SHOWN_KEY UINT64_C(14695981039346656037)
uint64_t cli_shown_key(uint64_t key, const char *bytes, size_t len);

#endif
