# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# Help, manual, completion, and words that are mistyped.
case_of 'help: a command, with all its flags' "$tool" help write
status_is 0
err_is_empty
says out 'usage: tdrest [OPTION ...] write --protocol PROTOCOL [FILE ...]'
says out '  --reject FILE'
says out '  -d, --db DB'
grep -q -- '--svg' "$work/out" && complain 'a flag of another command is there'
cp "$work/out" "$work/first"
case_of 'help: the same by its flag' "$tool" write --help
status_is 0
cmp -s "$work/out" "$work/first" || complain 'it differs'
case_of 'help: and the other way round' "$tool" --help write
cmp -s "$work/out" "$work/first" || complain 'it differs'
case_of 'help: all' "$tool" --help all
status_is 0
cp "$work/out" "$work/all"
for word in '  --completion SHELL' '-p NAME:decimal=VALUE' '  markdown ' '  stall_timeout_ms ' 'explain-error CODE' 'Exit status: '; do
    says out "$word"
done
[ -z "$(awk 'length > 110' "$work/out")" ] || complain "$(awk 'length > 110' "$work/out")"
case_of 'help: no such command' "$tool" help wirte
status_is 2
err_is <<'END'
tdrest: 'wirte' is not a command; did you mean write?
END
case_of 'help: not read to its end' sh -c "'$tool' --help all | head -n 1"
status_is 0
err_is_empty
case_of 'help: cannot be written' sh -c "'$tool' --help >/dev/full"
status_is 4

# What should be done is not passed over in silence.
for words in "-h 127.0.0.1 select" "-h select" "select -h" "-V select" "select --version" "ping --help all"; do
    case_of "help: is not $words" sh -c "'$tool' $words"
    status_is 2
    out_is_empty
    says err ', and nothing else can go with it'
done

case_of 'mistyped: a command' "$tool" pong
status_is 2
err_is <<'END'
tdrest: 'pong' is not a command; did you mean ping?
END
case_of 'mistyped: a command with operands' "$tool" wriet --protocol line x
status_is 2
says err "did you mean write?"
case_of 'mistyped: a flag' "$tool" --fromat csv 'select 1'
status_is 2
err_is <<'END'
tdrest: unknown option --fromat; did you mean --format?
END
case_of 'mistyped: an option of the connection' "$tool" --timezon UTC 'select 1'
status_is 2
says err 'did you mean --timezone?'
for word in timeout:timeout-ms stall:stall-timeout-ms pool_idle:pool-idle-ms; do
    case_of "mistyped: the first words of an option: ${word%:*}" "$tool" "--${word%:*}" 3 'select 1'
    status_is 2
    says err "did you mean --${word#*:}?"
done
case_of 'mistyped: the first word of a command' "$tool" explain 0x2603
status_is 2
says err 'did you mean explain-error?'
case_of 'mistyped: help' "$tool" --hlep
status_is 2
says err 'did you mean --help?'
case_of 'mistyped: a single word that is no command is SQL' "$tool" selec
status_is 1

case_of 'manual: each option once, in the order of the table' sed -n '/^.Sh OPTIONS OF THE CONNECTION/,/^.El/s/^.It Cm //p' docs/tdrest.1
"$tool" -X options | sed '1,/^$/d;s/ .*//' | out_is

if command -v mandoc >/dev/null; then
    case_of 'manual: without a fault' sh -c "mandoc -T lint docs/tdrest.1 2>&1 | grep -v 'mandoc.db lacks'"
    out_is_empty
    case_of 'manual: everything that help names' sh -c "mandoc -T utf8 docs/tdrest.1 | sed 's/.\x08//g'"
    for word in $(sed -n 's/^  *\(-[a-zA-Z], \)*\(--[a-z-]*\).*/\2/p' "$work/all" | sort -u) $("$tool" -X options | sed '1,/^$/d;s/ .*//'); do
        says out "$word"
    done
    for word in ping write options explain-error help 'EXIT STATUS' ENVIRONMENT FILES EXAMPLES TDREST_PROFILE NO_COLOR; do
        says out "$word"
    done
else
    skip 'manual: mandoc is missing'
fi

case_of 'help: the formats of a command' sh -c "for command in import export ping; do '$tool' \$command --help | grep -A 1 -- '--format FORMAT' | tr -d '\\n' | tr -s ' '; echo; done"
out_is <<'END'
 -F, --format FORMAT csv, tsv or jsonl; default: by the ending of the file, else csv
 -F, --format FORMAT csv, tsv, jsonl or arrow -o, --output FILE write to FILE, replaced only if all succeeds, or to
 -F, --format FORMAT table, csv, tsv, json, jsonl, line, markdown, html or none
