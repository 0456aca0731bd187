# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# The command import, over the sandbox: what other programs write, what is refused and why, kills, and whole databases there and back.
case_of 'import: a server and tables' true
sandbox_start "$programs" --quiet || exit 2
TDREST_DSN=$sandbox_url
data=$work/import
mkdir -p "$data"
"$tool" 'create database i keep 36500' 'create table i.t (ts timestamp, i int, d double, b bool, s varchar(80))' \
    'create stable i.st (ts timestamp, k int primary key, v int, w tinyint unsigned) tags (g int, loc varchar(24))' \
    'create table i.x (ts timestamp, v int)' >"$work/out" 2>&1 || complain "$(cat "$work/out")"

# ---- what other programs write ----

written='ts,i,d,b,s
2024-01-01T00:00:00.123Z,1,0.1,true,plain
2024-01-01T00:00:01.000Z,,,false,"with ""quotes"", and
a line"
2024-01-01T00:00:02.500Z,-3,1e+300,true,""'
for file in pandas.csv sqlite3.csv postgres.csv postgres.tsv; do
    "$tool" 'delete from i.t'
    case_of "import: as written by $file" "$tool" import --table i.t "tests/data/import/$file"
    status_is 0
    says err '(3 records read: 3 stored, 0 replaced, 0 rejected, 0 unknown; '
    says err '(times from 2024-01-01T00:00:00.123Z to 2024-01-01T00:00:02.500Z'
    "$tool" 'select * from i.t' >"$work/out"
    [ "$file" = pandas.csv ] && written=${written%'""'} # pandas writes an empty text like a missing one
    [ "$file" = sqlite3.csv ] && written=$written'""'
    printf '%s\n' "$written" >"$work/written"
    out_is <"$work/written"
done

# records TEXT: text becomes the file, by printf.
records() { printf "$@" >"$data/r.csv"; }
# stores TABLE: what is there is the expected text.
stores() {
    "$tool" "select * from $1" >"$work/out"
    out_is
}

case_of 'import: a table that does not exist is named' "$tool" import --table i.nosuch tests/data/import/pandas.csv
status_is 1
says err 'Table does not exist (table nosuch)'
case_of 'import: what came through a pipe cannot be continued' sh -c "printf 'ts,v\n1700000000000,1\n1700000000001,x\n' | '$tool' import --table i.x"
status_is 1
says err '1 stored, 0 replaced, 1 rejected'
! grep -q -e --resume "$work/err" || complain "$(cat "$work/err")"
"$tool" 'delete from i.x'

records '\357\273\277"ts","v"\r\n"1700000000000",5\r\n\r\n1700000000001,\n'
case_of 'import: a byte order mark, CRLF and LF, blank lines, numbers in quotes' "$tool" import --table i.x "$data/r.csv"
status_is 0
stores i.x <<'END'
ts,v
2023-11-14T22:13:20.000Z,5
2023-11-14T22:13:20.001Z,
END
records 'v;TS\n7;1700000000000\n'
case_of 'import: another separator, columns in another order, names in capitals' "$tool" import --table i.x --delimiter ';' "$data/r.csv"
status_is 0
"$tool" 'delete from i.x where ts > 1700000000000'
stores i.x <<'END'
ts,v
2023-11-14T22:13:20.000Z,7
END
"$tool" 'delete from i.x'
case_of 'import: jsonl, through a pipe that stops in between' sh -c \
    "{ printf '{\"ts\":\"2024-01-01T00:00:00+08:00\",\"v\":'; sleep 0.1; printf '1}\n\n{\"v\":null,\"ts\":1704038400001}\n{\"ts\":1704038400002}'; } | '$tool' import -F jsonl --table i.x -"
status_is 0
stores i.x <<'END'
ts,v
2023-12-31T16:00:00.000Z,1
2023-12-31T16:00:00.001Z,
2023-12-31T16:00:00.002Z,
END
"$tool" 'delete from i.x'
records 'ts,v\n"Mar 05, 2024 12:07:09 AM +0100",1\n"Mar 05, 2024 01:07:09 PM Z",2\n'
case_of 'import: times of a form of their own' "$tool" import --table i.x --time-format '%b %d, %Y %I:%M:%S %p %z' "$data/r.csv"
status_is 0
stores i.x <<'END'
ts,v
2024-03-04T23:07:09.000Z,1
2024-03-05T13:07:09.000Z,2
END

# ---- zones ----

records 'ts,v\n2024-10-27 02:30:00,1\n2024-03-31 02:30:00,2\n2024-07-01,3\n'
for zone in UTC America/New_York; do
    "$tool" 'delete from i.x'
    case_of "import: times without an offset are the connection's, whatever TZ=$zone says" env TZ=$zone "$tool" import --timezone Europe/Berlin --max-errors 1 --table i.x "$data/r.csv"
    status_is 1
    says err "r.csv:3: column ts, TIMESTAMP, value '2024-03-31 02:30:00': a local time that does not exist"
    says err '; 2 without an offset, read as Europe/Berlin)'
    stores i.x <<'END'
