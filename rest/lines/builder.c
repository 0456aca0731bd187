/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * The builder of InfluxDB lines. Knows their grammar, and what the server's reading of it cannot tell apart; not how
 * lines are sent. The line that is open stands apart from those that were ended, so that dropping it is easy.
 */
#include "base/number.h"
#include "base/text.h"
#include "config/names.h"
#include "error/record.h"

#include <string.h>

enum { NCHAR_MAX = 16379, BYTES_MAX = 65517, KEYS_AT_FIRST = 16 };

enum state {
    IDLE,   /* no line is open */
    NAMED,  /* takes tags and fields */
    FILLED, /* takes fields and a time */
    TIMED   /* takes nothing more */
};

/* A key of the line that is open, as it stands there. */
typedef struct key {
    uint32_t hash;
    size_t at;
    size_t len;
} key;

struct tdrest_lines {
    tdrest_allocator mem;
    tdri_buf text; /* lines that were ended */
    int64_t count;
    enum state state;
    tdri_buf line; /* the one that is open */
    key *keys;
    size_t key_count, key_cap;
    tdrest_error err;
};

/* ---- the object ---- */

int tdrest_lines_new(const tdrest_allocator *allocator, tdrest_lines **out)
{
    tdrest_allocator mem;
    tdrest_lines *lines;

    *out = NULL;
    if (!tdri_mem_take(allocator, &mem))
        return TDREST_EUSAGE;
    lines = (tdrest_lines *)tdri_mem_zeroed(&mem, 1, sizeof *lines);
    if (lines == NULL)
        return TDREST_ENOMEM;
    lines->mem = mem;
    tdri_buf_init(&lines->text, &lines->mem, SIZE_MAX);
    tdri_buf_init(&lines->line, &lines->mem, SIZE_MAX);
    tdri_err_reset(&lines->err);
    *out = lines;
    return TDREST_OK;
}

void tdrest_lines_free(tdrest_lines *lines)
{
    tdrest_allocator mem;

    if (lines == NULL)
        return;
    tdri_buf_clear(&lines->text);
    tdri_buf_clear(&lines->line);
    mem = lines->mem;
    tdri_mem_free(&mem, lines->keys);
    tdri_mem_free(&mem, lines);
}

static void drop_line(tdrest_lines *lines)
{
    lines->state = IDLE;
    lines->key_count = 0;
    tdri_buf_reset(&lines->line);
}

void tdrest_lines_reset(tdrest_lines *lines)
{
    drop_line(lines);
    tdri_buf_reset(&lines->text);
    lines->count = 0;
    tdri_err_reset(&lines->err);
}

const char *tdrest_lines_get_data(const tdrest_lines *lines, size_t *len)
{
    if (len != NULL)
        *len = lines->text.len;
    return tdri_buf_text(&lines->text);
}

int64_t tdrest_lines_count(const tdrest_lines *lines)
{
    return lines->count;
}

const tdrest_error *tdrest_lines_error(const tdrest_lines *lines)
{
    return lines == NULL ? tdri_err_none() : &lines->err;
}

/* ---- what cannot be written ---- */

static int is_special(char c)
{
    return c == ',' || c == '=' || c == ' ';
}

/* Why a name or a tag's value cannot be written; NULL when it can. */
static const char *unwritable(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            return "control characters cannot be escaped";
        if (text[i] == '\\' && (i + 1 == len || text[i + 1] == '\\' || is_special(text[i + 1])))
            return "a backslash at the end, or before a comma, equals sign, space or backslash, cannot be written";
    }
    return tdri_utf8_is(text, len) ? NULL : "expected UTF-8";
}

/* The adapter takes white space, of any kind it knows, off the begin of the text. */
static int begins_blank(const char *text)
{
    static const char *const blanks[] = {" ", "\xc2\x85", "\xc2\xa0", "\xe1\x9a\x80", "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaf",
                                         "\xe2\x81\x9f", "\xe3\x80\x80"};

    for (size_t i = 0; i < sizeof blanks / sizeof blanks[0]; i++)
        if (strncmp(text, blanks[i], strlen(blanks[i])) == 0)
            return 1;
    return strncmp(text, "\xe2\x80", 2) == 0 && (unsigned char)text[2] >= 0x80 && (unsigned char)text[2] <= 0x8a;
}

/* Why a text of a field cannot be written. */
static const char *unquotable(const char *text, size_t len)
{
    if (memchr(text, '\0', len) != NULL)
        return "a NUL byte would end the text early";
    return memchr(text, '\n', len) != NULL ? "a line feed cannot be escaped" : NULL;
}

