/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* All that is in a spool's directory, read without a lock: files may come and go meanwhile. Changes nothing. */
#include "spool/load.h"
#include "spool/spool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

typedef struct walk {
    const tdri_files *files;
    const tdrest_allocator *mem;
    const char *dir;
    tdri_spool_names names;
    tdri_buf path, bytes;
    tdri_crc32c_table table;
    int (*take)(void *context, const tdri_spool_item *item);
    void *context;
} walk;

typedef struct name_list {
    tdri_spool_names *names;
    const tdrest_allocator *mem;
} name_list;

static int take_name(void *to, const char *text)
{
    const name_list *list = (const name_list *)to;
    tdri_spool_names *names = list->names;
    tdri_spool_name name, *more;

    if (!tdri_spool_name_read(text, &name))
        return 0;
    if (names->count == names->cap) {
        names->cap = names->cap == 0 ? 64 : names->cap * 2;
        more = (tdri_spool_name *)tdri_mem_resize(list->mem, names->at, names->cap * sizeof *more);
        if (more == NULL)
            return -ENOMEM;
        names->at = more;
    }
    names->at[names->count++] = name;
    return 0;
}

/* Those that are kept before those that are to be sent, each kind by number. */
static int by_age(const void *a, const void *b)
{
    const tdri_spool_name *one = (const tdri_spool_name *)a, *two = (const tdri_spool_name *)b;

    if (one->kind != two->kind)
        return (one->kind < two->kind) - (one->kind > two->kind);
    return (one->number > two->number) - (one->number < two->number);
}

int tdri_spool_names_list(tdri_spool_names *names, const tdri_files *files, const char *dir, const tdrest_allocator *mem)
{
    name_list list = {names, mem};
    int rc;

    names->count = 0;
    rc = files->list(files->context, dir, take_name, &list);
    if (rc == 0 && names->count > 0)
        qsort(names->at, names->count, sizeof *names->at, by_age);
    return rc;
}

static int walk_pieces(walk *w, tdri_spool_item *item, uint32_t segment)
{
    size_t at = TDRI_SPOOL_FILE_HEAD;
    int any = 0, rc = 0;

    while (rc == 0 && at < w->bytes.len) {
        tdri_spool_scan(&w->table, segment, w->bytes.data, w->bytes.len, at, &item->piece);
        at = item->piece.from + item->piece.len;
        rc = w->take(w->context, item);
        any = 1;
    }
    item->piece = (tdri_spool_piece){.kind = TDRI_SPOOL_END, .from = w->bytes.len};
    return any || rc != 0 ? rc : w->take(w->context, item);
}

static int walk_file(walk *w, tdri_spool_name name)
{
    char text[TDRI_SPOOL_NAME];
    tdri_spool_item item = {.kind = name.kind, .file = text};
    int rc;

    tdri_spool_name_put(text, name);
    tdri_buf_reset(&w->path);
    tdri_buf_add_text(&w->path, w->dir);
    tdri_buf_add_char(&w->path, '/');
    tdri_buf_add_text(&w->path, text);
    tdri_buf_reset(&w->bytes);
    if (tdri_buf_code(&w->path) != TDREST_OK)
        return -ENOMEM;
    rc = tdri_spool_load(w->files, w->path.data, INT64_MAX, 1, &w->bytes);
    if (rc < 0)
        return rc == -ENOENT ? 0 : rc;
    if (w->bytes.len >= TDRI_SPOOL_FILE_HEAD)
        item.newer = tdri_spool_read_head(&w->table, tdri_spool_name_segment(name), w->bytes.data, w->bytes.len) == TDRI_SPOOL_HEAD_NEWER;
    return item.newer ? w->take(w->context, &item) : walk_pieces(w, &item, tdri_spool_name_segment(name));
}

int tdri_spool_walk(const char *dir, const tdri_files *files, const tdrest_allocator *mem, int (*take)(void *context, const tdri_spool_item *item),
                    void *context, tdrest_error *err)
{
    walk w = {.files = files == NULL ? &tdri_files_system : files, .mem = mem, .dir = dir, .take = take, .context = context};
    int rc;

    tdri_crc32c_init(&w.table);
    tdri_buf_init(&w.path, mem, SIZE_MAX);
    tdri_buf_init(&w.bytes, mem, (size_t)2 * TDRI_SPOOL_CONTENT_MAX + 4096);
    rc = tdri_spool_names_list(&w.names, w.files, dir, mem);
    for (size_t i = 0; rc == 0 && i < w.names.count; i++)
        rc = walk_file(&w, w.names.at[i]);
    tdri_mem_free(mem, w.names.at);
    tdri_buf_clear(&w.path);
    tdri_buf_clear(&w.bytes);
    if (rc == -ENOMEM)
        return tdri_err_set(err, TDREST_ENOMEM, NULL);
    return rc >= 0 ? rc : tdri_err_set(err, TDREST_ESPOOL, "spool %s: cannot read: %s", dir, strerror(-rc));
}
