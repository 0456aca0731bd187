/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Arrow's IPC streaming format: a schema, batches, the end. */
#ifndef CLI_STREAM_H
#define CLI_STREAM_H

#include "arrow/message.h"
#include "term/output.h"

void cli_stream_begin(cli_output *out);
/*
 * A message of metadata, and the batch's buffers where there is one; and the mark with which the next message begins. Of a batch's memory nothing is
 * copied.
 */
void cli_stream_put(cli_output *out, const cli_flat *message, const struct ArrowSchema *schema, const struct ArrowArray *batch);
/*
 * By the format, a stream may also end where a message does, and readers take it for whole then. One of ours that has no end breaks off behind a mark,
 * which all of them refuse.
 */
void cli_stream_end(cli_output *out);

#endif
