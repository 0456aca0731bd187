# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# Failures: the line on stderr and the exit status.
case_of 'error: refused by the server' "$tool" 'select 1;

  select * from wire_ms.nope; select 1'
status_is 1
out_is <<'END'
1
1
END
err_is <<'END'
tdrest: ProgrammingError 0x2603: Fail to get table info, error: Table does not exist (statement 2, line 3)
END

case_of 'error: syntax' "$tool" 'selec 1'
status_is 1
out_is_empty
err_is <<'END'
tdrest: ProgrammingError 0x2600: syntax error near "selec 1" (statement 1, line 1)
END

case_of 'error: statements are counted over all arguments' "$tool" 'select 1' '/* one
two */ selec 1'
status_is 1
says err '(statement 2, line 2)'

case_of 'error: a quote that is not closed' "$tool" "select 1;
select 'abc"
status_is 2
says err "tdrest: InterfaceError: the quote ' is not closed (statement 2, line 2)"

case_of 'error: wrong password' env TDREST_PASSWORD=wrong "$tool" 'select 1'
status_is 3
out_is_empty
err_is <<'END'
tdrest: ConnectionError 0x0357: Authentication failure
END

case_of 'error: nobody listens' "$tool" -u http://127.0.0.1:1 --conn_retries 0 'select 1'
status_is 3
out_is_empty
says err 'tdrest: ConnectionError: '

case_of 'error: the answer breaks off in the middle of its JSON' "$tool" "select j, j->'site', j->'n', j->'z' from wire_ms.e1"
status_is 4
says err 'tdrest: ResultError: '
says err '(statement 1, line 1)'

case_of 'error: fewer rows than the answer says' "$tool" 'select rows_missing'
status_is 4
out_is <<'END'
n
1
2
END
says err 'tdrest: ResultError: '

case_of "error: a proxy's page" "$tool" --conn-retries 0 'select proxy'
status_is 3
says err 'tdrest: ConnectionError: '

case_of 'error: not an adapter' "$tool" 'select page'
status_is 2
says err 'tdrest: InterfaceError: '

case_of 'error: the adapter has paused' "$tool" --conn-retries 0 'select paused'
status_is 1
says err 'tdrest: OperationalError'

case_of 'error: what the server says of its own connections is its refusal' "$tool" --conn-retries 0 'select cluster_down'
status_is 1
says err ' 0x000B: Unable to establish connection'

case_of 'error: this address may not log in' "$tool" 'select forbidden'
status_is 3
says err 'tdrest: ConnectionError'

case_of "error: control characters in the server's words never reach a terminal" "$tool" 'select hostile'
status_is 1
err_is <<'END'
tdrest: ProgrammingError 0x2600: syntax error near ?[2J (statement 1, line 1)
END

if [ -c /dev/full ]; then
    case_of 'error: output cannot be written' sh -c "'$tool' 'select 1' >/dev/full"
    status_is 4
    err_is <<'END'
tdrest: the output could not be written: No space left on device
END
else
    skip 'error: output cannot be written: no /dev/full'
fi

case_of 'error: output is closed' sh -c "'$tool' 'select 1' >&-"
status_is 4
says err 'tdrest: the output could not be written: '

case_of 'pipe: its end is silent' sh -c "{ '$tool' 'select * from wire_ms.long'; echo \$? >'$work/code'; } | head -n 1"
err_is_empty
out_is <<'END'
ts,i,f,v
END
[ "$(cat "$work/code")" -eq 141 ] || complain "exit status $(cat "$work/code"), not that of SIGPIPE"
