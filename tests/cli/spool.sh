# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# tdrest spool, and lines that go by way of one.
case_of 'spool: list or drop of what' "$tool" spool
status_is 2
err_is <<'END'
tdrest: spool takes list, send or drop, and a directory
END
case_of 'spool: another word' "$tool" spool lst "$work/sp"
status_is 2
err_is <<'END'
tdrest: spool takes list, send or drop, not 'lst'
END

case_of 'spool: drop is meant' "$tool" spool drop "$work"
status_is 2
says err 'spool drop deletes rows that were not delivered: use --force'

case_of 'spool: list takes a directory' "$tool" spool list
status_is 2
err_is <<'END'
tdrest: spool list takes one directory
END

if ! "$tool" spool list "$work" >"$work/probe" 2>&1 && grep -q 'built without the spool' "$work/probe"; then
    skip 'spool: this program was built without it'
else

case_of 'spool: a directory that is not there' "$tool" spool list "$work/nowhere"
status_is 2
says err "spool $work/nowhere: cannot read: No such file or directory"
[ ! -e "$work/nowhere" ] || complain 'it was made'

mkdir "$work/foreign"
echo mine >"$work/foreign/segment.1"
case_of 'spool: a directory of others' "$tool" -F csv spool list "$work/foreign"
status_is 0
out_is <<'END'
number,state,protocol,database,rows,bytes,file,reason,begin
END
case_of 'spool: nothing of others is dropped' "$tool" spool drop --force "$work/foreign"
status_is 0
err_is <<'END'
(0 files removed)
END
[ "$(ls "$work/foreign")" = segment.1 ] || complain "there is $(ls "$work/foreign")"

cp -R tests/data/spool/1 "$work/spool"
case_of 'spool: list' "$tool" -F csv spool list "$work/spool"
status_is 0
err_is_empty
out_is <<'END'
number,state,protocol,database,rows,bytes,file,reason,begin
,damaged,,,,57,damaged.0000000001,,
8589934599,rejected,sql,power,1,157,rejected.00000000008589934599,Value too long for column/tag: loc,"INSERT INTO d1002 VALUES (1700000000000, 'x')"
12884901889,waiting,sql,power,2,138,segment.0000000003,,"INSERT INTO d1001 VALUES (1700000000000, 10.3) (170000000100"
12884901890,waiting,line,power,1,157,segment.0000000003,,"meters,location=SF current=11.8 1700000000000"
END
for format in table line json jsonl tsv html markdown none; do
    case_of "spool: list as $format" "$tool" -F $format spool list "$work/spool"
    status_is 0
    err_is_empty
    [ $format = none ] || says out 'segment.0000000003'
done
case_of 'spool: a newer format' "$tool" -F csv --no-header spool list tests/data/spool/newer
status_is 0
out_is <<'END'
,newer,,,,,segment.0000000004,,
END
case_of 'spool: drop' "$tool" spool drop --force "$work/spool"
status_is 0
err_is <<'END'
(3 files removed)
END
[ "$(ls "$work/spool")" = lock ] || complain "there is $(ls "$work/spool")"

# ---- a link that is lost ----

printf 'm,a=1 v=1 1700000000000\nm,a=1 v=2 1700000001000\n' >"$work/two.lp"
spooled() {
    case_of "write --spool: $1" "$tool" --retry never -u "$2" -d sml write --protocol line --precision ms --spool "$work/sp" "$3"
}

