/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The interactive shell: lines become statements and commands. Knows neither how lines are edited nor how results are written. */
#include "shell/shell.h"

#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "run/connect.h"
#include "shell/backslash.h"
#include "shell/caret.h"
#include "shell/complete.h"
#include "shell/describe.h"
#include "term/interrupt.h"
#include "term/show.h"
#include "term/text.h"

enum { PROMPT_ROOM = 160 };

/* ---- statements ---- */

/* Is it this word, with a name behind it? Where the name begins, or NULL. */
static const char *behind_word(const char *sql, size_t len, const char *word)
{
    size_t n = strlen(word);

    if (len <= n || strncasecmp(sql, word, n) != 0 || !isspace((unsigned char)sql[n]))
        return NULL;
    while (n < len && isspace((unsigned char)sql[n]))
        n++;
    return sql + n;
}

int cli_shell_use(cli_shell *s, const char *name, size_t len)
{
    char *copy = cli_copy(name, len), read[256];

    if (copy == NULL)
        return -1;
    cli_read_name(copy, read, sizeof read);
    free(copy);
    copy = cli_copy(read, strlen(read));
    if (copy == NULL)
        return -1;
    free(s->database);
    s->database = copy;
    s->run.call.database = *copy == '\0' ? NULL : copy;
    return 0;
}

/* A reader of the output that has gone, or Ctrl-C, is no reason to leave; a file that cannot be written is one to go back to the screen. */
static void settle_output(cli_shell *s)
{
    int error = s->run.sink.out->error;

    s->screen->error = 0;
    if (s->file == NULL || error == 0 || error == EINTR)
        return;
    cli_usage("%s could not be written: %s", s->file_name, strerror(error));
    cli_shell_output(s, NULL);
}

static void tell_failure(cli_shell *s, const char *sql, size_t len, int status)
{
    int64_t at;

    s->error = *tdrest_conn_error(s->run.conn);
    if (status == CLI_INTERRUPTED) {
        fputs("(the server may still be working on it: SHOW QUERIES tells, KILL QUERY ends it)\n", stderr);
    } else if (status == CLI_DISCONNECTED) {
        fputs("(the next statement connects again)\n", stderr);
    } else if (s->error.code != 0) {
        at = cli_caret_find(&s->error, sql, len);
        if (at >= 0)
            cli_caret_put(stderr, sql, len, (size_t)at, cli_terminal_size(STDERR_FILENO).columns);
    }
}

static int run(cli_shell *s, const char *sql, size_t len)
{
    const char *name;
    int status;

    if (cli_interrupted())
        return cli_report_code(TDREST_ECANCELLED, "the call was cancelled before it was sent", &s->run.place);
    s->run.call.database = *s->database == '\0' ? NULL : s->database;
    s->run.tables = 0;
    status = cli_runner_statement(&s->run, sql, len);
    if (s->run.sink.out->error == EINTR)
        status = CLI_INTERRUPTED;
    settle_output(s);
    if (status != CLI_OK)
        tell_failure(s, sql, len, status);
    else
        s->error.code = s->error.server_code = 0;
    name = status == CLI_OK ? behind_word(sql, len, "use") : NULL;
    if (name != NULL && cli_shell_use(s, name, len - (size_t)(name - sql)) == 0)
        fprintf(stderr, "The database is %s.\n", s->database);
    if (tdrest_sql_kind(sql, len) != TDREST_SQL_READ && behind_word(sql, len, "insert") == NULL)
        cli_known_forget(&s->names);
    return status;
}

int cli_shell_ask(cli_shell *s, const char *sql)
{
    return run(s, sql, strlen(sql));
}

int cli_shell_statement(cli_shell *s, const char *sql, size_t len)
{
    char *copy = cli_copy(sql, len);

    if (copy == NULL)
        return cli_report_no_memory();
    if (len > 0) {
        free(s->last);
        s->last = copy;
    }
    return run(s, copy, len);
}

int cli_shell_query(cli_shell *s, const char *sql, tdrest_result **res)
{
    if (tdrest_query(s->run.conn, sql, TDREST_CSTR, &s->run.call, res) >= 0)
        return CLI_OK;
    s->error = *tdrest_conn_error(s->run.conn);
    return cli_report(&s->error, &s->run.place);
}

/* ---- where results go ---- */

