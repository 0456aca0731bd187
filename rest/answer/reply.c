/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Answers without rows, classified. First the body is read: an adapter's
 * object or string says most. Where it is none, the HTTP status decides.
 * Allocates nothing. Knows nothing of transport and rows.
 */
#include "answer/reply.h"

#include "base/number.h"
#include "base/text.h"
#include "answer/decode.h"
#include "config/proxy.h"
#include "base/json.h"
#include "error/servercode.h"

#include <string.h>

enum {
    TEXT_MAX = 1024,      /* more than an error record holds */
    UNSPECIFIED = 0xffff, /* the adapter's own code for whatever has none */
    CODE_MAX = 0xffff
};

enum shape {
    SHAPE_EMPTY,
    SHAPE_OTHER,  /* HTML, text */
    SHAPE_BROKEN, /* JSON, but not to its end, or with something behind */
    SHAPE_FOREIGN, /* JSON that no adapter sends */
    SHAPE_STRING,
    SHAPE_ERROR   /* an object such as the endpoint sends for errors */
};

/* What is known of a body. */
typedef struct answer {
    enum shape shape;
    int is_json;         /* its Content-Type says so */
    int64_t code;        /* of SHAPE_ERROR; -1: it is a number, but no integer */
    int64_t bad_at;      /* of SHAPE_BROKEN: where something follows the JSON; -1: it is not whole */
    int has_text;        /* of an object: the member that says what is wrong */
    char text[TEXT_MAX]; /* of SHAPE_STRING and SHAPE_ERROR; one line, may be "" */
} answer;

/* ---- reading ---- */

static int says_json(const char *content_type)
{
    static const char json[] = "application/json";

    return content_type != NULL && strlen(content_type) >= sizeof json - 1 && tdri_text_is(content_type, sizeof json - 1, json);
}

/* The string at p, cut where it is long; "" when it is none. NULs become '?', as all control bytes do. */
static void copy_text(const char *p, const char *end, char out[TEXT_MAX])
{
    size_t len;

    memset(out, 0, TEXT_MAX);
    if (tdri_json_string(p, end, out, TEXT_MAX - 1, &len) == NULL)
        len = 0;
    for (size_t i = 0; i < len && i < TEXT_MAX - 1; i++)
        if (out[i] == '\0')
            out[i] = '?';
}

/* A number without fraction and exponent; -1 for other numbers. */
static int64_t read_code(const char *p, const char *behind)
{
    int64_t code;

    return tdri_int64_parse(p, behind, &code) == behind ? code : -1;
}

/* The members of an object known to be whole, p behind its brace. */
static void read_object(answer *a, const char *p, const char *end, enum tdri_endpoint endpoint)
{
    const char *text = tdri_endpoint_is_lines(endpoint) ? "message" : "desc", *name, *behind;
    int has_code = 0;
    size_t len;

    while (p != NULL && (p = tdri_json_member(p, end, &name, &len)) != NULL) {
        behind = tdri_json_skip(p, end);
        if (tdri_json_is(name, len, "code") && *p != '"') {
            has_code = *p == '-' || tdri_is_digit((unsigned char)*p);
            a->code = read_code(p, behind);
        } else if (tdri_json_is(name, len, text)) {
            a->has_text = *p == '"';
            copy_text(p, end, a->text);
        }
        p = tdri_json_byte(behind, end, ',');
    }
    if (tdri_endpoint_is_lines(endpoint) ? a->has_text : has_code)
        a->shape = SHAPE_ERROR;
}

/* The stray bytes are passed over, whole or not at all. */
static const char *without_stray_bytes(const char *body, const char *end)
{
    return end - body >= TDRI_STRAY_BYTES && memcmp(end - TDRI_STRAY_BYTES, tdri_decode_stray, TDRI_STRAY_BYTES) == 0
        ? end - TDRI_STRAY_BYTES : end;
}

