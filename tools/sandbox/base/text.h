/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Looking at texts: how they begin, white space around them, hexadecimal digits, UTF-8. */
#ifndef SBX_TEXT_H
#define SBX_TEXT_H

#include "memory.h"

int sbx_text_begins(sbx_text text, const char *with);
int sbx_text_holds(sbx_text text, const char *part);

/* Without white space at both ends: that of C, and that of Unicode, which is Go's. */
sbx_text sbx_strip(sbx_text text);
sbx_text sbx_trim(sbx_text text);

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
