/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The recorded exchanges in tests/data/captures. */
#ifndef TDRT_RECORDING_H
#define TDRT_RECORDING_H

#include <stddef.h>

typedef struct tdrt_recording {
    char name[256];         /* "adapter-3.4.1.12/015-select-..." */
    char method[8];
    char target[512];
    char content_type[128];
    int status;
    char *body;             /* of the answer, inflated */
    size_t len;
    size_t json_len;        /* without the stray bytes that some answers have behind them */
} tdrt_recording;

extern const char *const tdrt_recording_sets[];

/* The exchange with that number. 1; 0 when the set has none. */
int tdrt_recording_read(const char *set, int number, tdrt_recording *out);
void tdrt_recording_free(tdrt_recording *recording);

/* A whole file, a NUL behind it; NULL when it cannot be read. */
char *tdrt_file_read(const char *path, size_t *len);

#endif