spooled 'nobody listens' http://127.0.0.1:1 "$work/two.lp"
status_is 0
says err '; 0 delivered, 2 stored)'
says err 'tdrest: ConnectionError: '
case_of 'spool: list shows them' "$tool" -F csv --no-header spool list "$work/sp"
status_is 0
out_is <<'END'
4294967297,waiting,line,sml,2,132,segment.0000000001,,"m,a=1 v=1 1700000000000"
END
printf 'm,a=1 v=3 1700000002000\n\nm,a=1 v=4\nm,a=1 v=5 1700000003000\n' >"$work/untimed.lp"
spooled 'a line without time' http://127.0.0.1:1 "$work/untimed.lp"
status_is 2
says err "give each its time (line 3 of $work/untimed.lp)"
says err '(1 line, '
says err "; 0 delivered, 1 stored; 1 line failed; stopped at line 3 of $work/untimed.lp)"
# stops AT PROTOCOL INPUT FILE...: a run that is ended by a line or point without a time says where it stopped.
stops() {
    printf "$3" >"$work/given"
    at=$1
    protocol=$2
    shift 3
    rm -rf "$work/other"
    case_of "write --spool: stopped $at" sh -c 'input=$1; shift; exec "$@" <"$input"' sh "$work/given" "$tool" --retry never -u http://127.0.0.1:1 -d sml write --protocol "$protocol" --spool "$work/other" "$@"
    status_is 2
    says err "; stopped $at)"
}
stops 'at line 4 of standard input' line '# c\nm f=1 1\n\nm f=2\n\n\nm f=3 3\n' -
stops 'at line 2 of standard input' telnet 'm 1700000000 1 t=1\nm 0 1 t=1\n\n' - "$work/two.lp"
stops 'at point 2 of standard input' json '[{"metric":"p","timestamp":1700000001,"value":1,"tags":{"t":1}},{"metric":"p","value":2,"tags":{"t":1}},{"metric":"p","value":3,"tags":{"t":1}}]' -
stops "at $work/nope" line '' "$work/nope" "$work/two.lp"
printf 'm,a=1 v=3 1700000002000\n# c\n\nm,a=1 v="\0"\nm,a=1 v=5\nm,a=1 v=6 1700000003000\n' >"$work/faults.lp"
case_of 'write --spool: lines that cannot be stored, and a file that is not there' "$tool" --retry never -u http://127.0.0.1:1 -d sml write --keep-going --protocol line --precision ms --spool "$work/other" \
    "$work/faults.lp" "$work/nope" "$work/two.lp"
status_is 2
grep -q "NUL.*(line 4 of $work/faults.lp)" "$work/err" || complain 'the NUL is not told'
says err "give each its time (line 5 of $work/faults.lp)"
says err "tdrest: $work/nope: No such file or directory"
says err '(4 lines, '
says err '; 0 delivered, 4 stored; 2 lines failed)'
case_of 'write --spool: a line without end' sh -c "{ printf 'm f=1 1\nm s=\"'; head -c 20000000 /dev/zero | tr '\0' x; } |
    '$tool' --retry never -u http://127.0.0.1:1 -d sml write --protocol line --spool '$work/other'"
status_is 2
says err 'tdrest: standard input: line 2 does not end within 16 MiB'
case_of 'write --spool: progress' "$tool" --retry never -u http://127.0.0.1:1 -d sml write --progress always --protocol line --precision ms --spool "$work/other" "$work/two.lp"
status_is 0
grep -q '^2 lines, ' "$work/err" || complain "$(cat "$work/err")"
case_of 'spool: send, and nobody listens' "$tool" --retry never -u http://127.0.0.1:1 spool send "$work/sp"
status_is 3
says err '(0 rows delivered, '
says err '; the rest stays)'
if command -v flock >/dev/null; then
    case_of 'spool: in use' flock "$work/sp/lock" "$tool" --retry never -u http://127.0.0.1:1 spool send "$work/sp"
    status_is 2
    says err 'in use by another writer'
    case_of 'spool: no drop while in use' flock "$work/sp/lock" "$tool" spool drop --force "$work/sp"
    status_is 2
    says err 'in use by another writer'
    case_of 'spool: a list while in use' flock "$work/sp/lock" "$tool" -F csv spool list "$work/sp"
    status_is 0
    says out 'waiting,line,sml,2,'
fi

awk 'BEGIN {for (i = 0; i < 20000; i++) printf "m,a=1 v=%d %d\n", i, 1700000000000 + i}' >"$work/many.lp"
case_of 'write --spool: it is full, and nobody listens' "$tool" --retry never -u http://127.0.0.1:1 -d sml write --protocol line --precision ms --spool "$work/small" --spool-bytes 65536 "$work/many.lp"
status_is 3
says err 'the spool has reached spool_bytes'
says err ' failed)'

