/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Other table names and other text values, of the same length, in recorded requests and in the answers that they got: what answers
 * from memory of the recording fails then. Letters move on by one in the alphabet, all else stays.
 */
#ifndef SBXT_RENAME_H
#define SBXT_RENAME_H

#include <stddef.h>

typedef struct sbxt_bytes {
    char *p;
    size_t len;
} sbxt_bytes;

/* What was renamed in one request. */
typedef struct sbxt_renamed {
    sbxt_bytes request;
    struct sbxt_word *words; /* in it, as they stand there */
    size_t word_count;
} sbxt_renamed;

typedef struct sbxt_rename sbxt_rename;

sbxt_rename *sbxt_rename_new(void);
void sbxt_rename_free(sbxt_rename *rename);

/* In the order of the recording: databases are known by their making. Free *out with sbxt_renamed_clear. */
void sbxt_rename_request(sbxt_rename *rename, const char *target, const sbxt_bytes *request, sbxt_renamed *out);
/* The answer that the renamed request must get. Free its bytes. */
sbxt_bytes sbxt_rename_answer(sbxt_rename *rename, const sbxt_renamed *renamed, const sbxt_bytes *answer);
void sbxt_renamed_clear(sbxt_renamed *renamed);

#endif
