/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Schemaless data as requests, one after the other, with an account of what became of each line. Knows no grammar. */
#include "base/text.h"
#include "client/call.h"
#include "answer/reply.h"
#include "lines/split.h"
#include "request/precision.h"

#include <string.h>

/* One call. */
typedef struct writing {
    tdrest_conn *conn;
    int protocol;
    const char *data;
    size_t len;
    const tdri_call *call;
    tdri_request_spec spec;
} writing;

/* ---- what is asked for ---- */

static int set_protocol(writing *w, int precision)
{
    tdrest_error *err = &w->conn->err;

    switch (w->protocol) {
    case TDREST_PROTOCOL_LINE:
        w->spec.endpoint = TDRI_INFLUX;
        w->spec.precision = precision;
        return tdri_precision_word(precision) != NULL ? TDREST_OK
            : tdri_err_set(err, TDREST_EUSAGE, "precision: expected TDREST_HOUR, _MINUTE, _SECOND, _MS, _US or _NS for InfluxDB lines");
    case TDREST_PROTOCOL_TELNET: w->spec.endpoint = TDRI_OPENTSDB_TELNET; break;
    case TDREST_PROTOCOL_JSON: w->spec.endpoint = TDRI_OPENTSDB_JSON; break;
    default: return tdri_err_set(err, TDREST_EUSAGE, "protocol: expected TDREST_PROTOCOL_LINE, _TELNET or _JSON");
    }
    return precision == 0 ? TDREST_OK
        : tdri_err_set(err, TDREST_EUSAGE, "precision: expected 0 for OpenTSDB, where the digits of a time tell its unit");
}

/* ---- one request ---- */

static int set_body(writing *w, const tdri_split_part *part)
{
    tdri_buf *body = &w->conn->body;

    w->spec.body = w->data + part->offset;
    w->spec.body_len = part->len;
    if (!part->bare)
        return TDREST_OK;
    tdri_buf_reset(body);
    tdri_buf_add_char(body, '[');
    tdri_buf_add(body, w->data + part->offset, part->len);
    tdri_buf_add_char(body, ']');
    w->spec.body = tdri_buf_text(body);
    w->spec.body_len = body->len;
    return tdri_buf_code(body) == TDREST_OK ? TDREST_OK : tdri_err_set(&w->conn->err, tdri_buf_code(body), NULL);
}

/* The request up to its departure. */
static int build(writing *w, const tdri_split_part *part)
{
    tdrest_conn *conn = w->conn;
    int rc = set_body(w, part);

    w->spec.req_id = tdri_call_req_id(w->call);
    if (rc == TDREST_OK)
        rc = tdri_request_build(&conn->request, conn->options, &w->spec, &conn->err);
    return rc == TDREST_OK ? rc : tdri_conn_unsent(conn);
}

/* Of a long answer its begin is enough. */
static size_t receive(void *context, const char *bytes, size_t len)
{
    tdri_buf *answer = (tdri_buf *)context;
    size_t room = answer->max - answer->len;

    tdri_buf_add(answer, bytes, len < room ? len : room);
    return len;
}

/* TDREST_OK when the server took the request. */
static int arrive(void *context)
{
    writing *w = (writing *)context;
    tdrest_conn *conn = w->conn;
    tdri_exchange *x = conn->exchange;
    tdri_reply_origin origin;
    int rc = TDREST_ROW;

    tdri_buf_reset(&conn->answer);
    while (rc == TDREST_ROW && conn->answer.len < conn->answer.max && tdri_buf_code(&conn->answer) == TDREST_OK)
        rc = tdri_exchange_run(x, receive, &conn->answer, &conn->err);
    if (rc == TDREST_ROW)
        tdri_exchange_finish(x, 0, 0);
    origin = tdri_call_origin(x, w->spec.endpoint);
    if (rc == TDREST_DONE && origin.http_status == 204)
        return TDREST_OK;
    if (tdri_buf_code(&conn->answer) != TDREST_OK)
        (void)tdri_err_set(&conn->err, tdri_buf_code(&conn->answer), NULL);
    (void)tdri_reply_error(tdri_buf_text(&conn->answer), conn->answer.len, &origin, &conn->err);
    if (conn->err.http_status == 0)
        conn->err.http_status = origin.http_status;
    if (conn->err.phase == TDREST_PHASE_NONE)
        conn->err.phase = TDREST_PHASE_READ;
    tdri_conn_stamp(conn, &conn->err);
    return conn->err.code;
}

