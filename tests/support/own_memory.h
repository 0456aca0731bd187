/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Allocations of the library alone that fail on demand; libcurl's do not. For one thread. */
#ifndef TDRT_OWN_MEMORY_H
#define TDRT_OWN_MEMORY_H

#include <stdint.h>
#include <tdrest.h>

extern const tdrest_allocator tdrt_own_memory;

/* From now on: allocation number fail_at (from 1; 0: none) fails, and with persistent all after it. */
void tdrt_own_plan(int64_t fail_at, int persistent);
/* Allocations asked for since the plan. */
int64_t tdrt_own_count(void);
/* Blocks that are out. */
int64_t tdrt_own_live(void);

#endif
