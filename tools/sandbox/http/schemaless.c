/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * /influxdb/v1/write and /opentsdb/v1/put: their logins, parameters and errors, each in its own form. The lines themselves are the
 * engine's.
 */
#include "exchange.h"

#include <limits.h>

static const char JSON[] = "application/json; charset=utf-8";

/* ---- errors ---- */

static void influx_error(sbx_exchange *exchange, int status, const char *code, sbx_text message)
{
    sbx_buf *body = &exchange->reply.body;

    sbx_reply_text(&exchange->reply, status, JSON, "");
    sbx_buf_format(body, "{\"code\":\"%s\",\"message\":", code);
    sbx_json_desc(body, message);
    sbx_buf_char(body, '}');
}

static void influx_refuse(sbx_exchange *exchange, const char *code, sbx_text message, const char *op, sbx_text err)
{
    sbx_buf *body = &exchange->reply.body;

    influx_error(exchange, 400, code, message);
    body->len--;
    sbx_buf_format(body, ",\"op\":\"%s\",\"err\":", op);
    sbx_json_desc(body, err);
    sbx_buf_text(body, ",\"line\":0}");
}

static void opentsdb_error(sbx_exchange *exchange, int status, sbx_text message)
{
    sbx_buf *body = &exchange->reply.body;

    sbx_reply_text(&exchange->reply, status, JSON, "");
    sbx_buf_format(body, "{\"code\":%d,\"message\":", status);
    sbx_json_desc(body, message);
    sbx_buf_char(body, '}');
}

/* Of the server. */
static void server_error(sbx_exchange *exchange, const sbx_error *err)
{
    sbx_text message = sbx_format(exchange->arena, "[0x%x] %.*s", (unsigned)err->code, (int)err->desc.len, err->desc.p);

    exchange->code = err->code;
    if (exchange->endpoint == SBX_AT_INFLUX)
        influx_error(exchange, 500, "internal error", message);
    else
        opentsdb_error(exchange, 500, message);
}

/* ---- before the body ---- */

static void number_error(sbx_exchange *exchange, const char *name, const sbx_buf *why)
{
    sbx_text message = sbx_format(exchange->arena, "%s must be numeric", name);

    if (exchange->endpoint == SBX_AT_INFLUX)
        influx_refuse(exchange, "illegal param", message, name[0] == 't' ? "parse ttl" : "parse req_id", message);
    else
        opentsdb_error(exchange, 400, sbx_format(exchange->arena, "illegal param, %s %s", message.p, why->p));
}

static void check_req_id(sbx_exchange *exchange)
{
    sbx_text text = sbx_param_get(&exchange->target, "req_id");
    sbx_buf why = {0};
    uint64_t id;

    if (text.len != 0 && !sbx_parse_uint(text, &id, &why))
        number_error(exchange, "req_id", &why);
    sbx_buf_clear(&why);
}

static void check_ttl(sbx_exchange *exchange)
{
    sbx_text text = sbx_param_get(&exchange->target, "ttl");
    sbx_buf why = {0};
    int64_t ttl = 0;

    if (text.len != 0 && !sbx_parse_int(text, "Atoi", &ttl, &why))
        number_error(exchange, "ttl", &why);
    exchange->ttl = ttl > INT_MAX ? INT_MAX : ttl < INT_MIN ? INT_MIN : (int)ttl;
    sbx_buf_clear(&why);
}

/* Basic or Bearer of the header, Taosd is not taken. 1; else 0 and why. */
static int header_login(sbx_exchange *exchange, sbx_text *why)
{
    sbx_text text = sbx_trim(exchange->authorization);

    if (exchange->authorization.len == 0) {
        *why = SBX_TEXT("auth needed");
        return 0;
    }
    if (sbx_text_begins(text, "Basic ")) {
        text = (sbx_text){text.p + 6, text.len - 6};
        return sbx_login_of_basic(exchange->arena, text, &exchange->login, why);
    }
    exchange->login.bearer = sbx_text_begins(text, "Bearer ");
    *why = SBX_TEXT("unsupported auth type");
    return exchange->login.bearer;
}

