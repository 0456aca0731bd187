/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Durations as people write them. */
#ifndef CLI_DURATION_H
#define CLI_DURATION_H

#include <stdint.h>

/* "500ms", "1s", "5m", "36h", "7d", "2w" in milliseconds; -1: it is none. */
int64_t cli_duration_ms(const char *text);

#endif