ts,v
2024-06-30T22:00:00.000Z,3
2024-10-27T00:30:00.000Z,1
END
done
case_of 'import: no zone for them' "$tool" import --timezone server --table i.x "$data/r.csv"
status_is 1
says err "r.csv:2: column ts, TIMESTAMP, value '2024-10-27 02:30:00': a time without an offset, and no zone is known for it; --timezone names it"

# ---- what is refused ----

# rejects WHY LINE: a record that is refused.
rejects() {
    records 'ts,i,d,b,s\n'"$2"'\n'
    case_of "import: rejects $2" "$tool" import --time-unit s --table i.t "$data/r.csv"
    status_is 1
    says err "r.csv:2: $1"
    says err '(1 record read: 0 stored, 0 replaced, 1 rejected, 0 unknown; '
}
rejects '1 field, 5 expected' '1'
rejects '6 fields, 5 expected: a separator stands at the end of the line' '1,2,3,1,x,'
rejects 'a quote inside an unquoted field: expected quotes around the field, and two for each in it' '1,2,3,1,5" pipe'
rejects 'text after a closing quote: expected a separator or the end of the line' '1,2,3,1,"a"b'
rejects 'a quote opens here and is never closed' '1,2,3,1,"a'
rejects 'a CR without LF' '1,2,3,1,a\rb'
rejects "column i, INT, value '1.5': not an integer" '1,1.5,3,1,x'
rejects "column i, INT, value '1e3': not an integer" '1,1e3,3,1,x'
rejects "column i, INT, value '': not an integer" '1,"",3,1,x'
rejects "column i, INT, value '2147483648': expected a number within its range" '1,2147483648,3,1,x'
rejects "column i, INT, value '99999999999999999999': a number that is too large" '1,99999999999999999999,3,1,x'
rejects "column i, INT, value '1,5': a decimal comma" '1,"1,5",3,1,x'
rejects "column d, DOUBLE, value '1.000,92': a decimal comma" '1,2,"1.000,92",1,x'
rejects "column d, DOUBLE, value '1e400': a number that is too large" '1,2,1e400,1,x'
rejects "column d, DOUBLE, value 'NaN': not a number" '1,2,NaN,1,x'
rejects "column d, DOUBLE, value '0x10': not a number" '1,2,0x10,1,x'
rejects "column b, BOOL, value 'yes': neither true nor false" '1,2,3,yes,x'
rejects "column s, VARCHAR(80), value 'a\x00b': " '1,2,3,1,a\0b'
rejects "column s, VARCHAR(80), value '$(printf '%063d' 0)…': expected at most its declared length in bytes" "1,2,3,1,$(printf '%081d' 0)"
rejects 'column ts, TIMESTAMP: expected a time' ',2,3,1,x'
rejects "column ts, TIMESTAMP, value '2023-02-29T00:00:00Z': a day that does not exist" '2023-02-29T00:00:00Z,2,3,1,x'
rejects "column ts, TIMESTAMP, value '2023-02-28T24:00:00Z': a time of the day that does not exist" '2023-02-28T24:00:00Z,2,3,1,x'
rejects "column ts, TIMESTAMP, value '2023-02-28T00:00:00.0001Z': more than 3 fractional digits: the database keeps milliseconds" '2023-02-28T00:00:00.0001Z,2,3,1,x'
rejects "column ts, TIMESTAMP, value 'yesterday': not a time" 'yesterday,2,3,1,x'
rejects "column ts, TIMESTAMP, value '9223372036854775807': a time that the database cannot hold" '9223372036854775807,2,3,1,x'

"$tool" 'create table i.h (ts timestamp, h varbinary(4))'
records 'ts,h\n1,\\x0\n2,\\x0g\n3,\\x0102030405\n4,\\x01020304\n'
case_of 'import: rejects bytes' "$tool" import --time-unit s --max-errors 9 --table i.h "$data/r.csv"
status_is 1
says err "r.csv:2: column h, VARBINARY(4), value '\\x0': \\x with half a byte: expected two hexadecimal digits for each"
says err "r.csv:3: column h, VARBINARY(4), value '\\x0g': \\x with something other than hexadecimal digits"
says err "r.csv:4: column h, VARBINARY(4), value '\\x0102030405': expected at most its declared length in bytes"
says err '(4 records read: 1 stored, 0 replaced, 3 rejected, 0 unknown; '

# A quote in the middle of lines that are good costs its line.
records 'ts,i,d,b,s\n1,1,1,1,"a\nb\nc"\n2,1,1,1,"\n3,1,1,1,x\n4,1,1,1,"y"\n5,x,1,1,z\n'
case_of 'import: a lost quote costs its line, and lines are counted as they stand in the file' "$tool" import --time-unit s --max-errors 9 --table i.t "$data/r.csv"
status_is 1
says err 'r.csv:7: text after a closing quote'
says err "r.csv:8: column i, INT, value 'x': not an integer"
says err '(5 records read: 3 stored, 0 replaced, 2 rejected, 0 unknown; '

