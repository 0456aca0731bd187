/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Attempts of one request: turns, waits, and the account of them. The rules are those of client/retry and client/hosts. */
#include "client/attempt.h"

#include "base/clock.h"
#include "client/call.h"
#include "lines/split.h"
#include "net/curl_error.h"
#include "sql/lexer.h"

#include <stddef.h>
#include <string.h>

/* ---- the account ---- */

static void copy_cut(char *to, size_t cap, const char *from)
{
    size_t len = strlen(from) < cap ? strlen(from) : cap - 1;

    while (len > 0 && strlen(from) > len && ((unsigned char)from[len] & 0xc0) == 0x80)
        len--; /* not within a character */
    memcpy(to, from, len);
    to[len] = '\0';
}

/* Each host once; a list that is full stays as it is. */
static void note_host(tdri_attempts *a, const char *origin)
{
    size_t used = strlen(a->hosts), len = strlen(origin);
    const char *at = a->hosts;

    while ((at = strstr(at, origin)) != NULL) {
        if (at[len] == '\0' || at[len] == ',')
            return;
        at += len;
    }
    if (used + len + sizeof ", " > sizeof a->hosts)
        return;
    if (used > 0) {
        memcpy(a->hosts + used, ", ", 2);
        used += 2;
    }
    memcpy(a->hosts + used, origin, len + 1);
}

void tdri_attempts_stamp(tdri_attempts *a, const tdri_outcome *outcome, tdrest_error *err)
{
    a->outcome = *outcome;
    if (outcome->ran > a->ran)
        a->ran = outcome->ran;
    err->ran = a->ran;
    if (a->ran != TDREST_RAN_NO && err->repeat == TDREST_REPEAT_SAFE)
        err->repeat = TDREST_REPEAT_IDEMPOTENT;
    err->attempts = a->count;
    memcpy(err->hosts, a->hosts, sizeof err->hosts);
    if (a->first_cause[0] == '\0')
        copy_cut(a->first_cause, sizeof a->first_cause, err->message);
    else
        memcpy(err->first_cause, a->first_cause, sizeof err->first_cause);
}

/* ---- begin ---- */

static enum tdri_retry_mode mode_of(const tdri_call *call)
{
    int given = call->settings.retry;

    return (enum tdri_retry_mode)(given != TDREST_RETRY_OPTION ? given - TDREST_RETRY_AUTO : tdri_opts_int(call->conn->options, TDRI_OPT_RETRY));
}

/* The default is for those that have worked before: a program that starts is to hear of a wrong address at once. What was set holds from the start. */
static int64_t retry_for_ms(const tdrest_conn *conn)
{
    int applies = conn->options->text[TDRI_OPT_RETRY_FOR_MS] != NULL || tdri_hosts_have_served(conn->hosts);

    return applies ? tdri_opts_int(conn->options, TDRI_OPT_RETRY_FOR_MS) : 0;
}

void tdri_attempts_begin(const tdri_call *call)
{
    tdrest_conn *conn = call->conn;
    tdri_attempts *a = conn->attempts;
    const tdrest_options *options = conn->options;
    uint64_t random = tdri_random_next(&conn->last_req_id);

    memset(a, 0, offsetof(tdri_attempts, hosts));
    a->hosts[0] = a->first_cause[0] = '\0';
    a->limits = call->limits;
    a->retry.mode = mode_of(call);
    a->retry.retries = tdri_opts_int(options, TDRI_OPT_CONN_RETRIES);
    a->retry.backoff_ms = tdri_opts_int(options, TDRI_OPT_RETRY_BACKOFF_MS);
    a->retry.backoff_max_ms = tdri_opts_int(options, TDRI_OPT_RETRY_BACKOFF_MAX_MS);
    a->retry.for_ms = retry_for_ms(conn);
    a->retry.deadline_ms = call->limits.deadline_ms;
    a->retry.hosts = (int64_t)tdri_hosts_count(conn->hosts);
    a->retry.random = random;
    a->tries = -1;
}

/* ---- waiting ---- */

/* No exchange failed by it. */
int tdri_attempts_fail_unsent(tdrest_conn *conn, tdrest_error *err, int code, const char *message)
{
    int last_failure = conn->last_failure;

    tdri_err_reset(err);
    (void)tdri_err_set(err, code, "%s", message);
    err->phase = TDREST_PHASE_PREPARE;
    (void)tdri_conn_stamp(conn, err);
    conn->last_failure = last_failure;
    return err->code;
}

