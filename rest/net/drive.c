/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A loop that is driven from outside: what libcurl wants watched, and what events bring. Waits for nothing. */
#include "net/curl_net.h"

/* The socket of which exchange it is, where libcurl says; those of its own have none. */
static tdri_exchange *exchange_of(CURL *easy)
{
    char *owner = NULL;

    if (easy != NULL)
        curl_easy_getinfo(easy, CURLINFO_PRIVATE, &owner);
    return (tdri_exchange *)(void *)owner;
}

/* Never refuses: libcurl would give up all transfers. */
static int on_socket(CURL *easy, curl_socket_t fd, int what, void *context, void *unused)
{
    tdri_loop *loop = (tdri_loop *)context;
    tdri_exchange *x;
    int events = 0, code;

    (void)unused;
    if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
        events |= TDRI_WATCH_READ;
    if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
        events |= TDRI_WATCH_WRITE;
    code = loop->watch(loop->watch_context, (int)fd, events);
    x = code == TDREST_OK || events == 0 ? NULL : exchange_of(easy);
    if (x != NULL) {
        x->unwatched = code;
        tdri_loop_note_ready(x);
    }
    return 0;
}

static int on_timer(CURLM *multi, long ms, void *context)
{
    tdri_loop *loop = (tdri_loop *)context;

    (void)multi;
    loop->due_ms = ms < 0 ? INT64_MAX : tdri_now_ms() + ms;
    return 0;
}

int tdri_loop_drive(tdri_loop *loop, tdri_watch *watch, void *context, long connections)
{
    loop->watch = watch;
    loop->watch_context = context;
    loop->by_port = (tdri_exchange **)tdri_mem_zeroed(&loop->mem, TDRI_PORT_LISTS, sizeof(tdri_exchange *));
    if (loop->by_port == NULL ||
        curl_multi_setopt(loop->multi, CURLMOPT_SOCKETFUNCTION, on_socket) != CURLM_OK ||
        curl_multi_setopt(loop->multi, CURLMOPT_SOCKETDATA, loop) != CURLM_OK ||
        curl_multi_setopt(loop->multi, CURLMOPT_TIMERFUNCTION, on_timer) != CURLM_OK ||
        curl_multi_setopt(loop->multi, CURLMOPT_TIMERDATA, loop) != CURLM_OK ||
        curl_multi_setopt(loop->multi, CURLMOPT_MAXCONNECTS, connections) != CURLM_OK)
        return TDREST_ENOMEM;
    return TDREST_OK;
}

static int act(tdri_loop *loop, curl_socket_t fd, int mask)
{
    int running = 1;
    CURLMcode code;

    tdri_loop_enter(loop);
    code = curl_multi_socket_action(loop->multi, fd, mask, &running);
    tdri_loop_note_results(loop);
    if (running == 0)
        loop->look_ms = INT64_MAX;
    tdri_loop_leave(loop);
    return code == CURLM_OUT_OF_MEMORY ? TDREST_ENOMEM : TDREST_OK; /* a socket that is not known any more is none of our business */
}

int tdri_loop_socket_event(tdri_loop *loop, int fd, int events)
{
    return act(loop, fd, ((events & TDRI_WATCH_READ) != 0 ? CURL_CSELECT_IN : 0) | ((events & TDRI_WATCH_WRITE) != 0 ? CURL_CSELECT_OUT : 0));
}

int tdri_loop_timeout_event(tdri_loop *loop)
{
    int rc;

    tdri_loop_enter(loop);
    loop->due_ms = INT64_MAX; /* it fires once */
    tdri_loop_look(loop);
    rc = act(loop, CURL_SOCKET_TIMEOUT, 0);
    tdri_loop_leave(loop);
    return rc;
}

int64_t tdri_loop_due_ms(const tdri_loop *loop)
{
    return loop->look_ms < loop->due_ms ? loop->look_ms : loop->due_ms;
}

void tdri_loop_note_ready(tdri_exchange *x)
{
    tdri_loop *loop = x->loop;

    if (x->is_ready || loop->watch == NULL)
        return;
    x->is_ready = 1;
    x->ready_next = NULL;
    if (loop->ready == NULL)
        loop->ready = x;
    else
        loop->ready_last->ready_next = x;
    loop->ready_last = x;
}

void tdri_loop_forget_ready(tdri_exchange *x)
{
    tdri_exchange *before = NULL, *at = x->is_ready ? x->loop->ready : NULL;

    if (at == NULL)
        return;
    for (; at != x; at = at->ready_next)
        before = at;
    if (before == NULL)
        x->loop->ready = x->ready_next;
    else
        before->ready_next = x->ready_next;
    if (x->loop->ready_last == x)
        x->loop->ready_last = before;
    x->is_ready = 0;
}

tdri_exchange *tdri_loop_take_ready(tdri_loop *loop)
{
    tdri_exchange *x = loop->ready;

    if (x == NULL)
        return NULL;
    loop->ready = x->ready_next;
    x->is_ready = 0;
    return x;
}

void tdri_loop_shed(tdri_loop *loop)
{
    loop->found_stale = tdri_exchange_shed_stale(loop);
}

/* ---- its exchanges ---- */

int tdri_exchange_cancel(tdri_exchange *x, tdrest_error *err)
{
    int rc;

    tdri_loop_enter(x->loop);
    rc = tdri_exchange_fail(x, TDREST_ECANCELLED, CURLE_OK, "the request was cancelled", err);
    tdri_loop_leave(x->loop);
    return rc;
}

void tdri_exchange_tell_lookup(tdri_exchange *x)
{
    x->tells_lookup = 1;
}

int tdri_exchange_looks_up(const tdri_exchange *x)
{
    return x->active && x->looking_up;
}

void tdri_exchange_rest(tdri_exchange *x)
{
    x->with_taker = 1;
}

void tdri_exchange_set_owner(tdri_exchange *x, void *owner)
{
    x->owner = owner;
}

void *tdri_exchange_owner(const tdri_exchange *x)
{
    return x->owner;
}
