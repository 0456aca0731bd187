/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Every vector of tests/data/literals.jsonl, what a real server made of 297 spellings, against what the library writes for the same value
 * in a column of that type. A vector's literal means a value by its own words; bound as that,
 *
 * - it is refused, or the literal written reads as exactly that value by the rules of server_reads, all of them forms that vectors
 *   show to be taken and given back;
 * - it is not refused where the server gave that value back;
 * - where the literal written is the vector's own, the server took it and gave that value back.
 *
 * Literals that mean no value of the type (a bare word in a text, a time without its zone) are counted: no bind can say them.
 */
#include "test.h"

#include "base/buf.h"
#include "base/number.h"
#include "base/text.h"
#include "base/utc.h"
#include "answer/column.h"
#include "sql/literal.h"
#include "base/json.h"

#include <float.h>

enum { ROOM = 1024, VECTORS = 297, NO_BIND = 63 };

typedef struct vector {
    char type[ROOM];
    char literal[ROOM];
    size_t literal_len;
    int precision;
    int ok;
    char stored[ROOM]; /* json_value as sent */
    size_t stored_len;
} vector;

/* ---- reading the file ---- */

/* A member's bytes: a string decoded, or of hex digits when its name ends in _hex; other values as they are. */
static size_t copy_value(const char *value, const char *behind, int is_hex, char out[ROOM])
{
    size_t len = (size_t)(behind - value);

    if (*value == '"')
        (void)tdri_json_string(value, behind, out, ROOM - 1, &len);
    else
        memcpy(out, value, len < ROOM ? len : ROOM - 1);
    if (is_hex) {
        (void)tdri_hex_decode(out, len, out);
        len /= 2;
    }
    out[len] = '\0';
    return len;
}

static int read_vector(const char *line, size_t len, vector *v)
{
    const char *p = tdri_json_byte(line, line + len, '{'), *end = line + len, *name, *behind;
    size_t name_len;

    memset(v, 0, sizeof *v);
    while (p != NULL && (p = tdri_json_member(p, end, &name, &name_len)) != NULL) {
        int is_hex = name_len > 4 && memcmp(name + name_len - 4, "_hex", 4) == 0;

        behind = tdri_json_skip(p, end);
        if (behind == NULL)
            return 0;
        if (tdri_json_is(name, name_len, "type"))
            (void)copy_value(p, behind, 0, v->type);
        else if (strncmp(name, "sql_literal", 11) == 0)
            v->literal_len = copy_value(p, behind, is_hex, v->literal);
        else if (tdri_json_is(name, name_len, "db_precision"))
            v->precision = p[1] == 'm' ? TDREST_MS : p[1] == 'u' ? TDREST_US : TDREST_NS;
        else if (tdri_json_is(name, name_len, "ok"))
            v->ok = *p == 't';
        else if (strncmp(name, "json_value", 10) == 0 && is_hex)
            v->stored_len = copy_value(p, behind, 1, v->stored);
        else if (tdri_json_is(name, name_len, "json_value")) {
            memcpy(v->stored, p, (size_t)(behind - p));
            v->stored_len = (size_t)(behind - p);
        }
        p = tdri_json_byte(behind, end, ',');
    }
    return v->type[0] != '\0' && v->precision != 0;
}

/* ---- what a literal means ---- */

/* '...' or "...", by the server's escapes; SIZE_MAX for anything else. */
static size_t unquote(const char *text, size_t len, char out[ROOM])
{
    static const char known[] = "n\nr\rt\t";
    size_t n = 0;

    if (len < 2 || (text[0] != '\'' && text[0] != '"') || text[len - 1] != text[0])
        return SIZE_MAX;
    for (size_t i = 1; i + 1 < len; i++) {
        const char *escape;

        if (text[i] == text[0] && (i + 2 >= len || text[++i] != text[0]))
            return SIZE_MAX;
        if (text[i] != '\\') {
            out[n++] = text[i];
            continue;
        }
        if (++i + 1 >= len)
            return SIZE_MAX;
        escape = strchr("nrt", text[i]) == NULL ? NULL : strchr(known, text[i]);
        if (strchr("%_x", text[i]) != NULL)
            out[n++] = '\\';
        out[n++] = escape == NULL ? text[i] : escape[1];
    }
    out[n] = '\0';
    return n;
}

