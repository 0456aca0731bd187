# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# The shell on a terminal. Scripts are those of tdrt-pty; each waits for what is written, never for a time.

# person COLUMNS ROWS [VARIABLE=VALUE ...]: the shell at such a terminal, over the sandbox; the script is standard input. The terminal writes \r and sequences, which
# the steps do not see.
person() {
    columns=$1 rows=$2
    shift 2
    env TERM=xterm "TDREST_DSN=$sandbox_url/power" "XDG_STATE_HOME=$work/state" HOME="$work" "$@" "$programs/tdrt-pty" "$columns" "$rows" ${shell_command:-"$tool"} ${shell_arguments-} 0<&3
}

# Lines are typed at prompts: where a script does not wait for one before a `line`, it does so here.
at_prompts() {
    awk '/^(wait|press) .*> $/ {waited = 1} /^line/ {if (!waited) print "wait > "} /^(line|send)/ {waited = 0} /^press .*[^ ]$/ {waited = 0} {print}'
}

# at_shell NAME [COLUMNS ROWS VARIABLES]: a case; the script is standard input.
at_shell() {
    at_name=$1
    shift
    [ $# -gt 0 ] || set -- 80 24
    at_prompts >"$work/script"
    exec 3<"$work/script"
    case_of "shell: $at_name" person "$@"
    exec 3<&-
    [ "$status" -eq 0 ] || complain "$(cat "$work/out")"
    kill -CONT "$sandbox_pid" # a case that failed has left it stopped
}

sandbox_start "$programs" --faults --quiet || exit 2
env TDREST_DSN="$sandbox_url" "$tool" "create database power" || exit 2
env TDREST_DSN="$sandbox_url/power" "$tool" "create stable meters (ts timestamp, current float, voltage int) tags (groupid int, location varchar(24));
    create table d1 using meters tags (1, 'SF'); create table d2 using meters tags (2, 'LA'); create table plain (ts timestamp, k int primary key, v nchar(10));
    create table \`Abc\` (ts timestamp, v int); create table \`select\` (ts timestamp, v int);
    create table live (ts timestamp, v int); insert into live values (1700000000000, 1) (1700000001000, 2);
    insert into d1 values (1700000000000, 1.5, 220) (1700000001000, 2.5, 221) d2 values (1700000000000, 3.5, 222)" || exit 2

at_shell 'a statement, its result, and the way out' <<'END'
wait power> 
line select current, voltage from d1;
wait (2 rows
seen     1.5 |     220<NL>    2.5 |     221<NL>
wait power> 
line \q
end 0
modes
END

at_shell 'what people type out of habit' <<'END'
wait power> 
line help
wait Ctrl-C cancels.
seen \watch [SECONDS]
line ?
wait Ctrl-C cancels.
line .tables
wait Abc
line status;
wait Address:
wait power> 
line \u a\b
wait expected a name of 1 to 192 bytes, without backslash
line use information_schema
wait The database is information_schema.
wait information_schema> 
line USE `power`;
wait The database is power.
wait power> 
line exit
end 0
END

for word in quit exit '\q' 'quit;' QUIT .quit; do
    at_shell "leaving with $word" <<END
wait power> 
line $word
end 0
END
done

at_shell 'Ctrl-D leaves, in a statement it drops that first' <<'END'
wait power> 
line select 1
wait -> 
send <^D>
wait power> 
line select 4242;
wait (1 row
wait power> 
send <^D>
end 0
modes
END

at_shell 'continuation prompts tell what is open; quit is text in a string' <<'END'
wait power> 
line select 'a
wait '> 
line quit
wait '> 
line x' as `b
wait `> 
line c` /* d
wait *> 
line */ , 7
wait -> 
line ;
wait (1 row
seen a\nquit\nx | 7
line \q
end 0
END

at_shell 'Ctrl-C drops what was typed' <<'END'
wait power> 
line select 'a
wait '> 
send more<^C>
wait ^C
wait power> 
line select 4711;
wait (1 row
seen 4711
line \q
end 0
END

at_shell 'errors point at their place' <<'END'
wait power> 
line select nosuch from meters;
wait ^
seen Invalid column name: nosuch<NL>line 1: select nosuch from meters<NL>               ^
line select *
wait -> 
line frm meters;
wait ^
seen line 2: frm meters<NL>        ^
line select * from nosuch;
wait does not exist
wait power> 
line \q
end 0
END

at_shell '\d, \l, \dt, \dS' <<'END'
wait power> 
line \d
wait plain
seen meters
unseen d1
line \d meters;
wait location | VARCHAR(24) | tag
seen Super table power.meters
seen ts       | TIMESTAMP   | time, key
line \d d1
wait tag = SF
seen Child table power.d1 of meters
line \d plain
wait NCHAR(10)
seen Table power.plain
seen key, with the time
line \d `Abc`
wait Table power.Abc
line \d power.d2
wait tag = LA
line \d nosuch
wait does not exist
line \dt d?
wait (2 rows
unseen plain
line \dt
wait (6 rows
line \dS
wait (1 row
seen meters
line \l
wait power<NL>
wait (3 rows
line \d p*
wait plain
wait power> 
line \d+ d1
wait Child table power.d1
line \dt+ power.d?
wait (2 rows
line \l+
wait (3 rows
line \dn
wait (3 rows
line .tables p*
wait plain
wait power> 
line .mode csv
wait The format is csv.
line \u+ power
wait Database not exist
line \q
end 0
END

at_shell '\x, \f, \timing, \G' <<'END'
wait power> 
line \x
wait One value per line: on.
line select current from d2;
wait current = 3.5
line \x
wait One value per line: off.
line select current from d2\G
wait current = 3.5
line \f csv
wait The format is csv.
line select current, voltage from d2;
wait 3.5,222<NL>
line \f nonsense
wait f: expected one of table, 
line \f arrow
wait format arrow is for files and programs: tdrest -F arrow -o FILE SQL
line \f table
wait The format is table.
line \timing maybe
wait timing: expected on or off, not 'maybe'
line \timing off
wait Timing is off.
line select 1;
wait (1 row)
line \timing
wait Timing is on.
line \nosuch
wait unknown command \nosuch; \? lists them
line \wach
wait did you mean \watch?
line \q
end 0
END
at_shell '\o, \i, \e, \watch, \explain, \conninfo, \h, \u' 80 24 "EDITOR=sed -i s/3/4/" "TMPDIR=$work" <<END
wait power> 
line \\o $work/o ut
wait whole after
line select current from d2;
wait (1 row
line \\o
wait power> 
run grep -q '    3.5' '$work/o ut'
line \\o $work/nosuch/file
wait could not be written
run printf '\\357\\273\\277-- it'\\''s; ok\nselect 77;\nselect 78;\nselec 79;\nselect 80808080;' >'$work/script.sql'
line \\i $work/script.sql
wait (statement 3, line 4 of 
seen 77
seen 78
wait power> 
line \\i $work/nosuch
wait No such file
run printf 'select 77;\nselect \047' >'$work/open.sql'
line \\i $work/open.sql
wait the quote ' is not closed (statement 2, line 2 of 
unseen 80808080
line select 3
wait -> 
line \\e
wait select 4
wait ; runs it
wait -> 
line ;
wait (1 row
seen 4
line select 6;
wait (1 row
line \\e
wait (not changed)
line \\explain 0x2603
wait Table does not exist
line selec 1;
wait ^
line \\explain
wait TSDB_CODE_PAR_SYNTAX_ERROR
line \\conninfo
wait Server:    TDengine 3.
seen Database:  power
unseen taosdata
line \\h insert
wait INSERT INTO table
line \\h
wait create database
line \\h nonsense
wait no statement begins with
line \\u information_schema
wait information_schema> 
line \\u nosuch
wait not exist
line \\u power
wait power> 
line \\d information_schema.ins_databases
wait power> 
line \\x y
wait takes nothing behind it
line \\r
wait dropped
line \\q
end 0
END

at_shell 'an editor that fails, and one that is not there: nothing runs' 80 24 EDITOR=false VISUAL= <<'END'
wait power> 
line select 1
wait -> 
line \e
wait ended with a failure
line ;
wait (1 row
line \q
end 0
END

at_shell '\watch: counts, rows, bad words, Ctrl-C' <<'END'
wait power> 
line select 5150;
wait (1 row
line \watch c=2 0.1
wait 1 row, 
wait 5150
wait 1 row, 
wait 5150
wait power> 
line select ts from d1 where current > 99 \watch m=1
wait 0 rows, 
wait power> 
line \watch 0
wait expected [i=]SECONDS
line \watch -1
wait expected [i=]SECONDS
line \watch abc
wait expected [i=]SECONDS
line \watch c=0
wait expected [i=]SECONDS
wait power> 
line select 6160 \watch 3600
wait 6160
press <^C> power> 
line selec 1 \watch
wait syntax error
wait power> 
line select 1;
wait (1 row
line \q
end 0
modes
END

at_shell '\watch of a plot: a chart that lives, in one place' 80 24 TDREST_ASCII=1 <<END
wait power> 
line \\f plot
wait The format is plot.
line select ts, v from live \\watch 0.2
wait 2 rows, 
wait 2.0 
raw <ESC>[?2026h<ESC>[H
run TDREST_DSN='$sandbox_url/power' '$tool' 'insert into live values (1700000002000, 9)'
wait 3 rows, 
wait 9
raw <ESC>[?2026h<ESC>[H
press <^C> power> 
line \\f table
wait The format is table.
line select v from live;
wait (3 rows
line \\q
end 0
modes
END

# Two shells at once, each with statements of its own: all of them are kept, whole.
two_shells() {
    for who in a b; do
        awk -v who=$who 'BEGIN {for (i = 1; i <= 30; i++) printf "wait power> \nline select %c%s%d, %060d%c as x;\nwait (1 row\n", 39, who, i, i, 39; print "line \\q\nend 0"}' >"$work/script.$who"
    done
    person 80 24 "TDREST_HISTORY=$work/both" 3<"$work/script.a" >"$work/out.a" &
    one=$!
    person 80 24 "TDREST_HISTORY=$work/both" 3<"$work/script.b" >"$work/out.b"
    both=$?
    wait $one && [ $both -eq 0 ] || cat "$work/out.a" "$work/out.b"
    grep -c "^select '[ab][0-9]*, [0-9]*' as x;\$" "$work/both"
    wc -l <"$work/both"
    sort -u "$work/both" | grep -c .
}
case_of 'shell: two shells with one history' two_shells
tr -d ' ' <"$work/out" >"$work/last" && mv "$work/last" "$work/out"
printf '%s\n' 60 62 61 | out_is

at_shell 'nothing but text to a file: \watch, and prompts beside it' 80 24 "TDREST_PAGER=" <<END
wait power> 
line \\o $work/watched
wait whole after
line select 31 \\watch c=2 0.1
wait 31
wait 31
wait power> 
line \\q
end 0
END

at_shell 'the pager: left early, Ctrl-C in it, one that fails; then the next statement' 80 6 "TDREST_PAGER=cat >/dev/null; echo paged; read x </dev/tty" <<'END'
wait power> 
line select * from information_schema.ins_columns;
wait paged
send <^C>
send <CR>
wait power> 
line select 41;
wait (1 row
seen 41
line \q
end 0
modes
END

for pager in 'head -n 1' false nosuchprogram ' '; do
    at_shell "the pager '$pager'" 80 6 "TDREST_PAGER=$pager" <<'END'
wait power> 
line select * from information_schema.ins_columns;
wait power> 
line select 41;
wait (1 row
line \q
end 0
modes
END
done

# Is libedit in it? What needs it is in shell/.
env TERM=xterm TDRT_PTY_MS=10000 TDREST_DSN="$sandbox_url" XDG_STATE_HOME="$work/state" HOME="$work" "$programs/tdrt-pty" 80 24 "$tool" >"$work/probe" <<'END'
wait tdrest> 
line \conninfo
wait Editing:   
wait <NL>
seen libedit
line \q
end 0
END
if [ $? -eq 0 ]; then
    for part in tests/cli/shell/*.sh; do
        . "./$part"
    done
else
    skip 'shell: editing of lines: the tool is built without libedit'
fi
sandbox_stop
