/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Completion in shells, made of the tables of commands, flags, formats and the library's options. */
#include "help/completion.h"

#include <stdio.h>
#include <string.h>
#include <tdrest.h>

#include "args/flags.h"
#include "format/formats.h"

static const char licence[] = "# SPDX-License-Identifier: MIT\n# SPDX-FileCopyrightText: the tdrest authors\n"
                              "# Written by tdrest --completion; do not edit.\n";

/* ---- what all shells need ---- */

static void put_formats(cli_output *out)
{
    size_t i;

    for (i = 0; cli_format_at(i) != NULL; i++) {
        cli_output_text(out, i == 0 ? "" : " ");
        cli_output_text(out, cli_format_at(i)->name);
    }
}

static void put_commands(cli_output *out)
{
    size_t i;

    for (i = 1; cli_command_at(i) != NULL; i++) {
        cli_output_text(out, i == 1 ? "" : " ");
        cli_output_text(out, cli_command_at(i)->name);
    }
}

/* A key as a flag. */
static void put_key(cli_output *out, const char *key)
{
    for (; *key != '\0'; key++)
        cli_output_char(out, *key == '_' ? '-' : *key);
}

/* Does the option name a file or a directory? */
static int is_path(const tdrest_option_info *key)
{
    return strstr(key->key, "_file") != NULL || strstr(key->key, "_dir") != NULL;
}

/* The words that an option's value can be, if that is all its table says of them, between two texts. */
static void put_key_choices(cli_output *out, const tdrest_option_info *key, const char *before, const char *behind)
{
    const char *p = key->values;

    for (; *p != '\0'; p++)
        if (strchr("abcdefghijklmnopqrstuvwxyz0123456789_.,", *p) == NULL && (*p != ' ' || p[-1] != ','))
            return;
    cli_output_text(out, before);
    for (p = key->values; *p != '\0'; p++)
        if (*p != ',')
            cli_output_char(out, *p);
    cli_output_text(out, behind);
}

/* Text within single quotes of a shell; more: characters that want a backslash besides. */
static void put_quoted(cli_output *out, const char *text, const char *more)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'') {
            cli_output_text(out, "'\\''");
            continue;
        }
        if (strchr(more, *text) != NULL)
            cli_output_char(out, '\\');
        cli_output_char(out, *text);
    }
}

static const char *about_of(const cli_flag_info *info)
{
    return info->about == NULL ? "the format of results" : info->about;
}

/* The words that a flag's value can be, if they are known, between two texts. */
static void put_choices(cli_output *out, const cli_flag_info *info, const char *before, const char *behind)
{
    if (info->kind != CLI_VALUE_FORMAT && info->kind != CLI_VALUE_WORDS)
        return;
    cli_output_text(out, before);
    if (info->kind == CLI_VALUE_FORMAT)
        put_formats(out);
    else
        cli_output_text(out, info->words);
    cli_output_text(out, behind);
}

/* ---- bash ---- */

static void put_bash_names(cli_output *out, const cli_flag_info *info, const char *between)
{
    char text[64];

    if (info->letter != '\0') {
        snprintf(text, sizeof text, "-%c%s", info->letter, between);
        cli_output_text(out, text);
    }
    cli_output_text(out, "--");
    cli_output_text(out, info->name);
}

/* The words of a flag's value, by the flag in front. */
static void put_bash_values(cli_output *out)
{
    const tdrest_option_info *key;
    size_t i;

    for (i = 0; i < CLI_FLAG_NONE; i++) {
        const cli_flag_info *info = cli_flag_at((enum cli_flag)i);

        if (info->value == NULL)
            continue;
        cli_output_text(out, "    ");
        put_bash_names(out, info, "|");
        cli_output_text(out, ") ");
        if (info->kind == CLI_VALUE_FILE)
            cli_output_text(out, "files=1");
        put_choices(out, info, "words='", "'");
        cli_output_text(out, " ;;\n");
    }
    for (i = 0; (key = tdrest_options_get_info(i)) != NULL; i++) {
        cli_output_text(out, "    --");
        put_key(out, key->key);
        cli_output_text(out, is_path(key) ? ") files=1" : ") ");
        put_key_choices(out, key, "words='", "'");
        cli_output_text(out, " ;;\n");
    }
}

