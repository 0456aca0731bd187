/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * GetObjects: the one catalog, databases as db_schemas, tables, columns. Patterns go into the questions to the server, and nothing below the depth asked for
 * is asked: tables with one question for each database and kind, columns with one DESCRIBE for each super table and each table without one.
 */
#include "adbc/builder.h"
#include "adbc/driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SQL = 2048, NAME = 700, TYPES = 4 };

/* What is being asked for, and where it goes. */
typedef struct search {
    tda_run *run;
    struct AdbcError *error;
    AdbcStatusCode status;               /* of the question that failed */
    int depth;
    const char *schema, *table, *column; /* patterns; NULL: any */
    int type[TYPES];                     /* which are asked for */
    tda_column *catalogs, *schemas, *tables, *columns, *constraints;
    char described[NAME];                /* "schema.super table" whose columns are in `rows` */
    struct described { char name[72], type[40]; int32_t length; int is_tag, is_key; } *rows;
    size_t count;
} search;

static const char *const type_names[TYPES] = {"TABLE", "SUPER TABLE", "CHILD TABLE", "SYSTEM TABLE"};
enum { TABLE, SUPER_TABLE, CHILD_TABLE, SYSTEM_TABLE };

/* The next character: whole, where it has several bytes. */
static const char *behind(const char *text)
{
    do
        text++;
    while (((unsigned char)*text & 0xc0) == 0x80);
    return text;
}

/* SQL's LIKE: % is any text, _ any character. */
static int matches(const char *pattern, const char *text)
{
    const char *any = NULL, *from = NULL; /* the last %, and the text behind what it stands for */

    while (pattern != NULL && *text != '\0') {
        if (*pattern == '%') {
            any = pattern++;
            from = text;
        } else if (*pattern == '_' || *pattern == *text) {
            text = *pattern++ == '_' ? behind(text) : text + 1;
        } else if (any != NULL) {
            pattern = any + 1;
            text = from = behind(from);
        } else {
            return 0;
        }
    }
    while (pattern != NULL && *pattern == '%')
        pattern++;
    return pattern == NULL || *pattern == '\0';
}

static tdrest_result *query(search *s, const char *sql)
{
    tdrest_call call = tda_run_call(s->run);
    tdrest_result *result;

    if (tda_run_was_cancelled(s->run)) {
        s->status = tda_run_cancelled(s->error);
        return NULL;
    }
    if (tdrest_query(s->run->conn, sql, TDREST_CSTR, &call, &result) == TDREST_OK) {
        if (tdrest_result_store(result) == TDREST_OK)
            return result;
        s->status = tda_fail_with(s->error, tdrest_result_error(result));
        tdrest_result_free(result);
        return NULL;
    }
    s->status = tda_fail_with(s->error, tdrest_conn_error(s->run->conn));
    return NULL;
}

static const char *text_at(tdrest_result *result, size_t column)
{
    const char *text;

    return tdrest_result_text(result, column, &text, NULL) == TDREST_OK ? text : "";
}

int tda_quote_table(const char *schema, const char *table, char *out, size_t cap)
{
    char first[256], second[400];
    size_t needed;

    if (tdrest_quote_ident(schema, TDREST_CSTR, first, sizeof first, &needed) != TDREST_OK ||
        tdrest_quote_ident(table, TDREST_CSTR, second, sizeof second, &needed) != TDREST_OK)
        return 0;
    (void)snprintf(out, cap, "%s.%s", first, second);
    return 1;
}

/* ---- columns ---- */

/*
 * Whether the others are told of although the server does not describe one: it was dropped meanwhile, or is not for this user; or it is one of the server's own,
 * which differ from version to version.
 */
static int may_be_unknown(const search *s, int type)
{
    return s->status == ADBC_STATUS_NOT_FOUND || s->status == ADBC_STATUS_UNAUTHORIZED ||
           (type == SYSTEM_TABLE && s->status != ADBC_STATUS_CANCELLED && tdrest_conn_error(s->run->conn)->code == TDREST_ESERVER);
}

