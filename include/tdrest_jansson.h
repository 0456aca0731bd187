/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/**
 * @file tdrest_jansson.h
 * For programs that use Jansson: cells and rows as `json_t *`, and OpenTSDB
 * points from one.
 *
 * The library does not link with Jansson; these functions are compiled into the
 * program, which does. Values that Jansson cannot represent are errors:
 * integers above 2^63-1, and texts that are not UTF-8.
 */
#ifndef TDREST_JANSSON_H
#define TDREST_JANSSON_H

#include <jansson.h>

#include "tdrest.h"

/**
 * The value of one column of the current row as JSON: NULL as null, BOOL, integers and floats as such, JSON parsed, anything
 * else as a string (DECIMAL and TIMESTAMP keep their digits; VARBINARY, GEOMETRY and BLOB are hex).
 *
 * @param res    the result, at a row.
 * @param column from 0.
 * @param out    receives a new reference; NULL on error.
 * @return TDREST_OK or an error.
 * Errors: TDREST_EUSAGE (no row, no such column), TDREST_ERANGE (BIGINT UNSIGNED above INT64_MAX), TDREST_ETYPE (text that is not
 *         UTF-8, JSON that Jansson rejects), TDREST_ENOMEM.
 * Ownership: the caller's reference: json_decref.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 */
static inline int tdrest_result_json_cell(tdrest_result *res, size_t column, json_t **out)
{
    const tdrest_column *c = tdrest_result_column(res, column);
    const char *text;
    size_t len;
    int64_t integer;
    double real;
    int flag, rc;

    *out = NULL;
    rc = tdrest_result_text(res, column, &text, &len);
    if (rc == TDREST_ENULL) {
        *out = json_null();
        return TDREST_OK;
    }
    if (rc != TDREST_OK)
        return rc;
    if (tdrest_result_bool(res, column, &flag) == TDREST_OK)
        *out = json_boolean(flag);
    else if ((rc = tdrest_result_int64(res, column, &integer)) == TDREST_OK)
        *out = json_integer((json_int_t)integer);
    else if (rc == TDREST_ERANGE)
        return rc;
    else if (tdrest_result_double(res, column, &real) == TDREST_OK)
        *out = json_real(real);
    else if (c->type == TDREST_TYPE_JSON || c->type == TDREST_TYPE_UNKNOWN) {
        *out = json_loadb(text, len, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
        return *out == NULL ? TDREST_ETYPE : TDREST_OK;
    } else {
        *out = json_stringn(text, len);
        return *out == NULL ? TDREST_ETYPE : TDREST_OK;
    }
    return *out == NULL ? TDREST_ENOMEM : TDREST_OK;
}

/**
 * The current row as a JSON object, with a member per column. If columns have the same name, the last one wins: read those cell by cell.
 *
 * @param res the result, at a row.
 * @param out receives a new reference; NULL on error.
 * @param bad receives the column that cannot be represented, or -1; may be NULL.
 * @return TDREST_OK or an error.
 * Errors: as tdrest_result_json_cell; TDREST_EUSAGE (no row).
 * Ownership: the caller's reference: json_decref.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 */
static inline int tdrest_result_json_row(tdrest_result *res, json_t **out, int *bad)
{
    json_t *row = json_object(), *cell;
    size_t count = tdrest_result_column_count(res);
    int rc = row == NULL ? TDREST_ENOMEM : count == 0 ? TDREST_EUSAGE : TDREST_OK;
    size_t i;

    *out = NULL;
    if (bad != NULL)
        *bad = -1;
    for (i = 0; rc == TDREST_OK && i < count; i++) {
        rc = tdrest_result_json_cell(res, i, &cell);
        if (rc == TDREST_OK && json_object_set_new(row, tdrest_result_column(res, i)->name, cell) != 0)
            rc = TDREST_ETYPE;
        if (rc != TDREST_OK && bad != NULL)
            *bad = (int)i;
    }
    if (rc != TDREST_OK) {
        json_decref(row);
        return rc;
    }
    *out = row;
    return TDREST_OK;
}

/**
 * Writes OpenTSDB points as tdrest_write does. Reals are written with 17 digits, so that the server receives them exactly.
 *
 * @param conn   the connection; a database must be set in it or in call.
 * @param points an object, or an array of objects.
 * @param call   as for tdrest_write.
 * @return TDREST_OK or an error; the record is in conn, unless there is no memory for the text.
 * Errors: as tdrest_write.
 * Ownership: the caller keeps its reference.
 * Blocking: as tdrest_write.
 * Threads: one per connection.
 * Since: 0.1.0
 */
static inline int tdrest_write_json(tdrest_conn *conn, const json_t *points, const tdrest_call *call)
{
    char *text = points == NULL ? NULL : json_dumps(points, JSON_COMPACT | JSON_ENCODE_ANY);
    json_malloc_t alloc;
    json_free_t release;
    int rc;

    if (points != NULL && text == NULL)
        return TDREST_ENOMEM;
    rc = tdrest_write(conn, TDREST_PROTOCOL_JSON, 0, text, TDREST_CSTR, call);
    json_get_alloc_funcs(&alloc, &release);
    release(text);
    return rc;
}

#endif
