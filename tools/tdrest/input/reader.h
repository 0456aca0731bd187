/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The buffer through which a file or standard input is read. Knows nothing of what it holds, except that it should be text. */
#ifndef CLI_READER_H
#define CLI_READER_H

#include <stdint.h>

#include "input/source.h"

typedef struct cli_reader {
    const char *name;  /* of the source, for messages */
    int fd;            /* -1: it has ended, or could not be opened */
    int error;         /* errno of open, lseek or read */
    const char *fault; /* why it cannot be text; NULL: it can */
    char *buffer;
    size_t len;
    size_t cap;
    int64_t base;      /* offset of the buffer in the source */
    int started;       /* the first bytes were checked */
} cli_reader;

/* Opens the source; `from` is where to begin, 0 at the beginning. A failure is noted in r->error. cli_reader_close is due in either case. */
void cli_reader_open(cli_reader *r, const cli_source *source, int64_t from);
void cli_reader_close(cli_reader *r);

/* Is what was read so far all there is, because of a failure? */
int cli_reader_failed(const cli_reader *r);

/* Forgets the first bytes of the buffer. */
void cli_reader_drop(cli_reader *r, size_t bytes);

/*
 * Reads on, as much as there is; a full buffer is doubled, and the first has `first` bytes. A byte order mark at the start is dropped. TDREST_OK, also at the end,
 * or TDREST_EUSAGE (r->error, r->fault), TDREST_ECANCELLED, TDREST_ENOMEM.
 */
int cli_reader_more(cli_reader *r, size_t first);

#endif
