/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Ctrl-C: the first one cancels the statement, a second one ends the tool. */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

#include <tdrest.h>

/* From here on Ctrl-C is ours, unless whoever started the tool wants it ignored. */
void cli_interrupt_watch(void);
/* The connection whose call it cancels; NULL: none. */
void cli_interrupt_cancels(tdrest_conn *conn);
/* Was it pressed? */
int cli_interrupted(void);

#endif
