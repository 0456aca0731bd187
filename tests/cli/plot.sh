# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# Plots. In the answer half of the rows, the later ones, come first.
plot() { "$tool" -F plot "$@"; }
case_of 'plot: two series over time, one with a NULL' plot 'select plot'
status_is 0
out_is <<'END'
    amps
14 ┤
   │
   │   ++++++++   *********                                                   ++
   │+++       ****+        ****                                            +++
12 ┤        **     +++         **                                        ++
   │     ***          ++         ***                                  +++
   │    *               ++          *                               ++         *
   │ ***                  ++         ***                          ++          *
10 ┤*                       +++         **                      ++         ***
   │                           +                              ++          *
   │                            +++        ***              ++         ***
   │                               +          *          +++         **
 8 ┤                                ++         ***     ++         ***
   │                                  ++++        ****+         **
   │                                      ++++++++++  **********
   │
 6 ┤
   └┴────────────┴───────────┴────────────┴────────────┴────────────┴───────────
  01-01        00:10       00:20        00:30        00:40        00:50
    2024-01-01 00:00:00 to 00:59:00 UTC
    * SF  + LA
END
err_is <<'END'
(120 rows, T ms)
END

case_of 'plot: nothing but ASCII where the terminal may have no more' env LC_ALL=C "$tool" -F plot 'select plot'
status_is 0
LC_ALL=C grep -q '[^ -~]' "$work/out" && complain 'there is'
says out '14 +'
says out '+--'

case_of 'plot: in color, lines of dots' plot --color always 'select plot'
status_is 0
says out "$(printf '\033[38;5;33m')"
says out '⠤⠤'

case_of 'plot: titles do not drive the terminal' plot --title "$(printf 'a <b>\033[2J')" 'select plot'
says out 'a <b>\x1b[2J'

case_of 'plot: no names, times as numbers' plot --no-header --time epoch 'select plot'
status_is 0
tail -n 2 "$work/out" >"$work/last" && mv "$work/last" "$work/out"
out_is <<'END'
   +0       +500000  +1000000   +1500000  +2000000   +2500000   +3000000
    1704067200000 to 1704070740000
END

case_of 'plot: more series than marks' plot 'select * from wire_ms.long'
status_is 0
says out '(further series are not drawn)'

case_of 'plot: no rows' plot "select * from wire_ms.e1 where ts > '2100-01-01'"
status_is 0
out_is_empty

case_of 'plot: no numbers' plot 'select ts from wire_ms.e1'
status_is 2
out_is_empty
err_is <<'END'
tdrest: InterfaceError: a plot needs a column of TIMESTAMP and one of numbers (statement 1, line 1)
END

case_of 'plot: no times' plot 'select 1'
status_is 2
says err 'a plot needs a column of TIMESTAMP'

# ---- over the sandbox ----

sandbox_start "$programs" --quiet || exit 2
env TDREST_DSN="$sandbox_url" "$tool" 'create database plots keep 36500; create table plots.t (ts timestamp, v double, w double, g varchar(10))' || exit 2
# plotted ARGS... ROWS: a plot of these rows (milliseconds and values) and nothing else.
plotted() {
    sql="delete from plots.t"
    rows=
    for row in $1; do
        rows="$rows ($row, null, null)"
    done
    shift
    env TDREST_DSN="$sandbox_url" "$tool" "$sql" "insert into plots.t values $rows" && env TDREST_DSN="$sandbox_url" "$tool" -F plot "$@" 'select ts, v from plots.t'
}
labels() { sed -n 's/^ *\(-*[0-9][-.e+0-9]*\) [┤+].*/\1/p' "$work/out" | tr '\n' ' '; }
labels_are() { [ "$(labels)" = "$1 " ] || complain "labels: $(labels)"; }

case_of 'plot: one point' plotted '1704067200000,7'
status_is 0
labels_are '8.0 7.5 7.0 6.5 6.0'
LC_ALL=C grep -q "$(printf '\342[\240\241\242\243]')" "$work/out" || complain 'it is not seen'
case_of 'plot: a constant' plotted '0,0 1000,0 2000,0'
status_is 0
labels_are '1.0 0.5 0.0 -0.5 -1.0'
says out '01.0'
case_of 'plot: NULL is a gap' plotted '0,1 1000,null 2000,1' --ascii
status_is 0
[ "$(grep -c '[*]' "$work/out")" -eq 1 ] || complain 'there should be one line'
grep '[*]' "$work/out" | grep -q '[*]  *[*]' || complain 'the line has no gap'
case_of 'plot: nothing but NULL' plotted '0,null 1000,null'
status_is 0
out_is_empty
case_of 'plot: as large as numbers are' plotted '0,1e308 1000,-1e308'
status_is 0
says out 'e+307'
case_of 'plot: round ticks' plotted '0,4.738 1000,-0.5232'
labels_are '6 4 2 0 -2'
case_of 'plot: long labels' plotted '0,-31410.9 1000,-31409.2'
labels_are '-31409.0 -31409.5 -31410.0 -31410.5 -31411.0'
for span in '1:00.000' '2000:01.0' '259200000:01-02' '5000000000:1970-02' '630720000000:1980'; do
    case_of "plot: labels of a span of ${span%%:*} ms" plotted "0,1 ${span%%:*},2"
    status_is 0
    says out "${span#*:}"
