/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What is wrong with a source, in words. */
#include "input/failure.h"

#include <stdio.h>
#include <string.h>

int cli_reader_report(const cli_reader *r, int rc, const cli_place *place)
{
    if (rc == TDREST_ECANCELLED)
        return CLI_INTERRUPTED;
    if (cli_reader_failed(r))
        return cli_usage("%s: %s", r->name, r->error != 0 ? strerror(r->error) : r->fault);
    return cli_report_code(rc, tdrest_code_text(rc), place);
}

int cli_script_report(const cli_script *s, int rc, const cli_place *place)
{
    char message[64] = "the comment is not closed";

    if (cli_reader_failed(&s->in) || (rc != TDREST_EUSAGE && rc != TDREST_ERANGE))
        return cli_reader_report(&s->in, rc, place);
    if (rc == TDREST_ERANGE)
        snprintf(message, sizeof message, "the statement does not end within 16 MiB");
    else if (s->statement.open != '*')
        snprintf(message, sizeof message, "the quote %c is not closed", s->statement.open);
    return cli_report_code(TDREST_EUSAGE, message, place);
}
