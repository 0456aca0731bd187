/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The command line as a struct. The words it knows come from the tables of flags and commands and from the library's option table. */
#include "args/args.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "args/check.h"
#include "args/duration.h"
#include "args/flags.h"
#include "args/header.h"
#include "args/keys.h"
#include "args/nearest.h"
#include "args/password.h"
#include "args/secret.h"
#include "term/report.h"

typedef struct reader {
    cli_args *args;
    char **argv;
    size_t argc;
    size_t at;
    const char *password_file;
    int ask_password;
    uint64_t used; /* bits of the flags that were there */
} reader;

static void add_source(reader *r, const char *text, const char *file)
{
    r->args->sources[r->args->source_count++] = (cli_source){text, file};
}

static void add_setting(reader *r, const char *key, char *value, const char *flag)
{
    r->args->settings.items[r->args->settings.count++] = (cli_setting){key, value, flag};
}

/* ---- values ---- */

static int take_format(cli_args *args, const char *value)
{
    cli_words words = {.len = 0};
    const cli_format *format;
    size_t i;

    args->format = cli_format_find(value);
    if (args->format != NULL)
        return args->format->missing == NULL ? CLI_OK : cli_usage("format %s: %s", value, args->format->missing);
    for (i = 0; (format = cli_format_at(i)) != NULL; i++)
        cli_words_add(&words, format->name, cli_format_at(i + 1) == NULL);
    return cli_refuse_value(CLI_FLAG_FORMAT, words.text, value);
}

static int take_duration(enum cli_flag flag, const char *value, int64_t least, int64_t *out)
{
    *out = cli_duration_ms(value);
    if (*out >= least)
        return CLI_OK;
    return cli_refuse_value(flag, least > 0 ? "a duration of at least 100ms, such as 500ms, 1s, 5m, 36h or 7d" : "a duration, such as 500ms, 1s, 5m, 36h or 7d", value);
}

static int take_count(enum cli_flag flag, const char *value, int64_t least, int64_t most, int64_t *out)
{
    char *end, expected[80];

    *out = strtoll(value, &end, 10); /* of 64 bits everywhere: what is too large stays so */
    if (*value >= '0' && *value <= '9' && *end == '\0' && *out >= least && *out <= most)
        return CLI_OK;
    snprintf(expected, sizeof expected, "%s from %d to %d", flag == CLI_FLAG_TTL ? "days" : "a number", (int)least, (int)most);
    return cli_refuse_value(flag, expected, value);
}

/* A character, or \t as it is written where a tab cannot be typed. */
static int take_delimiter(cli_args *args, const char *value)
{
    args->importing.delimiter = strcmp(value, "\\t") == 0 ? '\t' : value[0];
    if ((strlen(value) == 1 || args->importing.delimiter == '\t') && strchr("\"\r\n", args->importing.delimiter) == NULL)
        return CLI_OK;
    return cli_refuse_value(CLI_FLAG_DELIMITER, "one character, other than a quote or a line end", value);
}

/* A flag whose values are words of the table, each with its number in the same order. */
static int take_word(enum cli_flag flag, const char *value, const int *numbers, int *out)
{
    size_t at;
    int status = cli_check_word(flag, value, &at);

    if (status == CLI_OK)
        *out = numbers[at];
    return status;
}

static int take_chosen(cli_args *args, enum cli_flag flag, const char *value)
{
    static const int times[] = {0, 1}, colors[] = {CLI_AUTO, CLI_ALWAYS, CLI_NEVER}, progress[] = {CLI_ALWAYS, CLI_NEVER};
    static const int protocols[] = {TDREST_PROTOCOL_LINE, TDREST_PROTOCOL_TELNET, TDREST_PROTOCOL_JSON};
    static const int precisions[] = {TDREST_HOUR, TDREST_MINUTE, TDREST_SECOND, TDREST_MS, TDREST_US, TDREST_NS};
    int number = 0, status;

    switch (flag) {
    case CLI_FLAG_TIME: return take_word(flag, value, times, &args->style.epoch);
    case CLI_FLAG_PROTOCOL: return take_word(flag, value, protocols, &args->write.protocol);
    case CLI_FLAG_PRECISION: return take_word(flag, value, precisions, &args->write.precision);
    case CLI_FLAG_COLOR:
        status = take_word(flag, value, colors, &number);
        args->color = (enum cli_when)number;
        return status;
    default:
        status = take_word(flag, value, progress, &number);
        args->progress = (enum cli_when)number;
        return status;
    }
}

