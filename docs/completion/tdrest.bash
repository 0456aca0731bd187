# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# Written by tdrest --completion; do not edit.
_tdrest() {
    local line=${COMP_LINE:0:COMP_POINT} all cur prev flag front='' words='' files='' command='' word i
    read -ra all <<<"$line"
    case $line in *[[:space:]]) all+=('') ;; esac
    cur=${all[${#all[@]}-1]}
    prev=${all[${#all[@]}-2]}
    for ((i = 1; i < ${#all[@]} - 1; i++)); do
        case ${all[i]} in
            ping|write|export|import|tail|spool|options|explain-error|help) command=${all[i]}; break ;;
        esac
    done
    flag=$prev
    case $cur in --*=*) flag=${cur%%=*}; front=$flag=; cur=${cur#*=} ;; esac
    COMPREPLY=()
    case $flag in
    -u|--dsn)  ;;
    -d|--db)  ;;
    --profile)  ;;
    --password-file) files=1 ;;
    --header)  ;;
    -f|--file) files=1 ;;
    -p|--param)  ;;
    -F|--format) words='table csv tsv json jsonl line markdown html plot arrow none' ;;
    -o|--output) files=1 ;;
    --svg) files=1 ;;
    --title)  ;;
    --null)  ;;
    --time) words='rfc3339 epoch' ;;
    --color) words='auto always never' ;;
    --protocol) words='line telnet json' ;;
    --precision) words='h m s ms us ns' ;;
    --ttl)  ;;
    --table-name-key)  ;;
    --spool) files=1 ;;
    --reject) files=1 ;;
    --table)  ;;
    --using)  ;;
    --table-column)  ;;
    --tags)  ;;
    --delimiter)  ;;
    --time-unit) words='s ms us ns' ;;
    --time-format)  ;;
    --parallel)  ;;
    --max-errors)  ;;
    --rate)  ;;
    --query)  ;;
    --split) words='tbname' ;;
    --range-rows)  ;;
    --since)  ;;
    --interval)  ;;
    --overlap)  ;;
    --progress) words='always never' ;;
    --completion) words='bash zsh fish' ;;
    --scheme) words='http https' ;;
    --host)  ;;
    --port)  ;;
    --user)  ;;
    --password)  ;;
    --token)  ;;
    --bearer-token)  ;;
    --database)  ;;
    --timezone)  ;;
    --compression) words='false true' ;;
    --connect-timeout-ms)  ;;
    --timeout-ms)  ;;
    --stall-timeout-ms)  ;;
    --conn-retries)  ;;
    --retry-backoff-ms)  ;;
    --retry-backoff-max-ms)  ;;
    --retry) words='auto connect never' ;;
    --retry-for-ms)  ;;
    --verify-rows) words='none count' ;;
    --pool-max)  ;;
    --pool-wait-ms)  ;;
    --pool-idle-ms)  ;;
    --pool-ping-ms)  ;;
    --pool-lifetime-ms)  ;;
    --max-per-host)  ;;
    --max-in-flight)  ;;
    --writer-bytes)  ;;
    --spool-dir) files=1 ;;
    --spool-sync) words='batch interval never' ;;
    --spool-bytes)  ;;
    --spool-full) words='refuse drop_oldest' ;;
    --tls-ca-file) files=1 ;;
    --tls-cert-file) files=1 ;;
    --tls-key-file) files=1 ;;
    --tls-verify) words='full ca none' ;;
    --tls-min-version) words='1.2 1.3' ;;
    --proxy)  ;;
    --app)  ;;
    --block-bytes)  ;;
    --batch-bytes)  ;;
    --max-cell-bytes)  ;;
    --max-sql-bytes)  ;;
    --arrow-text) words='utf8 binary' ;;
    --arrow-timestamp) words='auto ms us ns' ;;
    --arrow-extensions) words='false true' ;;
    --log-level) words='none error info debug' ;;
    *)
        case $cur in
        -*) words='-u --dsn -d --db --profile -X --no-config --password-file -W --ask-password --header -f --file -p --param --keep-going -F --format -o --output --svg --title --null --time --no-header --types --no-cut --ascii --color --protocol --precision --ttl --table-name-key --spool --reject --table --using --table-column --tags --delimiter --time-unit --time-format --parallel --max-errors --rate --resume --dry-run --query --split --schema --force --range-rows --since --interval --overlap --progress --verbose --completion -h --help -V --version --scheme --host --port --user --password --token --bearer-token --database --timezone --compression --connect-timeout-ms --timeout-ms --stall-timeout-ms --conn-retries --retry-backoff-ms --retry-backoff-max-ms --retry --retry-for-ms --verify-rows --pool-max --pool-wait-ms --pool-idle-ms --pool-ping-ms --pool-lifetime-ms --max-per-host --max-in-flight --writer-bytes --spool-dir --spool-sync --spool-bytes --spool-full --tls-ca-file --tls-cert-file --tls-key-file --tls-verify --tls-min-version --proxy --app --block-bytes --batch-bytes --max-cell-bytes --max-sql-bytes --arrow-text --arrow-timestamp --arrow-extensions --log-level' ;;
        *)
            case $command in
            '') words='ping write export import tail spool options explain-error help' ;;
            help) words='all ping write export import tail spool options explain-error help' ;;
            write) files=1 ;;
            import) files=1 ;;
            spool) if [ "$prev" = spool ]; then words='list send drop'; else files=1; fi ;;
            esac
            ;;
        esac
        ;;
    esac
    if [ -n "$files" ]; then
        compopt -o filenames 2>/dev/null
        while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$cur")
    else
        while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -W "$words" -- "$cur")
    fi
    case $COMP_WORDBREAKS in
    *=*) ;;
    *) COMPREPLY=("${COMPREPLY[@]/#/$front}") ;;
    esac
    # What bash takes for a word of its own begins behind the last break in it.
    case $cur in
    *[:=]*)
        word=${cur##*[:=]}
        case $COMP_WORDBREAKS in
        *[:=]*) for i in "${!COMPREPLY[@]}"; do COMPREPLY[i]=${COMPREPLY[i]:${#cur}-${#word}}; done ;;
        esac
        ;;
    esac
}
complete -F _tdrest tdrest
