/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Writes schemaless data piece by piece, and tells of each failure which lines it is about. Knows nothing of flags. */
#include "write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "connect.h"
#include "interrupt.h"
#include "points.h"
#include "report.h"
#include "show.h"

enum { PROGRESS_MS = 1000, NAME_COLUMNS = 60, NAME_BYTES = 240 };

typedef struct writer {
    const cli_args *args;
    tdrest_call call;
    tdrest_conn *conn;
    const char *unit;     /* "line", "point" */
    const char *name;     /* of the source */
    int64_t before;       /* lines of the source in front of the piece at hand */
    int64_t lines, bytes; /* written, of all sources */
    int64_t failed;       /* lines */
    int64_t began_ms, told_ms;
    int progress;         /* is there any? */
    int terminal;
    int shown;            /* a line of progress stands on the terminal */
} writer;

/* ---- what is told ---- */

static const char *plural(int64_t count)
{
    return count == 1 ? "" : "s";
}

static void clear_progress(writer *w)
{
    if (w->shown)
        fputs("\r\033[K", stderr);
    w->shown = 0;
}

static void show_progress(writer *w)
{
    int64_t now = cli_now_ms(), ms = now - w->began_ms;

    if (!w->progress || now - w->told_ms < PROGRESS_MS)
        return;
    w->told_ms = now;
    clear_progress(w);
    fprintf(stderr, "%lld %s%s, %lld bytes, %lld %ss/s%s", (long long)w->lines, w->unit, plural(w->lines), (long long)w->bytes,
            (long long)(ms > 0 ? w->lines * 1000 / ms : 0), w->unit, w->terminal ? "" : "\n");
    w->shown = w->terminal;
    fflush(stderr);
}

static void summarize(writer *w)
{
    int64_t ms = cli_now_ms() - w->began_ms;

    clear_progress(w);
    fprintf(stderr, "(%lld %s%s, %lld bytes, %lld.%03d s", (long long)w->lines, w->unit, plural(w->lines), (long long)w->bytes,
            (long long)(ms / 1000), (int)(ms % 1000));
    if (w->failed > 0)
        fprintf(stderr, "; %lld %s%s failed", (long long)w->failed, w->unit, plural(w->failed));
    fputs(")\n", stderr);
}

/* "lines 1001-2000 of FILE"; count 0: how many is not known. */
static void name_lines(const writer *w, int64_t first, int64_t count, int unknown, char text[CLI_PLACE_MAX])
{
    char name[CLI_SHOW_ROOM(NAME_BYTES) + 1], lines[80];
    size_t len = strlen(w->name), width;

    name[cli_show(w->name, len > NAME_BYTES ? NAME_BYTES : len, NAME_COLUMNS, name, &width)] = '\0';
    if (count == 0)
        snprintf(lines, sizeof lines, "from %s %lld on", w->unit, (long long)first);
    else if (count == 1)
        snprintf(lines, sizeof lines, "%s %lld", w->unit, (long long)first);
    else
        snprintf(lines, sizeof lines, "%ss %lld-%lld", w->unit, (long long)first, (long long)(first + count - 1));
    snprintf(text, CLI_PLACE_MAX, "%s of %.250s%s", lines, name, unknown ? ", perhaps written" : "");
}

/* ---- pieces ---- */

static int64_t count_lines(const char *data, size_t len)
{
    int64_t lines = 0;
    const char *end = data + len;

    for (; data < end; lines++) {
        const char *lf = memchr(data, '\n', (size_t)(end - data));

        data = lf == NULL ? end : lf + 1;
    }
    return lines;
}

/* A piece may consist of comments and blank lines, at which a write of its own would fail. */
static int has_point(const writer *w, const char *data, size_t len)
{
    const char *end = data + len, *p = data;

    if (w->args->write.protocol == TDREST_PROTOCOL_JSON)
        return 1;
    while (p < end) {
        int comment = *p == '#' && w->args->write.protocol == TDREST_PROTOCOL_LINE;

        while (p < end && *p != '\n' && (comment || *p == ' ' || *p == '\t' || *p == '\r'))
            p++;
        if (p < end && *p != '\n')
            return 1;
        p += p < end;
    }
    return 0;
}

