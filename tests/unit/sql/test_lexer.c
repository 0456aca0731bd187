/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The server's token rules: tokens, the text to be sent, every refusal with its place, scripts cut into statements. */
#include "test.h"

#include "base/sizes.h"
#include "sql/lexer.h"

/* A text with its length, for those with NULs. */
#define TEXT(literal) literal, sizeof(literal) - 1

typedef struct token_case {
    const char *text;
    const char *tokens; /* a letter for each kind, and its bytes */
} token_case;

static void write_tokens(const char *text, size_t len, char *out, size_t cap)
{
    static const char letters[] = "es-HSNw;.O";
    size_t pos = 0, used = 0;

    out[0] = '\0';
    for (;;) {
        size_t before = pos;
        tdri_sql_token token = tdri_sql_token_next(text, len, &pos);

        CHECK(token.offset == before && token.offset + token.len == pos, "%s: a gap at %zu", text, before);
        if (token.kind == TDRI_SQL_END)
            break;
        used += (size_t)snprintf(out + used, cap - used, "%s%c%zu", used == 0 ? "" : " ",
                                 token.kind == TDRI_SQL_STRING ? '\'' : letters[token.kind], token.len);
    }
    CHECK_INT(pos, len);
}

static void tokens(void)
{
    static const token_case cases[] = {
        {"", ""},
        {"select 1", "w6 s1 w1"},
        {" \t\r\n\f", "s5"},
        {"\v", ".1"},
        {"a\vb", "w1 .1 w1"},
        {"\xc2\xa0", "w2"},
        {"_a1.b", "w3 .1 w1"},
        {"1.5e3", "w5"},
        {"1e-5", "w2 .1 w1"},
        {"1970-01-02", "w4 .1 w2 .1 w2"},
        {"127.0.0.1", "w9"},
        {".5", ".1 w1"},
        {"0x1F,1s", "w4 .1 w2"},
        {"t.c", "w1 .1 w1"},
        {"\xe6\xb8\xa9" "a1", "w5"},
        {"?;(", ".1 ;1 .1"},
        {";;", ";1 ;1"},
        {"''", "'2"},
        {"'a''b'", "'6"},
        {"'a' 'b'", "'3 s1 '3"},
        {"'a\\'b'", "'6"},
        {"'a\\\\'b", "'5 w1"},
        {"\"a\"\"b\"c", "'6 w1"},
        {"\"a'b\"", "'5"},
        {"'a\"b'", "'5"},
        {"'a\\\nb'", "'6"},
        {"'--;/*'", "'7"},
        {"`a`", "N3"},
        {"`a``b`", "N6"},
        {"`a\\`b", "N4 w1"},
        {"`a\\``b`", "N7"},
        {"`'\";--/*`", "N9"},
        {"'abc", "O4"},
        {"'abc\\", "O5"},
        {"'abc\\'", "O6"},
        {"'abc''", "O6"},
        {"x`", "w1 O1"},
        {"\"", "O1"},
        {"--", "-2"},
        {"-- a;'\nb", "-6 s1 w1"},
        {"--\n", "-2 s1"},
        {"7--5", "w1 -3"},
        {"7- -5", "w1 .1 s1 .1 w1"},
        {"7---5", "w1 -4"},
        {"7-(-5)", "w1 .1 .1 .1 w1 .1"},
        {"- -", ".1 s1 .1"},
        {"-", ".1"},
        {"#a", ".1 w1"},
        {"//a", ".1 .1 w1"},
        {"/", ".1"},
        {"/**/", "-4"},
        {"/*/", "O3"},
        {"/*/*/", "-5"},
        {"/* /* */ */", "-8 s1 .1 .1"},
        {"/*';*/x", "-6 w1"},
        {"/* -- */x", "-8 w1"},
        {"/*", "O2"},
        {"/* a *", "O6"},
        {"-- /*\nx", "-5 s1 w1"},
        {"/*+ h() */", "H10"},
        {"/*+*/", "H5"},
        {"/*+/", "O4"},
        {"/*++*/", "H6"},
        {"/* +*/", "-6"},
        {"a\\'b'", "w1 .1 '3"},
    };
    char seen[256];

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        write_tokens(cases[i].text, strlen(cases[i].text), seen, sizeof seen);
        CHECK(strcmp(seen, cases[i].tokens) == 0, "%s is %s, expected %s", cases[i].text, seen, cases[i].tokens);
    }
    write_tokens(TEXT("a\0'\0'"), seen, sizeof seen);
    CHECK_TEXT(seen, "w1 .1 '3");
}

