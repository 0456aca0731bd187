/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * When an answer asks to be tried again: its Retry-After, in seconds or as a date. A date counts from the answer's own Date, so that this
 * machine's clock does not matter, and from that clock only where there is none. Never sooner than asked: of two the later one counts, and what is
 * too large for a number is as late as can be said. What is neither seconds nor a date says nothing.
 */
#ifndef TDRI_RETRY_AFTER_H
#define TDRI_RETRY_AFTER_H

#include <stddef.h>
#include <stdint.h>

/* Later than this is said as this: a clock can still be added to it. */
#define TDRI_RETRY_AFTER_MAX_MS INT64_C(1000000000000000)

enum { TDRI_RETRY_AFTER_TEXT = 64 }; /* longer than any date; of digits, more than count */

typedef struct tdri_retry_after {
    int64_t delay_ms; /* -1: none */
    int64_t until;    /* seconds since 1970; -1: none */
    char date[TDRI_RETRY_AFTER_TEXT]; /* of the answer, as it says; read only where it matters: each answer has one; "": none */
} tdri_retry_after;

void tdri_retry_after_reset(tdri_retry_after *retry);
/* A header line of the answer, its line end included or not. A status line begins anew: interim answers do not count. */
void tdri_retry_after_note(tdri_retry_after *retry, const char *line, size_t len);
/* From the answer on; -1: it does not say. */
int64_t tdri_retry_after_ms(const tdri_retry_after *retry);

#endif
