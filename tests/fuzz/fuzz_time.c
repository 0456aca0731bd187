/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Times: the input is a text as it would stand behind an opening quote. What is read can be written and is read
 * as the same again, and the quick reading takes exactly its form and agrees with the general one.
 */
#include <stdlib.h>
#include <string.h>

#include "base/utc_fast.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int same(const tdri_moment *a, const tdri_moment *b)
{
    return a->second == b->second && a->nanosecond == b->nanosecond && a->zone_min == b->zone_min && a->digits == b->digits;
}

/* Writing gives the text back, but for offsets of zero, which are written as Z. */
static void check_written(const char *text, size_t len, const tdri_moment *moment)
{
    int precision = tdri_utc_precision(moment->digits);
    char back[TDRI_UTC_TEXT];
    tdri_moment again;
    size_t back_len;
    int64_t count;

    if (moment->zone_min < -959 || moment->zone_min > 959 || moment->nanosecond < 0 || moment->nanosecond > 999999999 ||
        moment->digits < 0 || moment->digits > 9)
        abort();
    if (!tdri_utc_count(moment, precision, &count))
        return;
    back_len = tdri_utc_format(count, precision, moment->digits, moment->zone_min, back);
    if (back_len >= sizeof back || strlen(back) != back_len || !tdri_utc_parse(back, back_len, &again) || !same(moment, &again))
        abort();
    if ((moment->zone_min != 0 || text[len - 1] == 'Z') && (back_len != len || memcmp(text, back, len) != 0))
        abort();
}

static void check_fast(const char *text, size_t len, const tdri_moment *general)
{
    char *room = (char *)malloc(TDRI_UTC_FAST_ROOM); /* exactly, so that reading beyond shows */
    int expected = general != NULL && text[len - 1] == 'Z' && text[0] != '-' && text[4] == '-' &&
                   (general->digits == 3 || general->digits == 6 || general->digits == 9);
    tdri_utc_cache cache = {"", 0};
    tdri_moment fast = {0, 0, 0, 0};
    int i;

    memset(room, '\0', TDRI_UTC_FAST_ROOM);
    memcpy(room, text, len < TDRI_UTC_FAST_ROOM ? len : TDRI_UTC_FAST_ROOM);
    if (len < TDRI_UTC_FAST_ROOM)
        room[len] = '"';
    /* Twice: with an empty cache and with its own day in it. */
    for (i = 0; i < 2; i++) {
        size_t got = tdri_utc_fast(room, &cache, &fast);

        if (got != (expected ? len : 0) || (expected && !same(&fast, general)))
            abort();
    }
    free(room);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *end = (const char *)memchr(data, '"', size);
    size_t len = end == NULL ? size : (size_t)(end - (const char *)data);
    char *text = (char *)malloc(len + (len == 0));
    tdri_moment moment;
    int ok;

    if (len != 0)
        memcpy(text, data, len);
    ok = tdri_utc_parse(text, len, &moment);
    if (ok)
        check_written(text, len, &moment);
    check_fast(text, len, ok ? &moment : NULL);
    free(text);
    return 0;
}
