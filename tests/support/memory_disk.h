/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * A disk in memory for a spool, which fails on demand: the n-th call, or the machine at the n-th call, in the middle of a write. What was not synced is
 * then kept, lost, or partly there, block by block and name by name, in any order.
 */
#ifndef TDRT_MEMORY_DISK_H
#define TDRT_MEMORY_DISK_H

#include "spool/files.h"

typedef struct tdrt_disk tdrt_disk;

tdrt_disk *tdrt_disk_new(void);
void tdrt_disk_free(tdrt_disk *disk);
tdri_files tdrt_disk_files(tdrt_disk *disk);

/* Calls so far. Closing and asking for the process do not count. */
int64_t tdrt_disk_calls(const tdrt_disk *disk);
/* Calls number `from` up to, not including, `to` fail with that errno; a sync that fails loses what it should have written. */
void tdrt_disk_fail(tdrt_disk *disk, int64_t from, int64_t to, int error);
/* A write does at most so many bytes; 0: all. */
void tdrt_disk_write_at_most(tdrt_disk *disk, size_t bytes);
/* At call number `at` power is cut; of a write `cut` bytes are done. Every call from there on fails and does nothing. */
void tdrt_disk_cut_power(tdrt_disk *disk, int64_t at, int64_t cut);
/* 1 when power was cut; *bytes: what the write at that call had to write, 0 for another call. */
int tdrt_disk_is_cut(const tdrt_disk *disk, int64_t *bytes);

/* How unsynced changes end. */
enum tdrt_disk_fate { TDRT_DISK_KEPT, TDRT_DISK_LOST, TDRT_DISK_MIXED };
/* Power is back: no file is open, nothing fails. */
void tdrt_disk_restart(tdrt_disk *disk, enum tdrt_disk_fate fate, uint64_t seed);

/* Of writes and truncations. */
int64_t tdrt_disk_changes(const tdrt_disk *disk);
int tdrt_disk_open_files(const tdrt_disk *disk);
/* Most open at a time. */
int tdrt_disk_most_open(const tdrt_disk *disk);
/* The bytes of a file, to be changed at will, and their count; NULL: there is none. `path` may end in '*': the first one. */
char *tdrt_disk_bytes(tdrt_disk *disk, const char *path, size_t *len);
/* Files whose path begins so. */
int tdrt_disk_count(const tdrt_disk *disk, const char *prefix);
/* Makes or replaces a file. */
void tdrt_disk_put(tdrt_disk *disk, const char *path, const void *bytes, size_t len);

#endif