static int take_completion(cli_args *args, const char *value)
{
    size_t at;

    args->task = CLI_TASK_COMPLETION;
    args->topic = value;
    return cli_check_word(CLI_FLAG_COMPLETION, value, &at);
}

/* ---- help ---- */

/* Help and version are not for those who want something done: `-h HOST 'INSERT ...'` must not end well. */
static int take_help(reader *r, enum cli_flag flag)
{
    cli_args *args = r->args;
    size_t left = r->argc - r->at;
    const char *next = left > 0 ? r->argv[r->at] : "";
    int is_topic = strcmp(next, "all") == 0 || cli_command_find(next) != NULL;

    r->at = r->argc;
    if (args->source_count > 0 || left > (flag == CLI_FLAG_HELP && args->task == CLI_TASK_RUN && is_topic ? 1u : 0u))
        return cli_usage("-%c is --%s, and nothing else can go with it%s", cli_flag_at(flag)->letter, cli_flag_at(flag)->name,
                         flag == CLI_FLAG_HELP ? "; -u names the server" : "");
    args->topic = left > 0 ? next : args->task != CLI_TASK_RUN ? cli_command_of(args->task)->name : NULL;
    args->task = flag == CLI_FLAG_HELP ? CLI_TASK_HELP : CLI_TASK_VERSION;
    return CLI_OK;
}

/* ---- flags ---- */

static int take(reader *r, enum cli_flag flag, char *value)
{
    static const int time_units[] = {TDREST_SECOND, TDREST_MS, TDREST_US, TDREST_NS};
    cli_args *args = r->args;
    int status;

    r->used |= (uint64_t)1 << flag;
    switch (flag) {
    case CLI_FLAG_DSN: args->settings.dsn = value; break;
    case CLI_FLAG_DATABASE: add_setting(r, "database", value, cli_flag_at(flag)->name); break;
    case CLI_FLAG_PROFILE: args->settings.profile = value; break;
    case CLI_FLAG_NO_CONFIG: args->settings.no_config = 1; break;
    case CLI_FLAG_HEADER:
        add_setting(r, NULL, value, cli_flag_at(flag)->name);
        return strchr(value, ':') != NULL ? CLI_OK : cli_usage("option --header: expected 'NAME: VALUE'"); /* not what it is: it may be a key */
    case CLI_FLAG_PASSWORD_FILE: r->password_file = value; break;
    case CLI_FLAG_ASK_PASSWORD: r->ask_password = 1; break;
    case CLI_FLAG_FILE: add_source(r, NULL, value); break;
    case CLI_FLAG_PARAM: return cli_params_add(&args->params, value);
    case CLI_FLAG_KEEP_GOING: args->keep_going = 1; break;
    case CLI_FLAG_FORMAT: return take_format(args, value);
    case CLI_FLAG_OUTPUT: args->output = strcmp(value, "-") == 0 ? NULL : value; break;
    case CLI_FLAG_SVG: args->svg = value; break;
    case CLI_FLAG_TITLE: args->style.title = value; break;
    case CLI_FLAG_NULL: args->style.null = value; break;
    case CLI_FLAG_NO_HEADER: args->style.bare = 1; break;
    case CLI_FLAG_TYPES: args->style.types = 1; break;
    case CLI_FLAG_NO_CUT: args->style.no_cut = 1; break;
    case CLI_FLAG_ASCII: args->style.ascii = 1; break;
    case CLI_FLAG_TTL: return take_count(flag, value, 0, INT_MAX, &args->write.ttl_days);
    case CLI_FLAG_TABLE_NAME_KEY: args->write.table_name_key = value; break;
    case CLI_FLAG_TABLE: args->importing.table = value; break;
    case CLI_FLAG_USING: args->importing.using = value; break;
    case CLI_FLAG_TABLE_COLUMN: args->importing.table_column = value; break;
    case CLI_FLAG_TAGS: args->importing.tags = value; break;
    case CLI_FLAG_DELIMITER: return take_delimiter(args, value);
    case CLI_FLAG_TIME_UNIT: return take_word(flag, value, time_units, &args->importing.time_unit);
    case CLI_FLAG_TIME_FORMAT: args->importing.time_format = value; break;
    case CLI_FLAG_RANGE_ROWS: return take_count(flag, value, 1, INT_MAX, &args->exporting.range_rows);
    case CLI_FLAG_PARALLEL:
        status = take_count(flag, value, 1, 64, &args->importing.parallel);
        args->exporting.parallel = args->write.parallel = args->importing.parallel;
        return status;
    case CLI_FLAG_MAX_ERRORS: return take_count(flag, value, 0, INT_MAX, &args->importing.max_errors);
    case CLI_FLAG_RATE: return take_count(flag, value, 1, INT_MAX, &args->importing.rate);
    case CLI_FLAG_RESUME: args->importing.resume = 1; break;
    case CLI_FLAG_DRY_RUN: args->importing.dry_run = 1; break;
    case CLI_FLAG_SINCE: args->tailing.since = value; break;
    case CLI_FLAG_INTERVAL: return take_duration(flag, value, 100, &args->tailing.interval_ms);
    case CLI_FLAG_OVERLAP: return take_duration(flag, value, 0, &args->tailing.overlap_ms);
    case CLI_FLAG_QUERY: args->exporting.query = value; break;
    case CLI_FLAG_SPLIT: return take_word(flag, value, &(int){1}, &args->exporting.split);
    case CLI_FLAG_SCHEMA: args->exporting.schema = 1; break;
    case CLI_FLAG_FORCE: args->exporting.force = 1; break;
    case CLI_FLAG_SPOOL: add_setting(r, "spool_dir", value, cli_flag_at(flag)->name); break;
    case CLI_FLAG_REJECT: args->write.reject = value; break;
    case CLI_FLAG_VERBOSE: args->verbose = 1; break;
    case CLI_FLAG_COMPLETION: return take_completion(args, value);
    case CLI_FLAG_HELP:
    case CLI_FLAG_VERSION: return take_help(r, flag);
    default: return take_chosen(args, flag, value);
    }
    return CLI_OK;
}