/* The parameters u and p count when both are there, and then before the header. */
static void influx_login(sbx_exchange *exchange)
{
    sbx_text user = sbx_param_get(&exchange->target, "u"), password = sbx_param_get(&exchange->target, "p"), why;

    if (user.len != 0 && password.len != 0)
        exchange->login = (sbx_login){user, password, 0};
    else if (!header_login(exchange, &why))
        influx_error(exchange, 401, "forbidden", SBX_TEXT("no auth info found"));
}

static void opentsdb_login(sbx_exchange *exchange)
{
    sbx_text why;

    if (!header_login(exchange, &why))
        opentsdb_error(exchange, 401, why);
}

static void influx_database(sbx_exchange *exchange)
{
    exchange->args[0] = sbx_param_get(&exchange->target, "db");
    if (exchange->args[0].len == 0)
        influx_refuse(exchange, "not found", SBX_TEXT("db required"), "get db query", SBX_TEXT("db required"));
}

static void opentsdb_database(sbx_exchange *exchange)
{
    if (exchange->args[0].len == 0)
        opentsdb_error(exchange, 400, SBX_TEXT("db required"));
}

void sbx_schemaless_head(sbx_exchange *exchange)
{
    static void (*const influx[])(sbx_exchange *) = {check_req_id, influx_login, influx_database, check_ttl};
    static void (*const opentsdb[])(sbx_exchange *) = {opentsdb_login, check_req_id, opentsdb_database, check_ttl};
    void (*const *checks)(sbx_exchange *) = exchange->endpoint == SBX_AT_INFLUX ? influx : opentsdb;

    for (size_t i = 0; i < 4 && exchange->reply.status == 0; i++)
        checks[i](exchange);
}

/* ---- with the body ---- */

static char unit_of(sbx_text precision)
{
    static const struct {
        const char *word;
        char unit;
    } units[] = {{"h", 'h'}, {"m", 'm'}, {"s", 's'}, {"ms", 'a'}, {"u", 'u'}, {"\xce\xbc", 'u'}};

    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (sbx_text_is(precision, units[i].word))
            return units[i].unit;
    return 'b'; /* everything else too, without a word */
}

static void damaged(sbx_exchange *exchange)
{
    sbx_text why = sbx_format(exchange->arena, "%s", exchange->damage);

    if (exchange->endpoint == SBX_AT_INFLUX)
        influx_refuse(exchange, "internal error", SBX_TEXT("read line error"), "read line", why);
    else
        opentsdb_error(exchange, 400, why);
}

void sbx_schemaless_run(sbx_exchange *exchange)
{
    sbx_request request = sbx_exchange_request(exchange);
    sbx_text body = {exchange->body.p, exchange->body.len};
    sbx_lines_options options = {0};
    enum sbx_lines_protocol protocol = SBX_OPENTSDB_JSON;

    if (exchange->damage != NULL) {
        damaged(exchange);
        return;
    }
    if (exchange->endpoint == SBX_AT_INFLUX) {
        protocol = SBX_LINE;
        options.unit = unit_of(sbx_param_get(&exchange->target, "precision"));
        body = sbx_trim(body);
    } else if (exchange->endpoint == SBX_AT_TELNET) {
        protocol = SBX_TELNET;
    }
    options.ttl = exchange->ttl;
    options.table_name_key = sbx_param_get(&exchange->target, "table_name_key");
    request.database = exchange->args[0];
    if (sbx_login_check(&exchange->login, &request) == 0)
        sbx_lines(&request, protocol, body, &options);
    if (request.err.code != 0)
        server_error(exchange, &request.err);
    else
        sbx_reply_empty(&exchange->reply, 204);
}
