/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* From texts to what is kept for them, in an arena. A number beside the text keeps the names of one place apart from those of another. */
#ifndef SBX_MAP_H
#define SBX_MAP_H

#include "memory.h"

/* Begins as {0}. */
typedef struct sbx_map {
    struct sbx_map_entry **buckets;
    size_t bucket_count;
    size_t count;
} sbx_map;

/* NULL when there is nothing of that key. */
void *sbx_map_find(const sbx_map *map, int64_t place, sbx_text key);
/* The key must not be there yet, and live as long as the map. */
void sbx_map_put(sbx_arena *arena, sbx_map *map, int64_t place, sbx_text key, void *value);

#endif
