# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# On a terminal.
on_terminal() {
    columns=$1
    shift
    at_terminal "$columns" 0 "$tool" "$@"
}

case_of 'terminal: the table is the default' on_terminal 80 'select ts, f, d from wire_ms.e2'
out_is <<'END'
ts                       |         f |                       d
-------------------------+-----------+------------------------
1969-12-31T23:59:59.999Z |     1e+21 |                   1e+21
1970-01-01T00:00:00.000Z |     1e-07 |                   1e-07
2024-01-01T00:00:00.000Z | 123456790 |        9007199254740992
2024-01-01T00:00:00.001Z |       0.1 |                     0.1
2024-01-01T00:00:00.002Z |        -0 |                      -0
2200-12-31T23:59:59.999Z | 3.1415927 | 2.2250738585072014e-308
(6 rows, T ms)
END

case_of 'terminal: csv when asked for' on_terminal 80 -F csv 'select 1'
out_is <<'END'
1
1
END

if "$tool" -F arrow options >/dev/null 2>&1; then
    case_of 'terminal: arrow is not for it' on_terminal 80 -F arrow 'select 1'
    out_is <<'END'
tdrest: format arrow is binary and is not written to a terminal: -o FILE, or a pipe
END
    case_of 'terminal: arrow to a file' on_terminal 80 -F arrow -o "$work/one.arrows" 'select 1'
    out_is_empty
    [ -s "$work/one.arrows" ] || complain 'there is none'
    case_of 'terminal: arrow is not for the shell' on_terminal 80 -F arrow
    out_is <<'END'
tdrest: format arrow needs a statement: the shell shows text
END
fi

case_of 'terminal: long text is cut' on_terminal 40 'select v, vb from wire_ms.raw'
out_is <<'END'
v               | vb
----------------+-----------------------
\xff\xfe\x80abc | \x0001020304050607080…
(1 row, 1 value cut; --no-cut shows all, T ms)
END

case_of 'terminal: --no-cut' on_terminal 40 --no-cut 'select v, vb from wire_ms.raw'
says out '| \x000102030405060708'
says out '(1 row, T ms)'

case_of 'terminal: columns that do not fit are left out' on_terminal 60 'select * from wire_ms.e1'
out_is <<'END'
ts                       | b     |    t |      s | …
-------------------------+-------+------+--------+--
2024-02-29T23:59:59.000Z | false | -128 | -32768 | …
2024-02-29T23:59:59.120Z | true  |  127 |  32767 | …
2024-02-29T23:59:59.999Z | NULL  | NULL |   NULL | …
(3 rows, 4 of 18 columns shown; --no-cut shows all, T ms)
END

case_of 'terminal: what comes later has room that is free' on_terminal 80 'select wider'
sed -n '1003,$p' "$work/out" >"$work/last" && mv "$work/last" "$work/out"
out_is <<'END'
1234567 | a long text that no row before had
(1001 rows, T ms)
END

case_of 'terminal: a later number is never cut, a later text is' on_terminal 20 'select wider'
sed -n '1003,$p' "$work/out" >"$work/last" && mv "$work/last" "$work/out"
out_is <<'END'
1234567 | a long te…
(1001 rows, 1 value cut; --no-cut shows all, T ms)
END

case_of 'terminal: cut without a character that is not ASCII' on_terminal 20 --ascii 'select wider'
sed -n '1003p' "$work/out" >"$work/last" && mv "$work/last" "$work/out"
printf '1234567 | a long te~\n' | out_is

case_of 'terminal: names are cut, numbers are not' on_terminal 30 'select numbers'
out_is <<'END'
a very long name of a col… | v
---------------------------+--
       9223372036854775807 | x
(1 row, T ms)
END

case_of 'terminal: very narrow' on_terminal 12 'select ts, f, d from wire_ms.e2'
says out '1969-12… | …'
says out '(6 rows, 1 of 3 columns shown, 6 values cut; --no-cut shows all, T ms)'

case_of 'terminal: an error behind rows' on_terminal 80 'select 1; selec 1'
out_is <<'END'
1
-
1
(1 row, T ms)
tdrest: ProgrammingError 0x2600: syntax error near "selec 1" (statement 2, line 1)
END

# ---- color, pager, progress ----

