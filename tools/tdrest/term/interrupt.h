/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Ctrl-C: the first one cancels the statement, a second one ends the tool. */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

#include <tdrest.h>
#include <termios.h>

/* From here on Ctrl-C is ours, unless whoever started the tool wants it ignored. */
void cli_interrupt_watch(void);
/* The connection whose call it cancels; NULL: none. */
void cli_interrupt_cancels(tdrest_conn *conn);
/* A file that must not outlive the tool when a signal ends it; NULL: none. The name must stay as it is till then. */
void cli_interrupt_removes(const char *name);
/* The settings that a terminal gets back when a signal ends the tool; NULL: it keeps its own. They must stay as they are till then. */
void cli_interrupt_restores(int fd, const struct termios *settings);
/* What that terminal is sent then, before it gets its settings back; NULL: nothing. */
void cli_interrupt_says(const char *words);
/* 1: from here on a second Ctrl-C must not end the tool, as another program has the terminal, or a shell goes on; 0 takes back one 1. */
void cli_interrupt_waits(int waits);
/* What was pressed until now has been dealt with. */
void cli_interrupt_forget(void);
/* Was it pressed? */
int cli_interrupted(void);
/* Waits until there is something to read, an end or an error among it; 1: Ctrl-C was pressed, meanwhile or before. A read() by itself would not hear what was pressed
   just before it. */
int cli_interrupt_wait(int fd);
/* Ends the process as the signal does, so that loops of a shell end too. */
void cli_interrupt_die(void);

#endif
