/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Allocations that fail on demand: the n-th, or every one from the n-th on.
 * The library gets them through its options; libcurl and Jansson through
 * their own hooks, in the test program only.
 */
#ifndef TDRT_MEMORY_H
#define TDRT_MEMORY_H

#include <stdint.h>

#include <tdrest.h>

extern const tdrest_allocator tdrt_memory;

/* Hooks libcurl and Jansson. Once, before either is used. 1 when it worked. */
int tdrt_memory_hook(void);

/* From now on: allocation number fail_at (from 1; 0: none) fails, and with persistent all after it. */
void tdrt_memory_plan(int64_t fail_at, int persistent);
/* Allocations asked for since the plan. */
int64_t tdrt_memory_count(void);
/* Blocks that are out. */
int64_t tdrt_memory_live(void);
/* Bytes of libcurl's and the library's: now, and the most there have been since the plan. */
int64_t tdrt_memory_bytes(void);
int64_t tdrt_memory_most(void);

#endif
