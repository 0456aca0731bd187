/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Writing and syncing records; a new file after a failed sync. Knows nothing of delivery. */
#include "spool/state.h"

#include <errno.h>

enum { AGAIN_MS = 1000 };

static int64_t now_ms(const tdri_spool *spool)
{
    return spool->clock.read_ms(spool->clock.context);
}

/* Leaves out what was written. */
static void skip(tdri_files_bytes *bytes, size_t *done)
{
    const size_t count = *done < bytes->len ? *done : bytes->len;

    bytes->at = (const char *)bytes->at + count;
    bytes->len -= count;
    *done -= count;
}

int tdri_spool_write_all(tdri_spool *spool, int fd, tdri_files_bytes first, tdri_files_bytes second)
{
    tdri_files_bytes left[] = {first, second};

    while (left[0].len + left[1].len > 0) {
        const int64_t done = spool->files.write(spool->files.context, fd, left);
        size_t count = (size_t)done;

        if (done <= 0)
            return done < 0 ? (int)done : -ENOSPC;
        spool->written += done;
        skip(&left[0], &count);
        skip(&left[1], &count);
    }
    return 0;
}

/* A new file, *fd, which is in no list yet. TDREST_OK or why not. */
static int make_segment(tdri_spool *spool, int *fd, tdrest_error *err)
{
    const uint32_t number = spool->next;

    if (number == UINT32_MAX)
        return tdri_err_set(err, TDREST_ESPOOL, "spool %s: no more numbers for files", spool->dir);
    if (!tdri_spool_segments_reserve(spool))
        return tdri_err_set(err, TDREST_ENOMEM, NULL);
    *fd = spool->files.open(spool->files.context, tdri_spool_path(spool, 0, tdri_spool_segment_name(number)), TDRI_FILES_APPEND);
    if (*fd < 0)
        return tdri_spool_failed(spool, err, "create a file", *fd);
    spool->next++;
    return TDREST_OK;
}

static void begin_segment(tdri_spool *spool, uint32_t number, int fd)
{
    tdri_spool_writing *w = &spool->writing;

    tdri_spool_segments_add(spool, number);
    w->segment = number;
    w->fd = fd;
    w->place = 0;
    w->size = w->synced = 0;
    w->dirty = w->suspect = 0;
    w->new_name = 1;
}

/* ---- after a failed sync ---- */

/* The records in `unsynced` become those of that segment; where the first one is. */
static size_t move_unsynced(tdri_spool *spool, uint32_t segment)
{
    tdri_buf *buf = &spool->writing.unsynced;
    const size_t first = spool->writing.synced == 0 ? TDRI_SPOOL_FILE_HEAD : 0;

    for (size_t at = first; at < buf->len; at += tdri_spool_record_length(buf->data + at))
        tdri_spool_move_record(&spool->table, segment, buf->data + at);
    return first;
}

static int write_again(tdri_spool *spool, uint32_t number, int fd)
{
    const tdri_buf *unsynced = &spool->writing.unsynced;
    const size_t first = move_unsynced(spool, number);
    char bytes[TDRI_SPOOL_FILE_HEAD];
    int rc;

    tdri_spool_write_head(bytes, &spool->table, number);
    rc = tdri_spool_write_all(spool, fd, (tdri_files_bytes){bytes, sizeof bytes}, (tdri_files_bytes){unsynced->data + first, unsynced->len - first});
    spool->syncs++;
    if (rc == 0)
        rc = spool->files.sync(spool->files.context, fd);
    if (rc == 0)
        rc = tdri_spool_sync_names(spool);
    if (rc < 0)
        (void)move_unsynced(spool, spool->writing.segment); /* for the reader, who knows them by their old place */
    return rc < 0 ? rc : 0;
}

static void all_stored(tdri_spool *spool)
{
    spool->writing.synced = spool->writing.size;
    tdri_buf_reset(&spool->writing.unsynced);
    spool->stored = spool->appended;
    spool->unstored = 0;
}

