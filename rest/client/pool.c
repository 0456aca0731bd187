/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Connections shared by threads: makes them, looks at them, closes them. Who gets which is in pool_line.c. The lock is never held meanwhile. */
#include "client/pool.h"

#include "base/sizes.h"

#include <stddef.h>

enum { PING_MS = 1000, WAIT_MAX_MS = 86400000 };

/* Why a connection is closed. */
enum reason { KEEP, FAILED, STALE, IDLE_LIMIT, LIFETIME, FREED };

static const struct {
    const char *text;
    size_t counter;
} reasons[] = {
    [FAILED] = {"its last exchange failed", offsetof(tdrest_pool_counts, closed_failed)},
    [STALE] = {"the server has closed it", offsetof(tdrest_pool_counts, closed_stale)},
    [IDLE_LIMIT] = {"pool_idle_ms passed", offsetof(tdrest_pool_counts, closed_idle)},
    [LIFETIME] = {"pool_lifetime_ms passed", offsetof(tdrest_pool_counts, closed_lifetime)},
    [FREED] = {"the pool is freed", offsetof(tdrest_pool_counts, closed_freed)},
};

static int64_t now(const tdrest_pool *pool)
{
    return pool->clock.read_ms(pool->clock.context);
}

static void count(tdrest_pool *pool, size_t counter)
{
    pthread_mutex_lock(&pool->lock);
    ++*(int64_t *)(void *)((char *)&pool->counts + counter);
    pthread_mutex_unlock(&pool->lock);
}

/* ---- one connection: its lease is this thread's ---- */

/* Closes it. The place stays the thread's. */
static void discard(tdri_lease *lease, enum reason why)
{
    tdrest_conn *conn = lease->conn;

    lease->conn = NULL;
    tdri_conn_log(conn, TDREST_LOG_DEBUG, "a connection of the pool is closed: %s", reasons[why].text);
    tdrest_conn_free(conn);
    count(lease->pool, reasons[why].counter);
}

/* lifetime_ms, give or take a tenth: connections made at the same time do not end at the same time. */
static int64_t expiry(tdrest_pool *pool, int64_t now_ms)
{
    int64_t span = pool->lifetime_ms / 5 + 1;

    if (pool->lifetime_ms == 0)
        return INT64_MAX;
    return now_ms + pool->lifetime_ms - pool->lifetime_ms / 10 + (int64_t)(tdri_random_next(&pool->random) % (uint64_t)span);
}

/* The only place where connections are made. No network: a connection connects when it is used first. */
static int make(tdri_lease *lease, int64_t now_ms, tdrest_error *err)
{
    tdrest_pool *pool = lease->pool;
    int rc = tdri_conn_make(pool->options, pool->hosts, &lease->conn, err);

    if (rc != TDREST_OK)
        return rc;
    pthread_mutex_lock(&pool->lock);
    lease->expires_ms = expiry(pool, now_ms);
    pool->counts.made++;
    pthread_mutex_unlock(&pool->lock);
    return rc;
}

/* What the server itself refused says nothing against the connection. */
static int is_sound(const tdrest_conn *conn)
{
    return conn->last_failure == 0 || conn->last_failure == TDREST_ESERVER || conn->last_failure == TDREST_EAUTH;
}

/* Without asking the server: why an idle connection is not kept. */
static enum reason judge(const tdri_lease *lease, int64_t now_ms)
{
    const tdrest_pool *pool = lease->pool;

    if (now_ms >= lease->expires_ms)
        return LIFETIME;
    if (pool->idle_ms > 0 && now_ms - lease->idle_since_ms >= pool->idle_ms)
        return IDLE_LIMIT;
    return tdri_conn_is_stale(lease->conn) ? STALE : KEEP;
}

/* Whatever the server answers, even a refusal, it answers; who could not ask knows nothing. Not with the caller's time limits: there may be better connections. */
static int answers(tdri_lease *lease)
{
    tdrest_call call = TDREST_CALL_INIT;
    int rc;

    call.timeout_ms = call.stall_timeout_ms = PING_MS;
    call.retry = TDREST_RETRY_NEVER;
    rc = tdrest_conn_ping(lease->conn, &call);
    tdri_err_reset(&lease->conn->err);
    count(lease->pool, offsetof(tdrest_pool_counts, pings));
    return rc == TDREST_OK || rc == TDREST_ESERVER || rc == TDREST_EAUTH;
}

/* A connection to hand out: the one that is there if it is good, else a new one. */
static int make_ready(tdri_lease *lease, int64_t now_ms, tdrest_error *err)
{
    const tdrest_pool *pool = lease->pool;
    enum reason why = lease->conn == NULL ? KEEP : judge(lease, now_ms);

    if (why == KEEP && lease->conn != NULL && pool->ping_ms > 0 && now_ms - lease->idle_since_ms >= pool->ping_ms && !answers(lease))
        why = FAILED;
    if (why != KEEP)
        discard(lease, why);
    return lease->conn != NULL ? TDREST_OK : make(lease, now_ms, err);
}

