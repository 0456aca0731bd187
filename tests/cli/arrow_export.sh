# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# The command export with the format arrow, over the sandbox; and a table whose columns change meanwhile, in any format.

data=$work/arrow-export
mkdir -p "$data"
close_case
sandbox_start "$programs" --quiet --faults || exit 2
TDREST_DSN=$sandbox_url
# In the first range no value tells that times have microseconds.
"$tool" "create database a precision 'us' keep 36500" 'create stable a.st (ts timestamp, v varchar(20), at timestamp) tags (g int)' 'create table a.c1 using a.st tags (1)' \
    'create table a.c2 using a.st tags (null)' 'create table a.n (ts timestamp, f float)' 'create table a.empty (ts timestamp, j int)' \
    "insert into a.c1 values (1000, 'a', null) (2001, null, 7) (3001, '温', 5000)" "insert into a.c2 values (2001, '', null)" 'insert into a.n values (1, 2.5)' >"$work/out" 2>&1
# read_rows STREAM STATEMENT: the same values as jsonl.
read_rows() {
    "$tool" -F jsonl --time epoch "$2" >"$1.jsonl" && python3 tests/cli/arrow.py "$1" "$1.jsonl"
}

if ! "$tool" -F arrow options >/dev/null 2>&1; then
    skip 'export -F arrow: it is not built in'
elif ! command -v python3 >/dev/null; then
    skip 'export -F arrow, read by python3: it is missing'
else
    for how in '1000000 1' '1 1' '1 3'; do
        "$tool" -d a export st -F arrow --range-rows "${how% *}" --parallel "${how#* }" -o "$data/st" 2>"$work/err2" || echo "it failed: $(cat "$work/err2")"
        case_of "arrow: export: ranges are one stream: $how" read_rows "$data/st" 'select tbname, * from a.st order by ts, tbname'
        status_is 0
        err_is_empty
        says out 'ts: timestamp us UTC'
        says out 'at: timestamp us UTC'
        says out '4 rows, '
        says out ', ended'
    done
    case_of 'arrow: export: a table without rows' sh -c "'$tool' export a.empty -F arrow >'$data/empty' 2>'$data/err'; cat '$data/err'; python3 tests/cli/arrow.py '$data/empty'"
    says out 'ts: timestamp us UTC null [tdrest.type=TIMESTAMP]'
    says out '(0 rows, '
    says out '0 rows, 0 batches, ended'
    case_of 'arrow: export: a query' sh -c "'$tool' export --query 'select f from a.n' -F arrow 2>/dev/null | python3 tests/cli/arrow.py /dev/stdin"
    out_is <<'END'
f: float f null [tdrest.type=FLOAT]
1 rows, 1 batches, ended
END
    case_of 'arrow: export: another unit' sh -c "'$tool' export a.st --arrow-timestamp ns -F arrow --range-rows 1 2>/dev/null | python3 tests/cli/arrow.py /dev/stdin"
    says out 'ts: timestamp ns UTC'
    case_of 'arrow: export: a folder' "$tool" -d a export -F arrow -o "$data/folder"
    status_is 0
    [ "$(ls -A "$data/folder" | tr '\n' ' ')" = 'empty.arrows manifest.jsonl n.arrows schema.sql st.arrows ' ] || complain "$(ls -A "$data/folder")"
    sed 1d "$data/folder/manifest.jsonl" | LC_ALL=C sort >"$work/out"
    out_is <<'END'
{"file":"empty.arrows","table":"empty","rows":0}
{"file":"n.arrows","table":"n","rows":1}
{"file":"st.arrows","stable":"st","rows":4}
END
    case_of 'arrow: export: a file for each child table' "$tool" -d a export -F arrow --split tbname --range-rows 1 --parallel 2 -o "$data/split"
    status_is 0
    cp "$data/split/c1.arrows" "$data/c1"
    case_of 'arrow: export: and its rows' read_rows "$data/c1" 'select * from a.c1 order by ts'
    says out '3 rows, 3 batches, ended'
    case_of 'arrow: export: import says that it cannot read the folder' "$tool" import "$data/folder"
    status_is 2
    err_is <<END
