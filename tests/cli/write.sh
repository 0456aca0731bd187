# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# The command write: recorded refusals, and files of any size into a server that keeps what it gets.
recorded=tests/data/captures/adapter-3.4.1.12

case_of 'write: lines' "$tool" -d sml write --protocol line $recorded/109-influx-ok.request
status_is 0
out_is_empty
err_is <<'END'
(2 lines, 223 bytes, T s)
END

case_of 'write: telnet, with two options' sh -c "'$tool' -d sml write --protocol telnet --ttl 7 - <$recorded/124-opentsdb-telnet-ms.request"
status_is 0
says err '(1 line, '

case_of 'write: JSON points, from standard input' sh -c "'$tool' -d sml write --protocol json <$recorded/126-opentsdb-json-ok.request"
status_is 0
says err '(2 points, '

case_of 'write: refused, JSON' "$tool" -d sml write --protocol json $recorded/129-error-opentsdb-json-missing-value.request
status_is 1
says err "tdrest: SchemalessError 0x0221: Invalid JSON format (point 1 of $recorded/129"

case_of 'write: wrong password' env TDREST_PASSWORD=wrong "$tool" --verbose -d sml write --protocol line $recorded/121-error-influx-wrong-password.request
status_is 3
says err 'tdrest: ConnectionError 0x0357: Authentication failure (line 1 of '
says err ', HTTP 500, URL/influxdb/v1/write, req_id 0x'

case_of 'write: unknown database' "$tool" -d nodb_zz write --protocol line $recorded/117-error-influx-unknown-db.request
status_is 1
says err 'tdrest: SchemalessError 0x0388: Database not exist (line 1 of '

case_of 'write: no database' "$tool" write --protocol line $recorded/109-influx-ok.request
status_is 2
same_as err <<'END'
tdrest: no database; -d names it
END

case_of 'write: nobody listens' "$tool" -u http://127.0.0.1:1/sml write --protocol line $recorded/109-influx-ok.request
status_is 3
says err 'tdrest: ConnectionError: '
says err ' (lines 1-2 of '

# ---- usage ----

case_of 'write: which protocol' "$tool" -d sml write x
status_is 2
err_is <<'END'
tdrest: write needs --protocol line, telnet or json
END

case_of 'write: no such protocol' "$tool" -d sml write --protocol influx x
status_is 2
err_is <<'END'
tdrest: option --protocol: expected line, telnet or json, not 'influx'
END

case_of 'write: no such precision' "$tool" -d sml write --protocol line --precision u x
status_is 2
err_is <<'END'
tdrest: option --precision: expected h, m, s, ms, us or ns, not 'u'
END

case_of 'write: precision in another protocol' "$tool" -d sml write --protocol telnet --precision ms x
status_is 2
says err 'option --precision is for --protocol line'

for days in -1 1x '' 2147483648 99999999999999999999; do
    case_of "write: ttl '$days'" "$tool" -d sml write --protocol line --ttl "$days" x
    status_is 2
    says err "tdrest: option --ttl: expected days from 0 to 2147483647, not '$days'"
done

for count in 0 65 2x ''; do
    case_of "write: --parallel '$count'" "$tool" -d sml write --protocol line --parallel "$count" x
    status_is 2
    says err "tdrest: option --parallel: expected a number from 1 to 64, not '$count'"
done

case_of 'write: no such progress' "$tool" -d sml write --protocol line --progress often x
status_is 2
says err "option --progress: expected always or never, not 'often'"

case_of 'write: its flags are of no use elsewhere' "$tool" --ttl 7 'select 1'
status_is 2
err_is <<'END'
tdrest: option --ttl is for tdrest write
END

case_of 'write: batch size out of range' "$tool" -d sml write --protocol line --batch-bytes 10 x
status_is 2
says err "batch_bytes: expected 4096 to 1048576 bytes, not '10'"

case_of 'write: no such file' "$tool" -d sml write --protocol line "$work/nope"
status_is 2
says err "tdrest: $work/nope: No such file or directory"

for empty in '' '\n# c\n \t\r\n' '\357\273\277' '\357\273\277\n\n'; do
    case_of "write: nothing in it ('$empty')" sh -c "printf '$empty' | '$tool' -d sml write --protocol line"
    status_is 0
    err_is <<'END'
