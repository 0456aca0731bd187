/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Reading the oldest file as it grows, and removing files that are delivered. Knows nothing of who sends. */
#include "spool/load.h"
#include "spool/state.h"

#include <errno.h>
#include <string.h>

enum { TRIES = 20 }; /* to read a file, which callers space; then what cannot be read counts as damaged */

static tdri_spool_segment *current(const tdri_spool *spool)
{
    const tdri_spool_segments *list = &spool->segments;

    return list->first + list->done < list->count ? &list->at[list->first + list->done] : NULL;
}

static void tell_damage(tdri_spool *spool, size_t from, size_t len, int error)
{
    tdri_spool_segment *segment = current(spool);

    segment->fate = TDRI_SPOOL_KEEP_DAMAGED;
    tdri_spool_tell(spool, TDRI_SPOOL_EVENT_DAMAGED, tdri_spool_segment_name(segment->number),
                    &(tdri_spool_event){.from = from, .len = len, .records = -1, .rows = -1, .error = error});
}

/* ---- bytes ---- */

static int is_written(const tdri_spool *spool)
{
    return spool->reading.segment == spool->writing.segment;
}

/* What of the written file may not be on the disk is still in memory. */
static int add_unsynced(tdri_spool *spool)
{
    const tdri_spool_writing *w = &spool->writing;
    tdri_buf *bytes = &spool->reading.bytes;

    while ((int64_t)bytes->len < w->synced && tdri_buf_code(bytes) == TDREST_OK)
        tdri_buf_add_char(bytes, '\0'); /* somebody cut the file */
    if ((int64_t)bytes->len < w->size) {
        const size_t have = (size_t)((int64_t)bytes->len - w->synced);

        tdri_buf_add(bytes, w->unsynced.data + have, w->unsynced.len - have);
    }
    return tdri_buf_code(bytes) == TDREST_OK ? 0 : -ENOMEM;
}

static int load_more(tdri_spool *spool)
{
    tdri_spool_reading *r = &spool->reading;
    const int written = is_written(spool);
    const char *path = tdri_spool_path(spool, 0, tdri_spool_segment_name(r->segment));
    int rc = 0;

    if (!written || (int64_t)r->bytes.len < spool->writing.synced)
        rc = tdri_spool_load(&spool->files, path, written ? spool->writing.synced : INT64_MAX, r->tries >= TRIES, &r->bytes);
    if (rc == 0 && written)
        rc = add_unsynced(spool);
    r->whole = rc == 0 && !written;
    return rc;
}

/* A file that cannot be read: later, when it is for want of something here, or may have been a moment's failure. */
static int load_failed(tdri_spool *spool, int error, tdrest_error *err)
{
    tdri_spool_reading *r = &spool->reading;
    const int wants = error == -ENOMEM || error == -EMFILE || error == -ENFILE, none = error == -ENOENT || error == -EFBIG || error == -EINVAL;

    if (wants || (!none && r->tries++ < TRIES))
        return tdri_spool_failed(spool, err, "read a file", error);
    tell_damage(spool, r->bytes.len, 0, -error);
    r->whole = 1;
    r->pos = r->bytes.len;
    return TDREST_OK;
}

/* ---- records ---- */

static int add_out(tdri_spool *spool, const tdri_spool_piece *piece)
{
    tdri_spool_reading *r = &spool->reading;
    tdri_spool_out *more;
    size_t cap;

    if (piece->record.number <= r->last)
        return 1; /* a copy */
    if (r->count == r->cap) {
        cap = r->cap == 0 ? 32 : r->cap * 2;
        more = (tdri_spool_out *)tdri_mem_resize(&spool->mem, r->out, cap * sizeof *more);
        if (more == NULL)
            return 0;
        r->out = more;
        r->cap = cap;
    }
    r->out[r->count++] = (tdri_spool_out){piece->record.number, piece->from, piece->len, 0};
    r->left++;
    r->last = piece->record.number;
    return 1;
}

static void torn_end(tdri_spool *spool, const tdri_spool_piece *piece)
{
    if (spool->reading.segment != spool->tail)
        tell_damage(spool, piece->from, piece->len, 0);
}

static void read_head(tdri_spool *spool)
{
    tdri_spool_reading *r = &spool->reading;

    r->pos = r->bytes.len < TDRI_SPOOL_FILE_HEAD ? r->bytes.len : TDRI_SPOOL_FILE_HEAD;
    switch (tdri_spool_read_head(&spool->table, r->segment, tdri_buf_text(&r->bytes), r->bytes.len)) {
    case TDRI_SPOOL_HEAD_GOOD: break;
    case TDRI_SPOOL_HEAD_DAMAGED: tell_damage(spool, 0, r->pos, 0); break;
    case TDRI_SPOOL_HEAD_SHORT:
        if (r->bytes.len >= TDRI_SPOOL_FILE_HEAD)
            tell_damage(spool, 0, r->bytes.len, 0);
        r->pos = r->bytes.len;
        break;
    case TDRI_SPOOL_HEAD_NEWER:
        current(spool)->fate = TDRI_SPOOL_LEAVE;
        tdri_spool_tell(spool, TDRI_SPOOL_EVENT_NEWER, tdri_spool_segment_name(r->segment), &(tdri_spool_event){.records = -1, .rows = -1});
        r->pos = r->bytes.len;
        break;
    }
}

