/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A spool for those who look: what is in it, and away with it. Delivers nothing. */
#include "config/options.h"
#include "spool/load.h"
#include "spool/spool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The directory; NULL: none is set, which is told. */
static const char *directory(tdrest_options *options)
{
    const char *dir = tdri_opts_text(options, TDRI_OPT_SPOOL_DIR);

    tdri_err_reset(&options->err);
    if (dir != NULL && *dir != '\0')
        return dir;
    (void)tdri_err_set(&options->err, TDREST_EUSAGE, "spool_dir: expected the directory of a spool");
    return NULL;
}

/* ---- list ---- */

typedef struct lister {
    tdrest_spool_callback *take;
    void *context;
    uint64_t last; /* number of the newest record that is to be sent */
    tdri_buf texts;
} lister;

static int state_of(const tdri_spool_item *item)
{
    if (item->newer)
        return TDREST_SPOOL_NEWER;
    if (item->piece.kind == TDRI_SPOOL_DAMAGE)
        return TDREST_SPOOL_DAMAGED;
    if (item->piece.kind == TDRI_SPOOL_TORN)
        return TDREST_SPOOL_TORN;
    return item->kind == TDRI_SPOOL_FILE_REJECTED ? TDREST_SPOOL_REJECTED : TDREST_SPOOL_WAITING;
}

/* What is there twice, or was delivered already, is of no interest. */
static int is_told(lister *l, const tdri_spool_item *item)
{
    if (item->newer || item->piece.kind == TDRI_SPOOL_DAMAGE || item->piece.kind == TDRI_SPOOL_TORN)
        return 1;
    if (item->piece.kind == TDRI_SPOOL_END || item->kind == TDRI_SPOOL_FILE_DAMAGED)
        return 0;
    if (item->kind == TDRI_SPOOL_FILE_REJECTED)
        return 1;
    if (item->piece.record.number <= l->last)
        return 0;
    l->last = item->piece.record.number;
    return 1;
}

static int tell(void *context, const tdri_spool_item *item)
{
    lister *l = (lister *)context;
    const tdri_spool_record *record = &item->piece.record;
    tdrest_spool_entry entry = {.size = sizeof entry, .file = item->file, .state = state_of(item), .rows = -1, .bytes = (int64_t)item->piece.len,
                                .database = "", .reason = "", .text = ""};
    size_t reason;

    if (!is_told(l, item))
        return 0;
    if (entry.state != TDREST_SPOOL_WAITING && entry.state != TDREST_SPOOL_REJECTED)
        return l->take(l->context, &entry);
    tdri_buf_reset(&l->texts);
    tdri_buf_add(&l->texts, record->database.text, record->database.len);
    tdri_buf_add_char(&l->texts, '\0');
    reason = l->texts.len;
    tdri_buf_add(&l->texts, record->reason.text, record->reason.len);
    if (tdri_buf_code(&l->texts) != TDREST_OK)
        return -ENOMEM;
    entry.database = tdri_buf_text(&l->texts);
    entry.reason = entry.database + reason;
    entry.number = record->number;
    entry.protocol = record->protocol;
    entry.rows = record->rows == 0 ? -1 : record->rows;
    entry.server_code = (int)record->code;
    entry.text = record->body.text;
    entry.len = record->body.len;
    return l->take(l->context, &entry);
}

int tdrest_spool_list(tdrest_options *options, tdrest_spool_callback *take, void *context)
{
    lister l = {.take = take, .context = context};
    const char *dir;
    int rc;

    if (options == NULL || take == NULL)
        return options == NULL ? TDREST_EUSAGE : tdri_err_set(&options->err, TDREST_EUSAGE, "take: expected a function");
    dir = directory(options);
    if (dir == NULL)
        return TDREST_EUSAGE;
    tdri_buf_init(&l.texts, &options->mem, SIZE_MAX);
    rc = tdri_spool_walk(dir, NULL, &options->mem, tell, &l, &options->err);
    tdri_buf_clear(&l.texts);
    return rc;
}

/* ---- drop ---- */

typedef struct dropper {
    const tdri_files *files;
    tdri_buf path;
    size_t dir_len; /* of the path, with its slash */
    tdri_spool_names names;
    int64_t removed;
} dropper;

static const char *path_of(dropper *d, const char *name)
{
    tdri_buf_cut(&d->path, d->dir_len);
    tdri_buf_add_text(&d->path, name);
    return tdri_buf_code(&d->path) == TDREST_OK ? tdri_buf_text(&d->path) : NULL;
}

/* The oldest first, each durably: what is left when the power goes is what a writer would have sent last. */
static int remove_files(dropper *d, const char *dir)
{
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < d->names.count; i++) {
        char name[TDRI_SPOOL_NAME];
        const char *path;

        tdri_spool_name_put(name, d->names.at[i]);
        path = path_of(d, name);
        rc = path == NULL ? -ENOMEM : d->files->unlink(d->files->context, path);
        if (rc == 0)
            rc = d->files->sync_dir(d->files->context, dir);
        d->removed += rc == 0;
    }
    return rc;
}

/* Those of a writer come or go only while it has the lock. */
static int drop(dropper *d, const char *dir, const tdrest_allocator *mem)
{
    const char *path = path_of(d, "lock");
    int fd, rc;

    if (path == NULL)
        return -ENOMEM;
    rc = tdri_spool_names_list(&d->names, d->files, dir, mem);
    if (rc < 0 || d->names.count == 0)
        return rc; /* a directory that is no spool gets no lock */
    fd = d->files->open(d->files->context, path, TDRI_FILES_LOCK);
    if (fd < 0)
        return fd;
    rc = d->files->lock(d->files->context, fd);
    if (rc == 0)
        rc = tdri_spool_names_list(&d->names, d->files, dir, mem);
    if (rc == 0)
        rc = remove_files(d, dir);
    (void)d->files->close(d->files->context, fd);
    return rc;
}

int tdrest_spool_drop(tdrest_options *options, int64_t *removed)
{
    dropper d = {.files = &tdri_files_system};
    const char *dir;
    int rc;

    if (removed != NULL)
        *removed = 0;
    dir = options == NULL ? NULL : directory(options);
    if (dir == NULL)
        return TDREST_EUSAGE;
    tdri_buf_init(&d.path, &options->mem, SIZE_MAX);
    tdri_buf_add_text(&d.path, dir);
    tdri_buf_add_char(&d.path, '/');
    d.dir_len = d.path.len;
    rc = drop(&d, dir, &options->mem);
    tdri_mem_free(&options->mem, d.names.at);
    tdri_buf_clear(&d.path);
    if (removed != NULL)
        *removed = d.removed;
    if (rc == 0)
        return TDREST_OK;
    if (rc == -ENOMEM)
        return tdri_err_set(&options->err, TDREST_ENOMEM, NULL);
    return rc == -EWOULDBLOCK ? tdri_err_set(&options->err, TDREST_EOPTION, "spool_dir: %s is in use by another writer", dir)
        : tdri_err_set(&options->err, TDREST_ESPOOL, "spool %s: cannot remove its files: %s", dir, strerror(-rc));
}
