/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The command line as a struct. Knows the tool's own flags; all others come from the library's option table. */
#include "args.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "password.h"
#include "report.h"
#include "secret.h"

/* A flag of the tool itself. Those with a value stand in front. */
enum flag {
    FLAG_DSN,
    FLAG_DATABASE,
    FLAG_FILE,
    FLAG_FORMAT,
    FLAG_OUTPUT,
    FLAG_NULL,
    FLAG_TIME,
    FLAG_PASSWORD_FILE,
    FLAG_PARAM,
    FLAG_PROTOCOL, /* from here on those of write */
    FLAG_PRECISION,
    FLAG_TTL,
    FLAG_TABLE_NAME_KEY,
    FLAG_PROGRESS,
    FLAG_ASK_PASSWORD,
    FLAG_NO_HEADER,
    FLAG_KEEP_GOING,
    FLAG_VERBOSE,
    FLAG_HELP,
    FLAG_VERSION,
    FLAG_NONE
};

static const struct {
    char letter; /* '-': has none */
    const char *name;
} flags[] = {
    [FLAG_DSN] = {'u', "dsn"},
    [FLAG_DATABASE] = {'d', "db"},
    [FLAG_FILE] = {'f', "file"},
    [FLAG_FORMAT] = {'F', "format"},
    [FLAG_OUTPUT] = {'o', "output"},
    [FLAG_NULL] = {'-', "null"},
    [FLAG_TIME] = {'-', "time"},
    [FLAG_PASSWORD_FILE] = {'-', "password-file"},
    [FLAG_PARAM] = {'p', "param"},
    [FLAG_PROTOCOL] = {'-', "protocol"},
    [FLAG_PRECISION] = {'-', "precision"},
    [FLAG_TTL] = {'-', "ttl"},
    [FLAG_TABLE_NAME_KEY] = {'-', "table-name-key"},
    [FLAG_PROGRESS] = {'-', "progress"},
    [FLAG_ASK_PASSWORD] = {'W', "ask-password"},
    [FLAG_NO_HEADER] = {'-', "no-header"},
    [FLAG_KEEP_GOING] = {'-', "keep-going"},
    [FLAG_VERBOSE] = {'-', "verbose"},
    [FLAG_HELP] = {'h', "help"},
    [FLAG_VERSION] = {'V', "version"},
};

/* A word that stands for a number. */
typedef struct cli_word {
    const char *text;
    int number;
} cli_word;

/* What is applied after the environment: the keys of the option table with their values, in order. */
typedef struct setting {
    const char *key;
    char *value;
} setting;

typedef struct reader {
    cli_args *args;
    char **argv;
    size_t argc;
    size_t at;
    char *dsn;
    const char *password_file;
    int ask_password;
    setting *settings;
    size_t setting_count;
} reader;

/* A key of the option table, `-` for `_`; NULL when there is none. */
static const tdrest_option_info *find_option(const char *name, size_t len)
{
    const tdrest_option_info *info;
    size_t i, k;

    for (i = 0; (info = tdrest_options_get_info(i)) != NULL; i++) {
        for (k = 0; k < len && (info->key[k] == name[k] || (info->key[k] == '_' && name[k] == '-')); k++)
            ;
        if (k == len && info->key[len] == '\0')
            return info;
    }
    return NULL;
}

static enum flag find_long(const char *name, size_t len)
{
    size_t i;

    for (i = 0; i < FLAG_NONE; i++)
        if (strlen(flags[i].name) == len && memcmp(flags[i].name, name, len) == 0)
            break;
    return (enum flag)i;
}

static enum flag find_short(char letter)
{
    size_t i;

    for (i = 0; i < FLAG_NONE && (letter == '-' || flags[i].letter != letter); i++)
        ;
    return (enum flag)i;
}

static int has_value(enum flag flag)
{
    return flag < FLAG_ASK_PASSWORD;
}

static void add_source(reader *r, const char *text, const char *file)
{
    r->args->sources[r->args->source_count++] = (cli_source){text, file};
}