static int scan(tdri_spool *spool, tdrest_error *err)
{
    tdri_spool_reading *r = &spool->reading;
    tdri_spool_piece piece = {.kind = TDRI_SPOOL_RECORD};

    if (r->pos == 0 && (r->whole || r->bytes.len >= TDRI_SPOOL_FILE_HEAD))
        read_head(spool);
    while (r->pos < r->bytes.len) {
        tdri_spool_scan(&spool->table, r->segment, r->bytes.data, r->bytes.len, r->pos, &piece);
        if (piece.kind == TDRI_SPOOL_RECORD && !add_out(spool, &piece))
            return tdri_err_set(err, TDREST_ENOMEM, NULL);
        if (piece.kind == TDRI_SPOOL_DAMAGE)
            tell_damage(spool, piece.from, piece.len, 0);
        if (piece.kind == TDRI_SPOOL_TORN)
            torn_end(spool, &piece);
        r->pos = piece.from + piece.len;
    }
    return TDREST_OK;
}

static void begin_reading(tdri_spool *spool, uint32_t segment)
{
    tdri_spool_reading *r = &spool->reading;

    r->segment = segment;
    tdri_buf_reset(&r->bytes);
    r->pos = r->count = r->left = r->first = 0;
    r->whole = r->tries = 0;
}

int tdri_spool_read(tdri_spool *spool, tdrest_error *err)
{
    tdri_spool_reading *r = &spool->reading;
    int rc;

    if (r->segment == 0 && current(spool) == NULL)
        return TDREST_OK;
    if (r->segment == 0)
        begin_reading(spool, current(spool)->number);
    if (r->whole && r->pos == r->bytes.len)
        return TDREST_OK;
    if (!r->whole && (!is_written(spool) || (int64_t)r->bytes.len < spool->writing.size)) {
        rc = load_more(spool);
        if (rc < 0 && (rc = load_failed(spool, rc, err)) != TDREST_OK)
            return rc;
    }
    return scan(spool, err);
}

void tdri_spool_read_again(const tdri_spool *spool, const tdri_spool_out *out, tdri_spool_record *record)
{
    tdri_spool_piece piece;

    tdri_spool_scan(&spool->table, spool->reading.segment, spool->reading.bytes.data, out->from + out->len, out->from, &piece);
    *record = piece.record;
}

/* ---- removing ---- */

static int remove_one(tdri_spool *spool, const tdri_spool_segment *segment)
{
    const tdri_spool_name name = tdri_spool_segment_name(segment->number);
    const tdri_spool_name kept[] = {
        [TDRI_SPOOL_KEEP_DAMAGED] = {TDRI_SPOOL_FILE_DAMAGED, segment->number},
        [TDRI_SPOOL_KEEP_REJECTED] = {TDRI_SPOOL_FILE_REJECTED, (uint64_t)segment->number << 32},
    };
    const char *path = tdri_spool_path(spool, 0, name);
    int rc;

    if (segment->fate == TDRI_SPOOL_LEAVE)
        return 0;
    if (segment->fate == TDRI_SPOOL_REMOVE)
        rc = spool->files.unlink(spool->files.context, path);
    else
        rc = spool->files.rename(spool->files.context, path, tdri_spool_path(spool, 1, kept[segment->fate]));
    if (rc == -ENOENT)
        return 0;
    if (rc < 0)
        return rc;
    spool->removal = 1;
    return 0;
}

static void tell_stuck(tdri_spool *spool, int error)
{
    const tdri_spool_segment *segment = &spool->segments.at[spool->segments.first];

    if (!spool->stuck)
        tdri_spool_tell(spool, TDRI_SPOOL_EVENT_STUCK, tdri_spool_segment_name(segment->number), &(tdri_spool_event){.records = -1, .rows = -1, .error = -error});
    spool->stuck = 1;
}

/* The removal of one file is durable before the next one goes: an old value must not come back over a newer one. */
int tdri_spool_remove_done(tdri_spool *spool)
{
    tdri_spool_segments *list = &spool->segments;
    int rc = 0;

    while (rc >= 0 && (list->done > 0 || spool->removal)) {
        if (spool->removal) {
            rc = tdri_spool_sync_names(spool);
            spool->removal = rc < 0;
            continue;
        }
        rc = remove_one(spool, &list->at[list->first]);
        if (rc < 0) {
            tell_stuck(spool, rc);
            break;
        }
        if (list->at[list->first].fate == TDRI_SPOOL_REMOVE)
            spool->blocks -= (int64_t)list->at[list->first].blocks;
        list->first++;
        list->done--;
    }
    if (list->done == 0)
        spool->stuck = 0;
    return rc < 0 ? rc : 0;
}

void tdri_spool_finish(tdri_spool *spool)
{
    begin_reading(spool, 0);
    spool->segments.done++;
    (void)tdri_spool_remove_done(spool);
}

int tdri_spool_settle(tdri_spool *spool, tdrest_error *err)
{
    int rc;

    for (;;) {
        rc = tdri_spool_read(spool, err);
        if (rc != TDREST_OK || spool->reading.segment == 0 || spool->reading.left > 0 || !spool->reading.whole)
            return rc;
        tdri_spool_finish(spool);
    }
}
