#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# Schemaless writing, case by case of tests/sandbox/lines.txt, against a fresh sandbox; what was written is read back with SQL. Prints
# each failure and "N passed, N failed".
# Usage: tests/sandbox/lines.sh [DIRECTORY_OF_PROGRAMS]
set -u
programs=$(cd "${1:-build}" && pwd) || exit 2
cd "$(dirname "$0")/../.." || exit 2
. tests/server/start.sh
work=$(mktemp -d "${TMPDIR:-/tmp}/tdrest-lines.XXXXXX") || exit 2
trap 'sandbox_stop; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
sandbox_start "$programs" --quiet || exit 2
passed=0 failed=0
tab=$(printf '\t') return=$(printf '\r') byte=$(printf '\377')

# <<N TEXT>>: TEXT so many times, with the number from 0 for #. Ends without a line feed.
expand() {
    LC_ALL=C awk '{
        while (match($0, /<<[0-9]+ [^>]*>>/)) {
            text = substr($0, RSTART + 2, RLENGTH - 4)
            count = text + 0
            sub(/^[0-9]+ /, "", text)
            all = ""
            for (i = 0; i < count; i++) {
                one = text
                sub(/#/, i, one)
                all = all one
            }
            $0 = substr($0, 1, RSTART - 1) all substr($0, RSTART + RLENGTH)
        }
        printf "%s", $0
    }'
}

# ask KIND PARAMETERS BODY: the status when it is 204, else the message, else the rows.
ask() {
    case $1 in
    line) path="/influxdb/v1/write?db=$2" ;;
    telnet) path="/opentsdb/v1/put/telnet/$2" ;;
    json) path="/opentsdb/v1/put/json/$2" ;;
    sql) path=/rest/sql/$2 ;;
    esac
    path=${path%/-} # `-`: no data base
    # ␤ in the cases is a line feed, ␍ a carriage return, ␂ the byte 0xff.
    printf '%s' "$3" | expand | LC_ALL=C sed -e 's/␤/\n/g' -e "s/␍/$return/g" -e "s/␂/$byte/g" |
        curl -sSg --max-time 20 -u root:taosdata -o "$work/body" -w '%{http_code}' --data-binary @- "$sandbox_address$path" >"$work/status"
    if [ "$(cat "$work/status")" = 204 ]; then
        echo 204
    else
        sed -e 's/SML:0x[0-9a-f]*/SML:0x#/' -e 's/.*"message":"\(.*\)"}$/\1/' -e 's/.*"data":\(.*\),"rows":.*/\1/' "$work/body"
    fi
}

while IFS=$tab read -r kind parameters body expected; do
    case $kind in '#'* | '') continue ;; esac
    [ "$body" != ␀ ] || body=
    expected=$(printf '%s' "$expected" | expand)
    got=$(ask "$kind" "$parameters" "$body")
    if [ "$got" = "$expected" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED: %s %s %s\n  expected %s\n  answered %s\n' "$kind" "$parameters" "$body" "$expected" "$got"
    fi
done <tests/sandbox/lines.txt
sandbox_stop || failed=$((failed + 1))

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
