/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Header lines of an answer, as libcurl hands them over, with or without their line ends. Knows no header by name. */
#ifndef TDRI_HEADER_H
#define TDRI_HEADER_H

#include <stddef.h>

/* A status line: headers begin anew. Interim answers have one of their own. */
int tdri_header_begins(const char *line, size_t len);

/* The value of the header when the line is that header, in whatever capitals, without blanks around it; NULL when it is another one. */
const char *tdri_header_value(const char *line, size_t len, const char *name, size_t *value_len);

#endif
