/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Requests as bytes, for every endpoint. */
#include "test.h"

#include "request/request.h"

static tdrest_options *options_of(const char *dsn)
{
    tdrest_options *options;

    CHECK_INT(tdrest_options_new(NULL, &options), TDREST_OK);
    CHECK(tdrest_options_parse(options, dsn) == TDREST_OK, "%s: %s", dsn, tdrest_options_error(options)->message);
    return options;
}

/* The value of a header; NULL when it is not there. */
static const char *header(const tdri_request *request, const char *name)
{
    const char *line = tdri_buf_text(&request->headers);
    size_t i, n = strlen(name);

    for (i = 0; i < request->header_count; i++, line += strlen(line) + 1)
        if (strncmp(line, name, n) == 0 && line[n] == ':' && line[n + 1] == ' ')
            return line + n + 2;
    return NULL;
}

/* Builds with options from a DSN, answers the code; the message goes to why (640 bytes). */
static int build(tdri_request *request, const char *dsn, const tdri_request_spec *spec, char *why)
{
    tdrest_options *options = options_of(dsn);
    tdrest_error err;
    int rc;

    tdri_err_reset(&err);
    rc = tdri_request_build(request, options, spec, &err);
    CHECK_INT(err.code, rc);
    if (why != NULL)
        strcpy(why, err.message);
    tdrest_options_free(options);
    return rc;
}

static void same_header(const tdri_request *request, const char *name, const char *expected)
{
    const char *value = header(request, name);

    if (expected == NULL)
        CHECK(value == NULL, "%s is \"%s\", expected none", name, value);
    else
        CHECK_TEXT(value, expected);
}

#define ROOT "Basic cm9vdDp0YW9zZGF0YQ=="

/* Requests that taosAdapter 3.4.1.12 was seen to take; `more` is what this library adds to them. */
static void recorded(void)
{
    static const struct {
        const char *dsn;
        tdri_request_spec spec;
        const char *method, *target, *more, *authorization;
    } table[] = {
        {"http://h?timezone=server", {.endpoint = TDRI_SQL}, "POST", "/rest/sql", "?app=tdrest&timing=true", ROOT},
        {"http://h?timezone=server", {.endpoint = TDRI_SQL, .req_id = INT64_MAX}, "POST", "/rest/sql?req_id=9223372036854775807", "&app=tdrest&timing=true", ROOT},
        {"http://h", {.endpoint = TDRI_SQL, .timezone = "America/New_York"}, "POST", "/rest/sql?conn_tz=America%2FNew_York", "&tz=America%2FNew_York&app=tdrest&timing=true", ROOT},
        {"http://h/wire_ms?timezone=server", {.endpoint = TDRI_SQL}, "POST", "/rest/sql/wire_ms", "?app=tdrest&timing=true", ROOT},
        {"http://h?timezone=server", {.endpoint = TDRI_SQL, .database = "sml"}, "POST", "/rest/sql/sml", "?app=tdrest&timing=true", ROOT},
        {"http://root:wrong@h?timezone=server", {.endpoint = TDRI_SQL}, "POST", "/rest/sql", "?app=tdrest&timing=true", "Basic cm9vdDp3cm9uZw=="},
        {"http://nobody:taosdata@h?timezone=server", {.endpoint = TDRI_SQL}, "POST", "/rest/sql", "?app=tdrest&timing=true", "Basic bm9ib2R5OnRhb3NkYXRh"},
        {"http://h?bearer_token=nosuchtoken&timezone=server", {.endpoint = TDRI_SQL}, "POST", "/rest/sql", "?app=tdrest&timing=true", "Bearer nosuchtoken"},
        {"http://h", {.endpoint = TDRI_LOGIN}, "GET", "/rest/login/root/taosdata", "", NULL},
        {"http://root:nope@h", {.endpoint = TDRI_LOGIN}, "GET", "/rest/login/root/nope", "", NULL},
        {"http://h", {.endpoint = TDRI_PING}, "GET", "/-/ping", "", NULL},
        {"http://h/sml", {.endpoint = TDRI_INFLUX}, "POST", "/influxdb/v1/write?db=sml", "&app=tdrest", ROOT},
        {"http://h/sml", {.endpoint = TDRI_INFLUX, .precision = TDREST_MS, .ttl_days = 7, .req_id = 42}, "POST",
         "/influxdb/v1/write?db=sml&precision=ms&ttl=7&req_id=42", "&app=tdrest", ROOT},
        {"http://h", {.endpoint = TDRI_INFLUX, .database = "sml", .precision = TDREST_SECOND}, "POST", "/influxdb/v1/write?db=sml&precision=s", "&app=tdrest", ROOT},
        {"http://h/sml", {.endpoint = TDRI_INFLUX, .table_name_key = "tname"}, "POST", "/influxdb/v1/write?db=sml&table_name_key=tname", "&app=tdrest", ROOT},
        {"http://h/sml", {.endpoint = TDRI_OPENTSDB_TELNET}, "POST", "/opentsdb/v1/put/telnet/sml", "?app=tdrest", ROOT},
        {"http://h/sml", {.endpoint = TDRI_OPENTSDB_TELNET, .ttl_days = 7, .req_id = 43}, "POST", "/opentsdb/v1/put/telnet/sml?ttl=7&req_id=43", "&app=tdrest", ROOT},
        {"http://h/sml", {.endpoint = TDRI_OPENTSDB_JSON}, "POST", "/opentsdb/v1/put/json/sml", "?app=tdrest", ROOT},
        {"http://h/wire_ms", {.endpoint = TDRI_UPLOAD, .table = "up", .content_type = "multipart/form-data; boundary=x"}, "POST", "/rest/upload?db=wire_ms&table=up", "", ROOT},
    };
    tdri_request request;
    char expected[256];
    size_t i;

    tdri_request_init(&request, &tdri_mem_default);
    for (i = 0; i < COUNT_OF(table); i++) {
        char why[640];

        CHECK(build(&request, table[i].dsn, &table[i].spec, why) == TDREST_OK, "%s: %s", table[i].dsn, why);
        snprintf(expected, sizeof expected, "%s%s", table[i].target, table[i].more);
        CHECK_TEXT(tdri_buf_text(&request.target), expected);
        CHECK_TEXT(request.method, table[i].method);
        same_header(&request, "Authorization", table[i].authorization);
        CHECK_INT(request.req_id, table[i].spec.req_id);
    }
    tdri_request_clear(&request);
}

