/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Long answers for tests of Arrow: columns of several types, NULLs among them. */
#include "arrow_rows.h"

#include "dial.h"

#define HEAD(columns) "{\"code\":0,\"column_meta\":[" columns "],\"data\":["

static const char head[] = HEAD("[\"ts\",\"TIMESTAMP\",8],[\"b\",\"BOOL\",1],[\"i\",\"INT\",4],[\"d\",\"DOUBLE\",8],[\"v\",\"VARCHAR\",20],"
                                "[\"n\",\"NCHAR\",8],[\"x\",\"VARBINARY\",8],[\"m\",\"DECIMAL(12,3)\",16]");

/* One row of the long answer, with a NULL now and then in each column but the first. */
static size_t put_row(char *out, size_t cap, int row)
{
    char cell[TDRT_ARROW_COLUMNS][48];
    size_t at = 0;

    snprintf(cell[0], sizeof cell[0], "\"2024-01-01T%02d:%02d:%02d.%03dZ\"", row / 3600000 % 24, row / 60000 % 60, row / 1000 % 60, row % 1000);
    snprintf(cell[1], sizeof cell[1], "%s", row % 3 == 0 ? "true" : "false");
    snprintf(cell[2], sizeof cell[2], "%d", row - 5000);
    snprintf(cell[3], sizeof cell[3], "%d.25", row);
    snprintf(cell[4], sizeof cell[4], "\"%.*s\"", row % 40, "0123456789abcdefghijklmnopqrstuvwxyz+-*/");
    snprintf(cell[5], sizeof cell[5], "\"%s\"", row % 2 == 0 ? "\xe6\xb1\x89" : "");
    snprintf(cell[6], sizeof cell[6], "\"%02x\"", (unsigned)row & 0xff);
    snprintf(cell[7], sizeof cell[7], "\"-%d.125\"", row);
    for (int i = 1; i < TDRT_ARROW_COLUMNS; i++)
        if ((row + i) % 11 == 0)
            snprintf(cell[i], sizeof cell[i], "null");
    for (int i = 0; i < TDRT_ARROW_COLUMNS; i++)
        at += (size_t)snprintf(out + at, cap - at, "%s%s", i == 0 ? row == 0 ? "[" : ",[" : ",", cell[i]);
    return at + (size_t)snprintf(out + at, cap - at, "]");
}

int tdrt_arrow_rows(const tdrt_visit *visit)
{
    static char chunk[65536];
    int rows = atoi(visit->sql + 5);
    size_t at = 0;

    if (tdrt_starts(visit, "three"))
        return tdrt_send_three(visit);
    if (!tdrt_send(visit, TDRT_HEAD_CHUNKED, 0) || !tdrt_send_chunk(visit, head, 0))
        return 0;
    for (int row = 0; row < rows; row++) {
        at += put_row(chunk + at, sizeof chunk - at, row);
        if (at > sizeof chunk - 512 && !tdrt_send_chunk(visit, chunk, at))
            return 0;
        at = at > sizeof chunk - 512 ? 0 : at;
    }
    if (at > 0 && !tdrt_send_chunk(visit, chunk, at))
        return 0;
    if (tdrt_starts(visit, "cut"))
        return 0;
    snprintf(chunk, sizeof chunk, "],\"rows\":%d}", rows);
    return tdrt_send_chunk(visit, chunk, 0) && tdrt_send_end(visit);
}
