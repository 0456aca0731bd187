/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Ticks at round numbers and at round times, and their labels. Knows nothing of where they are drawn. */
#include "plot/axis.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- numbers ---- */

/* The least of 1, 2 and 5 times a power of ten that is not below the number. */
static double round_up(double number)
{
    double power = pow(10, floor(log10(number))), digits = number / power;

    return power * (digits <= 1.0000001 ? 1 : digits <= 2.0000001 ? 2 : digits <= 5.0000001 ? 5 : 10);
}

/* A range that is a point, or so large that its length is no number, is made fit. */
static void make_fit(double *low, double *high)
{
    const double most = DBL_MAX / 8;
    double margin;

    *low = *low < -most ? -most : *low > most ? most : *low;
    *high = *high < -most ? -most : *high > most ? most : *high;
    if (*high - *low > fabs(*high) * 1e-12 && *high - *low > DBL_MIN * 1e6)
        return;
    margin = fabs(*high) > DBL_MIN * 1e9 ? fabs(*high) * 0.1 : 1;
    *low -= margin;
    *high += margin;
}

void cli_numbers_make(cli_numbers *axis, double low, double high, size_t most)
{
    most = most < 2 ? 2 : most > CLI_TICKS ? CLI_TICKS : most;
    make_fit(&low, &high);
    axis->step = round_up((high - low) / (double)(most - 1));
    for (;; axis->step = round_up(axis->step * 1.5)) {
        axis->low = floor(low / axis->step + 1e-9) * axis->step;
        axis->high = ceil(high / axis->step - 1e-9) * axis->step;
        axis->count = (size_t)((axis->high - axis->low) / axis->step + 1.5);
        if (axis->count <= most || axis->count <= 3) /* around 0 there are three at least */
            break;
    }
}

double cli_numbers_tick(const cli_numbers *axis, size_t index)
{
    double number = axis->low + (double)index * axis->step;

    return fabs(number) < axis->step * 1e-6 ? 0 : number; /* not 1.3e-17, nor -0 */
}

size_t cli_numbers_label(const cli_numbers *axis, size_t index, char label[CLI_LABEL_ROOM])
{
    double size = fabs(axis->low) > fabs(axis->high) ? fabs(axis->low) : fabs(axis->high), number = cli_numbers_tick(axis, index);
    int digits = (int)-floor(log10(axis->step) + 1e-9), all = (int)floor(log10(size) + 1e-9) + digits;

    if (size >= 1e7 || size < 1e-4)
        return number == 0 ? (size_t)snprintf(label, CLI_LABEL_ROOM, "0") : (size_t)snprintf(label, CLI_LABEL_ROOM, "%.*e", all > 15 ? 15 : all < 0 ? 0 : all, number);
    return (size_t)snprintf(label, CLI_LABEL_ROOM, "%.*f", digits > 15 ? 15 : digits > 0 ? digits : 0, number);
}

/* ---- times ---- */

enum kind { NUMBERS, FRACTIONS, SECONDS, MINUTES, DAYS, MONTHS, YEARS };

typedef struct date {
    int64_t year;
    int month; /* from 1 */
    int day;
} date;

