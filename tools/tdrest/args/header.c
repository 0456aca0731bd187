/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The value of --header. What a header may be is the library's to say. */
#include "args/header.h"

#include <string.h>

#include "args/secret.h"

int cli_header_add(tdrest_options *options, char *text)
{
    char *colon = strchr(text, ':'), *value = colon == NULL ? text + strlen(text) : colon + 1;
    int rc;

    if (colon != NULL)
        *colon = '\0';
    rc = tdrest_options_add_header(options, text, value + strspn(value, " \t"));
    if (colon != NULL)
        *colon = ':';
    return rc;
}

void cli_header_blank(char *text)
{
    cli_blank(text + strcspn(text, ":") + (strchr(text, ':') != NULL));
}