static int is_type(const vector *v, const char *type)
{
    return strncmp(v->type, type, strlen(type)) == 0;
}

static int is_plain(const vector *v)
{
    return v->literal[0] != '\'' && v->literal[0] != '"' && v->literal[0] != '`';
}

/* A whole number in plain digits that 64 bits hold. */
static int means_integer(const vector *v, tdri_value *out)
{
    const char *end = v->literal + v->literal_len;

    out->type = TDREST_TYPE_BIGINT;
    if (tdri_int64_parse(v->literal, end, &out->as.i) == end)
        return 1;
    out->type = TDREST_TYPE_UBIGINT;
    return tdri_uint64_parse(v->literal, end, &out->as.u) == end;
}

static int means_number(const vector *v, tdri_value *out)
{
    char text[ROOM], *end;
    double d;

    if (unquote(v->literal, v->literal_len, text) == SIZE_MAX)
        memcpy(text, v->literal, v->literal_len + 1);
    d = strtod(text, &end);
    if (*end != '\0' || end == text)
        return 0;
    out->type = is_type(v, "FLOAT") ? TDREST_TYPE_FLOAT : TDREST_TYPE_DOUBLE;
    if (out->type == TDREST_TYPE_FLOAT)
        out->as.f = (float)d;
    else
        out->as.d = d;
    return 1;
}

/* A zone behind the clock; without one the meaning is the connection's. */
static int has_zone(const char *text, size_t len)
{
    return len > 19 && strpbrk(text + 19, "Zz+-") != NULL;
}

static int means_time(const vector *v, char bytes[ROOM], tdri_value *out, const char **refusal)
{
    const char *end = v->literal + v->literal_len;
    size_t len = unquote(v->literal, v->literal_len, bytes);

    out->type = TDREST_TYPE_TIMESTAMP;
    out->precision = v->precision;
    if (len == SIZE_MAX)
        return tdri_int64_parse(v->literal, end, &out->as.i) == end;
    if (!has_zone(bytes, len))
        return 0;
    *refusal = tdri_time_parse(bytes, len, &out->as.i, &out->precision);
    return 1;
}

static int means_text(const vector *v, int type, char bytes[ROOM], tdri_value *out)
{
    size_t len = unquote(v->literal, v->literal_len, bytes);

    out->type = type;
    out->bytes = bytes;
    out->len = len;
    if (type == TDREST_TYPE_VARBINARY && len != SIZE_MAX && len >= 2 && memcmp(bytes, "\\x", 2) == 0) {
        out->len = len / 2 - 1;
        return tdri_hex_decode(bytes + 2, len - 2, bytes);
    }
    if (type == TDREST_TYPE_DECIMAL && len == SIZE_MAX && is_plain(v)) {
        out->bytes = v->literal;
        out->len = v->literal_len;
        return 1;
    }
    return len != SIZE_MAX;
}

/* The value, or 0 when no bind can say it; *refusal when reading it is refused already. */
static int meaning(const vector *v, const tdrest_column *column, char bytes[ROOM], tdri_value *out, const char **refusal)
{
    memset(out, 0, sizeof *out);
    *refusal = NULL;
    if (strcmp(v->literal, "NULL") == 0)
        return 1;
    switch (column->type) {
    case TDREST_TYPE_BOOL:
        out->type = TDREST_TYPE_BOOL;
        out->as.i = strcmp(v->literal, "true") == 0 || strcmp(v->literal, "1") == 0;
        return out->as.i || strcmp(v->literal, "false") == 0 || strcmp(v->literal, "0") == 0;
    case TDREST_TYPE_FLOAT: case TDREST_TYPE_DOUBLE:
        return means_number(v, out);
    case TDREST_TYPE_TIMESTAMP:
        return means_time(v, bytes, out, refusal);
    case TDREST_TYPE_VARCHAR: case TDREST_TYPE_NCHAR: case TDREST_TYPE_VARBINARY: case TDREST_TYPE_GEOMETRY: case TDREST_TYPE_JSON: case TDREST_TYPE_DECIMAL:
        return means_text(v, column->type, bytes, out);
    default:
        return means_integer(v, out);
    }
}

