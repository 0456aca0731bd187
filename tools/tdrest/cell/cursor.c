/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Texts and numbers come out of the block. Of times the library renders the first one of each day; the others of that day differ in what
 * is counted here. All else is rendered by the library. Knows nothing of layouts.
 */
#include "cell/cursor.h"

#include <stdlib.h>
#include <string.h>

#include "cell/digits.h"

static enum cli_way way_of(int type)
{
    switch (type) {
    case TDREST_TYPE_VARCHAR:
    case TDREST_TYPE_NCHAR:
    case TDREST_TYPE_JSON:
    case TDREST_TYPE_DECIMAL: return CLI_WAY_HELD;
    case TDREST_TYPE_VARBINARY:
    case TDREST_TYPE_GEOMETRY:
    case TDREST_TYPE_BLOB:
    case TDREST_TYPE_UNKNOWN: return CLI_WAY_ASKED;
    default: return CLI_WAY_PUT;
    }
}

int cli_cursor_open(cli_cursor *c, const cli_sink *sink, cli_result *res)
{
    enum cli_look *looks = cli_looks(sink, res);
    size_t i;

    *c = (cli_cursor){.res = res, .count = cli_result_column_count(res)};
    c->lanes = calloc(c->count, sizeof *c->lanes);
    for (i = 0; looks != NULL && c->lanes != NULL && i < c->count; i++) {
        c->lanes[i].look = looks[i];
        c->lanes[i].type = cli_result_column(res, i)->type;
        c->lanes[i].way = way_of(c->lanes[i].type);
    }
    i = looks != NULL && c->lanes != NULL;
    free(looks);
    return i ? TDREST_ROW : TDREST_ENOMEM;
}

void cli_cursor_close(cli_cursor *c)
{
    free(c->lanes);
}

static int next_any(cli_cursor *c, cli_sink *sink, cli_written *written)
{
    int rc = cli_next_any(sink, c->res, written);
    size_t i;

    if (rc != TDREST_ROW || ++c->row < c->rows)
        return rc;
    for (i = 0; i < c->count; i++)
        c->lanes[i].data = cli_result_column(c->res, i);
    c->row = 0;
    c->rows = c->count == 0 ? 0 : c->lanes[0].data->count;
    return rc;
}

int cli_cursor_next(cli_cursor *c, cli_sink *sink, cli_written *written)
{
    int rc;

    while ((rc = next_any(c, sink, written)) == TDREST_ROW && !cli_result_wants(c->res))
        written->rows--;
    return rc;
}

/* ---- times ---- */

enum { DATE = sizeof "2024-01-02T" - 1, CLOCK = sizeof "03:04:05" - 1 };

/* Units of a second and of a day. */
static int64_t units_of(int precision)
{
    return precision == TDREST_NS ? 1000000000 : precision == TDREST_US ? 1000000 : 1000;
}

/* The clock of a moment of the day into a text that has its date and zone. */
static void put_clock(char *text, int precision, uint64_t of_day)
{
    uint64_t unit = (uint64_t)units_of(precision);
    unsigned second = (unsigned)(of_day / unit), fraction = (unsigned)(of_day - second * unit), minute = second / 60, hour = minute / 60;
    char *end = text + DATE + CLOCK + 1 + precision;

    cli_put_pair(text + DATE, hour);
    cli_put_pair(text + DATE + 3, minute - 60 * hour);
    cli_put_pair(text + DATE + 6, second - 60 * minute);
    for (; precision >= 2; precision -= 2, fraction /= 100)
        cli_put_pair(end -= 2, fraction % 100);
    if (precision == 1)
        end[-1] = (char)('0' + fraction);
}

/* floor(value / length), and what is left. */
static int64_t split(int64_t value, int64_t length, int64_t *rest)
{
    int64_t whole = value / length;

    *rest = value % length;
    if (*rest < 0) {
        *rest += length;
        whole--;
    }
    return whole;
}

/* Keeps the library's text of a time, for others of the same day when its clock is found where it should be. */
static int keep_time(cli_cursor *c, size_t column, int64_t day, int64_t of_day, const char **text, size_t *len)
{
    cli_lane *l = &c->lanes[column];
    char again[CLI_TIME_ROOM];
    int rc = cli_result_text(c->res, column, text, len), precision = l->data->precision;

    l->whole_day = 0;
    if (rc < 0 || *len >= CLI_TIME_ROOM || *len < DATE + CLOCK + 1 + (size_t)precision + 1)
        return rc;
    memcpy(l->room, *text, *len);
    memcpy(again, *text, *len);
    put_clock(again, precision, (uint64_t)of_day);
    l->whole_day = again[DATE - 1] == 'T' && memcmp(again, l->room, *len) == 0;
    l->fixed |= l->whole_day && of_day % 10 == 0;
    l->day = day;
    l->zone_min = l->data->zone_min[c->row];
    l->len = *len;
    return rc;
}

