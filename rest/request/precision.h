/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The words for units of time: those of InfluxDB lines and those of databases. Knows no times. */
#ifndef TDRI_PRECISION_H
#define TDRI_PRECISION_H

#include <tdrest.h>

/* TDREST_HOUR ... TDREST_NS as the parameter of a write. NULL for other numbers. */
const char *tdri_precision_word(int precision);

/* TDREST_MS, TDREST_US or TDREST_NS, as a database names them, else TDREST_PRECISION_UNKNOWN. */
int tdri_precision_find(const char *word);

#endif
