/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Keys of the library's option table, as people write them. */
#ifndef CLI_KEYS_H
#define CLI_KEYS_H

#include <stddef.h>

/* The key, `-` for `_`, capitals or not; as the table has it, NULL when there is none. */
const char *cli_key_find(const char *name, size_t len);

/* The place of a key in the table; its number of rows when there is none. */
size_t cli_key_index(const char *key);

/* The key that a mistyped one is close to, or NULL. */
const char *cli_key_nearest(const char *name);

#endif
