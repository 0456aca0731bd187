/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The general parser's entry: which statement it is, and that nothing follows it. */
#include "parse_state.h"

static int create(sbx_parser *p, sbx_statement *statement)
{
    if (sbx_p_take(p, "database"))
        return sbx_p_create_database(p, statement);
    if (sbx_p_take(p, "table"))
        return sbx_p_create_table(p, statement);
    if (sbx_p_take(p, "stable"))
        return sbx_p_create_stable(p, statement);
    return sbx_p_expect(p, "user") && sbx_p_create_user(p, statement);
}

static int alter(sbx_parser *p, sbx_statement *statement)
{
    if (sbx_p_take(p, "database"))
        return sbx_p_alter_database(p, statement);
    if (sbx_p_take(p, "user"))
        return sbx_p_alter_user(p, statement);
    return (sbx_p_take(p, "table") || sbx_p_expect(p, "stable")) && sbx_p_alter_table(p, statement);
}

static int use(sbx_parser *p, sbx_statement *statement)
{
    statement->kind = SBX_S_USE;
    return sbx_p_name(p, SBX_MAX_DATABASE_NAME, &statement->name.database);
}

static int describe(sbx_parser *p, sbx_statement *statement)
{
    statement->kind = SBX_S_DESCRIBE;
    return sbx_p_table(p, &statement->name);
}

static int delete_from(sbx_parser *p, sbx_statement *statement)
{
    statement->kind = SBX_S_DELETE;
    if (!sbx_p_expect(p, "from") || !sbx_p_table(p, &statement->name))
        return 0;
    if (sbx_p_take(p, "where"))
        statement->where = sbx_p_condition(p);
    return p->request->err.code == 0;
}

/* Here only behind a comment. The grammar has INSERT ... SELECT, which the sandbox has not: it departs where its SELECT would begin. */
static int insert(sbx_parser *p, sbx_statement *statement)
{
    if (!sbx_p_expect(p, "into") || !sbx_p_table(p, &statement->name) ||
        (sbx_p_is(p, "(") && !sbx_p_names(p, &(sbx_text *){NULL}, &(size_t){0})))
        return 0;
    return sbx_p_fail(p);
}

static int statement_of(sbx_parser *p, sbx_statement *statement)
{
    static const struct {
        const char *word;
        int (*parse)(sbx_parser *p, sbx_statement *statement);
    } words[] = {
        {"create", create}, {"drop", sbx_p_drop}, {"alter", alter}, {"use", use}, {"describe", describe},
        {"desc", describe}, {"show", sbx_p_show}, {"delete", delete_from}, {"insert", insert},
        {"grant", sbx_p_grant}, {"revoke", sbx_p_grant},
    };

    if (sbx_p_is(p, "select"))
        return sbx_p_select(p, statement);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (sbx_p_take(p, words[i].word))
            return words[i].parse(p, statement);
    return sbx_p_fail(p);
}

int sbx_parse(sbx_request *request, sbx_text sql, sbx_statement **out)
{
    sbx_parser parser = {.request = request, .sql = sql};
    sbx_statement *statement = sbx_alloc(request->arena, sizeof *statement);

    statement->sql = sql;
    statement->keep_min = -1;
    sbx_p_next(&parser);
    if (statement_of(&parser, statement) && !sbx_p_is_end(&parser))
        sbx_p_fail(&parser);
    *out = request->err.code == 0 ? statement : NULL;
    return request->err.code;
}
