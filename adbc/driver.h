/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The driver from inside: what its files share. It stands on tdrest.h alone. */
#ifndef TDA_DRIVER_H
#define TDA_DRIVER_H

#include "adbc/abi.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/types.h>

enum { TDA_TEXT_MAX = 65517 }; /* bytes of a VARCHAR or VARBINARY */

/* A database: options until it is initialised, then a pool. What stands on it counts itself in. */
typedef struct tda_database {
    atomic_int users;
    tdrest_options *options;
    struct tda_setting { struct tda_setting *next; char *key, *value; } *settings; /* single ones, which are stronger than the uri, whichever comes first */
    tdrest_pool *pool;         /* NULL: not initialised */
    int pool_max;
    int64_t wait_ms;
    atomic_int open_streams;   /* that hold a connection of the pool */
    pid_t process;             /* that made it: in a forked child nothing works */
    pthread_mutex_t lock;      /* of the options, which GetOption reads on any thread */
} tda_database;

typedef struct tda_connection {
    atomic_int users;          /* itself and its statements */
    tda_database *database;    /* NULL: not initialised */
    pthread_mutex_t lock;      /* of the three below, for GetOption and Cancel on any thread */
    char *schema;              /* current db_schema; "": none */
    struct tda_run *run;       /* of a question of its own, such as GetObjects asks; NULL: none */
    int asked;                 /* there was one */
} tda_connection;

/* One running statement with a connection of the pool, shared by the statement and the stream it handed out. */
typedef struct tda_run {
    atomic_int users;
    tda_database *database;
    pthread_mutex_t lock;      /* of the three below */
    tdrest_conn *conn;         /* NULL: not there yet, or given back */
    int busy;                  /* a call is running */
    int cancelled;             /* this call, or the next one on the stream, is to end */
    int counted;               /* among the database's open streams */
    struct ArrowArrayStream inner; /* the result's; release NULL: over */
    tdrest_result *result;     /* which inner owns */
    tdrest_stmt *stmt;         /* a query with parameters, which runs once per row */
    struct ArrowArrayStream bound;
    struct ArrowSchema bound_schema;
    struct ArrowArray bound_batch;
    int64_t bound_row;         /* the one that runs, in its batch */
    int64_t bound_before;      /* rows in the batches before */
    struct ArrowSchema columns, current; /* of the stream; of this row's result */
    struct ArrowArray ahead;   /* this result's first batch, read to find a result with rows; release NULL: none */
    char *schema;              /* db_schema */
    int failed;                /* errno of its end */
    AdbcStatusCode status;
    struct AdbcError error;    /* why; its vendor code asks for details */
} tda_run;

typedef struct tda_ingest {
    char *table, *schema, *mode;
    char *using;               /* the super table */
    char *tags, *tbname;       /* the columns that are tags, and the one that names tables */
    char *varchar_bytes;       /* NULL: from the data */
    int ran;                   /* what is set next is of another ingest */
} tda_ingest;

typedef struct tda_statement {
    tda_connection *connection;
    char *sql;
    tda_ingest ingest;
    struct ArrowArrayStream bound; /* release NULL: nothing is bound */
    pthread_mutex_t lock;          /* of ingest, for GetOption, and of run, for Cancel, on any thread */
    tda_run *run;                  /* the one started last; NULL: none */
} tda_statement;

/* What is behind an object of the interface; NULL: it is none, not initialised, or released. */
#define TDA_OF(type, self) ((self) == NULL ? NULL : (type *)(self)->private_data)

#if defined(__GNUC__)
#define TDA_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define TDA_PRINTF(text, first)
#endif

/* ---- error.c ---- */

