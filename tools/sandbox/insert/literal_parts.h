/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* One literal on its way to a value: what the files literal*.c share. */
#ifndef SBX_LITERAL_PARTS_H
#define SBX_LITERAL_PARTS_H

#include "literal.h"

typedef struct sbx_literal_part {
    sbx_request *request;
    const sbx_type *type;
    sbx_text column;
    sbx_token_kind kind; /* of a number its sign is a part */
    sbx_text raw;        /* as written */
    sbx_text text;       /* of a string without quotes and escapes; a NUL behind it */
    sbx_text near;       /* what an error quotes, and perhaps more */
} sbx_literal_part;

/* 0x0216 "syntax error near '...' (reason)". */
int sbx_literal_refuse(const sbx_literal_part *part, const char *reason);
/* 0x2653. */
int sbx_literal_too_long(const sbx_literal_part *part);

int sbx_literal_number(const sbx_literal_part *part, sbx_value *out); /* BOOL, integers, floats, DECIMAL */
int sbx_literal_bytes(const sbx_literal_part *part, sbx_value *out);  /* VARCHAR, NCHAR, VARBINARY, GEOMETRY, JSON */
/* TIMESTAMP; the statement goes on at *pos, where `()` and `+ 1s` may follow. */
int sbx_literal_time(const sbx_literal_part *part, sbx_text sql, size_t *pos, sbx_value *out);

#endif
