/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What may be bound where, and what becomes of it in the statement that is sent: the time of a row, lists of IN, structs of other versions, very many values. */
#include "stated.h"

#include "base/sizes.h"

static int64_t sum_of(const char *text)
{
    uint32_t sum = 1;

    for (; *text != '\0'; text++)
        sum = sum * 31 + (unsigned char)*text;
    return sum;
}

/* A SELECT is answered with a number that tells whether it is the one that was expected. */
static int answer(const tdrt_visit *visit)
{
    char body[160];

    if (tdrt_starts(visit, "m f=1"))
        return tdrt_send_answer(visit, &(tdrt_answer){.status = 204, .body = ""});
    if (!tdrt_starts(visit, "SELECT"))
        return tdrt_send_answer(visit, &(tdrt_answer){.body = TDRT_INSERTED});
    snprintf(body, sizeof body, "{\"code\":0,\"column_meta\":[[\"sum\",\"BIGINT\",8]],\"data\":[[%" PRId64 "]],\"rows\":1}", sum_of(visit->sql));
    return tdrt_send_answer(visit, &(tdrt_answer){.body = body});
}

static void begin(const char *parameters, const char *sql)
{
    begin_stmt(answer, parameters, sql);
}

/* The statement is sent as that text. */
static void is_sent(const char *sql)
{
    tdrest_result *res = NULL;
    int64_t sum = 0;

    good(tdrest_stmt_query(stmt, NULL, &res));
    CHECK(tdrest_result_next(res) == TDREST_ROW && tdrest_result_int64(res, 0, &sum) == TDREST_OK && sum == sum_of(sql), "%.200s: sent %.*s", sql,
          (int)server.counts->used, server.counts->arrived);
    tdrest_result_free(res);
}

static void arrived_once(const char *sql)
{
    CHECK(tdrt_server_arrivals(&server, sql) == 1, "%s: %.*s", sql, (int)server.counts->used, server.counts->arrived);
}

/* ---- the time of a row ---- */

/* Named columns: which of them is the time is not known, but one of them gets one. */
static void named_columns_want_a_time(void)
{
    static const char part[] = "expected a time";
    int64_t numbers[] = {1, 2};
    tdrest_column column = TDREST_COLUMN(TDREST_TYPE_BIGINT, numbers, 2);

    begin("", "INSERT INTO t (ts,v) VALUES(?,?)");
    good(tdrest_stmt_bind_int64(stmt, 0, INT64_C(1704067200000)));
    good(tdrest_stmt_bind_double(stmt, 1, 1));
    bad_at(tdrest_stmt_add_row(stmt), TDREST_EBIND, 0, 0, part);
    good(tdrest_stmt_bind_double(stmt, 0, 1704067200000.0));
    bad_at(tdrest_stmt_add_row(stmt), TDREST_EBIND, 0, 0, part);
    good(tdrest_stmt_bind_text(stmt, 0, "2024-01-01T00:00:00Z", TDREST_CSTR));
    bad_at(tdrest_stmt_run(stmt, NULL, NULL), TDREST_EBIND, 0, 0, part);
    good(tdrest_stmt_bind_null(stmt, 0));
    bad_at(tdrest_stmt_add_row(stmt), TDREST_EBIND, 0, 0, part);
    good(tdrest_stmt_bind_column(stmt, 0, &column));
    bad_at(tdrest_stmt_add_row(stmt), TDREST_EBIND, 0, 0, part);
    column.type = TDREST_TYPE_TIMESTAMP;
    column.precision = TDREST_MS;
    good(tdrest_stmt_bind_column(stmt, 0, &column));
    good(tdrest_stmt_add_row(stmt));
    good(tdrest_stmt_bind_time(stmt, 0, 3, TDREST_MS));
    good(tdrest_stmt_bind_double(stmt, 1, 2));
    good(tdrest_stmt_run(stmt, NULL, NULL));
    arrived_once("INSERT INTO t (ts,v) VALUES('1970-01-01T00:00:00.001Z',1)('1970-01-01T00:00:00.002Z',1)('1970-01-01T00:00:00.003Z',2)");
    finish();
}

