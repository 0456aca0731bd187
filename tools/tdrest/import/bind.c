/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Fields as values of columns. The type comes from the server alone; what the library refuses is told in its words. */
#include "import/bind.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void cli_binder_clear(cli_binder *b)
{
    free(b->room);
    b->room = NULL;
}

/* Good enough to tell keys apart: two that meet cost a request, nothing else. */
uint64_t cli_hash(const char *bytes, size_t len, uint64_t seed)
{
    uint64_t h = seed ^ 0x9E3779B97F4A7C15u, eight;

    for (; len >= 8; bytes += 8, len -= 8) {
        memcpy(&eight, bytes, 8);
        h = (h ^ eight) * 0xFF51AFD7ED558CCDu;
        h ^= h >> 32;
    }
    for (; len > 0; bytes++, len--)
        h = (h ^ (unsigned char)*bytes) * 0x100000001B3u;
    return (h ^ h >> 29) * 0xC4CEB9FE1A85EC53u;
}

static const char *told(const tdrest_stmt *stmt, int rc)
{
    const char *message = tdrest_stmt_error(stmt)->message, *colon;

    if (rc >= 0)
        return NULL;
    colon = strncmp(message, "parameter ", 10) == 0 ? strstr(message, ": ") : NULL;
    return colon == NULL ? message : colon + 2;
}

static int reserve(cli_binder *b, size_t len)
{
    char *room;

    if (len <= b->cap)
        return 1;
    room = realloc(b->room, 2 * len);
    if (room == NULL)
        return 0;
    b->room = room;
    b->cap = 2 * len;
    return 1;
}

const char *cli_bind_null(cli_binder *b, tdrest_stmt *stmt, const cli_slot *slot)
{
    b->was_null = 1;
    b->value = 0;
    return told(stmt, tdrest_stmt_bind_null(stmt, slot->parameter));
}

static int is_text(int type)
{
    return type == TDREST_TYPE_VARCHAR || type == TDREST_TYPE_NCHAR;
}

/* Only a field without quotes can be NULL. */
static int is_null(const cli_binder *b, int type, const cli_field *field)
{
    if (field->kind != CLI_FIELD_PLAIN)
        return field->kind == CLI_FIELD_NULL;
    if (b->null != NULL && strlen(b->null) == field->len && memcmp(b->null, field->text, field->len) == 0)
        return 1;
    return field->len == 0 && (!is_text(type) || (b->null == NULL && !b->is_tsv));
}

/* ---- numbers ---- */

static const char *no_number(const cli_field *field, const char *wanted)
{
    return memchr(field->text, ',', field->len) != NULL ? "a decimal comma: numbers have a point" : wanted;
}

/* Digits, with a fraction of nothing but zeros behind them, as programs write whole numbers that may be missing. */
static const char *read_whole(const cli_field *field, int *negative, uint64_t *value)
{
    static const char wanted[] = "not an integer", large[] = "a number that is too large";
    size_t i = field->len > 0 && (field->text[0] == '-' || field->text[0] == '+'), first = i;

    *negative = i == 1 && field->text[0] == '-';
    for (*value = 0; i < field->len && field->text[i] >= '0' && field->text[i] <= '9'; i++) {
        unsigned digit = (unsigned)(field->text[i] - '0');

        if (*value > (UINT64_MAX - digit) / 10)
            return large;
        *value = *value * 10 + digit;
    }
    if (i == first)
        return no_number(field, wanted);
    if (i + 1 < field->len && field->text[i] == '.')
        for (i++; i < field->len && field->text[i] == '0'; i++)
            ;
    if (i < field->len)
        return no_number(field, wanted);
    return *negative && *value > (uint64_t)INT64_MAX + 1 ? large : NULL;
}

static const char *bind_whole(cli_binder *b, tdrest_stmt *stmt, const cli_slot *slot, const cli_field *field)
{
    uint64_t value;
    int negative, rc;
    const char *fault = read_whole(field, &negative, &value);

    if (fault != NULL)
        return fault;
    b->value = (int64_t)(negative ? 0 - value : value);
    if (!negative && value > INT64_MAX)
        rc = tdrest_stmt_bind_uint64(stmt, slot->parameter, value);
    else
        rc = tdrest_stmt_bind_int64(stmt, slot->parameter, b->value);
    return told(stmt, rc);
}

