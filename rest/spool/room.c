/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The limit on what a spool takes of the disk, and what gives way there. Knows nothing of delivery. */
#include "spool/state.h"

#include <errno.h>
#include <inttypes.h>

/* Of the files that are kept, the one of the lowest number. */
typedef struct oldest {
    tdri_spool_name name;
    int found;
} oldest;

static int take_kept(void *to, const char *text)
{
    oldest *kept = (oldest *)to;
    tdri_spool_name name;

    if (!tdri_spool_name_read(text, &name) || name.kind == TDRI_SPOOL_FILE_SEGMENT)
        return 0;
    if (!kept->found || tdri_spool_name_segment(name) < tdri_spool_name_segment(kept->name) ||
        (tdri_spool_name_segment(name) == tdri_spool_name_segment(kept->name) && name.number < kept->name.number))
        kept->name = name;
    kept->found = 1;
    return 0;
}

/* 1; 0: there is none; -errno. */
static int drop_kept(tdri_spool *spool)
{
    oldest kept = {.found = 0};
    const char *path;
    int64_t size;
    int rc = spool->files.list(spool->files.context, spool->dir, take_kept, &kept);

    if (rc < 0 || !kept.found)
        return rc;
    path = tdri_spool_path(spool, 0, kept.name);
    size = spool->files.size(spool->files.context, path);
    rc = spool->files.unlink(spool->files.context, path);
    if (rc < 0 && rc != -ENOENT)
        return rc;
    spool->blocks -= size > 0 ? tdri_spool_blocks(size) : 0;
    (void)tdri_spool_sync_names(spool);
    tdri_spool_tell(spool, TDRI_SPOOL_EVENT_DROPPED, kept.name, &(tdri_spool_event){.len = size > 0 ? (uint64_t)size : 0, .records = -1, .rows = -1});
    return 1;
}

/* What is still to be delivered of the file that is read. */
static void count_left(const tdri_spool *spool, tdri_spool_event *event)
{
    const tdri_spool_reading *r = &spool->reading;
    tdri_spool_record record;

    event->records = (int64_t)r->left;
    event->rows = 0;
    for (size_t i = 0; i < r->count; i++) {
        if (r->out[i].done)
            continue;
        tdri_spool_read_again(spool, &r->out[i], &record);
        event->rows += record.rows;
    }
}

static int drop_segment(tdri_spool *spool, tdrest_error *err)
{
    const tdri_spool_segments *list = &spool->segments;
    tdri_spool_segment *segment = &list->at[list->first + list->done];
    tdri_spool_event event = {.records = -1, .rows = -1};
    tdrest_error ignored;
    int rc;

    if (segment->number == spool->writing.segment) {
        rc = tdri_spool_seal(spool, err);
        if (rc != TDREST_OK)
            return rc;
        segment = &list->at[list->first + list->done]; /* the list may have moved */
    }
    tdri_err_reset(&ignored);
    if (tdri_spool_read(spool, &ignored) == TDREST_OK)
        count_left(spool, &event);
    event.len = (uint64_t)spool->reading.bytes.len;
    if (segment->fate != TDRI_SPOOL_LEAVE) {
        segment->fate = TDRI_SPOOL_REMOVE;
        tdri_spool_tell(spool, TDRI_SPOOL_EVENT_DROPPED, tdri_spool_segment_name(segment->number), &event);
    }
    tdri_spool_finish(spool);
    return TDREST_OK;
}

static int drop_oldest(tdri_spool *spool, tdrest_error *err)
{
    const tdri_spool_segments *list = &spool->segments;
    int rc = tdri_spool_remove_done(spool);

    if (rc == 0)
        rc = drop_kept(spool);
    if (rc < 0)
        return tdri_spool_failed(spool, err, "remove a file", rc);
    if (rc > 0)
        return TDREST_OK;
    if (list->first + list->done == list->count)
        return TDREST_FULL;
    return drop_segment(spool, err);
}

int tdri_spool_room(tdri_spool *spool, int64_t from, int64_t to, tdrest_error *err)
{
    const int64_t more = tdri_spool_blocks(to) - tdri_spool_blocks(from), max = spool->config.max_bytes;
    int rc = TDREST_OK;

    while (rc == TDREST_OK && max > 0 && (spool->blocks + more) * TDRI_SPOOL_BLOCK > max)
        rc = spool->config.drop_oldest ? drop_oldest(spool, err) : TDREST_FULL;
    return rc;
}
