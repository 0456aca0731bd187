/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Arrow streams bound to statements: results that go into another table, statements that run once per row, rows in messages. */
#include "dial.h"

#include "arrow_batch.h"
#include "arrow_rows.h"

static const int64_t counts[] = {101, 102, 103, 104, 105, 106};
static tdrt_server server;
static tdrest_conn *conn;

static int answer_any(const tdrt_visit *visit)
{
    tdrt_answer answer = {.body = TDRT_INSERTED};

    return tdrt_send_answer(visit, &answer);
}

static tdrest_stmt *prepare(const char *sql)
{
    tdrest_stmt *stmt = NULL;

    CHECK(tdrest_stmt_new(conn, sql, TDREST_CSTR, &stmt) == TDREST_OK, "%s", tdrest_conn_error(conn)->message);
    return stmt;
}

/* A result goes into a statement as a stream. */
static int answer_both(const tdrt_visit *visit)
{
    return tdrt_starts(visit, "rows") || tdrt_starts(visit, "cut") ? tdrt_arrow_rows(visit) : answer_any(visit);
}

static void streams(void)
{
    static const char *const statements[] = {"rows 5000", "cut  5000"};

    for (size_t i = 0; i < COUNT_OF(statements); i++) {
        tdrest_conn *from = tdrt_dial_new(&server, answer_both, "?block_bytes=4096");
        struct ArrowArrayStream stream;
        tdrest_stmt *stmt;
        int64_t affected;
        int rc;

        conn = tdrt_dial(&server, "?max_sql_bytes=16384");
        stmt = prepare("INSERT INTO copy VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
        CHECK_INT(tdrest_result_export_arrow(tdrt_dial_query(from, statements[i], NULL), &stream), TDREST_OK);
        CHECK_INT(tdrest_stmt_bind_stream(stmt, &stream), TDREST_OK);
        CU_ASSERT(stream.release == NULL); /* the statement's now */
        CHECK_INT(tdrest_stmt_add_row(stmt), TDREST_EUSAGE);
        rc = tdrest_stmt_run(stmt, NULL, &affected);
        CHECK(rc == (i == 0 ? TDREST_OK : TDREST_EUSAGE), "%s", tdrest_stmt_error(stmt)->message);
        CHECK(i == 0 || strstr(tdrest_stmt_error(stmt)->message, "the Arrow stream failed: ") != NULL, "%s", tdrest_stmt_error(stmt)->message);
        CHECK(affected > 10, "%d requests", (int)affected); /* the server counts each as one row */
        CU_ASSERT(strstr(server.counts->arrived, "('2024-01-01T00:00:00.001Z', false, -4999, 1.25, '0', ") != NULL);
        tdrest_stmt_free(stmt);
        tdrest_conn_free(conn);
        tdrest_conn_free(from);
        tdrt_server_stop(&server);
    }
}

/* A stream of one batch, given several times, and a last one. */
typedef struct repeats {
    const tdrt_batch *given, *last; /* last may be NULL */
    int left, *released;
    int cancel_at; /* with so many left the call is cancelled */
} repeats;

static int repeat_schema(struct ArrowArrayStream *self, struct ArrowSchema *out)
{
    *out = ((const repeats *)self->private_data)->given->schema;
    return 0;
}

static int repeat_next(struct ArrowArrayStream *self, struct ArrowArray *out)
{
    repeats *r = (repeats *)self->private_data;

    if (r->cancel_at != 0 && r->left == r->cancel_at)
        tdrest_conn_cancel(conn);
    if (r->left > 0)
        *out = r->given->array;
    else if (r->left == 0 && r->last != NULL)
        *out = r->last->array;
    r->left--;
    return 0;
}

static const char *repeat_error(struct ArrowArrayStream *self)
{
    (void)self;
    return NULL;
}

static void repeat_release(struct ArrowArrayStream *self)
{
    ++*((repeats *)self->private_data)->released;
    self->release = NULL;
}

static void bind_repeats(tdrest_stmt *stmt, repeats *r)
{
    struct ArrowArrayStream stream = {repeat_schema, repeat_next, repeat_error, repeat_release, r};

    CHECK_INT(tdrest_stmt_bind_stream(stmt, &stream), TDREST_OK);
    CU_ASSERT(stream.release == NULL);
}

/* Once per row where rows cannot be packed; the stream is released once, whatever ends it. */
static void other_statements(void)
{
    static const int32_t three[] = {-2147483647, 7, 2147483647};
    static const tdrt_sample numbers = {"i", NULL, three, NULL, 3, 0, NULL, NULL, NULL, 0};
    static const tdrt_sample *const columns[1] = {&numbers};
    int released = 0;
    tdrest_stmt *stmt;
    int64_t affected;
    repeats r;
    tdrt_batch b;

    conn = tdrt_dial_new(&server, answer_any, "");
    tdrt_make_batch(columns, 1, 3, &b);
    r = (repeats){&b, NULL, 2, &released, 0};
    stmt = prepare("DELETE FROM m WHERE i = ?");
    bind_repeats(stmt, &r);
    CHECK(tdrest_stmt_run(stmt, NULL, &affected) == TDREST_OK, "%s", tdrest_stmt_error(stmt)->message);
    CHECK_INT(affected, 6);
    CHECK_INT(released, 1);
    CHECK_INT(tdrt_server_arrivals(&server, "DELETE FROM m WHERE i = 2147483647"), 2);
    r.left = 1;
    bind_repeats(stmt, &r);
    bind_repeats(stmt, &r);
    CHECK_INT(released, 2);
    tdrest_stmt_reset(stmt);
    CHECK_INT(released, 3);
    bind_repeats(stmt, &r);
    CHECK_INT(tdrest_stmt_bind_arrow(stmt, &b.schema, &b.array), TDREST_EUSAGE); /* several rows */
    CHECK_INT(released, 4);
    bind_repeats(stmt, &r);
    tdrest_stmt_free(stmt);
    CHECK_INT(released, 5);
    tdrest_conn_free(conn);
    tdrt_server_stop(&server);
}

static int answer_tiny(const tdrt_visit *visit)
{
    tdrt_answer answer = {.body = "{\"code\":0,\"column_meta\":[[\"field\",\"VARCHAR\",64],[\"type\",\"VARCHAR\",20],[\"length\",\"INT\",4],[\"note\",\"VARCHAR\",16]],"
                                  "\"data\":[[\"ts\",\"TIMESTAMP\",8,\"\"],[\"i\",\"TINYINT\",1,\"\"]],\"rows\":2}"};
    tdrt_answer precision = {.body = "{\"code\":0,\"column_meta\":[[\"precision\",\"VARCHAR\",2]],\"data\":[[\"ms\"]],\"rows\":1}"};

    return tdrt_starts(visit, "DESCRIBE") ? tdrt_send_answer(visit, &answer)
           : strstr(visit->sql, "ins_databases") != NULL ? tdrt_send_answer(visit, &precision) : answer_any(visit);
}

/* Rows are counted from the stream's beginning, whatever was sent in between. */
static void rows_of_streams(void)
{
    static const int32_t tiny[] = {1, 2, 3, 4, 5, 300};
    static const tdrt_sample times = {"tsm:UTC", NULL, counts, NULL, 6, 0, NULL, NULL, NULL, 0}, numbers = {"i", NULL, tiny, NULL, 6, 0, NULL, NULL, NULL, 0};
    static const tdrt_sample *const columns[2] = {&times, &numbers};
    int released = 0;
    tdrest_stmt *stmt;
    int64_t affected;
    tdrt_batch good, bad;
    repeats r = {&good, &bad, 1000, &released, 0};
    const tdrest_stmt_report *report;

    conn = tdrt_dial_new(&server, answer_tiny, "?batch_bytes=4096");
    stmt = prepare("INSERT INTO t VALUES (?, ?)");
    CHECK(tdrest_stmt_describe(stmt, NULL) == TDREST_OK, "%s", tdrest_stmt_error(stmt)->message);
    tdrt_make_batch(columns, 2, 5, &good);
    tdrt_make_batch(columns, 2, 6, &bad);
    bind_repeats(stmt, &r);
    CHECK_INT(tdrest_stmt_run(stmt, NULL, &affected), TDREST_EBIND);
    CHECK(affected > 1, "%d requests", (int)affected);
    CHECK_INT(tdrest_stmt_error(stmt)->row, 5005);
    CHECK_INT(tdrest_stmt_error(stmt)->column, 1);
    CHECK(strstr(tdrest_stmt_error(stmt)->message, "row 5005: ") != NULL, "%s", tdrest_stmt_error(stmt)->message);
    CHECK_INT(released, 1);
    report = tdrest_stmt_get_report(stmt); /* of the rows that are held: none of them was sent */
    CHECK(report->rows > 0 && tdrest_stmt_get_range(stmt, 0)->count == report->rows, "%d rows", (int)report->rows);
    CHECK(report->requests == 0 && report->affected == 0 && report->failed_at == -1, "%d requests, %d affected", (int)report->requests, (int)report->affected);
    tdrest_stmt_free(stmt);
    tdrest_conn_free(conn);
    tdrt_server_stop(&server);
}

/* A run that is refused as it is reads nothing: the stream stays bound. */
static void refused_runs(void)
{
    static const tdrt_sample times = {"tsm:UTC", NULL, counts, NULL, 6, 0, NULL, NULL, NULL, 0};
    static const tdrt_sample *const columns[1] = {&times};
    tdrest_call wrong = TDREST_CALL_INIT;
    int released = 0;
    tdrest_result *res;
    tdrest_stmt *stmt;
    int64_t affected;
    tdrt_batch b;
    repeats r = {&b, NULL, 2, &released, 0};

    conn = tdrt_dial_new(&server, answer_both, "");
    tdrt_make_batch(columns, 1, 6, &b);
    stmt = prepare("INSERT INTO t VALUES (?)");
    bind_repeats(stmt, &r);
    wrong.req_id = -1;
    CHECK_INT(tdrest_stmt_run(stmt, &wrong, &affected), TDREST_EUSAGE);
    res = tdrt_dial_query(conn, "rows 5000", NULL);
    CHECK_INT(tdrest_stmt_run(stmt, NULL, &affected), TDREST_EBUSY);
    CHECK_INT(affected, -1);
    tdrest_result_free(res);
    CHECK(r.left == 2 && released == 0, "%d batches left, released %d times", r.left, released);
    CHECK(tdrest_stmt_run(stmt, NULL, &affected) == TDREST_OK && affected == 1 && released == 1, "%s", tdrest_stmt_error(stmt)->message);
    tdrest_stmt_free(stmt);
    tdrest_conn_free(conn);
    tdrt_server_stop(&server);
}

/* The whole run is one call, whoever reads at the time. */
static void cancelled_runs(void)
{
    static const tdrt_sample times = {"tsm:UTC", NULL, counts, NULL, 6, 0, NULL, NULL, NULL, 0};
    static const tdrt_sample *const columns[1] = {&times};
    int released = 0;
    tdrest_stmt *stmt;
    tdrt_batch b;
    repeats r = {&b, NULL, 10, &released, 5};

    conn = tdrt_dial_new(&server, answer_any, "");
    tdrt_make_batch(columns, 1, 6, &b);
    stmt = prepare("INSERT INTO t VALUES (?)");
    bind_repeats(stmt, &r);
    CHECK_INT(tdrest_stmt_run(stmt, NULL, NULL), TDREST_ECANCELLED);
    CHECK_INT(released, 1);
    CHECK_INT(tdrest_stmt_run(stmt, NULL, NULL), TDREST_OK); /* the next call is another one, and the rows are still held */
    tdrest_stmt_free(stmt);
    tdrest_conn_free(conn);
    tdrt_server_stop(&server);
}

/* A stream binds all parameters: a value for one of them would be lost, so it is refused; nothing is lost by that, and after a reset it is taken. */
static void values_beside_a_stream(void)
{
    static const tdrt_sample numbers = {"l", NULL, counts, NULL, 2, 0, NULL, NULL, NULL, 0}, when = {"tsm:", NULL, counts, NULL, 2, 0, NULL, NULL, NULL, 0};
    static const tdrt_sample *const columns[2] = {&when, &numbers};
    static const tdrest_column column = TDREST_COLUMN(TDREST_TYPE_BIGINT, counts, 2);
    tdrest_stmt *stmt;
    int released = 0;
    tdrt_batch batch;
    repeats r;

    tdrt_make_batch(columns, 2, 2, &batch);
    r = (repeats){&batch, NULL, 1, &released, 0};
    conn = tdrt_dial_new(&server, answer_any, "");
    stmt = prepare("INSERT INTO t VALUES (:a, :v)");
    bind_repeats(stmt, &r);
    CHECK_INT(tdrest_stmt_bind_int64(stmt, 1, 5), TDREST_EUSAGE);
    CHECK(strstr(tdrest_stmt_error(stmt)->message, "parameter 1 (:v): expected nothing of its own: a stream is bound") != NULL, "%s", tdrest_stmt_error(stmt)->message);
    CHECK_INT(tdrest_stmt_bind_null(stmt, 0), TDREST_EUSAGE);
    CHECK_INT(tdrest_stmt_bind_text(stmt, 1, NULL, 0), TDREST_EUSAGE);
    CHECK_INT(tdrest_stmt_bind_column(stmt, 1, &column), TDREST_EUSAGE);
    CHECK_INT(tdrest_stmt_bind_int64(stmt, 2, 5), TDREST_EUSAGE);
    CHECK(tdrest_stmt_run(stmt, NULL, NULL) == TDREST_OK, "%s", tdrest_stmt_error(stmt)->message);
    CHECK(strstr(server.counts->arrived, ", 101)") != NULL, "%s", server.counts->arrived);
    CHECK_INT(released, 1);
    CHECK_INT(tdrest_stmt_bind_int64(stmt, 1, 5), TDREST_OK); /* the stream is gone */
    bind_repeats(stmt, &r);
    tdrest_stmt_reset(stmt);
    CHECK_INT(tdrest_stmt_bind_int64(stmt, 1, 5), TDREST_OK);
    tdrest_stmt_free(stmt);
    tdrest_conn_free(conn);
    tdrt_server_stop(&server);
}

CU_TestInfo tdrt_arrow_stream[] = {
    {"results", streams},
    {"other statements", other_statements},
    {"values beside a stream", values_beside_a_stream},
    {"rows in messages", rows_of_streams},
    {"refused runs", refused_runs},
    {"cancelled runs", cancelled_runs},
    CU_TEST_INFO_NULL,
};