# header_is_refused TEXT HEADER
header_is_refused() {
    records "$2"'\n1,2\n'
    case_of "import: header $2" "$tool" import --table i.x "$data/r.csv"
    status_is 2
    says err "r.csv:1: $1"
}
header_is_refused "no column for 'speed '; the file has: ts, speed ; table x has: ts, v" 'ts,speed '
header_is_refused "twice in the header: 'V'" 'ts,v,V'
header_is_refused "the header lacks 'ts'" 'v'
header_is_refused "the header has ';': --delimiter ';'" 'ts;v'
header_is_refused 'the header has tabs: -F tsv' 'ts\tv'
case_of 'import: an empty file' sh -c "'$tool' import --table i.x - </dev/null"
status_is 2
says err 'it is empty, without even a header'
case_of 'import: gzip' sh -c "printf 'ts,v\n' | gzip | '$tool' import --table i.x -"
status_is 2
says err 'gunzip -c FILE'
printf '{"ts":1700000000001,"v":1}\n' | gzip >"$data/r.jsonl.gz"
case_of 'import: a compressed file' "$tool" import --table i.x "$data/r.jsonl.gz"
status_is 2
says err "tdrest: $data/r.jsonl.gz: it is compressed with gzip; gunzip -c FILE | tdrest ... reads it"
case_of 'import: the pipe that help names' sh -c "gunzip -c '$data/r.jsonl.gz' | '$tool' import -F jsonl --table i.x -"
status_is 0
says err '(1 record read: 1 stored, '
"$tool" 'delete from i.x'
records 'ts,v\n1700000000,1\n'
case_of 'import: seconds into milliseconds' "$tool" import --table i.x "$data/r.csv"
status_is 2
says err 'r.csv:2: 1700000000 would be 1970-01-20T16:13:20.000Z; --time-unit tells the unit of such numbers'
for words in 'import --table i.x --using i.st f' 'import f' 'import --table i.st tests/data/import/pandas.csv' 'import --using i.x tests/data/import/pandas.csv' 'import --table i.x --tags g f' \
    'import --table i.x -F json f' 'import --table i.x --delimiter xx f' 'import --table i.x --max-errors x f' 'import --table i.x nosuchfile' 'import tests' 'import --table i.x --resume -'; do
    case_of "import: usage: $words" "$tool" $words
    status_is 2
done
case_of 'import: another format' "$tool" import --table i.x -F json f
status_is 2
says err 'tdrest: import reads csv, tsv or jsonl, not json'
case_of 'import: a folder that is not there' "$tool" import nosuchfolder
status_is 2
same_as err <<'END'
tdrest: nosuchfolder: No such file or directory
END
case_of 'import: a file without a table' "$tool" import tests/data/import/pandas.csv
status_is 2
says err 'import needs --table TABLE or --using STABLE, or a folder that export wrote'
case_of 'import: a delimiter' "$tool" import --table i.x --delimiter xx "$data/r.csv"
status_is 2
says err "tdrest: option --delimiter: expected one character, other than a quote or a line end, not 'xx'"
long=$(printf '%0193d' 0)
for table in "$long" 'a\b'; do
    for command in "import --table i.$table -" "export i.$table"; do
        case_of "import: no name of a table: $command" "$tool" $command
        status_is 2
        says err "tdrest: table '$table': expected a name of 1 to 192 bytes, without backslash"
    done
done
for key in tbname who; do
    case_of "import: jsonl without a child table: $key" sh -c "echo '{\"ts\":1,\"k\":1}' | '$tool' import -F jsonl --using i.st --table-column $key -"
    status_is 1
    says err "tdrest: standard input:1: no key names the child table: expected '$key'"
done
deep=$(printf '%070d' 0 | tr 0 '[')
case_of 'import: jsonl, each fault on its line' sh -c "printf '%s\n' '{\"ts\":1,\"v\":9007199254740993}' '{\"ts\":1,\"v\":1,\"v\":2}' '{\"ts\":1} x' '{\"ts\":1,\"v\":\"\\ud800\"}' '[1]' '{\"ts\":1,\"z\":1}' '{\"v\":1}' '{\"ts\":1,\"v\":{}}' \
    '{\"ts\":1,\"v\":1' '{\"ts\":01}' '7' '{\"ts\":\"\q\"}' '{\"ts\":\"	\"}' '{\"ts\":$deep}' | '$tool' import --time-unit s --max-errors 99 -F jsonl --table i.x -"
