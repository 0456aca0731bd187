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
    "An option is a key and a text value. The keys are the same everywhere:\n"
    "\n"
    "- `tdrest_options_set(options, \"timezone\", \"Asia/Shanghai\")`; NULL restores the default;\n"
    "- a DSN, `?timezone=Asia%2FShanghai`, read by `tdrest_options_parse` and `tdrest_open`;\n"
    "- the environment, `TDREST_TIMEZONE=Asia/Shanghai`, read by `tdrest_options_from_env`; `TDREST_DSN` is read first, empty variables are ignored;\n"
    "- the command, `--timezone Asia/Shanghai`.\n"
    "\n"
    "Keys are case-insensitive, and `-` stands for `_`. Values must be exact: no surrounding spaces, and `true`, not `1`.\n"
    "\n"
    "| key | default | values | meaning |\n"
    "|---|---|---|---|\n";

static const char retries[] =
    "\n"
    "## Hosts and retries\n"
    "\n"
    "Connections spread over the hosts. One that fails is set aside, for longer each time; while others serve, one call at a time asks it for at most 1 second\n"
    "whether it serves again. Connections of one options object, and of its pools, share what is known of the hosts.\n"
    "A request that failed is sent again by these rules; `retry=never` turns them off, `retry=connect` repeats only when no connection could be made.\n"
    "\n"
    "| | bound | what it decides |\n"
    "|---|---|---|\n"
    "| 1 | `timeout_ms` | wins over both others: no attempt starts after it, and it ends the one that is running |\n"
    "| 2 | `conn_retries` | so many attempts may follow the first one, however long they take |\n"
    "| 3 | `retry_for_ms` | when those are used up, further attempts may follow until so much time has passed since the first failure |\n"
    "\n"
    "So repeats go on while 2 *or* 3 allows one, and end at 1. Unless it is set, `retry_for_ms` counts as 0 until a call has succeeded, so that a wrong address is\n"
    "reported at once, and always in the command `tdrest`.\n"
    "\n"
    "- What did not run is repeated: on another host when the host was the cause, else on the same one after a wait.\n"
    "- What may have run is repeated only when running twice does no harm: statements that read, until their first row is handed out; INSERTs whose text has all times\n"
    "  (no NOW, no TODAY); CREATE ... IF NOT EXISTS; lines that all have times. Never DELETE, DROP, ALTER, KILL or tokens.\n"
    "- A refused login, a syntax error and the like are never repeated; a certificate that is not trusted is an error once each host has shown one. `Retry-After` is obeyed; when it goes beyond the time left, the error is returned, with the time in its record.\n"
    "- Waits are random parts of `retry_backoff_ms`, which doubles up to `retry_backoff_max_ms`.\n"
    "- What no client can promise: when the fate of the first attempt is unknown it may still be carried out *after* its repeat, and then overwrite what another writer\n"
    "  has written in between; subscribers may see a row twice. A balancer must not repeat POST.\n"
    "- `verify_rows=count` is for answers that the server cut, which look complete: a SELECT is preceded by `SELECT COUNT(*) FROM (statement)`. Fewer rows than that are\n"
    "  TDREST_EANSWER or, with `buffered`, read again. Rows deleted in between look the same. SHOW, DESCRIBE and SLIMIT cannot be counted and are refused.\n"
    "  It costs what the server needs to count: over the sandbox, 210 instead of 206 ms for all 200,000 rows of a table, and 285 instead of 242 ms when they are filtered\n"
    "  and sorted (medians of 7); on a TDengine server, 0.18 s for a query of 1 s.\n";

