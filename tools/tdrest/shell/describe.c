/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What is in the database: \d and its relatives. A database may hold millions of tables, so that lists are asked for by pattern and end after a thousand. */
#include "shell/describe.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "catalog/catalog.h"
#include "term/color.h"
#include "term/interrupt.h"
#include "term/show.h"
#include "run/pager.h"

enum { NAME_ROOM = 256, QUOTED = 2 * NAME_ROOM + 3, SQL_ROOM = 2400, LISTED = 1000 };

/* `[db.]name`, where name may be a pattern with * and ?. */
typedef struct target {
    char database[NAME_ROOM];
    char name[NAME_ROOM]; /* "": all */
    int is_pattern;
} target;

size_t cli_read_name(const char *text, char *out, size_t cap)
{
    size_t at = 0, len = 0;
    int quoted = text[0] == '`';

    at += (size_t)quoted;
    while (text[at] != '\0' && (quoted ? text[at] != '`' || text[at + 1] == '`' : strchr(". ;\t`", text[at]) == NULL)) {
        at += quoted && text[at] == '`';
        if (len + 1 < cap)
            out[len++] = quoted ? text[at] : (char)tolower((unsigned char)text[at]);
        at++;
    }
    out[len] = '\0';
    return at + (quoted && text[at] == '`');
}

static int read_target(const cli_shell *s, const char *arg, target *t)
{
    size_t at = cli_read_name(arg, t->name, sizeof t->name);

    snprintf(t->database, sizeof t->database, "%s", s->database);
    t->is_pattern = arg[0] != '`';
    if (arg[at] == '.') {
        memcpy(t->database, t->name, sizeof t->database);
        t->is_pattern = arg[at + 1] != '`';
        at += 1 + cli_read_name(arg + at + 1, t->name, sizeof t->name);
    }
    t->is_pattern = t->is_pattern && strpbrk(t->name, "*?%") != NULL;
    if (arg[at + strspn(arg + at, " ;\t")] != '\0')
        return cli_usage("%s: one name or pattern is expected", arg);
    return t->database[0] != '\0' ? CLI_OK : cli_usage("no database is chosen: \\u DATABASE does, and \\l lists them");
}

static const char *literal(const char *text, char room[QUOTED])
{
    size_t needed;

    return tdrest_quote_literal(text, TDREST_CSTR, room, QUOTED, &needed) == TDREST_OK ? room : "''";
}

static const char *ident(const char *name, char room[QUOTED])
{
    size_t needed;

    return tdrest_quote_ident(name, TDREST_CSTR, room, QUOTED, &needed) == TDREST_OK ? room : "``";
}

/* " and COLUMN like 'PATTERN'", or what takes no rows away. */
static const char *condition(const target *t, const char *column, char out[2 * QUOTED + 40])
{
    char pattern[2 * NAME_ROOM], quoted[2 * sizeof pattern + 3]; /* of a column, at most 11 bytes long */
    size_t i, at = 0, needed;

    *out = '\0';
    if (t->name[0] == '\0')
        return out;
    for (i = 0; t->name[i] != '\0'; i++) {
        char c = t->name[i];

        if (c == '_')
            pattern[at++] = '\\';
        pattern[at++] = (char)(c == '*' ? '%' : c == '?' ? '_' : c);
    }
    if (tdrest_quote_literal(pattern, at, quoted, sizeof quoted, &needed) == TDREST_OK)
        snprintf(out, 2 * QUOTED + 40, " and %.11s like %s", column, quoted);
    return out;
}

static void tell_limit(const cli_shell *s, const char *command)
{
    if (s->run.written.rows >= LISTED)
        fprintf(stderr, "(there may be more: %s PATTERN narrows the list)\n", command);
}

int cli_list_databases(cli_shell *s, const char *arg)
{
    (void)arg;
    return cli_shell_ask(s, "show databases");
}

int cli_list_stables(cli_shell *s, const char *arg)
{
    char sql[SQL_ROOM], database[QUOTED], like[QUOTED * 2 + 40];
    target t;
    int status = read_target(s, arg, &t);

    if (status != CLI_OK)
        return status;
    snprintf(sql, sizeof sql, "select stable_name as `super table`, `columns`, `tags`, create_time as created from information_schema.ins_stables where db_name = %s%s order by stable_name limit %d",
             literal(t.database, database), condition(&t, "stable_name", like), LISTED);
    status = cli_shell_ask(s, sql);
    tell_limit(s, "\\dS");
    return status;
}

