/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Numbers over time. */
#ifndef CLI_PLOT_H
#define CLI_PLOT_H

#include "cell/cell.h"

/* Draws a result with characters, or as SVG when the sink has a picture, as cli_format.write says. */
int cli_write_plot(cli_sink *sink, tdrest_result *res, cli_written *written);

#endif
