/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* \e: a statement in an editor of the user's choice. */
#ifndef CLI_EDIT_H
#define CLI_EDIT_H

#include <stddef.h>

/* The text as the editor left it, to be freed; NULL: it was not changed, the editor failed, or what went wrong is told. */
char *cli_edit(const char *text, size_t len);

#endif
