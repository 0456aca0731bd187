/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Bytes and texts in ASCII terms, without locale: comparing, escapes, hex, base64, UTF-8. Knows no protocol. */
#include "base/text.h"

#include <string.h>

int tdri_is_alpha(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

int tdri_is_digit(int c)
{
    return c >= '0' && c <= '9';
}

int tdri_lower(int c)
{
    return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

int tdri_hex_digit(int c)
{
    if (tdri_is_digit(c))
        return c - '0';
    c = tdri_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int tdri_text_is(const char *a, size_t len, const char *b)
{
    size_t i;

    for (i = 0; i < len; i++)
        if (b[i] == '\0' || tdri_lower((unsigned char)a[i]) != tdri_lower((unsigned char)b[i]))
            return 0;
    return b[len] == '\0';
}

uint64_t tdri_text_hash(const char *text, size_t len)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
    return hash ^ hash >> 32;
}

size_t tdri_text_len(const char *text, size_t len)
{
    return len == TDREST_CSTR ? strlen(text) : len;
}

/* A hex digit's value plus one, 0 for every other byte: whole cells are read by it, and digits and letters alternate too wildly for branches. */
static const unsigned char hex_plus_one[256] = {
    ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
    ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
    ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
};

int tdri_hex_decode(const char *text, size_t len, void *out)
{
    const unsigned char *from = (const unsigned char *)text;
    unsigned char *to = (unsigned char *)out;
    size_t i;

    if (len % 2 != 0)
        return 0;
    for (i = 0; i < len; i += 2) {
        unsigned high = hex_plus_one[from[i]], low = hex_plus_one[from[i + 1]];

        if (high == 0 || low == 0)
            return 0;
        to[i / 2] = (unsigned char)((high - 1) << 4 | (low - 1));
    }
    return 1;
}

void tdri_hex_encode(const void *bytes, size_t len, char *out)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *from = (const unsigned char *)bytes;
    size_t i;

    for (i = 0; i < len; i++) {
        out[2 * i] = digits[from[i] >> 4];
        out[2 * i + 1] = digits[from[i] & 15];
    }
}

void tdri_base64_add(tdri_buf *buf, const void *bytes, size_t len)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *from = (const unsigned char *)bytes;
    char out[4];
    size_t i;

    for (i = 0; i < len; i += 3) {
        size_t left = len - i;
        unsigned v = (unsigned)from[i] << 16;

        v |= left > 1 ? (unsigned)from[i + 1] << 8 : 0;
        v |= left > 2 ? (unsigned)from[i + 2] : 0;
        out[0] = digits[v >> 18];
        out[1] = digits[v >> 12 & 63];
        out[2] = left > 1 ? digits[v >> 6 & 63] : '=';
        out[3] = left > 2 ? digits[v & 63] : '=';
        tdri_buf_add(buf, out, sizeof out);
    }
}

static int is_unreserved(unsigned char c)
{
    return tdri_is_alpha(c) || tdri_is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

void tdri_percent_add(tdri_buf *buf, const char *text, size_t len)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t from = 0;

    for (size_t i = 0; i < len; i++) {
        const unsigned char c = (unsigned char)text[i];
        const char escape[3] = {'%', digits[c >> 4], digits[c & 15]};

        if (is_unreserved(c))
            continue;
        tdri_buf_add(buf, text + from, i - from);
        tdri_buf_add(buf, escape, sizeof escape);
        from = i + 1;
    }
    tdri_buf_add(buf, text + from, len - from);
}

int tdri_percent_decode(const char *text, size_t len, char *out, size_t *out_len, size_t *bad)
{
    size_t i = 0, n = 0;

    *out_len = 0;
    *bad = 0;
    while (i < len) {
        if (text[i] != '%') {
            out[n++] = text[i++];
            continue;
        }
        if (len - i < 3 || !tdri_hex_decode(text + i + 1, 2, out + n)) {
            *bad = i;
            return 0;
        }
        n++;
        i += 3;
    }
    *out_len = n;
    return 1;
}

size_t tdri_utf8_put(uint32_t point, char *out)
{
    if (point < 0x80) {
        out[0] = (char)point;
        return 1;
    }
    if (point < 0x800) {
        out[0] = (char)(0xc0 | point >> 6);
        out[1] = (char)(0x80 | (point & 63));
        return 2;
    }
    if (point < 0x10000) {
        out[0] = (char)(0xe0 | point >> 12);
        out[1] = (char)(0x80 | (point >> 6 & 63));
        out[2] = (char)(0x80 | (point & 63));
        return 3;
    }
    out[0] = (char)(0xf0 | point >> 18);
    out[1] = (char)(0x80 | (point >> 12 & 63));
    out[2] = (char)(0x80 | (point >> 6 & 63));
    out[3] = (char)(0x80 | (point & 63));
    return 4;
}

size_t tdri_utf8_len(const char *text, size_t left)
{
    const unsigned char *p = (const unsigned char *)text;
    /* By its first byte: how many bytes follow, and the range of the second, which is what rules out overlong forms, surrogates and the far end. */
    size_t more = p[0] < 0x80 ? 0 : p[0] < 0xe0 ? 1 : p[0] < 0xf0 ? 2 : 3, i;
    unsigned low = p[0] == 0xe0 ? 0xa0 : p[0] == 0xf0 ? 0x90 : 0x80;
    unsigned high = p[0] == 0xed ? 0x9f : p[0] == 0xf4 ? 0x8f : 0xbf;

    if (p[0] > 0xf4 || (p[0] >= 0x80 && p[0] < 0xc2) || left <= more)
        return 0;
    if (more != 0 && (p[1] < low || p[1] > high))
        return 0;
    for (i = 2; i <= more; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    return more + 1;
}

int tdri_utf8_is(const char *text, size_t len)
{
    size_t at = 0, step;

    while (at < len) {
        step = tdri_utf8_len(text + at, len - at);
        if (step == 0)
            return 0;
        at += step;
    }
    return 1;
}

size_t tdri_utf8_count(const char *text, size_t len)
{
    size_t count = 0;

    for (size_t i = 0; i < len; i++)
        count += ((unsigned char)text[i] & 0xc0) != 0x80;
    return count;
}
