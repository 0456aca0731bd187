/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Decimals without an arena: what the files about values share. */
#ifndef SBX_DECIMAL_H
#define SBX_DECIMAL_H

#include "value.h"

enum { SBX_DECIMAL_DIGITS = 38, SBX_DECIMAL_ROOM = 48 };

/* As text with its scale; the length. */
size_t sbx_decimal_print(char out[SBX_DECIMAL_ROOM], sbx_int128 decimal, int scale);

#endif
