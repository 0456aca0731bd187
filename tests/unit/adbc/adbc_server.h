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

/* What `give ?` is answered with, by the number that is bound. */
static inline const char *given(const char *sql)
{
    static const char *const bodies[] = {
        "{\"code\":0,\"column_meta\":[[\"x\",\"VARCHAR\",8],[\"y\",\"INT\",4]],\"data\":[],\"rows\":0}",
        "{\"code\":0,\"column_meta\":[[\"x\",\"BIGINT\",8],[\"y\",\"VARCHAR\",8]],\"data\":[[1,\"a\"],[2,null]],\"rows\":2}",
        "{\"code\":0,\"column_meta\":[[\"x\",\"VARCHAR\",8],[\"y\",\"INT\",4]],\"data\":[[null,null],[null,null],[null,null]],\"rows\":3}",
        "{\"code\":0,\"column_meta\":[[\"x\",\"VARCHAR\",8],[\"y\",\"VARCHAR\",8]],\"data\":[[\"z\",\"z\"]],\"rows\":1}",
        "{\"code\":0,\"column_meta\":[[\"x\",\"BIGINT\",8]],\"data\":[[1]],\"rows\":1}",
        "{\"code\":9731,\"desc\":\"Table does not exist\"}",
    };
    const int which = sql[sizeof "give " - 1] - '0';

    return which >= 0 && which < (int)COUNT_OF(bodies) ? bodies[which] : TDRT_INSERTED;
}

static inline int answer(const tdrt_visit *visit)
{
    tdrt_answer reply = {.body = TDRT_INSERTED};

    if (tdrt_starts(visit, "give "))
        reply.body = given(visit->sql);
    if (tdrt_starts(visit, "rows") || tdrt_starts(visit, "cut") || tdrt_starts(visit, "three"))
        return tdrt_arrow_rows(visit);
    if (tdrt_starts(visit, "select c"))
        return tdrt_send_three(visit);
    if (tdrt_starts(visit, "DESCRIBE"))
        reply.body = "{\"code\":0,\"column_meta\":[[\"field\",\"VARCHAR\",64],[\"type\",\"VARCHAR\",20],[\"length\",\"INT\",4],[\"note\",\"VARCHAR\",16]],"
                     "\"data\":[[\"n\",\"TIMESTAMP\",8,\"\"]],\"rows\":1}";
    if (strstr(visit->sql, "`precision`") != NULL || strstr(visit->sql, "precision FROM") != NULL)
        reply.body = "{\"code\":0,\"column_meta\":[[\"precision\",\"VARCHAR\",2]],\"data\":[[\"ms\"]],\"rows\":1}";
    if (tdrt_starts(visit, "missing"))
        reply.body = "{\"code\":9731,\"desc\":\"Table does not exist\"}";
    if (tdrt_starts(visit, "login"))
        reply.status = 401, reply.body = "{\"code\":855,\"desc\":\"Authentication failure\"}";
    if (strstr(visit->sql, "server_version") != NULL)
        reply.body = "{\"code\":0,\"column_meta\":[[\"v\",\"VARCHAR\",16]],\"data\":[[\"3.3.6.9\"]],\"rows\":1}";
    if (tdrt_starts(visit, "slow") || strstr(visit->sql, "ins_databases ORDER BY") != NULL) {
        char byte;

        /* Until the client goes away: a cancel closes the connection. */
        (void)!read(visit->fd, &byte, 1);
        return 0;
    }
    return tdrt_send_answer(visit, &reply);
}

/* A batch of one column of 64-bit integers, in memory that stays. */
typedef struct int_batch {
    struct ArrowSchema schema, field, *fields[1];
    struct ArrowArray array, column, *columns[1];
    const void *none[1], *buffers[2];
} int_batch;

static inline void release_ints_schema(struct ArrowSchema *schema)
{
    schema->release = NULL;
}

static inline void release_ints(struct ArrowArray *array)
{
    array->release = NULL;
}

static inline void make_ints(int_batch *batch, const int64_t *values, int64_t count)
{
    memset(batch, 0, sizeof *batch);
    batch->fields[0] = &batch->field;
    batch->columns[0] = &batch->column;
    batch->buffers[1] = values;
    batch->field.format = "l";
    batch->field.name = "n";
    batch->schema.format = "+s";
    batch->schema.name = "";
    batch->schema.n_children = batch->array.n_children = batch->array.n_buffers = 1;
    batch->schema.children = batch->fields;
    batch->array.children = batch->columns;
    batch->array.buffers = batch->none;
    batch->array.length = batch->column.length = count;
    batch->column.n_buffers = 2;
    batch->column.buffers = batch->buffers;
    batch->schema.release = batch->field.release = release_ints_schema;
    batch->array.release = batch->column.release = release_ints;
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
