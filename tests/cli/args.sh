# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# Flags, environment and secrets.
case_of 'args: unknown flag' "$tool" --frobnicate=secret 'select 1'
status_is 2
err_is <<'END'
tdrest: unknown option --frobnicate; see tdrest --help
END

case_of 'args: unknown letter; what follows may be a password' "$tool" -qsecret 'select 1'
status_is 2
err_is <<'END'
tdrest: unknown option -q; see tdrest --help
END

case_of 'args: a value is missing' "$tool" 'select 1' --timezone
status_is 2
err_is <<'END'
tdrest: option --timezone needs a value
END

case_of 'args: unknown format' "$tool" -F xml 'select 1'
status_is 2
err_is <<'END'
tdrest: option --format: expected table, csv, tsv, json, jsonl, line, markdown, html, plot, arrow or none, not 'xml'
END

case_of 'args: unknown time' "$tool" --time local 'select 1'
status_is 2
err_is <<'END'
tdrest: option --time: expected rfc3339 or epoch, not 'local'
END

case_of 'args: a value for a flag that has none' "$tool" --keep-going=yes 'select 1'
status_is 2
says err 'option --keep-going takes no value'

case_of 'args: a minus is no letter' "$tool" --=x 'select 1'
status_is 2

case_of 'args: a value out of range' "$tool" --timeout-ms soon 'select 1'
status_is 2
says err 'tdrest: InterfaceError: timeout_ms: '

case_of 'args: a DSN that is none' "$tool" -u localhost 'select 1'
status_is 2
says err 'tdrest: InterfaceError: a DSN begins with '

case_of 'args: a DSN of another protocol' "$tool" -u ws://localhost 'select 1'
status_is 2
says err 'tdrest: NotSupportedError: scheme: ws:// is WebSocket; write http:// '

case_of 'args: help' "$tool" --help
status_is 0
err_is_empty
says out 'usage: tdrest '
[ "$(wc -l <"$work/out")" -le 23 ] || complain 'with a prompt it does not fit a screen'
[ -z "$(awk 'length > 80' "$work/out")" ] || complain "lines are too long: $(awk 'length > 80' "$work/out")"

case_of 'args: help with every key' "$tool" -h all
status_is 0
says out '  stall_timeout_ms '

case_of 'args: version' "$tool" -V
status_is 0
says out 'tdrest/'

case_of 'args: database' "$tool" -d wire_ms 'select ts, i from e1'
status_is 0
says out '2024-02-29T23:59:59.120Z,2147483647'

case_of 'args: any key, with dashes or underscores' "$tool" --timezone=Asia/Shanghai --conn-retries 0 --conn_retries 1 'select * from wire_ns.e1'
status_is 0
says out '2024-03-01T07:59:59.999999999+08:00,,'

case_of 'args: environment' env TDREST_TIMEZONE=Asia/Shanghai "$tool" 'select * from wire_ns.e1'
status_is 0
says out '2024-03-01T07:59:59.999999999+08:00,,'

case_of 'args: flags win over the environment' env TDREST_TIMEZONE=Asia/Shanghai "$tool" --timezone UTC 'select * from wire_ns.e1'
status_is 0
says out '2024-02-29T23:59:59.999999999Z,,'

case_of 'args: flags win over the DSN, wherever they stand' "$tool" --timezone UTC -u "$replay_url?timezone=Asia/Shanghai" 'select * from wire_ns.e1'
status_is 0
says out '2024-02-29T23:59:59.999999999Z,,'

case_of 'args: a DSN flag replaces TDREST_DSN with its login' env TDREST_DSN=http://root:wrong@127.0.0.1:1/nodb "$tool" -u "$replay_url" 'select 1'
status_is 0
err_is_empty

case_of 'args: a wrong variable' env TDREST_TIMEOUT_MS=x "$tool" 'select 1'
status_is 2
says err 'TDREST_TIMEOUT_MS'

case_of 'args: two dashes end the flags' "$tool" -- 'select 1' -1
status_is 1
says out '1'
says err '(statement 2, line 1)'

warning='tdrest: warning: other users can see a password on the command line; use TDREST_PASSWORD instead'
login=$(echo "$replay_url" | sed 's|//|//root:taosdata@|')

case_of 'secrets: warned about in a DSN' "$tool" -u "$login" 'select 1'
status_is 0
says err "$warning"

case_of 'secrets: warned about as a flag' "$tool" --password=taosdata 'select 1'
status_is 0
says err "$warning"

case_of 'secrets: a port is none' "$tool" -u "$replay_url/wire_ms?app=a%40b" 'select ts, i from e1'
status_is 0
err_is_empty

case_of "secrets: a proxy's login" "$tool" --proxy http://me:hidden@proxy:1 options
status_is 0
says err "$warning"
says out '***'
! grep -q hidden "$work/out" || complain "it is told: $(cat "$work/out")"

case_of "secrets: a proxy's login in a DSN" "$tool" -u "http://h?proxy=http://me:hidden%40proxy:1" options
status_is 0
says err "$warning"
! grep -q hidden "$work/out" || complain "it is told: $(cat "$work/out")"

case_of 'secrets: a proxy without login is none' "$tool" --proxy http://proxy:1 options
status_is 0
err_is_empty
says out 'http://proxy:1'

