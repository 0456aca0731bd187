/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Strings as values of columns, by rows and by whole columns, to three tables in each run; and found again by their value. */
#include "inject.h"

enum { LOT = 240, TABLES = 3, FOUND = 4 };

typedef struct kind {
    const char *name, *column;
    int type;
    enum tdrt_flavour flavour;
    size_t most;           /* bytes or characters of the column */
    int must_be_described; /* else the server would change the value, or it needs the precision */
    int (*bind)(tdrest_stmt *stmt, int index, const tdrt_string *s);
} kind;

static int bind_text(tdrest_stmt *stmt, int index, const tdrt_string *s)
{
    return tdrest_stmt_bind_text(stmt, index, s->p, s->len);
}

static int bind_bytes(tdrest_stmt *stmt, int index, const tdrt_string *s)
{
    return tdrest_stmt_bind_bytes(stmt, index, s->p, s->len);
}

static int bind_nchar(tdrest_stmt *stmt, int index, const tdrt_string *s)
{
    return tdrest_stmt_bind_nchar(stmt, index, s->p, s->len);
}

static int bind_varbinary(tdrest_stmt *stmt, int index, const tdrt_string *s)
{
    return tdrest_stmt_bind_varbinary(stmt, index, s->p, s->len);
}

static int bind_decimal(tdrest_stmt *stmt, int index, const tdrt_string *s)
{
    return tdrest_stmt_bind_decimal_text(stmt, index, s->p, s->len);
}

static int bind_time(tdrest_stmt *stmt, int index, const tdrt_string *s)
{
    return tdrest_stmt_bind_time_text(stmt, index, s->p, s->len);
}

static const kind kinds[] = {
    {"varchar", "varchar(65517)", TDREST_TYPE_VARCHAR, TDRT_BYTES, 65517, 0, bind_text},
    {"bytes", "varchar(65517)", TDREST_TYPE_VARCHAR, TDRT_BYTES, 65517, 0, bind_bytes},
    {"nchar", "nchar(16379)", TDREST_TYPE_NCHAR, TDRT_TEXT, 16379, 0, bind_nchar},
    {"varbinary", "varbinary(65517)", TDREST_TYPE_VARBINARY, TDRT_BYTES, 65517, 0, bind_varbinary},
    {"decimal", "decimal(38,10)", TDREST_TYPE_DECIMAL, TDRT_DECIMAL, 0, 1, bind_decimal},
    {"time", "timestamp", TDREST_TYPE_TIMESTAMP, TDRT_TIME, 0, 1, bind_time},
};

static int64_t written[COUNT_OF(kinds)][TABLES];

void tdrt_make_tables(tdrt_run *run)
{
    static const char *const tags[] = {"varchar(16382)", "nchar(4000)", "varbinary(16382)", "json"};
    char sql[160];

    for (size_t k = 0; k < COUNT_OF(kinds); k++)
        for (int t = 0; t < TABLES; t++) {
            snprintf(sql, sizeof sql, "create table t_%s_%d (ts timestamp, c %s)", kinds[k].name, t, kinds[k].column);
            tdrt_exec(run, sql);
        }
    for (size_t k = 0; k < COUNT_OF(tags); k++) {
        snprintf(sql, sizeof sql, "create stable s_tags_%zu (ts timestamp, v int) tags (g %s)", k, tags[k]);
        tdrt_exec(run, sql);
    }
    tdrt_exec(run, "create stable s_names (ts timestamp, v int) tags (g varchar(192))");
}

/* ---- judging ---- */

static enum tdrt_reason judge(const kind *k, const tdrt_string *s, int is_described)
{
    char text[TDRT_DECIMAL_ROOM];
    size_t most = is_described ? k->most : 0;
    int64_t ms;

