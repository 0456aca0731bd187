/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Reading Retry-After. The three forms of a date in HTTP are libcurl's to read. Knows nothing of exchanges. */
#include "net/retry_after.h"

#include "base/text.h"
#include "net/header.h"

#include <curl/curl.h>
#include <string.h>
#include <time.h>

enum { VALUE_MAX = TDRI_RETRY_AFTER_TEXT };

void tdri_retry_after_reset(tdri_retry_after *retry)
{
    retry->delay_ms = retry->until = -1;
    retry->date[0] = '\0';
}

/* The value of the header when the line is that header: without zeros before a number, NUL-terminated, cut where it is long. */
static int value_of(const char *line, size_t len, const char *name, char value[VALUE_MAX])
{
    const char *p = tdri_header_value(line, len, name, &len);

    if (p == NULL)
        return 0;
    for (; len > 1 && *p == '0' && tdri_is_digit((unsigned char)p[1]); p++)
        len--;
    len = len < VALUE_MAX ? len : VALUE_MAX - 1;
    memcpy(value, p, len);
    value[len] = '\0';
    return 1;
}

/* Seconds; -1 when they are none. Some send a fraction, which counts as one more. */
static int64_t read_delay_ms(const char *value)
{
    int64_t ms = 0;

    if (!tdri_is_digit((unsigned char)*value))
        return -1;
    for (; tdri_is_digit((unsigned char)*value); value++)
        ms = ms >= TDRI_RETRY_AFTER_MAX_MS / 10 ? TDRI_RETRY_AFTER_MAX_MS : ms * 10 + (*value - '0') * 1000;
    if (*value == '.' && tdri_is_digit((unsigned char)value[1])) {
        ms += 1000;
        for (value++; tdri_is_digit((unsigned char)*value); value++)
            ;
    }
    if (*value != '\0')
        return -1;
    return ms < TDRI_RETRY_AFTER_MAX_MS ? ms : TDRI_RETRY_AFTER_MAX_MS;
}

/* Seconds since 1970; -1 when it is no date. libcurl takes some numbers for dates, HTTP does not. */
static int64_t read_date(const char *value)
{
    return tdri_is_digit((unsigned char)*value) || *value == '-' ? -1 : (int64_t)curl_getdate(value, NULL);
}

void tdri_retry_after_note(tdri_retry_after *retry, const char *line, size_t len)
{
    char value[VALUE_MAX];

    if (tdri_header_begins(line, len)) {
        tdri_retry_after_reset(retry);
    } else if (value_of(line, len, "date", retry->date)) {
        return;
    } else if (value_of(line, len, "retry-after", value)) {
        int64_t delay_ms = read_delay_ms(value), until = delay_ms < 0 ? read_date(value) : -1;

        retry->delay_ms = delay_ms > retry->delay_ms ? delay_ms : retry->delay_ms;
        retry->until = until > retry->until ? until : retry->until;
    }
}

int64_t tdri_retry_after_ms(const tdri_retry_after *retry)
{
    int64_t from, ms = -1;

    if (retry->until >= 0) {
        from = read_date(retry->date);
        from = from >= 0 ? from : (int64_t)time(NULL);
        ms = retry->until <= from ? 0 : retry->until - from < TDRI_RETRY_AFTER_MAX_MS / 1000 ? (retry->until - from) * 1000 : TDRI_RETRY_AFTER_MAX_MS;
    }
    return ms > retry->delay_ms ? ms : retry->delay_ms;
}
