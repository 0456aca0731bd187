/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Schemaless writing over a socket: the requests byte by byte, what is refused, how large data is cut. */
#include "dial.h"

#include <jansson.h>
#include <sys/mman.h>
#include <tdrest_jansson.h>

#define LINE TDREST_PROTOCOL_LINE
#define TELNET TDREST_PROTOCOL_TELNET
#define JSON TDREST_PROTOCOL_JSON

/* What arrived: "POST /target\ntype\nlogin\nbody" for each request, \1 behind it. Filled by the server's process. */
typedef struct arrivals {
    size_t used;
    char text[1 << 21];
} arrivals;

static arrivals *seen;
static tdrt_server server;
static tdrest_conn *conn;

static void note(const char *bytes, size_t len, char behind)
{
    if (seen->used + len + 2 > sizeof seen->text)
        return;
    memcpy(seen->text + seen->used, bytes, len);
    seen->used += len;
    seen->text[seen->used++] = behind;
    seen->text[seen->used] = '\0';
}

static void note_field(const char *head, const char *name)
{
    const char *at = strstr(head, name);

    at = at == NULL ? "-" : at + strlen(name);
    note(at, strcspn(at, "\r\n"), '\n');
}

/* A body that holds `refuse` is, with a message that would come from a bad line. */
static int answer(const tdrt_visit *visit)
{
    note(visit->head, strcspn(visit->head, "\r"), '\n');
    note_field(visit->head, "\r\nContent-Type: ");
    note_field(visit->head, "\r\nAuthorization: ");
    note(visit->sql, strlen(visit->sql), '\1');
    if (strncmp(visit->sql, "select", 6) == 0)
        return tdrt_send_three(visit);
    if (strstr(visit->sql, "refuse") != NULL)
        return tdrt_send_answer(visit, &(tdrt_answer){.status = 500, .body = "{\"code\":\"internal error\",\"message\":\"[0x3002] bad\"}"});
    if (strstr(visit->sql, "endless") != NULL) { /* an error page that is far longer than anyone reads */
        static char page[200000];

        memset(page, 'x', sizeof page - 1);
        return tdrt_send_answer(visit, &(tdrt_answer){.status = 500, .fields = "Content-Type: text/html\r\n", .body = page});
    }
    return tdrt_send(visit, "HTTP/1.1 204 No Content\r\n\r\n", 0);
}

static void begin(const char *parameters)
{
    seen = mmap(NULL, sizeof *seen, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CU_ASSERT_FATAL(seen != MAP_FAILED);
    conn = tdrt_dial_new(&server, answer, parameters);
}

static void finish(void)
{
    tdrest_conn_free(conn);
    tdrt_server_stop(&server);
    munmap(seen, sizeof *seen);
}

static int write_data(int protocol, const char *data, const tdrest_call *call)
{
    seen->used = 0;
    seen->text[0] = '\0';
    return tdrest_write(conn, protocol, protocol == LINE ? TDREST_NS : 0, data, TDREST_CSTR, call);
}

/* ---- requests ---- */

static void requests(void)
{
    tdrest_call call = TDREST_CALL_INIT;
    static const char login[] = "Basic cm9vdDp0YW9zZGF0YQ==";
    static const struct { int protocol; const char *data, *target, *type; } cases[] = {
        {LINE, "m f=1 1\nm f=2 2\n", "/influxdb/v1/write?db=test&precision=ns&ttl=7&table_name_key=the%20tag&req_id=42&app=tdrest", "text/plain; charset=utf-8"},
        {TELNET, "m 1 2 a=b", "/opentsdb/v1/put/telnet/test?ttl=7&table_name_key=the%20tag&req_id=42&app=tdrest", "text/plain; charset=utf-8"},
        {JSON, " [{\"a\":1}, {}]\n", "/opentsdb/v1/put/json/test?ttl=7&table_name_key=the%20tag&req_id=42&app=tdrest", "application/json"},
    };
    char expected[512];

    begin("");
    call.ttl_days = 7;
    call.table_name_key = "the tag";
    call.req_id = 42;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CHECK(write_data(cases[i].protocol, cases[i].data, &call) == TDREST_OK, "%s", tdrest_conn_error(conn)->message);
        snprintf(expected, sizeof expected, "POST %s HTTP/1.1\n%s\n%s\n%s\1", cases[i].target, cases[i].type, login, cases[i].data);
        CHECK_TEXT(seen->text, expected);
        CHECK_INT(tdrest_conn_error(conn)->code, 0);
    }
    CHECK_INT(write_data(LINE, "m f=1", NULL), TDREST_OK);
    CU_ASSERT(strstr(seen->text, "/influxdb/v1/write?db=test&precision=ns&req_id=") != NULL && strstr(seen->text, "ttl") == NULL);
    call.database = "`V_sm`";
    CHECK_INT(write_data(LINE, "m f=1", &call), TDREST_OK);
    CU_ASSERT(strstr(seen->text, "?db=%60V_sm%60&") != NULL);
    call.database = "V_sm";
    CHECK_INT(write_data(JSON, "{}", &call), TDREST_OK);
    CU_ASSERT(strstr(seen->text, "/opentsdb/v1/put/json/v_sm?") != NULL);
    tdrt_dial_three(conn);
    CHECK_INT(atomic_load(&server.counts->connections), 1);
    finish();
}

