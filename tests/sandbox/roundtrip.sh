#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# What `make live` does over a real server, over the sandbox: every type, extremes, NULL, every precision, every vector of literals, lines,
# written and read back through the library, with several time zones as the connection's. Usage: tests/sandbox/roundtrip.sh [DIRECTORY_OF_PROGRAMS];
# each zone ends with "N passed, N failed".
set -u
programs=$(cd "${1:-build}" && pwd) || exit 2
cd "$(dirname "$0")/../.." || exit 2
. tests/server/start.sh
trap 'sandbox_stop' EXIT
trap 'exit 130' INT TERM
sandbox_start "$programs" --quiet || exit 2
failed=0
for zone in UTC Asia/Shanghai Africa/Monrovia America/New_York; do
    echo "$zone:"
    TDREST_TEST_DSN="$sandbox_url?timezone=$zone" "$programs/tdrt-live" tests/data/literals.jsonl || failed=1
done
exit "$failed"
