/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Proves the reading of times in every zone: standard input has the lines of tests/proof/zones.py, "ZONE TEXT SECOND". Each text is decoded as
 * a cell of an answer in that zone, whose file is found as ever (TZDIR); its value is to be that second. Lines that begin with # are repeated.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer/decode.h"
#include "client/conn.h"

enum { REPORTED = 20, LINE = 256 };

/* What is to come of a text. */
typedef struct row {
    int64_t second;
    int zone_min; /* 0 where the offset had seconds, as the value is then one in UTC */
} row;

/* One zone. */
typedef struct zone_lines {
    char name[64];
    tdri_zone zone;
    char *body;        /* the answer: rows of one cell */
    size_t len, cap;
    row *rows;
    size_t count;
} zone_lines;

static int64_t passed, failed;
static int zones;

static void check(int good, const char *zone, int64_t second, const char *what, int64_t seen)
{
    passed += good != 0;
    failed += good == 0;
    if (!good && failed <= REPORTED)
        fprintf(stderr, "%s, %" PRId64 ": %s %" PRId64 "\n", zone, second, what, seen);
}

static void add(zone_lines *z, const char *text)
{
    size_t len = strlen(text);

    if (z->len + len + 1 > z->cap) {
        z->cap = (z->len + len) * 2 + 4096;
        z->body = (char *)realloc(z->body, z->cap);
    }
    if (z->body == NULL)
        abort();
    memcpy(z->body + z->len, text, len + 1);
    z->len += len;
}

/* Its rows are those from *at on. */
static void check_block(zone_lines *z, const tdrest_block *block, size_t *at)
{
    const tdrest_column *c = tdrest_block_column(block, 0);

    for (int64_t i = 0; i < c->count; i++, (*at)++) {
        const int64_t value = ((const int64_t *)c->values)[i];
        const row *expected = &z->rows[*at];

        check(value == expected->second * 1000, z->name, expected->second, "read as", value / 1000);
        check(c->zone_min[i] == expected->zone_min, z->name, expected->second, "its minutes are", c->zone_min[i]);
    }
}

static void check_zone(zone_lines *z)
{
    const tdri_decode_limits limits = {131072, 4096};
    tdri_decode decode;
    tdrest_error err;
    char tail[64];
    size_t seen = 0;

    snprintf(tail, sizeof tail, "],\"rows\":%zu}", z->count);
    add(z, tail);
    tdri_err_reset(&err);
    tdri_decode_init(&decode, &tdri_mem_default, &limits);
    decode.zone = &z->zone;
    for (size_t at = 0; at < z->len && decode.state != TDRI_BROKEN;) {
        at += tdri_decode_feed(&decode, z->body + at, z->len - at, &err);
        tdri_block_publish(&decode.block);
        check_block(z, &decode.block, &seen);
        tdri_decode_recycle(&decode);
    }
    if (tdri_decode_end(&decode, &err) != TDREST_OK)
        fprintf(stderr, "%s: %s\n", z->name, err.message);
    check(seen == z->count, z->name, seen < z->count ? z->rows[seen].second : 0, "read no further than row", (int64_t)seen);
    check(z->zone.count > 0, z->name, 0, "its file is not read", 0);
    tdri_decode_clear(&decode);
    zones++;
}

static void begin(zone_lines *z, const char *name)
{
    snprintf(z->name, sizeof z->name, "%s", name);
    tdri_zone_init(&z->zone);
    if (tdri_zone_load(&z->zone, &tdri_mem_default, name) != TDREST_OK)
        abort();
    z->len = z->count = 0;
    add(z, "{\"code\":0,\"column_meta\":[[\"t\",\"TIMESTAMP\",8]],\"data\":[");
}

static void end(zone_lines *z)
{
    if (z->name[0] != '\0')
        check_zone(z);
    tdri_zone_clear(&z->zone, &tdri_mem_default);
}

static void take_line(zone_lines *z, const char *name, const char *text, int64_t second)
{
    tdri_moment moment;
    char cell[128];

    if (!tdri_utc_parse(text, strlen(text), &moment))
        abort();
    if (strcmp(name, z->name) != 0) {
        end(z);
        begin(z, name);
    }
    snprintf(cell, sizeof cell, "%s[\"%s\"]", z->count == 0 ? "" : ",", text);
    add(z, cell);
    z->rows = (row *)realloc(z->rows, (z->count + 1) * sizeof *z->rows);
    if (z->rows == NULL)
        abort();
    z->rows[z->count].second = second;
    z->rows[z->count++].zone_min = moment.second == second ? moment.zone_min : 0;
}

int main(void)
{
    zone_lines z = {.name = ""};
    char line[LINE], name[64], text[64];
    int64_t second;

    while (fgets(line, sizeof line, stdin) != NULL) {
        if (line[0] == '#')
            fputs(line, stdout);
        else if (sscanf(line, "%63s %63s %" SCNd64, name, text, &second) == 3)
            take_line(&z, name, text, second);
        else
            check(0, line, 0, "is no line of an input", 0);
    }
    end(&z);
    free(z.body);
    free(z.rows);
    printf("%d zones\n%" PRId64 " passed, %" PRId64 " failed\n", zones, passed, failed);
    return failed != 0 || zones == 0;
}
