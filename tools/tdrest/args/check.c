/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Does what the command line says fit together? Reads nothing; knows what each task needs. */
#include "args/check.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "args/nearest.h"
#include "term/report.h"
#include "term/show.h"

void cli_words_add(cli_words *words, const char *word, int last)
{
    const char *between = words->len == 0 ? "" : last ? " or " : ", ";

    if (words->len < sizeof words->text)
        words->len += (size_t)snprintf(words->text + words->len, sizeof words->text - words->len, "%s%s", between, word);
}

int cli_refuse_value(enum cli_flag flag, const char *expected, const char *value)
{
    char shown[CLI_QUOTED_ROOM];

    if (value == NULL)
        return cli_usage("option --%s: expected %s", cli_flag_at(flag)->name, expected);
    return cli_usage("option --%s: expected %s, not %s", cli_flag_at(flag)->name, expected, cli_quoted(value, strlen(value), shown));
}

int cli_check_word(enum cli_flag flag, const char *value, size_t *at)
{
    const char *word = cli_flag_at(flag)->words;
    cli_words words = {.len = 0};
    size_t len;
    char copy[32];

    for (*at = 0; *word != '\0'; word += len + (word[len] != '\0'), (*at)++) {
        len = strcspn(word, " ");
        if (value != NULL && strlen(value) == len && memcmp(word, value, len) == 0)
            return CLI_OK;
        snprintf(copy, sizeof copy, "%.*s", (int)len, word);
        cli_words_add(&words, copy, word[len] == '\0');
    }
    return cli_refuse_value(flag, words.text, value);
}