/* [-+] digits [. digits] [e digits]: strtod takes more. */
static int is_number(const char *text)
{
    size_t whole, fraction = 0;

    text += *text == '-' || *text == '+';
    whole = strspn(text, "0123456789");
    text += whole;
    if (*text == '.') {
        fraction = strspn(text + 1, "0123456789");
        text += 1 + fraction;
    }
    if (whole + fraction == 0)
        return 0;
    if (*text == 'e' || *text == 'E') {
        text++;
        text += *text == '-' || *text == '+';
        whole = strspn(text, "0123456789");
        if (whole == 0)
            return 0;
        text += whole;
    }
    return *text == '\0';
}

#if FLT_EVAL_METHOD == 0

/* [-]digits[.digits]: all of them as a number of at most 15 digits, and how many stand behind the point. 0: it is written otherwise, or longer. */
static int read_short(const cli_field *field, int64_t *digits, size_t *behind)
{
    const char *p = field->text, *end = p + field->len, *point = NULL;
    int negative = p < end && *p == '-';
    int64_t value = 0;

    p += negative;
    if (end - p < 1 || end - p > 15 || *p == '.')
        return 0;
    for (; p < end; p++) {
        if (*p >= '0' && *p <= '9')
            value = value * 10 + (*p - '0');
        else if (*p == '.' && point == NULL)
            point = p;
        else
            return 0;
    }
    *behind = point == NULL ? 0 : (size_t)(end - point - 1);
    *digits = negative ? -value : value;
    return value != 0; /* -0 is for strtod */
}

/* What most numbers are: their digits and the power of ten are exact, so that one division rounds once, as strtod does. 0: not such a number. */
static int read_exact(const cli_field *field, int is_float, double *value, float *narrow)
{
    static const double tens[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14};
    int64_t digits;
    size_t behind;

    if (!read_short(field, &digits, &behind))
        return 0;
    if (!is_float)
        *value = (double)digits / tens[behind];
    else if (digits > -(1 << FLT_MANT_DIG) && digits < 1 << FLT_MANT_DIG && behind <= 10)
        *narrow = (float)digits / (float)tens[behind];
    else
        return 0;
    return 1;
}

#else

/* Sums in registers that are wider than the type would be rounded twice. */
static int read_exact(const cli_field *field, int is_float, double *value, float *narrow)
{
    (void)field, (void)is_float, (void)value, (void)narrow;
    return 0;
}

#endif

static const char *read_real(cli_binder *b, const cli_field *field, int is_float, double *value, float *narrow)
{
    if (read_exact(field, is_float, value, narrow))
        return NULL;
    if (!reserve(b, field->len + 1))
        return "out of memory";
    memcpy(b->room, field->text, field->len);
    b->room[field->len] = '\0';
    if (strlen(b->room) != field->len || !is_number(b->room))
        return no_number(field, "not a number");
    if (is_float)
        *narrow = strtof(b->room, NULL); /* not through a double, which would be rounded twice */
    else
        *value = strtod(b->room, NULL);
    return isinf(*value) || isinf(*narrow) ? "a number that is too large" : NULL;
}

static const char *bind_real(cli_binder *b, tdrest_stmt *stmt, const cli_slot *slot, const cli_field *field)
{
    const int is_float = slot->type == TDREST_TYPE_FLOAT;
    double value = 0;
    float narrow = 0;
    const char *fault = read_real(b, field, is_float, &value, &narrow);

    if (fault != NULL)
        return fault;
    return told(stmt, is_float ? tdrest_stmt_bind_float(stmt, slot->parameter, narrow) : tdrest_stmt_bind_double(stmt, slot->parameter, value));
}

static const char *bind_bool(tdrest_stmt *stmt, const cli_slot *slot, const cli_field *field)
{
    static const char *const words[] = {"false", "true", "f", "t", "0", "1"};
    int i;

    for (i = 0; i < 6; i++)
        if (strlen(words[i]) == field->len && strncasecmp(words[i], field->text, field->len) == 0)
            return told(stmt, tdrest_stmt_bind_bool(stmt, slot->parameter, i & 1));
    return "neither true nor false";
}

/* ---- bytes ---- */

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
}