status_is 1
sed -n 's/^tdrest: standard input://p' "$work/err" >"$work/out"
out_is <<'END'
1: column v, INT, value '9007199254740993': expected a number within its range
2: a key that occurs twice: 'v'
3: text after the object: expected one object per line
4: an unpaired surrogate
5: an array; jq -c '.[]' makes lines of it
6: a key that the table has no column for: 'z'
7: column ts, TIMESTAMP: expected a time: the first column of a table is never NULL
8: column v, INT, value '{}': not an integer
9: an object that is not closed on its line
10: not a JSON value: expected a text in quotes, a number without leading zeros, true, false, null, an object or an array
11: not an object: expected {"column": value, ...} on each line
12: not an escape of JSON: expected \" \\ \/ \b \f \n \r \t or \uHHHH
13: a control character within a string: expected its escape, such as \t
14: brackets nested more than 64 deep
END

# Numbers of up to six digits come back as they were written, whichever way they were read.
"$tool" 'create table i.r (ts timestamp, f float, d double, w double)'
awk 'BEGIN {print "ts,f,d,w"; for (i = 1; i <= 3000; i++) {
    x = sprintf("%s%d.%d%d", i % 5 == 0 ? "-" : "", i % 1000, i % 97, i % 9 + 1)
    printf "%d,%s,%s,%s\n", i, x, x, sprintf("%s%d%06d.%d%d", i % 7 == 0 ? "-" : "", i % 1000 + 1, i * 7 % 1000, i % 10, i % 9 + 1)
}}' >"$data/reals.csv"
case_of 'import: numbers with fractions, as they were' "$tool" import --table i.r --time-unit ms "$data/reals.csv"
status_is 0
"$tool" export i.r --time epoch >"$work/out" 2>/dev/null
cmp "$work/out" "$data/reals.csv" || complain "they differ: $(diff "$work/out" "$data/reals.csv" | head -n 4)"
printf 'ts,f,d\n1,16777217,9007199254740993\n2,-0,-0.0\n3,.5,5.\n4,0.1,0.3\n5,1e22,1e-5\n6,16777216,123456789012345\n7,+1.5,00.50\n' >"$data/reals.csv"
case_of 'import: numbers at the ends of what is exact' "$tool" import --table i.r --time-unit ms "$data/reals.csv"
status_is 0
"$tool" --no-header --time epoch 'select ts, f, d from i.r where ts <= 7' >"$work/out"
out_is <<'END'
1,16777216,9007199254740992
2,-0,-0
3,0.5,5
4,0.1,0.3
5,1e+22,0.00001
6,16777216,123456789012345
7,1.5,0.5
END

# ---- keys that come again, child tables ----

"$tool" 'delete from i.x'
{ echo ts,v; awk 'BEGIN {for (i = 1; i <= 3000; i++) print "1700000000000," (i == 2999 ? "" : i); print "1700000000001,5"; print "1700000000001,"}'; } >"$data/same.csv"
case_of 'import: one key 3,000 times: the last one wins, and NULL erases' "$tool" import --table i.x "$data/same.csv"
status_is 0
says err '(3002 records read: 2 stored, 3000 replaced, 0 rejected, 0 unknown; '
stores i.x <<'END'
ts,v
2023-11-14T22:13:20.000Z,3000
2023-11-14T22:13:20.001Z,
END
records 'w,who,loc,ts,k\n1,Ab c,"it'\''s",1,1\n,Ab c,"it'\''s",1,1\n2,d/e,,1,1\n255,d/e,,1,2\n256,d/e,,1,3\n1,x.y,,1,1\n'
case_of 'import: child tables, made with their tags' "$tool" import --using i.st --table-column who --tags loc --time-unit s --reject "$data/bad.csv" "$data/r.csv"
status_is 1
says err '(6 records read: 3 stored, 1 replaced, 2 rejected, 0 unknown; '
"$tool" 'select tbname, * from i.st order by ts, tbname, k' >"$work/out"
out_is <<'END'
tbname,ts,k,v,w,g,loc
Ab c,1970-01-01T00:00:01.000Z,1,,,,it's
d/e,1970-01-01T00:00:01.000Z,1,,2,,
d/e,1970-01-01T00:00:01.000Z,2,,255,,
END
cat "$data/bad.csv" >"$work/out"
out_is <<'END'
w,who,loc,ts,k
256,d/e,,1,3
1,x.y,,1,1
END
sed "s|$data/||" "$data/bad.csv.reasons" >"$work/out"
out_is <<'END'
r.csv:6: column w, TINYINT UNSIGNED, value '256': expected a number within its range
r.csv:7: column who, name of a table, value 'x.y': expected 1 to 192 bytes, and neither a dot nor a backslash
END
sed 's/256/25/; s/x[.]y/d\/e/; s/,1,1$/,1,4/' "$data/bad.csv" >"$data/mended.csv"
case_of 'import: what was rejected, mended' "$tool" import --using i.st --table-column who --time-unit s "$data/mended.csv"
status_is 0
records 'ts,v\n1,1\n'
records 'ts,k,v\n1,1,1\n'
case_of 'import: no column for the child table' "$tool" import --using i.st --time-unit s "$data/r.csv"
status_is 2
says err "no column for the name of the child table (--table-column names another): 'tbname'; the file has: ts, k, v; "
records 'ts,v\n1,1\n'
case_of 'import: no column names the child table' "$tool" import --using i.st --time-unit s "$data/r.csv"
status_is 2
says err "the header lacks 'k'"

