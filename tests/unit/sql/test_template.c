/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Statements with placeholders: where they stand, what for, INSERT's outline, every refusal with its place. */
#include "test.h"

#include "sql/template.h"

#define TEXT(literal) literal, sizeof(literal) - 1

static tdri_template tpl;
static tdrest_error err;

static int read_template(const char *sql, size_t len)
{
    tdri_template_init(&tpl, &tdri_mem_default);
    tdri_err_reset(&err);
    return tdri_template_read(&tpl, sql, len, 1 << 20, &err);
}

/* Each placeholder as role, parameter and item ("V2.0": the parameter 2, the first item of the row), l for lists of IN, k and n for keys and table names, B and b for blanks. */
static void describe(char *out, size_t cap)
{
    static const char roles[] = "TVGE";
    size_t used = 0;

    out[0] = '\0';
    for (size_t i = 0; i < tpl.placeholder_count; i++) {
        const tdri_placeholder *h = &tpl.placeholders[i];

        used += (size_t)snprintf(out + used, cap - used, "%s%s%c", i == 0 ? "" : " ", h->blank_before ? "B" : "", roles[h->role]);
        if (h->param >= 0)
            used += (size_t)snprintf(out + used, cap - used, "%d", h->param);
        if (h->item >= 0)
            used += (size_t)snprintf(out + used, cap - used, ".%d", h->item);
        used += (size_t)snprintf(out + used, cap - used, "%s%s%s%s", h->is_list ? "l" : "", h->is_key ? "k" : "", h->is_table ? "n" : "", h->blank_behind ? "b" : "");
    }
}

typedef struct shape_case {
    const char *sql;
    const char *head; /* the table's clause; NULL: not an INSERT of rows */
    const char *placeholders;
} shape_case;

static void shapes(void)
{
    static const shape_case cases[] = {
        {"INSERT INTO ? USING meters TAGS(?,?) VALUES(?,?)", "? USING meters TAGS(?,?) VALUES", "T G0.0 G1.1 V2.0k V3.1"},
        {"insert into t values (?,?)", "t values ", "V0.0k V1.1"},
        {"INSERT INTO t (ts, v) VALUES (?, ?)", "t (ts, v) VALUES ", "V0.0 V1.1"},
        {"IMPORT INTO db.? VALUES (?);", "db.? VALUES ", "T V0.0k"},
        {"INSERT INTO `a.b`.`T?` VALUES (?, '?', \"?\", `?`, 1)", "`a.b`.`T?` VALUES ", "V0.0k"},
        {"INSERT INTO m (tbname, ts, g) VALUES (?, ?, ?)", "m (tbname, ts, g) VALUES ", "V0.0n V1.1 V2.2"},
        {"INSERT INTO m (ts, `tbname`) VALUES (1, ?)", "m (ts, `tbname`) VALUES ", "V0.1n"},
        {"INSERT INTO m (`TBNAME`, ts) VALUES (?, ?)", "m (`TBNAME`, ts) VALUES ", "V0.0 V1.1"},
        {"INSERT INTO ? (ts,v) USING s (g) TAGS (?) VALUES (?,?)", "? (ts,v) USING s (g) TAGS (?) VALUES ", "T G0.0 V1.0 V2.1"},
        {"INSERT INTO ? USING s TAGS (1, ?) (ts,v) VALUES (?,?)", "? USING s TAGS (1, ?) (ts,v) VALUES ", "T G0.1 V1.0 V2.1"},
        {"INSERT INTO ? USING s TAGS (?) TTL 30 COMMENT 'it' VALUES (?)", "? USING s TAGS (?) TTL 30 COMMENT 'it' VALUES ", "T G0.0 V1.0k"},
        {"INSERT INTO t VALUES (:ts, :v, :v, :w)", "t VALUES ", "V0.0k V1.1 V1.2 V2.3"},
        {"INSERT INTO t VALUES (:v, ?, :v)", "t VALUES ", "V0.0k V1.1 V0.2"},
        {"INSERT INTO t VALUES (?+1s, NOW)", "t VALUES ", "V0b"},
        {"INSERT INTO t VALUES (now, abs(?), -?)", "t VALUES ", "V0 BV1"},
        {"INSERT INTO ? VALUES (NOW, 1)", "? VALUES ", "T"},
        {"INSERT INTO t VALUES (1, 2)", "t VALUES ", ""},
        {"INSERT INTO t VALUES (?,?)(?,?)", NULL, "E0 E1 E2 E3"},
        {"INSERT INTO a VALUES (?) b VALUES (?)", NULL, "E0 E1"},
        {"INSERT INTO t SELECT * FROM s WHERE v > ?", NULL, "E0"},
        {"INSERT INTO t (SELECT * FROM s WHERE v > ?)", NULL, "E0"},
        {"INSERT INTO t VALUES (?,)", NULL, "E0"},
        {"INSERT INTO t VALUES ()", NULL, ""},
        {"INSERT INTO t VALUES (?", NULL, "E0"},
        {"INSERT INTO t FILE ?", NULL, "E0"},
        {"INSERT t VALUES (?)", NULL, "E0"},
        {"INSERT INTO t TAGS (?) VALUES (?)", NULL, "E0 E1"},
        {"INSERT INTO a.b.c VALUES (?)", NULL, "E0"},
        {"SELECT * FROM t WHERE a=? AND b = :b AND c<:b", NULL, "BE0 E1 BE1"},
        {"SELECT a-? FROM t", NULL, "BE0"},
        {"DELETE FROM t WHERE ts<?", NULL, "BE0"},
        {"SELECT v FROM t WHERE v IN (?) AND w not in( :w/**/)OR x In(\n?\t)", NULL, "E0l E1l E2l"},
        {"SELECT v FROM t WHERE v IN (?,?) OR v IN ((?)) OR v IN (-?) OR v IN (?+1) OR v=(?)", NULL, "E0 E1 E2 BE3 E4b E5"},
        {"SELECT `in`(?), 'in'(?), inn(?), in ?", NULL, "E0 E1 E2 E3"},
        {"select ? -- a ? in a comment, don't\n, /* ? */ ?", NULL, "E0 E1"},
        {"select '?' \"?\" `?` ':a' a->'?', 1:2, a::int", NULL, ""},
    };
    char placeholders[256];

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const shape_case *c = &cases[i];
        int rc = read_template(c->sql, strlen(c->sql));

        CHECK(rc == TDREST_OK, "%s: %s", c->sql, err.message);
        if (rc != TDREST_OK)
            continue;
        describe(placeholders, sizeof placeholders);
        CHECK(strcmp(placeholders, c->placeholders) == 0, "%s: %s, expected %s", c->sql, placeholders, c->placeholders);
        CHECK(tpl.is_rows == (c->head != NULL), "%s: rows %d", c->sql, tpl.is_rows);
        if (c->head != NULL)
            CHECK(strlen(c->head) == tpl.row_at - tpl.clause_at && memcmp(tpl.text.data + tpl.clause_at, c->head, strlen(c->head)) == 0, "%s: head %.*s",
                  c->sql, (int)(tpl.row_at - tpl.clause_at), tpl.text.data + tpl.clause_at);
        tdri_template_clear(&tpl);
    }
}

