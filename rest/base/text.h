/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Bytes and texts in ASCII terms, without locale: comparing, escapes, hex, base64, UTF-8. Knows no protocol. */
#ifndef TDRI_TEXT_H
#define TDRI_TEXT_H

#include "base/buf.h"

/* ASCII only. */
int tdri_is_alpha(int c);
int tdri_is_digit(int c);
int tdri_lower(int c);
/* 0 ... 15, or -1. */
int tdri_hex_digit(int c);
/* Equal but for ASCII capitals; [a, a + len) against the whole of b. */
int tdri_text_is(const char *a, size_t len, const char *b);

/* FNV-1a, for hash tables in memory. */
uint64_t tdri_text_hash(const char *text, size_t len);

/* The length meant by a length argument: TDREST_CSTR measures. */
size_t tdri_text_len(const char *text, size_t len);

/* Hex digits to bytes, either case; out may be text itself. 1; 0 when len is odd or a byte is no digit. */
int tdri_hex_decode(const char *text, size_t len, void *out);
/* 2 * len lower-case digits at out, no NUL. */
void tdri_hex_encode(const void *bytes, size_t len, char *out);

void tdri_base64_add(tdri_buf *buf, const void *bytes, size_t len);
/* Percent-encodes all but A-Z a-z 0-9 - . _ ~ . */
void tdri_percent_add(tdri_buf *buf, const char *text, size_t len);
/* Decodes %XX; 0 and the place of the bad escape when there is one. Writes at most len bytes at out, which may be text itself. */
int tdri_percent_decode(const char *text, size_t len, char *out, size_t *out_len, size_t *bad);

/* One code point, U+0000 ... U+10FFFF and no surrogate, as UTF-8 at out (4 bytes of room); the bytes written. */
size_t tdri_utf8_put(uint32_t point, char *out);
/* The bytes of the character at text, of which so many are left, at least one; 0 when it is none. */
size_t tdri_utf8_len(const char *text, size_t left);
/* 1 when all of it is UTF-8: no surrogates, no overlong forms, at most U+10FFFF. */
int tdri_utf8_is(const char *text, size_t len);
/* Characters: every byte but those that continue one. */
size_t tdri_utf8_count(const char *text, size_t len);

#endif
