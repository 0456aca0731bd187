# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# Bytes as they are, many clients, replies that break on demand. Read by tests/steps/sandbox.sh, in its words.

fault() {
    sql "$2" -H "X-Sandbox-Fault: $1"
}

faults() {
    case_of 'fault: drop-after'
    for n in 0 1 30; do
        fault "drop-after=$n" 'select 1'
        same "$result $(body)" "18 $(printf %s "$one" | head -c "$n")"
        fault "drop-after=$n" 'select'
        same "$result $(wc -c <"$work/body" | tr -d ' ')" "18 $n"
    done
    fault drop-after=1000 'select 1'
    same "$result $(body)" "18 $one"
    case_of 'fault: truncate'
    fault truncate=30 'select 1'
    is 200 "$(printf %s "$one" | head -c 30)"
    same "$result" 0
    fault truncate=5 'select'
    is 200 '{"cod'
    has 'Content-Length: 5'
    fault truncate=1000 'select 1'
    is 200 "$one"
    case_of 'fault: status'
    fault status=503 'select 1'
    is 503 "$one"
    case_of 'fault: delay and stall'
    for what in delay=300 stall=10:300; do
        fault "$what" 'select 1' -w '%{http_code} %{time_total}'
        is 200 "$one"
        took=$(curl -s -o "$work/body" -w '%{time_total}' -u root:taosdata -H "X-Sandbox-Fault: $what" -d 'select 1' "$sandbox_address/rest/sql")
        awk -v took="$took" 'BEGIN {exit took < 0.3}' || complain "$what took $took s"
    done
    case_of 'fault: several'
    fault ' truncate=5 , status=500 ' 'select 1'
    is 500 '{"cod'
    case_of 'fault: the statement runs all the same'
    sql 'create table if not exists http_a.f (ts timestamp, c int)'
    fault drop-after=0 'insert into http_a.f values (1, 1)'
    same "$result" 18
    sql 'select count(*) from http_a.f'
    value_is 1
    case_of 'fault: what is wrong is said, and nothing runs'
    for what in x drop-after= drop-after=-1 truncate=1x status=199 status=600 delay=600001 stall=1 stall=1: 'status=500,,'; do
        fault "$what" 'insert into http_a.f values (2, 2)'
        is 400
        says 'expected, separated by commas: drop-after=BYTES'
    done
    sql 'select count(*) from http_a.f'
    value_is 1
}