static void refusals(void)
{
    static const struct { const char *sql; size_t len; int64_t offset; const char *part; } cases[] = {
        {TEXT("select ?1"), 7, "placeholder"}, {TEXT("select ?a"), 7, "placeholder"},
        {TEXT("select * from ?"), 14, "value"}, {TEXT("select * /* ? */ from -- x\n ?"), 28, "value"}, {TEXT("INSERT INTO ? SELECT 1"), 12, "value"},
        {TEXT("INSERT INTO ? USING ? TAGS(1) VALUES(1)"), 12, "value"}, {TEXT("INSERT INTO t USING ? TAGS(1) VALUES(1)"), 20, "value"}, {TEXT("select a.? from t"), 9, "value"},
        {TEXT("select ?.a from t"), 7, "value"}, {TEXT("INSERT INTO ?.t VALUES (1)"), 12, "value"}, {TEXT("DESCRIBE ?"), 9, "value"}, {TEXT("INSERT INTO ? VALUES (1) (2)"), 12, "value"},
        {TEXT("DROP TABLE :t"), 11, "value"}, {TEXT("INSERT INTO ? USING s VALUES (1)"), 12, "value"},
        {TEXT("INSERT INTO t (a, b) VALUES (?)"), 28, "as many values"}, {TEXT("INSERT INTO t USING s (g) TAGS (1,2) VALUES (?)"), 23, "as many values"},
        {TEXT("INSERT INTO t USING s TAGS (:x) VALUES (:x)"), 40, "use two"},
        {TEXT("select '?"), 7, "not closed"}, {TEXT("select `?"), 7, "not closed"}, {TEXT("select ? ; select ?"), 11, "after the `;`"}, {TEXT("select ?\0"), 8, "NUL"},
        {TEXT("select 1 /* ?"), 9, "not closed"}, {TEXT("  "), 2, "no statement"},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int rc = read_template(cases[i].sql, cases[i].len);

        CHECK(rc == TDREST_EUSAGE && err.offset == cases[i].offset && strstr(err.message, cases[i].part) != NULL, "%s: %d at %" PRId64 ": %s",
              cases[i].sql, rc, err.offset, err.message);
        CU_ASSERT(tpl.placeholders == NULL && tpl.params == NULL && tpl.text.data == NULL);
    }
}

