# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# Where statements come from, where rows go, and what happens after a failure.
printf 'select 1;\n\n-- a comment; it ends here\nselect null, null as x' >"$work/two.sql"

case_of 'file: its statements' "$tool" -f "$work/two.sql"
status_is 0
printf '1\n1\n\nnull,x\n,\n' | out_is

case_of 'file: arguments and files in their order, statements counted over all' "$tool" 'use wire_ms' --file="$work/two.sql" 'selec 1'
status_is 1
printf '1\n1\n\nnull,x\n,\n' | out_is
says err '(statement 4, line 1)'

case_of 'file: there is none' "$tool" 'select 1' -f "$work/nope.sql" 'select 1'
status_is 2
printf '1\n1\n' | out_is
sed -i.old "s|$work|DIR|" "$work/err"
err_is <<'END'
tdrest: DIR/nope.sql: No such file or directory
END

case_of 'file: a directory' "$tool" -f "$work"
status_is 2
says err 'Is a directory'

case_of 'input: without any statement' sh -c "'$tool' <'$work/two.sql'"
status_is 0
printf '1\n1\n\nnull,x\n,\n' | out_is

case_of 'input: as a file' sh -c "echo 'select 1' | '$tool' 'use wire_ms' -f -"
status_is 0
printf '1\n1\n' | out_is

case_of 'input: not read when there are statements' sh -c "echo 'selec 1' | '$tool' 'select 1'"
status_is 0

case_of 'input: closed' sh -c "'$tool' <&-"
status_is 2
says err 'tdrest: standard input: '

case_of 'input: a statement runs when its end is read' sh -c "{ echo 'select 1;'; while ! [ -s '$work/early' ]; do sleep 0.05; done; } | '$tool' -o '$work/early'"
status_is 0
rm -f "$work/early"

case_of 'input: a byte order mark' sh -c "printf '\357\273\277select 1' | '$tool'"
status_is 0
printf '1\n1\n' | out_is

# Longer than what is read at once, with `;` in quotes and comments at every place.
awk 'BEGIN {
    for (i = 0; i < 9000; i++) printf "-- it%ss; %d\n/* ;%s */ ;\n", q, i, q
    print "select 1;"
    for (i = 0; i < 9000; i++) print "-- ; \" `"
    print "selec 1; select 1"
}' q="'" >"$work/long.sql"
case_of 'input: long, and lines are counted' "$tool" -f "$work/long.sql"
status_is 1
printf '1\n1\n' | out_is
err_is <<'END'
tdrest: ProgrammingError 0x2600: syntax error near "selec 1" (statement 2, line 27002)
END

case_of 'input: a quote that is not closed' sh -c "printf 'select 1;\nselect \"a;' | '$tool'"
status_is 2
printf '1\n1\n' | out_is
says err 'the quote " is not closed (statement 2, line 2)'

case_of 'input: a comment that is not closed' "$tool" 'select 1; /* a;'
status_is 2
says err 'the comment is not closed (statement 2, line 1)'

case_of 'input: a statement without an end is not collected for ever' sh -c "{ echo \"select '\"; yes ';' | head -c 20000000; } | '$tool'"
status_is 2
says err 'the statement is much too long'

case_of 'output: a file' "$tool" -o "$work/rows.csv" 'select 1; selec 1'
status_is 1
out_is_empty
mv "$work/rows.csv" "$work/out"
printf '1\n1\n' | out_is

case_of 'output: cannot be made' "$tool" -o "$work/nope/rows.csv" 'select 1'
status_is 4
sed -i.old "s|$work|DIR|" "$work/err"
err_is <<'END'
tdrest: DIR/nope/rows.csv could not be written: No such file or directory
END

if [ -c /dev/full ]; then
    case_of 'output: full' "$tool" -o /dev/full 'select 1'
    status_is 4
    err_is <<'END'
tdrest: /dev/full could not be written: No space left on device
END
else
    skip 'output: full: no /dev/full'
fi

case_of 'keep going: the first failure is the exit status' "$tool" --keep-going 'select 1; select rows_missing; selec 1' 'select 1' -f "$work/two.sql"
status_is 4
printf '1\n1\n\nn\n1\n2\n\n1\n1\n\n1\n1\n\nnull,x\n,\n' | out_is
err_is <<'END'
tdrest: ResultError: the answer says 3 rows but has 2 (statement 2, line 1)
tdrest: ProgrammingError 0x2600: syntax error near "selec 1" (statement 3, line 1)
END

case_of 'keep going: past a file that is missing' "$tool" --keep-going -f "$work/nope.sql" 'select 1'
status_is 2
printf '1\n1\n' | out_is

case_of 'verbose: status, address and request' "$tool" --verbose 'selec 1'
status_is 1
sed 's/0x[0-9a-f]*)$/ID)/' "$work/err" >"$work/last" && mv "$work/last" "$work/err"
err_is <<'END'
tdrest: ProgrammingError 0x2600: syntax error near "selec 1" (statement 1, line 1, HTTP 200, URL/rest/sql, req_id ID)
END