# with "VARIABLES" COLUMNS ROWS ARGS...: on a terminal with these variables set.
with() {
    variables=$1 columns=$2 rows=$3
    shift 3
    at_terminal "$columns" "$rows" sh -c "export $variables; exec \"\$@\"" sh "$tool" "$@"
}
bold=$(printf '\033[1m')
for variables in TERM=xterm 'TERM=xterm NO_COLOR='; do
    case_of "terminal: color with $variables" with "$variables" 80 24 'select null, null as x'
    says out "${bold}null"
done
for variables in TERM=dumb TERM= 'TERM=xterm NO_COLOR=1'; do
    case_of "terminal: no color with $variables" with "$variables" 80 24 'select null, null as x; selec 1'
    grep -q "$(printf '\033')" "$work/out" && complain 'there is'
done
case_of 'terminal: no color when never' with TERM=xterm 80 24 --color never 'select 1'
printf '1\n-\n1\n(1 row, T ms)\n' | out_is
messages_apart() {
    TERM=xterm at_terminal 80 24 sh -c "'$tool' 'selec 1' 2>'$work/plain'"
    cat "$work/plain"
}
case_of 'terminal: messages decide for themselves' messages_apart
says out 'tdrest: ProgrammingError 0x2600: '

pager="TDREST_PAGER='sed s/^/P:/'"
case_of 'pager: what fits' with "$pager" 80 24 'select 1'
printf '1\n-\n1\n(1 row, T ms)\n' | out_is
case_of 'pager: too many rows' with "$pager" 80 24 'select wider'
says out 'P:1234567 | a long text'
says out '(1001 rows, T ms)'
grep -q 'P:(1001' "$work/out" && complain 'the summary is in the pager'
case_of 'pager: six rows and their summary need ten lines' with "$pager" 80 10 'select ts, f, d from wire_ms.e2'
grep -q '^P:' "$work/out" && complain 'it was used'
case_of 'pager: nine are too few' with "$pager" 80 9 'select ts, f, d from wire_ms.e2'
grep -q '^P:ts' "$work/out" || complain 'it was not used'
case_of 'pager: lines that are too long for the terminal count more than once' with "$pager" 40 12 --no-cut 'select ts, f, d from wire_ms.e2'
grep -q '^P:ts' "$work/out" || complain 'it was not used'
case_of 'pager: of PAGER' with "PAGER='sed s/^/Q:/' && unset TDREST_PAGER" 80 5 'select texts'
grep -q '^Q:v' "$work/out" || complain 'it was not used'
for none in "TDREST_PAGER=" "TDREST_PAGER='  '" "TDREST_PAGER=nosuchprogram"; do
    case_of "pager: none with $none" with "$none" 80 5 'select ts, f, d from wire_ms.e2'
    says out '2200-12-31T23:59:59.999Z'
done
says out "tdrest: warning: the pager 'nosuchprogram' was not found"
case_of 'pager: left early' with "TDREST_PAGER='head -n 1'" 80 24 'select * from wire_ms.long' 'select 1'
says out '(1 row, T ms)'
grep -q 'could not be written' "$work/out" && complain 'that is no failure'
case_of 'pager: not into a file' with "$pager" 80 24 -o "$work/paged" 'select * from wire_ms.long'
grep -q '^P:' "$work/paged" && complain 'it was used'
case_of 'pager: not when standard input is no terminal' at_terminal 80 24 sh -c "$pager '$tool' 'select wider' </dev/null"
grep -q '^P:' "$work/out" && complain 'it was used'

case_of 'progress: on a terminal, when rows go to a file' at_terminal 80 24 "$tool" --progress always -o "$work/rows" 'select * from wire_ms.long'
says out ' rows, '
says out ' rows/s'
case_of 'progress: into a file, a line each' "$tool" --progress always -o "$work/rows" 'select * from wire_ms.long'
status_is 0
grep -q '^[0-9]* rows, [0-9]* bytes, [0-9]* rows/s$' "$work/err" || complain "$(cat "$work/err")"
case_of 'progress: never' "$tool" --progress never -o "$work/rows" 'select * from wire_ms.long'
err_is_empty
case_of 'terminal: its size is 0' on_terminal 0 'select ts, f, d from wire_ms.e2'
says out '(6 rows, T ms)'
