/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Where in an INSERT the value stands that a refusal of it quotes. Knows the form of the server's messages; no rows. */
#ifndef TDRI_QUOTED_H
#define TDRI_QUOTED_H

#include <stddef.h>

/*
 * The place of what "syntax error near '...' (reason)" quotes in the statement that was refused; SIZE_MAX when it cannot be told for certain: it stands there
 * more than once, or backslashes, which may be gone from the quotation, stand anywhere.
 */
size_t tdri_quoted_at(const char *message, const char *sql, size_t len);

#endif
