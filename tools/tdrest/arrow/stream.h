/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Arrow's IPC streaming format: a schema, batches, the end. */
#ifndef CLI_STREAM_H
#define CLI_STREAM_H

#include "arrow/message.h"
#include "term/output.h"

/* A message of metadata, and the batch's buffers where there is one. Of a batch's memory nothing is copied. */
void cli_stream_put(cli_output *out, const cli_flat *message, const struct ArrowSchema *schema, const struct ArrowArray *batch);
/* Without it a reader knows that rows are missing. */
void cli_stream_end(cli_output *out);

#endif
