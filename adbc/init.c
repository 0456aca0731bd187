/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The driver's table of functions. */
#include "adbc/builder.h"
#include "adbc/driver.h"

#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#if defined(__GNUC__)
#define TDA_EXPORT __attribute__((visibility("default")))
#else
#define TDA_EXPORT
#endif

/* ---- options that are no texts: all are texts inside ---- */

/* A number from its text. 1; 0 when it is none. */
static int to_int(const char *text, int64_t *value)
{
    char *end;

    *value = strtoll(text, &end, 10);
    return end != text && *end == '\0';
}

static int to_double(const char *text, double *value)
{
    char *end;

    *value = strtod(text, &end);
    return end != text && *end == '\0';
}

/* Bytes as a text; NULL: they are none, or memory is out, which *status tells. */
static char *to_text(const char *key, const uint8_t *value, size_t len, AdbcStatusCode *status, struct AdbcError *error)
{
    char *text = NULL;

    if (value == NULL || memchr(value, 0, len) != NULL)
        *status = tda_fail(error, ADBC_STATUS_INVALID_ARGUMENT, "option %s: expected a text, without a byte 0", key == NULL ? "NULL" : key);
    else if ((text = (char *)malloc(len + 1)) == NULL)
        *status = tda_no_memory(error);
    if (text == NULL)
        return NULL;
    memcpy(text, value, len);
    text[len] = '\0';
    return text;
}

#define OPTIONS(Object, object)                                                                                                                 \
    static AdbcStatusCode object##_set_int(struct Adbc##Object *self, const char *key, int64_t value, struct AdbcError *error)                  \
    {                                                                                                                                           \
        char text[24];                                                                                                                          \
                                                                                                                                                \
        (void)snprintf(text, sizeof text, "%lld", (long long)value);                                                                            \
        return tda_##object##_set_option(self, key, text, error);                                                                               \
    }                                                                                                                                           \
    static AdbcStatusCode object##_set_double(struct Adbc##Object *self, const char *key, double value, struct AdbcError *error)                \
    {                                                                                                                                           \
        char text[40];                                                                                                                          \
                                                                                                                                                \
        (void)snprintf(text, sizeof text, "%.17g", value);                                                                                      \
        return tda_##object##_set_option(self, key, text, error);                                                                               \
    }                                                                                                                                           \
    static AdbcStatusCode object##_set_bytes(struct Adbc##Object *self, const char *key, const uint8_t *value, size_t len, struct AdbcError *error) \
    {                                                                                                                                           \
        AdbcStatusCode status = ADBC_STATUS_OK;                                                                                                 \
        char *text = to_text(key, value, len, &status, error);                                                                                  \
                                                                                                                                                \
        if (text != NULL)                                                                                                                       \
            status = tda_##object##_set_option(self, key, text, error);                                                                         \
        free(text);                                                                                                                             \
        return status;                                                                                                                          \
    }                                                                                                                                           \
    static AdbcStatusCode object##_get_int(struct Adbc##Object *self, const char *key, int64_t *value, struct AdbcError *error)                 \
    {                                                                                                                                           \
        char text[TDA_NUMBER];                                                                                                                  \
        size_t len = sizeof text;                                                                                                               \
        AdbcStatusCode status = tda_##object##_get_option(self, key, text, value == NULL ? NULL : &len, error);                                 \
                                                                                                                                                \
        if (status == ADBC_STATUS_OK && (len > sizeof text || !to_int(text, value)))                                                            \
            status = tda_fail(error, ADBC_STATUS_NOT_FOUND, "option %s is no integer", key);                                                    \
        return status;                                                                                                                          \
    }                                                                                                                                           \
    static AdbcStatusCode object##_get_double(struct Adbc##Object *self, const char *key, double *value, struct AdbcError *error)               \
    {                                                                                                                                           \
        char text[TDA_NUMBER];                                                                                                                  \
        size_t len = sizeof text;                                                                                                               \
        AdbcStatusCode status = tda_##object##_get_option(self, key, text, value == NULL ? NULL : &len, error);                                 \
                                                                                                                                                \
        if (status == ADBC_STATUS_OK && (len > sizeof text || !to_double(text, value)))                                                         \
            status = tda_fail(error, ADBC_STATUS_NOT_FOUND, "option %s is no number", key);                                                     \
        return status;                                                                                                                          \
    }                                                                                                                                           \
    static AdbcStatusCode object##_get_bytes(struct Adbc##Object *self, const char *key, uint8_t *value, size_t *len, struct AdbcError *error)  \
    {                                                                                                                                           \
        char text[TDA_OPTION];                                                                                                                  \
        size_t needed = sizeof text;                                                                                                            \
        AdbcStatusCode status = tda_##object##_get_option(self, key, text, len == NULL ? NULL : &needed, error);                                \
                                                                                                                                                \
        if (status != ADBC_STATUS_OK)                                                                                                           \
            return status;                                                                                                                      \
        if (needed > sizeof text)                                                                                                               \
            return tda_fail(error, ADBC_STATUS_NOT_FOUND, "option %s is too long for bytes; ask for the text", key);                            \
        if (value != NULL && *len >= needed - 1)                                                                                                \
            memcpy(value, text, needed - 1);                                                                                                    \
        *len = needed - 1;                                                                                                                      \
        return ADBC_STATUS_OK;                                                                                                                  \
    }