END

# about OPTION COMMAND TEXT: what the help of the command says of the option.
about() {
    case_of "help: $1 of $2" sh -c "'$tool' $2 --help | sed -n '/^ *--$1 /,/^ *-[^ ]/p' | sed '1!{/^ *--/d;}' | tr -d '\n' | tr -s ' '"
    status_is 0
    printf ' --%s %s' "$1" "$3" | out_is
}
about force export 'write to a directory that is not empty'
about force spool 'with drop, which requires it: remove rows that were not delivered'
about parallel export 'N number of time ranges of a table to fetch at a time, 1 to 64; default: 1'
about parallel write 'N number of concurrent requests, 1 to 64; default: 1'
about parallel import 'N number of concurrent requests, 1 to 64; default: 4'
about null import 'TEXT the text that stands for NULL, except in JSON'
about null export 'TEXT the text for NULL, except in JSON'

# ---- completion ----

# What all of them have to know: the commands and options of `help all` and `options`.
"$tool" help all >"$work/all"
sed -n 's/^usage: tdrest \[OPTION [.][.][.]\] \([a-z-]*\).*/\1/p' "$work/all" | grep . >"$work/commands"
{ sed -n 's/^  \(-.,\|   \) \(--[a-z-]*\).*/\2/p' "$work/all" | grep -v '^--$'; "$tool" -X options | sed -n '/^configuration /d;s/^\([a-z_]*\) .*/--\1/p' | tr _ -; } | sort -u >"$work/flags"
case_of 'completion: zsh: every command and option' sh -c "sed 's/.*/        .&:/' '$work/commands'; sed 's/.*/*&[=[]/' '$work/flags'"
while read -r pattern; do
    grep -q -e "$pattern" docs/completion/_tdrest || complain "$pattern is missing"
done <"$work/out"
[ "$(grep -c . "$work/commands")" -ge 9 ] && [ "$(grep -c . "$work/flags")" -ge 90 ] || complain "the lists are short: $(cat "$work/commands" "$work/flags")"

if command -v bash >/dev/null; then
    cat >"$work/try.bash" <<'END'
