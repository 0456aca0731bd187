/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Strings as tags of tables that the statement makes, and as parameters of DELETE that finds tables by them. Tables are named by numbers. */
#include "inject.h"

#include <jansson.h>

enum { LOT = 60 };

static const struct {
    enum tdrt_flavour flavour;
    int type;
    size_t most; /* bytes or characters of the tag */
} kinds[] = {
    {TDRT_BYTES, TDREST_TYPE_VARCHAR, 16382},
    {TDRT_TEXT, TDREST_TYPE_NCHAR, 4000},
    {TDRT_BYTES, TDREST_TYPE_VARBINARY, 16382},
    {TDRT_JSON, TDREST_TYPE_JSON, 4200},
};

typedef struct lot {
    tdrt_run *run;
    size_t kind;
    int64_t from;
    int is_deleted[LOT];
    tdrt_string strings[LOT];
} lot;

static int bind(tdrest_stmt *stmt, int index, int type, const tdrt_string *s)
{
    switch (type) {
    case TDREST_TYPE_NCHAR: return tdrest_stmt_bind_nchar(stmt, index, s->p, s->len);
    case TDREST_TYPE_VARBINARY: return tdrest_stmt_bind_varbinary(stmt, index, s->p, s->len);
    case TDREST_TYPE_JSON: return tdrest_stmt_bind_json(stmt, index, s->p, s->len);
    default: return tdrest_stmt_bind_text(stmt, index, s->p, s->len);
    }
}

static enum tdrt_reason judge(const tdrt_string *s, int type, size_t most)
{
    switch (type) {
    case TDREST_TYPE_NCHAR: return tdrt_judge_nchar(s, most);
    case TDREST_TYPE_VARBINARY: return tdrt_judge_binary(s, most);
    case TDREST_TYPE_JSON: return tdrt_judge_json(s);
    default: return tdrt_judge_text(s, most);
    }
}

static void bind_row(lot *l, tdrest_stmt *stmt, tdrt_string *s, int is_described)
{
    char table[32];
    int rc;

    snprintf(table, sizeof table, "g%" PRId64, s->key);
    rc = bind(stmt, 0, kinds[l->kind].type, s);
    s->is_sent = tdrt_judged(l->run, s, judge(s, kinds[l->kind].type, is_described ? kinds[l->kind].most : 0), rc, "tag");
    if (!s->is_sent)
        return;
    if (tdrest_stmt_set_table(stmt, table, TDREST_CSTR) != TDREST_OK || tdrest_stmt_bind_time(stmt, 1, s->key, TDREST_MS) != TDREST_OK)
        rc = TDREST_EBIND;
    if (rc == TDREST_OK)
        rc = tdrest_stmt_bind_int64(stmt, 2, 1);
    if (rc == TDREST_OK)
        rc = tdrest_stmt_add_row(stmt);
    tdrt_check(l->run, rc == TDREST_OK || rc == TDREST_FULL, "tag: %s", tdrest_stmt_error(stmt)->message);
}

static void write_lot(lot *l, int is_described)
{
    char sql[96];
    tdrest_stmt *stmt;
    int64_t affected = 0, sent = 0;
    int rc;

    snprintf(sql, sizeof sql, "INSERT INTO ? USING s_tags_%zu TAGS(?) VALUES(?,?)", l->kind);
    stmt = tdrt_prepare(l->run, sql);
    if (is_described)
        tdrt_check(l->run, tdrest_stmt_describe(stmt, NULL) == TDREST_OK, "describe: %s", tdrest_stmt_error(stmt)->message);
    for (int i = 0; i < LOT; i++)
        bind_row(l, stmt, &l->strings[i], is_described);
    for (int i = 0; i < LOT; i++)
        sent += l->strings[i].is_sent;
    rc = tdrest_stmt_run(stmt, NULL, &affected);
    tdrt_check(l->run, rc == TDREST_OK && affected == sent, "tags: %" PRId64 " rows of %" PRId64 ": %s", affected, sent, tdrest_stmt_error(stmt)->message);
    tdrest_stmt_free(stmt);
}

/* ---- reading ---- */

static int is_same_json(const tdrt_string *s, const char *text, size_t len)
{
    enum { FLAGS = JSON_DECODE_INT_AS_REAL };
    json_t *sent = json_loadb(s->p, s->len, FLAGS, NULL), *got = json_loadb(text, len, FLAGS, NULL);
    int same = sent != NULL && json_equal(sent, got);

    json_decref(sent);
    json_decref(got);
    return same;
}

static int is_equal(tdrest_result *res, int type, const tdrt_string *s)
{
    const void *bytes = NULL;
    const char *text = NULL;
    size_t len = 0;

    if (type == TDREST_TYPE_JSON)
        return tdrest_result_json(res, 0, &text, &len) == TDREST_OK && is_same_json(s, text, len);
    return tdrest_result_bytes(res, 0, &bytes, &len) == TDREST_OK && len == s->len && (len == 0 || memcmp(bytes, s->p, len) == 0);
}

