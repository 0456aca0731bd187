/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Commands that begin with a backslash: the table of them, and those that are small. */
#include "shell/backslash.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "args/nearest.h"
#include "help/explain.h"
#include "input/failure.h"
#include "run/pager.h"
#include "shell/describe.h"
#include "shell/edit.h"
#include "shell/shell.h"
#include "shell/watch.h"
#include "shell/words.h"
#include "term/interrupt.h"
#include "term/show.h"
#include "term/text.h"

/* ---- formats ---- */

static int set_format(cli_shell *s, const char *arg)
{
    char names[256] = "", name[32], shown[CLI_QUOTED_ROOM];
    const cli_format *format;
    size_t i, len = 0;

    snprintf(name, sizeof name, "%.*s", (int)strcspn(arg, " ;"), arg);
    for (i = 0; (format = cli_format_at(i)) != NULL; i++) {
        if (format->binary)
            continue;
        len += (size_t)snprintf(names + len, sizeof names - len, "%s%s", i == 0 ? "" : ", ", format->name);
        if (strcmp(format->name, name) == 0)
            break;
    }
    if (cli_format_find(name) != NULL && cli_format_find(name)->binary)
        return cli_usage("format %s is for files and programs: tdrest -F %s -o FILE SQL", name, name);
    if (format == NULL && *name != '\0')
        return cli_usage("\\f: expected one of %s, not %s", names, cli_quoted(name, strlen(name), shown));
    if (format != NULL) {
        s->run.format = format;
        s->folded = NULL;
    }
    fprintf(stderr, "The format is %s.\n", s->run.format->name);
    return CLI_OK;
}

static int expand(cli_shell *s, const char *arg)
{
    (void)arg;
    if (s->folded != NULL) {
        s->run.format = s->folded;
        s->folded = NULL;
    } else {
        s->folded = s->run.format;
        s->run.format = cli_format_find("line");
    }
    fprintf(stderr, "One value per line: %s.\n", s->folded != NULL ? "on" : "off");
    return CLI_OK;
}

static int set_timing(cli_shell *s, const char *arg)
{
    char shown[CLI_QUOTED_ROOM];

    if (*arg == '\0')
        s->run.untimed = !s->run.untimed;
    else if (strcasecmp(arg, "on") == 0 || strcasecmp(arg, "off") == 0)
        s->run.untimed = strcasecmp(arg, "off") == 0;
    else
        return cli_usage("\\timing: expected on or off, not %s", cli_quoted(arg, strlen(arg), shown));
    fprintf(stderr, "Timing is %s.\n", s->run.untimed ? "off" : "on");
    return CLI_OK;
}

/* ---- where things come from and go to ---- */

static int set_output(cli_shell *s, const char *arg)
{
    return cli_shell_output(s, *arg == '\0' ? NULL : arg);
}

static int include(cli_shell *s, const char *arg)
{
    const cli_source source = {.file = arg};
    cli_script script;
    const char *sql;
    size_t len;
    int rc = TDREST_ROW, status = CLI_OK;

    if (*arg == '\0')
        return cli_usage("\\i needs the name of a file");
    cli_script_open(&script, &source);
    s->run.place.file = arg;
    s->run.place.number = 1;
    for (; status == CLI_OK && !cli_interrupted() && (rc = cli_script_next(&script, &sql, &len, &s->run.place.line)) == TDREST_ROW; s->run.place.number++)
        status = cli_shell_statement(s, sql, len);
    if (rc < 0 && rc != TDREST_ECANCELLED)
        status = cli_script_report(&script, rc, &s->run.place);
    s->run.place.number = 0;
    s->run.place.file = NULL;
    cli_script_close(&script);
    return status;
}

/* ---- the statement at hand ---- */

/* What was typed so far, else the last statement. */
static int at_hand(cli_shell *s, const char **sql, size_t *len)
{
    if (cli_typed_rest(&s->typed, sql, len))
        return 1;
    *sql = s->last;
    *len = s->last == NULL ? 0 : strlen(s->last);
    return s->last != NULL;
}

static int go(cli_shell *s, const char *arg)
{
    const char *sql;
    size_t len;
    int status;

    (void)arg;
    if (!at_hand(s, &sql, &len))
        return cli_usage("there is no statement yet");
    status = cli_shell_statement(s, sql, len);
    cli_typed_drop(&s->typed);
    return status;
}

static int go_expanded(cli_shell *s, const char *arg)
{
    const cli_format *usual = s->run.format;
    int status;

    s->run.format = cli_format_find("line");
    status = go(s, arg);
    s->run.format = usual;
    return status;
}

