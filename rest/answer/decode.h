/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * From the bytes of an answer to typed columns, as they arrive. The body is
 * `{"code":0,"column_meta":[...],"data":[` rows `],"rows":N}`: what stands before
 * the rows, and what stands behind them, is gathered and read in one piece;
 * rows are scanned in place. Does no I/O, and allocates nothing per row once warm.
 */
#ifndef TDRI_DECODE_H
#define TDRI_DECODE_H

#include "base/buf.h"
#include "base/utc_fast.h"
#include "answer/column.h"
#include "base/json.h"
#include "base/zone.h"

enum {
    TDRI_ROWS_MAX = 4096,      /* of a block */
    TDRI_HEAD_MAX = 4194304,   /* bytes before the rows: thousands of columns fit */
    TDRI_TAIL_MAX = 65536,     /* bytes behind the rows */
    TDRI_OTHER_MAX = 65536,    /* bytes kept of an answer without rows */
    TDRI_STRAY_BYTES = 23      /* see tdri_decode_stray */
};

typedef struct tdri_decode_limits {
    size_t block_bytes;
    size_t max_cell_bytes;
} tdri_decode_limits;

/* What the next byte belongs to. */
enum tdri_decode_state {
    TDRI_IN_HEAD,      /* before `"data":[` */
    TDRI_IN_OTHER,     /* the body is no object: kept in `text` for whoever can read it */
    TDRI_AT_FIRST_ROW, /* behind the `[`: a row, or `]` */
    TDRI_AT_ROW,       /* behind a comma: a row */
    TDRI_AT_CELL,
    TDRI_IN_TEXT,      /* within a string that goes into the arena decoded */
    TDRI_IN_ESCAPE,    /* within an escape of it that the piece's end cut */
    TDRI_IN_RAW,       /* within a scalar or JSON value that goes into the arena as it is */
    TDRI_BEHIND_CELL,  /* `,` or `]` */
    TDRI_BEHIND_ROW,   /* `,` or `]` */
    TDRI_IN_TAIL,      /* behind the `]` of the rows */
    TDRI_AT_END,       /* behind the `}` */
    TDRI_BROKEN        /* an error was reported */
};

typedef struct tdri_decode {
    tdrest_block block;
    tdri_decode_limits limits;
    enum tdri_decode_state state;
    int full;              /* the block must be recycled before more can be taken */
    tdri_buf text;         /* head, tail, or the body of an answer without rows */
    tdri_track track;      /* of head, tail and raw cells */
    size_t column;         /* cells of the unfinished row that are complete */
    int64_t cell_from;     /* where the cell begins in the answer */
    size_t cell_at;        /* where the cell's text begins in the arena, counted from row_start */
    char escape[TDRI_ESCAPE_MAX];
    size_t escape_len;
    char raw_first;        /* the first byte of a raw value: tells how it ends */
    int member_text;       /* a JSON column of this row began with a string: see tdri_decode_fail */
    size_t stray;          /* stray bytes seen behind the answer */
    int64_t rows_before;   /* rows of recycled blocks */
    int64_t offset;        /* bytes of the answer before the piece at hand */
    int64_t timing_ns;     /* -1 when the answer has none */
    tdri_utc_cache utc;
    const tdri_zone *zone; /* that of times, borrowed; NULL: every offset is exact */
    tdrest_error *err;     /* of the call at hand */
    const char *piece;     /* the bytes at hand */
} tdri_decode;

/*
 * The 23 bytes that adapters since 3.3.7.0 send behind the JSON when request and answer were both to be compressed: an empty gzip member
 * and a trailer. They are passed over, whole.
 */
extern const unsigned char tdri_decode_stray[TDRI_STRAY_BYTES];

void tdri_decode_init(tdri_decode *decode, const tdrest_allocator *mem, const tdri_decode_limits *limits);
void tdri_decode_clear(tdri_decode *decode);

/*
 * Takes bytes of the body. Answers how many were taken: all, unless the block is full; after tdri_decode_recycle the rest is to be
 * offered again. A failure fills err and makes the state TDRI_BROKEN; the complete rows of the block remain right.
 */
size_t tdri_decode_feed(tdri_decode *decode, const char *bytes, size_t len, tdrest_error *err);

/* The body has ended. TDREST_OK when all of it was there, or when it is an answer without rows (tdri_decode_is_other); else TDREST_EANSWER. */
int tdri_decode_end(tdri_decode *decode, tdrest_error *err);

/* Columns are known. */
int tdri_decode_has_columns(const tdri_decode *decode);
/* It has no rows, and what is kept of it is full: nothing that follows matters. */
int tdri_decode_has_enough(const tdri_decode *decode);
/* An answer without rows: decode->text holds up to TDRI_OTHER_MAX bytes of it. Known at the body's end. */
int tdri_decode_is_other(const tdri_decode *decode);

/* Forgets the complete rows of the block. */
void tdri_decode_recycle(tdri_decode *decode);

/* The complete rows become a block of their own; see tdri_block_split. */
int tdri_decode_split(tdri_decode *decode, const tdri_block_size *size, tdrest_block *out);

#endif
