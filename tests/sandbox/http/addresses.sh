# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# Several addresses over one store, each of which can fail. Read by tests/steps/sandbox.sh, in its words.

# at_address NUMBER: what is asked goes to that address from here on.
at_address() { sandbox_address=http://$(echo "${sandbox_url##*@}" | cut -d , -f "$1"); }
port_of() { echo "${sandbox_url##*@}" | cut -d , -f "$1" | cut -d : -f 2; }

# no_connection: it takes none (curl's 7).
no_connection() {
    sql 'select 1'
    same "$result" 7
}

one_is_served() {
    sql 'select 1'
    is 200 "$one"
}

# in_the_meantime NUMBER MILLISECONDS: on that address a request whose reply has begun and takes its time; meantime waits for it and sets result.
in_the_meantime() {
    at_address "$1"
    : >"$work/meantime"
    curl -sN --max-time 60 -o "$work/meantime" -u root:taosdata -H "X-Sandbox-Fault: stall=10:$2" -d 'select 1' "$sandbox_address/rest/sql" &
    asking=$!
    tries=0
    until [ -s "$work/meantime" ] || [ "$tries" -ge 1500 ]; do
        sleep 0.02
        tries=$((tries + 1))
    done
}

meantime() {
    result=0
    wait "$asking" || result=$?
}

addresses() {
    case_of 'several addresses'
    now_running --quiet --faults --port 0 --port=0
    same "$(echo "$sandbox_url" | sed 's/:[0-9][0-9]*/:N/g')" http://root:taosdata@127.0.0.1:N,127.0.0.1:N,127.0.0.1:N
    case_of 'several addresses: one store'
    at_address 1
    sql 'create database d'
    at_address 2
    sql 'create table d.t (ts timestamp, c int)'
    at_address 3
    sql 'insert into d.t values (now, 7)'
    for n in 1 2 3; do
        at_address "$n"
        sql 'select c from d.t'
        value_is 7
    done
    case_of 'an address that refuses: others answer, what is open goes on'
    in_the_meantime 2 1000
    at_address 1
    fault "refuse=$(port_of 2)" 'select 1'
    is 200 "$one"
    one_is_served
    meantime
    same "$result" 0
    at_address 2
    no_connection
    at_address 3
    fault "serve=$(port_of 2)" 'select 1'
    at_address 2
    one_is_served
    case_of 'an address that is killed breaks what is open'
    in_the_meantime 2 30000
    at_address 3
    fault "kill=$(port_of 2)" 'select 1'
    meantime
    case $result in 18 | 56) ;; *) complain "the open one ended with $result" ;; esac
    at_address 2
    no_connection
    case_of 'it comes back by itself'
    at_address 1
    fault "serve=$(port_of 2)" 'select 1'
    fault "kill=$(port_of 2):4000" 'select 1'
    at_address 2
    no_connection
    tries=0
    until sql 'select 1' && [ "$result" -eq 0 ] || [ "$tries" -ge 1500 ]; do
        sleep 0.02
        tries=$((tries + 1))
    done
    one_is_served
    case_of 'an address that kills itself'
    fault "kill=$(port_of 2):1" "insert into d.t values (now+1s, 8)"
    case $result in 52 | 56) ;; *) complain "ended with $result" ;; esac
    at_address 1
    sql 'select count(*) from d.t'
    value_is 2
    case_of 'an address that hangs takes connections and says nothing, until it serves'
    fault "hang=$(port_of 3)" 'select 1'
    at_address 3
    sql 'select 1' --max-time 0.3
    same "$result" 28
    at_address 1
    one_is_served
    fault "hang=$(port_of 3):300" 'select 1'
    at_address 3
    sql 'select 1' -w '%{time_total} '
    same "$result" 0
    one_is_served
    case_of 'of addresses, what is wrong is said'
    for what in kill=0 kill=65536 "kill=$(port_of 1):x" "serve=$(port_of 1):1" kill= hang=1; do
        fault "$what" 'insert into d.t values (now+2s, 9)'
        is 400
        says 'serve=PORT (one of its own'
    done
    case_of 'it ends while an address hangs'
    at_address 1
    fault "hang=$(port_of 3)" 'select 1'
    fault "refuse=$(port_of 2)" 'select 1'
    at_address 3
    sql 'select 1' --max-time 0.2
    now_running --quiet --faults
}
