/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Random InfluxDB lines through the builder, tdrest_write and SQL back: every field type, extremes, absent fields, any bytes as names and
 * values. A line is made from its number alone, so that what is read is compared with the line made once more. The builder refuses
 * a line exactly when a rule that is written down here a second time says so.
 */
#include "live.h"
#include "utf8.h"

#include <math.h>

enum { LINES = 4000, MEASUREMENTS = 4, TAGS = 2, CHILDREN = 40, LONGEST = 120, WIDE = 2000 };

static const int types[] = {
    TDREST_TYPE_BOOL,     TDREST_TYPE_TINYINT,   TDREST_TYPE_SMALLINT, TDREST_TYPE_INT,     TDREST_TYPE_BIGINT,  TDREST_TYPE_UTINYINT, TDREST_TYPE_USMALLINT,
    TDREST_TYPE_UINT,     TDREST_TYPE_UBIGINT,   TDREST_TYPE_FLOAT,    TDREST_TYPE_DOUBLE,  TDREST_TYPE_VARCHAR, TDREST_TYPE_NCHAR,    TDREST_TYPE_VARBINARY,
    TDREST_TYPE_GEOMETRY,
};

enum { FIELDS = COUNT_OF(types) };

typedef struct field {
    int present;
    int64_t integer;
    uint64_t natural;
    double number;
    size_t len;
    char bytes[WIDE]; /* texts have a NUL behind them */
    double point[2];
} field;

typedef struct line {
    int measurement;
    field tags[TAGS];
    field fields[FIELDS];
    int good; /* can all of it be written? */
} line;

/* ---- chance ---- */

/* xorshift64*: the same everywhere. */
static uint64_t draw(uint64_t *seed, uint64_t below)
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return (*seed * 0x2545f4914f6cdd1du >> 8) % below;
}

static uint64_t seed_of(uint64_t a, uint64_t b)
{
    uint64_t seed = (a * 1000003 + b + 1) * 0x9e3779b97f4a7c15u;

    for (int i = 0; i < 4; i++)
        (void)draw(&seed, 2);
    return seed;
}

static uint64_t draw_bits(uint64_t *seed)
{
    return draw(seed, UINT64_C(1) << 32) << 32 | draw(seed, UINT64_C(1) << 32);
}

static size_t encode(uint32_t c, char *out)
{
    size_t more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    static const unsigned char first[] = {0, 0xc0, 0xe0, 0xf0};

    for (size_t i = more; i > 0; i--, c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3f));
    out[0] = (char)(first[more] | c);
    return more + 1;
}

/* What grammars trip over, and of each length of UTF-8 something. */
static uint32_t draw_character(uint64_t *seed)
{
    static const char nasty[] = ",= \"\\'`#.;|&%?:{}[]()-+0tTfFnLBGiu_";
    static const uint32_t wide[] = {0x80, 0x85, 0xa0, 0xe9, 0x7ff, 0x800, 0x2028, 0x3000, 0x6c49, 0xd7ff, 0xe000, 0xfffd, 0x10000, 0x1f600, 0x10ffff};

    switch (draw(seed, 4)) {
    case 0: return wide[draw(seed, COUNT_OF(wide))];
    case 1: return (uint32_t)('a' + draw(seed, 26));
    default: return (uint32_t)nasty[draw(seed, sizeof nasty - 1)];
    }
}

/* Characters, or with `bytes` sometimes any bytes and control characters. */
static size_t draw_text(uint64_t *seed, size_t most, int bytes, char *out)
{
    size_t want = (size_t)draw(seed, most + 1), len = 0;
    uint64_t way = draw(seed, 8);

    while (len < want) {
        if (bytes && (way == 0 || (way == 1 && draw(seed, 200) == 0)))
            out[len++] = (char)draw(seed, 256);
        else if (bytes && way == 2 && draw(seed, 8) == 0)
            out[len++] = "\t\r\x01\x7f"[draw(seed, 4)];
        else
            len += encode(draw_character(seed), out + len);
    }
    out[len] = '\0';
    return len;
}

/* ---- what can be written ---- */