static int list_tables(cli_shell *s, const target *t, const char *kind)
{
    char sql[SQL_ROOM], database[QUOTED], like[QUOTED * 2 + 40];

    snprintf(sql, sizeof sql, "select table_name as `table`, stable_name as `super table`, `columns`, create_time as created from information_schema.ins_tables where db_name = %s%s%s order by table_name limit %d",
             literal(t->database, database), kind, condition(t, "table_name", like), LISTED);
    return cli_shell_ask(s, sql);
}

int cli_list_tables(cli_shell *s, const char *arg)
{
    target t;
    int status = read_target(s, arg, &t);

    if (status != CLI_OK)
        return status;
    status = list_tables(s, &t, "");
    tell_limit(s, "\\dt");
    return status;
}

/* ---- one table ---- */

typedef struct column {
    char name[CLI_SHOW_ROOM(80)];
    char type[80];
    char note[CLI_SHOW_ROOM(120)];
    size_t width; /* of the name */
} column;

typedef struct table {
    column columns[4100];
    size_t count;
    size_t widest;
    size_t widest_type;
    char parent[CLI_SHOW_ROOM(NAME_ROOM)]; /* the super table of a child; "": it is none */
    size_t tags;
} table;

/* A text of the row, made safe, in at most `most` bytes of it. */
static size_t show_text(tdrest_result *res, size_t index, size_t most, char *out)
{
    const char *text = "";
    size_t len = 0, width = 0;

    if (tdrest_result_text(res, index, &text, &len) != TDREST_OK)
        len = 0;
    out[cli_show(text, len > most ? most : len, 60, out, &width)] = '\0';
    return width;
}

static void read_column(tdrest_result *res, table *t)
{
    column *c = &t->columns[t->count];
    char type[CLI_SHOW_ROOM(32)], note[CLI_SHOW_ROOM(32)];
    int64_t length = 0;

    c->width = show_text(res, 0, 79, c->name);
    show_text(res, 1, 31, type);
    (void)tdrest_result_int64(res, 2, &length);
    show_text(res, 3, 31, note);
    if (cli_catalog_has_length(type))
        snprintf(c->type, sizeof c->type, "%.40s(%lld)", type, (long long)length);
    else
        snprintf(c->type, sizeof c->type, "%.60s", type);
    snprintf(c->note, sizeof c->note, "%s", strcmp(note, "TAG") == 0 ? "tag" : strcmp(note, "COMPOSITE KEY") == 0 ? "key, with the time" : t->count == 0 ? "time, key" : note);
    t->tags += strcmp(note, "TAG") == 0;
    t->widest = c->width > t->widest ? c->width : t->widest;
    t->widest_type = strlen(c->type) > t->widest_type ? strlen(c->type) : t->widest_type;
    t->count++;
}

/* Of a child table: its parent, and the values of its tags. */
static int read_tags(cli_shell *s, const target *named, table *t)
{
    char sql[SQL_ROOM], database[QUOTED], name[QUOTED], tag[CLI_SHOW_ROOM(80)], value[CLI_SHOW_ROOM(100)];
    tdrest_result *res;
    size_t i;
    int status;

    snprintf(sql, sizeof sql, "select stable_name, tag_name, tag_value from information_schema.ins_tags where db_name = %s and table_name = %s",
             literal(named->database, database), literal(named->name, name));
    status = cli_shell_query(s, sql, &res);
    if (status != CLI_OK)
        return status;
    while (tdrest_result_next(res) == TDREST_ROW) {
        show_text(res, 0, NAME_ROOM - 1, t->parent);
        show_text(res, 1, 79, tag);
        show_text(res, 2, 99, value);
        for (i = 0; i < t->count; i++)
            if (strcmp(t->columns[i].name, tag) == 0)
                snprintf(t->columns[i].note, sizeof t->columns[i].note, "tag = %.200s", tdrest_result_is_null(res, 2) == 1 ? "NULL" : value);
    }
    tdrest_result_free(res);
    return CLI_OK;
}

