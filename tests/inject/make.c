/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Strings that aim: pieces of SQL, quotes and escapes, all bytes, UTF-8 whole and broken, lengths near the limits. Knows no rule of what is refused. */
#include "inject.h"

enum { LONGEST = 65536, PIECES = 12 };

/* splitmix64: a seed is all its state. */
uint64_t tdrt_random(tdrt_run *run, uint64_t below)
{
    uint64_t z = run->seed += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (z ^ (z >> 31)) % below;
}

typedef struct making {
    tdrt_run *run;
    char *p;
    size_t len, most;
} making;

static void put(making *m, const char *bytes, size_t len)
{
    if (len > m->most - m->len)
        return;
    memcpy(m->p + m->len, bytes, len);
    m->len += len;
}

static void put_byte(making *m, unsigned byte)
{
    char c = (char)byte;

    put(m, &c, 1);
}

static void put_one_of(making *m, const char *const *pieces, size_t count)
{
    const char *piece = pieces[tdrt_random(m->run, count)];

    put(m, piece, strlen(piece));
}

static void put_digits(making *m, uint64_t most)
{
    for (uint64_t i = tdrt_random(m->run, most + 1); i > 0; i--)
        put_byte(m, (unsigned)('0' + tdrt_random(m->run, 10)));
}

/* ---- bytes and texts ---- */

static const char *const aimed[] = {
    "'", "'", "\"", "\\", "\\", "`", ";", "--", "/*", "*/", "?", ":", ":p", ",", "(", ")", "\n", "\r", "\t", "\x01", "\x1b", "\x7f", "%", "_", "-", "+", "#",
    "''", "\\'", "\\\\", "\\\"", "\"\"", "\\n", "\\0", "\\%", "\\x41", "\\u0027", "\\\n", "null", "NULL", "now", "NOW()", "true", "0x1F", "1e400",
    "') ('", "'); drop table t_varchar_0; --", "\" or 1=1 --", "' or ''='", "*/ drop database inj /*", "x' using s_names tags('", "values",
    "INSERT", "tbname", "{", "}", "$(id)", "<&>", "2024-01-02", ".", ".", "inj.", "\xc3\xa9", "\xe6\xb1\x89", "\xf0\x9f\x98\x80", "\xe2\x80\xa8", "\xef\xbb\xbf",
    "\xef\xbc\x87", "\xca\xbc", "A", "bC", "Zz9", " ", "  ", "12",
};

/* UTF-8 that is none: cut, overlong quotes and backslashes, surrogates, beyond U+10FFFF. */
static const char *const broken[] = {
    "\xff", "\x80", "\xc3", "\xe6\xb1", "\xf0\x9f\x98", "\xc0\xa7", "\xe0\x80\xa7", "\xc1\x9c", "\xf0\x80\x80\xa7", "\xed\xa0\x80", "\xed\xbf\xbf",
    "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xc3'", "\xe6'\\", "\xbf\x5c", "\x81'",
};

