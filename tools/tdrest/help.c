/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What the tool says about itself. The options of connections come from the library's table. */
#include "help.h"

#include <stdio.h>
#include <string.h>
#include <tdrest.h>

static const char usage[] =
    "usage: tdrest [-u DSN] [-d DB] [-F table|csv] [--KEY VALUE ...] [--] SQL ...\n"
    "\n"
    "Runs SQL on a TDengine server through taosAdapter. Statements are separated by `;`.\n"
    "\n"
    "  -u, --dsn DSN        http[s]://[user[:password]@]host[:port][/db][?key=value&...]\n"
    "                       default: TDREST_DSN, else http://root:taosdata@localhost:6041\n"
    "  -d, --db DB          database of the statements\n"
    "  -F, --format FORMAT  table (default on a terminal) or csv (default elsewhere)\n"
    "      --KEY VALUE      an option of the connection, such as --timezone Asia/Shanghai\n"
    "  -h, --help [all]     this text; with `all` every KEY\n"
    "  -V, --version        versions of the tool and of the libraries it stands on\n"
    "\n"
    "Environment: TDREST_DSN, and TDREST_PASSWORD, TDREST_TIMEZONE and so on for every KEY; flags win.\n"
    "Exit status: 0 ok; 1 refused by the server; 2 usage or configuration; 3 not connected, login refused,\n"
    "timeout; 4 answer not understood or output not written; 130 interrupted.\n";

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
