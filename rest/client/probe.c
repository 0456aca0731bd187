/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Asks a host that was set aside whether it serves again, over an exchange of its own: with a question of ours and not the caller's statement, which must
 * not be risked on a host that may be half dead.
 */
#include "client/call.h"
#include "client/result.h"
#include "net/curl_error.h"

#include <stdio.h>
#include <string.h>

typedef struct probe {
    tdri_request request;
    tdri_exchange *exchange;
    tdri_decode decode;
    tdrest_error err;
} probe;

static size_t take(void *context, const char *bytes, size_t len)
{
    probe *p = (probe *)context;

    return tdri_decode_feed(&p->decode, bytes, len, &p->err);
}

static int build(tdrest_conn *conn, probe *p)
{
    tdri_request_spec spec;
    int rc;

    memset(&spec, 0, sizeof spec);
    spec.endpoint = TDRI_SQL;
    spec.timezone = "server";
    spec.req_id = tdri_conn_next_req_id(conn);
    spec.body = TDRI_READY_SQL;
    spec.body_len = sizeof TDRI_READY_SQL - 1;
    rc = tdri_request_build(&p->request, conn->options, &spec, &p->err);
    if (rc == TDREST_OK)
        rc = tdri_request_add_close(&p->request); /* the loop keeps one connection: not this one */
    return rc;
}

/* The whole answer: 1 when it is the server's word that it serves. */
static int ask(tdrest_conn *conn, probe *p, const char *origin, const tdri_limits *limits)
{
    tdri_reply_origin from;
    int rc = tdri_exchange_new(conn->loop, conn->options, &p->exchange, &p->err);

    if (rc == TDREST_OK)
        rc = tdri_exchange_start(p->exchange, origin, &p->request, limits, &p->err);
    if (rc == TDREST_OK)
        rc = TDREST_ROW;
    while (rc == TDREST_ROW && p->decode.state != TDRI_BROKEN && !p->decode.full)
        rc = tdri_exchange_run(p->exchange, take, p, &p->err);
    if (rc != TDREST_DONE)
        return 0;
    from = tdri_call_origin(p->exchange, TDRI_SQL);
    return tdri_answer_end(&p->decode, &from, &p->err) == TDREST_DONE && tdri_answer_is_ready(&p->decode);
}

enum tdri_host_news tdri_probe_news(int is_ready, const tdrest_error *err)
{
    if (is_ready)
        return TDRI_HOST_ANSWERED;
    if (tdri_curl_error_distrusts(err->curl_code))
        return TDRI_HOST_DISTRUSTED;
    switch (err->code) {
    case TDREST_EAUTH: return TDRI_HOST_LOGIN;
    case TDREST_EOPTION:
    case TDREST_ECANCELLED:
    case TDREST_ENOMEM: return TDRI_HOST_SILENT;
    default: return TDRI_HOST_BAD;
    }
}

/* The call ends before its statement was sent: with the same login the others would refuse it too, and count. */
static int refuse_login(tdrest_conn *conn, const probe *p, const char *origin)
{
    tdri_outcome outcome;

    conn->err = p->err;
    conn->err.req_id = p->request.req_id;
    (void)snprintf(conn->err.endpoint, sizeof conn->err.endpoint, "%s%s", origin, tdri_buf_text(&p->request.path));
    outcome = tdri_outcome_tell(&conn->err, 0, 1);
    tdri_attempts_stamp(conn->attempts, &outcome, &conn->err);
    return conn->err.code;
}

int tdri_probe_due_host(tdrest_conn *conn, int64_t deadline_ms)
{
    tdri_decode_limits sizes = {4096, 4096};
    int64_t most = deadline_ms == 0 ? TDRI_PROBE_MS : (deadline_ms - tdri_now_ms()) / 4; /* the statement has the rest */
    tdri_limits limits = {TDRI_PROBE_MS, 0, TDRI_PROBE_MS};
    tdri_host_pick pick;
    enum tdri_host_news news = TDRI_HOST_SILENT;
    const char *origin;
    int rc = TDREST_OK;
    probe p;

    if (most <= 0 || !tdri_hosts_take_due(conn->hosts, &pick))
        return rc;
    origin = tdri_hosts_origin(conn->hosts, pick.index);
    limits.deadline_ms = tdri_deadline_ms(most < TDRI_PROBE_MS ? most : TDRI_PROBE_MS);
    p.exchange = NULL;
    tdri_err_reset(&p.err);
    tdri_request_init(&p.request, &conn->mem);
    tdri_decode_init(&p.decode, &conn->mem, &sizes);
    if (build(conn, &p) == TDREST_OK)
        news = tdri_probe_news(ask(conn, &p, origin, &limits), &p.err);
    tdri_hosts_tell(conn->hosts, &pick, news, news == TDRI_HOST_BAD && p.exchange != NULL ? tdri_exchange_retry_after_ms(p.exchange) : -1);
    tdri_conn_log(conn, TDREST_LOG_INFO, "%s: %s", origin, news == TDRI_HOST_ANSWERED ? "serves again" : "still set aside");
    if (news == TDRI_HOST_LOGIN)
        rc = refuse_login(conn, &p, origin);
    tdri_exchange_free(p.exchange);
    tdri_decode_clear(&p.decode);
    tdri_request_clear(&p.request);
    return rc;
}