/* Fills an error, which may be NULL. Returns the status. */
AdbcStatusCode tda_fail(struct AdbcError *error, AdbcStatusCode status, const char *format, ...) TDA_PRINTF(3, 4);
/* From a record of the library's. */
AdbcStatusCode tda_fail_with(struct AdbcError *error, const tdrest_error *record);
/* With more behind its message. */
AdbcStatusCode tda_fail_more(struct AdbcError *error, const tdrest_error *record, const char *format, ...) TDA_PRINTF(3, 4);
AdbcStatusCode tda_no_memory(struct AdbcError *error);
/* What a caller has to give is not NULL. */
AdbcStatusCode tda_need(const void *given, const char *what, struct AdbcError *error);
/* The same of what GetOption gets; *status is that of its object, which comes first. */
AdbcStatusCode tda_need_option(AdbcStatusCode status, const char *key, const void *place, struct AdbcError *error);
AdbcStatusCode tda_not_implemented(struct AdbcError *error, const char *what);
void tda_error_clear(struct AdbcError *error);
/* What failed was to be expected: the error is as before the call. */
void tda_error_forget(struct AdbcError *error);
int tda_detail_count(const struct AdbcError *error);
struct AdbcErrorDetail tda_detail(const struct AdbcError *error, int index);
/* Copies an option's value by the rules of GetOption. */
AdbcStatusCode tda_give_text(const char *value, char *out, size_t *len);
char *tda_copy(const char *text);
/* Sets *to to a copy (text NULL: to NULL); 1. */
int tda_replace(char **to, const char *text);
/* An option that is "true" or "false", of which the driver knows one; `what` is the other. */
AdbcStatusCode tda_take_flag(const char *key, const char *value, int known, const char *what, struct AdbcError *error);

/* ---- database.c ---- */

void tda_database_leave(tda_database *database);
AdbcStatusCode tda_database_check(const tda_database *database, struct AdbcError *error);
AdbcStatusCode tda_database_set_option(struct AdbcDatabase *self, const char *key, const char *value, struct AdbcError *error);
AdbcStatusCode tda_database_get_option(struct AdbcDatabase *self, const char *key, char *out, size_t *len, struct AdbcError *error);
void tda_database_functions(struct AdbcDriver *driver);

/* ---- connection.c ---- */

void tda_connection_leave(tda_connection *connection);
AdbcStatusCode tda_connection_use(tda_connection *connection, const char *schema, struct AdbcError *error);
AdbcStatusCode tda_connection_check(const struct AdbcConnection *connection, struct AdbcError *error);
AdbcStatusCode tda_connection_set_option(struct AdbcConnection *self, const char *key, const char *value, struct AdbcError *error);
AdbcStatusCode tda_connection_get_option(struct AdbcConnection *self, const char *key, char *out, size_t *len, struct AdbcError *error);
AdbcStatusCode tda_connection_cancel(struct AdbcConnection *self, struct AdbcError *error);
/* A run with its connection of the pool, for questions of the driver's own; tda_connection_done ends it, also when this failed (*out may be NULL). */
AdbcStatusCode tda_connection_ask(tda_connection *connection, struct tda_run **out, struct AdbcError *error);
void tda_connection_done(tda_connection *connection, struct tda_run *run);
void tda_connection_functions(struct AdbcDriver *driver);

/* ---- run.c ---- */

/* A run for statements of that db_schema, which counts as busy, and its connection from the pool. */
AdbcStatusCode tda_run_new(tda_database *database, const char *schema, tda_run **out, struct AdbcError *error);
AdbcStatusCode tda_run_open(tda_run *run, struct AdbcError *error);
/* No call runs any more. */
void tda_run_idle(tda_run *run);
/* Gives the connection back and ends the stream: the next call on it says that the statement has moved on. */
void tda_run_close(tda_run *run);
void tda_run_leave(tda_run *run);
/* The settings of calls. */
tdrest_call tda_run_call(const tda_run *run);
/* From any thread: ends the call that runs, or the next one on the stream. 0: it is over. */
int tda_run_cancel(tda_run *run);
int tda_run_was_cancelled(tda_run *run);
AdbcStatusCode tda_run_cancelled(struct AdbcError *error);
/* Runs a statement without rows to read. */
AdbcStatusCode tda_run_exec(tda_run *run, const char *sql, int64_t *affected, struct AdbcError *error);
/* Queries; the rows come from tda_run_stream. affected -1: there are rows. */
AdbcStatusCode tda_run_query(tda_run *run, const char *sql, int64_t *affected, struct AdbcError *error);
/* A result becomes the inner stream, in place of the one that is there. */
AdbcStatusCode tda_run_take(tda_run *run, tdrest_result *result, int64_t *affected, struct AdbcError *error);
/* The result as a stream; the run counts one more user. */
void tda_run_stream(tda_run *run, struct ArrowArrayStream *out);
const struct AdbcError *tda_error_of_stream(struct ArrowArrayStream *stream, AdbcStatusCode *status);

