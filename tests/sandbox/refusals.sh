#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# Statements that the sandbox must refuse with the very words of tests/sandbox/refusals.txt. Prints each failure and "N passed, N failed".
# Usage: tests/sandbox/refusals.sh [DIRECTORY_OF_PROGRAMS]
set -u
programs=$(cd "${1:-build}" && pwd) || exit 2
cd "$(dirname "$0")/../.." || exit 2
. tests/server/start.sh
trap 'sandbox_stop' EXIT
trap 'exit 130' INT TERM
sandbox_start "$programs" --quiet || exit 2
passed=0
failed=0
tab=$(printf '\t')

# As JSON in a desc.
escaped() {
    printf '%s' "$1" | sed 's/\\/\\\\/g; s/"/\\"/g; s/</\\u003c/g; s/>/\\u003e/g; s/&/\\u0026/g'
}

while IFS="$tab" read -r code desc statement; do
    case $code in '#'* | '') continue ;; esac
    expected="{\"code\":$(printf '%d' "0x$code"),\"desc\":\"$(escaped "$desc")\""
    answer=$(printf '%s' "$statement" | curl -sS --max-time 20 -u root:taosdata --data-binary @- "$sandbox_address/rest/sql")
    if [ "${answer%,\"timing\":*}" = "$expected" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED: %s\n  expected %s\n  answered %s\n' "$statement" "$expected" "$answer"
    fi
done <tests/sandbox/refusals.txt

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