static void too_many(void)
{
    static char sql[3 * TDRI_PLACEHOLDERS_MAX + 64];
    size_t len = (size_t)snprintf(sql, sizeof sql, "select ?");

    for (int i = 1; i < TDRI_PLACEHOLDERS_MAX; i++, len += 2)
        memcpy(sql + len, ",?", 3);
    CHECK_INT(read_template(sql, len), TDREST_OK);
    CHECK_INT(tpl.param_count, TDRI_PLACEHOLDERS_MAX);
    tdri_template_clear(&tpl);
    memcpy(sql + len, ",?", 3);
    CHECK_INT(read_template(sql, len + 2), TDREST_EUSAGE);
    CHECK_INT(err.offset, len + 1);
}

static const char *span_text(tdri_span span, char out[64])
{
    snprintf(out, 64, "%.*s", (int)span.len, span.len == 0 ? "" : tpl.text.data + span.at);
    return out;
}

static void targets(void)
{
    static const struct { const char *sql, *database, *target, *columns, *tags; size_t tag_count, value_count; } cases[] = {
        {"INSERT INTO ? USING db.meters (a,`B`) TAGS (?,2) VALUES (?,3,4)", "db", "meters", "", "a,`B`", 2, 3},
        {"INSERT INTO x.t (ts , v) VALUES (f(1,2), ?)", "x", "t", "ts , v", "", 0, 2},
        {"INSERT INTO x.? VALUES (?)", "x", "", "", "", 0, 1},
        {"INSERT INTO x.t USING s TAGS (1) VALUES (?)", "", "s", "", "", 1, 1},
        {"SELECT ?", "", "", "", "", 0, 0},
    };
    char text[64];

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CHECK_INT(read_template(cases[i].sql, strlen(cases[i].sql)), TDREST_OK);
        CHECK_TEXT(span_text(tpl.database, text), cases[i].database);
        CHECK_TEXT(span_text(tpl.target, text), cases[i].target);
        CHECK_TEXT(span_text(tpl.columns, text), cases[i].columns);
        CHECK_TEXT(span_text(tpl.tags, text), cases[i].tags);
        CHECK_INT(tpl.tag_count, cases[i].tag_count);
        CHECK_INT(tpl.value_count, cases[i].value_count);
        tdri_template_clear(&tpl);
    }
}

static void names(void)
{
    static const struct { size_t index; const char *name; int is; } cases[] = {
        {0, "ts", 1}, {0, "TS", 0}, {0, "t", 0}, {0, "tss", 0}, {1, "B`c", 1}, {1, "b`c", 0}, {1, "B``c", 0}, {2, "v1", 1}, {2, "", 0},
    };
    const char *sql = "INSERT INTO t (Ts, `B``c` ,V1) VALUES (?,?,?)";
    tdri_span name;
    size_t pos = 0, count = 0;

    CHECK_INT(read_template(sql, strlen(sql)), TDREST_OK);
    for (; tdri_template_name(&tpl, tpl.columns, &pos, &name); count++)
        for (size_t i = 0; i < COUNT_OF(cases); i++)
            if (cases[i].index == count)
                CHECK(tdri_template_name_is(&tpl, name, cases[i].name, strlen(cases[i].name)) == cases[i].is, "%zu and %s", count, cases[i].name);
    CHECK_INT(count, 3);
    tdri_template_clear(&tpl);
}

static void moments(void)
{
    static const struct { const char *sql; int says_now; } cases[] = {
        {"INSERT INTO t VALUES (NOW, ?)", 1}, {"INSERT INTO t VALUES (now(), ?)", 1}, {"INSERT INTO t VALUES ('Today()', ?)", 1}, {"INSERT INTO t VALUES (\"now+1s\", ?)", 1},
        {"INSERT INTO t VALUES (?, 'no')", 0}, {"INSERT INTO t VALUES (?, ?) -- now", 0}, {"INSERT INTO `now` VALUES (1, ?)", 0},
        {"INSERT INTO t VALUES (' now', ?)", 1}, {"INSERT INTO t VALUES ('\\tNOW', ?)", 1}, {"INSERT INTO t VALUES (\"\\n today()\", ?)", 1},
        {"INSERT INTO t VALUES ('n\\ow', ?)", 1}, {"INSERT INTO t VALUES (`now`(), ?)", 1}, {"INSERT INTO t (ts, `now`) VALUES (?, ?)", 0},
        {"INSERT INTO t VALUES (?, 'nowhere')", 0}, {"INSERT INTO t VALUES (?, nowhere)", 0}, {"INSERT INTO t VALUES (?, 'it is now')", 0},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CHECK_INT(read_template(cases[i].sql, strlen(cases[i].sql)), TDREST_OK);
        CHECK(tpl.says_now == cases[i].says_now, "%s", cases[i].sql);
        tdri_template_clear(&tpl);
    }
}

CU_TestInfo tdrt_template[] = {
    {"shapes", shapes},
    {"refusals", refusals},
    {"too many placeholders", too_many},
    {"targets", targets},
    {"names of a list", names},
    {"NOW and TODAY", moments},
    CU_TEST_INFO_NULL,
};