static void precisions(void)
{
    static const struct { int precision; const char *word; } cases[] = {
        {TDREST_HOUR, "&precision=h&"}, {TDREST_MINUTE, "&precision=m&"}, {TDREST_SECOND, "&precision=s&"},
        {TDREST_MS, "&precision=ms&"},  {TDREST_US, "&precision=u&"},     {TDREST_NS, "&precision=ns&"},
    };

    begin("");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        seen->used = 0;
        CHECK_INT(tdrest_write(conn, LINE, cases[i].precision, "m f=1 1", TDREST_CSTR, NULL), TDREST_OK);
        CHECK(strstr(seen->text, cases[i].word) != NULL, "%s, expected %s", seen->text, cases[i].word);
    }
    finish();
}

/* ---- refused before anything is sent ---- */

static void refused(int rc, int code, const char *message)
{
    const tdrest_error *err = tdrest_conn_error(conn);
    const tdrest_written *written = tdrest_conn_get_written(conn);

    CHECK(rc == code && err->code == code && err->phase == TDREST_PHASE_PREPARE && strstr(err->message, message) != NULL, "%d: %d, phase %d, %s", rc,
          err->code, err->phase, err->message);
    CHECK_INT(err->repeat, TDREST_REPEAT_NO);
    CU_ASSERT(written->size == sizeof *written && written->requests == 0 && written->lines == 0 && written->bytes == 0 && !written->failed_unknown);
}

static void refusals(void)
{
    static const struct { int protocol, precision; const char *data, *message; } cases[] = {
        {0, 0, "m f=1", "protocol: expected TDREST_PROTOCOL_LINE"},
        {4, 0, "m f=1", "protocol: expected TDREST_PROTOCOL_LINE"},
        {LINE, 0, "m f=1", "precision: expected TDREST_HOUR"},
        {LINE, 1, "m f=1", "precision: expected TDREST_HOUR"},
        {LINE, -4, "m f=1", "precision: expected TDREST_HOUR"},
        {TELNET, TDREST_MS, "m 1 2 a=b", "precision: expected 0 for OpenTSDB"},
        {JSON, TDREST_SECOND, "{}", "precision: expected 0 for OpenTSDB"},
        {LINE, TDREST_NS, NULL, "data is NULL"},
        {LINE, TDREST_NS, "", "data: it contains no line to write"},
        {LINE, TDREST_NS, "# all\n\n# comments\n", "data: it contains no line to write"},
        {TELNET, 0, " \n", "data: it contains no line to write"},
        {JSON, 0, "", "data: it contains no data point"},
        {JSON, 0, "[]", "data: expected a data point here"},
    };
    tdrest_call call = TDREST_CALL_INIT;
    char dsn[64];

    begin("");
    CHECK_INT(write_data(LINE, "m f=1", NULL), TDREST_OK);
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        refused(tdrest_write(conn, cases[i].protocol, cases[i].precision, cases[i].data, TDREST_CSTR, NULL), TDREST_EUSAGE, cases[i].message);
    refused(tdrest_write(conn, LINE, TDREST_NS, "m f=1\0", 6, NULL), TDREST_EUSAGE, "data: a NUL");
    CHECK_INT(tdrest_conn_error(conn)->offset, 5);
    call.ttl_days = -1;
    refused(write_data(LINE, "m f=1", &call), TDREST_EUSAGE, "call.ttl_days: expected 0 to 2147483647");
    call.ttl_days = INT64_C(1) << 31;
    refused(write_data(LINE, "m f=1", &call), TDREST_EUSAGE, "call.ttl_days: expected 0 to 2147483647");
    call.size = 0;
    refused(write_data(LINE, "m f=1", &call), TDREST_EUSAGE, "call.size is 0");
    call = TDREST_CALL_INIT;
    call.req_id = -1;
    refused(write_data(LINE, "m f=1", &call), TDREST_EUSAGE, "call.req_id is negative");
    call = TDREST_CALL_INIT;
    call.table_name_key = "a\nb";
    refused(write_data(LINE, "m f=1", &call), TDREST_EUSAGE, "contains control characters");
    call = TDREST_CALL_INIT;
    call.database = "a/b";
    refused(write_data(LINE, "m f=1", &call), TDREST_EOPTION, "database: ");
    CHECK_INT(seen->used, 0);
    tdrest_conn_free(conn);
    snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d", server.port);
    CHECK_INT(tdrest_open(dsn, &conn, NULL, 0), TDREST_OK);
    for (int protocol = LINE; protocol <= JSON; protocol++)
        refused(write_data(protocol, protocol == JSON ? "{}" : "m f=1", NULL), TDREST_EUSAGE, "database: this endpoint needs one");
    CHECK_INT(tdrest_conn_get_written(conn)->failed_lines, 1);
    CHECK_INT(tdrest_conn_get_written(NULL)->lines, 0);
    finish();
}

