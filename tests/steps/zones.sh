#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# Every time zone of this system, around each of its changes, as taosAdapter would write it by the reading of Python's zoneinfo; then the same zones
# compiled "slim", where zic is there. Usage: tests/steps/zones.sh [DIRECTORY_OF_PROGRAMS]; ends with "N passed, N failed", or with status 77 and the
# reason when it cannot be done here.
set -u
programs=$(cd "${1:-build}" && pwd) || exit 2
cd "$(dirname "$0")/../.." || exit 2

skip() {
    echo "skipped: $1"
    exit 77
}

python3 -c 'import zoneinfo' 2>/dev/null || skip 'needs python3 of at least version 3.9 (make deps-dev)'
zones=${TZDIR:-/usr/share/zoneinfo}
[ -f "$zones/Asia/Shanghai" ] || skip "no zone files in $zones (Debian: tzdata)"
scratch=$(mktemp -d "${TMPDIR:-/tmp}/tdrest-zones.XXXXXX") || exit 2
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

# prove DIRECTORY: what it prints is the proof's.
prove() {
    python3 tests/proof/zones.py "$1" >"$scratch/lines" || return 2
    TZDIR=$1 "$programs/proof-zones" <"$scratch/lines" || return 1
}

prove "$zones" || exit
PATH=$PATH:/usr/sbin
if command -v zic >/dev/null && [ -f "$zones/tzdata.zi" ] && zic -b slim -d "$scratch/slim" "$zones/tzdata.zi" 2>/dev/null; then
    echo 'slim:'
    TZDIR=$scratch/slim "$programs/proof-zones" <"$scratch/lines"
fi