static void put_code_point(making *m)
{
    uint32_t code = (uint32_t)tdrt_random(m->run, 0x10ffff) + 1;

    if (code < 0x80) {
        put_byte(m, code);
    } else if (code < 0x800) {
        put_byte(m, 0xc0 | code >> 6);
        put_byte(m, 0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        put_byte(m, 0xe0 | code >> 12); /* surrogates among them */
        put_byte(m, 0x80 | (code >> 6 & 0x3f));
        put_byte(m, 0x80 | (code & 0x3f));
    } else {
        put_byte(m, 0xf0 | code >> 18);
        put_byte(m, 0x80 | (code >> 12 & 0x3f));
        put_byte(m, 0x80 | (code >> 6 & 0x3f));
        put_byte(m, 0x80 | (code & 0x3f));
    }
}

static void put_text_piece(making *m, int any_bytes)
{
    uint64_t dice = tdrt_random(m->run, 100);

    if (dice < 70)
        put_one_of(m, aimed, COUNT_OF(aimed));
    else if (dice < 80)
        put_code_point(m);
    else if (dice < 97)
        put_byte(m, 1 + (unsigned)tdrt_random(m->run, any_bytes ? 255 : 127));
    else if (any_bytes || dice == 99)
        put_one_of(m, broken, COUNT_OF(broken));
}

/* Lengths at which a limit lies: of literals, with and without escapes, of columns, of times 65,536. */
static void put_long(making *m)
{
    static const uint64_t limits[] = {65530, 65528, 65517, 32764, 32763, 65535, 16379, 16382};
    static const char *const fillers[] = {"x", "'", "\\", "\xe6\xb1\x89", "\xf0\x9f\x98\x80", "ab\\"};
    uint64_t len = limits[tdrt_random(m->run, COUNT_OF(limits))] - 4 + tdrt_random(m->run, 8);
    const char *filler = fillers[tdrt_random(m->run, COUNT_OF(fillers))];

    while (m->len + strlen(filler) <= len && m->len + strlen(filler) <= m->most)
        put(m, filler, strlen(filler));
    while (m->len < len && m->len < m->most)
        put(m, "y", 1);
}

static void make_text(making *m, int any_bytes)
{
    if (tdrt_random(m->run, 400) == 0)
        put_long(m);
    for (uint64_t i = tdrt_random(m->run, PIECES); i > 0; i--)
        put_text_piece(m, any_bytes);
    if (tdrt_random(m->run, 25) == 0)
        put_byte(m, 0);
    if (tdrt_random(m->run, 3) == 0)
        put_text_piece(m, any_bytes);
}

static void make_name(making *m)
{
    if (tdrt_random(m->run, 12) == 0)
        for (uint64_t i = 188 + tdrt_random(m->run, 7); i > 0; i--)
            put_byte(m, 'n');
    for (uint64_t i = tdrt_random(m->run, 8); i > 0; i--)
        put_text_piece(m, 1);
    /* Backslashes are refused, and would be too many. */
    if (tdrt_random(m->run, 3) != 0)
        for (size_t i = 0; i < m->len; i++)
            if (m->p[i] == '\\')
                m->p[i] = '`';
}

/* ---- what has a grammar ---- */

/* One byte becomes another. */
static void damage(making *m)
{
    static const char bytes[] = "0123456789'\"\\`;-+?:.eE,{}[] \n\xff";

    if (m->len > 0)
        m->p[tdrt_random(m->run, m->len)] = bytes[tdrt_random(m->run, sizeof bytes)];
}

static void make_decimal(making *m)
{
    static const char *const signs[] = {"-", "-", "", "", "", "+", "--", " "}, *const tails[] = {"e5", "' or 1=1", "--", "x", ".", "null", "\n", "'"};

    put_one_of(m, signs, COUNT_OF(signs));
    put_digits(m, tdrt_random(m->run, 3) == 0 ? 30 : 12);
    if (tdrt_random(m->run, 4) != 0) {
        put(m, ".", 1);
        put_digits(m, 12);
    }
    if (tdrt_random(m->run, 8) == 0)
        put_one_of(m, tails, COUNT_OF(tails));
    if (tdrt_random(m->run, 10) == 0)
        damage(m);
}

static void put_two(making *m, uint64_t below)
{
    uint64_t n = tdrt_random(m->run, below);

    put_byte(m, (unsigned)('0' + n / 10));
    put_byte(m, (unsigned)('0' + n % 10));
}

static void make_time(making *m)
{
    static const char *const zones[] = {"Z", "Z", "Z", "z", "+08:00", "-0330", "+05", "+13:59", "+14:00", "", "Z'", " Z", "+8:00", "Z--"};
    char text[16];

    snprintf(text, sizeof text, "%04u", (unsigned)(tdrt_random(m->run, 3) == 0 ? tdrt_random(m->run, 10000) : 1960 + tdrt_random(m->run, 100)));
    put(m, text, 4);
    put(m, "-", 1);
    put_two(m, tdrt_random(m->run, 20) == 0 ? 15 : 12);
    if (m->p[m->len - 1] == '0' && m->p[m->len - 2] == '0' && tdrt_random(m->run, 10) != 0)
        m->p[m->len - 1] = '7';
    put(m, "-", 1);
    put_two(m, tdrt_random(m->run, 8) == 0 ? 33 : 28);
    put_one_of(m, (const char *const[]){"T", "T", " "}, 3);
    put_two(m, 24);
    put(m, ":", 1);
    put_two(m, 60);
    put(m, ":", 1);
    put_two(m, tdrt_random(m->run, 20) == 0 ? 62 : 60);
    if (tdrt_random(m->run, 2) == 0) {
        put(m, ".", 1);
        put_digits(m, tdrt_random(m->run, 8) == 0 ? 11 : 3);
        if (tdrt_random(m->run, 4) == 0)
            put(m, "000", 3);
    }
    put_one_of(m, zones, COUNT_OF(zones));
    if (tdrt_random(m->run, 20) == 0)
        damage(m);
}

/* The bytes of a JSON string that need an escape get one. */
static void put_json_string(making *m, const char *bytes, size_t len)
{
    char escape[8];

    put(m, "\"", 1);
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)bytes[i];

        if (c == '"' || c == '\\')
            put(m, "\\", 1);
        if (c >= 0x20) {
            put_byte(m, c);
            continue;
        }
        snprintf(escape, sizeof escape, "\\u%04x", c);
        put(m, escape, 6);
    }
    put(m, "\"", 1);
}

