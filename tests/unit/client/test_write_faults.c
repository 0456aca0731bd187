/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Schemaless writing on bad days: every recorded refusal, answers of others, links that break, limits, cancel. What is told of each
 * line, and whether the call may be sent again, is what matters here.
 */
#include "dialed.h"
#include "recording.h"

#include <pthread.h>

#define LINE TDREST_PROTOCOL_LINE
#define TELNET TDREST_PROTOCOL_TELNET
#define JSON TDREST_PROTOCOL_JSON

static int write_line(const char *data, const tdrest_call *call)
{
    return tdrest_write(conn, LINE, TDREST_NS, data, TDREST_CSTR, call);
}

static int good(const tdrt_visit *visit)
{
    return tdrt_send(visit, "HTTP/1.1 204 No Content\r\n\r\n", 0);
}

/* ---- recorded refusals ---- */

/* "recorded SET NUMBER" somewhere in the body. */
static int answer_recorded(const tdrt_visit *visit)
{
    const char *at = strstr(visit->sql, "recorded ");
    tdrt_recording r;
    unsigned set, number;
    char fields[160];
    int stays;

    if (at == NULL || sscanf(at, "recorded %u %u", &set, &number) != 2 || !tdrt_recording_read(tdrt_recording_sets[set], (int)number, &r))
        return 0;
    snprintf(fields, sizeof fields, "Content-Type: %s\r\n", r.content_type);
    stays = r.status == 204 ? good(visit) : tdrt_send_answer(visit, &(tdrt_answer){.status = r.status, .fields = fields, .body = r.body, .len = r.len});
    tdrt_recording_free(&r);
    return stays;
}

typedef struct refusal {
    unsigned number;
    int protocol, code, server_code, http_status;
    const char *message;
} refusal;

static void check_recorded(unsigned set, const refusal *c)
{
    const tdrest_error *err = tdrest_conn_error(conn);
    char data[64];
    int rc, cls = c->code == TDREST_EAUTH ? TDREST_CLASS_CONNECTION : TDREST_CLASS_SCHEMALESS;

    if (c->protocol == LINE)
        snprintf(data, sizeof data, "m t=\"recorded %u %u\" 1", set, c->number);
    else
        snprintf(data, sizeof data, c->protocol == JSON ? "{\"m\":\"recorded %u %u\"}" : "m 1 1 t=recorded %u %u", set, c->number);
    rc = tdrest_write(conn, c->protocol, c->protocol == LINE ? TDREST_NS : 0, data, TDREST_CSTR, NULL);
    CHECK(rc == c->code && (rc == TDREST_OK || (err->cls == cls && err->server_code == c->server_code && err->http_status == c->http_status &&
          strstr(err->message, c->message) != NULL && err->repeat == TDREST_REPEAT_NO)),
          "%u of set %u: %d, class %d, 0x%04x, HTTP %d, repeat %d: %s", c->number, set, rc, err->cls, (unsigned)err->server_code, err->http_status,
          err->repeat, err->message);
    CHECK_INT(tdrest_conn_get_written(conn)->failed_unknown, 0);
    CHECK_INT(tdrest_conn_get_written(conn)->failed_lines, rc != TDREST_OK);
    CHECK_INT(tdrest_conn_get_written(conn)->lines, rc == TDREST_OK);
    CHECK_INT(err->row, rc == TDREST_OK ? -1 : 0);
}

