/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The names in a spool's directory: segment.N, rejected.N, damaged.N, lock. Does no I/O. */
#ifndef TDRI_SPOOL_NAMES_H
#define TDRI_SPOOL_NAMES_H

#include <stddef.h>
#include <stdint.h>

enum tdri_spool_file_kind { TDRI_SPOOL_FILE_SEGMENT, TDRI_SPOOL_FILE_REJECTED, TDRI_SPOOL_FILE_DAMAGED };

typedef struct tdri_spool_name {
    enum tdri_spool_file_kind kind;
    uint64_t number; /* of a segment; of a record for rejected ones, with the place 0: a whole segment */
} tdri_spool_name;

enum { TDRI_SPOOL_NAME = 40 }; /* room for a name, NUL included */

void tdri_spool_name_put(char *out, tdri_spool_name name);
/* 1; 0: it is no name of ours. */
int tdri_spool_name_read(const char *text, tdri_spool_name *out);
/* The segment that it comes from. */
uint32_t tdri_spool_name_segment(tdri_spool_name name);

#endif