/* In any place; also where the statement's own text fills an item, which may be the time; a table's name never is. */
static void the_time_may_stand_anywhere(void)
{
    begin("", "INSERT INTO t (v,ts) VALUES(?,?)");
    good(tdrest_stmt_bind_int64(stmt, 0, 1));
    good(tdrest_stmt_bind_time(stmt, 1, 1, TDREST_MS));
    good(tdrest_stmt_run(stmt, NULL, NULL));
    arrived_once("INSERT INTO t (v,ts) VALUES(1,'1970-01-01T00:00:00.001Z')");
    prepare("INSERT INTO t (v,ts) VALUES(?,1704067200000)");
    good(tdrest_stmt_bind_int64(stmt, 0, 1));
    good(tdrest_stmt_run(stmt, NULL, NULL));
    arrived_once("INSERT INTO t (v,ts) VALUES(1,1704067200000)");
    prepare("INSERT INTO t (v,ts) VALUES(?,NOW+?)");
    good(tdrest_stmt_bind_int64(stmt, 0, 1));
    good(tdrest_stmt_bind_int64(stmt, 1, 2));
    good(tdrest_stmt_add_row(stmt));
    prepare("INSERT INTO s (tbname,ts) VALUES(?,?)");
    good(tdrest_stmt_bind_text(stmt, 0, "a", TDREST_CSTR));
    good(tdrest_stmt_bind_int64(stmt, 1, 1));
    bad_at(tdrest_stmt_add_row(stmt), TDREST_EBIND, 1, 0, "expected a time");
    good(tdrest_stmt_bind_time(stmt, 1, 1, TDREST_MS));
    good(tdrest_stmt_add_row(stmt));
    finish();
}

/* ---- lists of IN ---- */

static void lists(void)
{
    int8_t small[] = {-1, 0, 7};
    int64_t times[] = {1, -5000};
    double doubles[] = {1, 0.5};
    uint8_t flags[] = {1, 0};
    uint32_t offset[] = {0, 1, 6, 6};
    tdrest_column column = TDREST_COLUMN(TDREST_TYPE_TINYINT, small, 3), one = TDREST_COLUMN(TDREST_TYPE_TINYINT, small, 1);
    tdrest_column text = TDREST_TEXT_COLUMN(TDREST_TYPE_VARCHAR, "ait's)", offset, NULL, 3), time = TDREST_COLUMN(TDREST_TYPE_TIMESTAMP, times, 2);
    tdrest_column real = TDREST_COLUMN(TDREST_TYPE_DOUBLE, doubles, 2), flag = TDREST_COLUMN(TDREST_TYPE_BOOL, flags, 2);

    time.precision = TDREST_MS;
    begin("", "SELECT v FROM t WHERE v IN (?)");
    good(tdrest_stmt_bind_column(stmt, 0, &column));
    memset(small, 9, sizeof small); /* copied */
    is_sent("SELECT v FROM t WHERE v IN (-1,0,7)");
    is_sent("SELECT v FROM t WHERE v IN (-1,0,7)"); /* kept */
    good(tdrest_stmt_bind_column(stmt, 0, &one));
    is_sent("SELECT v FROM t WHERE v IN (9)");
    good(tdrest_stmt_bind_column(stmt, 0, &text));
    is_sent("SELECT v FROM t WHERE v IN ('a','it\\'s)','')");
    good(tdrest_stmt_bind_column(stmt, 0, &real));
    is_sent("SELECT v FROM t WHERE v IN (1.0,0.5)");
    good(tdrest_stmt_bind_column(stmt, 0, &flag));
    is_sent("SELECT v FROM t WHERE v IN (true,false)");
    good(tdrest_stmt_bind_column(stmt, 0, &time));
    is_sent("SELECT v FROM t WHERE v IN ('1970-01-01T00:00:00.001Z','1969-12-31T23:59:55.000Z')");
    good(tdrest_stmt_set_precision(stmt, TDREST_US));
    good(tdrest_stmt_bind_column(stmt, 0, &time));
    is_sent("SELECT v FROM t WHERE v IN (1000,-5000000)");
    good(tdrest_stmt_bind_int64(stmt, 0, 3)); /* a single value as ever */
    is_sent("SELECT v FROM t WHERE v IN (3)");
    prepare("SELECT v FROM t WHERE a not in(:ids) AND b In ( :ids ) AND c=:c");
    good(tdrest_stmt_bind_column(stmt, 0, &text));
    good(tdrest_stmt_bind_int64(stmt, 1, 1));
    is_sent("SELECT v FROM t WHERE a not in('a','it\\'s)','') AND b In ( 'a','it\\'s)','' ) AND c= 1");
    prepare("DELETE FROM t WHERE tbname IN (?)");
    good(tdrest_stmt_bind_column(stmt, 0, &text));
    good(tdrest_stmt_run(stmt, NULL, NULL));
    arrived_once("DELETE FROM t WHERE tbname IN ('a','it\\'s)','')");
    finish();
}

