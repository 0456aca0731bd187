/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * The structs that programs make and hand in, each beginning with its size: programs built with any version of the header, run with this library.
 * Knows their layout, not what they mean.
 */
#ifndef TDRI_SIZES_H
#define TDRI_SIZES_H

#include <tdrest.h>

/*
 * The last member that a struct had in each version of the header, oldest first. A new member goes to the end of its struct, behind its padding, and
 * to the end of its list here: one line. Its default is 0 unless the struct that tdri_sizes_take fills says otherwise. The tests check that lists are complete.
 */
#define TDRI_SIZES_CALL(X)         \
    X(tdrest_call, timezone)       \
    X(tdrest_call, buffered)       \
    X(tdrest_call, table_name_key) \
    X(tdrest_call, verify_rows)
#define TDRI_SIZES_ALLOCATOR(X) X(tdrest_allocator, release)
#define TDRI_SIZES_COLUMN(X) X(tdrest_column, zone_min)
#define TDRI_SIZES_SQL_STATEMENT(X) X(tdrest_sql_statement, open)
#define TDRI_SIZES_ERROR(X)   \
    X(tdrest_error, ran)      \
    X(tdrest_error, first_cause)
#define TDRI_SIZES_ASYNC_CALLBACKS(X) X(tdrest_async_callbacks, end)
#define TDRI_SIZES_ASYNC_HOOKS(X) X(tdrest_async_hooks, timer)
#define TDRI_SIZES_POOL_COUNTS(X) X(tdrest_pool_counts, closed_freed)
#define TDRI_SIZES_WRITER_OPTIONS(X) X(tdrest_writer_options, context)
#define TDRI_SIZES_WRITER_COUNTS(X) X(tdrest_writer_counts, stored)

/* The size of a struct when that was its last member. */
#define TDRI_SIZE_WITH(type, member)                                                                               \
    ((offsetof(type, member) + sizeof(((type *)0)->member) + _Alignof(type) - 1) / _Alignof(type) * _Alignof(type))

/* Structs by the list of their sizes. */
typedef struct tdri_sizes {
    const size_t *known; /* rising */
    size_t count;
} tdri_sizes;

extern const tdri_sizes tdri_sizes_call, tdri_sizes_allocator, tdri_sizes_column, tdri_sizes_sql_statement, tdri_sizes_error, tdri_sizes_pool_counts, tdri_sizes_async_callbacks, tdri_sizes_async_hooks, tdri_sizes_writer_options,
    tdri_sizes_writer_counts;

/* Copies a struct of any version over today's at `to`, which holds the defaults of what the version lacks. 1; 0 when no version has its size. */
int tdri_sizes_take(const tdri_sizes *sizes, const void *from, void *to);

/* The way back: what the version has of today's struct; its size stays. */
void tdri_sizes_give(const void *from, void *to);

#endif
