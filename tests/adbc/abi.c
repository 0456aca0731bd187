/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Prints the binary interface of ADBC: once with our declarations, once (THEIRS) with the header of ADBC's own package; both must print the same. */
#ifdef THEIRS
#include <adbc.h>
#else
#include "adbc/abi.h"
#endif

#include <stdio.h>

#define SIZE(type) printf("%s %zu\n", #type, sizeof(type))
#define AT(type, member) printf("%s.%s %zu %zu\n", #type, #member, offsetof(type, member), sizeof(((type *)0)->member))
#define VALUE(name) printf("%s %lld\n", #name, (long long)name)

static void part_1(void)
{
    SIZE(AdbcStatusCode);
}

static void part_2(void)
{
    SIZE(struct ArrowSchema);
    AT(struct ArrowSchema, format);
    AT(struct ArrowSchema, name);
    AT(struct ArrowSchema, metadata);
    AT(struct ArrowSchema, flags);
    AT(struct ArrowSchema, n_children);
    AT(struct ArrowSchema, children);
    AT(struct ArrowSchema, dictionary);
    AT(struct ArrowSchema, release);
    AT(struct ArrowSchema, private_data);
}

static void part_3(void)
{
    SIZE(struct ArrowArray);
    AT(struct ArrowArray, length);
    AT(struct ArrowArray, null_count);
    AT(struct ArrowArray, offset);
    AT(struct ArrowArray, n_buffers);
    AT(struct ArrowArray, n_children);
    AT(struct ArrowArray, buffers);
    AT(struct ArrowArray, children);
    AT(struct ArrowArray, dictionary);
    AT(struct ArrowArray, release);
    AT(struct ArrowArray, private_data);
}

static void part_4(void)
{
    SIZE(struct ArrowArrayStream);
    AT(struct ArrowArrayStream, get_schema);
    AT(struct ArrowArrayStream, get_next);
    AT(struct ArrowArrayStream, get_last_error);
    AT(struct ArrowArrayStream, release);
    AT(struct ArrowArrayStream, private_data);
}

static void part_5(void)
{
    SIZE(struct AdbcError);
    AT(struct AdbcError, message);
    AT(struct AdbcError, vendor_code);
    AT(struct AdbcError, sqlstate);
    AT(struct AdbcError, release);
    AT(struct AdbcError, private_data);
    AT(struct AdbcError, private_driver);
}

static void part_6(void)
{
    SIZE(struct AdbcErrorDetail);
    AT(struct AdbcErrorDetail, key);
    AT(struct AdbcErrorDetail, value);
    AT(struct AdbcErrorDetail, value_length);
}

static void part_7(void)
{
    SIZE(struct AdbcDatabase);
    AT(struct AdbcDatabase, private_data);
    AT(struct AdbcDatabase, private_driver);
}

static void part_8(void)
{
    SIZE(struct AdbcConnection);
    AT(struct AdbcConnection, private_data);
    AT(struct AdbcConnection, private_driver);
}

static void part_9(void)
{
    SIZE(struct AdbcStatement);
    AT(struct AdbcStatement, private_data);
    AT(struct AdbcStatement, private_driver);
}

static void part_10(void)
{
    SIZE(struct AdbcPartitions);
    AT(struct AdbcPartitions, num_partitions);
    AT(struct AdbcPartitions, partitions);
    AT(struct AdbcPartitions, partition_lengths);
    AT(struct AdbcPartitions, private_data);
    AT(struct AdbcPartitions, release);
}

static void part_11(void)
{
    SIZE(struct AdbcDriver);
    AT(struct AdbcDriver, private_data);
    AT(struct AdbcDriver, private_manager);
    AT(struct AdbcDriver, release);
    AT(struct AdbcDriver, DatabaseInit);
    AT(struct AdbcDriver, DatabaseNew);
    AT(struct AdbcDriver, DatabaseSetOption);
    AT(struct AdbcDriver, DatabaseRelease);
    AT(struct AdbcDriver, ConnectionCommit);
    AT(struct AdbcDriver, ConnectionGetInfo);
    AT(struct AdbcDriver, ConnectionGetObjects);
    AT(struct AdbcDriver, ConnectionGetTableSchema);
    AT(struct AdbcDriver, ConnectionGetTableTypes);
    AT(struct AdbcDriver, ConnectionInit);
    AT(struct AdbcDriver, ConnectionNew);
    AT(struct AdbcDriver, ConnectionSetOption);
    AT(struct AdbcDriver, ConnectionReadPartition);
    AT(struct AdbcDriver, ConnectionRelease);
    AT(struct AdbcDriver, ConnectionRollback);
    AT(struct AdbcDriver, StatementBind);
    AT(struct AdbcDriver, StatementBindStream);
    AT(struct AdbcDriver, StatementExecuteQuery);
    AT(struct AdbcDriver, StatementExecutePartitions);
    AT(struct AdbcDriver, StatementGetParameterSchema);
    AT(struct AdbcDriver, StatementNew);
    AT(struct AdbcDriver, StatementPrepare);
    AT(struct AdbcDriver, StatementRelease);
    AT(struct AdbcDriver, StatementSetOption);
    AT(struct AdbcDriver, StatementSetSqlQuery);
    AT(struct AdbcDriver, StatementSetSubstraitPlan);
    AT(struct AdbcDriver, ErrorGetDetailCount);
    AT(struct AdbcDriver, ErrorGetDetail);
    AT(struct AdbcDriver, ErrorFromArrayStream);
    AT(struct AdbcDriver, DatabaseGetOption);
}

