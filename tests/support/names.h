/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Names of the tests' own, which libcurl looks up here instead of in the system, where it looks names up by getaddrinfo. Other names are looked up as ever. */
#ifndef TDRT_NAMES_H
#define TDRT_NAMES_H

#include <stdatomic.h>

/* Names that end in ".slow.test" are this machine, after so many milliseconds; -1: at once, and lookups that sleep end too. */
extern atomic_int tdrt_names_slow_ms;

/* "two.test" has these addresses, in this order. Names that end in ".invalid" have none. */
extern const char *tdrt_names_two[2];

/* How many of these names were looked up: none where libcurl does not ask getaddrinfo. */
extern atomic_int tdrt_names_asked;

#endif
