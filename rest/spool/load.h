/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A file's bytes into memory. Knows nothing of what they say. */
#ifndef TDRI_SPOOL_LOAD_H
#define TDRI_SPOOL_LOAD_H

#include "base/buf.h"
#include "spool/files.h"

/*
 * Appends what the file holds behind the first buf->len bytes, up to its end or to `to`. Blocks that the disk cannot read are zeros
 * with `patch`, else an error. 0, or -errno: the file cannot be opened or read, -ENOMEM, or -EFBIG: it has more bytes than the buf may.
 */
int tdri_spool_load(const tdri_files *files, const char *path, int64_t to, int patch, tdri_buf *buf);

#endif