(0 lines, 0 bytes, T s)
END
done
for empty in '' ' \n' '[]' '\357\273\277 [ ]\n'; do
    case_of "write: no point in it ('$empty')" sh -c "printf '$empty' | '$tool' -d sml write --protocol json"
    status_is 0
    err_is <<'END'
(0 points, 0 bytes, T s)
END
done

# An array in one piece: what a pipe has brought is sent before its end is known.
given() { printf "$@" >"$work/given"; }
given '[{},{]'
case_of 'write: broken JSON' sh -c "'$tool' -d sml write --protocol json - <'$work/given'"
status_is 2
err_is <<'END'
tdrest: InterfaceError: data: expected a data point here: a complete JSON object (from point 1 on of standard input)
(0 points, 0 bytes, T s)
END

# ---- large files ----

sink_start "$programs" "$work/sink" || exit 2
sunk() {
    rm -f "$work/sink" "$work/sink.lines"
    case_of "$@"
}

awk 'BEGIN {for (i = 1; i <= 20000; i++) print (i % 100 == 50 ? "# " i : "m,t=a\\ b f=" i ",s=\"x\" " i)}' >"$work/lines"

sunk 'write: in requests, as it was' "$tool" -u "$sink_url/db" write --protocol line --precision us --ttl 9 --table-name-key 'a b' --batch-bytes 4096 "$work/lines"
status_is 0
cmp -s "$work/lines" "$work/sink" || complain 'it is not what was written'
says err '(20000 lines, '
grep -q '^POST /influxdb/v1/write?db=db&precision=u&ttl=9&table_name_key=a%20b&req_id=' "$work/sink.lines" || complain "$(head -n 1 "$work/sink.lines")"
[ "$(wc -l <"$work/sink.lines")" -gt 100 ] || complain 'it was not cut'

# In pieces, each once what came before it has arrived.
cat >"$work/pieces.sh" <<'END'
arrived() {
    tries=0
    until tail -n 2 "$1" 2>/dev/null | grep -qx "$2"; do
        [ $((tries += 1)) -le 600 ] || { : >"$1.waited"; return; }
        sleep 0.05
    done
}
arrived "$1" 'm,t=a.*20000'
printf 'm f=1 1\nm f='
arrived "$1" 'm f=1 1'
printf '2 2\n# c\n'
arrived "$1" 'm f=2 2'
printf 'm f=3 3'
END
sunk 'write: several files, and what a pipe has already' sh -c "sh '$work/pieces.sh' '$work/sink' | '$tool' -u '$sink_url/db' write --protocol line '$work/lines' -"
status_is 0
{ cat "$work/lines"; printf 'm f=1 1\nm f=2 2\n# c\nm f=3 3'; } >"$work/expected"
sed -i.old '/^# c$/d' "$work/expected" "$work/sink"
cmp -s "$work/expected" "$work/sink" || complain 'it is not what was written'
[ ! -e "$work/sink.waited" ] || complain 'it waited for more'

sunk 'write: a line longer than a request, CRLF, a byte order mark' sh -c "{ printf '\357\273\277m f=1 1\r\nm s=\"'; head -c 300000 /dev/zero | tr '\0' x; printf '\" 2\r\nm f=3 3\r\n'; } |
    tee '$work/long' | '$tool' -u '$sink_url/db' write --protocol line --batch-bytes 4096 -"
status_is 0
tail -c +4 "$work/long" >"$work/expected"
cmp -s "$work/expected" "$work/sink" || complain 'it is not what was written'
[ "$(wc -l <"$work/sink.lines")" -eq 3 ] || complain "$(wc -l <"$work/sink.lines") requests"

