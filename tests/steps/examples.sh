#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# Runs every example, against recorded answers or, when it writes, the sandbox, and compares what it prints, line by line, and its exit status:
# tests/steps/examples.sh [DIRECTORY_OF_PROGRAMS]. Prints "N passed, N failed"; status 1 when any failed or an example has no case.
set -u
programs=$(cd "${1:-build}" && pwd) || exit 2
cd "$(dirname "$0")/../.." || exit 2
. tests/server/start.sh
work=$(mktemp -d "${TMPDIR:-/tmp}/tdrest-examples.XXXXXX") || exit 2
trap 'stop; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
passed=0
failed=0
: >"$work/seen"

stop() {
    [ -z "${replay_pid-}" ] || kill -CONT "$replay_pid" 2>/dev/null
    replay_stop
    sandbox_stop
}

# run EXAMPLE [ARGUMENTS]: its output is in $work/out, its errors in $work/err, the port left out.
run() {
    title=$*
    echo "$1" >>"$work/seen"
    example=$1
    shift
    "$programs/$example" "$@" >"$work/out" 2>"$work/err" </dev/null
    status=$?
}

# again EXAMPLE DSN: after a first run, whose rows are there then.
again() {
    run "$@"
    run "$@"
}

# ends STATUS [FIRST LAST]: standard input is the whole output, or these lines of it.
ends() {
    cat >"$work/expected"
    sed -n "${2:-1},${3:-\$}p" "$work/out" >"$work/lines"
    if [ "$status" -eq "$1" ] && cmp -s "$work/expected" "$work/lines"; then
        passed=$((passed + 1))
        return
    fi
    failed=$((failed + 1))
    echo "FAILED: $title: exit status $status, not $1; the output differs so:"
    diff "$work/expected" "$work/lines"
    cat "$work/err"
}

# skip EXAMPLE WHY: it was not built.
skip() {
    echo "$1" >>"$work/seen"
    echo "skipped: $1: $2"
}

# lines NUMBER: of the output.
lines() {
    count=$(wc -l <"$work/out")
    [ "$count" -eq "$1" ] && passed=$((passed + 1)) && return
    failed=$((failed + 1))
    echo "FAILED: $title: $count lines, not $1"
}

replay_start "$programs" --chunk 1000 tests/data/captures/adapter-3.4.1.12 || exit 2

run 01_query "$replay_url" 'select ts, f, d from wire_ms.e2'
ends 0 1 2 <<'END'
ts (TIMESTAMP) = -1e-3 s; f (FLOAT) = 1e+21; d (DOUBLE) = 1e+21
ts (TIMESTAMP) = 0e-3 s; f (FLOAT) = 1e-07; d (DOUBLE) = 1e-07
END
lines 6

run 02_types "$replay_url"
ends 0 115 133 <<'END'
ts: time 1709251199120 (3 digits)
b: bool 1
t: int64 127
s: int64 32767
i: int64 2147483647
g: int64 9223372036854775807
ut: uint64 255
us: uint64 65535
ui: uint64 4294967295
ug: uint64 18446744073709551615
f: double 3.402820018375656e+38
d: double 1.7976931348623157e+308
v: text of 5 "plain"
n: text of 12 "汉字😀é"
vb: 3 bytes
ge: 21 bytes
d64: decimal 00000000000000000de0b6b3a763ffff / 10^6
d128: decimal 4b3b4ca85a86c47a098a223fffffffff / 10^10
j: json {"k":-7,"n":2.5,"ok":true,"site":"north \"wing\"","u":"汉é","z":null}
END
ends 0 134 136 <<'END'
ts: time 1709251199999 (3 digits)
b: NULL
t: NULL
END
lines 171
run 02_types "$replay_url" 'select * from wire_ms.nope'
ends 1 </dev/null

run 03_errors "$replay_url"
ends 0 <<'END'
select 1
  done
