/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Standard output, or a file in its place, behind a buffer of its own. Knows nothing of what is written. */
#include "term/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "term/interrupt.h"

void cli_output_init(cli_output *out, int fd)
{
    out->fd = fd;
    out->error = 0;
    out->bytes_before = 0;
    out->filled = NULL;
    out->beside = NULL;
    out->name = NULL;
    out->len = 0;
}

static void write_all(cli_output *out, const char *bytes, size_t len)
{
    while (len != 0 && out->error == 0) {
        ssize_t n = write(out->fd, bytes, len);

        if (n < 0 && errno != EINTR)
            out->error = errno;
        else if (n < (ssize_t)len && cli_interrupted())
            out->error = EINTR;
        if (n > 0) {
            bytes += n;
            len -= (size_t)n;
            out->bytes_before += n;
        }
    }
}

void cli_output_flush(cli_output *out)
{
    void (*filled)(cli_output *) = out->filled;

    out->filled = NULL;
    if (filled != NULL)
        filled(out);
    write_all(out, out->bytes, out->len);
    out->len = 0;
}

void cli_output_put(cli_output *out, const char *bytes, size_t len)
{
    if (len > sizeof out->bytes - out->len)
        cli_output_flush(out);
    if (len > sizeof out->bytes) {
        write_all(out, bytes, len);
        return;
    }
    memcpy(out->bytes + out->len, bytes, len);
    out->len += len;
}

void cli_output_fill(cli_output *out, char c, size_t count)
{
    while (count-- > 0)
        cli_output_char(out, c);
}

/* ---- files ---- */

/* The mode of a file that open makes. umask can only be asked by setting it; there are no threads. */
static mode_t usual_mode(void)
{
    mode_t mask = umask(0);

    umask(mask);
    return 0666 & ~mask;
}

/* A file in the same folder, with the rights of the one whose place it is to take. */
static void open_beside(cli_output *out, const struct stat *old)
{
    size_t size = strlen(out->name) + sizeof ".XXXXXX";

    out->beside = malloc(size);
    if (out->beside == NULL) {
        out->error = ENOMEM;
        return;
    }
    snprintf(out->beside, size, "%s.XXXXXX", out->name);
    out->fd = mkstemp(out->beside);
    if (out->fd < 0) {
        out->error = errno;
        free(out->beside);
        out->beside = NULL;
        return;
    }
    cli_interrupt_removes(out->beside);
    (void)fcntl(out->fd, F_SETFD, FD_CLOEXEC);
    if (old != NULL && (old->st_uid != geteuid() || old->st_gid != getegid()))
        (void)!fchown(out->fd, old->st_uid, old->st_gid); /* as far as that is allowed */
    if (fchmod(out->fd, old != NULL ? old->st_mode & 07777 : usual_mode()) < 0)
        out->error = errno;
}

void cli_output_open(cli_output *out, const char *name)
{
    struct stat old;
    int there = lstat(name, &old) == 0;

    cli_output_init(out, -1);
    out->name = name;
    if (!there || S_ISREG(old.st_mode)) {
        if (there && access(name, W_OK) < 0) /* a file that is protected is not to be replaced */
            out->error = errno;
        else
            open_beside(out, there ? &old : NULL);
        return;
    }
    out->fd = open(name, O_WRONLY | O_TRUNC | O_CREAT | O_CLOEXEC, 0666); /* the link may lead to nothing */
    out->error = out->fd < 0 ? errno : 0;
}

void cli_output_close(cli_output *out, int keep)
{
    cli_output_flush(out);
    if (out->fd >= 0 && close(out->fd) < 0 && out->error == 0)
        out->error = errno;
    out->fd = -1;
    if (out->beside == NULL)
        return;
    if (keep && out->error == 0 && rename(out->beside, out->name) < 0)
        out->error = errno;
    if (!keep || out->error != 0)
        unlink(out->beside);
    cli_interrupt_removes(NULL);
    free(out->beside);
    out->beside = NULL;
}