static int take_style(reader *r, enum flag flag, const char *value)
{
    cli_args *args = r->args;

    if (flag == FLAG_NULL) {
        args->style.null = value;
    } else if (flag == FLAG_TIME) {
        args->style.epoch = strcmp(value, "epoch") == 0;
        if (!args->style.epoch && strcmp(value, "rfc3339") != 0)
            return cli_usage("unknown time '%s': it is rfc3339 or epoch", value);
    } else {
        args->format = cli_format_find(value);
        if (args->format == NULL)
            return cli_usage("unknown format '%s': it is table, csv, tsv, json, jsonl, line or none", value);
    }
    return CLI_OK;
}

/* A word's number of a list that ends with NULL; 0 and told when it is none of it. */
static int find_word(const char *what, const char *value, const cli_word *words)
{
    char list[128] = "";
    size_t i, len = 0;

    for (i = 0; words[i].text != NULL; i++) {
        if (strcmp(words[i].text, value) == 0)
            return words[i].number;
        len += (size_t)snprintf(list + len, sizeof list - len, "%s%s", i == 0 ? "" : words[i + 1].text == NULL ? " or " : ", ", words[i].text);
    }
    cli_usage("unknown %s '%s': it is %s", what, value, list);
    return 0;
}

static int take_ttl(cli_write_args *w, const char *value)
{
    char *end;

    w->ttl_days = strtoll(value, &end, 10); /* of 64 bits everywhere: what is too large stays so */
    if (*value >= '0' && *value <= '9' && *end == '\0' && w->ttl_days <= INT_MAX)
        return CLI_OK;
    return cli_usage("option --ttl needs days from 0 to %d", INT_MAX);
}

static int take_write(reader *r, enum flag flag, const char *value)
{
    static const cli_word protocols[] = {
        {"line", TDREST_PROTOCOL_LINE}, {"telnet", TDREST_PROTOCOL_TELNET}, {"json", TDREST_PROTOCOL_JSON}, {NULL, 0}};
    static const cli_word precisions[] = {{"h", TDREST_HOUR}, {"m", TDREST_MINUTE}, {"s", TDREST_SECOND}, {"ms", TDREST_MS}, {"us", TDREST_US},
                                          {"ns", TDREST_NS}, {NULL, 0}};
    static const cli_word progress[] = {{"always", 1}, {"never", -1}, {NULL, 0}};
    cli_write_args *w = &r->args->write;

    w->used = flags[flag].name;
    switch (flag) {
    case FLAG_PROTOCOL: return (w->protocol = find_word("protocol", value, protocols)) == 0 ? CLI_USAGE : CLI_OK;
    case FLAG_PRECISION: return (w->precision = find_word("precision", value, precisions)) == 0 ? CLI_USAGE : CLI_OK;
    case FLAG_PROGRESS: return (w->progress = find_word("progress", value, progress)) == 0 ? CLI_USAGE : CLI_OK;
    case FLAG_TTL: return take_ttl(w, value);
    default: w->table_name_key = value; return CLI_OK;
    }
}

static int take(reader *r, enum flag flag, char *value)
{
    const char *next = r->at < r->argc ? r->argv[r->at] : "";
    cli_args *args = r->args;

    switch (flag) {
    case FLAG_DSN: r->dsn = value; break;
    case FLAG_DATABASE: r->settings[r->setting_count++] = (setting){"database", value}; break;
    case FLAG_FILE: add_source(r, NULL, value); break;
    case FLAG_OUTPUT: args->output = strcmp(value, "-") == 0 ? NULL : value; break;
    case FLAG_PASSWORD_FILE: r->password_file = value; break;
    case FLAG_PARAM: return cli_params_add(&args->params, value);
    case FLAG_ASK_PASSWORD: r->ask_password = 1; break;
    case FLAG_NO_HEADER: args->style.bare = 1; break;
    case FLAG_KEEP_GOING: args->keep_going = 1; break;
    case FLAG_VERBOSE: args->verbose = 1; break;
    case FLAG_HELP: args->task = strcmp(next, "all") == 0 ? CLI_TASK_HELP_ALL : CLI_TASK_HELP; break;
    case FLAG_VERSION: args->task = CLI_TASK_VERSION; break;
    default: return flag >= FLAG_PROTOCOL && flag <= FLAG_PROGRESS ? take_write(r, flag, value) : take_style(r, flag, value);
    }
    return CLI_OK;
}

