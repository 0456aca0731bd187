/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Another reading of an answer: brackets are counted to find the cells,
 * Jansson reads each one for itself, libc reads floats. Shares no code with
 * the decoder.
 */
#ifndef TDRT_ORACLE_H
#define TDRT_ORACLE_H

#include "answer/decode.h"

typedef struct tdrt_oracle {
    const char *name;
    const char *p, *end; /* the next cell */
    int64_t cells, unread, wrong;
} tdrt_oracle;

void tdrt_oracle_begin(tdrt_oracle *oracle, const char *name, const char *body, size_t len);
/* Compares the cells of a block; a tdrt_on_block. */
void tdrt_oracle_block(void *oracle, const tdri_decode *decode);
/* Counts cells that no block had as wrong. */
void tdrt_oracle_end(tdrt_oracle *oracle);

#endif
