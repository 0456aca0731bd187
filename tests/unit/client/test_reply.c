/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Answers without rows: every recorded error, by hand what was not recorded,
 * each cut at every byte.
 */
#include "test.h"

#include "answer/reply.h"
#include "error/outcome.h"
#include "recording.h"

#define JSON_TYPE "application/json; charset=utf-8"
#define STRAY "\x1f\x8b\x08\0\0\0\0\0\0\xff\x01\0\0\xff\xff\0\0\0\0\0\0\0\0"

static int verdict(const char *body, size_t len, enum tdri_endpoint endpoint, int http_status, const char *type, tdrest_error *err)
{
    const tdri_reply_origin origin = {endpoint, http_status, type, NULL, NULL};
    int rc;

    tdri_err_reset(err);
    rc = tdri_reply_error(body, len, &origin, err);
    err->phase = TDREST_PHASE_READ;
    (void)tdri_outcome_tell(err, tdri_endpoint_is_lines(endpoint), 1);
    CHECK(rc == err->code && rc < 0 && err->http_status == http_status, "%d, record %d, HTTP %d", rc, err->code, err->http_status);
    CHECK(err->message[0] != '\0', "%d has no message", rc);
    return rc;
}

/* ---- recorded ---- */

/* HTTP status in each of tdrt_recording_sets; 0: that set has no such error. */
typedef struct recorded_case {
    const char *name;
    int http_status[3];
    int code, cls, server_code, repeat;
    const char *message;
} recorded_case;

#define PROGRAMMING TDREST_ESERVER, TDREST_CLASS_PROGRAMMING
#define DATA TDREST_ESERVER, TDREST_CLASS_DATA
#define INTERFACE TDREST_ESERVER, TDREST_CLASS_INTERFACE
#define OPTION TDREST_EOPTION, TDREST_CLASS_INTERFACE
#define SCHEMALESS TDREST_ESERVER, TDREST_CLASS_SCHEMALESS
#define LOGIN TDREST_EAUTH, TDREST_CLASS_CONNECTION
#define STRANGER TDREST_ENOTADAPTER, TDREST_CLASS_INTERFACE
#define BROKEN TDREST_EANSWER, TDREST_CLASS_RESULT
#define NO TDREST_REPEAT_NO

