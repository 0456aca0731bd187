# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# To be read by other scripts: starts and stops tdrest-replay and tdrt-sink, in an environment without TDREST_ variables.

unset $(env | sed -n 's/^\(TDREST_[A-Z_]*\)=.*/\1/p')

# replay_start DIRECTORY_OF_PROGRAMS [OPTIONS] RECORDINGS...: sets replay_url and replay_pid. A fifo: no waiting for a guessed time.
replay_start() {
    program=$1/tdrest-replay
    shift
    start_server "$program" "$@"
    replay_pid=$server_pid replay_url=$server_url
    [ -n "$replay_url" ]
}

replay_stop() {
    stop_server "${replay_pid-}"
    replay_pid=
}

# sink_start DIRECTORY_OF_PROGRAMS FILE: sets sink_url and sink_pid; what is written goes to the file.
sink_start() {
    start_server "$1/tdrt-sink" "$2"
    sink_pid=$server_pid sink_url=$server_url
    [ -n "$sink_url" ]
}

sink_stop() {
    stop_server "${sink_pid-}"
    sink_pid=
}

start_server() {
    fifo=$(mktemp -u "${TMPDIR:-/tmp}/tdrest-server.XXXXXX")
    mkfifo -m 600 "$fifo"
    "$@" >"$fifo" &
    server_pid=$!
    read -r server_url <"$fifo"
    rm -f "$fifo"
}

stop_server() {
    [ -n "$1" ] || return 0
    kill "$1" 2>/dev/null
    wait "$1" 2>/dev/null
}