enum { TDA_NUMBER = 40, TDA_OPTION = 4096 };

OPTIONS(Database, database)
OPTIONS(Connection, connection)
OPTIONS(Statement, statement)

/* The driver has none but those of the specification. */
static AdbcStatusCode statistic_names(struct AdbcConnection *self, struct ArrowArrayStream *out, struct AdbcError *error)
{
    AdbcStatusCode status = tda_connection_check(self, error);
    tda_column *root;

    if (out == NULL)
        return tda_need(out, "place for the answer", error);
    memset(out, 0, sizeof *out);
    if (status != ADBC_STATUS_OK)
        return status;
    root = tda_column_new(NULL, "+s", "", 0);
    if (root != NULL && tda_column_new(root, "u", "statistic_name", 0) != NULL)
        (void)tda_column_new(root, "s", "statistic_key", 0);
    return tda_column_stream(root, out) ? ADBC_STATUS_OK : tda_no_memory(error);
}

static AdbcStatusCode driver_release(struct AdbcDriver *driver, struct AdbcError *error)
{
    (void)error;
    driver->private_data = NULL;
    driver->release = NULL;
    return ADBC_STATUS_OK;
}

static void set_later_functions(struct AdbcDriver *driver)
{
    driver->ErrorGetDetailCount = tda_detail_count;
    driver->ErrorGetDetail = tda_detail;
    driver->ErrorFromArrayStream = tda_error_of_stream;
    driver->DatabaseGetOption = tda_database_get_option;
    driver->DatabaseGetOptionBytes = database_get_bytes;
    driver->DatabaseGetOptionDouble = database_get_double;
    driver->DatabaseGetOptionInt = database_get_int;
    driver->DatabaseSetOptionBytes = database_set_bytes;
    driver->DatabaseSetOptionDouble = database_set_double;
    driver->DatabaseSetOptionInt = database_set_int;
    driver->ConnectionCancel = tda_connection_cancel;
    driver->ConnectionGetOption = tda_connection_get_option;
    driver->ConnectionGetOptionBytes = connection_get_bytes;
    driver->ConnectionGetOptionDouble = connection_get_double;
    driver->ConnectionGetOptionInt = connection_get_int;
    driver->ConnectionGetStatistics = tda_get_statistics;
    driver->ConnectionGetStatisticNames = statistic_names;
    driver->ConnectionSetOptionBytes = connection_set_bytes;
    driver->ConnectionSetOptionDouble = connection_set_double;
    driver->ConnectionSetOptionInt = connection_set_int;
    driver->StatementCancel = tda_statement_cancel;
    driver->StatementExecuteSchema = tda_execute_schema;
    driver->StatementGetOption = tda_statement_get_option;
    driver->StatementGetOptionBytes = statement_get_bytes;
    driver->StatementGetOptionDouble = statement_get_double;
    driver->StatementGetOptionInt = statement_get_int;
    driver->StatementSetOptionBytes = statement_set_bytes;
    driver->StatementSetOptionDouble = statement_set_double;
    driver->StatementSetOptionInt = statement_set_int;
}

TDA_EXPORT AdbcStatusCode AdbcDriverTdrestInit(int version, void *raw, struct AdbcError *error);
TDA_EXPORT AdbcStatusCode AdbcDriverInit(int version, void *raw, struct AdbcError *error);

AdbcStatusCode AdbcDriverTdrestInit(int version, void *raw, struct AdbcError *error)
{
    struct AdbcDriver *driver = (struct AdbcDriver *)raw;

    if (driver == NULL)
        return tda_need(driver, "table of functions to fill", error);
    if (version != ADBC_VERSION_1_0_0 && version != ADBC_VERSION_1_1_0)
        return tda_fail(error, ADBC_STATUS_NOT_IMPLEMENTED, "ADBC version %d; this driver knows 1.0.0 and 1.1.0", version);
    memset(driver, 0, version == ADBC_VERSION_1_0_0 ? ADBC_DRIVER_1_0_0_SIZE : sizeof *driver);
    driver->release = driver_release;
    tda_database_functions(driver);
    tda_connection_functions(driver);
    tda_statement_functions(driver);
    if (version == ADBC_VERSION_1_1_0)
        set_later_functions(driver);
    return ADBC_STATUS_OK;
}

AdbcStatusCode AdbcDriverInit(int version, void *raw, struct AdbcError *error)
{
    return AdbcDriverTdrestInit(version, raw, error);
}
