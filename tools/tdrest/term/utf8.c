/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Characters of UTF-8: no surrogates, no overlong forms, at most U+10FFFF. Knows nothing of what they look like. */
#include "term/utf8.h"

size_t cli_utf8_decode(const char *text, size_t len, uint32_t *c)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *p = (const unsigned char *)text;
    size_t i, size = p[0] < 0x80 ? 1 : p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : p[0] >= 0xC0 ? 2 : 0;

    if (size == 0 || size > len || p[0] > 0xF4)
        return 0;
    *c = size == 1 ? p[0] : p[0] & (0xFFu >> (size + 1));
    for (i = 1; i < size; i++) {
        if ((p[i] & 0xC0) != 0x80)
            return 0;
        *c = *c << 6 | (p[i] & 0x3Fu);
    }
    return *c < least[size] || *c > 0x10FFFF || (*c >= 0xD800 && *c <= 0xDFFF) ? 0 : size;
}
