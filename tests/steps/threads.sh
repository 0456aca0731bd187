#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# Runs tdrt-threads against recorded answers. Usage: tests/steps/threads.sh [DIRECTORY_OF_PROGRAMS]
set -u
programs=$(cd "${1:-build}" && pwd) || exit 2
cd "$(dirname "$0")/../.." || exit 2
. tests/server/start.sh
trap replay_stop EXIT
trap 'exit 130' INT TERM
replay_start "$programs" tests/data/captures/adapter-3.4.1.12 || exit 2
"$programs/tdrt-threads" "$replay_url"
