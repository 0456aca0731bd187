/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * The proof of number.h, too long for every build: every float is written and read back, also through a double, ten million doubles are too and are compared
 * with libc, and so are the published hard cases. Usage: floats [stride], which takes one number of so many (an odd count). Uses only base/ and libc.
 */
#include "base/number_fast.h"
#include "proof/number_cases.h"
#include "proof/numbers.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    PARTS = 2,         /* processes */
    SAMPLE = 1009,     /* one float of so many is also compared with libc */
    RANDOM = 10000000, /* doubles */
    ROOM = 64,
    SHOWN = 20
};

typedef struct score {
    uint64_t passed;
    uint64_t failed;
} score;

static void count(score *s, int good, const char *what, uint64_t bits, const char *text)
{
    s->passed += good != 0;
    if (good)
        return;
    if (s->failed++ < SHOWN)
        fprintf(stderr, "%s: bits %016" PRIx64 ", text %s\n", what, bits, text);
}

static int same64(double v, uint64_t bits)
{
    return memcmp(&v, &bits, sizeof v) == 0;
}

static int same32(float v, uint32_t bits)
{
    return memcmp(&v, &bits, sizeof v) == 0;
}

/* libc reads the text as the same float; with one digit less it cannot; with as many it writes the same ones. */
static int agrees_float(const char *text, float value, uint32_t bits)
{
    char ours[ROOM], theirs[ROOM], digits[ROOM];
    int n = tdrt_significant(text, ours);

    if (!same32(strtof(text, NULL), bits))
        return 0;
    snprintf(theirs, sizeof theirs, "%.*e", n > 1 ? n - 2 : 0, (double)value);
    if (n > 1 && same32(strtof(theirs, NULL), bits))
        return 0;
    snprintf(theirs, sizeof theirs, "%.*e", n > 0 ? n - 1 : 0, (double)value);
    tdrt_significant(theirs, digits);
    /* below a power of two the neighbour is nearer: the nearest text of n digits may belong to that */
    return strcmp(ours, digits) == 0 || ((bits & 0x7fffff) == 0 && !same32(strtof(theirs, NULL), bits));
}

/*
 * What becomes of the text where floats are read as doubles, checked for their range and cast; and that no shorter one would do: it is
 * the shortest text of the float, or that does not come through.
 */
static int comes_through(float value, uint32_t bits)
{
    char text[ROOM], shortest[ROOM];
    double wide = 0, short_wide = 0;
    size_t len = tdri_float_format_cast(value, text), short_len = tdri_float_format(value, shortest);

    if (len >= TDRI_NUMBER_TEXT || tdri_double_parse(text, text + len, &wide) != text + len || wide > FLT_MAX || wide < -FLT_MAX ||
        !same32((float)wide, bits) || (bits % SAMPLE == 0 && strtod(text, NULL) != wide))
        return 0;
    if (len == short_len && memcmp(text, shortest, len) == 0)
        return 1;
    (void)tdri_double_parse(shortest, shortest + short_len, &short_wide);
    return short_wide > FLT_MAX || short_wide < -FLT_MAX || !same32((float)short_wide, bits);
}

static void prove_float(score *s, uint32_t bits)
{
    char text[ROOM];
    float value, back = 0, fast = 0;
    size_t len;
    int good;

    memcpy(&value, &bits, sizeof value);
    len = tdri_float_format(value, text);
    good = len < TDRI_NUMBER_TEXT && tdri_float_parse(text, text + len, &back) == text + len && same32(back, bits);
    text[len] = ','; /* 32 bytes and more are readable behind every text */
    good = good && tdri_float_fast(text, text + ROOM, &fast) == text + len && same32(fast, bits);
    text[len] = '\0';
    if (good && bits % SAMPLE == 0)
        good = agrees_float(text, value, bits);
    count(s, good, "float", bits, text);
    count(s, comes_through(value, bits), "float through a double", bits, text);
}

static void prove_floats(score *s, unsigned part, uint64_t stride)
{
    const uint64_t half = UINT64_C(0x7f800000); /* the finite ones of a sign; -NaN and up are left out */

    for (uint64_t i = part * stride; i < 2 * half; i += PARTS * stride)
        prove_float(s, (uint32_t)(i < half ? i : i - half + UINT64_C(0x80000000)));
}

