/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What may stand at the cursor, by the words before it. Knows where names stand in a statement, not how they are asked for. */
#include "shell/complete.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "format/formats.h"
#include "shell/backslash.h"
#include "shell/words.h"

enum { NAMED = 8, NAME_ROOM = 200 };

/* A name as it is in a database: without quotes, in lower case unless it had some. */
typedef struct name {
    char text[NAME_ROOM];
} name;

/* A table that the statement names. */
typedef struct named {
    name database; /* "": the current one */
    name table;
    name alias;    /* "": none */
} named;

typedef struct request {
    cli_known *names;
    const char *database;
    const char *text;   /* the statement, also behind the cursor */
    size_t word;        /* where the word at the cursor begins in it */
    const char *prefix; /* the part of the word that is to be completed, behind a dot */
    size_t len;
    int capitals;       /* are keywords written in capitals? */
    cli_choices *choices;
} request;

/* ---- words of a statement ---- */

typedef struct token {
    char kind; /* 'w' a word or name, 'q' something in quotes, '\0' the end, 'o' open quote or comment; else the character itself */
    size_t at;
    size_t len;
} token;

static int is_name(char c)
{
    return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

/* Behind a quote that begins at `at`; past the end: it is open. */
static size_t behind_quote(const char *text, size_t at, size_t len)
{
    char quote = text[at++];

    while (at < len && text[at] != quote)
        at += text[at] == '\\' && quote != '`' ? 2 : 1;
    return at + 1;
}

static size_t behind_blanks(const char *text, size_t at, size_t len)
{
    for (;;) {
        while (at < len && isspace((unsigned char)text[at]))
            at++;
        if (at + 1 < len && text[at] == '-' && text[at + 1] == '-') {
            while (at < len && text[at] != '\n')
                at++;
            if (at == len)
                return len + 1;
        } else if (at + 1 < len && text[at] == '/' && text[at + 1] == '*') {
            const char *end = strstr(text + at + 2, "*/");

            if (end == NULL)
                return len + 1;
            at = (size_t)(end - text) + 2;
        } else {
            return at;
        }
    }
}

static token next_token(const char *text, size_t at, size_t len)
{
    token t = {.at = behind_blanks(text, at, len)};
    size_t end;

    if (t.at >= len) {
        t.kind = t.at > len ? 'o' : '\0';
        return t;
    }
    end = t.at + 1;
    if (text[t.at] == '\'' || text[t.at] == '"' || text[t.at] == '`') {
        end = behind_quote(text, t.at, len);
        t.kind = end > len ? 'o' : text[t.at] == '`' ? 'w' : 'q';
    } else if (is_name(text[t.at])) {
        while (end < len && is_name(text[end]))
            end++;
        t.kind = 'w';
    } else {
        t.kind = text[t.at];
    }
    t.len = (end > len ? len : end) - t.at;
    return t;
}

static int is(const char *text, token t, const char *word)
{
    return t.kind == 'w' && t.len == strlen(word) && strncasecmp(text + t.at, word, t.len) == 0;
}

static int is_one_of(const char *text, token t, const char *const *words)
{
    for (; *words != NULL; words++)
        if (is(text, t, *words))
            return 1;
    return 0;
}

static void read_name(const char *text, token t, name *out)
{
    int quoted = text[t.at] == '`';
    size_t i, at = t.at + (size_t)quoted, len = t.len - 2 * (size_t)quoted;

    len = len >= NAME_ROOM ? NAME_ROOM - 1 : len;
    for (i = 0; i < len; i++)
        out->text[i] = quoted ? text[at + i] : (char)tolower((unsigned char)text[at + i]);
    out->text[len] = '\0';
}

/* ---- the tables of a statement ---- */

static const char *const before_table[] = {"from", "join", "into", "table", "stable", "describe", "desc", "using", NULL};
static const char *const no_alias[] = {"where", "on", "join", "left", "right", "inner", "partition", "group", "order", "interval", "limit", "using", "tags",
                                       "values", "union", "session", "state_window", "event_window", "count_window", "having", "slimit", "set", "add", "drop", NULL};

/* Reads `[db.]table [AS] [alias]` at t; the token behind it. */
static token read_named(const char *text, token t, size_t len, named *out)
{
    token next = next_token(text, t.at + t.len, len);

    *out = (named){.alias = {""}};
    read_name(text, t, &out->table);
    if (next.kind == '.') {
        next = next_token(text, next.at + 1, len);
        if (next.kind != 'w')
            return next;
        out->database = out->table;
        read_name(text, next, &out->table);
        next = next_token(text, next.at + next.len, len);
    }
    if (is(text, next, "as"))
        next = next_token(text, next.at + next.len, len);
    if (next.kind == 'w' && !is_one_of(text, next, no_alias)) {
        read_name(text, next, &out->alias);
        next = next_token(text, next.at + next.len, len);
    }
    return next;
}

/* All tables that the whole text names, also behind the cursor. */
static size_t find_tables(const char *text, named out[NAMED])
{
    size_t count = 0, len = strlen(text);
    token t = next_token(text, 0, len);

    while (t.kind != '\0' && t.kind != 'o' && count < NAMED) {
        int is_before = is_one_of(text, t, before_table);

        t = next_token(text, t.at + t.len, len);
        while (is_before && t.kind == 'w' && count < NAMED) {
            t = read_named(text, t, len, &out[count++]);
            is_before = t.kind == ',';
            if (is_before)
                t = next_token(text, t.at + 1, len);
        }
    }
    return count;
}

/* ---- choices ---- */

static void found_name(void *context, const char *found, size_t len)
{
    request *r = context;
    char quoted[2 * NAME_ROOM + 3];
    size_t needed;

    if (!cli_word_needs_quotes(found, len))
        cli_choices_add(r->choices, found, len);
    else if (tdrest_quote_ident(found, len, quoted, sizeof quoted, &needed) == TDREST_OK)
        cli_choices_add(r->choices, quoted, needed);
}

static void add_words(request *r, const char *(*at)(size_t), const char *behind)
{
    const char *word;
    char copy[64];
    size_t i, k, n;

    for (i = 0; (word = at(i)) != NULL; i++) {
        if (strncasecmp(word, r->prefix, r->len) != 0)
            continue;
        n = (size_t)snprintf(copy, sizeof copy, "%s%s", word, behind);
        for (k = 0; r->capitals && k < n; k++)
            copy[k] = (char)toupper((unsigned char)copy[k]);
        cli_choices_add(r->choices, copy, n);
    }
}

static void add_tables(request *r, const char *database)
{
    cli_known_tables(r->names, database, r->prefix, r->len, found_name, r);
}

static void add_columns(request *r, const named *t)
{
    const char *database = t->database.text[0] != '\0' ? t->database.text : r->database;

    cli_known_columns(r->names, database, t->table.text, r->prefix, r->len, found_name, r);
}

/* Behind `qualifier.`: tables of that database, or columns of the table that has this name or alias. */
static void add_qualified(request *r, const char *whole, const name *qualifier)
{
    named tables[NAMED];
    size_t i, count = find_tables(whole, tables);

    for (i = 0; i < count; i++)
        if (strcasecmp(tables[i].alias.text, qualifier->text) == 0 || (tables[i].alias.text[0] == '\0' && strcasecmp(tables[i].table.text, qualifier->text) == 0)) {
            add_columns(r, &tables[i]);
            if (r->choices->count > 0)
                return;
        }
    add_tables(r, qualifier->text);
}

static void add_expression(request *r, const char *whole)
{
    named tables[NAMED];
    size_t i, count = find_tables(whole, tables);

    for (i = 0; i < count; i++)
        add_columns(r, &tables[i]);
    add_words(r, cli_word_other, "");
    add_words(r, cli_word_function, "(");
    if (r->choices->count == 1) {
        const char *only = r->choices->words[0];

        r->choices->open = only[strlen(only) - 1] == '(';
    }
}

/* ---- where the cursor is ---- */

/* The last two words before the cursor's, and what qualifies it. 0: the cursor is in a quote or comment. */
static int look_back(request *r, size_t len, token *last, name *qualifier)
{
    token t = next_token(r->text, 0, len), before = {.kind = '\0'};

    *last = (token){.kind = '\0'};
    qualifier->text[0] = '\0';
    while (t.kind != '\0' && t.kind != 'o' && (t.at + t.len < len || !is_name(r->text[t.at]))) {
        if (t.kind == ';')
            t.kind = '\0';
        before = *last;
        *last = t;
        t = next_token(r->text, t.kind == '\0' ? t.at + 1 : t.at + t.len, len);
    }
    if (t.kind == 'o')
        return 0;
    r->word = t.kind == '\0' ? len : t.at;
    if (last->kind == '.' && before.kind == 'w') {
        read_name(r->text, before, qualifier);
        r->word = t.kind == '\0' ? len : t.at;
    }
    r->prefix = r->text + r->word;
    r->len = len - r->word;
    return 1;
}

static void complete_sql(request *r, size_t len)
{
    static const char *const before_database[] = {"use", "database", NULL};
    name qualifier;
    token last;

    if (!look_back(r, len, &last, &qualifier))
        return;
    r->capitals = r->len > 0 ? isupper((unsigned char)*r->prefix) : last.kind == 'w' && isupper((unsigned char)r->text[last.at]);
    if (qualifier.text[0] != '\0')
        add_qualified(r, r->text, &qualifier);
    else if (last.kind == '\0')
        add_words(r, cli_word_first, "");
    else if (is_one_of(r->text, last, before_database))
        cli_known_databases(r->names, r->prefix, r->len, found_name, r);
    else if (is_one_of(r->text, last, before_table)) {
        add_tables(r, r->database);
        if (r->choices->count == 0)
            cli_known_databases(r->names, r->prefix, r->len, found_name, r);
        if (r->choices->count == 0)
            add_words(r, cli_word_other, "");
    } else
        add_expression(r, r->text);
}

/* A backslash command, and what stands behind it. */
static void complete_command(request *r, const char *line, size_t cursor)
{
    size_t start = strspn(line, " \t"), word = start + strcspn(line + start, " \t"), i;
    const cli_backslash *command;
    const cli_format *format;

    if (word >= cursor) {
        r->choices->from = start;
        for (i = 0; (command = cli_backslash_at(i)) != NULL; i++)
            if (strncmp(command->name, line + start, cursor - start) == 0)
                cli_choices_add(r->choices, command->name, strlen(command->name));
        return;
    }
    for (r->word = cursor; r->word > word && !isspace((unsigned char)line[r->word - 1]); r->word--)
        ;
    r->choices->from = r->word;
    r->prefix = line + r->word;
    r->len = cursor - r->word;
    command = cli_backslash_find(line + start, word - start);
    if (command == NULL)
        return;
    switch (command->takes) {
    case CLI_TAKES_TABLE: add_tables(r, r->database); break;
    case CLI_TAKES_DATABASE: cli_known_databases(r->names, r->prefix, r->len, found_name, r); break;
    case CLI_TAKES_FORMAT:
        for (i = 0; (format = cli_format_at(i)) != NULL; i++)
            if (!format->binary && strncmp(format->name, r->prefix, r->len) == 0)
                cli_choices_add(r->choices, format->name, strlen(format->name));
        break;
    default: break;
    }
}

void cli_complete_line(cli_known *names, const char *database, const char *before, const char *line, size_t cursor, cli_choices *choices)
{
    request r = {.names = names, .database = database, .choices = choices};
    size_t len = before == NULL ? 0 : strlen(before);
    char *text;

    cli_known_begin(names);
    if (line[strspn(line, " \t")] == '\\') {
        complete_command(&r, line, cursor);
        return;
    }
    text = malloc(len + strlen(line) + 1);
    if (text == NULL)
        return;
    if (len > 0)
        memcpy(text, before, len);
    memcpy(text + len, line, strlen(line) + 1);
    r.text = text;
    complete_sql(&r, len + cursor);
    choices->from = r.word >= len ? r.word - len : cursor;
    free(text);
}