    switch (k->type) {
    case TDREST_TYPE_NCHAR: return tdrt_judge_nchar(s, most);
    case TDREST_TYPE_VARBINARY: return tdrt_judge_binary(s, most);
    case TDREST_TYPE_DECIMAL: return tdrt_judge_decimal(s, text);
    case TDREST_TYPE_TIMESTAMP: return tdrt_judge_time(s, &ms);
    default: return tdrt_judge_text(s, most);
    }
}

static int is_equal(tdrest_result *res, const kind *k, const tdrt_string *s)
{
    char text[TDRT_DECIMAL_ROOM];
    const void *bytes = NULL;
    size_t len = 0;
    int64_t ms, got = 0;

    switch (k->type) {
    case TDREST_TYPE_DECIMAL:
        (void)tdrt_judge_decimal(s, text);
        return tdrest_result_text(res, 0, (const char **)&bytes, &len) == TDREST_OK && strcmp((const char *)bytes, text) == 0;
    case TDREST_TYPE_TIMESTAMP:
        (void)tdrt_judge_time(s, &ms);
        return tdrest_result_time(res, 0, &got, NULL) == TDREST_OK && got == ms;
    default:
        return tdrest_result_bytes(res, 0, &bytes, &len) == TDREST_OK && len == s->len && (len == 0 || memcmp(bytes, s->p, len) == 0);
    }
}

/* ---- writing ---- */

typedef struct lot {
    tdrt_run *run;
    const kind *kind;
    tdrest_stmt *stmt;
    int is_described;
    int64_t from; /* the first key */
    tdrt_string strings[LOT];
} lot;

/* String i goes to table i % TABLES. */
static int set_table(lot *l, int table)
{
    char name[32];
    int rc;

    snprintf(name, sizeof name, "t_%s_%d", l->kind->name, table);
    rc = tdrest_stmt_set_table(l->stmt, name, TDREST_CSTR);
    return tdrt_check(l->run, rc == TDREST_OK, "%s: %s", name, tdrest_stmt_error(l->stmt)->message);
}

static void write_rows(lot *l)
{
    for (int i = 0; i < LOT; i++) {
        tdrt_string *s = &l->strings[i];
        int rc = set_table(l, i % TABLES) ? l->kind->bind(l->stmt, 1, s) : TDREST_EUSAGE;

        s->is_sent = tdrt_judged(l->run, s, judge(l->kind, s, l->is_described), rc, l->kind->name);
        if (!s->is_sent)
            continue;
        rc = tdrest_stmt_bind_time(l->stmt, 0, s->key, TDREST_MS);
        if (rc == TDREST_OK)
            rc = tdrest_stmt_add_row(l->stmt);
        tdrt_check(l->run, rc == TDREST_OK || rc == TDREST_FULL, "row: %s", tdrest_stmt_error(l->stmt)->message);
    }
}

/* The strings of a table as two columns, bytes one behind the other. */
typedef struct columns {
    tdrt_string *rows[LOT];
    size_t count;
    int64_t keys[LOT];
    uint32_t offset[LOT + 1], length[LOT];
    char *bytes;
} columns;

static void fill(columns *c)
{
    size_t len = 0;

    for (size_t i = 0; i < c->count; i++)
        len += c->rows[i]->len;
    c->bytes = (char *)realloc(c->bytes, len + 1);
    if (c->bytes == NULL)
        abort();
    len = 0;
    for (size_t i = 0; i < c->count; i++) {
        c->keys[i] = c->rows[i]->key;
        c->offset[i] = (uint32_t)len;
        c->length[i] = (uint32_t)c->rows[i]->len;
        memcpy(c->bytes + len, c->rows[i]->p, c->rows[i]->len);
        len += c->rows[i]->len;
    }
    c->offset[c->count] = (uint32_t)len;
}

