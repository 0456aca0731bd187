/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Bytes of unknown origin as text that is safe on a terminal. Knows nothing of results and output. */
#include "term/show.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "term/utf8.h"
#include "term/width.h"

/* Would the character do something to a terminal instead of being seen? */
static int is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x061C || c == 0x200E || c == 0x200F ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

static size_t escape(uint32_t c, char out[8])
{
    static const char letters[] = "abtnvfr"; /* 7 to 13 */

    if (c >= 7 && c <= 13)
        return (size_t)snprintf(out, 8, "\\%c", letters[c - 7]);
    return (size_t)snprintf(out, 8, c < 0x80 ? "\\x%02x" : "\\u%04x", (unsigned)c);
}

/* The next piece of text as it is shown: where it is, its bytes and columns. Returns the bytes of text it stands for. */
static size_t next_piece(const char *text, size_t len, char buffer[8], const char **piece, size_t *bytes, size_t *columns)
{
    uint32_t c;
    size_t size = cli_utf8_decode(text, len, &c);

    if (size != 0 && !is_control(c)) {
        *piece = text;
        *bytes = size;
        *columns = (size_t)cli_char_width(c);
        return size;
    }
    *bytes = size != 0 ? escape(c, buffer) : (size_t)snprintf(buffer, 8, "\\x%02x", (unsigned)(unsigned char)text[0]);
    *piece = buffer;
    *columns = *bytes;
    return size == 0 ? 1 : size;
}

size_t cli_fit(const char *text, size_t len, size_t limit, size_t *width)
{
    char buffer[8];
    const char *piece;
    size_t at = 0, step, bytes, columns;

    for (*width = 0; at < len; at += step, *width += columns) {
        step = next_piece(text + at, len - at, buffer, &piece, &bytes, &columns);
        if (columns > limit - *width)
            break;
    }
    return at;
}

size_t cli_show(const char *text, size_t len, size_t limit, char *out, size_t *width)
{
    char buffer[8];
    const char *piece;
    size_t at, used = 0, bytes, columns;

    *width = 0;
    for (at = 0; at < len;) {
        at += next_piece(text + at, len - at, buffer, &piece, &bytes, &columns);
        if (columns > limit - *width) {
            used = limit == 0 ? 0 : cli_fit(out, used, limit - 1, width);
            memcpy(out + used, "\xE2\x80\xA6", limit == 0 ? 0 : 3);
            *width += limit == 0 ? 0 : 1;
            return used + (limit == 0 ? 0 : 3);
        }
        memcpy(out + used, piece, bytes);
        used += bytes;
        *width += columns;
    }
    return used;
}

const char *cli_quoted(const char *text, size_t len, char out[CLI_QUOTED_ROOM])
{
    size_t width, used;

    out[0] = '\'';
    used = 1 + cli_show(text, len < CLI_QUOTED_BYTES ? len : CLI_QUOTED_BYTES, CLI_QUOTED_COLUMNS, out + 1, &width);
    memcpy(out + used, "'", 2);
    return out;
}