static int watch(cli_shell *s, const char *arg)
{
    const char *sql;
    size_t len;
    int status;

    if (!at_hand(s, &sql, &len))
        return cli_usage("there is no statement yet");
    status = cli_watch(s, sql, len, arg);
    cli_typed_drop(&s->typed);
    return status;
}

static int reset(cli_shell *s, const char *arg)
{
    (void)arg;
    cli_typed_drop(&s->typed);
    fputs("What was typed is dropped.\n", stderr);
    return CLI_OK;
}

/* What the editor leaves is shown, and waits for its semicolon. */
static int edit(cli_shell *s, const char *arg)
{
    const char *sql = "";
    size_t len = 0;
    char *text;

    (void)arg;
    (void)at_hand(s, &sql, &len);
    text = cli_edit(sql == NULL ? "" : sql, len);
    if (text == NULL)
        return CLI_OK;
    len = strlen(text);
    while (len > 0 && (text[len - 1] == ';' || isspace((unsigned char)text[len - 1])))
        len--;
    cli_typed_drop(&s->typed);
    if (len > 0 && cli_typed_add(&s->typed, text, len) == 0)
        fprintf(stderr, "%.*s\n(; runs it, \\e edits it again, \\r drops it)\n", (int)len, text);
    free(text);
    return CLI_OK;
}

/* A code: what it means. A statement: its plan. Nothing: of the last one. */
static int explain(cli_shell *s, const char *arg)
{
    static const char word[] = "explain ";
    const char *sql = arg;
    size_t len = strlen(arg);
    char *text, code[16];
    int status;

    if (*arg == '\0' && s->error.server_code != 0) {
        snprintf(code, sizeof code, "0x%04X", (unsigned)s->error.server_code);
        arg = code;
    }
    if (*arg != '\0' && strspn(arg, "0123456789abcdefABCDEFxX") == strlen(arg)) {
        status = cli_explain(s->run.sink.out, arg);
        cli_output_flush(s->run.sink.out);
        return status;
    }
    if (*arg == '\0' && !at_hand(s, &sql, &len))
        return cli_usage("there is neither a statement nor an error yet");
    text = malloc(sizeof word + len);
    if (text == NULL)
        return cli_report_no_memory();
    memcpy(text, word, sizeof word - 1);
    memcpy(text + sizeof word - 1, sql, len);
    text[sizeof word - 1 + len] = '\0';
    status = cli_shell_ask(s, text);
    cli_typed_drop(&s->typed);
    free(text);
    return status;
}

/* ---- the connection ---- */

static int use(cli_shell *s, const char *arg)
{
    char name[256], quoted[520], sql[560];
    size_t needed;

    if (cli_read_name(arg, name, sizeof name) == 0)
        return cli_usage("\\u needs the name of a database; \\l lists them");
    if (tdrest_quote_ident(name, TDREST_CSTR, quoted, sizeof quoted, &needed) < 0)
        return cli_usage("\\u '%s': expected a name of 1 to 192 bytes, without backslash", name);
    snprintf(sql, sizeof sql, "use %s", quoted);
    return cli_shell_ask(s, sql);
}

static int show_connection(cli_shell *s, const char *arg)
{
    tdrest_call call = TDREST_CALL_INIT;
    char where[512], version[64];

    (void)arg;
    call.timeout_ms = call.stall_timeout_ms = 3000;
    call.retry = TDREST_RETRY_NEVER;
    tdrest_options_format(s->args->options, where, sizeof where, NULL);
    printf("Address:   %s\nDatabase:  %s\n", where, *s->database == '\0' ? "none; \\u DATABASE chooses one" : s->database);
    if (tdrest_conn_query_version(s->run.conn, &call, version, sizeof version) >= 0)
        printf("Server:    TDengine %s\n", version);
    else
        printf("Server:    does not answer: %s\n", tdrest_conn_error(s->run.conn)->message);
    printf("Client:    %s\nEditing:   %s\nHistory:   %s\n", tdrest_version(), cli_editor_edits(s->editor) ? "libedit" : "by the terminal",
           s->history.path[0] != '\0' ? s->history.path : "is not kept");
    fflush(stdout);
    return CLI_OK;
}

static int quit(cli_shell *s, const char *arg)
{
    (void)arg;
    s->ended = 1;
    return s->status;
}

/* ---- help ---- */

static int help_commands(cli_shell *s, const char *arg);

