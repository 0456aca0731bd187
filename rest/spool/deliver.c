/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Which record is sent next, and what became of it. Knows no requests. */
#include "spool/state.h"

#include <string.h>

/*
 * What was delivered and then lost by a power cut would let an older record of the same file, which comes again, have the last word. While the disk
 * refuses to sync, what is in memory is sent all the same.
 */
static int may_go(const tdri_spool *spool, uint64_t number)
{
    return spool->config.sync == TDRI_SPOOL_SYNC_NEVER || spool->writing.suspect || spool->unstored == 0 || number <= spool->stored ||
           number >> 32 <= spool->tail;
}

int tdri_spool_next(tdri_spool *spool, uint64_t after, tdri_spool_record *out, tdrest_error *err)
{
    const tdri_spool_reading *r = &spool->reading;
    int rc = tdri_spool_usable(spool, err);

    if (rc != TDREST_OK)
        return rc;
    (void)tdri_spool_remove_done(spool);
    rc = tdri_spool_settle(spool, err);
    if (rc != TDREST_OK)
        return rc;
    for (size_t i = r->first; i < r->count; i++) {
        if (r->out[i].done || r->out[i].number <= after)
            continue;
        if (!may_go(spool, r->out[i].number))
            break;
        tdri_spool_read_again(spool, &r->out[i], out);
        return TDREST_ROW;
    }
    return TDREST_DONE;
}

/* NULL: it is not out. */
static tdri_spool_out *find_out(const tdri_spool *spool, uint64_t number)
{
    const tdri_spool_reading *r = &spool->reading;

    for (size_t i = r->first; i < r->count; i++)
        if (r->out[i].number == number)
            return r->out[i].done ? NULL : &r->out[i];
    return NULL;
}

static void done_with(tdri_spool *spool, tdri_spool_out *out)
{
    tdri_spool_reading *r = &spool->reading;
    tdrest_error later; /* what fails now is told by the next call */

    tdri_err_reset(&later);
    out->done = 1;
    r->left--;
    while (r->first < r->count && r->out[r->first].done)
        r->first++;
    if (r->left == 0)
        (void)tdri_spool_settle(spool, &later);
}

int tdri_spool_delivered(tdri_spool *spool, uint64_t number, tdrest_error *err)
{
    const int rc = tdri_spool_usable(spool, err);
    tdri_spool_out *out = rc == TDREST_OK ? find_out(spool, number) : NULL;

    if (out != NULL)
        done_with(spool, out);
    return rc;
}

/* ---- rejected ---- */

static void put_rejected(tdri_spool *spool, tdri_spool_record *record, const tdri_spool_refused *refused, size_t count, tdri_buf *buf)
{
    const uint32_t segment = (uint32_t)(record->number >> 32);
    char head[TDRI_SPOOL_FILE_HEAD];

    tdri_spool_write_head(head, &spool->table, segment);
    tdri_buf_add(buf, head, sizeof head);
    for (size_t i = 0; i < count; i++) {
        record->rows = refused[i].rows;
        record->code = refused[i].code;
        record->reason = refused[i].reason;
        record->body = refused[i].body;
        tdri_spool_put_record(buf, &spool->table, segment, record);
    }
}

/* The file is on the disk before the record goes. 0; -1: it cannot be had now. */
static int write_rejected(tdri_spool *spool, tdri_spool_name name, const tdri_buf *buf)
{
    const int64_t blocks = tdri_spool_blocks((int64_t)buf->len);
    const char *path = tdri_spool_path(spool, 0, name);
    int fd, rc;

    if (tdri_buf_code(buf) != TDREST_OK || (spool->config.max_bytes > 0 && (spool->blocks + blocks) * TDRI_SPOOL_BLOCK > spool->config.max_bytes))
        return -1;
    fd = spool->files.open(spool->files.context, path, TDRI_FILES_REPLACE);
    if (fd < 0)
        return -1;
    rc = tdri_spool_write_all(spool, fd, (tdri_files_bytes){buf->data, buf->len}, (tdri_files_bytes){NULL, 0});
    spool->syncs++;
    if (rc >= 0)
        rc = spool->files.sync(spool->files.context, fd);
    (void)spool->files.close(spool->files.context, fd);
    if (rc >= 0)
        rc = tdri_spool_sync_names(spool);
    if (rc >= 0)
        spool->blocks += blocks;
    else
        (void)spool->files.unlink(spool->files.context, path);
    return rc < 0 ? -1 : 0;
}

int tdri_spool_reject(tdri_spool *spool, uint64_t number, const tdri_spool_refused *refused, size_t count, tdrest_error *err)
{
    const int rc = tdri_spool_usable(spool, err);
    tdri_spool_out *out = rc == TDREST_OK ? find_out(spool, number) : NULL;
    tdri_spool_record record;
    tdri_buf buf;

    if (out == NULL)
        return rc;
    tdri_spool_read_again(spool, out, &record);
    tdri_buf_init(&buf, &spool->mem, TDRI_SPOOL_FILE_MAX);
    put_rejected(spool, &record, refused, count, &buf);
    if (tdri_buf_code(&buf) == TDREST_ENOMEM) {
        tdri_buf_clear(&buf);
        return tdri_err_set(err, TDREST_ENOMEM, NULL);
    }
    if (write_rejected(spool, (tdri_spool_name){TDRI_SPOOL_FILE_REJECTED, number}, &buf) != 0)
        spool->segments.at[spool->segments.first + spool->segments.done].fate = TDRI_SPOOL_KEEP_REJECTED;
    tdri_buf_clear(&buf);
    done_with(spool, out);
    return TDREST_OK;
}
