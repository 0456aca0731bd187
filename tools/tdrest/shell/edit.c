/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* \e: a statement in an editor of the user's choice: VISUAL, then EDITOR, which are lines for a shell, then vi. */
#include "shell/edit.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "term/interrupt.h"
#include "term/report.h"

enum { MOST = 1 << 24 };

/* The exit status of the editor; 127 and the like when it could not be started. */
static int run_editor(const char *file)
{
    const char *editor = getenv("VISUAL");
    char *line;
    int status = 0;
    pid_t pid;

    if (editor == NULL || *editor == '\0')
        editor = getenv("EDITOR");
    if (editor == NULL || *editor == '\0')
        editor = "vi";
    line = malloc(strlen(editor) + sizeof " \"$1\"");
    if (line == NULL)
        return -1;
    strcpy(line, editor);
    strcat(line, " \"$1\"");
    cli_interrupt_waits(1);
    pid = fork();
    if (pid == 0) {
        signal(SIGPIPE, SIG_DFL);
        execl("/bin/sh", "sh", "-c", line, "sh", file, (char *)NULL);
        _exit(127);
    }
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    cli_interrupt_waits(0);
    cli_interrupt_forget();
    free(line);
    if (pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return 0;
    cli_usage("the editor '%s' ended with a failure: nothing is taken over", editor);
    return -1;
}

static char *read_back(const char *file)
{
    FILE *in = fopen(file, "r"); /* opened again: editors replace files */
    char *text = NULL;
    long size;

    if (in == NULL)
        return NULL;
    if (fseek(in, 0, SEEK_END) == 0 && (size = ftell(in)) >= 0 && size < MOST && (text = malloc((size_t)size + 1)) != NULL) {
        rewind(in);
        size = (long)fread(text, 1, (size_t)size, in);
        while (size > 0 && text[size - 1] == '\n')
            size--;
        text[size] = '\0';
    }
    fclose(in);
    return text;
}

/* A file that nobody else can read, with this text. 0, or -1 and told. */
static int write_out(char *file, size_t cap, const char *text, size_t len)
{
    const char *folder = getenv("TMPDIR");
    int fd, done;

    snprintf(file, cap, "%s/tdrest.XXXXXX", folder == NULL || *folder == '\0' ? "/tmp" : folder);
    fd = mkstemp(file);
    done = fd >= 0 && write(fd, text, len) == (ssize_t)len && write(fd, "\n", 1) == 1;
    if (fd >= 0)
        close(fd);
    if (!done)
        cli_usage("%s: %s", file, strerror(errno));
    if (fd >= 0 && !done)
        unlink(file);
    return done ? 0 : -1;
}

char *cli_edit(const char *text, size_t len)
{
    char file[1024], *back = NULL;

    if (write_out(file, sizeof file, text, len) < 0)
        return NULL;
    if (run_editor(file) == 0)
        back = read_back(file);
    unlink(file);
    if (back != NULL && strlen(back) == len && memcmp(back, text, len) == 0) {
        fputs("(not changed)\n", stderr);
        free(back);
        back = NULL;
    }
    return back;
}
