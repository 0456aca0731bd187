# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# To be read by other scripts: starts and stops tdrest-replay, tdrest-sandbox and tdrt-sink, in an environment without TDREST_ variables.

unset $(env | sed -n 's/^\(TDREST_[A-Z_]*\)=.*/\1/p')

# start_server PROGRAM ARGUMENTS...: sets server_url, its first line, and server_pid. A fifo: no waiting for a guessed time.
start_server() {
    server_fifo=$(mktemp -u "${TMPDIR:-/tmp}/tdrest-server.XXXXXX")
    mkfifo -m 600 "$server_fifo"
    "$@" >"$server_fifo" &
    server_pid=$!
    server_url=
    read -r server_url <"$server_fifo"
    rm -f "$server_fifo"
    [ -n "$server_url" ]
}

stop_server() {
    if [ -n "$1" ]; then
        kill "$1" 2>/dev/null
        wait "$1" 2>/dev/null
    fi
}

# replay_start DIRECTORY_OF_PROGRAMS [OPTIONS] RECORDINGS...: sets replay_url and replay_pid.
replay_start() {
    replay_program=$1/tdrest-replay
    shift
    start_server "$replay_program" "$@"
    replay_url=$server_url replay_pid=$server_pid
    [ -n "$replay_url" ]
}

replay_stop() {
    stop_server "${replay_pid-}"
    replay_pid=
}

# sandbox_start DIRECTORY_OF_PROGRAMS [OPTIONS]: on a free port; sets sandbox_url (with the login), sandbox_address (without) and sandbox_pid.
sandbox_start() {
    sandbox_program=$1/tdrest-sandbox
    shift
    start_server "$sandbox_program" --port 0 "$@"
    sandbox_url=$server_url sandbox_pid=$server_pid
    sandbox_address=http://${sandbox_url##*@}
    [ -n "$sandbox_url" ]
}

# Its exit status is that of the sandbox.
sandbox_stop() {
    sandbox_status=0
    stop_server "${sandbox_pid-}" || sandbox_status=$?
    sandbox_pid=
    return "$sandbox_status"
}

# Waits until the sandbox has ended what a killed client left with it: connections that were closed at the other end only (state 08). Such a request may run
# after those of the client's successor.
sandbox_settle() {
    settle_port=$(printf %04X "${sandbox_address##*:}")
    settle_tries=0
    while cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep -q "^ *[0-9]*: [0-9A-F]*:$settle_port [0-9A-F:]* 08 "; do
        [ $((settle_tries += 1)) -le 600 ] || { echo 'the sandbox does not end what it has begun'; return 1; }
        sleep 0.05
    done
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
