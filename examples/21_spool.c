/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A sensor that loses its link: measurements go to files first, and from there to the server, now or in a later run. 21_spool DSN DIRECTORY [SECONDS] */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <tdrest.h>

typedef struct account {
    int64_t stored, delivered, refused;
} account;

static void tell(void *context, const tdrest_delivery *d)
{
    account *sum = (account *)context;

    sum->stored += d->state == TDREST_ROWS_STORED ? d->count : 0;
    sum->delivered += d->state == TDREST_ROWS_WRITTEN ? d->count : 0;
    sum->refused += d->state == TDREST_ROWS_REFUSED ? d->count : 0;
    if (d->error != NULL)
        fprintf(stderr, "%s\n", d->error->message);
}

static int measure(tdrest_writer *writer, int64_t ms, double value)
{
    tdrest_stmt *stmt = tdrest_writer_stmt(writer);
    int rc = tdrest_stmt_bind_time(stmt, 0, ms, TDREST_MS); /* its own time: it may be sent much later, and more than once */

    if (rc == TDREST_OK)
        rc = tdrest_stmt_bind_double(stmt, 1, value);
    return rc == TDREST_OK ? tdrest_writer_add(writer) : rc;
}

int main(int argc, char **argv)
{
    tdrest_writer_options settings = TDREST_WRITER_OPTIONS_INIT;
    account sum = {0, 0, 0};
    tdrest_writer *writer = NULL;
    tdrest_options *options;
    int rc = tdrest_options_new(NULL, &options);

    if (argc < 3)
        return 2;
    settings.delivered = tell;
    settings.context = &sum;
    if (rc == TDREST_OK)
        rc = tdrest_options_parse(options, argv[1]);
    if (rc == TDREST_OK)
        rc = tdrest_options_set(options, "spool_dir", argv[2]);
    if (rc == TDREST_OK)
        rc = tdrest_writer_new(options, &settings, "INSERT INTO sensor VALUES (?, ?)", TDREST_CSTR, &writer);
    if (rc != TDREST_OK)
        fprintf(stderr, "%s\n", tdrest_options_error(options)->message);
    for (int i = 0; rc == TDREST_OK && i < 3; i++)
        rc = measure(writer, INT64_C(1700000000000) + i, 20.5 + i);
    /* What cannot be delivered in time is stored, which is no failure: the next run delivers it first. */
    if (rc == TDREST_OK)
        rc = tdrest_writer_close(writer, argc > 3 ? atoi(argv[3]) * 1000 : 60000);
    if (writer != NULL && rc != TDREST_OK)
        fprintf(stderr, "%s\n", tdrest_writer_error(writer)->message);
    printf("%" PRId64 " rows stored, %" PRId64 " delivered, %" PRId64 " refused\n", sum.stored, sum.delivered, sum.refused);
    tdrest_writer_free(writer);
    tdrest_options_free(options);
    return rc == TDREST_OK ? 0 : 1;
}
