/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What is known of the hosts, under one lock that is never held for long. Does no I/O. */
#include "client/hosts.h"

#include "net/loop.h"
#include "request/request.h"

#include <pthread.h>
#include <string.h>

typedef struct host {
    size_t origin_at;        /* of its text within `origins` */
    int failures;            /* in a row; 0: healthy */
    int64_t changes;         /* of what is known of it: tells news from news that is too late */
    int64_t again_ms;        /* when it may be tried although nothing else is healthy */
    int64_t due_ms;          /* when it may be probed while others are healthy */
    int64_t claim;           /* number of the claim on it: one caller tries it */
    int64_t claimed_until_ms; /* a claim that is not given back ends by itself */
    int distrusted;          /* its certificate was refused */
    int64_t connections;
} host;

struct tdri_hosts {
    tdrest_allocator mem;
    tdri_clock clock;
    int64_t backoff_ms, backoff_max_ms;
    uint64_t login;          /* a hash of it */
    tdri_buf origins;        /* a NUL behind each */
    size_t count;
    pthread_mutex_t lock;    /* of all that follows */
    int users;
    int served;
    int login_refused;       /* and no call succeeded since */
    int64_t tries;
    int64_t claims;          /* so far */
    uint64_t random;
    host *hosts;
};

static int64_t read_limits_clock(void *context)
{
    (void)context;
    return tdri_now_ms();
}

/* ---- making it ---- */

static int read_origins(const tdrest_options *options, tdri_buf *out, size_t *count)
{
    tdri_buf origin;
    int rc;

    tdri_buf_init(&origin, &options->mem, SIZE_MAX);
    for (*count = 0; (rc = tdri_request_origin(options, *count, &origin)) == TDREST_OK; ++*count) {
        tdri_buf_add(out, tdri_buf_text(&origin), origin.len);
        tdri_buf_add_char(out, '\0');
    }
    tdri_buf_clear(&origin);
    return rc == TDREST_DONE ? tdri_buf_code(out) : rc;
}

/* FNV-1a over what the login is made of. */
static uint64_t hash_login(const tdrest_options *options)
{
    static const enum tdri_opt parts[] = {TDRI_OPT_USER, TDRI_OPT_PASSWORD, TDRI_OPT_TOKEN, TDRI_OPT_BEARER_TOKEN};
    uint64_t hash = UINT64_C(14695981039346656037);

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        const char *text = tdri_opts_text(options, parts[i]);
        size_t len = text == NULL ? 0 : strlen(text) + 1;

        for (size_t at = 0; at <= len; at++)
            hash = (hash ^ (at < len ? (unsigned char)text[at] : 1u)) * UINT64_C(1099511628211);
    }
    return hash;
}

static int set_up(tdri_hosts *hosts, const tdrest_options *options)
{
    size_t at = 0;
    int rc = read_origins(options, &hosts->origins, &hosts->count);

    if (rc != TDREST_OK)
        return rc;
    hosts->hosts = (host *)tdri_mem_zeroed(&hosts->mem, hosts->count, sizeof *hosts->hosts);
    if (hosts->hosts == NULL)
        return TDREST_ENOMEM;
    for (size_t i = 0; i < hosts->count; i++) {
        hosts->hosts[i].origin_at = at;
        at += strlen(hosts->origins.data + at) + 1;
    }
    return pthread_mutex_init(&hosts->lock, NULL) == 0 ? TDREST_OK : TDREST_ENOMEM;
}

static void destroy(tdri_hosts *hosts)
{
    tdrest_allocator mem = hosts->mem;

    tdri_buf_clear(&hosts->origins);
    tdri_mem_free(&mem, hosts->hosts);
    tdri_mem_free(&mem, hosts);
}

