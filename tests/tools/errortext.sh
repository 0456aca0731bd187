#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
#
# Writes tools/tdrest/help/explain_table.inc to standard output, from the list of server error codes: hex,name,message,class,retryable,origin,
# where a field in quotes may hold commas. Of a code that stands there twice all names are kept. Fails on a line it does not understand.
#
#     sh tests/tools/errortext.sh tests/data/error-codes.csv > tools/tdrest/help/explain_table.inc
set -eu
LC_ALL=C
export LC_ALL

rows=$(awk '
function fail(why) {
    print FILENAME ": line " FNR ": " why > "/dev/stderr"
    failed = 1
    exit 1
}
# Cuts the line into field[1] ... and answers how many.
function cut_fields(line,    n, text) {
    for (n = 0; n == 0 || line != ""; field[++n] = text) {
        if (n > 0)
            line = substr(line, 2)
        if (match(line, /^"([^"]|"")*"/)) {
            text = substr(line, 2, RLENGTH - 2)
            gsub(/""/, "\"", text)
        } else {
            match(line, /^[^,]*/)
            text = substr(line, 1, RLENGTH)
        }
        line = substr(line, RLENGTH + 1)
        if (line != "" && line !~ /^,/)
            fail("text behind a quoted field")
    }
    return n
}
function literal(text) {
    gsub(/[\\"]/, "\\\\&", text)
    gsub(/[?]/, "\\?", text) # no trigraphs
    return "\"" text "\""
}
FNR == 1 { next }
{
    sub(/\r$/, "")
    if (cut_fields($0) != 6)
        fail("not six fields")
    if (field[1] !~ /^0x[0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f]$/)
        fail("no code: " field[1])
    if (field[4] !~ /^([A-Za-z]+Error)?$/)
        fail("no class: " field[4])
    if (field[5] !~ /^(yes|idempotent-only|no)?$/)
        fail("no retry word: " field[5])
    repeat = field[5] == "yes" ? "SAFE" : field[5] == "idempotent-only" ? "IDEMPOTENT" : "NO"
    class = field[4] == "" ? "DATABASE" : toupper(substr(field[4], 1, length(field[4]) - 5))
    print "X(0x" toupper(substr(field[1], 3)) ", " class ", " repeat ", " literal(field[2]) ", " literal(field[3]) ")"
}
END { exit failed }
' "${1:-tests/data/error-codes.csv}")

cat <<'END'
/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Written by tests/tools/errortext.sh from tests/data/error-codes.csv: code, class, repeat, name, message, in order. */
END
printf '%s\n' "$rows" | sort -u
