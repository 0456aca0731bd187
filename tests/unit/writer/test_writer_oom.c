/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Memory that runs out at every single allocation of the library during a writer's life: each row that was added is told its fate once, none is called
 * written that the server rejects, none is called refused that it has, nothing is left over. Those of libcurl do not fail here: with its socket interface,
 * releases such as 7.88 divide by zero then.
 */
#include "own_memory.h"
#include "written.h"

enum { ROWS = 24, BAD = 13 };

static int added, told[ROWS], strange;
static int64_t idle_bytes; /* what a writer takes without rows, once it has had some */
static tdrest_writer *alive;
static int stays_out;      /* memory that ran out is not there again */

/* Rows that no request had wait when memory is out. */
static int is_out_unsent(const tdrest_error *err)
{
    tdrest_writer_counts c = TDREST_WRITER_COUNTS_INIT;

    return err != NULL && err->code == TDREST_ENOMEM && tdrest_writer_stats(alive, &c) == TDREST_OK && c.requests == 0;
}

static void tell(void *context, const tdrest_delivery *d)
{
    (void)context;
    strange += is_out_unsent(d->error);
    for (int64_t i = d->first; i < d->first + d->count; i++) {
        strange += i >= added || told[i] != 0 || (i == BAD && d->state == TDREST_ROWS_WRITTEN);
        told[i] = d->state;
    }
}

static void check_counts(tdrest_writer *w)
{
    tdrest_writer_counts c = TDREST_WRITER_COUNTS_INIT;

    strange += tdrest_writer_stats(w, &c) != TDREST_OK || c.added != added || c.added != c.written + c.refused + c.unknown + c.pending;
    if (c.pending == 0 && idle_bytes == 0)
        idle_bytes = c.bytes;
    strange += c.pending == 0 && c.bytes != 0 && c.bytes != idle_bytes;
}

static int has_record(tdrest_writer *w, int rc)
{
    return tdrest_writer_error(w)->code == (rc < 0 ? rc : TDREST_OK);
}

/* When memory is there again, nothing waits for it any more. */
static int close_twice(tdrest_writer *w)
{
    tdrest_writer_counts c = TDREST_WRITER_COUNTS_INIT;
    int rc = tdrest_writer_close(w, 60000);

    if (rc == TDREST_ENOMEM)
        rc = tdrest_writer_close(w, 60000);
    strange += tdrest_writer_stats(w, &c) != TDREST_OK || (c.pending > 0 && !stays_out);
    check_counts(w);
    return rc;
}

/* Rows of two tables; the one with number BAD is rejected. What cannot be added is given up, as a program may. */
static int write_rows(tdrest_writer *w)
{
    tdrest_stmt *stmt = tdrest_writer_stmt(w);
    int rc;

    for (int i = 0; i < ROWS; i++) {
        rc = tdrest_stmt_set_table(stmt, i % 2 == 0 ? "even" : "odd", TDREST_CSTR);
        if (rc == TDREST_OK)
            rc = tdrest_stmt_bind_time(stmt, 0, i, TDREST_MS);
        if (rc == TDREST_OK)
            rc = tdrest_stmt_bind_text(stmt, 1, added == BAD ? "bad" : "1", TDREST_CSTR);
        added++; /* it may be reported from within */
        if (rc == TDREST_OK) {
            rc = tdrest_writer_add(w);
            strange += !has_record(w, rc);
        }
        added -= rc != TDREST_OK;
        check_counts(w);
    }
    return close_twice(w);
}

/* ---- a life ---- */

typedef struct life {
    const char *sql; /* NULL: lines */
    tdrest_delivery_callback *delivered;
    int (*write)(tdrest_writer *w);
} life;

static const life *lives;

