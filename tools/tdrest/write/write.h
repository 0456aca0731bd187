/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Writes schemaless data. */
#ifndef CLI_WRITE_H
#define CLI_WRITE_H

#include "args/args.h"

/* Writes the files of args, one after the other; progress, failures and a summary are told on stderr. The exit status. */
int cli_write(const cli_args *args);

#endif
