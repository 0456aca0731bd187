/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Functions of time: the moment of the request, its zone, times as text and text as times, differences and truncation. */
#include "select.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../base/calendar.h"

enum { ISO_BYTES = 62 }; /* as the server's column_meta says */

/* ---- local times ---- */

int64_t sbx_time_plus(int64_t a, int64_t b)
{
    int64_t sum;

    if (__builtin_add_overflow(a, b, &sum))
        return b > 0 ? INT64_MAX : INT64_MIN;
    return sum;
}

int64_t sbx_time_times(int64_t a, int64_t b)
{
    int64_t product;

    if (__builtin_mul_overflow(a, b, &product))
        return (a < 0) != (b < 0) ? INT64_MIN : INT64_MAX;
    return product;
}

int64_t sbx_time_floor(int64_t time, int64_t step)
{
    return sbx_time_times(sbx_floor_div(time, step), step);
}

int64_t sbx_time_to_local(const sbx_query *query, int64_t time)
{
    int64_t scale = sbx_time_scale(0, query->digits);

    return sbx_time_plus(time, sbx_zone_offset(&query->request->zone, sbx_floor_div(time, scale)) * scale);
}

/* What clocks leave out is as much later. */
int64_t sbx_time_from_local(const sbx_query *query, int64_t local)
{
    int64_t scale = sbx_time_scale(0, query->digits), second = sbx_floor_div(local, scale), instant;

    sbx_zone_instant(&query->request->zone, second, &instant);
    return sbx_time_plus(local, sbx_time_times(instant - second, scale));
}

/* ---- the request's moment ---- */

static int64_t now_of(const sbx_query *query)
{
    return query->request->now_ns / sbx_time_scale(query->digits, 9);
}

static int constant_time(const sbx_query *query, sbx_node *node, int64_t time)
{
    return sbx_call_constant(node, sbx_type_fixed(SBX_TIMESTAMP, query->digits), (sbx_value){SBX_TIMESTAMP, query->digits, {.i = time}});
}

static int bind_now(sbx_query *query, sbx_node *node)
{
    return constant_time(query, node, now_of(query));
}

static int bind_today(sbx_query *query, sbx_node *node)
{
    return constant_time(query, node, sbx_time_today(now_of(query), query->digits, &query->request->zone));
}

/* ---- the zone ---- */

/* "CST": asking for the offset has made the zone that of the process. */
static void abbreviation(const sbx_zone *zone, int64_t second, char *out, size_t size)
{
    time_t t = (time_t)second;
    struct tm tm;

    sbx_zone_offset(zone, second);
    if (strcmp(zone->name, "UTC") == 0 || localtime_r(&t, &tm) == NULL || strftime(out, size, "%Z", &tm) == 0)
        snprintf(out, size, "UTC");
}

static int bind_timezone(sbx_query *query, sbx_node *node)
{
    const sbx_zone *zone = &query->request->zone;
    int64_t second = query->request->now_ns / 1000000000;
    int offset = sbx_zone_offset(zone, second) / 60, size = abs(offset);
    char name[16];

    abbreviation(zone, second, name, sizeof name);
    return sbx_call_text(node, sbx_format(query->request->arena, "%s (%s, %c%02d%02d)", zone->name, name, offset < 0 ? '-' : '+',
                                          size / 60, size % 60));
}

/* ---- times and text ---- */

/* A time, or an integer that counts as one. */
static int is_moment(const sbx_node *arg)
{
    return arg->type.id == SBX_TIMESTAMP || sbx_type_is_integer(arg->type.id);
}

/* "1970-01-01T00:00:00.000+0000" */
static void eval_iso8601(const sbx_scope *scope, const sbx_node *node, sbx_value *out)
{
    sbx_query *query = scope->query;
    sbx_value value;
    sbx_buf buf = {0};
    int digits, offset;
    int64_t second;

    sbx_node_value(scope, node->args[0], &value);
    *out = SBX_NO_VALUE;
    if (value.type == SBX_NULL)
        return;
    digits = value.type == SBX_TIMESTAMP ? value.digits : query->digits;
    second = sbx_floor_div(value.as.i, sbx_time_scale(0, digits));
    offset = sbx_zone_offset(&query->request->zone, second) / 60;
    sbx_time_format(&buf, value.as.i, digits, &query->request->zone);
    buf.len -= buf.p[buf.len - 1] == 'Z' ? 1 : 6; /* or +08:00 */
    sbx_buf_format(&buf, "%c%02d%02d", offset < 0 ? '-' : '+', abs(offset) / 60, abs(offset) % 60);
    *out = (sbx_value){SBX_VARCHAR, 0, {.s = sbx_copy(query->request->arena, buf.p, buf.len)}};
    sbx_buf_clear(&buf);
}

static int bind_iso8601(sbx_query *query, sbx_node *node)
{
    if (!is_moment(node->args[0]))
        return sbx_call_type_error(query, node);
    node->type = (sbx_type){.id = SBX_VARCHAR, .length = ISO_BYTES};
    node->eval = eval_iso8601;
    return 0;
}