static void recorded(void)
{
    static const refusal cases[] = {
        {109, LINE, TDREST_OK, 0, 204, ""},
        {110, LINE, TDREST_OK, 0, 204, ""},
        {111, LINE, TDREST_OK, 0, 204, ""},
        {112, LINE, TDREST_OK, 0, 204, ""},
        {113, LINE, TDREST_ESERVER, 0x021f, 500, "SML line invalid key or key is too long than 64:current"},
        {114, LINE, TDREST_ESERVER, 0x021f, 500, "SML line invalid key or key is too long than 64:current"},
        {115, LINE, TDREST_ESERVER, 0x3002, 500, "db type:DOUBLE, point type:VARCHAR"},
        {116, LINE, TDREST_ESERVER, 0, 400, "db required"},
        {117, LINE, TDREST_ESERVER, 0x0388, 500, "Database not exist"},
        {118, LINE, TDREST_OK, 0, 204, ""},
        {119, LINE, TDREST_ESERVER, 0, 400, "ttl must be numeric"},
        {120, LINE, TDREST_EAUTH, 0, 401, "auth"},
        {121, LINE, TDREST_EAUTH, 0x0357, 500, "Authentication failure"},
        {122, LINE, TDREST_ESERVER, 0x3002, 500, "line num is invalid"},
        {123, TELNET, TDREST_OK, 0, 204, ""},
        {124, TELNET, TDREST_OK, 0, 204, ""},
        {125, TELNET, TDREST_ESERVER, 0x0127, 500, "SML telnet parse timestamp failed: 10.3 location=SF"},
        {126, JSON, TDREST_OK, 0, 204, ""},
        {127, JSON, TDREST_OK, 0, 204, ""},
        {128, JSON, TDREST_ESERVER, 0x0221, 500, "Invalid JSON format"},
        {129, JSON, TDREST_ESERVER, 0x0221, 500, "Invalid JSON format"},
        {130, TELNET, TDREST_EAUTH, 0, 401, "auth needed"},
    };

    conn = tdrt_dial_new(&server, answer_recorded, "");
    for (unsigned set = 0; set < 2; set++)
        for (size_t i = 0; i < COUNT_OF(cases); i++)
            check_recorded(set, &cases[i]);
    finish();
}

/* ---- other answers, and links that break ---- */

/* What is done about a body that holds the key. */
typedef struct fault {
    const char *key;
    tdrt_answer answer;
    int code, cls, phase;
    int repeat; /* for lines with times; without, NO unless it did not run */
    int unknown;
} fault;

#define HTML "Content-Type: text/html\r\n"
#define IDEM TDREST_REPEAT_IDEMPOTENT
#define SAFE TDREST_REPEAT_SAFE
#define READ TDREST_PHASE_READ
#define WAIT TDREST_PHASE_WAIT
#define INTERNAL(text) "{\"code\":\"internal error\",\"message\":\"" text "\"}"
#define WHOLE_ERROR INTERNAL("[0x3002] type mismatch")

