#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
#
# Writes docs/tdrest.svg to standard output: what the command prints on a terminal of 80 columns, over the sandbox. Needs python3.
#
#     sh tests/tools/picture.sh [DIRECTORY_OF_PROGRAMS] > docs/tdrest.svg
set -eu
programs=$(cd "${1:-build}" && pwd)
cd "$(dirname "$0")/../.."
. tests/server/start.sh
trap sandbox_stop EXIT
sandbox_start "$programs" --quiet
TDREST_DSN=$sandbox_url/power TERM=xterm-256color LC_ALL=C.UTF-8 TDREST_PAGER= XDG_CONFIG_HOME=/nonexistent
export TDREST_DSN TERM LC_ALL TDREST_PAGER XDG_CONFIG_HOME
{
    echo 'create database power keep 36500; create stable power.meters (ts timestamp, current float, voltage int) tags (location varchar(40));'
    awk 'BEGIN {
        split("California.SanFrancisco California.LosAngeles Nevada.Reno", place, " ")
        for (d = 1; d <= 3; d++) {
            printf "insert into power.d100%d using power.meters tags (\047%s\047) values", d, place[d]
            for (i = 0; i < 288; i++)
                printf " (%d000,%.2f,%d)", 1704067200 + i * 300, 10 + 3 * sin(i / 40 + d) + 0.12 * sin(i * 1.7 * d), 219 + (i * 7 + d * 3) % 6
            print ";"
        }
    }'
} | "$programs/tdrest" -f -
# A prompt, and what follows it. How long something took differs from run to run.
show() {
    printf '\033[2m$\033[0m tdrest'
    for word in "$@"; do
        case $word in *' '*) printf " '%s'" "$word" ;; *) printf ' %s' "$word" ;; esac
    done
    echo
    echo all | "$programs/tdrt-pty" 80 22 "$programs/tdrest" --progress never "$@" | sed 's/, [0-9]* ms)/, 3 ms)/'
}
{
    show 'select ts, tbname, current, voltage, location from meters limit 4'
    echo
    show -F plot 'select ts, tbname, current from meters'
} | python3 tests/tools/screen.py --columns 80