static int live(void)
{
    tdrest_writer_options settings = TDREST_WRITER_OPTIONS_INIT;
    tdrest_options *options = NULL;
    tdrest_writer *w = NULL;
    char dsn[128];
    int rc = tdrest_options_new(&tdrt_own_memory, &options), written = 0;

    added = strange = 0;
    memset(told, 0, sizeof told);
    settings.delivered = lives->delivered;
    settings.flush_ms = 0;
    settings.flush_rows = 8;
    settings.protocol = lives->sql == NULL ? TDREST_PROTOCOL_LINE : 0;
    settings.precision = lives->sql == NULL ? TDREST_MS : 0;
    snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d/test?retry=never", tdrt_writer_server.port);
    if (rc == TDREST_OK)
        rc = tdrest_options_parse(options, dsn);
    if (rc == TDREST_OK)
        rc = tdrest_writer_new(options, &settings, lives->sql, TDREST_CSTR, &w);
    if (rc == TDREST_OK)
        rc = lives->write(alive = w);
    tdrest_writer_free(w);
    tdrest_options_free(options);
    for (int i = 0; i < added; i++) {
        strange += told[i] == 0;
        written += told[i] == TDREST_ROWS_WRITTEN;
    }
    strange += rc == TDREST_OK && written < added;
    return rc;
}

static void fail_each(const life *of, tdrt_handler *handler)
{
    int64_t n;
    int rc;

    lives = of;
    idle_bytes = 0;
    CU_ASSERT_FATAL(tdrt_server_start(&tdrt_writer_server, handler, NULL) == 1);
    tdrt_own_plan(0, 0);
    CHECK_INT(live(), TDREST_ESERVER);
    CHECK(added == ROWS && told[BAD] == TDREST_ROWS_REFUSED && told[BAD - 1] == TDREST_ROWS_WRITTEN && strange == 0, "the scenario itself: %d", strange);
    n = tdrt_own_count();
    CHECK(n > 50, "%d allocations", (int)n);
    for (int64_t at = 1; at <= n; at++)
        for (int on = 0; on < 2; on++) {
            tdrt_own_plan(at, stays_out = on);
            rc = live();
            CHECK(strange == 0 && tdrt_own_live() == 0, "allocation %d of %d%s: %d, %d strange, %d blocks left", (int)at, (int)n, on ? " and all after it" : "", rc,
                  strange, (int)tdrt_own_live());
        }
    tdrt_own_plan(0, 0);
}

static void every_allocation(void)
{
    static const life rows = {"INSERT INTO ? VALUES (?, ?)", tell, write_rows};

    fail_each(&rows, tdrt_writer_answer);
    tdrt_server_stop(&tdrt_writer_server);
}

/* ---- lines ---- */

enum { LIVES = 2000, PIECE = 8, TORN = 21 };

static int run_number;                    /* of the life, which stands in each of its lines */
static unsigned char fates[LIVES][ROWS];  /* of its lines */
static unsigned char stored[LIVES][ROWS]; /* 1: the server has them */
static int line_of[ROWS];                 /* of each row that may be added */

/* The line TORN is stored with those beside it, which a gateway does not know. */
static int answer_lines(const tdrt_visit *visit)
{
    if (strstr(visit->sql, "torn") != NULL && strstr(visit->sql, "bad") == NULL)
        return tdrt_send_answer(visit, &(tdrt_answer){.status = 502, .fields = "Content-Type: text/html\r\n", .body = "<html><h1>502 Bad Gateway</h1></html>"});
    return tdrt_writer_answer(visit);
}

static void make_lines(char *data, size_t cap)
{
    for (int i = 0; i < ROWS; i++) {
        const size_t len = strlen(data);

        snprintf(data + len, cap - len, "%s,r=%d v=%d %d\n", i == BAD ? "bad" : i == TORN ? "torn" : i % 2 == 0 ? "a" : "b", run_number, i, 1000 + i);
    }
}

/* The next line of a text: 1; 0 when it is none of a life. */
static int read_line(const char **text, size_t *left, int *run, int *line)
{
    const char *end = (const char *)memchr(*text, '\n', *left);

    if (end == NULL || sscanf(*text, "%*[a-z],r=%d v=%d", run, line) != 2 || *run < 1 || *run >= LIVES || *line < 0 || *line >= ROWS)
        return 0;
    *left -= (size_t)(end + 1 - *text);
    *text = end + 1;
    return 1;
}

