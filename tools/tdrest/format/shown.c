/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Long texts of unknown origin, made safe piece by piece. Knows no format. */
#include <string.h>

#include "format/shown.h"

#include "term/show.h"

enum { SLICE = 1024 };

void cli_put_shown(cli_output *out, const char *text, size_t len, cli_put *put)
{
    char shown[CLI_SHOW_ROOM(SLICE)];
    size_t n, back, width;

    for (; len != 0; text += n, len -= n) {
        n = len < SLICE ? len : SLICE;
        for (back = 0; n < len && back < 3 && (text[n - back] & 0xC0) == 0x80; back++)
            ;
        n -= back;
        (put == NULL ? cli_output_put : put)(out, shown, cli_show(text, n, CLI_NO_LIMIT, shown, &width));
    }
}

void cli_put_lines(cli_output *out, const char *text, size_t len, cli_put *put)
{
    size_t n;

    for (; len > 0; text += n, len -= n) {
        const char *lf = memchr(text, '\n', len);

        n = lf == NULL ? len : (size_t)(lf - text);
        cli_put_shown(out, text, n - (lf != NULL && n > 0 && text[n - 1] == '\r'), put);
        if (lf != NULL) {
            cli_output_text(out, "<br>");
            n++;
        }
    }
}
