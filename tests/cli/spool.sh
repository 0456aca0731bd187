# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# tdrest spool, and lines that go by way of one.
case_of 'spool: list or drop of what' "$tool" spool
status_is 2
err_is <<'END'
tdrest: spool takes list or drop, and a directory
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

fi
