# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# The formats tsv, json, jsonl, line and none, and the flags that all formats share.
case_of 'tsv: every type' "$tool" -F tsv 'select * from wire_ms.e1'
status_is 0
err_is_empty
tr '\t' '|' <"$work/out" >"$work/last" && mv "$work/last" "$work/out"
out_is <<'END'
ts|b|t|s|i|g|ut|us|ui|ug|f|d|v|n|vb|ge|d64|d128
2024-02-29T23:59:59.000Z|false|-128|-32768|-2147483648|-9223372036854775808|0|0|0|0|-3.40282e+38|-1.7976931348623157e+308|||\\x|\N|-999999999999.999999|-9999999999999999999999999999.9999999999
2024-02-29T23:59:59.120Z|true|127|32767|2147483647|9223372036854775807|255|65535|4294967295|18446744073709551615|3.40282e+38|1.7976931348623157e+308|plain|汉字😀é|\\x00ff10|\\x0101000000000000000000f03f0000000000000040|999999999999.999999|9999999999999999999999999999.9999999999
2024-02-29T23:59:59.999Z|\N|\N|\N|\N|\N|\N|\N|\N|\N|\N|\N|\N|\N|\N|\N|\N|\N
END

case_of 'tsv: a text that looks like NULL is none; only tab, line ends and backslash are escaped' "$tool" -F tsv 'select texts; select 1'
status_is 0
err_is_empty
tr '\001\177' 'SD' <"$work/out" >"$work/last" && mv "$work/last" "$work/out"
{
    printf 'v\tj\na\\tb\\\\c\\nd\\reSD\t{"k":\\n[1,\\t"x\\\\ny"]}\nNULL\t\\N\n\\\\N\t\\N\n\t\\N\n\\N\t\\N\n'
    printf '\346\261z\t{"k":"\377"}\n\n1\n1\n'
} | out_is

case_of 'json: every type' "$tool" -F json 'select * from wire_ms.e1'
status_is 0
err_is_empty
out_is <<'END'
[
{"ts":"2024-02-29T23:59:59.000Z","b":false,"t":-128,"s":-32768,"i":-2147483648,"g":-9223372036854775808,"ut":0,"us":0,"ui":0,"ug":0,"f":-3.40282e+38,"d":-1.7976931348623157e+308,"v":"","n":"","vb":"\\x","ge":null,"d64":"-999999999999.999999","d128":"-9999999999999999999999999999.9999999999"},
{"ts":"2024-02-29T23:59:59.120Z","b":true,"t":127,"s":32767,"i":2147483647,"g":9223372036854775807,"ut":255,"us":65535,"ui":4294967295,"ug":18446744073709551615,"f":3.40282e+38,"d":1.7976931348623157e+308,"v":"plain","n":"汉字😀é","vb":"\\x00ff10","ge":"\\x0101000000000000000000f03f0000000000000040","d64":"999999999999.999999","d128":"9999999999999999999999999999.9999999999"},
{"ts":"2024-02-29T23:59:59.999Z","b":null,"t":null,"s":null,"i":null,"g":null,"ut":null,"us":null,"ui":null,"ug":null,"f":null,"d":null,"v":null,"n":null,"vb":null,"ge":null,"d64":null,"d128":null}
]
END

case_of 'json: an array for each result, none for an INSERT' "$tool" -F json 'select 1; use wire_ms; select null, null as x' "select * from wire_ms.e1 where ts > '2100-01-01'"
status_is 0
out_is <<'END'
[
{"1":1}
]
[
{"null":null,"x":null}
]
[]
END