static void read_answer(answer *a, const char *body, size_t len, const tdri_reply_origin *origin)
{
    const char *end = without_stray_bytes(body, body + (len > TDRI_REPLY_MAX ? TDRI_REPLY_MAX : len));
    const char *p = tdri_json_space(body, end), *behind;

    memset(a, 0, sizeof *a);
    a->is_json = says_json(origin->content_type);
    a->code = a->bad_at = -1;
    if (p == end)
        return;
    behind = tdri_json_skip(p, end);
    if (behind == NULL || tdri_json_space(behind, end) != end) {
        a->shape = *p == '{' || (a->is_json && *p != '<') ? SHAPE_BROKEN : SHAPE_OTHER;
        a->bad_at = behind == NULL ? -1 : behind - body;
        return;
    }
    a->shape = *p == '"' ? SHAPE_STRING : SHAPE_FOREIGN;
    if (*p == '{')
        read_object(a, p + 1, end, origin->endpoint);
    else
        copy_text(p, end, a->text);
}

/* ---- adapters' answers ---- */

static int fill(tdrest_error *err, int code, int64_t server_code, int cls, const char *text)
{
    code = tdri_err_set(err, code, text[0] == '\0' ? NULL : "%s", text);
    err->server_code = (int)server_code;
    err->cls = cls;
    return code;
}

static int refuse_login(tdrest_error *err, int64_t server_code, const char *text)
{
    return fill(err, TDREST_EAUTH, server_code, TDREST_CLASS_CONNECTION, text);
}

static int is_login_code(int64_t code)
{
    return (tdri_servercode_facts((int)code) & TDRI_BAD_LOGIN) != 0;
}

static int is_whitelist(const char *text)
{
    static const char refusal[] = "whitelist prohibits";

    return strncmp(text, refusal, sizeof refusal - 1) == 0;
}

/* What an adapter says to a zone that it does not know, whatever the endpoint. */
static int is_zone_refusal(const char *text)
{
    static const char *const refusals[] = {"unknown time zone ", "time: invalid location name"};

    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
        if (strncmp(text, refusals[i], strlen(refusals[i])) == 0)
            return 1;
    return 0;
}

static int refuse_zone(tdrest_error *err, int64_t server_code, const char *text)
{
    int code = tdri_err_set(err, TDREST_EOPTION, "timezone: the server says: %s", text);

    err->server_code = (int)server_code;
    return code;
}

static int class_by_status(int http_status)
{
    switch (http_status) {
    case 400:
        return TDREST_CLASS_INTERFACE;
    case 403:
    case 503:
        return TDREST_CLASS_OPERATIONAL;
    default:
        return TDREST_CLASS_DATABASE;
    }
}

/* {"code":855,"desc":"Authentication failure","timing":1} */
static int statement_error(const answer *a, int http_status, tdrest_error *err)
{
    int cls, repeat;

    if (a->code == 0)
        return tdri_err_set(err, TDREST_EANSWER, "the answer reports success but has no columns");
    if (a->code < 0 || a->code > CODE_MAX)
        return tdri_err_set(err, TDREST_EANSWER, "the answer's code is not an integer from 0 to 65535; it says: %s", a->text);
    if (http_status == 400 && a->code == UNSPECIFIED && is_zone_refusal(a->text))
        return refuse_zone(err, a->code, a->text);
    (void)tdri_servercode_get((int)a->code, &cls, &repeat);
    if (is_login_code(a->code) || is_whitelist(a->text))
        return refuse_login(err, a->code, a->text);
    /* An adapter with httpCodeServerError has status 401 also for "user already exists". */
    if (http_status == 401 && (cls == TDREST_CLASS_CONNECTION || cls == TDREST_CLASS_NONE))
        return refuse_login(err, a->code, a->text);
    if (cls == TDREST_CLASS_NONE)
        cls = class_by_status(http_status);
    return fill(err, TDREST_ESERVER, a->code, cls, a->text);
}

/* The number in "[0x388] Database not exist", *text moved behind it; 0 when there is none. */
static int message_code(const char **text)
{
    const char *p = *text;
    int code = 0;

    if (strncmp(p, "[0x", 3) != 0 || tdri_hex_digit((unsigned char)p[3]) < 0)
        return 0;
    for (p += 3; code <= CODE_MAX && tdri_hex_digit((unsigned char)*p) >= 0; p++)
        code = code * 16 + tdri_hex_digit((unsigned char)*p);
    if (code > CODE_MAX || *p != ']')
        return 0;
    *text = p[1] == ' ' ? p + 2 : p + 1;
    return code;
}

