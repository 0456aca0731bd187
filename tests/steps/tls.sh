#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# TLS as the tdrest command sees it: certificates that are good, expired, of another name or of an unknown issuer, with every kind
# of verification; a certificate of the client's; the wrong scheme. Certificates are made anew, the server behind is the replay.
# Prints each case and "N passed, N failed". Usage: tests/steps/tls.sh [DIRECTORY_OF_PROGRAMS]
set -u
programs=$(cd "${1:-build}" && pwd) || exit 2
cd "$(dirname "$0")/../.." || exit 2
if ! command -v openssl >/dev/null; then
    echo 'skipped: there is no openssl command'
    [ "${CI-}" = true ] && failed=1 || failed=0
    echo "0 passed, $failed failed"
    exit "$failed"
fi
. tests/server/start.sh
work=$(mktemp -d "${TMPDIR:-/tmp}/tdrest-tls.XXXXXX") || exit 2
front_pid=
trap 'front_stop; replay_stop; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
passed=0
failed=0
inside= # runs a command among other certificates of the system
password=5ecret-pa55word
encoded=$(printf 'root:%s' "$password" | openssl base64)

# ---- certificates ----

# authority NAME
authority() {
    openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days 30 -subj "/CN=tdrest test $1" -keyout "$work/$1.key" -out "$work/$1.pem" 2>>"$work/log"
}

# certificate NAME AUTHORITY COMMON_NAME ALTERNATIVE_NAMES FROM TO: the times are YYMMDDHHMMSSZ. `openssl x509` cannot date back in
# versions that are in use, `openssl ca` can.
certificate() {
    mkdir -p "$work/ca" && : >"$work/ca/index" && echo 01 >"$work/ca/serial"
    cat >"$work/ca/conf" <<END
[ca]
default_ca = it
[it]
database = $work/ca/index
serial = $work/ca/serial
new_certs_dir = $work/ca
default_md = sha256
policy = any
x509_extensions = names
[any]
commonName = supplied
[names]
basicConstraints = CA:FALSE
subjectAltName = $4
END
    openssl req -new -newkey rsa:2048 -nodes -sha256 -subj "/CN=$3" -keyout "$work/$1.key" -out "$work/ca/request" 2>>"$work/log" &&
        openssl ca -batch -notext -config "$work/ca/conf" -cert "$work/$2.pem" -keyfile "$work/$2.key" -startdate "$5" -enddate "$6" \
            -in "$work/ca/request" -out "$work/$1.pem" >>"$work/log" 2>&1
}

certificates() {
    here=DNS:localhost,IP:127.0.0.1
    authority trusted && authority unknown &&
        certificate good trusted localhost $here 200101000000Z 491231235959Z &&
        certificate expired trusted localhost $here 200101000000Z 200201000000Z &&
        certificate early trusted localhost $here 490101000000Z 491231235959Z &&
        certificate other trusted other.example DNS:other.example 200101000000Z 491231235959Z &&
        certificate stranger unknown localhost $here 200101000000Z 491231235959Z &&
        certificate client trusted tdrest-client DNS:client.example 200101000000Z 491231235959Z &&
        openssl rsa -aes128 -passout "pass:$password" -in "$work/client.key" -out "$work/locked.key" 2>>"$work/log"
}

# ---- servers ----

# front_start CERTIFICATE [OPTIONS OF s_server]: sets port.
front_start() {
    front_stop
    rm -f "$work/fifo"
    mkfifo "$work/fifo" || exit 2
    shown=$1
    shift
    "$programs/tdrt-tls-front" "${replay_url##*:}" openssl s_server -quiet -cert "$work/$shown.pem" -key "$work/$shown.key" "$@" \
        >"$work/fifo" 2>>"$work/log" &
    front_pid=$!
    read -r port <"$work/fifo" || { cat "$work/log"; exit 2; }
}

front_stop() {
    if [ -n "$front_pid" ]; then
        kill "$front_pid" 2>/dev/null
        wait "$front_pid" 2>/dev/null
    fi
    front_pid=
}

# ---- cases ----

bad() {
    why="$why
    $*"
}

