/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Writes schemaless data piece by piece. A request of lines that the server refuses is halved until the bad line is alone, which costs that line
 * only; but not where lines of it may be written already and would be written again with another time. Knows nothing of flags.
 */
#include "write/write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "input/points.h"
#include "run/connect.h"
#include "term/interrupt.h"
#include "term/progress.h"
#include "term/report.h"
#include "term/show.h"
#include "write/lines.h"
#include "write/reject.h"

/* After so many single lines refused in a row, all for one reason, the reason is not the lines': what is left is refused as a whole. */
enum { HOPELESS = 64, MOST_TOLD = 20, NAME_COLUMNS = 60, NAME_BYTES = 240 };

typedef struct writer {
    const cli_args *args;
    tdrest_call call;
    tdrest_conn *conn;
    cli_lines numbers;    /* of the piece at hand */
    cli_reject reject;
    const char *unit;     /* "line", "point" */
    const char *name;     /* of the source */
    int64_t before;       /* lines of the source in front of the piece at hand */
    int64_t lines, bytes; /* written, of all sources */
    int64_t failed;       /* lines */
    int64_t told;         /* refusals */
    int64_t streak;       /* single lines refused in a row */
    int streak_code;
    cli_progress progress;
} writer;

/* Lines, one after the other, of the piece at hand. */
typedef struct part {
    char *data;
    size_t len;
    int64_t index; /* of its first line among those of the piece */
} part;

static int is_json(const writer *w)
{
    return w->args->write.protocol == TDREST_PROTOCOL_JSON;
}

/* ---- what is told ---- */

static const char *plural(int64_t count)
{
    return count == 1 ? "" : "s";
}

static void summarize(writer *w)
{
    int64_t ms = cli_now_ms() - w->progress.began_ms;

    cli_progress_clear(&w->progress);
    fprintf(stderr, "(%lld %s%s, %lld bytes, %lld.%03d s", (long long)w->lines, w->unit, plural(w->lines), (long long)w->bytes,
            (long long)(ms / 1000), (int)(ms % 1000));
    if (w->failed > 0)
        fprintf(stderr, "; %lld %s%s failed", (long long)w->failed, w->unit, plural(w->failed));
    fputs(")\n", stderr);
}

/* "lines 1001-2000 of FILE"; count 0: how many is not known. */
static void name_lines(const writer *w, int64_t index, int64_t count, int unknown, char text[CLI_PLACE_MAX])
{
    char name[CLI_SHOW_ROOM(NAME_BYTES) + 1], lines[80];
    size_t len = strlen(w->name), width;
    int64_t first = w->before + 1 + cli_lines_number(&w->numbers, index), last = w->before + 1 + cli_lines_number(&w->numbers, index + count - 1);

    name[cli_show(w->name, len > NAME_BYTES ? NAME_BYTES : len, NAME_COLUMNS, name, &width)] = '\0';
    if (count == 0)
        snprintf(lines, sizeof lines, "from %s %lld on", w->unit, (long long)first);
    else if (count == 1)
        snprintf(lines, sizeof lines, "%s %lld", w->unit, (long long)first);
    else
        snprintf(lines, sizeof lines, "%ss %lld-%lld", w->unit, (long long)first, (long long)last);
    snprintf(text, CLI_PLACE_MAX, "%s of %.250s%s", lines, name, unknown ? ", perhaps written" : "");
}

/* ---- failures ---- */

/* Did the server refuse what is in the lines, and would it do so again? */
static int is_refusal(const tdrest_error *err)
{
    return err->code == TDREST_ESERVER && err->repeat == TDREST_REPEAT_NO;
}

/* May the next lines be sent after a failure? Lines that go to a file of their own need no --keep-going. */
static int goes_on(const writer *w, int status, int refused)
{
    if (cli_interrupted() || status == CLI_INTERRUPTED || status == CLI_BROKEN)
        return 0;
    return status == CLI_OK || w->args->keep_going || (refused && w->reject.name != NULL);
}

