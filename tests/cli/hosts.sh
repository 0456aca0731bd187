# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# Several hosts, repeats, and what is told of them. Connections start at a random host: where one must come first, a case is repeated until it does.

sandbox_start "$programs" --quiet --faults --port 0 || exit 2
both=${sandbox_url##*@}
first=${both%,*}
second=${both#*,}
dead=127.0.0.1:1

# fault TEXT: asks the first host for it.
fault() {
    "$tool" -u "http://$first" --header "X-Sandbox-Fault: $1" -F none 'select 1' || complain "the fault $1"
}

# until_says TEXT COMMAND...: repeated until standard error says it, at most 100 times.
until_says() {
    text=$1
    shift
    tries=0
    code=99
    while [ "$code" -eq 99 ] && [ "$tries" -lt 100 ]; do
        "$@" >"$work/said.out" 2>"$work/said.err"
        code=$?
        grep -qF -- "$text" "$work/said.err" || code=99
        tries=$((tries + 1))
    done
    cat "$work/said.out"
    cat "$work/said.err" >&2
    return "$code"
}

# names: request ids and hosts in standard error, made the same everywhere; libcurl's words differ from version to version.
names() {
    sed "s/0x[0-9a-f]\{5,\}/ID/;s/$first/FIRST/g;s/$second/SECOND/g;s/$dead/DEAD/g;s/Failed to connect[^(]*server/UNREACHED/;s/Failed to connect[^(]*\$/UNREACHED/" \
        "$work/err" >"$work/last" && mv "$work/last" "$work/err"
}

# attempts NUMBER: as --verbose has told them.
attempts() {
    [ "$(grep -c 'tdrest: POST ' "$work/err")" -eq "$1" ] || complain "$(grep -c 'tdrest: POST ' "$work/err") attempts, not $1"
}

# ---- a host that is dead ----

often() {
    for i in 1 2 3 4 5 6 7 8; do
        "$tool" -u "http://$dead,$first,[::1]:1" --no-header "select $i" || return
    done
}
case_of 'hosts: nothing is told of a repeat that helped' often
status_is 0
printf '%s\n' 1 2 3 4 5 6 7 8 | out_is
err_is_empty

case_of 'hosts: verbose tells a repeat that helped' until_says 'attempt 2' "$tool" --verbose -u "http://$dead,$first" --no-header 'select 1'
status_is 0
echo 1 | out_is
names
err_is <<'END'
tdrest: POST http://DEAD/rest/sql req_id=ID, 8 bytes, attempt 1
tdrest: http://DEAD/rest/sql req_id=ID: UNREACHED
tdrest: POST http://FIRST/rest/sql req_id=ID, 8 bytes, attempt 2
tdrest: req_id=ID: http://FIRST answered attempt 2
END

case_of 'hosts: verbose tells which one answered' "$tool" --verbose -u "http://$first" --no-header 'select 1'
status_is 0
names
err_is <<'END'
tdrest: POST http://FIRST/rest/sql req_id=ID, 8 bytes, attempt 1
END

case_of 'hosts: a level of the log that is set counts' "$tool" --verbose --log-level none -u "http://$first" --no-header 'select 1'
status_is 0
err_is_empty

case_of 'hosts: all dead, and each is named' until_says "tried http://$dead" "$tool" -u "http://$dead,[::1]:1" --retry-backoff-ms 1 'select 1'
status_is 3
out_is_empty
names
sed 's/Error: .*(/Error: (/' "$work/err" >"$work/last" && mv "$work/last" "$work/err"
err_is <<'END'
tdrest: ConnectionError: (tried http://DEAD, http://[::1]:1)
END

case_of 'hosts: all dead, verbose' "$tool" --verbose -u "http://$dead,[::1]:1" --conn-retries 2 --retry-backoff-ms 1 'select 1'
status_is 3
attempts 3
says err ', 3 attempts, tried http://'

case_of 'hosts: of one host only its failure is told' "$tool" -u "http://$dead" --conn-retries 0 'select 1'
status_is 3
! grep -q tried "$work/err" || complain 'it was told twice'

case_of 'hosts: a name with several addresses' "$tool" --verbose -u "http://localhost:${first##*:}" --no-header 'select 1'
status_is 0
attempts 1

for host in root:hidden http://root:hidden root:hidden@h; do
    case_of "hosts: none, and it may be a login: $host" "$tool" --host "$host" options
    status_is 2
    says err 'tdrest: InterfaceError: host: expected host[:port]'
    ! grep -q hidden "$work/err" || complain "it is told: $(cat "$work/err")"
done

# ---- modes ----

case_of 'retry: never' "$tool" --verbose -u "http://$dead" --retry never 'select 1'
status_is 3
attempts 1

case_of 'retry: never, which another host cannot help' until_says ConnectionError "$tool" -u "http://$dead,$first" --retry never 'select 1'
status_is 3
out_is_empty

case_of 'retry: connect' "$tool" --verbose -u "http://$dead" --retry connect --conn-retries 2 --retry-backoff-ms 1 'select 1'
status_is 3
attempts 3

case_of 'retry: connect, and the connection was there' "$tool" --verbose --retry connect --conn-retries 2 --retry-backoff-ms 1 'select proxy'
status_is 3
attempts 1

case_of 'retry: auto' "$tool" --verbose --retry auto --conn-retries 2 --retry-backoff-ms 1 'select proxy'
status_is 3
attempts 3

case_of 'retry: another word' "$tool" --retry always 'select 1'
status_is 2
says err "retry: expected auto, connect or never, not 'always'"

"$tool" -u "http://$first" 'create database d' 'create table d.t (ts timestamp, c int)' || complain 'no table'
case_of 'hosts: rows that are counted' "$tool" -u "http://$first" -d d --verify-rows count --no-header 'select count(*) from t'
status_is 0
echo 0 | out_is

printf 'm,a=b c=1 1700000000000000000\n' >"$work/line"
case_of 'hosts: schemaless data' until_says 'attempt 2' "$tool" --verbose -u "http://$dead,$first" -d d write --protocol line "$work/line"
status_is 0
says err "http://$first answered attempt 2"

broken() {
    "$tool" --verbose -u "http://$first" --header 'X-Sandbox-Fault: drop-after=5' --conn-retries 2 --retry-backoff-ms 1 "$@"
}
case_of 'retry: an INSERT of NOW may have run' broken 'insert into d.t values (now, 1)'
status_is 3
attempts 1
case_of 'retry: it has' "$tool" -u "http://$first" --no-header 'select count(*) from d.t'
echo 1 | out_is
case_of 'retry: an INSERT that says its time' broken "insert into d.t values ('2020-01-01', 1)"
status_is 3
attempts 3
case_of 'retry: it is there once' "$tool" -u "http://$first" --no-header 'select count(*) from d.t'
echo 2 | out_is

# A server that is away when the first statement comes: the statement waits for it as long as it is told.
returns() {
    : >"$work/waits" # what is there from before does not count
    fault "refuse=${second##*:}"
    "$tool" --verbose -u "http://$second" --conn-retries 0 --retry-for-ms 600000 --retry-backoff-ms 5 --retry-backoff-max-ms 50 --no-header 'select 1' 2>"$work/waits" &
    waiter=$!
    tries=0
    until grep -q 'attempt 2' "$work/waits" || [ "$tries" -ge 600 ]; do
        sleep 0.1
        tries=$((tries + 1))
    done
    fault "serve=${second##*:}"
    wait "$waiter"
}
case_of 'retry-for-ms: until the server is back' returns
status_is 0
echo 1 | out_is

# Unless it is told, who loads data waits for a server that goes away, and who asks does not.
# leaves COMMAND...: the server goes away between line1 on standard input, which is a second row, and line2; when waits is yes, it comes back.
leaves() {
    rm -f "$work/leaves"
    : >"$work/waits"
    mkfifo "$work/leaves"
    "$tool" --verbose -u "http://$second" --conn-retries 0 --retry-backoff-ms 5 --retry-backoff-max-ms 50 "$@" <"$work/leaves" 2>"$work/waits" &
    waiter=$!
    exec 7>"$work/leaves"
    printf '%s\n' "$line1" >&7
    until_there 2
    fault "kill=${second##*:}"
    printf '%s\n' "$line2" >&7
    exec 7>&-
    if [ "$waits" = yes ]; then
        tries=0
        until grep -q 'attempt 2' "$work/waits" || [ "$tries" -ge 600 ]; do
            sleep 0.1
            tries=$((tries + 1))
        done
        fault "serve=${second##*:}"
    fi
    wait "$waiter"
    left=$?
    cat "$work/waits" >&2
    fault "serve=${second##*:}"
    return "$left"
}
until_there() {
    tries=0
    until [ "$("$tool" -u "http://$first" --no-header 'select count(*) from d.away' 2>/dev/null)" = "$1" ] || [ "$tries" -ge 600 ]; do
        sleep 0.1
        tries=$((tries + 1))
    done
}
"$tool" -u "http://$first" 'create table d.away (ts timestamp, v int)' 'insert into d.away values (1700000000000, 1)'
line1='insert into d.away values (1700000000001, 1);' line2='insert into d.away values (1700000000002, 1);' waits=no
case_of 'retry-for-ms: statements do not wait' leaves
status_is 3
attempts 2
"$tool" -u "http://$first" 'delete from d.away where ts = 1700000000001'
line1="$(printf 'ts,v\n1700000000001,1')" line2=1700000000003,1 waits=yes
case_of 'retry-for-ms: import waits' leaves -d d import --table away -
status_is 0
says err '(2 records read: 2 stored, '

case_of 'retry-for-ms: timeout_ms wins' "$tool" -u "http://$dead" --retry-for-ms 86400000 --timeout-ms 200 'select 1'
status_is 3
says err ConnectionError

# ---- a host that takes connections and says nothing ----

fault "hang=${second##*:}"
case_of 'ping: a silent host first' "$tool" ping -u "http://$second,$first" --timeout-ms 4000 --no-header
status_is 3
sed 's/,[0-9]*,no,.*/,MS,no,REASON/;s/,[0-9]*,yes,/,MS,yes,/;s/3[.][0-9.a-z]*/VERSION/' "$work/out" | sed "s/$first/FIRST/;s/$second/SECOND/" >"$work/last" && mv "$work/last" "$work/out"
out_is <<'END'
SECOND,,MS,no,REASON
FIRST,VERSION,MS,yes,
END

case_of 'ping: silent hosts share the time' "$tool" ping -u "http://$second,$dead,$second,$second" --timeout-ms 1500 --no-header
status_is 3
[ "$(cut -d , -f 1,4 "$work/out" | tr '\n' ' ')" = "$second,no $dead,no $second,no $second,no " ] || complain "$(cat "$work/out")"
[ "$(awk -F , '{sum += $3} END {print sum}' "$work/out")" -lt 3700 ] || complain "each had all of it: $(cat "$work/out")"
case_of 'ping: a name with two addresses, and an address in brackets' "$tool" ping -u "http://localhost:${first##*:},[::1]" --port 1 --no-header -F tsv
status_is 3
cut -f 1,4 "$work/out" | sed "s/:${first##*:}/:FIRST/" >"$work/last" && mv "$work/last" "$work/out"
printf 'localhost:FIRST\tyes\n[::1]:1\tno\n' | out_is
case_of 'hosts: a silent one is a failure by its limit' "$tool" -u "http://$second" --timeout-ms 300 'select 1'
status_is 3
says err timeout_ms
fault "serve=${second##*:}"
sandbox_stop

# ---- a wrong password: the server locks an account after some ----

sandbox_start "$programs" --port 0 2>"$work/arrived" || exit 2
refused() {
    for i in 1 2 3; do
        TDREST_PASSWORD=wrong "$tool" -u "http://${sandbox_url##*@}" --retry-for-ms 5000 'select 1' && return 9
    done
    TDREST_PASSWORD=wrong "$tool" -u "http://${sandbox_url##*@}" -F json ping
}
case_of 'hosts: a refused login is not tried on the others' refused
status_is 3
says err 'Authentication failure'
says out '"reason":"not asked: login refused"'
sandbox_stop # a request is logged after its answer: only now the log is whole
[ "$(grep -c 'POST /rest/sql' "$work/arrived")" -eq 4 ] || complain "requests: $(cat "$work/arrived")"

# ---- rows that are counted first ----

case_of 'verify-rows: the server has cut the answer' "$tool" --verify-rows count --no-header 'select cut'
status_is 4
printf '1\n2\n' | out_is
says err 'rows'
for how in '--verify-rows' '--verify-rows=count' '--no-header --verify-rows --no-header'; do
    case_of "verify-rows: $how" "$tool" $how 'select cut'
    status_is 4
    says err 'rows'
done
case_of 'verify-rows: behind the statement' "$tool" 'select cut' --verify-rows
status_is 4
case_of 'verify-rows: in front of a command' "$tool" --verify-rows export nosuch --query 'select 1'
status_is 2
says err 'option --query cannot be combined with a table'
case_of 'verify-rows: which is not seen without' "$tool" --no-header 'select cut'
status_is 0
case_of 'verify-rows: refused for what cannot be counted' "$tool" --verify-rows count 'show databases'
status_is 2
says err 'run other statements with verify_rows=none'
case_of 'verify-rows: not asked for what has no rows' "$tool" --verify-rows count 'create database if not exists nothing'
! grep -q 'counted' "$work/err" || complain 'refused'
case_of 'verify-rows: another word' "$tool" --verify-rows yes 'select 1'
status_is 2
says err "verify_rows: expected none or count, not 'yes'"
