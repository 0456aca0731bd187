#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
#
# Checks that code stays readable: files of at most 500 lines that begin with the two licence lines, functions of at most 100 lines and
# nine of ten of at most 40. Generated tables are left out.
#
#     tests/scripts/lengths.sh [DIRECTORY]
#     tests/scripts/lengths.sh --self-test
set -u

check() {
    find "$1"/rest "$1"/tools "$1"/examples "$1"/tests -name '*.[ch]' ! -name number_table.c -exec awk '
        function bad(why) { print FILENAME ":" FNR ": " why; failed = 1 }
        FNR == 1 && $0 !~ /SPDX-License-Identifier: MIT/ { bad("no licence") }
        FNR == 2 && $0 !~ /SPDX-FileCopyrightText/ { bad("no copyright line") }
        FNR == 501 { bad("a file above 500 lines") }
        /^\{$/ { from = FNR; next }
        /^\}$/ && from { n = FNR - from - 1; from = 0; functions++; if (n > 40) long++; if (n > 100) bad("a function of " n " lines") }
        END {
            if (long * 10 > functions) { print long " of " functions " functions have more than 40 lines"; failed = 1 }
            print functions - failed " passed, " failed + 0 " failed"
            exit failed || !functions
        }' {} +
}

# body LINES: a file with one function of so many lines.
body() {
    printf '/* SPDX-License-Identifier: MIT */\n/* SPDX-FileCopyrightText: the tdrest authors */\nint f(void)\n{\n'
    awk -v n="$1" 'BEGIN {for (i = 0; i < n; i++) print "    ;"}'
    printf '}\n'
}

self_test() {
    scratch=$(mktemp -d "${TMPDIR:-/tmp}/tdrest-lengths.XXXXXX") || exit 2
    trap 'rm -rf "$scratch"' EXIT
    mkdir "$scratch/rest" "$scratch/tools" "$scratch/examples" "$scratch/tests"
    for change in 'body 41' 'body 101' 'body 3 | sed 1d' 'body 3 | sed 2d' '{ body 3; awk "BEGIN {for (i = 0; i < 494; i++) print i}"; }'; do
        body 40 >"$scratch/rest/a.c"
        check "$scratch" >/dev/null || { echo "a good file is refused"; exit 1; }
        eval "$change" >"$scratch/rest/a.c"
        if check "$scratch" >/dev/null; then
            echo "not noticed: $change"
            exit 1
        fi
    done
}

case ${1-} in
--self-test) self_test ;;
*) check "${1-"$(dirname "$0")/../.."}" ;;
esac