static void targets(void)
{
    static const struct {
        const char *dsn;
        tdri_request_spec spec;
        const char *target, *path;
    } table[] = {
        {"http://h", {.endpoint = TDRI_SQL, .req_id = 7}, "/rest/sql?req_id=7&conn_tz=UTC&tz=UTC&app=tdrest&timing=true", "/rest/sql"},
        {"http://h/Test?timezone=Asia/Shanghai&app=my%20app", {.endpoint = TDRI_SQL}, "/rest/sql/test?conn_tz=Asia%2FShanghai&tz=Asia%2FShanghai&app=my%20app&timing=true", "/rest/sql/test"},
        {"http://h?timezone=Etc/GMT%2B5", {.endpoint = TDRI_SQL}, "/rest/sql?conn_tz=Etc%2FGMT%2B5&tz=Etc%2FGMT%2B5&app=tdrest&timing=true", "/rest/sql"},
        {"http://h?timezone=CET", {.endpoint = TDRI_SQL, .timezone = "server"}, "/rest/sql?app=tdrest&timing=true", "/rest/sql"},
        {"http://h/%60MyDb%60?timezone=server", {.endpoint = TDRI_SQL}, "/rest/sql/MyDb?app=tdrest&timing=true", "/rest/sql/MyDb"},
        {"http://h/db?timezone=server", {.endpoint = TDRI_SQL, .database = "`A b#?\xc3\x89`"}, "/rest/sql/A%20b%23%3F%C3%89?app=tdrest&timing=true", "/rest/sql/A%20b%23%3F%C3%89"},
        {"http://h/db?timezone=server", {.endpoint = TDRI_SQL, .database = "B\xc3\x89"}, "/rest/sql/b%C3%89?app=tdrest&timing=true", "/rest/sql/b%C3%89"},
        {"http://h?token=a+b%26c&timezone=server", {.endpoint = TDRI_SQL, .req_id = 1}, "/rest/sql?req_id=1&app=tdrest&timing=true&token=a%2Bb%26c", "/rest/sql"},
        {"http://h/Db", {.endpoint = TDRI_VGID, .req_id = 3}, "/rest/sql/db/vgid?req_id=3", "/rest/sql/db/vgid"},
        {"http://h/Db", {.endpoint = TDRI_UPLOAD, .table = "`T/1`", .content_type = "m"}, "/rest/upload?db=db&table=T%2F1", "/rest/upload"},
        {"http://h/%60Db%60", {.endpoint = TDRI_UPLOAD, .table = "Up", .content_type = "m"}, "/rest/upload?db=Db&table=up", "/rest/upload"},
        {"http://h/Db", {.endpoint = TDRI_INFLUX, .precision = TDREST_US}, "/influxdb/v1/write?db=db&precision=u&app=tdrest", "/influxdb/v1/write"},
        {"http://h/%60Db%60", {.endpoint = TDRI_INFLUX}, "/influxdb/v1/write?db=%60Db%60&app=tdrest", "/influxdb/v1/write"},
        {"http://h/%60Db%60", {.endpoint = TDRI_OPENTSDB_JSON}, "/opentsdb/v1/put/json/%60Db%60?app=tdrest", "/opentsdb/v1/put/json/%60Db%60"},
        {"http://h/Db?token=t", {.endpoint = TDRI_OPENTSDB_TELNET}, "/opentsdb/v1/put/telnet/db?app=tdrest&token=t", "/opentsdb/v1/put/telnet/db"},
        {"http://a%20b:p%25%3F@h/db", {.endpoint = TDRI_LOGIN, .req_id = 1}, "/rest/login/a%20b/p%25%3F", "/rest/login/a%20b/***"},
        {"http://h/db?token=t", {.endpoint = TDRI_PING, .req_id = 1}, "/-/ping", "/-/ping"},
    };
    tdri_request request;
    size_t i;

    tdri_request_init(&request, &tdri_mem_default);
    for (i = 0; i < COUNT_OF(table); i++) {
        char why[640];

        CHECK(build(&request, table[i].dsn, &table[i].spec, why) == TDREST_OK, "%s: %s", table[i].dsn, why);
        CHECK_TEXT(tdri_buf_text(&request.target), table[i].target);
        CHECK_TEXT(tdri_buf_text(&request.path), table[i].path);
    }
    tdri_request_clear(&request);
}

