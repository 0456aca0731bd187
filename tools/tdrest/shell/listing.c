/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Choices shown below the line that is being typed. */
#include "shell/listing.h"

#include <stdlib.h>
#include <string.h>

#include "term/show.h"

size_t cli_listing_common(const cli_choices *choices)
{
    const char *first = choices->words[0];
    size_t i, common = strlen(first);

    for (i = 1; i < choices->count; i++) {
        size_t n = 0;

        while (n < common && first[n] == choices->words[i][n])
            n++;
        common = n;
    }
    while (common > 0 && ((unsigned char)first[common] & 0xC0) == 0x80) /* not within a character */
        common--;
    return common;
}

/* A word made safe, in at most `room` columns. */
static size_t put_word(FILE *out, const char *word, size_t room)
{
    size_t len = strlen(word), width = 0;
    char shown[CLI_SHOW_ROOM(256)];

    len = cli_show(word, len > 256 ? 256 : len, room, shown, &width);
    fwrite(shown, 1, len, out);
    return width;
}

void cli_listing_put(FILE *out, const cli_choices *choices, cli_size size)
{
    size_t i, k, widest = 1, columns = size.columns == 0 ? 80 : size.columns, across, down, most = size.rows > 4 ? size.rows - 3 : 1, shown;

    for (i = 0; i < choices->count; i++)
        if (strlen(choices->words[i]) + 2 > widest)
            widest = strlen(choices->words[i]) + 2;
    widest = widest > columns - 1 ? columns - 1 : widest;
    across = (columns - 1) / widest;
    across = across == 0 ? 1 : across;
    shown = choices->count > across * most ? across * most : choices->count;
    down = (shown + across - 1) / across;
    for (i = 0; i < down; i++) {
        for (k = i; k < shown; k += down) {
            size_t width = put_word(out, choices->words[k], widest);

            for (; width < widest && k + down < shown; width++)
                fputc(' ', out);
        }
        fputc('\n', out);
    }
    if (shown < choices->count)
        fprintf(out, "... and %zu more\n", choices->count - shown);
}
