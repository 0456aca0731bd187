/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* How often a statement arrives at two hosts together: every fault, kind of statement and mode of `retry`, by tests/data/arrivals.csv. */
#include "dial.h"
#include "names.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef TDRT_DATA
#define TDRT_DATA "tests/data"
#endif

/* ---- faults ---- */

typedef struct fault {
    const char *name;
    const char *host;    /* a host list instead of the servers; NULL: the servers */
    int connect_ms;      /* connect_timeout_ms; 0: the default */
    int cuts_request;    /* the servers are tdrt's that read a part and reset */
    int reset_at;        /* a byte of the answer behind which the connection is reset; 0: see below, -1: not */
    int stalls;
    tdrt_answer answer;  /* to SQL, when there is none of those */
    const char *lines;   /* the body for lines; NULL: the same */
} fault;

#define OBJECT(code) "{\"code\":" #code ",\"desc\":\"refused\",\"timing\":1}"
#define LINE(message) "{\"code\":\"internal error\",\"message\":\"" message "\"}"
#define HTML "Content-Type: text/html\r\n"

static const fault faults[] = {
    {.name = "refused", .reset_at = -1},
    {.name = "no such name", .host = "a.invalid,b.invalid", .reset_at = -1},
    {.name = "slow DNS", .host = "a.slow.test,b.slow.test", .connect_ms = 20, .reset_at = -1},
    {.name = "request cut", .cuts_request = 1, .reset_at = -1},
    {.name = "reset before the answer"},
    {.name = "reset in the head", .reset_at = 20},
    {.name = "reset in the rows", .reset_at = -1, .answer = {.body = TDRT_THREE, .chunk = 16, .end = TDRT_RESET, .cut = 60}},
    {.name = "stall", .reset_at = -1, .stalls = 1},
    {.name = "503 object", .reset_at = -1, .answer = {.status = 503, .body = OBJECT(65535)}, .lines = LINE("no room")},
    {.name = "503 string", .reset_at = -1, .answer = {.status = 503, .body = "\"memory exceeds threshold\""}},
    {.name = "503 after it ran", .reset_at = -1, .answer = {.status = 503, .body = "\"query memory exceeds threshold\""}},
    {.name = "502 page", .reset_at = -1, .answer = {.status = 502, .fields = HTML, .body = "<html>"}},
    {.name = "500 page", .reset_at = -1, .answer = {.status = 500, .fields = HTML, .body = "<html>"}},
    {.name = "504 page", .reset_at = -1, .answer = {.status = 504, .fields = HTML, .body = "<html>"}},
    {.name = "429", .reset_at = -1, .answer = {.status = 429, .fields = HTML, .body = "<html>"}},
    {.name = "unreachable", .reset_at = -1, .answer = {.body = OBJECT(11)}, .lines = LINE("[0xb] Unable to establish connection")},
    {.name = "starting", .reset_at = -1, .answer = {.body = OBJECT(304)}, .lines = LINE("[0x130] Database is starting up")},
    {.name = "wrong login", .reset_at = -1, .answer = {.body = OBJECT(855)}, .lines = LINE("[0x357] Authentication failure")},
    {.name = "syntax", .reset_at = -1, .answer = {.body = OBJECT(534)}, .lines = LINE("[0x216] syntax error")},
};

/* ---- statements ---- */

typedef struct kind {
    const char *name;
    const char *text;
    int protocol; /* 0: SQL */
} kind;

static const kind kinds[] = {
    {"select", "select three", 0},
    {"show", "show tables", 0},
    {"insert", "INSERT INTO t VALUES (1700000000000, 1)", 0},
    {"insert now", "INSERT INTO t VALUES (NOW, 1)", 0},
    {"insert quoted now", "INSERT INTO t VALUES ('now', 1)", 0},
    {"create if not exists", "CREATE TABLE IF NOT EXISTS t (ts TIMESTAMP, v INT)", 0},
    {"create", "CREATE TABLE t (ts TIMESTAMP, v INT)", 0},
    {"delete", "DELETE FROM t WHERE ts < 1700000000000", 0},
    {"drop if exists", "DROP TABLE IF EXISTS t", 0},
    {"alter", "ALTER TABLE t ADD COLUMN w INT", 0},
    {"kill", "KILL QUERY '1:2'", 0},
    {"token", "CREATE TOKEN a FROM USER root", 0},
    {"timed lines", "m f=1 1700000000000", TDREST_PROTOCOL_LINE},
    {"untimed lines", "m f=1", TDREST_PROTOCOL_LINE},
};

static const char *const modes[] = {"auto", "connect", "never"};