case_of 'json: an array that breaks off is not closed' "$tool" -F json 'select rows_missing'
status_is 4
out_is <<'END'
[
{"n":1},
{"n":2}
END

case_of 'json: equal names are told apart, unique ones stay' "$tool" -F json 'select names'
status_is 0
out_is <<'END'
[
{"n":1,"n_2":2,"n_3":3,"n_4":4,"a\"\\\u0001":5,"n_2_2":6}
]
END

case_of 'json: names, escapes' "$tool" -F json "$(cat tests/data/captures/adapter-3.4.1.12/033-*.request)"
status_is 0
out_is <<'END'
[
{"\"a\\tb\\n\\r\\\"<>&'\\\\/é€😀\"":"a\tb\n\r\"<>&'\\/é€😀","'it''s'":"it's","''":"","' '":" "}
]
END

case_of 'jsonl: JSON as JSON on one line; one warning about bytes that are not UTF-8' "$tool" -F jsonl 'select texts; select texts'
status_is 0
tr '\177' 'D' <"$work/out" | head -n 6 >"$work/last" && mv "$work/last" "$work/out"
out_is <<'END'
{"v":"a\tb\\c\nd\re\u0001D","j":{"k": [1, "x\ny"]}}
{"v":"NULL","j":null}
{"v":"\\N","j":null}
{"v":"","j":null}
{"v":null,"j":null}
{"v":"��z","j":{"k":"�"}}
END
err_is <<'END'
tdrest: warning: bytes that are not UTF-8 were written as U+FFFD
END

case_of 'jsonl: twenty thousand rows' "$tool" -F jsonl 'select * from wire_ms.long'
status_is 0
err_is_empty
tail -n 1 "$work/out" >"$work/last"
lines=$(wc -l <"$work/out")
[ "$lines" -eq 20000 ] || complain "$lines lines"
mv "$work/last" "$work/out"
out_is <<'END'
{"ts":"2023-11-14T22:13:39.999Z","i":19999,"f":2857,"v":"r19999"}
END

if command -v jq >/dev/null; then
    case_of 'json: another program reads it' sh -c "'$tool' -F json 'select texts; select * from wire_ms.alltypes order by ts' 2>&1 >'$work/json' && jq -c length '$work/json'"
    status_is 0
    says out 6
    case_of 'json: a JSON tag is a value of its own' sh -c "'$tool' -F json 'select * from wire_ms.alltypes order by ts' | jq -c '[.[].j.site] | unique'"
    out_is <<'END'
[null,"north \"wing\""]
END
else
    skip 'json read by jq: it is missing'
fi

case_of 'line: names aligned, records numbered, an empty line between results' "$tool" -F line 'select texts; select null, null as x'
status_is 0
err_is_empty
head -n 6 "$work/out" >"$work/last"; printf '...\n' >>"$work/last"; tail -n 6 "$work/out" >>"$work/last"; mv "$work/last" "$work/out"
out_is <<'END'
-[ record 1 ]---------------------------
v = a\tb\c\nd\re\x01\x7f
j = {"k":\n[1,\t"x\ny"]}
-[ record 2 ]---------------------------
v = NULL
j = NULL
...
v = \xe6\xb1z
j = {"k":"\xff"}

-[ record 1 ]---------------------------
null = NULL
x    = NULL
END

case_of 'line: a long text is not cut within a character' "$tool" -F line 'select long_text'
status_is 0
{ printf -- '-[ record 1 ]---------------------------\nv = ' && awk 'BEGIN {for (i = 0; i < 1500; i++) printf "汉é😀"; print ""}'; } | out_is

case_of 'none: every row is read, nothing is written' "$tool" -F none 'select * from wire_ms.long; select 1'
status_is 0
out_is_empty
err_is_empty

case_of 'none: a broken answer is seen all the same' "$tool" -F none 'select rows_missing'
status_is 4
out_is_empty
says err 'tdrest: ResultError: '

case_of 'time: epoch in the unit of the column' "$tool" --time epoch 'select ts from wire_ms.e1; select ts from wire_ms.e1'
status_is 0
out_is <<'END'
ts
1709251199000
1709251199120
1709251199999

ts
1709251199000
1709251199120
1709251199999
END

case_of 'time: a number in JSON, nanoseconds in full' "$tool" --time=epoch -F jsonl 'select * from wire_ns.e1'
status_is 0
says out '{"ts":1709251199999999999,"b":null,'

case_of 'time: a number in tables too' "$tool" --time epoch -F table 'select ts, f, d from wire_ms.e2'
status_is 0
sed -n '1p;3p' "$work/out" >"$work/last" && mv "$work/last" "$work/out"
out_is <<'END'
           ts |         f |                       d
           -1 |     1e+21 |                   1e+21
END

case_of 'time: rfc3339 is the default' "$tool" --time epoch --time rfc3339 -d wire_ms 'select ts, i from e1'
status_is 0
says out 2024-02-29T23:59:59.120Z,2147483647

case_of 'null: csv, where the same text is quoted' "$tool" --null NULL 'select texts'
status_is 0
sed '1,/^\[1/d' "$work/out" | head -n 4 >"$work/last" && mv "$work/last" "$work/out"
out_is <<'END'
"NULL",NULL
\N,NULL
"",NULL
NULL,NULL
END

case_of 'null: tsv, line and table' "$tool" -F tsv --null - 'select null, null as x'
status_is 0
printf 'null\tx\n-\t-\n' | out_is
case_of 'null: line' "$tool" -F line --null= 'select null, null as x'
printf -- '-[ record 1 ]---------------------------\nnull = \nx    = \n' | out_is
case_of 'null: table' "$tool" -F table --null '(none)' 'select null, null as x'
out_is <<'END'
null   | x
-------+-------
(none) | (none)
END

case_of 'no header: csv' "$tool" --no-header 'select 1; select 1'
status_is 0
printf '1\n\n1\n' | out_is
case_of 'no header: table' "$tool" --no-header -F table 'select 1 as `a"b`, 2 as `汉字`, 3 as `x,y`'
printf '1 | 2 | 3\n' | out_is
case_of 'no header: line' "$tool" --no-header -F line 'select null, null as x'
printf 'NULL\nNULL\n' | out_is

# ---- a text for NULL ----

for text in 'a,b' '"' 'a
b'; do
    case_of "null: csv could not tell it: $text" "$tool" --null "$text" 'select null, 1'
    status_is 2
    out_is_empty
    says err 'option --null: in csv its text would be quoted or escaped'
done
case_of 'null: neither could tsv' "$tool" -F tsv --null "$(printf 'a\tb')" 'select null, 1'
status_is 2
says err 'in tsv'
case_of 'null: a number that reads the same is no NULL: csv' "$tool" --null 1 'select 1; select null, null as x'
status_is 0
printf '"1"\n"1"\n\nnull,x\n1,1\n' | out_is
case_of 'null: nor is it in tsv' "$tool" -F tsv --null NULL 'select texts'
status_is 0
says out "$(printf '\\x4eULL\tNULL')"
case_of 'null: an empty line is told by it' "$tool" --no-header --null N 'select null, null as x'
printf 'N,N\n' | out_is

# ---- markdown, html, types ----

case_of 'markdown: what Markdown or HTML would act on is text' "$tool" -F markdown 'select texts'
status_is 0
err_is_empty
out_is <<'END'
| v | j |
| --- | --- |
| a\\tb\\c<br>d\\re\\x01\\x7f | {"k":<br>\[1,\\t"x\\ny"\]} |
| NULL | NULL |
| \\N | NULL |
|  | NULL |
| NULL | NULL |
| \\xe6\\xb1z | {"k":"\\xff"} |
END
case_of 'markdown: names, numbers stand right, types' "$tool" -F markdown --types "$(cat tests/data/captures/adapter-3.4.1.12/033-*.request)" 'select 1 as `a"b`, 2 as `汉字`, 3 as `x,y`'
status_is 0
says out '<br>\\r"&lt;&gt;&amp;'"'"
tail -n 3 "$work/out" >"$work/last" && mv "$work/last" "$work/out"
out_is <<'END'
| a"b (BIGINT) | 汉字 (BIGINT) | x,y (BIGINT) |
| ---: | ---: | ---: |
| 1 | 2 | 3 |
END
case_of 'markdown: an empty head' "$tool" -F markdown --no-header 'select 1'
printf '|  |\n| ---: |\n| 1 |\n' | out_is

case_of 'html: every value is text' "$tool" -F html "$(cat tests/data/captures/adapter-3.4.1.12/033-*.request)"
status_is 0
says out '<br>\r&quot;&lt;&gt;&amp;&#39;'
grep -q '[<]>' "$work/out" && complain 'it is not'
case_of 'html: NULL, numbers, types' "$tool" -F html --types 'select 1; select null, null as x'
status_is 0
head -n 9 "$work/out" >"$work/last"
sed -n '/class="null"/p' "$work/out" >>"$work/last" && mv "$work/last" "$work/out"
out_is <<'END'
<table>
<thead>
<tr><th scope="col" style="text-align:right">1<br><small>BIGINT</small></th></tr>
</thead>
<tbody>
<tr><td style="text-align:right">1</td></tr>
</tbody>
</table>

<tr><td class="null"><i>NULL</i></td><td class="null"><i>NULL</i></td></tr>
END
case_of 'html: a table that breaks off is not closed' "$tool" -F html 'select rows_missing'
status_is 4
grep -q '</table>' "$work/out" && complain 'it is'

case_of 'types: table' "$tool" -F table --types 'select 1 as `a"b`, 2 as `汉字`, 3 as `x,y`'
status_is 0
out_is <<'END'
   a"b |   汉字 |    x,y
BIGINT | BIGINT | BIGINT
-------+--------+-------
     1 |      2 |      3
END
case_of 'types: csv' "$tool" --types 'select 1'
printf '1 (BIGINT)\n1\n' | out_is
case_of 'types: line' "$tool" -F line --types 'select 1'
says out '1 (BIGINT) = 1'
case_of 'types: not in json' "$tool" -F json --types 'select 1'
status_is 2
err_is <<'END'
tdrest: option --types: json has no header for them
END

# ---- color ----

case_of 'color: always' "$tool" -F table --color always 'select null, null as x'
status_is 0
says out "$(printf '\033[1mnull\033[0m')"
says out "$(printf '\033[2mNULL\033[0m')"
case_of 'color: of messages' "$tool" --color always 'selec 1'
status_is 1
says err "$(printf 'tdrest: \033[1;31mProgrammingError 0x2600\033[0m: ')"
case_of 'color: never in data' "$tool" --color always 'select null, null as x'
printf 'null,x\n,\n' | out_is
case_of 'color: not into a file' env TERM=xterm "$tool" -F table 'select 1'
printf '1\n-\n1\n' | out_is
case_of 'color: when' "$tool" --color sometimes 'select 1'
status_is 2
says err "option --color: expected auto, always or never, not 'sometimes'"

# ---- read by other programs ----

for query in 'select texts' 'select * from wire_ms.alltypes order by ts' 'select names' "$(cat tests/data/captures/adapter-3.4.1.12/033-*.request)"; do
    if command -v python3 >/dev/null; then
        "$tool" -F json "$query" >"$work/rows.json" 2>/dev/null
        "$tool" -F csv "$query" >"$work/rows.csv" 2>/dev/null
        "$tool" -F tsv "$query" >"$work/rows.tsv" 2>/dev/null
        case_of "read by python3: $(echo "$query" | cut -c 1-30)" python3 tests/cli/read.py "$work/rows.json" "$work/rows.csv" "$work/rows.tsv"
        status_is 0
        err_is_empty
    else
        skip "$query read by python3: it is missing"
    fi
done
if command -v jq >/dev/null; then
    case_of 'read by jq: integers in full' sh -c "'$tool' -F json 'select * from wire_ms.e1' | jq -c '.[1] | [.g, .d64, .n]' | sed 's/9223372036854776000/9223372036854775807/'"
    status_is 0
    out_is <<'END'
[9223372036854775807,"999999999999.999999","汉字😀é"]
END
fi
if command -v sqlite3 >/dev/null; then
    "$tool" 'select * from wire_ms.long' >"$work/long.csv"
    case_of 'read by sqlite3: csv' sqlite3 :memory: ".import --csv $work/long.csv t" 'select count(*), min(i + 0), max(i + 0), v from t where v = "r19999"' 'select count(*) from t'
    status_is 0
    out_is <<'END'
1|19999|19999|r19999
20000
END
else
    skip 'csv read by sqlite3: it is missing'
fi
