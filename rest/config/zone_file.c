/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Where zone files lie, and which of them are read. Knows nothing of what they say. */
#include "config/zones.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of systems: Linux and BSD, old Linux, Solaris and its kin, old BSD. */
static const char *const folders[] = {"/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo", "/etc/zoneinfo"};

static int leaves_folder(const char *name)
{
    return *name == '\0' || *name == '/' || strstr(name, "..") != NULL;
}

static int open_file(const char *folder, const char *name)
{
    char path[1024];
    int len = snprintf(path, sizeof path, "%s/%s", folder, name);

    /* Without waiting: it might be a pipe. */
    return len < 0 || (size_t)len >= sizeof path ? -1 : open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
}

/* -1 when there is none. */
static int find_file(const char *name)
{
    const char *own = getenv("TZDIR");
    int fd = -1;

    if (leaves_folder(name))
        return -1;
    if (own != NULL && *own != '\0')
        return open_file(own, name);
    for (size_t i = 0; i < sizeof folders / sizeof folders[0] && fd < 0; i++)
        fd = open_file(folders[i], name);
    return fd;
}

/* The whole file; 0 when that cannot be. */
static size_t read_whole(int fd, char *bytes, size_t size)
{
    size_t len = 0;
    ssize_t got;

    while (len < size) {
        got = read(fd, bytes + len, size - len);
        if (got == 0 || (got < 0 && errno != EINTR))
            return 0;
        len += got > 0 ? (size_t)got : 0;
    }
    return len;
}

static int read_zone(tdri_zone *zone, const tdrest_allocator *mem, int fd)
{
    struct stat about;
    char *bytes;
    size_t size;
    int rc = TDREST_OK;

    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode) || about.st_size <= 0 || about.st_size > TDRI_ZONE_FILE_MAX)
        return TDREST_OK;
    size = (size_t)about.st_size;
    bytes = (char *)tdri_mem_alloc(mem, size);
    if (bytes == NULL)
        return TDREST_ENOMEM;
    if (read_whole(fd, bytes, size) == size)
        rc = tdri_zone_parse(zone, mem, bytes, size);
    tdri_mem_free(mem, bytes);
    return rc == TDREST_ENOMEM ? rc : TDREST_OK;
}

/* The hours east that Etc/GMT+5 and its like say the other way round; 0 for any other name. */
static int etc_hours(const char *name)
{
    static const char etc[] = "Etc/GMT";
    const char *sign = name + sizeof etc - 1;
    int hours = 0;

    if (strncmp(name, etc, sizeof etc - 1) != 0 || (*sign != '+' && *sign != '-'))
        return 0;
    for (const char *p = sign + 1; *p >= '0' && *p <= '9' && hours < 24; p++)
        hours = hours * 10 + (*p - '0');
    return *sign == '+' ? -hours : hours;
}

int tdri_zone_load(tdri_zone *zone, const tdrest_allocator *mem, const char *name)
{
    int hours = etc_hours(name), fd, rc;

    if (hours != 0)
        return tdri_zone_fix(zone, mem, hours * 3600);
    /* In UTC every time is exact. */
    if (strcmp(name, "server") == 0 || strcmp(name, "UTC") == 0)
        return TDREST_OK;
    fd = find_file(name);
    if (fd < 0)
        return TDREST_OK;
    rc = read_zone(zone, mem, fd);
    (void)close(fd);
    return rc;
}