int tdri_hosts_new(const tdrest_options *options, const tdri_clock *clock, uint64_t seed, tdri_hosts **out)
{
    static const tdri_clock limits = {read_limits_clock, NULL};
    tdri_hosts *hosts = (tdri_hosts *)tdri_mem_zeroed(&options->mem, 1, sizeof *hosts);
    int rc;

    *out = NULL;
    if (hosts == NULL)
        return TDREST_ENOMEM;
    hosts->mem = options->mem;
    hosts->clock = clock != NULL ? *clock : limits;
    hosts->backoff_ms = tdri_opts_int(options, TDRI_OPT_RETRY_BACKOFF_MS);
    hosts->backoff_max_ms = tdri_opts_int(options, TDRI_OPT_RETRY_BACKOFF_MAX_MS);
    hosts->login = hash_login(options);
    hosts->random = seed;
    hosts->users = 1;
    tdri_buf_init(&hosts->origins, &hosts->mem, SIZE_MAX);
    rc = set_up(hosts, options);
    if (rc == TDREST_OK)
        *out = hosts;
    else
        destroy(hosts);
    return rc;
}

static void release_slot(struct tdri_hosts *hosts)
{
    tdri_hosts_release(hosts);
}

static int is_same(const tdri_hosts *a, const tdri_hosts *b)
{
    return a->backoff_ms == b->backoff_ms && a->backoff_max_ms == b->backoff_max_ms && a->login == b->login && a->origins.len == b->origins.len &&
           memcmp(a->origins.data, b->origins.data, a->origins.len) == 0;
}

int tdri_hosts_of(tdrest_options *options, tdri_hosts **out)
{
    tdri_hosts *fresh;
    uint64_t seed = (uint64_t)tdri_clock_ages.read_ms(NULL) ^ (uint64_t)(uintptr_t)options;
    int rc = tdri_hosts_new(options, NULL, tdri_random_next(&seed), &fresh);

    *out = NULL;
    if (rc != TDREST_OK)
        return rc;
    if (options->hosts != NULL && is_same(options->hosts, fresh)) {
        tdri_hosts_release(fresh);
    } else {
        tdri_hosts_release(options->hosts);
        options->hosts = fresh;
        options->release_hosts = release_slot;
    }
    *out = tdri_hosts_share(options->hosts);
    return TDREST_OK;
}

tdri_hosts *tdri_hosts_share(tdri_hosts *hosts)
{
    pthread_mutex_lock(&hosts->lock);
    hosts->users++;
    pthread_mutex_unlock(&hosts->lock);
    return hosts;
}

void tdri_hosts_release(tdri_hosts *hosts)
{
    int left;

    if (hosts == NULL)
        return;
    pthread_mutex_lock(&hosts->lock);
    left = --hosts->users;
    pthread_mutex_unlock(&hosts->lock);
    if (left > 0)
        return;
    pthread_mutex_destroy(&hosts->lock);
    destroy(hosts);
}

size_t tdri_hosts_count(const tdri_hosts *hosts)
{
    return hosts->count;
}

const char *tdri_hosts_origin(const tdri_hosts *hosts, size_t index)
{
    return hosts->origins.data + hosts->hosts[index].origin_at;
}

int tdri_hosts_have_served(tdri_hosts *hosts)
{
    int served;

    pthread_mutex_lock(&hosts->lock);
    served = hosts->served;
    pthread_mutex_unlock(&hosts->lock);
    return served;
}

/* ---- choosing: the lock is held ---- */

static uint64_t draw(tdri_hosts *hosts, uint64_t below)
{
    return tdri_random_next(&hosts->random) % below;
}

/* The least busy healthy one, by lot among equals; `count` when none is healthy. */
static size_t least_busy(tdri_hosts *hosts)
{
    size_t best = hosts->count;
    uint64_t equals = 0;

    for (size_t i = 0; i < hosts->count; i++) {
        const host *h = &hosts->hosts[i];

        if (h->failures > 0)
            continue;
        if (best < hosts->count && h->connections > hosts->hosts[best].connections)
            continue;
        equals = best < hosts->count && h->connections == hosts->hosts[best].connections ? equals + 1 : 1;
        if (draw(hosts, equals) == 0)
            best = i;
    }
    return best;
}