/* Tells of lines that were not written, and puts them aside where the server refused them. Where the reasons have a file, few are told. */
static int report(writer *w, const part *failed, int64_t count, int *refused)
{
    const tdrest_error *err = tdrest_conn_error(w->conn);
    const tdrest_written *written = tdrest_conn_get_written(w->conn);
    char where[CLI_PLACE_MAX], reason[CLI_REPORT_ROOM];
    cli_place place = {.text = where, .verbose = w->args->verbose};
    int status = cli_status_of(err->code, err->cls), kept;

    *refused = is_refusal(err) && !written->failed_unknown;
    cli_progress_clear(&w->progress);
    name_lines(w, failed->index, count, written->failed_unknown, where);
    w->failed += count;
    if (!*refused || w->reject.name == NULL)
        return cli_report(err, &place);
    if (w->told++ < MOST_TOLD)
        cli_report(err, &place);
    else if (w->told == MOST_TOLD + 1)
        cli_usage("further refusals are in %s only", w->reject.reasons_name);
    cli_report_format(err, &place, reason, sizeof reason);
    kept = cli_reject_add(&w->reject, failed->data, failed->len, reason);
    return kept == CLI_OK ? status : kept;
}

static void count_refusal(writer *w, const tdrest_error *err)
{
    w->streak = err->server_code == w->streak_code ? w->streak + 1 : 1;
    w->streak_code = err->server_code;
}

/* Can the bad line be found by sending halves? What may be written must not be written again with another time. */
static int can_be_halved(const writer *w, const part *failed, int64_t count)
{
    const tdrest_error *err = tdrest_conn_error(w->conn);

    if (is_json(w) || count < 2 || !is_refusal(err) || (w->streak >= HOPELESS && err->server_code == w->streak_code))
        return 0;
    return !tdrest_conn_get_written(w->conn)->failed_unknown || cli_lines_have_times(w->args->write.protocol, failed->data, failed->len);
}

static int write_part(writer *w, part p, int *refused);

static int halve(writer *w, const part *p, int64_t count, int *refused)
{
    size_t middle = cli_lines_offset(p->data, p->len, count / 2);
    int status = write_part(w, (part){p->data, middle, p->index}, refused), second;

    if (!goes_on(w, status, *refused))
        return status;
    second = write_part(w, (part){p->data + middle, p->len - middle, p->index + count / 2}, refused);
    return status == CLI_OK ? second : status;
}

/* What becomes of the request that failed. */
static int settle(writer *w, const part *failed, int64_t count, int *refused)
{
    int status;

    if (can_be_halved(w, failed, count))
        return halve(w, failed, count, refused);
    status = report(w, failed, count, refused);
    if (*refused && count == 1)
        count_refusal(w, tdrest_conn_error(w->conn));
    return status;
}

/* ---- pieces ---- */

/* Goes behind what was written or failed; of JSON the comma there begins the next array. */
static void advance(const writer *w, part *p, size_t done, int64_t lines)
{
    done -= (size_t)is_json(w);
    p->data += done;
    p->len -= done;
    p->index += lines;
    if (is_json(w))
        p->data[0] = '[';
}

/* Writes lines in requests. What stands behind a request that failed is sent when that may be. The first failure. */
static int write_part(writer *w, part p, int *refused)
{
    const cli_args *args = w->args;
    int status = CLI_OK, first = CLI_OK;

    *refused = 0;
    if (!is_json(w) && !cli_lines_have_point(args->write.protocol, p.data, p.len))
        return CLI_OK; /* comments, at which a write of its own would fail */
    for (;;) {
        int rc = tdrest_write(w->conn, args->write.protocol, args->write.precision, p.data, p.len, &w->call);
        tdrest_written done = *tdrest_conn_get_written(w->conn);
        part failed = {p.data + done.bytes, done.failed_bytes, p.index + done.lines};

        w->lines += done.lines;
        w->bytes += (int64_t)done.bytes;
        w->streak = done.lines > 0 ? 0 : w->streak;
        if (rc < 0 && done.failed_lines == 0 && !is_json(w)) { /* refused as a whole */
            failed.len = p.len - done.bytes;
            done.failed_lines = cli_lines_count(failed.data, failed.len);
        }
        status = rc < 0 ? settle(w, &failed, done.failed_lines, refused) : CLI_OK;
        first = first == CLI_OK ? status : first;
        if (done.unsent_lines == 0 || !goes_on(w, status, *refused))
            return first;
        advance(w, &p, done.bytes + done.failed_bytes, done.lines + done.failed_lines);
        cli_progress_tell(&w->progress, w->unit, w->lines, w->bytes);
    }
}

