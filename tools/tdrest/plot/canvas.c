/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A drawing made of characters. Knows nothing of times and numbers. */
#include "plot/canvas.h"

#include <stdio.h>
#include <string.h>

#include "term/color.h"

void cli_canvas_init(cli_canvas *c, size_t columns, size_t rows, int braille)
{
    memset(c, 0, sizeof *c);
    c->columns = columns < CLI_CANVAS_COLUMNS ? columns : CLI_CANVAS_COLUMNS;
    c->rows = rows < CLI_CANVAS_ROWS ? rows : CLI_CANVAS_ROWS;
    c->braille = braille;
}

size_t cli_canvas_width(const cli_canvas *c)
{
    return c->braille ? 2 * c->columns : c->columns;
}

size_t cli_canvas_height(const cli_canvas *c)
{
    return c->braille ? 4 * c->rows : c->rows;
}

void cli_canvas_dot(cli_canvas *c, size_t x, size_t y, size_t series)
{
    static const unsigned char bits[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    size_t column = c->braille ? x / 2 : x, row = c->braille ? y / 4 : y;

    if (column >= c->columns || row >= c->rows)
        return;
    c->dots[row][column] |= c->braille ? bits[y % 4][x % 2] : 1;
    c->owner[row][column] = (unsigned char)(series + 1);
}

/* Bresenham's line. */
void cli_canvas_line(cli_canvas *c, size_t x0, size_t y0, size_t x1, size_t y1, size_t series)
{
    long x = (long)x0, y = (long)y0, dx = (long)x1 - x, dy = (long)y1 - y, sx = dx < 0 ? -1 : 1, sy = dy < 0 ? -1 : 1, error, twice;

    dx = dx < 0 ? -dx : dx;
    dy = dy < 0 ? -dy : dy;
    for (error = dx - dy;;) {
        cli_canvas_dot(c, (size_t)x, (size_t)y, series);
        if (x == (long)x1 && y == (long)y1)
            return;
        twice = 2 * error;
        if (twice > -dy) {
            error -= dy;
            x += sx;
        }
        if (twice < dx) {
            error += dx;
            y += sy;
        }
    }
}

char cli_canvas_mark(size_t series)
{
    return "*+ox#@%&=~"[series % 10];
}

/* Of the 256 colors those that can be read on dark and on light. */
void cli_canvas_color(cli_output *out, size_t series)
{
    static const int colors[] = {33, 166, 35, 162, 97, 136, 37, 160, 102, 64};
    char text[24];

    snprintf(text, sizeof text, "\033[38;5;%dm", colors[series % 10]);
    cli_output_text(out, text);
}

static void put_cell(const cli_canvas *c, cli_output *out, size_t row, size_t column)
{
    unsigned dots = c->dots[row][column];
    char text[4] = {(char)0xE2, (char)(0xA0 | dots >> 6), (char)(0x80 | (dots & 0x3F)), '\0'}; /* U+2800 and dots */

    if (!c->braille)
        cli_output_char(out, dots == 0 ? ' ' : cli_canvas_mark(c->owner[row][column] - 1u));
    else
        cli_output_text(out, text);
}

void cli_canvas_put(const cli_canvas *c, cli_output *out, size_t row, int color)
{
    size_t i, end = c->columns;
    unsigned owner = 0;

    while (end > 0 && c->dots[row][end - 1] == 0)
        end--;
    for (i = 0; i < end; i++) {
        if (color && c->owner[row][i] != 0 && c->owner[row][i] != owner) {
            owner = c->owner[row][i];
            cli_canvas_color(out, owner - 1);
        }
        put_cell(c, out, row, i);
    }
    if (owner != 0)
        cli_output_text(out, CLI_PLAIN);
}
