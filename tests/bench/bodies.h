/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Answers to measure with: the same bytes for every run, from a fixed seed. */
#ifndef TDRT_BODIES_H
#define TDRT_BODIES_H

#include <stddef.h>
#include <stdint.h>

typedef struct tdrt_body {
    const char *name;
    char *bytes;
    size_t len;
    int64_t rows;
} tdrt_body;

/* The six columns of `select * from meters`: timestamp, float, int, float, int, varchar. */
int tdrt_body_narrow(tdrt_body *out, size_t at_least);
/* The same with floats of six digits: 77 bytes a row. */
int tdrt_body_narrow_rows(tdrt_body *out, int64_t rows);
/* A hundred numeric columns. */
int tdrt_body_wide(tdrt_body *out, size_t at_least);
/* Long strings with escapes and CJK. */
int tdrt_body_text(tdrt_body *out, size_t at_least);

#endif
