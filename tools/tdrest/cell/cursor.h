/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * The rows of a result for formats that write millions of them: types are told apart once for each column and block, and what a block holds
 * as it is to be written is taken from there without a call.
 */
#ifndef CLI_CURSOR_H
#define CLI_CURSOR_H

#include "cell/cell.h"

enum { CLI_TIME_ROOM = 48 };

/* Where the text of a value comes from. */
enum cli_way {
    CLI_WAY_PUT,  /* cli_cursor_put */
    CLI_WAY_HELD, /* the block holds it */
    CLI_WAY_ASKED /* the library makes it */
};

/* One column. */
typedef struct cli_lane {
    enum cli_way way;
    enum cli_look look;
    int type;                  /* TDREST_TYPE_... */
    const tdrest_column *data; /* of the block at hand */
    int64_t day;               /* of the time in room; */
    int zone_min;
    int whole_day;             /* 1: other times of that day differ in its hours, minutes, seconds and fraction only */
    int fixed;                 /* 1: fractions are as long as the precision, even where zeros could be left out; 0: not known */
    size_t len;
    char room[CLI_TIME_ROOM];  /* the text of that time */
    char other[CLI_TIME_ROOM]; /* what other texts are made in */
} cli_lane;

typedef struct cli_cursor {
    cli_result *res;
    cli_lane *lanes;
    size_t count;
    int64_t row;  /* in the block */
    int64_t rows; /* of the block */
} cli_cursor;

/* TDREST_ROW, or TDREST_ENOMEM; cli_cursor_close is due in either case. */
int cli_cursor_open(cli_cursor *c, const cli_sink *sink, cli_result *res);
void cli_cursor_close(cli_cursor *c);

/* As cli_next. */
int cli_cursor_next(cli_cursor *c, cli_sink *sink, cli_written *written);

/* Has the column a value in this row? */
static inline int cli_cursor_has(const cli_cursor *c, size_t column)
{
    return c->lanes[column].data->validity[c->row >> 3] >> (c->row & 7) & 1;
}

/* Writes a value of CLI_WAY_PUT at p, which has CLI_TIME_ROOM bytes; behind it, or NULL: it must be asked for. */
char *cli_cursor_put(cli_cursor *c, size_t column, char *p);

/* A value as text, as cli_cell has it; it lasts until the next one of the same column. */
int cli_cursor_text(cli_cursor *c, size_t column, const char **text, size_t *len);

#endif