static void read_back(lot *l)
{
    char sql[160], table[32];
    const char *name = NULL;
    tdrest_result *res;

    snprintf(sql, sizeof sql, "select g, tbname from s_tags_%zu where ts >= %" PRId64 " and ts < %" PRId64 " order by ts", l->kind, l->from, l->from + LOT);
    res = tdrt_rows(l->run, sql);
    for (int i = 0; res != NULL && i < LOT; i++) {
        const tdrt_string *s = &l->strings[i];

        if (!s->is_sent || l->is_deleted[i])
            continue;
        snprintf(table, sizeof table, "g%" PRId64, s->key);
        tdrt_check_string(l->run, tdrest_result_next(res) == TDREST_ROW && is_equal(res, kinds[l->kind].type, s), s, "tag not read back");
        tdrt_check(l->run, tdrest_result_text(res, 1, &name, NULL) == TDREST_OK && strcmp(name, table) == 0, "the tag is not that of %s", table);
    }
    if (res != NULL)
        tdrt_check(l->run, tdrest_result_next(res) == TDREST_DONE, "%s: more rows than were written", sql);
    tdrest_result_free(res);
}

/* ---- deleting ---- */

/* Literals of bytes are shorter there than in INSERT. */
static enum tdrt_reason judge_in_expression(const tdrt_string *s, int type)
{
    enum { BYTES_MOST = 32763 };

    return type == TDREST_TYPE_VARBINARY && s->len > BYTES_MOST ? TDRT_LITERAL_TOO_LONG : judge(s, type, 0);
}

/* By its value: those rows that have it, no other. */
static void delete_one(lot *l, int at)
{
    const tdrt_string *s = &l->strings[at];
    char sql[96];
    tdrest_stmt *stmt;
    int64_t affected = 0, expected = 0;
    int rc;

    snprintf(sql, sizeof sql, "DELETE FROM s_tags_%zu WHERE g=? AND ts>=:from AND ts<:to", l->kind);
    stmt = tdrt_prepare(l->run, sql);
    rc = bind(stmt, 0, kinds[l->kind].type, s);
    if (tdrt_judged(l->run, s, judge_in_expression(s, kinds[l->kind].type), rc, "DELETE")) {
        for (int i = 0; i < LOT; i++)
            if (l->strings[i].is_sent && !l->is_deleted[i] && l->strings[i].len == s->len && (s->len == 0 || memcmp(l->strings[i].p, s->p, s->len) == 0))
                l->is_deleted[i] = (int)++expected;
        if (tdrest_stmt_bind_time(stmt, 1, l->from, TDREST_MS) != TDREST_OK || tdrest_stmt_bind_time(stmt, 2, l->from + LOT, TDREST_MS) != TDREST_OK)
            rc = TDREST_EBIND;
        if (rc == TDREST_OK)
            rc = tdrest_stmt_run(stmt, NULL, &affected);
        tdrt_check_string(l->run, rc == TDREST_OK && affected == expected, s, "not deleted by its tag");
    }
    tdrest_stmt_free(stmt);
}

/* JSON is compared by its members, which is another matter. */
static void delete_some(lot *l)
{
    for (int i = 0; i < 2 && kinds[l->kind].type != TDREST_TYPE_JSON; i++)
        delete_one(l, (int)tdrt_random(l->run, LOT));
}

/* ---- a lot ---- */

static int64_t tables, rows;

static void one_lot(tdrt_run *run, size_t kind)
{
    static lot l;
    int is_described = (int)tdrt_random(run, 2);

    l.run = run;
    l.kind = kind;
    l.from = run->key;
    memset(l.is_deleted, 0, sizeof l.is_deleted);
    for (int i = 0; i < LOT; i++)
        tdrt_make(run, kinds[kind].flavour, is_described ? 70000 : kinds[kind].most, &l.strings[i]);
    write_lot(&l, is_described);
    read_back(&l);
    delete_some(&l);
    read_back(&l);
    for (int i = 0; i < LOT; i++) {
        tables += l.strings[i].is_sent;
        rows += l.strings[i].is_sent && !l.is_deleted[i];
    }
    tdrt_drop(l.strings, LOT);
}

void tdrt_tags(tdrt_run *run)
{
    for (size_t kind = 0; kind < COUNT_OF(kinds); kind++)
        one_lot(run, kind);
}

void tdrt_count_tags(tdrt_run *run, int64_t *made)
{
    int64_t count = 0;
    char sql[64];

    for (size_t kind = 0; kind < COUNT_OF(kinds); kind++) {
        snprintf(sql, sizeof sql, "select count(*) from s_tags_%zu", kind);
        count += tdrt_number(run, sql);
    }
    tdrt_check(run, count == rows, "tables with tags have %" PRId64 " rows instead of %" PRId64, count, rows);
    *made = tables;
}