static void lists_that_are_none(void)
{
    static const char *const single[] = {
        "SELECT ?", "SELECT v FROM t WHERE v IN (?,?)", "SELECT v FROM t WHERE v IN (1,?)", "SELECT v FROM t WHERE v IN (-?)", "SELECT v FROM t WHERE v IN (?+1)",
        "SELECT v FROM t WHERE v IN ((?))", "SELECT v FROM t WHERE v=(?)", "SELECT abs(?)", "SELECT v FROM t WHERE v IN (:a) OR v=:a", "SELECT v FROM t WHERE v=:a OR v IN (:a)",
        "SELECT `in`(?)", "SELECT 'in'(?)", "SELECT v FROM t WHERE v IN ?", "INSERT INTO a VALUES(1,?) b VALUES(1,2)",
    };
    int32_t values[] = {1, 2, 3};
    uint32_t offset[] = {0, 1, 2};
    const uint8_t validity[] = {5};
    tdrest_column column = TDREST_COLUMN(TDREST_TYPE_INT, values, 3), nul = TDREST_TEXT_COLUMN(TDREST_TYPE_VARCHAR, "a\0", offset, NULL, 2);
    tdrest_column bad_utf8 = TDREST_TEXT_COLUMN(TDREST_TYPE_NCHAR, "a\xff", offset, NULL, 2), empty = TDREST_COLUMN(TDREST_TYPE_INT, values, 0);

    begin("", "SELECT 1");
    for (size_t i = 0; i < COUNT_OF(single); i++) {
        prepare(single[i]);
        bad_at(tdrest_stmt_bind_column(stmt, 0, &column), TDREST_EUSAGE, 0, -1, "expected a single value");
    }
    prepare("INSERT INTO t USING s TAGS(?) VALUES(1,?)");
    bad_at(tdrest_stmt_bind_column(stmt, 0, &column), TDREST_EUSAGE, 0, -1, "a tag is the same in all rows");
    prepare("SELECT v FROM t WHERE v IN (:list)");
    bad_at(tdrest_stmt_bind_column(stmt, 0, &empty), TDREST_EBIND, 0, -1, "parameter 0 (:list): expected at least one value");
    bad_at(tdrest_stmt_query(stmt, NULL, &(tdrest_result *){NULL}), TDREST_EBIND, 0, -1, "nothing is bound");
    column.validity = validity;
    bad_at(tdrest_stmt_bind_column(stmt, 0, &column), TDREST_EBIND, 0, 1, "parameter 0 (:list), row 1: expected a value: NULL equals nothing");
    bad_at(tdrest_stmt_query(stmt, NULL, &(tdrest_result *){NULL}), TDREST_EBIND, 0, -1, "nothing is bound");
    bad_at(tdrest_stmt_bind_column(stmt, 0, &nul), TDREST_EBIND, 0, 1, "no NUL");
    bad_at(tdrest_stmt_bind_column(stmt, 0, &bad_utf8), TDREST_EBIND, 0, 1, "UTF-8");
    bad_at(tdrest_stmt_bind_column(stmt, 0, NULL), TDREST_EUSAGE, 0, -1, "not NULL");
    finish();
}

