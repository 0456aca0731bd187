/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Any bytes as names and values of InfluxDB lines. A line is refused exactly when one of its parts cannot be written, by rules written
 * down here a second time, and what is written is read back equal by a reader of the grammar that shares nothing with the
 * builder. Any bytes, too, as data to be cut: nothing may be lost.
 */
#include "utf8.h"
#include "lines/split.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MUST(condition) ((condition) ? (void)0 : abort())

enum { PARTS_MAX = 64, TEXT_MAX = 400 };

/* One tag or field, as it was given or as it was read. */
typedef struct part {
    char type;      /* t: tag; d f i u b: bare; " L B G: quoted */
    char key[TEXT_MAX];
    size_t len;     /* of value */
    char value[TEXT_MAX];
    double number;
    int64_t integer;
} part;

typedef struct line {
    char name[TEXT_MAX];
    part parts[PARTS_MAX];
    size_t count;
    int64_t time;   /* 0: none */
    int good;       /* can all of it be written? */
} line;

/* ---- the input ---- */

typedef struct input {
    const uint8_t *p, *end;
} input;

static uint8_t take_byte(input *in)
{
    return in->p < in->end ? *in->p++ : 0;
}

/* Some bytes of the input as a text with a NUL behind; their number. */
static size_t take_text(input *in, char out[TEXT_MAX])
{
    size_t len = take_byte(in), left = (size_t)(in->end - in->p);

    len = len > left ? left : len;
    if (len > 0)
        memcpy(out, in->p, len);
    in->p += len;
    out[len] = '\0';
    return len;
}

static uint64_t take_number(input *in)
{
    uint64_t number = 0;

    for (int i = 0; i < 8; i++)
        number = number << 8 | take_byte(in);
    return number;
}

/* ---- what can be written ---- */

static int is_name(const char *text, size_t len, size_t max)
{
    if (len == 0 || len > max || !tdrt_is_utf8(text, len) || text[len - 1] == '\\')
        return 0;
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] < 32 || text[i] == 127 || (text[i] == '\\' && strchr(", =\\", text[i + 1]) != NULL))
            return 0;
    return 1;
}

/* Go's unicode.IsSpace at the begin, which strings.TrimSpace takes off. */
static int begins_white(const char *text)
{
    const unsigned char *p = (const unsigned char *)text;
    uint32_t c = p[0] < 0x80 ? p[0] : p[0] < 0xe0 ? (p[0] & 0x1fu) << 6 | (p[1] & 0x3fu) : (p[0] & 0xfu) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);

    return (c >= 9 && c <= 13) || c == 32 || c == 0x85 || c == 0xa0 || (p[0] < 0xf0 && (c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 ||
            c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000));
}

static int is_measurement(const char *text)
{
    return is_name(text, strlen(text), 192) && text[0] != '#' && !begins_white(text);
}

static int can_be_written(const part *t)
{
    const char *v = t->value;

    if (!is_name(t->key, strlen(t->key), 64))
        return 0;
    switch (t->type) {
    case 't': return is_name(v, t->len, TEXT_MAX);
    case 'd': case 'f': return isfinite(t->number) != 0;
    case '"': return memchr(v, 0, t->len) == NULL && memchr(v, '\n', t->len) == NULL;
    case 'L': return memchr(v, 0, t->len) == NULL && memchr(v, '\n', t->len) == NULL && tdrt_is_utf8(v, t->len);
    case 'G':
        for (size_t i = 0; i < t->len; i++)
            if (v[i] < 32 || v[i] > 126 || v[i] == '"' || v[i] == '\\')
                return 0;
        return t->len > 0;
    default: return 1;
    }
}

static int is_doubled(const line *l, const char *key)
{
    for (size_t i = 0; i < l->count; i++)
        if (strcmp(l->parts[i].key, key) == 0)
            return 1;
    return 0;
}

/* ---- building ---- */

static int add_part(tdrest_lines *lines, const part *t)
{
    switch (t->type) {
    case 't': return tdrest_lines_add_tag(lines, t->key, t->value, t->len);
    case 'd': return tdrest_lines_add_double(lines, t->key, t->number);
    case 'f': return tdrest_lines_add_float(lines, t->key, (float)t->number);
    case 'i': return tdrest_lines_add_int64(lines, t->key, t->integer);
    case 'u': return tdrest_lines_add_uint64(lines, t->key, (uint64_t)t->integer);
    case 'b': return tdrest_lines_add_bool(lines, t->key, t->integer & 1);
    case '"': return tdrest_lines_add_text(lines, t->key, t->value, t->len);
    case 'L': return tdrest_lines_add_nchar(lines, t->key, t->value, t->len);
    case 'B': return tdrest_lines_add_varbinary(lines, t->key, t->value, t->len);
    default: return tdrest_lines_add_geometry(lines, t->key, t->value);
    }
}

