/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A spool over a disk in memory, for tests of what it promises. Knows nothing of what is promised. */
#include "spooled.h"

#include "memory.h"
#include "test.h"

#ifndef TDREST_NO_SPOOL

struct tdrt_spooled tdrt_spooled;
static tdri_files files;

static int64_t read_now(void *context)
{
    (void)context;
    return tdrt_spooled.now;
}

static void report(void *context, const tdri_spool_event *event)
{
    static const char *const kinds[] = {"", "torn", "damaged", "newer", "dropped", "sync", "stuck"};
    const size_t len = strlen(tdrt_spooled.told);

    (void)context;
    snprintf(tdrt_spooled.told + len, sizeof tdrt_spooled.told - len, "%s %s %d+%d r%d/%d e%d; ", kinds[event->kind], event->file, (int)event->from, (int)event->len, (int)event->records,
             (int)event->rows, event->error);
}

tdri_spool *tdrt_spool_open(tdri_spool_config config)
{
    static const tdri_clock clock = {read_now, NULL};
    tdri_spool *spool = NULL;

    files = tdrt_disk_files(tdrt_spooled.disk);
    config.dir = "spool";
    config.interval_ms = 100;
    config.clock = &clock;
    config.files = &files;
    config.report = report;
    config.segment_bytes = config.segment_bytes == 0 ? 320 : config.segment_bytes;
    tdrt_spooled.told[0] = '\0';
    tdri_err_reset(&tdrt_spooled.err);
    CHECK_INT(tdri_spool_open(&spool, &config, &tdrt_memory, &tdrt_spooled.err), TDREST_OK);
    CU_ASSERT_FATAL(spool != NULL);
    return spool;
}

tdri_spool *tdrt_spool_new(enum tdri_spool_sync sync)
{
    tdrt_spooled.disk = tdrt_disk_new();
    tdrt_spooled.now = 0;
    return tdrt_spool_open((tdri_spool_config){.sync = sync});
}

int tdrt_spool_append(tdri_spool *spool, const char *text, uint64_t *number)
{
    const tdri_spool_record record = {.rows = 10, .body = {text, strlen(text)}};
    uint64_t ignored;

    tdri_err_reset(&tdrt_spooled.err);
    return tdri_spool_append(spool, &record, number == NULL ? &ignored : number, &tdrt_spooled.err);
}

/* A hundred bytes that begin so. */
const char *tdrt_spool_text(int n)
{
    static char text[101];

    memset(text, '.', 100);
    text[snprintf(text, 100, "%d", n)] = ' ';
    return text;
}

void tdrt_spool_store(tdri_spool *spool, const char *text)
{
    CHECK_INT(tdrt_spool_append(spool, text, NULL), TDREST_OK);
    CHECK_INT(tdri_spool_sync(spool, &tdrt_spooled.err), TDREST_OK);
}

/* The begin of the next record's text, up to its first space; "-" when there is none. */
const char *tdrt_spool_peek(tdri_spool *spool, uint64_t after, uint64_t *number)
{
    static char text[128];
    tdri_spool_record record = {0};
    int rc;

    tdri_err_reset(&tdrt_spooled.err);
    rc = tdri_spool_next(spool, after, &record, &tdrt_spooled.err);
    *number = record.number;
    if (rc != TDREST_ROW)
        return rc == TDREST_DONE ? "-" : tdrt_spooled.err.message;
    snprintf(text, sizeof text, "%.*s", (int)(record.body.len < 100 ? record.body.len : 100), record.body.text);
    text[strcspn(text, " ")] = '\0';
    return text;
}

/* Delivers everything; the texts, with spaces between. */
const char *tdrt_spool_drain(tdri_spool *spool)
{
    static char all[1024];
    uint64_t number;

    for (all[0] = '\0';;) {
        const char *text = tdrt_spool_peek(spool, 0, &number);

        if (number == 0 || strlen(all) > sizeof all - 128)
            return all;
        strcat(strcat(all, text), " ");
        CHECK_INT(tdri_spool_delivered(spool, number, &tdrt_spooled.err), TDREST_OK);
    }
}

void tdrt_spool_end(tdri_spool *spool)
{
    tdri_err_reset(&tdrt_spooled.err);
    CHECK_INT(tdri_spool_close(spool, &tdrt_spooled.err), TDREST_OK);
    CHECK_INT(tdrt_disk_open_files(tdrt_spooled.disk), 0);
    tdrt_disk_free(tdrt_spooled.disk);
}

#endif