static void put(cli_output *out, int color, const char *style, const char *text)
{
    if (color)
        cli_output_text(out, style);
    cli_output_text(out, text);
    if (color)
        cli_output_text(out, CLI_PLAIN);
}

static void put_table(cli_shell *s, const target *named, const table *t)
{
    cli_output *out = s->run.sink.out;
    int color = s->run.sink.color;
    char head[4 * CLI_SHOW_ROOM(NAME_ROOM)], name[CLI_SHOW_ROOM(NAME_ROOM) + 1], database[CLI_SHOW_ROOM(NAME_ROOM) + 1];
    size_t i, width, type = t->widest_type < 4 ? 4 : t->widest_type, first = t->widest < 6 ? 6 : t->widest;

    name[cli_show(named->name, strlen(named->name), CLI_NO_LIMIT, name, &width)] = '\0';
    database[cli_show(named->database, strlen(named->database), CLI_NO_LIMIT, database, &width)] = '\0';
    snprintf(head, sizeof head, "%s %s.%s%s%s\n", t->parent[0] != '\0' ? "Child table" : t->tags > 0 ? "Super table" : "Table", database, name,
             t->parent[0] != '\0' ? " of " : "", t->parent);
    put(out, color, CLI_BOLD, head);
    put(out, color, CLI_BOLD, "column");
    cli_output_fill(out, ' ', first - 6);
    put(out, color, CLI_DIM, " | ");
    put(out, color, CLI_BOLD, "type");
    cli_output_fill(out, ' ', type - 4);
    put(out, color, CLI_DIM, " | ");
    put(out, color, CLI_BOLD, "note\n");
    if (color)
        cli_output_text(out, CLI_DIM);
    cli_output_fill(out, '-', first);
    cli_output_text(out, "-+-");
    cli_output_fill(out, '-', type);
    cli_output_text(out, "-+-");
    cli_output_fill(out, '-', 5);
    put(out, color, "", "\n");
    for (i = 0; i < t->count; i++) {
        cli_output_text(out, t->columns[i].name);
        cli_output_fill(out, ' ', first - t->columns[i].width);
        put(out, color, CLI_DIM, " | ");
        cli_output_text(out, t->columns[i].type);
        if (t->columns[i].note[0] != '\0') {
            cli_output_fill(out, ' ', type - strlen(t->columns[i].type));
            put(out, color, CLI_DIM, " | ");
            cli_output_text(out, t->columns[i].note);
        }
        cli_output_char(out, '\n');
    }
}

static int describe_one(cli_shell *s, const target *named)
{
    static table t; /* too large for a stack */
    char sql[SQL_ROOM], database[QUOTED], name[QUOTED];
    tdrest_result *res;
    int rc = TDREST_DONE, status;

    memset(&t, 0, sizeof t);
    snprintf(sql, sizeof sql, "describe %s.%s", ident(named->database, database), ident(named->name, name));
    status = cli_shell_query(s, sql, &res);
    if (status != CLI_OK)
        return status;
    while (t.count < sizeof t.columns / sizeof t.columns[0] && (rc = tdrest_result_next(res)) == TDREST_ROW)
        read_column(res, &t);
    if (rc < 0)
        status = cli_report(tdrest_result_error(res), &s->run.place);
    tdrest_result_free(res);
    if (status == CLI_OK && t.tags > 0)
        status = read_tags(s, named, &t);
    if (status != CLI_OK)
        return status;
    cli_pager_begin(s->run.sink.out, s->run.sink.size);
    put_table(s, named, &t);
    cli_pager_end(s->run.sink.out);
    cli_output_flush(s->run.sink.out);
    return CLI_OK;
}

int cli_describe(cli_shell *s, const char *arg)
{
    target t;
    int status = read_target(s, arg, &t);

    if (status != CLI_OK)
        return status;
    if (t.name[0] != '\0' && !t.is_pattern)
        return describe_one(s, &t);
    status = cli_list_stables(s, arg);
    if (status != CLI_OK)
        return status;
    cli_output_char(s->run.sink.out, '\n');
    return list_tables(s, &t, t.name[0] == '\0' ? " and type = 'NORMAL_TABLE'" : "");
}