tdrest: folder $data/folder holds files of format arrow; import reads csv, tsv or jsonl
END
    case_of 'arrow: export: a disk that is full' "$tool" export a.st -F arrow --range-rows 1 --parallel 3 -o /dev/full
    status_is 4
    "$tool" 'create table a.wide (ts timestamp, s varchar(2000))' >/dev/null
    { echo 'ts,s'; awk 'BEGIN {for (i = 0; i < 40; i++) {printf "%.0f,", 1700000000000000 + i; for (k = 0; k < 190; k++) printf "0123456789"; print ""}}'; } >"$data/wide.csv"
    "$tool" import --table a.wide "$data/wide.csv" 2>"$work/err2" || cat "$work/err2"
    for how in '1000 1' '10 3'; do
        case_of "arrow: export: an answer that is cut is no whole stream: $how" sh -c "'$tool' --header 'X-Sandbox-Fault: truncate=9000' --retry never export a.wide -F arrow --range-rows ${how% *} --parallel ${how#* } >'$data/cut'"
        [ "$status" -eq 3 ] || [ "$status" -eq 4 ] || complain "exit status $status"
        says err 'table wide'
        [ ! -s "$data/cut" ] || python3 tests/cli/arrow.py "$data/cut" | grep -q 'broken off' || complain 'readers take it for whole'
    done
fi

# ---- columns that change between two ranges ----

# remember NUMBER SQL REPLY: an answer of a server, to be replayed.
remember() {
    printf '{"method": "POST", "name": "%s", "request_headers": {"Authorization": "Basic cm9vdDp0YW9zZGF0YQ=="}, "response_headers": {"Content-Type": "application/json; charset=utf-8", "Transfer-Encoding": "chunked"}, "status": 200, "target": "/rest/sql/a"}' \
        "$1" >"$data/answers/$1.json"
    printf '%s' "$2" >"$data/answers/$1.request"
    printf '%s' "$3" >"$data/answers/$1.response"
}

mkdir -p "$data/answers"
number=0
for statement in 'SHOW STABLES' 'DESCRIBE `a`.`n`' 'SHOW CREATE DATABASE `a`' 'SELECT FIRST(`ts`), LAST(`ts`), COUNT(*) FROM `a`.`n`' \
    'SELECT FIRST(`ts`), LAST(`ts`), COUNT(*) FROM `a`.`n` WHERE `ts` < 2' 'SELECT FIRST(`ts`), LAST(`ts`), COUNT(*) FROM `a`.`n` WHERE `ts` >= 2' \
    'SELECT * FROM `a`.`n` WHERE `ts` < 2 ORDER BY `ts`'; do
    [ "$number" -ne 0 ] || "$tool" 'insert into a.n values (2, 3.5)' >/dev/null
    number=$((number + 1))
    remember "$number" "$statement" "$(curl -q -s -d "$statement" "${sandbox_url}/rest/sql/a?tz=UTC")"
done
"$tool" 'alter table a.n add column more int' >/dev/null
statement='SELECT * FROM `a`.`n` WHERE `ts` >= 2 ORDER BY `ts`'
remember 8 "$statement" "$(curl -q -s -d "$statement" "${sandbox_url}/rest/sql/a?tz=UTC")"
sandbox_stop
start_server "$programs/tdrest-replay" "$data/answers" || exit 2
sandbox_pid=$server_pid
TDREST_DSN=$server_url
for how in 'csv 2' 'arrow 1' 'arrow 2'; do
    format=${how% *}
    [ "$format" = csv ] || { "$tool" -F arrow options >/dev/null 2>&1 && command -v python3 >/dev/null; } || continue
    case_of "export: columns that change between two ranges are no table: $how" "$tool" export a.n -F "$format" --range-rows 1 --parallel "${how#* }" --verify-rows none
    status_is 4
    err_is <<'END'
tdrest: table n: its columns changed while it was read
END
    if [ "$format" = arrow ]; then
        cp "$work/out" "$data/changed"
        python3 tests/cli/arrow.py "$data/changed" | grep -q '^1 rows, 1 batches, broken off' || complain 'readers take it for whole'
    fi
done
close_case
sandbox_stop
TDREST_DSN=$replay_url
