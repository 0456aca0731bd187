/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A disk in memory: its files and names, what is durable of them, and how a power cut leaves them. Knows nothing of a spool. */
#include "memory_disk_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

void *tdrt_disk_must(void *p)
{
    if (p == NULL)
        abort();
    return p;
}

/* ---- bytes ---- */

void tdrt_content_resize(content *c, size_t len)
{
    if (len > c->cap) {
        c->cap = len * 2;
        c->bytes = (char *)tdrt_disk_must(realloc(c->bytes, c->cap));
    }
    if (len > c->len)
        memset(c->bytes + c->len, 0, len - c->len);
    c->len = len;
}

void tdrt_content_put(content *c, size_t from, const char *bytes, size_t len)
{
    if (from + len > c->len)
        tdrt_content_resize(c, from + len);
    if (len > 0)
        memcpy(c->bytes + from, bytes, len);
}

void tdrt_content_copy(content *to, const content *from)
{
    tdrt_content_resize(to, 0);
    tdrt_content_put(to, 0, from->bytes, from->len);
}

void tdrt_file_forget(file *f)
{
    for (size_t i = 0; i < f->count; i++)
        free(f->changes[i].bytes);
    free(f->changes);
    f->changes = NULL;
    f->count = 0;
}

void tdrt_file_note(tdrt_disk *disk, file *f, size_t from, const char *bytes, size_t len)
{
    change *c;

    disk->changes++;
    f->changes = (change *)tdrt_disk_must(realloc(f->changes, (f->count + 1) * sizeof *f->changes));
    c = &f->changes[f->count++];
    *c = (change){from, len, NULL};
    if (len > 0)
        c->bytes = (char *)memcpy(tdrt_disk_must(malloc(len)), bytes, len);
}

void tdrt_file_drop(tdrt_disk *disk, int index)
{
    file *f = &disk->files[index];

    if (--f->links > 0)
        return;
    tdrt_file_forget(f);
    free(f->now.bytes);
    free(f->synced.bytes);
    memset(f, 0, sizeof *f);
}

/* ---- names ---- */

int tdrt_names_find(const names *list, const char *path)
{
    const size_t len = strlen(path);

    for (int i = 0; i < list->count; i++)
        if (strcmp(list->at[i].path, path) == 0 || (len > 0 && path[len - 1] == '*' && strncmp(list->at[i].path, path, len - 1) == 0))
            return i;
    return -1;
}

void tdrt_names_remove(tdrt_disk *disk, names *list, const char *path)
{
    const int i = tdrt_names_find(list, path);

    if (i < 0)
        return;
    tdrt_file_drop(disk, list->at[i].file);
    list->at[i] = list->at[--list->count];
}

void tdrt_names_add(tdrt_disk *disk, names *list, const char *path, int index)
{
    if (list->count == TDRT_FILES)
        abort();
    disk->files[index].links++;
    tdrt_names_remove(disk, list, path);
    strcpy(list->at[list->count].path, path);
    list->at[list->count++].file = index;
}

void tdrt_names_apply(tdrt_disk *disk, names *list, const move *m)
{
    disk->files[m->file].links++;
    if (m->from[0] != '\0')
        tdrt_names_remove(disk, list, m->from);
    if (m->to[0] != '\0')
        tdrt_names_add(disk, list, m->to, m->file);
    tdrt_file_drop(disk, m->file);
}

void tdrt_disk_move(tdrt_disk *disk, const char *from, const char *to, int index)
{
    move *m;

    disk->moves = (move *)tdrt_disk_must(realloc(disk->moves, (disk->move_count + 1) * sizeof *disk->moves));
    m = &disk->moves[disk->move_count++];
    memset(m, 0, sizeof *m);
    strncpy(m->from, from, TDRT_NAME - 1);
    strncpy(m->to, to, TDRT_NAME - 1);
    m->file = index;
    disk->files[index].links++; /* the move's own */
    tdrt_names_apply(disk, &disk->now, m);
}

void tdrt_disk_forget(tdrt_disk *disk)
{
    for (size_t i = 0; i < disk->move_count; i++)
        tdrt_file_drop(disk, disk->moves[i].file);
    free(disk->moves);
    disk->moves = NULL;
    disk->move_count = 0;
}

int tdrt_disk_new_file(tdrt_disk *disk)
{
    for (int i = 0; i < TDRT_FILES; i++)
        if (disk->files[i].links == 0)
            return i;
    abort();
}

/* ---- the machine ---- */

/* Blocks of an unsynced write are each there, not there, or filled with something else. */
static void keep_some(content *c, const change *ch, uint64_t *seed)
{
    const size_t block = tdri_random_next(seed) % 2 ? 512 : 64;
    const uint64_t all = tdri_random_next(seed) % 3;

    if (ch->len == 0) {
        if (all != 0 && ch->from < c->len)
            tdrt_content_resize(c, ch->from);
        return;
    }
    for (size_t at = 0; at < ch->len;) {
        const size_t next = ((ch->from + at) / block + 1) * block - ch->from, len = (next < ch->len ? next : ch->len) - at;
        const uint64_t fate = all == 0 ? 0 : all == 1 ? 1 : tdri_random_next(seed) % 3;

        if (fate != 0)
            tdrt_content_put(c, ch->from + at, ch->bytes + at, len);
        if (fate == 2)
            memset(c->bytes + ch->from + at, (int)(tdri_random_next(seed) % 2 * 0xa5), len);
        at += len;
    }
}