# ---- dry run, full disks, files for another table ----

case_of 'import: a dry run sends nothing' "$tool" import --dry-run --table i.x --max-errors 9 --time-unit s "$data/same.csv"
status_is 1
"$tool" 'delete from i.x'
case_of 'import: a dry run that is good' "$tool" import --dry-run --table i.x "$data/same.csv"
status_is 0
says err '(3002 records read: 3002 good, 0 rejected, none sent; '
stores i.x <<'END'
ts,v
END
records 'ts,v\n1700000000000,x\n1700000000000,1\n'
case_of 'import: rejected records that cannot be written' "$tool" import --table i.x --reject /dev/full "$data/r.csv"
status_is 4
says err '/dev/full could not be written: No space left on device'
{ echo ts,v; awk 'BEGIN {for (i = 1; i <= 3000; i++) print i ",Bob"}'; } >"$data/other.csv"
case_of 'import: a file for another table is noticed' "$tool" import --time-unit s --table i.x --reject "$data/bad.csv" "$data/other.csv"
status_is 1
says err 'the first 1000 records were all rejected; is it a file for this table?'
says err 'further rejected records are only in the file of reasons'
says err "tdrest: 1000 records: column v, INT: not an integer (first: $data/other.csv:2)"
awk 'BEGIN {print "ts,v"; for (i = 1; i <= 300; i++) print i "," (i % 3 == 0 ? "x" : i % 3 == 1 ? "1,5" : "99999999999")}' >"$data/kinds.csv"
case_of 'import: rejected records by their reasons' "$tool" import --time-unit s --table i.x --reject "$data/bad.csv" "$data/kinds.csv"
status_is 1
sed -n "s|$data/||;/(first: /p" "$work/err" >"$work/out"
out_is <<'END'
tdrest: 100 records: 3 fields, 2 expected (first: kinds.csv:2)
tdrest: 100 records: column v, INT: expected a number within its range (first: kinds.csv:3)
tdrest: 100 records: column v, INT: not an integer (first: kinds.csv:4)
END
case_of 'import: nobody listens' "$tool" -u http://127.0.0.1:1/i import --table x "$data/same.csv"
status_is 3

# ---- a kill, and going on ----

# noted FILE: waits until something of it is answered.
noted() {
    tries=0
    until [ "$(cat "$1.tdrest-import" 2>/dev/null | wc -l)" -ge 2 ] || [ $tries -ge 600 ]; do
        sleep 0.05
        tries=$((tries + 1))
    done
}

awk 'BEGIN {print "ts,v"; for (i = 0; i < 60000; i++) printf "%.0f,%d\n", 1700000000000 + i, i}' >"$data/long.csv"
case_of 'import: killed in the middle' true
"$tool" import --table i.x --rate 2000 --batch-bytes 16384 "$data/long.csv" >/dev/null 2>&1 &
killed=$!
noted "$data/long.csv"
kill -9 $killed
wait $killed 2>/dev/null
grep -q '^done' "$data/long.csv.tdrest-import" && complain 'it had ended before'
case_of 'import: --resume goes on' "$tool" import --table i.x --resume "$data/long.csv"
status_is 0
grep -q '(60000 records read' "$work/err" && complain 'it began anew'
"$tool" 'select count(*), sum(v) from i.x' --no-header >"$work/out"
out_is <<'END'
60000,1799970000
END
case_of 'import: what is finished is' "$tool" import --table i.x --resume "$data/long.csv"
status_is 0
says err '(0 records read: 0 stored, '
case_of 'import: with other options it is another import' "$tool" import --table i.x --time-unit s --resume "$data/long.csv"
status_is 2
says err 'option --resume: table or options differ from those of the first run'
echo 1800000000000,1 >>"$data/long.csv"
case_of 'import: a file that has changed is another one' "$tool" import --table i.x --resume "$data/long.csv"
status_is 2
says err 'option --resume: the file has changed since'
journal=$data/long.csv.tdrest-import
for cut in '' 'tdrest import 1 9'; do
    printf %s "$cut" >"$journal"
    case_of "import: killed before its journal had a whole line, --resume begins: '$cut'" "$tool" import --table i.x --resume "$data/long.csv"
    status_is 0
    says err '(60001 records read: 60001 stored, '
