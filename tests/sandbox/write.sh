#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# tdrest write over the sandbox: generated points of every protocol, in several requests, read back with the tool and compared. Prints each
# failure and "N passed, N failed".
# Usage: tests/sandbox/write.sh [DIRECTORY_OF_PROGRAMS]
set -u
programs=$(cd "${1:-build}" && pwd) || exit 2
cd "$(dirname "$0")/../.." || exit 2
. tests/server/start.sh
work=$(mktemp -d "${TMPDIR:-/tmp}/tdrest-write.XXXXXX") || exit 2
trap 'sandbox_stop; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
sandbox_start "$programs" --quiet || exit 2
TDREST_DSN=$sandbox_url
TDREST_DATABASE=w
TDREST_BATCH_BYTES=4096
export TDREST_DSN TDREST_DATABASE TDREST_BATCH_BYTES
tool=$programs/tdrest
passed=0 failed=0

# check NAME COMMAND...: it must succeed.
check() {
    name=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $name"
        tail -n 3 "$work/err"
    fi
}

# wrote STATUS SUMMARY ARGUMENTS...: standard input is written; the last line told begins so.
wrote() {
    status=$1 summary=$2
    shift 2
    "$tool" write "$@" 2>"$work/err"
    [ $? -eq "$status" ] && tail -n 1 "$work/err" | grep -qF -- "$summary"
}

# holds SQL: its rows are standard input.
holds() {
    "$tool" -F tsv --no-header "$1" >"$work/got" 2>>"$work/err" && cmp -s - "$work/got" || { diff "$work/expected" "$work/got" | head -n 4; return 1; }
}

# points FORMAT ROW: 500 of either, numbered: what is written, or a row as it is read. Tags with whatever the protocol can write; values that
# are no whole numbers.
points() {
    awk -v format="$1" -v row="$2" 'BEGIN {
        count = split(format == "telnet" || row == "telnet" ? "plain|a,b|c\\|\"d\"|汉字" : "plain|with blank|a=b|c,d|e\"f|汉字", tags, "|")
        for (i = 0; i < 500; i++) {
            tag = escaped = tags[i % count + 1]
            if (format == "json") gsub(/"/, "\\\"", escaped)
            if (format == "line") gsub(/[ =,]/, "\\\\&", escaped)
            gsub(/\\/, "&&", tag) # as the tool writes it
            time = 1700000000 + i
            value = i % 3 ? sprintf("%d.%d", i, i % 9 + 1) : i
            if (format == "line") printf "points,tag=%s value=%s,n=%di,text=\"%s\" %d\n", escaped, value, i, i % 2 ? "a \\\"b\\\" \\\\" : "", time
            if (format == "telnet") printf "%stelnet.points %d %s tag=%s\n", i % 2 ? "put " : "", time, value, escaped
            if (format == "json") printf "%s{\"metric\": \"json.points\", \"timestamp\": %d%s, \"value\": %s, \"tags\": {\"tag\": \"%s\"}}%s", i ? "" : "[",
                time, i % 2 ? "000" : "", value, escaped, i == 499 ? "]\n" : i % 7 ? "," : " ,\n"
            if (row == "line") printf "%d000\t%s\t%d\t%s\t%s\n", time, value, i, i % 2 ? "a \"b\" \\\\" : "", tag
            if (row == "json" || row == "telnet") printf "%d000\t%s\t%s\n", time, value, tag
        }
    }'
}

check 'a database' "$tool" 'create database w'

points line '' >"$work/in"
points '' line >"$work/expected"
check 'lines' wrote 0 '(500 lines, ' --protocol line --precision s --table-name-key none <"$work/in"
check 'lines come back' holds 'select cast(_ts as bigint), `value`, n, text, `tag` from points order by _ts' <"$work/expected"
check 'lines, a second time' wrote 0 '(500 lines, ' --protocol line --precision s <"$work/in"
check 'and are the same' holds 'select cast(_ts as bigint), `value`, n, text, `tag` from points order by _ts' <"$work/expected"

points telnet '' >"$work/in"
points '' telnet >"$work/expected"
check 'telnet' wrote 0 '(500 lines, ' --protocol telnet - <"$work/in"
check 'telnet lines come back' holds 'select cast(_ts as bigint), _value, `tag` from telnet_points order by _ts' <"$work/expected"

points json '' >"$work/in"
points '' json >"$work/expected"
check 'JSON' wrote 0 '(500 points, ' --protocol json "$work/in"
check 'JSON points come back' holds 'select cast(_ts as bigint), _value, `tag` from json_points order by _ts' <"$work/expected"

# A bad line is told by its number; with --keep-going all others are written, and nothing else.
points line '' | sed 's/^points/parts/;s/value=250.*i,/value=oops,n=250i,/;s/value=400.*i,/value=oops,n=400i,/' >"$work/in"
grep -c oops "$work/in" >"$work/count"
check 'two bad lines' [ "$(cat "$work/count")" -eq 2 ]
check 'lines with bad ones' wrote 1 ' lines failed)' --keep-going --protocol line --precision s "$work/in"
sed -n 's/^tdrest: SchemalessError 0x0203: .* (line \([0-9]*\) of .*)$/\1/p' "$work/err" >"$work/told"
check 'both lines are told' [ "$(tr '\n' ' ' <"$work/told")" = '251 401 ' ]
points '' json | awk 'NR == FNR {bad[$1]; next} !(FNR in bad) {print $1}' "$work/told" - >"$work/expected"
check 'all but those are written' holds 'select cast(_ts as bigint) from parts order by _ts' <"$work/expected"
rm -f "$work/told"
"$tool" 'drop table if exists parts' >/dev/null
check 'the first failure ends it' wrote 1 '(' --protocol line --precision s "$work/in"
first=$(sed -n 's/^tdrest: SchemalessError 0x0203: .* (line \([0-9]*\) of .*)$/\1/p' "$work/err")
points '' json | head -n "$((${first:-1} - 1))" | cut -f 1 >"$work/expected"
check 'all in front of it is written' holds 'select cast(_ts as bigint) from parts order by _ts' <"$work/expected"

sandbox_stop || failed=$((failed + 1))
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
