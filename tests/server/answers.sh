# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# To be read by other scripts, after start.sh: puts statements to a sandbox, compares what it answers, and counts.
#
# What is expected is of a KIND:
#     ok       the answer's data
#     typed    the answer's column_meta, a blank, its data
#     CODE     the desc as it stands in JSON

passed=0
failed=0
path=/rest/sql
tab=$(printf '\t')

# same WHAT EXPECTED ANSWERED
same() {
    if [ "$2" = "$3" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED: %s\n  expected %s\n  answered %s\n' "$1" "$2" "$3"
    fi
}

# essence KIND ANSWER: as a list writes it.
essence() {
    case $2 in
    '{"code":0,'*)
        data=${2#*\"data\":}
        data=${data%,\"rows\":*}
        meta=${2#*\"column_meta\":}
        meta=${meta%%,\"data\":*}
        [ "$1" = typed ] && printf 'typed\t%s %s' "$meta" "$data" || printf 'ok\t%s' "$data"
        ;;
    '{"code":'*)
        code=${2#\{\"code\":}
        desc=${code#*\"desc\":\"}
        printf '%04x\t%s' "${code%%,*}" "${desc%\",\"timing\":*}"
        ;;
    *) printf '%s' "$2" ;;
    esac
}

# answers KIND EXPECTED STATEMENT
answers() {
    answer=$(printf '%s' "$3" | curl -sS --max-time 20 -u root:taosdata --data-binary @- "$sandbox_address$path")
    same "$(printf '%.200s' "$3")" "$1$tab$2" "$(essence "$1" "$answer")"
}

# Says what was counted; its status is that of the script.
sum_up() {
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
