/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Lanes: who runs where, and who waits. Knows no answers. */
#include "async/engine.h"

#include "base/clock.h"

/* libcurl keeps an address for 60 s. */
enum { KNOWN_MS = 61000 };

/* ---- lanes ---- */

static tdri_lane *make_lane(tdrest_async *async, size_t seat, tdrest_error *err)
{
    tdri_lane *lane = (tdri_lane *)tdri_mem_zeroed(&async->mem, 1, sizeof *lane);

    if (lane == NULL) {
        (void)tdri_err_set(err, TDREST_ENOMEM, NULL);
        return NULL;
    }
    if (tdri_conn_make_lane(async->options, async->hosts, async->loop, &lane->conn, err) != TDREST_OK) {
        tdri_mem_free(&async->mem, lane);
        return NULL;
    }
    lane->seat = seat;
    tdri_exchange_set_owner(lane->conn->exchange, lane);
    async->sites[seat].lanes++;
    return lane;
}

void tdri_async_free_lanes(tdrest_async *async)
{
    for (size_t i = 0; async->sites != NULL && i < async->host_count; i++)
        while (async->sites[i].free != NULL) {
            tdri_lane *lane = async->sites[i].free;

            async->sites[i].free = lane->next;
            tdrest_conn_free(lane->conn);
            tdri_mem_free(&async->mem, lane);
        }
}

static void give_back(tdrest_async *async, tdri_lane *lane)
{
    lane->request = NULL;
    lane->conn->attempts = &lane->conn->own_attempts;
    lane->next = async->sites[lane->seat].free;
    async->sites[lane->seat].free = lane;
}

void tdri_lane_note_lookup(tdri_lane *lane)
{
    tdri_site *site = &lane->request->async->sites[lane->host];

    if (site->looks_up != lane || tdri_exchange_looks_up(lane->conn->exchange))
        return;
    site->looks_up = NULL;
    site->known_until_ms = tdri_now_ms() + KNOWN_MS;
    lane->request->async->lines_changed = 1;
}

void tdri_lane_release(tdrest_request *r)
{
    tdrest_async *async = r->async;
    tdri_lane *lane = r->lane;
    tdri_site *site;

    if (lane == NULL)
        return;
    site = &async->sites[lane->host];
    site->running--;
    async->running--;
    if (site->looks_up == lane)
        site->looks_up = NULL;
    r->lane = NULL;
    give_back(async, lane);
    async->lines_changed = 1;
}

/* ---- a turn ---- */

enum turn {
    TURN_TAKEN,  /* the request runs, is parked or has ended */
    TURN_NO_LANE /* nobody can run now */
};

/* The host with the fewest requests that has a lane, or may have one more; host_count: none. */
static size_t choose_seat(const tdrest_async *async, const char *tried)
{
    size_t best = async->host_count;

    for (size_t i = 0; i < async->host_count; i++) {
        const tdri_site *site = &async->sites[i];

        if ((site->free == NULL && site->lanes >= async->per_host) || (tried != NULL && tried[i]))
            continue;
        if (best == async->host_count || site->running < async->sites[best].running)
            best = i;
    }
    return best;
}

tdri_lane *tdri_lane_take(tdrest_async *async, size_t seat, tdrest_error *err)
{
    tdri_site *site = &async->sites[seat];
    tdri_lane *lane = site->free;

    if (lane == NULL)
        return make_lane(async, seat, err);
    site->free = lane->next;
    return lane;
}

/* What the attempts at the request at hand begin with. */
static void begin_attempts(tdrest_request *r, tdrest_conn *conn)
{
    tdri_call call = {.conn = conn, .settings = r->settings};

    conn->attempts = &r->trial->attempts;
    if (r->trial->begun)
        return;
    tdri_call_set_limits(&call);
    call.limits.deadline_ms = r->deadline_ms;
    tdri_attempts_begin(&call);
    r->trial->begun = 1;
}

/* Whether one more may run on the host, or is to wait until its name is looked up. */
static int has_room(const tdrest_async *async, size_t host, int64_t now)
{
    const tdri_site *site = &async->sites[host];

    return site->running < async->per_host && (site->known_until_ms > now || site->looks_up == NULL);
}