/* All or nothing: TDREST_OK, or the refusal of the first string that has a reason, whose row is told. */
static int add_columns(lot *l, const columns *c, int without_lengths)
{
    tdrest_column ts = TDREST_COLUMN(TDREST_TYPE_TIMESTAMP, c->keys, (int64_t)c->count),
                  v = TDREST_TEXT_COLUMN(l->kind->type, c->bytes, c->offset, without_lengths ? NULL : c->length, (int64_t)c->count);
    int rc;

    ts.precision = TDREST_MS;
    rc = tdrest_stmt_bind_null(l->stmt, 1); /* of columns refused before, which may have been longer */
    if (rc == TDREST_OK)
        rc = tdrest_stmt_bind_column(l->stmt, 0, &ts);
    if (rc == TDREST_OK)
        rc = tdrest_stmt_bind_column(l->stmt, 1, &v);
    if (rc == TDREST_OK)
        rc = tdrest_stmt_add_row(l->stmt);
    return rc == TDREST_FULL ? TDREST_OK : rc;
}

/* One table's strings; those that are refused are taken out one by one. before: rows that the statement has already. The rows added. */
static size_t write_columns(lot *l, int table, size_t before)
{
    static columns c;
    size_t bad = 0;
    int rc;

    c.count = 0;
    for (int i = table; i < LOT; i += TABLES)
        c.rows[c.count++] = &l->strings[i];
    for (;;) {
        fill(&c);
        rc = set_table(l, table) ? add_columns(l, &c, table == 1) : TDREST_EUSAGE;
        if (rc == TDREST_OK)
            break;
        while (bad < c.count && judge(l->kind, c.rows[bad], l->is_described) == TDRT_FINE)
            bad++;
        if (!tdrt_check(l->run, bad < c.count && tdrest_stmt_error(l->stmt)->row == (int64_t)(before + bad), "row %zu of a column: %s", before + bad,
                        tdrest_stmt_error(l->stmt)->message))
            return 0;
        (void)tdrt_judged(l->run, c.rows[bad], judge(l->kind, c.rows[bad], l->is_described), rc, l->kind->name);
        memmove(&c.rows[bad], &c.rows[bad + 1], (--c.count - bad) * sizeof c.rows[0]);
    }
    for (size_t i = 0; i < c.count; i++)
        c.rows[i]->is_sent = tdrt_judged(l->run, c.rows[i], judge(l->kind, c.rows[i], l->is_described), TDREST_OK, l->kind->name);
    return c.count;
}

static void send(lot *l)
{
    int64_t affected = 0, sent = 0;
    int rc = tdrest_stmt_run(l->stmt, NULL, &affected);

    for (int i = 0; i < LOT; i++) {
        sent += l->strings[i].is_sent;
        written[l->kind - kinds][i % TABLES] += l->strings[i].is_sent;
    }
    tdrt_check(l->run, rc == TDREST_OK && affected == sent, "%s: %" PRId64 " rows of %" PRId64 ": %s", l->kind->name, affected, sent,
               tdrest_stmt_error(l->stmt)->message);
}

/* ---- reading ---- */

static void read_back(lot *l, int table)
{
    char sql[160];
    tdrest_result *res;

    snprintf(sql, sizeof sql, "select c from t_%s_%d where ts >= %" PRId64 " and ts < %" PRId64 " order by ts", l->kind->name, table, l->from, l->from + LOT);
    res = tdrt_rows(l->run, sql);
    for (int i = table; res != NULL && i < LOT; i += TABLES)
        if (l->strings[i].is_sent)
            tdrt_check_string(l->run, tdrest_result_next(res) == TDREST_ROW && is_equal(res, l->kind, &l->strings[i]), &l->strings[i], "not read back");
    if (res != NULL)
        tdrt_check(l->run, tdrest_result_next(res) == TDREST_DONE, "%s: more rows than were written: %s", sql, tdrest_result_error(res)->message);
    tdrest_result_free(res);
}

static int is_same(const tdrt_string *a, const tdrt_string *b)
{
    return a->len == b->len && (a->len == 0 || memcmp(a->p, b->p, a->len) == 0);
}

