/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Class and repeat of the server's error codes. Knows neither names nor texts; those are the tool's. */
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

size_t tdri_servercode_count(void)
{
    return COUNT;
}
