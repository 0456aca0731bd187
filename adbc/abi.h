/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * The binary interface of ADBC 1.1, declared from its specification: names, order and types are what managers and drivers agree on.
 * A test compares it with a header of ADBC's own.
 */
#ifndef TDA_ABI_H
#define TDA_ABI_H

#include <tdrest.h>

typedef uint8_t AdbcStatusCode;

enum {
    ADBC_STATUS_OK = 0,
    ADBC_STATUS_UNKNOWN = 1,
    ADBC_STATUS_NOT_IMPLEMENTED = 2,
    ADBC_STATUS_NOT_FOUND = 3,
    ADBC_STATUS_ALREADY_EXISTS = 4,
    ADBC_STATUS_INVALID_ARGUMENT = 5,
    ADBC_STATUS_INVALID_STATE = 6,
    ADBC_STATUS_INVALID_DATA = 7,
    ADBC_STATUS_INTEGRITY = 8,
    ADBC_STATUS_INTERNAL = 9,
    ADBC_STATUS_IO = 10,
    ADBC_STATUS_CANCELLED = 11,
    ADBC_STATUS_TIMEOUT = 12,
    ADBC_STATUS_UNAUTHENTICATED = 13,
    ADBC_STATUS_UNAUTHORIZED = 14
};

enum { ADBC_VERSION_1_0_0 = 1000000, ADBC_VERSION_1_1_0 = 1001000 };

/* As vendor_code: the caller's struct is that of 1.1, and may get details. */
#define ADBC_ERROR_VENDOR_CODE_PRIVATE_DATA INT32_MIN

enum {
    ADBC_INFO_VENDOR_NAME = 0,
    ADBC_INFO_VENDOR_VERSION = 1,
    ADBC_INFO_VENDOR_SQL = 3,
    ADBC_INFO_VENDOR_SUBSTRAIT = 4,
    ADBC_INFO_DRIVER_NAME = 100,
    ADBC_INFO_DRIVER_VERSION = 101,
    ADBC_INFO_DRIVER_ARROW_VERSION = 102,
    ADBC_INFO_DRIVER_ADBC_VERSION = 103
};

enum { ADBC_OBJECT_DEPTH_ALL = 0, ADBC_OBJECT_DEPTH_CATALOGS = 1, ADBC_OBJECT_DEPTH_DB_SCHEMAS = 2, ADBC_OBJECT_DEPTH_TABLES = 3 };

struct AdbcDriver;

struct AdbcError {
    char *message;
    int32_t vendor_code;
    char sqlstate[5];
    void (*release)(struct AdbcError *error);
    /* since 1.1 */
    void *private_data;
    struct AdbcDriver *private_driver;
};

struct AdbcErrorDetail {
    const char *key;
    const uint8_t *value;
    size_t value_length;
};

struct AdbcDatabase {
    void *private_data;
    struct AdbcDriver *private_driver;
};

struct AdbcConnection {
    void *private_data;
    struct AdbcDriver *private_driver;
};

struct AdbcStatement {
    void *private_data;
    struct AdbcDriver *private_driver;
};

struct AdbcPartitions {
    size_t num_partitions;
    const uint8_t **partitions;
    const size_t *partition_lengths;
    void *private_data;
    void (*release)(struct AdbcPartitions *partitions);
};

/* The functions of options, which the three objects have in the same form. */
#define ADBC_GET(object, name, type) AdbcStatusCode (*name)(struct object *, const char *, type *, struct AdbcError *)
#define ADBC_GET_BYTES(object, name, type) AdbcStatusCode (*name)(struct object *, const char *, type *, size_t *, struct AdbcError *)
#define ADBC_SET(object, name, type) AdbcStatusCode (*name)(struct object *, const char *, type, struct AdbcError *)
#define ADBC_SET_BYTES(object, name) AdbcStatusCode (*name)(struct object *, const char *, const uint8_t *, size_t, struct AdbcError *)
#define ADBC_DO(object, name) AdbcStatusCode (*name)(struct object *, struct AdbcError *)

struct AdbcDriver {
    void *private_data;
    void *private_manager;
    ADBC_DO(AdbcDriver, release);

    ADBC_DO(AdbcDatabase, DatabaseInit);
    ADBC_DO(AdbcDatabase, DatabaseNew);
    ADBC_SET(AdbcDatabase, DatabaseSetOption, const char *);
    ADBC_DO(AdbcDatabase, DatabaseRelease);

