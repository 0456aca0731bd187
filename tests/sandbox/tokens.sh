#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# What the server makes of a statement's bytes before it has a meaning: capitals, quotes, comments, semicolons, NUL, white space, lengths.
# Prints each failure and "N passed, N failed". Usage: tests/sandbox/tokens.sh [DIRECTORY_OF_PROGRAMS]
set -u
programs=$(cd "${1:-build}" && pwd) || exit 2
cd "$(dirname "$0")/../.." || exit 2
. tests/server/start.sh
. tests/server/answers.sh
trap 'sandbox_stop' EXIT
trap 'exit 130' INT TERM
sandbox_start "$programs" --quiet || exit 2

# bytes KIND EXPECTED FORMAT: answers of what printf makes, which may hold a NUL.
bytes() {
    answer=$(printf "$3" | curl -sS --max-time 20 -u root:taosdata --data-binary @- "$sandbox_address$path")
    same "$(printf '%.200s' "$3")" "$1$tab$2" "$(essence "$1" "$answer")"
}

# many COUNT TEXT: the text so many times.
many() { awk -v count="$1" -v text="$2" 'BEGIN {for (i = 0; i < count; i++) printf "%s", text}'; }

# ---- capitals: folded outside quotes by a pass that knows no comments ----
bytes ok '[["ABC","def"]]' "select 'ABC' -- don't\n, 'DEF'"
bytes ok '[["ABC","def"]]' "select 'ABC' /* don't */, 'DEF' -- '"
answers typed "[[\"'ABC'\",\"VARCHAR\",3],[\"ghi\",\"VARCHAR\",3],[\"Jkl\",\"BIGINT\",8]] [[\"ABC\",\"Def\",1]]" "select 'ABC', 'Def' AS Ghi, 1 AS \`Jkl\`"
answers typed '[["A\\","BIGINT",8],["b","BIGINT",8],["XY","BIGINT",8]] [[1,2,3]]' 'select 1 as `A\`, 2 as `B`, 3 as XY'
answers typed '[["A\\\\","BIGINT",8],["B","BIGINT",8],["xy","BIGINT",8]] [[1,2,3]]' 'select 1 as `A\\`, 2 as `B`, 3 as XY'
# ---- quotes ----
bytes ok '[["it'"'"'s","a\"b","a\nb","a\nb0\\x41\\%\\_q"]]' "select 'it''s', \"a\"\"b\", 'a\\\\\nb', 'a\\\\nb\\\\0\\\\x41\\\\%%\\\\_\\\\q'"
answers 2600 'syntax error near \"'"'b'"'\"' "select 'a' 'b'"
answers 2600 'unrecognized token: \"'"'abc\\\\"'\"' "select 'abc\\"
# ---- comments, semicolons ----
answers ok '[[7]]' 'select 7--5'
answers ok '[[12]]' 'select 7- -5'
answers ok '[[1]]' 'select 1; nonsense'
answers 2600 'syntax error near \";select 1\"' ';select 1'
answers ok '[[1]]' 'select 1 /* to the end'
answers ok '[[1]]' 'select /*+ hint */ 1'
answers 2600 'unrecognized token: \"# x\"' 'select 1 # x'
answers 2600 'syntax error near \"/ x\"' 'select 1 // x'
# ---- a NUL ends the text ----
bytes ok '[[1]]' "select 1\\000'nonsense"
bytes 2601 'Incomplete SQL statement' '\000select 1'
bytes 2600 "unrecognized token: \\\"'a\\\"" "select 'a\\000b'"
# ---- white space: around the body that of Unicode, between tokens that of C but VT ----
bytes ok '[[1,2]]' '\302\240\343\200\200select\t1\f,\r\n2 \302\205'
bytes 2600 'unrecognized token: \"\u000b1\"' 'select\0131'
bytes 2600 "$(printf 'syntax error near \\"\357\273\277select 1\\"')" '\357\273\277select 1'
# ---- lengths ----
answers ok '[[0]]' 'create database d'
answers ok '[[0]]' 'create table d.v (ts timestamp, v varchar(65517))'
answers ok '[[0]]' 'create table d.b (ts timestamp, b varbinary(65517))'
answers ok '[[1]]' "insert into d.v values (now, '$(many 65517 a)')"
answers 2653 'Value too long for column/tag: v' "insert into d.v values (now, '$(many 65518 a)')"
answers 2653 'Value too long for column/tag: v' "insert into d.v values (now, '$(many 65528 a)')"
answers 0216 "syntax error near ''$(many 62 a)' (too long string)" "insert into d.v values (now, '$(many 65529 a)')"
bytes ok '[[1]]' "insert into d.v values (now + 1s, '$(many 32764 '\\\\\\\\')')"
bytes 0216 "syntax error near ''$(many 62 '\\\\')' (too long string)" "insert into d.v values (now + 2s, '$(many 32765 '\\\\\\\\')')"
answers ok '[[65517],[32764]]' 'select length(v) from d.v'
answers ok '[[1]]' "insert into d.b values (now, '\\x$(many 65517 00)')"
answers 2653 'Value too long for column/tag: b' "insert into d.b values (now, '\\x$(many 65518 00)')"
answers ok '[[65535]]' "select length('$(many 65535 a)')"
answers ok '[[0]]' "select length('$(many 65536 a)')"
answers ok '[[3392]]' "select length('$(many 200000 a)')"
answers 0219 'SQL statement too long' " select 1/*$(many 1048567 x) "
answers ok '[[1]]' " select 1/*$(many 1048566 x) "

sum_up
