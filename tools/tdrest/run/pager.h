/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A program that shows a long text a screen at a time. */
#ifndef CLI_PAGER_H
#define CLI_PAGER_H

#include "term/output.h"
#include "term/terminal.h"

/*
 * From here on what is written to out is held back until it is plain whether it fits the terminal; what does not fit goes to the pager of
 * TDREST_PAGER, PAGER, or less. Nothing happens when out or standard input is no terminal, or no pager is wanted or there.
 */
void cli_pager_begin(cli_output *out, cli_size size);

/* Everything was written: shows it, and waits until the pager has ended. Leaving the pager early is no failure of out. */
void cli_pager_end(cli_output *out);

#endif
