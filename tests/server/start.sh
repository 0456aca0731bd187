# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# To be read by other scripts: starts and stops tdrest-replay, in an environment without TDREST_ variables.

unset $(env | sed -n 's/^\(TDREST_[A-Z_]*\)=.*/\1/p')

# replay_start DIRECTORY_OF_PROGRAMS [OPTIONS] RECORDINGS...: sets replay_url and replay_pid. A fifo: no waiting for a guessed time.
replay_start() {
    replay_fifo=$(mktemp -u "${TMPDIR:-/tmp}/tdrest-replay.XXXXXX")
    mkfifo -m 600 "$replay_fifo"
    replay_programs=$1
    shift
    "$replay_programs/tdrest-replay" "$@" >"$replay_fifo" &
    replay_pid=$!
    read -r replay_url <"$replay_fifo"
    rm -f "$replay_fifo"
    [ -n "$replay_url" ]
}

replay_stop() {
    if [ -n "${replay_pid-}" ]; then
        kill "$replay_pid" 2>/dev/null
        wait "$replay_pid" 2>/dev/null
    fi
    replay_pid=
}
