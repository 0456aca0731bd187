/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The metadata of Arrow's IPC messages, https://arrow.apache.org/docs/format/Columnar.html#serialization-and-interprocess-communication-ipc, as FlatBuffers. */
#ifndef CLI_MESSAGE_H
#define CLI_MESSAGE_H

#include <tdrest.h>

#include "arrow/flat.h"

/* In the stream every buffer begins at a multiple of it. */
enum { CLI_MESSAGE_ALIGN = 64 };

/* Bytes with what fills them up. */
int64_t cli_message_padded(int64_t bytes);

/*
 * A Schema of the types that tdrest_result_export_arrow gives. 1; 0: a field has another type. big_endian: how the numbers of the batches stand.
 */
int cli_message_schema(cli_flat *f, const struct ArrowSchema *schema, int big_endian);

/* A RecordBatch whose buffers follow each other, each filled up. Arrays have offset 0. */
void cli_message_batch(cli_flat *f, const struct ArrowSchema *schema, const struct ArrowArray *batch);

/* Bytes of a buffer of a column; 0 for the validity of a column without NULL, which is left out. */
int64_t cli_message_buffer_bytes(const struct ArrowSchema *field, const struct ArrowArray *column, int64_t buffer);

#endif