typedef struct sent_case {
    const char *sql;
    const char *sent;
    enum tdri_sql_verb verb;
} sent_case;

static const sent_case sent_cases[] = {
    {"select 1", "select 1", TDRI_SQL_READS},
    {"  \r\n\t\fselect 1 \n", "select 1", TDRI_SQL_READS},
    {"select 1;", "select 1", TDRI_SQL_READS},
    {"select 1 ; \n", "select 1", TDRI_SQL_READS},
    {"select 1 /*a*/ ; -- b", "select 1", TDRI_SQL_READS},
    {"-- a\nselect 1", "select 1", TDRI_SQL_READS},
    {"/* a */select 1", "select 1", TDRI_SQL_READS},
    {"select/**/1", "select 1", TDRI_SQL_READS},
    {"select /* don't */ 'A'", "select   'A'", TDRI_SQL_READS},
    {"select 'ABC' -- don't\n, 'DEF'", "select 'ABC'  \n, 'DEF'", TDRI_SQL_READS},
    {"select 7--5", "select 7", TDRI_SQL_READS},
    {"select 7--5\n+1", "select 7 \n+1", TDRI_SQL_READS},
    {"select 7- -5", "select 7- -5", TDRI_SQL_READS},
    {"select -/**/-5", "select - -5", TDRI_SQL_READS},
    {"select '--', \"/*\", `;`;", "select '--', \"/*\", `;`", TDRI_SQL_READS},
    {"select '/* kept */', `-- kept` /* gone */ from t", "select '/* kept */', `-- kept`   from t", TDRI_SQL_READS},
    {"select `a\\b`, `a\\\\` from t", "select `a\\b`, `a\\\\` from t", TDRI_SQL_READS},
    {"select 'a\\'' from t", "select 'a\\'' from t", TDRI_SQL_READS},
    {"select /*+ batch_scan() */ 1", "select /*+ batch_scan() */ 1", TDRI_SQL_READS},
    {"SeLeCt/*+ a() */1", "SeLeCt/*+ a() */1", TDRI_SQL_READS},
    {"select -- a\n /*+ a() */ 1", "select  \n /*+ a() */ 1", TDRI_SQL_READS},
    {"select /*+ a() */ /*+ b() */ 1", "select /*+ a() */   1", TDRI_SQL_READS},
    {"select 1 /*+ a() */ from t", "select 1   from t", TDRI_SQL_READS},
    {"select * from (select /*+ a() */ * from t)", "select * from (select /*+ a() */ * from t)", TDRI_SQL_READS},
    {"/*+ a() */ select 1", "select 1", TDRI_SQL_READS},
    {"select distinct /*+ don't */ 1", "select distinct   1", TDRI_SQL_READS},
    {"`select` /*+ a() */ x", "`select`   x", TDRI_SQL_OTHER_VERB},
    {"selects /*+ a() */ x", "selects   x", TDRI_SQL_OTHER_VERB},
    {"select /*+ a() */;", "select /*+ a() */", TDRI_SQL_READS},
    {"insert into t /* a */ values (1)", "insert into t   values (1)", TDRI_SQL_INSERT},
    {"INSERT into t values ('a;b')", "INSERT into t values ('a;b')", TDRI_SQL_INSERT},
    {"import into t values (1)", "import into t values (1)", TDRI_SQL_INSERT},
    {"SHOW tables", "SHOW tables", TDRI_SQL_READS},
    {"describe t", "describe t", TDRI_SQL_READS},
    {"desc t", "desc t", TDRI_SQL_READS},
    {"explain select 1", "explain select 1", TDRI_SQL_READS},
    {"with a as (select 1) select 1", "with a as (select 1) select 1", TDRI_SQL_READS},
    {"(select 1)", "(select 1)", TDRI_SQL_READS},
    {"select(1)", "select(1)", TDRI_SQL_READS},
    {"create database d", "create database d", TDRI_SQL_OTHER_VERB},
    {"descr t", "descr t", TDRI_SQL_OTHER_VERB},
    {"x", "x", TDRI_SQL_OTHER_VERB},
    {"'select'", "'select'", TDRI_SQL_OTHER_VERB},
    {"select 'a\xff\xc3'", "select 'a\xff\xc3'", TDRI_SQL_READS},
};

