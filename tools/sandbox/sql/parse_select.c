/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* SELECT: its clauses in their order, SELECTs in brackets, UNION ALL. Knows nothing of what the names in it are. */
#include "parse_state.h"

enum { MAX_NESTED = 32 };

static sbx_select *selects(sbx_parser *p);

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

static int condition(sbx_parser *p, sbx_expr **out)
{
    *out = sbx_p_condition(p);
    return *out != NULL;
}

/* ---- FROM ---- */

static int nested(sbx_parser *p, sbx_source *source)
{
    if (!sbx_p_is(p, "select"))
        return sbx_p_fail(p);
    source->select = selects(p);
    return source->select != NULL && sbx_p_expect(p, ")");
}

static int source(sbx_parser *p, sbx_select *select)
{
    sbx_source one = {.offset = p->token.offset};
    int as;

    if (sbx_p_take(p, "(") ? !nested(p, &one) : !sbx_p_table(p, &one.name))
        return 0;
    as = sbx_p_take(p, "as");
    if ((as || sbx_p_is_name(p)) && !sbx_p_name(p, SBX_MAX_TABLE_NAME, &one.alias))
        return 0;
    select->sources = sbx_alloc_one_more(p->request->arena, select->sources, select->source_count, sizeof one);
    select->sources[select->source_count++] = one;
    return 1;
}

static int from(sbx_parser *p, sbx_select *select)
{
    if (!sbx_p_take(p, "from"))
        return 1;
    if (!source(p, select))
        return 0;
    for (;;) {
        int inner = sbx_p_take(p, "inner");

        if (inner ? !sbx_p_expect(p, "join") : !sbx_p_take(p, "join")) {
            if (p->request->err.code != 0 || !sbx_p_take(p, ","))
                return p->request->err.code == 0;
            if (!source(p, select))
                return 0;
        } else if (!source(p, select) || (sbx_p_take(p, "on") && !condition(p, &select->sources[select->source_count - 1].on))) {
            return 0;
        }
    }
}

/* ---- windows ---- */

/* NULL and NONE are the fills that the sandbox knows. */
static int fill(sbx_parser *p, sbx_select *select)
{
    if (!sbx_p_expect(p, "("))
        return 0;
    select->fill_null = sbx_p_take(p, "null");
    return (select->fill_null || sbx_p_expect(p, "none")) && sbx_p_expect(p, ")");
}

static int window(sbx_parser *p, sbx_select *select)
{
    if (!sbx_p_take(p, "interval"))
        return 1;
    if (!sbx_p_expect(p, "("))
        return 0;
    select->interval_at = p->token.offset;
    if (!sbx_p_duration(p, &select->interval))
        return 0;
    if (select->interval.count <= 0) {
        sbx_fail(p->request, 0x2615, "Interval cannot be less than 1 ms");
        return 0;
    }
    return sbx_p_expect(p, ")") && (!sbx_p_take(p, "fill") || fill(p, select));
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

static int limits(sbx_parser *p, sbx_select *select)
{
    int64_t count, offset;

    select->slimit_at = sbx_p_is(p, "slimit") ? p->token.offset : 0;
    if (sbx_p_take(p, "slimit") && !limit(p, "soffset", &count, &offset))
        return 0;
    select->limit_at = sbx_p_is(p, "limit") ? p->token.offset : 0;
    return !sbx_p_take(p, "limit") || limit(p, "offset", &select->limit, &select->offset);
}

static int list_by(sbx_parser *p, sbx_expr ***list, size_t *count)
{
    return sbx_p_expect(p, "by") && sbx_p_expressions(p, list, count);
}

static int clauses(sbx_parser *p, sbx_select *select)
{
    if (sbx_p_take(p, "where") && !condition(p, &select->where))
        return 0;
    if (sbx_p_take(p, "partition") && !list_by(p, &select->partition, &select->partition_count))
        return 0;
    if (!window(p, select))
        return 0;
    if (sbx_p_take(p, "group") && !list_by(p, &select->group, &select->group_count))
        return 0;
    if (sbx_p_take(p, "having") && !condition(p, &select->having))
        return 0;
    if (sbx_p_take(p, "order") && (!sbx_p_expect(p, "by") || !order(p, select)))
        return 0;
    return limits(p, select);
}

/* From behind the word SELECT. */
static int select_body(sbx_parser *p, sbx_select *select)
{
    select->limit = -1;
    if (p->token.kind == SBX_T_COMMENT)
        sbx_p_next(p); /* a hint: all that is one stands in this place */
    select->distinct = sbx_p_take(p, "distinct");
    if (!select->distinct)
        sbx_p_take(p, "all");
    select->tags_only = sbx_p_take(p, "tags");
    return items(p, select) && from(p, select) && clauses(p, select);
}

/* From the word SELECT on, with what follows behind UNION ALL. */
static sbx_select *selects(sbx_parser *p)
{
    sbx_select *first = NULL, **last = &first;

    if (++p->nested > MAX_NESTED)
        sbx_p_fail(p);
    do {
        *last = sbx_alloc(p->request->arena, sizeof **last);
        if (p->request->err.code != 0 || !sbx_p_expect(p, "select") || !select_body(p, *last))
            return NULL;
        last = &(*last)->next;
    } while (sbx_p_take(p, "union") && sbx_p_expect(p, "all"));
    p->nested--;
    return p->request->err.code == 0 ? first : NULL;
}

int sbx_p_select(sbx_parser *p, sbx_statement *statement)
{
    statement->kind = SBX_S_SELECT;
    statement->select = selects(p);
    return statement->select != NULL;
}