/* No statement is a single word that is so close to a command. */
int cli_check_first_word(const char *word)
{
    size_t i, len = strlen(word);
    cli_nearest near;

    if (strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_") != len)
        return CLI_OK;
    cli_nearest_begin(&near, word, len);
    for (i = 1; cli_command_at(i) != NULL; i++)
        cli_nearest_try(&near, cli_command_at(i)->name);
    return near.best == NULL ? CLI_OK : cli_usage("'%s' is not a command; did you mean %s?", word, near.best);
}

static int check_flags(const cli_args *args, uint64_t used)
{
    size_t i, k;

    for (i = 0; i < CLI_FLAG_NONE; i++) {
        if ((used & (uint64_t)1 << i) == 0 || args->task >= CLI_TASK_HELP || cli_flag_fits((enum cli_flag)i, args->task))
            continue;
        for (k = 1; cli_command_at(k) != NULL && !cli_flag_is_of((enum cli_flag)i, cli_command_at(k)->task); k++)
            ;
        if (cli_flag_is_of((enum cli_flag)i, CLI_TASK_RUN))
            return cli_usage("option --%s is for statements", cli_flag_at((enum cli_flag)i)->name);
        return cli_usage("option --%s is for tdrest %s", cli_flag_at((enum cli_flag)i)->name, cli_command_at(k)->name);
    }
    return CLI_OK;
}

/* A binary format has one result, which a statement or a table gives. */
static int check_binary(const cli_args *args)
{
    const int shows = args->task == CLI_TASK_PING || args->task == CLI_TASK_TAIL || args->task == CLI_TASK_SPOOL;

    if (args->format == NULL || !args->format->binary)
        return CLI_OK;
    if (shows)
        return cli_usage("format %s is for statements and export, not for %s", args->format->name, cli_command_of(args->task)->name);
    if (args->task == CLI_TASK_RUN && args->source_count == 0)
        return cli_usage("format %s needs a statement: the shell shows text", args->format->name);
    return CLI_OK;
}

static int in_order(void)
{
    return cli_usage("a spool is sent in order, one request at a time: --parallel cannot be combined with it");
}

static int check_write(cli_args *args)
{
    cli_write_args *w = &args->write;
    const char *database = tdrest_options_get(args->options, "database");

    if (w->protocol == 0)
        return cli_usage("write needs --protocol line, telnet or json");
    if (args->source_count == 0)
        return cli_usage("no file; see tdrest write --help");
    if (database == NULL || *database == '\0')
        return cli_usage("no database; -d names it");
    if (w->protocol != TDREST_PROTOCOL_LINE && w->precision != 0)
        return cli_usage("option --precision is for --protocol line: in the others, the number of digits shows the unit of a time");
    if (cli_has_spool(args) && w->reject != NULL)
        return cli_usage("a spool keeps refused lines itself, in files rejected.*: --reject cannot be combined with it");
    if (cli_has_spool(args) && w->parallel > 1)
        return in_order();
    if (w->protocol == TDREST_PROTOCOL_LINE && w->precision == 0)
        w->precision = TDREST_NS;
    return CLI_OK;
}

static int has(uint64_t used, enum cli_flag flag)
{
    return (used >> flag & 1) != 0;
}

/* A folder holds what import reads without being told how. */
static int check_folder(const cli_args *args, uint64_t used)
{
    if (args->output == NULL)
        return cli_usage("to export a database, name a directory with -o DIR; or name one TABLE, or write only the --schema");
    if (has(used, CLI_FLAG_NULL) || has(used, CLI_FLAG_NO_HEADER))
        return cli_usage("option --%s cannot be combined with a folder, from which import reads", has(used, CLI_FLAG_NULL) ? "null" : "no-header");
    return CLI_OK;
}

static int check_export(cli_args *args, uint64_t used)
{
    const cli_export_args *x = &args->exporting;

    if (args->source_count > 1)
        return cli_usage("export takes one table");
    if (args->source_count == 1 && x->query != NULL)
        return cli_usage("option --query cannot be combined with a table");
    if (x->query != NULL && tdrest_sql_kind(x->query, strlen(x->query)) != TDREST_SQL_READ)
        return cli_refuse_value(CLI_FLAG_QUERY, "one statement that reads, such as SELECT", NULL); /* not what it is: it may hold a password */
    if (x->query != NULL && x->schema)
        return cli_usage("option --schema is for tables: it cannot be combined with --query");
    if (args->format != NULL && !args->format->binary && strcmp(args->format->name, "csv") != 0 && strcmp(args->format->name, "tsv") != 0 &&
        strcmp(args->format->name, "jsonl") != 0)
        return cli_usage("export writes csv, tsv, jsonl or arrow, not %s", args->format->name);
    if (args->format == NULL)
        args->format = cli_format_find("csv");
    if (cli_exports_folder(args))
        return check_folder(args, used);
    if (x->split || x->force)
        return cli_usage("option --%s is for a database, which is exported to a folder", x->split ? "split" : "force");
    return CLI_OK;
}

int cli_refuse_import(void)
{
    return cli_usage("import needs --table TABLE or --using STABLE, or a folder that export wrote");
}

static int check_import(const cli_args *args, uint64_t used)
{
    const cli_import_args *i = &args->importing;
    const char *format = args->format == NULL ? NULL : args->format->name;

    if (args->source_count == 0)
        return cli_usage("no file; see tdrest import --help");
    if (cli_has_spool(args) && has(used, CLI_FLAG_PARALLEL) && i->parallel > 1)
        return in_order();
    if (cli_has_spool(args) && strcmp(tdrest_options_get(args->options, "spool_sync"), "never") == 0)
        return cli_usage("spool_sync=never cannot be combined with import: a record counts as done once it is durable");
    if (i->table != NULL && i->using != NULL)
        return cli_usage("option --table cannot be combined with --using");
    if (i->using == NULL && (i->table_column != NULL || i->tags != NULL))
        return cli_usage("option --%s is for --using", i->tags != NULL ? "tags" : "table-column");
    if (i->table == NULL && i->using == NULL && (args->source_count > 1 || args->sources[0].file == NULL || strcmp(args->sources[0].file, "-") == 0))
        return cli_refuse_import();
    if (format != NULL && strcmp(format, "csv") != 0 && strcmp(format, "tsv") != 0 && strcmp(format, "jsonl") != 0)
        return cli_usage("import reads csv, tsv or jsonl, not %s", format);
    if (i->time_format != NULL && i->time_unit != 0)
        return cli_usage("option --time-unit cannot be combined with --time-format");
    return CLI_OK;
}

static int check_run(cli_args *args)
{
    if (args->source_count == 0 && !(isatty(STDIN_FILENO) && isatty(STDERR_FILENO)))
        return cli_usage("no statement; see tdrest --help");
    if (args->svg == NULL)
        return CLI_OK;
    if (args->format != NULL && args->format != cli_format_find("plot"))
        return cli_usage("option --svg draws a plot; it cannot be combined with --format %s", args->format->name);
    if (args->output != NULL)
        return cli_usage("option --svg names the file already; it cannot be combined with --output");
    args->format = cli_format_find("plot");
    return CLI_OK;
}

static int check_spool(const cli_args *args)
{
    const char *verb = args->source_count > 0 ? args->sources[0].text : NULL;
    const int drops = verb != NULL && strcmp(verb, "drop") == 0;
    char shown[CLI_QUOTED_ROOM];

    if (verb == NULL)
        return cli_usage("spool takes list, send or drop, and a directory");
    if (!drops && strcmp(verb, "list") != 0 && strcmp(verb, "send") != 0)
        return cli_usage("spool takes list, send or drop, not %s", cli_quoted(verb, strlen(verb), shown));
    if (args->source_count != 2 || args->sources[1].text == NULL || *args->sources[1].text == '\0')
        return cli_usage("spool %s takes one directory", verb);
    if (drops && !args->exporting.force)
        return cli_usage("spool drop deletes rows that were not delivered: use --force, or spool list to see them");
    if (!drops && args->exporting.force)
        return cli_usage("option --force is for spool drop");
    return CLI_OK;
}

static int check_explain(const cli_args *args)
{
    size_t i;

    for (i = 0; i < args->source_count && args->sources[i].text != NULL; i++)
        ;
    return i == 0 || i < args->source_count ? cli_usage("explain-error takes a code, such as 0x2603") : CLI_OK;
}

static int check_help(cli_args *args)
{
    cli_nearest near;
    size_t i;

    if (args->source_count > 1)
        return cli_usage("help takes one command");
    if (args->source_count == 1)
        args->topic = args->sources[0].text;
    if (args->topic == NULL || strcmp(args->topic, "all") == 0 || cli_command_find(args->topic) != NULL)
        return CLI_OK;
    cli_nearest_begin(&near, args->topic, strlen(args->topic));
    for (i = 1; cli_command_at(i) != NULL; i++)
        cli_nearest_try(&near, cli_command_at(i)->name);
    if (near.best != NULL)
        return cli_usage("'%s' is not a command; did you mean %s?", args->topic, near.best);
    return cli_usage("'%s' is not a command; see tdrest --help", args->topic);
}

int cli_check(cli_args *args, uint64_t used)
{
    int status = check_flags(args, used);

    if (status == CLI_OK)
        status = check_binary(args);
    if (status != CLI_OK)
        return status;
    switch (args->task) {
    case CLI_TASK_RUN: return check_run(args);
    case CLI_TASK_WRITE: return check_write(args);
    case CLI_TASK_EXPORT: return check_export(args, used);
    case CLI_TASK_IMPORT: return check_import(args, used);
    case CLI_TASK_TAIL: return args->source_count == 1 ? CLI_OK : cli_usage("tail takes one table");
    case CLI_TASK_SPOOL: return check_spool(args);
    case CLI_TASK_EXPLAIN: return check_explain(args);
    case CLI_TASK_HELP: return check_help(args);
    case CLI_TASK_PING:
    case CLI_TASK_OPTIONS:
        return args->source_count == 0 ? CLI_OK : cli_usage("%s takes no %s", cli_command_of(args->task)->name, args->task == CLI_TASK_PING ? "statement" : "argument");
    default: return CLI_OK;
    }
}