static const fault faults[] = {
    {"range", {.status = 500, .body = INTERNAL("[0x60b] Timestamp data out of range")}, TDREST_ESERVER, TDREST_CLASS_SCHEMALESS, READ, TDREST_REPEAT_NO, 1},
    {"taosd", {.status = 500, .body = INTERNAL("[0xb] Unable to establish connection")}, TDREST_ESERVER, TDREST_CLASS_SCHEMALESS, READ, IDEM, 1},
    {"leader", {.status = 500, .body = "{\"code\":500,\"message\":\"[0x914] restoring\"}"}, TDREST_ESERVER, TDREST_CLASS_SCHEMALESS, READ, IDEM, 1},
    {"stall", {.status = 500, .body = INTERNAL("[0x917] stall")}, TDREST_ESERVER, TDREST_CLASS_SCHEMALESS, READ, IDEM, 1},
    {"full", {.status = 500, .body = INTERNAL("[0x916] Sync buffer is full")}, TDREST_ESERVER, TDREST_CLASS_SCHEMALESS, READ, IDEM, 1},
    {"starts", {.status = 500, .body = INTERNAL("[0x130] Database is starting up")}, TDREST_ESERVER, TDREST_CLASS_SCHEMALESS, READ, SAFE, 0},
    {"pool", {.status = 503, .body = INTERNAL("get connection timeout")}, TDREST_ESERVER, TDREST_CLASS_OPERATIONAL, READ, SAFE, 0},
    {"opentsdb", {.status = 503, .body = "{\"code\":503,\"message\":\"get connection timeout\"}"}, TDREST_ESERVER, TDREST_CLASS_OPERATIONAL, READ, SAFE, 0},
    {"memory", {.status = 503, .body = "\"memory exceeds threshold\""}, TDREST_ESERVER, TDREST_CLASS_OPERATIONAL, READ, SAFE, 0},
    {"whitelist", {.status = 403, .body = "{\"code\":403,\"message\":\"whitelist prohibits current IP access\"}"}, TDREST_EAUTH, TDREST_CLASS_CONNECTION, READ, TDREST_REPEAT_NO, 0},
    {"gateway", {.status = 502, .fields = HTML, .body = "<html>"}, TDREST_EGATEWAY, TDREST_CLASS_CONNECTION, READ, IDEM, 1},
    {"slow", {.status = 504, .fields = HTML, .body = "<html>"}, TDREST_EGATEWAY, TDREST_CLASS_CONNECTION, READ, IDEM, 1},
    {"large", {.status = 413, .fields = HTML, .body = "<html>"}, TDREST_EGATEWAY, TDREST_CLASS_CONNECTION, READ, TDREST_REPEAT_NO, 0},
    {"often", {.status = 429, .fields = HTML "Retry-After: 3\r\n", .body = "<html>"}, TDREST_EGATEWAY, TDREST_CLASS_CONNECTION, READ, SAFE, 0},
    {"halfrefused", {.status = 400, .body = "{\"code\":\"illegal param\",\"message\":\"x\"}", .end = TDRT_CLOSED, .cut = 20}, TDREST_ECONNECT, TDREST_CLASS_CONNECTION, READ, IDEM, 1},
    {"moved", {.status = 307, .fields = "Location: /\r\n", .body = ""}, TDREST_ENOTADAPTER, TDREST_CLASS_INTERFACE, READ, TDREST_REPEAT_NO, 0},
    {"lost", {.status = 404, .fields = HTML, .body = "404 page not found"}, TDREST_ENOTADAPTER, TDREST_CLASS_INTERFACE, READ, TDREST_REPEAT_NO, 0},
    {"empty", {.status = 200, .body = ""}, TDREST_EANSWER, TDREST_CLASS_RESULT, READ, IDEM, 1},
    {"foreign", {.status = 200, .body = "{\"code\":0}"}, TDREST_ENOTADAPTER, TDREST_CLASS_INTERFACE, READ, TDREST_REPEAT_NO, 1},
    {"panic", {.status = 500, .fields = HTML, .body = ""}, TDREST_ESERVER, TDREST_CLASS_DATABASE, READ, TDREST_REPEAT_NO, 1},
    {"ended", {.status = 500, .body = WHOLE_ERROR, .end = TDRT_ENDED, .cut = 20}, TDREST_EANSWER, TDREST_CLASS_RESULT, READ, IDEM, 1},
    {"closed", {.status = 500, .body = WHOLE_ERROR, .end = TDRT_CLOSED, .cut = 20}, TDREST_ECONNECT, TDREST_CLASS_CONNECTION, READ, IDEM, 1},
    {"reset", {.body = NULL}, TDREST_ECONNECT, TDREST_CLASS_CONNECTION, WAIT, IDEM, 1},
};

static int answer_fault(const tdrt_visit *visit)
{
    for (size_t i = 0; i < COUNT_OF(faults); i++)
        if (strstr(visit->sql, faults[i].key) != NULL)
            return faults[i].answer.body == NULL ? tdrt_reset(visit) : tdrt_send_answer(visit, &faults[i].answer);
    return good(visit);
}

/* With times and without; first in its call, and behind a request that was written. */
static void check_fault(const fault *f, int timed, int behind)
{
    static char data[10000];
    size_t len = behind ? (size_t)snprintf(data, sizeof data, "%*s\n", 5000, timed ? "m f=1 1" : "m f=1") : 0;
    const tdrest_error *err = tdrest_conn_error(conn);
    const tdrest_written *written = tdrest_conn_get_written(conn);
    int ran = f->unknown || behind, repeat = f->repeat == SAFE && ran ? IDEM : f->repeat, rc;

    if (ran && !timed)
        repeat = TDREST_REPEAT_NO;
    snprintf(data + len, sizeof data - len, "m f=\"%s\"%s\n", f->key, timed ? " 2" : "");
    rc = write_line(data, NULL);
    CHECK(rc == f->code && err->code == rc && err->cls == f->cls && err->phase == f->phase && err->repeat == repeat,
          "%s%s%s: %d, class %d, phase %d, repeat %d not %d: %s", f->key, timed ? ", timed" : "", behind ? ", behind another" : "", rc, err->cls,
          err->phase, err->repeat, repeat, err->message);
    CHECK(written->lines == behind && written->failed_lines == 1 && written->failed_unknown == f->unknown && written->requests == behind &&
              written->bytes == len,
          "%s: %d lines, %d failed, unknown %d", f->key, (int)written->lines, (int)written->failed_lines, written->failed_unknown);
    CHECK(err->req_id > 0 && err->attempts == 1 && strstr(err->endpoint, "/influxdb/v1/write") != NULL, "%s: %s", f->key, err->endpoint);
}

