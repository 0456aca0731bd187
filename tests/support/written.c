/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The account of a writer's reports. Knows nothing of the library but its interface. */
#include "written.h"

#ifndef TDREST_NO_WRITER
tdrt_server tdrt_writer_server = TDRT_SERVER_INIT;
tdrest_writer *tdrt_the_writer;
unsigned char tdrt_fates[TDRT_ROWS_MAX];
int tdrt_reports;
tdrest_error tdrt_last_refusal;

static int says(const tdrt_visit *visit, const char *sql, const char *line)
{
    tdrt_answer answer = {.body = sql};

    if (strstr(visit->head, "/rest/sql") != NULL)
        return tdrt_send_answer(visit, &answer);
    answer.body = line;
    answer.status = line[0] == '\0' ? 204 : 400;
    return tdrt_send_answer(visit, &answer);
}

int tdrt_writer_answer(const tdrt_visit *visit)
{
    if (strstr(visit->sql, "bad") != NULL)
        return says(visit, "{\"code\":534,\"desc\":\"syntax error near 'bad'\",\"timing\":1}", "{\"code\":\"internal error\",\"message\":\"[0x3002] Invalid data format\"}");
    if (strstr(visit->sql, "still") != NULL)
        tdrt_pause(600000);
    if (strstr(visit->sql, "gone") != NULL)
        return says(visit, "{\"code\":9731,\"desc\":\"Table does not exist\",\"timing\":1}", "{\"code\":\"internal error\",\"message\":\"[0x2603] Table does not exist\"}");
    return says(visit, TDRT_INSERTED, "");
}

void tdrt_writer_delivered(void *context, const tdrest_delivery *delivery)
{
    (void)context;
    tdrt_reports++;
    CHECK(delivery->count > 0 && delivery->first >= 0 && delivery->first + delivery->count <= TDRT_ROWS_MAX, "rows %lld+%lld", (long long)delivery->first,
          (long long)delivery->count);
    CHECK((delivery->error == NULL) == (delivery->state == TDREST_ROWS_WRITTEN), "state %d", delivery->state);
    for (int64_t i = delivery->first; i < delivery->first + delivery->count && i < TDRT_ROWS_MAX; i++) {
        if (tdrt_fates[i] != 0)
            CHECK(0, "row %lld is reported twice: %d, now %d", (long long)i, tdrt_fates[i], delivery->state);
        tdrt_fates[i] = (unsigned char)delivery->state;
    }
    if (delivery->error != NULL)
        tdrt_last_refusal = *delivery->error;
    if (tdrt_the_writer != NULL)
        (void)tdrt_writer_stats();
}

void tdrt_writer_begin(const char *parameters, const tdrest_writer_options *settings, const char *sql, tdrt_handler *handler)
{
    const tdrest_writer_options usual = TDREST_WRITER_OPTIONS_INIT;
    tdrest_writer_options mine = settings == NULL ? usual : *settings;
    tdrest_options *options = NULL;
    char dsn[256];

    memset(tdrt_fates, 0, sizeof tdrt_fates);
    tdrt_reports = 0;
    CU_ASSERT_FATAL(tdrt_server_start(&tdrt_writer_server, handler == NULL ? tdrt_writer_answer : handler, NULL) == 1);
    tdrt_dial_dsn(tdrt_writer_server.port, parameters, dsn, sizeof dsn);
    if (mine.delivered == NULL)
        mine.delivered = tdrt_writer_delivered;
    if (mine.flush_ms == usual.flush_ms)
        mine.flush_ms = 0;
    CU_ASSERT_FATAL(tdrest_options_new(NULL, &options) == TDREST_OK);
    if (tdrest_options_parse(options, dsn) != TDREST_OK || tdrest_writer_new(options, &mine, sql, TDREST_CSTR, &tdrt_the_writer) != TDREST_OK)
        CHECK(0, "%s: %s", dsn, tdrest_options_error(options)->message);
    tdrest_options_free(options);
    CU_ASSERT_FATAL(tdrt_the_writer != NULL);
}

void tdrt_writer_finish(void)
{
    tdrest_writer *w = tdrt_the_writer;

    tdrt_the_writer = NULL;
    tdrest_writer_free(w);
    tdrt_server_stop(&tdrt_writer_server);
}

int tdrt_writer_add(const char *table, int64_t time_ms, const char *text)
{
    tdrest_stmt *stmt = tdrest_writer_stmt(tdrt_the_writer);
    int rc = tdrest_stmt_set_table(stmt, table, TDREST_CSTR);

    if (rc == TDREST_OK)
        rc = tdrest_stmt_bind_time(stmt, 0, time_ms, TDREST_MS);
    if (rc == TDREST_OK)
        rc = tdrest_stmt_bind_text(stmt, 1, text, TDREST_CSTR);
    CHECK(rc == TDREST_OK, "%s", tdrest_stmt_error(stmt)->message);
    rc = tdrest_writer_add(tdrt_the_writer);
    (void)tdrt_writer_stats();
    return rc;
}

tdrest_writer_counts tdrt_writer_stats(void)
{
    tdrest_writer_counts c = TDREST_WRITER_COUNTS_INIT;

    CHECK_INT(tdrest_writer_stats(tdrt_the_writer, &c), TDREST_OK);
    CHECK(c.added == c.written + c.refused + c.unknown + c.pending, "%lld added, %lld written, %lld refused, %lld unknown, %lld pending", (long long)c.added,
          (long long)c.written, (long long)c.refused, (long long)c.unknown, (long long)c.pending);
    return c;
}

int64_t tdrt_writer_count(int state)
{
    int64_t count = 0;

    for (int i = 0; i < TDRT_ROWS_MAX; i++)
        count += tdrt_fates[i] == state;
    return count;
}
#else
typedef int tdrt_no_writer; /* a file is not empty */
#endif
