#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# Kills a sandbox and its addresses at random while several connections write and read, and looks for every row in the end.
# Usage: tests/steps/failover.sh [DIRECTORY_OF_PROGRAMS [SECONDS [SEED]]]
set -u
programs=$(cd "${1:-build}" && pwd) || exit 2
seconds=${2:-4}
cd "$(dirname "$0")/../.." || exit 2
unset $(env | sed -n 's/^\(TDREST_[A-Z_]*\)=.*/\1/p')
work=$(mktemp -d "${TMPDIR:-/tmp}/tdrest-failover.XXXXXX") || exit 2
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
"$programs/proof-failover" "$programs/tdrest-sandbox" "$work/file.db" "$seconds" ${3:+"$3"} &
pid=$!
wait "$pid"
status=$?
pid=
exit "$status"
