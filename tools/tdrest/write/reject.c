/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Lines that the server refused, and the reasons. Knows nothing of what is in them. */
#include "write/reject.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "term/report.h"

static int check(const cli_output *out, const char *name)
{
    if (out->error == 0 || out->error == EINTR)
        return CLI_OK;
    cli_usage("%s could not be written: %s", name, strerror(out->error));
    return CLI_BROKEN;
}

/* A file that is read must not be emptied. */
static int is_source(const char *name, const cli_source *sources, size_t count)
{
    struct stat a, b;
    size_t i;

    if (stat(name, &a) < 0 || !S_ISREG(a.st_mode))
        return 0;
    for (i = 0; i < count; i++) {
        int standard = sources[i].file == NULL || strcmp(sources[i].file, "-") == 0;

        if ((standard ? fstat(STDIN_FILENO, &b) : stat(sources[i].file, &b)) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino)
            return 1;
    }
    return 0;
}

static cli_output *create(const char *name, int appends)
{
    cli_output *out = malloc(sizeof *out);

    if (out == NULL)
        return NULL;
    cli_output_init(out, open(name, O_WRONLY | O_CREAT | O_CLOEXEC | (appends ? O_APPEND : O_TRUNC), 0666));
    out->error = out->fd < 0 ? errno : 0;
    return out;
}

int cli_reject_open(cli_reject *r, const char *name, const cli_source *sources, size_t count, int appends)
{
    size_t size;
    int status;

    *r = (cli_reject){.name = name};
    if (name == NULL)
        return CLI_OK;
    if (is_source(name, sources, count))
        return cli_usage("option --reject: %s is also read; it would be emptied", name);
    size = strlen(name) + sizeof ".reasons";
    r->reasons_name = malloc(size);
    if (r->reasons_name != NULL) {
        snprintf(r->reasons_name, size, "%s.reasons", name);
        r->lines = create(name, appends);
        /* Beside a device there is no file. */
        r->reasons = create(strncmp(name, "/dev/", 5) == 0 ? "/dev/null" : r->reasons_name, appends);
    }
    if (r->lines == NULL || r->reasons == NULL)
        return cli_usage("option --reject: %s", strerror(ENOMEM));
    status = check(r->lines, name);
    return status == CLI_OK ? check(r->reasons, r->reasons_name) : status;
}

int cli_reject_add(cli_reject *r, const char *data, size_t len, const char *reason)
{
    if (r->name == NULL)
        return CLI_OK;
    if (r->is_json)
        cli_output_text(r->lines, r->count == 0 ? "[\n" : ",\n");
    cli_output_put(r->lines, data, len);
    if (!r->is_json && len > 0 && data[len - 1] != '\n')
        cli_output_char(r->lines, '\n');
    r->count++;
    if (reason != NULL) {
        cli_output_text(r->reasons, reason);
        cli_output_char(r->reasons, '\n');
    }
    cli_output_flush(r->lines); /* they are there even if the tool is killed */
    cli_output_flush(r->reasons);
    return check(r->lines, r->name);
}

static int finish(cli_output *out, const char *name)
{
    int status = CLI_OK;

    if (out == NULL)
        return status;
    if (out->error == 0) {
        cli_output_close(out, 1);
        status = check(out, name);
    }
    free(out);
    return status;
}

int cli_reject_close(cli_reject *r)
{
    int status, other;

    if (r->is_json && r->count > 0)
        cli_output_text(r->lines, "\n]\n");
    status = finish(r->lines, r->name);
    other = finish(r->reasons, r->reasons_name);

    free(r->reasons_name);
    return status == CLI_OK ? other : status;
}
