/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Writes schemaless data piece by piece, in its order: all in front of a failure is written, and nothing behind it unless that is wanted. A request that the server
 * refuses is halved until the bad line or point is alone, which costs that one only; but not where lines of it may be written already and would be written
 * again with another time. Knows nothing of flags.
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
#include "write/array.h"
#include "write/bulk.h"
#include "write/lines.h"

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
    int perhaps;          /* 1: a refused request may have written some of the lines at hand */
    int stops;            /* after a failure nothing more is sent */
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

static void count_refusal(writer *w, const tdrest_error *err)
{
    w->streak = err->server_code == w->streak_code ? w->streak + 1 : 1;
    w->streak_code = err->server_code;
}

/* Tells of lines that were not written; count 0: how many is not known. */
static int report(writer *w, const part *failed, int64_t count)
{
    const tdrest_error *err = tdrest_conn_error(w->conn);
    int unknown = tdrest_conn_get_written(w->conn)->failed_unknown || w->perhaps;
    cli_failed f = {.count = count, .unknown = unknown, .data = failed->data, .len = failed->len};
    int status;

    if (is_json(w)) { /* the points, without brackets */
        size_t begin = cli_array_offset(failed->data, failed->len, 0), end = cli_array_end(failed->data, failed->len);

        f.data += begin;
        f.len = end > begin ? end - begin : 0;
    }
    f.refused = is_refusal(err) && !unknown;
    f.first = w->before + 1 + cli_lines_number(&w->numbers, failed->index);
    f.last = count == 0 ? 0 : w->before + 1 + cli_lines_number(&w->numbers, failed->index + count - 1);
    status = cli_account_fail(&w->account, err, &f);
    w->stops |= !cli_account_goes_on(&w->account, status, f.refused);
    if (f.refused && count == 1)
        count_refusal(w, err);
    return status;
}

/* Can the bad line be found by sending halves? What may be written must not be written again with another time. */
static int can_be_halved(const writer *w, const part *failed, int64_t count)
{
    const tdrest_error *err = tdrest_conn_error(w->conn);

    if (count < 2 || !is_refusal(err) || (w->streak >= HOPELESS && err->server_code == w->streak_code))
        return 0;
    if (!tdrest_conn_get_written(w->conn)->failed_unknown)
        return 1;
    return is_json(w) ? cli_array_has_times(failed->data, failed->len) : cli_lines_have_times(w->args->write.protocol, failed->data, failed->len);
}

static int write_part(writer *w, part p);

/*
 * Points [from, to) of p as an array in their place: what stands in front of the first and behind the last, at least a bracket or a comma each, makes place
 * for its brackets. So of neighbours the first one goes first.
 */
static part take_points(const part *p, int64_t from, int64_t to, int64_t count)
{
    size_t begin = cli_array_offset(p->data, p->len, from), end = cli_array_end(p->data, to < count ? cli_array_offset(p->data, p->len, to) : p->len);

    p->data[end] = ']';
    (p->data + begin)[-1] = '[';
    return (part){p->data + begin - 1, end - begin + 2, p->index + from};
}

static part take_lines(const part *p, int64_t from, int64_t to)
{
    size_t begin = cli_lines_offset(p->data, p->len, from);

    return (part){p->data + begin, cli_lines_offset(p->data + begin, p->len - begin, to - from), p->index + from};
}

/* Some of the lines or points of a part, whose number is count. */
static part take(const writer *w, const part *p, int64_t from, int64_t to, int64_t count)
{
    return is_json(w) ? take_points(p, from, to, count) : take_lines(p, from, to);
}

