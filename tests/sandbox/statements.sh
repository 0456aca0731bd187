#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# The statements of tests/sandbox/statements.txt, in order, on one empty sandbox: definitions, INSERT, DELETE, SHOW, with what each is answered;
# then files that a sandbox must not take. Prints each failure and "N passed, N failed".
# Usage: tests/sandbox/statements.sh [DIRECTORY_OF_PROGRAMS]
set -u
programs=$(cd "${1:-build}" && pwd) || exit 2
cd "$(dirname "$0")/../.." || exit 2
. tests/server/start.sh
. tests/server/answers.sh
work=$(mktemp -d "${TMPDIR:-/tmp}/tdrest-statements.XXXXXX") || exit 2
trap 'sandbox_stop; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
sandbox_start "$programs" --quiet --data "$work/taken.db" || exit 2

answers_of tests/sandbox/statements.txt

# many WHAT COUNT: ", WHAT1 int, WHAT2 int ..."
many() {
    seq 1 "$2" | sed "s/.*/, $1& int/" | tr '\n' ' '
}

path=/rest/sql
answers ok '[[0]]' 'create database wide'
path=/rest/sql/wide
answers 2640 'Too many columns' "create table w (ts timestamp$(many c 4096))"
answers 2640 'Too many columns' "create stable w (ts timestamp$(many c 4095)) tags (g int)"
answers ok '[[0]]' "create table w (ts timestamp$(many c 4095))"
answers 2640 'Too many columns' 'alter table w add column c int'
answers 2643 'Invalid number of tag columns' "create stable g (ts timestamp, c int) tags (t int$(many t 128))"
answers ok '[[0]]' "create stable g (ts timestamp, c int) tags (t int$(many t 127))"
answers 2643 'Invalid number of tag columns' 'alter table g add tag t128 int'

# refuses FILE WHY
refuses() {
    said=$("$programs/tdrest-sandbox" --port 0 --data "$1" 2>&1)
    case $said in
    *"$1: $2"*) passed=$((passed + 1)) ;;
    *)
        failed=$((failed + 1))
        printf 'FAILED: %s is taken, or refused with other words: %s\n' "$1" "$said"
        ;;
    esac
}

printf 'This is a text that somebody needs, and nothing of ours.' >"$work/text"
cp "$work/text" "$work/copy"
refuses "$work/taken.db" 'database is locked: another process has it open'
refuses "$work/text" 'file is not a database'
refuses "$work" 'unable to open database file'
sandbox_stop || same 'its exit status' 0 "$sandbox_status"
# The fields of SQLite's header that say whose the file is, and how it is laid out inside.
cp "$work/taken.db" "$work/foreign"
printf '\0\0\0\1' | dd of="$work/foreign" bs=1 seek=68 conv=notrunc 2>"$work/dd"
refuses "$work/foreign" 'it is an SQLite data base, but not one of tdrest-sandbox'
cp "$work/taken.db" "$work/newer"
printf '\0\0\0\77' | dd of="$work/newer" bs=1 seek=60 conv=notrunc 2>"$work/dd"
refuses "$work/newer" 'it was written by another version of tdrest-sandbox'
# Its first page is whole, so that it opens; of what a statement then reads nothing is.
dd if=/dev/zero of="$work/taken.db" bs=4096 seek=1 count=64 conv=notrunc 2>"$work/dd"
sandbox_start "$programs" --quiet --data "$work/taken.db" || exit 2
path=/rest/sql
answers 02ff 'Internal error: database disk image is malformed' 'show databases'
answers 02ff 'Internal error: database disk image is malformed' 'create database again'
answers ok '[[1]]' 'select 1'
same 'a file of others is left as it was' "$(cat "$work/copy")" "$(cat "$work/text")"
sum_up