static const recorded_case recorded_cases[] = {
    {"065-error-syntax", {200, 200, 400}, PROGRAMMING, 0x2600, NO, "syntax error near \"selec 1\""},
    {"066-error-unknown-database", {200, 200, 500}, PROGRAMMING, 0x0388, NO, "Fail to get table info, error: Database not exist"},
    {"067-error-no-database", {200, 200, 500}, PROGRAMMING, 0x2616, NO, "Database not specified"},
    {"068-error-unknown-table", {200, 200, 500}, PROGRAMMING, 0x2603, NO, "Fail to get table info, error: Table does not exist"},
    {"069-error-unknown-column", {200, 200, 500}, PROGRAMMING, 0x2602, NO, "Invalid column name: nope"},
    {"070-error-database-exists", {200, 200, 500}, PROGRAMMING, 0x0381, NO, "Database already exists"},
    {"071-error-table-exists", {200, 200, 500}, PROGRAMMING, 0x0603, NO, "Table already exists"},
    {"072-error-timestamp-out-of-range", {200, 200, 400}, DATA, 0x060b, NO, "Timestamp data out of range"},
    {"073-error-value-too-long", {200, 200, 500}, DATA, 0x2653, NO, "Value too long for column/tag: v"},
    {"074-error-wrong-type", {200, 200, 400}, PROGRAMMING, 0x0216, NO, "syntax error near 'abc' (invalid int data)"},
    {"075-error-int-overflow", {200, 200, 400}, PROGRAMMING, 0x0216, NO, "syntax error near '99999999999)' (int data overflow)"},
    {"076-error-column-count", {200, 200, 400}, PROGRAMMING, 0x0216, NO, "syntax error near ')' (, expected)"},
    {"077-error-bad-timestamp", {200, 200, 400}, PROGRAMMING, 0x0216, NO, "syntax error near 'yesterday' (invalid timestamp)"},
    {"078-error-bad-json-tag", {200, 200, 400}, PROGRAMMING, 0x0216, NO, "syntax error near '{not json' (json parse error)"},
    {"079-error-bad-geometry", {200, 200, 400}, PROGRAMMING, 0x0216, NO, "syntax error near 'POINT(1' (Invalid function para value)"},
    {"080-error-unterminated-string", {200, 200, 400}, PROGRAMMING, 0x2600, NO, "unrecognized token: \"'abc\""},
    {"081-error-statement-too-long", {200, 200, 500}, TDREST_ESERVER, TDREST_CLASS_OPERATIONAL, 0x0219, NO, "SQL statement too long"},
    {"082-error-wrong-password", {200, 200, 401}, LOGIN, 0x0357, NO, "Authentication failure"},
    {"083-error-unknown-user", {200, 200, 401}, LOGIN, 0x0351, NO, "Invalid user"},
    {"084-error-no-auth", {401, 401, 0}, LOGIN, 0x1105, NO, "no auth info input"},
    {"085-error-bad-basic", {401, 401, 0}, LOGIN, 0x1124, NO, "invalid basic Authorization"},
    {"086-error-bad-auth-scheme", {401, 401, 0}, LOGIN, 0x1122, NO, "invalid type of Authorization"},
    {"087-error-bad-taosd-token", {401, 401, 0}, LOGIN, 0x1125, NO, "invalid taosd Authorization"},
    {"088-error-bearer-token", {200, 0, 401}, LOGIN, 0x0351, NO, "Invalid user"},
    {"088-error-bearer-token", {0, 401, 0}, LOGIN, 0x1122, NO, "invalid type of Authorization"},
    {"089-error-empty-body", {400, 400, 0}, INTERFACE, 0x1106, NO, "request is empty"},
    {"090-error-blank-body", {400, 400, 0}, INTERFACE, 0x1107, NO, "no sql input"},
    {"091-error-only-semicolon", {200, 200, 400}, PROGRAMMING, 0x2600, NO, "syntax error near \";\""},
    {"092-error-bad-tz", {400, 400, 0}, OPTION, 0xffff, NO, "timezone: the server says: unknown time zone Mars/Base"},
    {"093-error-utc-plus-8-tz-unescaped", {400, 400, 0}, OPTION, 0xffff, NO, "timezone: the server says: unknown time zone UTC 8"},
    {"094-error-bad-req-id", {400, 400, 0}, INTERFACE, 0xffff, NO,
     "illegal param, req_id must be numeric strconv.ParseInt: parsing \"abc\": invalid syntax"},
    {"095-error-req-id-too-big", {400, 400, 0}, INTERFACE, 0xffff, NO,
     "illegal param, req_id must be numeric strconv.ParseInt: parsing \"9223372036854775808\": value out of range"},
    {"096-error-bad-row-with-meta", {400, 400, 0}, INTERFACE, 0xffff, NO,
     "illegal param, row_with_meta must be boolean strconv.ParseBool: parsing \"maybe\": invalid syntax"},
    {"097-error-unknown-endpoint", {404, 404, 0}, STRANGER, 0, NO, "there is no taosAdapter at this address and path (HTTP status 404)"},
    {"098-error-get-not-post", {404, 404, 0}, STRANGER, 0, NO, "there is no taosAdapter at this address and path (HTTP status 404)"},
    {"099-error-drop-missing", {200, 200, 500}, PROGRAMMING, 0x2603, NO, "Table does not exist"},
    {"100-error-user-exists-no-rights", {200, 200, 401}, PROGRAMMING, 0x0350, NO, "User already exists"},
    {"101-error-gzip-body-corrupt", {400, 400, 0}, INTERFACE, 0, NO,
     "the body of the request is not the gzip that its headers promise (HTTP status 400)"},
    {"104-login-wrong-password", {401, 401, 0}, LOGIN, 0x0003, NO, "Authentication failure"},
    {"113-error-influx-bad-line", {500, 500, 0}, SCHEMALESS, 0x021f, NO, "SML line invalid key or key is too long than 64:current"},
    {"114-error-influx-one-bad-line-of-two", {500, 500, 0}, SCHEMALESS, 0x021f, NO,
     "SML line invalid key or key is too long than 64:current"},
    {"115-error-influx-type-change", {500, 500, 0}, SCHEMALESS, 0x3002, NO,
     "SML:0x7, smlGenerateSchemaAction point type and db type mismatch, db type:DOUBLE, point type:VARCHAR, "
     "key:current=\"text\" 1700000004000000000"},
    {"116-error-influx-no-db", {400, 400, 0}, SCHEMALESS, 0, NO, "db required"},
    {"117-error-influx-unknown-db", {500, 500, 0}, SCHEMALESS, 0x0388, NO, "Database not exist"},
    {"119-error-influx-bad-ttl", {400, 400, 0}, SCHEMALESS, 0, NO, "ttl must be numeric"},
    {"120-error-influx-no-auth", {401, 0, 0}, LOGIN, 0, NO, "no auth info found"},
    {"120-error-influx-no-auth", {0, 401, 0}, LOGIN, 0, NO, "get auth error"},
    {"121-error-influx-wrong-password", {500, 500, 0}, LOGIN, 0x0357, NO, "Authentication failure"},
    {"122-error-influx-empty", {500, 500, 0}, SCHEMALESS, 0x3002, NO, "line num is invalid"},
    {"125-error-opentsdb-telnet-bad", {500, 500, 0}, SCHEMALESS, 0x0127, NO, "SML telnet parse timestamp failed: 10.3 location=SF"},
    {"128-error-opentsdb-json-bad", {500, 500, 0}, SCHEMALESS, 0x0221, NO, "Invalid JSON format"},
    {"129-error-opentsdb-json-missing-value", {500, 500, 0}, SCHEMALESS, 0x0221, NO, "Invalid JSON format"},
    {"130-error-opentsdb-no-auth", {401, 401, 0}, LOGIN, 0, NO, "auth needed"},
    {"134-select-nan-and-infinity", {0, 200, 0}, BROKEN, 0, TDREST_REPEAT_IDEMPOTENT,
     "the answer is empty: adapters before 3.3.8.4 do this for values that are NaN or infinite, and others for a wrong path "
     "when compression is on"},
};

static enum tdri_endpoint endpoint_of(const char *target)
{
    static const struct { const char *prefix; enum tdri_endpoint endpoint; } prefixes[] = {
        {"/influxdb/", TDRI_INFLUX},
        {"/opentsdb/v1/put/json/", TDRI_OPENTSDB_JSON},
        {"/opentsdb/v1/put/telnet/", TDRI_OPENTSDB_TELNET},
        {"/rest/login/", TDRI_LOGIN},
        {"/rest/upload", TDRI_UPLOAD},
        {"/-/ping", TDRI_PING},
    };

