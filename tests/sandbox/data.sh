#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# tdrest-sandbox --data: what a kill leaves, a file that cannot be written, a file that cannot grow. Prints each failure
# and "N passed, N failed". Usage: tests/sandbox/data.sh [DIRECTORY_OF_PROGRAMS]
set -u
programs=$(cd "${1:-build}" && pwd) || exit 2
cd "$(dirname "$0")/../.." || exit 2
. tests/server/start.sh
. tests/server/answers.sh
work=$(mktemp -d "${TMPDIR:-/tmp}/tdrest-data.XXXXXX") || exit 2
trap 'sandbox_stop; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# ask STATEMENT: its data, or the code.
ask() {
    asked=$(printf '%s' "$1" | curl -sS --max-time 20 -u root:taosdata --data-binary @- "$sandbox_address$path" 2>/dev/null)
    asked=$(essence ok "$asked")
    echo "${asked#"ok$tab"}"
}

# rows: how many there are in each of the two tables.
rows() { echo "$(ask 'select count(*) from d.a') $(ask 'select count(*) from d.b')"; }

two_tables() {
    ask 'create database if not exists d keep 36500' >/dev/null
    ask 'create table if not exists d.a (ts timestamp, c int, v varchar(20000))' >/dev/null
    ask 'create table if not exists d.b (ts timestamp, c int, v varchar(20000))' >/dev/null
}

# Each statement writes a row into both tables; each that was answered with success is a line of $work/told.
write_on() {
    i=1
    while [ "$(ask "insert into d.a (ts, c) values ($i, $i) d.b (ts, c) values ($i, $i)")" = '[[2]]' ]; do
        echo "$i" >>"$work/told"
        i=$((i + 1))
    done
}

# ---- a kill: what was answered is there, and of the statement after it all or nothing ----
sandbox_start "$programs" --quiet --data "$work/file.db" || exit 2
two_tables
: >"$work/told"
write_on &
writer=$!
until [ "$(wc -l <"$work/told")" -ge 20 ]; do sleep 0.02; done
kill -9 "$sandbox_pid"
wait "$sandbox_pid" 2>/dev/null
wait "$writer"
sandbox_start "$programs" --quiet --data "$work/file.db" || exit 2
told=$(wc -l <"$work/told" | tr -d ' ')
found=$(rows)
[ "$found" != "[[$((told + 1))]] [[$((told + 1))]]" ] || told=$((told + 1))
same 'rows after a kill' "[[$told]] [[$told]]" "$found"
sandbox_stop
same 'exit status' 0 "$sandbox_status"

# ---- a file that cannot be written; to root every file can ----
chmod 444 "$work/file.db"
chmod 755 "$work"
as=
[ "$(id -u)" -ne 0 ] || as='setpriv --reuid=65534 --regid=65534 --clear-groups'
if [ -z "$as" ] || $as "$programs/tdrest-sandbox" --help >/dev/null 2>&1; then
    same 'a file that cannot be written' "tdrest-sandbox: $work/file.db: it cannot be written" \
        "$($as "$programs/tdrest-sandbox" --port 0 --data "$work/file.db" 2>&1)"
fi

# ---- a file that cannot grow: 512 units of 512 bytes, or of 1,024 in some shells; who writes more is told so ----
rm -f "$work/file.db"*
limited() {
    trap '' XFSZ
    ulimit -f 512
    exec "$programs/tdrest-sandbox" "$@"
}
start_server limited --port 0 --quiet --data "$work/file.db" || exit 2
sandbox_address=http://${server_url##*@} sandbox_pid=$server_pid
two_tables
long=$(awk 'BEGIN {for (i = 0; i < 20000; i++) printf "x"}')
told=0
while :; do
    answer=$(ask "insert into d.a (ts, v) values ($told, '$long') d.b (ts, v) values ($told, '$long')")
    [ "$answer" = '[[2]]' ] && [ "$told" -lt 60 ] || break
    told=$((told + 1))
done
same 'a file that is full' '02ff' "${answer%%"$tab"*}"
same 'before it was, something was written' yes "$([ "$told" -gt 0 ] && echo yes)"
same 'of what failed nothing is there' "[[$told]] [[$told]]" "$(rows)"
same 'it answers on' '[[1]]' "$(ask 'select 1')"
sandbox_stop
same 'exit status' 0 "$sandbox_status"
sandbox_start "$programs" --quiet --data "$work/file.db" || exit 2
same 'of what failed nothing comes back' "[[$told]] [[$told]]" "$(rows)"
same 'with room again it is written' '[[1]]' "$(ask "insert into d.a (ts, v) values ($told, '$long')")"

sum_up