/* Behind \x; the bytes are in room. */
static const char *read_hex(cli_binder *b, const char *text, size_t len)
{
    size_t i;

    if (len % 2 != 0)
        return "\\x with half a byte: expected two hexadecimal digits for each";
    if (!reserve(b, len / 2 + 1))
        return "out of memory";
    for (i = 0; i < len; i += 2) {
        int high = digit(text[i]), low = digit(text[i + 1]);

        if (high < 0 || low < 0)
            return "\\x with something other than hexadecimal digits";
        b->room[i / 2] = (char)(high * 16 + low);
    }
    return NULL;
}

static const char *bind_bytes(cli_binder *b, tdrest_stmt *stmt, const cli_slot *slot, const cli_field *field)
{
    int is_hex = field->len >= 2 && memcmp(field->text, "\\x", 2) == 0;
    const char *fault = is_hex ? read_hex(b, field->text + 2, field->len - 2) : NULL, *bytes = is_hex ? b->room : field->text;
    size_t len = is_hex ? (field->len - 2) / 2 : field->len;

    if (fault != NULL)
        return fault;
    if (slot->type == TDREST_TYPE_GEOMETRY)
        return told(stmt, tdrest_stmt_bind_geometry_wkt(stmt, slot->parameter, bytes, len));
    return told(stmt, tdrest_stmt_bind_varbinary(stmt, slot->parameter, bytes, len));
}

/* ---- all of them ---- */

static const char *bind_time(cli_binder *b, tdrest_stmt *stmt, const cli_slot *slot, const cli_field *field)
{
    const char *fault = cli_times_read(&b->times, field->text, field->len, &b->value);

    return fault != NULL ? fault : told(stmt, tdrest_stmt_bind_time(stmt, slot->parameter, b->value, b->times.precision));
}

static const char *bind_text(tdrest_stmt *stmt, const cli_slot *slot, const cli_field *field)
{
    switch (slot->type) {
    case TDREST_TYPE_VARCHAR: return told(stmt, tdrest_stmt_bind_text(stmt, slot->parameter, field->text, field->len));
    case TDREST_TYPE_NCHAR: return told(stmt, tdrest_stmt_bind_nchar(stmt, slot->parameter, field->text, field->len));
    case TDREST_TYPE_JSON: return told(stmt, tdrest_stmt_bind_json(stmt, slot->parameter, field->text, field->len));
    case TDREST_TYPE_DECIMAL: return told(stmt, tdrest_stmt_bind_decimal_text(stmt, slot->parameter, field->text, field->len));
    default: return "a column of an unknown type";
    }
}

const char *cli_bind(cli_binder *b, tdrest_stmt *stmt, const cli_slot *slot, const cli_field *field)
{
    if (is_null(b, slot->type, field))
        return cli_bind_null(b, stmt, slot);
    b->was_null = 0;
    switch (slot->type) {
    case TDREST_TYPE_BOOL: return bind_bool(stmt, slot, field);
    case TDREST_TYPE_TINYINT:
    case TDREST_TYPE_SMALLINT:
    case TDREST_TYPE_INT:
    case TDREST_TYPE_BIGINT:
    case TDREST_TYPE_UTINYINT:
    case TDREST_TYPE_USMALLINT:
    case TDREST_TYPE_UINT:
    case TDREST_TYPE_UBIGINT: return bind_whole(b, stmt, slot, field);
    case TDREST_TYPE_FLOAT:
    case TDREST_TYPE_DOUBLE: return bind_real(b, stmt, slot, field);
    case TDREST_TYPE_TIMESTAMP: return bind_time(b, stmt, slot, field);
    case TDREST_TYPE_VARBINARY:
    case TDREST_TYPE_BLOB:
    case TDREST_TYPE_GEOMETRY: return bind_bytes(b, stmt, slot, field);
    default:
        if (slot->column->is_key)
            b->value = (int64_t)cli_hash(field->text, field->len, 0);
        return bind_text(stmt, slot, field);
    }
}

void cli_bind_filler(tdrest_stmt *stmt, const cli_slot *slot, int precision)
{
    int rc;

    if (slot->type == TDREST_TYPE_TIMESTAMP)
        rc = tdrest_stmt_bind_time(stmt, slot->parameter, 0, precision);
    else if (!slot->column->is_key)
        rc = tdrest_stmt_bind_null(stmt, slot->parameter);
    else if (is_text(slot->type))
        rc = tdrest_stmt_bind_text(stmt, slot->parameter, "", 0);
    else
        rc = tdrest_stmt_bind_int64(stmt, slot->parameter, 0);
    (void)rc; /* what does not bind is told by the row */
}