awk 'BEGIN {for (i = 1; i <= 20000; i++) printf "%s{\"metric\":\"m],[\\\"\",\"timestamp\":%d,\"value\":{\"a\":[1,2]}}%s", i == 1 ? " [" : " ", i, i == 20000 ? " ]\n" : ","}' >"$work/json"
sunk 'write: a long array' "$tool" -u "$sink_url/db" write --protocol json --batch-bytes 4096 "$work/json"
status_is 0
says err '(20000 points, '
[ "$(wc -l <"$work/sink.lines")" -gt 100 ] || complain 'it was not cut'
# The arrays joined again, blanks between points left out.
sed 's/\]\[/,/g;s/\] *\[/,/g;s/, /,/g;s/^ *//;s/ \]/]/' "$work/sink" >"$work/joined"
sed 's/, /,/g;s/^ *//;s/ \]/]/' "$work/json" | cmp -s - "$work/joined" || complain 'it is not what was written'

sunk 'write: one point over many lines' sh -c "printf '{\n\"metric\": \"m\",\n\"tags\": {}\n}\n' | '$tool' -u '$sink_url/db' write --protocol json"
status_is 0
says err '(1 point, '

sed '10000s/.*/m refuse=1 1/;15000s/.*/m unsure=1 1/' "$work/lines" >"$work/bad"
sunk 'write: the first failure ends it, and costs one line' "$tool" -u "$sink_url/db" write --protocol line --batch-bytes 4096 "$work/bad"
status_is 1
sed -i.old "s|$work/||" "$work/err"
sed 's/[0-9]* bytes/N bytes/' "$work/err" >"$work/last" && mv "$work/last" "$work/err"
err_is <<'END'
tdrest: SchemalessError 0x3002: bad (line 10000 of bad)
(9999 lines, N bytes, T s; 1 line failed)
END
head -n 9999 "$work/bad" | cmp -s - "$work/sink" || complain 'not all in front of the line was written, or something behind it'

sunk 'write: or not, with --keep-going' "$tool" -u "$sink_url/db" write --keep-going --protocol line --batch-bytes 4096 "$work/bad" "$work/nope" "$work/lines"
status_is 1
sed -i.old "s|$work/||" "$work/err"
sed 's/[0-9]* bytes/N bytes/' "$work/err" >"$work/last" && mv "$work/last" "$work/err"
err_is <<'END'
tdrest: SchemalessError 0x3002: bad (line 10000 of bad)
tdrest: SchemalessError 0x060B: out of range (line 15000 of bad, perhaps written)
tdrest: nope: No such file or directory
(39998 lines, N bytes, T s; 2 lines failed)
END
{ sed '10000d;15000d' "$work/bad"; cat "$work/lines"; } | cmp -s - "$work/sink" || complain 'not all the rest was written once and in order'

# ---- bad lines and blank ones ----

printf 'm a=1 1\r\n\r\n\n \t\n\357\273\277m a=2 2\nm refuse=1 3\n\nm refuse=1 4\nm a=5 5\nm refuse=1 6' >"$work/mixed"
sunk 'write: blank lines are left out, bad ones put aside, numbers are those of the file' "$tool" -u "$sink_url/db" write --protocol line --reject "$work/rejected" "$work/mixed"
status_is 1
sed -i.old "s|$work/||" "$work/err"
err_is <<'END'
tdrest: SchemalessError 0x3002: bad (line 6 of mixed)
tdrest: SchemalessError 0x3002: bad (line 8 of mixed)
tdrest: SchemalessError 0x3002: bad (line 10 of mixed)
(3 lines, 25 bytes, T s; 3 lines failed)
END
printf 'm a=1 1\r\nm a=2 2\nm a=5 5\n' | cmp -s - "$work/sink" || complain "written: $(cat "$work/sink")"
printf 'm refuse=1 3\nm refuse=1 4\nm refuse=1 6\n' | cmp -s - "$work/rejected" || complain "put aside: $(cat "$work/rejected")"
[ "$(wc -l <"$work/rejected.reasons")" -eq 3 ] || complain "reasons: $(cat "$work/rejected.reasons")"
sunk 'write: what was put aside can be mended and written' sh -c "sed 's/refuse/a/' '$work/rejected' >'$work/mended' && '$tool' -u '$sink_url/db' write --protocol line --reject '$work/rejected' '$work/mended'"
status_is 0
[ ! -s "$work/rejected" ] || complain 'the file was not emptied'
says err '(3 lines, '

