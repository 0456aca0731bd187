/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Texts read as times. */
#ifndef CLI_TIMES_H
#define CLI_TIMES_H

#include <stddef.h>
#include <stdint.h>

/* How times are written, and what they become. */
typedef struct cli_times {
    int precision;      /* of the database: TDREST_MS, TDREST_US, TDREST_NS */
    int unit;           /* of whole numbers: the same, or TDREST_SECOND */
    const char *format; /* of --time-format; NULL: RFC 3339, or a whole number */
    const char *zone;   /* of times without an offset: an IANA name, "local"; NULL: they are refused */
    int is_utc;
    int64_t naive;      /* how many had no offset */
} cli_times;

/* zone: the connection's option. CLI_OK; or the zone's file is not there, which is told. */
int cli_times_zone(cli_times *t, const char *zone);

/* NULL and the time in units of the database; or what is wrong with it. */
const char *cli_times_read(cli_times *t, const char *text, size_t len, int64_t *value);

/* The time as RFC 3339, of at most 40 bytes. */
void cli_times_show(int64_t value, int precision, char text[48]);

#endif