/* TDREST_OK after that time; TDREST_ECANCELLED or TDREST_ENOMEM with the record in err. */
static int pause(tdrest_conn *conn, int64_t ms, tdrest_error *err)
{
    int rc = tdri_loop_pause(conn->loop, ms);

    if (rc == TDREST_ECANCELLED)
        return tdri_attempts_fail_unsent(conn, err, rc, "the call was cancelled while it waited to try again");
    return rc == TDREST_OK ? rc : tdri_attempts_fail_unsent(conn, err, rc, "out of memory while waiting to try again");
}

/*
 * While all hosts are set aside one caller tries them, and the others wait for its result, which counts for them like one of their own. Who may wait
 * no longer gets none; but the first attempt of a request is always made.
 */
int64_t tdri_attempts_turn(tdrest_conn *conn)
{
    tdri_attempts *a = conn->attempts;
    int64_t now;
    int must = 0;

    while (!a->picked) {
        a->pick = tdri_hosts_pick(conn->hosts, &conn->host, must);
        a->picked = a->pick.wait_ms == 0;
        if (a->picked)
            break;
        now = tdri_now_ms();
        if (a->tries >= 0 && a->pick.tries > a->tries)
            tdri_retry_note_round(&a->retry, now);
        a->tries = a->pick.tries;
        must = !tdri_retry_may_wait(&a->retry, a->pick.wait_ms, now);
        if (!must)
            return a->pick.wait_ms;
        if (a->count > 0)
            return -1;
    }
    a->tries = -1;
    return 0;
}

/* 1: it has a host. 0: it may wait for none any more, or was cancelled, which err then says. */
static int take_turn(tdrest_conn *conn, tdrest_error *err)
{
    int64_t wait_ms;

    conn->attempts->tries = -1;
    while ((wait_ms = tdri_attempts_turn(conn)) > 0)
        if (pause(conn, wait_ms, err) != TDREST_OK)
            return 0;
    return wait_ms == 0;
}

static int is_too_late(const tdri_attempts *a)
{
    return a->limits.deadline_ms != 0 && tdri_now_ms() >= a->limits.deadline_ms;
}

/* ---- an attempt ---- */

static void tell_hosts(tdrest_conn *conn, enum tdri_host_news news, int64_t wait_ms)
{
    tdri_attempts *a = conn->attempts;

    if (a->picked)
        tdri_hosts_tell(conn->hosts, &a->pick, news, wait_ms);
    a->picked = 0;
}

static void limit_connecting(int64_t *connect_ms, int64_t limit_ms)
{
    if (limit_ms > 0 && limit_ms < *connect_ms)
        *connect_ms = limit_ms;
}

int tdri_attempts_send(tdrest_conn *conn, tdrest_error *err)
{
    tdri_attempts *a = conn->attempts;
    tdri_limits limits = a->limits;
    const tdri_request *request = &conn->request;
    const char *origin = tdri_hosts_origin(conn->hosts, conn->host);
    int rc;

    limit_connecting(&limits.connect_ms, a->pick.connect_ms);
    limit_connecting(&limits.connect_ms, tdri_retry_connect_ms(&a->retry, a->count, tdri_now_ms()));
    a->count++;
    note_host(a, origin);
    conn->last_failure = 0;
    tdri_conn_log(conn, TDREST_LOG_INFO, "POST %s%s req_id=0x%llx, %zu bytes, attempt %d", origin, tdri_buf_text(&request->path),
                  (unsigned long long)request->req_id, request->body_len, a->count);
    rc = tdri_exchange_start(conn->exchange, origin, request, &limits, err);
    if (rc == TDREST_OK)
        return rc;
    err->phase = TDREST_PHASE_PREPARE;
    (void)tdri_conn_stamp(conn, err);
    return rc;
}

int tdri_attempts_start(tdrest_conn *conn, tdrest_error *err)
{
    if (is_too_late(conn->attempts))
        return tdri_attempts_fail_unsent(conn, err, TDREST_ETIMEOUT, "timeout_ms passed");
    return take_turn(conn, err) ? tdri_attempts_send(conn, err) : err->code;
}

