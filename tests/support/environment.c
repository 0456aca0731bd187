/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The variables that tell time zones. */
#include "environment.h"

#include "test.h"

typedef struct variable {
    const char *name;
    char *kept; /* NULL: it was not set */
} variable;

static variable variables[] = {{"TZ", NULL}, {"TZDIR", NULL}};

void tdrt_set_variable(const char *name, const char *value)
{
    int rc = value == NULL ? unsetenv(name) : setenv(name, value, 1);

    CHECK(rc == 0, "%s cannot be set", name);
}

void tdrt_keep_environment(void)
{
    for (size_t i = 0; i < COUNT_OF(variables); i++) {
        const char *value = getenv(variables[i].name);

        variables[i].kept = value == NULL ? NULL : strdup(value);
    }
}

void tdrt_restore_environment(void)
{
    for (size_t i = 0; i < COUNT_OF(variables); i++) {
        tdrt_set_variable(variables[i].name, variables[i].kept);
        free(variables[i].kept);
    }
}
