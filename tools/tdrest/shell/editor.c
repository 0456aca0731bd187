/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Lines typed at a terminal. Knows nothing of what they mean. */
#include "shell/editor.h"

#include <stdlib.h>
#include <string.h>

#include "shell/libedit.h"
#include "shell/queue.h"
#include "term/interrupt.h"
#include "term/text.h"

struct cli_editor {
    cli_libedit *libedit; /* NULL: lines come as the terminal gives them */
    cli_queue queue;      /* of those */
    char *line;
    FILE *out;
};

void cli_choices_add(cli_choices *choices, const char *word, size_t len)
{
    size_t i;
    char *copy;

    for (i = 0; i < choices->count; i++)
        if (strlen(choices->words[i]) == len && memcmp(choices->words[i], word, len) == 0)
            return;
    if (choices->count == choices->cap) {
        size_t cap = choices->cap * 2 + 64;
        char **words = realloc(choices->words, cap * sizeof *words);

        if (words == NULL)
            return;
        choices->words = words;
        choices->cap = cap;
    }
    copy = cli_copy(word, len);
    if (copy != NULL)
        choices->words[choices->count++] = copy;
}

void cli_choices_clear(cli_choices *choices)
{
    size_t i;

    for (i = 0; i < choices->count; i++)
        free(choices->words[i]);
    free(choices->words);
    *choices = (cli_choices){.count = 0};
}

cli_editor *cli_editor_new(FILE *out, cli_complete *complete, void *context)
{
    cli_editor *e = calloc(1, sizeof *e);

    if (e == NULL)
        return NULL;
    e->out = out;
    e->libedit = cli_libedit_new(out, complete, context);
    return e;
}

void cli_editor_free(cli_editor *e)
{
    if (e == NULL)
        return;
    cli_libedit_free(e->libedit);
    cli_queue_clear(&e->queue);
    free(e->line);
    free(e);
}

int cli_editor_edits(const cli_editor *e)
{
    return e->libedit != NULL;
}

void cli_editor_remember(cli_editor *e, const char *line)
{
    if (e->libedit != NULL)
        cli_libedit_remember(e->libedit, line);
}

size_t cli_editor_drop_paste(cli_editor *e)
{
    return e->libedit != NULL ? cli_libedit_drop_paste(e->libedit) : 0;
}

static void show_prompt(cli_editor *e, const char *prompt)
{
    fputs(prompt, e->out);
    fflush(e->out);
}

/* The line of len bytes at the head of the queue, and `taken` bytes of it. */
static enum cli_read take(cli_editor *e, size_t len, size_t taken, const char **line)
{
    char *copy = cli_copy(e->queue.bytes + e->queue.at, len);

    if (copy == NULL)
        return CLI_READ_FAILED;
    e->queue.at += taken;
    free(e->line);
    e->line = copy;
    *line = copy;
    return CLI_READ_LINE;
}

/* Without libedit: the terminal lets the line be mended, and sends it when it is whole. */
static enum cli_read read_plain(cli_editor *e, const char *prompt, const char **line)
{
    show_prompt(e, prompt);
    for (;;) {
        const char *from = e->queue.bytes + e->queue.at, *lf = cli_queue_left(&e->queue) > 0 ? memchr(from, '\n', cli_queue_left(&e->queue)) : NULL;

        if (lf != NULL)
            return take(e, (size_t)(lf - from), (size_t)(lf - from) + 1, line);
        switch (cli_queue_wait(&e->queue, -1)) {
        case CLI_EVENT_INTERRUPT:
            e->queue.at = e->queue.len;
            return CLI_READ_INTERRUPTED;
        case CLI_EVENT_CONTINUE: show_prompt(e, prompt); break;
        case CLI_EVENT_FAILED: return CLI_READ_FAILED;
        case CLI_EVENT_END: return cli_queue_left(&e->queue) > 0 ? take(e, cli_queue_left(&e->queue), cli_queue_left(&e->queue), line) : CLI_READ_END;
        default: break;
        }
    }
}

enum cli_read cli_editor_read(cli_editor *e, const char *prompt, const char **line)
{
    enum cli_read read;

    fflush(e->out);
    cli_queue_watch(e->libedit != NULL);
    read = e->libedit != NULL ? cli_libedit_read(e->libedit, prompt, line) : read_plain(e, prompt, line);
    cli_queue_unwatch();
    if (read == CLI_READ_INTERRUPTED) {
        cli_interrupt_forget();
        fputs(e->libedit != NULL ? "^C\n" : "\n", e->out);
    } else if (read == CLI_READ_END) {
        fputs("\n", e->out);
    }
    fflush(e->out);
    return read;
}
