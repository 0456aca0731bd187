/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * One HTTP request as bytes, for every endpoint of the adapter. Knows what
 * the adapter wants where; not how it gets there.
 */
#include "request/request.h"

#include "base/text.h"
#include "request/precision.h"

#include <assert.h>
#include <string.h>

/* REQUEST_MAX is far above what the options allow together: a ceiling for what callers give. Room for a login: user, colon, password. */
enum { REQUEST_MAX = 65536, HOST_ROOM = 256, LOGIN_ROOM = 255 + 1 + 255 };

/* Where the database goes. A trailing slash would be answered with a redirect. */
enum place { NOWHERE, PATH_IF_ANY, PATH, QUERY };

/* Everything but sending that differs between endpoints. */
typedef struct endpoint {
    const char *method;
    const char *path;
    const char *behind;       /* the database in the path */
    const char *content_type; /* NULL: the caller's, or none for GET */
    enum place database;
    int plain;  /* GET: no credentials in headers, no query */
    int sml;    /* schemaless: the server folds unquoted names itself, and takes ttl and table_name_key */
    int app;
} endpoint;

#define TEXT_TYPE "text/plain; charset=utf-8"
#define JSON_TYPE "application/json"

static const endpoint endpoints[] = {
    [TDRI_SQL] = {"POST", "/rest/sql", "", TEXT_TYPE, PATH_IF_ANY, 0, 0, 1},
    [TDRI_VGID] = {"POST", "/rest/sql", "/vgid", JSON_TYPE, PATH, 0, 0, 0},
    [TDRI_UPLOAD] = {"POST", "/rest/upload", "", NULL, QUERY, 0, 0, 0},
    [TDRI_LOGIN] = {"GET", "/rest/login", "", NULL, NOWHERE, 1, 0, 0},
    [TDRI_INFLUX] = {"POST", "/influxdb/v1/write", "", TEXT_TYPE, QUERY, 0, 1, 1},
    [TDRI_OPENTSDB_JSON] = {"POST", "/opentsdb/v1/put/json", "", JSON_TYPE, PATH, 0, 1, 1},
    [TDRI_OPENTSDB_TELNET] = {"POST", "/opentsdb/v1/put/telnet", "", TEXT_TYPE, PATH, 0, 1, 1},
    [TDRI_PING] = {"GET", "/-/ping", "", NULL, NOWHERE, 1, 0, 0},
};

/* One building: what is read, what is written. */
typedef struct build {
    const endpoint *to;
    const tdri_request_spec *spec;
    const tdrest_options *options;
    const char *database; /* NULL: none */
    tdri_request *out;
    tdrest_error *err;
} build;

void tdri_request_init(tdri_request *request, const tdrest_allocator *mem)
{
    memset(request, 0, sizeof *request);
    tdri_buf_init(&request->target, mem, REQUEST_MAX);
    tdri_buf_init(&request->path, mem, REQUEST_MAX);
    tdri_buf_init(&request->headers, mem, REQUEST_MAX);
}

void tdri_request_clear(tdri_request *request)
{
    tdri_buf_clear(&request->target);
    tdri_buf_clear(&request->path);
    tdri_buf_clear(&request->headers);
}

static int refuse(build *b, const char *message)
{
    return tdri_err_set(b->err, TDREST_EUSAGE, "%s", message);
}

/* A name, which was checked, as the server takes it case-sensitively. */
static void add_bare(tdri_buf *buf, const char *name)
{
    char bare[TDRI_TABLE_MAX + 2];

    tdri_percent_add(buf, bare, tdri_name_bare(name, strlen(name), bare));
}

/* Keeps a database that is not sent as it was asked for. */
static void note_folded(const build *b)
{
    size_t len = strlen(b->database);

    if (b->database[0] != '`' && !tdri_name_is(b->database, len, b->database, len))
        memcpy(b->out->folded, b->database, len + 1);
}

static void add_database(build *b, tdri_buf *buf)
{
    note_folded(b);
    if (b->to->sml && b->database[0] == '`')
        tdri_percent_add(buf, b->database, strlen(b->database));
    else
        add_bare(buf, b->database);
}

static tdri_buf *add_key(build *b, const char *key)
{
    tdri_buf *target = &b->out->target;

    tdri_buf_add_char(target, target->len == b->out->path.len ? '?' : '&');
    tdri_buf_add_text(target, key);
    tdri_buf_add_char(target, '=');
    return target;
}

static void add_text(build *b, const char *key, const char *value)
{
    if (value != NULL)
        tdri_percent_add(add_key(b, key), value, strlen(value));
}

static void add_number(build *b, const char *key, int64_t value)
{
    if (value != 0)
        tdri_buf_add_int(add_key(b, key), value);
}

/* The adapter splits the path after decoding it, and URL libraries fold dots. */
static int is_segment(const char *text)
{
    return strchr(text, '/') == NULL && strcmp(text, ".") != 0 && strcmp(text, "..") != 0;
}

