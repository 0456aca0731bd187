#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
#
# Checks that every function of the public header has its docstring directly above, in the fixed order: text, @param for each parameter,
# @return unless void, Errors, [Ownership], Blocking, Threads, Since, Example, [Source].
#
#     tests/scripts/docstrings.sh [HEADER]
#     tests/scripts/docstrings.sh --self-test
set -u

check() {
    awk '
    function bad(why) { print FILENAME ":" at ": " name ": " why; failed++ }
    # The last word of each parameter, in order, into want[1] ... n.
    function parameters(proto,    list, n, i, parts) {
        list = proto
        sub(/^[^(]*\(/, "", list)
        sub(/\)[^)]*;.*$/, "", list)
        if (list ~ /^[ ]*(void)?[ ]*$/) return 0
        n = split(list, parts, ",")
        for (i = 1; i <= n; i++) {
            sub(/(\[[^]]*\])?[ ]*$/, "", parts[i])
            match(parts[i], /[A-Za-z0-9_]+$/)
            want[i] = substr(parts[i], RSTART)
        }
        return n
    }
    # The place of a line in the fixed order; 0: it goes on with the last one.
    function rank(line) {
        if (line ~ /^@param /) return 2
        if (line ~ /^@return /) return 3
        if (line ~ /^@/) return -1
        for (i in order) if (index(line, order[i] ": ") == 1) return i + 0
        return 0
    }
    function judge(    n, i, r, last, params, words, has) {
        n = parameters(proto)
        last = params = 0
        if (!doc_lines) { bad("no docstring"); return }
        for (i = 1; i <= doc_lines; i++) {
            r = rank(doc[i])
            if (r < 0) bad("unknown tag: " doc[i])
            if (r == 0) { if (last == 0 && doc[i] != "") { last = 1 } continue }
            if (r < last || (r == last && r != 2)) bad("out of order: " doc[i])
            if (last == 0) bad("says not what it does")
            if (r == 2) {
                split(doc[i], words, /[ ]+/)
                params++
                if (params > n) bad("@param " words[2] " is no parameter")
                else if (words[2] != want[params]) bad("@param " words[2] " where " want[params] " belongs")
            }
            has[r] = 1
            last = r
        }
        if (params < n) bad("@param " want[params + 1] " is missing")
        if (proto ~ /^TDREST_API (TDREST_NODISCARD )?void [a-z]/) { if (has[3]) bad("@return, but it is void") }
        else if (!has[3]) bad("@return is missing")
        for (i in order) if (i != 5 && i != 10 && !has[i]) bad(order[i] ": is missing")
    }
    BEGIN { order[4] = "Errors"; order[5] = "Ownership"; order[6] = "Blocking"; order[7] = "Threads"; order[8] = "Since"
            order[9] = "Example"; order[10] = "Source" }
    /^\/\*\*/ { within = 1; doc_lines = 0 }
    within {
        line = $0
        closed = line ~ /\*\/[ ]*$/
        sub(/^[ ]*\/?\*+\/?[ ]?/, "", line)
        sub(/[ ]*\*\/[ ]*$/, "", line)
        if (line != "") doc[++doc_lines] = line
        if (closed) { within = 0; doc_end = NR }
        next
    }
    /^TDREST_API / || joining {
        if (!joining) { at = NR; proto = ""; if (doc_end != NR - 1) doc_lines = 0 }
        proto = proto $0
        joining = $0 !~ /;/
        if (joining) next
        name = proto
        sub(/\(.*/, "", name)
        sub(/^.*[ *]/, "", name)
        judge()
        functions++
        doc_lines = 0
    }
    END { print functions + 0 - (failed > 0) " passed, " (failed > 0) + (functions == 0) " failed"; exit failed > 0 || functions == 0 }
    ' "$1"
}

# The docstring below is right; each change to it, a sed script, must be noticed.
self_test() {
    file=$(mktemp "${TMPDIR:-/tmp}/tdrest-docstrings.XXXXXX") || exit 2
    trap 'rm -f "$file"' EXIT
    good='/**
 * Does a thing.
 *
 * @param one first.
 * @param two second.
 * @return a number.
 * Errors: none.
 * Ownership: static.
 * Blocking: no.
 * Threads: any.
 * Since: 0.1.0
 * Example: n = tdrest_f(1, &x);
 * Source: none.
 */
TDREST_API TDREST_NODISCARD int tdrest_f(int one, const char **two);'
    printf '%s\n' "$good" >"$file"
    check "$file" || exit 1
    for change in '2d' '4d' '5d' '6d' '7d' '9d' '10d' '11d' '12d' '1,14d' '4s/one/uno/' '5s/two/three/' '4{h;d;};5G' '6{h;d;};7G' '9{h;d;};10G' \
        '12{h;d;};13G' '7s/Errors/Failures/' '5s/.*/&\n * @param six sixth./' '14s/$/\n/' 's/int tdrest_f/void tdrest_f/' '6s/@return/@returns/'; do
        printf '%s\n' "$good" | sed "$change" >"$file"
        if check "$file" >/dev/null; then
            echo "not noticed: $change"
            exit 1
        fi
    done
}

case ${1-} in
--self-test) self_test ;;
*) check "${1-"$(dirname "$0")/../../include/tdrest.h"}" ;;
esac
