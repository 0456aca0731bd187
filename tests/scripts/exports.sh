#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
#
# Compares tests/exports.txt with what the shared library exports and with what the header declares. LEFT_OUT: rooms that the library was built without
# (async writer spool arrow); it exports nothing of theirs.
#
#     tests/scripts/exports.sh DIRECTORY_OF_THE_LIBRARY
#     tests/scripts/exports.sh --self-test
set -u
LC_ALL=C
export LC_ALL

exported() {
    nm -D --defined-only "$1" 2>/dev/null | awk '$2 ~ /^[TDBRVWi]$/ {sub(/@.*/, "", $3); print $3}' | sort
}

declared() {
    sed -n '/^TDREST_API /s/^[^(]*[ *]\([a-z0-9_]*\)(.*/\1/p' "$1" | sort
}

# The names of the list that the library has.
listed() {
    grep -v -E "^$(for room in ${LEFT_OUT-}; do
        case $room in
        async) printf 'tdrest_(async|request)_.*|' ;;
        arrow) printf '.*_arrow(_.*)?|tdrest_stmt_bind_stream|' ;;
        *) printf 'tdrest_%s_.*|' "$room" ;;
        esac
    done)none\$" "$list"
}

same() {
    diff "$1" "$2" && return 0
    echo "$3 is not what $list says"
    return 1
}

check() {
    exported "$library" >"$scratch/exported"
    declared "$header" >"$scratch/declared"
    listed >"$scratch/listed"
    sort -c "$list" && same "$list" "$scratch/declared" "$header" && same "$scratch/listed" "$scratch/exported" "$library"
}

missed() {
    echo "not noticed: $1"
    exit 1
}

self_test() {
    header=$scratch/h list=$scratch/l library=$scratch/l.so
    printf 'TDREST_API int tdrest_a(void);\nTDREST_API const char *tdrest_b(int n);\n' >"$header"
    printf 'tdrest_a\ntdrest_b\n' >"$list"
    compile 'int tdrest_a; int tdrest_b;' && check >/dev/null || missed 'a good library'
    compile 'int tdrest_a; int tdrest_b; int helper;' && check >/dev/null && missed 'one export too many'
    compile 'int tdrest_a;' && check >/dev/null && missed 'a missing export'
    printf 'TDREST_API int tdrest_writer_c(void);\n' >>"$header"
    echo tdrest_writer_c >>"$list"
    compile 'int tdrest_a; int tdrest_b;' && LEFT_OUT='async writer' check >/dev/null || missed 'a room that is left out'
    LEFT_OUT=async check >/dev/null && missed 'a room that is missing'
    compile 'int tdrest_a; int tdrest_b; int tdrest_writer_c;' && LEFT_OUT=writer check >/dev/null && missed 'a room that is not left out'
    echo 'TDREST_API void tdrest_c(void);' >>"$header"
    check >/dev/null && missed 'a function that the list does not have'
    return 0
}

compile() { echo "$1" | ${CC:-cc} -x c -shared -fPIC -o "$library" - || exit 2; }

scratch=$(mktemp -d "${TMPDIR:-/tmp}/tdrest-exports.XXXXXX") || exit 2
trap 'rm -rf "$scratch"' EXIT
if [ "${1-}" = --self-test ]; then
    self_test
    exit
fi
programs=$(cd "$1" && pwd) || exit 2
cd "$(dirname "$0")/../.." || exit 2
header=include/tdrest.h list=tests/exports.txt library=$programs/libtdrest.so
check && echo "$(wc -l <"$list" | tr -d ' ') passed, 0 failed"
