/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Functions by name: what each takes and gives, and how SQLite computes it. Letters are those of ASCII, characters those of UTF-8; the server
 * keeps a character of NCHAR in four bytes. A function that is not listed is one that there is not.
 */
#include "select.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char VERSION[] = "3.3.6.9.alpha"; /* the server whose recordings the sandbox follows */

enum { ISO_BYTES = 62, NO_DATABASE_BYTES = 63, MAX_ARGS = 8 };

typedef struct call {
    sbx_query *query;
    const sbx_expr *expr;
    sbx_term *args[MAX_ARGS];
    size_t count;
    const char *sql; /* of the table below */
} call;

/* ---- errors ---- */

static sbx_term *type_error(call *c)
{
    return sbx_select_failed(c->query, 0x2802, "Invalid parameter data type : %.*s", (int)c->expr->name.len, c->expr->name.p);
}

static sbx_term *value_error(call *c)
{
    return sbx_select_failed(c->query, 0x2803, "Invalid parameter value : %.*s", (int)c->expr->name.len, c->expr->name.p);
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

/* ---- computed by SQLite: its function in the table, with the arguments between the brackets ---- */

static sbx_term *computed(call *c, sbx_type type)
{
    sbx_buf sql = {0};
    sbx_text text;

    for (const char *p = c->sql; *p != '\0'; p++) {
        if (*p != '?') {
            sbx_buf_char(&sql, *p);
            continue;
        }
        for (size_t i = 0; i < c->count; i++)
            sbx_buf_format(&sql, "%s%.*s", i == 0 ? "" : ",", (int)c->args[i]->sql.len, c->args[i]->sql.p);
    }
    text = sbx_copy(c->query->request->arena, sql.p, sql.len);
    sbx_buf_clear(&sql);
    return sbx_term_of(c->query, c->expr, type, text, c->args, c->count);
}

static sbx_term *of_number(call *c)
{
    sbx_type type = c->args[0]->type;

    if (!sbx_type_is_number(type.id) || type.id == SBX_DECIMAL)
        return type_error(c);
    return computed(c, type);
}

static int is_text(const sbx_term *term)
{
    return sbx_type_is_text(term->type.id) && !(term->is_constant && term->value.type == SBX_NULL);
}

static sbx_term *of_text(call *c)
{
    sbx_type type = c->args[0]->type;

    if (!is_text(c->args[0]))
        return type_error(c);
    for (size_t i = 1; i < c->count; i++)
        if (!sbx_type_is_integer(c->args[i]->type.id))
            return type_error(c);
    return computed(c, type);
}

/* Of a constant the type is as long as the text that it gives. */
static sbx_term *trimmed(call *c)
{
    const sbx_term *arg = c->args[0];
    sbx_text text = arg->value.as.s;

    if (!is_text(arg) || !arg->is_constant)
        return of_text(c);
    while (text.len != 0 && c->expr->name.p[0] == 'l' && text.p[0] == ' ')
        text = (sbx_text){text.p + 1, text.len - 1};
    while (text.len != 0 && c->expr->name.p[0] == 'r' && text.p[text.len - 1] == ' ')
        text.len--;
    return text_constant(c, text);
}

static sbx_term *length(call *c)
{
    const sbx_term *arg = c->args[0];

    if (!is_text(arg) && arg->type.id != SBX_VARBINARY)
        return type_error(c);
    if (arg->type.id == SBX_NCHAR && c->expr->name.p[0] == 'l')
        c->sql = "(4*length(?))";
    return computed(c, sbx_type_fixed(SBX_BIGINT, 0));
}

/* As long as all of them as the server keeps them, with two bytes for the length of each. */
static sbx_term *concat(call *c)
{
    sbx_type type = {.id = SBX_VARCHAR, .length = -2};

    for (size_t i = 0; i < c->count; i++) {
        if (!is_text(c->args[i]))
            return type_error(c);
        if (c->args[i]->type.id == SBX_NCHAR)
            type.id = SBX_NCHAR;
        type.length += c->args[i]->type.length + 2;
        c->args[0]->sql = i == 0 ? c->args[0]->sql : sbx_format(c->query->request->arena, "%.*s||%.*s", (int)c->args[0]->sql.len, c->args[0]->sql.p,
                                                                (int)c->args[i]->sql.len, c->args[i]->sql.p);
        c->args[0]->uses |= c->args[i]->uses;
    }
    c->count = 1;
    return computed(c, type);
}

/* ---- times and text ---- */

/* "1970-01-01T00:00:00.000+0000"; the zone may be said: "+08:00". */
static sbx_term *iso8601(call *c)
{
    const sbx_term *arg = c->args[0];
    int digits = arg->type.id == SBX_TIMESTAMP ? arg->type.precision : c->query->digits;

    if (arg->type.id != SBX_TIMESTAMP && !sbx_type_is_integer(arg->type.id))
        return type_error(c);
    if (c->count == 2 && (!c->args[1]->is_constant || c->args[1]->value.type != SBX_VARCHAR))
        return value_error(c);
    c->sql = sbx_format(c->query->request->arena, c->count == 2 ? "iso8601(%d,?)" : "iso8601(%d,?,NULL)", digits).p;
    return computed(c, (sbx_type){.id = SBX_VARCHAR, .length = ISO_BYTES});
}

/* ---- all of them ---- */

static const struct {
    const char *name;
    size_t min_args, max_args;
    sbx_term *(*bind)(call *c);
    const char *sql;
} functions[] = {
    {"server_version", 0, 0, version, NULL},
    {"client_version", 0, 0, version, NULL},
    {"server_status", 0, 0, status, NULL},
    {"database", 0, 0, database, NULL},
    {"current_user", 0, 0, user, NULL},
    {"user", 0, 0, user, NULL},
    {"now", 0, 0, now, NULL},
    {"today", 0, 0, today, NULL},
    {"timezone", 0, 0, timezone_name, NULL},
    {"abs", 1, 1, of_number, "abs(?)"},
    {"length", 1, 1, length, "length(CAST(? AS BLOB))"},
    {"char_length", 1, 1, length, "length(?)"},
    {"lower", 1, 1, of_text, "lower(?)"},
    {"upper", 1, 1, of_text, "upper(?)"},
    {"ltrim", 1, 1, trimmed, "ltrim(?)"},
    {"rtrim", 1, 1, trimmed, "rtrim(?)"},
    {"substr", 2, 3, of_text, "substr(?)"},
    {"concat", 2, MAX_ARGS, concat, "(?)"},
    {"to_iso8601", 1, 2, iso8601, NULL},
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
    if (expr->arg_count < functions[i].min_args || expr->arg_count > functions[i].max_args)
        return sbx_select_failed(query, 0x2801, "Invalid number of parameters : %.*s", (int)expr->name.len, expr->name.p);
    for (c.count = 0; c.count < expr->arg_count; c.count++) {
        c.args[c.count] = sbx_bind(query, expr->args[c.count]);
        if (c.args[c.count] == NULL)
            return NULL;
    }
    c.sql = functions[i].sql;
    return functions[i].bind(&c);
}
