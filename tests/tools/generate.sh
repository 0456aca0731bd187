#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
#
# Writes the files of this tree that programs write, or with --check only names those that differ from what would be written (status 1):
#
#     tests/tools/generate.sh DIRECTORY_OF_PROGRAMS [--check]
set -u
programs=$1
check=${2:-}
fresh=$(mktemp "${TMPDIR:-/tmp}/tdrest-generate.XXXXXX") || exit 2
trap 'rm -f "$fresh"' EXIT
status=0

# generate FILE COMMAND...: what the command prints becomes the file.
generate() {
    file=$1
    shift
    if ! "$@" >"$fresh"; then
        echo "$file: cannot be generated"
        status=1
    elif ! cmp -s "$fresh" "$file"; then
        if [ "$check" = --check ]; then
            echo "$file: is not what is generated; run \`make generate\`"
            status=1
        else
            cat "$fresh" >"$file" && echo "$file" || status=1
        fi
    fi
}

generate rest/base/number_table.c "$programs/power-table"
generate rest/error/servercode_table.inc sh tests/tools/servercode.sh tests/data/error-codes.csv
generate tools/tdrest/help/explain_table.inc sh tests/tools/errortext.sh tests/data/error-codes.csv
generate docs/OPTIONS.md "$programs/options-md"
generate docs/tdrest.1 sh tests/tools/manual.sh # from docs/OPTIONS.md
generate docs/completion/tdrest.bash "$programs/tdrest" --completion bash
generate docs/completion/_tdrest "$programs/tdrest" --completion zsh
generate docs/completion/tdrest.fish "$programs/tdrest" --completion fish
# A picture of a terminal; an emulator is not asked for it.
if [ -z "${RUN-}" ] && command -v python3 >/dev/null; then
    generate docs/tdrest.svg sh tests/tools/picture.sh "$programs"
else
    echo 'docs/tdrest.svg: left alone, as python3 is missing or an emulator runs'
fi
exit $status
