/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The table of the tool's own flags: the command line, help and completion all come from it. Knows nothing of what they do. */
#include "args/flags.h"

#include <string.h>

#define RUN (1u << CLI_TASK_RUN)
#define PING (1u << CLI_TASK_PING)
#define WRITE (1u << CLI_TASK_WRITE)
#define EXPORT (1u << CLI_TASK_EXPORT)
#define IMPORT (1u << CLI_TASK_IMPORT)
#define TAIL (1u << CLI_TASK_TAIL)
#define SPOOL (1u << CLI_TASK_SPOOL)
#define OPTIONS (1u << CLI_TASK_OPTIONS)
#define CONNECTED (RUN | PING | WRITE | EXPORT | IMPORT | TAIL | SPOOL | OPTIONS)
#define ANY (~0u)
/* How results look: taken and of no use elsewhere, so that an alias may hold it. */
#define LOOK (RUN | PING | TAIL | SPOOL | CLI_FLAG_EVERYWHERE)

static const cli_flag_info flags[] = {
    [CLI_FLAG_DSN] = {'u', "dsn", "DSN", CLI_VALUE_TEXT, NULL, CONNECTED, 1, "http[s]://[user[:password]@]host[:port][/db][?KEY=X]"},
    [CLI_FLAG_DATABASE] = {'d', "db", "DB", CLI_VALUE_TEXT, NULL, CONNECTED, 1, "the database"},
    [CLI_FLAG_PROFILE] = {'\0', "profile", "NAME", CLI_VALUE_TEXT, NULL, CONNECTED, 1, "the profile of the configuration file"},
    [CLI_FLAG_NO_CONFIG] = {'X', "no-config", NULL, CLI_VALUE_TEXT, NULL, CONNECTED, 0, "do not read the configuration file"},
    [CLI_FLAG_PASSWORD_FILE] = {'\0', "password-file", "FILE", CLI_VALUE_FILE, NULL, CONNECTED, 0, "the password is the first line of FILE"},
    [CLI_FLAG_ASK_PASSWORD] = {'W', "ask-password", NULL, CLI_VALUE_TEXT, NULL, CONNECTED, 1, "ask for the password (or set TDREST_PASSWORD)"},
    [CLI_FLAG_HEADER] = {'\0', "header", "'NAME: VALUE'", CLI_VALUE_TEXT, NULL, CONNECTED, 0, "send this header with every request, for gateways that require a key"},
    [CLI_FLAG_FILE] = {'f', "file", "FILE", CLI_VALUE_FILE, NULL, RUN, 1, "run the statements in FILE; - is standard input"},
    [CLI_FLAG_PARAM] = {'p', "param", "NAME=VALUE", CLI_VALUE_TEXT, NULL, RUN, 1, "the value of :NAME in the SQL; see help all for types"},
    [CLI_FLAG_KEEP_GOING] = {'\0', "keep-going", NULL, CLI_VALUE_TEXT, NULL, RUN | WRITE, 1, "continue after an error"},
    [CLI_FLAG_FORMAT] = {'F', "format", "FORMAT", CLI_VALUE_FORMAT, NULL, LOOK | EXPORT | IMPORT, 1, NULL},
    [CLI_FLAG_OUTPUT] = {'o', "output", "FILE", CLI_VALUE_FILE, NULL, RUN | EXPORT, 1, "write to FILE, replaced only if all succeeds"},
    [CLI_FLAG_SVG] = {'\0', "svg", "FILE", CLI_VALUE_FILE, NULL, RUN, 0, "write a plot to FILE, as an SVG image"},
    [CLI_FLAG_TITLE] = {'\0', "title", "TEXT", CLI_VALUE_TEXT, NULL, RUN | TAIL | CLI_FLAG_EVERYWHERE, 0, "the title of a plot"},
    [CLI_FLAG_NULL] = {'\0', "null", "TEXT", CLI_VALUE_TEXT, NULL, LOOK | EXPORT | IMPORT, 0, "the text for NULL, except in JSON"},
    [CLI_FLAG_TIME] = {'\0', "time", "FORM", CLI_VALUE_WORDS, "rfc3339 epoch", LOOK | EXPORT, 0, "write times as rfc3339 (the default), or as epoch: units since 1970"},
    [CLI_FLAG_NO_HEADER] = {'\0', "no-header", NULL, CLI_VALUE_TEXT, NULL, LOOK | EXPORT, 0, "omit the column names"},
    [CLI_FLAG_TYPES] = {'\0', "types", NULL, CLI_VALUE_TEXT, NULL, LOOK, 0, "show column types with the names"},
    [CLI_FLAG_NO_CUT] = {'\0', "no-cut", NULL, CLI_VALUE_TEXT, NULL, LOOK, 0, "do not truncate tables to the width of the terminal"},
    [CLI_FLAG_ASCII] = {'\0', "ascii", NULL, CLI_VALUE_TEXT, NULL, LOOK, 0, "use only ASCII characters in plots and for truncated texts"},
    [CLI_FLAG_COLOR] = {'\0', "color", "WHEN", CLI_VALUE_WORDS, "auto always never", RUN | PING | WRITE | EXPORT | IMPORT | CLI_FLAG_EVERYWHERE, 0, "colors: auto (on a terminal, the default), always or never"},
    [CLI_FLAG_PROTOCOL] = {'\0', "protocol", "PROTOCOL", CLI_VALUE_WORDS, "line telnet json", WRITE, 0, "InfluxDB lines, OpenTSDB telnet lines or OpenTSDB JSON"},
    [CLI_FLAG_PRECISION] = {'\0', "precision", "UNIT", CLI_VALUE_WORDS, "h m s ms us ns", WRITE, 0, "the unit of times in InfluxDB lines; default: ns"},
    [CLI_FLAG_TTL] = {'\0', "ttl", "DAYS", CLI_VALUE_TEXT, NULL, WRITE, 0, "lifetime of the child tables created; default: unlimited"},
    [CLI_FLAG_TABLE_NAME_KEY] = {'\0', "table-name-key", "TAG", CLI_VALUE_TEXT, NULL, WRITE, 0, "the tag whose value names the child table"},
    [CLI_FLAG_SPOOL] = {'\0', "spool", "DIR", CLI_VALUE_FILE, NULL, IMPORT | WRITE, 0, "store rows in DIR first and deliver them from there; same as the option spool_dir"},
    [CLI_FLAG_REJECT] = {'\0', "reject", "FILE", CLI_VALUE_FILE, NULL, WRITE | IMPORT, 0, "save what is rejected to FILE, the reasons to FILE.reasons, and continue"},
    [CLI_FLAG_TABLE] = {'\0', "table", "TABLE", CLI_VALUE_TEXT, NULL, IMPORT, 0, "the table to write to"},
    [CLI_FLAG_USING] = {'\0', "using", "STABLE", CLI_VALUE_TEXT, NULL, IMPORT, 0, "the super table whose child tables to write to; missing ones are created"},
    [CLI_FLAG_TABLE_COLUMN] = {'\0', "table-column", "NAME", CLI_VALUE_TEXT, NULL, IMPORT, 0, "the column with the name of the child table; default: tbname"},
    [CLI_FLAG_TAGS] = {'\0', "tags", "NAMES", CLI_VALUE_TEXT, NULL, IMPORT, 0, "the tags to set, separated by commas; default: all in the file"},
    [CLI_FLAG_DELIMITER] = {'\0', "delimiter", "CHAR", CLI_VALUE_TEXT, NULL, IMPORT, 0, "field separator of csv; default: a comma"},
    [CLI_FLAG_TIME_UNIT] = {'\0', "time-unit", "UNIT", CLI_VALUE_WORDS, "s ms us ns", IMPORT, 0, "unit of times given as integers; default: the database's"},
    [CLI_FLAG_TIME_FORMAT] = {'\0', "time-format", "FORMAT", CLI_VALUE_TEXT, NULL, IMPORT, 0, "format of times, from %Y %m %b %d %H %I %p %M %S %f %z; default: RFC 3339"},
    [CLI_FLAG_PARALLEL] = {'\0', "parallel", "N", CLI_VALUE_TEXT, NULL, EXPORT | IMPORT | WRITE, 0, "number of concurrent requests, 1 to 64; default: 4 for import, otherwise 1"},
    [CLI_FLAG_MAX_ERRORS] = {'\0', "max-errors", "N", CLI_VALUE_TEXT, NULL, IMPORT, 0, "stop when more than N records are rejected; default: 0, or unlimited with --reject"},
    [CLI_FLAG_RATE] = {'\0', "rate", "N", CLI_VALUE_TEXT, NULL, IMPORT, 0, "send at most N records per second"},
    [CLI_FLAG_RESUME] = {'\0', "resume", NULL, CLI_VALUE_TEXT, NULL, IMPORT, 0, "continue where the last run with the same files and options stopped"},
    [CLI_FLAG_DRY_RUN] = {'\0', "dry-run", NULL, CLI_VALUE_TEXT, NULL, IMPORT, 0, "check every record, send none"},
    [CLI_FLAG_QUERY] = {'\0', "query", "SQL", CLI_VALUE_TEXT, NULL, EXPORT, 0, "export the result of this query"},
    [CLI_FLAG_SPLIT] = {'\0', "split", "BY", CLI_VALUE_WORDS, "tbname", EXPORT, 0, "tbname: one file per child table instead of one per super table"},
    [CLI_FLAG_SCHEMA] = {'\0', "schema", NULL, CLI_VALUE_TEXT, NULL, EXPORT, 0, "write the CREATE statements and no rows"},
    [CLI_FLAG_FORCE] = {'\0', "force", NULL, CLI_VALUE_TEXT, NULL, EXPORT | SPOOL, 0, "export: write to a directory that is not empty; spool drop: required"},
    [CLI_FLAG_RANGE_ROWS] = {'\0', "range-rows", "N", CLI_VALUE_TEXT, NULL, EXPORT, 0, "fetch large tables in time ranges of at most N rows; default: 1000000"},
    [CLI_FLAG_SINCE] = {'\0', "since", "TIME", CLI_VALUE_TEXT, NULL, TAIL, 0, "start at a time, or this long ago, such as 5m; default: now"},
    [CLI_FLAG_INTERVAL] = {'\0', "interval", "DURATION", CLI_VALUE_TEXT, NULL, TAIL, 0, "poll this often, at least 100ms; default: 1s"},
    [CLI_FLAG_OVERLAP] = {'\0', "overlap", "DURATION", CLI_VALUE_TEXT, NULL, TAIL, 0, "look this far back for late rows; default: 0s"},
    [CLI_FLAG_PROGRESS] = {'\0', "progress", "WHEN", CLI_VALUE_WORDS, "always never", RUN | WRITE | EXPORT | IMPORT, 0, "show progress always or never; default: on a terminal"},
    [CLI_FLAG_VERBOSE] = {'\0', "verbose", NULL, CLI_VALUE_TEXT, NULL, CONNECTED, 0, "report each attempt; show address and request id in errors"},
    [CLI_FLAG_COMPLETION] = {'\0', "completion", "SHELL", CLI_VALUE_WORDS, "bash zsh fish", RUN, 0, "print the completion script for bash, zsh or fish"},
    [CLI_FLAG_HELP] = {'h', "help", NULL, CLI_VALUE_TEXT, NULL, ANY, 0, "print help, on a command if one is given"},
    [CLI_FLAG_VERSION] = {'V', "version", NULL, CLI_VALUE_TEXT, NULL, ANY, 0, "print the version"},
};