/* The value as a parameter of WHERE finds the rows that have it, no other. */
static void find(lot *l, int at)
{
    const tdrt_string *s = &l->strings[at];
    tdrest_stmt *stmt;
    tdrest_result *res = NULL;
    int64_t expected = 0, found = 0;
    char sql[160];
    int rc;

    for (int i = at % TABLES; i < LOT; i += TABLES)
        expected += l->strings[i].is_sent && is_same(s, &l->strings[i]);
    snprintf(sql, sizeof sql, "SELECT ts FROM t_%s_%d WHERE c=? AND ts>=? AND ts<?", l->kind->name, at % TABLES);
    stmt = tdrt_prepare(l->run, sql);
    rc = l->kind->bind(stmt, 0, s);
    /* Literals of bytes are shorter there than in INSERT. */
    if (!tdrt_judged(l->run, s, l->kind->type == TDREST_TYPE_VARBINARY && s->len > 32763 ? TDRT_LITERAL_TOO_LONG : judge(l->kind, s, 0), rc, "WHERE"))
        goto done;
    if (tdrest_stmt_bind_time(stmt, 1, l->from, TDREST_MS) != TDREST_OK || tdrest_stmt_bind_time(stmt, 2, l->from + LOT, TDREST_MS) != TDREST_OK)
        rc = TDREST_EBIND;
    if (rc == TDREST_OK)
        rc = tdrest_stmt_query(stmt, NULL, &res);
    while (rc == TDREST_OK && tdrest_result_next(res) == TDREST_ROW)
        found++;
    tdrt_check_string(l->run, rc == TDREST_OK && found == expected, s, "not found by its value");
done:
    tdrest_result_free(res);
    tdrest_stmt_free(stmt);
}

/* ---- a lot ---- */

/* What the server alone would refuse is not sent where the library does not know the column. */
static void make_strings(lot *l)
{
    size_t most = l->kind->most == 0 || l->is_described ? 70000 : l->kind->most;

    for (int i = 0; i < LOT; i++)
        tdrt_make(l->run, l->kind->flavour, most, &l->strings[i]);
}

static void one_lot(tdrt_run *run, const kind *k, int by_column, int is_described)
{
    static lot l;
    size_t rows = 0;

    l.run = run;
    l.kind = k;
    l.is_described = is_described || k->must_be_described;
    l.from = run->key;
    make_strings(&l);
    l.stmt = tdrt_prepare(run, "INSERT INTO ? VALUES(?,?)");
    if (l.is_described && set_table(&l, 0))
        tdrt_check(run, tdrest_stmt_describe(l.stmt, NULL) == TDREST_OK, "describe: %s", tdrest_stmt_error(l.stmt)->message);
    for (int table = 0; by_column && table < TABLES; table++)
        rows += write_columns(&l, table, rows);
    if (!by_column)
        write_rows(&l);
    send(&l);
    for (int table = 0; table < TABLES; table++)
        read_back(&l, table);
    for (int i = 0; i < FOUND && k->flavour <= TDRT_TEXT; i++)
        find(&l, (int)tdrt_random(run, LOT));
    tdrest_stmt_free(l.stmt);
    tdrt_drop(l.strings, LOT);
}

void tdrt_values(tdrt_run *run)
{
    for (size_t k = 0; k < COUNT_OF(kinds); k++)
        for (int by_column = 0; by_column < (kinds[k].type == TDREST_TYPE_TIMESTAMP ? 1 : 2); by_column++)
            one_lot(run, &kinds[k], by_column, (int)tdrt_random(run, 2));
}

void tdrt_count_values(tdrt_run *run)
{
    char sql[96];
    int64_t count;

    for (size_t k = 0; k < COUNT_OF(kinds); k++)
        for (int t = 0; t < TABLES; t++) {
            snprintf(sql, sizeof sql, "select count(*) from t_%s_%d", kinds[k].name, t);
            count = tdrt_number(run, sql);
            tdrt_check(run, count == written[k][t], "%s: %" PRId64 " instead of %" PRId64, sql, count, written[k][t]);
        }
}