for header in 'X-Key : hidden' 'X-Key' 'X-Key:' ': hidden' 'Host: hidden' 'authorization: hidden' "X-Key: hidden$(printf '\r\nX: y')"; do
    case_of "header: refused: $(printf %s "$header" | tr '\r\n' '??')" "$tool" --header "$header" options
    status_is 2
    says err 'header'
    ! grep -q hidden "$work/err" || complain "it is told: $(cat "$work/err")"
done

case_of 'header: twice' "$tool" --header 'X-Key: hidden' --header 'x-key:hidden' options
status_is 2
says err 'the header x-key was already added'

case_of 'header: it is sent, and no warning comes' "$tool" --header 'X-Key: hidden' --header 'X-More:a, b: c' 'select 1'
status_is 0
err_is_empty

case_of 'secrets: not in a message' "$tool" -u 'http://root:hidden@127.0.0.1:1/?nosuchkey=hidden' 'select 1'
status_is 2
! grep -q hidden "$work/err" || complain "it is: $(cat "$work/err")"

# The arguments of a tool that waits because nobody reads its output.
arguments_of_tool() {
    mkfifo "$work/pipe"
    "$tool" "$@" 'select * from wire_ms.long' >"$work/pipe" 2>"$work/blank_err" &
    exec 3<"$work/pipe"
    dd bs=1 count=1 <&3 >"$work/first" 2>/dev/null
    tr '\0' '\n' <"/proc/$!/cmdline"
    exec 3<&-
    wait $!
    rm "$work/pipe"
}

if [ -r /proc/self/cmdline ] && [ -z "${RUN:-}" ]; then
    hidden=$(echo "$replay_url" | sed 's|//|//root:hidden@|')
    case_of 'secrets: blanked where ps looks' arguments_of_tool -u "$hidden?app=x" --user root --password hidden --header 'X-Key: hidden'
    sed -i.old "s|$replay_url|URL|;s|127.0.0.1:[0-9]*|HOST|;1d" "$work/out"
    out_is <<'END'
-u
http://root:******@HOST?app=x
--user
root
--password
******
--header
X-Key:*******
select * from wire_ms.long
END
    case_of 'secrets: blanked in a query string too' arguments_of_tool "--dsn=$replay_url/?app=x&Password=hidden" --password=hidden
    says out "$replay_url/?app=x&Password=******"
    ! grep -q hidden "$work/out" || complain "it is not: $(cat "$work/out")"
else
    skip 'secrets blanked where ps looks: no /proc, or it shows the emulator'
fi

# ---- habits from other programs ----

# hint WORDS ARGS...: an option of another program, and what it is here.
hint() {
    words=$1
    shift
    case_of "args: $*" "$tool" "$@"
    status_is 2
    says err "$words"
}
hint "unknown option -c; statements are arguments: tdrest 'SELECT 1'" -c 'select 1'
hint "unknown option -e; statements are arguments: tdrest 'SELECT 1'" -e 'select 1'
hint 'unknown option -U; --user names the user' -U root
hint "unknown option -l; tdrest 'SHOW DATABASES' lists them" -l
hint 'InterfaceError: host: expected a port from 1 to 65535, not a space (byte 14 of the DSN)' -u 'http://h:6041 ' options
hint "InterfaceError: timeout_ms: expected 0 to 86400000 milliseconds, not '5s'" --timeout-ms 5s options
case_of 'args: a DSN in the environment' env TDREST_DSN=http://h:70000/db "$tool" options
status_is 2
err_is <<'END'
tdrest: InterfaceError: TDREST_DSN: host: expected a port from 1 to 65535, not '70000' (byte 10 of the DSN)
END
for dsn in '' http:// http://a: http://u:p@; do
    case_of "args: what is missing at the end of the DSN '$dsn'" "$tool" -u "$dsn" options
    status_is 2
    says err ' (at the end of the DSN)'
done
case_of 'args: at the end of a DSN in the environment' env TDREST_DSN=http://a: "$tool" options
status_is 2
err_is <<'END'
tdrest: InterfaceError: TDREST_DSN: host: expected a port from 1 to 65535 (at the end of the DSN)
END
case_of 'secrets: a key in the place of its file' env TDREST_TLS_KEY_FILE="$(printf -- '-----BEGIN PRIVATE KEY-----\nhidden\n')" "$tool" options
status_is 2
says err 'tdrest: InterfaceError: TDREST_TLS_KEY_FILE: tls_key_file: expected a file path'
! grep -q 'BEGIN\|hidden' "$work/err" || complain "it is told: $(cat "$work/err")"
case_of 'secrets: a password where the DSN has no @' "$tool" -u 'http://root:1/hid.den' options
status_is 2
says err 'tdrest: InterfaceError: database: expected '
! grep -q 'hid' "$work/err" || complain "it is told: $(cat "$work/err")"
hint 'unknown option --csv; -F csv chooses that format' --csv 'select 1'
hint 'option --completion: expected bash, zsh or fish' --completion
hint "option --header: expected 'NAME: VALUE'" --header X-Key
hint "option --header: expected 'NAME: VALUE'" --header hidden
case_of 'args: - is standard input' sh -c "echo 'select * from wire_ms.long' | '$tool' -F none -"
status_is 0
case_of 'args: behind -- it is a statement' "$tool" -- -
[ "$status" -ne 0 ] || complain 'it ran'