static void put_json_value(making *m)
{
    static const char *const words[] = {"true", "false", "null", "1e49", "-0", "9e53", "1e300", "[1]", "{}", "{\"a\":1}", "nan", "01"};
    char bytes[256];
    making inner = {m->run, bytes, 0, sizeof bytes};
    uint64_t dice = tdrt_random(m->run, 100);

    if (dice < 70) {
        for (uint64_t i = tdrt_random(m->run, 6); i > 0; i--)
            put_text_piece(&inner, 0);
        if (dice < 2)
            put_byte(&inner, 0);
        put_json_string(m, bytes, inner.len);
    } else if (dice < 90) {
        put_byte(m, (unsigned)('1' + tdrt_random(m->run, 9)));
        put_digits(m, dice < 72 ? 17 : 8);
        put(m, ".5", dice & 1 ? 2 : 0);
    } else {
        put_one_of(m, words, dice < 96 ? 5 : COUNT_OF(words));
    }
}

static void make_json(making *m)
{
    /* Few of them need an escape, which keys must not have. */
    static const char keys[] = "kKab'`;-?:*(),.%$0123456789 #<>=~'`;-?:*(),.%$kb\"\\\n";
    uint64_t members = tdrt_random(m->run, 40) == 0 ? 0 : 1 + tdrt_random(m->run, 3);
    char key[300];
    size_t len;

    put(m, "{", 1);
    for (uint64_t i = 0; i < members; i++) {
        len = 1 + (size_t)tdrt_random(m->run, tdrt_random(m->run, 50) == 0 ? 260 : 8);
        for (size_t k = 0; k < len; k++)
            key[k] = keys[tdrt_random(m->run, sizeof keys - 1)];
        if (i > 0)
            put(m, ", ", 1 + (size_t)tdrt_random(m->run, 2));
        put_json_string(m, key, len);
        put(m, ":", 1);
        put_json_value(m);
    }
    put(m, "}", 1);
    if (tdrt_random(m->run, 16) == 0)
        damage(m);
    if (tdrt_random(m->run, 60) == 0) /* blanks are white space in JSON: a way to be too long */
        while (m->len < 4090 + tdrt_random(m->run, 12))
            put(m, " ", 1);
}

void tdrt_make(tdrt_run *run, enum tdrt_flavour flavour, size_t most, tdrt_string *out)
{
    static char room[LONGEST];
    making m = {run, room, 0, most < sizeof room ? most : sizeof room};

    switch (flavour) {
    case TDRT_NAME: make_name(&m); break;
    case TDRT_DECIMAL: make_decimal(&m); break;
    case TDRT_TIME: make_time(&m); break;
    case TDRT_JSON: make_json(&m); break;
    default: make_text(&m, flavour == TDRT_BYTES); break;
    }
    *out = (tdrt_string){(char *)malloc(m.len + (m.len == 0)), m.len, run->key++, 0};
    if (out->p == NULL)
        abort();
    memcpy(out->p, room, m.len);
}

void tdrt_drop(tdrt_string *strings, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(strings[i].p);
}
