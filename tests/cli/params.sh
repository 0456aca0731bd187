# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# -p: values and names in statements. Over the sandbox, which reads them back, and into a server that keeps what it is sent.
sandbox_start "$programs" --quiet || exit 2
env TDREST_DSN="$sandbox_url" "$tool" "create database params keep 36500; create table params.t (ts timestamp, i int, v varchar(80), n nchar(20), d double, b bool, u bigint unsigned,
    x varbinary(10)); create stable params.s (ts timestamp, v int) tags (j json); create stable params.m (ts timestamp, v varchar(40)) tags (g varchar(40))" || exit 2
sql() { env TDREST_DSN="$sandbox_url/params" "$tool" "$@"; }

insert='insert into t values (:ts, :i, :v, :n, :d, :b, :u, :x)'
case_of 'params: every type, written and read back' sql -p ts:time=2024-01-01T00:00:00Z -p i:int=-5 -p "v=it's \`:i\` \\ \"?\" -- :v /* ; drop table t" -p n=汉字 -p d:float=-1e-3 \
    -p b:bool=true -p u:uint=18446744073709551615 -p x:hex='\x00fF' "$insert" \
    'select * from t where ts = :ts and i = :i and v = :v and n = :n and d = :d and b = :b and u = :u and x = :x'
status_is 0
out_is <<'END'
ts,i,v,n,d,b,u,x
2024-01-01T00:00:00.000Z,-5,"it's `:i` \ ""?"" -- :v /* ; drop table t",汉字,-0.001,true,18446744073709551615,\x00ff
END

case_of 'params: smallest, empty, NULL; lines are told as before' sql -F table -p ts:time='2024-01-02 08:00:00.5+08:00' -p i:int=-2147483648 --param v= -p n:null --param=d:float=.5E1 \
    -p b:bool=false -p u:uint=0 -p x:hex= "$insert"
status_is 0
out_is_empty
err_is <<'END'
(1 row affected, T ms)
END
case_of 'params: they came so' sql -p ts:time=2024-01-02T00:00:00.500Z -p n:null 'select * from t where ts = :ts and n is :n'
status_is 0
out_is <<'END'
ts,i,v,n,d,b,u,x
2024-01-02T00:00:00.500Z,-2147483648,"",,5,false,0,\x
END

case_of 'params: a JSON tag' sql -p t:ident=C1 -p 'j:json={"k": "it'"'"'s", "n": 1.5}' -p v:int=7 \
    "insert into :t using s tags (:j) values ('2024-01-01T00:00:00Z', :v)" "select v, j->'k', j->'n' from s"
status_is 0
out_is <<'END'
v,j->'k',j->'n'
7,"""it's""",1.500000000
END