static void headers(void)
{
    static const struct {
        const char *dsn;
        tdri_request_spec spec;
        size_t count;
        const char *type, *encoding, *authorization;
    } table[] = {
        {"http://h", {.endpoint = TDRI_SQL}, 2, "text/plain; charset=utf-8", NULL, ROOT},
        {"http://h?compression=true", {.endpoint = TDRI_SQL}, 3, "text/plain; charset=utf-8", "gzip", ROOT},
        {"http://h/d?compression=true", {.endpoint = TDRI_VGID}, 2, "application/json", NULL, ROOT},
        {"http://h/d?compression=true", {.endpoint = TDRI_INFLUX}, 2, "text/plain; charset=utf-8", NULL, ROOT},
        {"http://h/d", {.endpoint = TDRI_OPENTSDB_TELNET}, 2, "text/plain; charset=utf-8", NULL, ROOT},
        {"http://h/d", {.endpoint = TDRI_OPENTSDB_JSON}, 2, "application/json", NULL, ROOT},
        {"http://h/d", {.endpoint = TDRI_UPLOAD, .table = "t", .content_type = "multipart/form-data; boundary=b"}, 2, "multipart/form-data; boundary=b", NULL, ROOT},
        {"http://h", {.endpoint = TDRI_SQL, .content_type = "text/x"}, 2, "text/x", NULL, ROOT},
        {"http://h?compression=true", {.endpoint = TDRI_LOGIN}, 0, NULL, NULL, NULL},
        {"http://h?compression=true", {.endpoint = TDRI_PING}, 0, NULL, NULL, NULL},
        {"http://h?token=t", {.endpoint = TDRI_SQL}, 1, "text/plain; charset=utf-8", NULL, NULL},
        {"http://h?bearer_token=a.b==", {.endpoint = TDRI_SQL}, 2, "text/plain; charset=utf-8", NULL, "Bearer a.b=="},
        {"http://u:p@h", {.endpoint = TDRI_SQL}, 2, "text/plain; charset=utf-8", NULL, "Basic dTpw"},
        {"http://u:pq@h", {.endpoint = TDRI_SQL}, 2, "text/plain; charset=utf-8", NULL, "Basic dTpwcQ=="},
        {"http://u:%3Aq@h", {.endpoint = TDRI_SQL}, 2, "text/plain; charset=utf-8", NULL, "Basic dTo6cQ=="},
        {"http://h?password=p", {.endpoint = TDRI_SQL}, 2, "text/plain; charset=utf-8", NULL, "Basic cm9vdDpw"},
    };
    tdri_request request;
    size_t i;

    tdri_request_init(&request, &tdri_mem_default);
    for (i = 0; i < COUNT_OF(table); i++) {
        CHECK_INT(build(&request, table[i].dsn, &table[i].spec, NULL), TDREST_OK);
        CHECK_INT(request.header_count, table[i].count);
        same_header(&request, "Content-Type", table[i].type);
        same_header(&request, "Accept-Encoding", table[i].encoding);
        same_header(&request, "Authorization", table[i].authorization);
    }
    tdri_request_clear(&request);
}