/* What a piece, or a part of it, could not be written for. */
static int report(writer *w, const char *data, size_t len)
{
    const tdrest_written *written = tdrest_conn_get_written(w->conn);
    int64_t count = written->failed_lines;
    char text[CLI_PLACE_MAX];
    cli_place place = {.text = text, .verbose = w->args->verbose};

    if (count == 0 && w->args->write.protocol != TDREST_PROTOCOL_JSON)
        count = count_lines(data, len); /* refused as a whole */
    clear_progress(w);
    name_lines(w, w->before + 1, count, written->failed_unknown, text);
    w->before += count;
    w->failed += count;
    return cli_report(tdrest_conn_error(w->conn), &place);
}

/* Writes a piece. With --keep-going also what stands behind a request that failed. The first failure. */
static int write_piece(writer *w, char *data, size_t len)
{
    const cli_args *args = w->args;
    const tdrest_written *written = tdrest_conn_get_written(w->conn);
    int status = CLI_OK, first = CLI_OK;

    for (;;) {
        int rc = tdrest_write(w->conn, args->write.protocol, args->write.precision, data, len, &w->call);
        size_t done = written->bytes + written->failed_bytes;

        w->lines += written->lines;
        w->bytes += (int64_t)written->bytes;
        w->before += written->lines;
        status = rc < 0 ? report(w, data + written->bytes, len - written->bytes) : CLI_OK;
        first = first == CLI_OK ? status : first;
        if (written->unsent_lines == 0 || !args->keep_going || status == CLI_INTERRUPTED || cli_interrupted())
            return first;
        done -= args->write.protocol == TDREST_PROTOCOL_JSON;
        data += done;
        len -= done;
        if (args->write.protocol == TDREST_PROTOCOL_JSON)
            data[0] = '['; /* where a comma or a blank was */
        show_progress(w);
    }
}

/* Why a source does not go on. */
static int report_source(writer *w, const cli_points *p, int rc)
{
    cli_place place = {.text = NULL};

    clear_progress(w);
    if (rc == TDREST_ECANCELLED)
        return CLI_INTERRUPTED;
    if (p->error != 0)
        return cli_usage("%s: %s", p->name, strerror(p->error));
    if (rc != TDREST_ERANGE)
        return cli_report_code(rc, tdrest_code_text(rc), &place);
    return cli_usage("%s: %s %lld does not end within 16 MiB", p->name, w->unit, (long long)w->before + 1);
}

static int write_source(writer *w, const cli_source *source, size_t size)
{
    cli_points p;
    int rc, status = CLI_OK, first = CLI_OK, points = 0;
    size_t len;
    char *data;

    cli_points_open(&p, source, w->args->write.protocol == TDREST_PROTOCOL_JSON, size);
    w->name = p.name;
    w->before = 0;
    while ((rc = cli_points_next(&p, &data, &len)) == TDREST_ROW) {
        if (!has_point(w, data, len)) {
            w->before += count_lines(data, len);
            continue;
        }
        points = 1;
        status = write_piece(w, data, len);
        first = first == CLI_OK ? status : first;
        show_progress(w);
        if (cli_interrupted() || status == CLI_INTERRUPTED || (status != CLI_OK && !w->args->keep_going))
            break;
    }
    if (rc < 0)
        status = report_source(w, &p, rc);
    else if (rc == TDREST_DONE && !points)
        status = cli_usage("%s: there is no %s in it", p.name, w->unit);
    first = first == CLI_OK ? status : first;
    cli_points_close(&p);
    return first;
}

int cli_write(const cli_args *args)
{
    writer w = {.args = args, .call = TDREST_CALL_INIT};
    size_t i, size = (size_t)strtol(tdrest_options_get(args->options, "batch_bytes"), NULL, 10);
    int first = CLI_OK, status = cli_connect(args->options, &w.conn);

    if (status != CLI_OK)
        return status;
    w.call.ttl_days = args->write.ttl_days;
    w.call.table_name_key = args->write.table_name_key;
    w.unit = args->write.protocol == TDREST_PROTOCOL_JSON ? "point" : "line";
    w.terminal = isatty(STDERR_FILENO);
    w.progress = args->write.progress > 0 || (args->write.progress == 0 && w.terminal);
    w.began_ms = cli_now_ms();
    w.told_ms = args->write.progress > 0 ? w.began_ms - PROGRESS_MS : w.began_ms;
    for (i = 0; i < args->source_count && !cli_interrupted() && (status == CLI_OK || args->keep_going); i++) {
        status = write_source(&w, &args->sources[i], size);
        first = first == CLI_OK ? status : first;
    }
    summarize(&w);
    cli_disconnect(w.conn);
    return cli_interrupted() ? CLI_INTERRUPTED : first;
}
