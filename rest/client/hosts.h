/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * The hosts of one options object and what is known of them, shared by the connections made from it. It decides where an attempt goes; it does
 * no I/O and waits for nothing.
 *
 *     healthy ──BAD──► set aside ──due, claimed by one caller──► tried ──SERVED, ANSWERED──► healthy
 *                          ▲                                       │
 *                          └──────────────BAD: twice as long───────┘
 *
 * A host counts once, however many addresses its name has. No host is probed after a refused login until a call has succeeded, and one that refused it
 * itself not at all, as accounts lock. Any thread may call anything here.
 */
#ifndef TDRI_HOSTS_H
#define TDRI_HOSTS_H

#include "base/clock.h"
#include "config/options.h"

enum {
    TDRI_PROBE_MS = 1000,       /* longest wait for a host that is set aside while others are healthy */
    TDRI_HOST_POLL_MS = 20,     /* between looks at a host that another caller tries */
    TDRI_HOST_ASIDE_MS = 1000,  /* a host is left alone so long after its first failure while others are healthy; doubles up to ... */
    TDRI_HOST_ASIDE_MAX_MS = 30000
};

typedef struct tdri_hosts tdri_hosts;

/* Where an attempt goes. */
typedef struct tdri_host_pick {
    size_t index;
    int64_t wait_ms;     /* > 0: no host may be tried yet; ask again after that time */
    int64_t connect_ms;  /* limit for connecting to a host that failed before; 0: the option's */
    int failures;        /* of that host when it was picked */
    int64_t changes;     /* what was known of it then */
    int64_t claim;       /* that it is claimed by; 0: others may try it too */
    int64_t tries;       /* how often any host has failed so far */
} tdri_host_pick;

/* How an attempt ended, as far as it tells something of the host. */
enum tdri_host_news {
    TDRI_HOST_SERVED,   /* the call succeeded */
    TDRI_HOST_ANSWERED, /* the server answered, even if it refused the statement */
    TDRI_HOST_BAD,      /* the host was the cause of the failure */
    TDRI_HOST_DISTRUSTED, /* the same: its certificate was refused */
    TDRI_HOST_LOGIN,    /* it refused the login */
    TDRI_HOST_SILENT    /* nothing was learned */
};

/*
 * The hosts that the options name: those that an earlier call made, unless `host`, `scheme`, `port`, the login or the backoff have changed since. The
 * caller gets a reference of its own. TDREST_OK or TDREST_ENOMEM.
 */
int tdri_hosts_of(tdrest_options *options, tdri_hosts **out);
/* The same object, never kept by the options, with a clock (NULL: the one of all time limits) and a start for random numbers of the caller's. */
int tdri_hosts_new(const tdrest_options *options, const tdri_clock *clock, uint64_t seed, tdri_hosts **out);
tdri_hosts *tdri_hosts_share(tdri_hosts *hosts);
/* Gives a reference back; the last one frees. NULL is fine. */
void tdri_hosts_release(tdri_hosts *hosts);

size_t tdri_hosts_count(const tdri_hosts *hosts);
/* "http://host:port"; lives as long as hosts. */
const char *tdri_hosts_origin(const tdri_hosts *hosts, size_t index);
/* 1 once a call over any of the connections has succeeded. */
int tdri_hosts_have_served(tdri_hosts *hosts);

/* The host of a new connection: the least busy of the healthy ones, by lot among equals. tdri_hosts_leave when the connection is freed. */
size_t tdri_hosts_join(tdri_hosts *hosts);
void tdri_hosts_leave(tdri_hosts *hosts, size_t index);
/* A connection at *home goes to another one. */
void tdri_hosts_move(tdri_hosts *hosts, size_t *home, size_t index);

/*
 * The host for the next attempt of a connection that is at *home, which moves with it: its own while that is healthy, else the least busy healthy
 * one. When all are set aside, the one that is due first, by one caller at a time, and one whose certificate was refused only when there are no
 * others; `must`: at once, due or not. Ends with tdri_hosts_tell.
 */
tdri_host_pick tdri_hosts_pick(tdri_hosts *hosts, size_t *home, int must);

/*
 * A host that is set aside and due while another one is healthy: 1, and the caller alone probes it, for at most TDRI_PROBE_MS, and tells what
 * it learned. 0: there is none.
 */
int tdri_hosts_take_due(tdri_hosts *hosts, tdri_host_pick *out);

/*
 * How the attempt went; ends its claim. News of an attempt that began before the host failed or came back changes nothing. wait_ms: the host asks not to
 * be tried sooner (-1: it does not say); counts for TDRI_HOST_BAD only.
 */
void tdri_hosts_tell(tdri_hosts *hosts, const tdri_host_pick *pick, enum tdri_host_news news, int64_t wait_ms);

#endif
