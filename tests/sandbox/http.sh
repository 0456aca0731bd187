#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# What tdrest-sandbox says over HTTP, asked with curl and over bare sockets, and the program itself. The cases stand in
# tests/sandbox/http/, in the words defined here. Prints each failure and "N passed, N failed".
# Usage: tests/sandbox/http.sh [DIRECTORY_OF_PROGRAMS]
set -u
programs=$(cd "${1:-build}" && pwd) || exit 2
cd "$(dirname "$0")/../.." || exit 2
. tests/server/start.sh
work=$(mktemp -d "${TMPDIR:-/tmp}/tdrest-sandbox.XXXXXX") || exit 2
trap 'sandbox_stop; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
sandbox=$programs/tdrest-sandbox
passed=0
failed=0
name=

# ---- words ----

# case_of NAME: begins a case; what follows belongs to it.
case_of() {
    close_case
    name=$1
    bad=
}

close_case() {
    [ -n "$name" ] || return 0
    if [ -z "$bad" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED: %s%s\n' "$name" "$bad"
    fi
    name=
}

complain() {
    bad="$bad
  $*"
}

# plain PATH CURL_ARGUMENTS...: asks without a login; fills $work/head and $work/body, sets $http and $result (curl's exit status).
plain() {
    at=$sandbox_address$1
    shift
    : >"$work/body"
    http=$(curl -sS --max-time 20 -D "$work/head" -o "$work/body" -w '%{http_code}' "$@" "$at" 2>"$work/curl")
    result=$?
}

ask() {
    where=$1
    shift
    plain "$where" -u root:taosdata "$@"
}

sql() {
    statement=$1
    shift
    ask /rest/sql --data-binary "$statement" "$@"
}

# raw TEXT [half]: the text with its \r\n as the bytes of a connection; what comes back is in $work/body.
raw() {
    printf "$1" | "$programs/tdrt-raw" "${sandbox_address##*:}" ${2-} >"$work/body"
    result=$?
}

# The statuses in what came back, whatever stands before them on their line.
statuses() { grep -ao 'HTTP/1[.]1 [0-9][0-9]*' "$work/body" | cut -d ' ' -f 2 | tr '\n' ' '; }

# The body with the time that it took as T.
body() { sed 's/"timing":[1-9][0-9]*}/"timing":T}/' "$work/body"; }

# is STATUS [BODY]
is() {
    [ "$http" = "$1" ] || complain "status $http, not $1: $(head -c 300 "$work/body")"
    [ $# -lt 2 ] || [ "$(body)" = "$2" ] || complain "body: $(body | head -c 300)
     not: $2"
}

error_is() { is "$1" "{\"code\":$2,\"desc\":\"$3\",\"timing\":T}"; }
# value_is JSON: a statement with one row of one column.
value_is() {
    is 200
    body | grep -qF "\"data\":[[$1]],\"rows\":1}" || complain "not $1: $(body | head -c 300)"
}
has() { tr -d '\r' <"$work/head" | grep -qixF "$1" || complain "no header $1: $(cat "$work/head")"; }
has_no() { ! grep -qi "^$1:" "$work/head" || complain "a header $1"; }
says() { grep -qF -- "$1" "$work/body" || complain "does not say $1: $(head -c 300 "$work/body")"; }
same() { [ "$1" = "$2" ] || complain "'$1' instead of '$2'"; }

one='{"code":0,"column_meta":[["1","BIGINT",8]],"data":[[1]],"rows":1}'
basic=$(printf root:taosdata | base64)
token=/KfeAzX/f9na8qdtNZmtONryp201ma04bEl8LcvLUd7a8qdtNZmtONryp201ma04

for list in requests logins bodies schemaless sockets program addresses; do
    . "tests/sandbox/http/$list.sh"
done
sandbox_start "$programs" --quiet --faults || exit 2
for part in routes order parameters logins bodies zones gzips influx opentsdb users faults sockets parallel addresses program keeping stopping; do
    "$part"
done
close_case
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
