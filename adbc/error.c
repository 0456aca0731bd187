/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The library's records as ADBC errors: status, SQLSTATE, details. */
#include "adbc/driver.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DETAILS = 4, VALUE = 256, MESSAGE = 1024, MORE = 256 };

/* What stands behind private_data of an error that asks for details. */
typedef struct details {
    int count;
    const char *key[DETAILS];
    char value[DETAILS][VALUE];
} details;

/* Codes of the server that mean one thing. */
static const struct { int code; AdbcStatusCode status; const char *sqlstate; } server_codes[] = {
    {0x0360, ADBC_STATUS_ALREADY_EXISTS, "42P07"}, {0x0603, ADBC_STATUS_ALREADY_EXISTS, "42P07"}, {0x2604, ADBC_STATUS_ALREADY_EXISTS, "42P07"},
    {0x0381, ADBC_STATUS_ALREADY_EXISTS, "42P04"},
    {0x0362, ADBC_STATUS_NOT_FOUND, "42S02"}, {0x0618, ADBC_STATUS_NOT_FOUND, "42S02"}, {0x2603, ADBC_STATUS_NOT_FOUND, "42S02"},
    {0x0388, ADBC_STATUS_NOT_FOUND, "3F000"}, {0x2662, ADBC_STATUS_NOT_FOUND, "3F000"},
    {0x2600, ADBC_STATUS_INVALID_ARGUMENT, "42601"}, {0x2602, ADBC_STATUS_INVALID_ARGUMENT, "42703"},
    {0x0214, ADBC_STATUS_UNAUTHORIZED, "42501"}, {0x0303, ADBC_STATUS_UNAUTHORIZED, "42501"}, {0x2644, ADBC_STATUS_UNAUTHORIZED, "42501"},
    {0x0100, ADBC_STATUS_NOT_IMPLEMENTED, "0A000"},
};

static AdbcStatusCode status_of_class(int cls)
{
    switch (cls) {
    case TDREST_CLASS_PROGRAMMING: case TDREST_CLASS_STATEMENT: case TDREST_CLASS_SCHEMALESS: return ADBC_STATUS_INVALID_ARGUMENT;
    case TDREST_CLASS_NOTSUPPORTED: return ADBC_STATUS_NOT_IMPLEMENTED;
    case TDREST_CLASS_DATA: return ADBC_STATUS_INVALID_DATA;
    case TDREST_CLASS_INTEGRITY: return ADBC_STATUS_INTEGRITY;
    case TDREST_CLASS_CONNECTION: return ADBC_STATUS_IO;
    default: return ADBC_STATUS_INTERNAL;
    }
}

static AdbcStatusCode status_of(const tdrest_error *record, const char **sqlstate)
{
    *sqlstate = NULL;
    switch (record->code) {
    case TDREST_EUSAGE: case TDREST_EOPTION: *sqlstate = "HY000"; return ADBC_STATUS_INVALID_ARGUMENT;
    case TDREST_EBUSY: *sqlstate = "HY010"; return ADBC_STATUS_INVALID_STATE;
    case TDREST_ENOTADAPTER: case TDREST_ECONNECT: case TDREST_EGATEWAY: *sqlstate = "08001"; return ADBC_STATUS_IO;
    case TDREST_EANSWER: *sqlstate = "08S01"; return ADBC_STATUS_IO;
    case TDREST_ETIMEOUT: *sqlstate = "HYT00"; return ADBC_STATUS_TIMEOUT;
    case TDREST_EAUTH: *sqlstate = "28000"; return ADBC_STATUS_UNAUTHENTICATED;
    case TDREST_ENULL: case TDREST_ETYPE: case TDREST_ERANGE: case TDREST_EBIND: *sqlstate = "22000"; return ADBC_STATUS_INVALID_DATA;
    case TDREST_EUNSUPPORTED: *sqlstate = "0A000"; return ADBC_STATUS_NOT_IMPLEMENTED;
    case TDREST_ECANCELLED: *sqlstate = "57014"; return ADBC_STATUS_CANCELLED;
    case TDREST_ESERVER: break;
    default: return ADBC_STATUS_INTERNAL;
    }
    for (size_t i = 0; i < sizeof server_codes / sizeof *server_codes; i++) {
        if (server_codes[i].code != record->server_code)
            continue;
        *sqlstate = server_codes[i].sqlstate;
        return server_codes[i].status;
    }
    return status_of_class(record->cls);
}

static void release(struct AdbcError *error)
{
    free(error->message);
    if (error->vendor_code == ADBC_ERROR_VENDOR_CODE_PRIVATE_DATA) {
        free(error->private_data);
        error->private_data = NULL;
    }
    error->message = NULL;
    error->release = NULL;
}

void tda_error_clear(struct AdbcError *error)
{
    if (error != NULL && error->release != NULL)
        error->release(error);
}

void tda_error_forget(struct AdbcError *error)
{
    tda_error_clear(error);
    if (error == NULL)
        return;
    memset(error->sqlstate, 0, sizeof error->sqlstate);
    if (error->vendor_code != ADBC_ERROR_VENDOR_CODE_PRIVATE_DATA)
        error->vendor_code = 0;
}

