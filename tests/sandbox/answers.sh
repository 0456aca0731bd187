#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# What a real server answered to statements and lines, put to a fresh sandbox list by list and compared. Lists are those of the recordings in
# tests/data/answers*.jsonl; tests/sandbox/left-out.txt has what the sandbox refuses. Prints each difference, and "N passed, N failed" for each
# list. With a DSN the lists are put to that server too, whatever it holds, and all of them are compared: this is how they stay true.
# Usage: tests/sandbox/answers.sh [DIRECTORY_OF_PROGRAMS [DSN]]
set -u
programs=$(cd "${1:-build}" && pwd) || exit 2
dsn=${2-}
cd "$(dirname "$0")/../.." || exit 2
. tests/server/start.sh
trap 'sandbox_stop' EXIT
trap 'exit 130' INT TERM

# put URL STATEMENT
put() {
    curl -sSg --max-time 20 -o /dev/null --data-binary "$2" "$1/rest/sql" || exit 2
}

# What was there when the server was asked.
prepare() {
    put "$1" 'create database if not exists `a``b`'
    case $2 in
    refusals*)
        put "$1" 'create database if not exists r'
        put "$1" 'create table if not exists r.t (ts timestamp, a int, b int, c int)'
        put "$1" 'create table if not exists r.u (ts timestamp, a int, b int)'
        ;;
    esac
}

# compare URL LIST [--all]
compare() {
    recording=tests/data/answers-3.3.6.9.jsonl
    [ "$2" != more ] || recording=tests/data/answers-more-3.3.6.9.jsonl
    prepare "$1" "$2"
    "$programs/tdrt-answers" ${3-} "$1" "$recording" "$2" tests/sandbox/left-out.txt || failed=1
}

failed=0
for list in statements select refusals refusals/r lines more; do
    sandbox_start "$programs" --quiet || exit 2
    compare "$sandbox_url" "$list"
    sandbox_stop || failed=1 # what a sanitizer found at the end is a failure too
    if [ -n "$dsn" ]; then
        echo "$list, by the server:"
        compare "${dsn%/}" "$list" --all
    fi
done
exit "$failed"