done

# at COLUMNS ROWS: no line is wider, and summary and prompt have room.
at() {
    at_terminal "$1" "$2" "$tool" --color always -F plot 'select plot' | sed 's/\x1b\[[0-9;]*m//g'
}
for size in '40 10' '40 24' '80 24' '120 50' '400 100' '20 5' '0 0' '1 1'; do
    case_of "plot: on a terminal of $size" at $size
    columns=${size% *} rows=${size#* }
    [ "$columns" -ge 40 ] || columns=$((columns == 0 ? 80 : 40))
    [ "$rows" -ge 10 ] || rows=$((rows == 0 ? 24 : 10))
    widest=$(awk '{if (length($0) > n) n = length($0)} END {print n}' "$work/out")
    [ "$widest" -le "$columns" ] || [ "$(printf '┤' | awk '{print length($0)}')" -ne 1 ] || complain "a line of $widest columns"
    [ "$(wc -l <"$work/out")" -lt "$rows" ] || complain "$(wc -l <"$work/out") lines"
    [ "$rows" -lt 24 ] || [ "$(wc -l <"$work/out")" -ge $((rows > 61 ? 58 : rows - 3)) ] || complain "$(wc -l <"$work/out") lines only"
done

# ---- SVG ----

hostile=$(printf '<script>"&\047\033')
case_of 'svg: a picture' "$tool" --svg "$work/plot.svg" --title "$hostile" 'select plot'
status_is 0
out_is_empty
cp "$work/plot.svg" "$work/out"
says out '<title>&lt;script&gt;&quot;&amp;&#39;\x1b</title>'
says out 'prefers-color-scheme:dark'
says out '>amps</text>'
says out '2024-01-01 00:00:00 to 2024-01-01 00:59:00 UTC</text>'
for legend in LA SF; do
    says out ">$legend</text>"
done
[ "$(grep -c '<path ' "$work/out")" -eq 2 ] || complain 'there should be two lines'
# The rows are in no order, and the first of them is the NULL.
[ "$(grep '<path ' "$work/out" | tr -cd M | wc -c)" -eq 3 ] || complain 'one of the lines should have a gap'
if command -v python3 >/dev/null; then
    case_of 'svg: it is XML' python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$work/plot.svg"
    status_is 0
else
    skip 'svg: read by python3: it is missing'
fi
case_of 'svg: standard output' "$tool" --svg - 'select plot'
status_is 0
cmp -s "$work/out" "$work/plot.svg" && complain 'the title is there'
says out '</svg>'
case_of 'svg: two results are too many' "$tool" --svg "$work/two.svg" 'select plot; select plot'
status_is 2
says err 'an SVG file holds one plot'
[ ! -e "$work/two.svg" ] || complain 'there is a file'
case_of 'svg: another format' "$tool" -F csv --svg "$work/two.svg" 'select plot'
status_is 2
says err 'option --svg draws a plot; it cannot be combined with --format csv'
case_of 'svg: no points' env TDREST_DSN="$sandbox_url" "$tool" --svg - 'select ts, v from plots.t where v > 9'
status_is 0
says out 'no numbers'

# A million zeros and one 1: the 1 is seen.
peak() {
    awk 'BEGIN {
        for (k = 0; k < 20; k++) {
            printf "insert into plots.t values "
            for (i = 0; i < 5000; i++) { n = k * 5000 + i; printf "(%d,%d,null,null)", n * 1000, n == 61234 }
            print ";"
        }
    }' | env TDREST_DSN="$sandbox_url" "$tool" 'delete from plots.t' -f -
    env TDREST_DSN="$sandbox_url" "$tool" -F plot "$@" 'select ts, v from plots.t'
}
case_of 'plot: one peak among a hundred thousand' peak --ascii
status_is 0
says err '(100000 rows, '
grep '^ *1[.0]* +' "$work/out" | grep -q '[*]' || complain 'it is not seen'
case_of 'svg: it is seen there too' env TDREST_DSN="$sandbox_url" "$tool" --svg - 'select ts, v from plots.t'
grep -q 'L[0-9.]* 56.0' "$work/out" || complain 'it is not seen'
sandbox_stop
