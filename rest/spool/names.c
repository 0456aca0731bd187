/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The names in a spool's directory. Does no I/O. */
#include "spool/names.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* By kind. */
static const struct {
    const char *prefix;
    int digits;
} names[] = {{"segment.", 10}, {"rejected.", 20}, {"damaged.", 10}};

void tdri_spool_name_put(char *out, tdri_spool_name name)
{
    (void)snprintf(out, TDRI_SPOOL_NAME, "%s%0*" PRIu64, names[name.kind].prefix, names[name.kind].digits, name.number);
}

static int read_number(const char *text, int digits, uint64_t *out)
{
    uint64_t number = 0;

    if (strspn(text, "0123456789") != (size_t)digits || text[digits] != '\0')
        return 0;
    for (; *text != '\0'; text++) {
        const uint64_t digit = (uint64_t)(*text - '0');

        if (number > (UINT64_MAX - digit) / 10)
            return 0;
        number = number * 10 + digit;
    }
    *out = number;
    return 1;
}

int tdri_spool_name_read(const char *text, tdri_spool_name *out)
{
    for (int kind = TDRI_SPOOL_FILE_SEGMENT; kind <= TDRI_SPOOL_FILE_DAMAGED; kind++) {
        const size_t len = strlen(names[kind].prefix);

        out->kind = (enum tdri_spool_file_kind)kind;
        if (strncmp(text, names[kind].prefix, len) == 0)
            return read_number(text + len, names[kind].digits, &out->number) && tdri_spool_name_segment(*out) != 0 &&
                   (kind == TDRI_SPOOL_FILE_REJECTED || out->number <= UINT32_MAX);
    }
    return 0;
}

uint32_t tdri_spool_name_segment(tdri_spool_name name)
{
    return (uint32_t)(name.kind == TDRI_SPOOL_FILE_REJECTED ? name.number >> 32 : name.number);
}