/* The old file is cut where it was last known good, if it can be; else the reader knows the copies by their numbers. */
static void leave_suspect(tdri_spool *spool)
{
    const tdri_spool_writing *w = &spool->writing;

    if (spool->files.truncate(spool->files.context, w->fd, w->synced) == 0)
        tdri_spool_measure(spool, w->segment, w->synced);
    (void)spool->files.close(spool->files.context, w->fd);
}

static int replace_suspect(tdri_spool *spool, tdrest_error *err)
{
    tdri_spool_writing *w = &spool->writing;
    const size_t first = w->synced == 0 ? TDRI_SPOOL_FILE_HEAD : 0;
    const uint32_t number = spool->next;
    int fd = -1, rc = make_segment(spool, &fd, err);

    w->tried = now_ms(spool);
    if (rc != TDREST_OK)
        return rc;
    rc = write_again(spool, number, fd);
    if (rc < 0) {
        (void)spool->files.close(spool->files.context, fd);
        (void)spool->files.unlink(spool->files.context, tdri_spool_path(spool, 0, tdri_spool_segment_name(number)));
        return tdri_spool_failed(spool, err, "sync", rc);
    }
    leave_suspect(spool);
    begin_segment(spool, number, fd);
    w->size = (int64_t)(TDRI_SPOOL_FILE_HEAD + w->unsynced.len - first);
    w->new_name = 0;
    tdri_spool_measure(spool, number, w->size);
    all_stored(spool);
    return TDREST_OK;
}

/* ---- syncing ---- */

static int sync_now(tdri_spool *spool, tdrest_error *err)
{
    tdri_spool_writing *w = &spool->writing;
    int rc;

    if (w->suspect)
        return replace_suspect(spool, err);
    if (w->unsynced.len == 0)
        return TDREST_OK;
    spool->syncs++;
    rc = spool->files.sync(spool->files.context, w->fd);
    if (rc >= 0 && w->new_name)
        rc = tdri_spool_sync_names(spool);
    if (rc < 0) {
        /* Syncing it again could succeed without having written anything. */
        tdri_spool_tell(spool, TDRI_SPOOL_EVENT_SYNC, tdri_spool_segment_name(w->segment), &(tdri_spool_event){.records = -1, .rows = -1, .error = -rc});
        w->suspect = 1;
        return replace_suspect(spool, err);
    }
    w->new_name = 0;
    all_stored(spool);
    return TDREST_OK;
}

int64_t tdri_spool_wait(const tdri_spool *spool)
{
    const tdri_spool_writing *w = &spool->writing;
    int64_t due;

    if (w->unsynced.len == 0)
        return -1;
    if (w->suspect)
        due = w->tried + AGAIN_MS;
    else
        due = w->since + (spool->config.sync == TDRI_SPOOL_SYNC_INTERVAL ? spool->config.interval_ms : 0);
    due -= now_ms(spool);
    return due > 0 ? due : 0;
}

int tdri_spool_sync(tdri_spool *spool, tdrest_error *err)
{
    const int rc = tdri_spool_usable(spool, err);

    return rc != TDREST_OK || tdri_spool_wait(spool) != 0 ? rc : sync_now(spool, err);
}

uint64_t tdri_spool_stored(const tdri_spool *spool)
{
    return spool->config.sync == TDRI_SPOOL_SYNC_NEVER ? 0 : spool->stored;
}

int tdri_spool_seal(tdri_spool *spool, tdrest_error *err)
{
    tdri_spool_writing *w = &spool->writing;
    const int rc = sync_now(spool, err);

    if (rc != TDREST_OK)
        return rc;
    (void)spool->files.close(spool->files.context, w->fd);
    w->fd = -1;
    w->segment = 0;
    w->dirty = 0;
    return TDREST_OK;
}

/* ---- appending ---- */

/* What a failed write left is cut off; a file where that fails is written no more. */
static int clean_end(tdri_spool *spool, tdrest_error *err)
{
    tdri_spool_writing *w = &spool->writing;

    if (!w->dirty)
        return TDREST_OK;
    w->dirty = spool->files.truncate(spool->files.context, w->fd, w->size) != 0;
    return w->dirty ? tdri_spool_seal(spool, err) : TDREST_OK;
}