# check TITLE STATUS PATTERN URL ARGUMENTS...: the answer with status 0; with another one, one line on standard error that fits.
check() {
    title=$1 expected=$2 pattern=$3 url=$4
    shift 4
    why=
    TDREST_PASSWORD=$password $inside "$programs/tdrest" --retry never -u "$url" -F csv "$@" 'select * from wire_ms.e1' >"$work/out" 2>"$work/err" </dev/null
    status=$?
    [ "$status" -eq "$expected" ] || bad "exit status $status, not $expected"
    if [ "$expected" -eq 0 ]; then
        [ ! -s "$work/err" ] || bad 'something on standard error'
        [ "$(wc -l <"$work/out")" -eq 4 ] || bad 'the answer is missing'
    else
        grep -Eq "$pattern" "$work/err" || bad "standard error has no line like: $pattern"
        [ ! -s "$work/out" ] || bad 'something on standard output'
        [ "$(wc -l <"$work/err")" -eq 1 ] || bad 'not one line on standard error'
    fi
    ! grep -qF -e "$password" -e "$encoded" -e 'PRIVATE KEY' -e "$(sed -n 2p "$work/client.key")" "$work/out" "$work/err" || bad 'a secret was told'
    if [ -z "$why" ]; then
        passed=$((passed + 1))
        echo "ok      $title"
    else
        failed=$((failed + 1))
        echo "FAILED  $title$why"
        sed 's/^/    | /' "$work/out" "$work/err"
    fi
}

# refused TITLE REASON URL ARGUMENTS...: no answer from there, and the reason is told.
refused() {
    refused_title=$1 reason=$2
    shift 2
    check "$refused_title" 3 "^tdrest: ConnectionError: .*$reason" "$@"
}

# unusable TITLE REASON URL ARGUMENTS...: the files that the options name; the reason is told.
unusable() {
    unusable_title=$1 reason=$2
    shift 2
    check "$unusable_title" 2 "^tdrest: InterfaceError: .*$reason" "$@"
}

taken() {
    taken_title=$1
    shift
    check "$taken_title" 0 '' "$@"
}

# Each certificate with each kind of verification.
verification() {
    ca="--tls_ca_file $work/trusted.pem"
    front_start good
    taken 'good, full' "https://localhost:$port" $ca
    taken 'good, full, by address' "https://127.0.0.1:$port" $ca
    taken 'good, ca' "https://localhost:$port" $ca --tls_verify ca
    taken 'good, none, without authorities' "https://localhost:$port" --tls_verify none
    refused 'good, authorities of the system' 'certificate' "https://localhost:$port"
    front_start expired
    refused 'expired, full' 'certificate has expired' "https://localhost:$port" $ca
    refused 'expired, ca' 'certificate has expired' "https://localhost:$port" $ca --tls_verify ca
    taken 'expired, none' "https://localhost:$port" $ca --tls_verify none
    front_start early
    refused 'not yet valid, full' 'not yet valid' "https://localhost:$port" $ca
    front_start other
    refused 'another name, full' "name.*'localhost'" "https://localhost:$port" $ca
    refused 'another name, full, by address' "'127.0.0.1'" "https://127.0.0.1:$port" $ca
    taken 'another name, ca' "https://localhost:$port" $ca --tls_verify ca
    taken 'another name, none' "https://localhost:$port" $ca --tls_verify none
    front_start stranger
    refused 'unknown issuer, full' 'issuer' "https://localhost:$port" $ca
    refused 'unknown issuer, ca' 'issuer' "https://localhost:$port" $ca --tls_verify ca
    taken 'unknown issuer, none' "https://localhost:$port" $ca --tls_verify none
    unusable 'authorities that cannot be read' "$work/missing.pem" "https://localhost:$port" --tls_ca_file "$work/missing.pem"
}

