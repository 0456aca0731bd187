# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# Plots. In the answer half of the rows, the later ones, come first.
case_of 'plot: two series over time, one with a NULL' "$tool" -F plot 'select plot'
status_is 0
out_is <<'END'
        13 |   **** **   ++ ++++                                               *
           | **       **+       ++                                           **
           |*        ++ *          +                                        *
           |        +    **         ++                                    **
           |     ++         *         +                                 *
     11.42 |    +            *         +                               *
           |   +              *         +                             *
           |  +                *         +                           *         +
           | +                  *          +                        *         +
           |                     *          +                      *         +
     9.844 |+                      *         +                    *         +
           |                        *                           *          +
           |                         *         +               *          +
           |                          *         +             *         +
           |                           *          +          *         +
     8.266 |                            *          +        *         +
           |                             *          +      *         +
           |                               **        ++ * *        ++
           |                                 **       **+       + +
     7.003 |                                   ** ****    ++++++
           +--------------------------------------------------------------------
            2024-01-01T00:00:00.000Z                    2024-01-01T00:59:00.000Z
            * LA amps
            + SF amps
END
err_is <<'END'
(120 rows, T ms)
END

case_of 'plot: no names, times as numbers' "$tool" -F plot --no-header --time epoch 'select plot'
status_is 0
tail -n 2 "$work/out" >"$work/last" && mv "$work/last" "$work/out"
out_is <<'END'
           +--------------------------------------------------------------------
            1704067200000                                          1704070740000
END

case_of 'plot: more series than marks' "$tool" -F plot 'select * from wire_ms.long'
status_is 0
says out '~ r4 f'
says out '(further series are not drawn)'

case_of 'plot: no rows' "$tool" -F plot "select * from wire_ms.e1 where ts > '2100-01-01'"
status_is 0
out_is_empty

case_of 'plot: no numbers' "$tool" -F plot 'select ts from wire_ms.e1'
status_is 2
out_is_empty
err_is <<'END'
tdrest: InterfaceError: a plot needs a column of TIMESTAMP and one of numbers (statement 1, line 1)
END

case_of 'plot: no times' "$tool" -F plot 'select 1'
status_is 2
says err 'a plot needs a column of TIMESTAMP'