/* The operands of commands. */
static void put_bash_operands(cli_output *out)
{
    const cli_command *command;
    size_t i;

    for (i = 1; (command = cli_command_at(i)) != NULL; i++) {
        if (!command->files && command->verbs == NULL)
            continue;
        cli_output_text(out, "            ");
        cli_output_text(out, command->name);
        cli_output_text(out, ") ");
        if (command->verbs != NULL) {
            cli_output_text(out, "if [ \"$prev\" = ");
            cli_output_text(out, command->name);
            cli_output_text(out, " ]; then words='");
            cli_output_text(out, command->verbs);
            cli_output_text(out, "'; else files=1; fi ;;\n");
        } else {
            cli_output_text(out, "files=1 ;;\n");
        }
    }
}

static void put_bash_flags(cli_output *out)
{
    const tdrest_option_info *key;
    size_t i;

    cli_output_text(out, "words='");
    for (i = 0; i < CLI_FLAG_NONE; i++) {
        cli_output_text(out, i == 0 ? "" : " ");
        put_bash_names(out, cli_flag_at((enum cli_flag)i), " ");
    }
    for (i = 0; (key = tdrest_options_get_info(i)) != NULL; i++) {
        cli_output_text(out, " --");
        put_key(out, key->key);
    }
    cli_output_char(out, '\'');
}

/* Bash breaks words at `:` and `=`: they are put together again, and what stands before the last break is taken off each answer. */
static void put_bash(cli_output *out)
{
    cli_output_text(out, licence);
    cli_output_text(out,
        "_tdrest() {\n"
        "    local line=${COMP_LINE:0:COMP_POINT} all cur prev flag front='' words='' files='' command='' word i\n"
        "    read -ra all <<<\"$line\"\n"
        "    case $line in *[[:space:]]) all+=('') ;; esac\n"
        "    cur=${all[${#all[@]}-1]}\n"
        "    prev=${all[${#all[@]}-2]}\n"
        "    for ((i = 1; i < ${#all[@]} - 1; i++)); do\n"
        "        case ${all[i]} in\n"
        "            ");
    for (size_t i = 1; cli_command_at(i) != NULL; i++) {
        cli_output_text(out, i == 1 ? "" : "|");
        cli_output_text(out, cli_command_at(i)->name);
    }
    cli_output_text(out,
        ") command=${all[i]}; break ;;\n"
        "        esac\n"
        "    done\n"
        "    flag=$prev\n"
        "    case $cur in --*=*) flag=${cur%%=*}; front=$flag=; cur=${cur#*=} ;; esac\n"
        "    COMPREPLY=()\n"
        "    case $flag in\n");
    put_bash_values(out);
    cli_output_text(out,
        "    *)\n"
        "        case $cur in\n"
        "        -*) ");
    put_bash_flags(out);
    cli_output_text(out,
        " ;;\n"
        "        *)\n"
        "            case $command in\n"
        "            '') words='");
    put_commands(out);
    cli_output_text(out, "' ;;\n            help) words='all ");
    put_commands(out);
    cli_output_text(out, "' ;;\n");
    put_bash_operands(out);
    cli_output_text(out,
        "            esac\n"
        "            ;;\n"
        "        esac\n"
        "        ;;\n"
        "    esac\n"
        "    if [ -n \"$files\" ]; then\n"
        "        compopt -o filenames 2>/dev/null\n"
        "        while IFS= read -r word; do COMPREPLY+=(\"$word\"); done < <(compgen -f -- \"$cur\")\n"
        "    else\n"
        "        while IFS= read -r word; do COMPREPLY+=(\"$word\"); done < <(compgen -W \"$words\" -- \"$cur\")\n"
        "    fi\n"
        "    case $COMP_WORDBREAKS in\n"
        "    *=*) ;;\n"
        "    *) COMPREPLY=(\"${COMPREPLY[@]/#/$front}\") ;;\n"
        "    esac\n"
        "    # What bash takes for a word of its own begins behind the last break in it.\n"
        "    case $cur in\n"
        "    *[:=]*)\n"
        "        word=${cur##*[:=]}\n"
        "        case $COMP_WORDBREAKS in\n"
        "        *[:=]*) for i in \"${!COMPREPLY[@]}\"; do COMPREPLY[i]=${COMPREPLY[i]:${#cur}-${#word}}; done ;;\n"
        "        esac\n"
        "        ;;\n"
        "    esac\n"
        "}\n"
        "complete -F _tdrest tdrest\n");
}

