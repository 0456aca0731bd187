#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# Strings that aim at breaking out of their place, bound in every way, over the sandbox. Usage: tests/steps/inject.sh [DIRECTORY_OF_PROGRAMS [SEED [STRINGS]]];
# ends with "N passed, N failed".
set -u
programs=$(cd "${1:-build}" && pwd) || exit 2
[ $# -eq 0 ] || shift
cd "$(dirname "$0")/../.." || exit 2
. tests/server/start.sh
trap 'sandbox_stop' EXIT
trap 'exit 130' INT TERM
sandbox_start "$programs" --quiet || exit 2
"$programs/tdrt-inject" "$sandbox_url" "$@"