static int help_sql(cli_shell *s, const char *arg)
{
    const cli_word_help *help;
    cli_output *out = s->screen;
    size_t i, len = strcspn(arg, ";"), seen = 0;

    while (len > 0 && isspace((unsigned char)arg[len - 1]))
        len--;
    for (i = 0; (help = cli_word_help_at(i)) != NULL; i++) {
        if (len == 0) {
            cli_output_text(out, i == 0 ? "\\h NAME shows how a statement is written: " : ", ");
            if (i == 7)
                cli_output_text(out, "\n    ");
            cli_output_text(out, help->name);
        } else if (strncasecmp(help->name, arg, len) == 0) {
            cli_output_text(out, help->syntax);
            cli_output_char(out, '\n');
        } else {
            continue;
        }
        seen++;
    }
    if (len == 0)
        cli_output_text(out, "\n\\? lists the commands of the shell.\n");
    cli_output_flush(out);
    return seen > 0 ? CLI_OK : cli_usage("no statement begins with '%.*s'; \\h lists them", (int)len, arg);
}

static const cli_backslash commands[] = {
    {"\\d", "[TABLE]", "describe a table; without one, list super tables and tables", CLI_TAKES_TABLE, cli_describe},
    {"\\dt", "[PATTERN]", "list tables, child tables too: \\dt d1*", CLI_TAKES_TABLE, cli_list_tables},
    {"\\dS", "[PATTERN]", "list super tables", CLI_TAKES_TABLE, cli_list_stables},
    {"\\l", "", "list databases", CLI_TAKES_NOTHING, cli_list_databases},
    {"\\u", "DATABASE", "use a database, as USE DATABASE does", CLI_TAKES_DATABASE, use},
    {"\\x", "", "one value per line, or a table again", CLI_TAKES_NOTHING, expand},
    {"\\f", "[FORMAT]", "choose the format: table, csv, json, plot and others", CLI_TAKES_FORMAT, set_format},
    {"\\timing", "[on|off]", "show how long statements take", CLI_TAKES_TEXT, set_timing},
    {"\\o", "[FILE]", "write results to FILE; without one, to the screen again", CLI_TAKES_TEXT, set_output},
    {"\\i", "FILE", "run the statements in FILE", CLI_TAKES_TEXT, include},
    {"\\e", "", "edit the statement with VISUAL or EDITOR", CLI_TAKES_NOTHING, edit},
    {"\\r", "", "discard the statement typed so far", CLI_TAKES_NOTHING, reset},
    {"\\g", "", "run the statement, as ; does, or repeat the last one", CLI_TAKES_NOTHING, go},
    {"\\G", "", "the same, one value per line", CLI_TAKES_NOTHING, go_expanded},
    {"\\watch", "[SECONDS]", "repeat the statement; c=COUNT or fewer than m=ROWS rows end it", CLI_TAKES_TEXT, watch},
    {"\\explain", "[CODE|SQL]", "the meaning of an error, or the plan of a query", CLI_TAKES_TEXT, explain},
    {"\\conninfo", "", "show address, database and versions", CLI_TAKES_NOTHING, show_connection},
    {"\\h", "[NAME]", "syntax of statements", CLI_TAKES_TEXT, help_sql},
    {"\\?", "", "this list", CLI_TAKES_NOTHING, help_commands},
    {"\\q", "", "leave, as Ctrl-D does", CLI_TAKES_NOTHING, quit},
};

/* Words up to the width of a narrow terminal, each line behind three blanks. */
static void put_wrapped(cli_output *out, const char *text, size_t columns)
{
    size_t at = 3, len;

    cli_output_text(out, "\n  ");
    for (; *text != '\0'; text += len + (text[len] == ' ')) {
        len = strcspn(text, " ");
        if (at > 3 && at + 1 + len >= columns) {
            cli_output_text(out, "\n  ");
            at = 2;
        }
        cli_output_char(out, ' ');
        cli_output_put(out, text, len);
        at += 1 + len;
    }
}