/* Whatever is asked for, no path ends in a slash: the adapter would redirect it. */
static void no_trailing_slash(void)
{
    tdri_request_spec spec = {.endpoint = TDRI_SQL};
    tdri_request request;
    int endpoint;

    tdri_request_init(&request, &tdri_mem_default);
    for (endpoint = TDRI_SQL; endpoint <= TDRI_PING; endpoint++) {
        spec.endpoint = (enum tdri_endpoint)endpoint;
        spec.table = endpoint == TDRI_UPLOAD ? "t" : NULL;
        spec.content_type = endpoint == TDRI_UPLOAD ? "m" : NULL;
        CHECK_INT(build(&request, "http://h/db", &spec, NULL), TDREST_OK);
        CU_ASSERT(request.path.len > 1 && request.path.data[request.path.len - 1] != '/');
        CU_ASSERT(request.target.data[request.target.len - 1] != '/' && request.target.data[0] == '/');
        CU_ASSERT(strncmp(tdri_buf_text(&request.target), tdri_buf_text(&request.path), 5) == 0);
    }
    tdri_request_clear(&request);
}

#define NAME_16 "n234567890123456"
#define NAME_64 NAME_16 NAME_16 NAME_16 NAME_16
#define NAME_192 NAME_64 NAME_64 NAME_64

