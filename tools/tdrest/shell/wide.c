/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* UTF-8 as wide characters and back. Independent of the locale. */
#include "shell/wide.h"

#include <stdint.h>
#include <stdlib.h>

#include "term/utf8.h"
#include "term/width.h"

/* Of the last plane for private use, which no text has. */
enum { BYTES = 0x10FF00 };

size_t cli_wide_decode(const char *text, size_t len, wchar_t *out)
{
    uint32_t c;
    size_t n = cli_utf8_decode(text, len, &c);

    *out = (wchar_t)(n > 0 ? c : (uint32_t)BYTES + (unsigned char)*text);
    return n > 0 ? n : 1;
}

int cli_wide_is_cut(const char *text, size_t len)
{
    unsigned char first = (unsigned char)*text;
    size_t i, needed = first >= 0xF0 && first < 0xF5 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 1;

    if (first >= 0xF5 || len >= needed)
        return 0;
    for (i = 1; i < len; i++)
        if (((unsigned char)text[i] & 0xC0) != 0x80)
            return 0;
    return 1;
}

wchar_t *cli_wide_new(const char *text, size_t len)
{
    wchar_t *wide = malloc((len + 1) * sizeof *wide), c;
    size_t at, count = 0;

    if (wide == NULL)
        return NULL;
    for (at = 0; at < len;) {
        at += cli_wide_decode(text + at, len - at, &c);
        if (c != L'\0')
            wide[count++] = c;
    }
    wide[count] = L'\0';
    return wide;
}

static char *put(char *p, uint32_t c)
{
    if (c >= BYTES && c <= BYTES + 0xFF) {
        *p++ = (char)(c - BYTES);
    } else if (c < 0x80) {
        *p++ = (char)c;
    } else if (c < 0x800) {
        *p++ = (char)(0xC0 | c >> 6);
        *p++ = (char)(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        *p++ = (char)(0xE0 | c >> 12);
        *p++ = (char)(0x80 | (c >> 6 & 0x3F));
        *p++ = (char)(0x80 | (c & 0x3F));
    } else {
        *p++ = (char)(0xF0 | c >> 18);
        *p++ = (char)(0x80 | (c >> 12 & 0x3F));
        *p++ = (char)(0x80 | (c >> 6 & 0x3F));
        *p++ = (char)(0x80 | (c & 0x3F));
    }
    return p;
}

char *cli_wide_text(const wchar_t *wide, size_t count)
{
    char *text = malloc(4 * count + 1), *p = text;
    size_t i;

    if (text == NULL)
        return NULL;
    for (i = 0; i < count; i++)
        p = put(p, (uint32_t)wide[i]);
    *p = '\0';
    return text;
}

size_t cli_wide_width(const wchar_t *wide, size_t count)
{
    size_t i, width = 0;

    for (i = 0; i < count; i++)
        width += (size_t)cli_char_width((uint32_t)wide[i]);
    return width;
}
