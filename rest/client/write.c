/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Schemaless data as requests, one after the other, with an account of what became of each line. Knows no grammar. */
#include "client/write.h"

#include "answer/reply.h"
#include "base/text.h"
#include "request/precision.h"

#include <string.h>

/* ---- what is asked for ---- */

static int set_protocol(tdri_writing *w, int precision, tdrest_error *err)
{
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
        : tdri_err_set(err, TDREST_EUSAGE, "precision: expected 0 for OpenTSDB, where the number of digits tells the unit of a time");
}

int tdri_writing_begin(tdri_writing *w, int precision, const tdrest_call *settings, tdrest_error *err)
{
    int rc = set_protocol(w, precision, err);

    if (rc == TDREST_OK && w->data == NULL)
        rc = tdri_err_set(err, TDREST_EUSAGE, "data is NULL");
    if (rc != TDREST_OK)
        return rc;
    w->len = tdri_text_len(w->data, w->len);
    w->pos = 0;
    w->spec.database = settings->database;
    w->spec.ttl_days = (int)settings->ttl_days;
    w->spec.table_name_key = settings->table_name_key;
    return tdri_split_check(w->protocol, w->data, w->len, err);
}

/* ---- one request ---- */

int tdri_writing_next(tdri_writing *w)
{
    while (tdri_split_next(w->protocol, w->data, w->len, w->max, &w->pos, &w->part)) {
        if (w->part.points > 0)
            return 1;
        tdri_writing_note_success(w);
    }
    w->written->bytes = w->len;
    return 0;
}

static int set_body(tdri_writing *w, tdrest_conn *conn)
{
    tdri_buf *body = &conn->body;
    const tdri_split_part *part = &w->part;

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
    return tdri_buf_code(body) == TDREST_OK ? TDREST_OK : tdri_err_set(&conn->err, tdri_buf_code(body), NULL);
}

int tdri_writing_build(tdri_writing *w, tdrest_conn *conn, int64_t req_id)
{
    int rc = set_body(w, conn);

    w->spec.req_id = req_id;
    tdri_buf_reset(&conn->answer);
    if (rc == TDREST_OK)
        rc = tdri_request_build(&conn->request, conn->options, &w->spec, &conn->err);
    return rc == TDREST_OK ? rc : tdri_conn_unsent(conn);
}

size_t tdri_writing_receive(void *context, const char *bytes, size_t len)
{
    tdri_buf *answer = &((tdrest_conn *)context)->answer;
    size_t room = answer->max - answer->len;

    tdri_buf_add(answer, bytes, len < room ? len : room);
    return len;
}

int tdri_writing_wants_more(const tdrest_conn *conn)
{
    return conn->answer.len < conn->answer.max && tdri_buf_code(&conn->answer) == TDREST_OK;
}

int tdri_writing_judge(const tdri_writing *w, tdrest_conn *conn, int rc)
{
    tdri_exchange *x = conn->exchange;
    tdri_reply_origin origin;

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

static int64_t count_unsent(const tdri_writing *w)
{
    tdri_split_part rest;
    size_t pos = w->part.behind;

    return tdri_split_next(w->protocol, w->data, w->len, SIZE_MAX, &pos, &rest) ? rest.lines : 0;
}

void tdri_writing_note_success(tdri_writing *w)
{
    w->written->requests += w->part.points > 0;
    w->written->lines += w->part.lines;
    w->written->bytes = w->part.behind;
}

/* The call may be sent again as a whole only if what was, or may be, written overwrites itself. */
void tdri_writing_note_failure(tdri_writing *w, tdrest_error *err)
{
    tdrest_written *written = w->written;

    written->failed_lines = w->part.lines;
    written->failed_bytes = w->part.behind - written->bytes;
    written->failed_unknown = err->ran != TDREST_RAN_NO;
    written->unsent_lines = count_unsent(w);
    err->row = written->lines;
    if (written->requests > 0 && err->ran == TDREST_RAN_NO)
        err->ran = TDREST_RAN_MAYBE;
    if (err->ran != TDREST_RAN_NO && err->repeat != TDREST_REPEAT_NO)
        err->repeat = tdri_split_is_timed(w->protocol, w->data, w->part.behind) ? TDREST_REPEAT_IDEMPOTENT : TDREST_REPEAT_NO;
}

/* ---- the call ---- */

typedef struct arriving {
    const tdri_writing *w;
    tdrest_conn *conn;
} arriving;

/* TDREST_OK when the server took the request. */
static int arrive(void *context)
{
    const arriving *a = (const arriving *)context;
    tdrest_conn *conn = a->conn;
    int rc = TDREST_ROW;

    tdri_buf_reset(&conn->answer);
    while (rc == TDREST_ROW && tdri_writing_wants_more(conn))
        rc = tdri_exchange_run(conn->exchange, tdri_writing_receive, conn, &conn->err);
    return tdri_writing_judge(a->w, conn, rc);
}

static int run(tdri_writing *w, const tdri_call *call)
{
    arriving a = {w, call->conn};
    int rc = TDREST_OK;

    while (rc == TDREST_OK && tdri_writing_next(w)) {
        rc = tdri_writing_build(w, call->conn, tdri_call_req_id(call));
        if (rc == TDREST_OK)
            rc = tdri_attempts_run(call, arrive, &a);
        if (rc == TDREST_OK)
            tdri_writing_note_success(w);
        else
            tdri_writing_note_failure(w, &call->conn->err);
    }
    return rc;
}

int tdrest_write(tdrest_conn *conn, int protocol, int precision, const char *data, size_t len, const tdrest_call *settings)
{
    tdri_call call;
    tdri_writing w = {.protocol = protocol, .data = data, .len = len, .written = &conn->written};
    int rc = tdri_call_begin(&call, conn, settings, 1);

    memset(&conn->written, 0, sizeof conn->written);
    conn->written.size = sizeof conn->written;
    if (rc != TDREST_OK)
        return rc;
    w.max = (size_t)tdri_opts_int(conn->options, TDRI_OPT_BATCH_BYTES);
    rc = tdri_writing_begin(&w, precision, &call.settings, &conn->err);
    if (rc == TDREST_OK)
        rc = run(&w, &call);
    else
        rc = tdri_conn_unsent(conn);
    return tdri_call_end(&call, rc);
}

const tdrest_written *tdrest_conn_get_written(const tdrest_conn *conn)
{
    static const tdrest_written none = {.size = sizeof none};

    return conn == NULL ? &none : &conn->written;
}