/* ---- the pool ---- */

static void destroy(tdrest_pool *pool)
{
    tdrest_allocator mem = pool->mem;

    for (size_t i = 0; i < pool->max && pool->leases != NULL; i++)
        tdrest_conn_free(pool->leases[i].conn);
    tdri_mem_free(&mem, pool->leases);
    tdrest_options_free(pool->options);
    tdri_hosts_release(pool->hosts);
    tdri_mem_free(&mem, pool);
}

/* Unlocks; the last user of a freed pool takes it down. */
static void unlock(tdrest_pool *pool, int leaving)
{
    int last;

    pool->users -= leaving;
    last = pool->users == 0;
    pthread_mutex_unlock(&pool->lock);
    if (last) {
        tdri_pool_line_clear(pool);
        destroy(pool);
    }
}

/* The idle connections that tdri_pool_line_see chose: closes those that are not good, and gives the places back. */
static void look(tdrest_pool *pool, tdri_lease *const seen[], int seen_count, int64_t now_ms, int leaving)
{
    enum reason why;

    for (int i = 0; i < seen_count; i++)
        if ((why = judge(seen[i], now_ms)) != KEEP)
            discard(seen[i], why);
    pthread_mutex_lock(&pool->lock);
    for (int i = 0; i < seen_count; i++)
        tdri_pool_line_return(seen[i], now_ms);
    unlock(pool, leaving);
}

static void set_limits(tdrest_pool *pool)
{
    pool->max = (size_t)tdri_opts_int(pool->options, TDRI_OPT_POOL_MAX);
    pool->wait_ms = tdri_opts_int(pool->options, TDRI_OPT_POOL_WAIT_MS);
    pool->idle_ms = tdri_opts_int(pool->options, TDRI_OPT_POOL_IDLE_MS);
    pool->ping_ms = tdri_opts_int(pool->options, TDRI_OPT_POOL_PING_MS);
    pool->lifetime_ms = tdri_opts_int(pool->options, TDRI_OPT_POOL_LIFETIME_MS);
}

static int set_up(tdrest_pool *pool, tdrest_options *options, tdrest_error *err)
{
    int rc = tdri_opts_copy(options, &pool->options);

    if (rc == TDREST_OK)
        rc = tdri_hosts_of(options, &pool->hosts);
    if (rc != TDREST_OK)
        return tdri_err_set(err, rc, NULL);
    pool->options->log = options->log;
    pool->options->log_context = options->log_context;
    rc = tdri_opts_check(pool->options, err);
    if (rc == TDREST_OK)
        rc = tdri_conn_resolve_zone(pool->options, err);
    if (rc != TDREST_OK)
        return rc;
    set_limits(pool);
    pool->leases = (tdri_lease *)tdri_mem_zeroed(&pool->mem, pool->max, sizeof *pool->leases);
    if (pool->leases == NULL)
        return tdri_err_set(err, TDREST_ENOMEM, NULL);
    for (size_t i = pool->max; i-- > 0; pool->free = &pool->leases[i]) {
        pool->leases[i].pool = pool;
        pool->leases[i].older = pool->free;
    }
    return tdri_pool_line_init(pool) ? TDREST_OK : tdri_err_set(err, TDREST_ENOMEM, NULL);
}

int tdrest_pool_new(tdrest_options *options, tdrest_pool **out)
{
    tdrest_pool *pool;
    int rc;

    *out = NULL;
    tdri_err_reset(&options->err);
    pool = (tdrest_pool *)tdri_mem_zeroed(&options->mem, 1, sizeof *pool);
    if (pool == NULL)
        return tdri_err_set(&options->err, TDREST_ENOMEM, NULL);
    pool->mem = options->mem;
    pool->clock = tdri_clock_ages;
    pool->random = (uint64_t)now(pool) ^ (uint64_t)(uintptr_t)pool;
    pool->users = 1;
    pool->counts.size = sizeof pool->counts;
    rc = set_up(pool, options, &options->err);
    if (rc == TDREST_OK)
        *out = pool;
    else
        destroy(pool);
    return rc;
}

void tdrest_pool_free(tdrest_pool *pool)
{
    tdri_lease *lease;
    int64_t at;

    if (pool == NULL)
        return;
    at = now(pool);
    pthread_mutex_lock(&pool->lock);
    tdri_pool_line_close(pool);
    while ((lease = tdri_pool_line_take_idle(pool, at)) != NULL) {
        pthread_mutex_unlock(&pool->lock);
        discard(lease, FREED);
        pthread_mutex_lock(&pool->lock);
        tdri_pool_line_return(lease, at);
    }
    unlock(pool, 1);
}

