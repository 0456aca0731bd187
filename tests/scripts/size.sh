#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
#
# Prints how large a library is: the section .text, which must not be above the limit, and in the last line all that is loaded and not
# written to (the text column of size: code, constants, tables of symbols).
#
#     tests/scripts/size.sh LIBRARY [LIMIT]
set -u
code=$(size -A "$1" | awk '$1 == ".text" {print $2}')
all=$(size "$1" | awk 'NR == 2 {print $1}')
limit=${2:-131072}
[ -n "$code" ] && [ -n "$all" ] || exit 2
echo ".text: $code of at most $limit bytes; with constants and symbols:"
echo "$all"
[ "$code" -le "$limit" ] || { echo "$1 is larger than $limit bytes" >&2; exit 1; }
