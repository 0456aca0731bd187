/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* One file into one table. */
#ifndef CLI_LOAD_H
#define CLI_LOAD_H

#include "catalog/catalog.h"
#include "import/outcome.h"
#include "import/times.h"

/* What a file is, and where it goes. */
typedef struct cli_load {
    const cli_args *args;
    const cli_import_args *how; /* as args->importing, but for the table when a folder is imported */
    cli_catalog *catalog;
    enum cli_records_kind kind;
    int trusted;                /* written by export: times are what they are, and journals stay until all files are done */
    int resumes;                /* the last file begun has a journal, so that --resume can continue it */
    cli_times times;            /* what is known of them; counts those without an offset */
    int64_t first;              /* time of any record, and last; none yet: first > last */
    int64_t last;
} cli_load;

void cli_load_init(cli_load *l, const cli_args *args, cli_catalog *catalog);

/* Loads a source; failures are told and counted in o. The status of what kept it from being begun, CLI_OK otherwise. */
int cli_load_file(cli_load *l, cli_outcome *o, const cli_source *source);

#endif
