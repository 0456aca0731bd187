/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * FLOAT and DOUBLE as the adapter writes them: the fewest digits that read back as the same number, without an exponent from 1e-6 up to
 * below 1e21. Knows nothing of cells.
 */
#include "value.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 40, MOST_DIGITS = 17 };

typedef struct shortest {
    char digits[MOST_DIGITS + 1]; /* the point is behind the first */
    int count;
    int exponent;
} shortest;

static int reads_back(const char *text, double number, int single)
{
    return single ? strtof(text, NULL) == (float)number : strtod(text, NULL) == number;
}

/* One more in the last place of "d.ddde-dd". 0 when it has only nines. */
static int count_up(char *text)
{
    size_t i = strcspn(text, "e");

    while (i-- > 0) {
        if (text[i] == '.')
            continue;
        if (text[i] != '9') {
            text[i]++;
            return 1;
        }
        text[i] = '0';
    }
    return 0;
}

/*
 * The nearest text of so many digits; or the one above it: what is read as a power of two reaches twice as far up as down, so that the
 * nearest may miss it where the next does not.
 */
static int reads_back_near(char *text, double number, int single)
{
    int exponent;

    return reads_back(text, number, single) || (frexp(number, &exponent) == 0.5 && count_up(text) && reads_back(text, number, single));
}

/* From "d.ddde-dd", without zeros at the end. */
static void split(const char *text, shortest *s)
{
    s->count = 0;
    for (; *text != 'e' && *text != '\0'; text++)
        if (*text != '.' && s->count < MOST_DIGITS)
            s->digits[s->count++] = *text;
    while (s->count > 1 && s->digits[s->count - 1] == '0')
        s->count--;
    s->exponent = *text == 'e' ? (int)strtol(text + 1, NULL, 10) : 0;
}

/*
 * Of a number above 0. So many digits as every number of its kind keeps are tried first: when they suffice, what is left without the zeros
 * is the shortest. Numbers below the normal ones keep fewer.
 */
static void find_shortest(double number, int single, shortest *s)
{
    int subnormal = number < (single ? (double)FLT_MIN : DBL_MIN);
    int most = single ? 9 : MOST_DIGITS, digits = subnormal ? 1 : single ? FLT_DIG : DBL_DIG;
    char text[ROOM];

    for (;; digits++) {
        snprintf(text, sizeof text, "%.*e", digits - 1, number);
        if (digits == most || reads_back_near(text, number, single))
            break;
    }
    split(text, s);
}

static void put_scientific(sbx_buf *out, const shortest *s)
{
    sbx_buf_char(out, s->digits[0]);
    if (s->count > 1) {
        sbx_buf_char(out, '.');
        sbx_buf_put(out, s->digits + 1, (size_t)s->count - 1);
    }
    sbx_buf_format(out, "e%c%02d", s->exponent < 0 ? '-' : '+', abs(s->exponent));
}

static void put_plain(sbx_buf *out, const shortest *s)
{
    int place, last = s->count - 1 - s->exponent; /* places behind the point */

    for (place = s->exponent < 0 ? 0 : s->exponent; place >= 0 || -place <= last; place--) {
        int at = s->exponent - place;

        if (place == -1)
            sbx_buf_char(out, '.');
        sbx_buf_char(out, at >= 0 && at < s->count ? s->digits[at] : '0');
    }
}

void sbx_float_json(sbx_buf *out, double number, int single)
{
    double size = fabs(number);
    shortest s;

    if (!isfinite(number)) {
        sbx_buf_text(out, "null");
        return;
    }
    if (signbit(number))
        sbx_buf_char(out, '-');
    if (size < (single ? 1e7 : 1e15) && size == trunc(size)) {
        sbx_buf_format(out, "%.0f", size);
        return;
    }
    find_shortest(size, single, &s);
    if (size < (single ? (double)(float)1e-6 : 1e-6) || size >= (single ? (double)(float)1e21 : 1e21))
        put_scientific(out, &s);
    else
        put_plain(out, &s);
}
