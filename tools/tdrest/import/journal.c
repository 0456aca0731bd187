/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A line for each step, so that a kill loses the last one at most. Knows nothing of rows. */
#include "import/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "import/bind.h"
#include "term/report.h"

#define ENDING ".tdrest-import"

enum { HEAD_BYTES = 65536 };

/* Size and first bytes of a file. 0: it cannot be read twice. */
static int look_at(const char *file, int64_t *size, uint64_t *hash)
{
    static char head[HEAD_BYTES];
    struct stat about;
    ssize_t n;
    int fd;

    if (stat(file, &about) < 0 || !S_ISREG(about.st_mode) || (fd = open(file, O_RDONLY | O_CLOEXEC)) < 0)
        return 0;
    n = read(fd, head, sizeof head);
    close(fd);
    *size = (int64_t)about.st_size;
    *hash = cli_hash(head, n < 0 ? 0 : (size_t)n, 1);
    return 1;
}

/* A line that a kill or a full disk has cut off says nothing. */
static int whole_line(char *line, int room, FILE *old)
{
    return fgets(line, room, old) != NULL && strchr(line, '\n') != NULL;
}

static int belongs_elsewhere(const cli_journal *j, const char *file, const char *why)
{
    cli_usage("option --resume: %s", why);
    cli_usage("%s belongs to that run; without --resume %s is imported from its beginning", j->name, file);
    return -1;
}

/* The steps of an earlier run, and where the last whole one ends: what is behind it is cut off, so that the next step stands on a line of its own. */
static void read_steps(cli_journal *j, FILE *old)
{
    char line[128];
    int64_t offset, number;
    off_t end;

    for (end = ftello(old); whole_line(line, sizeof line, old); end = ftello(old)) {
        if (strcmp(line, "done\n") == 0)
            j->done = 1;
        else if (sscanf(line, "%" SCNd64 " %" SCNd64, &offset, &number) == 2) {
            j->offset = offset;
            j->line = number;
        }
    }
    if (truncate(j->name, end) < 0)
        cli_usage("warning: %s could not be written: %s", j->name, strerror(errno));
}

/* Reads what an earlier run has noted. 1; 0: there is nothing; -1: it belongs to something else, which is told. */
static int read_back(cli_journal *j, const char *file, int64_t size, uint64_t head, uint64_t what)
{
    FILE *old = fopen(j->name, "r");
    char line[128];
    int64_t old_size;
    uint64_t old_head, old_what;
    int found = 0;

    if (old == NULL)
        return 0;
    if (whole_line(line, sizeof line, old)) {
        found = 1;
        if (sscanf(line, "tdrest import 1 %" SCNd64 " %" SCNx64 " %" SCNx64, &old_size, &old_head, &old_what) != 3)
            found = belongs_elsewhere(j, file, "its journal was written by another program or version");
        else if (old_size != size || old_head != head)
            found = belongs_elsewhere(j, file, "the file has changed since");
        else if (old_what != what)
            found = belongs_elsewhere(j, file, "table or options differ from those of the first run");
        else
            read_steps(j, old);
    }
    fclose(old);
    return found;
}

/* To be freed; NULL when memory is out. */
static char *name_of(const char *file)
{
    size_t room = strlen(file) + sizeof ENDING;
    char *name = malloc(room);

    if (name != NULL)
        snprintf(name, room, "%s%s", file, ENDING);
    return name;
}

void cli_journal_remove(const char *file)
{
    char *name = name_of(file);

    if (name != NULL)
        unlink(name);
    free(name);
}

int cli_journal_open(cli_journal *j, const char *file, uint64_t what, int resumes)
{
    int64_t size;
    uint64_t head;
    int found = 0;

    *j = (cli_journal){.line = 1};
    if (file == NULL || !look_at(file, &size, &head))
        return resumes ? cli_usage("option --resume: %s cannot be read twice", file == NULL ? "standard input" : file) : CLI_OK;
    j->name = name_of(file);
    if (j->name == NULL)
        return CLI_OK;
    if (resumes)
        found = read_back(j, file, size, head, what);
    if (found < 0)
        return CLI_USAGE;
    j->file = fopen(j->name, found ? "a" : "w");
    if (j->file == NULL) {
        cli_usage("warning: %s could not be written: %s; --resume will not be possible", j->name, strerror(errno));
        return CLI_OK;
    }
    if (!found)
        fprintf(j->file, "tdrest import 1 %" PRId64 " %" PRIx64 " %" PRIx64 "\n", size, head, what);
    fflush(j->file);
    return CLI_OK;
}

void cli_journal_note(cli_journal *j, int64_t offset, int64_t line)
{
    j->offset = offset;
    j->line = line;
    if (j->file == NULL)
        return;
    fprintf(j->file, "%" PRId64 " %" PRId64 "\n", offset, line);
    if (fflush(j->file) == 0)
        return;
    cli_usage("warning: %s could not be written: %s", j->name, strerror(errno));
    fclose(j->file);
    j->file = NULL;
}

void cli_journal_close(cli_journal *j, int done, int keep)
{
    if (j->file != NULL) {
        if (done)
            fputs("done\n", j->file);
        fclose(j->file);
        if (done && !keep)
            unlink(j->name);
    }
    free(j->name);
    j->name = NULL;
    j->file = NULL;
}