    for (size_t i = 0; i < COUNT_OF(prefixes); i++)
        if (strncmp(target, prefixes[i].prefix, strlen(prefixes[i].prefix)) == 0)
            return prefixes[i].endpoint;
    return TDRI_SQL;
}

static int is_success(const tdrt_recording *r)
{
    static const char begin[] = "{\"code\":0,";

    if (r->status == 204 || endpoint_of(r->target) == TDRI_PING)
        return 1;
    return r->status == 200 && r->len > sizeof begin - 1 && memcmp(r->body, begin, sizeof begin - 1) == 0;
}

/* A cut body must never pass for another error of the server. */
static void check_cuts(const char *name, const char *body, size_t len, enum tdri_endpoint endpoint, int http_status, const char *type)
{
    tdrest_error err;

    for (size_t n = 0; n < len; n++) {
        int rc = verdict(body, n, endpoint, http_status, type, &err);
        int by_status = http_status == 401 ? TDREST_EAUTH : http_status >= 502 && http_status <= 504 ? TDREST_EGATEWAY : 0;
        int expected = by_status != 0 ? by_status : type != NULL && strncmp(type, "text", 4) != 0 ? TDREST_EANSWER : TDREST_ENOTADAPTER;

        if (rc != expected || err.server_code != 0)
            CHECK(0, "%s cut at %zu gives %d, 0x%04x, expected %d: %s", name, n, rc, (unsigned)err.server_code, expected, err.message);
    }
}

static void check_recorded(const tdrt_recording *r, size_t set, int used[COUNT_OF(recorded_cases)])
{
    enum tdri_endpoint endpoint = endpoint_of(r->target);
    const char *type = r->content_type[0] == '\0' ? NULL : r->content_type;
    const char *name = strchr(r->name, '/') + 1;
    tdrest_error err;
    size_t i = 0;

    while (i < COUNT_OF(recorded_cases) && (strcmp(recorded_cases[i].name, name) != 0 || recorded_cases[i].http_status[set] == 0))
        i++;
    if (is_success(r)) {
        CHECK(i == COUNT_OF(recorded_cases), "%s is a success", r->name);
        return;
    }
    if (i == COUNT_OF(recorded_cases)) {
        CHECK(0, "%s is not expected", r->name);
        return;
    }
    used[i] |= 1 << set;
    (void)verdict(r->body, r->len, endpoint, r->status, type, &err);
    CHECK(err.code == recorded_cases[i].code && err.cls == recorded_cases[i].cls && err.server_code == recorded_cases[i].server_code &&
              r->status == recorded_cases[i].http_status[set] && err.repeat == recorded_cases[i].repeat &&
              strcmp(err.message, recorded_cases[i].message) == 0,
          "%s is %d, class %d, 0x%04x, HTTP %d, repeat %d: %s", r->name, err.code, err.cls, (unsigned)err.server_code, r->status,
          err.repeat, err.message);
    check_cuts(r->name, r->body, r->json_len, endpoint, r->status, type);
}

static void recorded(void)
{
    int used[COUNT_OF(recorded_cases)] = {0};

    for (size_t set = 0; tdrt_recording_sets[set] != NULL; set++)
        for (int number = 0; number < 1000; number++) {
            tdrt_recording r;

            if (!tdrt_recording_read(tdrt_recording_sets[set], number, &r))
                continue;
            check_recorded(&r, set, used);
            tdrt_recording_free(&r);
        }
    for (size_t i = 0; i < COUNT_OF(recorded_cases); i++)
        for (size_t set = 0; set < 3; set++)
            CHECK((recorded_cases[i].http_status[set] != 0) == (used[i] >> set & 1), "%s of set %zu", recorded_cases[i].name, set);
}

/* ---- by hand ---- */

typedef struct made_case {
    enum tdri_endpoint endpoint;
    int http_status;
    const char *type;
    const char *body;
    size_t len;
    int code, cls, server_code, repeat;
    const char *message; /* a part of it */
} made_case;

#define BODY(literal) literal, sizeof(literal) - 1
#define OBJECT(code, desc) BODY("{\"code\":" #code ",\"desc\":\"" desc "\",\"timing\":9}")
#define INFLUX_BODY(message) BODY("{\"code\":\"internal error\",\"message\":\"" message "\"}")
#define OPENTSDB_BODY(message) BODY("{\"code\":500,\"message\":\"" message "\"}")
#define OPERATIONAL TDREST_ESERVER, TDREST_CLASS_OPERATIONAL
#define DATABASE TDREST_ESERVER, TDREST_CLASS_DATABASE
#define GATEWAY TDREST_EGATEWAY, TDREST_CLASS_CONNECTION
#define IDEMPOTENT TDREST_REPEAT_IDEMPOTENT
#define SAFE TDREST_REPEAT_SAFE

