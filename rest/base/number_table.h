/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Powers of five and ten that reading and writing share. Knows no texts. */
#ifndef TDRI_NUMBER_TABLE_H
#define TDRI_NUMBER_TABLE_H

#include "base/number_wide.h"

/* Reading needs -342 ... 308, writing -292 ... 324. */
enum { TDRI_POWER_MIN = -342, TDRI_POWER_MAX = 324 };

/*
 * 5^q as a fraction of exactly 128 bits, the highest one set: 2^127 <= f < 2^128 and 5^q = f * 2^s for some s.
 * Exact for 0 <= q <= TDRI_POWER_EXACT. For TDRI_POWER_TIE <= q < 0 the next fraction above: 64 bits can be a multiple
 * of 5^-q there, and reading must not fall short of a quotient without remainder. For every other q the next fraction below.
 */
enum { TDRI_POWER_TIE = -27, TDRI_POWER_EXACT = 55 };
extern const tdri_wide tdri_power_of_five[TDRI_POWER_MAX - TDRI_POWER_MIN + 1];

/* 10^n: all that 64 bits hold, and all that are exact in the two formats. */
extern const uint64_t tdri_ten_uint[20];
extern const double tdri_ten_double[23];
extern const float tdri_ten_float[11];

#endif