# The system trusts the unknown authority, in the directory and in the file that libcurl was built with: a file of authorities counts alone.
authorities_of_the_system() {
    directory=$(curl-config --configure 2>/dev/null | tr " '\"" '\n\n\n' | sed -n 's/^--with-ca-path=//p')
    printf 'mount --bind "%s" "%s" && exec "$@"\n' "$work/system" "$directory" >"$work/inside"
    mkdir "$work/system"
    cp "$work/unknown.pem" "$work/system/ca-certificates.crt"
    cp "$work/unknown.pem" "$work/system/unknown.pem"
    openssl rehash "$work/system" 2>>"$work/log"
    if [ ! -d "$directory" ] || ! unshare -rm sh "$work/inside" true 2>>"$work/log"; then
        echo 'skipped: authorities of the system, whose directory cannot be replaced here'
        return
    fi
    inside="unshare -rm sh $work/inside"
    front_start stranger
    taken 'issuer that the system trusts' "https://localhost:$port"
    refused 'issuer that the system trusts, not the file' 'certificate' "https://localhost:$port" $ca
    inside=
}

# A server that asks who is there.
client_certificates() {
    mine="--tls_cert_file $work/client.pem"
    front_start good -Verify 1 -verify_return_error -CAfile "$work/trusted.pem"
    taken 'client certificate' "https://localhost:$port" $ca $mine --tls_key_file "$work/client.key"
    refused 'no client certificate' '(certificate required|handshake failure)' "https://localhost:$port" $ca
    refused 'client certificate of an unknown issuer' 'unknown ca' "https://localhost:$port" $ca \
        --tls_cert_file "$work/stranger.pem" --tls_key_file "$work/stranger.key"
    unusable 'client key that does not fit' 'key' "https://localhost:$port" $ca $mine --tls_key_file "$work/good.key"
    unusable 'client key that is not there' "$work/missing.key" "https://localhost:$port" $ca $mine --tls_key_file "$work/missing.key"
    unusable 'client key with a pass phrase' 'key' "https://localhost:$port" $ca $mine --tls_key_file "$work/locked.key"
}

# Servers that do not know the newest version of TLS.
versions() {
    front_start good -tls1_2
    taken 'TLS 1.2' "https://localhost:$port" $ca
    taken 'TLS 1.2 at least' "https://localhost:$port" $ca --tls_min_version 1.2
    refused 'TLS 1.3 at least, the server has 1.2' 'protocol version' "https://localhost:$port" $ca --tls_min_version 1.3
    front_start good
    taken 'TLS 1.3 at least' "https://localhost:$port" $ca --tls_min_version 1.3
}

# alerts: those that the server has told. It takes one client after the other, so those of all who came before have been told once one more is served.
alerts() {
    TDREST_PASSWORD=$password "$programs/tdrest" -u "https://localhost:$port" --tls_verify none 'select * from wire_ms.e1' >/dev/null 2>&1 </dev/null
    grep -c alert "$work/log"
}

# A certificate that was refused is refused again.
repeats() {
    front_start expired
    before=$(alerts)
    refused 'expired, and repeats allowed' 'certificate has expired' "https://localhost:$port" $ca --retry auto --conn_retries 5 --retry_backoff_ms 0
    if [ $(($(alerts) - before)) -eq 1 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo 'FAILED  an expired certificate was looked at again'
    fi
}

# The same with two hosts: each shows its certificate once.
repeats_of_hosts() {
    before=$(alerts)
    refused 'expired on two hosts' 'certificate has expired' "https://localhost:$port,127.0.0.1:$port" $ca --retry auto --conn_retries 5 --retry_backoff_ms 0
    if [ $(($(alerts) - before)) -eq 2 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo 'FAILED  an expired certificate was looked at again on one of two hosts'
    fi
}

# The other kind of server than the scheme says.
schemes() {
    front_start good
    refused 'http to a TLS port' 'https' "http://localhost:$port"
    refused 'https to a plain port' '(timeout|timed out|use http:)' "https://127.0.0.1:${replay_url##*:}" $ca --connect_timeout_ms 500
}

: >"$work/log"
certificates || { cat "$work/log"; exit 2; }
replay_start "$programs" tests/data/captures/adapter-3.4.1.12 || exit 2
verification
authorities_of_the_system
client_certificates
versions
repeats
repeats_of_hosts
schemes
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