/* floor(a / b) for b > 0 */
static int64_t floor_of(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* Days since 1970-01-01 as a date; years are counted from March, so that the leap day is their last one. */
static date date_of(int64_t days)
{
    int64_t shifted = days + 719468, era = floor_of(shifted, 146097), of_era = shifted - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365, of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153;

    return (date){year + era * 400 + (month >= 10), (int)(month < 10 ? month + 3 : month - 9), (int)(of_year - (153 * month + 2) / 5 + 1)};
}

static int64_t days_of(int64_t year, int month)
{
    int64_t y = year - (month <= 2), era = floor_of(y, 400), of_era = y - era * 400;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 - 719468;
}

static int64_t local_seconds(const cli_times *axis, int64_t time)
{
    return floor_of(time, axis->unit) + axis->zone_s;
}

static int precision_of(const cli_times *axis)
{
    return axis->unit == 1000000000 ? 9 : axis->unit == 1000000 ? 6 : 3;
}

/* Steps that read well, in seconds; sub-second ones are 1, 2 and 5 times a power of ten. */
static const struct {
    int64_t step;
    enum kind kind;
} steps[] = {
    {1, SECONDS}, {2, SECONDS}, {5, SECONDS}, {10, SECONDS}, {15, SECONDS}, {30, SECONDS}, {60, MINUTES}, {120, MINUTES}, {300, MINUTES},
    {600, MINUTES}, {900, MINUTES}, {1800, MINUTES}, {3600, MINUTES}, {7200, MINUTES}, {10800, MINUTES}, {21600, MINUTES}, {43200, MINUTES},
    {86400, DAYS}, {2 * 86400, DAYS}, {5 * 86400, DAYS}, {10 * 86400, DAYS}, {1, MONTHS}, {2, MONTHS}, {3, MONTHS}, {6, MONTHS}, {1, YEARS}, {2, YEARS},
    {5, YEARS}, {10, YEARS}, {20, YEARS}, {50, YEARS}, {100, YEARS}, {200, YEARS}, {500, YEARS}, {1000, YEARS},
};

static void add(cli_times *axis, int64_t time)
{
    if (time >= axis->from && time <= axis->to && axis->count < CLI_TICKS)
        axis->at[axis->count++] = time;
}

/* Multiples of the step in local time. 0: there would be too many. */
static int place_even(cli_times *axis, int64_t step)
{
    int64_t zone = axis->epoch ? 0 : axis->zone_s * axis->unit, n;

    if ((uint64_t)axis->to - (uint64_t)axis->from > (uint64_t)step * (CLI_TICKS - 2))
        return 0;
    if (axis->epoch)
        zone = -axis->from; /* counted from where the axis begins */
    for (n = floor_of(axis->from + zone, step); n * step - zone <= axis->to && axis->count < CLI_TICKS; n++) {
        add(axis, n * step - zone);
        if (n * step - zone > INT64_MAX - step)
            break;
    }
    return 1;
}

static int place_calendar(cli_times *axis, int64_t step, int of_years)
{
    date first = date_of(floor_of(local_seconds(axis, axis->from), 86400)), last = date_of(floor_of(local_seconds(axis, axis->to), 86400));
    int64_t from = of_years ? first.year : first.year * 12 + first.month - 1, to = of_years ? last.year : last.year * 12 + last.month - 1, n;

    if (to - from > step * (CLI_TICKS - 2))
        return 0;
    for (n = floor_of(from, step) * step; n <= to; n += step) {
        int64_t seconds = days_of(of_years ? n : floor_of(n, 12), of_years ? 1 : (int)(n - floor_of(n, 12) * 12) + 1) * 86400 - axis->zone_s;

        if (seconds > INT64_MIN / axis->unit && seconds < INT64_MAX / axis->unit)
            add(axis, seconds * axis->unit);
    }
    return 1;
}

/* Do the labels fit beside each other? */
static int fits(const cli_times *axis, size_t columns)
{
    char label[CLI_LABEL_ROOM];
    size_t i, longest = 0;
    double closest = (double)columns;

    for (i = 0; i < axis->count; i++) {
        size_t len = cli_times_label(axis, i, label);

        longest = len > longest ? len : longest;
        if (i > 0) {
            double part = (double)((uint64_t)axis->at[i] - (uint64_t)axis->at[i - 1]) / (double)((uint64_t)axis->to - (uint64_t)axis->from);

            closest = part * (double)columns < closest ? part * (double)columns : closest;
        }
    }
    return axis->count < 2 || closest >= (double)longest + 2;
}

static int try_step(cli_times *axis, enum kind kind, int64_t step, size_t columns)
{
    axis->kind = (int)kind;
    axis->step = step;
    axis->count = 0;
    if (kind == MONTHS || kind == YEARS)
        return place_calendar(axis, step, kind == YEARS) && fits(axis, columns);
    return place_even(axis, step) && fits(axis, columns);
}

static int try_powers(cli_times *axis, enum kind kind, int64_t most, size_t columns)
{
    static const int digits[] = {1, 2, 5};
    int64_t power;
    size_t i;

    for (power = 1; power <= most; power *= 10)
        for (i = 0; i < 3; i++)
            if (try_step(axis, kind, digits[i] * power, columns))
                return 1;
    return 0;
}

void cli_times_make(cli_times *axis, size_t columns)
{
    size_t i;

    if (axis->to == axis->from) {
        axis->kind = axis->epoch ? NUMBERS : SECONDS;
        axis->step = axis->unit;
        axis->count = 1;
        axis->at[0] = axis->from;
        return;
    }
    if (axis->epoch) {
        if (!try_powers(axis, NUMBERS, 1000000000000000000, columns))
            axis->count = 0;
        return;
    }
    if (try_powers(axis, FRACTIONS, axis->unit / 10, columns))
        return;
    for (i = 0; i < sizeof steps / sizeof steps[0]; i++)
        if (try_step(axis, steps[i].kind, steps[i].kind < MONTHS ? steps[i].step * axis->unit : steps[i].step, columns))
            return;
    axis->count = 0;
}

size_t cli_times_label(const cli_times *axis, size_t index, char label[CLI_LABEL_ROOM])
{
    int64_t time = axis->at[index], local = local_seconds(axis, time), day = floor_of(local, 86400), of_day = local - day * 86400, step;
    date d = date_of(day);
    int n, digits = precision_of(axis), h = (int)(of_day / 3600), m = (int)(of_day / 60 % 60), s = (int)(of_day % 60);

    switch (axis->kind) {
    case NUMBERS: n = snprintf(label, CLI_LABEL_ROOM, "+%" PRIu64, (uint64_t)time - (uint64_t)axis->from); break;
    case FRACTIONS:
        for (step = axis->step; step % 10 == 0 && digits > 1; step /= 10)
            digits--;
        n = snprintf(label, CLI_LABEL_ROOM, "%02d.%0*" PRId64, s, precision_of(axis), time - floor_of(time, axis->unit) * axis->unit);
        n -= precision_of(axis) - digits;
        break;
    case SECONDS: n = snprintf(label, CLI_LABEL_ROOM, "%02d:%02d:%02d", h, m, s); break;
    case MINUTES:
        n = of_day == 0 ? snprintf(label, CLI_LABEL_ROOM, "%02d-%02d", d.month, d.day) : snprintf(label, CLI_LABEL_ROOM, "%02d:%02d", h, m);
        break;
    case DAYS: n = snprintf(label, CLI_LABEL_ROOM, "%02d-%02d", d.month, d.day); break;
    case MONTHS: n = snprintf(label, CLI_LABEL_ROOM, "%04" PRId64 "-%02d", d.year, d.month); break;
    default: n = snprintf(label, CLI_LABEL_ROOM, "%04" PRId64, d.year); break;
    }
    label[n] = '\0';
    return (size_t)n;
}

size_t cli_times_text(const cli_times *axis, int64_t time, char text[CLI_LABEL_ROOM + 16])
{
    int64_t local = local_seconds(axis, time), day = floor_of(local, 86400), of_day = local - day * 86400, rest = time - floor_of(time, axis->unit) * axis->unit;
    date d = date_of(day);
    int digits = precision_of(axis), n;

    if (axis->epoch)
        return (size_t)snprintf(text, CLI_LABEL_ROOM + 16, "%" PRId64, time);
    n = snprintf(text, CLI_LABEL_ROOM + 16, "%04" PRId64 "-%02d-%02d %02d:%02d:%02d", d.year, d.month, d.day, (int)(of_day / 3600), (int)(of_day / 60 % 60),
                 (int)(of_day % 60));
    if (rest != 0) {
        for (; rest % 10 == 0; rest /= 10)
            digits--;
        n += snprintf(text + n, CLI_LABEL_ROOM + 16 - (size_t)n, ".%0*" PRId64, digits, rest);
    }
    return (size_t)n;
}
