/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * A growing text with a ceiling: the only string builder of the library.
 * A failed append marks the buffer and later appends do nothing, so a caller
 * appends freely and asks tdri_buf_code once at the end.
 */
#ifndef TDRI_BUF_H
#define TDRI_BUF_H

#include "base/mem.h"

typedef struct tdri_buf {
    const tdrest_allocator *mem;
    char *data; /* NUL-terminated when len > 0; may be NULL before the first append */
    size_t len;
    size_t cap;
    size_t max; /* most bytes, the NUL left out */
    int failed; /* 0, TDREST_ENOMEM, or TDREST_ERANGE past max */
} tdri_buf;

void tdri_buf_init(tdri_buf *buf, const tdrest_allocator *mem, size_t max);
/* Frees the text; the buffer is as after tdri_buf_init. */
void tdri_buf_clear(tdri_buf *buf);
/* Forgets text and failure, keeps the memory. */
void tdri_buf_reset(tdri_buf *buf);
/* Forgets all behind the first len bytes, which are there, and a failure. */
void tdri_buf_cut(tdri_buf *buf, size_t len);
void tdri_buf_add(tdri_buf *buf, const void *bytes, size_t len);
void tdri_buf_add_text(tdri_buf *buf, const char *text);
void tdri_buf_add_char(tdri_buf *buf, char c);
void tdri_buf_add_int(tdri_buf *buf, int64_t number);
/* TDREST_OK, or why an append failed. */
int tdri_buf_code(const tdri_buf *buf);
/* The text; "" before the first append. */
const char *tdri_buf_text(const tdri_buf *buf);

/* Makes room for that many bytes more. 1; 0 when the buf has failed, now or before. */
int tdri_buf_reserve(tdri_buf *buf, size_t more);

/*
 * For writers of many small pieces: where up to `more` bytes and a NUL may be written, NULL when the buf has failed. tdri_buf_wrote follows, with the
 * end of what was: only that counts towards max.
 */
char *tdri_buf_grow(tdri_buf *buf, size_t more);

static inline char *tdri_buf_room(tdri_buf *buf, size_t more)
{
    if (buf->failed == 0 && buf->cap - buf->len > more)
        return buf->data + buf->len;
    return tdri_buf_grow(buf, more);
}

static inline void tdri_buf_wrote(tdri_buf *buf, char *end)
{
    *end = '\0';
    buf->len = (size_t)(end - buf->data);
    if (buf->len > buf->max)
        buf->failed = TDREST_ERANGE;
}

#endif
