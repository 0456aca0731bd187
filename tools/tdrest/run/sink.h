/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Where results go, by the command line. */
#ifndef CLI_SINK_H
#define CLI_SINK_H

#include "args/args.h"
#include "cell/grid.h"

/* The sink, the format and the progress that the command line asks for. CLI_OK, or the status of what was told: the format does not go with the other flags. */
int cli_sink_open(cli_sink *sink, const cli_format **format, const cli_args *args, cli_output *out, cli_progress *progress);

/* Writes rows that a command made. CLI_OK, or the status of what was told. */
int cli_sink_write_grid(cli_sink *sink, const cli_format *format, const cli_grid *grid);

#endif
