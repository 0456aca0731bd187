#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# Runs the recipes of docs/GUIDE.md over the sandbox and compares what they print: tests/steps/guide.sh [DIRECTORY_OF_PROGRAMS].
# Prints "N passed, N failed"; status 1 when any failed.
set -u
programs=$(cd "${1:-build}" && pwd) || exit 2
cd "$(dirname "$0")/../.." || exit 2
. tests/server/start.sh
work=$(mktemp -d "${TMPDIR:-/tmp}/tdrest-guide.XXXXXX") || exit 2
trap 'sandbox_stop; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
passed=0
failed=0

# prints TITLE ARGUMENTS...: standard input is what the program prints, what goes to standard error included.
prints() {
    title=$1
    shift
    "$programs/tdrt-guide" "$@" >"$work/out" 2>"$work/err"
    if cat "$work/out" "$work/err" | diff - "$work/expected"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $title"
    fi
}

sandbox_start "$programs" --quiet --faults || exit 2
cat >"$work/expected" <<'END'
1969-12-31T23:59:58.250Z 10 a
2024-02-29T23:59:59.999Z NULL b
2024-03-01T00:00:00.000Z 20 NULL
TDREST_DONE
average 15, 1
TDREST_ENULL TDREST_ETYPE
1969-12-31T23:59:58.250Z
2024-02-29T23:59:59.999Z
2024-03-01T00:00:00.000Z
times: 1
actions: 1 1 1 1
TDREST_OK, 2 dropped
128 127
TDREST_ESERVER, 2 bad, 0 refused, 0 unknown
async 1, 3 rows
epoll 1, 600 rows
jobs TDREST_OK
jobs TDREST_ESERVER
pool TDREST_OK
1
2
3
dropped row 128: syntax error near '128)('2023-11-14T22:13:20.129Z', 129)' (tinyint data overflow)
dropped row 128: syntax error near '129)' (tinyint data overflow)
2 of 130 rows were refused, 0 may have been written; the first is row 128: syntax error near '128)' (tinyint data overflow)
END
[ -x "$programs/18_async" ] || { sed '/^async /d; /^epoll /d' "$work/expected" >"$work/less" && mv "$work/less" "$work/expected"; }
# A build without the writer compiles its recipe and does not run it.
[ -x "$programs/20_writer" ] || { sed '/ 2 bad, \|^2 of 130 rows/d' "$work/expected" >"$work/less" && mv "$work/less" "$work/expected"; }
prints 'the recipes' "$sandbox_url"

# One dead host of two, then only dead ones.
hosts() {
    "$programs/tdrt-guide" "$1" hosts >"$work/out" 2>"$work/err"
    echo "status $?" >>"$work/err"
    if diff "$work/out" "$work/expected" && grep -q -- "$2" "$work/err"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: hosts $1"
        cat "$work/err"
    fi
}
printf '%s\n' 'TDREST_DONE, 3 rows' TDREST_OK >"$work/expected"
hosts "http://root:taosdata@127.0.0.1:1,${sandbox_url##*@}" '^status 0'
printf '%s\n' 'TDREST_ECONNECT, 0 rows' TDREST_ECONNECT >"$work/expected"
hosts 'http://127.0.0.1:1,[::1]:1?conn_retries=2&retry_backoff_ms=1' '^3 attempts at http://.*, http://.*; the first one: '

# Away for longer than the first repeats take; then the statement arrives, and one that is wrong is not repeated.
printf '%s\n' TDREST_OK TDREST_ESERVER >"$work/expected"
sandbox_stop
sandbox_start "$programs" --quiet --faults --port 0 || exit 2
away=${sandbox_url##*:} there=${sandbox_address%,*}
fault() { curl -s -o /dev/null -H "X-Sandbox-Fault: $1" "$there/-/ping"; }
for statement in 'create database guide keep 36500' 'create table guide.d1 (ts timestamp, current double, note varchar(20))'; do
    curl -s -o /dev/null -u root:taosdata -d "$statement" "$there/rest/sql"
done
fault "refuse=$away"
: >"$work/err" # what is there from before does not count
"$programs/tdrt-guide" "http://root:taosdata@127.0.0.1:$away?conn_retries=0" outage >"$work/out" 2>"$work/err" &
daemon=$!
tries=0
until [ "$(grep -c 'repeating$' "$work/err")" -ge 2 ] || [ $((tries += 1)) -gt 1200 ]; do sleep 0.05; done
fault "serve=$away"
wait "$daemon"
if diff "$work/out" "$work/expected" && [ "$tries" -le 1200 ]; then
    passed=$((passed + 1))
else
    failed=$((failed + 1))
    echo "FAILED: the daemon:"
    cat "$work/err"
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
