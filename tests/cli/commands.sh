# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# The commands ping and explain-error.
# ---- ping: a row for each host ----

sandbox_start "$programs" --quiet --port 0 || exit 2
hosts=${sandbox_url##*@}
version=3.3.6.9.alpha

# asks ARGS...: ping with the milliseconds of each row, and the words and numbers of this machine, made the same everywhere.
asks() {
    "$tool" ping "$@" >"$work/rows"
    code=$?
    sed "s/$version/VERSION/;s/^\(H[^,]*,[^,]*\),[0-9][0-9]*,/\1,MS,/;s/${hosts%,*}/FIRST/;s/${hosts#*,}/SECOND/;s/,[0-9][0-9]*,\(yes\|no\),/,MS,\1,/;s/\"ms\":[0-9]*/\"ms\":MS/;s/^\(ms *= \)[0-9]*/\1MS/
        s/ConnectionError: Failed to connect[^\"]*/UNREACHED/" "$work/rows"
    return "$code"
}

case_of 'ping: one host' asks -u "http://${hosts%,*}"
status_is 0
err_is_empty
out_is <<'END'
address,version,ms,ready,reason
FIRST,VERSION,MS,yes,
END

case_of 'ping: every host is ready' asks -u "http://$hosts"
status_is 0
err_is_empty
out_is <<'END'
address,version,ms,ready,reason
FIRST,VERSION,MS,yes,
SECOND,VERSION,MS,yes,
END

case_of 'ping: one of three is not reached, and none answers in its place' asks -u "http://${hosts%,*},127.0.0.1:1,${hosts#*,}"
status_is 3
err_is_empty
out_is <<'END'
address,version,ms,ready,reason
FIRST,VERSION,MS,yes,
127.0.0.1:1,,MS,no,UNREACHED
SECOND,VERSION,MS,yes,
END

case_of 'ping: JSON' asks -u "http://127.0.0.1:1,$hosts" -F json
status_is 3
out_is <<'END'
[
{"address":"127.0.0.1:1","version":null,"ms":MS,"ready":"no","reason":"UNREACHED"},
{"address":"FIRST","version":"VERSION","ms":MS,"ready":"yes","reason":null},
{"address":"SECOND","version":"VERSION","ms":MS,"ready":"yes","reason":null}
]
END

case_of 'ping: one value a line' asks -u "http://${hosts%,*}" -F line
status_is 0
sed 1d "$work/out" >"$work/last" && mv "$work/last" "$work/out"
out_is <<'END'
address = FIRST
version = VERSION
ms      = MS
ready   = yes
reason  = NULL
END

# Those whose widths follow the milliseconds, too.
for format in table tsv jsonl markdown html; do
    case_of "ping: $format" "$tool" ping -u "http://$hosts" -F "$format"
    status_is 0
    [ "$(grep -c "$version.*yes" "$work/out")" -eq 2 ] || complain 'not a row for each host'
done

case_of 'ping: types, and a text for NULL' asks -u "http://${hosts%,*}" --types --null -
out_is <<'END'
address (VARCHAR),version (VARCHAR),ms (BIGINT),ready (VARCHAR),reason (VARCHAR)
FIRST,VERSION,MS,yes,-
END
case_of 'ping: no line of names' asks -u "http://${hosts%,*}" --no-header
printf 'FIRST,VERSION,MS,yes,\n' | out_is

case_of 'ping: the status alone' "$tool" ping -u "http://127.0.0.1:1,$hosts" -F none
status_is 3
out_is_empty
err_is_empty

case_of 'ping: no plot' "$tool" ping -u "http://$hosts" -F plot
status_is 2
out_is_empty
says err 'a plot needs a column of TIMESTAMP'

# The server locks an account after some refused logins.
wrong() {
    (TDREST_PASSWORD=wrong && export TDREST_PASSWORD && asks "$@")
}
sandbox_stop
sandbox_start "$programs" --port 0 2>"$work/arrived" || exit 2
hosts=${sandbox_url##*@}
case_of 'ping: a refused login is tried on one host only' wrong -u "http://$hosts,${hosts%,*}"
status_is 3
out_is <<'END'
address,version,ms,ready,reason
FIRST,,MS,no,ConnectionError 0x0357: Authentication failure
SECOND,,,no,not asked: login refused
FIRST,,,no,not asked: login refused
END
sandbox_stop # a request is logged after its answer: only now the log is whole
[ "$(grep -c 'POST /rest/sql' "$work/arrived")" -eq 1 ] || complain "requests: $(grep -c 'POST /rest/sql' "$work/arrived")"

case_of 'ping: hosts without a port, and IPv6' asks -u 'http://127.0.0.1,[::1],[::1]:2' --port 1
status_is 3
out_is <<'END'
address,version,ms,ready,reason
127.0.0.1:1,,MS,no,UNREACHED
[::1]:1,,MS,no,UNREACHED
[::1]:2,,MS,no,UNREACHED
END

case_of 'ping: not sent again' asks -u http://127.0.0.1:1 --conn-retries 3 --retry-backoff-ms 60000
status_is 3

# The recordings know no version: a host that refuses a statement is not ready.
case_of 'ping: the server refuses' "$tool" ping --no-header
status_is 1
says out ',no,'

case_of 'ping: the worst host decides' "$tool" ping -u "http://127.0.0.1:1,${replay_url#http://}" --no-header
status_is 3

case_of 'ping: verbose' env TDREST_PASSWORD=wrong "$tool" --verbose ping
status_is 3
says out "HTTP 200, $replay_url/rest/sql"

case_of 'ping: takes nothing' "$tool" ping 'select 1'
status_is 2
says err 'ping takes no statement'

case_of 'ping: a statement behind two dashes' "$tool" -- ping
status_is 1

case_of 'explain: hexadecimal, decimal, as in the logs' env TDREST_DSN=nonsense "$tool" explain-error 0x2603 9731 0x80002603
status_is 0
err_is_empty
text='0x2603 TSDB_CODE_PAR_TABLE_NOT_EXIST
message: Table does not exist
class:   ProgrammingError
repeat:  no'
printf '%s\n\n%s\n\n%s\n' "$text" "$text" "$text" | out_is

case_of 'explain: when a repeat is safe' "$tool" explain-error 0x000b 0x0022
says out 'repeat:  only where running it twice does no harm'
says out 'repeat:  yes'

for code in 0x 0x1g 12x '' 70000 99999999999999999999 0xffff0001; do
    case_of "explain: no code: '$code'" "$tool" explain-error "$code"
    status_is 2
    says err 'is not a code'
done

case_of 'explain: unknown' "$tool" explain-error 2603
status_is 2
out_is_empty
err_is <<'END'
tdrest: no server code 0x0A2B is known
END

case_of 'explain: nothing' "$tool" explain-error
status_is 2
says err 'takes a code'

case_of 'explain: the list is the one it is made from' sh tests/tools/errortext.sh tests/data/error-codes.csv
status_is 0
cp tools/tdrest/help/explain_table.inc "$work/expected"
cmp -s "$work/expected" "$work/out" || complain 'tools/tdrest/help/explain_table.inc is not made from tests/data/error-codes.csv'

# ---- ping does not wait for ever ----

stalled() {
    kill -STOP "$replay_pid"
    timeout 60 "$@"
    code=$?
    kill -CONT "$replay_pid"
    return "$code"
}
from=$(date +%s)
case_of 'ping: a server that does not answer' stalled "$tool" --conn-retries 0 ping
status_is 3
took=$(($(date +%s) - from))
[ "$took" -ge 4 ] && [ "$took" -le 30 ] || complain "it took $took s"
case_of 'ping: a limit that is set' stalled "$tool" --conn-retries 0 --timeout-ms 500 ping
status_is 3