static int are_all_distrusted(const tdri_hosts *hosts)
{
    size_t i = 0;

    while (i < hosts->count && hosts->hosts[i].distrusted)
        i++;
    return i == hosts->count;
}

/*
 * Among those that nobody tries at the moment, the one that may be tried first; `count` when all are being tried. A certificate does not get better
 * by waiting: its host is left out while there is any other.
 */
static size_t first_again(const tdri_hosts *hosts, int64_t now)
{
    size_t best = hosts->count;
    int any = are_all_distrusted(hosts);

    for (size_t i = 0; i < hosts->count; i++) {
        const host *h = &hosts->hosts[i];

        if (h->claimed_until_ms <= now && (any || !h->distrusted) && (best == hosts->count || h->again_ms < hosts->hosts[best].again_ms))
            best = i;
    }
    return best;
}

/* A host that failed gets more time with each failure, from TDRI_PROBE_MS on: it might be slow, not dead. The only one has all the time. */
static int64_t patience(const tdri_hosts *hosts, const host *h)
{
    int doublings = h->failures - 1 < 16 ? h->failures - 1 : 16;

    return hosts->count == 1 ? 0 : (int64_t)TDRI_PROBE_MS << doublings;
}

static void take(tdri_hosts *hosts, size_t index, size_t *home, tdri_host_pick *out)
{
    if (*home != index) {
        hosts->hosts[*home].connections--;
        hosts->hosts[index].connections++;
        *home = index;
    }
    out->index = index;
    out->failures = hosts->hosts[index].failures;
    out->changes = hosts->hosts[index].changes;
}

/* Ends an earlier claim. */
static int64_t claim(tdri_hosts *hosts, host *h, int64_t now)
{
    h->claim = ++hosts->claims;
    h->claimed_until_ms = now + TDRI_PROBE_MS;
    return h->claim;
}

/* All are set aside. */
static void pick_unhealthy(tdri_hosts *hosts, size_t *home, int must, int64_t now, tdri_host_pick *out)
{
    size_t index = first_again(hosts, now);
    host *h;

    if (index == hosts->count && !must) {
        out->wait_ms = TDRI_HOST_POLL_MS;
        return;
    }
    if (index == hosts->count)
        index = *home;
    h = &hosts->hosts[index];
    if (!must && h->again_ms > now) {
        out->wait_ms = h->again_ms - now;
        return;
    }
    take(hosts, index, home, out);
    out->connect_ms = patience(hosts, h);
    if (h->claimed_until_ms <= now)
        out->claim = claim(hosts, h, now);
}

tdri_host_pick tdri_hosts_pick(tdri_hosts *hosts, size_t *home, int must)
{
    tdri_host_pick out = {.index = *home};
    size_t index;

    pthread_mutex_lock(&hosts->lock);
    index = hosts->hosts[*home].failures == 0 ? *home : least_busy(hosts);
    if (index < hosts->count)
        take(hosts, index, home, &out);
    else
        pick_unhealthy(hosts, home, must, hosts->clock.read_ms(hosts->clock.context), &out);
    out.tries = hosts->tries;
    pthread_mutex_unlock(&hosts->lock);
    return out;
}

int tdri_hosts_take_due(tdri_hosts *hosts, tdri_host_pick *out)
{
    size_t healthy = 0, due = hosts->count;
    int64_t now;

    if (hosts->count == 1)
        return 0;
    pthread_mutex_lock(&hosts->lock);
    now = hosts->clock.read_ms(hosts->clock.context);
    for (size_t i = 0; i < hosts->count; i++) {
        const host *h = &hosts->hosts[i];

        healthy += h->failures == 0;
        if (h->failures > 0 && h->due_ms <= now && h->claimed_until_ms <= now && (due == hosts->count || h->due_ms < hosts->hosts[due].due_ms))
            due = i;
    }
    if (healthy == 0 || hosts->login_refused)
        due = hosts->count;
    if (due < hosts->count) {
        host *h = &hosts->hosts[due];

        *out = (tdri_host_pick){due, 0, TDRI_PROBE_MS, h->failures, h->changes, claim(hosts, h, now), hosts->tries};
    }
    pthread_mutex_unlock(&hosts->lock);
    return due < hosts->count;
}