static int add_login_path(build *b)
{
    const char *user = tdri_opts_text(b->options, TDRI_OPT_USER);
    const char *password = tdri_opts_text(b->options, TDRI_OPT_PASSWORD);
    tdri_buf *target = &b->out->target, *path = &b->out->path;

    if (user == NULL || password == NULL)
        return refuse(b, "this endpoint needs user and password");
    if (!is_segment(user) || !is_segment(password))
        return refuse(b, "this endpoint cannot carry a user or password that contains a slash or only dots");
    tdri_buf_add_char(target, '/');
    tdri_percent_add(target, user, strlen(user));
    tdri_buf_add_char(target, '/');
    tdri_buf_add(path, tdri_buf_text(target), target->len);
    tdri_buf_add_text(path, "***");
    tdri_percent_add(target, password, strlen(password));
    return TDREST_OK;
}

static int add_path(build *b)
{
    tdri_buf *target = &b->out->target;

    tdri_buf_add_text(target, b->to->path);
    if (b->spec->endpoint == TDRI_LOGIN)
        return add_login_path(b);
    if (b->database != NULL && (b->to->database == PATH || b->to->database == PATH_IF_ANY)) {
        tdri_buf_add_char(target, '/');
        add_database(b, target);
    }
    tdri_buf_add_text(target, b->to->behind);
    tdri_buf_add(&b->out->path, tdri_buf_text(target), target->len);
    return TDREST_OK;
}

static void add_zone(build *b)
{
    const char *zone = b->spec->timezone != NULL ? b->spec->timezone : tdri_opts_text(b->options, TDRI_OPT_TIMEZONE);

    if (b->spec->endpoint != TDRI_SQL || strcmp(zone, "server") == 0)
        return;
    assert(strcmp(zone, "local") != 0);
    add_text(b, "conn_tz", zone);
    add_text(b, "tz", zone);
}

static void add_query(build *b)
{
    if (b->to->plain)
        return;
    if (b->to->database == QUERY)
        add_database(b, add_key(b, "db"));
    if (b->spec->table != NULL)
        add_bare(add_key(b, "table"), b->spec->table);
    add_text(b, "precision", tdri_precision_word(b->spec->precision));
    add_number(b, "ttl", b->spec->ttl_days);
    add_text(b, "table_name_key", b->spec->table_name_key);
    add_number(b, "req_id", b->spec->req_id);
    add_zone(b);
    if (b->to->app)
        add_text(b, "app", tdri_opts_text(b->options, TDRI_OPT_APP));
    if (b->spec->endpoint == TDRI_SQL)
        add_text(b, "timing", "true");
    add_text(b, "token", b->options->text[TDRI_OPT_TOKEN]);
}

/* A header's value follows; end_header closes it. */
static tdri_buf *begin_header(build *b, const char *start)
{
    tdri_buf_add_text(&b->out->headers, start);
    b->out->header_count++;
    return &b->out->headers;
}

static void end_header(build *b)
{
    tdri_buf_add_char(&b->out->headers, '\0');
}

static void add_header(build *b, const char *start, const char *value)
{
    tdri_buf_add_text(begin_header(b, start), value);
    end_header(b);
}

static int add_basic(build *b)
{
    const char *user = tdri_opts_text(b->options, TDRI_OPT_USER);
    const char *password = tdri_opts_text(b->options, TDRI_OPT_PASSWORD);
    char login[LOGIN_ROOM];
    size_t n, m;

    if (user == NULL || password == NULL)
        return refuse(b, "user: expected a password as well");
    n = strlen(user);
    m = strlen(password);
    assert(n + m + 1 <= sizeof login);
    memcpy(login, user, n);
    login[n] = ':';
    memcpy(login + n + 1, password, m);
    tdri_base64_add(begin_header(b, "Authorization: Basic "), login, n + m + 1);
    end_header(b);
    return TDREST_OK;
}

static int add_headers(build *b)
{
    const char *bearer = b->options->text[TDRI_OPT_BEARER_TOKEN];
    const char *type = b->spec->content_type != NULL ? b->spec->content_type : b->to->content_type;

    for (size_t i = 0; i < b->options->header_count; i++)
        add_header(b, b->options->headers[i], "");
    if (b->to->plain)
        return TDREST_OK;
    add_header(b, "Content-Type: ", type);
    if (b->spec->endpoint == TDRI_SQL && tdri_opts_int(b->options, TDRI_OPT_COMPRESSION) != 0)
        add_header(b, "Accept-Encoding: ", "gzip");
    if (bearer != NULL)
        add_header(b, "Authorization: Bearer ", bearer);
    else if (b->options->text[TDRI_OPT_TOKEN] == NULL)
        return add_basic(b);
    return TDREST_OK;
}

