#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# Kills a sandbox in each round while a writer writes to it, in every second round through haproxy where that is installed, and looks for every row.
# Usage: tests/steps/writer.sh [DIRECTORY_OF_PROGRAMS [ROUNDS [SEED]]]
set -u
programs=$(cd "${1:-build}" && pwd) || exit 2
rounds=${2:-30}
cd "$(dirname "$0")/../.." || exit 2
PATH=$PATH:/usr/sbin:/sbin
if [ ! -x "$programs/proof-writer" ]; then
    echo 'skipped: this build has no writer'
    exit 77
fi
unset $(env | sed -n 's/^\(TDREST_[A-Z_]*\)=.*/\1/p')
work=$(mktemp -d "${TMPDIR:-/tmp}/tdrest-writer.XXXXXX") || exit 2
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
haproxy=$(command -v haproxy || true)
"$programs/proof-writer" "$programs/tdrest-sandbox" "$work/file.db" "$rounds" "${3:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}" ${haproxy:+"$haproxy"} &
pid=$!
wait "$pid"
status=$?
pid=
exit "$status"