static const made_case statement_cases[] = {
    {TDRI_SQL, 200, JSON_TYPE, OBJECT(11, "Unable to establish connection"), TDREST_ESERVER, TDREST_CLASS_CONNECTION, 0x000b, IDEMPOTENT,
     "Unable to"},
    {TDRI_SQL, 502, JSON_TYPE, OBJECT(11, "x"), TDREST_ESERVER, TDREST_CLASS_CONNECTION, 0x000b, IDEMPOTENT, "x"},
    {TDRI_SQL, 200, JSON_TYPE, OBJECT(304, "Database is starting up"), OPERATIONAL, 0x0130, SAFE, "starting"},
    {TDRI_SQL, 200, JSON_TYPE, OBJECT(9731, "Table does not exist"), PROGRAMMING, 0x2603, NO, "Table does not exist"},
    {TDRI_SQL, 404, JSON_TYPE, OBJECT(9731, "Table does not exist"), PROGRAMMING, 0x2603, NO, "Table does not exist"},
    {TDRI_SQL, 200, NULL, OBJECT(9731, "Table does not exist"), PROGRAMMING, 0x2603, NO, "Table does not exist"},
    {TDRI_SQL, 200, JSON_TYPE, OBJECT(855, "Authentication failure"), LOGIN, 0x0357, NO, "Authentication failure"},
    {TDRI_SQL, 500, JSON_TYPE, OBJECT(789, "User is disabled"), LOGIN, 0x0315, NO, "disabled"},
    {TDRI_SQL, 200, JSON_TYPE, OBJECT(308, "Not allowed to connect"), LOGIN, 0x0134, NO, "Not allowed"},
    {TDRI_VGID, 200, JSON_TYPE, OBJECT(849, "Invalid user"), LOGIN, 0x0351, NO, "Invalid user"},
    {TDRI_VGID, 200, JSON_TYPE, OBJECT(904, "Database not exist"), PROGRAMMING, 0x0388, NO, "Database"},
    {TDRI_UPLOAD, 200, JSON_TYPE, OBJECT(65535, "column count not enough"), DATABASE, 0xffff, NO, "column count"},
    {TDRI_UPLOAD, 400, JSON_TYPE, OBJECT(65535, "db required"), INTERFACE, 0xffff, NO, "db required"},
    {TDRI_LOGIN, 400, JSON_TYPE, OBJECT(4362, "generate taosd token error"), TDREST_ESERVER, TDREST_CLASS_CONNECTION, 0x110a, NO, "token"},
    {TDRI_SQL, 403, JSON_TYPE, OBJECT(65535, "whitelist prohibits current IP access"), LOGIN, 0xffff, NO, "whitelist"},
    {TDRI_SQL, 403, JSON_TYPE, OBJECT(65535, "sql rejected"), OPERATIONAL, 0xffff, NO, "sql rejected"},
    {TDRI_SQL, 401, JSON_TYPE, OBJECT(65535, "x"), LOGIN, 0xffff, NO, "x"},
    {TDRI_SQL, 401, JSON_TYPE, OBJECT(60000, "a later code"), LOGIN, 60000, NO, "later"},
    {TDRI_SQL, 401, JSON_TYPE, OBJECT(850, "Invalid user format"), PROGRAMMING, 0x0352, NO, "format"},
    {TDRI_SQL, 500, JSON_TYPE, OBJECT(65535, "x"), DATABASE, 0xffff, NO, "x"},
    {TDRI_SQL, 200, JSON_TYPE, OBJECT(60000, "a later code"), DATABASE, 60000, NO, "later"},
    {TDRI_SQL, 503, JSON_TYPE, OBJECT(65535, "get connection timeout"), OPERATIONAL, 0xffff, SAFE, "get connection"},
    {TDRI_SQL, 503, JSON_TYPE, OBJECT(65535, "[0xfffe] request wait timeout, please try again later"), OPERATIONAL, 0xffff, SAFE,
     "[0xfffe] request wait timeout"},
    {TDRI_SQL, 400, JSON_TYPE, OBJECT(65535, "unknown time zone Mars/Base"), OPTION, 0xffff, NO, "timezone: the server says: unknown"},
    {TDRI_SQL, 400, JSON_TYPE, OBJECT(65535, "time: invalid location name"), OPTION, 0xffff, NO, "invalid location name"},
    {TDRI_SQL, 200, JSON_TYPE, OBJECT(65535, "unknown time zone Mars/Base"), DATABASE, 0xffff, NO, "unknown time zone"},
    {TDRI_SQL, 400, JSON_TYPE, OBJECT(9728, "unknown time zone Mars/Base"), PROGRAMMING, 0x2600, NO, "unknown time zone"},
    {TDRI_SQL, 400, JSON_TYPE, OBJECT(65535, "an unknown time zone x"), INTERFACE, 0xffff, NO, "an unknown"},
    {TDRI_SQL, 400, JSON_TYPE, OBJECT(4385, "invalid content length"), INTERFACE, 0x1121, SAFE, "content length"},
    {TDRI_SQL, 200, JSON_TYPE, OBJECT(9728, "a\\nb\\u0000c\\u007f"), PROGRAMMING, 0x2600, NO, "a?b?c?"},
    {TDRI_SQL, 200, JSON_TYPE, OBJECT(9728, ""), PROGRAMMING, 0x2600, NO, "rejected the statement, or failed"},
    {TDRI_SQL, 200, JSON_TYPE, BODY("{\"code\":9728}"), PROGRAMMING, 0x2600, NO, "rejected the statement, or failed"},
    {TDRI_SQL, 200, JSON_TYPE, BODY("{\"desc\":\"x\",\"timing\":\"?\",\"code\":9728}"), PROGRAMMING, 0x2600, NO, "x"},
    {TDRI_SQL, 200, JSON_TYPE, BODY(" \r\n\t{\"code\":9728,\"desc\":\"x\"} \r\n\t"), PROGRAMMING, 0x2600, NO, "x"},
    {TDRI_SQL, 200, JSON_TYPE, BODY("{\"code\":9728,\"desc\":\"x\"}" STRAY), PROGRAMMING, 0x2600, NO, "x"},
    {TDRI_SQL, 200, JSON_TYPE, BODY("{\"code\":9728,\"desc\":\"x\"}\0"), BROKEN, 0, IDEMPOTENT, "truncated or not JSON"},
    {TDRI_SQL, 200, JSON_TYPE, BODY("{\"code\":9728,\"desc\":\"x\"}x"), BROKEN, 0, IDEMPOTENT, "truncated or not JSON"},
    {TDRI_SQL, 200, JSON_TYPE, BODY("{\"code\":9728,\"desc\":\"x\"}{}"), BROKEN, 0, IDEMPOTENT, "truncated or not JSON"},
    {TDRI_SQL, 200, JSON_TYPE, BODY("{\"code\":9728,\"desc\":\"x\"}" STRAY STRAY), BROKEN, 0, IDEMPOTENT, "truncated or not JSON"},
    {TDRI_SQL, 200, JSON_TYPE, BODY("{\"code\":9728,\"desc\":\"\xff\"}"), PROGRAMMING, 0x2600, NO, "?"},
    {TDRI_SQL, 200, JSON_TYPE, OBJECT(0, ""), BROKEN, 0, IDEMPOTENT, "success"},
    {TDRI_SQL, 200, JSON_TYPE, BODY("{\"code\":0,\"data\":[[1]],\"rows\":1}"), BROKEN, 0, IDEMPOTENT, "success"},
    {TDRI_SQL, 200, JSON_TYPE, OBJECT(65536, "x"), BROKEN, 0, IDEMPOTENT, "65535; it says: x"},
    {TDRI_SQL, 200, JSON_TYPE, OBJECT(-2147482793, "x"), BROKEN, 0, IDEMPOTENT, "65535"},
    {TDRI_SQL, 200, JSON_TYPE, OBJECT(2147484503, "x"), BROKEN, 0, IDEMPOTENT, "65535"},
    {TDRI_SQL, 200, JSON_TYPE, OBJECT(9223372036854775807, "x"), BROKEN, 0, IDEMPOTENT, "65535"},
    {TDRI_SQL, 200, JSON_TYPE, OBJECT(9223372036854775808, "x"), BROKEN, 0, IDEMPOTENT, "not an integer"},
    {TDRI_SQL, 200, JSON_TYPE, OBJECT(9728.0, "x"), BROKEN, 0, IDEMPOTENT, "65535"},
    {TDRI_SQL, 200, JSON_TYPE, OBJECT(0.5, "x"), BROKEN, 0, IDEMPOTENT, "65535"},
    {TDRI_SQL, 401, JSON_TYPE, OBJECT(9728.0, "x"), BROKEN, 0, NO, "65535"},
};