static int is_format(const char *name, size_t len)
{
    char copy[16];

    snprintf(copy, sizeof copy, "%.*s", (int)len, name);
    return len < sizeof copy && cli_format_find(copy) != NULL;
}

/* Letters that other programs have: of psql, mysql and the vendor's shell. Not what follows them: it may be a password. */
static int refuse_short(char letter)
{
    if (letter != '\0' && strchr("ces", letter) != NULL)
        return cli_usage("unknown option -%c; statements are arguments: tdrest 'SELECT 1'", letter);
    if (letter == 'U')
        return cli_usage("unknown option -U; --user names the user");
    if (letter == 'l')
        return cli_usage("unknown option -l; tdrest 'SHOW DATABASES' lists them");
    return cli_usage("unknown option -%c; see tdrest --help", letter);
}

static int refuse_long(const char *name, size_t len)
{
    const tdrest_option_info *info;
    cli_nearest near;
    char flag[64];
    size_t i;

    cli_nearest_begin(&near, name, len);
    for (i = 0; i < CLI_FLAG_NONE; i++)
        cli_nearest_try(&near, cli_flag_at((enum cli_flag)i)->name);
    for (i = 0; (info = tdrest_options_get_info(i)) != NULL; i++)
        cli_nearest_try(&near, info->key);
    if (near.best == NULL)
        return is_format(name, len) ? cli_usage("unknown option --%.*s; -F %.*s chooses that format", (int)len, name, (int)len, name)
                                    : cli_usage("unknown option --%.*s; see tdrest --help", (int)len, name);
    snprintf(flag, sizeof flag, "%s", near.best);
    for (i = 0; flag[i] != '\0'; i++)
        flag[i] = (char)(flag[i] == '_' ? '-' : flag[i]);
    return cli_usage("unknown option --%.*s; did you mean --%s?", (int)len, name, flag);
}

/*
 * The value of an option when the word behind it is none: NULL but for --verify-rows, which counts. Its own words are values, and so is any other that can be
 * neither a command, a statement nor the name of a table.
 */
