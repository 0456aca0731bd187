/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Files into tables. */
#ifndef CLI_IMPORT_H
#define CLI_IMPORT_H

#include "args/args.h"

/* Failures are told on stderr. The exit status. */
int cli_import(const cli_args *args);

#endif
