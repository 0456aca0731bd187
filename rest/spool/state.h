/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What a spool is from inside, and what its parts ask of each other. For spool/ only. */
#ifndef TDRI_SPOOL_STATE_H
#define TDRI_SPOOL_STATE_H

#include "spool/spool.h"

enum {
    TDRI_SPOOL_BLOCK = 4096,
    TDRI_SPOOL_FILE_MAX = 2 * TDRI_SPOOL_CONTENT_MAX + TDRI_SPOOL_BLOCK /* a longer file is none of ours */
};

/* What becomes of a file whose records are all delivered. */
enum tdri_spool_fate { TDRI_SPOOL_REMOVE, TDRI_SPOOL_KEEP_DAMAGED, TDRI_SPOOL_KEEP_REJECTED, TDRI_SPOOL_LEAVE };

typedef struct tdri_spool_segment {
    uint32_t number, blocks;
    uint32_t fate;
} tdri_spool_segment;

/* Segments that are there, oldest first: [first, first + done) are delivered but could not be removed, the next one is read. */
typedef struct tdri_spool_segments {
    tdri_spool_segment *at;
    size_t first, count, cap; /* [first, count) */
    size_t done;
} tdri_spool_segments;

/* The file that is written, and what of it may not be on the disk: bytes [synced, size) are in `unsynced`, too. */
typedef struct tdri_spool_writing {
    uint32_t segment; /* 0: none */
    int fd;
    uint32_t place;      /* of the last record, from 1 */
    int64_t size, synced;
    tdri_buf unsynced;
    int64_t since;       /* when the oldest of it was written */
    int new_name;        /* the directory was not synced since the file was made */
    int dirty;           /* a failed write left bytes behind `size` */
    int suspect;         /* a sync failed: the file is written no more */
    int64_t tried;       /* when a new file was last tried for */
} tdri_spool_writing;

typedef struct tdri_spool_out {
    uint64_t number;
    size_t from, len;
    int done;
} tdri_spool_out;

/* The file that is delivered. */
typedef struct tdri_spool_reading {
    uint32_t segment; /* 0: none */
    tdri_buf bytes;
    size_t pos;       /* scanned up to here */
    int whole;        /* its file grows no more, and all of it is in `bytes` */
    int tries;        /* to read it */
    tdri_spool_out *out;
    size_t count, cap, left; /* left: not done */
    size_t first;     /* all in front of it are done */
    uint64_t last;    /* the largest number that was ever in `out`: others are copies, made after a failed sync */
} tdri_spool_reading;

struct tdri_spool {
    tdrest_allocator mem;
    tdri_files files;
    tdri_clock clock;
    tdri_spool_config config;
    tdri_crc32c_table table;
    char *dir, *path, *path2; /* the paths: room for a name in the directory */
    int lock;
    int64_t process;
    int64_t blocks; /* of all files */
    uint32_t next;  /* segment */
    uint32_t tail;  /* the last one of earlier runs, 0: none; its end may be torn */
    uint64_t appended, stored;
    int64_t unstored, syncs, written;
    int removal;    /* the directory was not synced since a file was removed */
    int stuck;      /* that was reported */
    tdri_spool_segments segments;
    tdri_spool_writing writing;
    tdri_spool_reading reading;
};

/* ---- open.c ---- */

int tdri_spool_usable(const tdri_spool *spool, tdrest_error *err);
/* Fills err with what could not be done to which file and answers TDREST_ESPOOL. */
int tdri_spool_failed(const tdri_spool *spool, tdrest_error *err, const char *what, int error);
/* The path of a file, in spool->path (which 0) or path2. */
const char *tdri_spool_path(tdri_spool *spool, int which, tdri_spool_name name);
void tdri_spool_tell(const tdri_spool *spool, enum tdri_spool_event_kind kind, tdri_spool_name name, const tdri_spool_event *more);
int tdri_spool_sync_names(tdri_spool *spool);
/* Room for one more; 0: no memory. Then it can be added. */
int tdri_spool_segments_reserve(tdri_spool *spool);
void tdri_spool_segments_add(tdri_spool *spool, uint32_t number);
/* Counts the blocks of a segment of that size. */
void tdri_spool_measure(tdri_spool *spool, uint32_t number, int64_t size);

static inline int64_t tdri_spool_blocks(int64_t size)
{
    return (size + TDRI_SPOOL_BLOCK - 1) / TDRI_SPOOL_BLOCK;
}

static inline tdri_spool_name tdri_spool_segment_name(uint32_t number)
{
    return (tdri_spool_name){TDRI_SPOOL_FILE_SEGMENT, number};
}

/* ---- append.c ---- */

/* Syncs what there is, unless the policy is never, and closes the file that is written. */
int tdri_spool_seal(tdri_spool *spool, tdrest_error *err);
/* All bytes of both; 0 or -errno. */
int tdri_spool_write_all(tdri_spool *spool, int fd, tdri_files_bytes first, tdri_files_bytes second);

/* ---- room.c ---- */

/* Makes room for a file to grow from one size to another. TDREST_OK, TDREST_FULL, or the failure of a removal. */
int tdri_spool_room(tdri_spool *spool, int64_t from, int64_t to, tdrest_error *err);

/* ---- read.c ---- */

/* Reads on in the oldest file. TDREST_OK, also when there is nothing; TDREST_ESPOOL, TDREST_ENOMEM. */
int tdri_spool_read(tdri_spool *spool, tdrest_error *err);
/* The record of an entry, from the bytes. */
void tdri_spool_read_again(const tdri_spool *spool, const tdri_spool_out *out, tdri_spool_record *record);
/* Files that are delivered to their end are forgotten, and the next one is read. As tdri_spool_read. */
int tdri_spool_settle(tdri_spool *spool, tdrest_error *err);
/* The file that is read counts as delivered. */
void tdri_spool_finish(tdri_spool *spool);
/* Removes what is delivered, in order. 0 or -errno. */
int tdri_spool_remove_done(tdri_spool *spool);

#endif
