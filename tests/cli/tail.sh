# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# tdrest tail: at a terminal made by tdrt-pty, whose scripts write rows and wait until they are shown. The sandbox has two addresses; one fails on request.
sandbox_start "$programs" --port 0 --faults --quiet || exit 2
second=${sandbox_url##*:}
first=${sandbox_url%,*}
first_port=${first##*:}
TDREST_DSN="$first" "$tool" 'create database power' || exit 2
into="TDREST_DSN='http://root:taosdata@127.0.0.1:$second/power' '$tool'"
sh -c "$into 'create stable meters (ts timestamp, current float) tags (g int); create table d1 using meters tags (1); create table d2 using meters tags (2);
    create table keyed (ts timestamp, k int primary key, v int); insert into d1 values (now - 1h, 1.5) (now - 10s, 2.5)'" || exit 2

# tailing NAME ARGS...: the script is standard input.
tailing() {
    tail_name=$1
    shift
    cat >"$work/script"
    exec 3<"$work/script"
    case_of "tail: $tail_name" sh -c 'exec "$@" 0<&3' sh env TDREST_DSN="$first/power" "$programs/tdrt-pty" 200 24 "$tool" tail --interval 100ms "$@"
    exec 3<&-
    [ "$status" -eq 0 ] || complain "$(cat "$work/out")"
}

tailing 'a super table: from a time on, rows of one time in several tables, new tables, new columns' meters --since 5m -F csv <<END
wait Ctrl-C ends it.
wait tbname,ts,current,g
wait ,2.5,1
unseen ,1.5,
run $into "insert into d1 values (4000000000000, 3)"
wait d1,2096-10-02T07:06:40.000Z,3,1
unseen tbname
run $into "insert into d2 values (4000000000000, 4)"
wait d2,2096-10-02T07:06:40.000Z,4,2
unseen d1
run $into "create table d0 using meters tags (0)"
run $into "insert into d0 values (4000000000000, 5)"
wait d0,2096-10-02T07:06:40.000Z,5,0
unseen d2
run $into "alter table meters add column volts int"
run $into "insert into d0 values (4000000001000, 6, 7)"
wait tbname,ts,current,volts,g
wait d0,2096-10-02T07:06:41.000Z,6,7,0
send <^C>
end 130
END

tailing 'rows of one time with a composite key' keyed -F jsonl <<END
wait Ctrl-C ends it.
run $into "insert into keyed values (1999999999000, 2, 20)"
wait {"ts":"2033-05-18T03:33:19.000Z","k":2,"v":20}
run $into "insert into keyed values (1999999999000, 1, 10)"
wait {"ts":"2033-05-18T03:33:19.000Z","k":1,"v":10}
unseen "k":2
send <^C>
end 130
END

sh -c "$into 'create table rising (ts timestamp, height float)' 'insert into rising values (4000000000000, 2.5)'" || exit 2
tailing 'a plot of all rows from a time on, drawn again when there are more' rising --since 2096-10-02T00:00:00Z -F plot <<END
wait Ctrl-C ends it.
wait 07:06:40 to 07:06:40
run $into "insert into rising values (4000000001000, 9.5)"
wait 07:06:40 to 07:06:41
send <^C>
end 130
END
TERM=xterm
tailing 'a plot in place of the one before' rising --since 2096-10-02T00:00:00Z -F plot --color never <<END
wait Ctrl-C ends it.
raw <ESC>[?2026h<ESC>[H<ESC>[J
wait 07:06:40 to 07:06:41
run $into "insert into rising values (4000000002000, 3)"
raw <ESC>[?2026h<ESC>[H<ESC>[J
wait 07:06:40 to 07:06:42
send <^C>
end 130
END
TERM=dumb

tailing 'rows that come late: --overlap finds them, once' d2 --overlap 1h --since 2096-10-02T00:00:00Z -F csv <<END
wait ,4,
run $into "insert into d2 values (3999999990000, 41, 1)"
wait 2096-10-02T07:06:30.000Z,41,1
run $into "insert into d2 values (3999999980000, 42, 1)"
wait 2096-10-02T07:06:20.000Z,42,1
unseen ,41
unseen ,4,<NL>
send <^C>
end 130
END

tailing 'a server that goes away and comes back: told once, nothing lost, nothing twice' d2 --since 1h -F csv --conn-retries 0 <<END
wait ,41
wait ,4,<NL>
run $into --header 'X-Sandbox-Fault: kill=$first_port' 'select 1' >'$work/killed'
wait trying again until it answers
run $into "insert into d2 values (4000000002000, 51, 1)"
run $into --header 'X-Sandbox-Fault: serve=$first_port' 'select 1' >'$work/served'
wait ,51,1
wait the server answers again
unseen ,4,<NL>
unseen trying again until it answers
send <^C>
end 130
END

for format in table tsv json line markdown html none; do
    tailing "as $format" d2 --since 4000000002000 -F "$format" <<END
wait Ctrl-C ends it.
run $into "insert into d2 values (4000000002000, 51, 1)"
send <^C>
end 130
END
done

case_of 'tail: a table that is not there ends it' env TDREST_DSN="$first/power" "$tool" tail nosuch
status_is 1
says err 'Table does not exist (table nosuch)'
for since in yesterday 2024-13-01 1-1 -; do
    case_of "tail: a time that the server cannot read: $since" env TDREST_DSN="$first/power" "$tool" tail d2 --since "$since"
    status_is 2
    says err "option --since: expected a time as in RFC 3339, an integer in the database's precision, or a duration such as 5m, not '$since'"
done
case_of 'tail: a server that is not there ends it at first' "$tool" -u http://127.0.0.1:1/power --conn-retries 0 tail meters
status_is 3
case_of 'tail: no table' "$tool" tail
status_is 2
says err 'tail takes one table'
for value in 0 10ms x 1y -1s; do
    case_of "tail: --interval $value" "$tool" tail t --interval "$value"
    status_is 2
    says err "tdrest: option --interval: expected a duration of at least 100ms, such as 500ms, 1s, 5m, 36h or 7d, not '$value'"
done
case_of 'tail: --overlap' "$tool" tail t --overlap 5
status_is 2
says err "tdrest: option --overlap: expected a duration, such as 500ms, 1s, 5m, 36h or 7d, not '5'"
case_of 'tail: a date is a time, not a subtraction' sh -c "{ TDREST_DSN='$first/power' '$tool' tail d2 --since 2096-10-02 --interval 100ms -F csv --no-header; } | { head -n 1; exec </dev/null; $into 'insert into d2 values (4000000002500, 8, 9)' >&2; }"
status_is 0
grep -q '^d2,2096-10-02T' "$work/out" || complain "$(cat "$work/out")"
case_of 'tail: no terminal, nothing but rows: its reader ends it' sh -c "{ TDREST_DSN='$first/power' '$tool' tail meters --since 4000000001000 --interval 100ms -F csv --no-header; echo \$? >'$work/ended'; } | { head -n 1; exec </dev/null; $into 'insert into d1 values (4000000003000, 8, 9)' >&2; }"
head -n 1 "$work/out" | grep -q '^d0,2096-10-02T07:06:41.000Z,6,7,0$' || complain "$(cat "$work/out")"
sandbox_stop
