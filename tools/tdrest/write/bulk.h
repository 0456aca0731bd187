/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Writes lines through a writer: several requests at a time, or by way of a spool. */
#ifndef CLI_BULK_H
#define CLI_BULK_H

#include "write/account.h"

/*
 * Writes the files of args, one after the other, each request with the call's settings; failures are told and counted in the account. With a spool, what
 * is stored and not delivered is no failure. The exit status.
 */
int cli_write_bulk(cli_account *account, const tdrest_call *call);

#endif
