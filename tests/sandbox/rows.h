/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * When two answers are the same: byte for byte but for what no two servers have alike, which is the time that it took, the version, the name
 * of the user's host and request ids; and the order of rows that nobody asked to be ordered. Knows nothing of HTTP.
 */
#ifndef SBXT_ROWS_H
#define SBXT_ROWS_H

typedef struct sbxt_freedom {
    int any_order; /* rows are compared as a set */
    int any_rows;  /* the server itself answered twice with other rows: only the columns are compared */
} sbxt_freedom;

/* Whether the statement has an ORDER BY. */
int sbxt_is_ordered(const char *statement);

int sbxt_same_answer(const char *recorded, const char *answered, const sbxt_freedom *freedom);

#endif
