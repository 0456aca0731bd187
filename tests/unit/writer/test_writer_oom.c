/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Memory that runs out at every single allocation of the library during a writer's life: each row that was added is told its fate once, none is called
 * written that the server rejects, nothing is left over. Those of libcurl do not fail here: with its socket interface, releases such as 7.88 divide by zero then.
 */
#include "own_memory.h"
#include "written.h"

enum { ROWS = 24, BAD = 13 };

static int added, told[ROWS], strange;

static void tell(void *context, const tdrest_delivery *d)
{
    (void)context;
    for (int64_t i = d->first; i < d->first + d->count; i++) {
        strange += i >= added || told[i] != 0;
        told[i] = d->state;
    }
}

static void check_counts(tdrest_writer *w)
{
    tdrest_writer_counts c = TDREST_WRITER_COUNTS_INIT;

    strange += tdrest_writer_stats(w, &c) != TDREST_OK || c.added != added || c.added != c.written + c.refused + c.unknown + c.pending;
}

/* Rows of two tables; the one with number BAD is rejected. What cannot be added is given up, as a program may. */
static int write_rows(tdrest_writer *w)
{
    tdrest_stmt *stmt = tdrest_writer_stmt(w);
    int rc;

    for (int i = 0; i < ROWS; i++) {
        rc = tdrest_stmt_set_table(stmt, i % 2 == 0 ? "even" : "odd", TDREST_CSTR);
        if (rc == TDREST_OK)
            rc = tdrest_stmt_bind_time(stmt, 0, i, TDREST_MS);
        if (rc == TDREST_OK)
            rc = tdrest_stmt_bind_text(stmt, 1, added == BAD ? "bad" : "1", TDREST_CSTR);
        added++; /* it may be reported from within */
        if (rc == TDREST_OK) {
            rc = tdrest_writer_add(w);
            strange += rc < 0 && tdrest_writer_error(w)->code != rc;
        }
        added -= rc != TDREST_OK;
        check_counts(w);
    }
    rc = tdrest_writer_close(w, 60000);
    if (rc == TDREST_ENOMEM)
        rc = tdrest_writer_close(w, 60000);
    check_counts(w);
    return rc;
}

static int live(void)
{
    tdrest_writer_options settings = TDREST_WRITER_OPTIONS_INIT;
    tdrest_options *options = NULL;
    tdrest_writer *w = NULL;
    char dsn[128];
    int rc = tdrest_options_new(&tdrt_own_memory, &options), written = 0;

    added = strange = 0;
    memset(told, 0, sizeof told);
    settings.delivered = tell;
    settings.flush_ms = 0;
    settings.flush_rows = 8;
    snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d/test?retry=never", tdrt_writer_server.port);
    if (rc == TDREST_OK)
        rc = tdrest_options_parse(options, dsn);
    if (rc == TDREST_OK)
        rc = tdrest_writer_new(options, &settings, "INSERT INTO ? VALUES (?, ?)", TDREST_CSTR, &w);
    if (rc == TDREST_OK)
        rc = write_rows(w);
    tdrest_writer_free(w);
    tdrest_options_free(options);
    for (int i = 0; i < added; i++) {
        strange += told[i] == 0 || (i == BAD && told[i] == TDREST_ROWS_WRITTEN);
        written += told[i] == TDREST_ROWS_WRITTEN;
    }
    strange += rc == TDREST_OK && written < added;
    return rc;
}

static void every_allocation(void)
{
    int64_t n;
    int rc;

    CU_ASSERT_FATAL(tdrt_server_start(&tdrt_writer_server, tdrt_writer_answer, NULL) == 1);
    tdrt_own_plan(0, 0);
    CHECK_INT(live(), TDREST_ESERVER);
    CHECK(added == ROWS && told[BAD] == TDREST_ROWS_REFUSED && told[BAD - 1] == TDREST_ROWS_WRITTEN && strange == 0, "the scenario itself: %d", strange);
    n = tdrt_own_count();
    CHECK(n > 50, "%d allocations", (int)n);
    for (int64_t at = 1; at <= n; at++)
        for (int on = 0; on < 2; on++) {
            tdrt_own_plan(at, on);
            rc = live();
            CHECK(strange == 0 && tdrt_own_live() == 0, "allocation %d of %d%s: %d, %d strange, %d blocks left", (int)at, (int)n, on ? " and all after it" : "", rc,
                  strange, (int)tdrt_own_live());
        }
    tdrt_own_plan(0, 0);
    tdrt_server_stop(&tdrt_writer_server);
}

CU_TestInfo tdrt_writer_oom[] = {
    {"every allocation", every_allocation},
    CU_TEST_INFO_NULL,
};