static void prove_double(score *s, uint64_t bits)
{
    char text[ROOM];
    double value, back = 0, fast = 0;
    float narrow = 0, other;
    size_t len;
    int good;

    memcpy(&value, &bits, sizeof value);
    len = tdri_double_format(value, text);
    good = len < TDRI_NUMBER_TEXT && tdri_double_parse(text, text + len, &back) == text + len && same64(back, bits);
    good = good && same64(strtod(text, NULL), bits);
    text[len] = ',';
    good = good && tdri_double_fast(text, text + ROOM, &fast) == text + len && same64(fast, bits);
    count(s, good, "shortest double", bits, text);
    len = (size_t)snprintf(text, sizeof text, "%.*e", (int)(bits % 25), value);
    other = strtof(text, NULL);
    good = tdri_double_parse(text, text + len, &back) == text + len && tdri_float_parse(text, text + len, &narrow) == text + len;
    value = strtod(text, NULL);
    count(s, good && memcmp(&back, &value, sizeof back) == 0 && memcmp(&narrow, &other, sizeof narrow) == 0, "libc's text", bits, text);
}

/* Few digits, as measurements have: libc reads the text as the same double, with one digit less it cannot, and with as many it writes the same ones. */
static void prove_short_double(score *s, uint64_t bits)
{
    static const double ten[] = {1, 10, 100, 1000};
    double value = (double)(bits >> 8 & (((uint64_t)1 << (20 + bits % 30)) - 1)) / ten[bits >> 3 & 3], back = 0;
    char text[ROOM], ours[ROOM], theirs[ROOM], digits[ROOM];
    int n, good;

    if (bits & 1)
        value = -value;
    (void)tdri_double_format(value, text);
    n = tdrt_significant(text, ours);
    good = tdri_double_parse(text, text + strlen(text), &back) == text + strlen(text) && memcmp(&back, &value, sizeof back) == 0;
    snprintf(theirs, sizeof theirs, "%.*e", n > 1 ? n - 2 : 0, value);
    good = good && (n < 2 || strtod(theirs, NULL) != value);
    snprintf(theirs, sizeof theirs, "%.*e", n > 0 ? n - 1 : 0, value);
    (void)tdrt_significant(theirs, digits);
    count(s, good && strcmp(ours, digits) == 0, "short double", bits, text);
}

static void prove_doubles(score *s, unsigned part, uint64_t stride)
{
    uint64_t seed = 20240229 + part, bits;

    for (uint64_t i = 0; i < RANDOM / PARTS / stride; i++) {
        do
            bits = tdrt_draw(&seed);
        while ((bits >> 52 & 2047) == 2047);
        prove_double(s, bits);
        if (i % 8 == 0)
            prove_short_double(s, bits);
    }
}

static void prove_cases(score *s)
{
    for (size_t i = 0; i < sizeof tdrt_number_cases / sizeof tdrt_number_cases[0]; i++) {
        const struct tdrt_number_case *c = &tdrt_number_cases[i];
        const char *end = c->text + strlen(c->text);
        double d = 0;
        float f = 0;

        count(s, tdri_double_parse(c->text, end, &d) == end && same64(d, c->wide), "double case", c->wide, c->text);
        count(s, tdri_float_parse(c->text, end, &f) == end && same32(f, c->narrow), "float case", c->narrow, c->text);
    }
}

/* Whatever the stride: where the shortest text of the float does not come through. */
static void prove_known_floats(score *s)
{
    static const uint32_t known[] = {0x15ae43fd, 0x95ae43fd, 0x7f7fffff, 0xff7fffff};

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        prove_float(s, known[i]);
}

static score prove(unsigned part, uint64_t stride)
{
    score s = {0, 0};

    prove_floats(&s, part, stride);
    prove_doubles(&s, part, stride);
    if (part == 0) {
        prove_known_floats(&s);
        prove_cases(&s);
    }
    return s;
}

/* Forks one process; the descriptor from which its score will come, or -1. */
static int start(unsigned part, uint64_t stride)
{
    int ends[2];
    pid_t child;
    score s;

    if (pipe(ends) != 0)
        return -1;
    child = fork();
    if (child == 0) {
        s = prove(part, stride);
        _exit(write(ends[1], &s, sizeof s) == (ssize_t)sizeof s ? 0 : 1);
    }
    close(ends[1]);
    if (child > 0)
        return ends[0];
    close(ends[0]);
    return -1;
}

int main(int argc, char **argv)
{
    uint64_t stride = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    score total = {0, 0}, s;
    int from[PARTS], lost = 0;

    stride |= 1; /* an even one would see even significands only */
    for (unsigned part = 0; part < PARTS; part++)
        from[part] = start(part, stride);
    for (unsigned part = 0; part < PARTS; part++) {
        if (from[part] < 0 || read(from[part], &s, sizeof s) != (ssize_t)sizeof s) {
            lost++; /* a process that could not report proves nothing */
            continue;
        }
        total.passed += s.passed;
        total.failed += s.failed;
    }
    while (wait(NULL) > 0)
        ;
    if (lost != 0)
        fprintf(stderr, "%d of %d processes did not report\n", lost, PARTS);
    printf("%" PRIu64 " passed, %" PRIu64 " failed\n", total.passed, total.failed);
    return total.failed != 0 || lost != 0 || total.passed == 0;
}
