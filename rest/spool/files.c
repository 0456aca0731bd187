/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The table of the system's own calls. Knows nothing of what is in the files. */
#ifndef _DEFAULT_SOURCE
#define _DEFAULT_SOURCE /* flock */
#endif
#include "spool/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static int answer(int rc)
{
    return rc < 0 ? -errno : rc;
}

static int open_regular(const char *path)
{
    struct stat about;
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC); /* without waiting: it might be a pipe */

    if (fd < 0)
        return -errno;
    if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode))
        return fd;
    (void)close(fd);
    return -EINVAL;
}

static int system_open(void *context, const char *path, enum tdri_files_mode mode)
{
    static const int flags[] = {0, O_WRONLY | O_CREAT | O_EXCL | O_APPEND, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, O_WRONLY, O_RDWR | O_CREAT};

    (void)context;
    return mode == TDRI_FILES_READ ? open_regular(path) : answer(open(path, flags[mode] | O_NOFOLLOW | O_CLOEXEC, 0600));
}

static int system_close(void *context, int fd)
{
    (void)context;
    return answer(close(fd));
}

static int64_t system_write(void *context, int fd, const tdri_files_bytes bytes[2])
{
    const struct iovec vectors[] = {{(void *)bytes[0].at, bytes[0].len}, {(void *)bytes[1].at, bytes[1].len}};
    ssize_t done;

    (void)context;
    do
        done = writev(fd, vectors, 2);
    while (done < 0 && errno == EINTR);
    return done < 0 ? -errno : (int64_t)done;
}

static int64_t system_read(void *context, int fd, void *bytes, size_t len, int64_t from)
{
    ssize_t done;

    (void)context;
    do
        done = pread(fd, bytes, len, (off_t)from);
    while (done < 0 && errno == EINTR);
    return done < 0 ? -errno : (int64_t)done;
}

static int system_sync(void *context, int fd)
{
    (void)context;
#ifdef F_FULLFSYNC
    if (fcntl(fd, F_FULLFSYNC) == 0)
        return 0;
#endif
    return answer(fsync(fd));
}

static int system_truncate(void *context, int fd, int64_t size)
{
    (void)context;
    return answer(ftruncate(fd, (off_t)size));
}

static int system_lock(void *context, int fd)
{
    (void)context;
    return answer(flock(fd, LOCK_EX | LOCK_NB));
}

static int64_t system_size(void *context, const char *path)
{
    struct stat about;

    (void)context;
    return lstat(path, &about) == 0 ? (int64_t)about.st_size : -errno;
}

static int system_rename(void *context, const char *from, const char *to)
{
    (void)context;
    return answer(rename(from, to));
}

static int system_unlink(void *context, const char *path)
{
    (void)context;
    return answer(unlink(path));
}

static int system_mkdir(void *context, const char *path)
{
    (void)context;
    return answer(mkdir(path, 0700));
}

static int system_sync_dir(void *context, const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc;

    (void)context;
    if (fd < 0)
        return -errno;
    rc = answer(fsync(fd));
    (void)close(fd);
    return rc;
}

static int system_list(void *context, const char *path, int (*take)(void *to, const char *name), void *to)
{
    DIR *dir = opendir(path);
    struct dirent *entry;
    int rc = 0;

    (void)context;
    if (dir == NULL)
        return -errno;
    while (rc == 0) {
        errno = 0;
        entry = readdir(dir);
        if (entry == NULL) {
            rc = -errno;
            break;
        }
        rc = take(to, entry->d_name);
    }
    (void)closedir(dir);
    return rc;
}

static int64_t system_process(void *context)
{
    (void)context;
    return (int64_t)getpid();
}

const tdri_files tdri_files_system = {
    NULL, system_open, system_close, system_write, system_read, system_sync, system_truncate, system_lock,
    system_size, system_rename, system_unlink, system_mkdir, system_sync_dir, system_list, system_process,
};