static int is_table(const char *name)
{
    size_t len = strlen(name), quoted = len >= 2 && name[0] == '`' && name[len - 1] == '`' ? 1 : 0;
    size_t bare = len - 2 * quoted;

    return bare > 0 && bare <= TDRI_TABLE_MAX && tdri_is_printable(name, len) && strcspn(name + quoted, ".\\`") == bare;
}

static int is_text(const char *text)
{
    return text == NULL || (*text != '\0' && tdri_is_printable(text, strlen(text)));
}

static int check_spec(build *b)
{
    const tdri_request_spec *spec = b->spec;

    if (spec->req_id < 0)
        return refuse(b, "req_id is negative");
    if (spec->endpoint == TDRI_UPLOAD ? spec->table == NULL || !is_table(spec->table) : spec->table != NULL)
        return refuse(b, "table: expected a name of at most 192 bytes without . or \\, and only for an upload");
    if (spec->endpoint == TDRI_UPLOAD && spec->content_type == NULL)
        return refuse(b, "an upload needs a multipart content type");
    if (!is_text(spec->content_type) || !is_text(spec->table_name_key) || !is_text(spec->timezone))
        return refuse(b, "a part of the request is empty or contains control characters");
    if (spec->precision != 0 && (spec->endpoint != TDRI_INFLUX || tdri_precision_word(spec->precision) == NULL))
        return refuse(b, "precision: expected TDREST_HOUR, _MINUTE, _SECOND, _MS, _US or _NS, and only for InfluxDB lines");
    if (spec->ttl_days < 0 || ((spec->ttl_days != 0 || spec->table_name_key != NULL) && !b->to->sml))
        return refuse(b, "ttl and table_name_key: expected days of at least 0 and a key, and only for schemaless writes");
    return TDREST_OK;
}

static int check_database(build *b)
{
    b->database = b->spec->database != NULL ? b->spec->database : tdri_opts_text(b->options, TDRI_OPT_DATABASE);
    if (b->database != NULL)
        return tdri_database_check(b->database, strlen(b->database), b->err);
    if (b->to->database == PATH || b->to->database == QUERY)
        return refuse(b, "database: this endpoint needs one");
    return TDREST_OK;
}

static int buffers_code(build *b)
{
    int code = tdri_buf_code(&b->out->target);

    if (code == TDREST_OK)
        code = tdri_buf_code(&b->out->path);
    if (code == TDREST_OK)
        code = tdri_buf_code(&b->out->headers);
    if (code == TDREST_ERANGE)
        return refuse(b, "the request line or headers are too long");
    return code == TDREST_OK ? code : tdri_err_set(b->err, code, NULL);
}

int tdri_endpoint_is_lines(enum tdri_endpoint which)
{
    return which == TDRI_INFLUX || which == TDRI_OPENTSDB_JSON || which == TDRI_OPENTSDB_TELNET;
}

int tdri_request_build(tdri_request *request, const tdrest_options *options, const tdri_request_spec *spec, tdrest_error *err)
{
    build b = {&endpoints[spec->endpoint], spec, options, NULL, request, err};
    int rc;

    tdri_buf_reset(&request->target);
    tdri_buf_reset(&request->path);
    tdri_buf_reset(&request->headers);
    request->header_count = 0;
    request->folded[0] = '\0';
    request->endpoint = spec->endpoint;
    request->method = b.to->method;
    request->body = spec->body;
    request->body_len = spec->body_len;
    request->req_id = spec->req_id;
    rc = check_spec(&b);
    if (rc == TDREST_OK)
        rc = check_database(&b);
    if (rc == TDREST_OK)
        rc = add_path(&b);
    if (rc != TDREST_OK)
        return rc;
    add_query(&b);
    rc = add_headers(&b);
    return rc == TDREST_OK ? buffers_code(&b) : rc;
}

int tdri_request_add_close(tdri_request *request)
{
    static const char field[] = "Connection: close";

    tdri_buf_add(&request->headers, field, sizeof field);
    request->header_count++;
    return tdri_buf_code(&request->headers);
}

int tdri_request_origin(const tdrest_options *options, size_t index, tdri_buf *out)
{
    char host[HOST_ROOM];
    const char *p;
    int port, ipv6;

    tdri_buf_reset(out);
    if (!tdri_opts_address(options, index, host, &port))
        return TDREST_DONE;
    ipv6 = strchr(host, ':') != NULL;
    tdri_buf_add_text(out, tdri_opts_text(options, TDRI_OPT_SCHEME));
    tdri_buf_add_text(out, ipv6 ? "://[" : "://");
    for (p = host; *p != '\0'; p++) {
        tdri_buf_add_char(out, *p);
        if (*p == '%')
            tdri_buf_add_text(out, "25");
    }
    tdri_buf_add_text(out, ipv6 ? "]:" : ":");
    tdri_buf_add_int(out, port);
    return tdri_buf_code(out);
}