/* ---- zsh ---- */

static void put_zsh_action(cli_output *out, const cli_flag_info *info)
{
    if (info->value == NULL)
        return;
    cli_output_char(out, ':');
    put_quoted(out, info->value, ":");
    cli_output_char(out, ':');
    if (info->kind == CLI_VALUE_FILE)
        cli_output_text(out, "_files");
    put_choices(out, info, "(", ")");
}

static void put_zsh_flag(cli_output *out, const cli_flag_info *info, int by_letter)
{
    char name[64];

    if (by_letter)
        snprintf(name, sizeof name, "        '*-%c%s[", info->letter, info->value == NULL ? "" : "+");
    else
        snprintf(name, sizeof name, "        '*--%s%s[", info->name, info->value == NULL ? "" : "=");
    cli_output_text(out, name);
    put_quoted(out, about_of(info), "[]:");
    cli_output_char(out, ']');
    put_zsh_action(out, info);
    cli_output_text(out, "' \\\n");
}

static void put_zsh(cli_output *out)
{
    const tdrest_option_info *key;
    size_t i;

    cli_output_text(out, "#compdef tdrest\n");
    cli_output_text(out, licence);
    cli_output_text(out,
        "_tdrest_words() {\n"
        "    local -a commands=(\n");
    for (i = 1; cli_command_at(i) != NULL; i++) {
        cli_output_text(out, "        '");
        cli_output_text(out, cli_command_at(i)->name);
        cli_output_char(out, ':');
        put_quoted(out, cli_command_at(i)->about, ":");
        cli_output_text(out, "'\n");
    }
    cli_output_text(out,
        "    )\n"
        "    case $line[1] in\n"
        "    help) compadd all ${commands%%:*} ;;\n");
    for (i = 1; cli_command_at(i) != NULL; i++) {
        const cli_command *command = cli_command_at(i);

        if (!command->files && command->verbs == NULL)
            continue;
        cli_output_text(out, "    ");
        cli_output_text(out, command->name);
        cli_output_text(out, command->verbs == NULL ? ") " : ") compadd ");
        cli_output_text(out, command->verbs == NULL ? "" : command->verbs);
        cli_output_text(out, command->verbs == NULL ? "_files ;;\n" : "; _files ;;\n");
    }
    cli_output_text(out,
        "    *) (( CURRENT > 2 )) && [[ -n $line[1] && $line[1] != $words[CURRENT] ]] || _describe command commands ;;\n"
        "    esac\n"
        "}\n"
        "_tdrest() {\n"
        "    local -a line\n"
        "    _arguments -C -S \\\n");
    for (i = 0; i < CLI_FLAG_NONE; i++) {
        if (cli_flag_at((enum cli_flag)i)->letter != '\0')
            put_zsh_flag(out, cli_flag_at((enum cli_flag)i), 1);
        put_zsh_flag(out, cli_flag_at((enum cli_flag)i), 0);
    }
    for (i = 0; (key = tdrest_options_get_info(i)) != NULL; i++) {
        cli_output_text(out, "        '*--");
        put_key(out, key->key);
        cli_output_text(out, "=[");
        put_quoted(out, key->meaning, "[]:");
        cli_output_text(out, "]:value:");
        put_key_choices(out, key, "(", ")");
        cli_output_text(out, is_path(key) ? "_files' \\\n" : "' \\\n");
    }
    cli_output_text(out,
        "        '*:: :->words'\n"
        "    [[ $state == words ]] && _tdrest_words\n"
        "}\n"
        "# As a file in fpath this is the function itself; sourced, it is only made known.\n"
        "if [[ $funcstack[1] == _tdrest ]]; then\n"
        "    _tdrest \"$@\"\n"
        "elif (( $+functions[compdef] )); then\n"
        "    compdef _tdrest tdrest\n"
        "fi\n");
}

