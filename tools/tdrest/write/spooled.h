/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Lines by way of a spool, and what is left in one. Knows nothing of its files. */
#ifndef CLI_SPOOLED_H
#define CLI_SPOOLED_H

#include "args/args.h"

/* As cli_write: what is stored and not delivered is no failure. */
int cli_write_spooled(const cli_args *args);

/* Delivers what is in the spool, until it is empty or something other than the rows fails. Failures and a summary are told on stderr. The exit status. */
int cli_spooled_send(const cli_args *args);

#endif
