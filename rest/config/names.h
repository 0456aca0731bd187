/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What the server makes of names, and how long they may be. Knows no SQL but backquotes. */
#ifndef TDRI_NAMES_H
#define TDRI_NAMES_H

#include <stddef.h>

/* Bytes, backquotes left out. */
enum {
    TDRI_DATABASE_MAX = 64,
    TDRI_TABLE_MAX = 192, /* INSERT copies names into buffers without looking */
    TDRI_COLUMN_MAX = 64  /* of tags too */
};

/*
 * A name as the server holds it: what stands in backquotes, two of them being one, else its ASCII capitals made small. out has len bytes of room; the
 * length is answered.
 */
size_t tdri_name_bare(const char *written, size_t len, char *out);

/* Whether a name as written is that name of the server's. */
int tdri_name_is(const char *written, size_t written_len, const char *name, size_t len);

#endif
