/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Cells, names and error texts as the adapter writes them into its answers. Knows nothing of the answer around them. */
#include "decimal.h"
#include "memory.h"
#include "value.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What both encoders escape alike; 0 when it is none of that. */
static int put_escaped(sbx_buf *out, unsigned char c)
{
    static const char plain[] = "\"\\\n\r\t", letters[] = "\"\\nrt";
    const char *at = c == '\0' ? NULL : strchr(plain, c);

    if (at != NULL)
        sbx_buf_format(out, "\\%c", letters[at - plain]);
    else if (c < 0x20)
        sbx_buf_format(out, "\\u%04x", c);
    return at != NULL || c < 0x20;
}

void sbx_json_string(sbx_buf *out, sbx_text text)
{
    size_t i, plain = 0; /* where what is copied as it is begins */

    sbx_buf_char(out, '"');
    for (i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.p[i];

        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        sbx_buf_put(out, text.p + plain, i - plain);
        put_escaped(out, c);
        plain = i + 1;
    }
    if (plain < text.len)
        sbx_buf_put(out, text.p + plain, text.len - plain);
    sbx_buf_char(out, '"');
}

void sbx_json_desc(sbx_buf *out, sbx_text text)
{
    uint32_t c = 0;
    size_t i, len;

    sbx_buf_char(out, '"');
    for (i = 0; i < text.len; i += len == 0 ? 1 : len) {
        len = sbx_utf8((sbx_text){text.p + i, text.len - i}, &c);
        if (len == 0)
            sbx_buf_text(out, "\\ufffd");
        else if (c == '\b' || c == '\f')
            sbx_buf_text(out, c == '\b' ? "\\b" : "\\f");
        else if (c == '<' || c == '>' || c == '&' || c == 0x2028 || c == 0x2029) /* the last two part lines and paragraphs */
            sbx_buf_format(out, "\\u%04x", (unsigned)c);
        else if (c >= 0x80 || !put_escaped(out, (unsigned char)c))
            sbx_buf_put(out, text.p + i, len);
    }
    sbx_buf_char(out, '"');
}

static void put_hex(sbx_buf *out, sbx_text bytes)
{
    static const char digits[] = "0123456789abcdef";

    sbx_buf_char(out, '"');
    for (size_t i = 0; i < bytes.len; i++) {
        sbx_buf_char(out, digits[(unsigned char)bytes.p[i] >> 4]);
        sbx_buf_char(out, digits[(unsigned char)bytes.p[i] & 15]);
    }
    sbx_buf_char(out, '"');
}

static int is_close(double a, double b)
{
    double size = fabs(a) > fabs(b) ? fabs(a) : fabs(b);

    return fabs(a - b) <= size * DBL_EPSILON;
}

/* With 15 digits when that is close enough to the server, else with 17: not always what the tag holds. */
static void put_tag_number(sbx_buf *out, double number)
{
    char text[40];

    snprintf(text, sizeof text, "%.15g", number);
    if (!is_close(strtod(text, NULL), number))
        snprintf(text, sizeof text, "%.17g", number);
    sbx_buf_text(out, text);
}

/* A JSON tag, whose numbers are kept exactly: what stands in strings and the words are copied. A member of one is as it shall be already. */
static void put_json(sbx_buf *out, sbx_text object)
{
    size_t i = 0;
    int in_string = 0;

    if (object.len == 0 || object.p[0] != '{') {
        sbx_buf_put(out, object.p, object.len);
        return;
    }
    while (i < object.len) {
        char c = object.p[i];

        if (!in_string && (c == '-' || (c >= '0' && c <= '9'))) {
            char number[40] = "";
            size_t len = 0;

            for (; i < object.len && strchr("+-.0123456789e", object.p[i]) != NULL && len < sizeof number - 1; i++)
                number[len++] = object.p[i];
            put_tag_number(out, strtod(number, NULL));
            continue;
        }
        if (in_string && c == '\\' && i + 1 < object.len)
            sbx_buf_char(out, object.p[i++]);
        else if (c == '"')
            in_string = !in_string;
        sbx_buf_char(out, object.p[i++]);
    }
}

static void put_time(sbx_buf *out, const sbx_value *value, const sbx_zone *zone)
{
    sbx_buf_char(out, '"');
    sbx_time_format(out, value->as.i, value->digits, zone);
    sbx_buf_char(out, '"');
}

static void put_decimal(sbx_buf *out, const sbx_value *value)
{
    char text[SBX_DECIMAL_ROOM];

    sbx_decimal_print(text, value->as.s, value->digits);
    sbx_buf_format(out, "\"%s\"", text);
}

void sbx_value_json(sbx_buf *out, const sbx_value *value, const sbx_zone *zone)
{
    switch (value->type) {
    case SBX_NULL:
        sbx_buf_text(out, "null");
        return;
    case SBX_BOOL:
        sbx_buf_text(out, value->as.i != 0 ? "true" : "false");
        return;
    case SBX_FLOAT:
    case SBX_DOUBLE:
        sbx_float_json(out, value->as.d, value->type == SBX_FLOAT);
        return;
    case SBX_TIMESTAMP:
        put_time(out, value, zone);
        return;
    case SBX_VARCHAR:
    case SBX_NCHAR:
        sbx_json_string(out, value->as.s);
        return;
    case SBX_VARBINARY:
    case SBX_GEOMETRY:
    case SBX_BLOB:
        put_hex(out, value->as.s);
        return;
    case SBX_DECIMAL:
        put_decimal(out, value);
        return;
    case SBX_JSON:
        put_json(out, value->as.s);
        return;
    default:
        if (sbx_type_is_unsigned(value->type))
            sbx_buf_format(out, "%" PRIu64, value->as.u);
        else
            sbx_buf_format(out, "%" PRId64, value->as.i);
    }
}
