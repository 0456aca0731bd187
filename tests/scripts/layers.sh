#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
#
# Checks who may include whom, never in a circle (see rest/README.md and tools/tdrest/README.md), and with the built library as argument its symbols:
#
#     tests/scripts/layers.sh [LIBTDREST.A]
#     tests/scripts/layers.sh --self-test
#
# The self-test breaks each rule in a scratch copy and demands that it is noticed.
set -u
LC_ALL=C
export LC_ALL

# The only files that see libcurl.
curl_files='rest/net/[a-z_]*[.][ch]'
# The rooms of the sandbox.
sandbox_rooms='base|http|sql|select|ddl|insert|lines|store'
# What a library must not do to its host: locale, signals, output, exit; and what is not safe or depends on the locale.
forbidden='atoi atol atof strtod strtof sprintf vsprintf strtok setlocale localtime gmtime ctime asctime mktime printf vprintf puts putchar
    signal sigaction raise exit _exit abort __assert_fail setenv putenv system stdout'

# includes: prints `file:name` for each #include of the tree, <name> with its bracket.
includes() {
    find rest tools examples adbc -name '*.[ch]' -exec grep -H '^[[:space:]]*#[[:space:]]*include' {} + |
        sed -e 's/^\([^:]*\):[[:space:]]*#[[:space:]]*include[[:space:]]*/\1:/' -e 's/:"\([^"]*\)".*/:\1/' -e 's/:\(<[^>]*\)>.*/:\1/'
}

check_includes() {
    includes | awk -F: -v curl="^$curl_files\$" -v own="$sandbox_rooms" '
        function bad(why) { print $1 ": includes " $2 ": " why; failed = 1 }
        BEGIN {
            count = split("base error config sql lines request answer net client async spool writer arrow", rooms, " "); for (i = 1; i <= count; i++) rank[rooms[i]] = i
            count = split("term cell plot arrow format input args run catalog write export import tail spool help shell", rooms, " "); for (i = 1; i <= count; i++) room[rooms[i]] = i
        }
        { split($1, at, "/"); split($2, to, "/"); system_header = $2 ~ /^</ }
        $2 ~ /^<curl\// { if ($1 !~ curl) bad("only net/ sees libcurl"); next }
        at[1] == "tools" && at[2] == "sandbox" {
            if ($2 ~ /^<(tdrest|curl)/ || (!system_header && $2 !~ ("^([.][.]/)?((" own ")/)?[a-z0-9_]+[.]h$")) || $2 ~ /tdrest/) bad("the sandbox sees its own rooms only")
            if ($2 ~ /^<microhttpd/ && at[3] != "http") bad("only http/ sees it")
            if ($2 ~ /^<sqlite3/ && at[3] !~ /^(store|select|ddl)$/) bad("only store/, select/ and ddl/ see it")
            next
        }
        $2 ~ /^<(microhttpd|sqlite3|zlib)/ { bad("only the sandbox sees it") }
        $2 ~ /^<jansson/ { bad("the library does without Jansson"); next }
        system_header { next }
        at[1] == "rest" && !(to[1] in rank) { bad("write it from rest/: \"room/file.h\"") }
        at[1] == "rest" && (to[1] in rank) && rank[to[1]] > rank[at[2]] { bad(at[2] "/ must not know " to[1] "/") }
        at[1] == "rest" && !(at[2] in rank) { bad("no such room") }
        at[1] == "tools" && at[2] == "tdrest" && !(to[1] in room) { bad("the tool sees <tdrest.h> and its own rooms, as \"room/file.h\"") }
        at[1] == "tools" && at[2] == "tdrest" && at[4] != "" && !(at[3] in room) { bad("no such room") }
        at[1] == "tools" && at[2] == "tdrest" && (to[1] in room) && at[4] != "" && room[to[1]] > room[at[3]] { bad(at[3] "/ must not know " to[1] "/") }
        at[1] == "adbc" && to[1] != "adbc" { bad("the driver sees <tdrest.h> and its own files only") }
        at[1] == "examples" { bad("an example sees <tdrest.h> only") }
        END { exit failed }'
}

# A module is a header with the source file of its name, and decode_parts.h belongs to decode.c. Of client/ and net/ only the headers count: there a
# connection ends its results, and a loop steps its exchanges.
check_circles() {
    includes | awk -F: '
        function module(name) { sub(/^rest[/]/, "", name); sub(/[.][ch]$/, "", name); return name }
        $1 !~ /^rest[/]/ || $2 ~ /^</ { next }
        $1 ~ /[.]c$/ && $1 ~ /[/](client|net)[/]/ { next }
        $1 ~ /[.]c$/ && index(module($2), module($1)) == 1 { next }
        module($1) != module($2) { print module($1), module($2) }' | tsort 2>&1 >/dev/null | sed 's/^tsort: /a circle of includes: /' | grep . && return 1
    return 0
}

