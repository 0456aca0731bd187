/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What the server's INSERT parser makes of a literal for a column: every form, every silent change, every refusal with its text. */
#ifndef SBX_LITERAL_H
#define SBX_LITERAL_H

#include "../sql/lex.h"
#include "../base/request.h"

/*
 * Reads the value that begins at *pos of sql (already lower-cased) for a column of that type; *pos moves behind it. Signs, NOW and TODAY,
 * "1704164645123 + 1s" included. 0, or the code of request->err: 0x0216 "syntax error near '...' (reason)", 0x2653 "Value too long for
 * column/tag: NAME", 0x013D, 0x266A ... What is near: of a quoted token its text, else the statement from there on, at most 63 bytes.
 */
int sbx_literal(sbx_request *request, sbx_text sql, size_t *pos, const sbx_type *type, sbx_text column, sbx_value *out);

/* WKT to little-endian WKB: POINT LINESTRING POLYGON MULTI*, Z dropped. 1; 0 and the server's reason. */
int sbx_geometry(sbx_arena *arena, sbx_text wkt, sbx_text *wkb, const char **reason);

/* JSON of a tag: the object with sorted keys as the server writes it; len 0: NULL. 1; 0, the reason, and near what (the whole text, or a part). */
int sbx_json_tag(sbx_arena *arena, sbx_text text, sbx_text *out, const char **reason, sbx_text *near);
/* tag->'key' of such a text, as the raw JSON that the server emits (unescaped strings, %.9lf, null). 0: there is no such key. */
int sbx_json_member(sbx_arena *arena, sbx_text object, sbx_text key, sbx_text *raw);

/* Sets 0x0216 "syntax error near '...' (reason)" with the text from offset on, at most 63 bytes. Returns the code. */
int sbx_syntax_error(sbx_request *request, sbx_text sql, size_t offset, const char *reason);
int sbx_syntax_error_near(sbx_request *request, sbx_text near, const char *reason);

/* 1 when it is UTF-8 that the server takes for NCHAR; chars receives the number of characters. */
int sbx_nchar_check(sbx_text text, size_t *chars);

#endif
