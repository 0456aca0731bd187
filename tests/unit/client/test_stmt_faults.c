/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * A run of several requests of which the third goes wrong, in every way that it can: what is told of each row is what the server knows of it, and the
 * next run sends just what is missing. The server notes every row that arrives, and whether it wrote it.
 */
#include "stated.h"

#include <sys/mman.h>

enum { ROWS = 400, BAD = 3, ALL = ROWS + 1 };

typedef struct fault {
    const char *name;
    int writes;          /* 1: the rows are written although the answer does not say so */
    const char *answer;  /* NULL: the connection is closed without one */
    int status;
    int end;
    int code, state;     /* what the run says, of itself and of the rows */
} fault;

static const fault faults[] = {
    {"closed after writing", 1, NULL, 0, TDRT_WHOLE, TDREST_ECONNECT, TDREST_ROWS_UNKNOWN},
    {"closed before writing", 0, NULL, 0, TDRT_WHOLE, TDREST_ECONNECT, TDREST_ROWS_UNKNOWN},
    {"cut answer", 1, TDRT_INSERTED, 200, TDRT_CLOSED, TDREST_ECONNECT, TDREST_ROWS_UNKNOWN},
    {"ended answer", 1, TDRT_INSERTED, 200, TDRT_ENDED, TDREST_EANSWER, TDREST_ROWS_UNKNOWN},
    {"refused while parsing", 0, "{\"code\":9811,\"desc\":\"Value too long for column/tag: v\",\"timing\":1}", 200, TDRT_WHOLE, TDREST_ESERVER, TDREST_ROWS_NOT_WRITTEN},
    {"refused while writing", 1, "{\"code\":1547,\"desc\":\"Timestamp data out of range\",\"timing\":1}", 200, TDRT_WHOLE, TDREST_ESERVER, TDREST_ROWS_UNKNOWN},
    {"no connection in the pool", 0, "{\"code\":65535,\"desc\":\"get connection timeout\",\"timing\":1}", 503, TDRT_WHOLE, TDREST_ESERVER, TDREST_ROWS_NOT_WRITTEN},
    {"memory", 0, "\"memory exceeds threshold\"", 503, TDRT_WHOLE, TDREST_ESERVER, TDREST_ROWS_NOT_WRITTEN},
    {"a gateway", 1, "<html>bad gateway</html>", 502, TDRT_WHOLE, TDREST_EGATEWAY, TDREST_ROWS_UNKNOWN},
};

/* Of the server, which is another process. */
typedef struct notes {
    const fault *fault;
    int requests;
    int first[ALL];   /* the request in which a row came first, from 1; 0: in none */
    int written[ALL]; /* how often */
} notes;

static notes *seen;

/* Notes the rows (time,number) of a statement. How many there are. */
static int note(const char *sql, int is_written)
{
    int rows = 0;

    for (const char *p = strchr(sql, '('); p != NULL; p = strchr(p + 1, '('), rows++) {
        long row = strtol(strchr(p, ',') + 1, NULL, 10);

        if (row < 0 || row >= ALL)
            continue;
        if (seen->first[row] == 0)
            seen->first[row] = seen->requests;
        seen->written[row] += is_written;
    }
    return rows;
}

static int answer(const tdrt_visit *visit)
{
    const fault *f = seen->fault;
    int is_bad = ++seen->requests == BAD, rows = note(visit->sql, !is_bad || f->writes);
    tdrt_answer good = {.fields = NULL};
    char body[128];

    snprintf(body, sizeof body, "{\"code\":0,\"column_meta\":[[\"affected_rows\",\"INT\",4]],\"data\":[[%d]],\"rows\":1}", rows);
    good.body = body;
    if (!is_bad)
        return tdrt_send_answer(visit, &good);
    return f->answer == NULL ? 0 : tdrt_send_answer(visit, &(tdrt_answer){.status = f->status, .body = f->answer, .end = f->end, .cut = 30});
}