/* --name value, --name=value */
static int take_long(reader *r, char *name)
{
    size_t len = strcspn(name, "=");
    enum flag flag = find_long(name, len);
    const tdrest_option_info *info = flag == FLAG_NONE ? find_option(name, len) : NULL;
    char *value = NULL;

    if (flag == FLAG_NONE && info == NULL)
        return cli_usage("unknown option --%.*s; see tdrest --help", (int)len, name);
    if (flag != FLAG_NONE && !has_value(flag)) {
        if (name[len] == '=')
            return cli_usage("option --%.*s takes no value", (int)len, name);
        return take(r, flag, NULL);
    }
    if (name[len] == '=')
        value = name + len + 1;
    else if (r->at < r->argc)
        value = r->argv[r->at++];
    if (value == NULL)
        return cli_usage("option --%.*s needs a value", (int)len, name);
    if (flag != FLAG_NONE)
        return take(r, flag, value);
    r->settings[r->setting_count++] = (setting){info->key, value};
    return CLI_OK;
}

/* -x value, -xvalue */
static int take_short(reader *r, char *letters)
{
    enum flag flag = find_short(letters[0]);
    char *value = NULL;

    if (flag == FLAG_NONE || (!has_value(flag) && letters[1] != '\0'))
        return cli_usage("unknown option -%c; see tdrest --help", letters[0]); /* not the rest: it may be a password */
    if (!has_value(flag))
        return take(r, flag, NULL);
    if (letters[1] != '\0')
        value = letters + 1;
    else if (r->at < r->argc)
        value = r->argv[r->at++];
    return value == NULL ? cli_usage("option -%c needs a value", letters[0]) : take(r, flag, value);
}

/* A statement, or, as the first word, a command. */
static void take_word(reader *r, const char *word, int only_sql)
{
    int first = !only_sql && r->args->task == CLI_TASK_RUN && r->args->source_count == 0;

    if (first && strcmp(word, "ping") == 0)
        r->args->task = CLI_TASK_PING;
    else if (first && strcmp(word, "explain-error") == 0)
        r->args->task = CLI_TASK_EXPLAIN;
    else if (first && strcmp(word, "write") == 0)
        r->args->task = CLI_TASK_WRITE;
    else if (r->args->task == CLI_TASK_WRITE)
        add_source(r, NULL, word);
    else
        add_source(r, word, NULL);
}

/* Flags may stand before, between and behind the statements; `--` ends them. */
static int scan(reader *r)
{
    int status = CLI_OK, only_sql = 0;

    while (status == CLI_OK && r->at < r->argc && r->args->task < CLI_TASK_HELP) {
        char *arg = r->argv[r->at++];

        if (only_sql || arg[0] != '-' || arg[1] == '\0')
            take_word(r, arg, only_sql);
        else if (strcmp(arg, "--") == 0)
            only_sql = 1;
        else
            status = arg[1] == '-' ? take_long(r, arg + 2) : take_short(r, arg + 1);
    }
    return status;
}

static int check_write(reader *r)
{
    cli_write_args *w = &r->args->write;

    if (r->args->task != CLI_TASK_WRITE)
        return w->used == NULL ? CLI_OK : cli_usage("option --%s is for tdrest write", w->used);
    if (w->protocol == 0)
        return cli_usage("write needs --protocol line, telnet or json");
    if (w->protocol != TDREST_PROTOCOL_LINE && w->precision != 0)
        return cli_usage("option --precision is for --protocol line: in the others the digits of a time tell its unit");
    if (w->protocol == TDREST_PROTOCOL_LINE && w->precision == 0)
        w->precision = TDREST_NS;
    return CLI_OK;
}

