# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# Passwords from files and from a prompt. The wrong one is refused, so the one that is sent is known.
umask 077
printf 'wrong\nsecond line\n' >"$work/wrong"
printf 'taosdata' >"$work/right"
printf '\n' >"$work/empty"
printf '\357\273\277taosdata\r\n' >"$work/marked"
printf '\357\273\277\n' >"$work/only_mark"
printf '\377\376t\0\n\0' >"$work/utf16"
cp "$work/right" "$work/open" && chmod 640 "$work/open"
umask 022

case_of 'password file: it is used, before the environment' env TDREST_PASSWORD=wrong "$tool" --password-file "$work/right" 'select 1'
status_is 0
err_is_empty

case_of 'password file: its first line' "$tool" --password-file "$work/wrong" 'select 1'
status_is 3
says err ' 0x0357: '

case_of 'password file: others may read it' "$tool" --password-file "$work/open" 'select 1'
status_is 2
says err 'chmod 600'

case_of 'password file: empty' "$tool" --password-file "$work/empty" 'select 1'
status_is 2
says err 'its first line is empty'

case_of 'password file: a byte order mark and CRLF are no part of it' "$tool" --password-file "$work/marked" 'select 1'
status_is 0
err_is_empty

case_of 'password file: nothing but a byte order mark' "$tool" --password-file "$work/only_mark" 'select 1'
status_is 2
says err 'its first line is empty'

case_of 'password file: UTF-16' "$tool" --password-file "$work/utf16" 'select 1'
status_is 2
says err 'UTF-16'

case_of 'password file: missing' "$tool" --password-file "$work/nope" 'select 1'
status_is 2
says err 'No such file or directory'

case_of 'password file: much too long' "$tool" --password-file /dev/zero 'select 1'
status_is 2
says err 'Message too long'

if command -v setsid >/dev/null; then
    case_of 'password prompt: no terminal' setsid -w "$tool" -W 'select 1'
    status_is 2
    says err 'no terminal to ask for the password on'
fi

# The terminal is told the password once the prompt is there. Not in the background, where a shell ignores Ctrl-C.
typed() {
    : >"$work/screen"
    {
        tries=0
        until grep -q Password "$work/screen" || [ $((tries += 1)) -gt 1200 ]; do
            sleep 0.05
        done
        printf "$1"
        sleep 0.3
    } | SHELL=/bin/sh script -qfec "exec '$tool' -W -F csv 'select 1'" /dev/null >"$work/screen" 2>&1
    code=$?
    tr -d '\r' <"$work/screen"
    return "$code"
}

if script --version 2>/dev/null | grep -q util-linux; then
    case_of 'password prompt: without echo' typed 'taosdata\n'
    status_is 0
    printf 'Password: \n1\n1\n' | out_is
    case_of 'password prompt: what is typed is used' typed 'wrong\n'
    status_is 3
    says out ' 0x0357: '
    case_of 'password prompt: Ctrl-C' typed '\003'
    status_is 130
    # Ended by a signal while there is no echo. Then: what the shell says of its end, and whether the terminal echoes again.
    # In the background, since some shells mend the terminal when what was in front dies.
    cat >"$work/end.sh" <<'END'
"$1" -W 'select 1' &
tool=$!
tries=0
until stty -a </dev/tty | grep -q -e '-echo ' || [ $((tries += 1)) -gt 1200 ]; do
    sleep 0.05
done
stty -a </dev/tty | grep -q -e '-echo ' && echo silent
kill -s "$2" "$tool"
wait "$tool"
code=$?
stty -a </dev/tty | grep -o -e '-*echo '
echo "status $code"
END
    # ended SIGNAL: what is typed stays open till then.
    ended() {
        : >"$work/screen"
        {
            tries=0
            until grep -q status "$work/screen" || [ $((tries += 1)) -gt 1200 ]; do
                sleep 0.05
            done
        } | SHELL=/bin/sh script -qfec "ulimit -c 0; sh '$work/end.sh' '$tool' $1" /dev/null >"$work/screen" 2>&1
        tr -d '\r' <"$work/screen" | grep -o -e silent -e 'status .*' -e '-*echo $'
    }
    for ends in TERM:143 HUP:129; do
        case_of "password prompt: SIG${ends%:*} brings the echo back" ended "${ends%:*}"
        printf 'silent\necho \nstatus %s\n' "${ends#*:}" | out_is
    done
else
    skip 'password prompt: script(1) of util-linux is missing'
fi
