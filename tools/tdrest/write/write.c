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
#include "term/report.h"
#include "write/account.h"
#include "write/lines.h"
#include "write/parallel.h"
#include "write/spooled.h"

/* After so many single lines refused in a row, all for one reason, the reason is not the lines': what is left is refused as a whole. */
enum { HOPELESS = 64 };

typedef struct writer {
    cli_account account;
    const cli_args *args;
    tdrest_call call;
    tdrest_conn *conn;
    cli_lines numbers;    /* of the piece at hand */
    int64_t before;       /* lines of the source in front of the piece at hand */
    int64_t streak;       /* single lines refused in a row */
    int streak_code;
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

/* ---- failures ---- */

/* Did the server refuse what is in the lines, and would it do so again? */
static int is_refusal(const tdrest_error *err)
{
    return err->code == TDREST_ESERVER && err->repeat == TDREST_REPEAT_NO;
}

/* Tells of lines that were not written; count 0: how many is not known. */
static int report(writer *w, const part *failed, int64_t count, int *refused)
{
    const tdrest_error *err = tdrest_conn_error(w->conn);
    int unknown = tdrest_conn_get_written(w->conn)->failed_unknown;
    cli_failed f = {.count = count, .unknown = unknown, .data = failed->data, .len = failed->len};

    f.refused = *refused = is_refusal(err) && !unknown;
    f.first = w->before + 1 + cli_lines_number(&w->numbers, failed->index);
    f.last = count == 0 ? 0 : w->before + 1 + cli_lines_number(&w->numbers, failed->index + count - 1);
    return cli_account_fail(&w->account, err, &f);
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

    if (!cli_account_goes_on(&w->account, status, *refused))
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

        w->account.lines += done.lines;
        w->account.bytes += (int64_t)done.bytes;
        w->streak = done.lines > 0 ? 0 : w->streak;
        if (rc < 0 && done.failed_lines == 0 && !is_json(w)) { /* refused as a whole */
            failed.len = p.len - done.bytes;
            done.failed_lines = cli_lines_count(failed.data, failed.len);
        }
        status = rc < 0 ? settle(w, &failed, done.failed_lines, refused) : CLI_OK;
        first = first == CLI_OK ? status : first;
        if (done.unsent_lines == 0 || !cli_account_goes_on(&w->account, status, *refused))
            return first;
        advance(w, &p, done.bytes + done.failed_bytes, done.lines + done.failed_lines);
        cli_progress_tell(&w->account.progress, w->account.unit, w->account.lines, w->account.bytes);
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
    int64_t lines = w->account.lines + w->account.failed;
    int status;

    *refused = 0;
    if (!is_json(w) && !cli_lines_clean(&w->numbers, data, &len))
        return cli_report_no_memory();
    if (is_json(w) && is_empty_json(data, len))
        return CLI_OK;
    status = write_part(w, (part){data, len, 0}, refused);
    w->before += is_json(w) ? w->account.lines + w->account.failed - lines : w->numbers.total;
    return status;
}

static int write_source(writer *w, const cli_source *source, size_t size)
{
    cli_points p;
    int rc, status = CLI_OK, first = CLI_OK, refused = 0;
    size_t len;
    char *data;

    cli_points_open(&p, source, is_json(w), size);
    w->account.name = p.name;
    w->before = 0;
    while ((rc = cli_points_next(&p, &data, &len)) == TDREST_ROW) {
        status = write_piece(w, data, len, &refused);
        first = first == CLI_OK ? status : first;
        cli_progress_tell(&w->account.progress, w->account.unit, w->account.lines, w->account.bytes);
        if (!cli_account_goes_on(&w->account, status, refused))
            break;
    }
    if (rc < 0)
        first = first == CLI_OK ? cli_account_report_source(&w->account, &p, rc, w->before + 1) : first;
    cli_points_close(&p);
    return first;
}

static int write_sources(writer *w)
{
    const cli_args *args = w->args;
    size_t i, size = (size_t)strtol(tdrest_options_get(args->options, "batch_bytes"), NULL, 10);
    int first = CLI_OK, status = CLI_OK;

    for (i = 0; i < args->source_count && cli_account_goes_on(&w->account, status, status == CLI_REFUSED); i++) {
        status = write_source(w, &args->sources[i], size);
        first = first == CLI_OK ? status : first;
    }
    return first;
}

/* The connection of one request at a time; several have those of their writer. */
static int open_connection(writer *w)
{
    if (w->args->write.parallel <= 1)
        return cli_connect(w->args, &w->account.progress, &w->conn);
    return is_json(w) ? cli_usage("option --parallel: JSON points are sent in one request at a time") : CLI_OK;
}

int cli_write(const cli_args *args)
{
    writer w = {.account = {.args = args}, .args = args, .call = TDREST_CALL_INIT};
    int closed, status;

    if (cli_has_spool(args))
        return cli_write_spooled(args);
    status = cli_reject_open(&w.account.reject, args->write.reject, args->sources, args->source_count, 0);

    if (status == CLI_OK)
        status = open_connection(&w);
    if (status == CLI_OK) {
        w.call.ttl_days = args->write.ttl_days;
        w.call.table_name_key = args->write.table_name_key;
        w.account.unit = is_json(&w) ? "point" : "line";
        cli_progress_begin(&w.account.progress, args->progress != CLI_NEVER, args->progress == CLI_ALWAYS);
        status = w.conn == NULL ? cli_write_parallel(&w.account, &w.call) : write_sources(&w);
        cli_account_summarize(&w.account);
        cli_disconnect(w.conn);
    }
    cli_lines_clear(&w.numbers);
    closed = cli_reject_close(&w.account.reject);
    status = status == CLI_OK ? closed : status;
    return cli_interrupted() ? CLI_INTERRUPTED : status;
}