/* The record of a get that got nothing. */
static int refuse(const tdrest_pool *pool, int64_t wait_ms, int64_t now_ms, tdrest_error *err)
{
    err->phase = TDREST_PHASE_PREPARE;
    if (pool->closed)
        return tdri_err_set(err, TDREST_EUSAGE, "the pool was freed");
    (void)tdri_err_set(err, TDREST_ETIMEOUT, "no connection of the pool became free within %lld ms: %lld of %zu are in use, one of them for %lld ms, and "
                       "%lld callers wait; does a thread hold one while it asks for another?", (long long)wait_ms, (long long)pool->counts.in_use,
                       pool->max, (long long)(now_ms - tdri_pool_line_longest_out(pool, now_ms)), (long long)pool->counts.waiting);
    (void)tdri_outcome_tell(err, 0, 0);
    return err->code;
}

/* A place, by turns. NULL with the record in err. */
static tdri_lease *queue(tdrest_pool *pool, int64_t wait_ms, int64_t now_ms, tdrest_error *err)
{
    tdri_lease *lease = pool->first == NULL && !pool->closed ? tdri_pool_line_take(pool, now_ms) : NULL;
    int rc = TDREST_OK;

    if (lease == NULL && !pool->closed && (wait_ms > 0 || pool->seen > 0))
        lease = tdri_pool_line_wait(pool, wait_ms, &rc);
    if (lease != NULL) {
        pool->counts.gets++;
    } else if (rc != TDREST_OK) {
        (void)tdri_err_set(err, rc, NULL);
    } else {
        pool->counts.timeouts += !pool->closed;
        (void)refuse(pool, wait_ms, now(pool), err);
    }
    return lease;
}

static int lease_one(tdrest_pool *pool, int64_t wait_ms, tdrest_error *err, tdrest_conn **out)
{
    tdri_lease *lease, *seen[TDRI_POOL_LOOKS];
    int64_t at = now(pool);
    int rc, seen_count;

    pthread_mutex_lock(&pool->lock);
    pool->users++;
    lease = queue(pool, wait_ms, at, err);
    seen_count = lease == NULL ? 0 : tdri_pool_line_see(pool, at, seen);
    unlock(pool, lease == NULL);
    if (lease == NULL)
        return err->code;
    at = lease->out_since_ms;
    if (seen_count > 0)
        look(pool, seen, seen_count, at, 0);
    rc = make_ready(lease, at, err);
    if (rc == TDREST_OK) {
        lease->conn->lease = lease;
        *out = lease->conn;
    } else {
        tdri_pool_give_up(lease);
    }
    return rc;
}

int tdrest_pool_get(tdrest_pool *pool, int64_t wait_ms, tdrest_error *err, tdrest_conn **out)
{
    tdrest_error why;
    int rc;

    *out = NULL;
    if (err != NULL && !tdri_sizes_take(&tdri_sizes_error, err, &why))
        return TDREST_EUSAGE;
    tdri_err_reset(&why);
    if (wait_ms < -1 || wait_ms > WAIT_MAX_MS)
        rc = tdri_err_set(&why, TDREST_EUSAGE, "wait_ms: expected -1 or 0 to %d milliseconds", WAIT_MAX_MS);
    else
        rc = lease_one(pool, wait_ms == -1 ? pool->wait_ms : wait_ms, &why, out);
    if (err != NULL)
        tdri_sizes_give(&why, err);
    return rc;
}

/* A place comes back from who had it, with its connection if that is kept. */
static void take_back(tdri_lease *lease)
{
    tdrest_pool *pool = lease->pool;
    tdri_lease *seen[TDRI_POOL_LOOKS];
    int64_t at = now(pool);
    int seen_count;

    if (lease->conn != NULL && !is_sound(lease->conn))
        discard(lease, FAILED);
    else if (lease->conn != NULL && at >= lease->expires_ms)
        discard(lease, LIFETIME);
    pthread_mutex_lock(&pool->lock);
    if (pool->closed && lease->conn != NULL) {
        pthread_mutex_unlock(&pool->lock);
        discard(lease, FREED);
        pthread_mutex_lock(&pool->lock);
    }
    tdri_pool_line_return(lease, at);
    seen_count = tdri_pool_line_see(pool, at, seen);
    unlock(pool, seen_count == 0);
    if (seen_count > 0)
        look(pool, seen, seen_count, at, 1);
}

void tdrest_pool_put(tdrest_pool *pool, tdrest_conn *conn)
{
    tdri_lease *lease = conn == NULL ? NULL : conn->lease;

    if (lease == NULL || lease->pool != pool)
        return;
    conn->lease = NULL;
    tdri_conn_settle(conn);
    take_back(lease);
}

void tdri_pool_give_up(tdri_lease *lease)
{
    if (lease->conn != NULL) {
        lease->conn = NULL;
        count(lease->pool, offsetof(tdrest_pool_counts, closed_freed));
    }
    take_back(lease);
}

int tdrest_pool_stats(tdrest_pool *pool, tdrest_pool_counts *counts)
{
    tdrest_pool_counts given;

    if (!tdri_sizes_take(&tdri_sizes_pool_counts, counts, &given))
        return TDREST_EUSAGE;
    pthread_mutex_lock(&pool->lock);
    tdri_sizes_give(&pool->counts, counts);
    pthread_mutex_unlock(&pool->lock);
    return TDREST_OK;
}