/* Names, and values of tags. */
static int is_bare(const char *text, size_t len)
{
    if (len == 0 || text[len - 1] == '\\' || !tdrt_is_utf8(text, len))
        return 0;
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f || (text[i] == '\\' && memchr(", =\\", text[i + 1], 4) != NULL))
            return 0;
    return 1;
}

static int is_text(int type, const field *f)
{
    if (memchr(f->bytes, '\0', f->len) != NULL || memchr(f->bytes, '\n', f->len) != NULL)
        return 0;
    return type == TDREST_TYPE_VARCHAR || tdrt_is_utf8(f->bytes, f->len);
}

static int is_good(int type, const field *f)
{
    if (type == TDREST_TYPE_VARCHAR || type == TDREST_TYPE_NCHAR)
        return is_text(type, f);
    return (type != TDREST_TYPE_FLOAT && type != TDREST_TYPE_DOUBLE) || isfinite(f->number);
}

/* ---- names ---- */

/* SQL has to name the table: no backslash, which it cannot quote. */
static void name_measurement(int measurement, char out[LONGEST])
{
    uint64_t seed = seed_of(77, (uint64_t)measurement);
    size_t len;

    do {
        len = (size_t)snprintf(out, LONGEST, "m%d", measurement);
        len += draw_text(&seed, 80, 0, out + len);
    } while (memchr(out, '\\', len) != NULL || !is_bare(out, len));
}

/* Of the number-th tag or field; the number at its end makes it the only one. */
static void name_key(int measurement, size_t number, char out[LONGEST])
{
    uint64_t seed = seed_of(1000 + (uint64_t)measurement, number);
    size_t len;

    do {
        len = draw_text(&seed, 50, 0, out);
        len += (size_t)snprintf(out + len, 8, "k%zu", number);
    } while (len > 64 || !is_bare(out, len));
}

/* ---- a line ---- */

static void draw_number(uint64_t *seed, int type, field *f)
{
    uint64_t bits = draw_bits(seed);
    uint32_t half = (uint32_t)bits;
    static const double extremes[] = {0.0, -0.0, 1e308, -1.7976931348623157e308, 2.2250738585072014e-308, 4.9406564584124654e-324, 0.1, 1e23, INFINITY, NAN};
    static const float small[] = {0.0f, -0.0f, 3.40282347e38f, -3.40282347e38f, 1.17549435e-38f, 1.4e-45f, 7.038531e-26f, 0.1f, INFINITY, NAN};
    uint64_t chosen = draw(seed, 40);
    float single;

    memcpy(&single, &half, sizeof single);
    memcpy(&f->number, &bits, sizeof bits);
    if (type == TDREST_TYPE_FLOAT)
        f->number = (double)(chosen < COUNT_OF(small) ? small[chosen] : single);
    else if (chosen < COUNT_OF(extremes))
        f->number = extremes[chosen];
}

static void draw_integer(uint64_t *seed, int type, field *f)
{
    static const struct { int type; int bits; int natural; } widths[] = {
        {TDREST_TYPE_TINYINT, 8, 0},  {TDREST_TYPE_SMALLINT, 16, 0},  {TDREST_TYPE_INT, 32, 0},  {TDREST_TYPE_BIGINT, 64, 0},
        {TDREST_TYPE_UTINYINT, 8, 1}, {TDREST_TYPE_USMALLINT, 16, 1}, {TDREST_TYPE_UINT, 32, 1}, {TDREST_TYPE_UBIGINT, 64, 1},
    };
    uint64_t bits = draw_bits(seed), chosen = draw(seed, 8);
    size_t i = 0;

    while (i + 1 < COUNT_OF(widths) && widths[i].type != type)
        i++;
    bits = chosen == 0 ? 0 : chosen == 1 ? UINT64_MAX : chosen == 2 ? UINT64_C(1) << (widths[i].bits - 1) : bits;
    f->natural = bits >> (64 - widths[i].bits);
    if (chosen == 2)
        f->natural = bits;
    f->integer = (int64_t)f->natural;
    if (!widths[i].natural && widths[i].bits < 64 && f->natural >> (widths[i].bits - 1) != 0)
        f->integer -= INT64_C(1) << widths[i].bits;
}