/* Where a flag means something else in one of its tasks. */
static const struct {
    enum cli_flag flag;
    unsigned tasks;
    const char *about;
} meanings[] = {
    {CLI_FLAG_OUTPUT, EXPORT, "write to FILE, replaced only if all succeeds, or to the directory FILE"},
    {CLI_FLAG_NULL, IMPORT, "the text that stands for NULL, except in JSON"},
    {CLI_FLAG_PARALLEL, EXPORT, "number of time ranges of a table to fetch at a time, 1 to 64; default: 1"},
    {CLI_FLAG_PARALLEL, WRITE, "number of concurrent requests, 1 to 64; default: 1"},
    {CLI_FLAG_PARALLEL, IMPORT, "number of concurrent requests, 1 to 64; default: 4"},
    {CLI_FLAG_FORCE, EXPORT, "write to a directory that is not empty"},
    {CLI_FLAG_FORCE, SPOOL, "with drop, which requires it: remove rows that were not delivered"},
};

const char *cli_flag_about(enum cli_flag flag, enum cli_task task)
{
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++)
        if (meanings[i].flag == flag && (meanings[i].tasks & 1u << task) != 0)
            return meanings[i].about;
    return flags[flag].about;
}

const cli_flag_info *cli_flag_at(enum cli_flag flag)
{
    return &flags[flag];
}

enum cli_flag cli_flag_find(const char *name, size_t len)
{
    size_t i;

    for (i = 0; i < CLI_FLAG_NONE; i++)
        if (strlen(flags[i].name) == len && memcmp(flags[i].name, name, len) == 0)
            break;
    return (enum cli_flag)i;
}

enum cli_flag cli_flag_of_letter(char letter)
{
    size_t i;

    for (i = 0; i < CLI_FLAG_NONE && (letter == '\0' || flags[i].letter != letter); i++)
        ;
    return (enum cli_flag)i;
}

int cli_flag_is_of(enum cli_flag flag, enum cli_task task)
{
    return (flags[flag].tasks & 1u << task) != 0;
}

int cli_flag_fits(enum cli_flag flag, enum cli_task task)
{
    return (flags[flag].tasks & (1u << task | CLI_FLAG_EVERYWHERE)) != 0;
}
