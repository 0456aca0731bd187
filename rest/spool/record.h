/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The bytes of a spool's files: docs/SPOOL.md is their contract. Reads and writes memory only. */
#ifndef TDRI_SPOOL_RECORD_H
#define TDRI_SPOOL_RECORD_H

#include "base/buf.h"
#include "spool/crc32c.h"

enum {
    TDRI_SPOOL_VERSION = 1,
    TDRI_SPOOL_FILE_HEAD = 24,
    TDRI_SPOOL_RECORD_HEAD = 24,
    TDRI_SPOOL_CONTENT_MAX = 64 << 20,
    TDRI_SPOOL_PROTOCOL_SQL = 0 /* else a TDREST_PROTOCOL_ number */
};

/* Borrowed, without NUL; len 0: not set. */
typedef struct tdri_spool_text {
    const char *text;
    size_t len;
} tdri_spool_text;

/* One batch. Texts of one that was read point into the bytes it was read from. */
typedef struct tdri_spool_record {
    uint64_t number; /* the order of all records: segment of its first writing << 32 | place in it, from 1 */
    int protocol;    /* TDRI_SPOOL_PROTOCOL_SQL or TDREST_PROTOCOL_ */
    int precision;   /* of TDREST_PROTOCOL_LINE; 0: none */
    int64_t ttl_days; /* 0: not set */
    int64_t rows;
    tdri_spool_text database, timezone, table_name_key;
    tdri_spool_text body; /* SQL or lines */
    /* Of rejected ones. */
    int64_t code;
    tdri_spool_text reason;
} tdri_spool_record;

/* What stands at a place of a file. */
enum tdri_spool_kind {
    TDRI_SPOOL_RECORD,
    TDRI_SPOOL_END,    /* nothing more */
    TDRI_SPOOL_DAMAGE, /* no record; the next one may follow it */
    TDRI_SPOOL_TORN    /* the begin of a record, or zeros, up to the end: a write that did not get that far */
};

typedef struct tdri_spool_piece {
    enum tdri_spool_kind kind;
    size_t from, len;
    tdri_spool_record record; /* of TDRI_SPOOL_RECORD */
} tdri_spool_piece;

/* What the header of a file says. */
enum tdri_spool_head {
    TDRI_SPOOL_HEAD_GOOD,
    TDRI_SPOOL_HEAD_SHORT,   /* the begin of one, or zeros, and nothing else in the file */
    TDRI_SPOOL_HEAD_DAMAGED, /* its records may be good all the same */
    TDRI_SPOOL_HEAD_NEWER    /* a version that this library does not know */
};

/* TDRI_SPOOL_FILE_HEAD bytes. */
void tdri_spool_write_head(char *out, const tdri_crc32c_table *table, uint32_t segment);
enum tdri_spool_head tdri_spool_read_head(const tdri_crc32c_table *table, uint32_t segment, const void *bytes, size_t len);

/* Appends the record as it stands in that segment's file. The buf fails with TDREST_ERANGE when the content is too long. */
void tdri_spool_put_record(tdri_buf *buf, const tdri_crc32c_table *table, uint32_t segment, const tdri_spool_record *record);

/* All of it but the body, whose place is behind it. */
void tdri_spool_put_front(tdri_buf *buf, const tdri_crc32c_table *table, uint32_t segment, const tdri_spool_record *record);

/* The bytes of a record of ours, header and all, from its header. */
size_t tdri_spool_record_length(const char *bytes);

/* Makes a record, whose bytes these are, one of another segment. */
void tdri_spool_move_record(const tdri_crc32c_table *table, uint32_t segment, char *bytes);

/* The bytes that a record takes in a file. */
size_t tdri_spool_record_size(const tdri_spool_record *record);

/* Of a segment's file: what begins at `from`, which is at least TDRI_SPOOL_FILE_HEAD and at most len. */
void tdri_spool_scan(const tdri_crc32c_table *table, uint32_t segment, const char *bytes, size_t len, size_t from, tdri_spool_piece *out);

#endif
