/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Lines of requests, first come, first served. Knows not what they wait for. */
#include "async/engine.h"

void tdri_line_append(tdri_line *line, tdrest_request *r)
{
    r->line = line;
    r->behind = NULL;
    r->before = line->last;
    if (line->last == NULL)
        line->first = r;
    else
        line->last->behind = r;
    line->last = r;
}

void tdri_line_leave(tdrest_request *r)
{
    tdri_line *line = r->line;

    if (line == NULL)
        return;
    if (r->before == NULL)
        line->first = r->behind;
    else
        r->before->behind = r->behind;
    if (r->behind == NULL)
        line->last = r->before;
    else
        r->behind->before = r->before;
    r->line = NULL;
    r->before = r->behind = NULL;
}
