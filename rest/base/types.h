/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What the numbers TDREST_TYPE_ stand for: a name, a class, and the width of a value. Knows neither JSON nor SQL. */
#ifndef TDRI_TYPES_H
#define TDRI_TYPES_H

#include <tdrest.h>

enum tdri_type_class {
    TDRI_CLASS_OTHER,    /* no type, or one of a newer server */
    TDRI_CLASS_BOOL,
    TDRI_CLASS_SIGNED,   /* whole numbers */
    TDRI_CLASS_UNSIGNED,
    TDRI_CLASS_FLOATING,
    TDRI_CLASS_TIME,
    TDRI_CLASS_TEXT,     /* texts and what is written as one: JSON, DECIMAL */
    TDRI_CLASS_BYTES
};

/* The names are the server's; each type has one row. */
#define TDRI_TYPE_MAP(X)                                  \
    X(BOOL, "BOOL", BOOL, 1)                              \
    X(TINYINT, "TINYINT", SIGNED, 1)                      \
    X(SMALLINT, "SMALLINT", SIGNED, 2)                    \
    X(INT, "INT", SIGNED, 4)                              \
    X(BIGINT, "BIGINT", SIGNED, 8)                        \
    X(FLOAT, "FLOAT", FLOATING, 4)                        \
    X(DOUBLE, "DOUBLE", FLOATING, 8)                      \
    X(VARCHAR, "VARCHAR", TEXT, 0)                        \
    X(TIMESTAMP, "TIMESTAMP", TIME, 8)                    \
    X(NCHAR, "NCHAR", TEXT, 0)                            \
    X(UTINYINT, "TINYINT UNSIGNED", UNSIGNED, 1)          \
    X(USMALLINT, "SMALLINT UNSIGNED", UNSIGNED, 2)        \
    X(UINT, "INT UNSIGNED", UNSIGNED, 4)                  \
    X(UBIGINT, "BIGINT UNSIGNED", UNSIGNED, 8)            \
    X(JSON, "JSON", TEXT, 0)                              \
    X(VARBINARY, "VARBINARY", BYTES, 0)                   \
    X(DECIMAL, "DECIMAL", TEXT, 0)                        \
    X(BLOB, "BLOB", BYTES, 0)                             \
    X(GEOMETRY, "GEOMETRY", BYTES, 0)

typedef struct tdri_type {
    const char *name; /* NULL: there is no such type */
    enum tdri_type_class class;
    size_t width;
} tdri_type;

enum { TDRI_TYPE_END = TDREST_TYPE_GEOMETRY + 1 };
extern const tdri_type tdri_types[TDRI_TYPE_END];

/* Of any number, also one that is no type's. */
static inline enum tdri_type_class tdri_type_class(int type)
{
    return type >= 0 && type < TDRI_TYPE_END ? tdri_types[type].class : TDRI_CLASS_OTHER;
}

/* Bytes of a value in an array of a program or a block; 0 for texts, bytes and others. */
static inline size_t tdri_type_width(int type)
{
    return type >= 0 && type < TDRI_TYPE_END ? tdri_types[type].width : 0;
}

/* The type with that name, BINARY being what old servers say for VARCHAR; TDREST_TYPE_UNKNOWN when there is none. */
int tdri_type_find(const char *name, size_t len);

#endif