/* Reads a table's columns into s->rows, unless they are there. 0 when that failed. */
static int describe(search *s, const char *schema, const char *table, int type)
{
    char name[NAME], sql[SQL];
    tdrest_result *result;
    int64_t length;
    int first = 1;

    if (!tda_quote_table(schema, table, name, sizeof name) || strcmp(name, s->described) == 0)
        return 1;
    (void)snprintf(sql, sizeof sql, "DESCRIBE %s", name);
    result = query(s, sql);
    s->count = 0;
    if (result == NULL && may_be_unknown(s, type)) {
        tda_error_forget(s->error);
        (void)snprintf(s->described, sizeof s->described, "%s", name);
        return 1;
    }
    if (result == NULL)
        return 0;
    while (tdrest_result_next(result) == TDREST_ROW) {
        struct described *more = (struct described *)realloc(s->rows, (s->count + 1) * sizeof *more), *d;

        if (more == NULL) {
            tdrest_result_free(result);
            s->status = tda_no_memory(s->error);
            return 0;
        }
        s->rows = more;
        d = &more[s->count++];
        (void)snprintf(d->name, sizeof d->name, "%s", text_at(result, 0));
        (void)snprintf(d->type, sizeof d->type, "%s", text_at(result, 1));
        d->length = tdrest_result_int64(result, 2, &length) == TDREST_OK ? (int32_t)length : 0;
        d->is_tag = strcmp(text_at(result, 3), "TAG") == 0;
        d->is_key = (first && strcmp(d->type, "TIMESTAMP") == 0) || strstr(text_at(result, 3), "KEY") != NULL;
        first = 0;
    }
    tdrest_result_free(result);
    (void)snprintf(s->described, sizeof s->described, "%s", name);
    return 1;
}

/* JDBC's numbers of types, which the specification takes. */
static int jdbc_type(const char *type)
{
    static const struct { const char *name; int number; } types[] = {
        {"BOOL", 16}, {"TINYINT UNSIGNED", 5}, {"SMALLINT UNSIGNED", 4}, {"INT UNSIGNED", -5}, {"BIGINT UNSIGNED", 3}, {"TINYINT", -6}, {"SMALLINT", 5},
        {"INT", 4}, {"BIGINT", -5}, {"FLOAT", 7}, {"DOUBLE", 8}, {"TIMESTAMP", 2014}, {"VARCHAR", 12}, {"NCHAR", -9}, {"DECIMAL", 3},
        {"VARBINARY", -3}, {"GEOMETRY", -3}, {"BLOB", 2004}, {"JSON", 12},
    };

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strncmp(type, types[i].name, strlen(types[i].name)) == 0)
            return types[i].number;
    return 1111;
}

static void add_number(tda_column *column, int known, int64_t number)
{
    if (known)
        tda_add_int(column, number);
    else
        tda_add_null(column);
}

static void add_column(tda_column *list, const struct described *d, size_t at)
{
    tda_column *c = list->child[0];
    const int is_text = strchr("VNGBJ", d->type[0]) != NULL && strcmp(d->type, "BOOL") != 0 && strncmp(d->type, "BIGINT", 6) != 0;
    int precision = 0, scale = 0;
    const int is_decimal = sscanf(d->type, "DECIMAL(%d,%d)", &precision, &scale) == 2;

    tda_add_text(c->child[0], d->name);
    tda_add_int(c->child[1], (int64_t)at + 1);
    tda_add_text(c->child[2], d->is_tag ? "TAG" : d->is_key ? "PRIMARY KEY" : NULL);
    tda_add_int(c->child[3], jdbc_type(d->type));
    tda_add_text(c->child[4], d->type);
    add_number(c->child[5], is_text || is_decimal, is_text ? d->length : precision);
    add_number(c->child[6], is_decimal, scale);
    add_number(c->child[7], is_decimal, 10);
    tda_add_int(c->child[8], !d->is_key);
    for (int i = 9; i <= 11; i++)
        tda_add_null(c->child[i]);
    add_number(c->child[12], is_text, strcmp(d->type, "NCHAR") == 0 ? 4 * (int64_t)d->length : d->length); /* a character has up to 4 bytes */
    tda_add_text(c->child[13], d->is_key ? "NO" : "YES");
    for (int i = 14; i <= 16; i++)
        tda_add_null(c->child[i]);
    tda_add_int(c->child[17], 0);
    tda_add_int(c->child[18], 0);
    tda_close(c);
}

/* The time, and a second key where there is one, are the primary key. */
static void add_constraint(search *s)
{
    tda_column *c = s->constraints->child[0];
    int any = 0;

    for (size_t i = 0; i < s->count; i++) {
        if (!s->rows[i].is_key)
            continue;
        tda_add_text(c->child[2]->child[0], s->rows[i].name);
        any = 1;
    }
    if (!any)
        return;
    tda_add_null(c->child[0]);
    tda_add_text(c->child[1], "PRIMARY KEY");
    tda_close(c->child[2]);
    tda_add_null(c->child[3]); /* of foreign keys only */
    tda_close(c);
}

/* ---- tables ---- */

static int add_table(search *s, const char *schema, const char *table, const char *super, int type)
{
    tda_column *row = s->tables->child[0];

    tda_add_text(row->child[0], table);
    tda_add_text(row->child[1], type_names[type]);
    if (s->depth != ADBC_OBJECT_DEPTH_ALL) {
        tda_add_null(s->columns);
        tda_add_null(s->constraints);
        tda_close(row);
        return 1;
    }
    if (!describe(s, schema, super[0] != '\0' ? super : table, type))
        return 0;
    for (size_t i = 0; i < s->count; i++)
        if (matches(s->column, s->rows[i].name))
            add_column(s->columns, &s->rows[i], i);
    add_constraint(s);
    tda_close(s->columns);
    tda_close(s->constraints);
    tda_close(row);
    return 1;
}

