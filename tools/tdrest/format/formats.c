/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The table of formats: dispatch, help, messages and completion all come from it. Knows nothing of any layout. */
#include "format/formats.h"

#include <string.h>

#include "plot/plot.h"

#ifdef TDREST_NO_ARROW
#define NO_ARROW "this program was built without Arrow"
#else
#define NO_ARROW NULL
#endif

static const cli_format formats[] = {
    {.name = "table", .write = cli_write_table, .summary = 1, .separated = 1, .typed = 1, .about = "aligned columns, for people; the default on a terminal"},
    {.name = "csv", .write = cli_write_csv, .separated = 1, .typed = 1, .null_excludes = "\",\r\n", .about = "RFC 4180 with LF; the default elsewhere"},
    {.name = "tsv", .write = cli_write_tsv, .separated = 1, .typed = 1, .null_excludes = "\t\r\n", .about = "tab-separated, escaped as in COPY of PostgreSQL"},
    {.name = "json", .write = cli_write_json, .about = "one array of objects for each result"},
    {.name = "jsonl", .write = cli_write_jsonl, .about = "one object per line"},
    {.name = "line", .write = cli_write_line, .separated = 1, .typed = 1, .about = "one value per line, under a record number"},

    {.name = "markdown", .write = cli_write_markdown, .separated = 1, .typed = 1, .about = "a table of GitHub's Markdown"},
    {.name = "html", .write = cli_write_html, .separated = 1, .typed = 1, .about = "a table element"},
    {.name = "plot", .write = cli_write_plot, .summary = 1, .separated = 1, .unpaged = 1, .about = "numbers over time, drawn in the terminal"},
    {.name = "arrow", .write = cli_write_arrow, .binary = 1, .ending = "arrows", .missing = NO_ARROW, .about = "an Arrow IPC stream of one result, for pyarrow, polars, R and others"},
    {.name = "none", .write = cli_write_none, .about = "reads every row and writes nothing"},
};

const cli_format *cli_format_at(size_t index)
{
    return index < sizeof formats / sizeof formats[0] ? &formats[index] : NULL;
}

const cli_format *cli_format_find(const char *name)
{
    size_t i;

    for (i = 0; i < sizeof formats / sizeof formats[0]; i++)
        if (strcmp(formats[i].name, name) == 0)
            return &formats[i];
    return NULL;
}