    ADBC_DO(AdbcConnection, ConnectionCommit);
    AdbcStatusCode (*ConnectionGetInfo)(struct AdbcConnection *, const uint32_t *, size_t, struct ArrowArrayStream *, struct AdbcError *);
    AdbcStatusCode (*ConnectionGetObjects)(struct AdbcConnection *, int, const char *, const char *, const char *, const char **, const char *,
                                           struct ArrowArrayStream *, struct AdbcError *);
    AdbcStatusCode (*ConnectionGetTableSchema)(struct AdbcConnection *, const char *, const char *, const char *, struct ArrowSchema *, struct AdbcError *);
    AdbcStatusCode (*ConnectionGetTableTypes)(struct AdbcConnection *, struct ArrowArrayStream *, struct AdbcError *);
    AdbcStatusCode (*ConnectionInit)(struct AdbcConnection *, struct AdbcDatabase *, struct AdbcError *);
    ADBC_DO(AdbcConnection, ConnectionNew);
    ADBC_SET(AdbcConnection, ConnectionSetOption, const char *);
    AdbcStatusCode (*ConnectionReadPartition)(struct AdbcConnection *, const uint8_t *, size_t, struct ArrowArrayStream *, struct AdbcError *);
    ADBC_DO(AdbcConnection, ConnectionRelease);
    ADBC_DO(AdbcConnection, ConnectionRollback);

    AdbcStatusCode (*StatementBind)(struct AdbcStatement *, struct ArrowArray *, struct ArrowSchema *, struct AdbcError *);
    AdbcStatusCode (*StatementBindStream)(struct AdbcStatement *, struct ArrowArrayStream *, struct AdbcError *);
    AdbcStatusCode (*StatementExecuteQuery)(struct AdbcStatement *, struct ArrowArrayStream *, int64_t *, struct AdbcError *);
    AdbcStatusCode (*StatementExecutePartitions)(struct AdbcStatement *, struct ArrowSchema *, struct AdbcPartitions *, int64_t *, struct AdbcError *);
    AdbcStatusCode (*StatementGetParameterSchema)(struct AdbcStatement *, struct ArrowSchema *, struct AdbcError *);
    AdbcStatusCode (*StatementNew)(struct AdbcConnection *, struct AdbcStatement *, struct AdbcError *);
    ADBC_DO(AdbcStatement, StatementPrepare);
    ADBC_DO(AdbcStatement, StatementRelease);
    ADBC_SET(AdbcStatement, StatementSetOption, const char *);
    AdbcStatusCode (*StatementSetSqlQuery)(struct AdbcStatement *, const char *, struct AdbcError *);
    AdbcStatusCode (*StatementSetSubstraitPlan)(struct AdbcStatement *, const uint8_t *, size_t, struct AdbcError *);

    /* since 1.1 */
    int (*ErrorGetDetailCount)(const struct AdbcError *error);
    struct AdbcErrorDetail (*ErrorGetDetail)(const struct AdbcError *error, int index);
    const struct AdbcError *(*ErrorFromArrayStream)(struct ArrowArrayStream *stream, AdbcStatusCode *status);

    ADBC_GET_BYTES(AdbcDatabase, DatabaseGetOption, char);
    ADBC_GET_BYTES(AdbcDatabase, DatabaseGetOptionBytes, uint8_t);
    ADBC_GET(AdbcDatabase, DatabaseGetOptionDouble, double);
    ADBC_GET(AdbcDatabase, DatabaseGetOptionInt, int64_t);
    ADBC_SET_BYTES(AdbcDatabase, DatabaseSetOptionBytes);
    ADBC_SET(AdbcDatabase, DatabaseSetOptionDouble, double);
    ADBC_SET(AdbcDatabase, DatabaseSetOptionInt, int64_t);

    ADBC_DO(AdbcConnection, ConnectionCancel);
    ADBC_GET_BYTES(AdbcConnection, ConnectionGetOption, char);
    ADBC_GET_BYTES(AdbcConnection, ConnectionGetOptionBytes, uint8_t);
    ADBC_GET(AdbcConnection, ConnectionGetOptionDouble, double);
    ADBC_GET(AdbcConnection, ConnectionGetOptionInt, int64_t);
    AdbcStatusCode (*ConnectionGetStatistics)(struct AdbcConnection *, const char *, const char *, const char *, char, struct ArrowArrayStream *, struct AdbcError *);
    AdbcStatusCode (*ConnectionGetStatisticNames)(struct AdbcConnection *, struct ArrowArrayStream *, struct AdbcError *);
    ADBC_SET_BYTES(AdbcConnection, ConnectionSetOptionBytes);
    ADBC_SET(AdbcConnection, ConnectionSetOptionDouble, double);
    ADBC_SET(AdbcConnection, ConnectionSetOptionInt, int64_t);

    ADBC_DO(AdbcStatement, StatementCancel);
    AdbcStatusCode (*StatementExecuteSchema)(struct AdbcStatement *, struct ArrowSchema *, struct AdbcError *);
    ADBC_GET_BYTES(AdbcStatement, StatementGetOption, char);
    ADBC_GET_BYTES(AdbcStatement, StatementGetOptionBytes, uint8_t);
    ADBC_GET(AdbcStatement, StatementGetOptionDouble, double);
    ADBC_GET(AdbcStatement, StatementGetOptionInt, int64_t);
    ADBC_SET_BYTES(AdbcStatement, StatementSetOptionBytes);
    ADBC_SET(AdbcStatement, StatementSetOptionDouble, double);
    ADBC_SET(AdbcStatement, StatementSetOptionInt, int64_t);
};

#define ADBC_DRIVER_1_0_0_SIZE (offsetof(struct AdbcDriver, ErrorGetDetailCount))

#endif