static void draw_field(uint64_t *seed, int type, field *f)
{
    f->present = draw(seed, 3) != 0;
    switch (type) {
    case TDREST_TYPE_BOOL: f->integer = (int64_t)draw(seed, 2); break;
    case TDREST_TYPE_FLOAT: case TDREST_TYPE_DOUBLE: draw_number(seed, type, f); break;
    case TDREST_TYPE_VARCHAR: case TDREST_TYPE_NCHAR: f->len = draw_text(seed, draw(seed, 100) == 0 ? WIDE - 8 : 60, 1, f->bytes); break;
    case TDREST_TYPE_VARBINARY:
        f->len = (size_t)draw(seed, 40);
        for (size_t i = 0; i < f->len; i++)
            f->bytes[i] = (char)draw(seed, 256);
        break;
    case TDREST_TYPE_GEOMETRY:
        for (int i = 0; i < 2; i++)
            f->point[i] = (double)draw(seed, 4001) / 8 - 250;
        break;
    default: draw_integer(seed, type, f);
    }
}

/* Tags are those of a child table, of which there are few. */
static void draw_tags(int measurement, uint64_t child, line *l)
{
    uint64_t seed = seed_of(2000 + (uint64_t)measurement, child);

    for (size_t i = 0; i < TAGS; i++) {
        field *tag = &l->tags[i];

        tag->present = draw(&seed, 4) != 0;
        tag->len = draw_text(&seed, 30, draw(&seed, 8) == 0, tag->bytes);
        l->good &= !tag->present || is_bare(tag->bytes, tag->len);
    }
}

static void make_line(int number, line *l)
{
    uint64_t seed = seed_of(3000, (uint64_t)number);
    int present = 0;

    memset(l, 0, sizeof *l);
    l->measurement = number % MEASUREMENTS;
    l->good = 1;
    draw_tags(l->measurement, draw(&seed, CHILDREN), l);
    for (size_t i = 0; i < FIELDS; i++) {
        draw_field(&seed, types[i], &l->fields[i]);
        present |= l->fields[i].present;
        l->good &= !l->fields[i].present || is_good(types[i], &l->fields[i]);
    }
    l->fields[0].present |= !present;
}

/* ---- out ---- */

static void add_field(tdrest_lines *lines, int type, const char *key, const field *f)
{
    char wkt[80];

    switch (type) {
    case TDREST_TYPE_BOOL: (void)tdrest_lines_add_bool(lines, key, (int)f->integer); break;
    case TDREST_TYPE_FLOAT: (void)tdrest_lines_add_float(lines, key, (float)f->number); break;
    case TDREST_TYPE_DOUBLE: (void)tdrest_lines_add_double(lines, key, f->number); break;
    case TDREST_TYPE_BIGINT: (void)tdrest_lines_add_int64(lines, key, f->integer); break;
    case TDREST_TYPE_UBIGINT: (void)tdrest_lines_add_uint64(lines, key, f->natural); break;
    case TDREST_TYPE_VARCHAR: (void)tdrest_lines_add_text(lines, key, f->bytes, f->len); break;
    case TDREST_TYPE_NCHAR: (void)tdrest_lines_add_nchar(lines, key, f->bytes, f->len); break;
    case TDREST_TYPE_VARBINARY: (void)tdrest_lines_add_varbinary(lines, key, f->bytes, f->len); break;
    case TDREST_TYPE_GEOMETRY:
        snprintf(wkt, sizeof wkt, "POINT(%.17g %.17g)", f->point[0], f->point[1]);
        (void)tdrest_lines_add_geometry(lines, key, wkt);
        break;
    default: (void)tdrest_lines_add_integer(lines, key, type, f->integer);
    }
}

