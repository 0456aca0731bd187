/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Binary floats as text. */
#ifndef SBX_VALUE_FLOAT_H
#define SBX_VALUE_FLOAT_H

#include "value.h"

/* The shortest text that reads back as that number, of 32 bits when single is set; null where it is not finite. */
void sbx_float_json(sbx_buf *out, double number, int single);

#endif
