/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * \watch: a statement again and again, in one place of the terminal. What one run writes is collected in a file without a name, and drawn over the last one
 * line by line, so that nothing flickers. From start to start there is the interval, unless a run takes longer.
 */
#include "shell/watch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "term/color.h"
#include "term/interrupt.h"
#include "term/text.h"

enum { USUAL_MS = 2000, SHORTEST_MS = 100, LONGEST_MS = 86400000 };

typedef struct watch {
    int64_t interval_ms;
    int64_t count;    /* of runs; 0: no end */
    int64_t least;    /* rows; 0: any number will do */
    cli_output *out;  /* collects */
    FILE *collected;
    int redraws;      /* in one place? */
    int64_t runs;
} watch;

static int read_count(const char *text, int64_t *out)
{
    char *end;

    *out = strtoll(text, &end, 10);
    return *text >= '1' && *text <= '9' && *end == '\0' && *out < 1000000000;
}

/* "2", "0.5": up to three digits behind the point, read without regard to the locale. */
static int read_seconds(const char *text, int64_t *ms)
{
    int64_t unit = 1000;

    *ms = 0;
    if (*text < '0' || *text > '9')
        return 0;
    for (; *text >= '0' && *text <= '9' && *ms < LONGEST_MS; text++)
        *ms = *ms * 10 + (*text - '0') * 1000;
    if (*text == '.')
        for (text++; *text >= '0' && *text <= '9' && unit > 1; text++)
            *ms += (*text - '0') * (unit /= 10);
    if (*text == 's')
        text++;
    return *text == '\0' && *ms >= SHORTEST_MS && *ms <= LONGEST_MS;
}

static int read_args(watch *w, const char *arg)
{
    char word[40];
    size_t len;

    w->interval_ms = USUAL_MS;
    for (; arg += strspn(arg, " \t;"), *arg != '\0'; arg += len) {
        int good;

        len = strcspn(arg, " \t;");
        snprintf(word, sizeof word, "%.*s", (int)(len < sizeof word ? len : sizeof word - 1), arg);
        if (strncmp(word, "c=", 2) == 0)
            good = read_count(word + 2, &w->count);
        else if (strncmp(word, "m=", 2) == 0)
            good = read_count(word + 2, &w->least);
        else
            good = read_seconds(strncmp(word, "i=", 2) == 0 ? word + 2 : word, &w->interval_ms);
        if (!good)
            return cli_usage("\\watch %s: expected [i=]SECONDS from 0.1 to 86400, c=COUNT or m=ROWS", word);
    }
    return CLI_OK;
}

/* ---- drawing ---- */

static void put_heading(const watch *w, const cli_shell *s, int64_t took_ms)
{
    char text[160], now[40] = "";
    time_t t = time(NULL);
    struct tm local;

    if (localtime_r(&t, &local) != NULL)
        strftime(now, sizeof now, "%Y-%m-%d %H:%M:%S", &local);
    snprintf(text, sizeof text, "%s, every %lld.%0*lld s: %lld row%s, %lld ms", now, (long long)(w->interval_ms / 1000), w->interval_ms % 1000 == 0 ? 1 : 3,
             (long long)(w->interval_ms % 1000), (long long)s->run.written.rows, s->run.written.rows == 1 ? "" : "s", (long long)took_ms);
    if (s->screen->fd >= 0 && s->run.sink.size.columns > 0 && strlen(text) >= s->run.sink.size.columns)
        text[s->run.sink.size.columns - 1] = '\0';
    if (s->run.sink.color)
        cli_output_text(s->screen, CLI_BOLD);
    cli_output_text(s->screen, text);
    if (s->run.sink.color)
        cli_output_text(s->screen, CLI_PLAIN);
}

/* The collected lines, as many as the screen has; each clears what was behind it. */
static void draw(const watch *w, const cli_shell *s, int64_t took_ms)
{
    size_t rows = s->run.sink.size.rows > 3 ? s->run.sink.size.rows - 2 : 1, lines = 0;
    int c, last = '\n';

    cli_output_text(s->screen, w->redraws ? "\033[?2026h\033[H" : "");
    put_heading(w, s, took_ms);
    cli_output_text(s->screen, w->redraws ? "\033[K\n" : "\n");
    rewind(w->collected);
    while ((c = getc(w->collected)) != EOF && !(w->redraws && lines >= rows)) {
        if (c == '\n' && w->redraws)
            cli_output_text(s->screen, "\033[K");
        lines += c == '\n';
        cli_output_char(s->screen, (char)c);
        last = c;
    }
    if (last != '\n')
        cli_output_text(s->screen, w->redraws ? "\033[K\n" : "\n");
    cli_output_text(s->screen, w->redraws ? "\033[J\033[?2026l" : "\n");
    cli_output_flush(s->screen);
}

/* ---- running ---- */

static int run_once(watch *w, cli_shell *s, const char *sql, size_t len)
{
    cli_output *usual = s->run.sink.out;
    int64_t began = cli_now_ms();
    int status;

    if (ftruncate(fileno(w->collected), 0) < 0 || lseek(fileno(w->collected), 0, SEEK_SET) < 0)
        return cli_usage("\\watch: %s", strerror(errno));
    cli_output_init(w->out, fileno(w->collected));
    s->run.sink.size = cli_terminal_size(s->screen->fd);
    s->run.sink.out = w->out;
    s->run.quiet = 1;
    s->run.tables = 0;
    status = cli_shell_statement(s, sql, len);
    cli_output_flush(w->out);
    s->run.quiet = 0;
    s->run.sink.out = usual;
    if (status != CLI_OK)
        return status;
    if (w->redraws && w->runs++ == 0)
        cli_output_text(s->screen, "\033[2J");
    draw(w, s, cli_now_ms() - began);
    return CLI_OK;
}

static int run_all(watch *w, cli_shell *s, const char *sql, size_t len)
{
    int64_t due, runs = 0;
    int status;

    for (;;) {
        due = cli_now_ms() + w->interval_ms;
        status = run_once(w, s, sql, len);
        runs++;
        if (status != CLI_OK || cli_interrupted() || runs == w->count || s->run.written.rows < w->least || s->screen->error != 0 || !cli_wait_until(due))
            break;
    }
    if (cli_interrupted() && w->redraws)
        cli_output_char(s->screen, '\n'); /* behind the ^C that the terminal has shown */
    cli_output_flush(s->screen);
    cli_interrupt_forget();
    return status == CLI_INTERRUPTED ? CLI_OK : status;
}

int cli_watch(cli_shell *s, const char *sql, size_t len, const char *arg)
{
    watch w = {.runs = 0};
    char *copy;
    int status = read_args(&w, arg);

    if (status != CLI_OK)
        return status;
    w.redraws = s->file == NULL && cli_terminal_moves(s->screen->fd);
    w.collected = tmpfile();
    w.out = malloc(sizeof *w.out);
    copy = cli_copy(sql, len);
    if (w.collected == NULL || w.out == NULL || copy == NULL) {
        status = cli_usage("\\watch: %s", strerror(errno));
    } else {
        status = run_all(&w, s, copy, len);
    }
    if (w.collected != NULL)
        fclose(w.collected);
    free(w.out);
    free(copy);
    return status;
}
