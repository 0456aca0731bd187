/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What the tool says about itself. The options of connections come from the library's table. */
#include "help.h"

#include <stdio.h>
#include <string.h>
#include <tdrest.h>

static const char usage[] =
    "usage: tdrest [OPTION ...] [SQL ...]        runs SQL, separated by `;`, on a TDengine server\n"
    "       tdrest [OPTION ...] write --protocol line|telnet|json [FILE ...]    schemaless data: see --help all\n"
    "       tdrest [OPTION ...] ping             asks whether it is there and ready\n"
    "       tdrest explain-error CODE ...        0x and hexadecimal digits, or a decimal number\n"
    "\n"
    "  -u, --dsn DSN           http[s]://[user[:password]@]host[:port][/db][?key=value&...]\n"
    "                          default: TDREST_DSN, else http://root:taosdata@localhost:6041\n"
    "  -d, --db DB             database of the statements\n"
    "      --KEY VALUE         an option of the connection, such as --timezone Asia/Shanghai\n"
    "  -W, --ask-password      asks for it; or --password-file FILE; or TDREST_PASSWORD\n"
    "  -f, --file FILE         runs a file; `-`, or no SQL at all: standard input\n"
    "  -p, --param NAME=VALUE  a text for :NAME in the SQL; NAME:TYPE=VALUE and types: see --help all\n"
    "  -F, --format FORMAT     table, csv, tsv, json, jsonl, line, plot or none;\n"
    "                          default: table on a terminal, csv elsewhere\n"
    "  -o, --output FILE       instead of standard output\n"
    "      --null TEXT         for NULL, but in JSON;  --no-header  leaves the names out\n"
    "      --time epoch        times as numbers; default: rfc3339\n"
    "      --keep-going        runs what follows a failure; the first one's exit status remains\n"
    "      --verbose           errors tell HTTP status, address and request id\n"
    "  -h, --help [all]        this text; with `all` every KEY;  -V, --version\n"
    "\n"
    "Environment: TDREST_DSN, and TDREST_PASSWORD, TDREST_TIMEZONE and so on for every KEY; flags win.\n"
    "Exit status: 0 ok; 1 refused by the server; 2 usage or configuration; 3 not connected, login refused,\n"
    "timeout; 4 answer not understood or output not written; 130 interrupted.\n";

static const char parameters[] =
    "\nValues and names for :NAME in all statements, one -p for each; they arrive as they are, whatever they hold:\n\n"
    "  -p NAME=TEXT                   a text\n"
    "  -p NAME:int=N                  a number, also :uint and :float;  :bool  true or false\n"
    "  -p NAME:time=TIME              such as 2024-01-02T03:04:05.123Z or 2024-01-02 03:04:05+08:00\n"
    "  -p NAME:hex=DIGITS             bytes (VARBINARY);  :json  an object (JSON tag);  NAME:null  without a value: NULL\n"
    "  -p NAME:ident=NAME             of a database, table or column, capitals kept; each part of db.table for itself\n";

static const char writing[] =
    "\nwrite sends InfluxDB lines, OpenTSDB telnet lines or OpenTSDB JSON to the database -d, as they are read:\n\n"
    "  --protocol line|telnet|json    which of them\n"
    "  --precision h|m|s|ms|us|ns     of the times in InfluxDB lines; default: ns. In the others ten digits are seconds, thirteen milliseconds\n"
    "  --ttl DAYS                     life of child tables that are made; default: without end\n"
    "  --table-name-key TAG           the tag whose value names the child table\n"
    "  --batch-bytes N                of a request; default: 262144\n"
    "  --keep-going                   goes on behind lines that are refused\n"
    "  --progress always|never        default: on a terminal, each second\n"
    "  FILE                           `-`, or none: standard input\n";

static void put(cli_output *out, const char *text)
{
    cli_output_put(out, text, strlen(text));
}

void cli_help(cli_output *out)
{
    put(out, usage);
}

void cli_help_all(cli_output *out)
{
    const tdrest_option_info *info;
    char line[1024];
    size_t i;

    put(out, usage);
    put(out, parameters);
    put(out, writing);
    put(out, "\nKEYs, in a DSN, as a flag (`-` may stand for `_`), or as TDREST_KEY in the environment:\n\n");
    for (i = 0; (info = tdrest_options_get_info(i)) != NULL; i++) {
        snprintf(line, sizeof line, "  %-20s  %s\n  %-20s  %s%s%s\n", info->key, info->meaning, "", info->values,
                 info->default_value[0] == '\0' ? "" : "; default ", info->default_value);
        put(out, line);
    }
}

void cli_version(cli_output *out)
{
    put(out, tdrest_version());
    put(out, "\n");
}