static void refused(void)
{
    static const struct {
        const char *dsn;
        tdri_request_spec spec;
        int code;
        const char *message;
    } table[] = {
        {"http://h", {.endpoint = TDRI_SQL, .req_id = -1}, TDREST_EUSAGE, "req_id"},
        {"http://h", {.endpoint = TDRI_SQL, .database = ""}, TDREST_EOPTION, "database: expected"},
        {"http://h", {.endpoint = TDRI_SQL, .database = "a/b"}, TDREST_EOPTION, "database: expected"},
        {"http://h", {.endpoint = TDRI_SQL, .database = "a.b"}, TDREST_EOPTION, "database: expected"},
        {"http://h", {.endpoint = TDRI_SQL, .database = "`a`b`"}, TDREST_EOPTION, "database: expected"},
        {"http://h", {.endpoint = TDRI_SQL, .database = "a\r\nX: y"}, TDREST_EOPTION, "database: expected"},
        {"http://h", {.endpoint = TDRI_SQL, .database = "a\\"}, TDREST_EOPTION, "database: expected"},
        {"http://h", {.endpoint = TDRI_SQL, .timezone = "a\nb"}, TDREST_EUSAGE, "control characters"},
        {"http://h", {.endpoint = TDRI_SQL, .content_type = "text/plain\r\nX: y"}, TDREST_EUSAGE, "control characters"},
        {"http://h", {.endpoint = TDRI_SQL, .table = "t"}, TDREST_EUSAGE, "table: expected"},
        {"http://h", {.endpoint = TDRI_SQL, .precision = TDREST_MS}, TDREST_EUSAGE, "precision: expected"},
        {"http://h", {.endpoint = TDRI_SQL, .ttl_days = 1}, TDREST_EUSAGE, "ttl and table_name_key"},
        {"http://h", {.endpoint = TDRI_SQL, .table_name_key = "k"}, TDREST_EUSAGE, "ttl and table_name_key"},
        {"http://h", {.endpoint = TDRI_VGID}, TDREST_EUSAGE, "database: this endpoint needs one"},
        {"http://h", {.endpoint = TDRI_INFLUX}, TDREST_EUSAGE, "database: this endpoint needs one"},
        {"http://h", {.endpoint = TDRI_OPENTSDB_JSON}, TDREST_EUSAGE, "database: this endpoint needs one"},
        {"http://h", {.endpoint = TDRI_OPENTSDB_TELNET}, TDREST_EUSAGE, "database: this endpoint needs one"},
        {"http://h", {.endpoint = TDRI_UPLOAD, .table = "t", .content_type = "m"}, TDREST_EUSAGE, "database: this endpoint needs one"},
        {"http://h/d", {.endpoint = TDRI_UPLOAD, .content_type = "m"}, TDREST_EUSAGE, "table: expected"},
        {"http://h/d", {.endpoint = TDRI_UPLOAD, .table = "t"}, TDREST_EUSAGE, "multipart"},
        {"http://h/d", {.endpoint = TDRI_UPLOAD, .table = "", .content_type = "m"}, TDREST_EUSAGE, "table: expected"},
        {"http://h/d", {.endpoint = TDRI_UPLOAD, .table = "``", .content_type = "m"}, TDREST_EUSAGE, "table: expected"},
        {"http://h/d", {.endpoint = TDRI_UPLOAD, .table = "`a", .content_type = "m"}, TDREST_EUSAGE, "table: expected"},
        {"http://h/d", {.endpoint = TDRI_UPLOAD, .table = "a.b", .content_type = "m"}, TDREST_EUSAGE, "table: expected"},
        {"http://h/d", {.endpoint = TDRI_UPLOAD, .table = "a\nb", .content_type = "m"}, TDREST_EUSAGE, "table: expected"},
        {"http://h/d", {.endpoint = TDRI_UPLOAD, .table = NAME_192 "x", .content_type = "m"}, TDREST_EUSAGE, "table: expected"},
        {"http://h/d", {.endpoint = TDRI_INFLUX, .precision = 1}, TDREST_EUSAGE, "precision: expected TDREST_HOUR, _MINUTE, _SECOND, _MS, _US or _NS"},
        {"http://h/d", {.endpoint = TDRI_INFLUX, .precision = -4}, TDREST_EUSAGE, "precision: expected"},
        {"http://h/d", {.endpoint = TDRI_OPENTSDB_JSON, .precision = TDREST_MS}, TDREST_EUSAGE, "precision: expected"},
        {"http://h/d", {.endpoint = TDRI_INFLUX, .ttl_days = -1}, TDREST_EUSAGE, "ttl and table_name_key"},
        {"http://h/d", {.endpoint = TDRI_INFLUX, .table_name_key = ""}, TDREST_EUSAGE, "empty"},
        {"http://u@h", {.endpoint = TDRI_SQL}, TDREST_EUSAGE, "user: expected a password"},
        {"http://u@h", {.endpoint = TDRI_LOGIN}, TDREST_EUSAGE, "needs user and password"},
        {"http://h?token=t", {.endpoint = TDRI_LOGIN}, TDREST_EUSAGE, "needs user and password"},
        {"http://u:s3cr3t%2F@h", {.endpoint = TDRI_LOGIN}, TDREST_EUSAGE, "contains a slash"},
        {"http://u%2F:p@h", {.endpoint = TDRI_LOGIN}, TDREST_EUSAGE, "contains a slash"},
        {"http://u:..@h", {.endpoint = TDRI_LOGIN}, TDREST_EUSAGE, "only dots"},
        {"http://.:p@h", {.endpoint = TDRI_LOGIN}, TDREST_EUSAGE, "only dots"},
    };
    tdri_request request;
    char why[640];
    size_t i;

    tdri_request_init(&request, &tdri_mem_default);
    for (i = 0; i < COUNT_OF(table); i++) {
        CHECK(build(&request, table[i].dsn, &table[i].spec, why) == table[i].code, "row %zu, %s: \"%s\"", i, table[i].dsn, why);
        CHECK(strstr(why, table[i].message) != NULL, "row %zu: \"%s\"", i, why);
        CU_ASSERT(strstr(why, "s3cr3t") == NULL);
    }
    tdri_request_clear(&request);
}

