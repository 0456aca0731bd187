# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# The table format in a file: no terminal, so nothing is cut.
case_of 'table: numbers stand right' "$tool" -F table 'select ts, f, d from wire_ms.e2'
status_is 0
out_is <<'END'
ts                       |         f |                       d
-------------------------+-----------+------------------------
1969-12-31T23:59:59.999Z |     1e+21 |                   1e+21
1970-01-01T00:00:00.000Z |     1e-07 |                   1e-07
2024-01-01T00:00:00.000Z | 123456790 |        9007199254740992
2024-01-01T00:00:00.001Z |       0.1 |                     0.1
2024-01-01T00:00:00.002Z |        -0 |                      -0
2200-12-31T23:59:59.999Z | 3.1415927 | 2.2250738585072014e-308
END
err_is <<'END'
(6 rows, T ms)
END

case_of 'table: wide characters' "$tool" --format=table 'select 1 as `a"b`, 2 as `汉字`, 3 as `x,y`'
status_is 0
out_is <<'END'
a"b | 汉字 | x,y
----+------+----
  1 |    2 |   3
END
err_is <<'END'
(1 row, T ms)
END

case_of 'table: NULL, and bytes as hexadecimal digits' "$tool" -Ftable 'select * from wire_us.e1'
status_is 0
says out ' | \x00ff10 | '
says out ' | NULL '
says err '(3 rows, T ms)'

case_of 'table: control bytes are shown, not sent' "$tool" -F table "$(cat tests/data/captures/adapter-3.4.1.12/039-*.request)"
status_is 0
out_is <<'END'
'\x01\x02\x1f\x7f' | 'tab\there'
-------------------+------------
\x01\x02\x1f\x7f   | tab\there
END

case_of 'table: bytes that are not UTF-8' "$tool" -F table 'select v, vb from wire_ms.raw'
status_is 0
says out '\xff\xfe\x80abc | \x000102030405'

case_of 'table: no rows' "$tool" -F table 'select 1; use wire_ms'
status_is 0
out_is <<'END'
1
-
1
END
err_is <<'END'
(1 row, T ms)
(0 rows affected, T ms)
END

case_of 'table: many batches, the first one gives the widths' "$tool" -F table 'select * from wire_ms.long'
status_is 0
sed -n '1p;3p;20002p' "$work/out" >"$work/last"
out_lines=$(wc -l <"$work/out")
[ "$out_lines" -eq 20002 ] || complain "$out_lines lines"
mv "$work/last" "$work/out"
out_is <<'END'
ts                       |   i |        f | v
2023-11-14T22:13:20.000Z |   0 |        0 | r0
2023-11-14T22:13:39.999Z | 19999 |     2857 | r19999
END
says err '(20000 rows, T ms)'

case_of 'table: combining, wide and dangerous characters' "$tool" -F table 'select widths'
status_is 0
out_is <<'END'
name           |   n
---------------+----
été            |   1
日本語         |  22
😀👍🏽         | 333
한글           |   4
a\u202eb\u200f |   5
\x1b[31m       |   6
\u0085\u2028   |   7
END

case_of 'table: what comes later is not cut' "$tool" -F table 'select wider'
status_is 0
sed -n '1,3p;1002,$p' "$work/out" >"$work/last" && mv "$work/last" "$work/out"
out_is <<'END'
  n | v
----+--
  0 | x
999 | x
1234567 | a long text that no row before had
END
