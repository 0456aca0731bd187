/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Opening and closing a spool's directory, and what all parts of a spool need. Knows nothing of delivery. */
#include "spool/load.h"
#include "spool/state.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { SEGMENT_BYTES = 1 << 20 };

/* ---- what all parts need ---- */

int tdri_spool_usable(const tdri_spool *spool, tdrest_error *err)
{
    return spool->files.process(spool->files.context) == spool->process ? TDREST_OK
        : tdri_err_set(err, TDREST_EUSAGE, "spool %s: it was opened before this process was forked", spool->dir);
}

int tdri_spool_failed(const tdri_spool *spool, tdrest_error *err, const char *what, int error)
{
    return error == -ENOMEM ? tdri_err_set(err, TDREST_ENOMEM, NULL)
        : tdri_err_set(err, TDREST_ESPOOL, "spool %s: cannot %s: %s", spool->dir, what, strerror(-error));
}

const char *tdri_spool_path(tdri_spool *spool, int which, tdri_spool_name name)
{
    char *path = which == 0 ? spool->path : spool->path2;

    tdri_spool_name_put(path + strlen(spool->dir) + 1, name);
    return path;
}

void tdri_spool_tell(const tdri_spool *spool, enum tdri_spool_event_kind kind, tdri_spool_name name, const tdri_spool_event *more)
{
    tdri_spool_event event = *more;
    char text[TDRI_SPOOL_NAME];

    if (spool->config.report == NULL)
        return;
    tdri_spool_name_put(text, name);
    event.kind = kind;
    event.file = text;
    spool->config.report(spool->config.context, &event);
}

int tdri_spool_sync_names(tdri_spool *spool)
{
    spool->syncs++;
    return spool->files.sync_dir(spool->files.context, spool->dir);
}

int tdri_spool_segments_reserve(tdri_spool *spool)
{
    tdri_spool_segments *list = &spool->segments;
    tdri_spool_segment *more;
    size_t cap;

    if (list->first > list->count / 2) {
        memmove(list->at, list->at + list->first, (list->count - list->first) * sizeof *list->at);
        list->count -= list->first;
        list->first = 0;
    }
    if (list->count < list->cap)
        return 1;
    cap = list->cap == 0 ? 64 : list->cap + list->cap / 2;
    more = cap > SIZE_MAX / sizeof *more ? NULL : (tdri_spool_segment *)tdri_mem_resize(&spool->mem, list->at, cap * sizeof *more);
    if (more == NULL)
        return 0;
    list->at = more;
    list->cap = cap;
    return 1;
}

void tdri_spool_segments_add(tdri_spool *spool, uint32_t number)
{
    spool->segments.at[spool->segments.count++] = (tdri_spool_segment){number, 0, TDRI_SPOOL_REMOVE};
}

void tdri_spool_measure(tdri_spool *spool, uint32_t number, int64_t size)
{
    tdri_spool_segments *list = &spool->segments;
    size_t i = list->count;

    while (i > list->first && list->at[i - 1].number != number)
        i--;
    if (i == list->first)
        return;
    spool->blocks += tdri_spool_blocks(size) - (int64_t)list->at[i - 1].blocks;
    list->at[i - 1].blocks = (uint32_t)tdri_spool_blocks(size);
}

/* ---- opening ---- */

static int refused(const tdri_spool *spool, tdrest_error *err, const char *what, int error)
{
    if (error == -ENOMEM)
        return tdri_err_set(err, TDREST_ENOMEM, NULL);
    return error == -EWOULDBLOCK ? tdri_err_set(err, TDREST_EOPTION, "spool_dir: %s is in use by another writer", spool->dir)
        : tdri_err_set(err, TDREST_EOPTION, "spool_dir: cannot %s %s: %s", what, spool->dir, strerror(-error));
}

static int copy_paths(tdri_spool *spool)
{
    size_t len = strlen(spool->config.dir);

    while (len > 1 && spool->config.dir[len - 1] == '/')
        len--;
    spool->dir = tdri_mem_text(&spool->mem, spool->config.dir, len);
    spool->path = (char *)tdri_mem_alloc(&spool->mem, len + 1 + TDRI_SPOOL_NAME);
    spool->path2 = (char *)tdri_mem_alloc(&spool->mem, len + 1 + TDRI_SPOOL_NAME);
    if (spool->dir == NULL || spool->path == NULL || spool->path2 == NULL)
        return -ENOMEM;
    memcpy(spool->path, spool->dir, len);
    spool->path[len] = '/';
    memcpy(spool->path2, spool->path, len + 1);
    spool->config.dir = spool->dir;
    return 0;
}