selec 1
  ProgrammingError: TDREST_ESERVER 0x2600: syntax error near "selec 1"
  look at the statement
select * from wire_ms.nope
  ProgrammingError: TDREST_ESERVER 0x2603: Fail to get table info, error: Table does not exist
  create the table first
select nope from wire_ms.e1
  ProgrammingError: TDREST_ESERVER 0x2602: Invalid column name: nope
  look at the statement
select * from nodb.t
  ProgrammingError: TDREST_ESERVER 0x0388: Fail to get table info, error: Database not exist
  look at the statement
create database wire_ms
  ProgrammingError: TDREST_ESERVER 0x0381: Database already exists
  look at the statement
insert into wire_ms.e1 (ts,i) values ('1900-01-01 00:00:00',1)
  DataError: TDREST_ESERVER 0x060b: Timestamp data out of range
  look at the values; other rows of the statement may be stored
select 1; select 2
  InterfaceError: TDREST_EUSAGE: text after the `;`: the server would ignore it
  look at the call: nothing was sent
select 'abc
  InterfaceError: TDREST_EUSAGE: the quote ' is not closed
  look at the call: nothing was sent
END
run 03_errors "http://root:wrong@${replay_url#http://}" 'select 1'
ends 1 <<'END'
select 1
  ConnectionError: TDREST_EAUTH 0x0357: Authentication failure
  look at address and login
END
run 03_errors 'http://127.0.0.1:1?conn_retries=0' 'select 1'
ends 1 3 3 <<'END'
  it did not run: send it again
END

