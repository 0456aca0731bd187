/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Header lines. Knows no header by name. */
#include "net/header.h"

#include "base/text.h"

#include <string.h>

int tdri_header_begins(const char *line, size_t len)
{
    static const char status[] = "HTTP/";

    return len >= sizeof status - 1 && memcmp(line, status, sizeof status - 1) == 0;
}

const char *tdri_header_value(const char *line, size_t len, const char *name, size_t *value_len)
{
    size_t at = strlen(name);

    if (len <= at || line[at] != ':' || !tdri_text_is(line, at, name))
        return NULL;
    at++;
    while (at < len && (line[at] == ' ' || line[at] == '\t'))
        at++;
    while (len > at && strchr(" \t\r\n", line[len - 1]) != NULL)
        len--;
    *value_len = len - at;
    return line + at;
}
