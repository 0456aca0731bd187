#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
#
# Compiles what the documentation shows, and the header by itself: the header as C99, C11 and C++11, the program in its @code block and
# those of README.md as C99 and C11, every `Example:` line and every other ```c block of README.md as C99. The first program is the same in the
# header, in README.md and in examples/00_first.c.
#
#     tests/scripts/examples.sh [HEADER [README]]
#     tests/scripts/examples.sh --self-test
set -u
: "${CC:=cc}" "${CXX:=c++}"

passed=0
failed=0

# compile WHAT COMPILER... < source
compile() {
    what=$1
    shift
    if "$@" -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I"$(dirname "$header")" -; then
        passed=$((passed + 1))
    else
        echo "$what does not compile as $*"
        failed=$((failed + 1))
    fi
}

# The initialisers too: they are different for C++.
header_alone() {
    printf '#include <%s>\nint f(void);\nint f(void)\n{\n' "$(basename "$header")"
    sed -n 's/^#define \(TDREST_[A-Z_]*\)_INIT .*/\1/p' "$header" | sort -u | while read -r name; do
        echo "$name" | awk '{n = tolower($1); print "    " n " value_" n " = " $1 "_INIT; (void)value_" n ";"}'
    done
    printf '    return 0;\n}\n'
}

# The program between @code and @endcode of the header's first comment.
header_program() {
    awk -v file="$header" '/@endcode/ {exit} inside {sub(/^ \* ?/, ""); print} /@code/ {inside = 1; print "#line " NR + 1 " \"" file "\""}' "$header"
}

# The n-th ```c block of the README that has a main, or nothing.
readme_program() {
    awk -v want="$1" -v file="$readme" '
        /^```/ && inside { inside = 0; if (text ~ /int main\(/ && ++seen == want) { printf "%s", text; exit } next }
        inside { text = text $0 "\n" }
        /^```c$/ { inside = 1; text = "#line " NR + 1 " \"" file "\"\n" }' "$readme"
}

# same FILE: whose first program is in $scratch/other.c
same() {
    if diff "$scratch/first.c" "$scratch/other.c" >"$scratch/diff"; then
        passed=$((passed + 1))
    else
        echo "the first program of $readme is not that of $1:"
        cat "$scratch/diff"
        failed=$((failed + 1))
    fi
}

# The names that examples take as given.
given() {
    cat <<'END'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tdrest.h>
#define GIVEN \
    tdrest_conn *conn = NULL; tdrest_options *options = NULL; tdrest_lines *lines = NULL; tdrest_result *res = NULL; const tdrest_block *block = NULL; \
    const tdrest_error *err = NULL; const tdrest_column *column = NULL; tdrest_sql_statement st = TDREST_SQL_STATEMENT_INIT; \
    tdrest_decimal decimal = {0, 0, 0, 0}; tdrest_call call = TDREST_CALL_INIT; char why[512] = "", text[512] = ""; \
    const char *ts = NULL, *text_out = NULL, *script = ""; const void *bytes = NULL; size_t n = 0, pos = 0; double amps = 0; \
    int rc = 0, flag = 0, precision = 0, code = 0; int64_t number = 0, when = 0, affected = 0, rows = 0; uint64_t unumber = 0; \
    tdrest_stmt *stmt = NULL; const tdrest_row_range *range = NULL; tdrest_pool *pool = NULL; tdrest_pool_counts counts = TDREST_POOL_COUNTS_INIT; \
    struct ArrowArrayStream stream; struct ArrowSchema schema; struct ArrowArray batch; \
    tdrest_error error = TDREST_ERROR_INIT; tdrest_async *async = NULL; tdrest_request *request = NULL; int job = 0, loop = 0, fd = 0; \
    const char *data = ""; tdrest_async_callbacks callbacks = TDREST_ASYNC_CALLBACKS_INIT; tdrest_async_hooks hooks = TDREST_ASYNC_HOOKS_INIT; \
    tdrest_writer *writer = NULL; tdrest_writer_counts totals = TDREST_WRITER_COUNTS_INIT;
#define USED \
    (void)conn; (void)options; (void)lines; (void)res; (void)block; (void)err; (void)column; (void)st; (void)decimal; (void)call; (void)why; \
    (void)text; (void)ts; (void)text_out; (void)script; (void)bytes; (void)n; (void)pos; (void)amps; (void)rc; (void)flag; \
    (void)async; (void)request; (void)job; (void)loop; (void)fd; (void)data; (void)callbacks; (void)hooks; (void)writer; (void)totals; \
    (void)precision; (void)code; (void)number; (void)when; (void)affected; (void)rows; (void)unumber; \
    (void)stmt; (void)range; (void)pool; (void)counts; (void)error; (void)stream; (void)schema; (void)batch;
void on_log(void *context, int level, const char *message);
int on_entry(void *context, const tdrest_spool_entry *entry);
END
}

