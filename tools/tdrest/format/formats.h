/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The table of formats. */
#ifndef CLI_FORMATS_H
#define CLI_FORMATS_H

#include "cell/cell.h"

/* Each writes all rows of a result, as cli_format.write says. */
int cli_write_arrow(cli_sink *sink, cli_result *res, cli_written *written);
int cli_write_csv(cli_sink *sink, cli_result *res, cli_written *written);
int cli_write_html(cli_sink *sink, cli_result *res, cli_written *written);
int cli_write_json(cli_sink *sink, cli_result *res, cli_written *written);
int cli_write_jsonl(cli_sink *sink, cli_result *res, cli_written *written);
int cli_write_line(cli_sink *sink, cli_result *res, cli_written *written);
int cli_write_markdown(cli_sink *sink, cli_result *res, cli_written *written);
int cli_write_none(cli_sink *sink, cli_result *res, cli_written *written);
int cli_write_table(cli_sink *sink, cli_result *res, cli_written *written);
int cli_write_tsv(cli_sink *sink, cli_result *res, cli_written *written);

/* The rows of the table, from 0; NULL past the end. */
const cli_format *cli_format_at(size_t index);

/* The format of that name, or NULL. */
const cli_format *cli_format_find(const char *name);

#endif
