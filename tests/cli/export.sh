# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# The command export, over the sandbox.

case_of 'export: a database to begin with' true
sandbox_start "$programs" --quiet || exit 2
TDREST_DSN=$sandbox_url
data=$work/data
mkdir -p "$data"
"$tool" 'create database d precision '"'us'"' keep 36500' \
    'create stable d.st (ts timestamp, k int primary key, v varchar(40), n nchar(10)) tags (g int, loc varchar(24), f float, b varbinary(10), at timestamp)' \
    "create table d.c1 using d.st tags (1, 'it''s', 1.1754943508222875e-38, '\\x00ff', 5)" 'create table d.`C 2/温` using d.st tags (null, null, null, null, null)' \
    "create table d.empty using d.st tags (-3, '', -0.1, null, null)" 'create table d.n (ts timestamp, f float)' \
    "insert into d.c1 values (-5, 1, 'a,b', null) (0, 1, '', '温') (0, 2, '\"', null) (7, 1, null, '\\\\')" \
    "insert into d.\`C 2/温\` values (0, 1, 'x', null)" 'insert into d.n values (1, 2.5)' >"$work/out" 2>&1 || complain "$(cat "$work/out")"

# ---- export: one table, a query ----

case_of 'export: a super table, the children named, in the order of time, child and key' "$tool" export d.st
status_is 0
out_is <<'END'
tbname,ts,k,v,n,g,loc,f,b,at
c1,1969-12-31T23:59:59.999995Z,1,"a,b",,1,it's,1.1754944e-38,\x00ff,1970-01-01T00:00:00.000005Z
C 2/温,1970-01-01T00:00:00.000000Z,1,x,,,,,,
c1,1970-01-01T00:00:00.000000Z,1,"",温,1,it's,1.1754944e-38,\x00ff,1970-01-01T00:00:00.000005Z
c1,1970-01-01T00:00:00.000000Z,2,"""",,1,it's,1.1754944e-38,\x00ff,1970-01-01T00:00:00.000005Z
c1,1970-01-01T00:00:00.000007Z,1,,\,1,it's,1.1754944e-38,\x00ff,1970-01-01T00:00:00.000005Z
END
err_is <<'END'
(5 rows, T s)
END

case_of 'export: a child table as tsv, with times as numbers' "$tool" -d d export c1 -F tsv --time epoch --null -
status_is 0
printf 'ts\tk\tv\tn\n-5\t1\ta,b\t-\n0\t1\t\t温\n0\t2\t"\t-\n7\t1\t-\t\\\\\n' >"$work/expected2"
out_is <"$work/expected2"

case_of 'export: a query to a file, which it replaces' "$tool" export --query 'select f from d.n' -F jsonl -o "$data/n.jsonl"
status_is 0
out_is_empty
[ "$(cat "$data/n.jsonl")" = '{"f":2.5}' ] || complain "$(cat "$data/n.jsonl")"
case_of 'export: a query that cannot be counted is not' "$tool" export --query 'show d.stables'
status_is 0
out_is <<'END'
stable_name
st
END
case_of 'export: a query that does not read' "$tool" export --query 'drop database d'
status_is 2
says err "tdrest: option --query: expected one statement that reads, such as SELECT"
! grep -q 'drop database' "$work/err" || complain "it is told: $(cat "$work/err")"
case_of 'export: another format' "$tool" export d.st -F json
status_is 2
says err 'tdrest: export writes csv, tsv, jsonl or arrow, not json'
case_of 'export: nothing found is a header' "$tool" export --query 'select * from d.n where ts < 0'
status_is 0
out_is <<'END'
ts,f
END
for words in 'export d.st|--query select' 'export -d d|to a folder: -o DIR' 'export --query|drop database d' 'export d.st -F json|csv, tsv or jsonl' 'export d.st --split|tbname' \
    'export --schema --query|select 1' 'export -d d --no-header -o|x' 'export d.st --null|,' 'export d.st|d.n'; do
    first=${words%%|*} last=${words#*|}
    case $first in *d.st | *-F*) set -- $first $last ;; *) set -- $first "$last" ;; esac
    [ "$last" = 'to a folder: -o DIR' ] && set -- export -d d
    [ "$last" = 'csv, tsv or jsonl' ] && set -- export d.st -F json
    case_of "export: usage: $*" "$tool" "$@"
    status_is 2
    out_is_empty
done
case_of 'export: no such table' "$tool" export d.nope -o "$data/nope.csv"
status_is 1
says err 'tdrest: ProgrammingError 0x2603: Table does not exist'
[ ! -e "$data/nope.csv" ] || complain 'there is a file'
case_of 'export: no database' "$tool" export n
status_is 2
says err 'no database; -d names it'
case_of 'export: a database that is not there' "$tool" -d nosuch export -o "$data/nosuch"
status_is 2
says err 'there is no database nosuch'
[ ! -e "$data/nosuch" ] || complain 'the folder is made'
case_of 'export: a disk that is full' "$tool" export d.st -o /dev/full
status_is 4
case_of 'export: a pipe that closes' sh -c "'$tool' export d.st | head -n 1"
status_is 0
out_is <<'END'
tbname,ts,k,v,n,g,loc,f,b,at
END

# ---- export: a folder ----

case_of 'export: the schema, and it runs' "$tool" export -d d --schema
status_is 0
out_is <<'END'
CREATE DATABASE IF NOT EXISTS `d` PRECISION 'us' DURATION 10d KEEP 36500d,36500d,36500d;
CREATE STABLE IF NOT EXISTS `d`.`st` (`ts` TIMESTAMP ENCODE 'delta-i' COMPRESS 'lz4' LEVEL 'medium', `k` INT ENCODE 'simple8b' COMPRESS 'lz4' LEVEL 'medium' PRIMARY KEY, `v` VARCHAR(40) ENCODE 'disabled' COMPRESS 'zstd' LEVEL 'medium', `n` NCHAR(10) ENCODE 'disabled' COMPRESS 'zstd' LEVEL 'medium') TAGS (`g` INT, `loc` VARCHAR(24), `f` FLOAT, `b` VARBINARY(10), `at` TIMESTAMP);
CREATE TABLE IF NOT EXISTS `d`.`c1` USING `d`.`st` (`g`, `loc`, `f`, `b`, `at`) TAGS (1, 'it\'s', 1.1754943508222875e-38, '\x00ff', 5);
CREATE TABLE IF NOT EXISTS `d`.`C 2/温` USING `d`.`st` (`g`, `loc`, `f`, `b`, `at`) TAGS (NULL, NULL, NULL, NULL, NULL);
CREATE TABLE IF NOT EXISTS `d`.`empty` USING `d`.`st` (`g`, `loc`, `f`, `b`, `at`) TAGS (-3, '', -0.10000000149011612, NULL, NULL);
CREATE TABLE IF NOT EXISTS `d`.`n` (`ts` TIMESTAMP ENCODE 'delta-i' COMPRESS 'lz4' LEVEL 'medium', `f` FLOAT ENCODE 'delta-d' COMPRESS 'lz4' LEVEL 'medium');
END
cp "$work/out" "$data/schema.sql"
case_of 'export: a database' "$tool" -d d export -o "$data/d"
status_is 0
says err '(6 rows, 2 files, '
tail -n +2 "$data/d/manifest.jsonl" >"$work/out"
out_is <<'END'
{"file":"st.csv","stable":"st","rows":5}
{"file":"n.csv","table":"n","rows":1}
END
cmp -s "$data/d/schema.sql" "$data/schema.sql" || complain 'the schema differs'
[ "$(ls "$data/d" | tr '\n' ' ')" = 'manifest.jsonl n.csv schema.sql st.csv ' ] || complain "$(ls "$data/d")"
case_of 'export: not over a finished one' "$tool" -d d export -o "$data/d"
status_is 2
says err 'use --force to write there anyway'
mv "$data/d/manifest.jsonl" "$data/d/manifest.jsonl.part"
case_of 'export: an unfinished one is finished' "$tool" -d d export -o "$data/d"
status_is 0
[ ! -e "$data/d/manifest.jsonl.part" ] || complain 'the part is still there'
case_of 'export: a file for each child table' "$tool" -d d export -o "$data/split" --split tbname -F tsv
status_is 0
[ "$(ls "$data/split" | tr '\n' ' ')" = '%43%202%2F%E6%B8%A9.tsv c1.tsv empty.tsv manifest.jsonl n.tsv schema.sql ' ] || complain "$(ls "$data/split")"
says err '(6 rows, 4 files, '
ln -s /dev/full "$data/full.part"
case_of 'export: a folder whose disk is full' sh -c "mkdir '$data/f' && ln -s /dev/full '$data/f/st.csv.part' && '$tool' -d d export --force -o '$data/f'"
status_is 4
says err 'could not be written: No space left on device'
[ ! -e "$data/f/manifest.jsonl" ] || complain 'there is a manifest'

# ---- export: ranges of time ----

for unit in ms us ns; do
    "$tool" "create database r_$unit precision '$unit' keep 36500" "create stable r_$unit.st (ts timestamp, k int primary key, v int) tags (g int)" \
        "insert into r_$unit.a using r_$unit.st tags (1) values (-3, 1, 1) (-2, 1, 2) (-1, 1, 3) (0, 1, 4) (0, 2, 5) (0, 3, 6) (1, 1, 7) (2, 1, 8) (3, 1, 9) (1700000000000, 1, 10) (1700000000001, 1, 11)" \
        "insert into r_$unit.b using r_$unit.st tags (2) values (-2, 1, 12) (0, 1, 13) (5, 1, 14) (7258118400000, 1, 15)" >"$work/out" 2>&1 || complain "$(cat "$work/out")"
    "$tool" export r_$unit.st >"$data/whole.csv" 2>/dev/null
    for how in '1 1' '2 1' '3 4' '1 8' '14 2' '15 4'; do
        case_of "export: r_$unit in ranges of so many rows, so many at a time: $how" "$tool" export r_$unit.st --range-rows "${how% *}" --parallel "${how#* }"
        status_is 0
        says err '(15 rows, '
        cmp -s "$work/out" "$data/whole.csv" || complain "$(diff "$work/out" "$data/whole.csv")"
    done
done
case_of 'export: ranges into a folder leave nothing else there' "$tool" -d r_ms export -o "$data/ranges" --range-rows 2 --parallel 3 -F jsonl
status_is 0
[ "$(ls -A "$data/ranges" | tr '\n' ' ')" = 'manifest.jsonl schema.sql st.jsonl ' ] || complain "$(ls -A "$data/ranges")"
[ "$(wc -l <"$data/ranges/st.jsonl")" -eq 15 ] || complain 'rows are missing'
case_of 'export: side by side to a disk that is full' "$tool" export r_ms.st --range-rows 2 --parallel 3 -o /dev/full
status_is 4
case_of 'export: side by side into a pipe that closes' sh -c "'$tool' export r_ms.st --range-rows 1 --parallel 3 | head -n 2 | tail -n 1"
status_is 0
out_is <<'END'
a,1969-12-31T23:59:59.997Z,1,1,1
END

sandbox_stop

# ---- export: answers that are cut ----

sandbox_start "$programs" --quiet --faults || exit 2
TDREST_DSN=$sandbox_url
"$tool" 'create database c keep 36500' 'create table c.t (ts timestamp, s varchar(2000))' >/dev/null
{ echo 'ts,s'; awk 'BEGIN {for (i = 0; i < 40; i++) {printf "%.0f,", 1700000000000 + i; for (k = 0; k < 190; k++) printf "0123456789"; print ""}}'; } >"$data/wide.csv"
"$tool" import --table c.t "$data/wide.csv" 2>"$work/err" || complain "$(cat "$work/err")"
for how in '1000000 1' '10 1' '10 4'; do
    echo old >"$data/cut.csv"
    case_of "export: an answer that is cut is no success, and the old file stays: $how" "$tool" --header 'X-Sandbox-Fault: truncate=9000' --retry never export c.t --range-rows "${how% *}" \
        --parallel "${how#* }" -o "$data/cut.csv"
    [ "$status" -eq 3 ] || [ "$status" -eq 4 ] || complain "exit status $status"
    says err 'table t'
    [ "$(cat "$data/cut.csv")" = old ] || complain 'the old file is gone'
    [ "$(ls "$data" | grep -c cut.csv)" -eq 1 ] || complain "$(ls "$data")"
done
case_of 'export: nor is a folder' "$tool" --header 'X-Sandbox-Fault: truncate=9000' --retry never -d c export -o "$data/cut"
[ "$status" -eq 3 ] || [ "$status" -eq 4 ] || complain "exit status $status"
[ -e "$data/cut/manifest.jsonl.part" ] && [ ! -e "$data/cut/manifest.jsonl" ] && [ ! -e "$data/cut/t.csv" ] || complain "$(ls "$data/cut")"
case_of 'export: the same command finishes it' "$tool" -d c export -o "$data/cut"
status_is 0
cmp -s "$data/cut/t.csv" "$data/wide.csv" && complain 'times are written as numbers'
[ "$(wc -l <"$data/cut/t.csv")" -eq 41 ] || complain 'rows are missing'

sandbox_stop
TDREST_DSN=$replay_url
