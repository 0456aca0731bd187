/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* One statement from text to result. Knows neither HTTP nor JSON. */
#include "client/result.h"

#include "base/text.h"

#include <string.h>

/* Positive, 63 bits, never the same twice on a connection: splitmix64 over a counter. */
static int64_t make_req_id(tdrest_conn *conn)
{
    uint64_t x = conn->last_req_id += 0x9e3779b97f4a7c15u;

    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    x = (x ^ (x >> 31)) >> 1;
    return x == 0 ? 1 : (int64_t)x;
}

static int check_call(const tdrest_call *call, tdrest_error *err)
{
    if (call->size < sizeof(tdrest_call))
        return tdri_err_set(err, TDREST_EUSAGE, "call.size is %zu; start from TDREST_CALL_INIT", call->size);
    if (call->req_id < 0)
        return tdri_err_set(err, TDREST_EUSAGE, "call.req_id is negative; expected 0 or a positive number");
    if (call->timeout_ms < -1 || call->stall_timeout_ms < -1)
        return tdri_err_set(err, TDREST_EUSAGE, "a time limit of the call is below -1");
    return call->timezone == NULL ? TDREST_OK : tdri_timezone_check(call->timezone, strlen(call->timezone), err);
}

static int build_request(tdrest_conn *conn, const tdrest_call *call)
{
    tdri_request_spec spec;
    char zone[256];
    int rc;

    memset(&spec, 0, sizeof spec);
    spec.endpoint = TDRI_SQL;
    spec.database = call->database;
    spec.timezone = call->timezone;
    spec.req_id = call->req_id > 0 ? call->req_id : make_req_id(conn);
    spec.body = tdri_buf_text(&conn->sql);
    spec.body_len = conn->sql.len;
    if (call->timezone != NULL && strcmp(call->timezone, "local") == 0) {
        rc = tdri_zone_local(zone, sizeof zone, &conn->err);
        if (rc != TDREST_OK)
            return rc;
        spec.timezone = zone;
    }
    return tdri_request_build(&conn->request, conn->options, &spec, &conn->err);
}

static tdri_limits limits_of(const tdrest_conn *conn, const tdrest_call *call)
{
    tdri_limits limits;

    limits.connect_ms = tdri_opts_int(conn->options, TDRI_OPT_CONNECT_TIMEOUT_MS);
    limits.total_ms = call->timeout_ms >= 0 ? call->timeout_ms : tdri_opts_int(conn->options, TDRI_OPT_TIMEOUT_MS);
    limits.stall_ms = call->stall_timeout_ms >= 0 ? call->stall_timeout_ms
                                                  : tdri_opts_int(conn->options, TDRI_OPT_STALL_TIMEOUT_MS);
    return limits;
}

/* Everything up to the request's departure; the statement is in conn->sql. */
static int send(tdrest_conn *conn, const tdrest_call *call)
{
    tdri_limits limits = limits_of(conn, call);
    int rc = check_call(call, &conn->err);

    if (rc == TDREST_OK)
        rc = build_request(conn, call);
    if (rc != TDREST_OK) {
        conn->err.phase = TDREST_PHASE_PREPARE;
        return rc;
    }
    tdri_conn_log(conn, TDREST_LOG_INFO, "POST %s%s req_id=%lld, %zu bytes", tdri_buf_text(&conn->origin),
                  tdri_buf_text(&conn->request.path), (long long)conn->request.req_id, conn->sql.len);
    rc = conn->transport->ops->start(conn->transport, tdri_buf_text(&conn->origin), &conn->request, &limits, &conn->err);
    if (rc != TDREST_OK)
        tdri_conn_stamp(conn, &conn->err);
    return rc;
}

/* From the request's departure to the columns, or with `buffered` to the end. The record of a failure is in res. */
static int receive(tdrest_result *res, enum tdri_sql_verb verb, int buffered)
{
    int rc = tdri_result_begin(res, verb, buffered);

    return rc == TDREST_OK && buffered ? tdri_result_store(res) : rc;
}

int tdri_query_ready(tdrest_conn *conn)
{
    tdri_err_reset(&conn->err);
    if (conn->open == NULL)
        return TDREST_OK;
    return tdri_err_set(&conn->err, TDREST_EBUSY, "a result of this connection is open: read it to TDREST_DONE, free or "
                        "store it, or use another connection");
}

