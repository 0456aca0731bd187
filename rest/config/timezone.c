/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * The shape of a time zone name as taosAdapter takes it, and what to write
 * instead of what it refuses. Knows neither the zones there are nor their rules.
 */
#include "config/options.h"

#include "base/text.h"

#include <string.h>

enum { NAME_MAX_BYTES = 64 };

/* How an offset was written, whatever stood before it. */
typedef struct offset {
    int west; /* of UTC */
    int hour;
    int minute;
} offset;

static int is_part_byte(int c)
{
    return tdri_is_alpha(c) || tdri_is_digit(c) || c == '_' || c == '-' || c == '+';
}

/* Area/Place and the like: parts that begin with a capital, as all names of the time zone database do. */
static int has_shape(const char *name, size_t len)
{
    size_t part = 0, i;

    for (i = 0; i < len; i++) {
        int c = (unsigned char)name[i];

        if (c == '/' && part > 0) {
            part = 0;
            continue;
        }
        if (!is_part_byte(c) || (part == 0 && (c < 'A' || c > 'Z')))
            return 0;
        part++;
    }
    return part > 0 && len <= NAME_MAX_BYTES;
}

/* Of hours behind "Etc/GMT": +0 ... +12, -0 ... -14, without leading zeros. */
static int is_etc_offset(const char *text, size_t len)
{
    int hour;

    if (len < 2 || len > 3 || !tdri_is_digit((unsigned char)text[1]))
        return 0;
    if (len == 2)
        return 1;
    hour = (text[1] - '0') * 10 + (text[2] - '0');
    return tdri_is_digit((unsigned char)text[2]) && hour >= 10 && hour <= (text[0] == '+' ? 12 : 14);
}

/* The first sign that an offset follows: `+`, or `-` before a digit; len when there is none. */
static size_t sign_at(const char *name, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++)
        if (name[i] == '+' || (name[i] == '-' && i + 1 < len && tdri_is_digit((unsigned char)name[i + 1])))
            return i;
    return len;
}

/* Of the names with a sign, the time zone database has Etc/GMT and, for zero alone, GMT. */
static int is_iana(const char *name, size_t len)
{
    static const char etc[] = "Etc/GMT";
    size_t sign = sign_at(name, len);

    if (!has_shape(name, len))
        return 0;
    if (sign == len)
        return 1;
    if (sign == sizeof etc - 1 && memcmp(name, etc, sign) == 0)
        return is_etc_offset(name + sign, len - sign);
    return len == 5 && memcmp(name, "GMT", 3) == 0 && name[4] == '0';
}

static int two_digits(const char *text)
{
    return tdri_is_digit((unsigned char)text[0]) && tdri_is_digit((unsigned char)text[1])
               ? (text[0] - '0') * 10 + (text[1] - '0') : -1;
}

/* [+-]H, HH, HHMM or HH:MM. */
static int read_offset(const char *text, size_t len, offset *out)
{
    size_t digits = 0;

    out->west = text[0] == '-';
    out->minute = 0;
    while (digits < len - 1 && tdri_is_digit((unsigned char)text[1 + digits]))
        digits++;
    if (len == 2 && digits == 1) {
        out->hour = text[1] - '0';
        return 1;
    }
    if (digits < 2 || (len != 3 && len != 5 && len != 6) || (len == 6 && text[3] != ':'))
        return 0;
    out->hour = two_digits(text + 1);
    out->minute = len == 3 ? 0 : two_digits(text + len - 2);
    return out->minute >= 0 && out->minute < 60;
}

/* An offset alone, or behind what people write for UTC. */
static int is_offset(const char *name, size_t len, offset *out)
{
    static const char *const before[] = {"", "UTC", "GMT", "Etc/UTC", "Z"};
    size_t sign = sign_at(name, len), i;

    if (sign == len)
        return 0;
    for (i = 0; i < sizeof before / sizeof before[0]; i++)
        if (tdri_text_is(name, sign, before[i]))
            return read_offset(name + sign, len - sign, out);
    return 0;
}

static int refuse_offset(const offset *at, const char *shown, tdrest_error *err)
{
    char sign = at->west ? '-' : '+';

    if (at->hour == 0 && at->minute == 0)
        return tdri_err_set(err, TDREST_EOPTION, "timezone: %s is an offset, not an IANA name; write UTC", shown);
    if (at->minute == 0 && at->hour <= (at->west ? 12 : 14))
        return tdri_err_set(err, TDREST_EOPTION, "timezone: %s is an offset, not an IANA name; for UTC%c%d write Etc/GMT%c%d "
                            "(its sign is reversed) or name the place, such as Asia/Shanghai",
                            shown, sign, at->hour, at->west ? '+' : '-', at->hour);
    return tdri_err_set(err, TDREST_EOPTION, "timezone: %s is an offset, and UTC%c%02d:%02d has no IANA name of its own; name the place, such as "
                        "Asia/Kolkata for UTC+05:30", shown, sign, at->hour, at->minute);
}

int tdri_timezone_check(const char *name, size_t len, tdrest_error *err)
{
    /* "Local" would be the adapter's own zone there. */
    static const char *const words[] = {"UTC", "GMT", "local", "server"};
    char shown[TDRI_SHOWN_ROOM];
    offset at;
    size_t i;

    for (i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (!tdri_text_is(name, len, words[i]))
            continue;
        return memcmp(name, words[i], len) == 0 ? TDREST_OK
               : tdri_err_set(err, TDREST_EOPTION, "timezone: names are case-sensitive; write %s, not %s", words[i],
                              tdri_opts_show(TDRI_OPT_TIMEZONE, name, len, shown));
    }
    if (tdri_text_is(name, len, "Z"))
        return tdri_err_set(err, TDREST_EOPTION, "timezone: %s is not an IANA name; write UTC", tdri_opts_show(TDRI_OPT_TIMEZONE, name, len, shown));
    if (is_iana(name, len))
        return TDREST_OK;
    if (is_offset(name, len, &at))
        return refuse_offset(&at, tdri_opts_show(TDRI_OPT_TIMEZONE, name, len, shown), err);
    return tdri_opts_refuse(TDRI_OPT_TIMEZONE, name, len, err);
}
