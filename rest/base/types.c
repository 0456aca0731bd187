/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The table of types. Knows neither JSON nor SQL. */
#include "base/types.h"

#include <string.h>

#define ROW(type, name, class, width) [TDREST_TYPE_##type] = {name, TDRI_CLASS_##class, width},
const tdri_type tdri_types[TDRI_TYPE_END] = {TDRI_TYPE_MAP(ROW)};

const char *tdrest_type_name(int type)
{
    const char *name = type >= 0 && type < TDRI_TYPE_END ? tdri_types[type].name : NULL;

    return name == NULL ? "UNKNOWN" : name;
}

int tdri_type_find(const char *name, size_t len)
{
    static const char old[] = "BINARY";

    for (size_t i = 0; i < TDRI_TYPE_END; i++)
        if (tdri_types[i].name != NULL && strlen(tdri_types[i].name) == len && memcmp(tdri_types[i].name, name, len) == 0)
            return (int)i;
    return len == sizeof old - 1 && memcmp(name, old, len) == 0 ? TDREST_TYPE_VARCHAR : TDREST_TYPE_UNKNOWN;
}