static void take_part(input *in, part *t, char type)
{
    uint32_t bits;
    float small;

    memset(t, 0, sizeof *t);
    t->type = type;
    (void)take_text(in, t->key);
    if (strchr("t\"LBG", type) != NULL) {
        t->len = take_text(in, t->value);
        if (type == 'G')
            t->len = strlen(t->value);
        return;
    }
    t->integer = (int64_t)take_number(in);
    memcpy(&t->number, &t->integer, sizeof t->number);
    if (type != 'f')
        return;
    bits = (uint32_t)t->integer;
    memcpy(&small, &bits, sizeof small);
    t->number = (double)small;
}

static void build(input *in, tdrest_lines *lines, line *l)
{
    static const char types[] = "dfiub\"LBG";
    size_t tags = take_byte(in) % 4u, fields = take_byte(in) % 6u;

    l->count = 0;
    (void)take_text(in, l->name);
    l->good = is_measurement(l->name) && fields > 0;
    (void)tdrest_lines_add_measurement(lines, l->name);
    for (size_t i = 0; i < tags + fields; i++) {
        part *t = &l->parts[l->count];

        take_part(in, t, i < tags ? 't' : types[take_byte(in) % (sizeof types - 1)]);
        l->good = l->good && can_be_written(t) && !is_doubled(l, t->key);
        l->count++;
        MUST((add_part(lines, t) == TDREST_OK) == l->good || fields == 0);
    }
    l->time = (int64_t)(take_number(in) >> take_byte(in) % 64u);
    if (l->time != 0)
        (void)tdrest_lines_add_time(lines, l->time);
    l->good = l->good && l->time >= 0;
}

/* ---- reading ---- */

/* Up to a byte of `stops` that no backslash stands before; only before those of `special` it is one. */
static const char *read_name(const char *p, const char *stops, const char *special, char *out, size_t *len)
{
    size_t n = 0;

    while (*p != '\0' && *p != '\n' && strchr(stops, *p) == NULL) {
        if (*p == '\\' && p[1] != '\0' && strchr(special, p[1]) != NULL)
            p++;
        MUST(n + 1 < TEXT_MAX);
        out[n++] = *p++;
    }
    out[n] = '\0';
    *len = n;
    return p;
}

static const char *read_quoted(const char *p, part *t)
{
    for (t->len = 0; *p != '"'; p++) {
        MUST(*p != '\n' && *p != '\0');
        if (*p == '\\' && (p[1] == '"' || p[1] == '\\'))
            p++;
        MUST(t->len + 1 < 3 * TEXT_MAX);
        if (t->len < TEXT_MAX)
            t->value[t->len] = *p;
        t->len++;
    }
    return p + 1;
}