case_of 'params: names' sql -p db:ident=params -p 't:ident=A `b` :c' -p 'c:ident=x y' -p v:int=3 'create table :db.:t (ts timestamp, :c int);
    -- it'"'"'s :not one
    insert into :db.:t (ts, :c) values ('"'2024-01-01 00:00:00', :v) ('2024-01-02 00:00:00', 4); select :c from:t where:c=:v" "describe :t"
status_is 0
out_is <<'END'
x y
3

field,type,length,note,encode,compress,level
ts,TIMESTAMP,8,"",delta-i,lz4,medium
x y,INT,4,"",simple8b,lz4,medium
END

case_of 'params: two names do not become one' sql -p a:ident=ts -p b:ident=time 'select:a:b from`t`limit 1'
status_is 0
out_is <<'END'
time
2024-01-01T00:00:00.000Z
END

case_of 'params: statements without any, and text in which there are none' sql -p v:int=1 "select ':v', 1; select :v; select ts from t limit 1"
status_is 0
out_is <<'END'
':v',1
:v,1

1
1

ts
2024-01-01T00:00:00.000Z
END

case_of 'params: an INSERT of several rows' sql -p a:time=2024-02-01T00:00:00Z -p b:time=2024-02-02T00:00:00Z 'insert into t (ts, i) values (:a, 1) (:b, 2)' \
    'select ts, i from t where ts >= :a'
status_is 0
out_is <<'END'
ts,i
2024-02-01T00:00:00.000Z,1
2024-02-02T00:00:00.000Z,2
END

printf 'select :v;\n\nselect i from t where i = :v' >"$work/script.sql"
case_of 'params: a file' sql -p v:int=2 -f "$work/script.sql"
status_is 0
out_is <<'END'
2
2

i
2
END

case_of 'params: none given, and nothing is touched' sql 'select :v'
status_is 1
says err 'tdrest: ProgrammingError 0x2600: '

case_of 'params: of the server the place is told as before' sql -p v:int=2 "select :v;

select :v from nope"
status_is 1
out_is <<'END'
2
2
END
says err 'Table does not exist (statement 2, line 3)'

case_of 'params: --keep-going' sql --keep-going -p v:int=2 'select :v from nope; select :v'
status_is 1
out_is <<'END'
2
2
END

# ---- types that go by the column ----

env TDREST_DSN="$sandbox_url" "$tool" "create table params.k (ts timestamp, v varchar(20), x varbinary(20), d decimal(10, 3), o timestamp)" || exit 2
case_of 'params: epoch times and DECIMAL' sql -p a:s=1700000000 -p b:ms=1700000001001 -p c:us=1700000002000000 -p e:ns=1700000003000000000 -p d:decimal=-1.500 \
    'insert into k (ts, d) values (:a, :d)' 'insert into k (ts) values (:b)' 'insert into k (ts) values (:c)' 'insert into k (ts) values (:e)' 'select ts, d from k where ts >= :a and ts < :e'
status_is 0
out_is <<'END'
ts,d
2023-11-14T22:13:20.000Z,-1.500
2023-11-14T22:13:21.001Z,
2023-11-14T22:13:22.000Z,
END
case_of 'params: digits that the database would cut off' sql -p a:time=2024-01-01T00:00:00.123456789Z 'insert into k (ts) values (:a)'
status_is 2
err_is <<'END'
tdrest: StatementError: parameter :a, value '2024-01-01T00:00:00.123456789Z' for column ts, TIMESTAMP: expected no digits beyond the precision of the database: it would truncate them (statement 1, line 1)
END
case_of 'params: or that an epoch time has' sql -p a:us=1700000000000001 'insert into k (ts) values (:a)'
status_is 2
says err 'expected no digits beyond the precision of the database'
case_of 'params: the second before 1970, written as a number' sql -p a:time=1969-12-31T23:59:59.999Z 'insert into k (ts, v) values (:a, 1)' "select ts from k where v = '1'"
status_is 0
out_is <<'END'
ts
1969-12-31T23:59:59.999Z
END
case_of 'params: and in a condition, where it cannot be' sql -p a:time=1969-12-31T23:59:59.999Z 'select ts from k where ts = :a'
status_is 2
err_is <<'END'
tdrest: StatementError: parameter :a, value '1969-12-31T23:59:59.999Z': expected a time other than the second before 1970: the server refuses its text (in an INSERT of one row it can be written) (statement 1, line 1)
END
case_of 'params: bytes for a VARCHAR and for a VARBINARY' sql -p a:s=1 -p v:hex=41ff7a -p x:hex=41ff7a 'insert into k (ts, v, x) values (:a, :v, :x)' 'select v, x from k where ts = :a'
status_is 0
printf 'v,x\nA\377z,\\x41ff7a\n' | out_is
case_of 'params: bytes for both at once' sql -p a:s=1 -p v:hex=41ff7a 'insert into k (ts, v, x) values (:a, :v, :v)'
status_is 2
err_is <<'END'
tdrest: StatementError: parameter :v: expected a value of its type, not VARBINARY (statement 1, line 1)
END
case_of 'params: a DECIMAL that its column would round' sql -p a:s=1 -p d:decimal=1.23456 'insert into k (ts, d) values (:a, :d)'
status_is 2
says err "parameter :d, value '1.23456' for column d, DECIMAL(10, 3): expected no more digits"
for wrong in a:s=1.5 a:s=9223372036854776 a:ms=x a:us= a:ns=9223372036854775808 a:decimal=1e5; do
    case_of "params: refused: $wrong" sql -p "$wrong" 'select * from k where ts = :a'
    status_is 2
    says err 'parameter'
    says err 'expected'
done

# ---- each of these texts is a value and nothing else, and a name and nothing else ----

at=0
cat >"$work/attacks" <<'END'
'; drop table t; --
' or 1=1 --
\' or 1=1 --
\\' or 1=1 /*
" or ""="
` or `1`=`1
``; drop table t
\
%_\%\_
'') ('2024-01-01', '
:v ? :ts /* */ --
NULL
now()
0x41
'a' 'b'
END
while IFS= read -r text; do
    at=$((at + 1))
    case_of "params: attack $at as a value" sql -p "ts:time=2025-01-01T00:00:$((at + 10))Z" -p "v=$text" 'insert into t (ts, v) values (:ts, :v); insert into :v values (:ts, :v)'
    status_is 2
    says err 'parameter :v stands for a name here'
    case_of "params: attack $at, read back" sql --no-header -F tsv -p "ts:time=2025-01-01T00:00:$((at + 10))Z" -p "v=$text" \
        'insert into t (ts, v) values (:ts, :v); select v from t where v = :v and ts = :ts; select count(*) from t where ts = :ts and v <> :v'
    status_is 0
    { printf '%s\n' "$text" | sed 's/\\/\\\\/g'; printf '\n0\n'; } >"$work/back"
    out_is <"$work/back"
    case_of "params: attack $at as a tag" sql --no-header -F tsv -p "ts:time=2025-01-01T00:00:00Z" -p "t:ident=a$at" -p "g=$text" -p "v=$text" \
        'insert into :t using m tags (:g) values (:ts, :v); select g, v from m where g = :g'
    status_is 0
    printf '%s\t%s\n' "$text" "$text" | sed 's/\\/\\\\/g' >"$work/back"
    out_is <"$work/back"
    case_of "params: attack $at as a name" sql --no-header -p "t:ident=$text" "create table n$at (ts timestamp, :t int); select :t from n$at"
    case $text in
    *\\*)
        status_is 2
        says err 'tdrest: parameter t, value '
        says err ': expected a name of 1 to 192 bytes, without backslash'
        ;;
    *) status_is 0 ;;
    esac
    out_is_empty