static void precisions(void)
{
    static const struct { int precision; const char *word; } table[] = {
        {TDREST_HOUR, "h"}, {TDREST_MINUTE, "m"}, {TDREST_SECOND, "s"}, {TDREST_MS, "ms"}, {TDREST_US, "u"}, {TDREST_NS, "ns"},
    };
    tdri_request_spec spec = {.endpoint = TDRI_INFLUX};
    tdri_request request;
    char expected[64];
    size_t i;

    tdri_request_init(&request, &tdri_mem_default);
    for (i = 0; i < COUNT_OF(table); i++) {
        spec.precision = table[i].precision;
        CHECK_INT(build(&request, "http://h/d", &spec, NULL), TDREST_OK);
        snprintf(expected, sizeof expected, "/influxdb/v1/write?db=d&precision=%s&app=tdrest", table[i].word);
        CHECK_TEXT(tdri_buf_text(&request.target), expected);
    }
    tdri_request_clear(&request);
}

/* A table of 192 bytes passes; what no option bounds is bounded here. */
static void long_texts(void)
{
    tdri_request_spec spec = {.endpoint = TDRI_UPLOAD, .table = NAME_192, .content_type = "m"};
    tdri_request request;
    char *key = (char *)malloc(70001);

    tdri_request_init(&request, &tdri_mem_default);
    CHECK_INT(strlen(NAME_192), 192);
    CHECK_INT(build(&request, "http://h/d", &spec, NULL), TDREST_OK);
    memset(key, 'k', 70000);
    key[70000] = '\0';
    memset(&spec, 0, sizeof spec);
    spec.endpoint = TDRI_INFLUX;
    spec.table_name_key = key;
    CHECK_INT(build(&request, "http://h/d", &spec, NULL), TDREST_EUSAGE);
    spec.table_name_key = NULL;
    CHECK_INT(build(&request, "http://h/d", &spec, NULL), TDREST_OK);
    CHECK_TEXT(tdri_buf_text(&request.target), "/influxdb/v1/write?db=d&app=tdrest");
    tdri_request_clear(&request);
    free(key);
}

/* One request again and again: nothing of the last one remains; the body is the caller's own. */
static void again(void)
{
    static const char sql[] = "select 1";
    tdri_request_spec first = {.endpoint = TDRI_SQL, .req_id = 5, .body = sql, .body_len = sizeof sql - 1};
    tdri_request_spec second = {.endpoint = TDRI_PING};
    tdri_request request;

    tdri_request_init(&request, &tdri_mem_default);
    CHECK_INT(build(&request, "http://h/d", &first, NULL), TDREST_OK);
    CU_ASSERT(request.body == sql && request.body_len == 8 && request.req_id == 5);
    CHECK_INT(build(&request, "http://h", &second, NULL), TDREST_OK);
    CU_ASSERT(request.body == NULL && request.body_len == 0 && request.req_id == 0);
    CHECK_INT(request.header_count, 0);
    CHECK_INT(request.headers.len, 0);
    CHECK_TEXT(tdri_buf_text(&request.target), "/-/ping");
    CHECK_TEXT(tdri_buf_text(&request.path), "/-/ping");
    tdri_request_clear(&request);
}