static int is_strange(const tdrest_delivery *d)
{
    if ((d->error == NULL) != (d->state == TDREST_ROWS_WRITTEN) || d->first < 0 || d->first + d->count > ROWS)
        return 1;
    return d->error != NULL && (d->error->row != d->first || (d->state == TDREST_ROWS_UNKNOWN && d->error->ran == TDREST_RAN_NO));
}

/* Each row is reported once, with its own line. */
static void tell_lines(void *context, const tdrest_delivery *d)
{
    const char *text = d->text;
    size_t left = d->len;
    int run = 0, line = 0;

    (void)context;
    strange += is_strange(d) || is_out_unsent(d->error);
    for (int64_t row = d->first; strange == 0 && row < d->first + d->count; row++) {
        strange += !read_line(&text, &left, &run, &line) || run != run_number || line != line_of[row] || fates[run][line] != 0;
        if (strange == 0)
            fates[run][line] = (unsigned char)(told[row] = d->state);
    }
    strange += left != 0;
}

static int count_lines(const char *data, size_t len)
{
    int count = 0;

    for (size_t i = 0; i < len; i++)
        count += data[i] == '\n';
    return count;
}

/* The lines from there on, so many; which is the first that is not added. */
static int add_piece(tdrest_writer *w, const char *data, int from, int count, int *rc)
{
    const char *begin = data, *end;
    size_t taken;

    for (int i = 0; i < from; i++)
        begin = strchr(begin, '\n') + 1;
    end = begin;
    for (int i = 0; i < count; i++) {
        line_of[added + i] = from + i;
        end = strchr(end, '\n') + 1;
    }
    *rc = tdrest_writer_add_lines(w, begin, (size_t)(end - begin), &taken);
    strange += !has_record(w, *rc) || taken > (size_t)(end - begin) || (taken > 0 && begin[taken - 1] != '\n') || (*rc == TDREST_OK) != (begin + taken == end);
    added += count_lines(begin, taken);
    check_counts(w);
    return from + count_lines(begin, taken);
}

/* What could not be added is added from there on, once more; then it is given up, as a program may. */
static int write_lines(tdrest_writer *w)
{
    char data[ROWS * 40] = "";
    int rc;

    run_number++;
    make_lines(data, sizeof data);
    for (int from = 0; from < ROWS; from += PIECE) {
        const int next = add_piece(w, data, from, PIECE, &rc);

        if (rc != TDREST_OK)
            (void)add_piece(w, data, next, from + PIECE - next, &rc);
    }
    return close_twice(w);
}

/* The lines of each request that was not refused for a line; behind each one there is an empty line. */
static void note_stored(const char *arrived)
{
    const char *end;
    int run, line;

    for (; (end = strstr(arrived, "\n\n")) != NULL; arrived = end + 2) {
        size_t left = (size_t)(end + 1 - arrived);
        const int is_refused = memmem(arrived, left, "bad", 3) != NULL;

        while (left > 0 && read_line(&arrived, &left, &run, &line))
            stored[run][line] |= (unsigned char)!is_refused;
        CHECK(left == 0, "%d: %.100s", (int)left, arrived);
    }
}

static void every_allocation_of_lines(void)
{
    static const life lines = {NULL, tell_lines, write_lines};
    int count[5] = {0};

    run_number = 0;
    memset(fates, 0, sizeof fates);
    memset(stored, 0, sizeof stored);
    fail_each(&lines, answer_lines);
    tdrt_server_down(&tdrt_writer_server);
    note_stored(tdrt_writer_server.counts->arrived);
    for (int run = 1; run <= run_number; run++)
        for (int i = 0; i < ROWS; i++) {
            count[fates[run][i]]++;
            if (fates[run][i] == TDREST_ROWS_WRITTEN || fates[run][i] == TDREST_ROWS_REFUSED)
                CHECK(stored[run][i] == (fates[run][i] == TDREST_ROWS_WRITTEN), "life %d, line %d is called %d, and stored is %d", run, i, fates[run][i], stored[run][i]);
        }
    CHECK(count[0] > 0 && count[TDREST_ROWS_WRITTEN] > 0 && count[TDREST_ROWS_REFUSED] > run_number && count[TDREST_ROWS_UNKNOWN] > 0,
          "%d not added, %d written, %d refused, %d unknown", count[0], count[TDREST_ROWS_WRITTEN], count[TDREST_ROWS_REFUSED], count[TDREST_ROWS_UNKNOWN]);
    tdrt_server_stop(&tdrt_writer_server);
}

