# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# Ctrl-C while the server is stopped, so that every call waits.

# interrupted SECONDS_BETWEEN ARGS...: SIGINT when the tool waits; its own status.
interrupted() {
    kill -STOP "$replay_pid"
    sh -c '(sleep 0.3; kill -INT $$; sleep 5; kill -KILL $$) >/dev/null 2>&1 & exec "$@"' sh "$@"
    code=$?
    kill -CONT "$replay_pid"
    return "$code"
}

case_of 'interrupt: the first Ctrl-C cancels the statement' interrupted "$tool" --keep-going 'select 1; select 1' 'select 1'
status_is 130
out_is_empty
says err 'tdrest: QueryError: '
says err '(statement 1, line 1)'
[ "$(wc -l <"$work/err")" -eq 1 ] || complain 'it went on'

case_of 'interrupt: ping' interrupted "$tool" ping
status_is 130

case_of 'interrupt: a script that waits for its input' sh -c "mkfifo '$work/slow'; (sleep 0.3; kill -INT \$\$; sleep 5; kill -KILL \$\$) >/dev/null 2>&1 & exec '$tool' -f - <>'$work/slow'"
status_is 130
err_is_empty

case_of 'interrupt: nobody reads the output' sh -c "mkfifo '$work/stuck'; (exec 3<'$work/stuck'; sleep 0.5; kill -INT \$\$; sleep 5; kill -KILL \$\$) >/dev/null 2>&1 & exec '$tool' 'select * from wire_ms.long; select * from wire_ms.long' >'$work/stuck'"
status_is 130
err_is_empty

case_of 'interrupt: ignored where the caller wants it so' sh -c "trap '' INT; (sleep 0.2; kill -INT \$\$) & { sleep 0.5; echo 'select 1'; } | '$tool'"
status_is 0

# A shell's loop ends only when what it runs has died of the signal.
if command -v python3 >/dev/null; then
    cat >"$work/ended.py" <<'END'
import signal, subprocess, sys, time
tool = subprocess.Popen(sys.argv[1:], preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL), stderr=subprocess.DEVNULL)
time.sleep(0.4)
tool.send_signal(signal.SIGINT)
print(tool.wait(10))
END
    case_of 'interrupt: the process dies of the signal' sh -c "kill -STOP $replay_pid; python3 '$work/ended.py' '$tool' 'select 1'; kill -CONT $replay_pid"
    printf -- '-2\n' | out_is
else
    skip 'interrupt: how the process dies: python3 is missing'
fi
