/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* White space, hexadecimal digits and characters of texts. Knows nothing of what the texts are for. */
#include "memory.h"

#include <string.h>

int sbx_text_begins(sbx_text text, const char *with)
{
    size_t len = strlen(with);

    return text.len >= len && memcmp(text.p, with, len) == 0;
}

int sbx_text_holds(sbx_text text, const char *part)
{
    for (; text.len != 0; text.p++, text.len--)
        if (sbx_text_begins(text, part))
            return 1;
    return 0;
}

/* ---- white space ---- */

static int is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

sbx_text sbx_strip(sbx_text text)
{
    while (text.len != 0 && is_blank(text.p[text.len - 1]))
        text.len--;
    while (text.len != 0 && is_blank(text.p[0])) {
        text.p++;
        text.len--;
    }
    return text;
}

static int is_space(uint32_t c)
{
    return (c >= 9 && c <= 13) || c == ' ' || c == 0x85 || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 ||
           c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

/* Bytes of the white space at the text's end: the character that ends there, if it is one. */
static size_t space_behind(sbx_text text)
{
    uint32_t c = 0;

    for (size_t len = 1; len <= 3 && len <= text.len; len++)
        if (sbx_utf8((sbx_text){text.p + text.len - len, len}, &c) == len)
            return is_space(c) ? len : 0;
    return 0;
}

sbx_text sbx_trim(sbx_text text)
{
    uint32_t c = 0;
    size_t len;

    while (text.len != 0 && (len = sbx_utf8(text, &c)) != 0 && is_space(c))
        text = (sbx_text){text.p + len, text.len - len};
    while (text.len != 0 && (len = space_behind(text)) != 0)
        text.len -= len;
    return text;
}

/* ---- digits and characters ---- */

sbx_text sbx_hex(sbx_arena *arena, sbx_text bytes, const char *digits)
{
    char *p = sbx_alloc(arena, 2 * bytes.len + 1);

    for (size_t i = 0; i < bytes.len; i++) {
        p[2 * i] = digits[(unsigned char)bytes.p[i] >> 4];
        p[2 * i + 1] = digits[(unsigned char)bytes.p[i] & 15];
    }
    return (sbx_text){p, 2 * bytes.len};
}

int sbx_hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 32); /* a letter's case */
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int sbx_unhex(sbx_arena *arena, sbx_text digits, sbx_text *out)
{
    char *bytes = sbx_alloc(arena, digits.len / 2 + 1);

    *out = (sbx_text){bytes, digits.len / 2};
    for (size_t i = 0; i < out->len; i++) {
        int high = sbx_hex_digit(digits.p[2 * i]), low = sbx_hex_digit(digits.p[2 * i + 1]);

        if (high < 0 || low < 0)
            return 0;
        bytes[i] = (char)(16 * high + low);
    }
    return digits.len % 2 == 0;
}

size_t sbx_utf8(sbx_text text, uint32_t *character)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *p = (const unsigned char *)text.p;
    size_t len = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : p[0] < 0xf5 ? 4 : 0;
    uint32_t c = len < 2 ? p[0] : p[0] & (0x7fU >> len);

    if (len == 0 || len > text.len)
        return 0;
    for (size_t i = 1; i < len; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (p[i] & 0x3fU);
    }
    if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
        return 0;
    *character = c;
    return len;
}