/* Only what a struct of 1.0 has, unless the vendor code says that it is one of 1.1. */
static void set(struct AdbcError *error, const char *message, const char *sqlstate)
{
    if (error == NULL)
        return;
    tda_error_clear(error);
    error->message = tda_copy(message);
    memset(error->sqlstate, 0, sizeof error->sqlstate);
    if (sqlstate != NULL)
        memcpy(error->sqlstate, sqlstate, sizeof error->sqlstate);
    if (error->vendor_code == ADBC_ERROR_VENDOR_CODE_PRIVATE_DATA)
        error->private_data = calloc(1, sizeof(details)); /* not NULL: there is an error */
    else
        error->vendor_code = 0;
    error->release = release;
}

AdbcStatusCode tda_fail(struct AdbcError *error, AdbcStatusCode status, const char *format, ...)
{
    char message[MESSAGE];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    set(error, message, status == ADBC_STATUS_NOT_IMPLEMENTED ? "0A000" : status == ADBC_STATUS_CANCELLED ? "57014" : NULL);
    return status;
}

static void add_detail(details *d, const char *key, const char *format, ...) TDA_PRINTF(3, 4);
static void add_detail(details *d, const char *key, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    (void)vsnprintf(d->value[d->count], VALUE, format, args);
    va_end(args);
    d->key[d->count++] = key;
}

AdbcStatusCode tda_fail_with(struct AdbcError *error, const tdrest_error *record)
{
    const char *sqlstate;
    AdbcStatusCode status = status_of(record, &sqlstate);
    details *d;

    set(error, record->message, sqlstate);
    if (error == NULL)
        return status;
    if (error->vendor_code != ADBC_ERROR_VENDOR_CODE_PRIVATE_DATA) {
        error->vendor_code = record->server_code;
        return status;
    }
    d = (details *)error->private_data;
    if (d == NULL)
        return status;
    add_detail(d, "tdrest.code", "%s", tdrest_code_name(record->code));
    if (record->server_code != 0)
        add_detail(d, "tdrest.server_code", "0x%04x", (unsigned)record->server_code);
    if (record->req_id != 0)
        add_detail(d, "tdrest.req_id", "%lld", (long long)record->req_id);
    if (record->endpoint[0] != '\0')
        add_detail(d, "tdrest.endpoint", "%s", record->endpoint);
    return status;
}

AdbcStatusCode tda_fail_more(struct AdbcError *error, const tdrest_error *record, const char *format, ...)
{
    tdrest_error longer = *record;
    char more[MORE];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(more, sizeof more, format, args);
    va_end(args);
    (void)snprintf(longer.message, sizeof longer.message, "%.*s%s", (int)(sizeof longer.message - 1 - strlen(more)), record->message, more);
    return tda_fail_with(error, &longer);
}

AdbcStatusCode tda_no_memory(struct AdbcError *error)
{
    return tda_fail(error, ADBC_STATUS_INTERNAL, "out of memory");
}

AdbcStatusCode tda_need(const void *given, const char *what, struct AdbcError *error)
{
    return given != NULL ? ADBC_STATUS_OK : tda_fail(error, ADBC_STATUS_INVALID_ARGUMENT, "no %s: NULL", what);
}

AdbcStatusCode tda_need_option(AdbcStatusCode status, const char *key, const void *place, struct AdbcError *error)
{
    if (status == ADBC_STATUS_OK)
        status = tda_need(key, "option", error);
    return status == ADBC_STATUS_OK ? tda_need(place, "place for the value or its length", error) : status;
}

AdbcStatusCode tda_not_implemented(struct AdbcError *error, const char *what)
{
    return tda_fail(error, ADBC_STATUS_NOT_IMPLEMENTED, "%s is not implemented", what);
}

int tda_detail_count(const struct AdbcError *error)
{
    if (error == NULL || error->vendor_code != ADBC_ERROR_VENDOR_CODE_PRIVATE_DATA || error->private_data == NULL)
        return 0;
    return ((const details *)error->private_data)->count;
}

struct AdbcErrorDetail tda_detail(const struct AdbcError *error, int index)
{
    struct AdbcErrorDetail detail = {NULL, NULL, 0};
    const details *d;

    if (index < 0 || index >= tda_detail_count(error))
        return detail;
    d = (const details *)error->private_data;
    detail.key = d->key[index];
    detail.value = (const uint8_t *)d->value[index];
    detail.value_length = strlen(d->value[index]);
    return detail;
}

AdbcStatusCode tda_give_text(const char *value, char *out, size_t *len)
{
    size_t needed = strlen(value) + 1;

    if (out != NULL && *len >= needed)
        memcpy(out, value, needed);
    *len = needed;
    return ADBC_STATUS_OK;
}

char *tda_copy(const char *text)
{
    size_t len = strlen(text) + 1;
    char *copy = (char *)malloc(len);

    if (copy != NULL)
        memcpy(copy, text, len);
    return copy;
}

int tda_replace(char **to, const char *text)
{
    char *copy = text == NULL ? NULL : tda_copy(text);

    if (text != NULL && copy == NULL)
        return 0;
    free(*to);
    *to = copy;
    return 1;
}

AdbcStatusCode tda_take_flag(const char *key, const char *value, int known, const char *what, struct AdbcError *error)
{
    const int is_true = value != NULL && strcmp(value, "true") == 0;

    if (!is_true && (value == NULL || strcmp(value, "false") != 0))
        return tda_fail(error, ADBC_STATUS_INVALID_ARGUMENT, "%s: expected true or false", key);
    return is_true == known ? ADBC_STATUS_OK : tda_not_implemented(error, what);
}