/* Longer than a statement may be: told when it is sent. */
static void long_lists(void)
{
    static int64_t values[100000];
    tdrest_column column = TDREST_COLUMN(TDREST_TYPE_BIGINT, values, 0);

    for (size_t i = 0; i < COUNT_OF(values); i++)
        values[i] = INT64_C(1000000000000) + (int64_t)i;
    begin("", "SELECT v FROM t WHERE v IN (?)");
    column.count = 70000;
    good(tdrest_stmt_bind_column(stmt, 0, &column));
    good(tdrest_stmt_run(stmt, NULL, NULL));
    column.count = 100000;
    good(tdrest_stmt_bind_column(stmt, 0, &column));
    bad_at(tdrest_stmt_run(stmt, NULL, NULL), TDREST_EBIND, -1, -1, "more than 1048576 bytes");
    finish();
}

/* ---- columns of programs built with other versions ---- */

static void columns_of_every_version(void)
{
    int64_t times[] = {1};
    tdrest_column column = TDREST_COLUMN(TDREST_TYPE_TIMESTAMP, times, 1);

    column.precision = TDREST_MS;
    begin("", "INSERT INTO t VALUES(?)");
    for (size_t i = 0; i < tdri_sizes_column.count; i++) {
        column.size = tdri_sizes_column.known[i];
        good(tdrest_stmt_bind_column(stmt, 0, &column));
        good(tdrest_stmt_add_row(stmt));
    }
    column.size = 0;
    bad_at(tdrest_stmt_bind_column(stmt, 0, &column), TDREST_EUSAGE, 0, -1, "its size member fits no version");
    column.size = sizeof column + sizeof(void *);
    bad_at(tdrest_stmt_bind_column(stmt, 0, &column), TDREST_EUSAGE, 0, -1, "its size member fits no version");
    finish();
}

/* What a version of tdrest_call lacks has its default, whatever stands in memory there. */
static void calls_of_every_version(void)
{
    tdrest_call call;

    begin("", "INSERT INTO t VALUES(1,?)");
    for (size_t i = 0; i < tdri_sizes_call.count; i++) {
        memset(&call, -1, sizeof call);
        call.req_id = 7;
        call.timeout_ms = call.stall_timeout_ms = -1;
        call.database = call.timezone = NULL;
        call.size = tdri_sizes_call.known[i];
        if (call.size > offsetof(tdrest_call, buffered))
            call.buffered = 0;
        if (call.size > offsetof(tdrest_call, table_name_key))
            call.ttl_days = 0, call.table_name_key = NULL;
        if (call.size > offsetof(tdrest_call, retry))
            call.retry = TDREST_RETRY_OPTION, call.verify_rows = TDREST_VERIFY_OPTION;
        good(tdrest_stmt_bind_int64(stmt, 0, 1));
        good(tdrest_stmt_run(stmt, &call, NULL));
        CHECK_INT(tdrest_write(conn, TDREST_PROTOCOL_LINE, TDREST_NS, "m f=1", TDREST_CSTR, &call), TDREST_OK);
    }
    call.size = sizeof call + sizeof(void *);
    good(tdrest_stmt_bind_int64(stmt, 0, 1));
    bad_at(tdrest_stmt_run(stmt, &call, NULL), TDREST_EUSAGE, -1, -1, "which matches no version of tdrest_call");
    CHECK_INT(tdrest_write(conn, TDREST_PROTOCOL_LINE, TDREST_NS, "m f=1", TDREST_CSTR, &call), TDREST_EUSAGE);
    finish();
}

/* ---- room ---- */

/* "SELECT " and many placeholders; what they become, and what is then sent. */
static void many(const char *placeholder, size_t placeholders, const char *literal, char **sql, char **sent)
{
    char *p = *sql = (char *)malloc(8 + placeholders * (strlen(placeholder) + 8)), *q = *sent = (char *)malloc(8 + placeholders * (strlen(literal) + 1));

    CU_ASSERT_FATAL(p != NULL && q != NULL);
    p += sprintf(p, "SELECT ");
    q += sprintf(q, "SELECT ");
    for (size_t i = 0; i < placeholders; i++) {
        p += sprintf(p, "%s%s", i == 0 ? "" : ",", placeholder);
        if (placeholder[0] == ':')
            p += sprintf(p, "%zu", i);
        q += sprintf(q, "%s%s", i == 0 ? "" : ",", literal);
    }
}

