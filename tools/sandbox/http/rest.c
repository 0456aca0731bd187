/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* /rest/sql and /rest/login: their parameters in the adapter's order, the statement, its answer. */
#include "exchange.h"

#include <arpa/inet.h>
#include <string.h>

enum { UNSPECIFIED = 0xffff };

/* The parameter's complaint, behind what the adapter puts before it. */
static void bad_parameter(sbx_exchange *exchange, const char *before, const sbx_buf *why)
{
    sbx_text desc = sbx_format(exchange->arena, "%s%s", before, why->p);

    sbx_reply_error(exchange, 400, UNSPECIFIED, desc);
}

static void check_req_id(sbx_exchange *exchange)
{
    sbx_text text = sbx_param_get(&exchange->target, "req_id");
    sbx_buf why = {0};
    int64_t id;

    if (text.len != 0 && !sbx_parse_int(text, "ParseInt", &id, &why))
        bad_parameter(exchange, "illegal param, req_id must be numeric ", &why);
    sbx_buf_clear(&why);
}

static void check_login(sbx_exchange *exchange)
{
    const char *desc;
    int has_token = sbx_param_has(&exchange->target, "token");
    int code = sbx_login_of_header(exchange->arena, exchange->authorization, has_token, &exchange->login, &desc);

    if (code != 0)
        sbx_reply_error(exchange, 401, code, (sbx_text){desc, strlen(desc)});
}

/* conn_tz holds for literals and for what is shown; where it stands, even empty, tz is not looked at. */
static void check_zones(sbx_exchange *exchange)
{
    int whole = sbx_param_has(&exchange->target, "conn_tz");
    const char *name = whole ? "conn_tz" : "tz";
    sbx_buf why = {0};

    if (!sbx_zone_find(sbx_param_get(&exchange->target, name), &exchange->shown, &why))
        bad_parameter(exchange, "", &why);
    else if (whole)
        exchange->zone = exchange->shown;
    sbx_buf_clear(&why);
}

static void check_row_with_meta(sbx_exchange *exchange)
{
    sbx_text text = sbx_param_get(&exchange->target, "row_with_meta");
    sbx_buf why = {0};

    if (text.len != 0 && !sbx_parse_bool(text, &exchange->objects, &why))
        bad_parameter(exchange, "illegal param, row_with_meta must be boolean ", &why);
    sbx_buf_clear(&why);
}

void sbx_rest_head(sbx_exchange *exchange)
{
    static void (*const checks[])(sbx_exchange *) = {check_login, check_zones, check_row_with_meta};

    check_req_id(exchange);
    if (exchange->endpoint == SBX_AT_LOGIN)
        return;
    for (size_t i = 0; i < sizeof checks / sizeof checks[0] && exchange->reply.status == 0; i++)
        checks[i](exchange);
}

/* ---- /rest/login/:user/:password ---- */

static void run_login(sbx_exchange *exchange)
{
    sbx_request request = sbx_exchange_request(exchange);
    sbx_login *login = &exchange->login;
    sbx_text token;

    login->user = exchange->args[0];
    login->password = exchange->args[1];
    if (login->user.len == 0 || login->user.len > SBX_TOKEN_USER_BYTES) {
        sbx_reply_error(exchange, 400, 0x110a, SBX_TEXT("generate taosd token error"));
    } else if (sbx_login_check(login, &request) != 0) {
        sbx_reply_error(exchange, 401, 3, SBX_TEXT("Authentication failure"));
    } else {
        token = sbx_token_of(exchange->arena, login);
        sbx_reply_text(&exchange->reply, 200, "application/json; charset=utf-8", "{\"code\":0,\"desc\":\"");
        sbx_buf_put(&exchange->reply.body, token.p, token.len);
        sbx_buf_text(&exchange->reply.body, "\"}");
    }
}

/* ---- /rest/sql ---- */

/* Trimmed; 0 when there is none. */
static int statement(sbx_exchange *exchange, sbx_text *sql)
{
    *sql = sbx_trim((sbx_text){exchange->body.p, exchange->body.len});
    if (exchange->damage != NULL)
        sbx_reply_error(exchange, 400, 0x1121, SBX_TEXT("invalid content length"));
    else if (exchange->body.len == 0)
        sbx_reply_error(exchange, 400, 0x1106, SBX_TEXT("request is empty"));
    else if (sql->len == 0)
        sbx_reply_error(exchange, 400, 0x1107, SBX_TEXT("no sql input"));
    return exchange->reply.status == 0;
}

static int check_ip(sbx_exchange *exchange, sbx_request *request)
{
    sbx_text text = sbx_param_get(&exchange->target, "ip");
    sbx_text ip = sbx_copy(exchange->arena, text.p, text.len);
    struct in_addr address;

    if (ip.len != 0 && (ip.len > 15 || inet_pton(AF_INET, ip.p, &address) != 1))
        return sbx_fail(request, 0x0118, "Invalid parameters");
    return 0;
}

/* What comes of it the adapter does not look at: with an unknown name the statement has no database. */
static void use(const sbx_exchange *exchange, sbx_request *request)
{
    sbx_request probe = sbx_exchange_request(exchange);
    sbx_text name = exchange->args[0];

    if (name.len != 0 && sbx_use(&probe, sbx_format(exchange->arena, "`%.*s`", (int)name.len, name.p)) == 0)
        request->database = probe.database;
}

static void run_sql(sbx_exchange *exchange)
{
    sbx_request request = sbx_exchange_request(exchange);
    sbx_buf *body = &exchange->reply.body;
    sbx_answer answer;
    sbx_text sql;

    if (!statement(exchange, &sql))
        return;
    if (sbx_login_check(&exchange->login, &request) == 0 && check_ip(exchange, &request) == 0) {
        use(exchange, &request);
        sbx_sql(&request, sql, &answer);
    }
    if (request.err.code != 0) {
        sbx_reply_error(exchange, 200, request.err.code, request.err.desc);
        return;
    }
    sbx_reply_text(&exchange->reply, 200, "application/json; charset=utf-8", "");
    exchange->reply.chunked = 1;
    sbx_body_answer(body, exchange->arena, &answer, exchange->objects, &exchange->shown);
    if (sbx_text_is(sbx_param_get(&exchange->target, "timing"), "true"))
        sbx_buf_format(body, ",\"timing\":%lld", (long long)(sbx_monotonic_ns() - exchange->began_ns));
    sbx_buf_char(body, '}');
}

void sbx_rest_run(sbx_exchange *exchange)
{
    if (exchange->endpoint == SBX_AT_LOGIN)
        run_login(exchange);
    else
        run_sql(exchange);
}