static void add(int row)
{
    good(tdrest_stmt_set_table(stmt, row % 3 == 0 ? "a" : "b", TDREST_CSTR));
    good(tdrest_stmt_bind_time(stmt, 0, row, TDREST_MS));
    good(tdrest_stmt_bind_int64(stmt, 1, row));
    good(tdrest_stmt_add_row(stmt));
}

static void begin(const fault *f)
{
    memset(seen, 0, sizeof *seen);
    seen->fault = f;
    server = (tdrt_server)TDRT_SERVER_INIT;
    server.serial = 1;
    CU_ASSERT_FATAL(tdrt_server_start(&server, answer, NULL));
    conn = tdrt_dial(&server, "?max_sql_bytes=1024");
    CU_ASSERT_FATAL(tdrest_stmt_new(conn, "INSERT INTO ? VALUES(?,?)", TDREST_CSTR, &stmt) == TDREST_OK);
    good(tdrest_stmt_set_precision(stmt, TDREST_MS));
    for (int row = 0; row < ROWS; row++)
        add(row);
}

/* The ranges, which leave no row out, against what the server noted. The rows that are written. */
static int64_t compare_ranges(const fault *f)
{
    const tdrest_row_range *range;
    int64_t next = 0, written = 0;

    for (size_t i = 0; (range = tdrest_stmt_get_range(stmt, i)) != NULL; i++) {
        CHECK(range->first == next && range->count > 0, "%s: range %zu begins at %" PRId64, f->name, i, range->first);
        for (next = range->first; next < range->first + range->count; next++) {
            int request = seen->first[next], state = request == 0 ? TDREST_ROWS_NOT_WRITTEN : request < BAD ? TDREST_ROWS_WRITTEN : f->state;

            CHECK(range->state == state && request <= BAD, "%s: row %" PRId64 " of request %d is %d, expected %d", f->name, next, request, range->state, state);
            written += state == TDREST_ROWS_WRITTEN;
        }
    }
    CHECK_INT(next, ROWS);
    return written;
}

/* Each row is written, and twice only where nobody could know. */
static void compare_written(const fault *f)
{
    for (int row = 0; row < ALL; row++) {
        int twice = f->writes && seen->first[row] == BAD;

        CHECK(seen->written[row] == 1 + twice, "%s: row %d was written %d times", f->name, row, seen->written[row]);
    }
}

static void one_fault(const fault *f)
{
    int64_t affected = -1, written;
    char where[32];
    int rc;

    begin(f);
    rc = tdrest_stmt_run(stmt, NULL, &affected);
    snprintf(where, sizeof where, "request 3 of %" PRId64 ": ", tdrest_stmt_get_report(stmt)->requests);
    CHECK(rc == f->code && strncmp(tdrest_stmt_error(stmt)->message, where, strlen(where)) == 0, "%s: %d: %s", f->name, rc, tdrest_stmt_error(stmt)->message);
    CU_ASSERT(tdrest_stmt_get_report(stmt)->requests > BAD && tdrest_stmt_get_report(stmt)->failed_at == BAD - 1);
    CHECK_INT(seen->requests, BAD); /* nothing is sent behind it, nor again */
    CHECK_INT(tdrest_stmt_get_report(stmt)->rows, ROWS);
    written = compare_ranges(f);
    CU_ASSERT(written > 0 && affected == written);
    add(ROWS); /* more may be added before the next run */
    good(tdrest_stmt_run(stmt, NULL, &affected));
    CHECK_INT(affected, ALL - written);
    CHECK_INT(tdrest_stmt_get_report(stmt)->rows, 0);
    compare_written(f);
    finish();
}

static void third_request(void)
{
    seen = (notes *)mmap(NULL, sizeof *seen, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CU_ASSERT_FATAL(seen != MAP_FAILED);
    for (size_t i = 0; i < COUNT_OF(faults); i++)
        one_fault(&faults[i]);
    munmap(seen, sizeof *seen);
}

CU_TestInfo tdrt_stmt_faults[] = {
    {"the third request", third_request},
    CU_TEST_INFO_NULL,
};