static void close_file(cli_shell *s)
{
    int error;

    if (s->file == NULL)
        return;
    cli_output_close(s->file, s->file->error == 0);
    error = s->file->error;
    if (error != 0 && error != EINTR)
        cli_usage("%s could not be written: %s", s->file_name, strerror(error));
    free(s->file);
    free(s->file_name);
    s->file = NULL;
    s->file_name = NULL;
}

static void show_on_screen(cli_shell *s)
{
    s->run.sink.out = s->screen;
    s->run.sink.size = cli_terminal_size(s->screen->fd);
    s->run.sink.color = s->args->color == CLI_ALWAYS || (s->args->color == CLI_AUTO && cli_terminal_has_color(s->screen->fd));
}

int cli_shell_output(cli_shell *s, const char *name)
{
    close_file(s);
    show_on_screen(s);
    if (name == NULL)
        return CLI_OK;
    s->file = malloc(sizeof *s->file);
    s->file_name = cli_copy(name, strlen(name));
    if (s->file == NULL || s->file_name == NULL) {
        free(s->file);
        free(s->file_name);
        s->file = NULL;
        s->file_name = NULL;
        return cli_report_no_memory();
    }
    cli_output_open(s->file, s->file_name);
    if (s->file->error != 0) {
        close_file(s);
        return CLI_USAGE;
    }
    s->run.sink.out = s->file;
    s->run.sink.size = (cli_size){0, 0};
    s->run.sink.color = 0;
    s->run.tables = 0;
    fprintf(stderr, "Results go to %s, which is whole after \\o or at the end.\n", name);
    return CLI_OK;
}

/* ---- lines ---- */

/* An entry to be recalled: on one line, since line ends cannot be edited there. */
static void recall(void *context, const char *entry)
{
    cli_shell *s = context;
    size_t len = strlen(entry);
    char *line = malloc(len + 1);

    if (line != NULL && cli_typed_join(entry, len, line))
        cli_editor_remember(s->editor, line);
    free(line);
}

static void remember(cli_shell *s, const char *entry, size_t len)
{
    char *copy = cli_copy(entry, len);

    if (copy == NULL)
        return;
    while (len > 0 && isspace((unsigned char)copy[len - 1]))
        copy[--len] = '\0';
    if (len > 0)
        recall(s, copy);
    cli_history_add(&s->history, copy, len);
    free(copy);
}

/* Statements that are whole. After one that failed, those behind it in the same line do not run. */
static void run_typed(cli_shell *s)
{
    const char *sql;
    size_t len;
    int goes_on = 1;

    while (goes_on && cli_typed_next(&s->typed, &sql, &len)) {
        s->status = cli_shell_statement(s, sql, len);
        goes_on = s->status == CLI_OK && !cli_interrupted();
    }
    if (goes_on)
        return;
    cli_typed_drop(&s->typed);
    len = cli_editor_drop_paste(s->editor);
    if (len > 0)
        fprintf(stderr, "(%zu pasted line%s behind it %s not run)\n", len, len == 1 ? "" : "s", len == 1 ? "was" : "were");
}

static void take_statement(cli_shell *s, const char *line, size_t len)
{
    if (cli_typed_add(&s->typed, line, len) < 0) {
        s->status = cli_report_no_memory();
        return;
    }
    run_typed(s);
}

static void take_command(cli_shell *s, const char *line)
{
    cli_interrupt_forget();
    s->status = cli_backslash_run(s, line);
    settle_output(s);
}

/* What a line does, with what was typed before. */
static void take_line(cli_shell *s, const char *line)
{
    size_t len = strlen(line), at;
    char habit[600];
    const char *meant = cli_typed_is_empty(&s->typed) ? cli_backslash_habit(line, habit, sizeof habit) : NULL;

    if (meant != NULL) {
        take_command(s, meant);
        return;
    }
    at = cli_typed_command(&s->typed, line);
    if (at > 0 && (at < len || line[strspn(line, " \t")] != '\0' || !cli_typed_is_empty(&s->typed)))
        take_statement(s, line, at);
    if (at < len && !s->ended)
        take_command(s, line + at);
}

/* ---- prompts ---- */