sunk 'write: good lines behind a bad one, in the half where it is' sh -c "printf 'm refuse=1 1\nm a=2 2\nm a=3 3\nm a=4 4\nm refuse=1 5\nm a=6 6\n' | '$tool' -u '$sink_url/db' write --protocol line --reject '$work/rejected'"
status_is 1
says err '(4 lines, '
[ "$(cat "$work/sink")" = "$(printf 'm a=2 2\nm a=3 3\nm a=4 4\nm a=6 6\n')" ] || complain "written: $(cat "$work/sink")"

sunk 'write: the same with telnet' sh -c "printf 'm 1 1 a=1\n\nput m 2 refuse\nm 3 1 a=1\n' | '$tool' -u '$sink_url/db' write --protocol telnet --keep-going"
status_is 1
says err '(line 3 of standard input)'
says err '(2 lines, '

sunk 'write: what may be written is halved only where lines carry their times' sh -c "printf 'm a=1 1\nm unsure=1 2\nm s=\"a b\" 3\n' | '$tool' -u '$sink_url/db' write --protocol line --keep-going"
status_is 1
says err '0x060B: out of range (line 2 of standard input, perhaps written)'
says err '(2 lines, '
for timeless in 'm a=1' 'm a=1 0' 'm s=" 1' 'm\ x a=1' 'm s="a 1"'; do
    sunk "write: not halved: $timeless" sh -c "printf '%s\nm unsure=1 2\nm a=3 3\n' '$timeless' | '$tool' -u '$sink_url/db' write --protocol line --keep-going"
    status_is 1
    says err '0x060B: out of range (lines 1-3 of standard input, perhaps written)'
    [ "$(wc -l <"$work/sink.lines")" -eq 1 ] || complain "$(wc -l <"$work/sink.lines") requests"
done
sunk 'write: nor put aside, as they may be written' sh -c "printf 'm unsure=1\n' | '$tool' -u '$sink_url/db' write --protocol line --reject '$work/rejected'"
status_is 1
[ ! -s "$work/rejected" ] || complain 'they are'
sunk 'write: one refused for another reason may be written, by the request before' sh -c "printf 'm a=1 1\nm unsure=1,dropped=1 2\nm a=1 3\nm unsure=1 4\n' |
    '$tool' -u '$sink_url/db' write --protocol line --keep-going --reject '$work/rejected'"
status_is 1
says err '0x0388: Database not exist (line 2 of standard input, perhaps written)'
[ ! -s "$work/rejected" ] || complain 'it is put aside'
sunk 'write: and by no request before' sh -c "printf 'm a=1 1\nm refuse=1 2\nm a=1 3\nm refuse=1,dropped=1 4\n' | '$tool' -u '$sink_url/db' write --protocol line --keep-going"
status_is 1
says err '0x0388: Database not exist (line 4 of standard input)'

awk 'BEGIN {for (i = 1; i <= 5000; i++) print "m refuse=1 " i}' >"$work/all-bad"
sunk 'write: a file for another server does not become thousands of requests' "$tool" -u "$sink_url/db" write --protocol line --reject "$work/rejected" "$work/all-bad"
status_is 1
cmp -s "$work/all-bad" "$work/rejected" || complain 'not all was put aside'
[ "$(wc -l <"$work/sink.lines")" -lt 300 ] || complain "$(wc -l <"$work/sink.lines") requests"
[ "$(wc -l <"$work/err")" -le 23 ] || complain 'too much is told'
says err "tdrest: 5000 lines: SchemalessError 0x3002: bad (first: line 1 of $work/all-bad)"
says err "further rejections are only in $work/rejected.reasons"

case_of 'write: the file of refused lines is not one that is read' "$tool" -d sml write --protocol line --reject "$work/mixed" "$work/mixed"
status_is 2
says err 'is also read; it would be emptied'
[ -s "$work/mixed" ] || complain 'it was emptied'
sunk 'write: the file of refused lines is full' "$tool" -u "$sink_url/db" write --protocol line --reject /dev/full "$work/mixed"
status_is 4
says err '/dev/full could not be written: No space left on device'

# ---- bad points ----

