/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A parallel loader: lines `device,milliseconds,value` of standard input become rows, four requests at a time. 20_writer DSN <FILE */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <tdrest.h>

/* Rows that were not written, each with its reason. */
static void tell(void *context, const tdrest_delivery *d)
{
    (void)context;
    if (d->state != TDREST_ROWS_WRITTEN)
        fprintf(stderr, "row %" PRId64 " and %" PRId64 " more: %s: %s\n", d->first, d->count - 1, d->state == TDREST_ROWS_REFUSED ? "refused" : "unknown",
                d->error->message);
}

static int add_line(tdrest_writer *writer, const char *line)
{
    tdrest_stmt *stmt = tdrest_writer_stmt(writer);
    char device[64], value[64];
    int64_t ms;
    int rc = TDREST_EUSAGE;

    if (sscanf(line, "%63[^,],%" SCNd64 ",%63s", device, &ms, value) != 3)
        return rc;
    rc = tdrest_stmt_set_table(stmt, device, TDREST_CSTR);
    if (rc == TDREST_OK)
        rc = tdrest_stmt_bind_time(stmt, 0, ms, TDREST_MS);
    if (rc == TDREST_OK)
        rc = tdrest_stmt_bind_text(stmt, 1, value, TDREST_CSTR); /* the server makes a number of it, or refuses the row */
    return rc == TDREST_OK ? tdrest_writer_add(writer) : rc;
}

int main(int argc, char **argv)
{
    tdrest_writer_options settings = TDREST_WRITER_OPTIONS_INIT;
    tdrest_writer_counts counts = TDREST_WRITER_COUNTS_INIT;
    tdrest_writer *writer = NULL;
    tdrest_options *options;
    char line[256];
    int rc = tdrest_options_new(NULL, &options);

    if (rc == TDREST_OK && argc > 1)
        rc = tdrest_options_parse(options, argv[1]);
    settings.delivered = tell;
    if (rc == TDREST_OK)
        rc = tdrest_writer_new(options, &settings, "INSERT INTO ? VALUES (?, ?)", TDREST_CSTR, &writer);
    if (rc < 0)
        fprintf(stderr, "%s\n", tdrest_options_error(options)->message);
    while (rc == TDREST_OK && fgets(line, sizeof line, stdin) != NULL)
        rc = add_line(writer, line);
    if (writer != NULL && rc < 0)
        fprintf(stderr, "%s cannot be added: %s\n", strtok(line, "\n"), tdrest_stmt_error(tdrest_writer_stmt(writer))->message);
    if (writer != NULL && tdrest_writer_close(writer, 60000) < 0)
        rc = tdrest_writer_error(writer)->code;
    if (writer != NULL && tdrest_writer_stats(writer, &counts) == TDREST_OK)
        printf("%" PRId64 " rows: %" PRId64 " written, %" PRId64 " refused, %" PRId64 " unknown\n", counts.added, counts.written, counts.refused, counts.unknown);
    tdrest_writer_free(writer);
    tdrest_options_free(options);
    return rc < 0;
}