static int prepare(const char *sql, size_t len, size_t max_bytes, tdri_buf *out, enum tdri_sql_verb *verb, tdrest_error *err)
{
    tdri_err_reset(err);
    return tdri_sql_prepare(sql, len, max_bytes, out, verb, err);
}

static void sent(void)
{
    tdri_buf out;
    tdrest_error err;

    tdri_buf_init(&out, &tdri_mem_default, 1000);
    for (size_t i = 0; i < COUNT_OF(sent_cases); i++) {
        const sent_case *c = &sent_cases[i];
        enum tdri_sql_verb verb;
        int rc = prepare(c->sql, strlen(c->sql), 1000, &out, &verb, &err);

        CHECK(rc == TDREST_OK && strcmp(tdri_buf_text(&out), c->sent) == 0 && verb == c->verb,
              "%s gives %d, verb %d: %s", c->sql, rc, (int)verb, rc == TDREST_OK ? tdri_buf_text(&out) : err.message);
        rc = prepare(c->sent, strlen(c->sent), 1000, &out, NULL, &err);
        CHECK(rc == TDREST_OK && strcmp(tdri_buf_text(&out), c->sent) == 0, "%s again gives %s", c->sent, tdri_buf_text(&out));
    }
    tdri_buf_clear(&out);
}

typedef struct refused_case {
    const char *sql;
    size_t len;
    int64_t offset;
    const char *message;
} refused_case;

static void refused(void)
{
    static const refused_case cases[] = {
        {TEXT(""), 0, "no statement"},
        {TEXT(" \n"), 2, "no statement"},
        {TEXT("-- a"), 4, "no statement"},
        {TEXT("/* a */ -- b\n"), 13, "no statement"},
        {TEXT("/*+ a() */"), 10, "no statement"},
        {TEXT(";"), 0, "no statement"},
        {TEXT(" /**/ ; select 1"), 6, "no statement"},
        {TEXT("select '"), 7, "quote ' is not closed"},
        {TEXT("select 'abc\\'"), 7, "quote ' is not closed"},
        {TEXT("select 'a' \"b"), 11, "quote \" is not closed"},
        {TEXT("select `a``"), 7, "quote ` is not closed"},
        {TEXT("select 1 /* a"), 9, "comment is not closed"},
        {TEXT("select /*+ a"), 7, "comment is not closed"},
        {TEXT("/*/"), 0, "comment is not closed"},
        {TEXT("select 1; /* a"), 10, "comment is not closed"},
        {TEXT("select 1;'"), 9, "quote ' is not closed"},
        {TEXT("select 1; select 2"), 10, "after the `;`"},
        {TEXT("select 1;x"), 9, "after the `;`"},
        {TEXT("select 1; -- a\n /* b */ x 'open"), 24, "after the `;`"},
        {TEXT("select 1;;"), 9, "after the `;`"},
        {TEXT("select 1; /*a*/ ; x"), 16, "after the `;`"},
        {TEXT("select 1\0"), 8, "NUL"},
        {TEXT("\0"), 0, "NUL"},
        {TEXT("select 'a\0b'"), 9, "NUL"},
        {TEXT("select 1; -- \0"), 13, "NUL"},
        {TEXT("select `a\\`, 'B'"), 9, "backslash before a backquote"},
        {TEXT("select `a\\``b`"), 9, "backslash before a backquote"},
        {TEXT("select `a\\\\\\`, 'B'"), 11, "backslash before a backquote"},
        {TEXT("select `ok`, `a\\` /* c */"), 15, "backslash before a backquote"},
        {TEXT("select `a\\`, `b\\`"), 9, "backslash before a backquote"},
        {TEXT("select /*+ don't */ 1"), 14, "quote in a hint"},
        {TEXT("select /*+ a(\"b\") */ 1"), 13, "quote in a hint"},
        {TEXT("select /*+ `a` */ 1"), 11, "quote in a hint"},
    };
    tdri_buf out;
    tdrest_error err;

    tdri_buf_init(&out, &tdri_mem_default, 1000);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const refused_case *c = &cases[i];
        enum tdri_sql_verb verb;
        int rc = prepare(c->sql, c->len, 1000, &out, &verb, &err);

        CHECK(rc == TDREST_EUSAGE && err.code == rc && err.offset == c->offset && strstr(err.message, c->message) != NULL,
              "%s gives %d at %" PRId64 ": %s", c->sql, rc, err.offset, err.message);
        CHECK(out.len == 0 && tdri_buf_code(&out) == TDREST_OK, "%s leaves text", c->sql);
    }
    tdri_buf_clear(&out);
}

