/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Zones by name, and their offsets. They are read by the C library, which knows one zone at a time: that of the process, which is moved
 * from one to the other here.
 */
#include "zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Where a name would be in the database, and whether there is a zone. */
static int is_zone_file(const char *name)
{
    const char *folder = getenv("TZDIR");
    char path[512], magic[4] = "";
    FILE *file;
    int is = 0;

    if (folder == NULL || *folder == '\0')
        folder = "/usr/share/zoneinfo";
    if ((size_t)snprintf(path, sizeof path, "%s/%s", folder, name) >= sizeof path)
        return 0;
    file = fopen(path, "rb");
    if (file == NULL)
        return 0;
    is = fread(magic, 1, sizeof magic, file) == sizeof magic && memcmp(magic, "TZif", sizeof magic) == 0;
    fclose(file);
    return is;
}

static int leaves_folder(sbx_text name)
{
    if (name.p[0] == '/' || name.p[0] == '\\')
        return 1;
    for (size_t i = 1; i < name.len; i++)
        if (name.p[i] == '.' && name.p[i - 1] == '.')
            return 1;
    return 0;
}

int sbx_zone_find(sbx_text name, sbx_zone *zone, sbx_buf *why)
{
    *zone = SBX_UTC;
    /* The host of the sandbox's adapter is in UTC. */
    if (name.len == 0 || sbx_text_is(name, "UTC") || sbx_text_is(name, "Local"))
        return 1;
    if (leaves_folder(name)) {
        sbx_buf_text(why, "time: invalid location name");
        return 0;
    }
    if (name.len < sizeof zone->name && memchr(name.p, '\0', name.len) == NULL) {
        memcpy(zone->name, name.p, name.len);
        zone->name[name.len] = '\0';
        if (is_zone_file(zone->name))
            return 1;
        *zone = SBX_UTC;
    }
    sbx_buf_text(why, "unknown time zone ");
    sbx_buf_put(why, name.p, name.len);
    return 0;
}

/* Makes it the zone of the process. The colon says that it is a file, whatever it looks like. */
static void move_to(const sbx_zone *zone)
{
    static char current[sizeof zone->name];
    char value[sizeof zone->name + 1];

    if (strcmp(current, zone->name) == 0)
        return;
    snprintf(value, sizeof value, ":%s", zone->name);
    setenv("TZ", value, 1);
    tzset();
    memcpy(current, zone->name, sizeof current);
}

int sbx_zone_offset(const sbx_zone *zone, int64_t second)
{
    time_t t = (time_t)second;
    struct tm tm;
    int64_t days;

    if (strcmp(zone->name, "UTC") == 0)
        return 0;
    move_to(zone);
    if (localtime_r(&t, &tm) == NULL)
        return 0;
    days = sbx_date_days((sbx_date){(int64_t)tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday});
    return (int)(days * SBX_DAY_SECONDS + tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec - second);
}

int sbx_zone_instant(const sbx_zone *zone, int64_t local, int64_t *second)
{
    /* No zone changes twice within two days. */
    int64_t early = local - sbx_zone_offset(zone, local - SBX_DAY_SECONDS);
    int64_t late = local - sbx_zone_offset(zone, local + SBX_DAY_SECONDS);
    int64_t first = early < late ? early : late, last = early < late ? late : early;

    *second = first;
    if (first + sbx_zone_offset(zone, first) == local)
        return 1;
    *second = last;
    return last + sbx_zone_offset(zone, last) == local;
}

int64_t sbx_time_scale(int from, int to)
{
    int64_t scale = 1;

    for (; from < to; from++)
        scale *= 10;
    return scale;
}