static void other_answers(void)
{
    conn = tdrt_dial_new(&server, answer_fault, "?batch_bytes=4096");
    for (size_t i = 0; i < COUNT_OF(faults); i++)
        for (int way = 0; way < 4; way++)
            check_fault(&faults[i], way & 1, way >> 1);
    CHECK_INT(write_line("m f=1", NULL), TDREST_OK);
    finish();
}

static int answer_cut(const tdrt_visit *visit)
{
    unsigned place = 0;

    if (sscanf(visit->sql, "m cut=%u", &place) != 1)
        return 0;
    return tdrt_send_answer(visit, &(tdrt_answer){.status = 500, .body = WHOLE_ERROR, .end = place % 2 == 0 ? TDRT_CLOSED : TDRT_RESET, .cut = place / 2,
                                                  .chunk = place % 4 < 2 ? 0 : 7});
}

/* A refusal of which a part is missing is never a success, and never says more than it does. */
static void cut_everywhere(void)
{
    char data[32];

    conn = tdrt_dial_new(&server, answer_cut, "");
    for (unsigned place = 0; place < 2 * (sizeof WHOLE_ERROR - 1); place++) {
        int rc;

        snprintf(data, sizeof data, "m cut=%u", place);
        rc = write_line(data, NULL);
        CHECK(rc == TDREST_ECONNECT && tdrest_conn_error(conn)->server_code == 0 && tdrest_conn_get_written(conn)->failed_unknown, "%u: %d, %s", place, rc,
              tdrest_conn_error(conn)->message);
    }
    finish();
}

static int answer_first(const tdrt_visit *visit)
{
    return visit->request == 1 ? good(visit) : tdrt_reset(visit);
}

/* A kept connection that ends in the second request: it may have been written, and is not sent again behind the caller's back. */
static void once(void)
{
    conn = tdrt_dial_new(&server, answer_first, "?batch_bytes=4096");
    CHECK_INT(write_line("m f=1 1", NULL), TDREST_OK);
    CHECK_INT(write_line("m f=2 2", NULL), TDREST_ECONNECT);
    CHECK_INT(tdrest_conn_get_written(conn)->failed_unknown, 1);
    CHECK_INT(tdrest_conn_error(conn)->repeat, TDREST_REPEAT_IDEMPOTENT);
    CHECK_INT(tdrt_server_arrivals(&server, "m f=2 2"), 1);
    CHECK_INT(write_line("m f=3 3", NULL), TDREST_OK);
    CHECK_INT(atomic_load(&server.counts->connections), 2);
    finish();
}

static void nobody_listens(void)
{
    conn = tdrt_dial_new(&server, good, "");
    tdrt_server_down(&server);
    CHECK_INT(write_line("m f=1", NULL), TDREST_ECONNECT);
    CHECK_INT(tdrest_conn_error(conn)->phase, TDREST_PHASE_CONNECT);
    CHECK_INT(tdrest_conn_error(conn)->repeat, TDREST_REPEAT_SAFE);
    CHECK_INT(tdrest_conn_get_written(conn)->failed_unknown, 0);
    CHECK_INT(tdrest_conn_get_written(conn)->failed_lines, 1);
    finish();
}

/* ---- limits and cancel ---- */

enum { PATIENCE = 60000 };

static int answer_late(const tdrt_visit *visit)
{
    if (strstr(visit->sql, "never") != NULL)
        return tdrt_hold(visit);
    tdrt_pause(100);
    return good(visit);
}