static void eval_unixtimestamp(const sbx_scope *scope, const sbx_node *node, sbx_value *out)
{
    sbx_query *query = scope->query;
    sbx_value value;
    int64_t time;

    sbx_node_value(scope, node->args[0], &value);
    *out = SBX_NO_VALUE;
    if (value.type != SBX_NULL && sbx_time_parse(value.as.s, query->digits, &query->request->zone, &time))
        *out = (sbx_value){node->type.id, query->digits, {.i = time}};
}

static int bind_unixtimestamp(sbx_query *query, sbx_node *node)
{
    const sbx_node *flag = node->arg_count == 2 ? node->args[1] : NULL;

    if (!sbx_type_is_text(node->args[0]->type.id))
        return sbx_call_type_error(query, node);
    if (flag != NULL && (flag->kind != SBX_N_CONSTANT || flag->value.type != SBX_BIGINT || (flag->value.as.u > 1)))
        return sbx_call_value_error(query, node);
    node->type = sbx_type_fixed(flag != NULL && flag->value.as.i == 1 ? SBX_TIMESTAMP : SBX_BIGINT, query->digits);
    node->eval = eval_unixtimestamp;
    return 0;
}

/* ---- units ---- */

/* The length of a unit written as 1s, 1d. 0: none, or finer than the times. */
static int64_t unit_of(const sbx_query *query, const sbx_node *arg)
{
    int64_t units;

    if (arg->kind != SBX_N_CONSTANT || arg->duration.count != 1 || !sbx_duration_units(arg->duration, query->digits, &units))
        return 0;
    return units;
}

static int time_argument(const sbx_scope *scope, const sbx_node *node, size_t i, int64_t *out)
{
    sbx_query *query = scope->query;
    sbx_type type = sbx_type_fixed(SBX_TIMESTAMP, query->digits);
    sbx_value value, time;

    sbx_node_value(scope, node->args[i], &value);
    if (sbx_type_is_text(value.type) && !sbx_time_parse(value.as.s, query->digits, &query->request->zone, out))
        return 0;
    if (!sbx_type_is_text(value.type)) {
        sbx_cast(query, &value, &type, &time);
        *out = time.as.i;
    }
    return value.type != SBX_NULL;
}

static int is_moment_or_text(const sbx_node *arg)
{
    return is_moment(arg) || sbx_type_is_text(arg->type.id);
}

static void eval_timediff(const sbx_scope *scope, const sbx_node *node, sbx_value *out)
{
    int64_t a, b, unit = node->arg_count == 3 ? unit_of(scope->query, node->args[2]) : 1;

    *out = SBX_NO_VALUE;
    if (time_argument(scope, node, 0, &a) && time_argument(scope, node, 1, &b) && !__builtin_sub_overflow(a, b, &a))
        *out = (sbx_value){SBX_BIGINT, 0, {.i = a / unit}};
}

static int bind_timediff(sbx_query *query, sbx_node *node)
{
    if (!is_moment_or_text(node->args[0]) || !is_moment_or_text(node->args[1]))
        return sbx_call_type_error(query, node);
    if (node->arg_count == 3 && unit_of(query, node->args[2]) == 0)
        return sbx_call_value_error(query, node);
    node->type = sbx_type_fixed(SBX_BIGINT, 0);
    node->eval = eval_timediff;
    return 0;
}

/* Days and weeks begin by the clocks of the zone, weeks on Thursdays, as the epoch did. */
static void eval_timetruncate(const sbx_scope *scope, const sbx_node *node, sbx_value *out)
{
    sbx_query *query = scope->query;
    int64_t time, unit = unit_of(query, node->args[1]);
    char name = node->args[1]->duration.unit;

    *out = SBX_NO_VALUE;
    if (!time_argument(scope, node, 0, &time))
        return;
    if (name == 'd' || name == 'w')
        time = sbx_time_from_local(query, sbx_time_floor(sbx_time_to_local(query, time), unit));
    else
        time = sbx_time_floor(time, unit);
    *out = (sbx_value){SBX_TIMESTAMP, query->digits, {.i = time}};
}

static int bind_timetruncate(sbx_query *query, sbx_node *node)
{
    if (!is_moment_or_text(node->args[0]))
        return sbx_call_type_error(query, node);
    if (unit_of(query, node->args[1]) == 0)
        return sbx_call_value_error(query, node);
    node->type = sbx_type_fixed(SBX_TIMESTAMP, query->digits);
    node->eval = eval_timetruncate;
    return 0;
}

const sbx_function SBX_TIME_FUNCTIONS[] = {
    {"now", 0, 0, bind_now},
    {"today", 0, 0, bind_today},
    {"timezone", 0, 0, bind_timezone},
    {"to_iso8601", 1, 1, bind_iso8601},
    {"to_unixtimestamp", 1, 2, bind_unixtimestamp},
    {"timediff", 2, 3, bind_timediff},
    {"timetruncate", 2, 2, bind_timetruncate},
    {NULL, 0, 0, NULL},
};