run 04_request_id "$replay_url"
ends 0 <<'END'
2024-02-29T23:59:59.000Z, -2147483648
2024-02-29T23:59:59.120Z, 2147483647
2024-02-29T23:59:59.999Z, NULL
2024-03-01T05:29:59.000+05:30
2024-03-01T05:29:59.120+05:30
2024-03-01T05:29:59.999+05:30
Database not specified (request 4711, to be found in the server's log)
END

run 05_blocks "$replay_url"
ends 0 <<'END'
20000 rows, 0 NULL, sum 199990000, 28570000.000, 108890 bytes of text
END
run 05_blocks "$replay_url" 'no such table'
ends 1 </dev/null

run 06_cancel "$replay_url" 'select * from wire_ms.long' 60000
ends 0 <<'END'
complete after 20000 rows
END
# Connections begin at a random host: whether the dead one comes first does not show here.
run 16_failover "http://127.0.0.1:1,[::1]:1,${replay_url#http://}"
ends 0 <<'END'
3 rows
3 rows
3 rows
END
run 16_failover 'http://127.0.0.1:1,[::1]:1?conn_retries=4&retry_backoff_ms=1&retry_backoff_max_ms=1'
ends 1 <<'END'
TDREST_ECONNECT after 5 attempts: it did not run
END
run 16_failover "$replay_url?retry=never" 'select proxy'
ends 1 <<'END'
TDREST_ESERVER after 1 attempts: it did not run
END
run 16_failover "$replay_url?retry=sometimes"
ends 1 </dev/null
# 4 threads, 25 statements of 3 rows each. Whether two ever are at it at once is a matter of the machine.
pooled() {
    run 17_pool "$@"
    sed -i.old 's/at most 1 at a time/at most 2 at a time/' "$work/out"
}
pooled "$replay_url"
ends 0 <<'END'
300 rows, 0 failures, 100 connections given out, at most 2 at a time
END
pooled "$replay_url" 'no such table'
ends 1 <<'END'
0 rows, 100 failures, 100 connections given out, at most 2 at a time
END
if [ -x "$programs/22_arrow" ]; then
    run 22_arrow "$replay_url" 'select * from wire_ms.long'
    lines 10
    run 22_arrow "$replay_url" 'no such table'
    ends 1 </dev/null
fi
run 17_pool "$replay_url?pool_max=0"
ends 1 </dev/null
# A server that stands still: only the cancel ends this.
kill -STOP "$replay_pid"
run 06_cancel "$replay_url" 'select * from wire_ms.long' 200
ends 130 <<'END'
TDREST_ECANCELLED after 0 rows
END
kill -CONT "$replay_pid"

# ---- what writes: over the sandbox, read back ----

sandbox_start "$programs" --quiet || exit 2
wrong=http://root:wrong@${sandbox_url#*@}

run 00_first "$sandbox_url/test"
ends 1 </dev/null
TDREST_DSN=$sandbox_url "$programs/tdrest" 'create database test; create table test.d1001 (ts timestamp, current float);
    insert into test.d1001 values (1700000000000, 10.3) (1700000001000, NULL)' >/dev/null
run 00_first "$sandbox_url/test"
ends 0 <<'END'
2023-11-14T22:13:20.000Z 10.3
2023-11-14T22:13:21.000Z NULL
END

if [ -x "$programs/18_async" ]; then
    again 18_async "$sandbox_url/test"
    ends 0 <<'END'
100 statements written, 0 failed; 100 rows read
END
    run 18_async "$wrong/test"
    ends 1 <<'END'
0 statements written, 100 failed; 0 rows read
END
fi

if [ -x "$programs/19_async_libuv" ]; then
    again 19_async_libuv "$sandbox_url/test"
    ends 0 <<'END'
100 statements written, 0 failed; 100 rows read
END
    run 19_async_libuv "$wrong/test"
    ends 1 <<'END'
0 statements written, 100 failed; 0 rows read
END
    run 19_async_libuv 'http://127.0.0.1:1/test?conn_retries=0'
    ends 1 <<'END'
0 statements written, 100 failed; 0 rows read
END
    run 19_async_libuv "$sandbox_url/test?max_per_host=none"
    ends 1 <<'END'
0 statements written, 0 failed; 0 rows read
END
else
    skip 19_async_libuv 'it is not in this build (libuv, ASYNC)'
fi

# 2,000 rows of four tables, one of which is no number.
load() {
    awk 'BEGIN {for (i = 0; i < 2000; i++) printf "w%d,17000000%05d,%s\n", i % 4, i, i == 1234 ? "warm" : i / 2}' >"$work/rows"
    "$programs/20_writer" "$1" <"$work/rows" >"$work/out" 2>"$work/err"
    status=$?
    echo 20_writer >>"$work/seen"
    title="20_writer $1"
    sed 's/: .*//' "$work/err" >>"$work/out"
}
if [ -x "$programs/20_writer" ]; then
    TDREST_DSN=$sandbox_url "$programs/tdrest" 'create table test.w0 (ts timestamp, v float); create table test.w1 (ts timestamp, v float);
        create table test.w2 (ts timestamp, v float); create table test.w3 (ts timestamp, v float)' >/dev/null
    load "$sandbox_url/test"
    ends 1 <<'END'
2000 rows: 1999 written, 1 refused, 0 unknown
row 1234 and 0 more
END
    load "$sandbox_url/nowhere"
    ends 1 1 1 <<'END'
2000 rows: 0 written, 2000 refused, 0 unknown
END
fi

# No link in the first run; the second one delivers its rows before its own.
if [ -x "$programs/21_spool" ]; then
    TDREST_DSN=$sandbox_url "$programs/tdrest" 'create table test.sensor (ts timestamp, v double)' >/dev/null
    run 21_spool 'http://127.0.0.1:1/test?conn_retries=0' "$work/spool" 0
    ends 0 <<'END'
3 rows stored, 0 delivered, 0 refused
END
    run 21_spool "$sandbox_url/test" "$work/spool"
    ends 0 <<'END'
3 rows stored, 6 delivered, 0 refused
END
    run 21_spool "$sandbox_url/test?spool_sync=sometimes" "$work/spool"
    ends 1 <<'END'
0 rows stored, 0 delivered, 0 refused
END
fi

again 07_bind_row "$sandbox_url"
ends 0 <<'END'
3 rows are written
2023-11-14T22:13:20.000Z 10.3 219 it's "new"
2023-11-14T22:13:21.000Z 12.6 218 NULL
2023-11-14T22:13:22.000Z 12.3 221 汉字
END

again 08_bind_columns "$sandbox_url"
ends 0 <<'END'
60000 rows in 2 requests
LA 20000 18000 3960000
NY 20000 18000 3978000
SF 20000 18000 3996000
END

again 09_stmt2 "$sandbox_url"
ends 0 <<'END'
6 rows in 1 request
stmt2_d1001 2023-11-14T22:13:20.000Z 10.3 California.SanFrancisco
stmt2_d1001 2023-11-14T22:13:21.000Z 12.6 California.SanFrancisco
stmt2_d1003 2023-11-14T22:13:20.000Z 11.8 California.LosAngeles
stmt2_d1003 2023-11-14T22:13:21.000Z 9.75 California.LosAngeles
END

again 10_all_types "$sandbox_url"
ends 0 <<'END'
1709247599999 ms, true, -9223372036854775808, 18446744073709551615, 0.100000001, 0.10000000000000001
"it's a \ and a 
", "汉字 😀", 2 bytes, 21 bytes of geometry, -1234567890123456.7890
END

again 11_auto_create "$sandbox_url"
ends 0 <<'END'
auto_d1001 NULL San Francisco 2023-11-14T22:13:20.000Z 10.5
auto_d1002 2 NULL 2023-11-14T22:13:21.000Z 11
auto_d1003 3 NULL 2023-11-14T22:13:21.000Z 12
END

again 15_json_tag "$sandbox_url"
ends 0 <<'END'
json_d1 10.5 {"floor":2,"ok":true,"site":"it's \"north\""}
json_d2 11.25 {"floor":3,"site":"汉"}
json_d2 11.25 3.000000000 NULL
END

# Without a login, and without a server.
for example in 07_bind_row 08_bind_columns 09_stmt2 10_all_types 11_auto_create 15_json_tag; do
    run "$example" "$wrong"
    ends 1 </dev/null
    run "$example" 'http://127.0.0.1:1'
    ends 1 </dev/null
done

run 12_insert_lines "$sandbox_url"
ends 0 <<'END'
2 lines are written
2023-11-14T22:13:20.000Z SF 11.8 a "q"
2023-11-14T22:13:21.000Z LA 12.1 汉字
END
run 12_insert_lines "http://root:wrong@${sandbox_url#*@}"
ends 1 </dev/null

run 13_insert_telnet "$sandbox_url"
ends 0 <<'END'
2 lines are written
2023-11-14T22:13:20.000Z 10.3 SF
2023-11-14T22:13:21.000Z 12.6 SF
END
run 13_insert_telnet "$sandbox_url" 'tmeters.current notatime 10.3 location=SF'
ends 1 <<'END'
SchemalessError 0x0127: SML telnet parse timestamp failed: 10.3 location=SF
  0 lines are written, 0 were never sent
  lines 1 to 1 are not written
  the call must not be sent again as it is
END

run 14_insert_json "$sandbox_url"
ends 0 <<'END'
2 points are written
2023-11-14T22:13:20.000Z 10.3 SF 2
2023-11-14T22:13:21.000Z 12.6 LA 3
END
run 14_insert_json "$sandbox_url" '[{"metric": "jm.v"}, {"metric"}]'
ends 1 <<'END'
InterfaceError: data: expected a data point here: a complete JSON object (byte 21)
END

# Those of rooms that were left out are not built.
for example in 18_async 20_writer 21_spool 22_arrow; do
    [ -x "$programs/$example" ] || skip "$example" 'its room is not in this build'
done
for file in examples/*.c; do
    name=$(basename "$file" .c)
    if ! grep -qx "$name" "$work/seen"; then
        failed=$((failed + 1))
        echo "FAILED: $name has no case here"
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
