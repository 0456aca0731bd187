# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# Where statements come from, where rows go, and what happens after a failure.
printf 'select 1;\n\n-- a comment; it ends here\nselect null, null as x' >"$work/two.sql"

case_of 'file: its statements' "$tool" -f "$work/two.sql"
status_is 0
printf '1\n1\n\nnull,x\n,\n' | out_is

case_of 'file: arguments and files in their order; statements of arguments are counted over all of them' "$tool" 'use wire_ms' --file="$work/two.sql" 'selec 1'
status_is 1
printf '1\n1\n\nnull,x\n,\n' | out_is
says err '(statement 2, line 1)'

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

: >"$work/early"
case_of 'input: a statement runs when its end is read' sh -c "{ echo 'select 1;'; tries=0; while ! [ -s '$work/early' ] && [ \$((tries += 1)) -le 600 ]; do sleep 0.05; done; } | timeout 60 '$tool' >>'$work/early'"
status_is 0
rm -f "$work/early"

printf 'select 1;\nselec 1' >"$work/b.sql"
case_of 'file: the one that fails is named, statements are counted in it' "$tool" -f "$work/two.sql" -f "$work/b.sql"
status_is 1
says err "(statement 2, line 2 of $work/b.sql)"

case_of 'input: marks between joined files, blanks that are not ASCII' sh -c "printf '\357\273\277select 1;\n\357\273\277select 1;\302\240\n\302\240\n\343\200\200' | '$tool'"
status_is 0
printf '1\n1\n\n1\n1\n' | out_is
err_is_empty
case_of 'input: lines are counted over such blanks' sh -c "printf '\302\240\n\nselec 1' | '$tool'"
status_is 1
says err '(statement 1, line 3)'
case_of 'input: compressed' sh -c "echo 'select 1' | gzip | '$tool'"
status_is 2
says err 'tdrest: standard input: it is compressed with gzip; gunzip -c '
case_of 'input: UTF-16 with a mark' sh -c "printf '\377\376s\0e\0' | '$tool'"
status_is 2
says err 'iconv -f UTF-16 -t UTF-8'
case_of 'input: UTF-16 without' sh -c "printf 's\0e\0l\0' | '$tool'"
status_is 2
says err 'it looks like UTF-16'
case_of 'input: a comment is SQL, whatever it begins with' "$tool" '-- note
select 1' '--note
select 1' '-- nothing'
status_is 0
printf '1\n1\n\n1\n1\n' | out_is
case_of 'input: a flag in quotes is no comment' "$tool" '--timezone UTC' 'select 1'
status_is 2
says err 'unknown option --timezone UTC'

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
sed -i.old "s|$work/long.sql|LONG|" "$work/err"
err_is <<'END'
tdrest: ProgrammingError 0x2600: syntax error near "selec 1" (statement 2, line 27002 of LONG)
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
says err 'the statement does not end within 16 MiB (statement 1, line 1)'

mkfifo "$work/fifo"
printf 'yesterday\n' >"$work/rows.csv"
chmod 640 "$work/rows.csv"
kept() {
    mv "$work/rows.csv" "$work/out"
    printf 'yesterday\n' | out_is
    cp "$work/out" "$work/rows.csv"
    chmod 640 "$work/rows.csv"
    [ -z "$(ls "$work"/rows.csv.* 2>/dev/null)" ] || complain "left behind: $(ls "$work"/rows.csv.*)"
}
case_of 'output: a file stays as it was when a statement is refused' "$tool" -o "$work/rows.csv" 'select 1; selec 1'
status_is 1
kept
case_of 'output: when it is not closed' "$tool" -o "$work/rows.csv" "select 1; select '"
status_is 2
kept
case_of 'output: when nobody listens' "$tool" -u http://127.0.0.1:1 --conn-retries 0 -o "$work/rows.csv" 'select 1'
status_is 3
kept
case_of 'output: when the answer breaks off' "$tool" -o "$work/rows.csv" 'select rows_missing'
status_is 4
kept
case_of 'output: with --keep-going, when anything failed' "$tool" --keep-going -o "$work/rows.csv" 'selec 1; select 1'
status_is 1
kept
case_of 'output: when a signal ends it' sh -c "($(begun "$work/fifo"); kill -TERM \$\$) >/dev/null 2>&1 & exec '$tool' -o '$work/rows.csv' -f - <>'$work/fifo'"
kept
case_of 'output: a file is replaced when all went well, its rights stay' "$tool" -o "$work/rows.csv" 'select 1; select 1'
status_is 0
out_is_empty
[ "$(ls -l "$work/rows.csv" | cut -c 1-10)" = -rw-r----- ] || complain "$(ls -l "$work/rows.csv")"
mv "$work/rows.csv" "$work/out"
printf '1\n1\n\n1\n1\n' | out_is
case_of 'output: a new file has the usual rights' sh -c "umask 027; '$tool' -o '$work/rows.csv' 'select 1'"
status_is 0
[ "$(ls -l "$work/rows.csv" | cut -c 1-10)" = -rw-r----- ] || complain "$(ls -l "$work/rows.csv")"
ln -s rows.csv "$work/link"
case_of 'output: a link is written through' "$tool" -o "$work/link" 'select null, null as x'
status_is 0
[ -L "$work/link" ] || complain 'the link was replaced'
mv "$work/rows.csv" "$work/out"
printf 'null,x\n,\n' | out_is
case_of 'output: a pipe' sh -c "mkfifo '$work/fifo2'; cat '$work/fifo2' & '$tool' -o '$work/fifo2' 'select 1'; wait"
printf '1\n1\n' | out_is
[ -p "$work/fifo2" ] || complain 'the pipe was replaced'
if [ "$(id -u)" -ne 0 ]; then
    case_of 'output: a file that is protected' sh -c ": >'$work/kept'; chmod 400 '$work/kept'; '$tool' -o '$work/kept' 'select 1'"
    status_is 4
    says err 'Permission denied'
else
    skip 'output: a protected file: root may write to it'
fi

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
sed 's/0x[0-9a-f]\{5,\}/ID/' "$work/err" >"$work/last" && mv "$work/last" "$work/err"
err_is <<'END'
tdrest: POST URL/rest/sql req_id=ID, 7 bytes, attempt 1
tdrest: ProgrammingError 0x2600: syntax error near "selec 1" (statement 1, line 1, HTTP 200, URL/rest/sql, req_id ID)
END
