/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Passwords on the command line. */
#ifndef CLI_SECRET_H
#define CLI_SECRET_H

/* Blanks what is secret in a DSN; 1 when there was something. */
int cli_blank_dsn(char *dsn);
/* Blanks a value of an option that is secret. */
void cli_blank(char *value);
/* Is this value of an option, or of "dsn", a secret or does it hold one? */
int cli_holds_secret(const char *key, const char *value);

#endif
