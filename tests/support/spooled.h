/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A spool over a disk in memory, for tests of what it promises. */
#ifndef TDRT_SPOOLED_H
#define TDRT_SPOOLED_H

#include "memory_disk.h"
#include "spool/spool.h"

/* Of the spool that is tested. */
extern struct tdrt_spooled {
    tdrt_disk *disk;
    int64_t now;     /* of its clock; an interval has 100 ms */
    char told[2048]; /* events since it was opened: "kind file from+len rrecords/rows eerrno; " */
    tdrest_error err;
} tdrt_spooled;

/* On a new disk, and on the one that is there. A file has room for two records of a hundred bytes. */
tdri_spool *tdrt_spool_new(enum tdri_spool_sync sync);
tdri_spool *tdrt_spool_open(tdri_spool_config config);
/* A batch of ten rows; number may be NULL. And one that is then synced. */
int tdrt_spool_append(tdri_spool *spool, const char *text, uint64_t *number);
void tdrt_spool_store(tdri_spool *spool, const char *text);
/* A hundred bytes that begin with that number. */
const char *tdrt_spool_text(int n);
/* The begin of the next record's text, up to its first space; "-" when there is none. */
const char *tdrt_spool_peek(tdri_spool *spool, uint64_t after, uint64_t *number);
/* Delivers everything; the texts as above, with a space behind each. */
const char *tdrt_spool_drain(tdri_spool *spool);
/* Closes it and forgets the disk. */
void tdrt_spool_end(tdri_spool *spool);

#endif