typedef struct length_case {
    const char *sql;
    size_t max;
    size_t sent;    /* bytes; 0: refused */
    int64_t offset; /* of the first byte that is too much */
} length_case;

static void too_long(void)
{
    static const length_case cases[] = {
        {"select 12", 9, 9, -1},
        {"select 12", 8, 0, 8},
        {"select 12", 0, 0, 0},
        {" \n select 12 ;\n -- a", 9, 9, -1},
        {" \n select 12 ;\n -- a", 8, 0, 11},
        {"select/* a */12", 9, 9, -1},
        {"select/* a */12", 8, 0, 14},
        {"select/* a */12", 6, 0, 6},
        {"select '/* a */' /* b */", 16, 16, -1},
        {"select '/* a */' /* b */", 15, 0, 15},
    };
    tdri_buf out;
    tdrest_error err;

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        for (int by_buffer = 0; by_buffer < 2; by_buffer++) {
            const length_case *c = &cases[i];
            int rc;

            tdri_buf_init(&out, &tdri_mem_default, by_buffer ? c->max : 1000);
            rc = prepare(c->sql, strlen(c->sql), by_buffer ? 1000 : c->max, &out, NULL, &err);
            CHECK(rc == (c->sent > 0 ? TDREST_OK : TDREST_EUSAGE) && out.len == c->sent && err.offset == c->offset,
                  "%s in %zu gives %d, %zu bytes, offset %" PRId64 ": %s", c->sql, c->max, rc, out.len, err.offset, err.message);
            tdri_buf_clear(&out);
        }
}

static void *no_alloc(void *context, size_t bytes)
{
    (void)context;
    (void)bytes;
    return NULL;
}

static void *no_resize(void *context, void *old, size_t bytes)
{
    (void)context;
    (void)old;
    (void)bytes;
    return NULL;
}

static void no_release(void *context, void *old)
{
    (void)context;
    (void)old;
}

static void out_of_memory(void)
{
    static const tdrest_allocator none = {sizeof none, NULL, no_alloc, no_resize, no_release};
    tdri_buf out;
    tdrest_error err;

    tdri_buf_init(&out, &none, 1000);
    CHECK_INT(prepare(TEXT("select 1"), 1000, &out, NULL, &err), TDREST_ENOMEM);
    CHECK_INT(err.code, TDREST_ENOMEM);
    CHECK_INT(out.len, 0);
    CHECK_INT(prepare(TEXT("select /* a */ 1"), 1000, &out, NULL, &err), TDREST_ENOMEM);
    CHECK_INT(err.code, TDREST_ENOMEM);
    tdri_buf_clear(&out);
}

typedef struct script_case {
    const char *script;
    const char *statements; /* each: line:offset[text] and ; or $ for the script's end; at last "open" with line:offset */
} script_case;