static const made_case write_cases[] = {
    {TDRI_INFLUX, 500, JSON_TYPE, INFLUX_BODY("[0x357] Authentication failure"), LOGIN, 0x0357, NO, "Authentication failure"},
    {TDRI_INFLUX, 500, JSON_TYPE, INFLUX_BODY("[0x351] Invalid user"), LOGIN, 0x0351, NO, "Invalid user"},
    {TDRI_INFLUX, 500, JSON_TYPE, INFLUX_BODY("[0x315] x"), LOGIN, 0x0315, NO, "x"},
    {TDRI_OPENTSDB_TELNET, 500, JSON_TYPE, OPENTSDB_BODY("[0x134] x"), LOGIN, 0x0134, NO, "x"},
    {TDRI_OPENTSDB_JSON, 403, JSON_TYPE, OPENTSDB_BODY("whitelist prohibits current IP access"), LOGIN, 0, NO, "whitelist"},
    {TDRI_INFLUX, 401, JSON_TYPE, INFLUX_BODY("whitelist prohibits current IP access"), LOGIN, 0, NO, "whitelist"},
    {TDRI_OPENTSDB_JSON, 400, JSON_TYPE, OPENTSDB_BODY("get auth error"), LOGIN, 0, NO, "get auth error"},
    {TDRI_INFLUX, 500, JSON_TYPE, INFLUX_BODY("[0xb] Unable to establish connection"), SCHEMALESS, 0x000b, IDEMPOTENT, "Unable"},
    {TDRI_INFLUX, 500, JSON_TYPE, INFLUX_BODY("[0x130] starting"), SCHEMALESS, 0x0130, SAFE, "starting"},
    {TDRI_INFLUX, 500, JSON_TYPE, INFLUX_BODY("[0xffff]text"), SCHEMALESS, 0xffff, NO, "text"},
    {TDRI_INFLUX, 500, JSON_TYPE, INFLUX_BODY("[0x0000357] x"), LOGIN, 0x0357, NO, "x"},
    {TDRI_INFLUX, 500, JSON_TYPE, INFLUX_BODY("[0x10357] x"), SCHEMALESS, 0, NO, "[0x10357] x"},
    {TDRI_INFLUX, 500, JSON_TYPE, INFLUX_BODY("[0xfffffffffffffffff357] x"), SCHEMALESS, 0, NO, "[0xfff"},
    {TDRI_INFLUX, 500, JSON_TYPE, INFLUX_BODY("[0x] x"), SCHEMALESS, 0, NO, "[0x] x"},
    {TDRI_INFLUX, 500, JSON_TYPE, INFLUX_BODY("[0x357"), SCHEMALESS, 0, NO, "[0x357"},
    {TDRI_INFLUX, 500, JSON_TYPE, INFLUX_BODY(" [0x357] x"), SCHEMALESS, 0, NO, " [0x357] x"},
    {TDRI_INFLUX, 500, JSON_TYPE, INFLUX_BODY(""), SCHEMALESS, 0, NO, "rejected the statement, or failed"},
    {TDRI_INFLUX, 500, JSON_TYPE, INFLUX_BODY("[0x60b] "), SCHEMALESS, 0x060b, NO, "rejected the statement, or failed"},
    {TDRI_INFLUX, 503, JSON_TYPE, INFLUX_BODY("get connection timeout"), OPERATIONAL, 0, SAFE, "get connection timeout"},
    {TDRI_OPENTSDB_JSON, 503, JSON_TYPE, OPENTSDB_BODY("get connection timeout"), OPERATIONAL, 0, SAFE, "get connection timeout"},
    {TDRI_INFLUX, 400, JSON_TYPE, INFLUX_BODY("unknown time zone Mars/Base"), OPTION, 0, NO, "timezone: the server says: unknown time zone Mars/Base"},
    {TDRI_OPENTSDB_JSON, 400, JSON_TYPE, OPENTSDB_BODY("time: invalid location name"), OPTION, 0, NO, "invalid location name"},
    {TDRI_INFLUX, 500, JSON_TYPE, INFLUX_BODY("unknown time zone Mars/Base"), SCHEMALESS, 0, NO, "unknown time zone"},
    {TDRI_INFLUX, 400, JSON_TYPE, INFLUX_BODY("[0x388] unknown time zone x"), SCHEMALESS, 0x0388, NO, "unknown time zone"},
    {TDRI_OPENTSDB_JSON, 404, JSON_TYPE, OPENTSDB_BODY("db required"), SCHEMALESS, 0, NO, "db required"},
    {TDRI_OPENTSDB_JSON, 500, JSON_TYPE, BODY("{\"code\":500,\"message\":\"[0x388] x\"}" STRAY), SCHEMALESS, 0x0388, NO, "x"},
    {TDRI_INFLUX, 500, JSON_TYPE, OBJECT(9731, "x"), STRANGER, 0, NO, "not an answer from taosAdapter"},
    {TDRI_INFLUX, 500, JSON_TYPE, BODY("{\"code\":500,\"message\":5}"), STRANGER, 0, NO, "not an answer from taosAdapter"},
    {TDRI_INFLUX, 503, JSON_TYPE, BODY("\"memory exceeds threshold\""), OPERATIONAL, 0, SAFE, "memory exceeds"},
    {TDRI_INFLUX, 404, "text/plain", BODY("404 page not found"), STRANGER, 0, NO, "no taosAdapter at this address"},
    {TDRI_INFLUX, 200, "text/plain", BODY(""), BROKEN, 0, IDEMPOTENT, "empty"},
};

