# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# Ctrl-C in each phase of a statement. Only with libedit does the terminal show that a line was taken (`taken`); Ctrl-C is pressed until it is heard.
at_shell 'Ctrl-C cancels what runs, and the shell goes on' <<END
wait power> 
run kill -STOP $sandbox_pid
line select current from d2;
taken
press <^C> QueryError: 
run kill -CONT $sandbox_pid
wait power> 
line select current from d2;
wait 3.5
wait (1 row
line \q
end 0
modes
END

at_shell 'cancel while rows come' 80 24 'TDREST_PAGER=' <<END
wait power> 
run kill -STOP $sandbox_pid
line \\d meters
taken
press <^C> QueryError
wait power> 
line \\watch
wait no statement yet
wait power> 
line select 12 \\watch 0.1
taken
press <^C> power> 
run kill -CONT $sandbox_pid
line \\d meters
wait VARCHAR(24)
line \\q
end 0
END

# Every answer stops in its rows.
shell_arguments="--header X-Sandbox-Fault:stall=20:60000 -u $sandbox_url"
at_shell 'cancel in the middle of an answer' 80 24 <<'END'
wait tdrest> 
line select current from power.d1;
taken
press <^C> QueryError: 
wait tdrest> 
line \q
end 0
modes
END
shell_arguments=

# A statement is stopped by its server's silence, and the tool ends: nothing of it is left at the server.
at_shell 'no connection is left over' <<END
wait power> 
run kill -STOP $sandbox_pid
line select 1;
taken
press <^C> QueryError: 
run kill -CONT $sandbox_pid
wait power> 
line select 2;
wait (1 row
line \\q
end 0
END
port=$(printf '%04X' "${sandbox_url##*:}")
if [ -r /proc/net/tcp ]; then
    case_of 'shell: no connection is left over' awk -v port=":$port" '$3 ~ port "$" && $4 == "01" {left++} END {exit left > 0}' /proc/net/tcp
    status_is 0
fi
