/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A line on standard error that tells how far something has come. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdint.h>

typedef struct cli_progress {
    int on;
    int terminal; /* is standard error one? */
    int shown;    /* does a line stand there? */
    int64_t began_ms;
    int64_t due_ms; /* of the next line */
    int64_t total;  /* bytes, of which the share that is done and the time left are told; 0: not known */
} cli_progress;

/* Milliseconds of a clock that only goes forward. */
int64_t cli_now_ms(void);

/* Waits until then; 0: Ctrl-C came first. */
int cli_wait_until(int64_t due_ms);

/* always: from the start, and also where there is no terminal. */
void cli_progress_begin(cli_progress *p, int on, int always);

/* Tells when it is due: counts, and the rate of things since the beginning. */
void cli_progress_tell(cli_progress *p, const char *thing, int64_t count, int64_t bytes);

/* Takes the line away, before anything else is written. */
void cli_progress_clear(cli_progress *p);

#endif