static void run_many(const char *placeholder, size_t placeholders, const char *text, const char *literal)
{
    char *sql, *sent;

    many(placeholder, placeholders, literal, &sql, &sent);
    prepare(sql);
    CHECK_INT(tdrest_stmt_param_count(stmt), placeholders);
    for (int i = 0; i < (int)placeholders; i++)
        good(text == NULL ? tdrest_stmt_bind_int64(stmt, i, 7) : tdrest_stmt_bind_text(stmt, i, text, TDREST_CSTR));
    is_sent(sent);
    free(sql);
    free(sent);
}

/* What counts is the text that is sent, not what its values might have become. */
static void what_fits_is_taken(void)
{
    begin("", "SELECT 1");
    run_many("?", 16000, NULL, "7");
    run_many("?", 16000, "x", "'x'");
    run_many(":name", 16000, NULL, "7");
    finish();
    begin("?max_sql_bytes=1024", "SELECT 1");
    run_many("?", 310, NULL, "7"); /* a template of 626 bytes */
    run_many("?", 508, NULL, "7"); /* 1022 of 1024 bytes */
    finish();
}

/* To the byte, for values that are written at once and such that are measured. */
static void the_limit_is_exact(void)
{
    char text[1100];
    static const int lens[] = {1012, 1013, 1014, 1015, 1016, 1040, 1080};

    memset(text, 'x', sizeof text);
    begin("?max_sql_bytes=1024", "SELECT ?,?");
    for (size_t i = 0; i < COUNT_OF(lens); i++) {
        int rc;

        good(tdrest_stmt_bind_text(stmt, 0, text, (size_t)lens[i]));
        good(tdrest_stmt_bind_int64(stmt, 1, 1));
        rc = tdrest_stmt_run(stmt, NULL, NULL);
        CHECK(rc == (lens[i] <= 1013 ? TDREST_OK : TDREST_EBIND), "%d bytes: %d, %s", lens[i], rc, tdrest_stmt_error(stmt)->message);
    }
    bad_at(tdrest_stmt_run(stmt, NULL, NULL), TDREST_EBIND, -1, -1, "the statement with its values has more than 1024 bytes");
    prepare("INSERT INTO t VALUES(?,?)");
    good(tdrest_stmt_set_precision(stmt, TDREST_MS));
    for (size_t i = 0; i < COUNT_OF(lens); i++) {
        int rc;

        good(tdrest_stmt_bind_time(stmt, 0, 1, TDREST_MS));
        good(tdrest_stmt_bind_text(stmt, 1, text, (size_t)lens[i] - 15));
        rc = tdrest_stmt_add_row(stmt);
        CHECK(rc == (lens[i] <= 1013 ? TDREST_OK : TDREST_EBIND), "%d bytes: %d, %s", lens[i], rc, tdrest_stmt_error(stmt)->message);
    }
    finish();
}

/* Literals as long as any number's, shorter, and longer, one behind the other. */
static void texts_between_values(void)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz";
    char sql[512];

    begin("", "SELECT ?,? x,?,?");
    for (int len = 0; len < 75; len++) {
        snprintf(sql, sizeof sql, "SELECT '%.*s',1 x,'%.*s','%.*s'", len, letters, 74 - len, letters, len, letters);
        good(tdrest_stmt_bind_text(stmt, 0, letters, (size_t)len));
        good(tdrest_stmt_bind_int64(stmt, 1, 1));
        good(tdrest_stmt_bind_text(stmt, 2, letters, (size_t)(74 - len)));
        good(tdrest_stmt_bind_text(stmt, 3, letters, (size_t)len));
        is_sent(sql);
    }
    finish();
}

CU_TestInfo tdrt_stmt_values[] = {
    {"texts between values", texts_between_values},
    {"lists of IN", lists},
    {"lists that are none", lists_that_are_none},
    {"long lists", long_lists},
    {"columns of every version", columns_of_every_version},
    {"calls of every version", calls_of_every_version},
    {"what fits is taken", what_fits_is_taken},
    {"the limit is exact", the_limit_is_exact},
    {"named columns want a time", named_columns_want_a_time},
    {"the time may stand anywhere", the_time_may_stand_anywhere},
    CU_TEST_INFO_NULL,
};
