/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* From waiting rows to requests, and from their ends to the fate of rows. Waits for nothing but in tdri_send_step. */
#ifndef TDRI_WRITER_SEND_H
#define TDRI_WRITER_SEND_H

#include "writer/state.h"

/* Whether a request could begin, but for the age of rows. */
int tdri_send_is_due(const tdrest_writer *w);
/* Milliseconds until rows that wait are due, 0 when they are; -1: only the end of a request changes anything. */
int64_t tdri_send_wait_ms(const tdrest_writer *w, int64_t now_ms);

/* Starts what is due, and one round of the loop: at most that long, until a request has ended. Only a look where a foreign loop drives. TDREST_OK or an error. */
int tdri_send_step(tdrest_writer *w, int64_t ms);

/*
 * Sends nothing any more: requests that run are cancelled, and every row that waits is refused with that code. Where no foreign loop drives, and with `waits`, those
 * that were running are told by their own records; else their rows are unknown.
 */
void tdri_send_give_up(tdrest_writer *w, int code, const char *message, int waits);

#endif