/* ---- bound.c ---- */

/* Queries once for each row of the stream, which it takes. any 0: there was none, or what was asked has no rows and has run for all of them. */
AdbcStatusCode tda_bound_query(tda_run *run, const char *sql, struct ArrowArrayStream *bound, int *any, int64_t *affected, struct AdbcError *error);
/* The next batch of this row's result or of those after it, in the types of the first. An errno value; *status tells whether run->error has the reason. */
int tda_bound_next(tda_run *run, struct ArrowArray *out, AdbcStatusCode *status);
void tda_bound_clear(tda_run *run);

/* ---- statement.c, execute.c, ingest.c ---- */

AdbcStatusCode tda_statement_set_option(struct AdbcStatement *self, const char *key, const char *value, struct AdbcError *error);
AdbcStatusCode tda_statement_get_option(struct AdbcStatement *self, const char *key, char *out, size_t *len, struct AdbcError *error);
AdbcStatusCode tda_statement_cancel(struct AdbcStatement *self, struct AdbcError *error);
void tda_statement_functions(struct AdbcDriver *driver);
AdbcStatusCode tda_execute(struct AdbcStatement *self, struct ArrowArrayStream *out, int64_t *affected, struct AdbcError *error);
AdbcStatusCode tda_execute_schema(struct AdbcStatement *self, struct ArrowSchema *out, struct AdbcError *error);
AdbcStatusCode tda_parameter_schema(struct AdbcStatement *self, struct ArrowSchema *out, struct AdbcError *error);
/* Nothing is bound any more. */
void tda_unbind(tda_statement *statement);
AdbcStatusCode tda_ingest_run(tda_statement *statement, tda_run *run, int64_t *affected, struct AdbcError *error);
void tda_ingest_clear(tda_ingest *ingest);

/* ---- sql.c ---- */

/*
 * Clients quote names by the SQL standard: DROP TABLE "t", SELECT * FROM "d"."t" ORDER BY "c". The server takes names in backquotes only; such a text, which
 * no server would run, gets them. In an INSERT, which may have texts in double quotes, only the table and the list of columns do.
 */
void tda_sql_quote_names(char *sql);
/* 1 when the text is USE and a name: the name. */
int tda_sql_use(const char *sql, char *name, size_t cap);

/* ---- info.c, objects.c, statistics.c ---- */

AdbcStatusCode tda_get_info(struct AdbcConnection *self, const uint32_t *codes, size_t count, struct ArrowArrayStream *out, struct AdbcError *error);
AdbcStatusCode tda_get_table_types(struct AdbcConnection *self, struct ArrowArrayStream *out, struct AdbcError *error);
AdbcStatusCode tda_get_table_schema(struct AdbcConnection *self, const char *catalog, const char *schema, const char *table, struct ArrowSchema *out,
                                    struct AdbcError *error);
AdbcStatusCode tda_get_objects(struct AdbcConnection *self, int depth, const char *catalog, const char *schema, const char *table, const char **types,
                               const char *column, struct ArrowArrayStream *out, struct AdbcError *error);
/* `` `schema`.`table` ``. 1; 0 when one is no name. */
int tda_quote_table(const char *schema, const char *table, char *out, size_t cap);
AdbcStatusCode tda_get_statistics(struct AdbcConnection *self, const char *catalog, const char *schema, const char *table, char approximate,
                                  struct ArrowArrayStream *out, struct AdbcError *error);

#endif
