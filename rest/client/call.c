/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What calls that send something have in common. Knows no endpoint. */
#include "client/call.h"

#include "base/sizes.h"

#include <limits.h>
#include <string.h>

int tdri_call_begin(tdrest_conn *conn)
{
    tdri_err_reset(&conn->err);
    if (conn->open == NULL)
        return TDREST_OK;
    return tdri_err_set(&conn->err, TDREST_EBUSY, "a result of this connection is open: read it to TDREST_DONE, free or "
                        "store it, or use another connection");
}

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
    return call->timezone == NULL ? TDREST_OK : tdri_timezone_check(call->timezone, strlen(call->timezone), err);
}

int tdri_call_take(const tdrest_call *given, int writes, tdrest_call *call, tdrest_error *err)
{
    *call = TDREST_CALL_INIT;
    if (given == NULL || tdri_sizes_take(&tdri_sizes_call, given, call))
        return check(call, writes, err);
    return tdri_err_set(err, TDREST_EUSAGE, "call.size is %zu, which no version of tdrest_call has; begin with TDREST_CALL_INIT", given->size);
}

tdri_limits tdri_call_limits(const tdrest_conn *conn, const tdrest_call *call)
{
    tdri_limits limits;

    limits.connect_ms = tdri_opts_int(conn->options, TDRI_OPT_CONNECT_TIMEOUT_MS);
    limits.total_ms = call->timeout_ms >= 0 ? call->timeout_ms : tdri_opts_int(conn->options, TDRI_OPT_TIMEOUT_MS);
    limits.stall_ms = call->stall_timeout_ms >= 0 ? call->stall_timeout_ms
                                                  : tdri_opts_int(conn->options, TDRI_OPT_STALL_TIMEOUT_MS);
    return limits;
}

/* Positive, 63 bits, never the same twice on a connection: splitmix64 over a counter. */
int64_t tdri_call_req_id(tdrest_conn *conn, const tdrest_call *call)
{
    uint64_t x;

    if (call->req_id > 0)
        return call->req_id;
    x = conn->last_req_id += 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    x = (x ^ (x >> 31)) >> 1;
    return x == 0 ? 1 : (int64_t)x;
}

int tdri_call_start(tdrest_conn *conn, const tdri_limits *limits)
{
    const tdri_request *request = &conn->request;
    int rc;

    tdri_conn_log(conn, TDREST_LOG_INFO, "POST %s%s req_id=%lld, %zu bytes", tdri_buf_text(&conn->origin),
                  tdri_buf_text(&request->path), (long long)request->req_id, request->body_len);
    rc = conn->transport->ops->start(conn->transport, tdri_buf_text(&conn->origin), request, limits, &conn->err);
    if (rc != TDREST_OK)
        tdri_conn_stamp(conn, &conn->err);
    return rc;
}