static char *value_without(const reader *r, const char *key)
{
    static char count[] = "count";
    const char *next = r->at < r->argc ? r->argv[r->at] : "";
    const int is_word = *next != '\0' && strspn(next, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == strlen(next);

    if (key == NULL || strcmp(key, "verify_rows") != 0 || strcmp(next, count) == 0 || strcmp(next, "none") == 0)
        return NULL;
    return is_word && r->args->task == CLI_TASK_RUN && cli_command_find(next) == NULL ? NULL : count;
}

/* --name value, --name=value */
static int take_long(reader *r, char *name)
{
    size_t len = strcspn(name, "=");
    enum cli_flag flag = cli_flag_find(name, len);
    const char *key = flag == CLI_FLAG_NONE ? cli_key_find(name, len) : NULL;
    char *value = value_without(r, key);
    size_t word;

    if (flag == CLI_FLAG_NONE && key == NULL)
        return refuse_long(name, len);
    if (flag != CLI_FLAG_NONE && cli_flag_at(flag)->value == NULL) {
        if (name[len] == '=')
            return cli_usage("option --%.*s takes no value", (int)len, name);
        return take(r, flag, NULL);
    }
    if (name[len] == '=')
        value = name + len + 1;
    else if (value == NULL && r->at < r->argc)
        value = r->argv[r->at++];
    if (value == NULL)
        return flag != CLI_FLAG_NONE && cli_flag_at(flag)->kind == CLI_VALUE_WORDS
            ? cli_check_word(flag, NULL, &word) : cli_usage("option --%.*s needs a value", (int)len, name);
    if (flag != CLI_FLAG_NONE)
        return take(r, flag, value);
    add_setting(r, key, value, key);
    return CLI_OK;
}

/* -x value, -xvalue */
static int take_short(reader *r, char *letters)
{
    enum cli_flag flag = cli_flag_of_letter(letters[0]);
    char *value = NULL;
    int has_value = flag != CLI_FLAG_NONE && cli_flag_at(flag)->value != NULL;

    if (flag == CLI_FLAG_NONE || (!has_value && letters[1] != '\0'))
        return refuse_short(letters[0]);
    if (!has_value)
        return take(r, flag, NULL);
    if (letters[1] != '\0')
        value = letters + 1;
    else if (r->at < r->argc)
        value = r->argv[r->at++];
    return value == NULL ? cli_usage("option -%c needs a value", letters[0]) : take(r, flag, value);
}

static int takes_files(const cli_args *args)
{
    const cli_command *command = cli_command_of(args->task);

    return command != NULL && command->files;
}

/* A statement, or, as the first word, a command. */
static int take_operand(reader *r, const char *word, int only_sql)
{
    cli_args *args = r->args;
    int first = !only_sql && args->task == CLI_TASK_RUN && args->source_count == 0;
    const cli_command *command = first ? cli_command_find(word) : NULL;

    if (command != NULL)
        args->task = command->task;
    else if (takes_files(args) || (args->task == CLI_TASK_RUN && !only_sql && strcmp(word, "-") == 0))
        add_source(r, NULL, word);
    else
        add_source(r, word, NULL);
    return first && command == NULL && strcmp(word, "-") != 0 ? cli_check_first_word(word) : CLI_OK;
}

/* Two dashes may begin a comment: SQL then, which a name with a blank or line end tells. */
static int is_comment(const char *arg)
{
    size_t name = strcspn(arg + 2, "=");

    return strchr(" \t\r\n", arg[2]) != NULL ? arg[2] != '\0' : memchr(arg + 2, '\n', name) != NULL;
}

/* Flags may stand before, between and behind the statements; `--` ends them. */
static int scan(reader *r)
{
    int status = CLI_OK, only_sql = 0;

    while (status == CLI_OK && r->at < r->argc) {
        char *arg = r->argv[r->at++];

        if (only_sql || arg[0] != '-' || arg[1] == '\0' || (arg[1] == '-' && is_comment(arg)))
            status = take_operand(r, arg, only_sql);
        else if (strcmp(arg, "--") == 0)
            only_sql = 1;
        else
            status = arg[1] == '-' ? take_long(r, arg + 2) : take_short(r, arg + 1);
    }
    return status;
}

/* ---- all of it ---- */

/* After the values are copied, and whether or not they were good. */
static void blank_secrets(const reader *r)
{
    const cli_settings *s = &r->args->settings;
    int found = s->dsn != NULL && cli_blank_dsn(s->dsn);
    size_t i;

    for (i = 0; i < s->count; i++) {
        if (s->items[i].key == NULL)
            cli_header_blank(s->items[i].value);
        if (s->items[i].key == NULL || !cli_holds_secret(s->items[i].key, s->items[i].value))
            continue;
        cli_blank(s->items[i].value);
        found = 1;
    }
    if (found)
        cli_usage("warning: other users can see a password on the command line; use TDREST_PASSWORD instead");
}

/* A password from elsewhere goes before all others. */
static int take_password(const reader *r)
{
    const cli_place nowhere = {.number = 0};
    char password[CLI_PASSWORD_ROOM];
    int status = CLI_OK;

    if (r->ask_password)
        status = cli_password_ask(password);
    else if (r->password_file != NULL)
        status = cli_password_file(r->password_file, password);
    else
        return CLI_OK;
    if (status == CLI_OK && tdrest_options_set(r->args->options, "password", password) < 0)
        status = cli_report(tdrest_options_error(r->args->options), &nowhere);
    cli_settings_note(&r->args->settings, "password", cli_flag_at(r->ask_password ? CLI_FLAG_ASK_PASSWORD : CLI_FLAG_PASSWORD_FILE)->name);
    cli_password_forget(password);
    return status;
}

/* The rule on retry_for_ms; see cli_command. */
static int set_patience(cli_args *args, const cli_command *command)
{
    if ((command->loads && !cli_has_spool(args)) || cli_settings_has(&args->settings, "retry_for_ms") || tdrest_options_set(args->options, "retry_for_ms", "0") >= 0)
        return CLI_OK;
    return cli_report(tdrest_options_error(args->options), &(cli_place){.number = 0});
}

int cli_args_read(cli_args *args, int argc, char **argv)
{
    reader r = {.args = args, .argv = argv, .argc = (size_t)argc, .at = 1};
    const cli_command *command;
    int status, connects;

    *args = (cli_args){.task = CLI_TASK_RUN, .exporting = {.range_rows = 1000000, .parallel = 1}, .importing = {.parallel = 4, .max_errors = -1}, .write = {.parallel = 1}, .tailing = {.interval_ms = 1000}};
    args->settings.items = calloc(r.argc + 1, sizeof *args->settings.items);
    args->sources = calloc(r.argc + 1, sizeof *args->sources);
    args->params.items = calloc(r.argc + 1, sizeof *args->params.items);
    if (args->settings.items == NULL || args->sources == NULL || args->params.items == NULL)
        return cli_report_no_memory();
    status = scan(&r);
    command = cli_command_of(args->task);
    connects = command != NULL && command->connects;
    if (status == CLI_OK && connects)
        status = cli_settings_apply(&args->settings, &args->options);
    if (status == CLI_OK && connects)
        status = set_patience(args, command);
    blank_secrets(&r);
    if (status == CLI_OK && args->task == CLI_TASK_RUN && args->source_count == 0 && !isatty(STDIN_FILENO))
        add_source(&r, NULL, NULL);
    if (status == CLI_OK && takes_files(args) && args->source_count == 0 && !isatty(STDIN_FILENO))
        add_source(&r, NULL, NULL);
    if (status == CLI_OK)
        status = cli_check(args, r.used);
    if (status == CLI_OK && connects)
        status = take_password(&r);
    return status;
}

int cli_has_spool(const cli_args *args)
{
    const char *dir = tdrest_options_get(args->options, "spool_dir");

    return dir != NULL && *dir != '\0';
}

int cli_exports_folder(const cli_args *args)
{
    return args->task == CLI_TASK_EXPORT && args->source_count == 0 && args->exporting.query == NULL && !args->exporting.schema;
}

void cli_args_clear(cli_args *args)
{
    tdrest_options_free(args->options);
    cli_settings_clear(&args->settings);
    free(args->sources);
    free(args->params.items);
}
