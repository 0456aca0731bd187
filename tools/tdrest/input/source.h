/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Where bytes come from: arguments, files, standard input. */
#ifndef CLI_SOURCE_H
#define CLI_SOURCE_H

#include <stddef.h>
#include <stdint.h>

/* What the command line names. */
typedef struct cli_source {
    const char *text; /* SQL, or NULL */
    const char *file; /* a name; `-` and NULL are standard input */
} cli_source;

/* Can it be read twice? */
int cli_source_is_lasting(const cli_source *source);

/* Opens the file; *name receives what messages call it. The descriptor, or -1 and errno. */
int cli_source_open(const cli_source *source, const char **name);

/* The bytes of a byte order mark of UTF-8 in front of text: 3 or 0. */
size_t cli_source_mark(const char *text, size_t len);

/* How many lines end within text. */
int64_t cli_source_lines(const char *text, size_t len);

/* How many bytes a mark or a fault may need, unless the file has fewer. */
enum { CLI_SOURCE_START = 4 };

/* Why bytes at the start of a file cannot be the text it should hold: compressed, or UTF-16. NULL: they can. */
const char *cli_source_fault(const char *text, size_t len);

#endif
