# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# The csv format.
case_of 'csv: every type, NULL, empty text, bytes' "$tool" 'select * from wire_ms.e1'
status_is 0
err_is_empty
out_is <<'END'
ts,b,t,s,i,g,ut,us,ui,ug,f,d,v,n,vb,ge,d64,d128
2024-02-29T23:59:59.000Z,false,-128,-32768,-2147483648,-9223372036854775808,0,0,0,0,-3.40282e+38,-1.7976931348623157e+308,"","",\x,,-999999999999.999999,-9999999999999999999999999999.9999999999
2024-02-29T23:59:59.120Z,true,127,32767,2147483647,9223372036854775807,255,65535,4294967295,18446744073709551615,3.40282e+38,1.7976931348623157e+308,plain,汉字😀é,\x00ff10,\x0101000000000000000000f03f0000000000000040,999999999999.999999,9999999999999999999999999999.9999999999
2024-02-29T23:59:59.999Z,,,,,,,,,,,,,,,,,
END

case_of 'csv: quotes, commas, line ends' "$tool" "$(cat tests/data/captures/adapter-3.4.1.12/033-*.request)"
status_is 0
tail -n 2 "$work/out" >"$work/last"
printf '"a\tb\n\r""<>&'"'"'\\/é€😀",it'"'"'s,"", \n' >"$work/expected"
cmp -s "$work/expected" "$work/last" || complain "the row is not quoted as it should be: $(cat -v "$work/last")"

case_of 'csv: names are quoted too' "$tool" 'select 1 as `a"b`, 2 as `汉字`, 3 as `x,y`'
status_is 0
out_is <<'END'
"a""b",汉字,"x,y"
1,2,3
END

case_of 'csv: JSON' "$tool" "$(cat tests/data/captures/adapter-3.4.1.12/024-*.request)"
status_is 0
out_is <<'END'
tbname,j
e2,
e2,
e2,
END

case_of 'csv: JSON text is quoted' "$tool" 'select * from wire_ms.alltypes order by ts'
status_is 0
says out ',"{""k"":-7,""n"":2.5,""ok"":true,""site"":""north \""wing\"""",""u"":""汉é"",""z"":null}"'

case_of 'csv: no rows' "$tool" "select * from wire_ms.e1 where ts > '2100-01-01'"
status_is 0
out_is <<'END'
ts,b,t,s,i,g,ut,us,ui,ug,f,d,v,n,vb,ge,d64,d128
END

case_of 'csv: bytes that are not UTF-8 stay as they are' "$tool" 'select v, vb from wire_ms.raw'
status_is 0
sed -n 2p "$work/out" | cut -c 1-14 >"$work/last"
printf '\377\376\200abc,\\x00010\n' | cut -c 1-14 >"$work/expected"
cmp -s "$work/expected" "$work/last" || complain "not the bytes sent: $(od -c "$work/last" | head -n 1)"

case_of 'csv: several results, an INSERT between them' "$tool" 'select 1; use wire_ms; select 1/0;'
status_is 0
err_is_empty
out_is <<'END'
1
1

1/0

END

case_of 'csv: statements in several arguments' "$tool" 'select 1' 'select null, null as x'
status_is 0
out_is <<'END'
1
1

null,x
,
END

case_of 'csv: twenty thousand rows, small chunks' "$tool" 'select * from wire_ms.long'
status_is 0
{ cat tests/data/captures/adapter-3.4.1.12/062-*.response && echo; } | tr '[' '\n' | sed -n '/^"2023/{s/"//g;s/\].*//;p;}' >"$work/rows"
{ echo ts,i,f,v && cat "$work/rows"; } | out_is

case_of 'csv: the same compressed' "$tool" --compression true 'select * from wire_ms.long'
status_is 0
{ echo ts,i,f,v && cat "$work/rows"; } | out_is

case_of 'csv: nothing to do' "$tool" ' ; -- nothing'
status_is 0
out_is_empty
err_is_empty

# csv takes times and integers out of blocks; formats for people ask the library for each value. Both must write the same.
for query in 'select ts, f, d from wire_ms.e2' 'select * from wire_ms.e1' 'select * from wire_us.e1' 'select * from wire_ns.e1' 'select * from wire_ms.long' 'select plot'; do
    "$tool" --no-header "$query" | sed 's/""//g' | tr ',' '\n' >"$work/fast"
    case_of "csv: the values that the library renders: $query" "$tool" --no-header --null= -F line "$query"
    status_is 0
    sed 's/^$/-/' "$work/fast" | grep -v '^-$' >"$work/expected"
    grep -v '^$' "$work/out" | cmp -s "$work/expected" - || complain "$(grep -v '^$' "$work/out" | diff "$work/expected" - | head -n 4)"
done
case_of 'csv: times of a zone, across days' "$tool" --timezone=Asia/Shanghai 'select * from wire_ns.e1'
status_is 0
says out '2024-03-01T07:59:59.999999999+08:00,'
