#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# What `make live` does over a real server, over the sandbox: every type, extremes, NULL, every precision, every vector of literals, lines,
# written and read back through the library. Usage: tests/sandbox/roundtrip.sh [DIRECTORY_OF_PROGRAMS]; ends with "N passed, N failed".
set -u
programs=$(cd "${1:-build}" && pwd) || exit 2
cd "$(dirname "$0")/../.." || exit 2
. tests/server/start.sh
trap 'sandbox_stop' EXIT
trap 'exit 130' INT TERM
sandbox_start "$programs" --quiet || exit 2
TDREST_TEST_DSN=$sandbox_url "$programs/tdrt-live" tests/data/literals.jsonl