done <"$work/attacks"
case_of 'params: after the attacks' sql --no-header 'select count(*) from t'
out_is <<END
$((4 + at))
END

# ---- what does not fit: nothing is sent, not even what stands before it ----

# refused TITLE LINE ARGUMENTS...
refused() {
    title=$1
    line=$2
    shift 2
    case_of "params: $title" env TDREST_DSN=http://127.0.0.1:1 "$tool" "$@"
    status_is 2
    out_is_empty
    err_is <<END
tdrest: $line
END
}

for value in '' 5x ' 5' +5 - 1.0 0x10 9223372036854775808 -9223372036854775809; do
    refused "no int: '$value'" "parameter a, value '$value': expected an integer from -9223372036854775808 to 9223372036854775807" -p "a:int=$value" 'select :a'
done
for value in '' -1 +1 ' 1' 18446744073709551616; do
    refused "no uint: '$value'" "parameter a, value '$value': expected an integer from 0 to 18446744073709551615" -p "a:uint=$value" 'select :a'
done
for value in '' nan inf 1e309 1e-400 0x1p3 1,5 ' 1' 1e e; do
    refused "no float: '$value'" "parameter a, value '$value': expected a number, such as -1.5 or 1e-3, within the range of DOUBLE" -p "a:float=$value" 'select :a'