static int add_line(tdrest_lines *lines, const line *l, int64_t time)
{
    char name[LONGEST];

    name_measurement(l->measurement, name);
    (void)tdrest_lines_add_measurement(lines, name);
    for (size_t i = 0; i < TAGS; i++) {
        name_key(l->measurement, FIELDS + i, name);
        if (l->tags[i].present)
            (void)tdrest_lines_add_tag(lines, name, l->tags[i].bytes, l->tags[i].len);
    }
    for (size_t i = 0; i < FIELDS; i++) {
        name_key(l->measurement, i, name);
        if (l->fields[i].present)
            add_field(lines, types[i], name, &l->fields[i]);
    }
    (void)tdrest_lines_add_time(lines, time);
    return tdrest_lines_end(lines);
}

/* The lines of a database, in numbers; how many could be written. */
static int64_t add_all(tdrt_live *live, tdrest_lines *lines, int first, int64_t epoch)
{
    static line l;
    int64_t written = 0;

    for (int i = first; i < first + LINES; i++) {
        int rc;

        make_line(i, &l);
        rc = add_line(lines, &l, epoch + i);
        written += rc == TDREST_OK;
        tdrt_live_check(live, rc == (l.good ? TDREST_OK : TDREST_EBIND), "line %d: %s %s", i, tdrest_code_name(rc), tdrest_lines_error(lines)->message);
    }
    return written;
}

/* ---- back ---- */

/* Little-endian, as the server sends it. */
static size_t well_known(const double point[2], unsigned char out[21])
{
    static const unsigned char head[] = {1, 1, 0, 0, 0};

    memcpy(out, head, sizeof head);
    for (size_t i = 0; i < 2; i++) {
        uint64_t bits;

        memcpy(&bits, &point[i], sizeof bits);
        for (size_t k = 0; k < 8; k++, bits >>= 8)
            out[5 + 8 * i + k] = (unsigned char)bits;
    }
    return 21;
}

