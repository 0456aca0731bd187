/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A file's bytes into memory, with zeros for what cannot be read. Knows nothing of what they say. */
#include "spool/load.h"

#include <errno.h>
#include <string.h>

enum { BLOCK = 4096 };

/* At most len bytes at `out`: those that were read, or a block of zeros where the disk is broken. */
static int64_t read_some(const tdri_files *files, int fd, char *out, size_t len, int64_t from, int patch)
{
    int64_t got = files->read(files->context, fd, out, len, from);
    size_t block = BLOCK - (size_t)(from % BLOCK);

    if (got >= 0 || !patch)
        return got;
    block = block < len ? block : len;
    got = files->read(files->context, fd, out, block, from);
    if (got >= 0)
        return got;
    memset(out, 0, block);
    return (int64_t)block;
}

static int load(const tdri_files *files, int fd, int64_t to, int patch, tdri_buf *buf)
{
    while ((int64_t)buf->len < to) {
        const size_t more = (size_t)(to - (int64_t)buf->len);
        int64_t got;

        if (!tdri_buf_reserve(buf, more))
            return -ENOMEM;
        got = read_some(files, fd, buf->data + buf->len, more, (int64_t)buf->len, patch);
        if (got <= 0)
            return (int)got;
        buf->len += (size_t)got;
        buf->data[buf->len] = '\0';
    }
    return 0;
}

int tdri_spool_load(const tdri_files *files, const char *path, int64_t to, int patch, tdri_buf *buf)
{
    const int64_t size = files->size(files->context, path);
    int fd, rc;

    if (size < 0)
        return (int)size;
    to = to < size ? to : size;
    if (to > 0 && (uint64_t)to > buf->max)
        return -EFBIG;
    fd = files->open(files->context, path, TDRI_FILES_READ);
    if (fd < 0)
        return fd;
    buf->failed = 0;
    rc = load(files, fd, to, patch, buf);
    (void)files->close(files->context, fd);
    return rc;
}
