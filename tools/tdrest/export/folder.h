/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A folder that an export fills: each file has the ending .part until it is whole, and the manifest, which comes last, until all of them are. */
#ifndef CLI_FOLDER_H
#define CLI_FOLDER_H

#include "term/output.h"
#include "term/text.h"

#define CLI_MANIFEST "manifest.jsonl"

typedef struct cli_folder {
    const char *path;
    cli_output *manifest; /* being written */
} cli_folder;

/* Makes the folder, or takes one that is empty or an export left unfinished; with force any. CLI_OK, or what is wrong is told. cli_folder_close is due in either case. */
int cli_folder_open(cli_folder *f, const char *path, int force);
/* whole: all files are there, so the manifest gets its name. CLI_OK, or CLI_BROKEN and told. */
int cli_folder_close(cli_folder *f, int whole);

/* Opens a file of it to be written, and closes it, with its own name if whole. CLI_OK, or CLI_BROKEN and told. */
int cli_folder_begin(const cli_folder *f, const char *name, cli_output *out);
int cli_folder_end(const cli_folder *f, const char *name, cli_output *out, int whole);

/* A table's name as that of a file, with an ending: letters other than a-z, digits, _ and - as %41. Names that are too long for a file get number instead of their rest. */
void cli_folder_name(const char *table, const char *ending, size_t number, char name[256]);

#endif
