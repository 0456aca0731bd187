# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# The program: its command line, what it says, what it keeps, how it stops. Read by tests/steps/sandbox.sh, in its words.

ends() {
    expected=$1 text=$2
    shift 2
    "$sandbox" "$@" >"$work/out" 2>"$work/err" &
    program_pid=$!
    tries=0
    while kill -0 "$program_pid" 2>/dev/null && [ "$tries" -lt 1200 ]; do
        sleep 0.05
        tries=$((tries + 1))
    done
    kill -9 "$program_pid" 2>/dev/null
    wait "$program_pid" 2>/dev/null
    same $? "$expected"
    grep -qF -- "$text" "$work/err" || complain "does not say $text: $(cat "$work/err")"
    [ ! -s "$work/out" ] || complain "on stdout: $(cat "$work/out")"
}

now_running() {
    sandbox_stop || complain "the one before ended with $sandbox_status" # a sanitizer's finding too
    sandbox_start "$programs" "$@" 2>"$work/log" || complain 'it does not start'
}

# logged NUMBER: waits for so many lines. One is written when the server is done with the request, which may be after the client has its answer.
logged() {
    tries=0
    while [ "$(wc -l <"$work/log")" -lt "$1" ] && [ "$tries" -lt 1200 ]; do
        sleep 0.05
        tries=$((tries + 1))
    done
}

program() {
    case_of 'the command line'
    ends 2 'tdrest-sandbox: --port 65536: expected a number from 0 to 65535' --port 65536
    ends 2 'tdrest-sandbox: --port x: expected' --port=x
    ends 2 'tdrest-sandbox: --port: expected a value behind it' --port
    ends 2 'tdrest-sandbox: --user a:b: expected 1 to 23 bytes' --user a:b
    ends 2 'tdrest-sandbox: --password: expected 1 to 255 bytes' --password ''
    ends 2 'tdrest-sandbox: --data: expected the name of a file' --data=
    ends 2 'tdrest-sandbox: unknown option --passwrd; see' --passwrd=secret
    ends 2 'tdrest-sandbox: it takes options alone; see' secret
    ends 1 "tdrest-sandbox: port ${sandbox_address##*:} of 127.0.0.1: " --port "${sandbox_address##*:}"
    ends 1 "tdrest-sandbox: $work/no/such: " --port 0 --data "$work/no/such"
    case_of '--help fits a screen'
    "$sandbox" --help >"$work/out" || complain 'it fails'
    [ "$(wc -l <"$work/out")" -le 24 ] || complain "$(wc -l <"$work/out") lines"
    case_of 'the address holds the login that everyone knows'
    same "$sandbox_url" "http://root:taosdata@${sandbox_address#http://}"
    case_of 'without --faults none can be asked for'
    now_running
    fault status=503 'select 1'
    is 200 "$one"
    logged 1
    case_of 'a line for each request, and no password in it'
    plain /rest/login/root/taosdata
    logged 2
    plain '/influxdb/v1/write?db=sml&u=root&p=taosdata' -d x
    logged 3
    plain '/rest/login/root/taosdata/'
    logged 4
    same "$(cut -d ' ' -f 1-3 "$work/log" | tr '\n' ,)" \
        'POST /rest/sql 200,GET /rest/login/:user/:password 200,POST /influxdb/v1/write 500,GET (unknown) 301,'
    case_of 'another login, which is not told; --quiet'
    now_running --quiet --user 'a b' --password 5ecret
    same "$sandbox_url" "http://a%20b@${sandbox_address#http://}"
    plain /rest/sql -d 'select 1' -u 'a b:5ecret'
    is 200 "$one"
    sql 'select 1'
    error_is 200 849 'Invalid user'
    # Of what an emulator runs, its own arguments would be seen.
    [ -n "${RUN:-}" ] || ! ps -o args= -p "$sandbox_pid" | grep -q 5ecret || complain 'the password stands in the list of processes'
    [ ! -s "$work/log" ] || complain "said: $(cat "$work/log")"
}

keeping() {
    case_of 'what was written is there after a kill, and after a stop'
    now_running --quiet --data "$work/file.db"
    sql 'create database kept keep 36500'
    sql 'create table kept.t (ts timestamp, c int)'
    sql 'insert into kept.t values (1, 42)'
    value_is 1
    kill -9 "$sandbox_pid"
    wait "$sandbox_pid" 2>/dev/null
    sandbox_pid=
    now_running --quiet --data "$work/file.db"
    sql 'select c from kept.t'
    value_is 42
    sandbox_stop || complain "exit status $sandbox_status"
    now_running --quiet --data "$work/file.db"
    sql 'select c from kept.t'
    value_is 42
}

stopping() {
    for signal in TERM INT; do
        case_of "$signal: what was asked is answered, then it ends with 0"
        now_running --quiet --faults
        : >"$work/body"
        curl -N -sS --max-time 20 -u root:taosdata -H 'X-Sandbox-Fault: stall=10:60000' -d 'select 1' "$sandbox_address/rest/sql" >"$work/body" 2>&1 &
        client=$!
        until [ -s "$work/body" ]; do sleep 0.05; done
        kill -s "$signal" "$sandbox_pid"
        wait "$sandbox_pid"
        same $? 0
        sandbox_pid=
        wait "$client"
        same "$? $(body)" "0 $one"
    done
    case_of 'an idle connection does not keep it from ending'
    now_running --quiet
    : >"$work/body"
    { printf 'GET /-/ping HTTP/1.1\r\nHost: a\r\n\r\n' | "$programs/tdrt-raw" "${sandbox_address##*:}" >"$work/body"; } &
    client=$!
    until [ -s "$work/body" ]; do sleep 0.05; done
    sandbox_stop || complain "exit status $sandbox_status"
    wait "$client" || complain 'the client was left alone'
}
