/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Strings as parameters of SELECT, which gives them back; several times in one statement, between other tokens, and as the list of IN. */
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

/* ---- lists ---- */

enum { LIST = 8, LIST_BYTES = 4000 };

/* Whether the server finds the string in the list that is bound. */
static int is_in(tdrt_run *run, tdrest_stmt *stmt, const char *text, size_t len)
{
    tdrest_result *res = NULL;
    int in = -1, out = -1, rc = tdrest_stmt_bind_bytes(stmt, 0, text, len);

    if (rc == TDREST_OK)
        rc = tdrest_stmt_query(stmt, NULL, &res);
    tdrt_check(run, rc == TDREST_OK && tdrest_result_next(res) == TDREST_ROW && tdrest_result_bool(res, 0, &in) == TDREST_OK &&
               tdrest_result_bool(res, 1, &out) == TDREST_OK && in == !out, "list: %d and %d: %s", in, out, tdrest_stmt_error(stmt)->message);
    tdrest_result_free(res);
    return in == 1;
}

/* A string that can be in a list; those made on the way that cannot are refused there too. */
static void make_fit(tdrt_run *run, tdrest_stmt *stmt, tdrt_string *s)
{
    for (;;) {
        uint32_t offset[] = {0}, length[1];
        tdrest_column column = TDREST_TEXT_COLUMN(TDREST_TYPE_VARCHAR, "", offset, length, 1);

        tdrt_make(run, TDRT_BYTES, LIST_BYTES, s);
        if (tdrt_judge_text(s, 0) == TDRT_FINE)
            return;
        column.bytes = s->p;
        length[0] = (uint32_t)s->len;
        tdrt_check_string(run, tdrest_stmt_bind_column(stmt, 1, &column) == TDREST_EBIND, s, "taken in a list");
        tdrt_drop(s, 1);
    }
}

/* Strings as a column that becomes the list of IN: each of them is found there, another one is not. */
static void ask_list(tdrt_run *run, tdrest_stmt *stmt)
{
    char bytes[LIST * LIST_BYTES];
    uint32_t offset[LIST], length[LIST], used = 0;
    tdrest_column column = TDREST_TEXT_COLUMN(TDREST_TYPE_VARCHAR, bytes, offset, length, LIST);
    tdrt_string strings[LIST];

    for (int i = 0; i < LIST; i++) {
        make_fit(run, stmt, &strings[i]);
        offset[i] = used;
        length[i] = (uint32_t)strings[i].len;
        if (strings[i].len > 0)
            memcpy(bytes + used, strings[i].p, strings[i].len);
        used += length[i];
    }
    tdrt_check(run, tdrest_stmt_bind_column(stmt, 1, &column) == TDREST_OK, "list: %s", tdrest_stmt_error(stmt)->message);
    for (int i = 0; i < LIST; i++)
        tdrt_check_string(run, is_in(run, stmt, strings[i].p, strings[i].len), &strings[i], "not in its list");
    tdrt_check(run, !is_in(run, stmt, "none of these", 13), "list: what is not there is found");
    tdrt_drop(strings, LIST);
}

void tdrt_expressions(tdrt_run *run)
{
    tdrest_stmt *lists = tdrt_prepare(run, "SELECT :s in(:l),:s not in ( :l )");
    tdrest_stmt *stmt = tdrt_prepare(run, "SELECT :s a,length(:s),:s/* ' ? */b");

    for (int i = 0; i < LOT / LIST; i++)
        ask_list(run, lists);
    tdrest_stmt_free(lists);
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