/* Its own name is synced each time: it may have been made just before a power cut. One that was there may stand where reading is not allowed. */
static int make_dir(tdri_spool *spool)
{
    const int made = spool->files.mkdir(spool->files.context, spool->dir);
    const char *slash = strrchr(spool->dir, '/');
    int rc;

    if (made < 0 && made != -EEXIST)
        return made;
    (void)memcpy(spool->path2, spool->dir, strlen(spool->dir) + 1);
    if (slash != NULL)
        spool->path2[slash == spool->dir ? 1 : slash - spool->dir] = '\0';
    rc = spool->files.sync_dir(spool->files.context, slash == NULL ? "." : spool->path2);
    memcpy(spool->path2, spool->path, strlen(spool->dir) + 1);
    return made < 0 ? 0 : rc;
}

static int lock_dir(tdri_spool *spool)
{
    memcpy(spool->path + strlen(spool->dir) + 1, "lock", sizeof "lock");
    spool->lock = spool->files.open(spool->files.context, spool->path, TDRI_FILES_LOCK);
    return spool->lock < 0 ? spool->lock : spool->files.lock(spool->files.context, spool->lock);
}

static int take_name(void *to, const char *text)
{
    tdri_spool *spool = (tdri_spool *)to;
    tdri_spool_name name;
    int64_t size;

    if (!tdri_spool_name_read(text, &name))
        return 0;
    size = spool->files.size(spool->files.context, tdri_spool_path(spool, 0, name));
    if (size == -ENOENT)
        return 0;
    if (tdri_spool_name_segment(name) >= spool->next)
        spool->next = tdri_spool_name_segment(name) + 1;
    size = size > 0 ? size : 0;
    if (name.kind != TDRI_SPOOL_FILE_SEGMENT) {
        spool->blocks += tdri_spool_blocks(size);
        return 0;
    }
    if (!tdri_spool_segments_reserve(spool))
        return -ENOMEM;
    tdri_spool_segments_add(spool, (uint32_t)name.number);
    tdri_spool_measure(spool, (uint32_t)name.number, size);
    return 0;
}

static int by_number(const void *a, const void *b)
{
    const uint32_t one = ((const tdri_spool_segment *)a)->number, two = ((const tdri_spool_segment *)b)->number;

    return (one > two) - (one < two);
}

static int list_dir(tdri_spool *spool)
{
    const int rc = spool->files.list(spool->files.context, spool->dir, take_name, spool);

    if (rc == 0 && spool->segments.count > 0) {
        qsort(spool->segments.at, spool->segments.count, sizeof *spool->segments.at, by_number);
        spool->tail = spool->segments.at[spool->segments.count - 1].number;
    }
    return rc;
}

/* ---- the torn end of the last file ---- */

/* How much of it is records or damage. */
static int64_t good_size(const tdri_spool *spool, const tdri_buf *bytes)
{
    tdri_spool_piece piece = {.from = TDRI_SPOOL_FILE_HEAD};
    const enum tdri_spool_head head = tdri_spool_read_head(&spool->table, spool->tail, tdri_buf_text(bytes), bytes->len);

    if (head == TDRI_SPOOL_HEAD_SHORT)
        return bytes->len < TDRI_SPOOL_FILE_HEAD ? 0 : (int64_t)bytes->len;
    if (head == TDRI_SPOOL_HEAD_NEWER || bytes->len < TDRI_SPOOL_FILE_HEAD)
        return (int64_t)bytes->len;
    do
        tdri_spool_scan(&spool->table, spool->tail, bytes->data, bytes->len, piece.from + piece.len, &piece);
    while (piece.kind == TDRI_SPOOL_RECORD || piece.kind == TDRI_SPOOL_DAMAGE);
    return (int64_t)piece.from;
}

/* What cannot be done now is done by the reader, which takes a torn end of this file for what it is. */
static void cut_tail(tdri_spool *spool, const char *path, int64_t size)
{
    const int fd = spool->files.open(spool->files.context, path, TDRI_FILES_MEND);

    if (fd < 0)
        return;
    if (spool->files.truncate(spool->files.context, fd, size) == 0) {
        spool->syncs++;
        (void)spool->files.sync(spool->files.context, fd);
        tdri_spool_measure(spool, spool->tail, size);
    }
    (void)spool->files.close(spool->files.context, fd);
}

static int mend_tail(tdri_spool *spool)
{
    tdri_buf bytes;
    const char *path;
    int64_t good;
    int rc;

    if (spool->tail == 0)
        return 0;
    path = tdri_spool_path(spool, 0, tdri_spool_segment_name(spool->tail));
    tdri_buf_init(&bytes, &spool->mem, TDRI_SPOOL_FILE_MAX);
    rc = tdri_spool_load(&spool->files, path, INT64_MAX, 0, &bytes);
    if (rc == 0 && (good = good_size(spool, &bytes)) < (int64_t)bytes.len) {
        tdri_spool_tell(spool, TDRI_SPOOL_EVENT_TORN, tdri_spool_segment_name(spool->tail),
                        &(tdri_spool_event){.from = (uint64_t)good, .len = bytes.len - (uint64_t)good, .records = -1, .rows = -1});
        cut_tail(spool, path, good);
    }
    tdri_buf_clear(&bytes);
    return rc == -ENOMEM || rc == -EMFILE || rc == -ENFILE ? rc : 0; /* anything else is damage, which the reader tells */
}

