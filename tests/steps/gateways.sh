#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# The tdrest command through real proxies and balancers: tinyproxy (plain, tunnels, logins, refusals, behind TLS) and haproxy in front of a
# sandbox with two addresses (TLS, keys, idle closes, 502, 503, 504, backends and balancers that die, reloads). How often a statement arrived is
# told by the rows that it wrote: each one writes NOW. Prints failures and "N passed, N failed"; without the programs it ends with status 77.
# Usage: tests/steps/gateways.sh [DIRECTORY_OF_PROGRAMS]
set -u
programs=$(cd "${1:-build}" && pwd) || exit 2
cd "$(dirname "$0")/../.." || exit 2
PATH=$PATH:/usr/sbin:/sbin
for program in tinyproxy haproxy openssl curl timeout; do
    command -v "$program" >/dev/null && continue
    echo "skipped: there is no $program; make deps-dev installs it"
    exit 77
done
. tests/server/start.sh
work=$(mktemp -d "${TMPDIR:-/tmp}/tdrest-gateways.XXXXXX") || exit 2
pids=
trap 'finish' EXIT
trap 'exit 130' INT TERM
passed=0
failed=0
key=5ecret-gateway-key
login=5ecret-pr0xy-login
password=5ecret-pa55word
encoded=$(printf 'root:%s' "$password" | openssl base64)
basic=$(printf 'me:%s' "$login" | openssl base64)
export TDREST_PASSWORD=$password

finish() {
    exec 5>&-
    for pid in $pids; do
        kill -9 "$pid" 2>/dev/null
    done
    sandbox_stop
    rm -rf "$work"
}

# ---- certificates ----

# certificate NAME ALTERNATIVE_NAME
certificate() {
    printf 'subjectAltName = %s\n' "$2" >"$work/names"
    openssl req -new -newkey rsa:2048 -nodes -sha256 -subj "/CN=$1" -keyout "$work/$1.pem" -out "$work/request" 2>>"$work/log" &&
        openssl x509 -req -in "$work/request" -CA "$work/ca.pem" -CAkey "$work/ca.key" -set_serial 1 -days 30 -sha256 -extfile "$work/names" \
            2>>"$work/log" >>"$work/$1.pem"
}

certificates() {
    openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days 30 -subj '/CN=tdrest test' -keyout "$work/ca.key" -out "$work/ca.pem" 2>>"$work/log" &&
        certificate good DNS:localhost && certificate other DNS:other.example
}

# ---- programs that listen ----

# spawn NAME COMMAND...: with its number in $spawned, not for longer than the test may take.
spawn() {
    rm -f "$work/$1.pid"
    name=$1
    shift
    timeout -k 1 300 sh -c 'echo $$ >"$0.new" && mv "$0.new" "$0" && exec "$@"' "$work/$name.pid" "$@" >>"$work/$name.log" 2>&1 5>&- &
    until_true [ -s "$work/$name.pid" ]
    spawned=$(cat "$work/$name.pid") # its end is also that of `timeout`
    pids="$pids $spawned"
}

# until_true COMMAND...: at most a minute.
until_true() {
    tries=0
    until "$@"; do
        [ $((tries += 1)) -le 1200 ] || return 1
        sleep 0.05
    done
}

# Twenty ports in a row below those that systems give out by themselves; another twenty when one of them is taken.
choose_ports() {
    base=$((10000 + $(od -An -N2 -tu2 /dev/urandom) % 1000 * 20))
    front=$base solo=$((base + 1)) tls=$((base + 2)) tls_other=$((base + 3)) keyed=$((base + 4)) late=$((base + 5)) dead=$((base + 6))
    half_dead=$((base + 7)) proxy_tls=$((base + 8)) proxy_other=$((base + 9)) open=$((base + 10)) guarded=$((base + 11)) closed=$((base + 12))
    nobody=$((base + 13)) tls_12=$((base + 14))
}