source "$1"
shift
COMP_LINE=$1 COMP_POINT=${#1} COMPREPLY=()
[ -z "${2+x}" ] || COMP_WORDBREAKS=$2
_tdrest
printf '%s\n' "${COMPREPLY[@]}"
END
    # completes LINE WORDS [COMP_WORDBREAKS]
    completes() {
        case_of "completion: bash: $1" bash "$work/try.bash" docs/completion/tdrest.bash "$1" ${3+"$3"}
        err_is_empty
        printf '%s\n' $2 | out_is
    }
    completes 'tdrest pi' ping
    completes 'tdrest --form' --format
    completes 'tdrest -F m' markdown
    completes 'tdrest --format=cs' csv
    completes 'tdrest --format=cs' --format=csv ' '
    completes 'tdrest --timez' --timezone
    completes 'tdrest -u http://localhost:6041 --no-h' --no-header
    completes 'tdrest -p x:int=5 --no-c' '--no-config --no-cut'
    completes 'tdrest help expl' explain-error
    completes 'tdrest --color n' never
    completes "tdrest -o $PWD/Makef" "$PWD/Makefile"
    completes "tdrest --reject=$PWD/Makef" "$PWD/Makefile"
    completes "tdrest write --protocol line $PWD/Makef" "$PWD/Makefile"
    completes "tdrest $PWD/Makef" ''
    completes "tdrest import --table t $PWD/Makef" "$PWD/Makefile"
    completes 'tdrest spool s' send
    completes "tdrest spool send $PWD/Makef" "$PWD/Makefile"
    completes "tdrest --tls-ca-file $PWD/Makef" "$PWD/Makefile"
    completes 'tdrest --verify-rows ' 'none count'
    completes 'tdrest --spool-full=r' refuse
    case_of 'completion: bash: every command' bash "$work/try.bash" docs/completion/tdrest.bash 'tdrest '
    out_is <"$work/commands"
    case_of 'completion: bash: every option' bash "$work/try.bash" docs/completion/tdrest.bash 'tdrest --'
    sort "$work/out" >"$work/last" && mv "$work/last" "$work/out"
    out_is <"$work/flags"
else
    skip 'completion: bash is missing'
fi
if command -v fish >/dev/null; then
    fished() {
        case_of "completion: fish: $1" env HOME="$work" fish --no-config -c "source docs/completion/tdrest.fish; complete -C'$1'"
        sed 's/	.*//' "$work/out" >"$work/last" && mv "$work/last" "$work/out"
        [ -z "$2" ] || printf '%s\n' $2 >"$work/words"
        [ -n "$2" ] || : >"$work/words"
        out_is <"$work/words"
    }
    fished 'tdrest pi' ping
    fished 'tdrest --format ma' markdown
    fished 'tdrest --timez' --timezone
    fished "tdrest --reject $PWD/Makef" "$PWD/Makefile"
    fished "tdrest write $PWD/Makef" "$PWD/Makefile"
    fished "tdrest $PWD/Makef" ''
    fished 'tdrest spool ' 'drop list send'
    fished "tdrest spool send $PWD/Makef" "$PWD/Makefile"
    fished 'tdrest --verify-rows c' count
    case_of 'completion: fish: every command' env HOME="$work" fish --no-config -c "source docs/completion/tdrest.fish; complete -C'tdrest '"
    sed 's/	.*//' "$work/out" | sort >"$work/last" && mv "$work/last" "$work/out"
    sort "$work/commands" | out_is
    case_of 'completion: fish: every option' env HOME="$work" fish --no-config -c "source docs/completion/tdrest.fish; complete -C'tdrest --'"
    sed 's/	.*//' "$work/out" | sort >"$work/last" && mv "$work/last" "$work/out"
    out_is <"$work/flags"
else
    skip 'completion: fish is missing'
fi
if command -v zsh >/dev/null && zsh -fc 'zmodload zsh/zpty' 2>/dev/null; then
    # A zsh on a pty: its settings, the first of them FOLDER and COMMAND, end in a line editor that says in a file that it is ready; what it would run is written to another.
    mkdir "$work/zsh"
    cat >"$work/zsh/.zshrc" <<'END'
fpath=($FOLDER $fpath)
autoload -U compinit
compinit -u -D
eval $COMMAND
tdrest() { print -r -- "$*" >$ZDOTDIR/got.new && mv $ZDOTDIR/got.new $ZDOTDIR/got }
zle-line-init() { : >$ZDOTDIR/ready }
zle -N zle-line-init
END
    cat >"$work/try.zsh" <<'END'
zmodload zsh/zpty
# Waits for a file, at most a minute, and takes away what the pty shows.
await() {
    for i in {1..3000}; do
        zpty -r -t z line
        [[ -e $ZDOTDIR/$1 ]] && return
        sleep 0.02
    done
}
rm -f $ZDOTDIR/ready $ZDOTDIR/got
zpty -b z env TERM=dumb zsh -d -i
await ready
zpty -n -w z "$1"$'\t\n'
await got
cat $ZDOTDIR/got
END
    zshed() {
        case_of "completion: zsh: $1" env ZDOTDIR="$work/zsh" FOLDER="$PWD/docs/completion" COMMAND=: zsh -f "$work/try.zsh" "tdrest $1"
        printf '%s\n' "$2" | out_is
        case_of "completion: zsh, sourced: $1" env ZDOTDIR="$work/zsh" FOLDER=/nonexistent COMMAND="source $PWD/docs/completion/_tdrest" zsh -f "$work/try.zsh" "tdrest $1"
        printf '%s\n' "$2" | out_is
    }
    zshed 'pi' 'ping'
    zshed '--format=mark' '--format=markdown'
    zshed '--protocol te' '--protocol telnet'
    case_of 'completion: zsh: spool sen' env ZDOTDIR="$work/zsh" FOLDER="$PWD/docs/completion" COMMAND=: zsh -f "$work/try.zsh" 'tdrest spool sen'
    echo 'spool send' | out_is
else
    skip 'completion: zsh is missing'
fi
case_of 'completion: zsh: sourced before compinit' sh -c "command -v zsh >/dev/null || exit 0; zsh -fc 'source docs/completion/_tdrest'"
status_is 0
err_is_empty
case_of 'completion: no such shell' "$tool" --completion csh
status_is 2
says err "option --completion: expected bash, zsh or fish, not 'csh'"
case_of 'completion: is what is in docs' "$tool" --completion bash
cmp -s "$work/out" docs/completion/tdrest.bash || complain 'make it anew: tdrest --completion bash >docs/completion/tdrest.bash'
