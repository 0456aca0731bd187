#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
#
# Writes rest/error/servercode_table.inc to standard output, from the list of
# server error codes: hex,name,message,class,retryable,origin, where a field
# in quotes may hold commas. Fails on a class or a retry word it does not
# know, and when a code stands twice with two meanings.
#
#     sh tests/tools/servercode.sh tests/data/error-codes.csv > rest/error/servercode_table.inc
set -eu
LC_ALL=C
export LC_ALL

csv=${1:-tests/data/error-codes.csv}

rows=$(awk '
function fail(why) {
    print FILENAME ": line " FNR ": " why > "/dev/stderr"
    failed = 1
    exit 1
}
# Cuts the line into field[1] ... and answers how many.
function cut_fields(line,    n, i, c, quoted) {
    n = 1
    field[1] = ""
    quoted = 0
    for (i = 1; i <= length(line); i++) {
        c = substr(line, i, 1)
        if (c == "\"" && quoted && substr(line, i + 1, 1) == "\"") {
            field[n] = field[n] c
            i++
        } else if (c == "\"") {
            quoted = !quoted
        } else if (c == "," && !quoted) {
            field[++n] = ""
        } else {
            field[n] = field[n] c
        }
    }
    return n
}
BEGIN {
    repeat["yes"] = "SAFE"
    repeat["idempotent-only"] = "IDEMPOTENT"
    repeat["no"] = repeat[""] = "NO"
    words = "Interface Connection Database Data Operational Integrity Internal Programming NotSupported Statement Result Schemaless Query Tmq"
    count = split(words, word, " ")
    for (i = 1; i <= count; i++)
        class[word[i] "Error"] = toupper(word[i])
    class[""] = "NONE"
}
FNR == 1 { next }
{
    sub(/\r$/, "")
    if (cut_fields($0) != 6)
        fail("not six fields")
    if (field[1] !~ /^0x[0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f][0-9A-Fa-f]$/)
        fail("no code: " field[1])
    if (!(field[4] in class))
        fail("no class: " field[4])
    if (!(field[5] in repeat))
        fail("no retry word: " field[5])
    code = "0x" toupper(substr(field[1], 3))
    row = "X(" code ", " class[field[4]] ", " repeat[field[5]] ")"
    if (code in seen && seen[code] != row)
        fail(code " has two meanings")
    seen[code] = row
    print row
}
END { exit failed }
' "$csv")

cat <<'END'
/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Written by tests/tools/servercode.sh from tests/data/error-codes.csv: code, class, repeat, in order. Knows no names. */
END
printf '%s\n' "$rows" | sort -u