/* {"code":"internal error","message":"[0x388] Database not exist"} and {"code":500,"message":"..."} */
static int write_error(const answer *a, int http_status, tdrest_error *err)
{
    const char *text = a->text;
    int code = message_code(&text);

    /* Adapters before 3.4 answer with status 400 to credentials that they cannot decode. */
    if (is_login_code(code) || http_status == 401 || is_whitelist(text) || strcmp(text, "get auth error") == 0)
        return refuse_login(err, code, text);
    if (http_status == 400 && code == 0 && is_zone_refusal(text))
        return refuse_zone(err, code, text);
    return fill(err, TDREST_ESERVER, code, http_status == 503 && code == 0 ? TDREST_CLASS_OPERATIONAL : TDREST_CLASS_SCHEMALESS, text);
}

/* A bare string with status 503. 0 when it is none of the adapter's. */
static int memory_error(const answer *a, tdrest_error *err)
{
    int before = strcmp(a->text, "memory exceeds threshold") == 0, behind = strcmp(a->text, "query memory exceeds threshold") == 0;

    if (!before && !behind)
        return 0;
    (void)fill(err, TDREST_ESERVER, 0, TDREST_CLASS_OPERATIONAL, a->text);
    if (behind) /* the statement's rows were thrown away */
        err->ran = TDREST_RAN_YES;
    return err->code;
}

/* ---- all other answers ---- */

typedef struct status_rule {
    int first, last; /* HTTP statuses */
    int empty;       /* 1: only when there is no body */
    int code;
    int cls;
    const char *text;
} status_rule;

/* Whatever the body is. */
static const status_rule by_status[] = {
    {300, 399, 0, TDREST_ENOTADAPTER, TDREST_CLASS_INTERFACE,
     "a redirect, which is not followed; taosAdapter does not redirect this path: check host, port and proxies"},
    {401, 401, 0, TDREST_EAUTH, TDREST_CLASS_CONNECTION, "the login was refused"},
    {502, 503, 0, TDREST_EGATEWAY, TDREST_CLASS_CONNECTION, "a proxy or gateway cannot reach taosAdapter"},
    {504, 504, 0, TDREST_EGATEWAY, TDREST_CLASS_CONNECTION, "a proxy or gateway waited too long for taosAdapter"},
};

/* Bodies that are whole, and none of an adapter's. */
static const status_rule by_gateways[] = {
    {403, 403, 0, TDREST_EGATEWAY, TDREST_CLASS_CONNECTION, "a proxy or gateway in front of taosAdapter forbids the request"},
    {408, 408, 0, TDREST_EGATEWAY, TDREST_CLASS_CONNECTION, "a proxy or gateway did not wait for the whole request"},
    {413, 413, 0, TDREST_EGATEWAY, TDREST_CLASS_CONNECTION, "a proxy or gateway refuses a request of this size"},
    {429, 429, 0, TDREST_EGATEWAY, TDREST_CLASS_CONNECTION, "a proxy or gateway limits how many requests it lets through"},
};

/* Bodies that are no JSON. */
static const status_rule by_status_and_body[] = {
    {400, 400, 1, TDREST_ESERVER, TDREST_CLASS_INTERFACE, "the body of the request is not the gzip that its headers promise"},
    {404, 404, 0, TDREST_ENOTADAPTER, TDREST_CLASS_INTERFACE, "there is no taosAdapter at this address and path"},
    {415, 415, 1, TDREST_ESERVER, TDREST_CLASS_INTERFACE, "the encoding of the request is refused"},
    {417, 417, 1, TDREST_ESERVER, TDREST_CLASS_INTERFACE, "the Expect header of the request is refused"},
    {431, 431, 0, TDREST_ESERVER, TDREST_CLASS_INTERFACE, "the headers of the request are too large"},
    {500, 500, 1, TDREST_ESERVER, TDREST_CLASS_DATABASE, "taosAdapter had an internal error"},
    {500, 599, 0, TDREST_EGATEWAY, TDREST_CLASS_CONNECTION, "a proxy or gateway failed, or cannot reach taosAdapter"},
};