size_t tdri_hosts_join(tdri_hosts *hosts)
{
    size_t index;

    pthread_mutex_lock(&hosts->lock);
    index = least_busy(hosts);
    if (index == hosts->count)
        index = (size_t)draw(hosts, hosts->count);
    hosts->hosts[index].connections++;
    pthread_mutex_unlock(&hosts->lock);
    return index;
}

void tdri_hosts_leave(tdri_hosts *hosts, size_t index)
{
    pthread_mutex_lock(&hosts->lock);
    hosts->hosts[index].connections--;
    pthread_mutex_unlock(&hosts->lock);
}

void tdri_hosts_move(tdri_hosts *hosts, size_t *home, size_t index)
{
    if (*home == index)
        return;
    pthread_mutex_lock(&hosts->lock);
    hosts->hosts[*home].connections--;
    hosts->hosts[index].connections++;
    *home = index;
    pthread_mutex_unlock(&hosts->lock);
}

/* ---- learning ---- */

static int64_t doubled(int64_t first, int64_t most, int failures)
{
    int64_t ms = first;

    for (int i = 1; i < failures && ms < most; i++)
        ms *= 2;
    return ms < most ? ms : most;
}

static void set_aside(tdri_hosts *hosts, host *h, int64_t wait_ms, int64_t now)
{
    int64_t again, due;

    h->failures++;
    again = (int64_t)draw(hosts, (uint64_t)doubled(hosts->backoff_ms, hosts->backoff_max_ms, h->failures) + 1);
    due = doubled(TDRI_HOST_ASIDE_MS, TDRI_HOST_ASIDE_MAX_MS, h->failures);
    due = due / 2 + (int64_t)draw(hosts, (uint64_t)(due / 2) + 1);
    h->again_ms = now + (again > wait_ms ? again : wait_ms);
    h->due_ms = now + (due > wait_ms ? due : wait_ms);
    hosts->tries++;
}

/* What the news means for the host that it is of. */
static void learn(tdri_hosts *hosts, host *h, enum tdri_host_news news, int64_t wait_ms)
{
    switch (news) {
    case TDRI_HOST_SERVED:
    case TDRI_HOST_ANSWERED:
        if (h->failures == 0)
            return;
        h->failures = 0;
        break;
    case TDRI_HOST_BAD:
    case TDRI_HOST_DISTRUSTED: set_aside(hosts, h, wait_ms, hosts->clock.read_ms(hosts->clock.context)); break;
    case TDRI_HOST_LOGIN: h->due_ms = INT64_MAX; return;
    case TDRI_HOST_SILENT: return;
    }
    h->distrusted = news == TDRI_HOST_DISTRUSTED;
    h->changes++;
}

/*
 * Of attempts that ran side by side the first one tells: many that failed together are one failure, and what began before a host failed says nothing
 * of it afterwards.
 */
void tdri_hosts_tell(tdri_hosts *hosts, const tdri_host_pick *pick, enum tdri_host_news news, int64_t wait_ms)
{
    host *h = &hosts->hosts[pick->index];

    pthread_mutex_lock(&hosts->lock);
    if (pick->claim != 0 && pick->claim == h->claim)
        h->claimed_until_ms = 0;
    if (news == TDRI_HOST_SERVED) {
        hosts->served = 1;
        hosts->login_refused = 0;
    }
    hosts->login_refused |= news == TDRI_HOST_LOGIN;
    if (pick->changes == h->changes)
        learn(hosts, h, news, wait_ms);
    pthread_mutex_unlock(&hosts->lock);
}
