/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The table of server codes against the list it was made from, read here by other means. */
#include "test.h"

#include "error/servercode.h"

#ifndef TDRT_DATA
#define TDRT_DATA "tests/data"
#endif

/* Codes in the list, one of them, 0x03D2, standing twice. */
enum { CODES = 791, ROWS = 792 };

/* Cuts a line of CSV in place into six fields. 0 when it has another number of them. */
static int cut_fields(char *line, char *fields[6])
{
    int count = 0, quoted = 0;
    char *to = line;

    fields[count++] = to;
    for (; *line != '\0' && *line != '\n'; line++) {
        if (*line == '"' && quoted && line[1] == '"') {
            *to++ = *line++;
        } else if (*line == '"') {
            quoted = !quoted;
        } else if (*line == ',' && !quoted) {
            if (count == 6)
                return 0;
            *to++ = '\0';
            fields[count++] = to;
        } else {
            *to++ = *line;
        }
    }
    *to = '\0';
    return count == 6;
}

static int class_of(const char *name)
{
    for (int cls = TDREST_CLASS_ERROR; cls <= TDREST_CLASS_TMQ; cls++)
        if (strcmp(tdrest_class_name(cls), name) == 0)
            return cls;
    CHECK(name[0] == '\0', "no class: %s", name);
    return TDREST_CLASS_NONE;
}

static int repeat_of(const char *word)
{
    if (strcmp(word, "yes") == 0)
        return TDREST_REPEAT_SAFE;
    if (strcmp(word, "idempotent-only") == 0)
        return TDREST_REPEAT_IDEMPOTENT;
    CHECK(word[0] == '\0' || strcmp(word, "no") == 0, "no retry word: %s", word);
    return TDREST_REPEAT_NO;
}

/* Marks the codes of the list, checking each; the rows, or -1 when the list cannot be read. */
static int read_list(unsigned char known[65536])
{
    FILE *file = fopen(TDRT_DATA "/error-codes.csv", "r");
    char line[1024], *fields[6];
    int rows = -1;

    while (file != NULL && fgets(line, (int)sizeof line, file) != NULL) {
        int code, cls, repeat;

        if (rows++ < 0)
            continue; /* the heading */
        if (!cut_fields(line, fields)) {
            CHECK(0, "row %d has not six fields", rows);
            continue;
        }
        code = (int)strtol(fields[0], NULL, 16) & 0xffff;
        known[code] = 1;
        CHECK(tdri_servercode_get(code, &cls, &repeat) == 1, "%s is unknown", fields[0]);
        CHECK(cls == class_of(fields[3]), "%s has class %d, expected %s", fields[0], cls, fields[3]);
        CHECK(repeat == repeat_of(fields[4]), "%s has repeat %d, expected %s", fields[0], repeat, fields[4]);
    }
    if (file != NULL)
        fclose(file);
    return rows;
}

static void every_code(void)
{
    static unsigned char known[65536];
    int count = 0;

    CHECK_INT(read_list(known), ROWS);
    for (int code = 0; code < 65536; code++) {
        int cls = 77, repeat = 77;

        count += known[code];
        if (known[code])
            continue;
        CHECK(tdri_servercode_get(code, &cls, &repeat) == 0 && cls == TDREST_CLASS_NONE && repeat == TDREST_REPEAT_NO,
              "0x%04x is not in the list: class %d, repeat %d", (unsigned)code, cls, repeat);
    }
    CHECK_INT(count, CODES);
    CHECK_INT(tdri_servercode_count(), CODES);
}

static void some_codes(void)
{
    static const struct { int code, known, cls, repeat; } cases[] = {
        {0x0003, 1, TDREST_CLASS_CONNECTION, TDREST_REPEAT_NO},
        {0x000b, 1, TDREST_CLASS_CONNECTION, TDREST_REPEAT_IDEMPOTENT},
        {0x0022, 1, TDREST_CLASS_OPERATIONAL, TDREST_REPEAT_SAFE},
        {0x2603, 1, TDREST_CLASS_PROGRAMMING, TDREST_REPEAT_NO},
        {0x03d2, 1, TDREST_CLASS_OPERATIONAL, TDREST_REPEAT_NO},
        {0x1121, 1, TDREST_CLASS_INTERFACE, TDREST_REPEAT_SAFE},
        {0xfffe, 1, TDREST_CLASS_OPERATIONAL, TDREST_REPEAT_SAFE},
        {0xffff, 1, TDREST_CLASS_NONE, TDREST_REPEAT_NO},
        {0, 0, TDREST_CLASS_NONE, TDREST_REPEAT_NO},
        {-1, 0, TDREST_CLASS_NONE, TDREST_REPEAT_NO},
        {0x10003, 0, TDREST_CLASS_NONE, TDREST_REPEAT_NO},
        {INT32_MAX, 0, TDREST_CLASS_NONE, TDREST_REPEAT_NO},
        {INT32_MIN, 0, TDREST_CLASS_NONE, TDREST_REPEAT_NO},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int cls = 77, repeat = 77, known = tdri_servercode_get(cases[i].code, &cls, &repeat);

        CHECK(known == cases[i].known && cls == cases[i].cls && repeat == cases[i].repeat, "0x%04x: %d, class %d, repeat %d",
              (unsigned)cases[i].code, known, cls, repeat);
    }
}

/* Codes that blame a row are those of the list, no more: a writer halves what was refused with them. */
static void row_codes(void)
{
    static unsigned char listed[65536];
    FILE *file = fopen(TDRT_DATA "/row-codes.csv", "r");
    char line[256];
    int count = 0;

    CU_ASSERT_FATAL(file != NULL);
    while (fgets(line, (int)sizeof line, file) != NULL)
        if (strncmp(line, "0x", 2) == 0) {
            const char *reason = strrchr(line, ',');

            CHECK(reason != NULL && strlen(reason) > 5, "no reason: %s", line);
            listed[strtol(line, NULL, 16) & 0xffff] = 1;
            count++;
        }
    fclose(file);
    CHECK(count > 10, "%d codes", count);
    for (int code = 0; code < 65536; code++)
        if (((tdri_servercode_facts(code) & TDRI_BAD_VALUE) != 0) != listed[code])
            CHECK(0, "0x%04x: %s the list", (unsigned)code, listed[code] ? "only in" : "not in");
}

CU_TestInfo tdrt_servercode[] = {
    {"codes that blame a row", row_codes},
    {"every code of the list", every_code},
    {"some codes by hand", some_codes},
    CU_TEST_INFO_NULL,
};