static const char after[] =
    "\n"
    "## DSN\n"
    "\n"
    "    http[s]://[user[:password]@]host[:port][,host[:port]...][/database][?key=value&...]\n"
    "\n"
    "- Percent-encoding is accepted everywhere, and required for `/ ? # @ %` in user and password and for `& # % @` in values. A `+` is a plus, not a space.\n"
    "- IPv6 addresses are in brackets, with the interface after `%25`: `[fe80::1%25eth0]`.\n"
    "- An option may be set once, either in its place before the `?` or as a parameter after it.\n"
    "- Options that a DSN does not set keep their values. An invalid DSN changes nothing; the error record has the byte offset of the error.\n"
    "- `tdrest_options_format` writes secrets as `***` and omits defaults.\n"
    "\n"
    "## Credentials\n"
    "\n"
    "There are three kinds: `user` with `password`, `token`, and `bearer_token`. Setting more than one kind is an error, wherever the values come from.\n"
    "The login `root` with `taosdata` is used only if none of them is set. A `password` alone is that of `root`; a `user` needs a `password`.\n"
    "\n"
    "## Proxies\n"
    "\n"
    "A proxy is `http://`, `https://` (TLS to the proxy) or `socks5h://` (the proxy resolves host names). Percent-encode its login: the password `p@ss` is\n"
    "`p%40ss`. Inside a DSN, encode the `%` and the `@` again: `http://db:6041?proxy=http://user:p%2540ss%40proxy:3128`.\n"
    "\n"
    "For an https server, the library opens a tunnel through the proxy, which learns the server's name and port only. Requests to an http server pass through\n"
    "the proxy in clear text, including login and added headers. If a proxy answers instead of the server, the error is `TDREST_EGATEWAY`.\n"
    "\n"
    "## Time zones\n"
    "\n"
    "The zone is sent as `conn_tz` and as `tz`, so that it applies to reading and writing alike; `server` sends neither.\n"
    "The server rejects offsets, and so does the library: for `UTC+8` or `+08:00` write `Etc/GMT-8`, with the sign reversed.\n"
    "`local` is the zone that `TZ` or `/etc/localtime` names; it is an error if neither names one.\n"
    "A zone that this machine does not know is sent anyway. If the server does not know it either, the call fails with `TDREST_EOPTION`.\n"
    "\n"
    "INTERVAL windows follow the server's own zone, whatever this option says.\n"
    "\n"
    "### Times before 1972\n"
    "\n"
    "Until 1972 many zones had offsets with seconds: 1900-01-01T00:00:00Z is 08:05:43 in Shanghai. The server truncates such an offset to minutes and\n"
    "writes `1900-01-01T08:05:43.000+08:05`. The library finds the seconds in the zone's file and returns the right instant; `tdrest_result_text` then\n"
    "returns it in UTC, and its `zone_min` is 0, so that text and value agree. All other times keep the server's text.\n"
    "\n"
    "- Zone files are read from the directory that `TZDIR` names, or from `/usr/share/zoneinfo`, `/usr/lib/zoneinfo`, `/usr/share/lib/zoneinfo` or\n"
    "  `/etc/zoneinfo`. Most systems have them in the package `tzdata`; Debian 13 and Ubuntu 24.04 have old names such as `US/Pacific` in `tzdata-legacy`.\n"
    "- Without a file for the zone, and with `timezone=server`, a time before 1972-01-08T00:00:00Z that has an offset (and not `Z`) is a\n"
    "  `TDREST_EANSWER` with row and column. So is an offset that the zone did not have at that time according to its file: the server's zone files differ.\n"
    "  Use `timezone=UTC`, with which every time is exact and no file is read, or install the same zone files as the server's.\n"
    "- `Etc/GMT-8` and similar zones need no file.\n"
    "- In some zones the clock was once set back by less than a minute while the minutes of the offset stayed the same. For those few seconds the server\n"
    "  writes the same text for two instants, and the library returns the earlier one. Minsk is an example: 16 seconds from 1879-12-31T22:09:28Z.\n";

int main(void)
{
    const tdrest_option_info *info;
    size_t i;

    fputs(before, stdout);
    for (i = 0; (info = tdrest_options_get_info(i)) != NULL; i++)
        printf("| `%s`%s | %s | %s | %s |\n", info->key, info->secret == 2 ? " (with a secret login)" : info->secret ? " (secret)" : "",
               info->default_value[0] == '\0' ? "none" : info->default_value, info->values, info->meaning);
    fputs(retries, stdout);
    fputs(after, stdout);
    return fflush(stdout) != 0;
}
