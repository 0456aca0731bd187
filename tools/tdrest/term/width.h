/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* How many columns of a terminal a character takes. */
#ifndef CLI_WIDTH_H
#define CLI_WIDTH_H

#include <stdint.h>

/* 0 (combining), 1 or 2 (CJK, emoji) for a printable character. */
int cli_char_width(uint32_t c);

#endif
