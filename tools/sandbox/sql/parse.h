/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Text to tree: the server's general parser, as far as the sandbox knows its grammar. Asks nothing of the store. */
#ifndef SBX_PARSE_H
#define SBX_PARSE_H

#include "ast.h"
#include "../base/request.h"

/*
 * sql: case folded. 0, or the code of request->err: 0x2600 "syntax error near \"...\"" with the rest of the statement from the first token that does
 * not fit (at most 511 bytes in all), "unrecognized token: \"...\"", 0x2601 "Incomplete SQL statement" where the text just ends. What
 * follows a `;` is not looked at. What the server knows and the sandbox does not is a syntax error too: it never pretends.
 */
int sbx_parse(sbx_request *request, sbx_text sql, sbx_statement **out);

#endif
