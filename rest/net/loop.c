/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* libcurl's multi handle, the clock, and cancelling. Knows nothing of what is exchanged. */
#include "net/curl_net.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static pthread_once_t global_once = PTHREAD_ONCE_INIT;
static CURLcode global_code; /* written once, by global_init */

static void global_init(void)
{
    global_code = curl_global_init(CURL_GLOBAL_DEFAULT);
}

/* ---- the clock ---- */

static int64_t read_ms(clockid_t id)
{
    struct timespec t;

    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t tdri_now_ms(void)
{
    return read_ms(CLOCK_MONOTONIC);
}

int64_t tdri_recent_ms(void)
{
#ifdef CLOCK_MONOTONIC_COARSE
    return read_ms(CLOCK_MONOTONIC_COARSE);
#else
    return tdri_now_ms();
#endif
}

int64_t tdri_deadline_ms(int64_t limit_ms)
{
    int64_t now = tdri_now_ms();

    if (limit_ms <= 0)
        return 0;
    return limit_ms > INT64_MAX - now ? INT64_MAX : now + limit_ms;
}

/* ---- making it ---- */

/* Neither end blocks, and neither goes to a program that is started from here. */
static int open_pipe(int wake[2])
{
    int good;

    wake[0] = wake[1] = -1;
    good = pipe(wake) == 0;
    for (int i = 0; good && i < 2; i++)
        good = fcntl(wake[i], F_SETFL, O_NONBLOCK) == 0 && fcntl(wake[i], F_SETFD, FD_CLOEXEC) == 0;
    return good;
}

/* Whether a transfer can be removed while the thread that looks its name up goes on; else its removal waits for that thread. */
static int can_abandon_lookups(void)
{
    const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
    int c_ares = (info->features & CURL_VERSION_ASYNCHDNS) != 0 && info->ares != NULL;

#if LIBCURL_VERSION_NUM >= 0x075700 /* CURLOPT_QUICK_EXIT, when built and when run */
    return c_ares || info->version_num >= 0x075700;
#else
    return c_ares;
#endif
}

int tdri_loop_new(const tdrest_allocator *mem, tdri_loop **out, tdrest_error *err)
{
    tdri_loop *loop;

    *out = NULL;
    pthread_once(&global_once, global_init);
    if (global_code != CURLE_OK)
        return tdri_err_set(err, TDREST_ECONNECT, "libcurl could not be initialised: %s", curl_easy_strerror(global_code));
    loop = (tdri_loop *)tdri_mem_zeroed(mem, 1, sizeof *loop);
    if (loop == NULL)
        return tdri_err_set(err, TDREST_ENOMEM, "out of memory for the connection");
    loop->mem = *mem;
    loop->due_ms = loop->look_ms = INT64_MAX;
    loop->abandons_lookups = can_abandon_lookups();
    loop->multi = curl_multi_init();
    if (!open_pipe(loop->wake)) {
        (void)tdri_err_set(err, TDREST_ECONNECT, "cannot open a pipe: %s", strerror(errno));
        tdri_loop_free(loop);
        return err->code;
    }
    if (loop->multi == NULL) {
        tdri_loop_free(loop);
        return tdri_err_set(err, TDREST_ENOMEM, "out of memory for the connection");
    }
    curl_multi_setopt(loop->multi, CURLMOPT_MAXCONNECTS, 1L);
#if LIBCURL_VERSION_NUM >= 0x081400
    curl_multi_setopt(loop->multi, CURLMOPT_QUICK_EXIT, 1L); /* freeing does not wait for a lookup that was given up */
#endif
    *out = loop;
    return TDREST_OK;
}

void tdri_loop_free(tdri_loop *loop)
{
    tdrest_allocator mem;

    if (loop == NULL)
        return;
    for (int i = 0; i < 2; i++)
        if (loop->wake[i] >= 0)
            close(loop->wake[i]);
    tdri_loop_enter(loop);
    while (loop->muted != NULL)
        tdri_loop_reap(loop, loop->muted->easy);
    curl_multi_cleanup(loop->multi);
    tdri_loop_leave(loop);
    mem = loop->mem;
    tdri_mem_free(&mem, loop->by_port);
    tdri_mem_free(&mem, loop);
}

/* ---- transfers ---- */

/*
 * Before libcurl 7.87 removing a transfer waits for the thread that looks its name up. Such a transfer stays until that thread is done, and hears and
 * does nothing more: on_open_socket refuses to connect for it.
 */
int tdri_loop_mute(tdri_loop *loop, CURL *easy)
{
    tdri_muted *muted = (tdri_muted *)tdri_mem_zeroed(&loop->mem, 1, sizeof *muted);

    if (muted == NULL)
        return 0;
    muted->easy = easy;
    muted->next = loop->muted;
    loop->muted = muted;
    return 1;
}

void tdri_loop_reap(tdri_loop *loop, CURL *easy)
{
    for (tdri_muted **at = &loop->muted; *at != NULL; at = &(*at)->next)
        if ((*at)->easy == easy) {
            tdri_muted *gone = *at;

            *at = gone->next;
            curl_multi_remove_handle(loop->multi, easy);
            curl_easy_cleanup(easy);
            tdri_mem_free(&loop->mem, gone);
            return;
        }
}

void tdri_loop_note_results(tdri_loop *loop)
{
    CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(loop->multi, &left)) != NULL) {
        CURL *easy = message->easy_handle;
        CURLcode result = message->data.result;
        char *owner = NULL;

        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(easy, CURLINFO_PRIVATE, &owner);
        if (owner == NULL)
            tdri_loop_reap(loop, easy);
        else
            tdri_exchange_note_result((tdri_exchange *)(void *)owner, result);
    }
}

