/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Users and their rights, KILL, and what looks after a database. */
#include "parse_state.h"

enum { MIN_PASSWORD = 8 };

static int password(sbx_parser *p, sbx_statement *statement)
{
    int code = 0;

    if (!sbx_p_string(p, &statement->password))
        return 0;
    if (statement->user.len > SBX_MAX_USER || statement->password.len > SBX_MAX_PASSWORD)
        code = sbx_fail(p->request, 0x2610, "Name or password too long");
    else if (statement->password.len < MIN_PASSWORD)
        code = sbx_fail(p->request, 0x2611, "Password too short or empty");
    return code == 0;
}

static int user_name(sbx_parser *p, sbx_statement *statement, sbx_statement_kind kind)
{
    statement->kind = kind;
    statement->enable = -1;
    return sbx_p_name(p, SBX_MAX_TABLE_NAME, &statement->user);
}

int sbx_p_create_user(sbx_parser *p, sbx_statement *statement)
{
    return user_name(p, statement, SBX_S_CREATE_USER) && sbx_p_expect(p, "pass") && password(p, statement);
}

/* PASS 'text', ENABLE 0 or 1 */
int sbx_p_alter_user(sbx_parser *p, sbx_statement *statement)
{
    int64_t number = -1;

    if (!user_name(p, statement, SBX_S_ALTER_USER))
        return 0;
    if (sbx_p_take(p, "pass"))
        return password(p, statement);
    if (!sbx_p_expect(p, "enable"))
        return 0;
    if (!(p->token.raw.len == 1 && (p->token.raw.p[0] == '0' || p->token.raw.p[0] == '1')))
        return sbx_p_fail(p);
    sbx_p_integer(p, &number);
    statement->enable = (int)number;
    return 1;
}

int sbx_p_drop_user(sbx_parser *p, sbx_statement *statement)
{
    return user_name(p, statement, SBX_S_DROP_USER);
}

/* READ ON db.* TO user; from behind GRANT or REVOKE. */
int sbx_p_grant(sbx_parser *p, sbx_statement *statement)
{
    if (!sbx_p_take(p, "read") && !sbx_p_take(p, "write") && !sbx_p_expect(p, "all"))
        return 0;
    if (!sbx_p_expect(p, "on") || !sbx_p_name(p, SBX_MAX_DATABASE_NAME, &statement->name.database) || !sbx_p_expect(p, ".") || !sbx_p_expect(p, "*"))
        return 0;
    return (sbx_p_take(p, "to") || sbx_p_expect(p, "from")) && user_name(p, statement, SBX_S_GRANT);
}

int sbx_p_kill(sbx_parser *p, sbx_statement *statement)
{
    sbx_text id;
    int64_t number;

    statement->kind = SBX_S_KILL;
    statement->name.table = p->token.raw;
    if (sbx_p_take(p, "query"))
        return sbx_p_string(p, &id);
    return (sbx_p_take(p, "connection") || sbx_p_expect(p, "transaction")) && sbx_p_integer(p, &number);
}

static int maintained(sbx_parser *p, sbx_statement *statement, sbx_statement_kind kind)
{
    statement->kind = kind;
    return sbx_p_expect(p, "database") && sbx_p_name(p, SBX_MAX_DATABASE_NAME, &statement->name.database);
}

int sbx_p_flush(sbx_parser *p, sbx_statement *statement)
{
    return maintained(p, statement, SBX_S_MAINTAIN);
}

int sbx_p_compact(sbx_parser *p, sbx_statement *statement)
{
    return maintained(p, statement, SBX_S_UNSUPPORTED);
}

/* CREATE VIEW and what it is made of, DROP VIEW: the name is looked at, the rest is not. */
int sbx_p_view(sbx_parser *p, sbx_statement *statement)
{
    statement->kind = SBX_S_UNSUPPORTED;
    if (!sbx_p_table(p, &statement->name))
        return 0;
    if (sbx_p_take(p, "as") && !sbx_p_select(p, statement))
        return 0;
    statement->kind = SBX_S_UNSUPPORTED;
    statement->select = NULL;
    return 1;
}
