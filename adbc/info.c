/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What the driver says of itself and of the server; one table's schema. */
#include "adbc/builder.h"
#include "adbc/driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Types of the union info_value, by the specification. */
enum { IS_TEXT = 0, IS_BOOL = 1, IS_INT = 2 };

static tda_column *new_union(tda_column *root)
{
    tda_column *value = tda_column_new(root, "+ud:0,1,2,3,4,5", "info_value", 1), *list, *map, *entry;

    if (value == NULL)
        return NULL;
    (void)tda_column_new(value, "u", "string_value", 1);
    (void)tda_column_new(value, "b", "bool_value", 1);
    (void)tda_column_new(value, "l", "int64_value", 1);
    (void)tda_column_new(value, "i", "int32_bitmask", 1);
    list = tda_column_new(value, "+l", "string_list", 1);
    if (list != NULL)
        (void)tda_column_new(list, "u", "item", 1);
    map = tda_column_new(value, "+m", "int32_to_int32_list_map", 1);
    entry = map == NULL ? NULL : tda_column_new(map, "+s", "entries", 0);
    if (entry != NULL) {
        (void)tda_column_new(entry, "i", "key", 0);
        list = tda_column_new(entry, "+l", "value", 1);
        if (list != NULL)
            (void)tda_column_new(list, "i", "item", 1);
    }
    return value;
}

static void add_info(tda_column *root, uint32_t code, int type, const char *text, int64_t number)
{
    tda_column *value = root->child[1];

    tda_add_int(root->child[0], code);
    if (type == IS_TEXT)
        tda_add_text(value->child[type], text);
    else
        tda_add_int(value->child[type], number);
    tda_close_union(value, type);
    tda_close(root);
}

/* The server's version, with one question. */
static AdbcStatusCode ask_version(tda_connection *connection, char *text, size_t cap, struct AdbcError *error)
{
    tda_run *run;
    AdbcStatusCode status = tda_connection_ask(connection, &run, error);

    if (status == ADBC_STATUS_OK && tdrest_conn_query_version(run->conn, NULL, text, cap) != TDREST_OK)
        status = tda_fail_with(error, tdrest_conn_error(run->conn));
    tda_connection_done(connection, run);
    return status;
}

static AdbcStatusCode add_code(tda_column *root, tda_connection *connection, uint32_t code, struct AdbcError *error)
{
    AdbcStatusCode status = ADBC_STATUS_OK;
    char text[64];

    switch (code) {
    case ADBC_INFO_VENDOR_NAME: add_info(root, code, IS_TEXT, "TDengine", 0); break;
    case ADBC_INFO_VENDOR_VERSION:
        status = ask_version(connection, text, sizeof text, error);
        if (status == ADBC_STATUS_OK)
            add_info(root, code, IS_TEXT, text, 0);
        break;
    case ADBC_INFO_VENDOR_SQL: add_info(root, code, IS_BOOL, NULL, 1); break;
    case ADBC_INFO_VENDOR_SUBSTRAIT: add_info(root, code, IS_BOOL, NULL, 0); break;
    case ADBC_INFO_DRIVER_NAME: add_info(root, code, IS_TEXT, "tdrest", 0); break;
    case ADBC_INFO_DRIVER_VERSION:
        (void)snprintf(text, sizeof text, "v%d.%d.%d", TDREST_VERSION_MAJOR, TDREST_VERSION_MINOR, TDREST_VERSION_PATCH);
        add_info(root, code, IS_TEXT, text, 0);
        break;
    case ADBC_INFO_DRIVER_ARROW_VERSION: add_info(root, code, IS_TEXT, "v1.0", 0); break; /* no library: the format that its arrays have */
    case ADBC_INFO_DRIVER_ADBC_VERSION: add_info(root, code, IS_INT, NULL, ADBC_VERSION_1_1_0); break;
    default: break; /* what is not known is left out */
    }
    return status;
}

AdbcStatusCode tda_get_info(struct AdbcConnection *self, const uint32_t *codes, size_t count, struct ArrowArrayStream *out, struct AdbcError *error)
{
    static const uint32_t all[] = {ADBC_INFO_VENDOR_NAME, ADBC_INFO_VENDOR_VERSION, ADBC_INFO_VENDOR_SQL, ADBC_INFO_VENDOR_SUBSTRAIT, ADBC_INFO_DRIVER_NAME,
                                   ADBC_INFO_DRIVER_VERSION, ADBC_INFO_DRIVER_ARROW_VERSION, ADBC_INFO_DRIVER_ADBC_VERSION};
    AdbcStatusCode status = tda_connection_check(self, error);
    tda_column *root;

    if (out == NULL)
        return tda_need(out, "place for the answer", error);
    memset(out, 0, sizeof *out);
    if (status != ADBC_STATUS_OK)
        return status;
    root = tda_column_new(NULL, "+s", "", 0);
    if (root == NULL || tda_column_new(root, "I", "info_name", 0) == NULL || new_union(root) == NULL || root->child[1]->failed) {
        tda_column_free(root);
        return tda_no_memory(error);
    }
    if (codes == NULL) {
        codes = all;
        count = sizeof all / sizeof *all;
    }
    for (size_t i = 0; status == ADBC_STATUS_OK && i < count; i++)
        status = add_code(root, TDA_OF(tda_connection, self), codes[i], error);
    if (status != ADBC_STATUS_OK) {
        tda_column_free(root);
        return status;
    }
    return tda_column_stream(root, out) ? ADBC_STATUS_OK : tda_no_memory(error);
}

