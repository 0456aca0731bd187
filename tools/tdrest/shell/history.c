/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The file of what was typed: an entry a line, line ends and backslashes escaped, appended under a lock as soon as it is there. Knows no SQL but PASS. */
#include "shell/history.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "term/report.h"

enum { KEPT = 1000, MOST = 1 << 22 };

/* ---- where ---- */

static int make_folders(char *path)
{
    char *slash;

    for (slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(path, 0700) < 0 && errno != EEXIST) {
            *slash = '/';
            return -1;
        }
        *slash = '/';
    }
    return 0;
}

/* 1: h->path is set. What is not absolute is as good as not set. */
static int find(cli_history *h)
{
    const char *own = getenv("TDREST_HISTORY"), *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    int len = 0;

    if (own != NULL)
        len = snprintf(h->path, sizeof h->path, "%s", own);
    else if (state != NULL && *state == '/')
        len = snprintf(h->path, sizeof h->path, "%s/tdrest/history", state);
    else if (home != NULL && *home == '/')
        len = snprintf(h->path, sizeof h->path, "%s/.local/state/tdrest/history", home);
    if (len >= (int)sizeof h->path)
        h->path[0] = '\0';
    return h->path[0] != '\0';
}

static void give_up(cli_history *h, const char *why)
{
    cli_usage("warning: the history is not kept: %s: %s", h->path, why);
    h->path[0] = '\0';
}

/* A descriptor under a lock, or -1. Devices and pipes are left alone. */
static int open_locked(cli_history *h, int flags, struct stat *about)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int fd = open(h->path, flags | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0600);

    if (fd < 0 || fstat(fd, about) < 0)
        give_up(h, strerror(errno));
    else if (!S_ISREG(about->st_mode))
        h->path[0] = '\0';
    if (fd < 0 || h->path[0] == '\0') {
        if (fd >= 0)
            close(fd);
        return -1;
    }
    while (fcntl(fd, F_SETLKW, &lock) < 0 && errno == EINTR)
        ;
    return fd;
}

/* ---- reading ---- */

static void unescape(char *entry)
{
    char *to = entry;

    for (; *entry != '\0'; entry++) {
        if (*entry == '\\' && (entry[1] == 'n' || entry[1] == '\\'))
            *to++ = *++entry == 'n' ? '\n' : '\\';
        else
            *to++ = *entry;
    }
    *to = '\0';
}

/* The newest entries: where they begin in text. */
static char *newest(char *text, size_t len)
{
    char *p = text + len;
    size_t lines = 0;

    while (p > text && (p[-1] != '\n' || lines++ < KEPT))
        p--;
    return p;
}

static void tell_entries(char *p, char *end, void (*each)(void *context, const char *entry), void *context)
{
    for (; p < end; p++) {
        char *lf = memchr(p, '\n', (size_t)(end - p));

        if (lf == NULL)
            break; /* a line that was cut off */
        *lf = '\0';
        unescape(p);
        each(context, p);
        p = lf;
    }
}

/* Old entries go when the file is four times as long as what is kept. */
static void shorten(int fd, const char *from, const char *end)
{
    if (lseek(fd, 0, SEEK_SET) == 0 && write(fd, from, (size_t)(end - from)) == end - from)
        (void)!ftruncate(fd, (off_t)(end - from));
}

void cli_history_open(cli_history *h, void (*each)(void *context, const char *entry), void *context)
{
    struct stat about;
    char *text = NULL, *from;
    ssize_t n = 0;
    size_t len = 0;
    int fd;

    *h = (cli_history){.path = ""};
    if (!find(h))
        return;
    if (make_folders(h->path) < 0) {
        give_up(h, strerror(errno));
        return;
    }
    fd = open_locked(h, O_RDWR, &about);
    if (fd < 0)
        return;
    (void)fchmod(fd, 0600);
    if (about.st_size > 0 && about.st_size <= MOST)
        text = malloc((size_t)about.st_size + 1);
    while (text != NULL && len < (size_t)about.st_size && (n = read(fd, text + len, (size_t)about.st_size - len)) > 0)
        len += (size_t)n;
    if (text != NULL) {
        from = newest(text, len);
        if ((size_t)(from - text) > 3 * (size_t)(text + len - from))
            shorten(fd, from, text + len);
        tell_entries(from, text + len, each, context);
    } else if (about.st_size > MOST) {
        give_up(h, "it is too large");
    }
    free(text);
    close(fd);
}

/* ---- writing ---- */

int cli_history_is_secret(const char *entry, size_t len)
{
    static const char *const words[] = {"pass", "password", "token", "totpseed"};
    size_t at, n, i;

    for (at = 0; at < len; at += n + (n == 0)) {
        for (n = 0; at + n < len && (isalnum((unsigned char)entry[at + n]) || entry[at + n] == '_'); n++)
            ;
        for (i = 0; i < sizeof words / sizeof words[0]; i++)
            if (strlen(words[i]) == n && strncasecmp(entry + at, words[i], n) == 0)
                return 1;
    }
    return 0;
}

void cli_history_add(cli_history *h, const char *entry, size_t len)
{
    struct stat about;
    char *line, *p;
    size_t i;
    int fd;

    if (h->path[0] == '\0' || len == 0 || len > MOST / 8 || *entry == ' ' || cli_history_is_secret(entry, len))
        return;
    line = malloc(2 * len + 1);
    fd = line == NULL ? -1 : open_locked(h, O_WRONLY | O_APPEND, &about);
    if (fd >= 0) {
        for (p = line, i = 0; i < len; i++) {
            if (entry[i] == '\n' || entry[i] == '\\')
                *p++ = '\\';
            *p++ = (char)(entry[i] == '\n' ? 'n' : entry[i]);
        }
        *p++ = '\n';
        if (write(fd, line, (size_t)(p - line)) != p - line)
            give_up(h, strerror(errno));
        close(fd);
    }
    free(line);
}
