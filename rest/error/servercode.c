/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Class, repeat and other facts of the server's error codes. Knows neither names nor texts; those are the tool's. */
#include "error/servercode.h"

/* Sorted: the code in the upper half, class and repeat in the two bytes below. */
static const uint32_t table[] = {
#define X(code, cls, repeat) ((uint32_t)(code) << 16 | (uint32_t)TDREST_CLASS_##cls << 8 | (uint32_t)TDREST_REPEAT_##repeat),
#include "error/servercode_table.inc"
#undef X
};

enum { COUNT = sizeof table / sizeof table[0] };

_Static_assert(sizeof table <= 4096, "the table is to be small");

int tdri_servercode_get(int code, int *cls, int *repeat)
{
    size_t low = 0, high = COUNT;

    *cls = TDREST_CLASS_NONE;
    *repeat = TDREST_REPEAT_NO;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int found = (int)(table[middle] >> 16);

        if (found == code) {
            *cls = (int)(table[middle] >> 8 & 0xff);
            *repeat = (int)(table[middle] & 0xff);
            return 1;
        }
        if (found < code)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

/*
 * Kept by hand. What is not here may have run, blames nobody, and is the same on every host. Sources: taosAdapter checks parameters, login and
 * body before it hands anything on; its client library parses a statement, and all lines of a request, to the end before anything is written; a
 * server that says that it is starting (0x0130) had written nothing when it was killed under load, while one that could not be reached
 * (0x000B) had. The one management node decides alone, before it begins: its codes that may be repeated did not run. Of the nodes that write
 * each decides for itself, so that their codes (0x0528, 0x0916, ...) are not here.
 * 0x0200 may blame a row's table as well as a missing database, so it does not count as a value's. 0x0003 may also be an error of the adapter's
 * system, and 0xFFFE comes with status 503 only.
 */
static const struct fact {
    uint16_t first, last;
    int what;
} facts[] = {
    /* the adapter: login and body */
    {0x1105, 0x1107, TDRI_SQL_NOT_RUN | TDRI_LINES_NOT_RUN},
    {0x110a, 0x110a, TDRI_SQL_NOT_RUN | TDRI_LINES_NOT_RUN},
    {0x1121, 0x1125, TDRI_SQL_NOT_RUN | TDRI_LINES_NOT_RUN},
    /* the login: refused address, user name, password, user */
    {0x0134, 0x0134, TDRI_SQL_NOT_RUN | TDRI_LINES_NOT_RUN | TDRI_BAD_LOGIN},
    {0x0207, 0x0208, TDRI_SQL_NOT_RUN | TDRI_LINES_NOT_RUN},
    {0x0315, 0x0315, TDRI_SQL_NOT_RUN | TDRI_LINES_NOT_RUN | TDRI_BAD_LOGIN},
    {0x0351, 0x0351, TDRI_SQL_NOT_RUN | TDRI_LINES_NOT_RUN | TDRI_BAD_LOGIN},
    {0x0357, 0x0357, TDRI_SQL_NOT_RUN | TDRI_LINES_NOT_RUN | TDRI_BAD_LOGIN},
    /* the way to the server */
    {0x000b, 0x000b, TDRI_OTHER_HOST},
    {0x0020, 0x0020, TDRI_OTHER_HOST},
    {0x0130, 0x0130, TDRI_SQL_NOT_RUN | TDRI_LINES_NOT_RUN | TDRI_OTHER_HOST},
    {0x0131, 0x0131, TDRI_OTHER_HOST},
    {0x090c, 0x090c, TDRI_OTHER_HOST},
    /* parsing a statement */
    {0x013d, 0x013d, TDRI_SQL_NOT_RUN | TDRI_BAD_VALUE},
    {0x0200, 0x0200, TDRI_SQL_NOT_RUN},
    {0x0216, 0x0216, TDRI_SQL_NOT_RUN | TDRI_BAD_VALUE},
    {0x0217, 0x0217, TDRI_SQL_NOT_RUN | TDRI_NO_DATABASE},
    {0x0219, 0x0219, TDRI_SQL_NOT_RUN},
    {0x2600, 0x26ff, TDRI_SQL_NOT_RUN},
    {0x2616, 0x2616, TDRI_NO_DATABASE},
    {0x2605, 0x2605, TDRI_BAD_VALUE}, /* type of a literal */
    {0x2653, 0x2653, TDRI_BAD_VALUE}, /* too long for its column */
    {0x266a, 0x266a, TDRI_BAD_VALUE}, /* VARBINARY */
    {0x267b, 0x267c, TDRI_BAD_VALUE}, /* no primary key */
    /* parsing lines: times, values, names, syntax, keys, JSON, its types, keys twice */
    {0x0127, 0x0127, TDRI_LINES_NOT_RUN | TDRI_BAD_VALUE},
    {0x0203, 0x0203, TDRI_LINES_NOT_RUN | TDRI_BAD_VALUE},
    {0x020a, 0x020a, TDRI_LINES_NOT_RUN | TDRI_BAD_VALUE},
    {0x021b, 0x021b, TDRI_LINES_NOT_RUN | TDRI_BAD_VALUE},
    {0x021f, 0x021f, TDRI_LINES_NOT_RUN | TDRI_BAD_VALUE},
    {0x0221, 0x0222, TDRI_LINES_NOT_RUN | TDRI_BAD_VALUE},
    {0x0224, 0x0224, TDRI_BAD_VALUE},
    {0x070f, 0x070f, TDRI_LINES_NOT_RUN}, /* an empty array */
    {0x263c, 0x263c, TDRI_LINES_NOT_RUN | TDRI_BAD_VALUE},
    {0x263d, 0x263e, TDRI_BAD_VALUE}, /* tags, or a row, too long in all */
    {0x2642, 0x2642, TDRI_BAD_VALUE}, /* a text too long */
    {0x3000, 0x3001, TDRI_LINES_NOT_RUN},
    {0x3002, 0x3002, TDRI_LINES_NOT_RUN | TDRI_BAD_VALUE},
    {0x3003, 0x3003, TDRI_LINES_NOT_RUN},
    {0x3004, 0x3004, TDRI_LINES_NOT_RUN | TDRI_BAD_VALUE},
    /* the management node */
    {0x0300, 0x0300, TDRI_SQL_NOT_RUN | TDRI_LINES_NOT_RUN},
    {0x032c, 0x032c, TDRI_SQL_NOT_RUN | TDRI_LINES_NOT_RUN},
    {0x0386, 0x0386, TDRI_SQL_NOT_RUN | TDRI_LINES_NOT_RUN},
    {0x0388, 0x0388, TDRI_SQL_NOT_RUN | TDRI_LINES_NOT_RUN | TDRI_NO_DATABASE},
    {0x0396, 0x0396, TDRI_SQL_NOT_RUN | TDRI_LINES_NOT_RUN},
    {0x03d3, 0x03d3, TDRI_SQL_NOT_RUN | TDRI_LINES_NOT_RUN},
    {0x03d9, 0x03d9, TDRI_SQL_NOT_RUN | TDRI_LINES_NOT_RUN},
    /* the nodes that write: a row's time, beside which others may be stored */
    {0x060b, 0x060b, TDRI_BAD_VALUE},
};

int tdri_servercode_facts(int code)
{
    int what = 0;

    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
        if (code >= facts[i].first && code <= facts[i].last)
            what |= facts[i].what;
    return what;
}

int tdri_servercode_blames_row(const tdrest_error *err)
{
    return err->code == TDREST_ESERVER && (tdri_servercode_facts(err->server_code) & TDRI_BAD_VALUE) != 0;
}

size_t tdri_servercode_count(void)
{
    return COUNT;
}
