#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# make debian: each of the README's commands on a fresh Debian, the demo while apt is at work elsewhere.
# Ends with "N passed, N failed" of the tests. Usage: tests/systems/debian.sh DIRECTORY_OF_ROOTS SUITE
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/systems/root.sh
roots_in "$1"
suite=$2
fresh=$roots/$suite.fresh
trap 'rm -rf "$fresh" "$roots/$suite.part"' EXIT
trap 'exit 130' INT TERM

# Holds the locks that apt takes to install and, for longer, to fetch lists.
cat >"$roots/hold.pl" <<'HOLD'
use Fcntl;
my @held = map {
    open my $file, '>>', $_ or die "$_: $!";
    my $whole = pack 's s x4 q q i x4', F_WRLCK, 0, 0, 0, 0;
    fcntl $file, F_SETLK, $whole or die "$_: $!";
    $file;
} '/var/lib/dpkg/lock-frontend', '/var/lib/apt/lists/lock';
open my $sign, '>', '/run/held' or die;
sleep 4;
close $held[0];
sleep 4;
unlink '/run/held';
HOLD

# on_fresh COMMAND
on_fresh() {
    printf '\n== Debian %s: %s\n' "$suite" "$1"
    rm -rf "$fresh" && cp -a "$root" "$fresh" || exit 2
    put_checkout "$fresh"
    cp "$roots/hold.pl" "$fresh/root/"
    from=$(date +%s)
    enter "$fresh" "$1"
    status=$?
    echo "exit status $status, $(($(date +%s) - from)) s"
    [ "$status" -eq 0 ]
}

root_of "$suite"
failures=0
# It fails too when nobody was waited for.
on_fresh 'perl /root/hold.pl & while kill -0 $! && [ ! -e /run/held ]; do sleep 0.1; done; [ -e /run/held ] && make deps demo && [ ! -e /run/held ]' ||
    failures=1
on_fresh "make -j2 deps test" >"$roots/$suite.log" 2>&1 || failures=$((failures + 1))
cat "$roots/$suite.log"
[ "$failures" -eq 0 ] || echo "$failures of the commands failed."
grep -E '^[0-9]+ passed, [0-9]+ failed$' "$roots/$suite.log" | tail -n 1
[ "$failures" -eq 0 ]
