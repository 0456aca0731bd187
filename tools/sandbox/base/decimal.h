/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Decimals of up to 38 digits, exact. One is kept as a text that orders as its number does: '1' and 38 digits; below zero '0', and of each digit what it
 * lacks to 9. Its scale is kept beside it. Knows nothing of columns.
 */
#ifndef SBX_DECIMAL_H
#define SBX_DECIMAL_H

#include "value.h"

enum { SBX_DECIMAL_DIGITS = 38, SBX_DECIMAL_ROOM = 48 };

/* As text with its scale, also of -0 as "0.00". */
void sbx_decimal_print(char out[SBX_DECIMAL_ROOM], sbx_text decimal, int scale);
sbx_text sbx_decimal_negated(sbx_arena *arena, sbx_text decimal);
/*
 * Digits, a point, an exponent, as the server reads them: reads as far as they go (nothing: 0), rounds half away from zero to scale.
 * 0 when it does not fit into the precision.
 */
int sbx_decimal_parse(sbx_arena *arena, sbx_text text, int precision, int scale, sbx_text *out);
/* + - * of decimals and integers, rounded half away from zero to the type's scale. 0: it does not fit into the type. */
int sbx_decimal_compute(sbx_arena *arena, const sbx_value *a, const sbx_value *b, char op, const sbx_type *type, sbx_text *out);

#endif
