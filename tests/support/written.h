/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * A writer over the scripted server, and an account of what it reports: each row once, and added = written + refused + unknown + pending at any time.
 * Statements with `bad` in them are refused for a value, those of the table `gone` because there is none, those of `still` get no answer, others as their handler says.
 */
#ifndef TDRT_WRITTEN_H
#define TDRT_WRITTEN_H

#include "dial.h"

enum { TDRT_ROWS_MAX = 200000 };

extern tdrt_server tdrt_writer_server;
extern tdrest_writer *tdrt_the_writer;
extern unsigned char tdrt_fates[TDRT_ROWS_MAX]; /* TDREST_ROWS_... of each row; 0: not reported */
extern int tdrt_reports;                        /* calls of the callback */
extern tdrest_error tdrt_last_refusal;          /* the record of the report that came last and was not of written rows */

/* Answers as said above; others may call it for what they do not answer. */
int tdrt_writer_answer(const tdrt_visit *visit);

/*
 * sql NULL: lines. settings NULL: none; `delivered` is set here unless it is. No row goes early because it is old, unless a flush_ms of its own says so: a machine
 * that stands still would make requests that no test counts on. handler NULL: tdrt_writer_answer.
 */
void tdrt_writer_begin(const char *parameters, const tdrest_writer_options *settings, const char *sql, tdrt_handler *handler);
void tdrt_writer_finish(void);

/* The callback. */
void tdrt_writer_delivered(void *context, const tdrest_delivery *delivery);

/* A row of the table, by INSERT INTO ? VALUES (?, ?): its time, and its number as a text with that begin. What tdrest_writer_add returns. */
int tdrt_writer_add(const char *table, int64_t time_ms, const char *text);

tdrest_writer_counts tdrt_writer_stats(void);
int64_t tdrt_writer_count(int state);

#define CHECK_COUNT(member, expected) CHECK_INT(tdrt_writer_stats().member, expected)

#endif