/* ---- equality ---- */

/* Decimals without zeros that do not count, and without the sign of zero. */
static void canonical_decimal(const char *text, size_t len, char out[ROOM])
{
    const char *end = text + len, *from = text + (text[0] == '-');
    int negative = text[0] == '-';

    if (memchr(text, '.', len) != NULL) {
        while (end[-1] == '0')
            end--;
        end -= end[-1] == '.';
    }
    while (from < end && *from == '0')
        from++;
    negative = negative && from != end;
    snprintf(out, ROOM, "%s%.*s", negative ? "-" : "", (int)(end - from), from);
}

static int same_decimal(const char *a, size_t a_len, const char *b, size_t b_len)
{
    char x[ROOM], y[ROOM];

    if (!tdri_decimal_is(a, a_len) || !tdri_decimal_is(b, b_len))
        return 0;
    canonical_decimal(a, a_len, x);
    canonical_decimal(b, b_len, y);
    return strcmp(x, y) == 0;
}

static int same_json_value(const char *a, const char *a_end, const char *b, const char *b_end)
{
    char x[ROOM], y[ROOM];
    size_t x_len, y_len;
    uint64_t whole;
    double m, n;

    /* A whole number is given back where a double holds it. */
    if (tdri_uint64_parse(a, a_end, &whole) == a_end && (whole > (uint64_t)1 << 53) && (uint64_t)(double)whole != whole)
        return 0;
    if (*a == '"' && *b == '"')
        return tdri_json_string(a, a_end, x, ROOM, &x_len) && tdri_json_string(b, b_end, y, ROOM, &y_len) && x_len == y_len && memcmp(x, y, x_len) == 0;
    if (tdri_double_parse(a, a_end, &m) == a_end && tdri_double_parse(b, b_end, &n) == b_end)
        return memcmp(&m, &n, sizeof m) == 0;
    return a_end - a == b_end - b && memcmp(a, b, (size_t)(a_end - a)) == 0;
}

/* The value of a member of a flat object, for each of its members in turn. */
static const char *find_member(const char *object, const char *end, const char *name, size_t len, const char **behind)
{
    const char *p = tdri_json_byte(object, end, '{'), *other, *value;
    size_t other_len;

    while (p != NULL && (value = tdri_json_member(p, end, &other, &other_len)) != NULL && (*behind = tdri_json_skip(value, end)) != NULL) {
        if (other_len == len && memcmp(other, name, len) == 0)
            return value;
        p = tdri_json_byte(*behind, end, ',');
    }
    return NULL;
}

/* Every member of a is one of b. */
static int json_within(const char *a, const char *a_end, const char *b, const char *b_end)
{
    const char *p = tdri_json_byte(a, a_end, '{'), *name, *value, *behind, *other, *other_end = NULL;
    size_t len;

    for (; p != NULL; p = tdri_json_byte(behind, a_end, ',')) {
        value = tdri_json_member(p, a_end, &name, &len);
        behind = value == NULL ? NULL : tdri_json_skip(value, a_end);
        if (behind == NULL)
            return 0;
        other = find_member(b, b_end, name, len, &other_end);
        if (other == NULL || !same_json_value(value, behind, other, other_end))
            return 0;
    }
    return *a == '{' && tdri_json_skip(a, a_end) == a_end;
}

/* The word and the numbers are the same, whatever brackets and blanks there are. */
static int same_shape(const char *a, const char *b)
{
    for (;;) {
        a += strspn(a, " (),");
        b += strspn(b, " (),");
        if (*a != *b || *a == '\0')
            return *a == *b;
        a++;
        b++;
    }
}

static int same_geometry(const vector *v, const tdri_value *value)
{
    char bytes[ROOM];
    tdri_buf text;
    int same;

    tdri_buf_init(&text, &tdri_mem_default, SIZE_MAX);
    same = tdri_hex_decode(v->stored + 1, v->stored_len - 2, bytes) && tdri_wkb_add(&text, bytes, v->stored_len / 2 - 1) == NULL &&
           same_shape(tdri_buf_text(&text), value->bytes);
    tdri_buf_clear(&text);
    return same;
}

