/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A spool, its disk, its server. Knows nothing of what is promised. */
#include "forwarded.h"

#ifndef TDREST_NO_SPOOL

#include <time.h>

#include "base/mem.h"

enum { PATIENCE_MS = 60000 };

struct tdrt_forwarded tdrt_forwarded;
static struct tdrt_forwarded *const f = &tdrt_forwarded;

static void note_stored(void *context, uint64_t number)
{
    (void)context;
    CHECK(number > f->stored, "stored goes back");
    f->stored = number;
}

static void note_held(void *context, const tdrest_error *err)
{
    (void)context;
    f->helds++;
    snprintf(f->held, sizeof f->held, "%s", tdrest_code_name(err->code));
}

void tdrt_forward_begin(tdrt_handler *handler)
{
    f->server = (tdrt_server)TDRT_SERVER_INIT;
    CU_ASSERT_FATAL(tdrt_server_start(&f->server, handler, NULL));
    f->disk = tdrt_disk_new();
    f->skipped = 0;
}

static int64_t read_clock(void *context)
{
    (void)context;
    return tdrt_now_ms() + f->skipped;
}

static void open_spool(const tdri_spool_config *config, tdrt_forward_end *end, int64_t backoff_ms, int64_t backoff_max_ms, const tdrest_allocator *mem)
{
    const tdri_forward_told told = {NULL, NULL, NULL, note_stored, end, note_held};
    tdrest_error err;

    f->told[0] = f->held[0] = '\0';
    f->stored = 0;
    f->helds = 0;
    tdri_err_reset(&err);
    f->files = tdrt_disk_files(f->disk);
    f->async = tdrt_async_dial(f->server.port, "?conn_retries=0");
    CHECK_INT(tdri_forward_new(&f->forward, config, f->async, &told, backoff_ms, backoff_max_ms, mem, &err), TDREST_OK);
    CU_ASSERT_FATAL(f->forward != NULL);
}

static const tdri_clock skipping = {read_clock, NULL};

void tdrt_forward_open(enum tdri_spool_sync sync, tdrt_forward_end *end, const tdrest_allocator *mem)
{
    open_spool(&(tdri_spool_config){.dir = "spool", .sync = sync, .interval_ms = 20, .files = &f->files, .clock = &skipping}, end, 1, 8, mem);
}

void tdrt_forward_open_slow(enum tdri_spool_sync sync, tdrt_forward_end *end, int64_t interval_ms, int64_t backoff_ms, int64_t backoff_max_ms)
{
    open_spool(&(tdri_spool_config){.dir = "spool", .sync = sync, .interval_ms = interval_ms, .files = &f->files, .clock = &skipping}, end, backoff_ms, backoff_max_ms,
               &tdri_mem_default);
}

void tdrt_forward_close(void)
{
    tdrest_error err;

    tdri_err_reset(&err);
    CHECK_INT(tdri_forward_free(f->forward, &err), TDREST_OK);
    tdrest_async_free(f->async);
}

void tdrt_forward_finish(void)
{
    tdrt_forward_close();
    tdrt_server_stop(&f->server);
    tdrt_disk_free(f->disk);
}

void tdrt_forward_run(void)
{
    const int64_t until = tdrt_now_ms() + PATIENCE_MS;

    while (tdri_forward_in_flight(f->forward) && tdrt_now_ms() < until)
        (void)tdrest_async_run(f->async, 20);
    CHECK(!tdri_forward_in_flight(f->forward), "no answer in time");
}

void tdrt_forward_work_until(int (*done)(void))
{
    const int64_t until = tdrt_now_ms() + PATIENCE_MS;

    while (tdrt_now_ms() < until) {
        int64_t wait;

        tdri_forward_work(f->forward);
        if (done != NULL ? done() : tdri_forward_is_idle(f->forward))
            return;
        wait = tdri_forward_wait_ms(f->forward);
        if (tdri_forward_in_flight(f->forward))
            (void)tdrest_async_run(f->async, wait >= 0 && wait < 20 ? wait : 20);
        else
            (void)nanosleep(&(struct timespec){0, 1000000}, NULL);
    }
    CHECK(0, "not idle in time: %s, %s", f->told, f->held);
}

int tdrt_count_lines(const char *text)
{
    int lines = 0;

    for (; *text != '\0'; text++)
        lines += *text == '\n';
    return lines;
}

#else
typedef int tdrt_no_forward; /* a file is not empty */
#endif