/* ---- fish ---- */

static void put_fish_flag(cli_output *out, const cli_flag_info *info)
{
    char letter[8] = "";

    if (info->letter != '\0')
        snprintf(letter, sizeof letter, " -s %c", info->letter);
    cli_output_text(out, "complete -c tdrest");
    cli_output_text(out, letter);
    cli_output_text(out, " -l ");
    cli_output_text(out, info->name);
    if (info->kind == CLI_VALUE_FILE)
        cli_output_text(out, " -r -F");
    else if (info->value != NULL)
        cli_output_text(out, " -x");
    put_choices(out, info, " -a '", "'");
    cli_output_text(out, " -d '");
    put_quoted(out, about_of(info), "");
    cli_output_text(out, "'\n");
}

/* A command, and what comes behind it. */
static void put_fish_command(cli_output *out, const cli_command *command)
{
    static const char seen[] = "complete -c tdrest -n '__fish_seen_subcommand_from ";

    cli_output_text(out, "complete -c tdrest -n __fish_use_subcommand -a ");
    cli_output_text(out, command->name);
    cli_output_text(out, " -d '");
    put_quoted(out, command->about, "");
    cli_output_text(out, "'\n");
    if (command->files || command->verbs != NULL) {
        cli_output_text(out, seen);
        cli_output_text(out, command->name);
        cli_output_text(out, command->verbs == NULL ? "' -F\n" : "; and not __fish_seen_subcommand_from ");
    }
    if (command->verbs != NULL) {
        cli_output_text(out, command->verbs);
        cli_output_text(out, "' -a '");
        cli_output_text(out, command->verbs);
        cli_output_text(out, "'\n");
        cli_output_text(out, seen);
        cli_output_text(out, command->name);
        cli_output_text(out, "; and __fish_seen_subcommand_from ");
        cli_output_text(out, command->verbs);
        cli_output_text(out, "' -F\n");
    }
}

static void put_fish(cli_output *out)
{
    const tdrest_option_info *key;
    size_t i;

    cli_output_text(out, licence);
    cli_output_text(out, "complete -c tdrest -f\n");
    for (i = 1; cli_command_at(i) != NULL; i++)
        put_fish_command(out, cli_command_at(i));
    cli_output_text(out, "complete -c tdrest -n '__fish_seen_subcommand_from help' -a 'all ");
    put_commands(out);
    cli_output_text(out, "'\n");
    for (i = 0; i < CLI_FLAG_NONE; i++)
        put_fish_flag(out, cli_flag_at((enum cli_flag)i));
    for (i = 0; (key = tdrest_options_get_info(i)) != NULL; i++) {
        cli_output_text(out, "complete -c tdrest -l ");
        put_key(out, key->key);
        cli_output_text(out, is_path(key) ? " -r -F" : " -x");
        put_key_choices(out, key, " -a '", "'");
        cli_output_text(out, " -d '");
        put_quoted(out, key->meaning, "");
        cli_output_text(out, "'\n");
    }
}

void cli_completion(cli_output *out, const char *shell)
{
    if (strcmp(shell, "bash") == 0)
        put_bash(out);
    else if (strcmp(shell, "zsh") == 0)
        put_zsh(out);
    else
        put_fish(out);
}
