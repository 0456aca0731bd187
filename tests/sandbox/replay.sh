#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# Replays the recordings of adapter 3.4.1.12 against a fresh sandbox, then against another one with all table names and text values
# renamed; tests/sandbox/manifest.txt says which answers must be equal. Prints each difference, and "N passed, N failed" for each run.
# Usage: tests/sandbox/replay.sh [DIRECTORY_OF_PROGRAMS]
set -u
programs=$(cd "${1:-build}" && pwd) || exit 2
cd "$(dirname "$0")/../.." || exit 2
. tests/server/start.sh
trap 'sandbox_stop' EXIT
trap 'exit 130' INT TERM

replay() {
    sandbox_start "$programs" --quiet || exit 2
    "$programs/tdrt-sandbox-replay" "$@" "${sandbox_url##*:}" tests/data/captures/adapter-3.4.1.12 tests/sandbox/manifest.txt || failed=1
    sandbox_stop || failed=1 # what a sanitizer found at the end is a failure too
}

failed=0
replay
replay --rename
exit "$failed"
