/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* How long a server keeps a connection open that nobody uses, where its answers say so: `Keep-Alive: timeout=5, max=100`. */
#ifndef TDRI_KEEP_ALIVE_H
#define TDRI_KEEP_ALIVE_H

#include <stddef.h>
#include <stdint.h>

/* Longer than this is said as this. */
enum { TDRI_KEEP_ALIVE_MAX_S = 1000000 };

/* The seconds that a header line of an answer tells; -1: none. */
int64_t tdri_keep_alive_s(const char *line, size_t len);

#endif
