#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# Golden tests of the tdrest command against recorded answers, the sandbox, or a server that keeps what it gets: tests/cli/run.sh [DIRECTORY_OF_PROGRAMS]. Each *.sh beside
# this file is a list of cases in the words defined here. Prints "N passed, N failed"; status 1 when any failed.
set -u
# In a background job of a script SIGINT and SIGQUIT are ignored, under nohup SIGHUP, under some programs SIGPIPE, and whatever is started would not hear of them.
signals=HUP,INT,QUIT,PIPE,TERM
if [ -z "${TDRT_SIGNALS-}" ] && env --default-signal=$signals true 2>/dev/null; then
    TDRT_SIGNALS=default exec env --default-signal=$signals sh "$0" "$@"
fi
programs=$(cd "${1:-build}" && pwd) || exit 2
cd "$(dirname "$0")/../.." || exit 2
. tests/server/start.sh
unset COLUMNS LINES TDREST_PROFILE NO_COLOR
# Nothing of the caller: neither a pager, nor colors, nor a configuration file.
TDREST_PAGER='' TERM=dumb LC_ALL=C.UTF-8 HOME=/nonexistent XDG_CONFIG_HOME=/nonexistent
export TDREST_PAGER TERM LC_ALL HOME XDG_CONFIG_HOME
work=$(mktemp -d "${TMPDIR:-/tmp}/tdrest-cli.XXXXXX") || exit 2
trap 'sink_stop; sandbox_stop; replay_stop; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
tool=$programs/tdrest
passed=0
failed=0
skipped=0
name=

# case_of NAME COMMAND...: runs it; what follows looks at $status, $work/out and $work/err.
case_of() {
    close_case
    name=$1
    : >"$work/complaints"
    shift
    "$@" >"$work/out" 2>"$work/err" </dev/null
    status=$?
    normalize
}

# Times differ from run to run, and so do ports.
normalize() {
    sed "s/, [0-9][0-9]* ms)/, T ms)/;s/, [0-9]*[.][0-9]* s\\([;)]\\)/, T s\\1/;s|$replay_url|URL|g" "$work/err" >"$work/err2" && mv "$work/err2" "$work/err"
}

close_case() {
    [ -n "$name" ] || return 0
    if [ ! -s "$work/complaints" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED: %s\n' "$name"
        cat "$work/complaints"
    fi
    name=
}

skip() {
    close_case
    echo "skipped: $*"
    skipped=$((skipped + 1))
}

# A file, since the right side of a pipe is a shell of its own.
complain() {
    printf '  %s\n' "$*" >>"$work/complaints"
}

status_is() {
    [ "$status" -eq "$1" ] || complain "exit status $status, not $1: $(head -n 1 "$work/err")"
}

# same_as FILE: the expected text is standard input; without any (</dev/null) the file must be empty.
same_as() {
    cat >"$work/expected"
    cmp -s "$work/expected" "$work/$1" || complain "std$1 differs:
$(diff "$work/expected" "$work/$1" | sed 's/^/    /')"
}

# at_terminal COLUMNS ROWS COMMAND...: what it writes on a terminal, standard output and standard error together, lines ended by LF alone, and times as elsewhere.
at_terminal() {
    echo all | "$programs/tdrt-pty" "$@" | sed 's/, [0-9][0-9]* ms)/, T ms)/'
}

# interrupts CONDITION COMMAND...: runs the command, and has it hear SIGINT once the shell finds the condition true; kills it when that does not end it within a minute.
interrupts() {
    sh -c '
        condition=$1
        shift
        (
            tries=0
            until eval "$condition"; do
                kill -0 $$ && [ $((tries += 1)) -le 1200 ] || break
                sleep 0.05
            done
            kill -INT $$
            while kill -0 $$; do
                [ $((tries += 1)) -le 2400 ] || kill -KILL $$
                sleep 0.05
            done
        ) >/dev/null 2>&1 &
        exec "$@"' sh "$@"
}

# begun PIPE: a condition: somebody reads from the pipe, which does not hold as many blanks.
begun() {
    echo "printf '%200000s' '' | timeout 60 dd of='$1' bs=1000"
}

# Rooms of the library can be left out.
has_writer() {
    ! "$tool" write --parallel 2 --protocol line /dev/null 2>&1 | grep -q 'built without the writer'
}

out_is() { same_as out; }
err_is() { same_as err; }
out_is_empty() { same_as out </dev/null; }
err_is_empty() { same_as err </dev/null; }

# says FILE TEXT: a part of a line.
says() {
    grep -qF -- "$2" "$work/$1" || complain "std$1 does not say: $2"
}

# What no recording has, such as a proxy's page, is made up in answers/.
replay_start "$programs" --chunk 1000 tests/data/captures/adapter-3.4.1.12 tests/cli/answers || exit 2
TDREST_DSN=$replay_url
export TDREST_DSN
for list in ${ONLY:-tests/cli/*.sh}; do
    [ "$list" = tests/cli/run.sh ] || . "./$list"
done
close_case
[ "$skipped" -eq 0 ] || echo "$skipped skipped"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
