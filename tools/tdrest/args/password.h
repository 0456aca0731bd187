/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Passwords from where they do not show. */
#ifndef CLI_PASSWORD_H
#define CLI_PASSWORD_H

#include <stddef.h>

enum { CLI_PASSWORD_ROOM = 512 };

/* Reads the first line of a file that nobody else can read. CLI_OK, or what is wrong is told: an exit status. */
int cli_password_file(const char *name, char password[CLI_PASSWORD_ROOM]);
/* Asks at the terminal, without echo. The same. */
int cli_password_ask(char password[CLI_PASSWORD_ROOM]);
/* Takes it out of memory. */
void cli_password_forget(char password[CLI_PASSWORD_ROOM]);

#endif
