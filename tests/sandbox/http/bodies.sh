# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# Statements and answers: bodies, the database of the path, zones, gzip both ways. Read by tests/steps/sandbox.sh, in its words.

bodies() {
    case_of 'empty and blank bodies'
    sql ''
    error_is 400 4358 'request is empty'
    sql "$(printf ' \t\n\013\f\302\240\343\200\200 ')"
    error_is 400 4359 'no sql input'
    case_of 'Unicode white space around a statement goes, a byte order mark does not'
    sql "$(printf '\302\205\342\200\250 select 1\343\200\200\302\240')"
    is 200 "$one"
    sql "$(printf '\357\273\277select 1')"
    is 200
    says '"code":9728'
    case_of 'a chunked body'
    sql 'select 1' -H 'Transfer-Encoding: chunked'
    is 200 "$one"
    case_of 'a success is chunked, an error has a length'
    sql 'select 1'
    has 'Transfer-Encoding: chunked'
    has_no Content-Length
    sql 'select'
    has_no Transfer-Encoding
    has "Content-Length: $(wc -c <"$work/body" | tr -d ' ')"
    case_of 'a body above 64 MiB, also when it grows to it'
    head -c 67108865 /dev/zero >"$work/long"
    ask /rest/sql --data-binary "@$work/long"
    is 413 'request body too long'
    gzip -c <"$work/long" >"$work/long.gz"
    ask /rest/sql -H 'Content-Encoding: gzip' --data-binary "@$work/long.gz"
    error_is 400 4385 'invalid content length'
    rm "$work/long"
    case_of 'Origin'
    sql 'select 1' -H 'Origin: http://example.org'
    has 'Access-Control-Allow-Origin: *'
    case_of 'the database of the path'
    sql 'create database if not exists http_a keep 36500'
    is 200 '{"code":0,"column_meta":[["affected_rows","INT",4]],"data":[[0]],"rows":1}'
    ask '/rest/sql/http_a?row_with_meta=true' -d 'create table if not exists t (ts timestamp, c int)'
    is 200 '{"code":0,"column_meta":[["affected_rows","INT",4]],"data":[{"affected_rows":0}],"rows":1}'
    ask /rest/sql/http_a -d 'insert into t values (1, 1) (2, 2)'
    value_is 2
    ask /rest/sql/http_a -d 'select count(*) from t'
    value_is 2
    case_of 'the database of the path goes as it stands, and an unknown one shows late'
    ask /rest/sql/HTTP_A -d 'select count(*) from t'
    error_is 200 9750 'Database not specified'
    ask /rest/sql/nosuch -d 'insert into t values (3, 3)'
    error_is 200 512 'db is not specified'
    ask /rest/sql/nosuch -d 'select 1'
    is 200 "$one"
    ask '/rest/sql/a%60b' -d 'select count(*) from http_a.t'
    value_is 2
    sql 'use http_a'
    sql 'select count(*) from t'
    error_is 200 9750 'Database not specified'
}

zones() {
    case_of 'tz shows times, conn_tz reads them too'
    sql 'create table if not exists http_a.z (ts timestamp, c int)'
    ask '/rest/sql?conn_tz=Asia/Shanghai' -d "insert into http_a.z values ('2024-01-01 08:00:00', 1)"
    value_is 1
    sql 'select ts from http_a.z'
    value_is '"2024-01-01T00:00:00.000Z"'
    ask '/rest/sql?tz=Asia/Shanghai' -d 'select ts from http_a.z'
    value_is '"2024-01-01T08:00:00.000+08:00"'
}