/* The question for a database's tables of a kind: its conditions are the patterns. 0 when one of them is no text. */
static int put_conditions(search *s, const char *schema, const char *name_column, char *sql)
{
    char text[1024];
    size_t needed, at = strlen(sql);

    if (tdrest_quote_literal(schema, TDREST_CSTR, text, sizeof text, &needed) != TDREST_OK)
        return 0;
    at += (size_t)snprintf(sql + at, SQL - at, " WHERE db_name = %s", text);
    if (s->table != NULL && strcmp(s->table, "%") != 0) {
        if (strlen(s->table) > 400 || tdrest_quote_literal(s->table, TDREST_CSTR, text, sizeof text, &needed) != TDREST_OK)
            return 0;
        at += (size_t)snprintf(sql + at, SQL - at, " AND %s %s %s", name_column, strpbrk(s->table, "%_") == NULL ? "=" : "LIKE", text);
    }
    (void)snprintf(sql + at, SQL - at, " ORDER BY %s", name_column);
    return 1;
}

static int type_of(const char *type)
{
    return strcmp(type, "CHILD_TABLE") == 0 || strcmp(type, "VIRTUAL_CHILD_TABLE") == 0 ? CHILD_TABLE : strcmp(type, "SYSTEM_TABLE") == 0 ? SYSTEM_TABLE : TABLE;
}

static int add_super_tables(search *s, const char *schema)
{
    char sql[SQL] = "SELECT stable_name FROM information_schema.ins_stables";
    tdrest_result *result;
    int good = 1;

    if (!s->type[SUPER_TABLE] || !put_conditions(s, schema, "stable_name", sql))
        return 1;
    result = query(s, sql);
    if (result == NULL)
        return 0;
    while (good && tdrest_result_next(result) == TDREST_ROW)
        if (matches(s->table, text_at(result, 0)))
            good = add_table(s, schema, text_at(result, 0), "", SUPER_TABLE);
    tdrest_result_free(result);
    return good;
}

static int add_tables(search *s, const char *schema)
{
    char sql[SQL] = "SELECT table_name, type, stable_name FROM information_schema.ins_tables";
    tdrest_result *result;
    int good = 1;

    if (!(s->type[TABLE] || s->type[CHILD_TABLE] || s->type[SYSTEM_TABLE]) || !put_conditions(s, schema, "table_name", sql))
        return 1;
    result = query(s, sql);
    if (result == NULL)
        return 0;
    while (good && tdrest_result_next(result) == TDREST_ROW) {
        char name[256], super[256]; /* the texts of a row end with the next question */
        int type = type_of(text_at(result, 1));

        (void)snprintf(name, sizeof name, "%s", text_at(result, 0));
        (void)snprintf(super, sizeof super, "%s", text_at(result, 2));
        if (s->type[type] && matches(s->table, name))
            good = add_table(s, schema, name, super, type);
    }
    tdrest_result_free(result);
    return good;
}

/* ---- schemas ---- */

static int add_schema(search *s, const char *schema)
{
    tda_column *row = s->schemas->child[0];
    int good = 1;

    tda_add_text(row->child[0], schema);
    if (s->depth == ADBC_OBJECT_DEPTH_DB_SCHEMAS) {
        tda_add_null(s->tables);
    } else {
        good = add_super_tables(s, schema) && add_tables(s, schema);
        tda_close(s->tables);
    }
    tda_close(row);
    return good;
}

static int add_catalog(search *s)
{
    tdrest_result *result;
    int good = 1;

    tda_add_text(s->catalogs->child[0], "");
    if (s->depth == ADBC_OBJECT_DEPTH_CATALOGS) {
        tda_add_null(s->schemas);
        tda_close(s->catalogs);
        return 1;
    }
    result = query(s, "SELECT name FROM information_schema.ins_databases ORDER BY name");
    if (result == NULL)
        return 0;
    while (good && tdrest_result_next(result) == TDREST_ROW) {
        char name[128];

        (void)snprintf(name, sizeof name, "%s", text_at(result, 0));
        if (matches(s->schema, name))
            good = add_schema(s, name);
    }
    tdrest_result_free(result);
    tda_close(s->schemas);
    tda_close(s->catalogs);
    return good;
}

/* ---- the shape, by the specification ---- */

typedef struct field { const char *format, *name; int nullable; } field;

