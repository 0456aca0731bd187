/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The exact answer where 128 bits cannot tell on which side of a rounding boundary a long decimal lies. Knows no grammar. */
#ifndef TDRI_NUMBER_EXACT_H
#define TDRI_NUMBER_EXACT_H

#include <stdint.h>

/*
 * Compare a decimal with a boundary, significand * 2^binary_exp: negative, 0 or positive as the decimal is less, equal or greater.
 * [digits, stop) are digits with or without one point among them, the first not zero; the last
 * counts 10^decimal_exp. The boundary is one between two neighbouring doubles or floats (0 and infinity
 * included), the decimal between the same two.
 */
int tdri_exact_compare(const char *digits, const char *stop, int64_t decimal_exp, uint64_t significand, int binary_exp);

#endif
