/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A result as Arrow record batches, for any library that reads Arrow's C data interface: 22_arrow [DSN [SQL]]. */
#include <stdio.h>
#include <string.h>
#include <tdrest.h>

static const char *dsn = "http://root:taosdata@localhost:6041/test";
static const char *sql = "SELECT ts, current, voltage FROM meters";

/* The sum of a column of doubles or floats; rows that are NULL have no value. */
static double sum(const struct ArrowSchema *field, const struct ArrowArray *array)
{
    const unsigned char *validity = array->buffers[0];
    double total = 0;

    for (int64_t i = array->offset; i < array->offset + array->length; i++)
        if (validity == NULL || (validity[i / 8] >> (i % 8) & 1))
            total += field->format[0] == 'g' ? ((const double *)array->buffers[1])[i] : ((const float *)array->buffers[1])[i];
    return total;
}

static void print_batch(const struct ArrowSchema *schema, const struct ArrowArray *batch)
{
    printf("%lld rows\n", (long long)batch->length);
    for (int64_t i = 0; i < schema->n_children; i++) {
        const struct ArrowSchema *field = schema->children[i];

        printf("  %s: %s, %lld NULL", field->name, field->format, (long long)batch->children[i]->null_count);
        if (strcmp(field->format, "g") == 0 || strcmp(field->format, "f") == 0)
            printf(", sum %.6g", sum(field, batch->children[i]));
        printf("\n");
    }
}

/* Batches own their memory: a program may keep them after the stream and the connection are gone. */
static int read_stream(struct ArrowArrayStream *stream)
{
    struct ArrowSchema schema;
    struct ArrowArray batch;
    int error = stream->get_schema(stream, &schema);

    if (error != 0)
        return error;
    while ((error = stream->get_next(stream, &batch)) == 0 && batch.release != NULL) {
        print_batch(&schema, &batch);
        batch.release(&batch);
    }
    schema.release(&schema);
    return error;
}

static int run(tdrest_conn *conn)
{
    struct ArrowArrayStream stream;
    tdrest_result *res;
    int error;

    if (tdrest_query(conn, sql, TDREST_CSTR, NULL, &res) < 0) {
        fprintf(stderr, "%s\n", tdrest_conn_error(conn)->message);
        return 1;
    }
    if (tdrest_result_export_arrow(res, &stream) < 0) {
        fprintf(stderr, "%s\n", tdrest_result_error(res)->message);
        tdrest_result_free(res);
        return 1;
    }
    error = read_stream(&stream); /* which owns the result now */
    if (error != 0)
        fprintf(stderr, "%s\n", stream.get_last_error(&stream));
    stream.release(&stream);
    return error != 0;
}

int main(int argc, char **argv)
{
    char why[512];
    tdrest_conn *conn;
    int failed;

    if (argc > 2)
        sql = argv[2];
    if (tdrest_open(argc > 1 ? argv[1] : dsn, &conn, why, sizeof why) < 0) {
        fprintf(stderr, "%s\n", why);
        return 1;
    }
    failed = run(conn);
    tdrest_conn_free(conn);
    return failed;
}