sandbox_start "$programs" --quiet || exit 2
spool_server=${sandbox_url%%,*}
"$tool" -u "$spool_server" 'create database sml' >/dev/null 2>&1
case_of 'spool: send' "$tool" -u "$spool_server" spool send "$work/sp"
status_is 0
says err '(3 rows delivered, '
case_of 'spool: the rows are there' "$tool" -u "$spool_server" -d sml -F csv --no-header 'select v from m order by _ts'
out_is <<'END'
1
2
3
END
case_of 'spool: nothing is left' "$tool" -F csv --no-header spool list "$work/sp"
status_is 0
out_is_empty
case_of 'spool: send, and nothing is there' "$tool" -u "$spool_server" spool send "$work/sp"
status_is 0
says err '(0 rows delivered, '
spooled 'the link is there' "$spool_server" "$work/two.lp"
status_is 0
says err '; 2 delivered, 0 stored)'
printf '[{"metric":"p","timestamp":1700000001,"value":1,"tags":{"t":1}},{"metric":"p","value":2,"tags":{"t":1}},{"metric":"p","timestamp":1700000003,"value":"x","tags":{"t":1}},
{"metric":"p","timestamp":1700000004,"value":4,"tags":{"t":1}}]' >"$work/points-spool.json"
case_of 'write --spool: points; the bad one alone is refused, and the one without a time is not taken' "$tool" -u "$spool_server" -d sml write --keep-going --protocol json --spool "$work/points-spool" "$work/points-spool.json"
says err "give each its time (point 2 of $work/points-spool.json)"
says err '(3 points, '
says err '; 2 delivered, 0 stored; 2 points failed)'
case_of 'write --spool: points, the good ones are there' "$tool" -u "$spool_server" -d sml -F csv --no-header 'select _value from p order by _ts'
out_is <<'END'
1
4
END
case_of 'write --spool: points, the refused one' "$tool" -F csv --no-header spool list "$work/points-spool"
says out ',rejected,json,sml,1,'
says out '1700000003'
sandbox_stop

case_of 'write --spool: no file of rejects' "$tool" -d sml write --protocol line --reject r --spool "$work/sp" x
status_is 2
says err '--reject cannot be combined with it'
case_of 'write --spool: one request at a time' "$tool" -d sml write --protocol line --parallel 2 --spool "$work/sp" x
status_is 2
says err '--parallel cannot be combined with it'
case_of 'spool: send from nowhere' "$tool" spool send "$work/nowhere"
status_is 2
[ ! -e "$work/nowhere" ] || complain 'it was made'

# ---- import by way of a spool ----