/* What the server gave back is the value. */
static int gave_back(const vector *v, const tdrest_column *column, const tdri_value *value)
{
    char text[ROOM];
    size_t len = 0;
    tdri_moment moment;
    int64_t count;
    tdri_value stored;

    if (!v->ok || value->type == TDREST_TYPE_UNKNOWN || strcmp(v->stored, "null") == 0)
        return v->ok && value->type == TDREST_TYPE_UNKNOWN && strcmp(v->stored, "null") == 0;
    if (v->stored[0] == '"' && v->stored_len < 3)
        text[0] = '\0';
    else if (tdri_json_string(v->stored, v->stored + v->stored_len, text, ROOM - 1, &len) != NULL)
        text[len] = '\0';
    switch (value->type) {
    case TDREST_TYPE_BOOL: return strcmp(v->stored, value->as.i ? "true" : "false") == 0;
    case TDREST_TYPE_BIGINT: return tdri_int64_parse(v->stored, v->stored + v->stored_len, &stored.as.i) && stored.as.i == value->as.i;
    case TDREST_TYPE_UBIGINT: return tdri_uint64_parse(v->stored, v->stored + v->stored_len, &stored.as.u) && stored.as.u == value->as.u;
    case TDREST_TYPE_FLOAT: stored.as.f = strtof(v->stored, NULL); return memcmp(&stored.as.f, &value->as.f, sizeof(float)) == 0;
    case TDREST_TYPE_DOUBLE: stored.as.d = strtod(v->stored, NULL); return memcmp(&stored.as.d, &value->as.d, sizeof(double)) == 0;
    case TDREST_TYPE_TIMESTAMP: return tdri_utc_parse(text, len, &moment) && tdri_utc_count(&moment, value->precision, &count) && count == value->as.i;
    case TDREST_TYPE_DECIMAL: return same_decimal(text, len, value->bytes, value->len);
    case TDREST_TYPE_JSON:
        return json_within(value->bytes, value->bytes + value->len, v->stored, v->stored + v->stored_len) &&
               json_within(v->stored, v->stored + v->stored_len, value->bytes, value->bytes + value->len);
    case TDREST_TYPE_GEOMETRY: return same_geometry(v, value);
    case TDREST_TYPE_VARBINARY: return len == 2 * value->len && tdri_hex_decode(text, len, text) && memcmp(text, value->bytes, value->len) == 0;
    default: break;
    }
    CU_ASSERT(column->type == TDREST_TYPE_VARCHAR || column->type == TDREST_TYPE_NCHAR);
    return len == value->len && memcmp(text, value->bytes, len) == 0;
}

/*
 * How the server reads a literal that the library wrote, as far as the library writes any: whole numbers in plain digits; FLOAT as a double within its
 * range, cast; DOUBLE as a normal double, or quoted in hexadecimal; times as integers of the database's precision; texts by unquote.
 */
static int server_reads(const char *literal, size_t len, const vector *v, const tdri_value *value)
{
    char text[ROOM], *end = text;
    size_t text_len = unquote(literal, len, text);
    double d;
    int64_t i, scale = 1;
    uint64_t u;

    switch (value->type) {
    case TDREST_TYPE_UNKNOWN: return strcmp(literal, "NULL") == 0;
    case TDREST_TYPE_BOOL: return strcmp(literal, value->as.i ? "true" : "false") == 0;
    case TDREST_TYPE_BIGINT: return tdri_int64_parse(literal, literal + len, &i) == literal + len && i == value->as.i;
    case TDREST_TYPE_UBIGINT: return tdri_uint64_parse(literal, literal + len, &u) == literal + len && u == value->as.u;
    case TDREST_TYPE_FLOAT:
        d = strtod(literal, &end);
        return *end == '\0' && d <= FLT_MAX && d >= -FLT_MAX && (float)d <= value->as.f && (float)d >= value->as.f;
    case TDREST_TYPE_DOUBLE:
        d = strtod(text_len == SIZE_MAX ? literal : text, &end);
        return *end == '\0' && memcmp(&d, &value->as.d, sizeof d) == 0 &&
               (text_len != SIZE_MAX ? strstr(text, "0x") != NULL : d <= 0.0 ? d >= 0.0 || d <= -DBL_MIN : d >= DBL_MIN);
    case TDREST_TYPE_TIMESTAMP:
        for (int n = value->precision; n < v->precision; n++)
            scale *= 10;
        return tdri_int64_parse(literal, literal + len, &i) == literal + len && i == value->as.i * scale;
    case TDREST_TYPE_DECIMAL: return same_decimal(literal, len, value->bytes, value->len);
    case TDREST_TYPE_VARBINARY:
        return text_len == 2 * value->len + 2 && memcmp(text, "\\x", 2) == 0 && tdri_hex_decode(text + 2, text_len - 2, text) &&
               memcmp(text, value->bytes, value->len) == 0;
    default: return text_len == value->len && memcmp(text, value->bytes, text_len) == 0;
    }
}