static int settings(tdri_spool *spool, const tdri_spool_config *config)
{
    size_t *bytes = &spool->config.segment_bytes;

    spool->config = *config;
    spool->files = config->files == NULL ? tdri_files_system : *config->files;
    spool->clock = config->clock == NULL ? tdri_clock_ages : *config->clock;
    spool->process = spool->files.process(spool->files.context);
    if (*bytes == 0)
        *bytes = SEGMENT_BYTES;
    if (config->max_bytes > 0 && *bytes > (size_t)(config->max_bytes / 4 < TDRI_SPOOL_CONTENT_MAX ? config->max_bytes / 4 : TDRI_SPOOL_CONTENT_MAX))
        *bytes = (size_t)(config->max_bytes / 4);
    if (*bytes > TDRI_SPOOL_CONTENT_MAX)
        *bytes = TDRI_SPOOL_CONTENT_MAX;
    return config->dir != NULL && *config->dir != '\0';
}

static int open_spool(tdri_spool *spool, tdrest_error *err)
{
    int rc = copy_paths(spool);

    if (rc < 0)
        return refused(spool, err, "open", rc);
    if ((rc = make_dir(spool)) < 0)
        return refused(spool, err, "make", rc);
    if ((rc = lock_dir(spool)) < 0)
        return refused(spool, err, "lock", rc);
    if ((rc = list_dir(spool)) < 0 || (rc = mend_tail(spool)) < 0)
        return refused(spool, err, "read", rc);
    return TDREST_OK;
}

static void release(tdri_spool *spool)
{
    if (spool->writing.fd >= 0)
        (void)spool->files.close(spool->files.context, spool->writing.fd);
    if (spool->lock >= 0)
        (void)spool->files.close(spool->files.context, spool->lock);
    tdri_buf_clear(&spool->writing.unsynced);
    tdri_buf_clear(&spool->reading.bytes);
    tdri_mem_free(&spool->mem, spool->reading.out);
    tdri_mem_free(&spool->mem, spool->segments.at);
    tdri_mem_free(&spool->mem, spool->dir);
    tdri_mem_free(&spool->mem, spool->path);
    tdri_mem_free(&spool->mem, spool->path2);
}

int tdri_spool_open(tdri_spool **out, const tdri_spool_config *config, const tdrest_allocator *mem, tdrest_error *err)
{
    tdri_spool *spool = (tdri_spool *)tdri_mem_zeroed(mem, 1, sizeof *spool);
    int rc;

    *out = NULL;
    if (spool == NULL)
        return tdri_err_set(err, TDREST_ENOMEM, NULL);
    spool->mem = *mem;
    spool->lock = spool->writing.fd = -1;
    spool->next = 1;
    tdri_buf_init(&spool->writing.unsynced, &spool->mem, TDRI_SPOOL_FILE_MAX);
    tdri_buf_init(&spool->reading.bytes, &spool->mem, TDRI_SPOOL_FILE_MAX);
    tdri_crc32c_init(&spool->table);
    rc = settings(spool, config) ? open_spool(spool, err) : tdri_err_set(err, TDREST_EOPTION, "spool_dir: expected a directory");
    if (rc == TDREST_OK) {
        *out = spool;
        return rc;
    }
    release(spool);
    tdri_mem_free(mem, spool);
    return rc;
}

/* ---- closing ---- */

static int close_files(tdri_spool *spool, tdrest_error *err)
{
    const tdri_spool_reading *r = &spool->reading;
    /* All that was appended is in the list of what is out, or it is not delivered. */
    const int all = r->segment == spool->writing.segment && r->left == 0 && r->last == spool->appended;
    tdrest_error ignored;
    int rc = TDREST_OK;

    tdri_err_reset(&ignored);
    if (spool->writing.segment != 0)
        rc = tdri_spool_seal(spool, all ? &ignored : err);
    if (all && rc == TDREST_OK)
        (void)tdri_spool_settle(spool, &ignored);
    (void)tdri_spool_remove_done(spool);
    return all ? TDREST_OK : rc;
}

int tdri_spool_close(tdri_spool *spool, tdrest_error *err)
{
    tdrest_allocator mem;
    int rc = TDREST_OK;

    if (spool == NULL)
        return TDREST_OK;
    if (spool->files.process(spool->files.context) == spool->process)
        rc = close_files(spool, err);
    mem = spool->mem;
    release(spool);
    tdri_mem_free(&mem, spool);
    return rc;
}

uint64_t tdri_spool_first(const tdri_spool *spool)
{
    return (uint64_t)(spool->tail + 1) << 32;
}

void tdri_spool_count(const tdri_spool *spool, tdri_spool_counts *out)
{
    *out = (tdri_spool_counts){
        .bytes = spool->blocks * TDRI_SPOOL_BLOCK,
        .segments = (int64_t)(spool->segments.count - spool->segments.first),
        .unstored = spool->unstored,
        .syncs = spool->syncs,
        .written_bytes = spool->written,
    };
}