# Blanks and commas wherever they may be: brackets take their place when points are sent by themselves.
awk 'BEGIN {for (i = 1; i <= 40; i++) printf "%s{\"metric\":\"m\",\"timestamp\":%d,\"value\":%s,\"tags\":{\"t\":\"a,]}[{\\\"\"}}%s", i == 1 ? " [ " : "", i,
    i == 7 || i == 8 || i == 39 ? "\"refuse\"" : "1", i == 40 ? "]\n" : i % 3 == 0 ? " , " : i % 3 == 1 ? "," : "\n,\n"}' >"$work/points"
good_points() { grep -o '"timestamp":[0-9]*,"value":1' "$1"; }
good_points "$work/points" >"$work/good"
[ "$(wc -l <"$work/good")" -eq 37 ] || complain "$(wc -l <"$work/good") points are to be written"
for batch in 1000000 4096; do
    sunk "write: a bad point costs that point, and is put aside (requests of $batch)" "$tool" -u "$sink_url/db" write --protocol json --batch-bytes $batch --reject "$work/rejected" "$work/points"
    status_is 1
    sed -i.old "s|$work/||;s/[0-9]* bytes/N bytes/" "$work/err"
    err_is <<'END'
tdrest: SchemalessError 0x3002: bad (point 7 of points)
tdrest: SchemalessError 0x3002: bad (point 8 of points)
tdrest: SchemalessError 0x3002: bad (point 39 of points)
(37 points, N bytes, T s; 3 points failed)
END
    good_points "$work/sink" | cmp -s - "$work/good" || complain "written: $(cat "$work/sink")"
    [ "$(wc -l <"$work/rejected.reasons")" -eq 3 ] || complain "reasons: $(cat "$work/rejected.reasons")"
    [ "$(grep -c refuse "$work/rejected")" -eq 3 ] || complain "put aside: $(cat "$work/rejected")"
done
sunk 'write: points that were put aside can be mended and written' sh -c "sed 's/\"refuse\"/1/' '$work/rejected' >'$work/mended' && '$tool' -u '$sink_url/db' write --protocol json --reject '$work/rejected' '$work/mended'"
status_is 0
says err '(3 points, '
[ ! -s "$work/rejected" ] || complain 'the file was not emptied'
sunk 'write: the first bad point ends it' "$tool" -u "$sink_url/db" write --protocol json "$work/points"
status_is 1
says err '(point 7 of '
says err '(6 points, '
! grep -q '"timestamp":9,' "$work/sink" || complain 'a point behind it was written'
sunk 'write: or not, with --keep-going' "$tool" -u "$sink_url/db" write --protocol json --keep-going "$work/points"
status_is 1
says err '(37 points, '

given '[{"timestamp":1},{"timestamp":{"value":2,"type":"s"},"a":"unsure"},{"a":{},"Timestamp" : 3 }]'
sunk 'write: points that may be written are halved only where they carry their times' sh -c "'$tool' -u '$sink_url/db' write --protocol json --keep-going <'$work/given'"
status_is 1
says err '0x060B: out of range (point 2 of standard input, perhaps written)'
says err '(2 points, '
for timeless in '{}' '{"timestamp":0}' '{"timestamp":1e3}' '{"timestamp":-1}' '{"timestamp":"1"}' '{"timestamp":{"value":0}}' '{"timestamp":{"value":{"value":1}}}' '{"a":{"timestamp":1}}' \
    '{"timestamp":1,"TIMESTAMP":0}' '{"timestam\\u0070":0,"timestamp":1}'; do
    given '[{"timestamp":1},%s,{"timestamp":2,"a":"unsure"}]' "$timeless"
    sunk "write: not halved: $timeless" sh -c "'$tool' -u '$sink_url/db' write --protocol json --keep-going <'$work/given'"
    status_is 1
    says err '0x060B: out of range (points 1-3 of standard input, perhaps written)'
    [ "$(wc -l <"$work/sink.lines")" -eq 1 ] || complain "$(wc -l <"$work/sink.lines") requests"
