#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
#
# Writes docs/tdrest.1 to standard output: docs/tdrest.1.in with the options of the connection, from docs/OPTIONS.md, in the place of @OPTIONS@.
#
#     sh tests/tools/manual.sh > docs/tdrest.1
set -eu
cd "$(dirname "$0")/../.."
awk -F' [|] ' '
    # A backslash, and a point or quote at the beginning of a line, mean something to roff.
    function roff(text) { gsub(/\\/, "\\e", text); gsub(/`/, "", text); return text ~ /^[.\047]/ ? "\\&" text : text }
    FNR == NR {
        other = other || /^## / # other tables follow
        if (other || $0 !~ /^[|] `/)
            next
        key = $1; sub(/^[|] `/, "", key); secret = key ~ /secret/; sub(/`.*/, "", key)
        meaning = $4; sub(/ [|]$/, "", meaning)
        options = options ".It Cm " key "\n" roff(meaning) ".\nValues: " roff($3) (($2 == "" || secret) ? "" : "; default: " roff($2)) ".\n"
        next
    }
    $0 == "@OPTIONS@" { printf "%s", options; next }
    { print }' docs/OPTIONS.md docs/tdrest.1.in | awk '
    # Lines of text are broken; what would then begin a line and mean something to roff is not.
    {
        while ($0 !~ /^[.]/ && length($0) > 79) {
            for (at = 79; at > 0 && (substr($0, at, 1) != " " || substr($0, at + 1, 1) ~ /[.\047]/); at--)
                ;
            if (at == 0)
                break
            print substr($0, 1, at - 1)
            $0 = substr($0, at + 1)
        }
        print
    }'
