/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The files of an export. Knows nothing of what is in them. */
#include "export/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "term/report.h"

#define PART ".part"

/* The longest name, without ending; file systems take 255 bytes. */
enum { NAME_MOST = 200 };

static int fail(const char *path, int error)
{
    cli_usage("%s could not be written: %s", path, strerror(error));
    return CLI_BROKEN;
}

static void join(const cli_folder *f, const char *name, const char *more, cli_text *path)
{
    cli_text_add(path, f->path);
    cli_text_char(path, '/');
    cli_text_add(path, name);
    cli_text_add(path, more);
}

/* ---- files ---- */

int cli_folder_begin(const cli_folder *f, const char *name, cli_output *out)
{
    cli_text path = {.data = NULL};
    int status = CLI_OK;

    cli_output_init(out, -1);
    join(f, name, PART, &path);
    if (path.failed == 0)
        out->fd = open(path.data, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (out->fd < 0)
        status = fail(path.failed == 0 ? path.data : name, path.failed == 0 ? errno : ENOMEM);
    cli_text_clear(&path);
    return status;
}

int cli_folder_end(const cli_folder *f, const char *name, cli_output *out, int whole)
{
    cli_text path = {.data = NULL}, part = {.data = NULL};
    int status = CLI_OK;

    if (out->fd < 0)
        return CLI_OK;
    join(f, name, "", &path);
    join(f, name, PART, &part);
    cli_output_flush(out);
    if (close(out->fd) < 0 && out->error == 0)
        out->error = errno;
    out->fd = -1;
    if (out->error == 0 && (path.failed | part.failed) != 0)
        out->error = ENOMEM;
    if (whole && out->error == 0 && rename(part.data, path.data) < 0)
        out->error = errno;
    if (out->error != 0 && out->error != EINTR)
        status = fail(path.failed == 0 ? path.data : name, out->error);
    cli_text_clear(&path);
    cli_text_clear(&part);
    return status;
}

/* ---- the folder ---- */

/* What a folder holds: 0 nothing, 1 an export that was not finished, 2 anything else; -1 and errno. */
static int look_into(const char *path)
{
    DIR *folder = opendir(path);
    const struct dirent *entry;
    int any = 0, begun = 0, finished = 0;

    if (folder == NULL)
        return -1;
    while ((entry = readdir(folder)) != NULL) {
        any |= strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
        begun |= strcmp(entry->d_name, CLI_MANIFEST PART) == 0;
        finished |= strcmp(entry->d_name, CLI_MANIFEST) == 0;
    }
    closedir(folder);
    return !any ? 0 : begun && !finished ? 1 : 2;
}

int cli_folder_open(cli_folder *f, const char *path, int force)
{
    cli_text manifest = {.data = NULL};
    int holds, status;

    *f = (cli_folder){.path = path};
    if (mkdir(path, 0777) < 0 && errno != EEXIST)
        return fail(path, errno);
    holds = look_into(path);
    if (holds < 0)
        return fail(path, errno);
    if (holds == 2 && !force)
        return cli_usage("folder %s is not empty; use --force to write there anyway", path);
    f->manifest = malloc(sizeof *f->manifest);
    if (f->manifest == NULL)
        return fail(path, ENOMEM);
    status = cli_folder_begin(f, CLI_MANIFEST, f->manifest);
    join(f, CLI_MANIFEST, "", &manifest);
    if (status == CLI_OK && manifest.failed == 0 && unlink(manifest.data) < 0 && errno != ENOENT)
        status = fail(manifest.data, errno);
    cli_text_clear(&manifest);
    return status;
}

int cli_folder_close(cli_folder *f, int whole)
{
    int status = f->manifest == NULL ? CLI_OK : cli_folder_end(f, CLI_MANIFEST, f->manifest, whole);

    free(f->manifest);
    f->manifest = NULL;
    return status;
}

void cli_folder_name(const char *table, const char *ending, size_t number, char name[256])
{
    size_t len = 0;

    for (; *table != '\0' && len < NAME_MOST; table++) {
        unsigned char c = (unsigned char)*table;

        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-')
            name[len++] = (char)c;
        else
            len += (size_t)snprintf(name + len, 256 - len, "%%%02X", c); /* capitals too: not every file system tells them apart */
    }
    if (*table != '\0')
        len += (size_t)snprintf(name + len, 256 - len, "~%zu", number);
    snprintf(name + len, 256 - len, "%s", ending);
}
