/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Memory that lives as long as one request, and growing buffers. When there is none left the program says so and ends: the sandbox is
 * for trying and testing, and its data is in SQLite's care.
 */
#ifndef SBX_MEMORY_H
#define SBX_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define SBX_PRINTF(at, first) __attribute__((format(printf, at, first)))
#else
#define SBX_PRINTF(at, first)
#endif

/* Bytes, a NUL behind them where the maker says so; NULs inside are possible. */
typedef struct sbx_text {
    const char *p;
    size_t len;
} sbx_text;

#define SBX_TEXT(literal) ((sbx_text){(literal), sizeof(literal) - 1})

typedef struct sbx_arena sbx_arena;

sbx_arena *sbx_arena_new(void);
void sbx_arena_free(sbx_arena *arena);

/* Zeroed, aligned for every type. Never NULL. */
void *sbx_alloc(sbx_arena *arena, size_t bytes);
void *sbx_alloc_array(sbx_arena *arena, size_t count, size_t bytes);
/* Makes room for one more element in an array of the arena that holds count: it is moved when count is 0 or a power of two. */
void *sbx_alloc_one_more(sbx_arena *arena, void *array, size_t count, size_t bytes);
/* Copies have a NUL behind them. */
sbx_text sbx_copy(sbx_arena *arena, const char *p, size_t len);
sbx_text sbx_format(sbx_arena *arena, const char *format, ...) SBX_PRINTF(2, 3);

int sbx_text_is(sbx_text text, const char *other);
int sbx_text_equal(sbx_text a, sbx_text b);

/* A growing buffer of the heap. Begins as {0}. */
typedef struct sbx_buf {
    char *p;
    size_t len;
    size_t cap;
} sbx_buf;

void sbx_buf_clear(sbx_buf *buf); /* frees */
void sbx_buf_put(sbx_buf *buf, const void *bytes, size_t len);
void sbx_buf_char(sbx_buf *buf, char c);
void sbx_buf_text(sbx_buf *buf, const char *text);
void sbx_buf_format(sbx_buf *buf, const char *format, ...) SBX_PRINTF(2, 3);

/* ---- looking at texts ---- */

int sbx_text_begins(sbx_text text, const char *with);
int sbx_text_holds(sbx_text text, const char *part);

/* Without white space at both ends: that of C, and that of Unicode, which is Go's. */
sbx_text sbx_strip(sbx_text text);
sbx_text sbx_trim(sbx_text text);

/* Two digits, "0123456789abcdef" or in capitals, for each byte. */
sbx_text sbx_hex(sbx_arena *arena, sbx_text bytes, const char *digits);
/* What a digit stands for; -1 when it is none. */
int sbx_hex_digit(char c);
/* Pairs of digits as bytes; 0 when there is anything else. */
int sbx_unhex(sbx_arena *arena, sbx_text digits, sbx_text *out);

/*
 * The character at the front of a text that is not empty, strictly: no surrogates, nothing overlong, none above U+10FFFF. The number of
 * its bytes; 0 when there is none.
 */
size_t sbx_utf8(sbx_text text, uint32_t *character);

#endif
