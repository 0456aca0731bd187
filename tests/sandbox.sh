#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# All tests of the sandbox, each of which ends with "N passed, N failed". Usage: tests/sandbox.sh [DIRECTORY_OF_PROGRAMS]
set -u
programs=$(cd "${1:-build}" && pwd) || exit 2
cd "$(dirname "$0")/.." || exit 2
failed=0

part() {
    echo "== $1"
    shift
    "$@" || failed=1
}

part int128 "$programs/tdrt-int128"
part vectors "$programs/tdrt-vectors" tests/data/literals.jsonl tests/sandbox/vectors-not-met.txt
for list in tests/sandbox/*.sh; do
    part "$(basename "$list" .sh)" sh "$list" "$programs"
done
exit "$failed"