/* The time at p, which has CLI_TIME_ROOM bytes; behind it. NULL: it must be asked for. */
static char *put_time(cli_cursor *c, size_t column, char *p)
{
    cli_lane *l = &c->lanes[column];
    int precision = l->data->precision;
    int64_t value = ((const int64_t *)l->data->values)[c->row], unit = units_of(precision), zone = (int64_t)l->data->zone_min[c->row] * 60 * unit, day, of_day;
    const char *text;
    size_t len;

    if (precision == TDREST_PRECISION_UNKNOWN || (zone > 0 && value > INT64_MAX - zone) || (zone < 0 && value < INT64_MIN - zone))
        return NULL;
    day = split(value + zone, 86400 * unit, &of_day);
    /* Where the last digit is 0, a server that leaves zeros out writes less. */
    if (!l->whole_day || day != l->day || l->data->zone_min[c->row] != l->zone_min || (of_day % 10 == 0 && !l->fixed)) {
        if (keep_time(c, column, day, of_day, &text, &len) < 0 || len > CLI_TIME_ROOM)
            return NULL;
        return cli_put_bytes(p, text, len);
    }
    cli_put_bytes(p, l->room, l->len);
    put_clock(p, precision, (uint64_t)of_day);
    return p + l->len;
}

/* ---- any ---- */

char *cli_put_uint_long(char *p, uint64_t number)
{
    return cli_put_uint(p, number);
}


#define VALUE(ctype) (((const ctype *)l->data->values)[c->row])

char *cli_cursor_put(cli_cursor *c, size_t column, char *p)
{
    cli_lane *l = &c->lanes[column];
    size_t len;

    switch (l->type) {
    case TDREST_TYPE_BOOL:
        memcpy(p, VALUE(uint8_t) ? "true " : "false", 5);
        return p + (VALUE(uint8_t) ? 4 : 5);
    case TDREST_TYPE_TINYINT: return cli_put_int(p, VALUE(int8_t));
    case TDREST_TYPE_SMALLINT: return cli_put_int(p, VALUE(int16_t));
    case TDREST_TYPE_INT: return cli_put_int(p, VALUE(int32_t));
    case TDREST_TYPE_BIGINT: return cli_put_int(p, VALUE(int64_t));
    case TDREST_TYPE_UTINYINT: return cli_put_uint(p, VALUE(uint8_t));
    case TDREST_TYPE_USMALLINT: return cli_put_uint(p, VALUE(uint16_t));
    case TDREST_TYPE_UINT: return cli_put_uint(p, VALUE(uint32_t));
    case TDREST_TYPE_UBIGINT: return cli_put_uint(p, VALUE(uint64_t));
    case TDREST_TYPE_FLOAT: return tdrest_float_format(VALUE(float), p, CLI_TIME_ROOM, &len) < 0 ? NULL : p + len;
    case TDREST_TYPE_DOUBLE: return tdrest_double_format(VALUE(double), p, CLI_TIME_ROOM, &len) < 0 ? NULL : p + len;
    case TDREST_TYPE_TIMESTAMP:
        if (l->look == CLI_LOOK_EPOCH)
            return cli_put_int(p, VALUE(int64_t));
        return put_time(c, column, p);
    default: return NULL;
    }
}

int cli_cursor_text(cli_cursor *c, size_t column, const char **text, size_t *len)
{
    cli_lane *l = &c->lanes[column];
    char *end;

    *text = "";
    *len = 0;
    if (!cli_cursor_has(c, column))
        return TDREST_ENULL;
    if (l->way == CLI_WAY_HELD) {
        *text = l->data->bytes + l->data->offset[c->row];
        *len = l->data->length[c->row];
        return TDREST_OK;
    }
    end = l->way == CLI_WAY_PUT ? cli_cursor_put(c, column, l->other) : NULL;
    if (end == NULL)
        return cli_result_text(c->res, column, text, len);
    *text = l->other;
    *len = (size_t)(end - l->other);
    return TDREST_OK;
}
