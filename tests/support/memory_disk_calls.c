/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The calls of a disk in memory, and which of them fail. Knows nothing of a spool. */
#include "memory_disk_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- what fails ---- */

/* 0, or -errno. */
static int begin(tdrt_disk *disk)
{
    disk->calls++;
    if (disk->calls == disk->cut_at)
        disk->off = 1;
    if (disk->off)
        return -EIO;
    return disk->calls >= disk->fail_from && disk->calls < disk->fail_to ? -disk->error : 0;
}

#define BEGIN(disk_, context)                      \
    tdrt_disk *disk_ = (tdrt_disk *)(context);     \
    const int failure_ = begin(disk_);             \
    if (failure_ < 0)                              \
        return failure_

/* ---- calls ---- */

static int new_handle(tdrt_disk *disk, int index, int appends)
{
    for (int i = 0; i < TDRT_HANDLES; i++) {
        if (disk->handles[i].used)
            continue;
        disk->handles[i].used = 1;
        disk->handles[i].file = index;
        disk->handles[i].appends = appends;
        disk->handles[i].locks = 0;
        disk->files[index].links++;
        disk->open++;
        disk->most = disk->open > disk->most ? disk->open : disk->most;
        return i;
    }
    return -EMFILE;
}

static int disk_open(void *context, const char *path, enum tdri_files_mode mode)
{
    BEGIN(disk, context);
    const int i = tdrt_names_find(&disk->now, path);
    int index;

    if (i < 0 && (mode == TDRI_FILES_READ || mode == TDRI_FILES_MEND))
        return -ENOENT;
    if (i >= 0 && mode == TDRI_FILES_APPEND)
        return -EEXIST;
    if (i < 0) {
        index = tdrt_disk_new_file(disk);
        tdrt_disk_move(disk, "", path, index);
    } else {
        index = disk->now.at[i].file;
    }
    if (mode == TDRI_FILES_REPLACE && disk->files[index].now.len > 0) {
        tdrt_content_resize(&disk->files[index].now, 0);
        tdrt_file_note(disk, &disk->files[index], 0, NULL, 0);
    }
    return new_handle(disk, index, mode != TDRI_FILES_READ);
}

static int disk_close(void *context, int fd)
{
    tdrt_disk *disk = (tdrt_disk *)context;

    if (!disk->handles[fd].used)
        abort();
    disk->handles[fd].used = 0;
    disk->open--;
    tdrt_file_drop(disk, disk->handles[fd].file);
    return 0;
}

/* The two as one, and how much of it is done. */
static void put_some(tdrt_disk *disk, file *f, const tdri_files_bytes bytes[2], size_t done)
{
    char *all = (char *)tdrt_disk_must(malloc(bytes[0].len + bytes[1].len + 1));

    memcpy(all, bytes[0].at, bytes[0].len);
    if (bytes[1].len > 0)
        memcpy(all + bytes[0].len, bytes[1].at, bytes[1].len);
    tdrt_file_note(disk, f, f->now.len, all, done);
    tdrt_content_put(&f->now, f->now.len, all, done);
    free(all);
}

static int64_t disk_write(void *context, int fd, const tdri_files_bytes bytes[2])
{
    tdrt_disk *disk = (tdrt_disk *)context;
    file *f = &disk->files[disk->handles[fd].file];
    const int was_off = disk->off, failure = begin(disk);
    const size_t all = bytes[0].len + bytes[1].len, len = disk->at_most > 0 && all > disk->at_most ? disk->at_most : all;
    size_t done = len;

    if (!disk->handles[fd].used || !disk->handles[fd].appends)
        abort();
    if (disk->off && !was_off) {
        disk->cut_write = (int64_t)len;
        done = disk->cut_bytes < (int64_t)len ? (size_t)disk->cut_bytes : len;
    } else if (failure < 0) {
        done = disk->off || failure == -EROFS ? 0 : len / 2; /* half of it is there all the same */
    }
    if (done > 0)
        put_some(disk, f, bytes, done);
    return failure < 0 ? failure : (int64_t)done;
}