/* Nobody reads: a request that is not sent in full does not run. */
static void not_sent(void)
{
    static char data[1000000];
    tdrest_call call = TDREST_CALL_INIT;

    server = (tdrt_server)TDRT_SERVER_INIT;
    server.deaf = 1;
    CU_ASSERT_FATAL(tdrt_server_start(&server, good, NULL));
    conn = tdrt_dial(&server, "?batch_bytes=1048576");
    memset(data, 'x', sizeof data - 1);
    memcpy(data, "m f=\"", 5);
    call.timeout_ms = 1000;
    CHECK_INT(write_line(data, &call), TDREST_ETIMEOUT);
    CHECK_INT(tdrest_conn_error(conn)->phase, TDREST_PHASE_SEND);
    CHECK_INT(tdrest_conn_error(conn)->repeat, TDREST_REPEAT_SAFE);
    CHECK_INT(tdrest_conn_get_written(conn)->failed_unknown, 0);
    finish();
}

/* One limit for all requests: some are written, then it passes. */
static void one_limit(void)
{
    static char data[40 * 4000];
    tdrest_call call = TDREST_CALL_INIT;
    const tdrest_written *written;
    int64_t began;

    for (int i = 0; i < 40; i++)
        snprintf(data + 4000 * i, 4000, "m f=%3990d 1\n", i);
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = data[i] == '\0' ? '\n' : data[i];
    data[sizeof data - 1] = '\0';
    conn = tdrt_dial_new(&server, answer_late, "?batch_bytes=4096");
    call.timeout_ms = 1050;
    began = tdrt_now_ms();
    CHECK_INT(write_line(data, &call), TDREST_ETIMEOUT);
    CU_ASSERT(tdrt_now_ms() - began < 20000);
    written = tdrest_conn_get_written(conn);
    CHECK(written->requests > 0 && written->requests < 11 && written->failed_lines > 0 && written->unsent_lines > 0, "%d requests, %d lines failed",
          (int)written->requests, (int)written->failed_lines);
    CHECK_INT(tdrest_conn_error(conn)->repeat, TDREST_REPEAT_NO); /* "f=     1 1": times that are not certain */
    CHECK_INT(write_line("m f=1 1", NULL), TDREST_OK);
    call.timeout_ms = INT64_MAX;
    CHECK_INT(write_line("m f=1 1", &call), TDREST_OK);
    call.timeout_ms = -1;
    call.stall_timeout_ms = 400;
    CHECK_INT(write_line("m never=1 1", &call), TDREST_ETIMEOUT);
    CHECK_INT(tdrest_conn_error(conn)->phase, TDREST_PHASE_WAIT);
    CHECK_INT(tdrest_conn_error(conn)->repeat, TDREST_REPEAT_IDEMPOTENT);
    CHECK_INT(tdrest_conn_get_written(conn)->failed_unknown, 1);
    finish();
}

static void *cancel_when_sent(void *context)
{
    for (int i = 0; i < PATIENCE && tdrt_server_arrivals(&server, "m never=1") == 0; i++)
        tdrt_pause(1);
    tdrt_await_asleep(*(const long *)context);
    tdrest_conn_cancel(conn);
    return NULL;
}

static void cancelled(void)
{
    pthread_t thread;
    int64_t began;
    long caller = tdrt_thread_id();

    conn = tdrt_dial_new(&server, answer_late, "");
    tdrest_conn_cancel(conn); /* of nothing */
    began = tdrt_now_ms();
    CU_ASSERT_FATAL(pthread_create(&thread, NULL, cancel_when_sent, &caller) == 0);
    CHECK_INT(write_line("m never=1", NULL), TDREST_ECANCELLED);
    CU_ASSERT(tdrt_now_ms() - began < PATIENCE);
    pthread_join(thread, NULL);
    CHECK_INT(tdrest_conn_error(conn)->cls, TDREST_CLASS_QUERY);
    CHECK_INT(tdrest_conn_error(conn)->repeat, TDREST_REPEAT_NO);
    CHECK_INT(tdrest_conn_get_written(conn)->failed_unknown, 1);
    CHECK_INT(write_line("m f=1", NULL), TDREST_OK);
    finish();
}

CU_TestInfo tdrt_write_faults[] = {
    {"recorded", recorded},
    {"other answers", other_answers},
    {"cut everywhere", cut_everywhere},
    {"once", once},
    {"nobody listens", nobody_listens},
    {"not sent", not_sent},
    {"one limit", one_limit},
    {"cancelled", cancelled},
    CU_TEST_INFO_NULL,
};