static void make_prompt(const cli_shell *s, char *prompt)
{
    char name[CLI_SHOW_ROOM(32) + 1];
    const char *shown = *s->database == '\0' ? "tdrest" : s->database;
    size_t width, len = strlen(shown);
    char open = (char)s->typed.open;

    name[cli_show(shown, len > 32 ? 32 : len, 24, name, &width)] = '\0';
    if (cli_typed_is_empty(&s->typed))
        snprintf(prompt, PROMPT_ROOM, "%s> ", name);
    else
        snprintf(prompt, PROMPT_ROOM, "%*s%c> ", (int)(width > 0 ? width - 1 : 0), "", open == 0 ? '-' : open);
}

/* What was typed since the prompt showed a database: one entry, however many lines and statements it is. */
static void note(cli_shell *s, cli_typed *entry, const char *line)
{
    if (*line == '\0' && entry->len == 0)
        return;
    (void)cli_typed_add(entry, line, strlen(line));
    if (cli_typed_is_empty(&s->typed)) {
        remember(s, entry->text, entry->len);
        cli_typed_drop(entry);
    }
}

static void complete(void *context, const char *line, size_t cursor, cli_choices *choices)
{
    cli_shell *s = context;

    cli_complete_line(&s->names, s->database, s->typed.len > s->typed.taken ? s->typed.text + s->typed.taken : NULL, line, cursor, choices);
}

static void talk(cli_shell *s)
{
    cli_typed entry = {.len = 0};
    char prompt[PROMPT_ROOM];
    const char *line;

    while (!s->ended) {
        make_prompt(s, prompt);
        cli_interrupt_forget();
        switch (cli_editor_read(s->editor, prompt, &line)) {
        case CLI_READ_LINE:
            if (s->file == NULL)
                show_on_screen(s);
            take_line(s, line);
            note(s, &entry, line);
            break;
        case CLI_READ_END:
            s->ended = cli_typed_is_empty(&s->typed) || !isatty(STDIN_FILENO);
            cli_typed_drop(&s->typed);
            cli_typed_drop(&entry);
            break;
        case CLI_READ_INTERRUPTED:
            cli_typed_drop(&s->typed);
            cli_typed_drop(&entry);
            break;
        default:
            s->status = cli_report_no_memory();
            s->ended = 1;
        }
    }
    cli_typed_clear(&entry);
}

/* ---- beginning and end ---- */

static void on_quit(int sig)
{
    (void)sig;
}

/* Ctrl-\ leaves no core behind; programs that the shell starts have it as usual. */
static void ignore_quit(void)
{
    struct sigaction action = {.sa_handler = on_quit, .sa_flags = SA_RESTART};

    sigemptyset(&action.sa_mask);
    sigaction(SIGQUIT, &action, NULL);
}

static int begin(cli_shell *s, const cli_args *args, cli_output *out)
{
    const char *database = tdrest_options_get(args->options, "database");
    int status;

    s->args = args;
    s->screen = out;
    s->terminal = isatty(STDOUT_FILENO) ? stdout : stderr;
    status = cli_runner_init(&s->run, args, out);
    s->run.uncut = "\\x";
    if (status == CLI_OK)
        status = cli_connect(args, &s->run.progress, &s->run.conn);
    if (status != CLI_OK)
        return status;
    cli_known_init(&s->names, args->options, s->run.conn);
    s->editor = cli_editor_new(s->terminal, complete, s);
    s->database = calloc(1, 1);
    if (s->editor == NULL || s->database == NULL)
        return cli_report_no_memory();
    if (database != NULL && *database != '\0') {
        char *copy = cli_copy(database, strlen(database));

        if (copy == NULL)
            return cli_report_no_memory();
        free(s->database);
        s->database = copy;
    }
    cli_history_open(&s->history, recall, s);
    return CLI_OK;
}

static void end(cli_shell *s)
{
    close_file(s);
    cli_editor_free(s->editor);
    cli_known_clear(&s->names);
    cli_typed_clear(&s->typed);
    if (s->run.conn != NULL)
        cli_disconnect(s->run.conn);
    free(s->database);
    free(s->last);
}

int cli_shell_run(const cli_args *args, cli_output *out)
{
    static cli_shell s;
    int status;

    status = begin(&s, args, out);
    if (status == CLI_OK) {
        cli_interrupt_waits(1);
        ignore_quit();
        fprintf(s.terminal, "tdrest %d.%d.%d. \\? for help, \\q to leave.\n", TDREST_VERSION_MAJOR, TDREST_VERSION_MINOR, TDREST_VERSION_PATCH);
        talk(&s);
        cli_interrupt_waits(0);
        status = CLI_OK;
    }
    end(&s);
    return status;
}