int tdri_loop_perform(tdri_loop *loop)
{
    int running;
    CURLMcode code = CURLM_OK;

    if (loop->watch != NULL) /* events do it */
        return TDREST_OK;
    code = curl_multi_perform(loop->multi, &running);
    tdri_loop_note_results(loop);
    return code == CURLM_OK ? TDREST_OK : TDREST_ENOMEM;
}

/* The bytes that woke the wait, also those of a cancel that came too late for its call. */
static void drain(tdri_loop *loop)
{
    char bytes[64];

    while (read(loop->wake[0], bytes, sizeof bytes) > 0)
        ;
}

int tdri_loop_wait(tdri_loop *loop, int64_t ms)
{
    struct curl_waitfd wake = {loop->wake[0], CURL_WAIT_POLLIN, 0};
    CURLMcode code = curl_multi_wait(loop->multi, &wake, 1, ms > INT_MAX ? INT_MAX : (int)ms, NULL);

    if (wake.revents != 0)
        drain(loop);
    return code == CURLM_OK ? TDREST_OK : TDREST_ENOMEM;
}

/* ---- cancelling ---- */

/*
 * One word holds the call's number and its stage. A cancel changes it only while it is what it was when the cancel looked, so one
 * that is held up until its call is over changes nothing; the byte it may still write to the pipe wakes a wait, which goes on.
 */
enum { STAGE_NONE, STAGE_RUNNING, STAGE_CANCELLED, STAGE_BITS = 3 };

void tdri_loop_enter(tdri_loop *loop)
{
    if (loop->depth++ > 0)
        return;
    tdri_sigpipe_block(&loop->sigpipe);
    atomic_store(&loop->call, ((atomic_load(&loop->call) | STAGE_BITS) + 1) | STAGE_RUNNING);
}

void tdri_loop_leave(tdri_loop *loop)
{
    if (--loop->depth > 0)
        return;
    atomic_store(&loop->call, (atomic_load(&loop->call) | STAGE_BITS) ^ STAGE_BITS);
    tdri_sigpipe_restore(&loop->sigpipe);
}

/* Nothing but what a signal handler may do. */
void tdri_loop_cancel(tdri_loop *loop)
{
    unsigned call = atomic_load(&loop->call);
    int before = errno;

    if ((call & STAGE_BITS) != STAGE_RUNNING || !atomic_compare_exchange_strong(&loop->call, &call, (call ^ STAGE_RUNNING) | STAGE_CANCELLED))
        return;
    if (write(loop->wake[1], "", 1) < 0)
        errno = before; /* the pipe is full: it wakes the wait as it is */
}

int tdri_loop_is_cancelled(const tdri_loop *loop)
{
    return (atomic_load(&loop->call) & STAGE_BITS) == STAGE_CANCELLED;
}

int tdri_loop_pause(tdri_loop *loop, int64_t ms)
{
    int64_t until = tdri_now_ms() + ms, left;
    int rc = TDREST_OK;

    while (rc == TDREST_OK && !tdri_loop_is_cancelled(loop) && (left = until - tdri_now_ms()) > 0) {
        rc = tdri_loop_perform(loop); /* for lookups that were given up */
        if (rc == TDREST_OK)
            rc = tdri_loop_wait(loop, left);
    }
    return tdri_loop_is_cancelled(loop) ? TDREST_ECANCELLED : rc;
}

const char *tdri_loop_version(int *interruptible)
{
    *interruptible = can_abandon_lookups();
    return curl_version_info(CURLVERSION_NOW)->version;
}
