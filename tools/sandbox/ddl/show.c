/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* SHOW of lists: each is a SELECT over a table of information_schema, so that both say the same. */
#include "ddl.h"

/* A condition of a list: `column` is `value`. */
typedef struct filter {
    const char *column;
    sbx_text value;
} filter;

/* Rows of a system table: its first column, or all of them, where the filters hold and the first is like the statement's pattern. */
static int list(sbx_request *request, const sbx_statement *statement, const char *table, int whole, const filter *filters, size_t count, sbx_answer *answer)
{
    sbx_fields fields;
    sbx_text sql, text;
    sbx_buf out = {0};

    sbx_system_table(request->arena, sbx_format(request->arena, "%s", table), &fields, &sql);
    sbx_buf_format(&out, "SELECT %s FROM (%.*s) WHERE 1", whole ? "*" : "c0", (int)sql.len, sql.p);
    for (size_t i = 0; i < count; i++) {
        text = sbx_text_sql(request->arena, filters[i].value);
        sbx_buf_format(&out, " AND %s = %.*s", filters[i].column, (int)text.len, text.p);
    }
    if (statement->like.len != 0) {
        text = sbx_like_sql(request->arena, SBX_TEXT("c0"), statement->like, 1);
        sbx_buf_format(&out, " AND %.*s", (int)text.len, text.p);
    }
    if (statement->system != 0)
        sbx_buf_format(&out, " AND c1 IS %s", statement->system > 0 ? "NULL" : "NOT NULL");
    if (!whole)
        fields.count = 1;
    sbx_run_sql(request, (sbx_text){out.p, out.len}, fields.list, fields.count, answer);
    sbx_buf_clear(&out);
    return request->err.code;
}

/* The database of a list, which must be there. */
static int find_database(sbx_request *request, const sbx_statement *statement, sbx_text *name)
{
    sbx_database *database;

    *name = statement->name.database.len != 0 ? statement->name.database : request->database;
    if (sbx_is_system_database(*name))
        return 0;
    return sbx_find_database(request, *name, 0, NULL, &database);
}

static int show_tables(sbx_request *request, const sbx_statement *statement, sbx_answer *answer)
{
    filter filters[2] = {{"c1", {NULL, 0}}, {"c9", SBX_TEXT("NORMAL_TABLE")}};

    if (find_database(request, statement, &filters[0].value) != 0)
        return request->err.code;
    if (statement->kind == SBX_S_SHOW_STABLES)
        return list(request, statement, "ins_stables", 0, filters, 1, answer);
    if (statement->kinds == SBX_CHILD_TABLE)
        filters[1].value = SBX_TEXT("CHILD_TABLE");
    return list(request, statement, "ins_tables", 0, filters, statement->kinds == 0 ? 1 : 2, answer);
}

static int show_tags(sbx_request *request, const sbx_statement *statement, sbx_answer *answer)
{
    filter filters[2] = {{"c0", {NULL, 0}}, {"c1", {NULL, 0}}};
    sbx_table *table;

    if (sbx_find_table(request, &statement->name, 0, SBX_TABLE_INFO_FAILED, &table) != 0)
        return request->err.code;
    if (table == NULL)
        return sbx_fail(request, 0x2662, SBX_TABLE_INFO_FAILED "Table does not exist");
    if (table->kind != SBX_CHILD_TABLE)
        return sbx_fail(request, 0x2665, "Tags can only applied to super table and child table");
    filters[0].value = table->name;
    filters[1].value = table->database->name;
    return list(request, statement, "ins_tags", 1, filters, 2, answer);
}

/* ---- SHOW TABLE TAGS: it is SELECT TAGS ---- */

static sbx_expr *column(sbx_request *request, sbx_text name)
{
    sbx_expr *expr = sbx_alloc(request->arena, sizeof *expr);

    *expr = (sbx_expr){.kind = SBX_E_COLUMN, .name = name, .text = name};
    return expr;
}