static void busy(void)
{
    tdrest_result *res;

    begin("");
    res = tdrt_dial_query(conn, "select three", NULL);
    CHECK_INT(write_data(LINE, "m f=1", NULL), TDREST_EBUSY);
    tdrest_result_free(res);
    CHECK_INT(write_data(LINE, "m f=1", NULL), TDREST_OK);
    finish();
}

/* ---- cut into requests ---- */

enum { MANY = 3000 };

/* The body of the next request of those seen; its length. */
static char *next_body(char **at, size_t *len)
{
    char *body = *at;

    for (int i = 0; i < 3 && body != NULL; i++) {
        body = strchr(body, '\n');
        body = body == NULL ? NULL : body + 1;
    }
    if (body == NULL)
        return NULL;
    *len = strcspn(body, "\1");
    *at = body + *len + 1;
    return body;
}

static void cut_lines(void)
{
    static char data[MANY * 40], joined[sizeof data];
    size_t len = 0, joined_len = 0, body_len;
    const tdrest_written *written;
    char *at, *body;
    int count = 0;

    begin("?batch_bytes=4096");
    for (int i = 0; i < MANY; i++)
        len += (size_t)snprintf(data + len, sizeof data - len, i % 7 == 3 ? "# %d\n" : "m,t=x f=%d %d\n", i, i + 1);
    CHECK_INT(write_data(LINE, data, NULL), TDREST_OK);
    for (at = seen->text; (body = next_body(&at, &body_len)) != NULL; count++) {
        CHECK(body_len <= 4096 && body[body_len - 1] == '\n', "request %d has %zu bytes", count, body_len);
        memcpy(joined + joined_len, body, body_len);
        joined_len += body_len;
    }
    CHECK(joined_len == len && memcmp(joined, data, len) == 0, "%zu of %zu bytes arrived", joined_len, len);
    written = tdrest_conn_get_written(conn);
    CU_ASSERT(count > 10 && written->requests == count && written->lines == MANY && written->bytes == len);
    CU_ASSERT(written->failed_lines == 0 && written->unsent_lines == 0 && written->failed_bytes == 0);
    finish();
}

static void cut_json(void)
{
    static char data[MANY * 40];
    size_t len = 1, body_len;
    json_int_t next = 0;
    char *at, *body;

    begin("?batch_bytes=4096");
    data[0] = '[';
    for (int i = 0; i < MANY; i++)
        len += (size_t)snprintf(data + len, sizeof data - len, "%s{\"metric\":\"a],[{\",\"value\":%d}", i == 0 ? "" : i % 5 == 0 ? " ,\n" : ",", i);
    snprintf(data + len, sizeof data - len, "]");
    CHECK_INT(write_data(JSON, data, NULL), TDREST_OK);
    for (at = seen->text; (body = next_body(&at, &body_len)) != NULL;) {
        json_t *array = json_loadb(body, body_len, 0, NULL), *point;
        size_t i;

        CHECK(body_len <= 4098 && json_is_array(array), "%.*s", (int)body_len, body);
        json_array_foreach(array, i, point)
            CHECK_INT(json_integer_value(json_object_get(point, "value")), next++);
        json_decref(array);
    }
    CHECK_INT(next, MANY);
    CHECK_INT(tdrest_conn_get_written(conn)->lines, MANY);
    CHECK_INT(tdrest_conn_get_written(conn)->bytes, strlen(data));
    finish();
}

static void long_line(void)
{
    static char data[20000];
    size_t len;

    begin("?batch_bytes=4096");
    memset(data, 'x', sizeof data - 1);
    memcpy(data, "m f=1\nm g=\"", 11);
    memcpy(data + sizeof data - 10, "\"\nm h=1\n#", 9);
    data[sizeof data - 1] = '\0';
    CHECK_INT(write_data(LINE, data, NULL), TDREST_OK);
    CHECK_INT(tdrest_conn_get_written(conn)->requests, 3); /* what stands behind is a comment alone: nothing is sent for it */
    len = strlen(data);
    CHECK_INT(tdrest_conn_get_written(conn)->bytes, len);
    CHECK_INT(tdrest_conn_get_written(conn)->lines, 4);
    finish();
}

