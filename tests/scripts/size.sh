#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
#
# Prints how many bytes of code and constants a library has (the text column of size) and fails above the limit.
#
#     tests/scripts/size.sh LIBRARY [LIMIT]
set -u
bytes=$(size "$1" | awk 'NR == 2 {print $1}')
limit=${2:-131072}
[ -n "$bytes" ] || exit 2
echo "$bytes"
[ "$bytes" -le "$limit" ] || { echo "$1 is larger than $limit bytes" >&2; exit 1; }
