/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A result as an Arrow C stream: when to read, how it ends. Knows no values. */
#include "arrow/batch.h"

#include "client/result.h"

#include <errno.h>
#include <string.h>

/* Of a batch: what readers like best, and what a batch of wide rows may take. */
enum { BATCH_ROWS = 65536, BATCH_BYTES = 1572864 };

typedef struct stream {
    tdrest_allocator mem;
    tdrest_result *res;
    tdri_arrow_way way;
    tdri_block_size size;    /* of batches but the first */
    unsigned char *units;    /* of TIMESTAMP columns; one a column */
    int units_known;
    int64_t rows;            /* handed out */
    const char *message;     /* of the last call */
} stream;

static int errno_of(int code)
{
    switch (code) {
    case TDREST_ECANCELLED: return ECANCELED;
    case TDREST_ENOMEM: return ENOMEM;
    case TDREST_ETIMEOUT: return ETIMEDOUT;
    case TDREST_EUSAGE: return EINVAL;
    case TDREST_ETYPE: return EILSEQ;
    case TDREST_ERANGE: return ERANGE;
    default: return EIO;
    }
}

/* The stream ends with the error in the result's record, which has ended with it: so will all later calls. */
static int fail(stream *s)
{
    s->message = s->res->err.message;
    return errno_of(s->res->err.code);
}

static size_t column_count(const stream *s)
{
    return tdrest_result_column_count(s->res);
}

/* With the first batch at hand: the unit of times is that of its values, ms where it has none. */
static void settle_units(stream *s)
{
    const tdri_column *columns = s->res->decode.block.columns;

    for (size_t i = 0; !s->units_known && i < column_count(s); i++)
        s->units[i] = (unsigned char)(columns[i].pub.precision == TDREST_PRECISION_UNKNOWN ? TDREST_MS : columns[i].pub.precision);
    s->units_known = 1;
}

static int has_times(const stream *s)
{
    const tdri_column *columns = s->res->decode.block.columns;

    for (size_t i = 0; i < column_count(s); i++)
        if (columns[i].kind == TDRI_KIND_TIME)
            return 1;
    return 0;
}

static int get_schema(struct ArrowArrayStream *self, struct ArrowSchema *out)
{
    stream *s = (stream *)self->private_data;
    int rc;

    memset(out, 0, sizeof *out);
    s->message = NULL;
    if (!s->units_known && has_times(s)) {
        if (tdri_result_gather(s->res) < 0)
            return fail(s);
        settle_units(s);
    }
    rc = tdri_arrow_schema(&s->mem, s->res->decode.block.columns, column_count(s), &s->way, s->units, out);
    if (rc != 0)
        s->message = "out of memory";
    return rc;
}

/* The rows at hand. TDREST_OK, or an error in the record. */
static int hand_out(stream *s, struct ArrowArray *out)
{
    tdrest_block block;
    tdri_arrow_source source = {&block, &s->way, s->rows, &s->res->err};
    int rc = tdri_result_take(s->res, &s->size, &block);

    if (rc != TDREST_OK)
        return rc;
    tdri_block_trim(&block);
    s->rows += (int64_t)block.rows;
    rc = tdri_arrow_batch(&source, s->units, out);
    tdri_result_return_arena(s->res, &block);
    return rc;
}

static int get_next(struct ArrowArrayStream *self, struct ArrowArray *out)
{
    stream *s = (stream *)self->private_data;
    int rc;

    memset(out, 0, sizeof *out);
    s->message = NULL;
    rc = tdri_result_gather(s->res);
    if (rc < 0)
        return fail(s);
    if (rc == TDREST_DONE)
        return 0;
    settle_units(s);
    if (hand_out(s, out) == TDREST_OK)
        return 0;
    tdri_result_stop(s->res);
    return fail(s);
}

static const char *get_last_error(struct ArrowArrayStream *self)
{
    return ((const stream *)self->private_data)->message;
}

static void release(struct ArrowArrayStream *self)
{
    stream *s = (stream *)self->private_data;
    tdrest_allocator mem = s->mem;

    tdrest_result_free(s->res);
    tdri_mem_free(&mem, s->units);
    tdri_mem_free(&mem, s);
    self->release = NULL;
}

/* The units that options fix. */
static void read_options(stream *s)
{
    static const unsigned char units[] = {TDREST_MS, TDREST_MS, TDREST_US, TDREST_NS}; /* auto, ms, us, ns */
    const tdrest_result *res = s->res;

    s->way.binary_text = res->arrow_text;
    s->way.extensions = res->arrow_extensions;
    s->units_known = res->arrow_timestamp != 0;
    for (size_t i = 0; i < column_count(s); i++)
        s->units[i] = units[res->arrow_timestamp];
    s->size.max_rows = BATCH_ROWS;
    s->size.block_bytes = res->decode.limits.block_bytes > BATCH_BYTES ? res->decode.limits.block_bytes : BATCH_BYTES;
}

int tdrest_result_export_arrow(tdrest_result *res, struct ArrowArrayStream *out)
{
    stream *s;

    memset(out, 0, sizeof *out);
    if (res == NULL)
        return TDREST_EUSAGE;
    if (res->is_view) /* it is not the caller's to give away */
        return tdri_err_set(&res->err, TDREST_EUSAGE, "the result of a callback cannot be exported");
    if (res->reading != TDRI_UNREAD)
        return tdri_err_set(&res->err, TDREST_EUSAGE, "rows of the result were read already");
    s = (stream *)tdri_mem_zeroed(&res->mem, 1, sizeof *s);
    if (s != NULL)
        s->units = (unsigned char *)tdri_mem_zeroed(&res->mem, tdrest_result_column_count(res) + 1, 1);
    if (s == NULL || s->units == NULL) {
        tdri_mem_free(&res->mem, s);
        return tdri_err_set(&res->err, TDREST_ENOMEM, NULL);
    }
    s->mem = res->mem;
    s->res = res;
    read_options(s);
    out->get_schema = get_schema;
    out->get_next = get_next;
    out->get_last_error = get_last_error;
    out->release = release;
    out->private_data = s;
    return TDREST_OK;
}
