/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* SELECT from end to end: its table, its names, its rows, its groups, its answer. Knows the order of the steps, not the steps. */
#include "select.h"

static int run(sbx_query *query, sbx_answer *answer)
{
    if (sbx_select_source(query) != 0 || sbx_select_check(query) != 0)
        return query->request->err.code;
    sbx_select_range(query);
    if (sbx_fill_check(query) != 0 || sbx_select_scan(query) != 0 || sbx_select_group(query) != 0 || sbx_select_units(query) != 0)
        return query->request->err.code;
    return sbx_select_answer(query, answer);
}

int sbx_run_select(sbx_request *request, const sbx_select *select, sbx_answer *answer)
{
    sbx_query query = {.request = request, .select = select, .digits = 3, .picked = SIZE_MAX};

    run(&query, answer);
    sbx_match_free(&query);
    return request->err.code;
}