check_symbols() {
    { nm -u "$1" 2>/dev/null | awk '$1 == "U" {sub(/@.*/, "", $2); print $2}' | sort -u | awk -v list="$forbidden" '
        BEGIN { n = split(list, a, " "); for (i = 1; i <= n; i++) no[a[i]] = 1 }
        $1 in no { print "the library uses " $1; failed = 1 }
        END { exit failed }'; } || return 1
    nm -g --format=sysv "$1" 2>/dev/null | awk -F'[ ]*[|][ ]*' '
        $3 !~ /^[TDBRCVW]$/ { next }
        { seen = 1 }
        $1 !~ /^_?(tdrest_|tdri_)/ { print "global without prefix: " $1; failed = 1 }
        $3 ~ /^[DBC]$/ && $7 !~ /[.]rel[.]ro/ { print "writable global: " $1; failed = 1 }
        END { exit failed || !seen }'
}

# break_rule FILE LINE: the line in the file must be noticed.
break_rule() {
    mkdir -p "$scratch/$(dirname "$1")" && printf '%s\n' "$2" >"$scratch/$1"
    if (cd "$scratch" && check_includes && check_circles) >/dev/null; then
        echo "not noticed: $1 with $2"
        missed=1
    fi
    rm -f "$scratch/$1"
}

break_symbol() {
    printf '%s\n' "$1" | ${CC:-cc} -x c -c -o "$scratch/bad.o" - || exit 2
    if check_symbols "$scratch/bad.o" >/dev/null; then
        echo "not noticed: $1"
        missed=1
    fi
}

self_test() {
    scratch=$(mktemp -d "${TMPDIR:-/tmp}/tdrest-layers.XXXXXX") || exit 2
    trap 'rm -rf "$scratch"' EXIT
    missed=0
    mkdir -p "$scratch/rest/base" "$scratch/tools" "$scratch/examples" "$scratch/adbc"
    break_rule rest/base/bad.c '#include "sql/lexer.h"'
    break_rule rest/error/bad.c '#include "config/options.h"'
    break_rule rest/sql/bad.c '#include "answer/column.h"'
    break_rule rest/answer/bad.h '#  include "net/transport.h"'
    break_rule rest/net/bad.c '#include "client/conn.h"'
    break_rule rest/base/bad.c '#include "mem.h"'
    break_rule rest/extra/bad.c '#include "base/mem.h"'
    break_rule rest/client/bad.c '#include <curl/curl.h>'
    break_rule rest/sql/bad.c '#include <jansson.h>'
    break_rule tools/tdrest/bad.c '#include "base/mem.h"'
    break_rule tools/tdrest/bad.c '#include "report.h"'
    break_rule tools/tdrest/run/bad.c '#include "run.h"'
    break_rule tools/tdrest/run/bad.c '#include "sql/kind.h"'
    break_rule tools/tdrest/attic/bad.c '#include "term/report.h"'
    break_rule tools/tdrest/term/bad.c '#include "cell/cell.h"'
    break_rule tools/tdrest/args/bad.h '#include "run/run.h"'
    break_rule tools/tdrest/bad.c '#include <curl/curl.h>'
    break_rule tools/sandbox/bad.c '#include <tdrest.h>'
    break_rule tools/sandbox/bad.c '#include "tdrest.h"'
    break_rule tools/sandbox/sql/bad.h '#include "../../rest/base/mem.h"'
    break_rule tools/sandbox/sql/bad.h '#include "../client/conn.h"'
    break_rule tools/sandbox/sql/bad.c '#include <microhttpd.h>'
    break_rule tools/sandbox/lines/bad.c '#include <sqlite3.h>'
    break_rule tools/sandbox/bad.c '#include "../tdrest/secret.h"'
    break_rule tools/sandbox/bad.c '#include <curl/curl.h>'
    break_rule rest/base/bad.c '#include <zlib.h>'
    break_rule tools/tdrest/bad.c '#include <sqlite3.h>'
    break_rule examples/bad.c '#include <microhttpd.h>'
    break_rule examples/bad.c '#include "mem.h"'
    break_rule adbc/bad.c '#include "base/mem.h"'
    break_rule adbc/bad.c '#include <curl/curl.h>'
    printf '%s\n' '#include "base/two.h"' >"$scratch/rest/base/one.h"
    break_rule rest/base/two.c '#include "base/one.h"'
    break_rule rest/base/two.h '#include "base/one.h"'
    rm -f "$scratch/rest/base/one.h"
    break_symbol 'int helper(void) { return 0; }'
    break_symbol 'int tdri_state = 1;'
    break_symbol 'int atoi(const char *); int tdri_n(void) { return atoi("1"); }'
    break_symbol 'void abort(void); void tdri_stop(void) { abort(); }'
    return "$missed"
}

if [ "${1-}" = --self-test ]; then
    self_test
    exit
fi
cd "$(dirname "$0")/../.." || exit 2
check_includes || exit 1
check_circles || exit 1
[ $# -eq 0 ] || check_symbols "$1"