/* ---- the checks ---- */

typedef struct tally {
    int vectors, no_bind, written, refused;
} tally;

/* The one text that the server takes and that is no JSON: a line feed within a string. */
static int is_lenient(const vector *v)
{
    return is_type(v, "JSON") && strstr(v->literal, "\\nb\"") != NULL && strstr(v->literal, "\\\\n") == NULL;
}

static void check_vector(const vector *v, tally *t)
{
    char bytes[ROOM];
    const char *refusal;
    tdri_column column;
    tdri_value value;
    const tdrest_column *const alone[] = {&column.pub, NULL};
    tdri_place place = {alone, v->precision, 0, 0, 0};
    tdri_buf out;

    memset(&column, 0, sizeof column);
    tdri_block_name(&column, "c", 1, v->type, 0);
    if (strchr(v->type, '(') != NULL && column.pub.type != TDREST_TYPE_DECIMAL) { /* as DESCRIBE has it, the length apart */
        char word[32];

        snprintf(word, sizeof word, "%.*s", (int)strcspn(v->type, "("), v->type);
        tdri_block_name(&column, "c", 1, word, strtol(strchr(v->type, '(') + 1, NULL, 10));
    }
    CHECK(column.pub.type != TDREST_TYPE_UNKNOWN, "%s", v->type);
    if (!meaning(v, &column.pub, bytes, &value, &refusal)) {
        t->no_bind++;
        return;
    }
    tdri_buf_init(&out, &tdri_mem_default, SIZE_MAX);
    if (refusal == NULL)
        refusal = tdri_literal_add(&out, &value, &place);
    if (refusal != NULL) {
        t->refused++;
        CHECK(!gave_back(v, &column.pub, &value) || is_lenient(v), "%s %s is refused, expected %s", v->type, v->literal, refusal);
    } else {
        t->written++;
        CHECK(server_reads(out.data, out.len, v, &value), "%s %s is written as %s", v->type, v->literal, out.data);
        if (out.len == v->literal_len && memcmp(out.data, v->literal, out.len) == 0)
            CHECK(gave_back(v, &column.pub, &value), "%s %s: the server gave back %s", v->type, v->literal, v->ok ? v->stored : "an error");
    }
    tdri_buf_clear(&out);
}

static void all_vectors(void)
{
    static char line[8192];
    FILE *file = fopen("tests/data/literals.jsonl", "r");
    tally t = {0, 0, 0, 0};
    vector v;

    CU_ASSERT(file != NULL);
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        size_t len = strcspn(line, "\n");

        t.vectors++;
        if (!read_vector(line, len, &v))
            CHECK(0, "vector %d cannot be read", t.vectors);
        else
            check_vector(&v, &t);
    }
    if (file != NULL)
        fclose(file);
    CHECK_INT(t.vectors, VECTORS);
    CHECK_INT(t.no_bind, NO_BIND);
    CHECK_INT(t.written + t.refused, VECTORS - NO_BIND);
    fprintf(stderr, " %d written, %d refused, %d that no bind can say;", t.written, t.refused, t.no_bind);
}

CU_TestInfo tdrt_vectors[] = {
    {"every vector", all_vectors},
    CU_TEST_INFO_NULL,
};