/* What a refused request may have written stays so, whatever is said of its halves. */
static int halve(writer *w, const part *p, int64_t count)
{
    const int before = w->perhaps;
    int status, second = CLI_OK;

    w->perhaps |= tdrest_conn_get_written(w->conn)->failed_unknown;
    status = write_part(w, take(w, p, 0, count / 2, count));
    if (!w->stops)
        second = write_part(w, take(w, p, count / 2, count, count));
    w->perhaps = before;
    return status == CLI_OK ? second : status;
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
static int write_part(writer *w, part p)
{
    const cli_args *args = w->args;
    int status = CLI_OK, first = CLI_OK;

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
        status = rc >= 0 ? CLI_OK : can_be_halved(w, &failed, done.failed_lines) ? halve(w, &failed, done.failed_lines) : report(w, &failed, done.failed_lines);
        first = first == CLI_OK ? status : first;
        if (done.unsent_lines == 0 || w->stops || cli_interrupted())
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
static int write_piece(writer *w, char *data, size_t len)
{
    int64_t lines = w->account.lines + w->account.failed;
    int status;

    if (!is_json(w) && !cli_lines_clean(&w->numbers, data, &len)) {
        w->stops = 1;
        return cli_report_no_memory();
    }
    if (is_json(w) && is_empty_json(data, len))
        return CLI_OK;
    status = write_part(w, (part){data, len, 0});
    w->before += is_json(w) ? w->account.lines + w->account.failed - lines : w->numbers.total;
    return status;
}

static int write_source(writer *w, const cli_source *source, size_t size)
{
    cli_points p;
    int rc, status = CLI_OK, first = CLI_OK;
    size_t len;
    char *data;

    cli_points_open(&p, source, is_json(w), size);
    w->account.name = p.in.name;
    w->before = 0;
    while ((rc = cli_points_next(&p, &data, &len)) == TDREST_ROW) {
        status = write_piece(w, data, len);
        first = first == CLI_OK ? status : first;
        cli_progress_tell(&w->account.progress, w->account.unit, w->account.lines, w->account.bytes);
        if (w->stops || cli_interrupted())
            break;
    }
    if (rc < 0) {
        status = cli_account_report_source(&w->account, &p, rc, w->before + 1);
        first = first == CLI_OK ? status : first;
        w->stops |= !cli_account_goes_on(&w->account, status, 0);
    }
    cli_points_close(&p);
    return first;
}

static int write_sources(writer *w)
{
    const cli_args *args = w->args;
    size_t i, size = (size_t)strtol(tdrest_options_get(args->options, "batch_bytes"), NULL, 10);
    int first = CLI_OK, status = CLI_OK;

    for (i = 0; i < args->source_count && !w->stops && !cli_interrupted(); i++) {
        status = write_source(w, &args->sources[i], size);
        first = first == CLI_OK ? status : first;
    }
    return first;
}

/* The connection of one request at a time; a writer has its own. */
static int open_connection(writer *w)
{
    return w->args->write.parallel > 1 || cli_has_spool(w->args) ? CLI_OK : cli_connect(w->args, &w->account.progress, &w->conn);
}

int cli_write(const cli_args *args)
{
    writer w = {.account = {.args = args}, .args = args, .call = TDREST_CALL_INIT};
    int closed, status;

    status = cli_reject_open(&w.account.reject, args->write.reject, args->sources, args->source_count, 0);
    w.account.reject.is_json = is_json(&w);
    if (status == CLI_OK)
        status = open_connection(&w);
    if (status == CLI_OK) {
        w.call.ttl_days = args->write.ttl_days;
        w.call.table_name_key = args->write.table_name_key;
        w.account.unit = is_json(&w) ? "point" : "line";
        cli_progress_begin(&w.account.progress, args->progress != CLI_NEVER, args->progress == CLI_ALWAYS);
        status = w.conn == NULL ? cli_write_bulk(&w.account, &w.call) : write_sources(&w);
        cli_account_summarize(&w.account);
        cli_disconnect(w.conn);
    }
    cli_lines_clear(&w.numbers);
    closed = cli_reject_close(&w.account.reject);
    status = status == CLI_OK ? closed : status;
    return cli_interrupted() ? CLI_INTERRUPTED : status;
}
