/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Users and their rights. */
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
