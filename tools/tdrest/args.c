/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The command line as a struct. Knows the tool's own flags; all others come from the library's option table. */
#include "args.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "report.h"
#include "secret.h"

/* A flag of the tool itself. Those with a value stand in front. */
enum flag { FLAG_DSN, FLAG_DATABASE, FLAG_FORMAT, FLAG_HELP, FLAG_VERSION, FLAG_NONE };

static const struct {
    char letter;
    const char *name;
} flags[] = {{'u', "dsn"}, {'d', "db"}, {'F', "format"}, {'h', "help"}, {'V', "version"}};

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

    for (i = 0; i < FLAG_NONE && flags[i].letter != letter; i++)
        ;
    return (enum flag)i;
}

static int take(reader *r, enum flag flag, char *value)
{
    const char *next = r->at < r->argc ? r->argv[r->at] : "";

    switch (flag) {
    case FLAG_DSN:
        r->dsn = value;
        break;
    case FLAG_DATABASE:
        r->settings[r->setting_count++] = (setting){"database", value};
        break;
    case FLAG_FORMAT:
        r->args->format = cli_format_find(value);
        if (r->args->format == NULL)
            return cli_usage("unknown format '%s': it is table or csv", value);
        break;
    case FLAG_HELP:
        r->args->task = strcmp(next, "all") == 0 ? CLI_TASK_HELP_ALL : CLI_TASK_HELP;
        break;
    default:
        r->args->task = CLI_TASK_VERSION;
        break;
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
    if (flag == FLAG_HELP || flag == FLAG_VERSION) {
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

    if (flag == FLAG_NONE || (flag >= FLAG_HELP && letters[1] != '\0'))
        return cli_usage("unknown option -%c; see tdrest --help", letters[0]); /* not the rest: it may be a password */
    if (flag >= FLAG_HELP)
        return take(r, flag, NULL);
    if (letters[1] != '\0')
        value = letters + 1;
    else if (r->at < r->argc)
        value = r->argv[r->at++];
    return value == NULL ? cli_usage("option -%c needs a value", letters[0]) : take(r, flag, value);
}

/* Flags may stand before, between and behind the statements; `--` ends them. */
static int scan(reader *r)
{
    int status = CLI_OK, only_sql = 0;

    while (status == CLI_OK && r->at < r->argc && r->args->task == CLI_TASK_RUN) {
        char *arg = r->argv[r->at++];

        if (only_sql || arg[0] != '-' || arg[1] == '\0')
            r->args->sql[r->args->sql_count++] = arg;
        else if (strcmp(arg, "--") == 0)
            only_sql = 1;
        else
            status = arg[1] == '-' ? take_long(r, arg + 2) : take_short(r, arg + 1);
    }
    return status;
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

int cli_args_read(cli_args *args, int argc, char **argv)
{
    const cli_place nowhere = {0, 0};
    reader r = {.args = args, .argv = argv, .argc = (size_t)argc, .at = 1};
    int status, rc;

    *args = (cli_args){.task = CLI_TASK_RUN};
    r.settings = calloc(r.argc + 1, sizeof *r.settings);
    args->sql = calloc(r.argc + 1, sizeof *args->sql);
    if (r.settings == NULL || args->sql == NULL) {
        free(r.settings);
        return cli_report_code(TDREST_ENOMEM, tdrest_code_text(TDREST_ENOMEM), &nowhere);
    }
    status = scan(&r);
    rc = status == CLI_OK && args->task == CLI_TASK_RUN ? apply(&r) : TDREST_OK;
    blank_secrets(&r);
    if (rc < 0 && args->options == NULL)
        status = cli_report_code(rc, tdrest_code_text(rc), &nowhere);
    else if (rc < 0)
        status = cli_report(tdrest_options_error(args->options), &nowhere);
    else if (status == CLI_OK && args->task == CLI_TASK_RUN && args->sql_count == 0)
        status = cli_usage("no statement; see tdrest --help");
    free(r.settings);
    return status;
}

void cli_args_clear(cli_args *args)
{
    tdrest_options_free(args->options);
    free(args->sql);
}
