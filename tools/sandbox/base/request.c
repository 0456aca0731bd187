/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What requests have in common: the first error wins, answers grow row by row. */
#include "request.h"

#include <stdarg.h>
#include <stdio.h>

int sbx_fail(sbx_request *request, int code, const char *format, ...)
{
    char desc[1024];
    va_list args;
    int len;

    if (request->err.code != 0)
        return request->err.code;
    va_start(args, format);
    len = vsnprintf(desc, sizeof desc, format, args);
    va_end(args);
    if (len < 0)
        len = 0;
    else if ((size_t)len >= sizeof desc)
        len = sizeof desc - 1;
    request->err.code = code;
    request->err.desc = sbx_copy(request->arena, desc, (size_t)len);
    return code;
}

int sbx_refuse_from(sbx_request *request, sbx_text sql, size_t offset)
{
    enum { REST_BYTES = 490 };
    size_t rest = offset < sql.len ? sql.len - offset : 0;

    return sbx_fail(request, 0x2600, "syntax error near \"%.*s\"", (int)(rest < REST_BYTES ? rest : REST_BYTES), sql.p + sql.len - rest);
}

void sbx_answer_add(sbx_request *request, sbx_answer *answer, sbx_value *row)
{
    answer->rows = sbx_alloc_one_more(request->arena, answer->rows, answer->row_count, sizeof(sbx_value *));
    answer->rows[answer->row_count++] = row;
}
