/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Delivers what is in a spool. */
#ifndef CLI_SEND_SPOOL_H
#define CLI_SEND_SPOOL_H

#include "args/args.h"

/* Until the spool is empty or something other than the rows fails. Failures and a summary are told on stderr. The exit status. */
int cli_spool_send(const cli_args *args);

#endif
