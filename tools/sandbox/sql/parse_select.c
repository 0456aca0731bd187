/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* SELECT over at most one table: its clauses in their order. Knows nothing of what the names in it are. */
#include "parse_state.h"

static int items(sbx_parser *p, sbx_select *select)
{
    do {
        sbx_item item = {sbx_p_star(p), {NULL, 0}};

        if (item.expr == NULL) {
            item.expr = p->request->err.code != 0 ? NULL : sbx_p_condition(p);
            if (item.expr == NULL || !sbx_p_alias(p, &item.alias))
                return 0;
        }
        select->items = sbx_alloc_one_more(p->request->arena, select->items, select->item_count, sizeof item);
        select->items[select->item_count++] = item;
    } while (sbx_p_take(p, ","));
    return 1;
}

static int from(sbx_parser *p, sbx_select *select)
{
    int as;

    if (!sbx_p_take(p, "from"))
        return 1;
    select->has_from = 1;
    if (!sbx_p_table(p, &select->from))
        return 0;
    as = sbx_p_take(p, "as");
    return !(as || sbx_p_is_name(p)) || sbx_p_name(p, SBX_MAX_TABLE_NAME, &select->from_alias);
}

static int where(sbx_parser *p, sbx_expr **out)
{
    *out = sbx_p_condition(p);
    return *out != NULL;
}

/* ---- windows ---- */

static int fill(sbx_parser *p, sbx_select *select)
{
    static const struct {
        const char *word;
        enum sbx_fill fill;
    } fills[] = {{"none", SBX_FILL_NONE}, {"null", SBX_FILL_NULL}, {"prev", SBX_FILL_PREV}, {"next", SBX_FILL_NEXT}, {"value", SBX_FILL_VALUE}};
    size_t i = 0;

    if (!sbx_p_expect(p, "("))
        return 0;
    while (i < sizeof fills / sizeof fills[0] && !sbx_p_take(p, fills[i].word))
        i++;
    if (i == sizeof fills / sizeof fills[0])
        return sbx_p_fail(p);
    select->fill = fills[i].fill;
    if (select->fill == SBX_FILL_VALUE &&
        (!sbx_p_expect(p, ",") || !sbx_p_expressions(p, &select->fill_values, &select->fill_value_count)))
        return 0;
    return sbx_p_expect(p, ")");
}

static int sliding(sbx_parser *p, sbx_select *select)
{
    return sbx_p_expect(p, "(") && sbx_p_duration(p, &select->sliding) && sbx_p_expect(p, ")");
}

static int window(sbx_parser *p, sbx_select *select)
{
    if (!sbx_p_take(p, "interval"))
        return 1;
    if (!sbx_p_expect(p, "(") || !sbx_p_duration(p, &select->interval))
        return 0;
    if (select->interval.count <= 0) {
        sbx_fail(p->request, 0x2615, "Interval too small");
        return 0;
    }
    if (sbx_p_take(p, ",") && !sbx_p_duration(p, &select->offset_of_interval))
        return 0;
    if (!sbx_p_expect(p, ")") || (sbx_p_take(p, "sliding") && !sliding(p, select)))
        return 0;
    return !sbx_p_take(p, "fill") || fill(p, select);
}

/* ---- what comes last ---- */

static int order(sbx_parser *p, sbx_select *select)
{
    do {
        sbx_order one = {sbx_p_expression(p), 0, 0};

        if (one.expr == NULL)
            return 0;
        one.descending = sbx_p_take(p, "desc");
        if (!one.descending)
            sbx_p_take(p, "asc");
        one.nulls_last = one.descending;
        if (sbx_p_take(p, "nulls")) {
            one.nulls_last = sbx_p_is(p, "last");
            if (!sbx_p_take(p, "first") && !sbx_p_expect(p, "last"))
                return 0;
        }
        select->order = sbx_alloc_one_more(p->request->arena, select->order, select->order_count, sizeof one);
        select->order[select->order_count++] = one;
    } while (sbx_p_take(p, ","));
    return 1;
}

/* n, n OFFSET m, m, n */
static int limit(sbx_parser *p, const char *offset_word, int64_t *count, int64_t *offset)
{
    if (!sbx_p_integer(p, count))
        return 0;
    if (sbx_p_take(p, offset_word))
        return sbx_p_integer(p, offset);
    if (!sbx_p_take(p, ","))
        return 1;
    *offset = *count;
    return sbx_p_integer(p, count);
}

static int clauses(sbx_parser *p, sbx_select *select)
{
    if (sbx_p_take(p, "where") && !where(p, &select->where))
        return 0;
    if (sbx_p_take(p, "partition") && (!sbx_p_expect(p, "by") || !sbx_p_expressions(p, &select->partition, &select->partition_count)))
        return 0;
    if (!window(p, select))
        return 0;
    if (sbx_p_take(p, "group") && (!sbx_p_expect(p, "by") || !sbx_p_expressions(p, &select->group, &select->group_count)))
        return 0;
    if (sbx_p_take(p, "having") && !where(p, &select->having))
        return 0;
    if (sbx_p_take(p, "order") && (!sbx_p_expect(p, "by") || !order(p, select)))
        return 0;
    if (sbx_p_take(p, "slimit") && !limit(p, "soffset", &select->slimit, &select->soffset))
        return 0;
    return !sbx_p_take(p, "limit") || limit(p, "offset", &select->limit, &select->offset);
}

int sbx_p_select(sbx_parser *p, sbx_statement *statement)
{
    sbx_select *select = sbx_alloc(p->request->arena, sizeof *select);

    statement->kind = SBX_S_SELECT;
    statement->select = select;
    select->limit = select->slimit = -1;
    if (p->token.kind == SBX_T_COMMENT)
        sbx_p_next(p); /* a hint: all that is one stands in this place */
    select->distinct = sbx_p_take(p, "distinct");
    if (!select->distinct)
        sbx_p_take(p, "all");
    select->tags_only = sbx_p_take(p, "tags");
    return items(p, select) && from(p, select) && clauses(p, select);
}
