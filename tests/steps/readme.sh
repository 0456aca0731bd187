#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
#
# Runs the commands of README.md in order, as they are written, and compares what the first program prints. Changed are only the port, which is a free
# one, where `make install` installs to, and programs that may be missing (jq) or that stand for the reader's own (collector). Not run: ldconfig, which
# is for root, and `make` without install, which has built what is tested here; `make debian` runs it. Waits for the sandbox to listen, as a reader would.
#
#     tests/steps/readme.sh [DIRECTORY_OF_PROGRAMS]
#
# Prints "N passed, N failed".
set -u
programs=$(cd "${1:-build}" && pwd) || exit 2
cd "$(dirname "$0")/../.." || exit 2
top=$(pwd)
. tests/server/start.sh
work=$(mktemp -d "${TMPDIR:-/tmp}/tdrest-readme.XXXXXX") || exit 2
trap 'sandbox_stop; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
: "${CC:=cc}"

# A free port, below those that systems give out by themselves and above those that other tests choose, so that it is free still once the sandbox that shows it is stopped again.
tries=0
port=
until [ -n "$port" ] && start_server "$programs/tdrest-sandbox" --quiet --port "$port" 2>/dev/null; do
    [ $((tries += 1)) -le 100 ] || exit 2
    port=$((30000 + $(od -An -N2 -tu2 /dev/urandom) % 2700))
done
stop_server "$server_pid"

# What the commands find: the checkout, the tool in its path, the files and programs that are the reader's own.
mkdir "$work/bin" "$work/checkout"
ln -s "$top/include" "$top/examples" "$work/checkout/"
ln -s "$programs" "$work/checkout/build"
ln -s "$programs/tdrest" "$work/bin/"
echo 'create stable if not exists meters (ts timestamp, current float) tags (location varchar(20));' >"$work/checkout/setup.sql"
echo 'select 1;' >"$work/checkout/more.sql"
echo 'weather,city=SF temperature=21.5 1700000000000' >"$work/checkout/meters.txt"
cat >"$work/given.sh" <<END
make() {
    case "\$*" in install) command make -s -C '$top' CC='$CC' B='$programs' prefix='$work/usr' install >/dev/null ;; *) ;; esac
}
ldconfig() { :; }
jq() { grep -q current; }
collector() { echo 'weather.wind 1700000000 3.5 city=SF'; }
listening() {
    tries=0
    until curl -s -o /dev/null --max-time 10 "http://127.0.0.1:$port/-/ping"; do
        [ \$((tries += 1)) -le 600 ] || exit 1
        sleep 0.1
    done
}
name=Ann TDREST_PORT=$port
PATH=$work/bin:\$PATH PKG_CONFIG_PATH=$work/usr/lib/pkgconfig LD_LIBRARY_PATH=$work/usr/lib
export PATH PKG_CONFIG_PATH LD_LIBRARY_PATH TDREST_PORT
cc() { command $CC "\$@"; }
END

# Each command of the ```sh blocks, one to a line of standard output, without its remark.
commands() {
    awk '/^```/ {inside = $0 == "```sh"; next} inside {sub(/ +# .*/, ""); print}' README.md
}

# The commands as a script: each tells its number before it runs; a failure ends the script.
script() {
    cat "$work/given.sh"
    commands | sed "s/6041/$port/g; s|^build/tdrest-sandbox|& --port $port --quiet|" | awk -v log_file="$work/done" '
        {
            if (/&$/) print $0 "\nlistening"
            else print "{ " $0 "; } || exit 1"
            print "echo " NR " >>" log_file
        }'
}

passed=0
failed=0
verdict() {
    if [ "$2" -eq 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $1"; fi
}

# The blocks up to the one that stops the sandbox are one sitting; those after it find a database with the tables that they name.
: >"$work/done"
script >"$work/all.sh"
last=$(grep -n '^{ kill ' "$work/all.sh" | cut -d: -f1)
[ -n "$last" ] || { echo 'README.md does not stop the sandbox it starts'; exit 1; }
sed "$((last + 1))q" "$work/all.sh" >"$work/first.sh"
{ cat "$work/given.sh"; sed "1,$((last + 1))d" "$work/all.sh"; } >"$work/later.sh"

# The program has the port in it, so what is compiled is a copy with another one.
rm "$work/checkout/examples" && mkdir "$work/checkout/examples"
sed "s/6041/$port/" examples/00_first.c >"$work/checkout/examples/00_first.c"

(cd "$work/checkout" && sh "$work/first.sh") >"$work/out" 2>"$work/err"
verdict "the first commands of README.md: $(cat "$work/err")" $?
printf '%s\n' "http://root:taosdata@127.0.0.1:$port" '2024-01-01T00:00:00.000Z 10.3' '2024-01-01T00:00:01.000Z NULL' | diff - "$work/out"
verdict 'what the first program prints' $?

sandbox_start "$programs" --quiet || exit 2
TDREST_DSN=$sandbox_url/test
export TDREST_DSN
"$programs/tdrest" 'create database test; create table test.d1001 (ts timestamp, current float, owner varchar(20));
    insert into test.d1001 values (1700000000000, 10.3, null);
    create stable test.meters (ts timestamp, current float) tags (location varchar(20));
    insert into test.m1 using test.meters tags ("SF") values (1700000000000, 10.3)' >/dev/null
(cd "$work/checkout" && sh "$work/later.sh") >"$work/out" 2>"$work/err"
verdict "the later commands of README.md: $(cat "$work/err")" $?
"$programs/first" "$sandbox_url/test" >"$work/out" && echo '2023-11-14T22:13:20.000Z 10.3' | diff - "$work/out"
verdict 'the program linked statically' $?

# Each command ran.
verdict "commands run: $(wc -l <"$work/done") of $(commands | wc -l)" "$(($(wc -l <"$work/done") != $(commands | wc -l)))"
# Each target that documents and CI name is one of the Makefile.
{ grep -ohE '`make [a-z][a-z0-9-]*|^ *make [a-z][a-z0-9-]*' README.md docs/*.md tests/README.md tools/*/README.md; sed -n 's/^step .*"$jobs" \([a-z0-9-]*\).*/make \1/p' .ci/run; } |
    sed 's/.*make //;/-$/d' | sort -u >"$work/named"
missing=$(while read -r target; do grep -qE "^([a-z0-9-]+ )*$target( [a-z0-9-]+)*:" Makefile || echo "$target"; done <"$work/named")
[ -z "$missing" ] && [ "$(wc -l <"$work/named")" -ge 15 ]
verdict "targets that the Makefile lacks: $missing" $?
rm -f "$programs/first"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
