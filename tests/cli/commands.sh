# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# The commands ping and explain-error.
case_of 'ping: ready' "$tool" ping
status_is 0
err_is_empty
sed "s/([0-9]* ms)/(T ms)/;s|$replay_url|URL|" "$work/out" >"$work/last" && mv "$work/last" "$work/out"
out_is <<'END'
URL is ready (T ms)
END

case_of 'ping: one of two hosts' "$tool" ping -u "http://127.0.0.1:1,${replay_url#http://}"
status_is 0
err_is_empty
sed "s/([0-9]* ms)/(T ms)/;s|${replay_url#http://}|HOST|" "$work/out" >"$work/last" && mv "$work/last" "$work/out"
out_is <<'END'
a host of http://127.0.0.1:1,HOST is ready (T ms)
END

case_of 'ping: nobody listens' "$tool" ping -u http://127.0.0.1:1 --conn-retries 0
status_is 3
out_is_empty
says err 'tdrest: ConnectionError: '

case_of 'ping: wrong password' env TDREST_PASSWORD=wrong "$tool" --verbose ping
status_is 3
says err 'HTTP 200, URL/rest/sql'

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
    says err 'is no code'
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