/* ---- writing ---- */

static void add_escaped(tdri_buf *line, const char *text, size_t len, const char *special)
{
    size_t from = 0;

    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\0' || strchr(special, text[i]) == NULL)
            continue;
        tdri_buf_add(line, text + from, i - from);
        tdri_buf_add_char(line, '\\');
        from = i;
    }
    tdri_buf_add(line, text + from, len - from);
}

/* What every call for the open line begins with: TDREST_OK while it can go on. */
static int check_open(tdrest_lines *lines, const void *argument)
{
    if (lines->state == IDLE)
        tdri_err_reset(&lines->err);
    if (lines->err.code != 0)
        return lines->err.code;
    if (lines->state == IDLE)
        return tdri_err_set(&lines->err, TDREST_EUSAGE, "no line is open; begin with tdrest_lines_add_measurement");
    return argument == NULL ? tdri_err_set(&lines->err, TDREST_EUSAGE, "an argument is NULL") : TDREST_OK;
}

/* And ends with. */
static int finish(tdrest_lines *lines)
{
    int rc = tdri_buf_code(&lines->line);

    return rc == TDREST_OK ? rc : tdri_err_set(&lines->err, rc, NULL);
}

static int reserve_key(tdrest_lines *lines)
{
    size_t cap = lines->key_cap == 0 ? KEYS_AT_FIRST : lines->key_cap * 2;
    key *more;

    if (lines->key_count < lines->key_cap)
        return TDREST_OK;
    more = cap > SIZE_MAX / sizeof *more ? NULL : (key *)tdri_mem_resize(&lines->mem, lines->keys, cap * sizeof *more);
    if (more == NULL)
        return tdri_err_set(&lines->err, TDREST_ENOMEM, NULL);
    lines->keys = more;
    lines->key_cap = cap;
    return TDREST_OK;
}

/* The key that stands at the end of the line: is it the only one of its name? */
static int note_key(tdrest_lines *lines, const char *name, size_t at)
{
    const char *line = tdri_buf_text(&lines->line);
    key k = {0, at, lines->line.len - at};

    if (finish(lines) != TDREST_OK || reserve_key(lines) != TDREST_OK)
        return lines->err.code;
    k.hash = (uint32_t)tdri_text_hash(line + at, k.len);
    for (size_t i = 0; i < lines->key_count; i++) {
        const key *other = &lines->keys[i];

        if (other->hash == k.hash && other->len == k.len && memcmp(line + other->at, line + at, k.len) == 0)
            return tdri_err_set(&lines->err, TDREST_EBIND, "key %s: it is already in this line", name);
    }
    lines->keys[lines->key_count++] = k;
    return TDREST_OK;
}

static int add_key(tdrest_lines *lines, char before, const char *name)
{
    size_t len = strlen(name), at = lines->line.len + 1;
    const char *why = unwritable(name, len);

    if (len == 0 || len > TDRI_COLUMN_MAX)
        return tdri_err_set(&lines->err, TDREST_EBIND, "key %.64s: expected 1 to %d bytes", name, TDRI_COLUMN_MAX);
    if (why != NULL)
        return tdri_err_set(&lines->err, TDREST_EBIND, "key %s: %s", name, why);
    tdri_buf_add_char(&lines->line, before);
    add_escaped(&lines->line, name, len, ",= ");
    if (note_key(lines, name, at) == TDREST_OK)
        tdri_buf_add_char(&lines->line, '=');
    return lines->err.code;
}

int tdrest_lines_add_measurement(tdrest_lines *lines, const char *name)
{
    const char *why = name == NULL ? NULL : unwritable(name, strlen(name));

    if (lines->state != IDLE)
        return tdri_err_set(&lines->err, TDREST_EUSAGE, "a line is open; end it with tdrest_lines_end");
    lines->state = NAMED;
    tdri_err_reset(&lines->err);
    if (check_open(lines, name) != TDREST_OK)
        return lines->err.code;
    if (*name == '\0' || strlen(name) > TDRI_TABLE_MAX)
        return tdri_err_set(&lines->err, TDREST_EBIND, "measurement %.64s: expected 1 to %d bytes", name, TDRI_TABLE_MAX);
    if (*name == '#' || begins_blank(name))
        why = "a leading # starts a comment, and leading white space is lost";
    if (why != NULL)
        return tdri_err_set(&lines->err, TDREST_EBIND, "measurement %s: %s", name, why);
    add_escaped(&lines->line, name, strlen(name), ", ");
    return finish(lines);
}