/* ---- the table ---- */

typedef struct row {
    char text[3][256]; /* fault, kind, mode */
    int arrivals, attempts, used;
} row;

static row rows[64];
static size_t row_count;

static void read_table(void)
{
    FILE *file = fopen(TDRT_DATA "/arrivals.csv", "r");
    char line[512];

    CU_ASSERT_FATAL(file != NULL);
    for (row_count = 0; fgets(line, sizeof line, file) != NULL && row_count < COUNT_OF(rows);) {
        row *r = &rows[row_count];

        if (line[0] == '#' || strncmp(line, "fault,", 6) == 0)
            continue;
        r->used = 0;
        CHECK(sscanf(line, "%255[^,],%255[^,],%255[^,],%d,%d,", r->text[0], r->text[1], r->text[2], &r->arrivals, &r->attempts) == 5, "%s", line);
        row_count++;
    }
    fclose(file);
}

static int fits(const char *pattern, const char *word)
{
    size_t len = strlen(word);

    if (strcmp(pattern, "*") == 0)
        return 1;
    for (const char *at = pattern; at != NULL; at = strchr(at, '/') == NULL ? NULL : strchr(at, '/') + 1)
        if (strncmp(at, word, len) == 0 && (at[len] == '/' || at[len] == '\0'))
            return 1;
    return 0;
}

static const row *find_row(const char *fault_name, const char *kind_name, const char *mode)
{
    for (size_t i = 0; i < row_count; i++)
        if (fits(rows[i].text[0], fault_name) && fits(rows[i].text[1], kind_name) && fits(rows[i].text[2], mode)) {
            rows[i].used = 1;
            return &rows[i];
        }
    CHECK(0, "no row for %s, %s, %s", fault_name, kind_name, mode);
    return NULL;
}

/* ---- servers ---- */

typedef struct script {
    const fault *fault;
    int once; /* only the first arrival of a statement fails */
} script;

static int how_often(const tdrt_visit *visit)
{
    tdrt_server self = TDRT_SERVER_INIT;

    self.counts = visit->counts;
    return tdrt_server_arrivals(&self, visit->sql);
}

static int is_lines(const tdrt_visit *visit)
{
    return strstr(visit->head, "/influxdb/") != NULL;
}

static int answer_well(const tdrt_visit *visit)
{
    if (is_lines(visit))
        return tdrt_send_answer(visit, &(tdrt_answer){.status = 204, .body = ""});
    return tdrt_starts(visit, "select") || tdrt_starts(visit, "show") ? tdrt_send_three(visit)
                                                                       : tdrt_send_answer(visit, &(tdrt_answer){.body = TDRT_INSERTED});
}

static int answer(const tdrt_visit *visit)
{
    const script *s = (const script *)visit->context;
    const fault *f = s->fault;
    tdrt_answer given = f->answer;

    if (s->once && how_often(visit) > 1)
        return answer_well(visit);
    if (f->stalls)
        return tdrt_hold(visit);
    if (f->reset_at >= 0) {
        if (f->reset_at > 0)
            (void)tdrt_send(visit, TDRT_HEAD_CHUNKED, (size_t)f->reset_at);
        return tdrt_reset(visit);
    }
    if (is_lines(visit) && f->lines != NULL) {
        given.body = f->lines;
        given.status = given.status == 0 ? 500 : given.status;
    }
    return tdrt_send_answer(visit, &given);
}

/* Reads some bytes of each request and resets the connection. */
static void *cut_requests(void *context)
{
    const struct linger at_once = {1, 0};
    int listener = *(const int *)context, fd;
    char bytes[64];

    while ((fd = accept(listener, NULL, NULL)) >= 0) {
        (void)!read(fd, bytes, sizeof bytes);
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        close(fd);
    }
    return NULL;
}

/* A statement that no socket buffers hold. */
static char *large_statement(const kind *k)
{
    enum { LARGE = 900000 };
    char *text = (char *)malloc(LARGE + 256);
    size_t at;

    CU_ASSERT_FATAL(text != NULL);
    if (k->protocol != 0) {
        strcpy(text, strchr(k->text + 4, ' ') != NULL ? "m f=1 1700000000000" : "m f=1");
        at = strlen(text);
        text[at++] = '\n';
        while (at + 32 < LARGE)
            at += (size_t)sprintf(text + at, "%s\n", k->text);
        return text;
    }
    at = (size_t)sprintf(text, "%s", k->text);
    memset(text + at, 'x', LARGE);
    text[at] = ' ';
    text[at + LARGE] = '\0';
    return text;
}

