/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What a disk in memory is from inside. For memory_disk*.c only. */
#ifndef TDRT_MEMORY_DISK_PARTS_H
#define TDRT_MEMORY_DISK_PARTS_H

#include "memory_disk.h"

enum { TDRT_FILES = 512, TDRT_HANDLES = 64, TDRT_NAME = 96 };

typedef struct content {
    char *bytes;
    size_t len, cap;
} content;

/* A write of [from, from + len), or with len 0 a truncation to from. */
typedef struct change {
    size_t from, len;
    char *bytes;
} change;

typedef struct file {
    int links; /* names and handles; 0: free */
    content now, synced;
    change *changes;
    size_t count;
} file;

typedef struct entry {
    char path[TDRT_NAME];
    int file;
} entry;

/* A name was made (from empty), moved, or removed (to empty). */
typedef struct move {
    char from[TDRT_NAME], to[TDRT_NAME];
    int file;
} move;

typedef struct names {
    entry at[TDRT_FILES];
    int count;
} names;

struct tdrt_disk {
    file files[TDRT_FILES];
    names now, synced;
    move *moves;
    size_t move_count;
    struct {
        int file, used, appends, locks;
    } handles[TDRT_HANDLES];
    int open, most;
    int64_t calls, changes, fail_from, fail_to, cut_at, cut_bytes, cut_write;
    size_t at_most;
    int error, off;
};

void *tdrt_disk_must(void *p);
void tdrt_content_resize(content *c, size_t len);
void tdrt_content_put(content *c, size_t from, const char *bytes, size_t len);
void tdrt_content_copy(content *to, const content *from);
void tdrt_file_forget(file *f);
void tdrt_file_note(tdrt_disk *disk, file *f, size_t from, const char *bytes, size_t len);
void tdrt_file_drop(tdrt_disk *disk, int index);
int tdrt_names_find(const names *list, const char *path);
void tdrt_names_remove(tdrt_disk *disk, names *list, const char *path);
void tdrt_names_add(tdrt_disk *disk, names *list, const char *path, int index);
void tdrt_names_apply(tdrt_disk *disk, names *list, const move *m);
void tdrt_disk_move(tdrt_disk *disk, const char *from, const char *to, int index);
void tdrt_disk_forget(tdrt_disk *disk);
int tdrt_disk_new_file(tdrt_disk *disk);

#endif
