/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A sandbox with several addresses that fails by lot: its process is killed and started again, its addresses refuse, hang, or reset. Knows nothing of what is written. */
#ifndef TDRT_OUTAGES_H
#define TDRT_OUTAGES_H

#include <stdint.h>
#include <sys/types.h>

enum { TDRT_ADDRESSES = 3 };

typedef struct tdrt_cluster {
    const char *program; /* tdrest-sandbox */
    const char *file;    /* where it keeps its data */
    int port;            /* the first of its ports, which follow one another */
    pid_t pid;           /* 0: not running */
    char hosts[96];      /* "127.0.0.1:port,..." */
    uint64_t random;
    int kills, refusals, hangs, resets;
} tdrt_cluster;

int64_t tdrt_clock_ms(void);
void tdrt_sleep_ms(int64_t ms);

/* Starts it on free ports. 1 when it worked. */
int tdrt_cluster_start(tdrt_cluster *c);
/* One failure after the other until that moment; then all of it runs again, for which the answer is 1. */
int tdrt_cluster_disturb(tdrt_cluster *c, int64_t until_ms);
/* Kills the process after up to so many milliseconds, and starts it again after up to as many. 1 when it runs again. */
int tdrt_cluster_bounce(tdrt_cluster *c, int most_ms);
void tdrt_cluster_stop(tdrt_cluster *c);

#endif