/* ---- a cell ---- */

static int run(tdrest_conn *conn, const kind *k, const char *text)
{
    tdrest_call call = TDREST_CALL_INIT;
    tdrest_result *res = NULL;
    int rc;

    call.buffered = 1;
    if (k->protocol != 0)
        return tdrest_write(conn, k->protocol, TDREST_MS, text, TDREST_CSTR, NULL);
    rc = tdrest_query(conn, text, TDREST_CSTR, &call, &res);
    tdrest_result_free(res);
    return rc;
}

enum { STALL_MS = 100, STALL_MS_MOST = 10000 };

/* Whoever stalls is given up soon. */
static tdrest_conn *dial(const fault *f, const char *hosts, const char *mode, int stall_ms)
{
    char dsn[512], why[256];
    tdrest_conn *conn = NULL;

    atomic_store(&tdrt_names_slow_ms, 10 * f->connect_ms);
    snprintf(dsn, sizeof dsn, "http://%s/test?retry=%s&conn_retries=2&retry_backoff_ms=1&retry_backoff_max_ms=1&retry_for_ms=0&stall_timeout_ms=%d&batch_bytes=1048576&connect_timeout_ms=%d",
             hosts, mode, f->stalls ? stall_ms : 60000, f->connect_ms == 0 ? 10000 : f->connect_ms);
    if (tdrest_open(dsn, &conn, why, sizeof why) != TDREST_OK)
        CHECK(0, "%s: %s", dsn, why);
    CU_ASSERT_FATAL(conn != NULL);
    return conn;
}

/* A process may read a request only after the client has given up on it. */
static int count_arrivals(const tdrt_server *a, const tdrt_server *b, const char *text, int expected)
{
    int count = 0;

    for (int i = 0; a != NULL && i < 6000 && (count = tdrt_server_arrivals(a, text) + tdrt_server_arrivals(b, text)) < expected; i++)
        tdrt_pause(10);
    return count;
}

/* One try of a cell. 1 when it went as its row says. */
static int try_cell(const fault *f, const kind *k, const char *mode, const row *r, tdrest_conn *conn, const char *text, const tdrt_server *a, const tdrt_server *b)
{
    const tdrest_error *err = tdrest_conn_error(conn);
    int before = count_arrivals(a, b, text, 0), rc = run(conn, k, text), after;

    if (r == NULL)
        return 1;
    after = count_arrivals(a, b, text, before + r->arrivals);
    if (rc < 0 && after - before == r->arrivals && err->attempts == r->attempts && (err->first_cause[0] != '\0') == (r->attempts > 1))
        return 1;
    printf("%s, %s, %s: %d after %d arrivals and %d attempts at %s; expected %d and %d: %s\n", f->name, k->name, mode, rc, after - before, err->attempts,
           err->hosts, r->arrivals, r->attempts, err->message);
    return 0;
}

/*
 * Where the system's buffers took the whole of a request before it was cut, it was not cut: such a try says nothing. Nor does one in which this side was
 * so slow that it gave up before the request had left: the next one has more time.
 */
static void check_cell(const fault *f, const kind *k, const char *mode, const char *hosts, const tdrt_server *a, const tdrt_server *b)
{
    const row *r = find_row(f->name, k->name, mode);
    char *large = f->cuts_request ? large_statement(k) : NULL;
    int good = 0, void_try = 1;

    for (int i = 0, stall_ms = STALL_MS; i < 10 && void_try; i++, stall_ms *= 10) {
        tdrest_conn *conn = dial(f, hosts, mode, stall_ms);

        good = try_cell(f, k, mode, r, conn, large != NULL ? large : k->text, a, b);
        void_try = !good && ((f->cuts_request && tdrest_conn_error(conn)->phase >= TDREST_PHASE_WAIT) || (f->stalls && stall_ms < STALL_MS_MOST));
        tdrest_conn_free(conn);
    }
    CHECK(good, "%s, %s, %s", f->name, k->name, mode);
    free(large);
}

static void for_all_cells(const fault *f, const char *hosts, const tdrt_server *a, const tdrt_server *b)
{
    for (size_t k = 0; k < COUNT_OF(kinds); k++)
        for (size_t m = 0; m < COUNT_OF(modes); m++)
            check_cell(f, &kinds[k], modes[m], hosts, a, b);
}

/* ---- tests ---- */

