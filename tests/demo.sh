#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# make demo: the library doing its whole job against recorded answers of a real taosAdapter. Prints what it does and what
# comes back, and fails when anything is not what was recorded. Usage: tests/demo.sh [DIRECTORY_OF_PROGRAMS]
set -u
programs=$(cd "${1:-build}" && pwd) || exit 2
cd "$(dirname "$0")/.." || exit 2
. tests/server/start.sh
work=$(mktemp -d "${TMPDIR:-/tmp}/tdrest-demo.XXXXXX") || exit 2
trap 'replay_stop; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
failures=0

# run NAME STATUS COMMAND...: shows the command and what it says; its output stays in $work/out and $work/err.
run() {
    title=$1
    expected=$2
    shift 2
    printf '\n== %s\n$' "$title"
    for word in "$@"; do
        printf ' %s' "$(printf '%s' "$word" | sed 's/.*[] *;(].*/"&"/')"
    done
    printf '\n'
    "$@" >"$work/out" 2>"$work/err"
    status=$?
    sed -n '1,6p' "$work/out"
    [ "$(wc -l <"$work/out")" -le 6 ] || echo '...'
    cat "$work/err"
    [ "$status" -eq "$expected" ] || fail "exit status $status instead of $expected"
}

fail() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}

# line_is FILE NUMBER TEXT
line_is() {
    line=$(sed -n "$2p" "$work/$1")
    [ "$line" = "$3" ] || fail "line $2 of $1 should be: $3"
}

lines_are() {
    lines=$(wc -l <"$work/out")
    [ "$lines" -eq "$1" ] || fail "$lines lines of output instead of $1"
}

# The rows of $work/out against those of the recording, taken out of its JSON by other means.
all_rows_are_recorded() {
    { cat "$recordings/062-select-20000-rows.response" && echo; } | tr '[' '\n' | sed -n '/^"2023/{s/"//g;s/\].*//;p;}' >"$work/rows"
    sed 1d "$work/out" | cmp - "$work/rows" || fail 'the rows are not those of the recording'
}

recordings=tests/data/captures/adapter-3.4.1.12
echo "The server is a replay of $recordings, kept apart from the library."
replay_start "$programs" "$recordings" || exit 2
echo "It listens on $replay_url."
PATH=$programs:$PATH
TDREST_DSN=$replay_url
export TDREST_DSN

run 'Every type, as CSV' 0 tdrest -F csv 'select * from wire_ms.e1'
lines_are 4
line_is out 1 'ts,b,t,s,i,g,ut,us,ui,ug,f,d,v,n,vb,ge,d64,d128'
line_is out 2 '2024-02-29T23:59:59.000Z,false,-128,-32768,-2147483648,-9223372036854775808,0,0,0,0,-3.40282e+38,-1.7976931348623157e+308,"","",\x,,-999999999999.999999,-9999999999999999999999999999.9999999999'
line_is out 4 '2024-02-29T23:59:59.999Z,,,,,,,,,,,,,,,,,'

run 'The same in another time zone' 0 tdrest --timezone Asia/Shanghai -F csv 'select * from wire_ms.e1'
line_is out 4 '2024-03-01T07:59:59.999+08:00,,,,,,,,,,,,,,,,,'

run 'Floats, as a table' 0 tdrest -F table 'select ts, f, d from wire_ms.e2'
lines_are 8
line_is out 1 'ts                       |         f |                       d'
line_is out 8 '2200-12-31T23:59:59.999Z | 3.1415927 | 2.2250738585072014e-308'

run 'Typed values through the C interface' 0 01_query "$replay_url" 'select * from wire_ns.e1'
lines_are 3
line_is out 2 'ts (TIMESTAMP) = 1709251199120000000e-9 s; b (BOOL) = true; t (TINYINT) = 127; s (SMALLINT) = 32767; i (INT) = 2147483647; g (BIGINT) = 9223372036854775807; ut (TINYINT UNSIGNED) = 255; us (SMALLINT UNSIGNED) = 65535; ui (INT UNSIGNED) = 4294967295; ug (BIGINT UNSIGNED) = 18446744073709551615; f (FLOAT) = 3.40282e+38; d (DOUBLE) = 1.79769e+308; v (VARCHAR) = "plain"; n (NCHAR) = "汉字😀é"; vb (VARBINARY) = "00ff10"; ge (GEOMETRY) = "0101000000000000000000f03f0000000000000040"; d64 (DECIMAL(18,6)) = "999999999999.999999"; d128 (DECIMAL(38,10)) = "9999999999999999999999999999.9999999999"'

run 'Twenty thousand rows' 0 tdrest -F csv 'select * from wire_ms.long'
lines_are 20001
all_rows_are_recorded

run 'Again, compressed on the way' 0 tdrest --compression true -F csv 'select * from wire_ms.long'
lines_are 20001
all_rows_are_recorded

run 'Two statements, of which the server refuses the second' 1 tdrest -F csv 'select 1; select * from wire_ms.nope'
line_is out 2 1
line_is err 1 'tdrest: ProgrammingError 0x2603: Fail to get table info, error: Table does not exist (statement 2, line 1)'

run 'A wrong password' 3 env TDREST_PASSWORD=wrong tdrest 'select 1'
line_is err 1 'tdrest: ConnectionError 0x0357: Authentication failure (statement 1, line 1)'

echo
if [ "$failures" -ne 0 ]; then
    echo "$failures checks failed."
    exit 1
fi
echo 'Everything came back as it was recorded.'
