/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Rows that one statement writes: gathered, checked against KEEP, those of one key merged column by column (a later value wins, an explicit NULL
 * does not erase one of the same statement), then laid over what is stored (an explicit NULL erases, a column left out does not).
 */
#ifndef SBX_BATCH_H
#define SBX_BATCH_H

#include "../store/store.h"

typedef struct sbx_batch sbx_batch;

sbx_batch *sbx_batch_new(sbx_request *request);
/* values: column_count of them, present: 1 where the statement names the column. Both are copied. */
void sbx_batch_add(sbx_batch *batch, const sbx_table *table, const sbx_value *values, const unsigned char *present);
/* Writes; affected receives the rows after merging. 0x060B for a time outside KEEP, and then nothing is written. */
int sbx_batch_write(sbx_batch *batch, int64_t *affected);

#endif