sockets() {
    login="Host: a\\r\\nAuthorization: Basic $basic\\r\\n"
    case_of 'HTTP/1.0: no chunks, and the connection is closed'
    raw "POST /rest/sql HTTP/1.0\\r\\n${login}Connection: keep-alive\\r\\nContent-Length: 8\\r\\n\\r\\nselect 1"
    same "$result $(tail -n 1 "$work/body")" "0 $one"
    ! grep -qi '^transfer-encoding' "$work/body" || complain 'chunked'
    case_of 'requests in a row are answered in order'
    get='GET /-/ping HTTP/1.1\r\nHost: a\r\n'
    raw "${get}\\r\\nPOST /rest/sql HTTP/1.1\\r\\n${login}Content-Length: 1\\r\\n\\r\\n;GET /nosuch HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n"
    same "$result $(statuses)" '0 200 200 404 '
    case_of 'chunks of at most 16 KiB'
    sql 'create table if not exists http_a.big (ts timestamp, c int)'
    rows=$(awk 'BEGIN {for (i = 1; i <= 3000; i++) printf "(%d,%d)", i, i}')
    sql "insert into http_a.big values $rows"
    value_is 3000
    raw "POST /rest/sql HTTP/1.1\\r\\n${login}Connection: close\\r\\nContent-Length: 24\\r\\n\\r\\nselect * from http_a.big"
    says "$(printf '\r')"
    grep -aqx "$(printf '4000\r')" "$work/body" || complain 'no chunk of 0x4000'
    case_of 'Host is missing'
    raw 'GET /-/ping HTTP/1.1\r\n\r\n'
    same "$result $(statuses)" '0 400 '
    says 'Connection: close'
    case_of 'two lengths'
    raw "POST /rest/sql HTTP/1.1\\r\\n${login}Content-Length: 8\\r\\nContent-Length: 9\\r\\n\\r\\nselect 1 "
    same "$result $(statuses)" '0 400 '
    raw "POST /rest/sql HTTP/1.1\\r\\n${login}Connection: close\\r\\nContent-Length: 8\\r\\nContent-Length: 8\\r\\n\\r\\nselect 1"
    same "$result $(statuses)" '0 200 '
    case_of 'garbage'
    raw 'what is this\r\n\r\n'
    same "$result" 0
    case_of 'Expect: the body is asked for once the head is right'
    post="POST /rest/sql HTTP/1.1\\r\\nConnection: close\\r\\nContent-Length: 8\\r\\n"
    sql 'select 1' -H 'Expect: 100-continue' --expect100-timeout 30
    is 200 "$one"
    same "$result $(head -n 1 "$work/head" | tr -d '\r')" '0 HTTP/1.1 100 Continue'
    # Whoever does not wait need not be told to go on.
    raw "${post}${login}Expect: 100-continue\\r\\n\\r\\nselect 1"
    same "$(statuses | sed 's/^100 //')" '200 '
    raw "${post}Host: a\\r\\nExpect: 100-continue\\r\\n\\r\\n"
    same "$result $(statuses)" '0 401 '
    raw "${post}${login}Expect: something\\r\\n\\r\\n"
    same "$result $(statuses)" '0 417 '
    case_of 'an early reply comes before a long body'
    raw "POST /rest/sql HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 3000000\\r\\n\\r\\n"
    same "$result $(head -c 12 "$work/body")" '0 HTTP/1.1 401'
    grep -qi '^connection: close' "$work/body" || complain 'not closed'
    case_of 'a body that is cut off is not run'
    statement='insert into http_a.f values (9, 9)'
    raw "POST /rest/sql HTTP/1.1\\r\\n${login}Content-Length: 40\\r\\n\\r\\n$statement" half
    raw "POST /rest/sql HTTP/1.1\\r\\n${login}Transfer-Encoding: chunked\\r\\n\\r\\n22\\r\\n$statement\\r\\n" half
    raw "POST /rest/sql HTTP/1.1\\r\\n${login}Transfer-Encoding: chunked\\r\\n\\r\\n22\\r\\n$statement\\r\\nxyz\\r\\n\\r\\n" half
    sql 'select count(*) from http_a.f where c = 9'
    value_is 0
    case_of 'headers up to 1 MiB'
    long=$(head -c 1000000 /dev/zero | tr '\0' x)
    printf 'GET /-/ping HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX: %s\r\n\r\n' "$long" |
        "$programs/tdrt-raw" "${sandbox_address##*:}" >"$work/body"
    same "$(head -c 12 "$work/body")" 'HTTP/1.1 200'
    printf 'GET /-/ping HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX: %s%s\r\n\r\n' "$long" "$long" |
        "$programs/tdrt-raw" "${sandbox_address##*:}" >"$work/body"
    same "$(head -c 12 "$work/body")" 'HTTP/1.1 431'
}

parallel() {
    case_of 'many at once'
    sql 'create table if not exists http_a.p (ts timestamp, c int)'
    pids=
    for client in 1 2 3 4 5 6 7 8; do
        for i in 0 1 2 3 4 5 6 7 8 9; do
            printf 'url = "%s/rest/sql"\nuser = root:taosdata\ndata = "insert into http_a.p values (%s%s, 1)"\noutput = /dev/null\nnext\n' \
                "$sandbox_address" "$client" "$i"
        done | sed '$d' >"$work/many$client"
        curl -sS -K "$work/many$client" 2>>"$work/curl" &
        pids="$pids $!"
    done
    for pid in $pids; do wait "$pid" || complain 'a client failed'; done
    sql 'select count(*) from http_a.p'
    value_is 80
}