static int is_empty_json(const char *data, size_t len)
{
    size_t i, brackets = 0;

    for (i = 0; i < len; i++)
        if (strchr(" \t\r\n", data[i]) == NULL) {
            if (brackets == 2 || data[i] != "[]"[brackets])
                return 0;
            brackets++;
        }
    return brackets != 1;
}

/* One piece of a source; blank lines of it are left out. */
static int write_piece(writer *w, char *data, size_t len, int *refused)
{
    int64_t lines = w->lines + w->failed;
    int status;

    *refused = 0;
    if (!is_json(w) && !cli_lines_clean(&w->numbers, data, &len))
        return cli_report_code(TDREST_ENOMEM, tdrest_code_text(TDREST_ENOMEM), &(cli_place){.number = 0});
    if (is_json(w) && is_empty_json(data, len))
        return CLI_OK;
    status = write_part(w, (part){data, len, 0}, refused);
    w->before += is_json(w) ? w->lines + w->failed - lines : w->numbers.total;
    return status;
}

/* Why a source does not go on. */
static int report_source(writer *w, const cli_points *p, int rc)
{
    cli_place place = {.number = 0};

    cli_progress_clear(&w->progress);
    if (rc == TDREST_ECANCELLED)
        return CLI_INTERRUPTED;
    if (p->error != 0)
        return cli_usage("%s: %s", p->name, strerror(p->error));
    if (p->fault != NULL)
        return cli_usage("%s: %s", p->name, p->fault);
    if (rc != TDREST_ERANGE)
        return cli_report_code(rc, tdrest_code_text(rc), &place);
    return cli_usage("%s: %s %lld does not end within 16 MiB", p->name, w->unit, (long long)w->before + 1);
}

static int write_source(writer *w, const cli_source *source, size_t size)
{
    cli_points p;
    int rc, status = CLI_OK, first = CLI_OK, refused = 0;
    size_t len;
    char *data;

    cli_points_open(&p, source, is_json(w), size);
    w->name = p.name;
    w->before = 0;
    while ((rc = cli_points_next(&p, &data, &len)) == TDREST_ROW) {
        status = write_piece(w, data, len, &refused);
        first = first == CLI_OK ? status : first;
        cli_progress_tell(&w->progress, w->unit, w->lines, w->bytes);
        if (!goes_on(w, status, refused))
            break;
    }
    if (rc < 0)
        first = first == CLI_OK ? report_source(w, &p, rc) : first;
    cli_points_close(&p);
    return first;
}

static int write_sources(writer *w)
{
    const cli_args *args = w->args;
    size_t i, size = (size_t)strtol(tdrest_options_get(args->options, "batch_bytes"), NULL, 10);
    int first = CLI_OK, status = CLI_OK;

    for (i = 0; i < args->source_count && goes_on(w, status, status == CLI_REFUSED); i++) {
        status = write_source(w, &args->sources[i], size);
        first = first == CLI_OK ? status : first;
    }
    return first;
}

int cli_write(const cli_args *args)
{
    writer w = {.args = args, .call = TDREST_CALL_INIT};
    int closed, status = cli_reject_open(&w.reject, args->write.reject, args->sources, args->source_count, 0);

    if (status == CLI_OK)
        status = cli_connect(args, &w.progress, &w.conn);
    if (status == CLI_OK) {
        w.call.ttl_days = args->write.ttl_days;
        w.call.table_name_key = args->write.table_name_key;
        w.unit = is_json(&w) ? "point" : "line";
        cli_progress_begin(&w.progress, args->progress != CLI_NEVER, args->progress == CLI_ALWAYS);
        status = write_sources(&w);
        summarize(&w);
        cli_disconnect(w.conn);
    }
    cli_lines_clear(&w.numbers);
    closed = cli_reject_close(&w.reject);
    status = status == CLI_OK ? closed : status;
    return cli_interrupted() ? CLI_INTERRUPTED : status;
}
