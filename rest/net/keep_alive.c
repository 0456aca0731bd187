/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The header Keep-Alive. Knows nothing of connections. */
#include "net/keep_alive.h"

#include "base/text.h"
#include "net/header.h"

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
    static const char parameter[] = "timeout=";
    const size_t wide = sizeof parameter - 1;
    size_t at = 0;
    const char *value = tdri_header_value(line, len, "Keep-Alive", &len);

    while (value != NULL && at < len) {
        while (at < len && (value[at] == ' ' || value[at] == '\t' || value[at] == ','))
            at++;
        if (len - at > wide && tdri_text_is(value + at, wide, parameter))
            return read_seconds(value + at + wide, len - at - wide);
        while (at < len && value[at] != ',')
            at++;
    }
    return -1;
}
