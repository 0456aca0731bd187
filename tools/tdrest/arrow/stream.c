/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Arrow's IPC streaming format. Each message is a mark, the length of its metadata, the metadata, the body. Knows no types. */
#include "arrow/stream.h"

enum { HEAD_BYTES = 8 };

static void put_mark(cli_output *out)
{
    cli_output_fill(out, '\xff', 4);
}

static void put_length(cli_output *out, int64_t bytes)
{
    for (int i = 0; i < 4; i++)
        cli_output_char(out, (char)(unsigned char)(bytes >> 8 * i));
}

static void put_padded(cli_output *out, const void *bytes, int64_t len, int64_t before)
{
    if (len > 0)
        cli_output_put(out, bytes, (size_t)len);
    cli_output_fill(out, '\0', (size_t)(cli_message_padded(before + len) - before - len));
}

void cli_stream_begin(cli_output *out)
{
    put_mark(out);
}

void cli_stream_put(cli_output *out, const cli_flat *message, const struct ArrowSchema *schema, const struct ArrowArray *batch)
{
    const int64_t len = (int64_t)message->len;
    int64_t i, k;

    put_length(out, cli_message_padded(HEAD_BYTES + len) - HEAD_BYTES);
    put_padded(out, message->data, len, HEAD_BYTES);
    for (i = 0; batch != NULL && i < batch->n_children; i++)
        for (k = 0; k < batch->children[i]->n_buffers; k++)
            put_padded(out, batch->children[i]->buffers[k], cli_message_buffer_bytes(schema->children[i], batch->children[i], k), 0);
    put_mark(out);
}

void cli_stream_end(cli_output *out)
{
    put_length(out, 0);
}
