/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The server's tokens: its pass that folds case, then strings, names, numbers, words and symbols. */
#ifndef SBX_LEX_H
#define SBX_LEX_H

#include "../base/memory.h"

typedef enum sbx_token_kind {
    SBX_T_END,      /* the text's end, or a NUL */
    SBX_T_WORD,     /* a name or keyword */
    SBX_T_NAME,     /* `...` */
    SBX_T_STRING,   /* '...' or "..." */
    SBX_T_INTEGER,  /* digits */
    SBX_T_FLOAT,    /* 1.5 .5 1. 1e10 */
    SBX_T_HEX,      /* 0x1f */
    SBX_T_BINARY,   /* 0b101 */
    SBX_T_DURATION, /* 10s 1d: digits with one of the units b u a s m h d w n y */
    SBX_T_SYMBOL,   /* ( ) , . ; + - * / % = < > <= >= <> != ? -> | & and the like */
    SBX_T_COMMENT,  /* only where sbx_lex_raw is asked: the INSERT parser refuses them */
    SBX_T_BAD       /* an unclosed quote, a byte that begins nothing: to the end of the text */
} sbx_token_kind;

typedef struct sbx_token {
    sbx_token_kind kind;
    size_t offset;
    sbx_text raw; /* as it stands in the text, quotes included */
} sbx_token;

/*
 * The pass before everything: A-Z outside quotes become a-z. It takes a backslash as an escape in all three quotes and knows no
 * comments, so an apostrophe in a comment turns it round. Ends at a NUL.
 */
sbx_text sbx_lower(sbx_arena *arena, sbx_text sql);

/* The token at *pos; *pos moves behind it. White space is passed over, comments too. */
sbx_token sbx_lex(sbx_text sql, size_t *pos);
/* The same, with comments as tokens. */
sbx_token sbx_lex_raw(sbx_text sql, size_t *pos);

/* Without quotes and escapes (6.2); of a NAME, doubled backquotes become one; others as they are. */
sbx_text sbx_token_text(sbx_arena *arena, const sbx_token *token);

int sbx_token_is(const sbx_token *token, const char *word_or_symbol); /* a WORD or SYMBOL with just that text */

/* A keyword that cannot stand as a name without backquotes. */
int sbx_is_reserved(sbx_text word);

#endif
