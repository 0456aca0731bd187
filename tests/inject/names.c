/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Strings as names of tables, and as the tag of the same table: where the table's placeholder stands, in the column tbname by rows and by columns, and
 * quoted into a text.
 */
#include "inject.h"

enum { LOT = 40, NAME_SHOWN = 64 };

/* All names that were written. */
static char **names;
static size_t name_count;
static int64_t rows_written;

static void remember(const tdrt_string *s)
{
    if ((name_count & (name_count - 1)) == 0)
        names = (char **)realloc(names, (name_count == 0 ? 1 : 2 * name_count) * sizeof *names);
    names[name_count] = (char *)malloc(s->len + 1);
    if (names == NULL || names[name_count] == NULL)
        abort();
    memcpy(names[name_count], s->p, s->len);
    names[name_count++][s->len] = '\0';
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Each of them once. */
static void sort_names(void)
{
    size_t to = 0;

    qsort(names, name_count, sizeof *names, by_text);
    for (size_t i = 0; i < name_count; i++)
        if (to > 0 && strcmp(names[to - 1], names[i]) == 0)
            free(names[i]);
        else
            names[to++] = names[i];
    name_count = to;
}

/* ---- writing ---- */

/* Adds the row of a name that was bound. */
static void add(tdrt_run *run, tdrest_stmt *stmt, const tdrt_string *s)
{
    int last = tdrest_stmt_param_count(stmt) - 1, rc = tdrest_stmt_bind_time(stmt, last - 1, s->key, TDREST_MS);

    if (rc == TDREST_OK)
        rc = tdrest_stmt_bind_int64(stmt, last, 1);
    if (rc == TDREST_OK)
        rc = tdrest_stmt_add_row(stmt);
    tdrt_check(run, rc == TDREST_OK, "name: %s", tdrest_stmt_error(stmt)->message);
}

static void send(tdrt_run *run, tdrest_stmt *stmt, const tdrt_string *strings)
{
    int64_t affected = 0, sent = 0;
    int rc = tdrest_stmt_run(stmt, NULL, &affected);

    for (int i = 0; i < LOT; i++)
        sent += strings[i].is_sent;
    tdrt_check(run, rc == TDREST_OK && affected == sent, "names: %" PRId64 " rows of %" PRId64 ": %s", affected, sent, tdrest_stmt_error(stmt)->message);
    tdrest_stmt_free(stmt);
}

static void write_by_table(tdrt_run *run, tdrt_string *strings)
{
    tdrest_stmt *stmt = tdrt_prepare(run, "INSERT INTO ? USING s_names TAGS(?) VALUES(?,?)");

    for (int i = 0; i < LOT; i++) {
        tdrt_string *s = &strings[i];

        s->is_sent = tdrt_judged(run, s, tdrt_judge_table(s), tdrest_stmt_set_table(stmt, s->p, s->len), "set_table");
        if (s->is_sent && tdrt_check_string(run, tdrest_stmt_bind_text(stmt, 0, s->p, s->len) == TDREST_OK, s, "a name, not a tag"))
            add(run, stmt, s);
    }
    send(run, stmt, strings);
}

static void write_by_column_of_names(tdrt_run *run, tdrt_string *strings)
{
    tdrest_stmt *stmt = tdrt_prepare(run, "INSERT INTO s_names(tbname,g,ts,v) VALUES(:name,:name,:ts,:v)");

    for (int i = 0; i < LOT; i++) {
        tdrt_string *s = &strings[i];

        s->is_sent = tdrt_judged(run, s, tdrt_judge_table(s), tdrest_stmt_bind_text(stmt, 0, s->p, s->len), "tbname");
        if (s->is_sent)
            add(run, stmt, s);
    }
    send(run, stmt, strings);
}

/* Columns for time, name and tag. A refused row stays bound: one without rows takes its place. */
static int bind_columns(tdrest_stmt *stmt, const tdrt_string *s, int rows)
{
    static const uint32_t offset;
    uint32_t length = (uint32_t)s->len;
    tdrest_column ts = TDREST_COLUMN(TDREST_TYPE_TIMESTAMP, &s->key, rows), text = TDREST_TEXT_COLUMN(TDREST_TYPE_VARCHAR, s->p, &offset, &length, rows);
    int rc;

    ts.precision = TDREST_MS;
    if (tdrest_stmt_bind_null(stmt, 1) != TDREST_EBIND || tdrest_stmt_bind_null(stmt, 2) != TDREST_OK)
        return TDREST_EUSAGE;
    rc = tdrest_stmt_bind_column(stmt, 0, &ts);
    for (int i = 1; rc == TDREST_OK && i < 3; i++)
        rc = tdrest_stmt_bind_column(stmt, i, &text);
    return rc == TDREST_OK ? tdrest_stmt_add_row(stmt) : rc;
}

static void write_by_columns(tdrt_run *run, tdrt_string *strings)
{
    tdrest_stmt *stmt = tdrt_prepare(run, "INSERT INTO s_names(ts,tbname,g,v) VALUES(?,?,?,1)");

    for (int i = 0; i < LOT; i++) {
        tdrt_string *s = &strings[i];

        s->is_sent = tdrt_judged(run, s, tdrt_judge_table(s), bind_columns(stmt, s, 1), "tbname as a column");
        if (!s->is_sent)
            tdrt_check(run, bind_columns(stmt, s, 0) == TDREST_OK, "no rows: %s", tdrest_stmt_error(stmt)->message);
    }
    send(run, stmt, strings);
}

/* ---- reading ---- */

static int is_text(tdrest_result *res, size_t column, const tdrt_string *s)
{
    const void *bytes = NULL;
    size_t len = 0;

    return tdrest_result_bytes(res, column, &bytes, &len) == TDREST_OK && len == s->len && memcmp(bytes, s->p, len) == 0;
}

static void read_back(tdrt_run *run, const tdrt_string *strings)
{
    char sql[160];
    tdrest_result *res;

    snprintf(sql, sizeof sql, "select tbname, g from s_names where ts >= %" PRId64 " and ts < %" PRId64 " order by ts", strings[0].key, strings[0].key + LOT);
    res = tdrt_rows(run, sql);
    for (int i = 0; res != NULL && i < LOT; i++)
        if (strings[i].is_sent)
            tdrt_check_string(run, tdrest_result_next(res) == TDREST_ROW && is_text(res, 0, &strings[i]) && is_text(res, 1, &strings[i]), &strings[i],
                              "name not read back");
    if (res != NULL)
        tdrt_check(run, tdrest_result_next(res) == TDREST_DONE, "%s: more rows than were written", sql);
    tdrest_result_free(res);
}

/* The name quoted into a text, as the table where it is one, and as the name of a column of the answer, which the server cuts to 64 bytes. */
static void read_by_name(tdrt_run *run, const tdrt_string *s)
{
    char quoted[400], sql[1024];
    const tdrest_column *column;
    tdrest_result *res;
    size_t shown = s->len < NAME_SHOWN ? s->len : NAME_SHOWN;
    int rc = tdrest_quote_ident(s->p, s->len, quoted, sizeof quoted, NULL);

    if (!tdrt_judged(run, s, tdrt_judge_name(s), rc, "quote_ident"))
        return;
    snprintf(sql, sizeof sql, "select v %s from %s where ts=%" PRId64, quoted, s->is_sent ? quoted : "s_names", s->key);
    res = tdrt_rows(run, sql);
    if (res == NULL)
        return;
    column = tdrest_result_column(res, 0);
    tdrt_check_string(run, column->name_len == shown && memcmp(column->name, s->p, shown) == 0, s, "not the name of a column");
    tdrt_check_string(run, tdrest_result_next(res) == (s->is_sent ? TDREST_ROW : TDREST_DONE), s, "not the table of that name");
    tdrest_result_free(res);
}

void tdrt_names(tdrt_run *run)
{
    static void (*const ways[])(tdrt_run *, tdrt_string *) = {write_by_table, write_by_column_of_names, write_by_columns};
    tdrt_string strings[LOT];

    for (size_t way = 0; way < COUNT_OF(ways); way++) {
        for (int i = 0; i < LOT; i++)
            tdrt_make(run, TDRT_NAME, 1000, &strings[i]);
        ways[way](run, strings);
        read_back(run, strings);
        for (int i = 0; i < LOT; i++) {
            if (i % 4 == 0)
                read_by_name(run, &strings[i]);
            if (strings[i].is_sent)
                remember(&strings[i]);
            rows_written += strings[i].is_sent;
        }
        tdrt_drop(strings, LOT);
    }
}

/* ---- nothing else ---- */

/* The tables of the names are just those, in the server's own list. */
static void compare_names(tdrt_run *run)
{
    tdrest_result *res = tdrt_rows(run, "select table_name from information_schema.ins_tables where db_name='inj' and stable_name='s_names'");
    size_t found = 0;
    const char *text = NULL;

    sort_names();
    while (res != NULL && tdrest_result_next(res) == TDREST_ROW) {
        found++;
        tdrt_check(run, tdrest_result_text(res, 0, &text, NULL) == TDREST_OK && bsearch(&text, names, name_count, sizeof *names, by_text) != NULL,
                   "a table that nobody named: %s", text);
    }
    tdrt_check(run, found == name_count, "%zu tables by name instead of %zu", found, name_count);
    tdrest_result_free(res);
}

void tdrt_count_tables(tdrt_run *run)
{
    enum { PLAIN = 18, STABLES = 5, DATABASES = 3 };
    int64_t tagged = 0, count = tdrt_number(run, "select count(*) from s_names");

    tdrt_check(run, count == rows_written, "tables by name have %" PRId64 " rows instead of %" PRId64, count, rows_written);
    compare_names(run);
    tdrt_count_tags(run, &tagged);
    count = tdrt_number(run, "select count(*) from information_schema.ins_tables where db_name='inj'");
    tdrt_check(run, count == PLAIN + tagged + (int64_t)name_count, "%" PRId64 " tables in all instead of %" PRId64, count, PLAIN + tagged + (int64_t)name_count);
    count = tdrt_number(run, "select count(*) from information_schema.ins_stables where db_name='inj'");
    tdrt_check(run, count == STABLES, "%" PRId64 " super tables", count);
    count = tdrt_number(run, "select count(*) from information_schema.ins_databases");
    tdrt_check(run, count == DATABASES, "%" PRId64 " databases", count);
    for (size_t i = 0; i < name_count; i++)
        free(names[i]);
    free(names);
}
