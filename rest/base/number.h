/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Numbers and their decimal texts, without locale, in integer arithmetic:
 * correctly rounded reading of double and, directly, of float; shortest
 * writing; 128-bit decimals. Knows no protocol.
 */
#ifndef TDRI_NUMBER_H
#define TDRI_NUMBER_H

#include <tdrest.h>

/* Room for any text written here, NUL included: the longest plain double is "-0.0000012345678901234567". */
enum { TDRI_NUMBER_TEXT = TDREST_NUMBER_BYTES };

/*
 * Read a number in JSON's grammar, -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?, from [text, end), any length.
 * Answer the byte behind the longest number there; NULL when none starts at text, when it is cut
 * ("-", "1.", "1e", "1e+"), or when a zero is followed by a digit.
 * The value is rounded to nearest, ties to even. Beyond the greatest finite value it is infinite:
 * the caller refuses that. "-0" keeps its sign, as does a negative number that underflows to zero.
 */
const char *tdri_double_parse(const char *text, const char *end, double *out);
const char *tdri_float_parse(const char *text, const char *end, float *out);
/* value * 10^exponent, rounded in the same way. */
double tdri_double_nearest(uint64_t value, int64_t exponent);
float tdri_float_nearest(uint64_t value, int64_t exponent);

/*
 * Read an integer, -?(0|[1-9][0-9]*), from [text, end). Answer the byte behind its last digit; NULL as above and
 * when it does not fit. What follows ('.', 'e') is the caller's business. "-0" is 0 for both.
 */
const char *tdri_int64_parse(const char *text, const char *end, int64_t *out);
const char *tdri_uint64_parse(const char *text, const char *end, uint64_t *out);

/*
 * Write the shortest text that reads back equal (the closest to the value among the shortest), in the form that taosAdapter
 * uses: plain notation unless 0 < |x| < 1e-6 or |x| >= 1e21, then d.ddde-07 with a sign and at least two
 * exponent digits; no ".0" on integral values; "-0"; not for NaN and infinity ("nan", "inf", "-inf").
 * tdri_float_format picks the shortest text for single precision.
 * out has TDRI_NUMBER_TEXT bytes and gets a NUL; the length is answered.
 */
size_t tdri_double_format(double value, char *out);
size_t tdri_float_format(float value, char *out);
/*
 * The shortest text that a reader of doubles makes a double of which a cast turns into this float, without leaving
 * the range of floats on the way: mostly that of tdri_float_format, else that of the value as a double.
 */
size_t tdri_float_format_cast(float value, char *out);
size_t tdri_int64_format(int64_t value, char *out);
size_t tdri_uint64_format(uint64_t value, char *out);

/*
 * Read -?[0-9]+(\.[0-9]+)? from len bytes at text into 128 bits and a scale. TDREST_OK; TDREST_ETYPE for another shape;
 * TDREST_ERANGE when it needs more than 127 bits or the scale exceeds 76.
 */
int tdri_decimal_parse(const char *text, size_t len, tdrest_decimal *out);
/* The shape alone: 1 when text is -?[0-9]+(\.[0-9]+)?, of any length. */
int tdri_decimal_is(const char *text, size_t len);

#endif
