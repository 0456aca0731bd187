/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A hash table of chains, widened before the chains become long. Knows nothing of what it keeps. */
#include "map.h"

enum { FIRST_BUCKETS = 64 };

typedef struct sbx_map_entry entry;
struct sbx_map_entry {
    entry *next;
    int64_t place;
    sbx_text key;
    void *value;
};

static entry **bucket_of(const sbx_map *map, int64_t place, sbx_text key)
{
    uint64_t hash = UINT64_C(14695981039346656037) ^ (uint64_t)place; /* FNV-1a */

    for (size_t i = 0; i < key.len; i++)
        hash = (hash ^ (unsigned char)key.p[i]) * UINT64_C(1099511628211);
    return &map->buckets[hash % map->bucket_count];
}

void *sbx_map_find(const sbx_map *map, int64_t place, sbx_text key)
{
    const entry *e = map->bucket_count == 0 ? NULL : *bucket_of(map, place, key);

    while (e != NULL && (e->place != place || !sbx_text_equal(e->key, key)))
        e = e->next;
    return e == NULL ? NULL : e->value;
}

static void link_in(sbx_map *map, entry *e)
{
    entry **bucket = bucket_of(map, e->place, e->key);

    e->next = *bucket;
    *bucket = e;
}

static void widen(sbx_arena *arena, sbx_map *map)
{
    sbx_map wider = {NULL, map->bucket_count == 0 ? FIRST_BUCKETS : 4 * map->bucket_count, map->count};

    wider.buckets = sbx_alloc_array(arena, wider.bucket_count, sizeof(entry *));
    for (size_t i = 0; i < map->bucket_count; i++) {
        for (entry *e = map->buckets[i], *next; e != NULL; e = next) {
            next = e->next;
            link_in(&wider, e);
        }
    }
    *map = wider;
}

void sbx_map_put(sbx_arena *arena, sbx_map *map, int64_t place, sbx_text key, void *value)
{
    entry *e = sbx_alloc(arena, sizeof *e);

    if (map->count == map->bucket_count)
        widen(arena, map);
    *e = (entry){NULL, place, key, value};
    link_in(map, e);
    map->count++;
}
