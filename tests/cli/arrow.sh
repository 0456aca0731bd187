# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# The format arrow: its bytes, what it refuses, how it ends. Real readers have their turn in tests/adbc/ipc.py.

data=$work/arrow
mkdir -p "$data"
case_of 'arrow: is it built in?' "$tool" -F arrow 'select * from wire_ms.e1'
if grep -q 'built without Arrow' "$work/err"; then
    status_is 2
    out_is_empty
    err_is <<'END'
tdrest: format arrow: this program was built without Arrow
END
    skip 'arrow: it is not built in'
else
    status_is 0
    err_is_empty
    cp "$work/out" "$data/e1"
    # An independent reading, and the same values as jsonl.
    if command -v python3 >/dev/null; then
        set --
        for query in 'select * from wire_ms.e1' 'select * from wire_us.e1' 'select * from wire_ns.e1' 'select ts, f, d from wire_ms.e2' 'select * from wire_ms.alltypes order by ts' \
            'select * from wire_ms.long' 'select null, null as x' "select * from wire_ms.e1 where ts > '2100-01-01'"; do
            name=$data/same.$#
            "$tool" -F arrow "$query" >"$name" && "$tool" -F jsonl --time epoch "$query" >"$name.jsonl" && set -- "$@" "$name" "$name.jsonl"
        done 2>"$work/err2"
        case_of 'arrow: every type, its extremes, NULL: the values of jsonl' python3 tests/cli/arrow.py "$@"
        sed 's/^20000 rows, [1-9] batches/20000 rows, N batches/' "$work/out" >"$work/last" && mv "$work/last" "$work/out"
        status_is 0
        err_is_empty
        [ ! -s "$work/err2" ] || complain "$(cat "$work/err2")"
        out_is <<'END'
ts: timestamp ms UTC null [tdrest.type=TIMESTAMP]
b: bool null [tdrest.type=BOOL]
t: int b null [tdrest.type=TINYINT]
s: int h null [tdrest.type=SMALLINT]
i: int i null [tdrest.type=INT]
g: int q null [tdrest.type=BIGINT]
ut: int B null [tdrest.type=TINYINT UNSIGNED]
us: int H null [tdrest.type=SMALLINT UNSIGNED]
ui: int I null [tdrest.type=INT UNSIGNED]
ug: int Q null [tdrest.type=BIGINT UNSIGNED]
f: float f null [tdrest.type=FLOAT]
d: float d null [tdrest.type=DOUBLE]
v: utf8 null [tdrest.type=VARCHAR]
n: utf8 null [tdrest.type=NCHAR]
vb: binary null [tdrest.type=VARBINARY]
ge: binary null [tdrest.type=GEOMETRY]
d64: decimal 18,6 null [tdrest.type=DECIMAL(18,6)]
d128: decimal 38,10 null [tdrest.type=DECIMAL(38,10)]
3 rows, 1 batches, ended
3 rows, 1 batches, ended
3 rows, 1 batches, ended
6 rows, 1 batches, ended
9 rows, 1 batches, ended
20000 rows, N batches, ended
1 rows, 1 batches, ended
0 rows, 0 batches, ended
END
        case_of 'arrow: no row is a schema' python3 tests/cli/arrow.py "$data/same.14"
        says out 'ts: timestamp ms UTC'
        says out '0 rows, 0 batches, ended'
        case_of 'arrow: a failure breaks it off behind the rows so far' sh -c "'$tool' -F arrow 'select rows_missing' >'$data/missing'; echo \$? && python3 tests/cli/arrow.py '$data/missing'"
        says err 'tdrest: ResultError: '
        says out '2 rows, 1 batches, broken off'
        [ "$(head -n 1 "$work/out")" = 4 ] || complain "status $(head -n 1 "$work/out")"
        case_of 'arrow: a time is never rounded' sh -c "'$tool' --arrow-timestamp ms -F arrow 'select * from wire_us.e1' >'$data/round'; echo \$? && python3 tests/cli/arrow.py '$data/round' | tail -n 1"
        says err 'column 0 (ts): a time with more fraction digits'
        out_is <<'END'
4
0 rows, 0 batches, broken off
END
        case_of 'arrow: a text that is not UTF-8 is told with its place' sh -c "'$tool' -F arrow 'select texts' >'$data/texts'; echo \$? && python3 tests/cli/arrow.py '$data/texts' | tail -n 1"
        says err 'row 5, column 0 (v): bytes that are not UTF-8'
        out_is <<'END'
