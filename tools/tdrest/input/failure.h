/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Tells why a source does not go on. */
#ifndef CLI_FAILURE_H
#define CLI_FAILURE_H

#include "input/reader.h"
#include "input/script.h"
#include "term/report.h"

/* rc of a call that reads: cancelled, the source's failure, or another one of that place. The exit status. */
int cli_reader_report(const cli_reader *r, int rc, const cli_place *place);

/* The same of cli_script_next; the place is that of the statement. */
int cli_script_report(const cli_script *s, int rc, const cli_place *place);

#endif