AdbcStatusCode tda_get_table_types(struct AdbcConnection *self, struct ArrowArrayStream *out, struct AdbcError *error)
{
    static const char *const types[] = {"TABLE", "SUPER TABLE", "CHILD TABLE", "SYSTEM TABLE"};
    AdbcStatusCode status = tda_connection_check(self, error);
    tda_column *root, *type;

    if (out == NULL)
        return tda_need(out, "place for the answer", error);
    memset(out, 0, sizeof *out);
    if (status != ADBC_STATUS_OK)
        return status;
    root = tda_column_new(NULL, "+s", "", 0);
    type = root == NULL ? NULL : tda_column_new(root, "u", "table_type", 0);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        tda_add_text(type, types[i]);
        tda_close(root);
    }
    return tda_column_stream(root, out) ? ADBC_STATUS_OK : tda_no_memory(error);
}

/* ---- one table ---- */

/* `name`, in backquotes. 1; 0 when it is no name. */
static int quote(const char *name, char *out, size_t cap)
{
    size_t needed;

    return tdrest_quote_ident(name, TDREST_CSTR, out, cap, &needed) == TDREST_OK;
}

/* The unit of a database's times: "ms", "us" or "ns"; "" when it is not known. */
static void ask_precision(tda_run *run, const char *schema, char unit[8])
{
    tdrest_call call = tda_run_call(run);
    char sql[512], name[256];
    tdrest_result *result;
    const char *text;
    size_t needed;

    unit[0] = '\0';
    if (tdrest_quote_literal(schema, TDREST_CSTR, name, sizeof name, &needed) != TDREST_OK)
        return;
    (void)snprintf(sql, sizeof sql, "SELECT `precision` FROM information_schema.ins_databases WHERE name = %s", name);
    if (tdrest_query(run->conn, sql, TDREST_CSTR, &call, &result) != TDREST_OK)
        return;
    if (tdrest_result_next(result) == TDREST_ROW && tdrest_result_text(result, 0, &text, NULL) == TDREST_OK)
        (void)snprintf(unit, 8, "%s", text);
    tdrest_result_free(result);
}

/* The columns of no rows, which tell no unit of times: that is the database's. */
static AdbcStatusCode read_schema(tda_run *run, const char *schema, const char *sql, struct ArrowSchema *out, struct AdbcError *error)
{
    AdbcStatusCode status;
    char unit[8];

    ask_precision(run, schema, unit);
    status = tda_run_query(run, sql, NULL, error);
    if (status != ADBC_STATUS_OK)
        return status;
    if (run->inner.get_schema(&run->inner, out) != 0)
        return tda_fail_with(error, tdrest_result_error(run->result));
    for (int64_t i = 0; i < out->n_children; i++)
        if (strncmp(out->children[i]->format, "ts", 2) == 0)
            out->children[i]->format = unit[0] == 'n' ? "tsn:UTC" : unit[0] == 'u' ? "tsu:UTC" : "tsm:UTC";
    return ADBC_STATUS_OK;
}

AdbcStatusCode tda_get_table_schema(struct AdbcConnection *self, const char *catalog, const char *schema, const char *table, struct ArrowSchema *out,
                                    struct AdbcError *error)
{
    tda_connection *connection = TDA_OF(tda_connection, self);
    AdbcStatusCode status = tda_connection_check(self, error);
    char sql[1024], quoted_schema[256] = "", quoted_table[512];
    tda_run *run;

    if (out == NULL)
        return tda_need(out, "place for the answer", error);
    memset(out, 0, sizeof *out);
    if (status != ADBC_STATUS_OK)
        return status;
    if (catalog != NULL && catalog[0] != '\0')
        return tda_fail(error, ADBC_STATUS_NOT_FOUND, "there is no catalog but the one without a name");
    if (table == NULL)
        return tda_fail(error, ADBC_STATUS_INVALID_ARGUMENT, "no table: NULL");
    if (!quote(table, quoted_table, sizeof quoted_table) ||
        (schema != NULL && schema[0] != '\0' && !quote(schema, quoted_schema, sizeof quoted_schema)))
        return tda_fail(error, ADBC_STATUS_NOT_FOUND, "no name of a table or db_schema");
    (void)snprintf(sql, sizeof sql, "SELECT * FROM %s%s%s LIMIT 0", quoted_schema, quoted_schema[0] != '\0' ? "." : "", quoted_table);
    status = tda_connection_ask(connection, &run, error);
    if (status == ADBC_STATUS_OK)
        status = read_schema(run, quoted_schema[0] != '\0' ? schema : connection->schema, sql, out, error);
    tda_connection_done(connection, run);
    return status;
}