4
0 rows, 0 batches, broken off
END
        case_of 'arrow: extension names by option' sh -c "'$tool' --arrow-extensions true --arrow-text binary --arrow-timestamp ns -F arrow 'select * from wire_ms.e1' >'$data/names' && python3 tests/cli/arrow.py '$data/names'"
        status_is 0
        says out 'ts: timestamp ns UTC'
        says out 'v: binary null [tdrest.type=VARCHAR]'
        says out 'ge: binary null [tdrest.type=GEOMETRY ARROW:extension:name=geoarrow.wkb ARROW:extension:metadata={}]'
        case_of 'arrow: and of JSON' sh -c "'$tool' --arrow-extensions true -F arrow 'select * from wire_ms.alltypes order by ts' >'$data/names' && python3 tests/cli/arrow.py '$data/names'"
        says out 'j: utf8 null [tdrest.type=JSON ARROW:extension:name=arrow.json ARROW:extension:metadata=]'
    else
        skip 'arrow read by python3: it is missing'
    fi
    # Of the tool's machine, which may be an emulator's. One file is the other with the bytes of its numbers turned round, by swapped() of arrow.py.
    case_of 'arrow: the very bytes' cmp "$data/e1" "$(cmp -s -n 128 "$data/e1" tests/data/arrow/e1-big.arrows && echo tests/data/arrow/e1-big.arrows || echo tests/data/arrow/e1.arrows)"
    status_is 0

    # ---- one result ----

    case_of 'arrow: two results are refused before anything is sent' "$tool" -u http://127.0.0.1:1 -F arrow 'select 1' 'insert into t values (1); select 2'
    status_is 2
    out_is_empty
    err_is <<'END'
tdrest: InterfaceError: format arrow is for one result: this statement gives a second one (statement 3, line 1)
END
    case_of 'arrow: from standard input the second one is refused' sh -c "printf 'select 1;\nselect 1;\nselect 1' | '$tool' -F arrow >'$data/one'; echo \$?"
    out_is <<'END'
2
END
    says err '(statement 2, line 2)'
    "$tool" -F arrow 'select 1' >"$data/alone"
    cmp -s "$data/alone" "$data/one" || complain 'the first one is not whole'
    case_of 'arrow: what gives no rows writes nothing' "$tool" -F arrow 'use wire_ms'
    status_is 0
    out_is_empty
    err_is_empty
    case_of 'arrow: and stands beside a result' sh -c "'$tool' -F arrow 'use wire_ms; select 1' | cmp - '$data/alone'"
    status_is 0
    case_of 'arrow: flags for texts change nothing' sh -c "'$tool' -F arrow --time epoch --null - --no-header 'select * from wire_ms.e1' | cmp - '$data/e1'"
    status_is 0
    case_of 'arrow: types have no head' "$tool" -F arrow --types 'select 1'
    status_is 2
    says err 'option --types: arrow has no header for them'
    case_of 'arrow: a refused statement writes nothing' "$tool" -F arrow 'selec 1'
    status_is 1
    out_is_empty

    # ---- where it goes ----

    case_of 'arrow: a file' sh -c "'$tool' -F arrow -o '$data/file' 'select 1' && cmp '$data/file' '$data/alone'"
    status_is 0
    case_of 'arrow: of a failure the old file stays' sh -c "'$tool' -F arrow -o '$data/file' 'select rows_missing'; cmp '$data/file' '$data/alone'"
    status_is 0
    case_of 'arrow: a disk that is full' "$tool" -F arrow -o /dev/full 'select * from wire_ms.long'
    status_is 4
    says err 'could not be written: No space left on device'
    case_of 'arrow: standard output closed' sh -c "'$tool' -F arrow 'select 1' >&-"
    status_is 4
    says err 'the output could not be written'
    case_of 'arrow: a pipe that closes' sh -c "{ '$tool' -F arrow 'select * from wire_ms.long'; echo \$? >'$data/status'; } | head -c 8 | od -An -tx1"
    says out 'ff ff ff ff'
    [ "$(cat "$data/status")" -eq 141 ] || complain "status $(cat "$data/status")"
    for command in ping 'tail d.t' 'spool list x'; do
        case_of "arrow: not for $command" "$tool" -F arrow $command
        status_is 2
        out_is_empty
        says err "format arrow is for statements and export, not for ${command%% *}"
    done
    case_of 'arrow: it cannot be imported' "$tool" import -F arrow --table d.t "$data/e1"
    status_is 2
    says err 'import reads csv, tsv or jsonl'
fi