# The ```c blocks of the README that are no program: what stands within a function.
readme_blocks() {
    given
    awk -v file="$readme" '
        /^```/ && inside { inside = 0; if (text !~ /int main\(/) { n++; print "void block_" n "(void);\nvoid block_" n "(void)\n{\n    GIVEN USED\n{\n" text "}\n}" } next }
        inside { text = text $0 "\n" }
        /^```c$/ { inside = 1; text = "#line " NR + 1 " \"" file "\"\n" }
        END {exit n == 0}' "$readme" || echo '#error "no block"'
}

# Each example line is a function of its own.
example_lines() {
    given
    awk -v file="$header" 'sub(/^ \* Example: /, "") {
        print "void example_" NR "(void);\nvoid example_" NR "(void)\n{\n    GIVEN USED\n#line " NR " \"" file "\"\n    " $0 "\n}"; n++
    } END {exit n == 0}' "$header" || echo '#error "no example"'
}

check() {
    header_alone >"$scratch/alone.c"
    example_lines >"$scratch/lines.c"
    header_program >"$scratch/program.c"
    grep -q 'int main(' "$scratch/program.c" || echo '#error "no program"' >"$scratch/program.c"
    compile "$header" $CC -std=c99 -x c <"$scratch/alone.c"
    compile "$header" $CC -std=c11 -x c <"$scratch/alone.c"
    compile "$header" $CXX -std=c++11 -x c++ <"$scratch/alone.c"
    compile "the program of $header" $CC -std=c99 -x c <"$scratch/program.c"
    compile "the program of $header" $CC -std=c11 -x c <"$scratch/program.c"
    compile "an example of $header" $CC -std=c99 -Wno-unused -Wno-unused-value -x c <"$scratch/lines.c"
    readme_blocks >"$scratch/blocks.c"
    compile "a block of $readme" $CC -std=c99 -Wno-unused -x c <"$scratch/blocks.c"
    i=1
    while readme_program "$i" >"$scratch/readme.c" && [ -s "$scratch/readme.c" ]; do
        compile "program $i of $readme" $CC -std=c99 -x c <"$scratch/readme.c"
        compile "program $i of $readme" $CC -std=c11 -x c <"$scratch/readme.c"
        i=$((i + 1))
    done
    [ "$i" -gt 1 ] || { echo "no program in $readme"; failed=$((failed + 1)); }
    readme_program 1 | sed 1d >"$scratch/first.c"
    sed 1d "$scratch/program.c" >"$scratch/other.c"
    same "$header"
    sed 1,3d "$top/examples/00_first.c" >"$scratch/other.c"
    same examples/00_first.c
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}

# Each change to the header or the README, a sed script, must be noticed.
self_test() {
    real_header=$header real_readme=$readme
    header=$scratch/tdrest.h readme=$scratch/README.md
    for change in 's/^ \* Example: rc = tdrest_options_new(/&1, /' '/^ \* Example:/d' 's/^ \* \(  *\)const char \*ts;/ * \1/' 's/@code/@cod/' \
        's/#ifdef __cplusplus/#if 0/' 's/int main(int argc/&, int/' '/^```c$/d' 's/^rc = tdrest_stmt_new(/&1, /' \
        's/printf("%g/printf("%s/'; do
        sed "$change" "$real_header" >"$header"
        sed "$change" "$real_readme" >"$readme"
        if (check) >/dev/null 2>&1; then
            echo "not noticed: $change"
            return 1
        fi
    done
}

scratch=$(mktemp -d "${TMPDIR:-/tmp}/tdrest-examples.XXXXXX") || exit 2
trap 'rm -rf "$scratch"' EXIT
top=$(cd "$(dirname "$0")/../.." && pwd) || exit 2
header=$top/include/tdrest.h readme=$top/README.md
case ${1-} in
--self-test) self_test ;;
*)
    header=${1-$header} readme=${2-$readme}
    check
    ;;
esac
