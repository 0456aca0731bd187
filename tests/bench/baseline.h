/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What a program without the library does. */
#ifndef TDRT_BASELINE_H
#define TDRT_BASELINE_H

#include "bench/reader.h"

/* One json_loadb of the complete buffer, each cell read once. 1 when the answer was read. */
int tdrt_baseline(const char *body, size_t len, tdrt_reading *out);

#endif
