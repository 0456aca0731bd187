/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Loops that are not the library's, each behind the hooks of an async object. Knows nothing of its requests. */
#ifndef TDRT_ASYNC_LOOPS_H
#define TDRT_ASYNC_LOOPS_H

#include <tdrest.h>

/* How an async object is driven. */
typedef struct tdrt_async_loop {
    const char *name;
    /* Before the first request is started. 1 when it could be done. */
    int (*open)(tdrest_async *async);
    /* Until no request is left: TDREST_DONE; an error; or TDREST_OK after as many milliseconds. */
    int (*run)(tdrest_async *async, int64_t ms);
    /* After the object was freed. The number of descriptors that are watched still. */
    int (*close)(void);
} tdrt_async_loop;

/* "run", "epoll" or "libuv"; NULL: this build has no such loop. */
const tdrt_async_loop *tdrt_async_loop_find(const char *name);

#ifdef TDRT_LIBUV
extern const tdrt_async_loop tdrt_libuv_loop;
#endif

#endif
