/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The table of types. Knows neither JSON nor SQL. */
#include "base/types.h"

#include <string.h>

typedef struct row {
    const char *name;
    enum tdri_type_class class;
    size_t width;
} row;

#define ROW(type, name, class, width) [TDREST_TYPE_##type] = {name, TDRI_CLASS_##class, width},
static const row rows[] = {TDRI_TYPE_MAP(ROW)};

static const row *find(int type)
{
    static const row none = {NULL, TDRI_CLASS_OTHER, 0};

    return type >= 0 && (size_t)type < sizeof rows / sizeof rows[0] ? &rows[type] : &none;
}

const char *tdrest_type_name(int type)
{
    const char *name = find(type)->name;

    return name == NULL ? "UNKNOWN" : name;
}

enum tdri_type_class tdri_type_class(int type)
{
    return find(type)->class;
}

size_t tdri_type_width(int type)
{
    return find(type)->width;
}

int tdri_type_find(const char *name, size_t len)
{
    static const char old[] = "BINARY";

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].name != NULL && strlen(rows[i].name) == len && memcmp(rows[i].name, name, len) == 0)
            return (int)i;
    return len == sizeof old - 1 && memcmp(name, old, len) == 0 ? TDREST_TYPE_VARCHAR : TDREST_TYPE_UNKNOWN;
}