static int same_number(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

static int same_bytes(int type, const field *f, const void *bytes, size_t len)
{
    unsigned char wkb[21];

    if (type == TDREST_TYPE_GEOMETRY)
        return len == well_known(f->point, wkb) && memcmp(wkb, bytes, len) == 0;
    return len == f->len && memcmp(bytes, f->bytes, len) == 0;
}

static int is_same(tdrest_result *res, int column, int type, const field *f)
{
    const void *bytes;
    const char *text;
    int64_t integer;
    uint64_t natural;
    double number;
    size_t len, at = (size_t)column;
    int yes;

    if (column < 0 || tdrest_result_is_null(res, at))
        return !f->present;
    if (!f->present)
        return 0;
    switch (type) {
    case TDREST_TYPE_BOOL: return tdrest_result_bool(res, at, &yes) == TDREST_OK && yes == (int)f->integer;
    case TDREST_TYPE_UBIGINT: return tdrest_result_uint64(res, at, &natural) == TDREST_OK && natural == f->natural;
    case TDREST_TYPE_FLOAT: case TDREST_TYPE_DOUBLE: return tdrest_result_double(res, at, &number) == TDREST_OK && same_number(number, f->number);
    case TDREST_TYPE_VARCHAR: case TDREST_TYPE_NCHAR:
        return tdrest_result_text(res, at, &text, &len) == TDREST_OK && same_bytes(type, f, text, len);
    case TDREST_TYPE_VARBINARY: case TDREST_TYPE_GEOMETRY:
        return tdrest_result_bytes(res, at, &bytes, &len) == TDREST_OK && same_bytes(type, f, bytes, len);
    default: return tdrest_result_int64(res, at, &integer) == TDREST_OK && integer == f->integer;
    }
}

typedef struct place {
    int columns[FIELDS + TAGS]; /* -1: not there */
} place;

static void find_columns(tdrest_result *res, int measurement, place *at)
{
    char name[LONGEST];

    for (size_t i = 0; i < FIELDS + TAGS; i++) {
        name_key(measurement, i, name);
        at->columns[i] = tdrest_result_column_index(res, name);
    }
}

static void compare(tdrt_live *live, tdrest_result *res, const place *at, int number, int64_t time)
{
    static line l;
    int64_t read;
    int wrong = -1;

    make_line(number, &l);
    for (size_t i = 0; i < FIELDS; i++)
        if (!is_same(res, at->columns[i], types[i], &l.fields[i]))
            wrong = (int)i;
    for (size_t i = 0; i < TAGS; i++)
        if (!is_same(res, at->columns[FIELDS + i], TDREST_TYPE_NCHAR, &l.tags[i]))
            wrong = (int)(FIELDS + i);
    tdrt_live_check(live, wrong < 0 && tdrest_result_time(res, 0, &read, NULL) == TDREST_OK && read == time, "line %d came back with another %s", number,
                    wrong < 0 ? "time" : tdrest_type_name(wrong < (int)FIELDS ? types[wrong] : TDREST_TYPE_NCHAR));
}

/* The lines of one measurement; how many there are. */
static int64_t read_back(tdrt_live *live, int database, int first, int measurement, int64_t epoch)
{
    char name[LONGEST], quoted[2 * LONGEST + 3], sql[2 * LONGEST + 64];
    tdrest_result *res;
    place at;
    int64_t rows = 0;

    name_measurement(measurement, name);
    for (char *p = name; *p != '\0'; p++)
        *p = *p == '.' ? '_' : *p;
    if (!tdrt_live_check(live, tdrest_quote_ident(name, TDREST_CSTR, quoted, sizeof quoted, NULL) == TDREST_OK, "%s cannot be quoted", name))
        return 0;
    snprintf(sql, sizeof sql, "select * from %s order by _ts", quoted);
    res = tdrt_live_query(live, live->db[database], NULL, 0, sql);
    if (res != NULL)
        find_columns(res, measurement, &at);
    for (int i = first; res != NULL && i < first + LINES; i++) {
        static line l;

        make_line(i, &l);
        if (l.measurement != measurement || !l.good)
            continue;
        if (!tdrt_live_check(live, tdrest_result_next(res) == TDREST_ROW, "line %d is not there: %s", i, tdrest_result_error(res)->message))
            break;
        compare(live, res, &at, i, epoch + i);
        rows++;
    }
    tdrt_live_check(live, res == NULL || tdrest_result_next(res) == TDREST_DONE, "there is more than was written");
    tdrest_result_free(res);
    return rows;
}

static void round_trip(tdrt_live *live, int database)
{
    static const int64_t epochs[] = {INT64_C(1700000000000), INT64_C(1700000000000000), INT64_C(1700000000000000000)};
    static const int precisions[] = {TDREST_MS, TDREST_US, TDREST_NS};
    tdrest_call call = tdrt_live_call(live->db[database], NULL);
    tdrest_lines *lines;
    const tdrest_written *written = tdrest_conn_get_written(live->conn);
    int64_t good = 0, rows = 0;
    size_t len;
    const char *data;
    int rc, first = database * LINES;

    if (!tdrt_live_check(live, tdrest_lines_new(NULL, &lines) == TDREST_OK, "out of memory"))
        return;
    good = add_all(live, lines, first, epochs[database]);
    data = tdrest_lines_get_data(lines, &len);
    tdrt_live_check(live, good >= LINES * 6 / 10, "only %" PRId64 " of %d lines can be written", good, LINES);
    rc = tdrest_write(live->conn, TDREST_PROTOCOL_LINE, precisions[database], data, len, &call);
    tdrt_live_check(live, rc == TDREST_OK && written->lines == good && written->requests > 3 && written->bytes == len, "lines: %s, %" PRId64 " written of %" PRId64 ": %s",
                    tdrest_code_name(rc), written->lines, good, tdrest_conn_error(live->conn)->message);
    for (int i = 0; rc == TDREST_OK && i < MEASUREMENTS; i++)
        rows += read_back(live, database, first, i, epochs[database]);
    tdrt_live_check(live, rc != TDREST_OK || rows == good, "%" PRId64 " rows of %" PRId64 " lines", rows, good);
    tdrest_lines_free(lines);
}

void tdrt_live_lines(tdrt_live *live)
{
    for (int database = 0; database < TDRT_LIVE_DATABASES; database++)
        round_trip(live, database);
}
