/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Writes lines with several requests at a time. */
#ifndef CLI_PARALLEL_H
#define CLI_PARALLEL_H

#include "write/account.h"

/* Writes the files of args, one after the other, through a writer of the library, each request with the call's settings; failures are told and counted in the account. The exit status. */
int cli_write_parallel(cli_account *account, const tdrest_call *call);

#endif
