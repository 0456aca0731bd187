/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What the tests of the ADBC driver share: the scripted server, a database and a connection on it. Each file has its own. */
#ifndef TDRT_ADBC_SERVER_H
#define TDRT_ADBC_SERVER_H

#include "dial.h"

#include "adbc/abi.h"
#include "arrow_check.h"
#include "arrow_rows.h"

#include <unistd.h>

AdbcStatusCode AdbcDriverTdrestInit(int version, void *raw, struct AdbcError *error);

static tdrt_server server;
static struct AdbcDriver driver;
static struct AdbcDatabase database;
static struct AdbcConnection connection;

static inline int answer(const tdrt_visit *visit)
{
    tdrt_answer reply = {.body = TDRT_INSERTED};

    if (tdrt_starts(visit, "rows") || tdrt_starts(visit, "cut") || tdrt_starts(visit, "three"))
        return tdrt_arrow_rows(visit);
    if (tdrt_starts(visit, "select c"))
        return tdrt_send_three(visit);
    if (tdrt_starts(visit, "missing"))
        reply.body = "{\"code\":9731,\"desc\":\"Table does not exist\"}";
    if (tdrt_starts(visit, "login"))
        reply.status = 401, reply.body = "{\"code\":855,\"desc\":\"Authentication failure\"}";
    if (strstr(visit->sql, "server_version") != NULL)
        reply.body = "{\"code\":0,\"column_meta\":[[\"v\",\"VARCHAR\",16]],\"data\":[[\"3.3.6.9\"]],\"rows\":1}";
    if (tdrt_starts(visit, "slow") || strstr(visit->sql, "ins_databases") != NULL) {
        char byte;

        /* Until the client goes away: a cancel closes the connection. */
        (void)!read(visit->fd, &byte, 1);
        return 0;
    }
    return tdrt_send_answer(visit, &reply);
}

static inline AdbcStatusCode open_database(struct AdbcError *error, const char *parameters)
{
    AdbcStatusCode status = driver.DatabaseNew(&database, error);
    char uri[128];

    snprintf(uri, sizeof uri, "tdrest://127.0.0.1:%d/test?retry=never%s", server.port, parameters);
    if (status == ADBC_STATUS_OK)
        status = driver.DatabaseSetOption(&database, "uri", uri, error);
    if (status == ADBC_STATUS_OK)
        status = driver.DatabaseInit(&database, error);
    if (status == ADBC_STATUS_OK)
        status = driver.ConnectionNew(&connection, error);
    return status == ADBC_STATUS_OK ? driver.ConnectionInit(&connection, &database, error) : status;
}

static inline void begin(const char *parameters)
{
    const tdrt_server none = TDRT_SERVER_INIT;

    server = none;
    memset(&database, 0, sizeof database);
    memset(&connection, 0, sizeof connection);
    CU_ASSERT(tdrt_server_start(&server, answer, NULL));
    CHECK_INT(AdbcDriverTdrestInit(ADBC_VERSION_1_1_0, &driver, NULL), ADBC_STATUS_OK);
    CHECK_INT(open_database(NULL, parameters), ADBC_STATUS_OK);
}

static inline void finish(void)
{
    CHECK_INT(driver.ConnectionRelease(&connection, NULL), ADBC_STATUS_OK);
    CHECK_INT(driver.DatabaseRelease(&database, NULL), ADBC_STATUS_OK);
    tdrt_server_stop(&server);
}

static inline struct AdbcStatement statement(const char *sql)
{
    struct AdbcStatement made_one = {NULL, NULL};

    CHECK_INT(driver.StatementNew(&connection, &made_one, NULL), ADBC_STATUS_OK);
    CHECK_INT(driver.StatementSetSqlQuery(&made_one, sql, NULL), ADBC_STATUS_OK);
    return made_one;
}

static inline int64_t count_rows(struct ArrowArrayStream *stream, int *error)
{
    struct ArrowSchema schema;
    struct ArrowArray batch;
    int64_t rows = 0;

    *error = stream->get_schema(stream, &schema);
    if (*error != 0)
        return -1;
    while ((*error = stream->get_next(stream, &batch)) == 0 && batch.release != NULL) {
        CU_ASSERT(tdrt_arrow_check(&schema, &batch));
        rows += batch.length;
        batch.release(&batch);
    }
    schema.release(&schema);
    return rows;
}

#endif