/* Runs a script through tdrest_sql_next and writes what came. */
static void write_statements(const char *script, size_t len, char *out, size_t cap)
{
    tdrest_sql_statement st = TDREST_SQL_STATEMENT_INIT;
    size_t pos = 0, used = 0, before = 0;
    int rc;

    out[0] = '\0';
    while ((rc = tdrest_sql_next(script, len, &pos, &st)) == TDREST_ROW) {
        tdrest_sql_statement alone = TDREST_SQL_STATEMENT_INIT;
        size_t again = before;

        used += (size_t)snprintf(out + used, cap - used, "%" PRId64 ":%zu[%.*s]%c", st.line, st.offset, (int)st.len,
                                 script + st.offset, st.closed ? ';' : '$');
        CHECK_INT(tdrest_sql_next(script, len, &again, &alone), TDREST_ROW);
        CHECK(alone.offset == st.offset && alone.len == st.len && alone.line == st.line && alone.closed == st.closed && again == pos, "%s: line %" PRId64 " with a new struct", script, alone.line);
        CHECK_INT(st.open | alone.open, 0);
        before = pos;
    }
    if (rc == TDREST_EUSAGE) {
        snprintf(out + used, cap - used, "%" PRId64 ":%zu%c", st.line, st.offset, st.open);
        CHECK(pos == before && st.len == 0 && st.closed == 0, "%s: an error moves on", script);
    } else {
        CHECK_INT(rc, TDREST_DONE);
        CHECK(st.len == 0 && st.open == 0 && pos == strlen(script), "%s: the end is at %zu", script, pos);
        CHECK_INT(tdrest_sql_next(script, len, &pos, &st), TDREST_DONE);
    }
}

static void scripts(void)
{
    static const script_case cases[] = {
        {"", ""},
        {" \n-- a\n/* b */", ""},
        {";;\n ; -- a\n;", ""},
        {"/*+ a() */;", ""},
        {"select 1", "1:0[select 1]$"},
        {"select 1;", "1:0[select 1];"},
        {"select 1 \n ;", "1:0[select 1];"},
        {"select 1 -- a\n ;", "1:0[select 1];"},
        {"a;b", "1:0[a];1:2[b]$"},
        {"a;\nb;\n", "1:0[a];2:3[b];"},
        {"\n\n a ;\r\n\n -- c\n b", "3:3[a];6:16[b]$"},
        {"a;;b;", "1:0[a];1:3[b];"},
        {"; a", "1:2[a]$"},
        {"a\n-- c;\n;b", "1:0[a];3:9[b]$"},
        {"a /* ;\n; */ b; c", "1:0[a /* ;\n; */ b];2:15[c]$"},
        {"'a;\nb';c", "1:0['a;\nb'];2:7[c]$"},
        {"\"a;\";c", "1:0[\"a;\"];1:5[c]$"},
        {"`a;`;c", "1:0[`a;`];1:5[c]$"},
        {"`a\\`;c", "1:0[`a\\`];1:5[c]$"},
        {"'a\\';';c", "1:0['a\\';'];1:7[c]$"},
        {"'a'';';c", "1:0['a'';'];1:7[c]$"},
        {"-- don't;\na;b", "2:10[a];2:12[b]$"},
        {"select /*+ ; */ 1; b", "1:0[select /*+ ; */ 1];1:19[b]$"},
        {"select 7--5;\n+1;", "1:0[select 7--5;\n+1];"},
        {"'", "1:0'"},
        {"a;\n 'b;", "1:0[a];2:4'"},
        {"a \"b\n;", "1:2\""},
        {"a; b\n `c", "1:0[a];2:6`"},
        {"a /* b;", "1:2*"},
        {"a;\n/*", "1:0[a];2:3*"},
        {"a; -- 'b", "1:0[a];"},
        {"select /*+ a", "1:7*"},
    };
    char seen[512];

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *script = cases[i].script;

        write_statements(script, strlen(script), seen, sizeof seen);
        CHECK(strcmp(seen, cases[i].statements) == 0, "%s gives %s, expected %s", script, seen, cases[i].statements);
        write_statements(script, TDREST_CSTR, seen, sizeof seen);
        CHECK(strcmp(seen, cases[i].statements) == 0, "%s as a C string gives %s", script, seen);
    }
}

/* An unclosed quote goes on with more text from where the statement began. */
static void continued(void)
{
    static const char script[] = "a;\nselect 'x\ny';b";
    tdrest_sql_statement st = TDREST_SQL_STATEMENT_INIT;
    size_t pos = 0;

    CHECK_INT(tdrest_sql_next(script, 12, &pos, &st), TDREST_ROW);
    CHECK_INT(tdrest_sql_next(script, 12, &pos, &st), TDREST_EUSAGE);
    CHECK(st.open == '\'' && st.offset == 10 && st.line == 2 && pos == 2, "open %c at %zu", st.open, st.offset);
    CHECK_INT(tdrest_sql_next(script, TDREST_CSTR, &pos, &st), TDREST_ROW);
    CHECK(st.offset == 3 && st.len == 12 && st.line == 2 && st.closed == 1 && st.open == 0, "%zu, %zu bytes", st.offset, st.len);
    CHECK_INT(tdrest_sql_next(script, TDREST_CSTR, &pos, &st), TDREST_ROW);
    CHECK(st.offset == 16 && st.line == 3 && st.closed == 0, "%zu in line %" PRId64, st.offset, st.line);
}