done
case_of 'import: a step that was cut off says nothing' true
head -n 1 "$journal" >"$data/journal"
printf '%s\n' "$(head -n 3 "$data/long.csv" | wc -c) 4" >>"$data/journal"
printf '%s' "$(head -n 9 "$data/long.csv" | wc -c) " >>"$data/journal"
cp "$data/journal" "$journal"
"$tool" import --table i.x --resume "$data/long.csv" >"$work/out" 2>"$work/err"
status=$?
status_is 0
says err '(59999 records read: 59999 stored, '
[ "$(tail -n +2 "$journal" | grep -vcE '^([0-9]+ [0-9]+|done)$')" -eq 0 ] && [ "$(sed -n 3p "$journal" | cut -d ' ' -f 1)" -le "$(wc -c <"$data/long.csv")" ] || complain "$(head -n 4 "$journal")"
echo something else >"$journal"
case_of 'import: a journal of something else' "$tool" import --table i.x --resume "$data/long.csv"
status_is 2
says err 'option --resume: its journal was written by another program or version'
case_of 'import: the same file again changes nothing' "$tool" import --table i.x "$data/long.csv"
status_is 0
[ ! -e "$data/long.csv.tdrest-import" ] || complain 'its journal is left'
"$tool" 'select count(*), sum(v) from i.x' --no-header >"$work/out"
out_is <<'END'
60001,1799970001
END

cat >"$work/slow.sh" <<'END'
echo ts,v
echo 1800000000000,1
echo 1800000000001,2
tries=0
until [ "$("$1" --no-header 'select count(*) from i.x')" = 2 ] || [ $tries -ge 1200 ]; do
    sleep 0.05
    tries=$((tries + 1))
done
[ $tries -ge 1200 ] || echo 1800000000002,3
END
"$tool" 'delete from i.x'
case_of 'import: what a slow pipe has brought is written before more comes' sh -c "sh '$work/slow.sh' '$tool' | '$tool' import --table i.x -"
status_is 0
says err '(3 records read: 3 stored, '

case_of 'import: progress' "$tool" import --table i.x --progress always "$data/long.csv"
status_is 0
grep -q '^[0-9]* records, [0-9]* bytes, [0-9]* records/s' "$work/err" || complain 'none'
case_of 'import: progress of a pipe has no share' sh -c "'$tool' import --table i.x --progress always - <'$data/same.csv'"
status_is 0
grep -q ' %, ' "$work/err" && complain 'it has'

# ---- where a buffer ends, and garbage ----

for offset in 0 1 2 3 4 5 6 7 8 9 10 11; do
    awk -v pad=$offset 'BEGIN {printf "ts,s\r\n1,%*s\r\n", pad + 1, "x"; for (i = 2; i < 20000; i++) printf "%d,\"a\n\"\"\"\r\n", i}' >"$data/edge.csv"
    case_of "import: line ends and quotes at each place around the end of a buffer: $offset" "$tool" import --table i.t --time-unit s --dry-run "$data/edge.csv"
    status_is 0
    says err '(19999 records read: 19999 good, 0 rejected, none sent; '
done
for kind in csv tsv jsonl; do
    awk -v kind=$kind 'BEGIN {
        count = split("\"|,|\r|\n|\\|\t|1|x|{|}|[|]|:|ts|null|\\u00|\377|.|-|e|\"ts\":1|,,,,|{\"ts\":|\\N|true", piece, "|"); seed = 7
        print kind == "csv" ? "ts,i,d,b,s" : kind == "tsv" ? "ts\ti\td\tb\ts" : "{\"ts\":1}"
        for (i = 0; i < 20000; i++) { seed = (seed * 1103 + 12345) % 65536; printf "%s", piece[seed % count + 1] }
    }' >"$data/garbage.$kind"
    case_of "import: garbage as $kind is rejected line by line" "$tool" import --table i.t --time-unit s --dry-run --max-errors 100000 "$data/garbage.$kind"
    [ "$status" -eq 1 ] || complain "exit status $status"
    sed -n 's/^(\([0-9]*\) records read: \([0-9]*\) good, \([0-9]*\) rejected, none sent; .*/\1 \2 \3/p' "$work/err" >"$work/counts"
    read -r all good bad <"$work/counts" && [ "$all" -eq $((good + bad)) ] && [ "$all" -gt 100 ] || complain "$(tail -n 3 "$work/err")"
done

# ---- several requests at a time ----

awk 'BEGIN {print "tbname,ts,k,v"; for (i = 0; i < 4000; i++) printf "p%d,%.0f,1,%s\n", i % 9, 1700000000000 + int(i / 60), (i % 7 == 0 ? "" : i)}' >"$data/many.csv"
for how in '1 16384' '8 16384' '8 262144' '1 1048576'; do
    "$tool" 'delete from i.st'
    case_of "import: the same is stored whatever --parallel and --batch-bytes are: $how" "$tool" import --using i.st --parallel "${how% *}" --batch-bytes "${how#* }" "$data/many.csv"
    status_is 0
    "$tool" 'select tbname, ts, v from i.st order by tbname, ts' >"$data/many.${how%% *}"
    [ -e "$data/many.expected" ] || cp "$data/many.1" "$data/many.expected"
    cmp "$data/many.${how%% *}" "$data/many.expected" || complain 'it differs'