static int show_table_tags(sbx_request *request, const sbx_statement *statement, sbx_answer *answer)
{
    sbx_source source = {.name = statement->name};
    sbx_select select = {.tags_only = 1, .sources = &source, .source_count = 1};
    sbx_table *table;
    size_t count;

    if (sbx_need_table(request, &statement->name, 0, SBX_TABLE_INFO_FAILED, &table) != 0)
        return request->err.code;
    count = statement->tag_names != NULL ? statement->tag_name_count : table->tag_count + 1;
    select.items = sbx_alloc_array(request->arena, count, sizeof *select.items);
    select.item_count = count;
    for (size_t i = 0; i < count; i++) {
        sbx_text name = statement->tag_names != NULL ? statement->tag_names[i] : i == 0 ? SBX_TEXT("tbname") : table->fields[table->column_count + i - 1].name;

        select.items[i].expr = column(request, name);
    }
    return sbx_run_select(request, statement->sql, &select, answer);
}

/* ---- lists that are empty, or nearly so ---- */

typedef struct heading {
    const char *name;
    sbx_type_id id;
    int length;
} heading;

static void headings(sbx_request *request, sbx_answer *answer, const heading *list_of, size_t count)
{
    for (size_t i = 0; i < count; i++)
        sbx_answer_field(request, answer, list_of[i].name, list_of[i].id, list_of[i].length);
}

static int show_users_full(sbx_request *request, sbx_answer *answer)
{
    static const heading users[] = {{"name", SBX_VARCHAR, 24},  {"super", SBX_TINYINT, 0},           {"enable", SBX_TINYINT, 0},         {"sysinfo", SBX_TINYINT, 0},
                                    {"createdb", SBX_TINYINT, 0}, {"encrypted_pass", SBX_VARCHAR, 32}, {"allowed_host", SBX_VARCHAR, 49152}};

    headings(request, answer, users, sizeof users / sizeof users[0]);
    return 0;
}

/* Of the first user, who may do all; what others were granted is not kept. */
static int show_privileges(sbx_request *request, sbx_answer *answer)
{
    static const heading privileges[] = {{"user_name", SBX_VARCHAR, 24},   {"privilege", SBX_VARCHAR, 10},    {"db_name", SBX_VARCHAR, 65},
                                         {"table_name", SBX_VARCHAR, 193}, {"condition", SBX_VARCHAR, 49152}, {"notes", SBX_VARCHAR, 64}};
    sbx_answer rows;

    headings(request, answer, privileges, sizeof privileges / sizeof privileges[0]);
    rows = *answer;
    sbx_run_sql(request, SBX_TEXT("SELECT name, 'all', 'all', '', '', '' FROM user WHERE id = 1"), rows.fields, rows.field_count, answer);
    return request->err.code;
}

int sbx_run_show(sbx_request *request, const sbx_statement *statement, sbx_answer *answer)
{
    switch (statement->kind) {
    case SBX_S_DESCRIBE:
        return sbx_describe(request, statement, answer);
    case SBX_S_SHOW_DATABASES:
        return list(request, statement, "ins_databases", 0, NULL, 0, answer);
    case SBX_S_SHOW_STABLES:
    case SBX_S_SHOW_TABLES:
        return show_tables(request, statement, answer);
    case SBX_S_SHOW_TAGS:
        return show_tags(request, statement, answer);
    case SBX_S_SHOW_TABLE_TAGS:
        return show_table_tags(request, statement, answer);
    case SBX_S_SHOW_USERS:
        return list(request, statement, "ins_users", 1, NULL, 0, answer);
    case SBX_S_SHOW_USERS_FULL:
        return show_users_full(request, answer);
    case SBX_S_SHOW_PRIVILEGES:
        return show_privileges(request, answer);
    default:
        return sbx_show_create(request, statement, answer);
    }
}
