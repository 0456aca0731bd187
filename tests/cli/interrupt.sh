# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# Ctrl-C in each state in which the tool can wait. Each case sends it once that state is seen.

# interrupted ARGS...: while the tool waits for an answer of a server that is stopped; its own status.
interrupted() {
    kill -STOP "$replay_pid"
    interrupts "grep -q 'attempt 1' '$work/err'" "$tool" --verbose "$@"
    code=$?
    kill -CONT "$replay_pid"
    return "$code"
}

case_of 'interrupt: the first Ctrl-C cancels the statement' interrupted --keep-going 'select 1; select 1' 'select 1'
status_is 130
out_is_empty
says err 'tdrest: QueryError: '
says err '(statement 1, line 1'
[ "$(wc -l <"$work/err")" -eq 2 ] || complain 'it went on'

case_of 'interrupt: ping' interrupted ping
status_is 130

mkfifo "$work/slow" "$work/stuck"
case_of 'interrupt: a script that waits for its input' interrupts "$(begun "$work/slow")" sh -c "exec '$tool' -f - <>'$work/slow'"
status_is 130
err_is_empty

if grep -q '^[0-9]' /proc/self/syscall 2>/dev/null; then
    # It writes to standard output, and sleeps in it.
    case_of 'interrupt: nobody reads the output' interrupts "exec 3<'$work/stuck'; grep -q '^[0-9]* 0x1 ' /proc/\$\$/syscall" \
        sh -c "exec '$tool' 'select * from wire_ms.long; select * from wire_ms.long' >'$work/stuck'"
    status_is 130
    err_is_empty
else
    skip 'interrupt: nobody reads the output: the system does not tell what a process waits for'
fi

case_of 'interrupt: ignored where the caller wants it so' sh -c "
    { exec 9>'$work/slow'; printf '%200000s' '' >&9; kill -INT \$\$; echo 'select 1' >&9; } 2>/dev/null &
    trap '' INT
    exec '$tool' <'$work/slow'"
status_is 0
printf '1\n1\n' | out_is

# A shell's loop ends only when what it runs has died of the signal.
if command -v python3 >/dev/null; then
    cat >"$work/ended.py" <<'END'
import signal, subprocess, sys
tool = subprocess.Popen(sys.argv[1:], preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL), stderr=subprocess.PIPE)
tool.stderr.readline()
tool.send_signal(signal.SIGINT)
tool.stderr.read()
print(tool.wait(60))
END
    case_of 'interrupt: the process dies of the signal' sh -c "kill -STOP $replay_pid; python3 '$work/ended.py' '$tool' --verbose 'select 1'; kill -CONT $replay_pid"
    printf -- '-2\n' | out_is
else
    skip 'interrupt: how the process dies: python3 is missing'
fi
