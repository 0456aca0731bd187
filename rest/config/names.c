/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Names folded and without backquotes. Knows no SQL beyond that. */
#include "config/names.h"

#include "base/text.h"

/* The next byte of the name behind *at, which moves; -1 at its end. */
static int next_byte(const char *written, size_t len, size_t *at)
{
    size_t quoted = len > 1 && written[0] == '`';
    char c;

    if (*at == 0)
        *at = quoted;
    if (*at >= len - quoted)
        return -1;
    c = written[(*at)++];
    *at += quoted && c == '`';
    return quoted ? (unsigned char)c : tdri_lower((unsigned char)c);
}

size_t tdri_name_bare(const char *written, size_t len, char *out)
{
    size_t at = 0, count = 0;

    for (int c; (c = next_byte(written, len, &at)) >= 0; count++)
        out[count] = (char)c;
    return count;
}

int tdri_name_is(const char *written, size_t written_len, const char *name, size_t len)
{
    size_t at = 0, i = 0;

    for (int c; (c = next_byte(written, written_len, &at)) >= 0; i++)
        if (i >= len || (unsigned char)name[i] != c)
            return 0;
    return i == len;
}
