/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What makes a terminal write in another way. */
#ifndef CLI_COLOR_H
#define CLI_COLOR_H

#define CLI_BOLD "\033[1m"
#define CLI_DIM "\033[2m"
#define CLI_PLAIN "\033[0m"

#endif
