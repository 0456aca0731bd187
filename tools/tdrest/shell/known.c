/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Names that the server knows. A database may hold millions of child tables: those are only asked for by prefix. What fails is silent. */
#include "shell/known.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "term/interrupt.h"
#include "term/progress.h"
#include "term/text.h"

/* Names of one answer; more are asked for again, by prefix. After a failure nothing is asked for a while. */
enum { MOST = 1000, QUIET_MS = 3000, SQL_ROOM = 2048, NAME_ROOM = 600 };

void cli_known_init(cli_known *n, tdrest_options *options, tdrest_conn *main)
{
    const char *patience = getenv("TDREST_COMPLETION_MS");
    long ms = patience == NULL ? 0 : strtol(patience, NULL, 10);

    *n = (cli_known){.options = options, .main = main, .patience_ms = ms > 0 && ms <= 60000 ? ms : CLI_KNOWN_MS};
}

static void clear_list(cli_name_list *list)
{
    free(list->about);
    free(list->text);
    *list = (cli_name_list){.len = 0};
}

void cli_known_forget(cli_known *n)
{
    size_t i;

    for (i = 0; i < CLI_NAME_LISTS; i++)
        clear_list(&n->lists[i]);
}

void cli_known_clear(cli_known *n)
{
    cli_known_forget(n);
    tdrest_conn_free(n->own);
    n->own = NULL;
}

void cli_known_begin(cli_known *n)
{
    n->due_ms = cli_now_ms() + n->patience_ms;
}

/* ---- asking ---- */

static int add(cli_name_list *list, size_t *cap, const char *name, size_t len)
{
    char *text;

    if (*cap - list->len < len + 1) {
        *cap = 2 * *cap + len + 1024;
        text = realloc(list->text, *cap);
        if (text == NULL)
            return -1;
        list->text = text;
    }
    memcpy(list->text + list->len, name, len);
    list->len += len + 1;
    list->text[list->len - 1] = '\0';
    return 0;
}

/* The first column of an answer. 0, or -1. */
static int read_list(tdrest_result *res, cli_name_list *list)
{
    const char *name;
    size_t len, cap = 0, count = 0;
    int rc;

    while ((rc = tdrest_result_next(res)) == TDREST_ROW && count < MOST)
        if (tdrest_result_text(res, 0, &name, &len) == TDREST_OK) {
            if (add(list, &cap, name, len) < 0)
                return -1;
            count++;
        }
    list->whole = rc == TDREST_DONE && count < MOST;
    return rc < 0 ? -1 : 0;
}

static int ask(cli_known *n, const char *sql, cli_name_list *list)
{
    tdrest_call call = TDREST_CALL_INIT;
    tdrest_result *res = NULL;
    int done = -1;

    call.timeout_ms = n->due_ms - cli_now_ms();
    call.stall_timeout_ms = call.timeout_ms;
    call.retry = TDREST_RETRY_NEVER;
    call.verify_rows = TDREST_VERIFY_NONE;
    if (call.timeout_ms <= 0 || cli_now_ms() < n->quiet_ms || (n->own == NULL && tdrest_conn_new(n->options, &n->own) < 0))
        return -1;
    cli_interrupt_cancels(n->own);
    call.buffered = 1; /* so that the time limit covers all of it */
    if (tdrest_query(n->own, sql, TDREST_CSTR, &call, &res) >= 0)
        done = read_list(res, list);
    else if (tdrest_conn_error(n->own)->server_code == 0)
        n->quiet_ms = cli_now_ms() + QUIET_MS;
    tdrest_result_free(res);
    cli_interrupt_cancels(n->main);
    return done;
}

/* The names that a statement answers, asked for once. */
static const cli_name_list *list_of(cli_known *n, const char *sql)
{
    cli_name_list list = {.len = 0};
    size_t i;

    for (i = 0; i < CLI_NAME_LISTS; i++)
        if (n->lists[i].about != NULL && strcmp(n->lists[i].about, sql) == 0)
            return &n->lists[i];
    list.about = cli_copy(sql, strlen(sql));
    if (list.about == NULL || ask(n, sql, &list) < 0) {
        clear_list(&list);
        return NULL;
    }
    i = n->next++ % CLI_NAME_LISTS;
    clear_list(&n->lists[i]);
    n->lists[i] = list;
    return &n->lists[i];
}

static void tell(const cli_name_list *list, const char *prefix, size_t len, cli_name_found *found, void *context)
{
    const char *p, *end;

    if (list == NULL || list->text == NULL)
        return;
    for (p = list->text, end = p + list->len; p < end; p += strlen(p) + 1)
        if (strlen(p) >= len && strncasecmp(p, prefix, len) == 0)
            found(context, p, strlen(p));
}

/* ---- what is asked ---- */

/* A literal; "" when it is too long. */
static const char *quoted(const char *text, size_t len, char room[NAME_ROOM])
{
    size_t needed;

    return tdrest_quote_literal(text, len, room, NAME_ROOM, &needed) == TDREST_OK ? room : "''";
}

/* The same for a pattern: names that begin so. */
static const char *beginning(const char *prefix, size_t len, char room[NAME_ROOM])
{
    char pattern[2 * 200 + 2];
    size_t i, at = 0;

    for (i = 0; i < len && at < sizeof pattern - 3; i++) {
        if (prefix[i] == '_' || prefix[i] == '%' || prefix[i] == '\\')
            pattern[at++] = '\\';
        pattern[at++] = prefix[i];
    }
    pattern[at++] = '%';
    return quoted(pattern, at, room);
}

void cli_known_databases(cli_known *n, const char *prefix, size_t len, cli_name_found *found, void *context)
{
    tell(list_of(n, "show databases"), prefix, len, found, context);
}

void cli_known_tables(cli_known *n, const char *database, const char *prefix, size_t len, cli_name_found *found, void *context)
{
    static const char *const all[] = {"select stable_name from information_schema.ins_stables where db_name = %s limit %d",
                                      "select table_name from information_schema.ins_tables where db_name = %s and type = 'NORMAL_TABLE' limit %d"};
    char sql[SQL_ROOM], name[NAME_ROOM], pattern[NAME_ROOM];
    const cli_name_list *list;
    size_t i;

    if (*database == '\0')
        return;
    quoted(database, strlen(database), name);
    for (i = 0; i < 2; i++) {
        snprintf(sql, sizeof sql, all[i], name, MOST);
        list = list_of(n, sql);
        tell(list, prefix, len, found, context);
    }
    if (len < 3)
        return;
    snprintf(sql, sizeof sql, "select table_name from information_schema.ins_tables where db_name = %s and table_name like %s limit %d", name,
             beginning(prefix, len, pattern), MOST);
    tell(list_of(n, sql), prefix, len, found, context);
}

void cli_known_columns(cli_known *n, const char *database, const char *table, const char *prefix, size_t len, cli_name_found *found, void *context)
{
    char sql[SQL_ROOM], db[NAME_ROOM], name[NAME_ROOM];
    size_t needed;

    if (*database == '\0' || tdrest_quote_ident(database, TDREST_CSTR, db, sizeof db, &needed) < 0 ||
        tdrest_quote_ident(table, TDREST_CSTR, name, sizeof name, &needed) < 0)
        return;
    snprintf(sql, sizeof sql, "describe %s.%s", db, name);
    tell(list_of(n, sql), prefix, len, found, context);
}
