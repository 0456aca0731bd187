/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Writes docs/OPTIONS.md to standard output, its table from the library's own. Knows nothing but tdrest.h. */
#include <stdio.h>

#include <tdrest.h>

static const char before[] =
    "# Options\n"
    "\n"
    "<!-- made by tests/tools/options_md.c from the option table; do not edit -->\n"
    "\n"
    "An option is a key and a text. The same keys are used everywhere:\n"
    "\n"
    "- `tdrest_options_set(options, \"timezone\", \"Asia/Shanghai\")`; NULL goes back to the default;\n"
    "- a DSN, `?timezone=Asia%2FShanghai`, read by `tdrest_options_parse` and `tdrest_open`;\n"
    "- the environment, `TDREST_TIMEZONE=Asia/Shanghai`, read by `tdrest_options_from_env`; `TDREST_DSN` comes first, empty variables do not count;\n"
    "- the command, `--timezone Asia/Shanghai`.\n"
    "\n"
    "Capitals in keys do not matter, and `-` stands for `_`. Values are taken as they are: no blanks around them, `true` and not `1`.\n"
    "\n"
    "| key | default | values | meaning |\n"
    "|---|---|---|---|\n";

static const char after[] =
    "\n"
    "## DSN\n"
    "\n"
    "    http[s]://[user[:password]@]host[:port][,host[:port]...][/database][?key=value&...]\n"
    "\n"
    "- Percent-encoding is understood everywhere, and needed for `/ ? # @ %` in user and password and for `& # % @` in values. A `+` is a plus, not a blank.\n"
    "- IPv6 addresses stand in brackets, an interface behind `%25`: `[fe80::1%25eth0]`.\n"
    "- A key may be given once, in its place before the `?` or behind it.\n"
    "- What a DSN does not name keeps its value. A DSN that is refused changes nothing; the error record has the byte where it went wrong.\n"
    "- `tdrest_options_format` writes secrets as `***` and leaves defaults out.\n"
    "\n"
    "## Credentials\n"
    "\n"
    "`user` with `password`, `token` and `bearer_token` are three kinds; more than one kind at a time is refused, wherever they come from.\n"
    "The login `root` with `taosdata` is used only when nothing of this is set. A `password` alone is that of `root`; a `user` needs a `password`.\n"
    "\n"
    "## Time zones\n"
    "\n"
    "The zone is sent as `conn_tz` and as `tz`, so that times are written and read in the same one; `server` sends neither.\n"
    "Offsets are refused because the server refuses them: for `UTC+8` or `+08:00` write `Etc/GMT-8`, whose sign is the other way round.\n"
    "`local` is the zone named by `TZ` or `/etc/localtime`; it is an error when neither names one.\n"
    "A zone that this machine does not know is sent all the same. When the server does not know it either, the call fails with `TDREST_EOPTION`.\n"
    "\n"
    "INTERVAL windows are cut in the server's own zone, whatever this option says.\n"
    "\n"
    "### Times before 1972\n"
    "\n"
    "Until 1972 many zones had offsets with seconds: 1900-01-01T00:00:00Z is 08:05:43 in Shanghai. The server cuts such an offset to minutes and writes\n"
    "`1900-01-01T08:05:43.000+08:05`. The library looks the seconds up in the zone's file and returns the right instant; `tdrest_result_text` then\n"
    "writes it in UTC, and its minutes in `zone_min` are 0, so that text and value agree. All other times keep the server's text.\n"
    "\n"
    "- Zone files are looked for in the directory that `TZDIR` names, else in `/usr/share/zoneinfo`, `/usr/lib/zoneinfo`, `/usr/share/lib/zoneinfo` and\n"
    "  `/etc/zoneinfo`. On most systems they are the package `tzdata`; Debian 13 and Ubuntu 24.04 have old names such as `US/Pacific` in `tzdata-legacy`.\n"
    "- Without a file for the zone, and with `timezone=server`, a time before 1972-01-08T00:00:00Z that has an offset (and not `Z`) is a\n"
    "  `TDREST_EANSWER` with row and column. So is an offset that the zone did not have at that time by its file: the server then has other zone files.\n"
    "  Use `timezone=UTC`, with which every time is exact and no file is read, or install zone files like the server's.\n"
    "- `Etc/GMT-8` and its like need no file.\n"
    "- In some zones the clock was put back by less than a minute, once, and the minutes of the offset stayed the same. For those few seconds the server\n"
    "  writes the same text for two instants. The library returns the earlier one. An example is Minsk: 16 seconds from 1879-12-31T22:09:28Z.\n";

int main(void)
{
    const tdrest_option_info *info;
    size_t i;

    fputs(before, stdout);
    for (i = 0; (info = tdrest_options_get_info(i)) != NULL; i++)
        printf("| `%s`%s | %s | %s | %s |\n", info->key, info->secret ? " (secret)" : "",
               info->default_value[0] == '\0' ? "none" : info->default_value, info->values, info->meaning);
    fputs(after, stdout);
    return fflush(stdout) != 0;
}