/* ---- the account ---- */

static int64_t count_unsent(const writing *w, size_t pos)
{
    tdri_split_part rest;

    return tdri_split_next(w->protocol, w->data, w->len, SIZE_MAX, &pos, &rest) ? rest.lines : 0;
}

static void note_success(writing *w, const tdri_split_part *part)
{
    tdrest_written *written = &w->conn->written;

    written->requests += part->points > 0;
    written->lines += part->lines;
    written->bytes = part->behind;
}

/* The call may be sent again as a whole only if what was, or may be, written overwrites itself. */
static void note_failure(writing *w, const tdri_split_part *part)
{
    tdrest_written *written = &w->conn->written;
    tdrest_error *err = &w->conn->err;

    written->failed_lines = part->lines;
    written->failed_bytes = part->behind - written->bytes;
    written->failed_unknown = err->ran != TDREST_RAN_NO;
    written->unsent_lines = count_unsent(w, part->behind);
    err->row = written->lines;
    if (written->requests > 0 && err->ran == TDREST_RAN_NO)
        err->ran = TDREST_RAN_MAYBE;
    if (err->ran != TDREST_RAN_NO && err->repeat != TDREST_REPEAT_NO)
        err->repeat = tdri_split_is_timed(w->protocol, w->data, part->behind) ? TDREST_REPEAT_IDEMPOTENT : TDREST_REPEAT_NO;
}

/* ---- the call ---- */

static int prepare(writing *w, int precision)
{
    const tdrest_call *settings = &w->call->settings;
    tdrest_error *err = &w->conn->err;
    int rc = set_protocol(w, precision);

    if (rc == TDREST_OK && w->data == NULL)
        rc = tdri_err_set(err, TDREST_EUSAGE, "data is NULL");
    if (rc != TDREST_OK)
        return rc;
    w->len = tdri_text_len(w->data, w->len);
    w->spec.database = settings->database;
    w->spec.ttl_days = (int)settings->ttl_days;
    w->spec.table_name_key = settings->table_name_key;
    return tdri_split_check(w->protocol, w->data, w->len, err);
}

static int run(writing *w)
{
    size_t pos = 0, max = (size_t)tdri_opts_int(w->conn->options, TDRI_OPT_BATCH_BYTES);
    int rc = TDREST_OK;
    tdri_split_part part;

    while (rc == TDREST_OK && tdri_split_next(w->protocol, w->data, w->len, max, &pos, &part)) {
        if (part.points > 0)
            rc = build(w, &part);
        if (rc == TDREST_OK && part.points > 0)
            rc = tdri_attempts_run(w->call, arrive, w);
        if (rc == TDREST_OK)
            note_success(w, &part);
        else
            note_failure(w, &part);
    }
    if (rc == TDREST_OK)
        w->conn->written.bytes = w->len;
    return rc;
}

int tdrest_write(tdrest_conn *conn, int protocol, int precision, const char *data, size_t len, const tdrest_call *settings)
{
    tdri_call call;
    writing w = {.conn = conn, .call = &call, .protocol = protocol, .data = data, .len = len};
    int rc = tdri_call_begin(&call, conn, settings, 1);

    memset(&conn->written, 0, sizeof conn->written);
    conn->written.size = sizeof conn->written;
    if (rc != TDREST_OK)
        return rc;
    rc = prepare(&w, precision);
    if (rc == TDREST_OK)
        rc = run(&w);
    else
        rc = tdri_conn_unsent(conn);
    return tdri_call_end(&call, rc);
}

const tdrest_written *tdrest_conn_get_written(const tdrest_conn *conn)
{
    static const tdrest_written none = {.size = sizeof none};

    return conn == NULL ? &none : &conn->written;
}