/* 0 when no rule fits. */
static int apply_rules(const status_rule *rules, size_t count, const answer *a, int http_status, tdrest_error *err)
{
    for (size_t i = 0; i < count; i++) {
        const status_rule *r = &rules[i];
        int code;

        if (http_status < r->first || http_status > r->last || (r->empty && a->shape != SHAPE_EMPTY))
            continue;
        code = tdri_err_set(err, r->code, "%s (HTTP status %d)", r->text, http_status);
        err->cls = r->cls;
        return code;
    }
    return 0;
}

/* A proxy's doing: the request does not ask for it, or libcurl would have decoded the body. */
static int encoded_error(const tdri_reply_origin *origin, tdrest_error *err)
{
    const char *encoding = origin->content_encoding;

    return tdri_err_set_at(err, TDREST_EANSWER, 0, "the answer has Content-Encoding: %s, which was not asked for%s (HTTP status %d)", encoding,
                           tdri_text_is(encoding, strlen(encoding), "gzip") ? "; with compression=true it can be read" : "", origin->http_status);
}

static int proxy_error(const tdri_reply_origin *origin, tdrest_error *err)
{
    return tdri_err_set(err, TDREST_EGATEWAY, TDRI_PROXY_WANTS_LOGIN, origin->answerer == NULL ? "" : " ", origin->answerer == NULL ? "" : origin->answerer,
                        origin->http_status);
}

static int other_error(const answer *a, const tdri_reply_origin *origin, tdrest_error *err)
{
    int http_status = origin->http_status;
    int code = apply_rules(by_status, sizeof by_status / sizeof by_status[0], a, http_status, err);

    if (code != 0)
        return code;
    if (origin->content_encoding != NULL && a->shape != SHAPE_EMPTY)
        return encoded_error(origin, err);
    if (a->shape == SHAPE_BROKEN)
        return tdri_err_set_at(err, TDREST_EANSWER, a->bad_at, "the answer is truncated or not JSON (HTTP status %d)", http_status);
    if (a->shape == SHAPE_EMPTY && http_status == 200 && !tdri_endpoint_is_lines(origin->endpoint))
        return tdri_err_set_at(err, TDREST_EANSWER, 0, "the answer is empty: adapters before 3.3.8.4 do this for values that are NaN "
                               "or infinite, and others for a wrong path when compression is on");
    if (a->shape == SHAPE_EMPTY && (a->is_json || http_status == 200))
        return tdri_err_set_at(err, TDREST_EANSWER, 0, "the answer is empty (HTTP status %d)", http_status);
    if (http_status == 407)
        return proxy_error(origin, err);
    code = apply_rules(by_gateways, sizeof by_gateways / sizeof by_gateways[0], a, http_status, err);
    if (code == 0 && (a->shape == SHAPE_EMPTY || a->shape == SHAPE_OTHER))
        code = apply_rules(by_status_and_body, sizeof by_status_and_body / sizeof by_status_and_body[0], a, http_status, err);
    if (code != 0)
        return code;
    return tdri_err_set(err, TDREST_ENOTADAPTER, "not an answer from taosAdapter (HTTP status %d)", http_status);
}

int tdri_reply_error(const char *body, size_t len, const tdri_reply_origin *origin, tdrest_error *err)
{
    answer a;
    int code = 0;

    if (err->code != 0)
        return err->code;
    err->http_status = origin->http_status;
    read_answer(&a, body, len, origin);
    if (a.shape == SHAPE_ERROR && a.code == origin->http_status && !a.has_text) /* a gateway's: {"code":429,"message":"..."} */
        a.shape = SHAPE_FOREIGN;
    if (a.shape == SHAPE_ERROR && tdri_endpoint_is_lines(origin->endpoint))
        return write_error(&a, origin->http_status, err);
    if (a.shape == SHAPE_ERROR)
        return statement_error(&a, origin->http_status, err);
    if (a.shape == SHAPE_STRING && origin->http_status == 503)
        code = memory_error(&a, err);
    return code != 0 ? code : other_error(&a, origin, err);
}
