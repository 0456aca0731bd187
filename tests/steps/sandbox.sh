#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# All tests of the sandbox, each of which ends with "N passed, N failed". Usage: tests/steps/sandbox.sh [DIRECTORY_OF_PROGRAMS]
set -u
programs=$(cd "${1:-build}" && pwd) || exit 2
cd "$(dirname "$0")/../.." || exit 2
failed=0
work=$(mktemp -d "${TMPDIR:-/tmp}/tdrest-parts.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

part() {
    echo "== $1"
    shift
    "$@" || failed=1
}

# One part waits more than it works: it runs beside the others, and is shown at the end.
sh tests/sandbox/http.sh "$programs" >"$work/http" 2>&1 &
http=$!
part decimal "$programs/tdrt-decimal"
part vectors "$programs/tdrt-vectors" tests/data/literals.jsonl tests/sandbox/vectors-not-met.txt
for list in tests/sandbox/*.sh; do
    name=$(basename "$list" .sh)
    [ "$name" = http ] || part "$name" sh "$list" "$programs"
done
echo '== http'
wait "$http" || failed=1
cat "$work/http"
exit "$failed"
