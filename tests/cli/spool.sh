# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# tdrest spool, and lines that go by way of one.
case_of 'spool: list or drop of what' "$tool" spool
status_is 2
err_is <<'END'
tdrest: spool takes list, send or drop, and a directory
END

case_of 'spool: drop is meant' "$tool" spool drop "$work"
status_is 2
says err 'spool drop loses the rows that were not delivered: --force does it'

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
says err '; 0 delivered, 1 stored; 1 line failed)'
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
sandbox_stop

case_of 'write --spool: no JSON' "$tool" -d sml write --protocol json --spool "$work/sp" x
status_is 2
says err 'a spool is for lines'
case_of 'write --spool: no file of rejects' "$tool" -d sml write --protocol line --reject r --spool "$work/sp" x
status_is 2
says err '--reject does not go with it'
case_of 'write --spool: one request at a time' "$tool" -d sml write --protocol line --parallel 2 --spool "$work/sp" x
status_is 2
says err '--parallel does not go with it'
case_of 'spool: send from nowhere' "$tool" spool send "$work/nowhere"
status_is 2
[ ! -e "$work/nowhere" ] || complain 'it was made'
case_of 'spool: import uses none' "$tool" -d sml --spool-dir "$work/sp" import --table t x
status_is 2
says err 'import uses no spool'

fi