static unsigned hex(char c)
{
    MUST((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

/* \x and digits, to bytes. */
static const char *read_binary(const char *p, part *t)
{
    MUST(p[0] == '\\' && p[1] == 'x');
    for (p += 2, t->len = 0; *p != '"'; p += 2)
        t->value[t->len++] = (char)(hex(p[0]) << 4 | hex(p[1]));
    return p + 1;
}

static const char *read_bare(const char *p, part *t)
{
    char *end;

    t->type = strncmp(p, "true", 4) == 0 || strncmp(p, "false", 5) == 0 ? 'b' : 'd';
    if (t->type == 'b') {
        t->integer = *p == 't';
        return p + (*p == 't' ? 4 : 5);
    }
    t->number = strtod(p, &end);
    if (strncmp(end, "f32", 3) == 0) {
        t->type = 'f';
        MUST(fabs(t->number) <= 3.4028234663852886e+38);
        t->number = (double)(float)t->number;
    } else if (strncmp(end, "i64", 3) == 0 || strncmp(end, "u64", 3) == 0) {
        t->type = *end;
        t->integer = *end == 'i' ? strtoll(p, NULL, 10) : (int64_t)strtoull(p, NULL, 10);
    } else {
        return end;
    }
    return end + 3;
}

static const char *read_value(const char *p, part *t)
{
    if (*p == 'B' && p[1] == '"') {
        t->type = 'B';
        return read_binary(p + 2, t);
    }
    if (*p != '"' && p[1] != '"')
        return read_bare(p, t);
    t->type = *p;
    return read_quoted(*p == '"' ? p + 1 : p + 2, t);
}

static const char *read_line(const char *p, line *l)
{
    size_t len;
    char *end;

    MUST(*p != '#' && *p != ' ');
    p = read_name(p, ", ", ", ", l->name, &len);
    for (l->count = 0; *p == ','; l->count++) {
        part *t = &l->parts[l->count];

        t->type = 't';
        p = read_name(p + 1, "=", ",= ", t->key, &len);
        MUST(*p == '=');
        p = read_name(p + 1, ", ", ",= ", t->value, &t->len);
    }
    MUST(*p == ' ');
    do {
        part *t = &l->parts[l->count++];

        p = read_name(p + 1, "=", ",= ", t->key, &len);
        MUST(*p == '=');
        p = read_value(p + 1, t);
    } while (*p == ',');
    l->time = 0;
    if (*p == ' ') {
        l->time = strtoll(p + 1, &end, 10);
        p = end;
    }
    MUST(*p == '\n');
    return p + 1;
}

static void compare(const line *a, const line *b)
{
    MUST(strcmp(a->name, b->name) == 0 && a->count == b->count && a->time == b->time);
    for (size_t i = 0; i < a->count; i++) {
        const part *x = &a->parts[i], *y = &b->parts[i];

        MUST(x->type == y->type && strcmp(x->key, y->key) == 0);
        if (strchr("t\"LBG", x->type) != NULL)
            MUST(x->len == y->len && memcmp(x->value, y->value, x->len) == 0);
        else if (x->type == 'd' || x->type == 'f')
            MUST(x->number == y->number && (signbit(x->number) != 0) == (signbit(y->number) != 0));
        else
            MUST(x->type == 'b' ? (x->integer & 1) == y->integer : x->integer == y->integer);
    }
}

/* ---- data to be cut ---- */

static void check_cuts(int protocol, const char *data, size_t len, size_t max)
{
    size_t pos = 0, behind = 0;
    tdrest_error err;
    tdri_split_part batch;

    tdri_err_reset(&err);
    if (tdri_split_check(protocol, data, len, &err) != TDREST_OK) {
        MUST(err.code == TDREST_EUSAGE && err.offset >= 0 && (size_t)err.offset <= len);
        return;
    }
    (void)tdri_split_is_timed(protocol, data, len);
    while (tdri_split_next(protocol, data, len, max, &pos, &batch)) {
        MUST(pos == batch.behind && pos > behind && batch.offset >= behind && batch.offset + batch.len <= pos);
        MUST(batch.points <= batch.lines && (batch.len <= max || batch.points <= 1 || !(batch.bare || protocol != TDREST_PROTOCOL_JSON)));
        MUST(protocol == TDREST_PROTOCOL_JSON || (batch.offset == behind && batch.offset + batch.len == pos));
        behind = pos;
    }
    MUST(protocol == TDREST_PROTOCOL_JSON || behind == len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static line given, back;
    input in = {data, data + size};
    tdrest_lines *lines;
    int64_t count = 0;

    for (int protocol = TDREST_PROTOCOL_LINE; protocol <= TDREST_PROTOCOL_JSON; protocol++)
        check_cuts(protocol, size == 0 ? "" : (const char *)data, size, 1 + size / 3);
    MUST(tdrest_lines_new(NULL, &lines) == TDREST_OK);
    while (in.p < in.end) {
        size_t before, after;
        int rc;

        (void)tdrest_lines_get_data(lines, &before);
        build(&in, lines, &given);
        rc = tdrest_lines_end(lines);
        MUST((rc == TDREST_OK) == given.good && rc == tdrest_lines_error(lines)->code);
        count += rc == TDREST_OK;
        MUST(tdrest_lines_count(lines) == count);
        (void)tdrest_lines_get_data(lines, &after);
        MUST(rc == TDREST_OK ? after > before : after == before);
        if (rc != TDREST_OK)
            continue;
        MUST(read_line(tdrest_lines_get_data(lines, NULL) + before, &back) == tdrest_lines_get_data(lines, NULL) + after);
        compare(&given, &back);
        MUST(tdri_split_is_timed(TDREST_PROTOCOL_LINE, tdrest_lines_get_data(lines, NULL) + before, after - before) <= (given.time != 0));
    }
    tdrest_lines_free(lines);
    return 0;
}
