/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Text within HTML and SVG. */
#include "term/escape.h"

void cli_put_html(cli_output *out, const char *text, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++) {
        switch (text[i]) {
        case '<': cli_output_text(out, "&lt;"); break;
        case '>': cli_output_text(out, "&gt;"); break;
        case '&': cli_output_text(out, "&amp;"); break;
        case '"': cli_output_text(out, "&quot;"); break;
        case '\'': cli_output_text(out, "&#39;"); break;
        default: cli_output_char(out, text[i]); break;
        }
    }
}
