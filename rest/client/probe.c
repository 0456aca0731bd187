/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Asks a host that was set aside whether it serves again, over an exchange of its own: with a question of ours and not the caller's statement, which must
 * not be risked on a host that may be half dead.
 */
#include "client/call.h"
#include "client/result.h"

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
    static const char sql[] = "select server_status()";
    tdri_request_spec spec;
    int rc;

    memset(&spec, 0, sizeof spec);
    spec.endpoint = TDRI_SQL;
    spec.timezone = "server";
    spec.req_id = tdri_conn_next_req_id(conn);
    spec.body = sql;
    spec.body_len = sizeof sql - 1;
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
    if (tdri_answer_end(&p->decode, &from, &p->err) != TDREST_DONE)
        return 0;
    return p->decode.block.rows == 1 && p->decode.block.columns[0].kind == TDRI_KIND_I32 && ((const int32_t *)p->decode.block.columns[0].values)[0] == 1;
}

void tdri_probe_due_host(tdrest_conn *conn, int64_t deadline_ms)
{
    tdri_decode_limits sizes = {4096, 4096};
    int64_t most = deadline_ms == 0 ? TDRI_PROBE_MS : (deadline_ms - tdri_now_ms()) / 4; /* the statement has the rest */
    tdri_limits limits = {TDRI_PROBE_MS, 0, TDRI_PROBE_MS};
    tdri_host_pick pick;
    enum tdri_host_news news = TDRI_HOST_SILENT;
    probe p;

    if (most <= 0 || !tdri_hosts_take_due(conn->hosts, &pick))
        return;
    limits.deadline_ms = tdri_deadline_ms(most < TDRI_PROBE_MS ? most : TDRI_PROBE_MS);
    p.exchange = NULL;
    tdri_err_reset(&p.err);
    tdri_request_init(&p.request, &conn->mem);
    tdri_decode_init(&p.decode, &conn->mem, &sizes);
    if (build(conn, &p) == TDREST_OK)
        news = ask(conn, &p, tdri_hosts_origin(conn->hosts, pick.index), &limits) ? TDRI_HOST_ANSWERED
             : tdri_loop_is_cancelled(conn->loop) || p.err.code == TDREST_ENOMEM  ? TDRI_HOST_SILENT : TDRI_HOST_BAD;
    tdri_hosts_tell(conn->hosts, &pick, news, news == TDRI_HOST_BAD && p.exchange != NULL ? tdri_exchange_retry_after_ms(p.exchange) : -1);
    tdri_conn_log(conn, TDREST_LOG_INFO, "%s: %s", tdri_hosts_origin(conn->hosts, pick.index),
                  news == TDRI_HOST_ANSWERED ? "serves again" : "still set aside");
    tdri_exchange_free(p.exchange);
    tdri_decode_clear(&p.decode);
    tdri_request_clear(&p.request);
}
