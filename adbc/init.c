/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The driver's table of functions. */
#include "adbc/driver.h"

#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#if defined(__GNUC__)
#define TDA_EXPORT __attribute__((visibility("default")))
#else
#define TDA_EXPORT
#endif

/* Options that are no texts: integers are texts of themselves, the others there are none of. */
#define OPTIONS(Object, object)                                                                                                       \
    static AdbcStatusCode object##_set_int(struct Adbc##Object *self, const char *key, int64_t value, struct AdbcError *error)                  \
    {                                                                                                                                           \
        char text[24];                                                                                                                          \
                                                                                                                                                \
        (void)snprintf(text, sizeof text, "%lld", (long long)value);                                                                            \
        return tda_##object##_set_option(self, key, text, error);                                                                                            \
    }                                                                                                                                           \
    static AdbcStatusCode object##_set_double(struct Adbc##Object *self, const char *key, double value, struct AdbcError *error)                \
    {                                                                                                                                           \
        (void)self, (void)value;                                                                                                                \
        return tda_fail(error, ADBC_STATUS_NOT_IMPLEMENTED, "option %s: there is none that is a floating-point number", key);                   \
    }                                                                                                                                           \
    static AdbcStatusCode object##_set_bytes(struct Adbc##Object *self, const char *key, const uint8_t *value, size_t len, struct AdbcError *error) \
    {                                                                                                                                           \
        (void)self, (void)value, (void)len;                                                                                                     \
        return tda_fail(error, ADBC_STATUS_NOT_IMPLEMENTED, "option %s: there is none that is bytes", key);                                     \
    }                                                                                                                                           \
    static AdbcStatusCode object##_get_int(struct Adbc##Object *self, const char *key, int64_t *value, struct AdbcError *error)                 \
    {                                                                                                                                           \
        char text[32], *end = text;                                                                                                             \
        size_t len = sizeof text;                                                                                                               \
        AdbcStatusCode status = tda_##object##_get_option(self, key, text, &len, error);                                                                         \
                                                                                                                                                \
        if (status != ADBC_STATUS_OK)                                                                                                           \
            return status;                                                                                                                      \
        *value = len <= sizeof text ? strtoll(text, &end, 10) : 0;                                                                              \
        return end != text && *end == '\0' ? ADBC_STATUS_OK : tda_fail(error, ADBC_STATUS_NOT_FOUND, "option %s is no integer", key);           \
    }                                                                                                                                           \
    static AdbcStatusCode object##_get_double(struct Adbc##Object *self, const char *key, double *value, struct AdbcError *error)               \
    {                                                                                                                                           \
        (void)self, (void)value;                                                                                                                \
        return tda_fail(error, ADBC_STATUS_NOT_FOUND, "option %s is no floating-point number", key);                                            \
    }                                                                                                                                           \
    static AdbcStatusCode object##_get_bytes(struct Adbc##Object *self, const char *key, uint8_t *value, size_t *len, struct AdbcError *error)  \
    {                                                                                                                                           \
        (void)self, (void)value, (void)len;                                                                                                     \
        return tda_fail(error, ADBC_STATUS_NOT_FOUND, "option %s is no bytes", key);                                                            \
    }

OPTIONS(Database, database)
OPTIONS(Connection, connection)
OPTIONS(Statement, statement)

static AdbcStatusCode statistics(struct AdbcConnection *self, const char *catalog, const char *schema, const char *table, char approximate,
                                 struct ArrowArrayStream *out, struct AdbcError *error)
{
    (void)self, (void)catalog, (void)schema, (void)table, (void)approximate, (void)out;
    return tda_not_implemented(error, "GetStatistics");
}

static AdbcStatusCode statistic_names(struct AdbcConnection *self, struct ArrowArrayStream *out, struct AdbcError *error)
{
    (void)self, (void)out;
    return tda_not_implemented(error, "GetStatisticNames");
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
    driver->ConnectionGetStatistics = statistics;
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