gzips() {
    printf 'select 1' | gzip -c >"$work/q.gz"
    case_of 'a body in gzip'
    ask /rest/sql -H 'Content-Encoding: gzip' --data-binary "@$work/q.gz"
    is 200 "$one"
    case_of 'a body in gzip of two members, and twice in gzip'
    { printf 'select ' | gzip -c && printf 1 | gzip -c; } >"$work/two.gz"
    ask /rest/sql -H 'Content-Encoding: gzip' --data-binary "@$work/two.gz"
    is 200 "$one"
    gzip -c <"$work/q.gz" >"$work/twice.gz"
    ask /rest/sql -H 'Content-Encoding: gzip, GZIP' --data-binary "@$work/twice.gz"
    is 200 "$one"
    case_of 'no gzip at all, before everything else'
    plain '/rest/sql?req_id=x' -H 'Content-Encoding: gzip' -d 'not gzip'
    is 400 ''
    has 'Content-Length: 0'
    ask /rest/sql -H 'Content-Encoding: gzip' -d ''
    is 400 ''
    case_of 'damaged gzip'
    size=$(wc -c <"$work/q.gz")
    head -c $((size - 1)) "$work/q.gz" >"$work/cut.gz"
    { head -c $((size - 8)) "$work/q.gz" && printf AAAAAAAA; } >"$work/sum.gz"
    { cat "$work/q.gz" && printf x; } >"$work/more.gz"
    for file in cut sum more; do
        ask /rest/sql -H 'Content-Encoding: gzip' --data-binary "@$work/$file.gz"
        error_is 400 4385 'invalid content length'
    done
    ask '/influxdb/v1/write?db=a' -H 'Content-Encoding: gzip' --data-binary "@$work/cut.gz"
    is 400 '{"code":"internal error","message":"read line error","op":"read line","err":"unexpected EOF","line":0}'
    { head -c 10 "$work/q.gz" && printf '\377\377\377\377\377\377\377\377\377\377'; } >"$work/deflate.gz"
    ask /opentsdb/v1/put/json/a -H 'Content-Encoding: gzip' --data-binary "@$work/deflate.gz"
    is 400 '{"code":400,"message":"flate: corrupt input"}'
    ask /opentsdb/v1/put/telnet/a -H 'Content-Encoding: gzip' --data-binary "@$work/sum.gz"
    is 400 '{"code":400,"message":"gzip: invalid checksum"}'
    case_of 'other encodings'
    ask /rest/sql -H 'Content-Encoding: gzip, br' --data-binary "@$work/q.gz"
    is 415 ''
    for word in deflate br identity; do sql 'select 1' -H "Content-Encoding: $word" && is 200 "$one"; done
    case_of 'replies in gzip'
    for word in gzip 'gzip;q=0' x-gzipped 'br, gzip'; do
        sql 'select 1' -H "Accept-Encoding: $word"
        has 'Content-Encoding: gzip'
        has 'Vary: Accept-Encoding'
        has 'Transfer-Encoding: chunked'
        same "$(gzip -dc <"$work/body")" "$one"
    done
    sql 'select' -H 'Accept-Encoding: gzip'
    has "Content-Length: $(wc -c <"$work/body" | tr -d ' ')"
    same "$(gzip -dc <"$work/body" | sed 's/:[0-9]*}/:T}/')" '{"code":9729,"desc":"Incomplete SQL statement","timing":T}'
    case_of 'replies that are not in gzip'
    for word in GZIP '*' br; do
        sql 'select 1' -H "Accept-Encoding: $word"
        is 200 "$one"
        has_no Content-Encoding
    done
    case_of 'gzip both ways: 23 stray bytes and no header'
    ask /rest/sql --raw -H 'Content-Encoding: gzip' -H 'Accept-Encoding: gzip' --data-binary "@$work/q.gz"
    has_no Content-Encoding
    same "$(od -An -tx1 <"$work/body" | tr -d ' \n' | tail -c 72)" \
        0d0a31370d0a1f8b08000000000000ff010000ffff00000000000000000d0a300d0a0d0a
    printf x | gzip -c >"$work/x.gz"
    ask /rest/sql -H 'Content-Encoding: gzip' -H 'Accept-Encoding: gzip' --data-binary "@$work/x.gz"
    has "Content-Length: $(wc -c <"$work/body" | tr -d ' ')"
    same "$(tail -c 23 "$work/body" | od -An -tx1 | tr -d ' \n')" 1f8b08000000000000ff010000ffff0000000000000000
    case_of 'gzip turns 404 into an empty 200'
    ask /nosuch -H 'Accept-Encoding: gzip'
    is 200 ''
    has 'Content-Type: text/plain'
    has 'Content-Encoding: gzip'
    has 'Content-Length: 0'
    case_of 'gzip and replies without a body'
    plain /-/ping -H 'Accept-Encoding: gzip'
    is 200 ''
    has 'Content-Encoding: gzip'
    ask /opentsdb/v1/put/telnet/http_a -H 'Accept-Encoding: gzip' -d ''
    is 204 ''
    has 'Content-Encoding: gzip'
    ask /rest/sql/ -d '' -H 'Accept-Encoding: gzip'
    is 307
    has_no Content-Encoding
}