static const made_case other_cases[] = {
    {TDRI_SQL, 503, JSON_TYPE, BODY("\"memory exceeds threshold\""), OPERATIONAL, 0, SAFE, "memory exceeds threshold"},
    {TDRI_SQL, 503, NULL, BODY("\"query memory exceeds threshold\"\n"), OPERATIONAL, 0, IDEMPOTENT, "query memory"},
    {TDRI_SQL, 503, JSON_TYPE, BODY("\"unavailable\""), GATEWAY, 0, IDEMPOTENT, "503"},
    {TDRI_SQL, 200, JSON_TYPE, BODY("\"memory exceeds threshold\""), STRANGER, 0, NO, "not an answer from taosAdapter"},
    {TDRI_SQL, 502, "text/html", BODY("<html>bad gateway</html>"), GATEWAY, 0, IDEMPOTENT, "502"},
    {TDRI_SQL, 503, "text/html", BODY("<html></html>"), GATEWAY, 0, IDEMPOTENT, "503"},
    {TDRI_SQL, 504, NULL, BODY(""), GATEWAY, 0, IDEMPOTENT, "504"},
    {TDRI_SQL, 503, JSON_TYPE, BODY("{\"message\":\"no upstream\"}"), GATEWAY, 0, IDEMPOTENT, "503"},
    {TDRI_SQL, 502, JSON_TYPE, BODY("{\"code\":11,"), GATEWAY, 0, IDEMPOTENT, "502"},
    {TDRI_SQL, 401, "text/html", BODY("<html>who are you</html>"), LOGIN, 0, NO, "login was refused"},
    {TDRI_SQL, 401, NULL, BODY(""), LOGIN, 0, NO, "login was refused"},
    {TDRI_SQL, 401, JSON_TYPE, BODY("{\"error\":\"x\"}"), LOGIN, 0, NO, "login was refused"},
    {TDRI_SQL, 301, "text/html", BODY("<a href=\"/rest/sql\">Moved</a>"), STRANGER, 0, NO, "redirect"},
    {TDRI_SQL, 302, NULL, BODY(""), STRANGER, 0, NO, "redirect"},
    {TDRI_SQL, 307, NULL, BODY(""), STRANGER, 0, NO, "redirect"},
    {TDRI_SQL, 308, JSON_TYPE, BODY("{\"x\":"), STRANGER, 0, NO, "redirect"},
    {TDRI_SQL, 404, "text/plain", BODY("404 page not found"), STRANGER, 0, NO, "no taosAdapter at this address"},
    {TDRI_SQL, 404, NULL, BODY(""), STRANGER, 0, NO, "no taosAdapter at this address"},
    {TDRI_SQL, 404, NULL, BODY(STRAY), STRANGER, 0, NO, "no taosAdapter at this address"},
    {TDRI_SQL, 404, JSON_TYPE, BODY("{\"error\":\"no index\"}"), STRANGER, 0, NO, "not an answer from taosAdapter"},
    {TDRI_SQL, 200, "text/html", BODY("<html>welcome</html>"), STRANGER, 0, NO, "not an answer from taosAdapter"},
    {TDRI_SQL, 200, JSON_TYPE, BODY("<html>welcome</html>"), STRANGER, 0, NO, "not an answer from taosAdapter"},
    {TDRI_SQL, 200, "text/plain", BODY("hello"), STRANGER, 0, NO, "not an answer from taosAdapter"},
    {TDRI_SQL, 200, JSON_TYPE, BODY("{\"name\":\"node\"}"), STRANGER, 0, NO, "not an answer from taosAdapter"},
    {TDRI_SQL, 200, JSON_TYPE, BODY("{\"code\":\"9731\",\"desc\":\"x\"}"), STRANGER, 0, NO, "not an answer from taosAdapter"},
    {TDRI_SQL, 200, JSON_TYPE, BODY("[]"), STRANGER, 0, NO, "not an answer from taosAdapter"},
    {TDRI_SQL, 200, JSON_TYPE, BODY("9731"), STRANGER, 0, NO, "not an answer from taosAdapter"},
    {TDRI_SQL, 200, JSON_TYPE, BODY("null"), STRANGER, 0, NO, "not an answer from taosAdapter"},
    {TDRI_SQL, 200, JSON_TYPE, BODY(""), BROKEN, 0, IDEMPOTENT, "NaN"},
    {TDRI_SQL, 200, "text/plain", BODY(""), BROKEN, 0, IDEMPOTENT, "wrong path"},
    {TDRI_SQL, 200, JSON_TYPE, BODY(" \n"), BROKEN, 0, IDEMPOTENT, "empty"},
    {TDRI_SQL, 200, NULL, BODY(STRAY), BROKEN, 0, IDEMPOTENT, "empty"},
    {TDRI_SQL, 200, "text/plain", BODY("{\"code\":97"), BROKEN, 0, IDEMPOTENT, "truncated or not JSON"},
    {TDRI_SQL, 200, JSON_TYPE, BODY("{\"code\":0,\"column_meta\":[[\"a\",\"IN"), BROKEN, 0, IDEMPOTENT, "truncated or not JSON"},
    {TDRI_SQL, 400, JSON_TYPE, BODY(""), BROKEN, 0, IDEMPOTENT, "empty (HTTP status 400)"},
    {TDRI_SQL, 400, NULL, BODY(""), INTERFACE, 0, NO, "gzip"},
    {TDRI_SQL, 400, "text/plain", BODY("400 Bad Request: missing required Host header"), STRANGER, 0, NO, "400"},
    {TDRI_SQL, 403, NULL, BODY(""), GATEWAY, 0, NO, "forbids"},
    {TDRI_SQL, 403, "text/html", BODY("<html>forbidden</html>"), GATEWAY, 0, NO, "403"},
    {TDRI_SQL, 403, JSON_TYPE, BODY("{\"message\":\"Forbidden\"}"), GATEWAY, 0, NO, "forbids"},
    {TDRI_SQL, 407, "text/html", BODY("<html>who are you</html>"), GATEWAY, 0, NO, "the proxy requires a login"},
    {TDRI_SQL, 500, "text/html", BODY("<html>unable to connect</html>"), GATEWAY, 0, IDEMPOTENT, "cannot reach"},
    {TDRI_INFLUX, 520, "text/html", BODY("<html>unknown error</html>"), GATEWAY, 0, NO, "cannot reach"},
    {TDRI_SQL, 408, "text/html", BODY("<html>too slow</html>"), GATEWAY, 0, IDEMPOTENT, "408"},
    {TDRI_SQL, 429, "text/html", BODY("<html>slow down</html>"), GATEWAY, 0, SAFE, "limits"},
    {TDRI_SQL, 429, JSON_TYPE, BODY("{\"message\":\"Too Many Requests\"}"), GATEWAY, 0, SAFE, "limits"},
    {TDRI_SQL, 429, JSON_TYPE, BODY("{\"code\":429,\"message\":\"Too Many Requests\"}"), GATEWAY, 0, SAFE, "limits"},
    {TDRI_SQL, 503, JSON_TYPE, BODY("{\"code\":503,\"message\":\"no upstream\"}"), GATEWAY, 0, IDEMPOTENT, "cannot reach"},
    {TDRI_SQL, 503, JSON_TYPE, BODY("{\"code\":503}"), GATEWAY, 0, IDEMPOTENT, "cannot reach"},
    {TDRI_SQL, 503, JSON_TYPE, BODY("{\"code\":503,\"desc\":\"x\"}"), OPERATIONAL, 503, NO, "x"},
    {TDRI_INFLUX, 429, NULL, BODY(""), GATEWAY, 0, SAFE, "limits"},
    {TDRI_SQL, 429, JSON_TYPE, BODY("{\"message\":"), BROKEN, 0, SAFE, "truncated or not JSON"},
    {TDRI_SQL, 405, NULL, BODY(""), STRANGER, 0, NO, "405"},
    {TDRI_SQL, 413, "text/html", BODY("<html>too large</html>"), GATEWAY, 0, NO, "size"},
    {TDRI_SQL, 415, NULL, BODY(""), INTERFACE, 0, NO, "encoding"},
    {TDRI_SQL, 415, "text/html", BODY("<html></html>"), STRANGER, 0, NO, "415"},
    {TDRI_SQL, 417, NULL, BODY(""), INTERFACE, 0, NO, "Expect"},
    {TDRI_SQL, 431, "text/plain", BODY("431 Request Header Fields Too Large"), INTERFACE, 0, NO, "headers"},
    {TDRI_SQL, 500, NULL, BODY(""), DATABASE, 0, NO, "internal error"},
    {TDRI_SQL, 500, "text/html", BODY("<html></html>"), GATEWAY, 0, IDEMPOTENT, "500"},
    {TDRI_SQL, 204, NULL, BODY(""), STRANGER, 0, NO, "204"},
};

