/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Runs a way through the library again and again, each time out of memory at another place. */
#ifndef TDRT_OOM_H
#define TDRT_OOM_H

#include <tdrest.h>

/* TDREST_OK when it came to its right end, the code of the failure, or 1 when something was wrong. */
typedef int tdrt_scenario(void);

/* Fails each of its allocations, once and for good: 1 when it always ended rightly or with TDREST_ENOMEM (TDREST_ECONNECT), and left nothing behind. */
int tdrt_fail_each(const char *name, tdrt_scenario *run);

/* rc, or 1 when the record does not tell the failure that rc is. */
int tdrt_told(const tdrest_error *err, int rc);

#endif
