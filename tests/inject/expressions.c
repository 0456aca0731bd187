/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Strings as parameters of SELECT, which gives them back; several times in one statement, and between other tokens. */
#include "inject.h"

enum { LOT = 60 };

static int is_text(tdrest_result *res, size_t column, const tdrt_string *s)
{
    const void *bytes = NULL;
    size_t len = 0;

    return tdrest_result_bytes(res, column, &bytes, &len) == TDREST_OK && len == s->len && (len == 0 || memcmp(bytes, s->p, len) == 0);
}

static void ask(tdrt_run *run, tdrest_stmt *stmt, const tdrt_string *s)
{
    tdrest_result *res = NULL;
    int64_t length = -1;
    int rc = tdrest_stmt_query(stmt, NULL, &res);

    if (rc == TDREST_OK && tdrest_result_next(res) == TDREST_ROW)
        tdrt_check_string(run, is_text(res, 0, s) && is_text(res, 2, s) && tdrest_result_int64(res, 1, &length) == TDREST_OK && length == (int64_t)s->len,
                          s, "not what SELECT gives back");
    else
        tdrt_check_string(run, 0, s, rc == TDREST_OK ? "SELECT has no row" : tdrest_stmt_error(stmt)->message);
    tdrest_result_free(res);
}

void tdrt_expressions(tdrt_run *run)
{
    tdrest_stmt *stmt = tdrt_prepare(run, "SELECT :s a,length(:s),:s/* ' ? */b");

    for (int i = 0; i < LOT; i++) {
        tdrt_string s;
        int rc;

        tdrt_make(run, TDRT_BYTES, 65517, &s);
        rc = i & 1 ? tdrest_stmt_bind_text(stmt, 0, s.p, s.len) : tdrest_stmt_bind_bytes(stmt, 0, s.p, s.len);
        if (tdrt_judged(run, &s, tdrt_judge_text(&s, 0), rc, "SELECT"))
            ask(run, stmt, &s);
        tdrt_drop(&s, 1);
    }
    tdrest_stmt_free(stmt);
}