done
sunk 'write: a single point that is bad' sh -c "printf '{\"a\":\"refuse\"}' | '$tool' -u '$sink_url/db' write --protocol json --reject '$work/rejected'"
status_is 1
printf '[\n{"a":"refuse"}\n]\n' | cmp -s - "$work/rejected" || complain "put aside: $(cat "$work/rejected")"
awk 'BEGIN {for (i = 1; i <= 2000; i++) printf "%s{\"timestamp\":%d,\"a\":\"refuse\"}%s", i == 1 ? "[" : "", i, i == 2000 ? "]" : ","}' >"$work/all-bad"
sunk 'write: an array for another server does not become thousands of requests' "$tool" -u "$sink_url/db" write --protocol json --reject "$work/rejected" "$work/all-bad"
status_is 1
[ "$(wc -l <"$work/sink.lines")" -lt 300 ] || complain "$(wc -l <"$work/sink.lines") requests"
[ "$(tr '{' '\n' <"$work/rejected" | grep -c refuse)" -eq 2000 ] || complain "$(wc -l <"$work/rejected") lines are put aside"

# ---- what else can go wrong ----

case_of 'write: compressed' sh -c "gzip -c '$work/mixed' | '$tool' -d sml write --protocol line"
status_is 2
says err 'tdrest: standard input: it is compressed with gzip'

sunk 'write: progress, where it is wanted' "$tool" -u "$sink_url/db" write --progress always --protocol line "$work/lines"
status_is 0
grep -q '^[0-9]* lines, [0-9]* bytes, [0-9]* lines/s$' "$work/err" || complain "$(cat "$work/err")"

sunk 'write: control characters of a name do not reach a terminal' sh -c "printf 'm refuse=1' >'$work/$(printf 'a\033b')'; '$tool' -u '$sink_url/db' write --protocol line '$work/$(printf 'a\033b')'"
status_is 1
says err 'a\x1bb)'

printf 'm late=1 1\n' >"$work/late"
sunk 'write: Ctrl-C' interrupts "grep -q 'attempt 1' '$work/err'" "$tool" --verbose -u "$sink_url/db" write --protocol line "$work/late"
status_is 130
says err 'tdrest: QueryError: the call was cancelled (line 1 of '

mkfifo "$work/quiet"
sunk 'write: Ctrl-C while it waits for input' interrupts "$(begun "$work/quiet")" sh -c "exec '$tool' -u '$sink_url/db' write --protocol line - <>'$work/quiet'"
status_is 130
says err '(0 lines, 0 bytes, '

# Sixteen megabytes are enough for files of any size; a sanitizer wants more for itself.
if sh -c "ulimit -d 16384 && '$tool' -V" >/dev/null 2>&1; then
    sunk 'write: in little memory' sh -c "ulimit -d 16384; awk 'BEGIN {for (i = 1; i <= 800000; i++) print \"meters,location=SF,groupid=2 current=11.8,voltage=221i32 \" i}' |
        '$tool' -u '$sink_url/db' write --protocol line"
    status_is 0
    says err '(800000 lines, '
    [ "$(wc -c <"$work/sink")" -gt 40000000 ] || complain 'it is not all there'
else
    skip 'write: in little memory: the tool does not start in it'
fi
sunk 'write: a line without end' sh -c "{ printf 'm f=1 1\nm s=\"'; head -c 20000000 /dev/zero | tr '\0' x; } | '$tool' -u '$sink_url/db' write --protocol line"
status_is 2
says err 'tdrest: standard input: line 2 does not end within 16 MiB'
close_case
sink_stop

# ---- several requests at a time ----

if ! has_writer; then
    skip 'write: several requests at a time: this tdrest has no writer'
elif ! sandbox_start "$programs" --quiet; then
    exit 2
