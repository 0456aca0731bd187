/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* UTF-8 as the server takes it, for judges that must not ask the library. */
#ifndef TDRT_UTF8_H
#define TDRT_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* 1 when text is UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF. */
static inline int tdrt_is_utf8(const char *text, size_t len)
{
    const unsigned char *p = (const unsigned char *)text;

    for (size_t i = 0, more; i < len; i += more + 1) {
        uint32_t c = p[i];

        more = c < 0x80 ? 0 : c >= 0xc2 && c < 0xe0 ? 1 : c >= 0xe0 && c < 0xf0 ? 2 : c >= 0xf0 && c < 0xf5 ? 3 : 9;
        if (more == 9 || i + more >= len)
            return 0;
        c &= more == 0 ? 0x7f : 0x3fu >> more;
        for (size_t k = 1; k <= more; k++) {
            if ((p[i + k] & 0xc0) != 0x80)
                return 0;
            c = c << 6 | (p[i + k] & 0x3f);
        }
        if ((more == 2 && c < 0x800) || (more == 3 && (c < 0x10000 || c > 0x10ffff)) || (c >= 0xd800 && c < 0xe000))
            return 0;
    }
    return 1;
}

#endif
