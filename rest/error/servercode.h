/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Class and repeat of every error code that a server is known to send, in a
 * compact sorted table made from protocol facts. Knows neither names nor texts.
 */
#ifndef TDRI_SERVERCODE_H
#define TDRI_SERVERCODE_H

#include <tdrest.h>

/*
 * The class of a code (low 16 bits as sent) and whether a repeat is safe. 1; 0 for an unknown code: TDREST_CLASS_NONE,
 * TDREST_REPEAT_NO. A known code without a class gives TDREST_CLASS_NONE too.
 */
int tdri_servercode_get(int code, int *cls, int *repeat);
/* How many codes are known. */
size_t tdri_servercode_count(void);

#endif