/* Does the task have what it needs, and no more? Without statements they come from standard input, unless that is a person. */
static int check_task(reader *r)
{
    const cli_args *args = r->args;
    size_t i;

    if (args->task != CLI_TASK_RUN && args->params.count != 0)
        return cli_usage("option --param is for statements");
    if (args->task == CLI_TASK_PING && args->source_count != 0)
        return cli_usage("ping takes no statement");
    if (args->task == CLI_TASK_EXPLAIN) {
        for (i = 0; i < args->source_count && args->sources[i].text != NULL; i++)
            ;
        if (i == 0 || i < args->source_count)
            return cli_usage("explain-error takes a code, such as 0x2603");
    }
    if ((args->task == CLI_TASK_RUN || args->task == CLI_TASK_WRITE) && args->source_count == 0) {
        if (isatty(STDIN_FILENO))
            return cli_usage("no %s; see tdrest --help", args->task == CLI_TASK_RUN ? "statement" : "file");
        add_source(r, NULL, NULL);
    }
    return check_write(r);
}

/* After the values are copied, and whether or not they were good. */
static void blank_secrets(const reader *r)
{
    int found = r->dsn != NULL && cli_blank_dsn(r->dsn);
    size_t i;

    for (i = 0; i < r->setting_count; i++) {
        const char *key = r->settings[i].key;

        if (!find_option(key, strlen(key))->secret)
            continue;
        cli_blank(r->settings[i].value);
        found = 1;
    }
    if (found)
        cli_usage("warning: other users can see a password on the command line; TDREST_PASSWORD keeps it from them");
}

static int apply(reader *r)
{
    tdrest_options *options;
    size_t i;
    int rc = tdrest_options_new(NULL, &r->args->options);

    if (rc < 0)
        return rc;
    options = r->args->options;
    if (r->dsn != NULL)
        unsetenv("TDREST_DSN"); /* the flag takes its place as a whole: one server's login is not for another one */
    rc = tdrest_options_from_env(options);
    if (rc >= 0 && r->dsn != NULL)
        rc = tdrest_options_parse(options, r->dsn);
    for (i = 0; rc >= 0 && i < r->setting_count; i++)
        rc = tdrest_options_set(options, r->settings[i].key, r->settings[i].value);
    return rc;
}

/* The exit status of what a call on the options answered. */
static int status_of(const cli_args *args, int rc)
{
    const cli_place nowhere = {0, 0, NULL, 0};

    if (rc >= 0)
        return CLI_OK;
    if (args->options == NULL)
        return cli_report_code(rc, tdrest_code_text(rc), &nowhere);
    return cli_report(tdrest_options_error(args->options), &nowhere);
}

/* A password from elsewhere goes before all others. */
static int take_password(const reader *r)
{
    char password[CLI_PASSWORD_ROOM];
    int status = CLI_OK;

    if (r->ask_password)
        status = cli_password_ask(password);
    else if (r->password_file != NULL)
        status = cli_password_file(r->password_file, password);
    else
        return CLI_OK;
    if (status == CLI_OK)
        status = status_of(r->args, tdrest_options_set(r->args->options, "password", password));
    cli_password_forget(password);
    return status;
}

int cli_args_read(cli_args *args, int argc, char **argv)
{
    reader r = {.args = args, .argv = argv, .argc = (size_t)argc, .at = 1};
    int status, connects;

    *args = (cli_args){.task = CLI_TASK_RUN};
    r.settings = calloc(r.argc + 1, sizeof *r.settings);
    args->sources = calloc(r.argc + 1, sizeof *args->sources);
    args->params.items = calloc(r.argc + 1, sizeof *args->params.items);
    if (r.settings == NULL || args->sources == NULL || args->params.items == NULL) {
        free(r.settings);
        return status_of(args, TDREST_ENOMEM);
    }
    status = scan(&r);
    connects = args->task == CLI_TASK_RUN || args->task == CLI_TASK_PING || args->task == CLI_TASK_WRITE;
    if (status == CLI_OK && connects)
        status = status_of(args, apply(&r));
    blank_secrets(&r);
    if (status == CLI_OK)
        status = check_task(&r);
    if (status == CLI_OK && connects)
        status = take_password(&r);
    free(r.settings);
    return status;
}

void cli_args_clear(cli_args *args)
{
    tdrest_options_free(args->options);
    free(args->sources);
    free(args->params.items);
}
