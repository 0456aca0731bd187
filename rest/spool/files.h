/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The system calls of a spool, as a table that tests replace. Knows nothing of what is in the files. */
#ifndef TDRI_SPOOL_FILES_H
#define TDRI_SPOOL_FILES_H

#include <stddef.h>
#include <stdint.h>

/* How a file is opened. */
enum tdri_files_mode {
    TDRI_FILES_READ,    /* a regular file that is there, else -EINVAL */
    TDRI_FILES_APPEND,  /* a new file, mode 0600; -EEXIST */
    TDRI_FILES_REPLACE, /* a new file, mode 0600, or one that is there, emptied */
    TDRI_FILES_MEND,    /* one that is there, to be cut */
    TDRI_FILES_LOCK     /* the lock, made when it is not there */
};

typedef struct tdri_files_bytes {
    const void *at;
    size_t len;
} tdri_files_bytes;

/* Each answers 0 or more, or -errno. Nothing is repeated or put right here; only EINTR is not seen. */
typedef struct tdri_files {
    void *context;
    int (*open)(void *context, const char *path, enum tdri_files_mode mode);
    int (*close)(void *context, int fd);
    /* Bytes written at the end, of both texts as if they were one; fewer than all is no error. */
    int64_t (*write)(void *context, int fd, const tdri_files_bytes bytes[2]);
    /* Bytes read, 0 at the end. */
    int64_t (*read)(void *context, int fd, void *bytes, size_t len, int64_t from);
    int (*sync)(void *context, int fd);
    int (*truncate)(void *context, int fd, int64_t size);
    /* -EWOULDBLOCK: another holds it. */
    int (*lock)(void *context, int fd);
    /* The size of what has that name. */
    int64_t (*size)(void *context, const char *path);
    int (*rename)(void *context, const char *from, const char *to);
    int (*unlink)(void *context, const char *path);
    int (*mkdir)(void *context, const char *path);
    /* Makes what was created, renamed and unlinked in a directory durable. */
    int (*sync_dir)(void *context, const char *path);
    /* Calls take for each name until it answers other than 0, which is answered too. */
    int (*list)(void *context, const char *path, int (*take)(void *to, const char *name), void *to);
    int64_t (*process)(void *context); /* the process that asks */
} tdri_files;

extern const tdri_files tdri_files_system;

#endif
