/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Asks a host that was set aside whether it serves again, as client/probe does for connections: a request of ours among the others. */
#include "async/engine.h"

#include "base/clock.h"

/* The attempt is at that host, and is the only one. */
static void begin(tdrest_request *r, tdri_lane *lane, const tdri_host_pick *pick)
{
    tdri_attempts *a = &r->trial->attempts;

    *a = (tdri_attempts){.tries = -1};
    a->retry.mode = TDRI_RETRY_NEVER;
    a->limits = (tdri_limits){TDRI_PROBE_MS, tdri_deadline_ms(TDRI_PROBE_MS), TDRI_PROBE_MS};
    a->pick = *pick; /* the hosts hear of it from here alone */
    r->trial->begun = 1;
    lane->conn->attempts = a;
    tdri_hosts_move(r->async->hosts, &lane->conn->host, pick->index);
}

static tdrest_request *make(tdrest_async *async)
{
    tdrest_request *r = tdri_job_make(async, TDRI_JOB_PROBE, 0);

    if (r == NULL)
        return NULL;
    r->settings = TDREST_CALL_INIT;
    r->settings.timezone = "server";
    r->settings.req_id = (int64_t)(tdri_random_next(&async->last_req_id) >> 1 | 1);
    r->bytes = TDRI_READY_SQL;
    r->len = sizeof TDRI_READY_SQL - 1;
    r->verb = TDRI_SQL_READS;
    if (!tdri_job_take_trial(r)) {
        tdri_job_destroy(r);
        return NULL;
    }
    return r;
}

/* A host's own lanes are free while it is set aside, but for those that were busy when it failed: then another time. */
void tdri_async_probe(tdrest_async *async)
{
    tdri_host_pick pick;
    tdri_lane *lane;
    tdrest_request *r;
    tdrest_error err;

    if (async->host_count == 1 || !tdri_hosts_take_due(async->hosts, &pick))
        return;
    tdri_err_reset(&err);
    r = async->sites[pick.index].running < async->per_host ? make(async) : NULL;
    lane = r == NULL ? NULL : tdri_lane_take(async, pick.index, &err);
    if (lane == NULL) {
        tdri_hosts_tell(async->hosts, &pick, TDRI_HOST_SILENT, -1);
        if (r != NULL)
            tdri_job_destroy(r);
        return;
    }
    begin(r, lane, &pick);
    tdri_lane_launch(r, lane);
}

void tdri_probe_advance(tdrest_request *r)
{
    tdrest_result *res = r->res;
    int rc = tdri_result_step(res);

    tdri_lane_note_lookup(r->lane);
    if (res->ended == 0 && !res->decode.full) {
        tdri_job_set_due(r, tdri_exchange_due_ms(r->lane->conn->exchange));
        return;
    }
    tdri_probe_end(r, rc == TDREST_DONE && res->ended == TDREST_DONE && tdri_answer_is_ready(&res->decode), &res->err);
}

void tdri_probe_end(tdrest_request *r, int served, const tdrest_error *err)
{
    tdrest_conn *conn = r->lane->conn;
    tdri_attempts *a = conn->attempts;

    tdri_hosts_tell(conn->hosts, &a->pick, tdri_probe_news(served, err == NULL ? tdri_err_none() : err), tdri_exchange_retry_after_ms(conn->exchange));
    tdri_conn_log(conn, TDREST_LOG_INFO, "%s: %s", tdri_hosts_origin(conn->hosts, a->pick.index), served ? "serves again" : "still set aside");
    tdri_exchange_finish(conn->exchange, 0, 0);
    tdri_job_set_due(r, INT64_MAX);
    tdri_job_drop_result(r);
    tdri_lane_release(r);
    tdri_job_destroy(r);
}