static void origins(void)
{
    static const struct { const char *dsn; size_t index; int code; const char *origin; } table[] = {
        {"http://h", 0, TDREST_OK, "http://h:6041"}, {"https://h", 0, TDREST_OK, "https://h:443"}, {"http://h", 1, TDREST_DONE, ""},
        {"http://a:1,[::1],c", 0, TDREST_OK, "http://a:1"}, {"http://a:1,[::1],c", 1, TDREST_OK, "http://[::1]:6041"},
        {"http://a:1,[::1],c", 2, TDREST_OK, "http://c:6041"}, {"http://a:1,[::1],c", 3, TDREST_DONE, ""},
        {"https://[fe80::1%25eth0]:8", 0, TDREST_OK, "https://[fe80::1%25eth0]:8"},
    };
    tdri_buf out;
    size_t i;

    tdri_buf_init(&out, &tdri_mem_default, 512);
    for (i = 0; i < COUNT_OF(table); i++) {
        tdrest_options *options = options_of(table[i].dsn);

        CHECK_INT(tdri_request_origin(options, table[i].index, &out), table[i].code);
        CHECK_TEXT(tdri_buf_text(&out), table[i].origin);
        tdrest_options_free(options);
    }
    tdri_buf_clear(&out);
}

/* Memory that ends after `left` allocations. */
static void *short_resize(void *context, void *old, size_t bytes)
{
    int *left = (int *)context;

    return (*left)-- > 0 ? realloc(old, bytes) : NULL;
}

static void *short_alloc(void *context, size_t bytes)
{
    return short_resize(context, NULL, bytes);
}

static void short_release(void *context, void *old)
{
    (void)context;
    free(old);
}

static void memory_ends(void)
{
    int left, n, rc = TDREST_ENOMEM;
    tdrest_allocator mem = {sizeof mem, &left, short_alloc, short_resize, short_release};
    tdri_request_spec spec = {.endpoint = TDRI_SQL, .req_id = 5, .timezone = "America/Argentina/Buenos_Aires"};
    tdri_request request;
    tdri_buf origin;

    for (n = 0; rc == TDREST_ENOMEM && n < 20; n++) {
        left = n;
        tdri_request_init(&request, &mem);
        rc = build(&request, "http://h/d", &spec, NULL);
        tdri_request_clear(&request);
    }
    CHECK_INT(rc, TDREST_OK);
    CHECK(n > 3, "%d allocations", n);
    left = 0;
    tdri_buf_init(&origin, &mem, 512);
    {
        tdrest_options *options = options_of("http://h");

        CHECK_INT(tdri_request_origin(options, 0, &origin), TDREST_ENOMEM);
        tdrest_options_free(options);
    }
    tdri_buf_clear(&origin);
}

/* All endpoints get what the program added; it takes nobody's place. */
static void added_headers(void)
{
    static const enum tdri_endpoint endpoints[] = {TDRI_SQL, TDRI_VGID, TDRI_LOGIN, TDRI_INFLUX, TDRI_OPENTSDB_JSON, TDRI_OPENTSDB_TELNET, TDRI_PING};
    tdrest_options *options = options_of("http://h/d");
    tdri_request request;
    tdrest_error err;

    CHECK_INT(tdrest_options_add_header(options, "X-Key", "k: 1"), TDREST_OK);
    CHECK_INT(tdrest_options_add_header(options, "Cookie", "c"), TDREST_OK);
    tdri_request_init(&request, &tdri_mem_default);
    for (size_t i = 0; i < COUNT_OF(endpoints); i++) {
        const tdri_request_spec spec = {.endpoint = endpoints[i]};

        tdri_err_reset(&err);
        CHECK_INT(tdri_request_build(&request, options, &spec, &err), TDREST_OK);
        same_header(&request, "X-Key", "k: 1");
        same_header(&request, "Cookie", "c");
        same_header(&request, "Authorization", endpoints[i] == TDRI_LOGIN || endpoints[i] == TDRI_PING ? NULL : ROOT);
    }
    tdri_request_clear(&request);
    tdrest_options_free(options);
}

CU_TestInfo tdrt_request[] = {
    {"recorded", recorded},
    {"targets", targets},
    {"headers", headers},
    {"added headers", added_headers},
    {"no trailing slash", no_trailing_slash},
    {"refused", refused},
    {"precisions", precisions},
    {"long texts", long_texts},
    {"again", again},
    {"origins", origins},
    {"memory ends", memory_ends},
    CU_TEST_INFO_NULL,
};
