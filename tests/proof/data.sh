#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# Import is killed with kill -9 at random moments and, once the server has ended what it was sent, goes on with --resume, until the file is done; then the table is
# what the file says. Rounds of that for some seconds; before, ROWS rows there and back in constant memory. Prints each failure and "N passed, N failed".
# Usage: tests/proof/data.sh [DIRECTORY_OF_PROGRAMS [SECONDS [ROWS]]]
set -u
programs=$(cd "${1:-build}" && pwd) || exit 2
seconds=${2:-60}
rows=${3:-1000000}
cd "$(dirname "$0")/../.." || exit 2
. tests/server/start.sh
work=$(mktemp -d "${TMPDIR:-/tmp}/tdrest-data.XXXXXX") || exit 2
trap 'sandbox_stop; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
tool=$programs/tdrest
passed=0
failed=0
sandbox_start "$programs" --quiet || exit 2
TDREST_DSN=$sandbox_url
export TDREST_DSN

same() {
    if [ "$2" = "$3" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED: %s: %s, not %s\n' "$1" "$3" "$2"
    fi
}

# quiet COMMAND...: only its status, and what it says when it fails.
quiet() { "$@" >"$work/out" 2>&1 || { status=$?; cat "$work/out"; return "$status"; }; }

# ---- many rows ----
quiet "$tool" "create database d keep 36500" 'create table d.many (ts timestamp, f double, s varchar(20))' 'create table d.back (ts timestamp, f double, s varchar(20))'
awk -v rows="$rows" 'BEGIN {print "ts,f,s"; for (i = 0; i < rows; i++) printf "%.0f,%d.%d,text %d\n", 1700000000000 + i, i % 1000, i % 9 + 1, i % 77}' >"$work/many.csv"
# In 256 MiB of address space, whatever their number.
(ulimit -v 262144; quiet "$tool" import --table d.many "$work/many.csv")
same 'import of many rows' 0 $?
(ulimit -v 262144; quiet "$tool" export d.many -o "$work/out.csv")
same 'export of many rows' 0 $?
quiet "$tool" import --table d.back "$work/out.csv"
same 'import of what was exported' 0 $?
quiet "$tool" export d.back -o "$work/back.csv"
cmp -s "$work/out.csv" "$work/back.csv"
same 'it is the same' 0 $?
same 'no row is missing' "$((rows + 1))" "$(wc -l <"$work/out.csv" | tr -d ' ')"

# ---- a lost quote in front of everything ----
sed '3s/text/"text/' "$work/many.csv" >"$work/lost.csv"
(ulimit -v 262144; "$tool" import --dry-run --max-errors 1 --table d.many "$work/lost.csv" >"$work/out" 2>&1)
same 'a lost quote costs its record' 1 $?
same 'and no other' 1 "$(grep -c "read: $((rows - 1)) good, 1 rejected" "$work/out")"
rm -f "$work/lost.csv" "$work/out.csv" "$work/back.csv"

# ---- kills ----
awk 'BEGIN {print "tbname,ts,v,g"; for (i = 0; i < 60000; i++) printf "t%d,%.0f,%s,%d\n", i % 5, 1700000000000 + int(i / 15), i % 11 ? i : "", i % 5}' >"$work/kill.csv"
quiet "$tool" 'create stable d.st (ts timestamp, v int) tags (g int)'
quiet "$tool" import --using d.st "$work/kill.csv"
"$tool" 'select tbname, ts, v from d.st order by tbname, ts' >"$work/expected"
end=$(($(date +%s) + seconds))
kills=0
while [ "$(date +%s)" -lt "$end" ]; do
    quiet "$tool" 'delete from d.st'
    rm -f "$work/kill.csv.tdrest-import"
    status=1
    tries=0
    while [ "$status" -ne 0 ]; do
        "$tool" import --using d.st --parallel 4 --batch-bytes 16384 --resume "$work/kill.csv" >"$work/out" 2>&1 &
        importing=$!
        # Longer each time, so that a busy machine comes to an end as well.
        sleep "$(awk -v seed="$((kills * 7919 + importing))" -v tries=$tries 'BEGIN {srand(seed); printf "%.3f", 0.01 + rand() / 10 + tries / 100}')"
        tries=$((tries + 1))
        kill -9 $importing 2>/dev/null && kills=$((kills + 1))
        wait $importing 2>/dev/null
        status=$?
        [ "$status" -eq 0 ] || [ "$status" -eq 137 ] || { cat "$work/out"; break; }
        sandbox_settle || exit 2
    done
    "$tool" 'select tbname, ts, v from d.st order by tbname, ts' >"$work/got"
    cmp -s "$work/expected" "$work/got" || diff "$work/expected" "$work/got" | head -n 20
    cmp -s "$work/expected" "$work/got"
    same "the table after $kills kills" 0 $?
done
echo "$kills kills"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$kills" -gt 0 ]
