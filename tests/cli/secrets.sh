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

# typed NAME ARGS...: a case of the tool on a terminal; what is typed there is standard input, a script of tdrt-pty.
typed() {
    typed_name=$1
    shift
    cat >"$work/script"
    exec 3<"$work/script"
    case_of "password prompt: $typed_name" sh -c 'exec "$@" 0<&3' sh "$programs/tdrt-pty" 80 24 "$tool" "$@"
    exec 3<&-
    [ "$status" -eq 0 ] || complain "$(cat "$work/out")"
}

typed 'without echo' -W -F csv 'select 1' <<'END'
wait Password: 
line taosdata
wait <NL>1<NL>1<NL>
unseen taosdata
end 0
modes
END
typed 'what is typed is used' -W 'select 1' <<'END'
wait Password: 
line wrong
wait  0x0357: 
end 3
modes
END
typed 'Ctrl-C' -W 'select 1' <<'END'
wait Password: 
send <^C>
end 130
modes
END
# Ended by a signal while there is no echo.
for ends in 15:143 1:129; do
    typed "signal ${ends%:*} brings the echo back" -W 'select 1' <<END
wait Password: 
signal ${ends%:*}
end ${ends#*:}
modes
END
done
