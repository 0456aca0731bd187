/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* UTF-8 as wide characters and back. A byte that is no UTF-8 becomes a character for private use, and the same byte again. */
#ifndef CLI_WIDE_H
#define CLI_WIDE_H

#include <stddef.h>
#include <wchar.h>

/* The character at the head of text, which is not empty; the bytes it takes. */
size_t cli_wide_decode(const char *text, size_t len, wchar_t *out);

/* Does text end in the middle of its first character? */
int cli_wide_is_cut(const char *text, size_t len);

/* A copy of text without its NULs; NULL: out of memory. */
wchar_t *cli_wide_new(const char *text, size_t len);

/* And back. */
char *cli_wide_text(const wchar_t *wide, size_t count);

/* The columns of a terminal that it takes. */
size_t cli_wide_width(const wchar_t *wide, size_t count);

#endif
