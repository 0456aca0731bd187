/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* JSON as the server's reader takes it, which is laxer than the standard here and there. Knows nothing of tags. */
#ifndef SBX_JSON_READ_H
#define SBX_JSON_READ_H

#include "../base/memory.h"

typedef struct sbx_json_scan {
    sbx_arena *arena;
    const char *p;
    const char *end;
} sbx_json_scan;

enum sbx_json_kind { SBX_JSON_BAD, SBX_JSON_NULL, SBX_JSON_FALSE, SBX_JSON_TRUE, SBX_JSON_NUMBER, SBX_JSON_STRING, SBX_JSON_NESTED };

typedef struct sbx_json_pair {
    sbx_text key;
    enum sbx_json_kind kind;
    sbx_text text;
    double number;
} sbx_json_pair;

typedef struct sbx_json_members {
    sbx_json_pair *items;
    size_t count;
} sbx_json_members;

/* Whatever value comes next; depth: how many are open around it. */
enum sbx_json_kind sbx_json_value(sbx_json_scan *s, sbx_json_pair *m, int depth);
/* At the brace of an object; 0 when it is no JSON. What is behind it is not looked at. */
int sbx_json_object(sbx_json_scan *s, sbx_json_members *all);

#endif