static void settle_file(file *f, enum tdrt_disk_fate fate, uint64_t *seed)
{
    if (fate == TDRT_DISK_MIXED)
        for (size_t i = 0; i < f->count; i++)
            keep_some(&f->synced, &f->changes[i], seed);
    if (fate == TDRT_DISK_KEPT)
        tdrt_content_copy(&f->synced, &f->now);
    else
        tdrt_content_copy(&f->now, &f->synced);
    tdrt_file_forget(f);
}

void tdrt_disk_restart(tdrt_disk *disk, enum tdrt_disk_fate fate, uint64_t seed)
{
    for (int i = 0; i < TDRT_HANDLES; i++)
        if (disk->handles[i].used)
            (void)tdrt_disk_files(disk).close(disk, i);
    for (int i = 0; i < TDRT_FILES; i++)
        if (disk->files[i].links > 0)
            settle_file(&disk->files[i], fate, &seed);
    for (size_t i = 0; i < disk->move_count; i++)
        if (fate == TDRT_DISK_KEPT || (fate == TDRT_DISK_MIXED && tdri_random_next(&seed) % 2 == 0))
            tdrt_names_apply(disk, &disk->synced, &disk->moves[i]);
    tdrt_disk_forget(disk);
    while (disk->now.count > 0)
        tdrt_names_remove(disk, &disk->now, disk->now.at[0].path);
    for (int i = 0; i < disk->synced.count; i++)
        tdrt_names_add(disk, &disk->now, disk->synced.at[i].path, disk->synced.at[i].file);
    disk->off = 0;
    disk->cut_at = disk->fail_from = disk->fail_to = 0;
}

tdrt_disk *tdrt_disk_new(void)
{
    return (tdrt_disk *)tdrt_disk_must(calloc(1, sizeof(tdrt_disk)));
}

void tdrt_disk_free(tdrt_disk *disk)
{
    tdrt_disk_restart(disk, TDRT_DISK_LOST, 1);
    while (disk->now.count > 0)
        tdrt_names_remove(disk, &disk->now, disk->now.at[0].path);
    while (disk->synced.count > 0)
        tdrt_names_remove(disk, &disk->synced, disk->synced.at[0].path);
    free(disk);
}

int64_t tdrt_disk_calls(const tdrt_disk *disk)
{
    return disk->calls;
}

void tdrt_disk_fail(tdrt_disk *disk, int64_t from, int64_t to, int error)
{
    disk->fail_from = from;
    disk->fail_to = to;
    disk->error = error;
}

void tdrt_disk_write_at_most(tdrt_disk *disk, size_t bytes)
{
    disk->at_most = bytes;
}

void tdrt_disk_cut_power(tdrt_disk *disk, int64_t at, int64_t cut)
{
    disk->cut_at = at;
    disk->cut_bytes = cut;
    disk->cut_write = 0;
}

int tdrt_disk_is_cut(const tdrt_disk *disk, int64_t *bytes)
{
    *bytes = disk->cut_write;
    return disk->off;
}

int64_t tdrt_disk_changes(const tdrt_disk *disk)
{
    return disk->changes;
}

int tdrt_disk_open_files(const tdrt_disk *disk)
{
    return disk->open;
}

int tdrt_disk_most_open(const tdrt_disk *disk)
{
    return disk->most;
}

char *tdrt_disk_bytes(tdrt_disk *disk, const char *path, size_t *len)
{
    const int i = tdrt_names_find(&disk->now, path);
    content *c = i < 0 ? NULL : &disk->files[disk->now.at[i].file].now;

    *len = c == NULL ? 0 : c->len;
    return c == NULL ? NULL : c->bytes;
}

int tdrt_disk_count(const tdrt_disk *disk, const char *prefix)
{
    int count = 0;

    for (int i = 0; i < disk->now.count; i++)
        count += strncmp(disk->now.at[i].path, prefix, strlen(prefix)) == 0;
    return count;
}

void tdrt_disk_put(tdrt_disk *disk, const char *path, const void *bytes, size_t len)
{
    const int i = tdrt_names_find(&disk->now, path), index = i < 0 ? tdrt_disk_new_file(disk) : disk->now.at[i].file;
    file *f = &disk->files[index];

    if (i < 0)
        tdrt_disk_move(disk, "", path, index);
    tdrt_content_resize(&f->now, 0);
    tdrt_content_put(&f->now, 0, (const char *)bytes, len);
    tdrt_content_copy(&f->synced, &f->now);
    tdrt_file_forget(f);
    for (size_t m = 0; m < disk->move_count; m++)
        tdrt_names_apply(disk, &disk->synced, &disk->moves[m]);
    tdrt_disk_forget(disk);
}
