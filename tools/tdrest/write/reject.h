/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Lines or points that the server refused, as they were, in a file that can be written again once it is mended; the reasons in a file beside it. */
#ifndef CLI_REJECT_H
#define CLI_REJECT_H

#include "input/source.h"
#include "term/output.h"

typedef struct cli_reject {
    const char *name; /* NULL: there is none */
    char *reasons_name;
    int is_json;      /* set behind cli_reject_open: points, to be an array once the file is closed */
    int64_t count;    /* of what was added */
    cli_output *lines;
    cli_output *reasons;
} cli_reject;

/* Makes both files, empty, or goes on with them when appends is not 0; name may be NULL. CLI_OK, or what is wrong is told: an exit status. cli_reject_close is due in either case. */
int cli_reject_open(cli_reject *r, const char *name, const cli_source *sources, size_t count, int appends);

/* Adds lines, or points without brackets, and why they were refused; NULL: they are a header. CLI_OK, or CLI_BROKEN and told. */
int cli_reject_add(cli_reject *r, const char *data, size_t len, const char *reason);

/* The same. */
int cli_reject_close(cli_reject *r);

#endif
