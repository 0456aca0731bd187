/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* How far a file has come, in a file beside it: up to which byte everything has been answered. */
#ifndef CLI_JOURNAL_H
#define CLI_JOURNAL_H

#include <stdint.h>
#include <stdio.h>

typedef struct cli_journal {
    char *name; /* NULL: there is none */
    FILE *file;
    int64_t offset; /* up to here all is settled */
    int64_t line;   /* of the record that begins there */
    int done;       /* all of the file is */
} cli_journal;

/*
 * Begins the journal of a file that can be read twice; of others there is none. what: a hash of all options that decide what is stored. resumes: goes on
 * with the one that is there. CLI_OK, or what is wrong is told: a file or options that have changed.
 */
int cli_journal_open(cli_journal *j, const char *file, uint64_t what, int resumes);

/* Notes how far it has come; a failure to write is told once. */
void cli_journal_note(cli_journal *j, int64_t offset, int64_t line);

/* done: all is settled. Then the journal goes, unless it is kept. */
void cli_journal_close(cli_journal *j, int done, int keep);

/* Takes away the journal of a file, if there is one. */
void cli_journal_remove(const char *file);

#endif