done
"$tool" 'create database old keep 3650' 'create table old.x (ts timestamp, v int)'
{ echo ts,v; awk 'BEGIN {for (i = 0; i < 1000; i++) printf "%.0f,%d\n", (i == 500 ? 915148800000 : 1790000000000) + i, i}'; } >"$data/old.csv"
case_of 'import: a row that the server refuses is found among the others' "$tool" import --table old.x --reject "$data/bad.csv" "$data/old.csv"
status_is 1
if has_writer; then
    says err 'old.csv:502: DataError 0x060B: Timestamp data out of range'
    says err '(1000 records read: 999 stored, 0 replaced, 1 rejected, 0 unknown; '
    cat "$data/bad.csv" >"$work/out"
    out_is <<'END'
ts,v
915148800500,500
END
else # a statement does not halve
    says err 'DataError 0x060B: Timestamp data out of range'
    skip 'import: the bad row alone: this tdrest has no writer'
fi

"$tool" 'create table i.y (ts timestamp, v int, w int)'
sed 's/$/,1/;1s/,1$/,w/' "$data/long.csv" >"$data/changing.csv"
case_of 'import: a table whose columns change meanwhile' true
"$tool" import --table i.y --rate 2000 --batch-bytes 16384 "$data/changing.csv" >"$work/out" 2>"$work/err" &
importing=$!
noted "$data/changing.csv"
"$tool" 'alter table i.y drop column w'
wait $importing
status=$?
status_is 1
says err 'tdrest: ProgrammingError 0x2602: Invalid column name: w (line'
says err ' 0 rejected, 0 unknown, '
says err 'tdrest: to continue from there, repeat the command with --resume'
rm -f "$data/changing.csv.tdrest-import"

if env --default-signal=INT true 2>/dev/null; then
    case_of 'import: Ctrl-C, and what to do then' true
    rm -f "$data/long.csv.tdrest-import"
    sh -c 'echo $$ >"$1"; shift; exec "$@"' sh "$data/pid" env --default-signal=INT "$tool" import --table i.x --rate 2000 --batch-bytes 16384 "$data/long.csv" 2>"$work/err" &
    importing=$!
    noted "$data/long.csv"
    kill -INT "$(cat "$data/pid")"
    wait $importing
    status=$?
    status_is 130
    says err 'tdrest: to continue from there, repeat the command with --resume'
    grep -q ', 0 rejected, ' "$work/err" || complain 'no summary'
else
    skip 'import: Ctrl-C: env has no --default-signal'
fi

# ---- there and back ----