int tdrest_lines_add_tag(tdrest_lines *lines, const char *name, const char *value, size_t len)
{
    const char *why;

    if (check_open(lines, name) != TDREST_OK || check_open(lines, value) != TDREST_OK)
        return lines->err.code;
    if (lines->state != NAMED)
        return tdri_err_set(&lines->err, TDREST_EUSAGE, "tag %.64s: tags must come before fields", name);
    if (add_key(lines, ',', name) != TDREST_OK)
        return lines->err.code;
    len = tdri_text_len(value, len);
    why = len == 0 ? "expected a value; omit a tag that has none" : unwritable(value, len);
    if (why != NULL)
        return tdri_err_set(&lines->err, TDREST_EBIND, "tag %s: %s", name, why);
    add_escaped(&lines->line, value, len, ",= ");
    return finish(lines);
}

/* Everything of a field in front of its value. */
static int begin_field(tdrest_lines *lines, const char *name)
{
    if (check_open(lines, name) != TDREST_OK)
        return lines->err.code;
    if (lines->state == TIMED)
        return tdri_err_set(&lines->err, TDREST_EUSAGE, "field %.64s: fields must come before the time", name);
    if (add_key(lines, lines->state == NAMED ? ' ' : ',', name) == TDREST_OK)
        lines->state = FILLED;
    return lines->err.code;
}

/* A field whose value stands as it is. */
static int add_plain(tdrest_lines *lines, const char *name, const char *value, const char *suffix)
{
    if (begin_field(lines, name) != TDREST_OK)
        return lines->err.code;
    tdri_buf_add_text(&lines->line, value);
    tdri_buf_add_text(&lines->line, suffix);
    return finish(lines);
}

/* A field in quotes, unless `why` says that it cannot be. */
static int add_quoted(tdrest_lines *lines, const char *name, const char *prefix, const char *text, size_t len, const char *why)
{
    if (begin_field(lines, name) != TDREST_OK)
        return lines->err.code;
    if (why != NULL)
        return tdri_err_set(&lines->err, TDREST_EBIND, "field %s: %s", name, why);
    tdri_buf_add_text(&lines->line, prefix);
    add_escaped(&lines->line, text, len, "\"\\");
    tdri_buf_add_char(&lines->line, '"');
    return finish(lines);
}

/* ---- fields ---- */

int tdrest_lines_add_double(tdrest_lines *lines, const char *name, double value)
{
    char text[TDRI_NUMBER_TEXT];

    if (value - value != 0) /* of no finite number */
        return begin_field(lines, name) != TDREST_OK ? lines->err.code
            : tdri_err_set(&lines->err, TDREST_EBIND, "field %s: NaN and infinity would be read back as NULL", name);
    (void)tdri_double_format(value, text);
    return add_plain(lines, name, text, "");
}

int tdrest_lines_add_float(tdrest_lines *lines, const char *name, float value)
{
    char text[TDRI_NUMBER_TEXT];

    if (value - value != 0)
        return tdrest_lines_add_double(lines, name, (double)value);
    (void)tdri_float_format_cast(value, text);
    return add_plain(lines, name, text, "f32");
}

int tdrest_lines_add_integer(tdrest_lines *lines, const char *name, int type, int64_t value)
{
    static const struct { int type; const char *suffix; int64_t min, max; } types[] = {
        {TDREST_TYPE_TINYINT, "i8", INT8_MIN, INT8_MAX},    {TDREST_TYPE_UTINYINT, "u8", 0, UINT8_MAX},
        {TDREST_TYPE_SMALLINT, "i16", INT16_MIN, INT16_MAX}, {TDREST_TYPE_USMALLINT, "u16", 0, UINT16_MAX},
        {TDREST_TYPE_INT, "i32", INT32_MIN, INT32_MAX},      {TDREST_TYPE_UINT, "u32", 0, UINT32_MAX},
        {TDREST_TYPE_BIGINT, "i64", INT64_MIN, INT64_MAX},   {TDREST_TYPE_UBIGINT, "u64", 0, INT64_MAX},
    };
    char text[TDRI_NUMBER_TEXT];
    size_t i = 0;

    while (i < sizeof types / sizeof types[0] && types[i].type != type)
        i++;
    (void)tdri_int64_format(value, text);
    if (i < sizeof types / sizeof types[0] && value >= types[i].min && value <= types[i].max)
        return add_plain(lines, name, text, types[i].suffix);
    if (begin_field(lines, name) != TDREST_OK)
        return lines->err.code;
    if (i == sizeof types / sizeof types[0])
        return tdri_err_set(&lines->err, TDREST_EUSAGE, "field %s: type %d is not an integer type", name, type);
    return tdri_err_set(&lines->err, TDREST_EBIND, "field %s: out of the range of %s", name, tdrest_type_name(type));
}