static void part_12(void)
{
    AT(struct AdbcDriver, DatabaseGetOptionBytes);
    AT(struct AdbcDriver, DatabaseGetOptionDouble);
    AT(struct AdbcDriver, DatabaseGetOptionInt);
    AT(struct AdbcDriver, DatabaseSetOptionBytes);
    AT(struct AdbcDriver, DatabaseSetOptionDouble);
    AT(struct AdbcDriver, DatabaseSetOptionInt);
    AT(struct AdbcDriver, ConnectionCancel);
    AT(struct AdbcDriver, ConnectionGetOption);
    AT(struct AdbcDriver, ConnectionGetOptionBytes);
    AT(struct AdbcDriver, ConnectionGetOptionDouble);
    AT(struct AdbcDriver, ConnectionGetOptionInt);
    AT(struct AdbcDriver, ConnectionGetStatistics);
    AT(struct AdbcDriver, ConnectionGetStatisticNames);
    AT(struct AdbcDriver, ConnectionSetOptionBytes);
    AT(struct AdbcDriver, ConnectionSetOptionDouble);
    AT(struct AdbcDriver, ConnectionSetOptionInt);
    AT(struct AdbcDriver, StatementCancel);
    AT(struct AdbcDriver, StatementExecuteSchema);
    AT(struct AdbcDriver, StatementGetOption);
    AT(struct AdbcDriver, StatementGetOptionBytes);
    AT(struct AdbcDriver, StatementGetOptionDouble);
    AT(struct AdbcDriver, StatementGetOptionInt);
    AT(struct AdbcDriver, StatementSetOptionBytes);
    AT(struct AdbcDriver, StatementSetOptionDouble);
    AT(struct AdbcDriver, StatementSetOptionInt);
}

static void part_13(void)
{
    VALUE(ADBC_STATUS_OK);
    VALUE(ADBC_STATUS_UNKNOWN);
    VALUE(ADBC_STATUS_NOT_IMPLEMENTED);
    VALUE(ADBC_STATUS_NOT_FOUND);
    VALUE(ADBC_STATUS_ALREADY_EXISTS);
    VALUE(ADBC_STATUS_INVALID_ARGUMENT);
    VALUE(ADBC_STATUS_INVALID_STATE);
    VALUE(ADBC_STATUS_INVALID_DATA);
    VALUE(ADBC_STATUS_INTEGRITY);
    VALUE(ADBC_STATUS_INTERNAL);
    VALUE(ADBC_STATUS_IO);
    VALUE(ADBC_STATUS_CANCELLED);
    VALUE(ADBC_STATUS_TIMEOUT);
    VALUE(ADBC_STATUS_UNAUTHENTICATED);
    VALUE(ADBC_STATUS_UNAUTHORIZED);
    VALUE(ADBC_INFO_VENDOR_NAME);
    VALUE(ADBC_INFO_VENDOR_VERSION);
    VALUE(ADBC_INFO_VENDOR_SQL);
    VALUE(ADBC_INFO_VENDOR_SUBSTRAIT);
    VALUE(ADBC_INFO_DRIVER_NAME);
    VALUE(ADBC_INFO_DRIVER_VERSION);
    VALUE(ADBC_INFO_DRIVER_ARROW_VERSION);
    VALUE(ADBC_INFO_DRIVER_ADBC_VERSION);
    VALUE(ADBC_VERSION_1_0_0);
    VALUE(ADBC_VERSION_1_1_0);
    VALUE(ADBC_OBJECT_DEPTH_ALL);
    VALUE(ADBC_OBJECT_DEPTH_CATALOGS);
    VALUE(ADBC_OBJECT_DEPTH_DB_SCHEMAS);
    VALUE(ADBC_OBJECT_DEPTH_TABLES);
    VALUE(ADBC_ERROR_VENDOR_CODE_PRIVATE_DATA);
    VALUE(ADBC_DRIVER_1_0_0_SIZE);
    VALUE(ARROW_FLAG_DICTIONARY_ORDERED);
    VALUE(ARROW_FLAG_NULLABLE);
    VALUE(ARROW_FLAG_MAP_KEYS_SORTED);
}

int main(void)
{
    part_1();
    part_2();
    part_3();
    part_4();
    part_5();
    part_6();
    part_7();
    part_8();
    part_9();
    part_10();
    part_11();
    part_12();
    part_13();
    return 0;
}