sandbox_start "$programs" --quiet --faults --port 0 || exit 2
up=http://${sandbox_url##*,}
down=${sandbox_url##*@}
down=${down%,*} # it goes away and comes back
up=http://${sandbox_url##*,}
link() { "$tool" -u "$up" --header "X-Sandbox-Fault: $1=${down##*:}" -F none 'select 1' || complain "the fault $1"; }
spool_import() {
    case_of "import --spool: $1" true
    shift
    "$tool" -u "http://$down" import --spool "$work/imported" "$@" >"$work/out" 2>"$work/err" </dev/null
    status=$?
    normalize
}
# counts TEXT: how many rows are there, and the sum of their values.
counts() {
    "$tool" -u "$up" --no-header 'select count(*), sum(v) from i.x' >"$work/out"
    echo "$1" | out_is
}
"$tool" -u "$up" 'create database i keep 3650' 'create table i.x (ts timestamp, v int)'

printf 'ts,v\n1790000000000,1\n1790000000001,x\n915148800000,2\n1790000000002,3\n' >"$work/few.csv"
spool_import 'what is delivered, what is rejected here and what by the server' --table i.x --reject "$work/rejected" --batch-bytes 4096 "$work/few.csv"
status_is 1
says err "few.csv:3: column v, INT, value 'x': not an integer"
says err 'Timestamp data out of range'
says err '(4 records read: 2 delivered, 0 stored, 2 rejected, 0 unknown; '
"$tool" -F csv --no-header spool list "$work/imported" | cut -d , -f 2-5 >"$work/out"
echo 'rejected,sql,`i`,1' | out_is
"$tool" spool drop --force "$work/imported" 2>/dev/null
grep -v 915148800000 "$work/few.csv" >"$work/good.csv"
spool_import 'the link is there' --table i.x --reject "$work/rejected" --spool-sync interval "$work/good.csv"
status_is 1
says err '(3 records read: 2 delivered, 0 stored, 1 rejected, 0 unknown; '
[ ! -e "$work/good.csv.tdrest-import" ] || complain 'its journal is left'
counts 2,4
spool_import 'a dry run stores nothing' --table i.x --spool-dir "$work/dry" --dry-run --max-errors 1 "$work/good.csv"
status_is 1
[ ! -e "$work/dry" ] || complain 'it is made'
spool_import 'one request at a time' --table i.x --parallel 2 "$work/good.csv"
status_is 2
says err '--parallel cannot be combined with it'
spool_import 'what is done is durable' --table i.x --spool-sync never "$work/good.csv"
status_is 2
says err 'spool_sync=never cannot be combined with import'

# loses_link FILE ARGUMENTS...: the link is lost once the table is known and a row delivered; the rest comes then.
loses_link() {
    rest=$1
    shift
    rm -f "$work/pipe"
    mkfifo "$work/pipe"
    "$tool" -u "$up" 'delete from i.x'
    "$tool" --retry never -u "http://$down" import --spool "$work/imported" --table i.x "$@" - <"$work/pipe" &
    importing=$!
    exec 7>"$work/pipe"
    printf 'ts,v\n1790000000000,1\n' >&7
    tries=0
    until [ "$("$tool" -u "$up" --no-header 'select count(*) from i.x')" = 1 ] || [ $tries -ge 600 ]; do
        sleep 0.1
        tries=$((tries + 1))
    done
    link kill
    cat "$rest" >&7
    exec 7>&-
    wait $importing
}
printf '1790000000001,2\n1790000000002,7\n1790000000002,\n1790000000000,4\n' >"$work/rest"
case_of 'import --spool: the link is lost; a NULL erases what is stored before it' loses_link "$work/rest"
status_is 0
says err 'tdrest: ConnectionError: '
says err '(5 records read: 1 delivered, 4 stored, 0 rejected, 0 unknown; '
counts 1,1
case_of 'import --spool: nothing is stored before the table is known' "$tool" --retry never -u "http://$down" import --spool "$work/unknown" --table i.x "$work/good.csv"
status_is 3
[ ! -e "$work/unknown" ] || complain 'the directory is made'
link serve
case_of 'import --spool: sent' "$tool" -u "$up" spool send "$work/imported"
status_is 0
"$tool" -u "$up" --no-header 'select v from i.x' >"$work/out"
printf '4\n2\n\n' | out_is

# Killed in the middle without a link, and going on.
awk 'BEGIN {print "ts,v"; for (i = 0; i < 40000; i++) printf "%.0f,%d\n", 1790000000000 + i, i}' >"$work/long.csv"
"$tool" -u "$up" 'delete from i.x'
case_of 'import --spool: killed in the middle, the link lost' true
"$tool" -u "http://$down" import --spool "$work/imported" --table i.x --rate 2000 --batch-bytes 16384 "$work/long.csv" >/dev/null 2>&1 &
importing=$!
tries=0
until [ -s "$work/imported/segment.0000000001" ] || ls "$work/imported" 2>/dev/null | grep -q segment || [ $tries -ge 600 ]; do
    sleep 0.05
    tries=$((tries + 1))
done
link kill
tries=0
until [ "$(cat "$work/long.csv.tdrest-import" 2>/dev/null | wc -l)" -ge 2 ] || [ $tries -ge 600 ]; do
    sleep 0.05
    tries=$((tries + 1))
done
kill -9 $importing
wait $importing 2>/dev/null
grep -q '^done' "$work/long.csv.tdrest-import" && complain 'it had ended before'
link serve
case_of 'import --spool: --resume needs the same spool' "$tool" -u "http://$down" import --resume --table i.x "$work/long.csv"
status_is 2
says err 'option --resume: table or options differ from those of the first run'
spool_import '--resume goes on' --table i.x --resume --batch-bytes 16384 "$work/long.csv"
status_is 0
grep -q '(40000 records read' "$work/err" && complain 'it began anew'
says err ' of earlier runs delivered'
counts 40000,799980000
rm -f "$work/long.csv.tdrest-import"

# A spool without room, and no link: what found none is told.
sed 1,2d "$work/long.csv" >"$work/rest"
case_of 'import --spool: it is full' loses_link "$work/rest" --spool-bytes 65536
status_is 3
says err 'the spool has reached spool_bytes'
! grep -q -e --resume "$work/err" || complain 'a pipe cannot be continued'
sed -n 's/^(\([0-9]*\) records read: \([0-9]*\) delivered, \([0-9]*\) stored, 0 rejected, 0 unknown, \([0-9]*\) not written; .*/\1 \2 \3 \4/p' "$work/err" >"$work/counts"
read -r all delivered stored unsent <"$work/counts" && [ "$all" -eq $((delivered + stored + unsent)) ] && [ "$stored" -gt 0 ] || complain "$(tail -n 3 "$work/err")"
link serve
case_of 'import --spool: what was stored is sent' "$tool" -u "$up" spool send "$work/imported"
status_is 0
"$tool" -u "$up" --no-header 'select count(*) from i.x' >"$work/out"
echo $((delivered + stored)) | out_is
sandbox_stop

fi
