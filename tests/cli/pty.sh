# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# On a terminal, made by script(1) of util-linux.

# on_terminal COLUMNS ARGS...: standard output and standard error come together, with the terminal's CR LF turned into LF.
on_terminal() {
    columns=$1
    shift
    printf '%s' "stty cols $columns; exec '$tool'" >"$work/command"
    for word in "$@"; do
        printf " '%s'" "$word" >>"$work/command"
    done
    SHELL=/bin/sh script -qec "$(cat "$work/command")" /dev/null | tr -d '\r' | sed 's/, [0-9][0-9]* ms)/, T ms)/'
}

if script --version 2>/dev/null | grep -q util-linux; then
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

    case_of 'terminal: no statement, and a person to type one' on_terminal 80
    status_is 0
    out_is <<'END'
tdrest: no statement; see tdrest --help
END

    case_of 'terminal: csv when asked for' on_terminal 80 -F csv 'select 1'
    out_is <<'END'
1
1
END

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
else
    skip 'terminal: script(1) of util-linux is missing'
fi
