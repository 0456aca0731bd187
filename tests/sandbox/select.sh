#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# The statements of tests/sandbox/select.txt, in order, on one empty sandbox. Prints each failure and "N passed, N failed".
# Usage: tests/sandbox/select.sh [DIRECTORY_OF_PROGRAMS]
set -u
programs=$(cd "${1:-build}" && pwd) || exit 2
cd "$(dirname "$0")/../.." || exit 2
. tests/server/start.sh
. tests/server/answers.sh
trap 'sandbox_stop' EXIT
trap 'exit 130' INT TERM
sandbox_start "$programs" --quiet || exit 2

answers_of tests/sandbox/select.txt
sandbox_stop || same 'its exit status' 0 "$sandbox_status"
sum_up
