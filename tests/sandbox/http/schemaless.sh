# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# The endpoints of InfluxDB and OpenTSDB. Read by tests/steps/sandbox.sh, in its words.

influx() {
    case_of 'influx: written'
    sql 'create database if not exists sml'
    ask '/influxdb/v1/write?db=SML&precision=s&req_id=18446744073709551615&ttl=-1' -d ' m,a=b c=1 1700000000 '
    is 204 ''
    sql 'select _ts, c from sml.m'
    is 200
    says '[["2023-11-14T22:13:20.000Z",1]]'
    case_of 'influx: precision'
    for unit in h=472222 m=28333333 s=1700000001 ms=1700000000001 u=1700000000001000 %CE%BC=1700000000001000 ns=1700000000000000001 \
        =1700000000000000001 us=1700000000000000001 NS=1700000000000000001; do
        ask "/influxdb/v1/write?db=sml&precision=${unit%=*}" -d "p c=1 ${unit#*=}"
        is 204 ''
    done
    ask '/influxdb/v1/write?db=sml&precision=us' -d 'p c=1 1700000000000000'
    is 500
    says '[0x60b]'
    case_of 'influx: parameters'
    plain /influxdb/v1/write?req_id=-1 -d ''
    is 400 '{"code":"illegal param","message":"req_id must be numeric","op":"parse req_id","err":"req_id must be numeric","line":0}'
    plain '/influxdb/v1/write?db=sml' -d ''
    is 401 '{"code":"forbidden","message":"no auth info found"}'
    ask '/influxdb/v1/write?ttl=x' -d ''
    is 400 '{"code":"not found","message":"db required","op":"get db query","err":"db required","line":0}'
    ask '/influxdb/v1/write?db=sml&ttl=soon' -d ''
    is 400 '{"code":"illegal param","message":"ttl must be numeric","op":"parse ttl","err":"ttl must be numeric","line":0}'
    case_of 'influx: logins'
    plain '/influxdb/v1/write?db=sml&u=root&p=taosdata' -H 'Authorization: Digest x' -d 'm,a=b c=1'
    is 204 ''
    plain '/influxdb/v1/write?db=sml&u=root&p=wrong' -H "Authorization: Basic $basic" -d 'm,a=b c=1'
    is 500 '{"code":"internal error","message":"[0x357] Authentication failure"}'
    plain '/influxdb/v1/write?db=sml&u=nobody' -H "Authorization: Basic $basic" -d 'm,a=b c=1'
    is 204 ''
    plain '/influxdb/v1/write?db=sml' -H "Authorization: Taosd $token" -d 'm,a=b c=1'
    is 401 '{"code":"forbidden","message":"no auth info found"}'
    plain '/influxdb/v1/write?db=sml' -H 'Authorization: Bearer x' -d 'm,a=b c=1'
    is 500 '{"code":"internal error","message":"[0x351] Invalid user"}'
    case_of 'influx: errors of the server'
    ask '/influxdb/v1/write?db=nosuch' -d 'm,a=b c=1'
    is 500 '{"code":"internal error","message":"[0x388] Database not exist"}'
    ask '/influxdb/v1/write?db=%60SML%60' -d 'm,a=b c=1'
    is 500 '{"code":"internal error","message":"[0x388] Database not exist"}'
    ask '/influxdb/v1/write?db=sml' -d ''
    is 500 '{"code":"internal error","message":"[0x3002] line num is invalid"}'
}

opentsdb() {
    case_of 'opentsdb: written'
    ask /opentsdb/v1/put/telnet/Sml -d 'tm 1700000000 10.5 a=b'
    is 204 ''
    ask /opentsdb/v1/put/json/sml -d '{"metric":"jm","timestamp":1700000000,"value":2,"tags":{"a":"b"}}'
    is 204 ''
    sql 'select _value from sml.tm'
    value_is 10.5
    case_of 'opentsdb: empty bodies'
    ask /opentsdb/v1/put/telnet/sml -d ''
    is 204 ''
    ask /opentsdb/v1/put/json/sml -d ''
    is 204 ''
    case_of 'opentsdb: logins'
    plain '/opentsdb/v1/put/telnet/sml?req_id=x' -d ''
    is 401 '{"code":401,"message":"auth needed"}'
    plain /opentsdb/v1/put/json/sml -d '' -H "Authorization: Taosd $token"
    is 401 '{"code":401,"message":"unsupported auth type"}'
    plain /opentsdb/v1/put/json/sml -d '' -H 'Authorization: Basic cm9vd!'
    is 401 '{"code":401,"message":"illegal base64 data at input byte 5"}'
    plain /opentsdb/v1/put/json/sml -d '' -H "Authorization: Basic $(printf root | base64)"
    is 401 '{"code":401,"message":"wrong basic auth"}'
    plain /opentsdb/v1/put/json/sml -d x -u root:wrong
    is 500 '{"code":500,"message":"[0x357] Authentication failure"}'
    case_of 'opentsdb: parameters'
    ask '/opentsdb/v1/put/telnet/sml?req_id=-1&ttl=x' -d ''
    is 400 '{"code":400,"message":"illegal param, req_id must be numeric strconv.ParseUint: parsing \"-1\": invalid syntax"}'
    ask '/opentsdb/v1/put/telnet/sml?ttl=x' -d ''
    is 400 '{"code":400,"message":"illegal param, ttl must be numeric strconv.Atoi: parsing \"x\": invalid syntax"}'
    ask /opentsdb/v1/put/telnet -d ''
    is 404 '404 page not found'
    case_of 'opentsdb: errors of the server'
    ask /opentsdb/v1/put/json/sml -d '{not json'
    is 500 '{"code":500,"message":"[0x221] Invalid JSON format"}'
    ask /opentsdb/v1/put/telnet/nosuch -d 'tm 1700000000 10.5 a=b'
    is 500 '{"code":500,"message":"[0x388] Database not exist"}'
}