else
    sandbox_plain=http://${sandbox_url#*@} # its login is the default
    "$tool" -u "$sandbox_plain" 'create database p keep 36500' || exit 2
    awk 'BEGIN {for (i = 1; i <= 20000; i++) print (i % 100 == 50 ? "# " i : i % 100 == 51 ? "" : "m,t=" i % 7 " f=" i " " sprintf("1700000%06d", i))}' >"$work/tables"
    case_of 'write: in parallel, all of it' "$tool" -u "$sandbox_plain/p" write --parallel 4 --protocol line --precision ms --batch-bytes 4096 "$work/tables" - </dev/null
    status_is 0
    says err '(19600 lines, '
    case_of 'write: in parallel, all of it is there' "$tool" -u "$sandbox_plain/p" 'select count(*), sum(f) from m'
    awk '/^m/ {split($2, f, "="); sum += f[2]; n++} END {print "count(*),sum(f)"; print n "," sum}' "$work/tables" | out_is
    sed '10000s/.*/m,t=3 f 1700000000001/;15000s/.*/m,t=3 f 1700000000002/' "$work/tables" >"$work/bad"
    case_of 'write: in parallel, a bad line costs that line, and has its number' "$tool" -u "$sandbox_plain/p" write --parallel 4 --protocol line --precision ms --batch-bytes 4096 --reject "$work/rejected" "$work/bad"
    status_is 1
    says err '(line 10000 of '
    says err '(line 15000 of '
    says err '(19598 lines, '
    says err '; 2 lines failed)'
    [ "$(sort "$work/rejected" | tr '\n' ,)" = 'm,t=3 f 1700000000001,m,t=3 f 1700000000002,' ] || complain "put aside: $(head -n 5 "$work/rejected")"
    case_of 'write: in parallel, the first failure ends it' "$tool" -u "$sandbox_plain/p" write --parallel 4 --protocol line --precision ms --batch-bytes 4096 "$work/bad" "$work/nope"
    status_is 1
    says err '(line 10000 of '
    ! grep -q nope "$work/err" || complain 'it went on with the next file'
    case_of 'write: in parallel, no such database, told once' "$tool" -u "$sandbox_plain/nope" write --parallel 4 --protocol line --keep-going "$work/tables"
    status_is 1
    says err 'Database not exist (from line '
    says err '; 19600 lines failed)'
    [ "$(wc -l <"$work/err")" -eq 2 ] || complain "$(wc -l <"$work/err") lines are told"
    awk 'BEGIN {for (i = 1; i <= 5000; i++) printf "%s{\"metric\":\"p\",\"timestamp\":%s,\"value\":%d,\"tags\":{\"t\":%d}}%s", i == 1 ? "[" : "", sprintf("170000%04d", i), i, i % 7,
        i == 5000 ? "]\n" : i % 2 ? "," : " ,\n "}' >"$work/points"
    case_of 'write: points in parallel, all of them' "$tool" -u "$sandbox_plain/p" write --parallel 4 --protocol json --batch-bytes 4096 "$work/points"
    status_is 0
    says err '(5000 points, '
    case_of 'write: points in parallel, all of them are there' "$tool" -u "$sandbox_plain/p" 'select count(*), sum(_value) from p'
    printf 'count(*),sum(_value)\n5000,12502500\n' | out_is
    sed 's/"value":1000,/"value":{"value":300,"type":"i8"},/;s/"value":4000,/"value":"x",/' "$work/points" >"$work/bad"
    case_of 'write: points in parallel, a bad one costs itself and has its number' "$tool" -u "$sandbox_plain/p" write --parallel 4 --protocol json --batch-bytes 4096 --reject "$work/rejected" "$work/bad"
    status_is 1
    says err '(point 1000 of '
    says err '(point 4000 of '
    says err '(4998 points, '
    says err '; 2 points failed)'
    [ "$(grep -c '"timestamp":170000[14]000,' "$work/rejected")" -eq 2 ] || complain "put aside: $(head -n 5 "$work/rejected")"
    given '[{"metric":"p","timestamp":1700000000,"value":1,"tags":{"t":1}},{]'
    case_of 'write: points in parallel, broken JSON' sh -c "'$tool' -u '$sandbox_plain/p' write --parallel 2 --protocol json <'$work/given'"
    status_is 2
    says err 'expected a data point here: a complete JSON object'
    says err '(from point 2 on of standard input)'
    says err '(1 point, '
    sandbox_stop
    case_of 'write: in parallel, nobody listens' "$tool" -u http://127.0.0.1:1/db write --retry never --parallel 4 --protocol line "$work/tables"
    status_is 3
    says err 'tdrest: ConnectionError: '
    case_of 'write: in parallel, nothing' sh -c ": | '$tool' -u http://127.0.0.1:1/db write --parallel 4 --protocol telnet"
    status_is 0
    says err '(0 lines, '
fi
