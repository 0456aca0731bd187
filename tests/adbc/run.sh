#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# Real clients over the sandbox, from the package registry: tests/adbc/run.sh DIRECTORY_OF_PROGRAMS DRIVER. Makes a virtual environment in that directory, once.
# With CLIENTS=oldest they are the oldest that docs/ADBC.md names, else the newest. TIMES, ROWS, KILLS, TABLES and HAS_TABLE_MS make it a longer proof.
# First our declarations of the interface are compared with the header in the manager's package. Prints "N passed, N failed"; status 1 when anything failed.
set -u
build=$(cd "$1" && pwd) || exit 2
driver=$(cd "$(dirname "$2")" && pwd)/$(basename "$2") || exit 2
cd "$(dirname "$0")/../.." || exit 2
. tests/server/start.sh
work=$(mktemp -d "${TMPDIR:-/tmp}/tdrest-adbc.XXXXXX") || exit 2
trap 'sandbox_stop; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
venv=$build/venv required='adbc-driver-manager pyarrow nanoarrow' wanted='pandas polars duckdb pycurl'
if [ "${CLIENTS-}" = oldest ]; then
    venv=$build/venv-oldest required='adbc-driver-manager==1.0.0 pyarrow==15.0.2 nanoarrow numpy<2' wanted='pandas==2.2.3 polars==1.0.0 duckdb==0.10.0'
fi
python=$venv/bin/python

# fetch PACKAGE...: again, with growing pauses, when the registry refuses for a moment; pip tells why. Nothing is compiled.
fetch() {
    for pause in 5 20 60; do
        "$python" -m pip -q --disable-pip-version-check install --only-binary :all: "$@" && return
        sleep "$pause"
    done
    "$python" -m pip -q --disable-pip-version-check install --only-binary :all: "$@"
}

if [ "$(cat "$venv/complete" 2>/dev/null)" != "$required $wanted" ]; then
    rm -rf "$venv"
    python3 -m venv "$venv" || { echo 'python3 has no venv: install python3-venv'; exit 2; }
    fetch $required || { echo 'the packages cannot be had'; exit 2; }
    # What is not there for this Python is left out, and said to be.
    for package in $wanted; do
        fetch "$package" || echo "$package cannot be had"
    done
    echo "$required $wanted" >"$venv/complete"
fi

# The oldest packages have no header.
if [ "${CLIENTS-}" != oldest ]; then
    header=$("$python" -c 'import adbc_driver_manager, os; print(os.path.dirname(adbc_driver_manager.__file__))')/arrow-adbc
    ${CC:-cc} -I. -Iinclude -o "$work/ours" tests/adbc/abi.c && ${CC:-cc} -DTHEIRS -I"$header" -o "$work/theirs" tests/adbc/abi.c || exit 1
    "$work/ours" >"$work/ours.txt"
    "$work/theirs" >"$work/theirs.txt"
    if ! diff "$work/ours.txt" "$work/theirs.txt"; then
        echo 'adbc/abi.h is not the interface of ADBC'
        exit 1
    fi
    echo "  $(wc -l <"$work/ours.txt") sizes, places and values of the interface compared"
fi

if [ "$(nm -D --defined-only "$driver" | awk '{print $3}' | sort | tr '\n' ' ')" != 'AdbcDriverInit AdbcDriverTdrestInit ' ]; then
    echo 'the driver exports other names than its two functions'
    exit 1
fi

# Managers find the driver by what make install-adbc leaves.
make -s B="$build" DESTDIR="$work/root" install-adbc >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
mkdir "$work/drivers"
for manifest in "$work"/root/etc/adbc/drivers/*.toml; do
    sed 's|^shared = ".*"|shared = "'"$driver"'"|' "$manifest" >"$work/drivers/${manifest##*/}"
done
export ADBC_DRIVER_PATH="$work/drivers" TDREST_TEST_DIRECTORY="$work"

sandbox_start "$build" --faults 2>"$work/log" || exit 2
${CC:-cc} -I. -Iinclude -o "$work/load" tests/adbc/load.c -ldl -pthread && "$work/load" "$driver" "$sandbox_url" "${TIMES:-25}" || exit 1
${CC:-cc} -I. -Iinclude -o "$work/oom" tests/adbc/oom.c -ldl && "$work/oom" "$driver" "$sandbox_url" || exit 1
${CC:-cc} -I. -Iinclude -o "$work/spec" tests/adbc/spec.c -ldl && "$work/spec" "$driver" "$sandbox_url" || exit 1
[ "${CLIENTS-}" = oldest ] || "$python" tests/adbc/ipc.py "$build/tdrest" "$driver" "$sandbox_url" || exit 1
"$python" tests/adbc/check.py "$driver" "$sandbox_url"