done
for value in '' 1 yes TRUE; do
    refused "no bool: '$value'" "parameter a, value '$value': expected true or false" -p "a:bool=$value" 'select :a'
done
for value in 0 0g '\x0' 'x00' '0 0'; do
    refused "no hex: '$value'" "parameter a: expected an even number of hexadecimal digits" -p "a:hex=$value" 'select :a'
done
for value in 2023-02-29T00:00:00Z 2024-01-01 '' 'x, row 0' 'a time with its precision'; do
    refused "no time: '$value'" "StatementError: parameter :a, value '$value': expected a time that exists, such as 2024-01-02T03:04:05.123Z, with its zone: Z or an offset" \
        -p "a:time=$value" 'select :a'
done
refused 'no decimal' "StatementError: parameter :a, value '1x': expected an optional minus, digits, and optionally a point and digits" -p a:decimal=1x 'select :a'
case_of 'params: no JSON object' "$tool" -p 'a:json=[1]' 'select :a'
status_is 2
says err "tdrest: StatementError: parameter :a, value '[1]': expected "
case_of 'params: too long a text' "$tool" -p "a=$(head -c 65529 /dev/zero | tr '\0' x)" 'select :a'
status_is 2
says err 'tdrest: StatementError: parameter :a: expected '
for value in '' 'a\b'; do
    refused "no name: '$value'" "parameter a, value '$value': expected a name of 1 to 192 bytes, without backslash" -p "a:ident=$value" 'select 1 from :a'
done
cut=$(printf '%063d' 0)…
refused 'no name: too long' "parameter a, value '$cut': expected a name of 1 to 192 bytes, without backslash" -p "a:ident=$(printf '%0193d' 0)" 'select 1 from :a'
refused 'a value that is cut' "parameter a, value '$cut': expected true or false" -p "a:bool=$(printf '%065d' 0)" 'select :a'
refused 'null has no value' "parameter a, value '': expected no value: -p NAME:null" -p a:null= 'select :a'
form='-p needs NAME=VALUE or NAME:TYPE=VALUE, and a name of at most 64 letters, digits and `_`'
refused 'no value' "$form" -p a 'select :a'
refused 'no value, but a type' "$form" -p a:int 'select :a'
refused 'what may be a password is not repeated' "$form" -psecret:x 'select :a'
refused 'no such type' "parameter a: expected the type int, uint, float, bool, time, s, ms, us, ns, decimal, json, hex, null or ident; without a type it is text" -p a:text=x 'select :a'
refused 'a login is no type, and is not repeated' "parameter root: expected the type int, uint, float, bool, time, s, ms, us, ns, decimal, json, hex, null or ident; without a type it is text" \
    -p 'root:c2VjcmV0cGFzcw==' 'select :root'
refused 'bytes are not repeated' 'parameter k: expected an even number of hexadecimal digits' -p k:hex=s3cr3t 'select :k'
refused 'given twice' 'parameter a is given twice' -p a=x -p a:int=1 'select :a'
for name in '' ':int' 1a 'a b' 'a)-- ' "a'" 'a.b' ':a' "$(head -c 65 /dev/zero | tr '\0' x)"; do
    refused "no such name: '$name'" "$form" -p "$name=x" 'select 1'