int tdrest_lines_add_int64(tdrest_lines *lines, const char *name, int64_t value)
{
    return tdrest_lines_add_integer(lines, name, TDREST_TYPE_BIGINT, value);
}

int tdrest_lines_add_uint64(tdrest_lines *lines, const char *name, uint64_t value)
{
    char text[TDRI_NUMBER_TEXT];

    (void)tdri_uint64_format(value, text);
    return add_plain(lines, name, text, "u64");
}

int tdrest_lines_add_bool(tdrest_lines *lines, const char *name, int value)
{
    return add_plain(lines, name, value ? "true" : "false", "");
}

int tdrest_lines_add_text(tdrest_lines *lines, const char *name, const char *text, size_t len)
{
    const char *why;

    if (check_open(lines, text) != TDREST_OK)
        return lines->err.code;
    len = tdri_text_len(text, len);
    why = len > BYTES_MAX ? "expected at most 65517 bytes" : unquotable(text, len);
    return add_quoted(lines, name, "\"", text, len, why);
}

int tdrest_lines_add_nchar(tdrest_lines *lines, const char *name, const char *text, size_t len)
{
    const char *why;

    if (check_open(lines, text) != TDREST_OK)
        return lines->err.code;
    len = tdri_text_len(text, len);
    why = !tdri_utf8_is(text, len) ? "expected UTF-8" : unquotable(text, len);
    if (tdri_utf8_count(text, len) > NCHAR_MAX)
        why = "expected at most 16379 characters";
    return add_quoted(lines, name, "L\"", text, len, why);
}

int tdrest_lines_add_varbinary(tdrest_lines *lines, const char *name, const void *bytes, size_t len)
{
    const unsigned char *from = (const unsigned char *)bytes;
    char digits[2];

    if (len > 0 && check_open(lines, bytes) != TDREST_OK)
        return lines->err.code;
    if (begin_field(lines, name) != TDREST_OK)
        return lines->err.code;
    if (len > BYTES_MAX)
        return tdri_err_set(&lines->err, TDREST_EBIND, "field %s: expected at most %d bytes", name, BYTES_MAX);
    tdri_buf_add_text(&lines->line, "B\"\\x");
    for (size_t i = 0; i < len; i++) {
        tdri_hex_encode(from + i, 1, digits);
        tdri_buf_add(&lines->line, digits, sizeof digits);
    }
    tdri_buf_add_char(&lines->line, '"');
    return finish(lines);
}

int tdrest_lines_add_geometry(tdrest_lines *lines, const char *name, const char *wkt)
{
    const char *why = NULL, *p;

    if (check_open(lines, wkt) != TDREST_OK)
        return lines->err.code;
    for (p = wkt; *p != '\0' && why == NULL; p++)
        if (*p < ' ' || *p >= 0x7f || *p == '"' || *p == '\\')
            why = "expected well-known text";
    return add_quoted(lines, name, "G\"", wkt, strlen(wkt), *wkt == '\0' ? "expected well-known text" : why);
}

/* ---- the end ---- */

int tdrest_lines_add_time(tdrest_lines *lines, int64_t time)
{
    if (check_open(lines, lines) != TDREST_OK)
        return lines->err.code;
    if (lines->state != FILLED)
        return tdri_err_set(&lines->err, TDREST_EUSAGE, lines->state == TIMED ? "the line already has a time" : "the time must come after the fields");
    if (time <= 0)
        return tdri_err_set(&lines->err, TDREST_EBIND, "time: expected a number above 0; omit it to use the server's clock");
    tdri_buf_add_char(&lines->line, ' ');
    tdri_buf_add_int(&lines->line, time);
    lines->state = TIMED;
    return finish(lines);
}

int tdrest_lines_end(tdrest_lines *lines)
{
    tdri_buf *text = &lines->text;

    if (check_open(lines, lines) == TDREST_OK && lines->state == NAMED)
        (void)tdri_err_set(&lines->err, TDREST_EUSAGE, "the line has no field");
    if (lines->err.code == 0) {
        tdri_buf_add_char(&lines->line, '\n');
        if (finish(lines) == TDREST_OK)
            tdri_buf_add(text, tdri_buf_text(&lines->line), lines->line.len);
        if (tdri_buf_code(text) != TDREST_OK)
            (void)tdri_err_set(&lines->err, tdri_buf_code(text), NULL);
    }
    text->failed = 0; /* what is there is whole */
    lines->count += lines->err.code == 0;
    drop_line(lines);
    return lines->err.code;
}
