/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Points of a JSON array, or of a part of it; of one that is broken, those in front of the place. What is in a point is the server's to judge. */
#ifndef CLI_ARRAY_H
#define CLI_ARRAY_H

#include <stddef.h>
#include <stdint.h>

/* Where point `index` begins. */
size_t cli_array_offset(const char *data, size_t len, int64_t index);

/* Points in data. */
int64_t cli_array_count(const char *data, size_t len);

/* Where the last point ends. */
size_t cli_array_end(const char *data, size_t len);

/* Does every point carry its time, so that writing it twice is writing it once? */
int cli_array_has_times(const char *data, size_t len);

#endif
