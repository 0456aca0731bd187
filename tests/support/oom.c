/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Every allocation of a scenario fails, one by one. */
#include "oom.h"

#include "memory.h"

#include <stdio.h>
#include <time.h>

int tdrt_told(const tdrest_error *err, int rc)
{
    return rc >= 0 || (err->code == rc && err->message[0] != '\0') ? rc : 1;
}

/* Under libcurl some failures to allocate look to it like failures to connect; it then says so, and so do we. */
static int acceptable(int rc)
{
    return rc == TDREST_OK || rc == TDREST_ENOMEM || rc == TDREST_ECONNECT;
}

/* Whether no blocks are left. A thread of libcurl's in which a lookup was given up frees its own when it ends, which may be later. */
static int is_settled(int64_t before)
{
    enum { PATIENCE_MS = 2000 };

    for (int ms = 0; ms < PATIENCE_MS && tdrt_memory_live() != before; ms++)
        (void)nanosleep(&(struct timespec){0, 1000000}, NULL);
    return tdrt_memory_live() == before;
}

int tdrt_fail_each(const char *name, tdrt_scenario *run)
{
    int64_t n, before, good = 0;
    int wrong = 0;

    tdrt_memory_plan(0, 0); /* once to warm up what stays, such as libcurl's own tables */
    wrong += run() != TDREST_OK;
    before = tdrt_memory_live();
    tdrt_memory_plan(0, 0);
    wrong += run() != TDREST_OK;
    n = tdrt_memory_count();
    for (int on = 0; on < 2; on++)
        for (int64_t at = 1; at <= n; at++) {
            int rc;

            tdrt_memory_plan(at, on);
            rc = run();
            tdrt_memory_plan(0, 0);
            good += rc == TDREST_OK;
            if (!acceptable(rc) || !is_settled(before)) {
                fprintf(stderr, "\n%s: allocation %lld%s: %d, %lld blocks left\n", name, (long long)at, on ? " and all after it" : "",
                        rc, (long long)(tdrt_memory_live() - before));
                before = tdrt_memory_live();
                wrong++;
            }
        }
    fprintf(stderr, " %s: %lld allocations, %lld of %lld runs came through;", name, (long long)n, (long long)good, (long long)(2 * n));
    return wrong == 0 && n > 0;
}