/* ---- the record ---- */

static int by_async;     /* the async object runs, not the writer */
static int in_report[2]; /* a call within the callback, and its record */

static void fails_within(void *context, const tdrest_delivery *d)
{
    tell(context, d);
    if (!by_async) {
        in_report[0] = tdrest_writer_run(alive, 0);
        in_report[1] = tdrest_writer_error(alive)->code;
    }
    tdrt_own_plan(1, 0);
}

static int answer_at_the_gate(const tdrt_visit *visit)
{
    tdrt_wait_for_gate(visit);
    return tdrt_writer_answer(visit);
}

static void make_alive(tdrest_options *options, tdrest_async **async)
{
    tdrest_writer_options settings = {.size = sizeof settings, .flush_rows = 1, .max_in_flight = 1, .protocol = TDREST_PROTOCOL_LINE, .precision = TDREST_MS, .delivered = fails_within};
    char dsn[128];

    tdrt_own_plan(0, 0);
    memset(told, 0, sizeof told);
    strange = 0;
    snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d/test?retry=never", tdrt_writer_server.port);
    CU_ASSERT_FATAL(tdrest_options_parse(options, dsn) == TDREST_OK && tdrest_async_new(options, async) == TDREST_OK);
    settings.async = *async;
    CU_ASSERT_FATAL(tdrest_writer_new(options, &settings, NULL, 0, &alive) == TDREST_OK);
}

/* The first of two rows is reported; then memory is out for the request of the second. */
static void run_to_report(tdrest_async *async)
{
    for (added = 1; added <= 2; added++)
        CHECK_INT(tdrest_writer_add_lines(alive, added == 1 ? "a v=1 1" : "b v=1 1", TDREST_CSTR, NULL), TDREST_OK);
    tdrt_server_open_gate(&tdrt_writer_server);
    while (told[0] == 0 && strange == 0)
        strange += (by_async ? tdrest_async_run(async, -1) : tdrest_writer_run(alive, -1)) < 0;
    CHECK(told[0] == TDREST_ROWS_WRITTEN && strange == 0, "%d, %d strange", told[0], strange);
}

/* A call that did not fail has no record: neither of a call in its callback, nor of memory that was out for what goes next. */
static void no_record_of_others(void)
{
    tdrest_options *options = NULL;
    tdrest_async *async;

    CU_ASSERT_FATAL(tdrest_options_new(&tdrt_own_memory, &options) == TDREST_OK);
    for (by_async = 0; by_async < 2; by_async++) {
        tdrest_writer_counts c = TDREST_WRITER_COUNTS_INIT;

        CU_ASSERT_FATAL(tdrt_server_start(&tdrt_writer_server, answer_at_the_gate, NULL) == 1);
        make_alive(options, &async);
        run_to_report(async);
        CHECK(has_record(alive, TDREST_OK), "%s", tdrest_writer_error(alive)->message);
        CHECK(tdrest_writer_stats(alive, &c) == TDREST_OK && c.in_flight == 0 && c.pending == 1, "%d in flight, %d pending", (int)c.in_flight, (int)c.pending);
        CHECK_INT(tdrest_writer_close(alive, 60000), TDREST_OK);
        CHECK(told[1] == TDREST_ROWS_WRITTEN && has_record(alive, TDREST_OK), "%d, %s", told[1], tdrest_writer_error(alive)->message);
        tdrest_writer_free(alive);
        tdrest_async_free(async);
        tdrt_server_stop(&tdrt_writer_server);
    }
    CHECK(in_report[0] == TDREST_EUSAGE && in_report[1] == TDREST_EUSAGE, "%d, %d", in_report[0], in_report[1]);
    tdrest_options_free(options);
    tdrt_own_plan(0, 0);
}

CU_TestInfo tdrt_writer_oom[] = {
    {"every allocation", every_allocation},
    {"every allocation of lines", every_allocation_of_lines},
    {"no record of others", no_record_of_others},
    CU_TEST_INFO_NULL,
};
