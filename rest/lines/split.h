/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Schemaless data as the server would read it: what is there at all, where it may be cut into requests, and whether
 * writing it twice does no harm. Does no I/O.
 */
#ifndef TDRI_SPLIT_H
#define TDRI_SPLIT_H

#include "error/record.h"

/* A part of the data that goes as one request. */
typedef struct tdri_split_part {
    size_t offset;
    size_t len;
    size_t behind; /* where the next one begins */
    int64_t lines; /* those without a point too; of JSON, points */
    int64_t points; /* 0: there is nothing to be sent */
    int bare;      /* points of an array, its brackets left out */
} tdri_split_part;

/*
 * Refused with TDREST_EUSAGE in err, and the byte: a NUL, no point at all, JSON that is broken or is neither a point nor an array of points.
 * Whether a line or a point is a good one is left to the server.
 */
int tdri_split_check(int protocol, const char *data, size_t len, tdrest_error *err);

/*
 * The next part of data that was checked, whole lines or points of together at most max_bytes, or one larger one. *pos is 0 at first, and
 * moves behind it. 0 at the end.
 */
int tdri_split_next(int protocol, const char *data, size_t len, size_t max_bytes, size_t *pos, tdri_split_part *out);

/*
 * Lines one by one: from *pos on the next one with a point, [*at, *at + *count) without what ends it; *pos moves behind it. 0 when there is none, with *pos at
 * the end. Not of JSON.
 */
int tdri_split_next_line(int protocol, const char *data, size_t len, size_t *pos, size_t *at, size_t *count);

/*
 * Points of JSON one by one, without a check before: from *pos on, 0 at first, the next one is [*at, *at + *count); *pos moves behind it. 1; 0 when there is none
 * left, with *pos at the end; TDREST_EUSAGE in err, with the byte, and *pos stays. What is behind *pos may be given as data of its own: the rest of an
 * array, with the comma in front and without the opening bracket.
 */
int tdri_split_next_point(const char *data, size_t len, size_t *pos, size_t *at, size_t *count, tdrest_error *err);

/* TDREST_EUSAGE in err, with its place, when there is a NUL: it would end the data on its way. */
int tdri_split_refuse_nul(const char *data, size_t len, tdrest_error *err);

/*
 * A number that lines or points of one table have in common: those with the same measurement or metric and the same tags, in whatever order and with whatever
 * escapes. With table_name_key (NULL: none) a tag of that name tells the table alone. Lines of different tables may have the same one.
 */
uint64_t tdri_split_table_hash(int protocol, const char *line, size_t len, const char *table_name_key);

/* 1 when every point of data that was checked certainly carries a time other than 0. */
int tdri_split_is_timed(int protocol, const char *data, size_t len);

#endif