# Texts of 2,000 rows made of what is awkward: as they are, quoted, and as export writes them.
awk -v quoted="$data/awkward.csv" -v plain="$data/expected.csv" 'BEGIN {
    count = split("a|\"|,|\r|\n|\\|\t|'\''|é|#|=1+1|\\N|NULL| |\357\273\277|\177|\377|;|%|`|\\x00|--", piece, "|")
    print "ts,s" >quoted; print "ts,s" >plain
    for (i = 0; i < 2000; i++) {
        text = ""; seed = i
        for (k = i % 5; k > 0; k--) { seed = (seed * 1103 + 12345) % 65536; text = text piece[seed % count + 1] }
        double = text; gsub(/"/, "\"\"", double)
        printf "%.0f,\"%s\"\n", 1700000000000 + i, double >quoted
        printf "%.0f,%s\n", 1700000000000 + i, (text == "" || text ~ /[",\r\n]/) ? "\"" double "\"" : text >plain
    }
}'
"$tool" 'create table i.s (ts timestamp, s varchar(60))' 'create table i.s2 (ts timestamp, s varchar(60))' 'create table i.s3 (ts timestamp, s varchar(60))'
case_of 'import: 2,000 awkward texts come back as they were' "$tool" import --table i.s "$data/awkward.csv"
status_is 0
"$tool" export i.s --time epoch >"$work/out" 2>/dev/null
cmp "$work/out" "$data/expected.csv" || complain 'they differ'
case_of 'import: and as tsv' sh -c "'$tool' export i.s -F tsv | '$tool' import -F tsv --table i.s2 -"
status_is 0
"$tool" export i.s2 --time epoch >"$work/out" 2>/dev/null
cmp "$work/out" "$data/expected.csv" || complain 'they differ'
case_of 'import: and with a text for NULL that texts read like' sh -c "'$tool' export i.s --null NULL | '$tool' import --null NULL --table i.s3 -"
status_is 0
"$tool" export i.s3 --time epoch >"$work/out" 2>/dev/null
cmp "$work/out" "$data/expected.csv" || complain 'they differ'

# Every type, at its ends, NULL, in each precision; a second server takes it.
first_url=$sandbox_url first_pid=$sandbox_pid
sandbox_start "$programs" --quiet || exit 2
for unit in ms us ns; do
    "$tool" "create database all_$unit precision '$unit' keep 36500" \
        "create stable all_$unit.\`St\` (ts timestamp, b bool, i1 tinyint, i2 smallint, i4 int, i8 bigint, u1 tinyint unsigned, u2 smallint unsigned, u4 int unsigned, u8 bigint unsigned,
          f float, d double, m decimal(38,10), n decimal(5,2), v varchar(20), c nchar(10), x varbinary(8), g geometry(100), t2 timestamp) tags (tb bool, t1 int, t2_ bigint unsigned, tf float, td double, tv varchar(30), tn nchar(8), tx varbinary(8))" \
        "create stable all_$unit.sj (ts timestamp, v int) tags (j json)" \
        "insert into all_$unit.\`c 1\` using all_$unit.\`St\` tags (true, -2147483648, 18446744073709551615, 3.4028234663852886e38, 1.7976931348623157e308, 'q\"''\\\\,', '温度', '\\x00ff') values
          (-62, true, -128, -32768, -2147483648, -9223372036854775808, 0, 0, 0, 0, -3.4028234663852886e38, 1.7976931348623157e308, -9999999999999999999999999999.9999999999, -999.99, '', '', '', 'POINT(0 0)', -1)
          (1700000000123, false, 127, 32767, 2147483647, 9223372036854775807, 255, 65535, 4294967295, 18446744073709551615, 1.1754943508222875e-38, 2.2250738585072014e-308, 9999999999999999999999999999.9999999999, 999.99, 'a\"b,c\\nd', '温度é', '\\x0001feff', 'POLYGON((0 0, 1 0, 1 1, 0 0))', 1)
          (1700000000124, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null)
          (1700000000125, null, null, null, null, null, null, null, null, null, '0x1p-149', '0x0.0000000000001p-1022', 0, 0, null, null, null, null, null)" \
        "insert into all_$unit.c2 using all_$unit.\`St\` tags (null, null, null, null, null, null, null, null) (ts, f) values (0, 0.1)" \
        "create table all_$unit.j1 using all_$unit.sj tags ('{\"a\":1,\"b\":\"x\"}')" "insert into all_$unit.j1 values (1, 1)" >"$work/out" 2>&1 </dev/null
    [ -s "$work/out" ] && complain "$(cat "$work/out")"
    for format in csv tsv jsonl; do
        case_of "there and back: all_$unit as $format, export" "$tool" -d all_$unit export -F $format -o "$data/$unit.$format"
        status_is 0
        case_of "there and back: all_$unit as $format, import" env TDREST_DSN="$sandbox_url" "$tool" import "$data/$unit.$format"
        status_is 0
        says err '(6 records read: 6 stored, 0 replaced, 0 rejected, 0 unknown; '
        case_of "there and back: all_$unit as $format, the same again" env TDREST_DSN="$sandbox_url" "$tool" -d all_$unit export -F $format -o "$data/$unit.$format.back"
        status_is 0
        diff -r "$data/$unit.$format" "$data/$unit.$format.back" >"$work/out" || complain "$(head -c 2000 "$work/out")"
        env TDREST_DSN="$sandbox_url" "$tool" "drop database all_$unit"
    done
done
env TDREST_DSN="$sandbox_url" "$tool" "create database all_ms precision 'ns'"
case_of 'import: a database of another precision' env TDREST_DSN="$sandbox_url" "$tool" import "$data/ms.csv"
status_is 2
says err 'database all_ms has precision ns here; it was exported with ms'
ls "$data/ms.tsv" | grep -q tdrest-import && complain 'a journal is left in the folder'
case_of 'import: a folder that is not finished' sh -c "mv '$data/us.csv/manifest.jsonl' '$data/us.csv/manifest.jsonl.part'; '$tool' import '$data/us.csv'"
status_is 2
says err 'has no manifest.jsonl: it is not a complete export'
sandbox_stop
sandbox_url=$first_url sandbox_pid=$first_pid
sandbox_stop

# ---- the server is killed in the middle ----

case_of 'import: the server is killed and comes back' true
start_server "$programs/tdrest-sandbox" --port 0 --quiet --data "$data/server.db" || exit 2
sandbox_url=$server_url sandbox_pid=$server_pid
TDREST_DSN=$sandbox_url
"$tool" 'create database i keep 36500' 'create table i.x (ts timestamp, v int)'
rm -f "$data/long.csv.tdrest-import"
"$tool" import --table i.x --rate 30000 --batch-bytes 16384 "$data/long.csv" >"$work/out" 2>"$work/err" &
importing=$!
noted "$data/long.csv"
kill -9 "$sandbox_pid"
wait "$sandbox_pid" 2>/dev/null
port=${sandbox_url##*:}
tries=0 # a connection of somebody else's may hold the port for a moment
until start_server "$programs/tdrest-sandbox" --port "${port%%/*}" --quiet --data "$data/server.db" 2>/dev/null || [ $((tries += 1)) -gt 200 ]; do
    sleep 0.05
done
[ -n "$server_url" ] || complain 'the server does not come back'
sandbox_pid=$server_pid
wait $importing
status=$?
status_is 0
says err '(60001 records read: 60001 stored, 0 replaced, 0 rejected, 0 unknown; '
"$tool" 'select count(*), sum(v) from i.x' --no-header >"$work/out"
out_is <<'END'
60001,1799970001
END
sandbox_stop
TDREST_DSN=$replay_url
