/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Functions by name: what each takes and gives, and how SQLite computes it. The server keeps a character
 * of NCHAR in four bytes. A function that is not listed is one that there is not.
 */
#include "select.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char VERSION[] = "3.3.6.9.alpha"; /* the server whose recordings the sandbox follows */

enum { NO_DATABASE_BYTES = 63 };

typedef struct call {
    sbx_query *query;
    const sbx_expr *expr;
    sbx_term *arg; /* NULL: it takes none */
} call;

/* ---- errors ---- */

static sbx_term *type_error(call *c)
{
    return sbx_select_failed(c->query, 0x2802, "Invalid parameter data type : %.*s", (int)c->expr->name.len, c->expr->name.p);
}

/* ---- about the server ---- */

static sbx_term *text_constant(call *c, sbx_text text)
{
    return sbx_term_constant(c->query, c->expr, (sbx_type){.id = SBX_VARCHAR, .length = (int)text.len}, (sbx_value){SBX_VARCHAR, 0, {.s = text}});
}

static sbx_term *version(call *c)
{
    return text_constant(c, SBX_TEXT(VERSION));
}

static sbx_term *status(call *c)
{
    return sbx_term_constant(c->query, c->expr, sbx_type_fixed(SBX_INT, 0), (sbx_value){SBX_INT, 0, {.i = 1}});
}

/* A path may name a database that there is not: then there is none. */
static sbx_term *database(call *c)
{
    sbx_text name = c->query->request->database;
    sbx_database *there = NULL;

    if (name.len != 0 && sbx_store_database(c->query->request, name, &there) != 0)
        return NULL;
    if (there != NULL || sbx_is_system_database(name))
        return text_constant(c, name);
    return sbx_term_constant(c->query, c->expr, (sbx_type){.id = SBX_VARCHAR, .length = NO_DATABASE_BYTES}, SBX_NO_VALUE);
}

static sbx_term *user(call *c)
{
    sbx_text name = c->query->request->user;

    return text_constant(c, sbx_format(c->query->request->arena, "%.*s@localhost", (int)name.len, name.p));
}

/* ---- the request's moment and zone ---- */

static sbx_term *time_constant(call *c, int64_t time)
{
    int digits = c->query->digits;

    return sbx_term_constant(c->query, c->expr, sbx_type_fixed(SBX_TIMESTAMP, digits), (sbx_value){SBX_TIMESTAMP, digits, {.i = time}});
}

static int64_t moment(const call *c)
{
    return c->query->request->now_ns / sbx_time_scale(c->query->digits, 9);
}

static sbx_term *now(call *c)
{
    return time_constant(c, moment(c));
}

static sbx_term *today(call *c)
{
    return time_constant(c, sbx_time_today(moment(c), c->query->digits, &c->query->request->zone));
}

/* "CST": asking for the offset has made the zone that of the process. */
static void abbreviation(const sbx_zone *zone, int64_t second, char *out, size_t size)
{
    time_t t = (time_t)second;
    struct tm tm;

    sbx_zone_offset(zone, second);
    if (strcmp(zone->name, "UTC") == 0 || localtime_r(&t, &tm) == NULL || strftime(out, size, "%Z", &tm) == 0)
        memcpy(out, "UTC", 4);
}

static sbx_term *timezone_name(call *c)
{
    const sbx_zone *zone = &c->query->request->zone;
    int64_t second = c->query->request->now_ns / 1000000000;
    int offset = sbx_zone_offset(zone, second) / 60, size = abs(offset);
    char name[16];

    abbreviation(zone, second, name, sizeof name);
    return text_constant(c, sbx_format(c->query->request->arena, "%s (%s, %c%02d%02d)", zone->name, name, offset < 0 ? '-' : '+', size / 60, size % 60));
}

/* ---- of one value ---- */

static sbx_term *computed(call *c, sbx_type type, const char *before, const char *behind)
{
    sbx_text sql = sbx_format(c->query->request->arena, "%s%.*s%s", before, (int)c->arg->sql.len, c->arg->sql.p, behind);

    return sbx_term_of(c->query, c->expr, type, sql, &c->arg, 1);
}

static sbx_term *absolute(call *c)
{
    if (!sbx_type_is_number(c->arg->type.id) || c->arg->type.id == SBX_DECIMAL)
        return type_error(c);
    return computed(c, c->arg->type, "abs(", ")");
}

static int is_text(const sbx_term *term)
{
    return sbx_type_is_text(term->type.id) && !(term->is_constant && term->value.type == SBX_NULL);
}

static sbx_term *cased(call *c)
{
    return is_text(c->arg) ? computed(c, c->arg->type, c->expr->name.p[0] == 'l' ? "lower(" : "upper(", ")") : type_error(c);
}

static sbx_term *length(call *c)
{
    const sbx_type type = sbx_type_fixed(SBX_BIGINT, 0);

    if (!is_text(c->arg) && c->arg->type.id != SBX_VARBINARY)
        return type_error(c);
    if (c->expr->name.p[0] == 'c')
        return computed(c, type, "length(", ")");
    return c->arg->type.id == SBX_NCHAR ? computed(c, type, "(4*length(", "))") : computed(c, type, "length(CAST(", " AS BLOB))");
}

/* ---- all of them ---- */

static const struct {
    const char *name;
    size_t args;
    sbx_term *(*bind)(call *c);
} functions[] = {
    {"server_version", 0, version}, {"client_version", 0, version}, {"server_status", 0, status}, {"database", 0, database}, {"current_user", 0, user},
    {"user", 0, user}, {"now", 0, now}, {"today", 0, today}, {"timezone", 0, timezone_name}, {"abs", 1, absolute}, {"lower", 1, cased}, {"upper", 1, cased},
    {"length", 1, length}, {"char_length", 1, length},
};

sbx_term *sbx_bind_call(sbx_query *query, const sbx_expr *expr)
{
    call c = {.query = query, .expr = expr};
    sbx_aggregate_kind kind;
    size_t i = 0;

    if (sbx_aggregate_find(expr->name, &kind))
        return sbx_bind_aggregate(query, expr, kind);
    while (i < sizeof functions / sizeof functions[0] && !sbx_text_is(expr->name, functions[i].name))
        i++;
    if (i == sizeof functions / sizeof functions[0])
        return sbx_select_failed(query, 0x0374, "Func not exists");
    if (expr->arg_count != functions[i].args)
        return sbx_select_failed(query, 0x2801, "Invalid number of parameters : %.*s", (int)expr->name.len, expr->name.p);
    if (expr->arg_count == 1 && (c.arg = sbx_bind(query, expr->args[0])) == NULL)
        return NULL;
    return functions[i].bind(&c);
}
