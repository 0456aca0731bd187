/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Class and repeat of every error code that a server is known to send, in a
 * compact sorted table made from protocol facts, and what else is certain of
 * some. Knows neither names nor texts.
 */
#ifndef TDRI_SERVERCODE_H
#define TDRI_SERVERCODE_H

#include <tdrest.h>

/*
 * The class of a code (low 16 bits as sent) and whether a repeat is safe. 1; 0 for an unknown code: TDREST_CLASS_NONE,
 * TDREST_REPEAT_NO. A known code without a class gives TDREST_CLASS_NONE too.
 */
int tdri_servercode_get(int code, int *cls, int *repeat);
/* What else is known of a code. */
enum {
    TDRI_SQL_NOT_RUN = 1,   /* to a statement: refused before anything of it ran */
    TDRI_LINES_NOT_RUN = 2, /* to lines: refused before a line was written; tables and columns may have been made for them */
    TDRI_BAD_LOGIN = 4,         /* user or password wrong, user disabled, address refused */
    TDRI_BAD_VALUE = 8,         /* may blame the values of one row: without that row the request may succeed */
    TDRI_OTHER_HOST = 16,   /* another adapter may reach what this one does not */
    TDRI_NO_DATABASE = 32   /* there is none of that name, or none was named */
};

/* Those of the above that are certain, joined by |; 0: nothing is. */
int tdri_servercode_facts(int code);
/* Whether the server's refusal in a record may blame the values of one row. */
int tdri_servercode_blames_row(const tdrest_error *err);
/* How many codes are known. */
size_t tdri_servercode_count(void);

#endif
