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
    "The message about an invalid value shows the value, unless it may hold a password or token.\n"
    "\n"
    "| key | default | values | meaning |\n"
    "|---|---|---|---|\n";

static const char retries[] =
    "\n"
    "## Hosts and retries\n"
    "\n"
    "Connections spread over the hosts. A host that fails is set aside, longer each time; while others serve, one call at a time tests it, for at most 1 second.\n"
    "Connections made from one options object, and from its pools, share what they know about the hosts.\n"
    "A failed request is repeated by these rules. `retry=never` turns them off; `retry=connect` repeats only if no connection could be made.\n"
    "\n"
    "| | limit | effect |\n"
    "|---|---|---|\n"
    "| 1 | `timeout_ms` | overrides both others: no attempt starts after it, and it ends the one that is running |\n"
    "| 2 | `conn_retries` | this many attempts may follow the first one, however long they take |\n"
    "| 3 | `retry_for_ms` | when those are used up, more attempts may follow until this much time has passed since the first failure |\n"
    "\n"
    "So repeats continue while 2 *or* 3 allows one, and end at 1. If not set, `retry_for_ms` counts as 0 until a call has succeeded, so that a wrong address is\n"
    "reported at once. In the command `tdrest` it is always 0 unless set, except for `import` and `write` without a spool.\n"
    "\n"
    "- What did not run is repeated: on another host if the host was the cause, otherwise on the same one after a wait.\n"
    "- What may have run is repeated only if running it twice does no harm: statements that only read, until their first row is handed out; INSERTs with all times in their text\n"
    "  (no NOW, no TODAY); CREATE ... IF NOT EXISTS; lines that all have times. Never DELETE, DROP, ALTER, KILL or tokens.\n"
    "- A refused login, a syntax error and the like are never repeated. A certificate that is not trusted is an error once every host has shown one. `Retry-After` is obeyed; if it\n"
    "  exceeds the time left, the error is returned, with the time in its record.\n"
    "- Each wait is a random part of `retry_backoff_ms`, which doubles up to `retry_backoff_max_ms`.\n"
    "- No client can rule this out: if the outcome of an attempt is unknown, the server may still carry it out *after* its repeat, and overwrite what another writer\n"
    "  has written in between; subscribers may see a row twice. A load balancer must not repeat POST.\n"
    "- `verify_rows=count` detects answers that the server truncated, which otherwise look complete: `SELECT COUNT(*) FROM (statement)` runs before each SELECT. Fewer rows than counted are\n"
    "  TDREST_EANSWER or, with `buffered`, read again. Rows deleted in between count as missing. SHOW, DESCRIBE and SLIMIT cannot be counted and are TDREST_EUSAGE.\n"
    "  It costs what the server needs to count: with the sandbox, 210 instead of 206 ms for all 200,000 rows of a table, and 285 instead of 242 ms if they are filtered\n"
    "  and sorted (medians of 7); with a TDengine server, 0.18 s for a query of 1 s.\n";

static const char after[] =
    "\n"
    "## DSN\n"
    "\n"
    "    http[s]://[user[:password]@]host[:port][,host[:port]...][/database][?key=value&...]\n"
    "\n"
    "- Percent-encoding is accepted everywhere, and required for `/ ? # @ %` in user and password and for `& # % @` in values. A `+` is a plus sign, not a space.\n"
    "- IPv6 addresses are in brackets, with the interface after `%25`: `[fe80::1%25eth0]`.\n"
    "- Each option may be set once, either in its place before the `?` or as a parameter after it.\n"
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