static int64_t disk_read(void *context, int fd, void *bytes, size_t len, int64_t from)
{
    BEGIN(disk, context);
    const content *c = &disk->files[disk->handles[fd].file].now;
    size_t rest = (size_t)from < c->len ? c->len - (size_t)from : 0;

    if (!disk->handles[fd].used)
        abort();
    rest = rest < len ? rest : len;
    if (rest > 0)
        memcpy(bytes, c->bytes + from, rest);
    return (int64_t)rest;
}

/* The system gives up what it could not write and calls the file clean. */
static void lose_pages(file *f)
{
    const size_t len = f->now.len;

    tdrt_content_copy(&f->now, &f->synced);
    tdrt_content_resize(&f->now, len);
    tdrt_file_forget(f);
}

static int disk_sync(void *context, int fd)
{
    tdrt_disk *disk = (tdrt_disk *)context;
    file *f = &disk->files[disk->handles[fd].file];
    const int failure = begin(disk);

    if (failure < 0) {
        if (!disk->off)
            lose_pages(f);
        return failure;
    }
    tdrt_content_copy(&f->synced, &f->now);
    tdrt_file_forget(f);
    return 0;
}

static int disk_truncate(void *context, int fd, int64_t size)
{
    BEGIN(disk, context);
    file *f = &disk->files[disk->handles[fd].file];

    tdrt_content_resize(&f->now, (size_t)size);
    tdrt_file_note(disk, f, (size_t)size, NULL, 0);
    return 0;
}

static int disk_lock(void *context, int fd)
{
    BEGIN(disk, context);
    for (int i = 0; i < TDRT_HANDLES; i++)
        if (disk->handles[i].used && disk->handles[i].locks && disk->handles[i].file == disk->handles[fd].file)
            return -EWOULDBLOCK;
    disk->handles[fd].locks = 1;
    return 0;
}

static int64_t disk_size(void *context, const char *path)
{
    BEGIN(disk, context);
    const int i = tdrt_names_find(&disk->now, path);

    return i < 0 ? -ENOENT : (int64_t)disk->files[disk->now.at[i].file].now.len;
}

static int disk_rename(void *context, const char *from, const char *to)
{
    BEGIN(disk, context);
    const int i = tdrt_names_find(&disk->now, from);

    if (i < 0)
        return -ENOENT;
    tdrt_disk_move(disk, from, to, disk->now.at[i].file);
    return 0;
}

static int disk_unlink(void *context, const char *path)
{
    BEGIN(disk, context);
    const int i = tdrt_names_find(&disk->now, path);

    if (i < 0)
        return -ENOENT;
    tdrt_disk_move(disk, path, "", disk->now.at[i].file);
    return 0;
}

/* One directory, which is always there. */
static int disk_mkdir(void *context, const char *path)
{
    BEGIN(disk, context);
    (void)path;
    return -EEXIST;
}

static int disk_sync_dir(void *context, const char *path)
{
    BEGIN(disk, context);
    if (strchr(path, '/') != NULL || strcmp(path, ".") == 0)
        return 0; /* its parent */
    for (size_t i = 0; i < disk->move_count; i++)
        tdrt_names_apply(disk, &disk->synced, &disk->moves[i]);
    tdrt_disk_forget(disk);
    return 0;
}

static int disk_list(void *context, const char *path, int (*take)(void *to, const char *name), void *to)
{
    BEGIN(disk, context);
    names *list = (names *)memcpy(tdrt_disk_must(malloc(sizeof *list)), &disk->now, sizeof *list);
    const size_t len = strlen(path) + 1;
    int rc = 0;

    for (int i = 0; i < list->count && rc == 0; i++)
        rc = take(to, list->at[i].path + len);
    free(list);
    return rc;
}

static int64_t disk_process(void *context)
{
    (void)context;
    return 1;
}

tdri_files tdrt_disk_files(tdrt_disk *disk)
{
    return (tdri_files){disk, disk_open, disk_close, disk_write, disk_read, disk_sync, disk_truncate, disk_lock, disk_size, disk_rename, disk_unlink, disk_mkdir,
                        disk_sync_dir, disk_list, disk_process};
}

