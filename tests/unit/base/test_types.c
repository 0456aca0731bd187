/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The table of types: each has a name that finds it again, and blocks store its values as wide as the table says. */
#include "answer/column.h"
#include "base/types.h"
#include "test.h"

static void names(void)
{
    static const int types[] = {
#define NUMBER(type, name, class, width) TDREST_TYPE_##type,
        TDRI_TYPE_MAP(NUMBER)
#undef NUMBER
    };

    CHECK_INT(COUNT_OF(types), 19);
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        const char *name = tdrest_type_name(types[i]);
        tdri_column column;

        memset(&column, 0, sizeof column);
        CHECK_INT(tdri_type_find(name, strlen(name)), types[i]);
        tdri_block_name(&column, "c", 1, name, 0);
        CHECK_INT(column.pub.type, types[i]);
        CHECK_INT(tdri_kind_width(column.kind), tdri_type_width(types[i]));
        CU_ASSERT(tdri_type_class(types[i]) != TDRI_CLASS_OTHER);
    }
    CHECK_INT(tdri_type_find("BINARY", 6), TDREST_TYPE_VARCHAR);
}

static void no_types(void)
{
    static const int none[] = {TDREST_TYPE_UNKNOWN, 19, 21, -1, 1000};

    for (size_t i = 0; i < COUNT_OF(none); i++) {
        CHECK_TEXT(tdrest_type_name(none[i]), "UNKNOWN");
        CHECK_INT(tdri_type_class(none[i]), TDRI_CLASS_OTHER);
        CHECK_INT(tdri_type_width(none[i]), 0);
    }
    CHECK_INT(tdri_type_find("int", 3), TDREST_TYPE_UNKNOWN);
    CHECK_INT(tdri_type_find("INTEGER", 7), TDREST_TYPE_UNKNOWN);
    CHECK_INT(tdri_type_find("", 0), TDREST_TYPE_UNKNOWN);
}

CU_TestInfo tdrt_types[] = {
    {"names, numbers and widths agree", names},
    {"what is no type", no_types},
    CU_TEST_INFO_NULL,
};
