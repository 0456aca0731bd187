/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* One statement from text to result. Knows neither HTTP nor JSON. */
#include "client/call.h"
#include "client/result.h"

#include "base/text.h"

#include <string.h>

/* The zone that the request will name; the connection then has its periods. `local` is resolved into `local`. */
static int choose_zone(tdrest_conn *conn, const tdrest_call *call, char local[TDRI_ZONE_NAME], const char **out)
{
    const char *name = call->timezone != NULL ? call->timezone : tdri_opts_text(conn->options, TDRI_OPT_TIMEZONE);
    int rc = TDREST_OK;

    if (strcmp(name, "local") == 0) {
        rc = tdri_zone_local(local, TDRI_ZONE_NAME, &conn->err);
        name = local;
    }
    *out = name;
    if (rc != TDREST_OK || strcmp(name, conn->zone_name) == 0)
        return rc;
    tdri_zone_clear(&conn->zone, &conn->mem);
    conn->zone_name[0] = '\0';
    if (tdri_zone_load(&conn->zone, &conn->mem, name) != TDREST_OK)
        return tdri_err_set(&conn->err, TDREST_ENOMEM, NULL);
    memcpy(conn->zone_name, name, strlen(name) + 1);
    return TDREST_OK;
}

static int build_request(tdrest_conn *conn, const tdrest_call *call)
{
    tdri_request_spec spec;
    char local[TDRI_ZONE_NAME];
    int rc;

    memset(&spec, 0, sizeof spec);
    spec.endpoint = TDRI_SQL;
    spec.database = call->database;
    spec.req_id = tdri_call_req_id(conn, call);
    spec.body = tdri_buf_text(&conn->sql);
    spec.body_len = conn->sql.len;
    rc = choose_zone(conn, call, local, &spec.timezone);
    if (rc != TDREST_OK)
        return rc;
    return tdri_request_build(&conn->request, conn->options, &spec, &conn->err);
}

/* Everything up to the request's departure; the statement is in conn->sql. */
static int send(tdrest_conn *conn, const tdrest_call *call)
{
    tdri_limits limits = tdri_call_limits(conn, call);
    int rc = build_request(conn, call);

    if (rc != TDREST_OK) {
        conn->err.phase = TDREST_PHASE_PREPARE;
        return rc;
    }
    return tdri_call_start(conn, &limits);
}

/* From the request's departure to the columns, or with `buffered` to the end. The record of a failure is in res. */
static int receive(tdrest_result *res, enum tdri_sql_verb verb, int buffered)
{
    int rc = tdri_result_begin(res, verb, buffered);

    return rc == TDREST_OK && buffered ? tdri_result_store(res) : rc;
}

int tdri_query_send(tdrest_conn *conn, enum tdri_sql_verb verb, const tdrest_call *given, tdrest_result **out)
{
    tdrest_result *res;
    tdrest_call call;
    int rc = tdri_call_take(given, 0, &call, &conn->err);

    *out = NULL;
    if (rc == TDREST_OK)
        rc = send(conn, &call);
    else
        conn->err.phase = TDREST_PHASE_PREPARE;
    if (rc != TDREST_OK)
        return rc;
    res = tdri_result_new(conn);
    if (res == NULL) {
        conn->transport->ops->finish(conn->transport, 0, 0);
        return tdri_err_set(&conn->err, TDREST_ENOMEM, NULL);
    }
    rc = receive(res, verb, call.buffered);
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
    rc = tdri_call_begin(conn);
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