int tdri_query_send(tdrest_conn *conn, enum tdri_sql_verb verb, const tdrest_call *call, tdrest_result **out)
{
    static const tdrest_call defaults = {sizeof defaults, 0, -1, -1, NULL, NULL, 0};
    tdrest_result *res;
    int rc;

    *out = NULL;
    if (call == NULL)
        call = &defaults;
    rc = send(conn, call);
    if (rc != TDREST_OK)
        return rc;
    res = tdri_result_new(conn);
    if (res == NULL) {
        conn->transport->ops->finish(conn->transport, 0, 0);
        return tdri_err_set(&conn->err, TDREST_ENOMEM, NULL);
    }
    rc = receive(res, verb, call->buffered);
    if (rc == TDREST_OK) {
        *out = res;
        return rc;
    }
    conn->err = res->err;
    tdrest_result_free(res);
    return rc;
}

static int prepare(tdrest_conn *conn, const char *sql, size_t len, enum tdri_sql_verb *verb)
{
    int rc;

    if (sql == NULL)
        return tdri_err_set(&conn->err, TDREST_EUSAGE, "sql is NULL");
    rc = tdri_sql_prepare(sql, tdri_text_len(sql, len), conn->sql.max, &conn->sql, verb, &conn->err);
    if (rc != TDREST_OK)
        conn->err.phase = TDREST_PHASE_PREPARE;
    return rc;
}

int tdrest_query(tdrest_conn *conn, const char *sql, size_t len, const tdrest_call *call, tdrest_result **out)
{
    enum tdri_sql_verb verb = TDRI_SQL_OTHER_VERB;
    int rc;

    *out = NULL;
    rc = tdri_query_ready(conn);
    if (rc == TDREST_OK)
        rc = prepare(conn, sql, len, &verb);
    if (rc != TDREST_OK)
        return rc;
    conn->transport->ops->enter(conn->transport);
    rc = tdri_query_send(conn, verb, call, out);
    conn->transport->ops->leave(conn->transport);
    return rc;
}

int tdrest_exec(tdrest_conn *conn, const char *sql, size_t len, const tdrest_call *call, int64_t *affected)
{
    tdrest_result *res;
    int rc = tdrest_query(conn, sql, len, call, &res);

    if (affected != NULL)
        *affected = rc == TDREST_OK ? tdrest_result_affected(res) : -1;
    tdrest_result_free(res);
    return rc;
}

/* The first value of the first row. Its result, which the caller frees; NULL with the record in conn. */
static tdrest_result *ask(tdrest_conn *conn, const char *sql, const tdrest_call *call)
{
    tdrest_result *res;

    if (tdrest_query(conn, sql, TDREST_CSTR, call, &res) != TDREST_OK)
        return NULL;
    switch (tdrest_result_next(res)) {
    case TDREST_ROW:
        return res;
    case TDREST_DONE:
        (void)tdri_err_set(&conn->err, TDREST_EANSWER, "the answer has no row; expected one value");
        break;
    default:
        conn->err = res->err;
    }
    tdrest_result_free(res);
    return NULL;
}

int tdrest_conn_ping(tdrest_conn *conn, const tdrest_call *call)
{
    tdrest_result *res = ask(conn, "select server_status()", call);
    const char *status;

    if (res == NULL)
        return conn->err.code;
    if (tdrest_result_text(res, 0, &status, NULL) != TDREST_OK || strcmp(status, "1") != 0) {
        (void)tdri_err_set(&conn->err, TDREST_ESERVER, "the server says that it is not ready");
        conn->err.cls = TDREST_CLASS_OPERATIONAL;
        conn->err.repeat = TDREST_REPEAT_SAFE;
        tdri_conn_stamp(conn, &conn->err);
    }
    tdrest_result_free(res);
    return conn->err.code;
}

int tdrest_conn_query_version(tdrest_conn *conn, const tdrest_call *call, char *text, size_t cap)
{
    tdrest_result *res;
    const char *version;
    size_t len;

    if (cap > 0)
        text[0] = '\0';
    res = ask(conn, "select server_version()", call);
    if (res == NULL)
        return conn->err.code;
    if (tdrest_result_text(res, 0, &version, &len) != TDREST_OK)
        (void)tdri_err_set(&conn->err, TDREST_EANSWER, "the server's version is no text");
    else if (len >= cap)
        (void)tdri_err_set(&conn->err, TDREST_ERANGE, "the server's version has %zu bytes; there is room for %zu", len, cap);
    else
        memcpy(text, version, len + 1);
    tdrest_result_free(res);
    return conn->err.code;
}
