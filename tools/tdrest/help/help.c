/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What the tool says about itself, made of the tables of commands, flags, formats, types of parameters and the library's options. */
#include "help/help.h"

#include <stdio.h>
#include <string.h>
#include <tdrest.h>

#include "args/flags.h"
#include "args/param.h"
#include "format/formats.h"

enum { WIDTH = 80, INDENT = 27 };

static const char environment[] =
    "Environment: TDREST_DSN, TDREST_PASSWORD, TDREST_PROFILE, TDREST_KEY for any KEY, TDREST_PAGER.\n";

static const char statuses[] =
    "Exit status: 0 ok; 1 refused by the server; 2 usage or configuration; 3 not connected, login refused or timeout; "
    "4 answer not understood or output not written; 130 interrupted.\n";

/* Words up to the width of a screen; lines after the first one begin behind indent blanks, the first one at column at. */
static void put_wrapped(cli_output *out, const char *text, size_t at, size_t indent)
{
    size_t len, from = at;

    for (; *text != '\0'; text += len + (text[len] == ' ')) {
        len = strcspn(text, " \n");
        if (at > from && at + 1 + len > WIDTH) {
            cli_output_char(out, '\n');
            cli_output_fill(out, ' ', indent);
            from = at = indent;
        }
        if (at > from) {
            cli_output_char(out, ' ');
            at++;
        }
        cli_output_put(out, text, len);
        at += len;
        if (text[len] == '\n')
            break;
    }
    cli_output_char(out, '\n');
}

/* "  name   about" */
static void put_entry(cli_output *out, const char *name, const char *about)
{
    size_t len = strlen(name);

    cli_output_text(out, name);
    if (len + 1 > INDENT) {
        cli_output_char(out, '\n');
        len = 0;
    }
    cli_output_fill(out, ' ', INDENT - len);
    put_wrapped(out, about, INDENT, INDENT);
}

/* The names of the formats of a command. */
static void list_formats(enum cli_task task, char *text, size_t cap)
{
    const cli_format *format;
    size_t i, len = 0;

    for (i = 0; (format = cli_format_at(i)) != NULL && len < cap; i++) {
        if (task != CLI_TASK_RUN && (format->binary || ((task == CLI_TASK_PING || task == CLI_TASK_SPOOL) && strcmp(format->name, "plot") == 0)))
            continue;
        len += (size_t)snprintf(text + len, cap - len, "%s%s", len == 0 ? "" : cli_format_at(i + 1) == NULL ? " or " : ", ", format->name);
    }
}

static void put_flag(cli_output *out, enum cli_flag flag, const cli_command *command)
{
    const cli_flag_info *info = cli_flag_at(flag);
    char name[80], letter[8] = "    ", formats[256];
    const char *about;

    if (info->letter != '\0')
        snprintf(letter, sizeof letter, "-%c, ", info->letter);
    snprintf(name, sizeof name, "  %s--%s%s%s", letter, info->name, info->value == NULL ? "" : " ", info->value == NULL ? "" : info->value);
    list_formats(command->task, formats, sizeof formats);
    about = cli_flag_about(flag, command->task);
    put_entry(out, name, about != NULL ? about : command->formats != NULL ? command->formats : formats);
}

static void put_usage(cli_output *out, const cli_command *command)
{
    char line[160];

    snprintf(line, sizeof line, "usage: tdrest [OPTION ...] %s%s%s\n", command->name, *command->name != '\0' && *command->operands != '\0' ? " " : "",
             command->operands);
    cli_output_text(out, line);
}

static void put_command(cli_output *out, const cli_command *command)
{
    size_t i;

    put_usage(out, command);
    cli_output_char(out, '\n');
    cli_output_text(out, command->details);
    cli_output_char(out, '\n');
    for (i = 0; i < CLI_FLAG_NONE; i++)
        if (cli_flag_is_of((enum cli_flag)i, command->task))
            put_flag(out, (enum cli_flag)i, command);
    if (command->connects)
        put_entry(out, "      --KEY VALUE", "an option of the connection; tdrest help all lists them");
    if (command->task == CLI_TASK_WRITE)
        put_entry(out, "      --batch-bytes N", "the size of a request; default: 262144");
}

static void put_short(cli_output *out)
{
    const cli_command *command;
    size_t i;

    cli_output_text(out, "usage: tdrest [OPTION ...] [SQL ...]     runs SQL on a TDengine server\n"
                         "       tdrest [OPTION ...] COMMAND ...\n"
                         "commands: ");
    for (i = 1; (command = cli_command_at(i)) != NULL; i++) {
        cli_output_text(out, i == 1 ? "" : ", ");
        cli_output_text(out, command->name);
    }
    cli_output_text(out, "\n\n");
    for (i = 0; i < CLI_FLAG_NONE; i++)
        if (cli_flag_at((enum cli_flag)i)->common)
            put_flag(out, (enum cli_flag)i, cli_command_at(0));
    put_entry(out, "      --KEY VALUE", "an option of the connection, such as --timezone UTC");
    put_entry(out, "  -h, --help [COMMAND|all]", "help on a command, or all of it; -V, --version");
    cli_output_char(out, '\n');
    put_wrapped(out, environment, 0, 2);
    put_wrapped(out, statuses, 0, 2);
}

static void put_formats(cli_output *out)
{
    const cli_format *format;
    char name[40];
    size_t i;

    cli_output_text(out, "\nFormats:\n\n");
    for (i = 0; (format = cli_format_at(i)) != NULL; i++) {
        snprintf(name, sizeof name, "  %s", format->name);
        put_entry(out, name, format->about);
    }
}

static void put_types(cli_output *out)
{
    const char *name, *about;
    char entry[64];
    size_t i;

    cli_output_text(out, "\nParameters, one -p for each; values arrive unchanged, whatever they contain:\n\n");
    for (i = 0; (name = cli_param_type_at(i, &about)) != NULL; i++) {
        snprintf(entry, sizeof entry, "  -p NAME%s%s%s", *name == '\0' ? "" : ":", name, strcmp(name, "null") == 0 ? "" : "=VALUE");
        put_entry(out, entry, about);
    }
}

static void put_keys(cli_output *out)
{
    const tdrest_option_info *info;
    char name[64], about[1024];
    size_t i;

    cli_output_text(out, "\nOptions of the connection: in a DSN, as a flag (- may stand for _), as TDREST_KEY in the\n"
                         "environment, or as KEY = VALUE in the configuration file:\n\n");
    for (i = 0; (info = tdrest_options_get_info(i)) != NULL; i++) {
        snprintf(name, sizeof name, "  %s", info->key);
        snprintf(about, sizeof about, "%s (%s%s%s)", info->meaning, info->values, info->default_value[0] == '\0' ? "" : "; default ",
                 info->default_value);
        put_entry(out, name, about);
    }
}

static void put_all(cli_output *out)
{
    size_t i;

    for (i = 0; cli_command_at(i) != NULL; i++) {
        if (i != 0)
            cli_output_char(out, '\n');
        put_command(out, cli_command_at(i));
    }
    put_formats(out);
    put_types(out);
    put_keys(out);
    cli_output_char(out, '\n');
    put_wrapped(out, environment, 0, 2);
    put_wrapped(out, statuses, 0, 2);
}

void cli_help(cli_output *out, const char *topic)
{
    if (topic == NULL)
        put_short(out);
    else if (strcmp(topic, "all") == 0)
        put_all(out);
    else
        put_command(out, cli_command_find(topic));
}

void cli_version(cli_output *out)
{
    cli_output_text(out, tdrest_version());
    cli_output_char(out, '\n');
}
