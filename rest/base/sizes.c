/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Structs of callers in the layouts of all versions. Knows sizes only. */
#include "base/sizes.h"

#include <string.h>

#define ONE_SIZE(type, member) TDRI_SIZE_WITH(type, member),
#define LIST(name, NAME)                                                        \
    static const size_t name##_known[] = {TDRI_SIZES_##NAME(ONE_SIZE)};         \
    const tdri_sizes tdri_sizes_##name = {name##_known, sizeof name##_known / sizeof name##_known[0]}

LIST(call, CALL);
LIST(allocator, ALLOCATOR);
LIST(column, COLUMN);
LIST(sql_statement, SQL_STATEMENT);
LIST(error, ERROR);
LIST(pool_counts, POOL_COUNTS);
LIST(async_callbacks, ASYNC_CALLBACKS);
LIST(async_hooks, ASYNC_HOOKS);
LIST(writer_options, WRITER_OPTIONS);
LIST(writer_counts, WRITER_COUNTS);

int tdri_sizes_take(const tdri_sizes *sizes, const void *from, void *to)
{
    size_t size, today = sizes->known[sizes->count - 1], i = 0;

    memcpy(&size, from, sizeof size);
    while (i < sizes->count && sizes->known[i] != size)
        i++;
    if (i == sizes->count)
        return 0;
    memcpy(to, from, size);
    memcpy(to, &today, sizeof today);
    return 1;
}

void tdri_sizes_give(const void *from, void *to)
{
    size_t size;

    memcpy(&size, to, sizeof size);
    memcpy((char *)to + sizeof size, (const char *)from + sizeof size, size - sizeof size);
}
