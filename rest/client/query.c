/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* One statement from text to result. Knows neither HTTP nor JSON. */
#include "client/call.h"
#include "client/result.h"

#include "base/text.h"

#include <string.h>

/* The zone that the request will name; the connection then has its periods. `local` is resolved into `local`. */
static int choose_zone(tdrest_conn *conn, const tdrest_call *settings, char local[TDRI_ZONE_NAME], const char **out)
{
    const char *name = settings->timezone != NULL ? settings->timezone : tdri_opts_text(conn->options, TDRI_OPT_TIMEZONE);
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

int tdri_query_build(const tdri_call *call, const char *sql, size_t len)
{
    tdrest_conn *conn = call->conn;
    tdri_request_spec spec;
    char local[TDRI_ZONE_NAME];
    int rc;

    memset(&spec, 0, sizeof spec);
    spec.endpoint = TDRI_SQL;
    spec.database = call->settings.database;
    spec.req_id = tdri_call_req_id(call);
    spec.body = sql;
    spec.body_len = len;
    rc = choose_zone(conn, &call->settings, local, &spec.timezone);
    if (rc != TDREST_OK)
        return rc;
    return tdri_request_build(&conn->request, conn->options, &spec, &conn->err);
}

/* One attempt at the statement's answer. */
typedef struct receiving {
    const tdri_call *call;
    tdri_question asked;
    tdrest_result *res;
} receiving;

/* From the request's departure to the columns, or with `buffered` to the end. */
static int receive(void *context)
{
    receiving *r = (receiving *)context;
    tdrest_conn *conn = r->call->conn;
    int rc;

    r->res = tdri_result_new(conn, &r->asked);
    if (r->res == NULL) {
        tdri_exchange_finish(conn->exchange, 0, 0);
        (void)tdri_err_set(&conn->err, TDREST_ENOMEM, NULL);
        (void)tdri_conn_unsent(conn);
        tdri_conn_stamp(conn, &conn->err);
        return conn->err.code;
    }
    rc = tdri_result_begin(r->res);
    if (rc == TDREST_OK && r->call->settings.buffered)
        rc = tdri_result_store(r->res);
    while (rc == TDREST_OK && r->res->ended < 0 && tdri_result_repeat(r->res)) /* it broke in what came with the columns: nobody saw a row */
        ;
    if (rc == TDREST_OK)
        return rc;
    conn->err = r->res->err;
    tdrest_result_free(r->res);
    r->res = NULL;
    return rc;
}

static int send(receiving *r, tdrest_result **out)
{
    const tdri_buf *sql = &r->call->conn->sql;
    int rc = tdri_query_build(r->call, tdri_buf_text(sql), sql->len);

    *out = NULL;
    if (rc != TDREST_OK)
        return tdri_conn_unsent(r->call->conn);
    rc = tdri_attempts_run(r->call, receive, r);
    *out = r->res;
    return rc;
}

int tdri_query_send(const tdri_call *call, enum tdri_sql_verb verb, tdrest_result **out)
{
    receiving r = {.call = call, .asked = {.verb = verb, .keeps_limit = call->whole}};

    return send(&r, out);
}

int tdri_query_send_verified(const tdri_call *call, enum tdri_sql_verb verb, tdrest_result **out)
{
    receiving r = {.call = call, .asked = {.verb = verb, .keeps_limit = call->whole}};
    int rc = TDREST_OK;

    *out = NULL;
    if (verb == TDRI_SQL_READS && tdri_verify_is_asked(&call->settings, call->conn->options))
        rc = tdri_verify_count(call, &r.asked.expected_rows);
    return rc == TDREST_OK ? send(&r, out) : rc;
}

/* The statement goes to conn->sql. */
static int prepare(tdrest_conn *conn, const char *sql, size_t len, enum tdri_sql_verb *verb)
{
    int rc;

    if (sql == NULL)
        return tdri_err_set(&conn->err, TDREST_EUSAGE, "sql is NULL");
    rc = tdri_sql_prepare(sql, tdri_text_len(sql, len), conn->sql.max, &conn->sql, verb, &conn->err);
    return rc == TDREST_OK ? rc : tdri_conn_unsent(conn);
}

int tdri_query(const tdri_call *call, const char *sql, size_t len, tdrest_result **out)
{
    enum tdri_sql_verb verb = TDRI_SQL_OTHER_VERB;
    int rc = prepare(call->conn, sql, len, &verb);

    *out = NULL;
    return rc == TDREST_OK ? tdri_query_send(call, verb, out) : rc;
}

/* A whole call. Rows that are not wanted need not be counted. */
static int query(tdrest_conn *conn, const char *sql, size_t len, const tdrest_call *settings, int rows_are_wanted, tdrest_result **out)
{
    tdri_call call;
    enum tdri_sql_verb verb = TDRI_SQL_OTHER_VERB;
    int rc = tdri_call_begin(&call, conn, settings, 0);

    *out = NULL;
    if (rc != TDREST_OK)
        return rc;
    rc = prepare(conn, sql, len, &verb);
    if (rc == TDREST_OK)
        rc = rows_are_wanted ? tdri_query_send_verified(&call, verb, out) : tdri_query_send(&call, verb, out);
    return tdri_call_end(&call, rc);
}

int tdrest_query(tdrest_conn *conn, const char *sql, size_t len, const tdrest_call *settings, tdrest_result **out)
{
    return query(conn, sql, len, settings, 1, out);
}

int tdrest_exec(tdrest_conn *conn, const char *sql, size_t len, const tdrest_call *settings, int64_t *affected)
{
    tdrest_result *res;
    int rc = query(conn, sql, len, settings, 0, &res);

    if (affected != NULL)
        *affected = rc == TDREST_OK ? tdrest_result_affected(res) : -1;
    tdrest_result_free(res);
    return rc;
}

/* ---- questions of our own ---- */

/* What is done with the first row of an answer. TDREST_OK, or an error in the connection's record. */
typedef int take_row(tdrest_result *res, void *context);

/* Asks for one row within the call's limit. */
static int ask_row(const tdri_call *call, const char *sql, take_row *take, void *context)
{
    tdrest_conn *conn = call->conn;
    tdrest_result *res;
    int rc = tdri_query(call, sql, TDREST_CSTR, &res);

    if (rc == TDREST_OK)
        rc = tdrest_result_next(res);
    if (rc == TDREST_ROW)
        rc = take(res, context);
    else if (rc == TDREST_DONE)
        rc = tdri_err_set(&conn->err, TDREST_EANSWER, "the answer has no row; expected one value");
    else if (res != NULL)
        conn->err = res->err;
    if (rc < 0 && conn->err.phase == TDREST_PHASE_NONE) {
        conn->err.phase = TDREST_PHASE_READ;
        conn->err.http_status = 200;
        tdri_conn_stamp(conn, &conn->err);
    }
    tdrest_result_free(res);
    return rc;
}

static int ask(tdrest_conn *conn, const char *sql, const tdrest_call *settings, take_row *take, void *context)
{
    tdri_call call;
    int rc = tdri_call_begin(&call, conn, settings, 0);

    if (rc != TDREST_OK)
        return rc;
    call.whole = 1;
    return tdri_call_end(&call, ask_row(&call, sql, take, context));
}

/* Whether the server is ready is part of whether the attempt succeeded: another host may be. */
int tdrest_conn_ping(tdrest_conn *conn, const tdrest_call *settings)
{
    tdri_call call;
    receiving r = {.call = &call, .asked = {.verb = TDRI_SQL_READS, .whether_ready = 1, .keeps_limit = 1}};
    enum tdri_sql_verb verb;
    tdrest_result *res = NULL;
    int rc = tdri_call_begin(&call, conn, settings, 0);

    if (rc != TDREST_OK)
        return rc;
    call.whole = call.settings.buffered = 1;
    rc = prepare(conn, TDRI_READY_SQL, TDREST_CSTR, &verb);
    if (rc == TDREST_OK)
        rc = send(&r, &res);
    tdrest_result_free(res);
    return tdri_call_end(&call, rc);
}

/* Where the version goes. */
typedef struct text_out {
    tdrest_error *err;
    char *text;
    size_t cap;
} text_out;

static int take_version(tdrest_result *res, void *context)
{
    const text_out *out = (const text_out *)context;
    const char *version;
    size_t len;

    if (tdrest_result_text(res, 0, &version, &len) != TDREST_OK)
        return tdri_err_set(out->err, TDREST_EANSWER, "the server's version is not text");
    if (len >= out->cap)
        return tdri_err_set(out->err, TDREST_ERANGE, "the server's version has %zu bytes; there is room for %zu", len, out->cap);
    memcpy(out->text, version, len + 1);
    return TDREST_OK;
}

int tdrest_conn_query_version(tdrest_conn *conn, const tdrest_call *call, char *text, size_t cap)
{
    text_out out = {&conn->err, text, cap};

    if (cap > 0)
        text[0] = '\0';
    return ask(conn, "select server_version()", call, take_version, &out);
}