haproxy_file() {
    cat <<END
defaults
    mode http
    timeout connect 5s
    timeout client 20s
    timeout server 20s
    timeout http-keep-alive 300ms
    timeout http-request 20s
    retries 1
    option redispatch
frontend front
    bind 127.0.0.1:$front
    http-request return status 200 content-type text/plain string $work if { path /who }
    default_backend both
frontend solo
    bind 127.0.0.1:$solo
    default_backend first
frontend tls
    bind 127.0.0.1:$tls ssl crt $work/good.pem
    bind 127.0.0.1:$tls_other ssl crt $work/other.pem
    bind 127.0.0.1:$tls_12 ssl crt $work/good.pem ssl-max-ver TLSv1.2
    default_backend both
frontend keyed
    bind 127.0.0.1:$keyed
    http-request deny deny_status 429 if { req.hdr(x-busy) -m found }
    http-request deny deny_status 403 unless { req.hdr(x-api-key) -m str $key }
    default_backend both
frontend late
    bind 127.0.0.1:$late
    default_backend late
frontend dead
    bind 127.0.0.1:$dead
    default_backend dead
frontend half_dead
    bind 127.0.0.1:$half_dead
    default_backend half_dead
frontend proxy
    mode tcp
    bind 127.0.0.1:$proxy_tls ssl crt $work/good.pem
    bind 127.0.0.1:$proxy_other ssl crt $work/other.pem
    default_backend proxy
backend both
    balance roundrobin
    server a 127.0.0.1:$first
    server b 127.0.0.1:$second
backend first
    server a 127.0.0.1:$first
backend late
    timeout server 300ms
    server a 127.0.0.1:$first
backend dead
    server a 127.0.0.1:$nobody
backend half_dead
    balance roundrobin
    server a 127.0.0.1:$nobody
    server b 127.0.0.1:$second
backend proxy
    mode tcp
    server a 127.0.0.1:$guarded
END
}

