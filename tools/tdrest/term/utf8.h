/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Characters of UTF-8. */
#ifndef CLI_UTF8_H
#define CLI_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* The character at the start of text, which has at least one byte; how many it takes, 0 when it is none. */
size_t cli_utf8_decode(const char *text, size_t len, uint32_t *c);

#endif
