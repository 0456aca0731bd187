/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The header Keep-Alive. Knows nothing of connections. */
#include "net/keep_alive.h"

#include "base/text.h"

/* The number at the text's begin, with nothing but the parameter's end behind it. -1: it is none. */
static int64_t read_seconds(const char *text, size_t len)
{
    int64_t seconds = 0;
    size_t at = 0;

    for (; at < len && tdri_is_digit((unsigned char)text[at]); at++)
        if (seconds < TDRI_KEEP_ALIVE_MAX_S)
            seconds = seconds * 10 + (text[at] - '0');
    if (at == 0 || (at < len && text[at] > ' ' && text[at] != ','))
        return -1;
    return seconds < TDRI_KEEP_ALIVE_MAX_S ? seconds : TDRI_KEEP_ALIVE_MAX_S;
}

int64_t tdri_keep_alive_s(const char *line, size_t len)
{
    static const char name[] = "Keep-Alive:", parameter[] = "timeout=";
    const size_t wide = sizeof parameter - 1;
    size_t at = sizeof name - 1;

    if (len < at || !tdri_text_is(line, at, name))
        return -1;
    while (at < len) {
        while (at < len && (line[at] == ' ' || line[at] == '\t' || line[at] == ','))
            at++;
        if (len - at > wide && tdri_text_is(line + at, wide, parameter))
            return read_seconds(line + at + wide, len - at - wide);
        while (at < len && line[at] != ',')
            at++;
    }
    return -1;
}