done
refused 'not given' 'InterfaceError: parameter :b is not given (statement 2, line 2)' -p a:int=1 'select :a;
select :b'
refused 'not given, in the last of several sources' 'InterfaceError: parameter :b is not given (statement 1, line 1)' --keep-going -p v:int=1 -f "$work/script.sql" 'select :b'
refused 'not used' 'parameter b is not used by any statement' -p a:int=1 -p b=2 'select :a' 'select 1'
refused 'names are told apart by case' 'InterfaceError: parameter :A is not given (statement 1, line 1)' -p a=1 'select :A'
refused 'a placeholder without name' 'InterfaceError: parameter ? has no name: -p gives values to :NAME (statement 1, line 1)' -p a=1 'select :a, ?'
refused 'a value where a name stands' 'InterfaceError: parameter :a: expected a name here, not a value: a placeholder can only name the table of an INSERT with one row of VALUES (-p NAME:ident=VALUE gives a name) (statement 1, line 1)' \
    -p a=t 'select * from :a'
refused 'a value that is a tag as well' 'InterfaceError: parameter :a: it is used for both a tag and a value of the row: use two parameters (-p NAME:ident=VALUE gives a name) (statement 1, line 1)' \
    -p a=t 'insert into t using s tags (:a) values (now, :a)'
refused 'a value where a table stands' 'InterfaceError: parameter :a stands for a name here: -p NAME:ident=VALUE gives one (statement 1, line 1)' -p a=t 'insert into :a values (now, :a)'
refused 'a time that is none of a row' "StatementError: parameter :a, value '1': expected a time, as NAME:time or, in units since 1970, NAME:s, :ms, :us or :ns: this is the first column of a table (statement 1, line 1)" \
    -p a:int=1 'insert into t values (:a, 1)'
refused 'of ping' 'option --param is for statements' -p a=1 ping

case_of 'params: a name too many for one place' "$tool" -p a:ident=x 'insert into t values (now, :a, ?1)'
status_is 2
says err 'a placeholder is `?` or `:name` and must stand alone (statement 1, line 1)'

# What can be read only once is not read twice: there it is told when it is due.
case_of 'params: not given, from a pipe' sh -c "printf 'select :a; select :b; select :a' | env TDREST_DSN='$sandbox_url' '$tool' -p a:int=1"
status_is 2
out_is <<'END'
1
1
END
says err 'tdrest: InterfaceError: parameter :b is not given (statement 2, line 1)'
case_of 'params: not used, from a pipe' sh -c "printf 'select :a' | env TDREST_DSN='$sandbox_url' '$tool' -p a:int=1 -p b=2"
status_is 2
out_is <<'END'
1
1
END
err_is <<'END'
tdrest: parameter b is not used by any statement
END
case_of 'params: a failure goes before what was not used' sh -c "printf 'select * from nope.t; select :a' | env TDREST_DSN='$sandbox_url' '$tool' -p a:int=1"
status_is 1
! grep -q 'used by no' "$work/err" || complain "$(cat "$work/err")"
case_of 'params: a broken script is told when it is due' sql -p a:int=1 "select :a; select 'x"
status_is 2
out_is <<'END'
1
1
END
says err "the quote ' is not closed (statement 2, line 1)"
sandbox_stop

# ---- what the server is sent ----

rm -f "$work/sink" "$work/sink.lines"
sink_start "$programs" "$work/sink" || exit 2
case_of 'params: the text that is sent' "$tool" --keep-going -u "$sink_url" -p t:ident='T`1' -p "v=a'b\\c" -p i:int=-5 -p d:float=1 -p b:bool=true -p n:null -p x:hex=0aFF \
    'insert into :t(ts,v)values('"'2024-01-02T02:04:05.000Z'"',:v)' 'select a-:i,:d,:b,:n,:x from :t -- :v' "delete from:t where v=:v and':v'=\":v\""
cat >"$work/expected" <<'END'
insert into `T``1`(ts,v)values('2024-01-02T02:04:05.000Z','a\'b\\c')select a- -5,1.0,true,NULL,'\x0aff' from `T``1`delete from`T``1` where v= 'a\'b\\c' and':v'=":v"
END
printf '\n' >>"$work/sink"
cmp -s "$work/expected" "$work/sink" || complain "it is: $(cat "$work/sink")"
close_case
sink_stop