static int prepare(tdri_spool *spool, size_t size, tdrest_error *err)
{
    tdri_spool_writing *w = &spool->writing;
    int fd = -1, rc = w->suspect ? replace_suspect(spool, err) : clean_end(spool, err);

    if (rc == TDREST_OK && w->segment != 0 && w->size > 0 && (uint64_t)w->size + size > spool->config.segment_bytes)
        rc = tdri_spool_seal(spool, err);
    if (rc == TDREST_OK)
        rc = tdri_spool_room(spool, w->segment == 0 ? 0 : w->size, (w->segment == 0 || w->size == 0 ? TDRI_SPOOL_FILE_HEAD : w->size) + (int64_t)size, err);
    if (rc != TDREST_OK || w->segment != 0)
        return rc;
    rc = make_segment(spool, &fd, err);
    if (rc == TDREST_OK)
        begin_segment(spool, spool->next - 1, fd);
    return rc;
}

static void wrote(tdri_spool *spool, size_t len)
{
    tdri_spool_writing *w = &spool->writing;

    w->place++;
    w->size += (int64_t)len;
    tdri_spool_measure(spool, w->segment, w->size);
    if (spool->config.sync == TDRI_SPOOL_SYNC_NEVER) {
        w->synced = w->size;
        tdri_buf_reset(&w->unsynced);
        return;
    }
    if (spool->unstored++ == 0)
        w->since = now_ms(spool);
}

/* One write for the record, and for the file's header when it is the first. Only what will be synced is kept as well. */
static int write_record(tdri_spool *spool, const tdri_spool_record *record, uint64_t number, tdrest_error *err)
{
    tdri_spool_writing *w = &spool->writing;
    const int is_kept = spool->config.sync != TDRI_SPOOL_SYNC_NEVER;
    const size_t from = w->unsynced.len;
    tdri_files_bytes front, body = {record->body.text, is_kept ? 0 : record->body.len};
    tdri_spool_record numbered = *record;
    char head[TDRI_SPOOL_FILE_HEAD];
    int rc;

    numbered.number = number;
    numbered.code = 0;
    numbered.reason.len = 0;
    if (w->size == 0) {
        tdri_spool_write_head(head, &spool->table, w->segment);
        tdri_buf_add(&w->unsynced, head, sizeof head);
    }
    (is_kept ? tdri_spool_put_record : tdri_spool_put_front)(&w->unsynced, &spool->table, w->segment, &numbered);
    rc = tdri_buf_code(&w->unsynced);
    if (rc != TDREST_OK) {
        tdri_buf_cut(&w->unsynced, from);
        return tdri_err_set(err, rc, NULL);
    }
    front = (tdri_files_bytes){w->unsynced.data + from, w->unsynced.len - from};
    rc = tdri_spool_write_all(spool, w->fd, front, body);
    if (rc < 0) {
        w->dirty = spool->files.truncate(spool->files.context, w->fd, w->size) != 0;
        tdri_buf_cut(&w->unsynced, from);
        return tdri_spool_failed(spool, err, "write", rc);
    }
    wrote(spool, front.len + body.len);
    return TDREST_OK;
}

int tdri_spool_append(tdri_spool *spool, const tdri_spool_record *record, uint64_t *number, tdrest_error *err)
{
    const size_t size = tdri_spool_record_size(record);
    int rc = tdri_spool_usable(spool, err);
    uint64_t next;

    *number = 0;
    if (rc != TDREST_OK)
        return rc;
    if (record->body.len == 0 || size - TDRI_SPOOL_RECORD_HEAD > TDRI_SPOOL_CONTENT_MAX)
        return tdri_err_set(err, TDREST_ERANGE, "spool %s: a batch has 1 to %d bytes", spool->dir, TDRI_SPOOL_CONTENT_MAX);
    rc = prepare(spool, size, err);
    if (rc != TDREST_OK)
        return rc;
    next = (uint64_t)spool->writing.segment << 32 | (spool->writing.place + 1);
    rc = write_record(spool, record, next, err);
    if (rc == TDREST_OK)
        *number = spool->appended = next;
    return rc;
}