static void at_listeners(const fault *f)
{
    int listeners[2];
    pthread_t threads[2];
    char hosts[64];
    int ports[2];

    for (int i = 0; i < 2; i++) {
        struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        socklen_t len = sizeof address;
        int small_segment = 536, small_buffer = 2048; /* so that the rest of a large request stays with the client */

        listeners[i] = socket(AF_INET, SOCK_STREAM, 0);
        setsockopt(listeners[i], IPPROTO_TCP, TCP_MAXSEG, &small_segment, sizeof small_segment);
        setsockopt(listeners[i], SOL_SOCKET, SO_RCVBUF, &small_buffer, sizeof small_buffer);
        CU_ASSERT_FATAL(bind(listeners[i], (struct sockaddr *)&address, sizeof address) == 0);
        CU_ASSERT_FATAL(!f->cuts_request || listen(listeners[i], 64) == 0);
        CU_ASSERT_FATAL(getsockname(listeners[i], (struct sockaddr *)&address, &len) == 0);
        ports[i] = ntohs(address.sin_port);
        if (f->cuts_request)
            CU_ASSERT_FATAL(pthread_create(&threads[i], NULL, cut_requests, &listeners[i]) == 0);
    }
    snprintf(hosts, sizeof hosts, "127.0.0.1:%d,127.0.0.1:%d", ports[0], ports[1]);
    for_all_cells(f, f->host != NULL ? f->host : hosts, NULL, NULL);
    for (int i = 0; i < 2; i++) {
        if (f->cuts_request) {
            shutdown(listeners[i], SHUT_RDWR);
            pthread_join(threads[i], NULL);
        }
        close(listeners[i]);
    }
}

static void at_servers(const fault *f)
{
    script s = {f, 0};
    tdrt_server a = TDRT_SERVER_INIT, b = TDRT_SERVER_INIT;
    char hosts[64];

    CU_ASSERT_FATAL(tdrt_server_start(&a, answer, &s) && tdrt_server_start(&b, answer, &s));
    snprintf(hosts, sizeof hosts, "127.0.0.1:%d,127.0.0.1:%d", a.port, b.port);
    for_all_cells(f, hosts, &a, &b);
    tdrt_server_stop(&a);
    tdrt_server_stop(&b);
}

static int is_seen(const fault *f)
{
    return f->host == NULL && !f->cuts_request && strcmp(f->name, "refused") != 0;
}

static void every_cell(void)
{
    read_table();
    for (size_t i = 0; i < COUNT_OF(faults); i++)
        if (is_seen(&faults[i]))
            at_servers(&faults[i]);
        else
            at_listeners(&faults[i]);
    for (size_t i = 0; i < row_count; i++)
        CHECK(rows[i].used, "row %zu (%s, %s, %s) answers no cell", i, rows[i].text[0], rows[i].text[1], rows[i].text[2]);
}

/* 1: this side was too slow for so short a stall limit; it shall have more time. */
static int try_once(const fault *f, const kind *k, int stall_ms)
{
    const row *r = find_row(f->name, k->name, "auto");
    script s = {f, 1};
    tdrt_server server = TDRT_SERVER_INIT;
    tdrest_conn *conn;
    char host[32];
    int rc, arrived, good, again, repeated = r != NULL && r->attempts > 1;

    CU_ASSERT_FATAL(tdrt_server_start(&server, answer, &s));
    snprintf(host, sizeof host, "127.0.0.1:%d", server.port);
    conn = dial(f, host, "auto", stall_ms);
    rc = run(conn, k, k->text);
    CHECK_INT(tdrest_conn_error(conn)->code, rc);
    for (int i = 0; i < 6000 && tdrt_server_arrivals(&server, k->text) < 1 + repeated; i++)
        tdrt_pause(10);
    arrived = tdrt_server_arrivals(&server, k->text);
    good = (rc == TDREST_OK) == repeated && arrived == 1 + repeated;
    again = !good && f->stalls && stall_ms < STALL_MS_MOST;
    CHECK(good || again, "%s, %s: %d after %d arrivals: %s", f->name, k->name, rc, arrived, tdrest_conn_error(conn)->message);
    tdrest_conn_free(conn);
    tdrt_server_stop(&server);
    return again;
}

/* The fault happens once: whoever repeats succeeds with two arrivals, the others fail with one. */
static void once(void)
{
    read_table();
    for (size_t i = 0; i < COUNT_OF(faults); i++)
        for (size_t k = 0; k < COUNT_OF(kinds) && is_seen(&faults[i]); k++)
            for (int stall_ms = STALL_MS; try_once(&faults[i], &kinds[k], stall_ms); stall_ms *= 10)
                ;
}

CU_TestInfo tdrt_arrivals[] = {
    {"every cell", every_cell},
    {"once", once},
    CU_TEST_INFO_NULL,
};