void tdri_lane_launch(tdrest_request *r, tdri_lane *lane)
{
    tdrest_async *async = r->async;
    tdrest_conn *conn = lane->conn;
    tdri_site *site = &async->sites[conn->host];
    int rc;

    tdri_line_leave(r);
    lane->host = conn->host;
    lane->request = r;
    r->lane = lane;
    r->state = TDRI_RUNNING;
    site->running++;
    async->running++;
    if (site->known_until_ms <= tdri_now_ms())
        site->looks_up = lane;
    tdri_err_reset(&conn->err);
    rc = tdri_job_build(r, conn);
    if (rc != TDREST_OK) {
        tdri_attempts_give_up(conn);
        tdri_job_end(r, &conn->err);
        return;
    }
    if (tdri_attempts_send(conn, &conn->err) != TDREST_OK) {
        tdri_job_fail(r, &conn->err);
        return;
    }
    if (site->looks_up == lane)
        tdri_exchange_tell_lookup(conn->exchange);
    tdri_job_advance(r); /* from now on its bytes have somewhere to go */
}

/* A host was asked for, and none may be tried now, or never again by this request. */
static enum turn stand_back(tdrest_request *r, tdri_lane *lane, int64_t wait_ms)
{
    tdrest_async *async = r->async;

    give_back(async, lane);
    if (wait_ms < 0) {
        tdri_job_end_failed(r);
        return TURN_TAKEN;
    }
    tdri_job_park(r, tdri_now_ms() + wait_ms);
    return TURN_TAKEN;
}

int tdri_job_take_trial(tdrest_request *r)
{
    tdrest_async *async = r->async;

    if (r->trial != NULL)
        return 1;
    r->trial = async->trials;
    if (r->trial != NULL) {
        async->trials = r->trial->next;
        async->trial_count--;
    } else {
        r->trial = (tdri_trial *)tdri_mem_alloc(&async->mem, sizeof *r->trial);
    }
    if (r->trial == NULL)
        return 0;
    r->trial->begun = 0;
    r->trial->next = NULL;
    tdri_err_reset(&r->trial->err);
    return 1;
}

/* Over all hosts with a lane, the least busy first. */
static enum turn try_hosts(tdrest_request *r, char *tried)
{
    tdrest_async *async = r->async;
    tdrest_error err;
    int64_t wait_ms;
    size_t seat;

    while ((seat = choose_seat(async, tried)) < async->host_count) {
        tdri_lane *lane;

        tdri_err_reset(&err);
        lane = tdri_lane_take(async, seat, &err);
        if (lane == NULL && async->running > 0)
            return TURN_NO_LANE; /* one will be free */
        if (lane == NULL) {
            tdri_job_end_unsent(r, err.code, err.message);
            return TURN_TAKEN;
        }
        tdri_hosts_move(async->hosts, &lane->conn->host, lane->seat);
        begin_attempts(r, lane->conn);
        wait_ms = tdri_attempts_turn(lane->conn);
        if (wait_ms != 0)
            return stand_back(r, lane, wait_ms);
        if (has_room(async, lane->conn->host, tdri_now_ms())) {
            tdri_lane_launch(r, lane);
            return TURN_TAKEN;
        }
        tdri_attempts_give_up(lane->conn);
        give_back(async, lane);
        if (tried == NULL)
            return TURN_NO_LANE;
        tried[seat] = 1;
    }
    return TURN_NO_LANE;
}

static enum turn take_turn(tdrest_request *r)
{
    enum { FEW = 64 };
    tdrest_async *async = r->async;
    char tried[FEW] = {0};

    if (choose_seat(async, NULL) == async->host_count)
        return TURN_NO_LANE;
    if (!tdri_job_take_trial(r)) {
        tdri_job_end_unsent(r, TDREST_ENOMEM, tdrest_code_text(TDREST_ENOMEM));
        return TURN_TAKEN;
    }
    if (r->deadline_ms != 0 && tdri_now_ms() >= r->deadline_ms) {
        tdri_job_end_failed(r);
        return TURN_TAKEN;
    }
    return try_hosts(r, async->host_count <= FEW ? tried : NULL);
}

/* No more than there are now: ends may start others, which end at once, for ever. */
void tdri_async_dispatch(tdrest_async *async)
{
    tdrest_request *r;
    size_t left = async->count;

    if (!async->lines_changed)
        return;
    async->lines_changed = 0;
    if (async->again.first == NULL && async->fresh.first == NULL)
        return;
    tdri_loop_shed(async->loop);
    tdri_async_probe(async);
    for (; (r = async->again.first != NULL ? async->again.first : async->fresh.first) != NULL && left > 0 && !async->freed; left--)
        if (take_turn(r) == TURN_NO_LANE)
            return;
    if (r != NULL)
        async->lines_changed = 1;
}
