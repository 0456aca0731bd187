#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
#
# Runs the named steps of the test over what was built in a directory, tells what each took, and ends with
# `N passed, N failed`: unit tests, cases of the command line, the sandbox, what was bound, TLS, gateways, lookups and threads, inputs of corpora, and 1 for
# every other step.
#
#     tests/scripts/run.sh DIRECTORY SECONDS STEP...
#
# SECONDS is the time that is meant to do; more is told, but does not fail: machines differ. RUN in the environment names an emulator, with
# its options, that runs what was built for another machine.
set -u
built=$1
budget=$2
shift 2
top=$(cd "$(dirname "$0")/../.." && pwd) || exit 2
cd "$top" || exit 2
logs=$built/log
mkdir -p "$logs" || exit 2
scripts=tests/scripts
passed=0
failed=0

# A stand-in for each program that runs it through the emulator, so that whoever starts one need not know. `exec`: signals reach the program.
emulated() {
    rm -rf "$built/run" && mkdir "$built/run" || exit 2
    for program in "$built"/*; do
        case $program in *.so*) continue ;; esac
        [ -f "$program" ] && [ -x "$program" ] || continue
        printf '#!/bin/sh\nexec %s "%s" "$@"\n' "$RUN" "$(cd "$built" && pwd)/${program##*/}" >"$built/run/${program##*/}"
    done
    chmod +x "$built/run"/*
}

programs=$built
if [ -n "${RUN:-}" ]; then
    emulated
    programs=$built/run
fi

# What a log counts: the tests of CUnit's summary, or the sum of its `N passed, N failed`. Other logs hold checks, not cases: a step of
# those counts as one.
counts() {
    case $1 in
    unit | cli | sandbox | inject | runs | readme | guide | tls | gateways | lookup | threads | corpora)
        awk '/^[0-9]+ passed, [0-9]+ failed$/ {p += $1; f += $3; seen = 1}
             /^ *tests +[0-9]+ +[0-9]+ +[0-9]+ +[0-9]+ / {p += $4; f += $5; seen = 1}
             END {if (seen) print p, f}' "$logs/$1" ;;
    esac
}

# A program that cannot be run over anything proves nothing: no input is a failure.
all_of() {
    done_one=0
    good=0
    for program in "$programs/$1"*; do
        [ -x "$program" ] || continue
        done_one=1
        name=${program#"$programs/$1"}
        echo "$name:"
        "$program" "tests/fuzz/corpus/$name" || good=1
    done
    [ "$done_one" -eq 1 ] && return "$good"
}

# Steps that are more than one command. Sanitizers take their time: the proofs then take longer strides.
corpora() { all_of fuzz-replay-; }
floats() { "$programs/proof-floats" "${STRIDE:-4099}"; }
calendar() { "$programs/proof-time" "${STRIDE:-4099}"; }
# Ten thousand requests under each foreign loop that the build has; emulators take their time.
loops() {
    [ -z "${RUN:-}" ] && requests=10000 || requests=5000
    [ -x "$programs/proof-async" ] || { echo 'skipped: the build has no async objects'; return 77; }
    ran=77
    for loop in epoll libuv; do
        "$programs/proof-async" "$requests" "$loop" && ran=0 || [ $? -eq 77 ] || return 1
    done
    return "$ran"
}
generated() { sh tests/tools/generate.sh "$programs" --check; }

run_step() {
    case $1 in
    unit) "$programs/tdrt-tests" ${SUITES:-} ;; # words on purpose; none: all suites
    cli) sh tests/cli/run.sh "$programs" ;;
    runs) sh tests/steps/examples.sh "$programs" ;;
    sandbox | inject | tls | gateways | threads | failover | writer | zones | readme | guide) sh "tests/steps/$1.sh" "$programs" ;;
    lookup) "$programs/tdrt-lookup" ;;
    corpora | floats | calendar | loops | generated) "$1" ;;
    exports) sh $scripts/exports.sh "$built" ;;
    layers) sh $scripts/layers.sh "$built/libtdrest.a" ;;
    *) sh "$scripts/$1.sh" ;;
    esac
}

began=$(date +%s)
for step in "$@"; do
    from=$(date +%s)
    run_step "$step" >"$logs/$step" 2>&1
    status=$?
    seconds=$(($(date +%s) - from))
    count=$(counts "$step")
    p=${count% *} f=${count#* }
    : "${p:=0}" "${f:=0}"
    # A step that cannot be done here says why, and passed nothing.
    [ "$status" -ne 77 ] || { printf '%-12s %s\n' "$step" "$(tail -n 1 "$logs/$step")"; continue; }
    [ -n "$count" ] || [ "$status" -ne 0 ] || p=1
    [ "$status" -eq 0 ] || [ "$f" -ne 0 ] || f=1
    [ "$step" != unit ] && [ "$f" -eq 0 ] || cat "$logs/$step"
    [ "$f" -eq 0 ] && word=ok || word=FAILED
    printf '%-12s %4d s  %-6s %s passed, %s failed\n' "$step" "$seconds" "$word" "$p" "$f"
    passed=$((passed + p))
    failed=$((failed + f))
done
took=$(($(date +%s) - began))
[ "$took" -le "$budget" ] && word=of || word='which is OVER the'
printf '%-12s %4d s  %s %s s planned\n' total "$took" "$word" "$budget"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
