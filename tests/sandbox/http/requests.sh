# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# Routes, the order of checks, parameters. Read by tests/steps/sandbox.sh, in its words.

routes() {
    case_of 'unknown path'
    ask /rest/sqlx -d 'select 1'
    is 404 '404 page not found'
    has 'Content-Type: text/plain'
    has 'Content-Length: 18'
    for path in /REST/sql //rest/sql /rest /rest/sql/a/b /rest/sql/a%2Fb /rest/login/root/a%2fb /; do
        case_of "unknown path: $path"
        ask "$path" -d 'select 1'
        is 404 '404 page not found'
    done
    case_of 'a wrong method is 404'
    ask /rest/sql
    is 404 '404 page not found'
    ask /-/ping -d ''
    is 404 '404 page not found'
    ask /influxdb/v1/write?db=a
    is 404 '404 page not found'
    case_of 'HEAD is not routed'
    ask /-/ping -I
    is 404
    has 'Content-Length: 18'
    case_of 'a slash too many, POST'
    ask '/rest/sql/?tz=UTC&a=%20' -d 'select 1'
    is 307 ''
    has 'Location: /rest/sql?tz=UTC&a=%20'
    ask /rest/sql/a%20b/ -d 'select 1'
    is 307 ''
    has 'Location: /rest/sql/a%20b'
    ask /opentsdb/v1/put/json/ -d ''
    is 307 ''
    case_of 'a slash too many, GET'
    plain '/rest/login/root/?a=1&b="<>'"'" -g
    is 301 "<a href=\"/rest/login/root?a=1&amp;b=&#34;&lt;&gt;&#39;\">Moved Permanently</a>."
    has 'Content-Type: text/html; charset=utf-8'
    case_of 'a slash too many, unknown'
    ask /rest/nosuch/ -d ''
    is 404 '404 page not found'
    case_of 'a percent sign that encodes nothing'
    ask /rest/sql/a%zz -d 'select 1'
    is 400 '400 Bad Request'
    has 'Connection: close'
    ask /rest/sql/a% -d 'select 1'
    is 400 '400 Bad Request'
    case_of 'ping'
    plain '/-/ping?action=query'
    is 200 ''
    has 'Content-Length: 0'
}

order() {
    case_of 'order: req_id, login, zone, row_with_meta, body, password, ip'
    plain '/rest/sql?req_id=x&tz=y&row_with_meta=z&ip=w' -d ''
    error_is 400 65535 'illegal param, req_id must be numeric strconv.ParseInt: parsing \"x\": invalid syntax'
    plain '/rest/sql?tz=y&row_with_meta=z&ip=w' -d ''
    error_is 401 4357 'no auth info input'
    plain '/rest/sql?tz=y&row_with_meta=z&ip=w' -d '' -u root:wrong
    error_is 400 65535 'unknown time zone y'
    plain '/rest/sql?row_with_meta=z&ip=w' -d '' -u root:wrong
    error_is 400 65535 'illegal param, row_with_meta must be boolean strconv.ParseBool: parsing \"z\": invalid syntax'
    plain '/rest/sql?ip=w' -d '' -u root:wrong
    error_is 400 4358 'request is empty'
    plain '/rest/sql?ip=w' -d 'nonsense' -u root:wrong
    error_is 200 855 'Authentication failure'
    ask '/rest/sql?ip=w' -d 'nonsense'
    error_is 200 280 'Invalid parameters'
    ask '/rest/sql?ip=1.2.3.4' -d 'nonsense'
    error_is 200 9728 'syntax error near \"nonsense\"'
    has 'Content-Type: application/json; charset=utf-8'
}

good() {
    ask "/rest/sql?$1" -d 'select 1'
    is 200 "$one"
}

refused() {
    ask "/rest/sql?$1" -d 'select 1'
    error_is 400 65535 "$2"
}

parameters() {
    int='illegal param, req_id must be numeric strconv.ParseInt: parsing'
    case_of 'req_id'
    for id in '' 0 7 -7 %2B7 -9223372036854775808 9223372036854775807; do good "req_id=$id"; done
    refused req_id=9223372036854775808 "$int \\\"9223372036854775808\\\": value out of range"
    refused req_id=-9223372036854775809 "$int \\\"-9223372036854775809\\\": value out of range"
    refused req_id=0x10 "$int \\\"0x10\\\": invalid syntax"
    refused req_id=+1 "$int \\\" 1\\\": invalid syntax"
    refused req_id=1_0 "$int \\\"1_0\\\": invalid syntax"
    refused req_id=- "$int \\\"-\\\": invalid syntax"
    refused 'req_id=a%22%0a%01%C3%A4%ff%5C' "$int \\\"a\\\\\\\"\\\\n\\\\x01ä\\\\xff\\\\\\\\\\\": invalid syntax"
    case_of 'tz'
    for zone in '' UTC Etc/GMT-8 Asia%2FShanghai GMT America%2FNew_York; do good "tz=$zone"; done
    refused tz=utc 'unknown time zone utc'
    refused tz=UTC+8 'unknown time zone UTC 8'
    refused tz=%2B08:00 'unknown time zone +08:00'
    refused tz=../../etc/passwd 'time: invalid location name'
    case_of 'conn_tz goes before tz, even empty'
    good 'conn_tz=&tz=nosuch'
    good 'conn_tz=Asia/Shanghai&tz=nosuch'
    refused 'conn_tz=nosuch&tz=UTC' 'unknown time zone nosuch'
    case_of 'row_with_meta'
    for word in 1 t T TRUE true True; do
        ask "/rest/sql?row_with_meta=$word" -d 'select 1'
        is 200 '{"code":0,"column_meta":[["1","BIGINT",8]],"data":[{"1":1}],"rows":1}'
    done
    for word in 0 f F FALSE false False ''; do good "row_with_meta=$word"; done
    refused row_with_meta=tRUE 'illegal param, row_with_meta must be boolean strconv.ParseBool: parsing \"tRUE\": invalid syntax'
    case_of 'timing is exactly true'
    ask '/rest/sql?timing=true' -d 'select 1'
    is 200 "${one%\}},\"timing\":T}"
    for word in 1 TRUE True t false; do good "timing=$word"; done
    case_of 'of a repeated parameter the first counts; pairs that cannot be read are dropped'
    good 'tz=UTC&tz=nosuch'
    good 'tz=nosuch;&a'
    good 'tz=nosuch%2&tz=%zz'
    good 'token=x&app=some-program-with-a-long-name&nosuch=1'
}
