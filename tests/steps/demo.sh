#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# make demo: the library doing its whole job. A database, 10,000 rows for ten devices, typed rows back, parameters, sums per minute, a refusal, a plot;
# over the sandbox, which it starts and stops, or over the server that a DSN names. It makes a database of its own there and drops it.
# Shows what it does and what comes back, and fails when that is not what was written. Usage: tests/steps/demo.sh DIRECTORY_OF_PROGRAMS [DSN]
set -u
programs=$(cd "${1:-build}" && pwd) || exit 2
dsn=${2-}
cd "$(dirname "$0")/../.." || exit 2
. tests/server/start.sh
work=$(mktemp -d "${TMPDIR:-/tmp}/tdrest-demo.XXXXXX") || exit 2
db=tdrest_demo_$(date +%s)_$$
made=
trap 'finish' EXIT
trap 'exit 130' INT TERM
failures=0

finish() {
    [ -z "$made" ] || "$programs/tdrest" "drop database if exists $db"
    sandbox_stop
    rm -rf "$work"
}

# show COMMAND...: the command as a person would type it; what is long is cut.
show() {
    printf '$'
    for word in "$@"; do
        case $word in
        *"'"*) printf ' "%s"' "$word" ;;
        *[!A-Za-z0-9_./:=-]*) printf " '%s'" "$word" ;;
        *) printf ' %s' "$word" ;;
        esac
    done
    printf '\n'
}

# run TITLE STATUS COMMAND...: shows the command and what it says; its output stays in $work/out and $work/err.
run() {
    printf '\n== %s\n' "$1"
    expected=$2
    shift 2
    show "$@"
    "$@" >"$work/out" 2>"$work/err" <"${input-/dev/null}"
    status=$?
    cat "$work/out" "$work/err"
    [ "$status" -eq "$expected" ] || fail "exit status $status instead of $expected"
}

fail() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}

# says FILE TEXT: one of its lines is just that.
says() {
    grep -qxF -- "$2" "$work/$1" || fail "no line says: $2"
}

# Ten devices, a row each second for 1,000 seconds, as a script of SQL. Every value is a number that awk prints.
meters() {
    awk -v db="$db" 'BEGIN {
        for (device = 0; device < 10; device++) {
            printf "INSERT INTO d%d USING meters TAGS (%d, \047%s\047) VALUES", 1001 + device, device % 4 + 1, device % 2 ? "SF" : "LA"
            for (i = 0; i < 1000; i++)
                printf " (%d000, %.3f, %d, %.4f)", 1704067200 + i, 10 + device / 2 + 2 * sin(i / 80 + device), 215 + (i * 7 + device) % 20, 0.3 + i / 10000
            print ";"
        }
    }'
}

if [ -n "$dsn" ]; then
    echo 'The server is the one that DSN names.'
else
    sandbox_start "$programs" --quiet || exit 2
    dsn=$sandbox_url
    echo "The server is tdrest-sandbox, a stand-in for TDengine, on $dsn."
fi
PATH=$programs:$PATH
TDREST_DSN=$dsn
TDREST_TIMEZONE=UTC
export TDREST_DSN TDREST_TIMEZONE

run 'Is it there?' 0 tdrest ping
[ "$status" -eq 0 ] || exit 1
run 'A database of its own' 0 tdrest "create database $db precision 'ms' keep 36500"
[ "$status" -eq 0 ] || exit 1
made=1
TDREST_DATABASE=$db
export TDREST_DATABASE
run 'A super table for meters' 0 tdrest \
    'create stable meters (ts timestamp, current float, voltage int, phase float) tags (groupid int, location varchar(24))'

meters >"$work/meters.sql"
input=$work/meters.sql
run '10,000 rows for ten devices, which come to be as they are written to' 0 tdrest -f -
unset input

run 'Typed rows through the C interface' 0 01_query "$dsn" "select ts, current, voltage, location from $db.d1002 limit 3"
says out 'ts (TIMESTAMP) = 1704067200000e-3 s; current (FLOAT) = 12.183; voltage (INT) = 216; location (VARCHAR) = "SF"'

run 'All of them?' 0 tdrest -F csv 'select count(*), min(voltage), max(voltage), first(ts), last(ts) from meters'
says out '10000,215,234,2024-01-01T00:00:00.000Z,2024-01-01T00:16:39.000Z'

run 'Values and names are given apart from the SQL' 0 tdrest -F csv -p table:ident=d1002 -p volts:int=230 -p city=SF \
    'select count(*) from :table where voltage > :volts and location = :city'
says out 200

run 'Sums per minute, as a table' 0 tdrest -F table \
    'select _wstart, count(*), avg(current), max(voltage) from meters interval(1m)'
[ "$(grep -c ' |      600 | ' "$work/out")" -eq 16 ] || fail 'not 16 minutes of 600 rows'

run 'A table that is not there' 1 tdrest 'select * from metres'
says err 'tdrest: ProgrammingError 0x2603: Fail to get table info, error: Table does not exist (statement 1, line 1)'

run 'Three of them as a plot' 0 tdrest -F plot \
    "select _wstart, tbname, avg(current) as amperes from meters where tbname in ('d1001', 'd1004', 'd1008') partition by tbname interval(10s)"

echo
if [ "$failures" -ne 0 ]; then
    echo "$failures checks failed."
    exit 1
fi
echo 'Everything came back as it was written.'