static void misuse(void)
{
    tdrest_sql_statement st = TDREST_SQL_STATEMENT_INIT;
    size_t pos = 0;

    CHECK_INT(tdrest_sql_next(NULL, TDREST_CSTR, &pos, &st), TDREST_EUSAGE);
    st.size = 0;
    CHECK_INT(tdrest_sql_next("a", TDREST_CSTR, &pos, &st), TDREST_EUSAGE);
    st.size = sizeof st + sizeof(int64_t);
    CHECK_INT(tdrest_sql_next("a", TDREST_CSTR, &pos, &st), TDREST_EUSAGE);
    for (size_t i = 0; i < tdri_sizes_sql_statement.count; i++, pos = 0) {
        st.size = tdri_sizes_sql_statement.known[i];
        CHECK_INT(tdrest_sql_next("a", TDREST_CSTR, &pos, &st), TDREST_ROW);
    }
    st.size = sizeof st;
    pos = 5;
    CHECK_INT(tdrest_sql_next("a", TDREST_CSTR, &pos, &st), TDREST_DONE);
    CHECK_INT(pos, 1);
}

/* The placeholders of a text, one behind the other; `!` and its place for one that is wrong. */
static void write_params(const char *sql, size_t len, char *out, size_t cap)
{
    size_t pos = 0, at = 0, n = 0;
    int rc;

    out[0] = '\0';
    while ((rc = tdrest_sql_next_param(sql, len, &pos, &at)) == TDREST_ROW)
        n += (size_t)snprintf(out + n, cap - n, "%.*s ", (int)(pos - at), sql + at);
    if (rc == TDREST_DONE)
        CHECK_INT(pos, strlen(sql));
    else
        snprintf(out + n, cap - n, "!%zu", at);
}

static void placeholders(void)
{
    static const struct {
        const char *sql, *expected;
    } cases[] = {
        {"", ""},
        {"select 1", ""},
        {"select ?,? from t where a=:a and b=:a", "? ? :a :a "},
        {"select ':a', \":b\", `:c`, '\\':d', '':e''", ":e "},
        {"select 1 -- :a\n, :b /* :c ? */ + /*+ :d */ :e", ":b :e "},
        {"insert into :t.:u values(:_1,:A2,:\xc3\xa9)", ":t :u :_1 :A2 :\xc3\xa9 "},
        {"select :1, : a, ::b, :c:d, x:e; select :f", ":c :d :e :f "},
        {"select :", ""},
        {"select ? ?1", "? !9"},
        {"select :a, 'b", ":a !11"},
        {"select :a /* b", ":a !10"},
    };
    char seen[128];
    size_t pos = 3, at = 7;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        write_params(cases[i].sql, TDREST_CSTR, seen, sizeof seen);
        CHECK(strcmp(seen, cases[i].expected) == 0, "%s gives %s, expected %s", cases[i].sql, seen, cases[i].expected);
    }
    CHECK_INT(tdrest_sql_next_param(NULL, 0, &pos, &at), TDREST_EUSAGE);
    CHECK(pos == 3 && at == 0, "pos %zu, at %zu", pos, at);
    CHECK_INT(tdrest_sql_next_param("?", 1, &pos, &at), TDREST_DONE);
    CHECK_INT(pos, 1);
}

CU_TestInfo tdrt_lexer[] = {
    {"tokens", tokens},
    {"text to be sent", sent},
    {"refusals", refused},
    {"length", too_long},
    {"out of memory", out_of_memory},
    {"scripts", scripts},
    {"a quote closed later", continued},
    {"misuse of tdrest_sql_next", misuse},
    {"placeholders", placeholders},
    CU_TEST_INFO_NULL,
};