static void check_made(const made_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const made_case *c = &cases[i];
        tdrest_error err;

        (void)verdict(c->body, c->len, c->endpoint, c->http_status, c->type, &err);
        CHECK(err.code == c->code && err.cls == c->cls && err.server_code == c->server_code && err.repeat == c->repeat &&
                  strstr(err.message, c->message) != NULL,
              "HTTP %d %s is %d, class %d, 0x%04x, repeat %d: %s", c->http_status, c->body, err.code, err.cls,
              (unsigned)err.server_code, err.repeat, err.message);
        if (c->server_code != 0 && c->type != NULL && c->body[0] == '{' && memchr(c->body, 0x1f, c->len) == NULL)
            check_cuts(c->body, c->body, (size_t)(strrchr(c->body, '}') - c->body), c->endpoint, c->http_status, c->type);
    }
}

static void statements(void)
{
    check_made(statement_cases, COUNT_OF(statement_cases));
}

static void writes(void)
{
    check_made(write_cases, COUNT_OF(write_cases));
}

static void others(void)
{
    check_made(other_cases, COUNT_OF(other_cases));
}

/* Where the JSON broke, and that the stray bytes are taken whole or not at all. */
static void places(void)
{
    static const char body[] = "{\"code\":9728,\"desc\":\"x\"}" STRAY;
    tdrest_error err;

    (void)verdict(body, 24, TDRI_SQL, 200, JSON_TYPE, &err);
    CHECK_INT(err.code, TDREST_ESERVER);
    CHECK_INT(err.offset, -1);
    for (size_t len = 25; len < sizeof body - 1; len++) {
        CHECK_INT(verdict(body, len, TDRI_SQL, 200, JSON_TYPE, &err), TDREST_EANSWER);
        CHECK_INT(err.offset, 24);
        CHECK_INT(err.server_code, 0);
    }
    CHECK_INT(verdict(body, sizeof body - 1, TDRI_SQL, 200, JSON_TYPE, &err), TDREST_ESERVER);
    CHECK_INT(verdict(body, 10, TDRI_SQL, 200, JSON_TYPE, &err), TDREST_EANSWER);
    CHECK_INT(err.offset, -1);
}

