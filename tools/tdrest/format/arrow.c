/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* arrow: Arrow's IPC streaming format, a batch at a time. A stream that a failure cuts breaks off within a message. Knows nothing of how it is made. */
#include "format/formats.h"

#ifndef TDREST_NO_ARROW

#include "arrow/stream.h"
#include "term/interrupt.h"

static int is_big_endian(void)
{
    static const uint16_t one = 1;

    return *(const uint8_t *)&one == 0;
}

/* Why a call of the stream failed. */
static int failure(const cli_result *res)
{
    int code = tdrest_result_error(res->res)->code;

    return code < 0 ? code : TDREST_ENOMEM;
}

static int put_schema(cli_sink *sink, cli_result *res, cli_flat *message, struct ArrowSchema *schema, cli_written *written)
{
    if (res->stream.get_schema(&res->stream, schema) != 0)
        return failure(res);
    if (!cli_message_schema(message, schema, is_big_endian())) {
        written->refusal = "format arrow: a column has an unknown type";
        return TDREST_EUSAGE;
    }
    if (message->failed)
        return TDREST_ENOMEM;
    if (!sink->continues) {
        cli_stream_begin(sink->out);
        cli_stream_put(sink->out, message, schema, NULL);
    }
    return TDREST_ROW;
}

static int put_batch(cli_sink *sink, cli_result *res, cli_flat *message, const struct ArrowSchema *schema, cli_written *written)
{
    struct ArrowArray batch;
    int rc = TDREST_ROW;

    if (cli_interrupted())
        return TDREST_ECANCELLED;
    if (res->stream.get_next(&res->stream, &batch) != 0)
        return failure(res);
    if (batch.release == NULL)
        return TDREST_DONE;
    cli_message_batch(message, schema, &batch);
    if (message->failed)
        rc = TDREST_ENOMEM;
    else
        cli_stream_put(sink->out, message, schema, &batch);
    written->rows += batch.length;
    batch.release(&batch);
    cli_progress_tell(sink->progress, "row", written->rows, sink->out->bytes_before + (int64_t)sink->out->len);
    return rc;
}

int cli_write_arrow(cli_sink *sink, cli_result *res, cli_written *written)
{
    struct ArrowSchema schema = {.release = NULL};
    cli_flat message = {.data = NULL};
    int rc;

    written->columns = cli_result_column_count(res);
    rc = tdrest_result_export_arrow(res->res, &res->stream);
    if (rc == TDREST_OK)
        rc = put_schema(sink, res, &message, &schema, written);
    while (rc == TDREST_ROW && sink->out->error == 0)
        rc = put_batch(sink, res, &message, &schema, written);
    if (rc == TDREST_DONE && !sink->goes_on)
        cli_stream_end(sink->out);
    if (schema.release != NULL)
        schema.release(&schema);
    cli_flat_clear(&message);
    return rc;
}

#else

/* The command line refuses the format before this. */
int cli_write_arrow(cli_sink *sink, cli_result *res, cli_written *written)
{
    (void)sink;
    (void)res;
    (void)written;
    return TDREST_EUNSUPPORTED;
}

#endif