# Ours, and none that had the port before.
haproxy_answers() {
    [ "$(curl -s --noproxy '*' --max-time 1 "http://127.0.0.1:$front/who")" = "$work" ]
}

haproxy_runs_or_ended() { haproxy_answers || ! kill -0 "$spawned" 2>/dev/null; }

haproxy_start() {
    haproxy_file >"$work/haproxy.cfg"
    spawn haproxy haproxy -db -f "$work/haproxy.cfg" "$@"
    balancer=$spawned
    until_true haproxy_runs_or_ended
    haproxy_answers
}

# tinyproxy_start NAME PORT LINES_OF_CONFIGURATION: the log tells when it takes connections.
tinyproxy_start() {
    printf 'Port %s\nListen 127.0.0.1\nTimeout 20\nMaxClients 20\nLogLevel Info\nLogFile "%s"\n%s\n' "$2" "$work/$1.access" "$3" >"$work/$1.conf"
    : >"$work/$1.access"
    spawn "$1" tinyproxy -d -c "$work/$1.conf"
    until_true tinyproxy_runs_or_ended "$1"
    tinyproxy_answers "$1"
}

tinyproxy_answers() { grep -q 'Accepting connections' "$work/$1.access"; }
tinyproxy_runs_or_ended() { tinyproxy_answers "$1" || ! kill -0 "$spawned" 2>/dev/null; }

servers_start() {
    sandbox_start "$programs" --port 0 --password "$password" --faults 2>"$work/sandbox.log" || return 1
    addresses=${sandbox_url##*@}
    first=${addresses%%,*} first=${first##*:} second=${addresses##*:}
    for attempt in 1 2 3 4 5; do
        choose_ports
        haproxy_start && tinyproxy_start open "$open" '' && tinyproxy_start guarded "$guarded" "BasicAuth me $login" &&
            tinyproxy_start closed "$closed" 'ConnectPort 1' && return 0
        for pid in $pids; do
            kill -9 "$pid" 2>/dev/null
        done
        pids=
    done
    return 1
}

# ---- cases ----

bad() {
    why="$why
    $*"
}

begin() {
    title=$1
    why=
}

end() {
    ! grep -qF -e "$key" -e "$login" -e "$password" -e "$encoded" -e "$basic" "$work/out" "$work/err" || bad 'a secret was told'
    if [ -z "$why" ]; then
        passed=$((passed + 1))
        return
    fi
    failed=$((failed + 1))
    echo "FAILED  $title$why"
    sed 's/^/    | /' "$work/out" "$work/err"
}

# tdrest ARGUMENTS...
tdrest() {
    timeout 30 "$programs/tdrest" -X -F csv --no-header --retry "$retry" "$@" >"$work/out" 2>"$work/err" </dev/null
}

# check TITLE STATUS PATTERN ARGUMENTS...: of a SELECT; with status 0 its answer, else one line on standard error that fits.
check() {
    begin "$1"
    expected=$2 pattern=$3
    shift 3
    tdrest "$@" 'select 42'
    status=$?
    [ "$status" -eq "$expected" ] || bad "exit status $status, not $expected"
    if [ "$expected" -eq 0 ]; then
        [ "$(cat "$work/out")" = 42 ] || bad 'the answer is missing'
        grep -v '^tdrest: warning: other users can see' "$work/err" >"$work/more" && bad 'something on standard error'
    else
        grep -Eq "^tdrest: ConnectionError: $pattern" "$work/err" || bad "standard error has no line like: $pattern"
        [ ! -s "$work/out" ] || bad 'something on standard output'
    fi
    end
}

taken() {
    taken_title=$1
    shift
    check "$taken_title" 0 '' "$@"
}

refused() {
    refused_title=$1 reason=$2
    shift 2
    check "$refused_title" 3 "$reason" "$@"
}

# The sandbox itself.
direct() {
    curl -sS --noproxy '*' --max-time 10 -u "root:$password" "$@" "http://127.0.0.1:$second/rest/sql" 2>>"$work/log"
}

rows_of() {
    direct -d "select count(*) from d.t$1" | sed -n 's/.*"data":\[\[\([0-9]*\)\]\].*/\1/p'
}

has_rows() { [ "$(rows_of "$1")" = "$2" ]; }

number=0
retry=never
# insert TITLE ROWS STATUS PATTERN URL ARGUMENTS...: of one row with the time NOW; `$during` runs while it is under way.
during=
insert() {
    begin "$1"
    expected_rows=$2 expected=$3 pattern=$4 url=$5
    shift 5
    number=$((number + 1))
    direct -d "create table d.t$number (ts timestamp, v int)" >>"$work/log"
    if [ -n "$during" ]; then
        tdrest -u "$url" "$@" "insert into d.t$number values (now, 1)" &
        running=$!
        until_true has_rows "$number" 1 || bad 'the row did not arrive'
        $during
        wait "$running"
    else
        tdrest -u "$url" "$@" "insert into d.t$number values (now, 1)"
    fi
    status=$?
    [ "$status" -eq "$expected" ] || bad "exit status $status, not $expected"
    [ "$expected" -eq 0 ] || grep -Eq "$pattern" "$work/err" || bad "standard error has no line like: $pattern"
    until_true has_rows "$number" "$expected_rows" && sleep 0.3
    has_rows "$number" "$expected_rows" || bad "$(rows_of "$number") rows, not $expected_rows"
    end
}

# A command that gets its statements one by one, on one connection.
session_begin() {
    begin "$1"
    shift
    rm -f "$work/statements"
    mkfifo "$work/statements"
    said=0
    : >"$work/out" # what is there from before is no answer
    timeout 200 "$programs/tdrest" -X -F csv --no-header --retry "$retry" "$@" <"$work/statements" >"$work/out" 2>"$work/err" &
    session=$!
    exec 5>"$work/statements"
}

has_answer() { grep -qx "$said" "$work/out" || ! kill -0 "$session" 2>/dev/null; }

# Says the next statement and waits for its answer.
say() {
    said=$((said + 1))
    echo "select $said;" >&5
    until_true has_answer
    grep -qx "$said" "$work/out" || bad "statement $said was not answered"
}

session_end() {
    exec 5>&-
    wait "$session"
    status=$?
    [ "$status" -eq 0 ] || bad "exit status $status, not 0"
    [ ! -s "$work/err" ] || bad 'something on standard error'
    end
}

# ---- tinyproxy ----

through_tinyproxy() {
    server=http://localhost:$front secure=https://localhost:$tls other=https://localhost:$tls_other ca="--tls_ca_file $work/ca.pem"
    by_open=http://127.0.0.1:$open by_login=http://me:$login@127.0.0.1:$guarded
    taken 'proxy: http' -u "$server" --proxy "$by_open"
    taken 'proxy: http, with login' -u "$server" --proxy "$by_login" --header "X-Api-Key: $key"
    taken 'proxy: https' -u "$secure" $ca --proxy "$by_open"
    taken 'proxy: https, with login' -u "$secure" $ca --proxy "$by_login" --header "X-Api-Key: $key"
    taken 'proxy: in a DSN' -u "$secure?tls_ca_file=$work/ca.pem&proxy=http://me:$login%40127.0.0.1:$guarded"
    refused 'proxy: https, name of the server' "SSL.*localhost" -u "$other" $ca --proxy "$by_login"
    refused 'proxy: https, unknown issuer' 'SSL.*issuer' -u "$secure" --proxy "$by_login"
    refused 'proxy: http, no login' "the proxy 127\.0\.0\.1:$guarded requires a login: .*407" -u "$server" --proxy "http://127.0.0.1:$guarded"
    refused 'proxy: https, no login' "the proxy 127\.0\.0\.1:$guarded requires a login: .*407" -u "$secure" $ca --proxy "http://127.0.0.1:$guarded"
    for who in "me:wrong-$login" "you:$login"; do # tinyproxy answers 401 to these
        refused 'proxy: http, wrong login' 'the login was refused .*401' -u "$server" --proxy "http://$who@127.0.0.1:$guarded"
        refused 'proxy: https, wrong login' "the proxy 127\.0\.0\.1:$guarded requires a login: .*401" -u "$secure" $ca --proxy "http://$who@127.0.0.1:$guarded"
    done
    refused 'proxy: refuses the port' "the proxy 127\.0\.0\.1:$closed refused to connect \(HTTP status 403\)" -u "$secure" $ca --proxy "http://127.0.0.1:$closed"
    insert 'proxy: https, nothing behind' 0 3 "the proxy 127\.0\.0\.1:$open refused to connect \(HTTP status 500\)" "https://localhost:$nobody" $ca --proxy "$by_open"
    insert 'proxy: http, nothing behind' 0 3 'a proxy or gateway .*\(HTTP status 500\)' "http://localhost:$nobody" --proxy "$by_open"
    insert 'proxy: not there' 0 3 "127\.0\.0\.1 port $nobody" "$server" --proxy "http://127.0.0.1:$nobody"
    refused 'proxy: no name of it' '.*resolve proxy' -u "$server" --proxy http://proxy.invalid:3128
    insert 'proxy: a row' 1 0 '' "$server" --proxy "$by_login"
    insert 'proxy: a row through a tunnel' 1 0 '' "$secure" $ca --proxy "$by_login"
}

# The TLS of the proxy is checked as the server's, by name too; inside it is another one.
through_tls() {
    by_tls=https://me:$login@localhost:$proxy_tls
    taken 'https proxy: http' -u "$server" $ca --proxy "$by_tls"
    taken 'https proxy: https' -u "$secure" $ca --proxy "$by_tls" --header "X-Api-Key: $key"
    taken 'https proxy: TLS 1.3 at least' -u "$secure" $ca --proxy "$by_tls" --tls_min_version 1.3
    refused 'https proxy: unknown issuer' 'SSL.*issuer' -u "$server" --proxy "$by_tls"
    refused 'https proxy: another name' 'SSL.*localhost' -u "$server" $ca --proxy "https://me:$login@localhost:$proxy_other"
    taken 'https proxy: another name, ca' -u "$server" $ca --tls_verify ca --proxy "https://me:$login@localhost:$proxy_other"
    taken 'https proxy: none' -u "$server" --tls_verify none --proxy "$by_tls"
    refused 'https proxy: no login' "the proxy localhost:$proxy_tls requires a login" -u "$secure" $ca --proxy "https://localhost:$proxy_tls"
}

# The environment's proxy counts only when it is asked for.
environment() {
    export http_proxy="$by_login" https_proxy="$by_login" no_proxy=
    seen=$(grep -c ' Connect (' "$work/guarded.access") # the end of a connection is told at any time
    taken 'environment: not asked for' -u "$secure" $ca
    begin 'environment: the proxy heard nothing'
    [ "$(grep -c ' Connect (' "$work/guarded.access")" -eq "$seen" ] || bad 'it did'
    end
    taken 'environment: http' -u "$server" --proxy environment
    taken 'environment: https' -u "$secure" $ca --proxy environment
    begin 'environment: the proxy heard of it'
    [ "$seen" -gt 0 ] && [ "$(grep -c ' Connect (' "$work/guarded.access")" -gt "$seen" ] || bad 'it did not'
    end
    http_proxy=http://me:wrong-$login@127.0.0.1:$guarded
    refused 'environment: wrong login' 'the login was refused .*401' -u "$server" --proxy environment
    http_proxy=http://127.0.0.1:$guarded
    refused 'environment: no login' "the proxy 127\.0\.0\.1:$guarded requires a login" -u "$server" --proxy environment
    no_proxy=localhost
    taken 'environment: no_proxy' -u "$server" --proxy environment
    refused 'a URL: whatever no_proxy says' '.*requires a login' -u "$server" --proxy "http://127.0.0.1:$guarded"
    unset http_proxy https_proxy no_proxy
}

logs_of_tinyproxy() {
    begin 'proxy: its logs have no secret'
    for log in open guarded closed; do
        [ -s "$work/$log.access" ] || bad "$log has no log"
        ! grep -qF -e "$key" -e "$password" -e "$encoded" -e "$login" -e "$basic" "$work/$log.access" || bad "$log: a secret was told"
    done
    grep -q 'CONNECT' "$work/guarded.access" && grep -q '/rest/sql' "$work/guarded.access" || bad 'they do not tell what came'
    end
}

# ---- haproxy ----

round_trip() {
    direct -d 'create database d' >>"$work/log"
    begin 'balancer: rows written and read'
    tdrest -u "$server" 'create table d.r (ts timestamp, v int)' 'insert into d.r values (1700000000000, 1) (1700000001000, 2)' 'insert into d.r values (1700000002000, 3)' \
        'select v from d.r order by ts' || bad "exit status $?"
    [ "$(grep -x '[123]' "$work/out" | tr -d '\n')" = 123 ] || bad 'the rows are not there'
    end
}

tls_at_the_balancer() {
    taken 'balancer: TLS' -u "$secure" $ca
    refused 'balancer: TLS, another name' "SSL.*localhost" -u "$other" $ca
    refused 'balancer: TLS, unknown issuer' 'SSL.*issuer' -u "$secure"
    taken 'balancer: TLS 1.2' -u "https://localhost:$tls_12" $ca --tls_min_version 1.2
    refused 'balancer: TLS 1.2 is too old' '.*(SSL|TLS)' -u "https://localhost:$tls_12" $ca --tls_min_version 1.3
}

keys() {
    taken 'gateway: with its key' -u "http://localhost:$keyed" --header "X-Api-Key: $key"
    refused 'gateway: without a key' 'a proxy or gateway .*forbids.* 403' -u "http://localhost:$keyed"
    insert 'gateway: another key' 0 3 'forbids.* 403' "http://localhost:$keyed" --header "X-Api-Key: wrong-$key"
    insert 'gateway: too many' 0 3 'limits.* 429' "http://localhost:$keyed" --header "X-Api-Key: $key" --header 'X-Busy: yes'
    insert 'gateway: a row' 1 0 '' "http://localhost:$keyed" --header "X-Api-Key: $key"
}

kill_first() { direct -H "X-Sandbox-Fault: kill=$first" -d 'select 1' >>"$work/log"; }
serve_first() { direct -H "X-Sandbox-Fault: serve=$first" -d 'select 1' >>"$work/log"; }

failures() {
    insert 'balancer: 503, no backend' 0 3 'cannot reach taosAdapter.* 503' "http://localhost:$dead"
    insert 'balancer: one backend of two is down' 1 0 '' "http://localhost:$half_dead"
    insert 'balancer: one backend of two is down, again' 1 0 '' "http://localhost:$half_dead"
    insert 'balancer: 504, a slow backend' 1 3 'waited too long.* 504' "http://localhost:$late" --header 'X-Sandbox-Fault: delay=1000'
    insert 'balancer: a backend dropped within the answer' 1 3 'ConnectionError' "http://localhost:$solo" --header 'X-Sandbox-Fault: drop-after=40'
    insert 'balancer: a backend dropped behind the head' 1 3 'ConnectionError|ResultError' "http://localhost:$solo" --header 'X-Sandbox-Fault: drop-after=0'
    during=kill_first
    insert 'balancer: 502, a backend dropped before its answer' 1 3 'cannot reach taosAdapter.* 502' "http://localhost:$solo" --header 'X-Sandbox-Fault: delay=15000'
    during=
    insert 'balancer: 503, its backend is gone' 0 3 'cannot reach taosAdapter.* 503' "http://localhost:$solo"
    serve_first
    insert 'balancer: its backend is back' 1 0 '' "http://localhost:$solo"
}

# A connection that the balancer closed meanwhile costs nothing, and no statement runs twice.
idle_close() {
    session_begin 'balancer: closes idle connections' -u "$server"
    for round in 1 2 3; do
        say
        sleep 0.6
    done
    say
    session_end
}

has_ended() { ! kill -0 "$1" 2>/dev/null; }

# Another haproxy takes over the ports; the old one ends when its connections have.
reload() {
    session_begin 'balancer: is reloaded' -u "$server"
    say
    for round in 1 2; do
        old=$balancer
        haproxy_start -sf "$old" || bad 'the new one does not run'
        until_true has_ended "$old" || bad 'the old one does not end'
        say
        say
    done
    session_end
    during=drain
    insert 'balancer: is reloaded while a statement runs' 1 0 '' "$server" --header 'X-Sandbox-Fault: delay=1000'
    during=
}

drain() { haproxy_start -sf "$balancer" || bad 'the new one does not run'; }

kill_balancer() { kill -9 "$balancer"; }

killed() {
    during=kill_balancer
    insert 'balancer: dies before the answer' 1 3 'ConnectionError' "$server" --header 'X-Sandbox-Fault: delay=15000'
    during=
    insert 'balancer: is gone' 0 3 'ConnectionError: .*connect' "$server"
}

: >"$work/log"
certificates || { cat "$work/log"; exit 2; }
servers_start || { cat "$work"/*.log; exit 2; }
server=http://localhost:$front
round_trip
through_tinyproxy
through_tls
environment
logs_of_tinyproxy
tls_at_the_balancer
keys
failures
retry=auto # what may have run with NOW in it still runs once
failures
retry=never
idle_close
reload
killed
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