/* The third of five requests fails; going on behind it writes each line once. */
static void stopped(void)
{
    static char data[5 * 4000 + 1];
    const tdrest_written *written;
    const tdrest_error *err;

    begin("?batch_bytes=4096");
    for (int i = 0; i < 5 * 200; i++)
        snprintf(data + 20 * i, 21, "m f=%6d %8d\n", i, i == 7 ? 0 : i);
    memcpy(data + 20 * 450 + 4, "refuse", 6);
    CHECK_INT(write_data(LINE, data, NULL), TDREST_ESERVER);
    err = tdrest_conn_error(conn);
    written = tdrest_conn_get_written(conn);
    CU_ASSERT(err->cls == TDREST_CLASS_SCHEMALESS && err->server_code == 0x3002 && err->http_status == 500);
    CHECK_TEXT(err->message, "bad");
    CHECK_INT(written->requests, 2);
    CHECK_INT(written->lines, 408);
    CHECK_INT(err->row, 408);
    CHECK_INT(written->bytes, 408 * 20);
    CHECK_INT(written->failed_lines, 204);
    CHECK_INT(written->failed_bytes, 204 * 20);
    CHECK_INT(written->unsent_lines, 1000 - 612);
    CHECK_INT(written->failed_unknown, 0);
    memcpy(data + 20 * 450 + 4, "     0", 6);
    CHECK_INT(write_data(LINE, data + written->bytes, NULL), TDREST_OK);
    CHECK_INT(tdrest_conn_get_written(conn)->lines, 1000 - 408);
    finish();
}

static void stopped_json(void)
{
    static char data[300 * 33 + 2];
    const tdrest_written *written;
    size_t bytes;

    begin("?batch_bytes=4096");
    data[0] = '[';
    for (int i = 0; i < 300; i++)
        snprintf(data + 1 + 33 * i, 34, "{\"v\":\"%24d\"}%s", i, i == 299 ? "]" : ",");
    memcpy(data + 1 + 33 * 200 + 10, "refuse", 6);
    CHECK_INT(write_data(JSON, data, NULL), TDREST_ESERVER);
    written = tdrest_conn_get_written(conn);
    CHECK_INT(written->lines, 124);
    CHECK_INT(written->failed_lines, 124);
    CHECK_INT(written->unsent_lines, 52);
    CHECK_INT(written->bytes, 1 + 33 * 124);
    memcpy(data + 1 + 33 * 200 + 10, "      ", 6);
    bytes = written->bytes;
    data[bytes - 1] = '['; /* where the comma was */
    CHECK_INT(write_data(JSON, data + bytes - 1, NULL), TDREST_OK);
    CHECK_INT(tdrest_conn_get_written(conn)->lines, 300 - 124);
    finish();
}

static void long_error(void)
{
    begin("");
    CHECK_INT(write_data(LINE, "m endless=1 1", NULL), TDREST_EGATEWAY);
    CHECK_INT(tdrest_conn_error(conn)->http_status, 500);
    CHECK_INT(write_data(LINE, "m f=1 1", NULL), TDREST_OK);
    finish();
}

/* ---- Jansson ---- */

static void from_jansson(void)
{
    json_t *point = json_pack("{s:s, s:i, s:f, s:{s:s}}", "metric", "m", "timestamp", 17, "value", 0.1, "tags", "a", "b");
    json_t *text = json_string("no point");

    begin("");
    CHECK_INT(tdrest_write_json(conn, point, NULL), TDREST_OK);
    CU_ASSERT(strstr(seen->text, "\n{\"metric\":\"m\",\"timestamp\":17,\"value\":0.1") != NULL && strstr(seen->text, ",\"tags\":{\"a\":\"b\"}}\1") != NULL);
    refused(tdrest_write_json(conn, text, NULL), TDREST_EUSAGE, "expected a JSON object, or an array of them");
    refused(tdrest_write_json(conn, NULL, NULL), TDREST_EUSAGE, "data is NULL");
    json_decref(point);
    json_decref(text);
    finish();
}

CU_TestInfo tdrt_write[] = {
    {"requests", requests},
    {"precisions", precisions},
    {"refusals", refusals},
    {"busy", busy},
    {"lines are cut", cut_lines},
    {"JSON is cut", cut_json},
    {"a long line", long_line},
    {"stopped", stopped},
    {"stopped in JSON", stopped_json},
    {"a long error", long_error},
    {"from Jansson", from_jansson},
    CU_TEST_INFO_NULL,
};