void tdri_attempts_succeed(tdrest_conn *conn)
{
    if (conn->attempts->picked && conn->attempts->count > 1)
        tdri_conn_log(conn, TDREST_LOG_INFO, "req_id=0x%llx: %s answered attempt %d", (unsigned long long)conn->request.req_id,
                      tdri_hosts_origin(conn->hosts, conn->host), conn->attempts->count);
    tell_hosts(conn, TDRI_HOST_SERVED, -1);
}

void tdri_attempts_give_up(tdrest_conn *conn)
{
    tell_hosts(conn, TDRI_HOST_SILENT, -1);
}

/* Whether running the request twice does no harm: a text that reads, or whose rows say themselves which they are. */
static int is_harmless(const tdri_request *request)
{
    const char *body = (const char *)request->body;

    switch (request->endpoint) {
    case TDRI_SQL: return tdri_sql_may_repeat(body, request->body_len);
    case TDRI_INFLUX: return tdri_split_is_timed(TDREST_PROTOCOL_LINE, body, request->body_len);
    case TDRI_OPENTSDB_TELNET: return tdri_split_is_timed(TDREST_PROTOCOL_TELNET, body, request->body_len);
    case TDRI_OPENTSDB_JSON: return tdri_split_is_timed(TDREST_PROTOCOL_JSON, body, request->body_len);
    default: return 0;
    }
}

static enum tdri_host_news news_of(const tdri_retry *retry, const tdri_failure *failure, const tdrest_error *err)
{
    if (failure->distrusts)
        return TDRI_HOST_DISTRUSTED;
    if (tdri_retry_blames_host(retry, failure))
        return TDRI_HOST_BAD;
    if (err->code == TDREST_EAUTH)
        return TDRI_HOST_LOGIN;
    if (err->code == TDREST_ECONNECT) /* an answer that broke, or none */
        return TDRI_HOST_SILENT;
    return err->code == TDREST_ESERVER || err->http_status != 0 ? TDRI_HOST_ANSWERED : TDRI_HOST_SILENT;
}

tdri_retry_step tdri_attempts_judge(tdrest_conn *conn, const tdrest_error *err)
{
    tdri_attempts *a = conn->attempts;
    tdri_failure failure = {err->code, err->phase, a->outcome, 0, tdri_curl_error_distrusts(err->curl_code)};

    failure.harmless = a->outcome.ran != TDREST_RAN_NO && is_harmless(&conn->request);
    tell_hosts(conn, news_of(&a->retry, &failure, err), a->outcome.wait_ms);
    return tdri_retry_next(&a->retry, &failure, tdri_now_ms());
}

int tdri_attempts_are_over(tdrest_conn *conn)
{
    if (!is_too_late(conn->attempts))
        return 0;
    tdri_attempts_give_up(conn);
    return 1;
}

int tdri_attempts_go_on(tdrest_conn *conn, tdrest_error *err)
{
    tdri_retry_step step = tdri_attempts_judge(conn, err);

    if (step.what == TDRI_STOP)
        return 0;
    if (step.wait_ms > 0)
        tdri_conn_log(conn, TDREST_LOG_INFO, "req_id=0x%llx: trying again in %lld ms", (unsigned long long)conn->request.req_id, (long long)step.wait_ms);
    if (step.wait_ms > 0 && pause(conn, step.wait_ms, err) != TDREST_OK)
        return 0;
    if (!take_turn(conn, err) || tdri_attempts_are_over(conn))
        return 0;
    tdri_err_reset(err);
    return 1;
}

int tdri_attempts_run(const tdri_call *call, tdri_receive *receive, void *context)
{
    tdrest_conn *conn = call->conn;
    int rc;

    tdri_attempts_give_up(conn);
    tdri_attempts_begin(call);
    rc = tdri_probe_due_host(conn, call->limits.deadline_ms);
    if (rc != TDREST_OK)
        return rc;
    do {
        rc = tdri_attempts_start(conn, &conn->err);
        if (rc == TDREST_OK)
            rc = receive(context);
        if (rc == TDREST_OK) {
            tdri_attempts_succeed(conn);
            return rc;
        }
    } while (tdri_attempts_go_on(conn, &conn->err));
    return conn->err.code;
}
