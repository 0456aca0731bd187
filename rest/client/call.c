/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What calls that send something have in common. Knows no endpoint. */
#include "client/call.h"

#include "base/sizes.h"

#include <limits.h>
#include <string.h>

static int check(const tdrest_call *call, int writes, tdrest_error *err)
{
    if (call->req_id < 0)
        return tdri_err_set(err, TDREST_EUSAGE, "call.req_id is negative; expected 0 or a positive number");
    if (call->timeout_ms < -1 || call->stall_timeout_ms < -1)
        return tdri_err_set(err, TDREST_EUSAGE, "a time limit of the call is below -1");
    if (!writes && (call->ttl_days != 0 || call->table_name_key != NULL))
        return tdri_err_set(err, TDREST_EUSAGE, "call.ttl_days and call.table_name_key are for tdrest_write");
    if (call->ttl_days < 0 || call->ttl_days > INT_MAX)
        return tdri_err_set(err, TDREST_EUSAGE, "call.ttl_days: expected 0 to %d", INT_MAX);
    if (call->retry < TDREST_RETRY_OPTION || call->retry > TDREST_RETRY_NEVER)
        return tdri_err_set(err, TDREST_EUSAGE, "call.retry: expected TDREST_RETRY_OPTION, _AUTO, _CONNECT or _NEVER");
    if (call->verify_rows < TDREST_VERIFY_OPTION || call->verify_rows > TDREST_VERIFY_COUNT)
        return tdri_err_set(err, TDREST_EUSAGE, "call.verify_rows: expected TDREST_VERIFY_OPTION, _NONE or _COUNT");
    return call->timezone == NULL ? TDREST_OK : tdri_timezone_check(call->timezone, strlen(call->timezone), err);
}

int tdri_call_take(const tdrest_call *given, int writes, tdrest_call *settings, tdrest_error *err)
{
    *settings = TDREST_CALL_INIT;
    if (given == NULL || tdri_sizes_take(&tdri_sizes_call, given, settings))
        return check(settings, writes, err);
    return tdri_err_set(err, TDREST_EUSAGE, "call.size is %zu, which matches no version of tdrest_call; start from TDREST_CALL_INIT", given->size);
}

static int64_t limit_ms(const tdrest_options *options, int64_t given, enum tdri_opt opt)
{
    return given >= 0 ? given : tdri_opts_int(options, opt);
}

void tdri_call_set_limits(tdri_call *call)
{
    const tdrest_options *options = call->conn->options;

    call->whole = call->settings.buffered;
    call->limits.connect_ms = tdri_opts_int(options, TDRI_OPT_CONNECT_TIMEOUT_MS);
    call->limits.stall_ms = limit_ms(options, call->settings.stall_timeout_ms, TDRI_OPT_STALL_TIMEOUT_MS);
}

int64_t tdri_call_timeout_ms(const tdrest_call *settings, const tdrest_options *options)
{
    return limit_ms(options, settings->timeout_ms, TDRI_OPT_TIMEOUT_MS);
}

int tdri_call_begin(tdri_call *call, tdrest_conn *conn, const tdrest_call *given, int writes)
{
    int rc;

    tdri_err_reset(&conn->err);
    if (conn->open != NULL)
        return tdri_err_set(&conn->err, TDREST_EBUSY, "a result of this connection is open: read it to TDREST_DONE, free or "
                            "store it, or use another connection");
    call->conn = conn;
    rc = tdri_call_take(given, writes, &call->settings, &conn->err);
    if (rc != TDREST_OK)
        return tdri_conn_unsent(conn);
    tdri_call_set_limits(call);
    tdri_call_renew_deadline(call);
    tdri_loop_enter(conn->loop);
    return TDREST_OK;
}

int tdri_call_end(tdri_call *call, int rc)
{
    tdri_loop_leave(call->conn->loop);
    return rc;
}

void tdri_call_renew_deadline(tdri_call *call)
{
    call->limits.deadline_ms = tdri_deadline_ms(tdri_call_timeout_ms(&call->settings, call->conn->options));
}

int64_t tdri_call_req_id(const tdri_call *call)
{
    return call->settings.req_id > 0 ? call->settings.req_id : tdri_conn_next_req_id(call->conn);
}

tdri_reply_origin tdri_call_origin(tdri_exchange *x, enum tdri_endpoint endpoint)
{
    tdri_reply_origin origin = {endpoint, 0, NULL, NULL, NULL};

    origin.http_status = tdri_exchange_http_status(x);
    origin.content_type = tdri_exchange_content_type(x);
    origin.content_encoding = tdri_exchange_content_encoding(x);
    origin.answerer = tdri_exchange_answerer(x);
    return origin;
}
