#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# tdrest-sandbox --data under kill -9 at any moment, again and again over one file: what was acknowledged is there, of a statement that
# was not all or nothing, and what was there once stays. Prints each failure and "N passed, N failed".
# Usage: tests/sandbox/kills.sh [DIRECTORY_OF_PROGRAMS [KILLS]]
set -u
programs=$(cd "${1:-build}" && pwd) || exit 2
kills=${2:-8}
cd "$(dirname "$0")/../.." || exit 2
. tests/server/start.sh
. tests/server/answers.sh
work=$(mktemp -d "${TMPDIR:-/tmp}/tdrest-kills.XXXXXX") || exit 2
trap 'sandbox_stop; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

post() { curl -sS --max-time 20 -u root:taosdata "$@" 2>/dev/null; }
sql() { post --data-binary "$1" "$sandbox_address/rest/sql"; }

# numbers STATEMENT: its one column, sorted as text.
numbers() { sql "$1" | sed -e 's/.*"data":\[//' -e 's/\],"rows".*//' | tr -d '[]' | tr , '\n' | sed '/^$/d' | LC_ALL=C sort; }

# Writers: each number in a file was acknowledged. A number is written once: rounds begin at multiples of 1,000.

# A row in each of two tables.
write_pairs() {
    i=$1
    while case $(sql "insert into d.a values ($i, $i) d.b values ($i, $i)") in *'[[2]]'*) ;; *) false ;; esac do
        echo "$i" >>"$work/pairs"
        i=$((i + 1))
    done
}

# 50 rows with the same number.
write_batches() {
    i=$1
    while case $(sql "insert into d.c values $(awk -v i="$i" 'BEGIN {for (k = 0; k < 50; k++) printf "(%d, %d)", i * 50 + k, i}')") in
        *'[[50]]'*) ;; *) false ;; esac do
        echo "$i" >>"$work/batches"
        i=$((i + 1))
    done
}

# A line that makes a table.
write_lines() {
    i=$1
    while [ "$(post -o /dev/null -w '%{http_code}' --data-binary "m,t=$i c=${i}i64 $i" "$sandbox_address/influxdb/v1/write?db=d&precision=ms")" = 204 ]; do
        echo "$i" >>"$work/lines"
        i=$((i + 1))
    done
}

# check KIND STATEMENT: what is there has all that was acknowledged, and at most one more of this round; that one is there to stay.
check() {
    LC_ALL=C sort "$work/$1" >"$work/told"
    numbers "$2" >"$work/found"
    same "kill $kill, $1: acknowledged and lost" '' "$(LC_ALL=C comm -23 "$work/told" "$work/found" | tr '\n' ' ')"
    LC_ALL=C comm -13 "$work/told" "$work/found" >"$work/more"
    same "kill $kill, $1: never told" yes "$([ "$(wc -l <"$work/more")" -le 1 ] && echo yes)"
    cat "$work/more" >>"$work/$1"
}

# On a slow machine none of the moments before may have been late enough.
each_has_written() {
    tries=0
    until [ -s "$work/batches" ] && [ -s "$work/lines" ] && [ "$(wc -l <"$work/pairs")" -gt 1 ] || [ $((tries += 1)) -gt 1200 ]; do
        sleep 0.05
    done
}

start() { sandbox_start "$programs" --quiet --data "$work/file.db" || exit 2; }

start
sql 'create database d keep 36500' >/dev/null
for table in a b c; do
    sql "create table d.$table (ts timestamp, c int)" >/dev/null
done
sql 'create stable d.m (_ts timestamp, c bigint) tags (t nchar(16))' >/dev/null
sql 'insert into d.a values (0, 0) d.b values (0, 0)' >/dev/null
echo 0 >"$work/pairs"
: >"$work/batches"
: >"$work/lines"
kill=0
while [ "$kill" -lt "$kills" ]; do
    kill=$((kill + 1))
    for writer in write_pairs write_batches write_lines; do
        "$writer" $((kill * 1000)) &
        eval "$writer=$!"
    done
    sleep "0.$(printf %03d $((kill * 37 % 151)))"
    [ "$kill" -lt "$kills" ] || each_has_written
    kill -9 "$sandbox_pid"
    wait "$sandbox_pid" 2>/dev/null
    wait "$write_pairs" "$write_batches" "$write_lines"
    start
    check pairs 'select c from d.a'
    same "kill $kill: half a statement" "$(numbers 'select c from d.a')" "$(numbers 'select c from d.b')"
    check batches 'select c from d.c group by c'
    same "kill $kill: half a batch" $((50 * $(wc -l <"$work/batches"))) "$(numbers 'select count(*) from d.c')"
    check lines 'select c from d.m'
done
sandbox_stop
same 'exit status' 0 "$sandbox_status"
same 'each writer wrote' yes "$([ "$(wc -l <"$work/pairs")" -gt 1 ] && [ -s "$work/batches" ] && [ -s "$work/lines" ] && echo yes)"
sum_up