static int help_commands(cli_shell *s, const char *arg)
{
    cli_output *out = s->screen;
    size_t i, columns = cli_terminal_size(s->screen->fd).columns;
    int narrow = columns > 0 && columns < 80;
    char line[160];
    int len;

    (void)arg;
    cli_pager_begin(out, cli_terminal_size(out->fd));
    for (i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        len = snprintf(line, sizeof line, "%s %s", commands[i].name, commands[i].args);
        cli_output_put(out, line, (size_t)len);
        if (narrow) {
            put_wrapped(out, commands[i].about, columns);
        } else {
            cli_output_fill(out, ' ', len < 22 ? (size_t)(22 - len) : 1);
            cli_output_text(out, commands[i].about);
        }
        cli_output_char(out, '\n');
    }
    cli_output_text(out, narrow ? "TAB completes, Ctrl-R searches,\nCtrl-C cancels.\n"
                                : "A semicolon ends a statement. TAB completes, Ctrl-R searches, Ctrl-C cancels.\n");
    cli_pager_end(out);
    cli_output_flush(out);
    return CLI_OK;
}

const cli_backslash *cli_backslash_at(size_t index)
{
    return index < sizeof commands / sizeof commands[0] ? &commands[index] : NULL;
}

const cli_backslash *cli_backslash_find(const char *name, size_t len)
{
    size_t i;

    for (i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (strlen(commands[i].name) == len && memcmp(commands[i].name, name, len) == 0)
            return &commands[i];
    return NULL;
}

/* ---- what is typed ---- */

static int refuse(const char *name, size_t len)
{
    cli_nearest near;
    size_t i;

    cli_nearest_begin(&near, name, len);
    for (i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (strlen(commands[i].name) > 2)
            cli_nearest_try(&near, commands[i].name);
    if (near.best != NULL)
        return cli_usage("unknown command %.*s; did you mean %s?", (int)len, name, near.best);
    return cli_usage("unknown command %.*s; \\? lists them", (int)len, name);
}

int cli_backslash_run(cli_shell *s, const char *line)
{
    size_t len = 1, end;
    const cli_backslash *command;
    char *arg;
    int status;

    if (line[1] == '?')
        len = 2;
    else
        while (isalpha((unsigned char)line[len]))
            len++;
    command = cli_backslash_find(line, len);
    if (command == NULL)
        return refuse(line, len > 1 ? len : 1 + (line[1] != '\0'));
    len += line[len] == '+' && (line[1] == 'd' || line[1] == 'l'); /* \d+ of psql: there is no more than is shown anyway */
    line += len + strspn(line + len, " \t");
    end = strlen(line);
    while (end > 0 && (isspace((unsigned char)line[end - 1]) || line[end - 1] == ';'))
        end--;
    if (end > 0 && command->takes == CLI_TAKES_NOTHING)
        return cli_usage("%s takes nothing behind it", command->name);
    arg = cli_copy(line, end);
    if (arg == NULL)
        return cli_report_no_memory();
    status = command->run(s, arg);
    free(arg);
    return status;
}

/* A word that people type out of habit; what stands behind it is kept, or there must be nothing. */
typedef struct habit {
    const char *word;
    const char *means;
    int takes;
} habit;

const char *cli_backslash_habit(const char *line, char *room, size_t cap)
{
    static const habit habits[] = {
        {"help", "\\?", 0},      {"?", "\\?", 0},         {"h", "\\?", 0},       {".help", "\\?", 0},   {"\\help", "\\?", 0},        {"quit", "\\q", 0},
        {"exit", "\\q", 0},      {"q", "\\q", 0},         {".quit", "\\q", 0},   {".exit", "\\q", 0},   {":q", "\\q", 0},            {"logout", "\\q", 0},
        {"\\quit", "\\q", 0},    {".tables", "\\d", 1},   {".schema", "\\d", 1}, {".databases", "\\l", 0}, {"\\db", "\\l", 0},        {"\\list", "\\l", 0},
        {"\\dn", "\\l", 0},      {"use", "\\u", 1},       {"\\c", "\\u", 1},     {"\\connect", "\\u", 1}, {"status", "\\conninfo", 0}, {"\\s", "\\conninfo", 0},
        {".read", "\\i", 1},     {".output", "\\o", 1},   {".mode", "\\f", 1},   {".timer", "\\timing", 1}};
    size_t len, end = strlen(line), i;

    line += strspn(line, " \t");
    for (end = strlen(line); end > 0 && (isspace((unsigned char)line[end - 1]) || line[end - 1] == ';'); end--)
        ;
    for (len = 0; len < end && !isspace((unsigned char)line[len]); len++)
        ;
    for (i = 0; i < sizeof habits / sizeof habits[0]; i++) {
        if (strlen(habits[i].word) != len || strncasecmp(line, habits[i].word, len) != 0 || (len < end && !habits[i].takes))
            continue;
        snprintf(room, cap, "%s%.*s", habits[i].means, (int)(end - len), line + len);
        return room;
    }
    return NULL;
}