/* Long texts end in "..."; beyond TDRI_REPLY_MAX a body is no longer whole. */
static void long_bodies(void)
{
    static char body[TDRI_REPLY_MAX + 100];
    static const char head[] = "{\"code\":9728,\"desc\":\"";
    tdrest_error err;

    for (size_t len = 500; len < sizeof body; len = len * 2 + 77) {
        size_t total = len + sizeof head - 1 + 2;

        if (total > sizeof body)
            break;
        memset(body, 'x', sizeof body);
        memcpy(body, head, sizeof head - 1);
        memcpy(body + total - 2, "\"}", 2);
        CHECK_INT(verdict(body, total, TDRI_SQL, 200, JSON_TYPE, &err), TDREST_ESERVER);
        CHECK_INT(strlen(err.message), len < sizeof err.message ? len : sizeof err.message - 1);
        CHECK((strstr(err.message, "...") != NULL) == (len >= sizeof err.message), "%zu bytes: %s", len, err.message);
    }
    memset(body, 'x', sizeof body);
    memcpy(body, head, sizeof head - 1);
    memcpy(body + sizeof body - 2, "\"}", 2);
    CHECK_INT(verdict(body, sizeof body, TDRI_SQL, 200, JSON_TYPE, &err), TDREST_EANSWER);
    memset(body, '[', sizeof body);
    CHECK_INT(verdict(body, sizeof body, TDRI_SQL, 200, JSON_TYPE, &err), TDREST_EANSWER);
    CHECK_INT(verdict(body, sizeof body, TDRI_SQL, 200, "text/plain", &err), TDREST_ENOTADAPTER);
}

/* The record keeps what it holds. */
static void first_error_wins(void)
{
    const tdri_reply_origin origin = {TDRI_SQL, 200, JSON_TYPE, NULL, NULL};
    tdrest_error err;

    tdri_err_reset(&err);
    (void)tdri_err_set(&err, TDREST_ETIMEOUT, "first");
    CHECK_INT(tdri_reply_error(OBJECT(855, "x"), &origin, &err), TDREST_ETIMEOUT);
    CHECK_TEXT(err.message, "first");
    CHECK_INT(err.server_code, 0);
    CHECK_INT(err.http_status, 0);
}

CU_TestInfo tdrt_reply[] = {
    {"recorded errors, whole and cut", recorded},
    {"statements", statements},
    {"schemaless writes", writes},
    {"other answers", others},
    {"places of breaks", places},
    {"long bodies", long_bodies},
    {"first error wins", first_error_wins},
    CU_TEST_INFO_NULL,
};
