/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The day of the fast form of time, where it is another than the last one. Knows no more than utc_fast.h does. */
#include "base/utc_fast.h"

int tdri_utc_fast_day(const char *text, tdri_utc_cache *cache)
{
    enum { DATE = sizeof cache->text - 1, DAY_SECONDS = 86400 };
    int64_t days;

    /* Ten bytes hold no year of more than four digits. */
    if (!tdri_utc_parse_day(text, DATE, &days) || text[DATE] != 'T')
        return 0;
    memcpy(cache->text, text, sizeof cache->text);
    cache->second = days * DAY_SECONDS;
    return 1;
}
