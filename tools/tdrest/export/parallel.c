/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Pieces made by processes of their own: nothing is shared but the files that they write. Knows nothing of what is in them. */
#include "export/parallel.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "term/interrupt.h"
#include "term/report.h"
#include "term/text.h"

/* A piece in the making. */
typedef struct worker {
    pid_t pid; /* 0: none */
    int file;
    int told;  /* a pipe that it writes its cli_piece to */
} worker;

typedef struct crew {
    worker *workers; /* a ring */
    size_t most;
    const char *near;
    cli_make_piece *make;
    void *context;
} crew;

static int open_unnamed(const char *near)
{
    const char *folder = getenv("TMPDIR");
    cli_text name = {.data = NULL};
    int fd = -1;

    cli_text_add(&name, near != NULL ? near : folder != NULL && *folder != '\0' ? folder : "/tmp");
    cli_text_add(&name, near != NULL ? ".XXXXXX" : "/tdrest.XXXXXX");
    if (name.failed == 0 && (fd = mkstemp(name.data)) >= 0)
        unlink(name.data);
    cli_text_clear(&name);
    return fd;
}

/* In the child: makes the piece, and says what it is. */
static void work(const crew *c, size_t index, int file, int told)
{
    cli_output *out = malloc(sizeof *out);
    cli_piece piece = {.status = CLI_BROKEN};

    cli_interrupt_removes(NULL); /* files of the parent */
    cli_interrupt_cancels(NULL);
    if (out != NULL) {
        cli_output_init(out, file);
        c->make(c->context, index, out, &piece);
        cli_output_flush(out);
        if (out->error != 0 && piece.status == CLI_OK) {
            cli_usage("a temporary file could not be written: %s", strerror(out->error));
            piece.status = CLI_BROKEN;
        }
    }
    _exit(write(told, &piece, sizeof piece) == (ssize_t)sizeof piece ? 0 : 1);
}

/* 1; 0 and errno: it cannot be begun. */
static int begin(const crew *c, size_t index)
{
    worker *w = &c->workers[index % c->most];
    int pipes[2];

    w->pid = 0;
    w->file = open_unnamed(c->near);
    if (w->file < 0)
        return 0;
    if (pipe(pipes) < 0) {
        close(w->file);
        return 0;
    }
    w->pid = fork();
    if (w->pid == 0)
        work(c, index, w->file, pipes[1]);
    close(pipes[1]);
    w->told = pipes[0];
    if (w->pid > 0)
        return 1;
    w->pid = 0;
    close(w->file);
    close(pipes[0]);
    return 0;
}

/* What a worker has told; it has ended then. */
static cli_piece await(worker *w)
{
    cli_piece piece = {.status = CLI_BROKEN};
    size_t len = 0;
    ssize_t n;

    do {
        n = read(w->told, (char *)&piece + len, sizeof piece - len);
        len += n > 0 ? (size_t)n : 0;
    } while ((n > 0 && len < sizeof piece) || (n < 0 && errno == EINTR));
    if (len < sizeof piece)
        piece = (cli_piece){.status = cli_interrupted() ? CLI_INTERRUPTED : CLI_BROKEN};
    while (waitpid(w->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    close(w->told);
    w->pid = 0;
    return piece;
}

static void copy(int from, cli_output *out)
{
    static char buffer[CLI_OUTPUT_BYTES];
    ssize_t n = 1;

    if (lseek(from, 0, SEEK_SET) < 0)
        n = -1;
    while (out->error == 0 && n > 0) {
        n = read(from, buffer, sizeof buffer);
        if (n > 0)
            cli_output_put(out, buffer, (size_t)n);
    }
    if (n < 0 && out->error == 0)
        out->error = errno;
}

/* Ends those that are still at work, from index on. */
static void dismiss(const crew *c, size_t index, size_t begun)
{
    size_t i;

    for (i = index; i < begun; i++)
        kill(c->workers[i % c->most].pid, SIGKILL);
    for (i = index; i < begun; i++) {
        (void)await(&c->workers[i % c->most]);
        close(c->workers[i % c->most].file);
    }
}

void cli_parallel(cli_output *out, size_t count, size_t most, const char *near, cli_make_piece *make, void *context, cli_piece *all)
{
    crew c = {.workers = calloc(most, sizeof *c.workers), .most = most, .near = near, .make = make, .context = context};
    size_t i, begun = 0;

    *all = (cli_piece){.status = c.workers == NULL ? CLI_BROKEN : CLI_OK};
    for (i = 0; all->status == CLI_OK && i < count; i++) {
        worker *w = &c.workers[i % most];
        cli_piece piece;

        for (; begun < count && begun < i + most; begun++)
            if (!begin(&c, begun))
                break;
        if (begun == i) {
            cli_usage("a range could not be begun: %s", strerror(errno));
            all->status = CLI_BROKEN;
            break;
        }
        piece = await(w);
        all->status = piece.status;
        all->replaced |= piece.replaced;
        all->rows += piece.rows;
        all->shape = i == 0 ? piece.shape : all->shape;
        if (piece.status == CLI_OK && piece.shape != all->shape) {
            all->differs = 1;
            all->status = CLI_BROKEN;
        }
        if (all->status == CLI_OK)
            copy(w->file, out);
        close(w->file);
        if (all->status == CLI_OK && out->error != 0)
            all->status = CLI_BROKEN; /* told by whoever closes it */
    }
    if (c.workers != NULL)
        dismiss(&c, i, begun);
    free(c.workers);
}
