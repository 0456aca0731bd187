/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Filling the error record. The lowest layer that knows the cause fills it,
 * the first error wins, upper layers pass the code through. Knows codes and
 * classes, no protocol.
 */
#ifndef TDRI_RECORD_H
#define TDRI_RECORD_H

#include <tdrest.h>

#if defined(__GNUC__)
#define TDRI_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define TDRI_PRINTF(text, first)
#endif

/* No error; row, column and offset unknown. */
void tdri_err_reset(tdrest_error *err);

/*
 * Fills code, class, repeat and ran from the code table, as long as nothing else is known (error/outcome.h), and the message (one line: control bytes become '?',
 * a cut text ends in "..." and never inside a UTF-8 character). Does nothing but answer err->code when err already holds an error.
 * Answers the code that err holds. With a NULL format the message is the code's own text.
 */
int tdri_err_set(tdrest_error *err, int code, const char *format, ...) TDRI_PRINTF(3, 4);

/* The same with the place: byte of the SQL, DSN or answer. */
int tdri_err_set_at(tdrest_error *err, int code, int64_t offset, const char *format, ...) TDRI_PRINTF(4, 5);

/* Puts more behind the message of a record that holds an error, by the same rules. */
void tdri_err_add(tdrest_error *err, const char *format, ...) TDRI_PRINTF(2, 3);

/* The record of an object that is NULL. */
const tdrest_error *tdri_err_none(void);

#endif