static const field column_fields[] = {
    {"u", "column_name", 0}, {"i", "ordinal_position", 1}, {"u", "remarks", 1}, {"s", "xdbc_data_type", 1}, {"u", "xdbc_type_name", 1}, {"i", "xdbc_column_size", 1},
    {"s", "xdbc_decimal_digits", 1}, {"s", "xdbc_num_prec_radix", 1}, {"s", "xdbc_nullable", 1}, {"u", "xdbc_column_def", 1}, {"s", "xdbc_sql_data_type", 1},
    {"s", "xdbc_datetime_sub", 1}, {"i", "xdbc_char_octet_length", 1}, {"u", "xdbc_is_nullable", 1}, {"u", "xdbc_scope_catalog", 1}, {"u", "xdbc_scope_schema", 1},
    {"u", "xdbc_scope_table", 1}, {"b", "xdbc_is_autoincrement", 1}, {"b", "xdbc_is_generatedcolumn", 1},
};
static const field usage_fields[] = {{"u", "fk_catalog", 1}, {"u", "fk_db_schema", 1}, {"u", "fk_table", 0}, {"u", "fk_column_name", 0}};

/* A list of structs; the struct. */
static tda_column *list_of(tda_column *parent, const char *name, const field *fields, size_t count, tda_column **list)
{
    tda_column *item;

    *list = tda_column_new(parent, "+l", name, 1);
    item = *list == NULL ? NULL : tda_column_new(*list, "+s", "item", 1);
    for (size_t i = 0; item != NULL && i < count; i++)
        if (tda_column_new(item, fields[i].format, fields[i].name, fields[i].nullable) == NULL)
            return NULL;
    return item;
}

static int make_shape(search *s)
{
    static const field schema_fields[] = {{"u", "db_schema_name", 1}}, table_fields[] = {{"u", "table_name", 0}, {"u", "table_type", 0}};
    static const field constraint_fields[] = {{"u", "constraint_name", 1}, {"u", "constraint_type", 0}};
    tda_column *schema, *table, *constraint, *names, *usage;

    s->catalogs = tda_column_new(NULL, "+s", "", 0);
    if (s->catalogs == NULL || tda_column_new(s->catalogs, "u", "catalog_name", 1) == NULL)
        return 0;
    schema = list_of(s->catalogs, "catalog_db_schemas", schema_fields, 1, &s->schemas);
    table = schema == NULL ? NULL : list_of(schema, "db_schema_tables", table_fields, 2, &s->tables);
    if (table == NULL || list_of(table, "table_columns", column_fields, sizeof column_fields / sizeof *column_fields, &s->columns) == NULL)
        return 0;
    constraint = list_of(table, "table_constraints", constraint_fields, 2, &s->constraints);
    names = constraint == NULL ? NULL : tda_column_new(constraint, "+l", "constraint_column_names", 0);
    if (names == NULL || tda_column_new(names, "u", "item", 1) == NULL)
        return 0;
    return list_of(constraint, "constraint_column_usage", usage_fields, 4, &usage) != NULL;
}

static void choose_types(search *s, const char **types)
{
    for (int t = 0; t < TYPES; t++)
        s->type[t] = types == NULL;
    for (; types != NULL && *types != NULL; types++)
        for (int t = 0; t < TYPES; t++)
            s->type[t] |= strcmp(*types, type_names[t]) == 0;
}

AdbcStatusCode tda_get_objects(struct AdbcConnection *self, int depth, const char *catalog, const char *schema, const char *table, const char **types,
                               const char *column, struct ArrowArrayStream *out, struct AdbcError *error)
{
    tda_connection *connection = TDA_OF(tda_connection, self);
    AdbcStatusCode status = tda_connection_check(self, error);
    struct AdbcError why = {NULL, 0, {0}, NULL, NULL, NULL};
    search s;

    if (out == NULL)
        return tda_need(out, "place for the answer", error);
    memset(out, 0, sizeof *out);
    if (status != ADBC_STATUS_OK)
        return status;
    if (depth < ADBC_OBJECT_DEPTH_ALL || depth > ADBC_OBJECT_DEPTH_TABLES)
        return tda_fail(error, ADBC_STATUS_INVALID_ARGUMENT, "unknown depth %d", depth);
    memset(&s, 0, sizeof s);
    s.error = error == NULL ? &why : error;
    s.depth = depth;
    s.schema = schema;
    s.table = table;
    s.column = column;
    choose_types(&s, types);
    status = tda_connection_ask(connection, &s.run, error);
    if (status == ADBC_STATUS_OK && !make_shape(&s))
        status = tda_no_memory(error);
    if (status == ADBC_STATUS_OK && matches(catalog, "") && !add_catalog(&s))
        status = s.status;
    tda_connection_done(connection, s.run);
    free(s.rows);
    tda_error_clear(&why);
    if (status == ADBC_STATUS_OK)
        return tda_column_stream(s.catalogs, out) ? ADBC_STATUS_OK : tda_no_memory(error);
    tda_column_free(s.catalogs);
    return status;
}
