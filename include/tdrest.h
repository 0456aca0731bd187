/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/**
 * @file tdrest.h
 * The whole public contract of tdrest, a REST-only connector for TDengine.
 *
 * tdrest posts SQL to taosAdapter (port 6041), reads the JSON answer as a
 * stream and hands out typed values in bounded memory. What is not in this
 * file is not part of the library. Read it from top to bottom:
 *
 *   1 versions, codes and classes    5 query and result
 *   2 the error record               6 columns and blocks
 *   3 options                        7 SQL text
 *   4 connection                     8 statements with parameters
 *                                    9 schemaless writing
 *                                   10 pool
 *
 * A complete program:
 *
 * @code
 * #include <stdio.h>
 * #include <tdrest.h>
 *
 * int main(void)
 * {
 *     char why[512];
 *     tdrest_conn *conn;
 *     tdrest_result *res;
 *     const char *ts;
 *     double amps;
 *     int rc = tdrest_open("http://root:taosdata@localhost:6041/test", &conn, why, sizeof why);
 *
 *     if (rc < 0) { fprintf(stderr, "%s\n", why); return 1; }
 *     rc = tdrest_query(conn, "SELECT ts, current FROM d1001", TDREST_CSTR, NULL, &res);
 *     if (rc < 0) fprintf(stderr, "%s\n", tdrest_conn_error(conn)->message);
 *     while (rc >= 0 && (rc = tdrest_result_next(res)) == TDREST_ROW)
 *         if (tdrest_result_text(res, 0, &ts, NULL) == TDREST_OK && tdrest_result_double(res, 1, &amps) == TDREST_OK)
 *             printf("%s %g\n", ts, amps);
 *     if (res != NULL && rc < 0) fprintf(stderr, "%s\n", tdrest_result_error(res)->message);
 *     tdrest_result_free(res);
 *     tdrest_conn_free(conn);
 *     return rc < 0;
 * }
 * @endcode
 *
 * Rules that hold everywhere, and are not repeated below:
 *
 * - Results come through the last parameter, which is set to a neutral value
 *   (NULL, 0, -1) when the call fails. A negative code is an error.
 * - Inputs are borrowed for the call and copied if kept. Text handed out is
 *   NUL-terminated; its length leaves the NUL out and NULs inside are possible.
 * - A length is a size_t in bytes; TDREST_CSTR means "measure it with strlen".
 *   Counts and totals of the server are int64_t.
 * - An object is used by one thread at a time; different objects may be used
 *   by different threads; only a pool is shared. "Threads: any" below means the call may run at the
 *   same time as any other. No handle is used in a forked child.
 * - Freeing NULL is fine. `conn` and `options` must not be NULL unless said.
 * - Structs that the program makes begin with their size and an INIT. They grow
 *   at the end: a library takes those of older versions, and members that these
 *   lack have their defaults. A size that no version has is TDREST_EUSAGE.
 * - SIGPIPE belongs to the program: ignore it, as for every use of sockets.
 * - What no client can see: when the server loses a query in the middle, it
 *   ends the answer normally with the rows so far (TDREST_DONE, fewer rows).
 *   Compare with count(*) where that matters.
 */
#ifndef TDREST_H
#define TDREST_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(TDREST_BUILD) && defined(__GNUC__)
#define TDREST_API __attribute__((visibility("default")))
#else
#define TDREST_API
#endif
#if defined(__GNUC__)
#define TDREST_NODISCARD __attribute__((warn_unused_result))
#else
#define TDREST_NODISCARD
#endif

/* ------------------------------------------------------------------------
 * 1  Versions, codes and classes
 * ------------------------------------------------------------------------ */

#define TDREST_VERSION_MAJOR 0
#define TDREST_VERSION_MINOR 1
#define TDREST_VERSION_PATCH 0
/** One comparable number: 0xMMmmpp. */
#define TDREST_VERSION_NUMBER ((TDREST_VERSION_MAJOR << 16) | (TDREST_VERSION_MINOR << 8) | TDREST_VERSION_PATCH)

/** As a length: the text ends at its NUL. */
#define TDREST_CSTR ((size_t)-1)

/**
 * Every error code: name, number, class, whether a repeat is safe, text.
 * A server's refusal is TDREST_ESERVER; its class and repeat go by the
 * server's own code. The numbers are permanent.
 */
#define TDREST_CODE_MAP(X)                                                                               \
    X(EUSAGE,       -1,  INTERFACE,    NO,         "the call does not fit its contract")                 \
    X(EOPTION,      -2,  INTERFACE,    NO,         "an option is unknown, malformed or out of range")    \
    X(EBUSY,        -3,  INTERFACE,    NO,         "a result of this connection is still open")          \
    X(ENOTADAPTER,  -4,  INTERFACE,    NO,         "the peer does not answer like a taosAdapter")        \
    X(ECONNECT,     -10, CONNECTION,   IDEMPOTENT, "the server could not be reached, or the link broke") \
    X(ETIMEOUT,     -11, CONNECTION,   IDEMPOTENT, "a time limit passed")                                \
    X(EAUTH,        -12, CONNECTION,   NO,         "the login was refused")                              \
    X(EGATEWAY,     -13, CONNECTION,   IDEMPOTENT, "a proxy or gateway answered in the server's place")  \
    X(ESERVER,      -20, DATABASE,     NO,         "the server refused or failed the statement")         \
    X(EANSWER,      -30, RESULT,       IDEMPOTENT, "the answer is broken or incomplete")                 \
    X(ENULL,        -31, RESULT,       NO,         "the value is NULL")                                  \
    X(ETYPE,        -32, RESULT,       NO,         "the value has another type")                         \
    X(ERANGE,       -33, RESULT,       NO,         "the value does not fit")                             \
    X(EBIND,        -40, STATEMENT,    NO,         "a value cannot be written as SQL; nothing was sent") \
    X(EUNSUPPORTED, -41, NOTSUPPORTED, NO,         "not possible over HTTP")                             \
    X(ECANCELLED,   -50, QUERY,        IDEMPOTENT, "the call was cancelled")                             \
    X(ENOMEM,       -60, OPERATIONAL,  NO,         "out of memory")

/** What calls return (`tdrest_code` in prose; the type is int). */
enum {
    TDREST_OK = 0,   /**< done */
    TDREST_ROW = 1,  /**< one more row, block or statement is there */
    TDREST_DONE = 2, /**< no more, and the answer was complete */
    TDREST_FULL = 3, /**< taken, but send before adding more */
#define TDREST_CODE_ENUM(name, number, cls, repeat, text) TDREST_##name = number,
    TDREST_CODE_MAP(TDREST_CODE_ENUM)
#undef TDREST_CODE_ENUM
    TDREST_CODE_END_ = -1000 /**< not a code */
};

/**
 * The connector exception taxonomy: name, number, parent, spelled name.
 */
#define TDREST_CLASS_MAP(X)                               \
    X(ERROR,        1,  NONE,     "Error")                \
    X(INTERFACE,    2,  ERROR,    "InterfaceError")       \
    X(CONNECTION,   3,  ERROR,    "ConnectionError")      \
    X(DATABASE,     4,  ERROR,    "DatabaseError")        \
    X(DATA,         5,  DATABASE, "DataError")            \
    X(OPERATIONAL,  6,  DATABASE, "OperationalError")     \
    X(INTEGRITY,    7,  DATABASE, "IntegrityError")       \
    X(INTERNAL,     8,  DATABASE, "InternalError")        \
    X(PROGRAMMING,  9,  DATABASE, "ProgrammingError")     \
    X(NOTSUPPORTED, 10, DATABASE, "NotSupportedError")    \
    X(STATEMENT,    11, DATABASE, "StatementError")       \
    X(RESULT,       12, DATABASE, "ResultError")          \
    X(SCHEMALESS,   13, DATABASE, "SchemalessError")      \
    X(QUERY,        14, DATABASE, "QueryError")           \
    X(TMQ,          15, DATABASE, "TmqError")

enum {
    TDREST_CLASS_NONE = 0,
#define TDREST_CLASS_ENUM(name, number, parent, text) TDREST_CLASS_##name = number,
    TDREST_CLASS_MAP(TDREST_CLASS_ENUM)
#undef TDREST_CLASS_ENUM
    TDREST_CLASS_END_ = 1000 /**< not a class */
};

/** May the same call be sent again? */
enum {
    TDREST_REPEAT_NO = 0,         /**< it would fail again, or must not run twice */
    TDREST_REPEAT_IDEMPOTENT = 1, /**< it may have run, wholly or in part: only if running twice does no harm */
    TDREST_REPEAT_SAFE = 2        /**< nothing of it ran */
};

/** Did the server run what was sent? */
enum {
    TDREST_RAN_NO = 0,    /**< nothing of it */
    TDREST_RAN_MAYBE = 1, /**< all, some or nothing of it: nobody can tell */
    TDREST_RAN_YES = 2    /**< it did; the answer got lost */
};

/** How far a call got. */
enum {
    TDREST_PHASE_NONE = 0,
    TDREST_PHASE_PREPARE = 1, /**< nothing was sent */
    TDREST_PHASE_CONNECT = 2, /**< name lookup, TCP, TLS */
    TDREST_PHASE_SEND = 3,    /**< the request was not sent in full */
    TDREST_PHASE_WAIT = 4,    /**< sent in full, no answer yet */
    TDREST_PHASE_READ = 5     /**< within the answer */
};

/**
 * Names the library and what it stands on.
 *
 * @return text such as "tdrest/0.1.0 libcurl/7.88.1 lookup=thread"; `lookup` says
 *         whether a name lookup can be cut short by a timeout or cancel: `interruptible` or `thread`.
 * Errors: none.
 * Ownership: static text.
 * Blocking: no.
 * Threads: any.
 * Since: 0.1.0
 * Example: printf("%s\n", tdrest_version());
 */
TDREST_API const char *tdrest_version(void);

/**
 * The name of a code.
 *
 * @param code a number returned by a call.
 * @return "TDREST_EBUSY" and the like; "TDREST_?" for a number that is no code.
 * Errors: none.
 * Ownership: static text.
 * Blocking: no.
 * Threads: any.
 * Since: 0.1.0
 * Example: fprintf(stderr, "%s\n", tdrest_code_name(rc));
 */
TDREST_API const char *tdrest_code_name(int code);

/**
 * What a code means, in one line of English.
 *
 * @param code a number returned by a call.
 * @return the text of TDREST_CODE_MAP; "" for codes that are no error.
 * Errors: none.
 * Ownership: static text.
 * Blocking: no.
 * Threads: any.
 * Since: 0.1.0
 * Example: fprintf(stderr, "%s\n", tdrest_code_text(rc));
 */
TDREST_API const char *tdrest_code_text(int code);

/**
 * The name of a class, as other connectors of TDengine spell it.
 *
 * @param cls a TDREST_CLASS_ number.
 * @return "ProgrammingError" and the like; "" for TDREST_CLASS_NONE and unknown numbers.
 * Errors: none.
 * Ownership: static text.
 * Blocking: no.
 * Threads: any.
 * Since: 0.1.0
 * Example: fprintf(stderr, "%s\n", tdrest_class_name(err->cls));
 */
TDREST_API const char *tdrest_class_name(int cls);

/**
 * Tells whether a class is another one or stands below it.
 *
 * @param cls      a TDREST_CLASS_ number, as in the record.
 * @param ancestor the class asked for; TDREST_CLASS_ERROR covers all.
 * @return 1 or 0; 0 when either is no class.
 * Errors: none.
 * Blocking: no.
 * Threads: any.
 * Since: 0.1.0
 * Example: if (tdrest_class_is_a(err->cls, TDREST_CLASS_DATABASE)) puts("the server said no");
 */
TDREST_API int tdrest_class_is_a(int cls, int ancestor);

/* ------------------------------------------------------------------------
 * 2  The error record
 * ------------------------------------------------------------------------ */

/**
 * What is known of a failure. It lives inside the object that failed, is
 * never allocated, and stays as it is until the next call on that object.
 */
typedef struct tdrest_error {
    size_t size;       /**< of this struct, as the library knows it; it grows at the end */
    int code;          /**< TDREST_E..., 0 when the last call did not fail */
    int cls;           /**< TDREST_CLASS_... */
    int server_code;   /**< TDengine's code as sent (low 16 bits), 0 when there is none */
    int http_status;   /**< of the answer, 0 when there was none */
    int curl_code;     /**< libcurl's CURLcode, 0 when it did not fail */
    int phase;         /**< TDREST_PHASE_...: how far the call got */
    int attempts;      /**< how often it was tried */
    int repeat;        /**< TDREST_REPEAT_...: may the call be sent again? */
    int column;        /**< of the result, or the parameter of a statement, from 0; -1 when unknown */
    int64_t row;       /**< of the result, of the rows given to a statement, or first line that tdrest_write did not write, from 0; -1 when unknown */
    int64_t offset;    /**< byte of the SQL, DSN, data or answer where it went wrong; -1 when unknown */
    int64_t req_id;    /**< of the request, to be found in the server's logs; 0 when none was made */
    char endpoint[256]; /**< scheme, host, port and path; no secrets */
    char message[640]; /**< one line, no line feed, no secrets, no SQL values of ours */
    int64_t retry_after_ms; /**< the answer asks not to be tried sooner (Retry-After), at most 10^15; -1 when it does not */
    int ran;           /**< TDREST_RAN_...: what may have happened on the server, even where `repeat` is TDREST_REPEAT_NO */
} tdrest_error;

/** For records that a caller makes: calls on objects that threads share fill one of the caller's. */
#ifdef __cplusplus
#define TDREST_ERROR_INIT {sizeof(tdrest_error), 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, -1, 0, "", "", -1, 0}
#else
#define TDREST_ERROR_INIT ((tdrest_error){sizeof(tdrest_error), 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, -1, 0, "", "", -1, 0})
#endif

/* ------------------------------------------------------------------------
 * 3  Options
 * ------------------------------------------------------------------------ */

/** The configuration of connections: keyed texts over one table (docs/OPTIONS.md). */
typedef struct tdrest_options tdrest_options;

/**
 * Where the library gets its memory. libcurl, the TLS library and Jansson keep
 * their own allocators. All members must be set.
 */
typedef struct tdrest_allocator {
    size_t size;    /**< sizeof(tdrest_allocator), in the version that the program is built with */
    void *context;  /**< given to each function */
    void *(*alloc)(void *context, size_t bytes);              /**< as malloc; bytes is never 0 */
    void *(*resize)(void *context, void *old, size_t bytes);  /**< as realloc; old may be NULL, bytes is never 0 */
    void (*release)(void *context, void *old);                /**< as free; old may be NULL */
} tdrest_allocator;

/** Levels of the log callback; the option `log_level` says up to which one is reported. */
enum { TDREST_LOG_NONE = 0, TDREST_LOG_ERROR = 1, TDREST_LOG_INFO = 2, TDREST_LOG_DEBUG = 3 };

/**
 * Hears what a connection does, in the thread of the call. The message is one
 * line without secrets and SQL text, borrowed for the call. It must not call
 * back into the same connection.
 */
typedef void tdrest_log_callback(void *context, int level, const char *message);

/** One row of the option table. */
typedef struct tdrest_option_info {
    size_t size;               /**< of this struct, as the library knows it */
    const char *key;           /**< as in a DSN; the environment has TDREST_ and capitals */
    const char *default_value; /**< "" when there is none */
    const char *values;        /**< what is accepted: range, unit, words */
    const char *meaning;       /**< one line */
    int secret;                /**< 1: shown as *** by tdrest_options_format */
} tdrest_option_info;

/**
 * Makes an options object that holds the defaults.
 *
 * @param allocator for this object and all made from it; NULL: malloc and free.
 * @param out       receives the object.
 * @return TDREST_OK or an error.
 * Errors: TDREST_EUSAGE (allocator with a size that no version has, such as 0, or a member missing), TDREST_ENOMEM.
 * Ownership: the caller frees *out with tdrest_options_free; the allocator struct is copied.
 * Blocking: no.
 * Threads: any.
 * Since: 0.1.0
 * Example: rc = tdrest_options_new(NULL, &options);
 */
TDREST_API TDREST_NODISCARD int tdrest_options_new(const tdrest_allocator *allocator, tdrest_options **out);

/**
 * Frees an options object. Connections made from it live on.
 *
 * @param options the object, or NULL.
 * Errors: none.
 * Blocking: no.
 * Threads: one per object.
 * Since: 0.1.0
 * Example: tdrest_options_free(options);
 */
TDREST_API void tdrest_options_free(tdrest_options *options);

/**
 * Sets one option.
 *
 * @param options the object.
 * @param key     a key of the table; capitals do not matter, `-` stands for `_`.
 * @param value   its text; NULL goes back to the default.
 * @return TDREST_OK or an error; then the option keeps its value.
 * Errors: TDREST_EOPTION (unknown key, malformed or out of range; the message names key and range), TDREST_ENOMEM.
 * Ownership: both texts are copied.
 * Blocking: no.
 * Threads: one per object.
 * Since: 0.1.0
 * Example: rc = tdrest_options_set(options, "timezone", "Asia/Shanghai");
 */
TDREST_API TDREST_NODISCARD int tdrest_options_set(tdrest_options *options, const char *key, const char *value);

/**
 * The text of one option: what was set, else its default.
 *
 * @param options the object.
 * @param key     a key of the table.
 * @return the text, secrets in clear; NULL for an unknown key or an option without any value.
 * Errors: none.
 * Ownership: borrowed from options until the next set, parse or from_env.
 * Blocking: no.
 * Threads: one per object.
 * Since: 0.1.0
 * Example: printf("%s\n", tdrest_options_get(options, "host"));
 */
TDREST_API const char *tdrest_options_get(const tdrest_options *options, const char *key);

/**
 * Reads a DSN: `http[s]://[user[:password]@]host[:port][,host[:port]...][/db][?key=value&...]`.
 * IPv6 addresses stand in brackets; percent-encoding is understood everywhere.
 * What the DSN does not name keeps its value.
 *
 * @param options the object.
 * @param dsn     the text.
 * @return TDREST_OK or an error; then nothing of the DSN is taken.
 * Errors: TDREST_EOPTION (with the byte offset in the record: unknown key, bad value, bad escape, no host;
 *         ws, wss and taos schemes; more than one kind of credentials), TDREST_ENOMEM.
 * Ownership: the text is copied.
 * Blocking: no.
 * Threads: one per object.
 * Since: 0.1.0
 * Example: rc = tdrest_options_parse(options, "https://root:taosdata@[::1]:6041/test?compression=true");
 */
TDREST_API TDREST_NODISCARD int tdrest_options_parse(tdrest_options *options, const char *dsn);

/**
 * Reads the environment: first TDREST_DSN, then TDREST_<KEY> for every key of the table. Empty variables do not count.
 *
 * @param options the object.
 * @return TDREST_OK or an error; then nothing of the environment is taken.
 * Errors: TDREST_EOPTION (the message names the variable), TDREST_ENOMEM.
 * Ownership: values are copied.
 * Blocking: no.
 * Threads: one per object, and none may change the environment meanwhile.
 * Since: 0.1.0
 * Example: rc = tdrest_options_from_env(options);
 */
TDREST_API TDREST_NODISCARD int tdrest_options_from_env(tdrest_options *options);

/**
 * Writes the options as a DSN with secrets masked as `***`; defaults are left out, except scheme and host.
 *
 * @param options the object.
 * @param text    receives the DSN with its NUL; may be NULL when cap is 0.
 * @param cap     bytes at text.
 * @param len     receives the length that the whole DSN has; may be NULL.
 * @return TDREST_OK, or TDREST_ERANGE when cap is too small: text then holds a cut, terminated DSN.
 * Errors: TDREST_ERANGE.
 * Ownership: the caller's buffer.
 * Blocking: no.
 * Threads: one per object.
 * Since: 0.1.0
 * Example: rc = tdrest_options_format(options, text, sizeof text, NULL);
 */
TDREST_API int tdrest_options_format(const tdrest_options *options, char *text, size_t cap, size_t *len);

/**
 * Sets who hears what connections made from these options do.
 *
 * @param options  the object.
 * @param callback the listener; NULL: nobody. The option `log_level` says how much it hears.
 * @param context  given to it.
 * Errors: none.
 * Ownership: context is borrowed as long as connections made from options live.
 * Blocking: no.
 * Threads: one per object.
 * Since: 0.1.0
 * Example: tdrest_options_set_log(options, on_log, NULL);
 */
TDREST_API void tdrest_options_set_log(tdrest_options *options, tdrest_log_callback *callback, void *context);

/**
 * The record of the last failed call on the object, tdrest_conn_new included.
 *
 * @param options the object, or NULL.
 * @return the record; code 0 when the last call did not fail. Never NULL.
 * Errors: none.
 * Ownership: borrowed from options.
 * Blocking: no.
 * Threads: one per object.
 * Since: 0.1.0
 * Example: fprintf(stderr, "%s\n", tdrest_options_error(options)->message);
 */
TDREST_API const tdrest_error *tdrest_options_error(const tdrest_options *options);

/**
 * One row of the option table, for programs that offer every option as a flag.
 *
 * @param index from 0.
 * @return the row; NULL past the end.
 * Errors: none.
 * Ownership: static.
 * Blocking: no.
 * Threads: any.
 * Since: 0.1.0
 * Example: for (size_t i = 0; tdrest_options_get_info(i) != NULL; i++) puts(tdrest_options_get_info(i)->key);
 */
TDREST_API const tdrest_option_info *tdrest_options_get_info(size_t index);

/* ------------------------------------------------------------------------
 * 4  Connection
 * ------------------------------------------------------------------------ */

/**
 * Configuration and one kept-alive TCP connection. There is no session on the
 * server: database, time zone and request id travel with every request.
 * One stream at a time: while a result is open, other calls are TDREST_EBUSY.
 */
typedef struct tdrest_conn tdrest_conn;

/** What one call does differently from its connection. Start from TDREST_CALL_INIT. */
typedef struct tdrest_call {
    size_t size;              /**< sizeof(tdrest_call), in the version that the program is built with; 0 is refused */
    int64_t req_id;           /**< for the server's logs; 0: made here, positive, 63 bits */
    int64_t timeout_ms;       /**< -1: the option; 0: none. See the option `timeout_ms` */
    int64_t stall_timeout_ms; /**< -1: the option; 0: none */
    const char *database;     /**< NULL: the option */
    const char *timezone;     /**< NULL: the option; same rules */
    int buffered;             /**< 1: tdrest_query reads the whole answer, as tdrest_result_store does, within timeout_ms */
    int64_t ttl_days;            /**< tdrest_write: life of child tables that it makes; 0: without end */
    const char *table_name_key;  /**< tdrest_write: the tag whose value names the child table; NULL: the server names it */
} tdrest_call;

#ifdef __cplusplus
#define TDREST_CALL_INIT {sizeof(tdrest_call), 0, -1, -1, NULL, NULL, 0, 0, NULL}
#else
#define TDREST_CALL_INIT ((tdrest_call){sizeof(tdrest_call), 0, -1, -1, NULL, NULL, 0, 0, NULL})
#endif

/**
 * The one-line way in: a DSN to a connection. Does no network.
 *
 * @param dsn     as for tdrest_options_parse; NULL: http://root:taosdata@localhost:6041.
 * @param out     receives the connection.
 * @param message receives the reason of a failure, terminated, without secrets; may be NULL.
 * @param cap     bytes at message.
 * @return TDREST_OK or an error.
 * Errors: as tdrest_options_parse and tdrest_conn_new.
 * Ownership: the caller frees *out with tdrest_conn_free.
 * Blocking: no.
 * Threads: any.
 * Since: 0.1.0
 * Example: rc = tdrest_open("http://root:taosdata@localhost:6041/test", &conn, why, sizeof why);
 */
TDREST_API TDREST_NODISCARD int tdrest_open(const char *dsn, tdrest_conn **out, char *message, size_t cap);

/**
 * Makes a connection from options. Does no network.
 *
 * @param options the configuration; a failure's record is here.
 * @param out     receives the connection.
 * @return TDREST_OK or an error.
 * Errors: TDREST_EOPTION (options that contradict each other; `timezone=local` when no IANA name can be told),
 *         TDREST_ECONNECT (libcurl could not be set up), TDREST_ENOMEM.
 * Ownership: the caller frees *out with tdrest_conn_free; options are copied.
 * Blocking: no.
 * Threads: one per options object.
 * Since: 0.1.0
 * Example: rc = tdrest_conn_new(options, &conn);
 */
TDREST_API TDREST_NODISCARD int tdrest_conn_new(tdrest_options *options, tdrest_conn **out);

/**
 * Closes and frees a connection. An open result of it, and statements made on it, are detached: their next call that needs it is
 * TDREST_EUSAGE, they must still be freed.
 *
 * @param conn the connection, or NULL.
 * Errors: none.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: tdrest_conn_free(conn);
 */
TDREST_API void tdrest_conn_free(tdrest_conn *conn);

/**
 * Asks the server whether it is there and takes statements: runs select server_status().
 *
 * @param conn the connection.
 * @param call what this call does differently; NULL: nothing.
 * @return TDREST_OK or an error; the record is in conn.
 * Errors: as tdrest_query; TDREST_ESERVER when the server says that it is not ready.
 * Ownership: nothing is kept.
 * Blocking: at most `timeout_ms`.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_conn_ping(conn, NULL);
 * Source: /-/ping checks neither login nor cluster, and select 1 succeeds with taosd dead.
 */
TDREST_API TDREST_NODISCARD int tdrest_conn_ping(tdrest_conn *conn, const tdrest_call *call);

/**
 * Asks the server for its version.
 *
 * @param conn the connection.
 * @param call what this call does differently; NULL: nothing.
 * @param text receives the version, such as "3.3.6.9", terminated.
 * @param cap  bytes at text.
 * @return TDREST_OK or an error; the record is in conn.
 * Errors: as tdrest_query; TDREST_ERANGE (cap is too small; text then holds "").
 * Ownership: the caller's buffer.
 * Blocking: at most `timeout_ms`.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_conn_query_version(conn, NULL, text, sizeof text);
 */
TDREST_API TDREST_NODISCARD int tdrest_conn_query_version(tdrest_conn *conn, const tdrest_call *call, char *text, size_t cap);

/**
 * Ends the call that another thread is in, or that a signal handler interrupted, within 100 ms: it returns TDREST_ECANCELLED.
 * While a name lookup runs it ends at once where libcurl can do that, else when the lookup returns: tdrest_version() tells which.
 * The TCP connection is closed and the next call opens one. The server may still finish the statement.
 * Without a running call nothing happens, and nothing is remembered.
 *
 * @param conn the connection; it must not be freed meanwhile.
 * Errors: none.
 * Blocking: no.
 * Threads: any, and signal handlers: an atomic store and a write to a pipe.
 * Since: 0.1.0
 * Example: tdrest_conn_cancel(conn);
 */
TDREST_API void tdrest_conn_cancel(tdrest_conn *conn);

/**
 * The record of the last failed call on the connection: query, exec, ping.
 *
 * @param conn the connection, or NULL.
 * @return the record; code 0 when the last call did not fail. Never NULL.
 * Errors: none.
 * Ownership: borrowed from conn.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: fprintf(stderr, "%s\n", tdrest_conn_error(conn)->message);
 */
TDREST_API const tdrest_error *tdrest_conn_error(const tdrest_conn *conn);

/* ------------------------------------------------------------------------
 * 5  Query and result
 * ------------------------------------------------------------------------ */

/** The answer to one statement: a cursor over rows, read as they arrive. */
typedef struct tdrest_result tdrest_result;

/** Some rows as columns; see section 6. */
typedef struct tdrest_block tdrest_block;

/**
 * Sends one statement and waits until the columns of the answer are known.
 *
 * Comments are taken out before sending (hints behind SELECT stay). Refused before sending: text behind a `;`
 * (the server ignores it in silence), a NUL, unclosed quotes, statements longer than `max_sql_bytes`.
 * Read the result promptly: an open stream holds one of the few statements the server gives each user.
 *
 * @param conn the connection.
 * @param sql  one statement; the `;` at its end is optional.
 * @param len  its bytes, or TDREST_CSTR.
 * @param call what this call does differently; NULL: nothing.
 * @param out  receives the result.
 * @return TDREST_OK or an error; the record is in conn.
 * Errors: TDREST_EUSAGE (statement or call refused, with the byte offset), TDREST_EOPTION (a name in the call is malformed, or the server does
 *         not know the time zone), TDREST_EBUSY, TDREST_ECONNECT, TDREST_ETIMEOUT,
 *         TDREST_EAUTH, TDREST_EGATEWAY, TDREST_ENOTADAPTER, TDREST_ESERVER, TDREST_EANSWER, TDREST_ECANCELLED, TDREST_ENOMEM.
 * Ownership: the caller frees *out with tdrest_result_free, before or after conn.
 * Blocking: until the columns are known, at most `timeout_ms`.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_query(conn, "SELECT * FROM meters LIMIT 10", TDREST_CSTR, NULL, &res);
 * Source: only the first statement of a text runs on the server; an apostrophe in a comment changes later literals there.
 */
TDREST_API TDREST_NODISCARD int tdrest_query(tdrest_conn *conn, const char *sql, size_t len, const tdrest_call *call, tdrest_result **out);

/**
 * Sends one statement whose rows are not wanted, and waits for its end.
 *
 * @param conn     the connection.
 * @param sql      one statement, as for tdrest_query.
 * @param len      its bytes, or TDREST_CSTR.
 * @param call     what this call does differently; NULL: nothing.
 * @param affected receives the affected rows, -1 for a statement that answers with rows (they are not read); may be NULL.
 * @return TDREST_OK or an error; the record is in conn.
 * Errors: as tdrest_query.
 * Ownership: nothing is kept.
 * Blocking: until the answer is complete, at most `timeout_ms`.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_exec(conn, "INSERT INTO d1001 VALUES (NOW, 10.3, 219, 0.31)", TDREST_CSTR, NULL, &affected);
 */
TDREST_API TDREST_NODISCARD int tdrest_exec(tdrest_conn *conn, const char *sql, size_t len, const tdrest_call *call, int64_t *affected);

/**
 * How many columns the rows have.
 *
 * @param res the result, or NULL.
 * @return the number; 0 for INSERT, DDL and the like.
 * Errors: none.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: for (size_t i = 0; i < tdrest_result_column_count(res); i++) puts(tdrest_result_column(res, i)->name);
 */
TDREST_API size_t tdrest_result_column_count(const tdrest_result *res);

/** One column; see section 6. */
typedef struct tdrest_column tdrest_column;

/**
 * Name and type of a column.
 *
 * @param res   the result, or NULL.
 * @param index from 0.
 * @return the column; NULL when there is none of that index. Its data members describe the current block.
 * Errors: none.
 * Ownership: borrowed from res until it is freed.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: printf("%s\n", tdrest_type_name(tdrest_result_column(res, 0)->type));
 */
TDREST_API const tdrest_column *tdrest_result_column(const tdrest_result *res, size_t index);

/**
 * Finds a column by name, as the server spells it; the first of equal names.
 *
 * @param res  the result, or NULL.
 * @param name the name.
 * @return the index, or -1.
 * Errors: none.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: int at = tdrest_result_column_index(res, "current");
 */
TDREST_API int tdrest_result_column_index(const tdrest_result *res, const char *name);

/**
 * Goes to the next row.
 *
 * @param res the result.
 * @return TDREST_ROW: there is a row; TDREST_DONE: no more, the answer was complete; or an error, which stays.
 * Errors: TDREST_EUSAGE (detached from its connection), TDREST_ECONNECT, TDREST_ETIMEOUT, TDREST_ECANCELLED,
 *         TDREST_EANSWER (the answer is cut or damaged; rows given before were right), TDREST_ENOMEM.
 * Ownership: texts of the row before end here.
 * Blocking: until a row is there; at most `stall_timeout_ms` without a byte.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: while ((rc = tdrest_result_next(res)) == TDREST_ROW) rows++;
 */
TDREST_API TDREST_NODISCARD int tdrest_result_next(tdrest_result *res);

/**
 * Goes to the next block of rows: all that are there, at least one. Rows left of a block begun with
 * tdrest_result_next are passed over; mixing both is possible at block ends only.
 *
 * @param res the result.
 * @param out receives the block.
 * @return TDREST_ROW, TDREST_DONE or an error, as tdrest_result_next.
 * Errors: as tdrest_result_next.
 * Ownership: borrowed from res until its next `next`, `next_block` or free.
 * Blocking: as tdrest_result_next.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: while ((rc = tdrest_result_next_block(res, &block)) == TDREST_ROW) rows += tdrest_block_rows(block);
 */
TDREST_API TDREST_NODISCARD int tdrest_result_next_block(tdrest_result *res, const tdrest_block **out);

/**
 * Reads all rows that are left into memory, so that the connection is free for other calls while they are walked with
 * tdrest_result_next and tdrest_result_next_block, which then do not block. Memory grows with the result.
 *
 * @param res the result.
 * @return TDREST_OK: all is there; or an error, after which the rows read so far can be walked up to that error.
 * Errors: as tdrest_result_next.
 * Ownership: the rows belong to res; texts of the current row end here.
 * Blocking: until the answer is complete; at most `stall_timeout_ms` without a byte.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_result_store(res);
 */
TDREST_API TDREST_NODISCARD int tdrest_result_store(tdrest_result *res);

/**
 * The affected rows of INSERT, DELETE and the like.
 *
 * @param res the result, or NULL.
 * @return the number; 0 for DDL; -1 for a statement that answers with rows.
 * Errors: none.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: printf("%lld\n", (long long)tdrest_result_affected(res));
 * Source: rows of equal timestamp in one INSERT are merged by the server and count once. The server counts in 32 bits: the number is exact up to
 * 4294967295, and beyond that too small by a multiple of 4294967296.
 */
TDREST_API int64_t tdrest_result_affected(const tdrest_result *res);

/**
 * The time that the adapter says the statement took.
 *
 * @param res the result, or NULL.
 * @return nanoseconds, known after TDREST_DONE; -1 before, and when the server did not say.
 * Errors: none.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: printf("%lld ns\n", (long long)tdrest_result_timing(res));
 */
TDREST_API int64_t tdrest_result_timing(const tdrest_result *res);

/**
 * The record of the failure that ended the result.
 *
 * @param res the result, or NULL.
 * @return the record; code 0 when it did not fail. Never NULL.
 * Errors: none.
 * Ownership: borrowed from res.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: fprintf(stderr, "%s\n", tdrest_result_error(res)->message);
 */
TDREST_API const tdrest_error *tdrest_result_error(const tdrest_result *res);

/**
 * Frees a result. What is left of the answer is read for at most 64 KiB and 20 ms, so that the TCP connection
 * can be kept; else it is closed.
 *
 * @param res the result, or NULL.
 * Errors: none.
 * Blocking: at most 20 ms.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: tdrest_result_free(res);
 */
TDREST_API void tdrest_result_free(tdrest_result *res);

/*
 * The values of the current row. Each getter answers with a code alone and
 * formats nothing: TDREST_OK, TDREST_ENULL, TDREST_ETYPE (another type),
 * TDREST_ERANGE (does not fit), TDREST_EUSAGE (no current row, no such
 * column). On anything but TDREST_OK the outputs are 0, NULL, "".
 */

/**
 * Tells whether a value is NULL. NaN and infinity arrive as NULL over REST.
 *
 * @param res    the result.
 * @param column from 0.
 * @return 1 or 0; 1 when there is no row or no such column.
 * Errors: none.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: if (tdrest_result_is_null(res, 1)) puts("NULL");
 * Source: adapters before 3.3.8.4 break the answer at a NaN: TDREST_EANSWER.
 */
TDREST_API int tdrest_result_is_null(const tdrest_result *res, size_t column);

/**
 * Reads a BOOL.
 *
 * @param res    the result.
 * @param column from 0.
 * @param out    receives 1 or 0.
 * @return TDREST_OK or an error.
 * Errors: TDREST_ENULL, TDREST_ETYPE (not BOOL), TDREST_EUSAGE.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_result_bool(res, 1, &flag);
 */
TDREST_API int tdrest_result_bool(const tdrest_result *res, size_t column, int *out);

/**
 * Reads an integer of any width and sign.
 *
 * @param res    the result.
 * @param column from 0.
 * @param out    receives the value.
 * @return TDREST_OK or an error.
 * Errors: TDREST_ENULL, TDREST_ETYPE (not an integer type), TDREST_ERANGE (BIGINT UNSIGNED above INT64_MAX), TDREST_EUSAGE.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_result_int64(res, 1, &number);
 */
TDREST_API int tdrest_result_int64(const tdrest_result *res, size_t column, int64_t *out);

/**
 * Reads an integer of any width that is not negative.
 *
 * @param res    the result.
 * @param column from 0.
 * @param out    receives the value.
 * @return TDREST_OK or an error.
 * Errors: TDREST_ENULL, TDREST_ETYPE (not an integer type), TDREST_ERANGE (negative), TDREST_EUSAGE.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_result_uint64(res, 1, &unumber);
 */
TDREST_API int tdrest_result_uint64(const tdrest_result *res, size_t column, uint64_t *out);

/**
 * Reads a FLOAT, a DOUBLE, or an integer that a double holds exactly.
 *
 * @param res    the result.
 * @param column from 0.
 * @param out    receives the value; a FLOAT is widened.
 * @return TDREST_OK or an error.
 * Errors: TDREST_ENULL, TDREST_ETYPE, TDREST_ERANGE (an integer that would lose digits), TDREST_EUSAGE.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_result_double(res, 1, &amps);
 */
TDREST_API int tdrest_result_double(const tdrest_result *res, size_t column, double *out);

/** Units of a timestamp: fraction digits of a second. */
enum { TDREST_PRECISION_UNKNOWN = 0, TDREST_MS = 3, TDREST_US = 6, TDREST_NS = 9 };

/**
 * Reads a TIMESTAMP: units since 1970-01-01T00:00:00Z, leap seconds not counted. It never passes through a double.
 * Before 1972 a time zone other than UTC needs its zone file: without it such a row is TDREST_EANSWER (see docs/OPTIONS.md).
 *
 * @param res       the result.
 * @param column    from 0.
 * @param out       receives the value in the unit told by precision.
 * @param precision receives TDREST_MS, TDREST_US or TDREST_NS, one for the whole column; may be NULL.
 * @return TDREST_OK or an error.
 * Errors: TDREST_ENULL, TDREST_ETYPE, TDREST_EUSAGE.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_result_time(res, 0, &when, &precision);
 * Source: the precision is not in the answer's metadata; it is told by the fraction digits of the first value.
 */
TDREST_API int tdrest_result_time(const tdrest_result *res, size_t column, int64_t *out, int *precision);

/**
 * Reads any value as text: VARCHAR and NCHAR as they are (VARCHAR need not be UTF-8); TIMESTAMP as the server wrote it, or in UTC
 * when its offset had seconds, which the server cuts off (before 1972; see docs/OPTIONS.md);
 * numbers in the shortest form that reads back equal; BOOL as true or false; DECIMAL and JSON as sent;
 * VARBINARY, GEOMETRY and BLOB as lower-case hex; a column of unknown type as raw JSON.
 *
 * @param res    the result.
 * @param column from 0.
 * @param text   receives the text.
 * @param len    receives its bytes; may be NULL.
 * @return TDREST_OK or an error.
 * Errors: TDREST_ENULL, TDREST_EUSAGE, TDREST_ENOMEM (text other than VARCHAR, NCHAR, DECIMAL and JSON is made on demand).
 * Ownership: borrowed from res until the next row; all texts of a row stay valid together.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_result_text(res, 0, &ts, &n);
 */
TDREST_API int tdrest_result_text(tdrest_result *res, size_t column, const char **text, size_t *len);

/**
 * Reads the bytes of a VARBINARY, GEOMETRY (little-endian WKB), BLOB, VARCHAR or NCHAR.
 *
 * @param res    the result.
 * @param column from 0.
 * @param bytes  receives them.
 * @param len    receives their number.
 * @return TDREST_OK or an error.
 * Errors: TDREST_ENULL, TDREST_ETYPE, TDREST_EUSAGE.
 * Ownership: borrowed from res until the next row.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_result_bytes(res, 1, &bytes, &n);
 */
TDREST_API int tdrest_result_bytes(const tdrest_result *res, size_t column, const void **bytes, size_t *len);

/** A DECIMAL: (hi * 2^64 + lo) / 10^scale, hi carrying the sign (two's complement, 128 bits). */
typedef struct tdrest_decimal {
    uint64_t lo;
    int64_t hi;
    int32_t scale;    /**< digits behind the point */
    int32_t negative; /**< 1: written with a minus sign, also for -0.00 */
} tdrest_decimal;

/**
 * Reads a DECIMAL exactly; tdrest_result_text gives it as sent.
 *
 * @param res    the result.
 * @param column from 0.
 * @param out    receives the value.
 * @return TDREST_OK or an error.
 * Errors: TDREST_ENULL, TDREST_ETYPE, TDREST_ERANGE (beyond 127 bits), TDREST_EUSAGE.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_result_decimal(res, 1, &decimal);
 */
TDREST_API int tdrest_result_decimal(const tdrest_result *res, size_t column, tdrest_decimal *out);

/**
 * Reads a JSON value as JSON text.
 *
 * @param res    the result.
 * @param column from 0.
 * @param text   receives the text as sent.
 * @param len    receives its bytes; may be NULL.
 * @return TDREST_OK or an error.
 * Errors: TDREST_ENULL, TDREST_ETYPE (not JSON), TDREST_EUSAGE.
 * Ownership: borrowed from res until the next row.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_result_json(res, 1, &text_out, &n);
 * Source: the server does not escape the text of tag->'key'; where that breaks the answer it is TDREST_EANSWER. Select the whole tag.
 */
TDREST_API int tdrest_result_json(const tdrest_result *res, size_t column, const char **text, size_t *len);

/* ------------------------------------------------------------------------
 * 6  Columns and blocks
 * ------------------------------------------------------------------------ */

/** Types of columns; the numbers are TDengine's own. */
enum {
    TDREST_TYPE_UNKNOWN = 0, /**< a type name of a newer server: raw JSON text */
    TDREST_TYPE_BOOL = 1,
    TDREST_TYPE_TINYINT = 2,
    TDREST_TYPE_SMALLINT = 3,
    TDREST_TYPE_INT = 4,
    TDREST_TYPE_BIGINT = 5,
    TDREST_TYPE_FLOAT = 6,
    TDREST_TYPE_DOUBLE = 7,
    TDREST_TYPE_VARCHAR = 8, /**< also BINARY */
    TDREST_TYPE_TIMESTAMP = 9,
    TDREST_TYPE_NCHAR = 10,
    TDREST_TYPE_UTINYINT = 11,
    TDREST_TYPE_USMALLINT = 12,
    TDREST_TYPE_UINT = 13,
    TDREST_TYPE_UBIGINT = 14,
    TDREST_TYPE_JSON = 15,
    TDREST_TYPE_VARBINARY = 16,
    TDREST_TYPE_DECIMAL = 17,
    TDREST_TYPE_BLOB = 18,
    TDREST_TYPE_GEOMETRY = 20
};

/**
 * One column: what it is, and its values in the current block.
 *
 * values: native arrays, one element a row (uint8_t for BOOL; int8_t ... int64_t, uint8_t ... uint64_t, float,
 * double; int64_t for TIMESTAMP). NULL for the types of text and bytes: VARCHAR, NCHAR, VARBINARY, GEOMETRY, BLOB,
 * JSON, DECIMAL (as text) and UNKNOWN; these have row i at bytes + offset[i], length[i] bytes and a NUL behind.
 * validity: bit i & 7 of byte i >> 3 is 1 where row i has a value; elements of NULLs are 0; bits past the last row mean nothing.
 *
 * The same struct gives a column to a statement (tdrest_stmt_bind_column): either one of a block as it is, or one that the
 * program fills, beginning with TDREST_COLUMN or TDREST_TEXT_COLUMN. Then size, type, count and the arrays count, and precision of a
 * TIMESTAMP; validity may be NULL (no row is NULL), length too (row i then ends where offset[i + 1] begins), and no NULs behind texts are needed.
 */
struct tdrest_column {
    size_t size;            /**< of this struct, as the library knows it; it grows at the end */
    const char *name;       /**< as the server wrote it, cut there to 64 bytes */
    size_t name_len;
    const char *type_name;  /**< as the server wrote it: "INT UNSIGNED", "DECIMAL(18,6)" */
    int type;               /**< TDREST_TYPE_... */
    int precision;          /**< TIMESTAMP: TDREST_MS ..., UNKNOWN before the first value; DECIMAL: its digits */
    int scale;              /**< DECIMAL: digits behind the point */
    int64_t declared;       /**< length the server declared: bytes, for NCHAR characters */
    int64_t count;          /**< rows in the current block */
    const void *values;
    const uint8_t *validity;
    const uint32_t *offset;
    const uint32_t *length;
    const char *bytes;
    const int16_t *zone_min; /**< TIMESTAMP: minutes east of UTC that the server wrote, one a row; 0 where the offset had seconds (before 1972) */
};

/** Starts a column to be bound: native values. Set `precision` of a TIMESTAMP, and `validity` when there are NULLs. */
#define TDREST_COLUMN(type, values, count) \
    {sizeof(tdrest_column), NULL, 0, NULL, (type), 0, 0, 0, (count), (values), NULL, NULL, NULL, NULL, NULL}

/** Starts a column of texts or bytes to be bound: row i is at bytes + offset[i], length[i] bytes. */
#define TDREST_TEXT_COLUMN(type, bytes, offset, length, count) \
    {sizeof(tdrest_column), NULL, 0, NULL, (type), 0, 0, 0, (count), NULL, NULL, (offset), (length), (bytes), NULL}

/**
 * The SQL name of a type.
 *
 * @param type a TDREST_TYPE_ number.
 * @return "BIGINT UNSIGNED" and the like; "UNKNOWN" for other numbers.
 * Errors: none.
 * Ownership: static text.
 * Blocking: no.
 * Threads: any.
 * Since: 0.1.0
 * Example: puts(tdrest_type_name(TDREST_TYPE_UBIGINT));
 */
TDREST_API const char *tdrest_type_name(int type);

/**
 * The rows in a block.
 *
 * @param block the block, or NULL.
 * @return their number, at least 1; 0 for NULL.
 * Errors: none.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rows += tdrest_block_rows(block);
 */
TDREST_API int64_t tdrest_block_rows(const tdrest_block *block);

/**
 * One column of a block.
 *
 * @param block the block, or NULL.
 * @param index from 0.
 * @return the column with its values; NULL when there is none of that index.
 * Errors: none.
 * Ownership: borrowed from the block.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: const double *volts = (const double *)tdrest_block_column(block, 1)->values;
 */
TDREST_API const tdrest_column *tdrest_block_column(const tdrest_block *block, size_t index);

/* ------------------------------------------------------------------------
 * 7  SQL text
 * ------------------------------------------------------------------------ */

/** One statement of a script. */
typedef struct tdrest_sql_statement {
    size_t size;   /**< sizeof(tdrest_sql_statement), set by TDREST_SQL_STATEMENT_INIT; 0 is refused */
    size_t offset; /**< its first byte in the script, white space and comments before it left out */
    size_t len;    /**< its bytes, the `;` and white space and comments before that left out */
    int64_t line;  /**< of its first byte, from 1 */
    int closed;    /**< 1: a `;` ended it; 0: the script ended */
    int open;      /**< what the script's end cuts: one of ' " ` or * for a comment; 0: nothing */
} tdrest_sql_statement;

/** The start value of a tdrest_sql_statement. */
#define TDREST_SQL_STATEMENT_INIT {sizeof(tdrest_sql_statement), 0, 0, 0, 0, 0}

/**
 * Cuts a script into statements at its `;`, by the server's rules for quotes and comments. Empty statements, and those of comments
 * alone, are left out.
 *
 * @param script the text.
 * @param len    its bytes, or TDREST_CSTR; a long script is better measured once than at each call.
 * @param pos    where to go on, in bytes; 0 for the first call; moved behind the statement, on an error left as it is.
 * @param out    receives the statement. Begin with TDREST_SQL_STATEMENT_INIT and pass the same one each time: lines are counted on from it.
 * @return TDREST_ROW, TDREST_DONE at the end, or an error.
 * Errors: TDREST_EUSAGE (a quote or a comment is not closed: `open` tells which, `offset` and `line` its place, and with more text behind
 * the script the call can be repeated; script is NULL; out->size is 0).
 * Ownership: out refers to the script.
 * Blocking: no.
 * Threads: any.
 * Since: 0.1.0
 * Example: while (tdrest_sql_next(script, TDREST_CSTR, &pos, &st) == TDREST_ROW) printf("%.*s\n", (int)st.len, script + st.offset);
 * Source: a backslash takes the next byte along in '...' and "...", not in `...`; a doubled quote stands for one; comments do not nest.
 */
TDREST_API TDREST_NODISCARD int tdrest_sql_next(const char *script, size_t len, size_t *pos, tdrest_sql_statement *out);

/**
 * Finds the next placeholder, `?` or `:name`, as tdrest_stmt_new does: those within quotes and comments are none. A name, for
 * which a statement has no bind, is put in the place of its placeholder by the caller, as tdrest_quote_ident writes it.
 *
 * @param sql the statement, or several.
 * @param len its bytes, or TDREST_CSTR; a long text is better measured once than at each call.
 * @param pos where to go on, in bytes; 0 for the first call; moved behind the placeholder, on an error left as it is.
 * @param at  receives its first byte: it is the bytes from *at to *pos. On an error the place that is wrong.
 * @return TDREST_ROW, TDREST_DONE at the end, or an error.
 * Errors: TDREST_EUSAGE (a quote or a comment is not closed; a word touches a `?`; sql is NULL).
 * Ownership: nothing is kept.
 * Blocking: no.
 * Threads: any.
 * Since: 0.1.0
 * Example: while (tdrest_sql_next_param(script, TDREST_CSTR, &pos, &n) == TDREST_ROW) printf("%.*s\n", (int)(pos - n), script + n);
 * Source: as for tdrest_sql_next; a `:` has no meaning of its own in the server's SQL.
 */
TDREST_API TDREST_NODISCARD int tdrest_sql_next_param(const char *sql, size_t len, size_t *pos, size_t *at);

/** What a second run of a statement does. */
enum {
    TDREST_SQL_UNSAFE = 0,    /**< something else than the first, or that is not certain */
    TDREST_SQL_READ = 1,      /**< nothing: it only reads */
    TDREST_SQL_IDEMPOTENT = 2 /**< it writes what the first wrote, or finds that done */
};

/**
 * Tells whether a statement may be sent again when it is not known whether it ran. Only the few forms of which that is certain are told
 * apart; whatever else is TDREST_SQL_UNSAFE: other statements, several of them, placeholders, text the server would not take.
 *
 * READ: SELECT, SHOW, DESCRIBE, EXPLAIN of a query. IDEMPOTENT, unless NOW, TODAY or RAND stands in it: INSERT ... VALUES, INSERT INTO a SELECT *
 * FROM b and nothing more (another SELECT may read what the first run wrote), DELETE, CREATE ... IF NOT EXISTS, DROP ... IF EXISTS. A quoted
 * 'now' counts too: it is a time to a TIMESTAMP column and text to others. A repeat may still overwrite what someone else wrote meanwhile.
 *
 * @param sql one statement; the `;` at its end is optional.
 * @param len its bytes, or TDREST_CSTR.
 * @return TDREST_SQL_UNSAFE, TDREST_SQL_READ or TDREST_SQL_IDEMPOTENT.
 * Errors: none; NULL is TDREST_SQL_UNSAFE.
 * Blocking: no.
 * Threads: any.
 * Since: 0.1.0
 * Example: if (tdrest_sql_kind("DELETE FROM d1001", TDREST_CSTR) != TDREST_SQL_UNSAFE) puts("may be sent again");
 * Source: a row's key is its table and timestamp, and the last write wins.
 */
TDREST_API int tdrest_sql_kind(const char *sql, size_t len);

/**
 * Writes a text as an SQL string literal: '...' with the escapes the server knows.
 *
 * @param text   the bytes; need not be UTF-8.
 * @param len    their number, or TDREST_CSTR.
 * @param out    receives the literal with its NUL; may be NULL when cap is 0.
 * @param cap    bytes at out; 2 * len + 3 is always enough.
 * @param needed receives the literal's length; may be NULL.
 * @return TDREST_OK or an error.
 * Errors: TDREST_ERANGE (cap is too small; out then holds "", needed is told), TDREST_EBIND (a NUL, or a literal above 65,530 bytes), TDREST_EUSAGE (text is NULL).
 * Ownership: the caller's buffer.
 * Blocking: no.
 * Threads: any.
 * Since: 0.1.0
 * Example: rc = tdrest_quote_literal("it's", TDREST_CSTR, text, sizeof text, &n);
 * Source: a NUL ends the statement on the server in silence; it refuses, or silently cuts, longer literals.
 */
TDREST_API TDREST_NODISCARD int tdrest_quote_literal(const char *text, size_t len, char *out, size_t cap, size_t *needed);

/**
 * Writes a name as a quoted identifier: `...`, case kept.
 *
 * @param name   the name, without a dot; quote each part of `db.table` for itself.
 * @param len    its bytes, or TDREST_CSTR.
 * @param out    receives the identifier with its NUL; may be NULL when cap is 0.
 * @param cap    bytes at out; 2 * len + 3 is always enough.
 * @param needed receives the identifier's length; may be NULL.
 * @return TDREST_OK or an error.
 * Errors: TDREST_ERANGE (cap is too small; out then holds "", needed is told), TDREST_EBIND (empty, above 192 bytes, a NUL or a backslash), TDREST_EUSAGE (name is NULL).
 * Ownership: the caller's buffer.
 * Blocking: no.
 * Threads: any.
 * Since: 0.1.0
 * Example: rc = tdrest_quote_ident("my table", TDREST_CSTR, text, sizeof text, &n);
 * Source: over-long names crash the adapter; a backslash before the closing quote corrupts the rest of the statement there.
 */
TDREST_API TDREST_NODISCARD int tdrest_quote_ident(const char *name, size_t len, char *out, size_t cap, size_t *needed);

/* ------------------------------------------------------------------------
 * 8  Statements with parameters
 * ------------------------------------------------------------------------ */

/**
 * A statement with placeholders, `?` or `:name`, and the rows given to it. Placeholders are filled in by the library: HTTP has no
 * parameters, so every value becomes one SQL literal by the server's own rules, or is refused with TDREST_EBIND before anything is sent.
 *
 *     INSERT INTO ? USING meters TAGS (?, ?) VALUES (?, ?)
 *                 table                0  1          2  3
 *
 * Parameters are numbered from 0 in text order; the table's placeholder is none and is filled by tdrest_stmt_set_table. A `:name` that stands
 * again is the same parameter; every `?` is a new one. Placeholders within quotes and comments are none.
 *
 * An INSERT with one row in VALUES is sent for as many rows as are given: bind a row, tdrest_stmt_add_row, and so on, then tdrest_stmt_run.
 * Rows are grouped by table, in each in the order they came, and packed into requests of up to `max_sql_bytes`. Tags keep their value until it is changed; the values
 * of a row must be bound for each row. Any other statement (SELECT, DELETE, INSERT of another shape) is sent once per run or query, with the values
 * in their places; all of them keep their value until it is changed. A column bound to the placeholder of `IN (?)` becomes the list.
 *
 * Rows stay until a run succeeds, tdrest_stmt_drop_rows or tdrest_stmt_reset. After a run that failed, the next one sends what was not written, and once more what may
 * or may not have been written: the same table and time overwrite, so nothing is doubled (see tdrest_stmt_run for the exception).
 *
 * The statement uses its connection. When that is freed first, the statement is detached: calls that need the connection are TDREST_EUSAGE.
 */
typedef struct tdrest_stmt tdrest_stmt;

/** What a parameter stands for. */
enum {
    TDREST_PARAM_VALUE = 1,     /**< in the row of an INSERT: bound for each row */
    TDREST_PARAM_TAG = 2,       /**< in TAGS of an INSERT: kept until changed */
    TDREST_PARAM_EXPRESSION = 3 /**< anywhere else: kept until changed */
};

/** One parameter. */
typedef struct tdrest_param {
    size_t size;                 /**< of this struct, as the library knows it; it grows at the end */
    const char *name;            /**< of `:name`, without the colon; "" for `?` */
    int role;                    /**< TDREST_PARAM_... */
    const tdrest_column *column; /**< the column or tag it goes to, after tdrest_stmt_describe; NULL: not known */
} tdrest_param;

/** What became of a row in a run that failed. */
enum {
    TDREST_ROWS_NOT_WRITTEN = 0, /**< not sent, or refused before anything was written */
    TDREST_ROWS_WRITTEN = 1,     /**< the server said so */
    TDREST_ROWS_UNKNOWN = 2      /**< sent, and no answer tells: written, in part or not at all */
};

/** The last run of a statement that was sent in several requests. */
typedef struct tdrest_stmt_report {
    size_t size;       /**< of this struct, as the library knows it; it grows at the end */
    int64_t requests;  /**< that the rows needed */
    int64_t failed_at; /**< which of them failed, from 0; -1: none */
    int64_t rows;      /**< that the statement holds, written ones included; 0 after a success */
    int64_t affected;  /**< as the server counted them, over the requests that succeeded */
} tdrest_stmt_report;

/** Neighbouring rows with the same fate. */
typedef struct tdrest_row_range {
    size_t size;   /**< of this struct, as the library knows it; it grows at the end */
    int64_t first; /**< from 0, in the order of tdrest_stmt_add_row since the last success or reset */
    int64_t count;
    int state;     /**< TDREST_ROWS_... */
} tdrest_row_range;

/**
 * Makes a statement of a text. Does no network.
 *
 * @param conn the connection it will run on; a failure's record is here.
 * @param sql  one statement, as for tdrest_query, with placeholders.
 * @param len  its bytes, or TDREST_CSTR.
 * @param out  receives the statement.
 * @return TDREST_OK or an error.
 * Errors: TDREST_EUSAGE (what tdrest_query refuses; a placeholder where no value can stand; more than 32,766 of them; a name that stands for
 *         a tag and for a value; another number of values than of named columns or tags; each with its byte offset), TDREST_ENOMEM.
 * Ownership: the text is copied; the caller frees *out with tdrest_stmt_free.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_stmt_new(conn, "INSERT INTO ? USING meters TAGS(?,?) VALUES(?,?)", TDREST_CSTR, &stmt);
 * Source: the server's own placeholders work in its native protocol only.
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_new(tdrest_conn *conn, const char *sql, size_t len, tdrest_stmt **out);

/**
 * Frees a statement and the rows that it still holds.
 *
 * @param stmt the statement, or NULL.
 * Errors: none.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: tdrest_stmt_free(stmt);
 */
TDREST_API void tdrest_stmt_free(tdrest_stmt *stmt);

/**
 * How many parameters there are; the table's placeholder is none.
 *
 * @param stmt the statement, or NULL.
 * @return the number.
 * Errors: none.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: for (int i = 0; i < tdrest_stmt_param_count(stmt); i++) puts(tdrest_stmt_param(stmt, i)->name);
 */
TDREST_API int tdrest_stmt_param_count(const tdrest_stmt *stmt);

/**
 * One parameter: its name and what it stands for.
 *
 * @param stmt  the statement, or NULL.
 * @param index from 0.
 * @return the parameter; NULL when there is none of that index.
 * Errors: none.
 * Ownership: borrowed from stmt until it is freed; its column until the next tdrest_stmt_describe.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: if (tdrest_stmt_param(stmt, 0)->role == TDREST_PARAM_TAG) puts("a tag");
 */
TDREST_API const tdrest_param *tdrest_stmt_param(const tdrest_stmt *stmt, int index);

/**
 * Finds a parameter by name.
 *
 * @param stmt the statement, or NULL.
 * @param name the name as written behind the colon.
 * @return the index, or -1, which every bind refuses.
 * Errors: none.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_stmt_bind_double(stmt, tdrest_stmt_param_index(stmt, "current"), 10.3);
 */
TDREST_API int tdrest_stmt_param_index(const tdrest_stmt *stmt, const char *name);

/**
 * Says to which table the rows that follow go: fills the placeholder behind INTO. Rows already added stay with theirs.
 *
 * @param stmt the statement.
 * @param name the table's name as it is, capitals kept, without quotes and database; write `INTO mydb.?` for one of another database.
 * @param len  its bytes, or TDREST_CSTR.
 * @return TDREST_OK or an error; then no table is set.
 * Errors: TDREST_EBIND (empty, above 192 bytes, a dot, a backslash or a NUL), TDREST_EUSAGE (the statement has no placeholder for a table; name is NULL), TDREST_ENOMEM.
 * Ownership: the name is copied.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_stmt_set_table(stmt, "d1001", TDREST_CSTR);
 * Source: over-long names crash the adapter; a dot cannot stand in a table's name.
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_set_table(tdrest_stmt *stmt, const char *name, size_t len);

/**
 * States the precision of the database that times go to. They are then sent as integers: shorter, over the full range, and checked for
 * digits that the database would cut off. A wrong statement means wrong times; tdrest_stmt_describe asks the server instead.
 * Unstated, times are sent as text in UTC, which every database reads alike, but for digits that it cuts off. Values already bound and rows already added stay as they are.
 *
 * @param stmt      the statement.
 * @param precision TDREST_MS, TDREST_US or TDREST_NS; TDREST_PRECISION_UNKNOWN: unstated again.
 * @return TDREST_OK or an error.
 * Errors: TDREST_EUSAGE (another number).
 * Ownership: nothing is kept.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_stmt_set_precision(stmt, TDREST_MS);
 * Source: bare integers are counted in the database's precision.
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_set_precision(tdrest_stmt *stmt, int precision);

/**
 * Asks the server for the columns and tags that an INSERT goes to, and for the precision of the database, once: from then on values are
 * checked against them when they are bound, those of columns when they are added. Repeated calls ask nothing, until another table is set whose columns
 * are its own (a placeholder without USING): then the next call asks anew, and till then what is known goes on to hold.
 *
 * @param stmt the statement; when its table is a placeholder without USING, a table must be set.
 * @param call what this call does differently; NULL: nothing.
 * @return TDREST_OK or an error.
 * Errors: as tdrest_query; TDREST_EUSAGE (not an INSERT with one row of VALUES; no table set), TDREST_EBIND (the statement names a column that is not there, or
 *         has another number of values).
 * Ownership: what was learnt belongs to stmt.
 * Blocking: at most `timeout_ms` for each of two statements.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_stmt_describe(stmt, NULL);
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_describe(tdrest_stmt *stmt, const tdrest_call *call);

/*
 * Binding values. Each call fills one parameter, by its index, and copies the value. What cannot be written as a literal of the server, or does
 * not fit the described column, is TDREST_EBIND and leaves the parameter unbound; the message names the parameter and what was
 * expected, never the value. TDREST_EUSAGE: no such parameter, or NULL for a pointer.
 */

/**
 * Binds NULL.
 *
 * @param stmt  the statement.
 * @param index of the parameter, from 0.
 * @return TDREST_OK or an error.
 * Errors: TDREST_EBIND (the first column of a table, its time; a table's name), TDREST_EUSAGE, TDREST_ENOMEM.
 * Ownership: nothing is kept.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_stmt_bind_null(stmt, 3);
 * Source: of rows with equal time in one request, a NULL does not erase the value of an earlier one.
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_bind_null(tdrest_stmt *stmt, int index);

/**
 * Binds a BOOL.
 *
 * @param stmt  the statement.
 * @param index of the parameter, from 0.
 * @param value 0 is false, all else true.
 * @return TDREST_OK or an error.
 * Errors: TDREST_EBIND (another column type is known), TDREST_EUSAGE, TDREST_ENOMEM.
 * Ownership: the value is copied.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_stmt_bind_bool(stmt, 3, 1);
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_bind_bool(tdrest_stmt *stmt, int index, int value);

/**
 * Binds an integer, for a column of any integer type. Times are bound with tdrest_stmt_bind_time.
 *
 * @param stmt  the statement.
 * @param index of the parameter, from 0.
 * @param value the number.
 * @return TDREST_OK or an error.
 * Errors: TDREST_EBIND (outside the known column's range, or another type; the time of a row), TDREST_EUSAGE, TDREST_ENOMEM.
 * Ownership: the value is copied.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_stmt_bind_int64(stmt, 0, 2);
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_bind_int64(tdrest_stmt *stmt, int index, int64_t value);

/**
 * Binds an integer up to 18446744073709551615, for BIGINT UNSIGNED.
 *
 * @param stmt  the statement.
 * @param index of the parameter, from 0.
 * @param value the number.
 * @return TDREST_OK or an error.
 * Errors: as tdrest_stmt_bind_int64.
 * Ownership: the value is copied.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_stmt_bind_uint64(stmt, 3, UINT64_MAX);
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_bind_uint64(tdrest_stmt *stmt, int index, uint64_t value);

/**
 * Binds a DOUBLE: every finite value arrives as it is.
 *
 * @param stmt  the statement.
 * @param index of the parameter, from 0.
 * @param value the number.
 * @return TDREST_OK or an error.
 * Errors: TDREST_EBIND (NaN or infinite; beyond the range of a known FLOAT; another column type is known), TDREST_EUSAGE, TDREST_ENOMEM.
 * Ownership: the value is copied.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_stmt_bind_double(stmt, 3, 10.3);
 * Source: the server refuses NaN and infinity in every spelling, and subnormal numbers unless they are quoted hexadecimal.
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_bind_double(tdrest_stmt *stmt, int index, double value);

/**
 * Binds a FLOAT, in the shortest text that the server makes the same FLOAT of. For a DOUBLE column that is not known, use
 * tdrest_stmt_bind_double: 10.3f arrives there as 10.3.
 *
 * @param stmt  the statement.
 * @param index of the parameter, from 0.
 * @param value the number.
 * @return TDREST_OK or an error.
 * Errors: TDREST_EBIND (NaN or infinite; another column type is known), TDREST_EUSAGE, TDREST_ENOMEM.
 * Ownership: the value is copied.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_stmt_bind_float(stmt, 3, 10.3f);
 * Source: the server reads a FLOAT as a double, checks its range and casts it.
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_bind_float(tdrest_stmt *stmt, int index, float value);

/**
 * Binds a TIMESTAMP: units since 1970-01-01T00:00:00Z.
 *
 * @param stmt      the statement.
 * @param index     of the parameter, from 0.
 * @param value     the number of units.
 * @param precision the unit: TDREST_MS, TDREST_US or TDREST_NS.
 * @return TDREST_OK or an error.
 * Errors: TDREST_EBIND (another precision; with the database's precision known: digits it would cut off, beyond its range, or as the first column of a
 *         table after 2970-01-01, in nanoseconds 2262-01-01; with it unknown: before 1677-09-21 or after 2262-04-11, or within the second before 1970), TDREST_EUSAGE, TDREST_ENOMEM.
 * Ownership: the value is copied.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_stmt_bind_time(stmt, 2, 1704164645123, TDREST_MS);
 * Source: a database of nanoseconds wraps later and earlier texts in silence; the text of 1969-12-31T23:59:59Z is refused.
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_bind_time(tdrest_stmt *stmt, int index, int64_t value, int precision);

/**
 * Binds a TIMESTAMP written as text with its zone: 2024-01-02T03:04:05.123Z; a blank for T, and +08:00, +0800 or +08 for Z are fine.
 *
 * @param stmt  the statement.
 * @param index of the parameter, from 0.
 * @param text  the time, at most nine digits behind the point.
 * @param len   its bytes, or TDREST_CSTR.
 * @return TDREST_OK or an error.
 * Errors: TDREST_EBIND (another form, no zone, a day or time that does not exist; as tdrest_stmt_bind_time), TDREST_EUSAGE, TDREST_ENOMEM.
 * Ownership: the value is copied.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_stmt_bind_time_text(stmt, 2, "2024-01-02T03:04:05.123Z", TDREST_CSTR);
 * Source: the server makes 1 March of 29 February 2023, and 1969-12-31T23:59:59Z of a local time that a change of clocks skips.
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_bind_time_text(tdrest_stmt *stmt, int index, const char *text, size_t len);

/**
 * Binds a text for VARCHAR (BINARY): any bytes but NUL, UTF-8 or not. For a known NCHAR it must be UTF-8.
 *
 * @param stmt  the statement.
 * @param index of the parameter, from 0.
 * @param text  the text.
 * @param len   its bytes, or TDREST_CSTR.
 * @return TDREST_OK or an error.
 * Errors: TDREST_EBIND (a NUL; a literal above 65,530 bytes, escapes included; longer than the known column; another type), TDREST_EUSAGE, TDREST_ENOMEM.
 * Ownership: the text is copied.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_stmt_bind_text(stmt, 1, "California.SanFrancisco", TDREST_CSTR);
 * Source: a NUL ends the statement on the server in silence; longer literals are refused, or cut in silence.
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_bind_text(tdrest_stmt *stmt, int index, const char *text, size_t len);

/**
 * Binds bytes for VARCHAR (BINARY), as tdrest_stmt_bind_text does; for VARBINARY and BLOB see tdrest_stmt_bind_varbinary.
 *
 * @param stmt  the statement.
 * @param index of the parameter, from 0.
 * @param bytes the bytes; may be NULL when len is 0.
 * @param len   their number.
 * @return TDREST_OK or an error.
 * Errors: as tdrest_stmt_bind_text.
 * Ownership: the bytes are copied.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_stmt_bind_bytes(stmt, 1, "\xff\xfe", 2);
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_bind_bytes(tdrest_stmt *stmt, int index, const void *bytes, size_t len);

/**
 * Binds a text for NCHAR, in UTF-8.
 *
 * @param stmt  the statement.
 * @param index of the parameter, from 0.
 * @param text  the text.
 * @param len   its bytes, or TDREST_CSTR.
 * @return TDREST_OK or an error.
 * Errors: as tdrest_stmt_bind_text; TDREST_EBIND (not UTF-8: surrogates, overlong forms and code points above U+10FFFF included).
 * Ownership: the text is copied.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_stmt_bind_nchar(stmt, 1, "\xe6\xb8\xa9\xe5\xba\xa6", TDREST_CSTR);
 * Source: the server stores U+FFFD for code points above U+10FFFF.
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_bind_nchar(tdrest_stmt *stmt, int index, const char *text, size_t len);

/**
 * Binds a JSON tag: one flat object of texts, numbers, true, false and null.
 *
 * @param stmt  the statement.
 * @param index of the parameter, from 0.
 * @param text  the JSON, at most 4,095 bytes.
 * @param len   its bytes, or TDREST_CSTR.
 * @return TDREST_OK or an error.
 * Errors: TDREST_EBIND (no object, an empty one, nested or broken; a key that is empty, doubled, above 256 bytes or not printable ASCII; a number of 1e50 or
 *         more, or with more than 15 digits that count; \u0000), TDREST_EUSAGE, TDREST_ENOMEM.
 * Ownership: the text is copied.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_stmt_bind_json(stmt, 0, "{\"location\":\"SF\",\"group\":2}", TDREST_CSTR);
 * Source: a number of 1e54 and more kills the server, again at each of its starts; it gives 15 digits back; of a doubled key the first one counts.
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_bind_json(tdrest_stmt *stmt, int index, const char *text, size_t len);

/**
 * Binds a DECIMAL written in digits, such as -123.4500.
 *
 * @param stmt  the statement.
 * @param index of the parameter, from 0.
 * @param text  an optional minus, digits, and optionally a point and digits.
 * @param len   its bytes, or TDREST_CSTR.
 * @return TDREST_OK or an error.
 * Errors: TDREST_EBIND (another form; more than 38 digits; digits that the known column would round or cannot hold), TDREST_EUSAGE, TDREST_ENOMEM.
 * Ownership: the text is copied.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_stmt_bind_decimal_text(stmt, 3, "-123.4500", TDREST_CSTR);
 * Source: the server makes 0 of texts that are no number, and rounds digits beyond the scale.
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_bind_decimal_text(tdrest_stmt *stmt, int index, const char *text, size_t len);

/**
 * Binds bytes for VARBINARY or BLOB; NULs are fine.
 *
 * @param stmt  the statement.
 * @param index of the parameter, from 0.
 * @param bytes the bytes; may be NULL when len is 0.
 * @param len   their number.
 * @return TDREST_OK or an error.
 * Errors: TDREST_EBIND (longer than the known column, or another type; in an expression, above 32,763 bytes), TDREST_EUSAGE, TDREST_ENOMEM.
 * Ownership: the bytes are copied.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_stmt_bind_varbinary(stmt, 3, "\0\xff", 2);
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_bind_varbinary(tdrest_stmt *stmt, int index, const void *bytes, size_t len);

/**
 * Binds a GEOMETRY as well-known text: POINT, LINESTRING, POLYGON and the MULTI forms of two, with two coordinates each.
 *
 * @param stmt  the statement.
 * @param index of the parameter, from 0.
 * @param text  the well-known text; or well-known binary, as tdrest_result_bytes gives it: it is written back as text.
 * @param len   its bytes, or TDREST_CSTR.
 * @return TDREST_OK or an error.
 * Errors: TDREST_EBIND (another form; a line of one point; a ring that is not closed; a third coordinate, which the server drops; EMPTY; larger than the
 *         known column), TDREST_EUSAGE, TDREST_ENOMEM.
 * Ownership: the text is copied.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_stmt_bind_geometry_wkt(stmt, 3, "POINT(1.5 -2)", TDREST_CSTR);
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_bind_geometry_wkt(tdrest_stmt *stmt, int index, const char *text, size_t len);

/**
 * Binds many values to one parameter at once: a column of a block as it was read, or one made with TDREST_COLUMN or TDREST_TEXT_COLUMN.
 *
 * In the row of an INSERT these are many rows. All columns bound for the next tdrest_stmt_add_row or tdrest_stmt_run have equally many; a value bound
 * otherwise is the same in all of them.
 *
 * Where the placeholder stands alone in the brackets of IN or NOT IN, the column becomes the list:
 *
 *     SELECT * FROM d1001 WHERE voltage IN (?)         SELECT * FROM meters WHERE tbname NOT IN (:tables)
 *
 * A statement with one value bound to it is `IN (value)`. The list is made at once, and kept until the parameter is bound anew. It has at
 * least one value and no NULL: with one, NOT IN finds no row at all.
 *
 * @param stmt   the statement.
 * @param index  of the parameter, from 0.
 * @param column type, values and count. GEOMETRY: bytes as read (WKB), or well-known text; the other types of text as the bind of their name.
 * @return TDREST_OK or an error.
 * Errors: TDREST_EBIND (TIMESTAMP without precision; UNKNOWN as type; for IN: no value, a NULL, a value that cannot be written, with its row),
 *         TDREST_EUSAGE (a size that no version has, an array that is NULL, a parameter for a single value). In rows, what is
 *         wrong with single values, and with their type for a known column, is told when they are added, with the row.
 * Ownership: the struct is copied; the arrays are copied for IN, and for rows borrowed until these were added, by tdrest_stmt_add_row or
 *         tdrest_stmt_run, or the parameter is bound anew.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_stmt_bind_column(stmt, 2, tdrest_block_column(block, 0));
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_bind_column(tdrest_stmt *stmt, int index, const tdrest_column *column);

/**
 * Takes what is bound as a row, or as all rows of the bound columns, of the table and tags set at that time. Nothing is sent.
 * The values of the row are then unbound; table and tags stay.
 *
 * @param stmt the statement: an INSERT with one row of VALUES.
 * @return TDREST_OK; TDREST_FULL: taken, and rows and clauses of tables now have `batch_bytes` or more: run before adding more; or an error: nothing was taken, all stays bound.
 * Errors: TDREST_EBIND (a parameter or the table is not bound; no value is a time, although each row has one: bind it with tdrest_stmt_bind_time or as a
 *         TIMESTAMP column; a value of a column cannot be written, with its row; a row longer than `max_sql_bytes`),
 *         TDREST_EUSAGE (another kind of statement; columns with different numbers of rows; the connection is freed), TDREST_ENOMEM.
 * Ownership: rows are copied.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: if (tdrest_stmt_add_row(stmt) == TDREST_FULL) rc = tdrest_stmt_run(stmt, NULL, &affected);
 * Source: rows of one table with equal time in one request are merged: later values win, a NULL does not erase. NOW in the statement's text is such a time.
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_add_row(tdrest_stmt *stmt);

/**
 * Takes rows away that were added and not yet written, or whose fate needs no account any more: one that the server refuses would keep all
 * others from being written. Nothing is sent.
 *
 * Rows are counted as in tdrest_row_range. Those behind the dropped ones move up: they keep their order and their fate, and the next run sends
 * them as before. Written rows may be dropped too, which only forgets them. tdrest_stmt_report keeps what it says of the last run; its
 * `rows` is what is left. When rows of several ranges go, drop the last range first, so that the numbers of the others hold. What is bound stays bound.
 *
 * @param stmt  the statement.
 * @param first the first row to go, from 0.
 * @param count how many; 0 drops none.
 * @return TDREST_OK or an error; then none is dropped.
 * Errors: TDREST_EUSAGE (not within the rows that the statement holds).
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.2.0
 * Example: if (tdrest_stmt_error(stmt)->row >= 0) rc = tdrest_stmt_drop_rows(stmt, tdrest_stmt_error(stmt)->row, 1);
 * Source: the server refuses a request as a whole for one bad row.
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_drop_rows(tdrest_stmt *stmt, int64_t first, int64_t count);

/**
 * Sends the statement. For an INSERT of rows: what is bound and not yet added is added first, then all rows go out, in as many requests as they
 * need; without any row nothing is sent. Any other statement is sent once; rows that it answers with are not read.
 *
 * When the server refuses a row and its message tells which, the record's `row` is that row: tdrest_stmt_drop_rows takes it away, and the next run sends the
 * others. The server quotes what it refuses, so this holds where that stands once in the request and no backslash is in it; a value that is too long
 * is never told. tdrest_stmt_describe finds such values before anything is sent, with row and column.
 *
 * A failure leaves the rows in place: tdrest_stmt_get_report and tdrest_stmt_get_range tell what became of them, and the next run goes on with all that
 * are not TDREST_ROWS_WRITTEN. Rows whose fate is unknown and whose time is NOW or TODAY would be doubled: then it is refused (TDREST_EUSAGE) until
 * they are dropped or tdrest_stmt_reset. The statement's own text may say so, quoted too, or a bound text where the columns are named and not described.
 *
 * @param stmt     the statement.
 * @param call     what each request does differently; its times are for each of them. NULL: nothing.
 * @param affected receives the affected rows of all requests of this run, -1 for a statement that answers with rows; may be NULL.
 * @return TDREST_OK or an error; the record is in stmt.
 * Errors: as tdrest_query and tdrest_stmt_add_row.
 * Ownership: nothing is kept.
 * Blocking: until all answers are complete, at most `timeout_ms` for each request.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_stmt_run(stmt, NULL, &affected);
 * Source: the server parses the whole text before it writes anything; what it writes then may be written in part.
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_run(tdrest_stmt *stmt, const tdrest_call *call, int64_t *affected);

/**
 * Sends the statement and waits until the columns of the answer are known, as tdrest_query does.
 *
 * @param stmt the statement: not an INSERT of rows.
 * @param call what this call does differently; NULL: nothing.
 * @param out  receives the result.
 * @return TDREST_OK or an error; the record is in stmt.
 * Errors: as tdrest_query; TDREST_EBIND (a parameter is not bound), TDREST_EUSAGE (an INSERT of rows: run it).
 * Ownership: the caller frees *out with tdrest_result_free; it does not depend on stmt.
 * Blocking: until the columns are known, at most `timeout_ms`.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_stmt_query(stmt, NULL, &res);
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_query(tdrest_stmt *stmt, const tdrest_call *call, tdrest_result **out);

/**
 * Forgets rows, bound values, tags, table and the report of the last run. What tdrest_stmt_describe learnt and a stated precision stay.
 *
 * @param stmt the statement, or NULL.
 * Errors: none.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: tdrest_stmt_reset(stmt);
 */
TDREST_API void tdrest_stmt_reset(tdrest_stmt *stmt);

/**
 * The affected rows of the last run, also of one that failed on its way.
 *
 * @param stmt the statement, or NULL.
 * @return their number over the requests that succeeded; -1 when the last run answered with rows, or there was none.
 * Errors: none.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: printf("%lld\n", (long long)tdrest_stmt_affected(stmt));
 */
TDREST_API int64_t tdrest_stmt_affected(const tdrest_stmt *stmt);

/**
 * How far the last run got.
 *
 * @param stmt the statement.
 * @return the report; never NULL. Before the first run: no request, none failed.
 * Errors: none.
 * Ownership: borrowed from stmt until its next run or reset.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: printf("request %lld of %lld\n", (long long)tdrest_stmt_get_report(stmt)->failed_at + 1, (long long)tdrest_stmt_get_report(stmt)->requests);
 */
TDREST_API const tdrest_stmt_report *tdrest_stmt_get_report(const tdrest_stmt *stmt);

/**
 * What became of the rows: all that the statement holds, in ranges of neighbours with the same fate, first to last.
 *
 * @param stmt  the statement.
 * @param index from 0; asked for in rising order, each costs its own rows only.
 * @return the range; NULL when there is none of that index.
 * Errors: none.
 * Ownership: borrowed from stmt until the next call on it.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: for (size_t i = 0; (range = tdrest_stmt_get_range(stmt, i)) != NULL; i++) printf("%lld rows\n", (long long)range->count);
 */
TDREST_API const tdrest_row_range *tdrest_stmt_get_range(tdrest_stmt *stmt, size_t index);

/**
 * The record of the last failed call on the statement.
 *
 * @param stmt the statement, or NULL.
 * @return the record; code 0 when the last call did not fail. `column` is the parameter, `row` counts as tdrest_row_range does. Never NULL.
 * Errors: none.
 * Ownership: borrowed from stmt.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: fprintf(stderr, "%s\n", tdrest_stmt_error(stmt)->message);
 */
TDREST_API const tdrest_error *tdrest_stmt_error(const tdrest_stmt *stmt);

/* ------------------------------------------------------------------------
 * 9  Schemaless writing
 * ------------------------------------------------------------------------ */

/** Protocols of tdrest_write; the numbers are TDengine's own. */
enum {
    TDREST_PROTOCOL_LINE = 1,   /**< InfluxDB lines: measurement,tag=v field=v time */
    TDREST_PROTOCOL_TELNET = 2, /**< OpenTSDB telnet lines: [put ]metric time value tag=v */
    TDREST_PROTOCOL_JSON = 3    /**< OpenTSDB JSON: a point as an object, or an array of points */
};

/** Units of the times in InfluxDB lines, besides TDREST_MS, TDREST_US and TDREST_NS. */
enum { TDREST_SECOND = -1, TDREST_MINUTE = -2, TDREST_HOUR = -3 };

/**
 * How far the last tdrest_write of a connection came. Lines are counted from the first one, comments and blank ones too; of JSON these are points.
 * First come those that are written, then those of the request that failed, then those never sent.
 */
typedef struct tdrest_written {
    size_t size;          /**< of this struct, as the library knows it; it grows at the end */
    int64_t requests;     /**< that succeeded */
    int64_t lines;        /**< that are written */
    int64_t failed_lines; /**< in the request that failed */
    int64_t unsent_lines; /**< never sent */
    size_t bytes;         /**< of the data in front of the first line that is not written: a caller goes on there (JSON: with a `[` before it) */
    size_t failed_bytes;  /**< of the data that the failed lines take; those never sent are behind it */
    int failed_unknown;   /**< 1: failed lines may be written, all or some; 0: none is */
} tdrest_written;

/**
 * Writes lines or points; tables and columns that are missing are made by the server.
 *
 * Data above `batch_bytes` goes in several requests, cut at line ends (JSON: between the points of the array) and sent in order; the first one
 * that fails ends the call. tdrest_conn_get_written tells how far it came. The server writes none of a request in which it finds a bad line,
 * and says nothing of how many it wrote. The record's `repeat` tells whether the whole call may be sent again: what was or may
 * be written must carry its times for that, as the server takes its own clock for lines without, or with 0.
 *
 * @param conn      the connection; its database, or that of call, must be set.
 * @param protocol  a TDREST_PROTOCOL_ number.
 * @param precision unit of the times in TDREST_PROTOCOL_LINE: TDREST_HOUR, _MINUTE, _SECOND, _MS, _US, _NS; 0 for the other two, where ten
 *                  digits are seconds and thirteen milliseconds.
 * @param data      the lines, or one JSON text.
 * @param len       its bytes, or TDREST_CSTR.
 * @param call      what this call does differently; NULL: nothing. Its req_id goes with every request.
 * @return TDREST_OK: all is written; or an error, the record is in conn.
 * Errors: TDREST_EUSAGE (wrong protocol, precision or call; no database; data without a single line, with a NUL, or broken JSON, with
 *         the byte offset; nothing was sent), TDREST_ESERVER (mostly of class SchemalessError), else as tdrest_query.
 * Ownership: nothing is kept.
 * Blocking: at most `timeout_ms` for all requests together.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_write(conn, TDREST_PROTOCOL_LINE, TDREST_MS, "meters,location=SF current=11.8 1700000000000", TDREST_CSTR, NULL);
 * Source: empty input succeeds at two of the three endpoints; an unknown word for a precision, `us` among them, is taken for nanoseconds there.
 */
TDREST_API TDREST_NODISCARD int tdrest_write(tdrest_conn *conn, int protocol, int precision, const char *data, size_t len,
                                             const tdrest_call *call);

/**
 * How far the last tdrest_write came.
 *
 * @param conn the connection, or NULL.
 * @return the report; all 0 before the first call, and when the last one refused its arguments or data. Never NULL.
 * Errors: none.
 * Ownership: borrowed from conn until its next tdrest_write.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: printf("%lld lines are written\n", (long long)tdrest_conn_get_written(conn)->lines);
 */
TDREST_API const tdrest_written *tdrest_conn_get_written(const tdrest_conn *conn);

/**
 * A builder of InfluxDB lines: escapes what the grammar has escapes for, and refuses what cannot be written or would be read as something else.
 * A line is begun with tdrest_lines_add_measurement, gets tags, then fields, perhaps a time, and is ended with tdrest_lines_end. What is wrong
 * with it may be looked at there once: after a failure the other calls for the line do nothing and answer the same, and the line is dropped.
 */
typedef struct tdrest_lines tdrest_lines;

/**
 * Makes a builder.
 *
 * @param allocator for this object; NULL: malloc and free.
 * @param out       receives the object.
 * @return TDREST_OK or an error.
 * Errors: TDREST_EUSAGE (allocator with a size that no version has, such as 0, or a member missing), TDREST_ENOMEM.
 * Ownership: the caller frees *out with tdrest_lines_free; the allocator struct is copied.
 * Blocking: no.
 * Threads: any.
 * Since: 0.1.0
 * Example: rc = tdrest_lines_new(NULL, &lines);
 */
TDREST_API TDREST_NODISCARD int tdrest_lines_new(const tdrest_allocator *allocator, tdrest_lines **out);

/**
 * Frees a builder and its lines.
 *
 * @param lines the builder, or NULL.
 * Errors: none.
 * Blocking: no.
 * Threads: one per builder.
 * Since: 0.1.0
 * Example: tdrest_lines_free(lines);
 */
TDREST_API void tdrest_lines_free(tdrest_lines *lines);

/**
 * Forgets all lines, keeps the memory.
 *
 * @param lines the builder.
 * Errors: none.
 * Blocking: no.
 * Threads: one per builder.
 * Since: 0.1.0
 * Example: tdrest_lines_reset(lines);
 */
TDREST_API void tdrest_lines_reset(tdrest_lines *lines);

/**
 * Begins a line.
 *
 * @param lines the builder; no line may be open.
 * @param name  of the supertable: 1 to 192 bytes of UTF-8, no control characters, no `#` or white space at its begin, no backslash at its end
 *              or before `,` `=`, a blank or another backslash. The server makes `_` of dots in it.
 * @return TDREST_OK or an error; the record is in lines.
 * Errors: TDREST_EBIND (not such a name), TDREST_EUSAGE (NULL, or a line is open), TDREST_ENOMEM.
 * Ownership: the name is copied.
 * Blocking: no.
 * Threads: one per builder.
 * Since: 0.1.0
 * Example: rc = tdrest_lines_add_measurement(lines, "meters");
 * Source: in names and tags the server reads two backslashes as one; a line with `#` in front is a comment.
 */
TDREST_API int tdrest_lines_add_measurement(tdrest_lines *lines, const char *name);

/**
 * Adds a tag, which the server keeps as NCHAR.
 *
 * @param lines the builder; the line must have no field yet.
 * @param key   1 to 64 bytes, as in a measurement's name but for its begin; no other tag or field of the line may have it.
 * @param value UTF-8, not empty, no control characters, no backslash at its end or before `,` `=`, a blank or another backslash. Leave a tag without value out.
 * @param len   its bytes, or TDREST_CSTR.
 * @return TDREST_OK or an error; the record is in lines.
 * Errors: TDREST_EBIND (no such key or value, the key twice), TDREST_EUSAGE (NULL, no line is open, or it has fields), TDREST_ENOMEM.
 * Ownership: both are copied.
 * Blocking: no.
 * Threads: one per builder.
 * Since: 0.1.0
 * Example: rc = tdrest_lines_add_tag(lines, "location", "San Francisco", TDREST_CSTR);
 * Source: an empty tag value is refused by the server.
 */
TDREST_API int tdrest_lines_add_tag(tdrest_lines *lines, const char *key, const char *value, size_t len);

/**
 * Adds a DOUBLE field.
 *
 * @param lines the builder.
 * @param key   as for tdrest_lines_add_tag.
 * @param value finite.
 * @return TDREST_OK or an error; the record is in lines.
 * Errors: TDREST_EBIND (no such key, the key twice, NaN or infinite), TDREST_EUSAGE (NULL, or no line is open), TDREST_ENOMEM.
 * Ownership: the key is copied.
 * Blocking: no.
 * Threads: one per builder.
 * Since: 0.1.0
 * Example: rc = tdrest_lines_add_double(lines, "phase", 0.31);
 * Source: NaN and infinity are stored, read back as NULL, and break the answers of adapters before 3.3.8.4.
 */
TDREST_API int tdrest_lines_add_double(tdrest_lines *lines, const char *key, double value);

/**
 * Adds a FLOAT field.
 *
 * @param lines the builder.
 * @param key   as for tdrest_lines_add_tag.
 * @param value finite.
 * @return TDREST_OK or an error; the record is in lines.
 * Errors: as tdrest_lines_add_double.
 * Ownership: the key is copied.
 * Blocking: no.
 * Threads: one per builder.
 * Since: 0.1.0
 * Example: rc = tdrest_lines_add_float(lines, "current", 10.3f);
 * Source: the server reads the text as a double and casts it.
 */
TDREST_API int tdrest_lines_add_float(tdrest_lines *lines, const char *key, float value);

/**
 * Adds an integer field of the width of a column that is there already.
 *
 * @param lines the builder.
 * @param key   as for tdrest_lines_add_tag.
 * @param type  TDREST_TYPE_TINYINT, _SMALLINT, _INT, _BIGINT, _UTINYINT, _USMALLINT, _UINT or _UBIGINT.
 * @param value within the range of that type.
 * @return TDREST_OK or an error; the record is in lines.
 * Errors: TDREST_EBIND (no such key, the key twice, out of range), TDREST_EUSAGE (NULL, another type, or no line is open), TDREST_ENOMEM.
 * Ownership: the key is copied.
 * Blocking: no.
 * Threads: one per builder.
 * Since: 0.1.0
 * Example: rc = tdrest_lines_add_integer(lines, "voltage", TDREST_TYPE_INT, 219);
 * Source: the type of a field must be that of its column, which the first line that had the field decided.
 */
TDREST_API int tdrest_lines_add_integer(tdrest_lines *lines, const char *key, int type, int64_t value);

/**
 * Adds a BIGINT field.
 *
 * @param lines the builder.
 * @param key   as for tdrest_lines_add_tag.
 * @param value any.
 * @return TDREST_OK or an error; the record is in lines.
 * Errors: TDREST_EBIND (no such key, or the key twice), TDREST_EUSAGE (NULL, or no line is open), TDREST_ENOMEM.
 * Ownership: the key is copied.
 * Blocking: no.
 * Threads: one per builder.
 * Since: 0.1.0
 * Example: rc = tdrest_lines_add_int64(lines, "count", -7);
 */
TDREST_API int tdrest_lines_add_int64(tdrest_lines *lines, const char *key, int64_t value);

/**
 * Adds a BIGINT UNSIGNED field.
 *
 * @param lines the builder.
 * @param key   as for tdrest_lines_add_tag.
 * @param value any.
 * @return TDREST_OK or an error; the record is in lines.
 * Errors: as tdrest_lines_add_int64.
 * Ownership: the key is copied.
 * Blocking: no.
 * Threads: one per builder.
 * Since: 0.1.0
 * Example: rc = tdrest_lines_add_uint64(lines, "total", UINT64_MAX);
 */
TDREST_API int tdrest_lines_add_uint64(tdrest_lines *lines, const char *key, uint64_t value);

/**
 * Adds a BOOL field.
 *
 * @param lines the builder.
 * @param key   as for tdrest_lines_add_tag.
 * @param value 0: false; else true.
 * @return TDREST_OK or an error; the record is in lines.
 * Errors: as tdrest_lines_add_int64.
 * Ownership: the key is copied.
 * Blocking: no.
 * Threads: one per builder.
 * Since: 0.1.0
 * Example: rc = tdrest_lines_add_bool(lines, "ok", 1);
 */
TDREST_API int tdrest_lines_add_bool(tdrest_lines *lines, const char *key, int value);

/**
 * Adds a VARCHAR field.
 *
 * @param lines the builder.
 * @param key   as for tdrest_lines_add_tag.
 * @param text  at most 65,517 bytes, without NUL and line feed; need not be UTF-8.
 * @param len   its bytes, or TDREST_CSTR.
 * @return TDREST_OK or an error; the record is in lines.
 * Errors: TDREST_EBIND (no such key or text, or the key twice), TDREST_EUSAGE (NULL, or no line is open), TDREST_ENOMEM.
 * Ownership: both are copied.
 * Blocking: no.
 * Threads: one per builder.
 * Since: 0.1.0
 * Example: rc = tdrest_lines_add_text(lines, "note", "it \"hums\"", TDREST_CSTR);
 * Source: the grammar has no escape for a line feed; a NUL would end the text on its way.
 */
TDREST_API int tdrest_lines_add_text(tdrest_lines *lines, const char *key, const char *text, size_t len);

/**
 * Adds an NCHAR field.
 *
 * @param lines the builder.
 * @param key   as for tdrest_lines_add_tag.
 * @param text  UTF-8 of at most 16,379 characters, without NUL and line feed.
 * @param len   its bytes, or TDREST_CSTR.
 * @return TDREST_OK or an error; the record is in lines.
 * Errors: as tdrest_lines_add_text.
 * Ownership: both are copied.
 * Blocking: no.
 * Threads: one per builder.
 * Since: 0.1.0
 * Example: rc = tdrest_lines_add_nchar(lines, "name", "\xe6\xb1\x89", TDREST_CSTR);
 */
TDREST_API int tdrest_lines_add_nchar(tdrest_lines *lines, const char *key, const char *text, size_t len);

/**
 * Adds a VARBINARY field.
 *
 * @param lines the builder.
 * @param key   as for tdrest_lines_add_tag.
 * @param bytes at most 65,517, of any kind; may be NULL when len is 0.
 * @param len   their number.
 * @return TDREST_OK or an error; the record is in lines.
 * Errors: TDREST_EBIND (no such key, the key twice, too many bytes), TDREST_EUSAGE (NULL, or no line is open), TDREST_ENOMEM.
 * Ownership: both are copied.
 * Blocking: no.
 * Threads: one per builder.
 * Since: 0.1.0
 * Example: rc = tdrest_lines_add_varbinary(lines, "frame", "\x7f\x00", 2);
 */
TDREST_API int tdrest_lines_add_varbinary(tdrest_lines *lines, const char *key, const void *bytes, size_t len);

/**
 * Adds a GEOMETRY field.
 *
 * @param lines the builder.
 * @param key   as for tdrest_lines_add_tag.
 * @param wkt   well-known text: printable ASCII without `"` and backslash; the server reads it.
 * @return TDREST_OK or an error; the record is in lines.
 * Errors: as tdrest_lines_add_text.
 * Ownership: both are copied.
 * Blocking: no.
 * Threads: one per builder.
 * Since: 0.1.0
 * Example: rc = tdrest_lines_add_geometry(lines, "place", "POINT(1.5 2.5)");
 */
TDREST_API int tdrest_lines_add_geometry(tdrest_lines *lines, const char *key, const char *wkt);

/**
 * Gives the line its time. Without one the server takes its own clock, and a repeat would make another row.
 *
 * @param lines the builder; the line must have a field.
 * @param time  units since 1970-01-01T00:00:00Z, above 0, in the precision that tdrest_write is told.
 * @return TDREST_OK or an error; the record is in lines.
 * Errors: TDREST_EBIND (0 or negative), TDREST_EUSAGE (no line is open, it has no field, or a time already), TDREST_ENOMEM.
 * Blocking: no.
 * Threads: one per builder.
 * Since: 0.1.0
 * Example: rc = tdrest_lines_add_time(lines, 1700000000000);
 * Source: 0 stands for the server's clock, a negative time is refused.
 */
TDREST_API int tdrest_lines_add_time(tdrest_lines *lines, int64_t time);

/**
 * Ends the line that is open.
 *
 * @param lines the builder.
 * @return TDREST_OK, or the first error of any call for this line: then the line is dropped, those before it stay, and another may be begun.
 * Errors: of the calls for this line; TDREST_EUSAGE (no line is open, or it has no field).
 * Blocking: no.
 * Threads: one per builder.
 * Since: 0.1.0
 * Example: rc = tdrest_lines_end(lines);
 */
TDREST_API TDREST_NODISCARD int tdrest_lines_end(tdrest_lines *lines);

/**
 * The lines that were ended, as tdrest_write takes them.
 *
 * @param lines the builder.
 * @param len   receives the bytes; may be NULL.
 * @return the lines, each with its line feed, NUL-terminated; "" when there is none.
 * Errors: none.
 * Ownership: borrowed from lines until the next call that begins, ends, resets or frees.
 * Blocking: no.
 * Threads: one per builder.
 * Since: 0.1.0
 * Example: rc = tdrest_write(conn, TDREST_PROTOCOL_LINE, TDREST_MS, tdrest_lines_get_data(lines, NULL), TDREST_CSTR, NULL);
 */
TDREST_API const char *tdrest_lines_get_data(const tdrest_lines *lines, size_t *len);

/**
 * How many lines were ended.
 *
 * @param lines the builder.
 * @return their number since the last reset.
 * Errors: none.
 * Blocking: no.
 * Threads: one per builder.
 * Since: 0.1.0
 * Example: printf("%lld lines\n", (long long)tdrest_lines_count(lines));
 */
TDREST_API int64_t tdrest_lines_count(const tdrest_lines *lines);

/**
 * The record of the failure of the line that is open, or of the one ended last. Its message names the key.
 *
 * @param lines the builder, or NULL.
 * @return the record; code 0 when it did not fail. Never NULL.
 * Errors: none.
 * Ownership: borrowed from lines.
 * Blocking: no.
 * Threads: one per builder.
 * Since: 0.1.0
 * Example: fprintf(stderr, "%s\n", tdrest_lines_error(lines)->message);
 */
TDREST_API const tdrest_error *tdrest_lines_error(const tdrest_lines *lines);

/* ------------------------------------------------------------------------
 * 10  Pool
 * ------------------------------------------------------------------------ */

/**
 * Connections that threads share: a thread gets one, uses it like any other, and puts it back. At most `pool_max` exist at a time; who finds
 * none free waits its turn, first come, first served. This is the only object that several threads may use at the same time.
 *
 * A connection that comes back is kept, with its TCP connection, for the next caller. It is closed instead when its last exchange failed, when the
 * server has closed it or is about to (its header Keep-Alive says when), when nobody used it for `pool_idle_ms`, and when it is older than `pool_lifetime_ms`. The pool has no thread of its
 * own: each get and put also looks at two others that have been idle for a second. While nobody calls, idle connections stay open.
 *
 * A thread that holds a connection and asks for a second one may wait for itself: get one, put it back, then get the next.
 */
typedef struct tdrest_pool tdrest_pool;

/**
 * What a pool did and does. While nobody is within a call on the pool or on a connection of it, made = in_use + idle + the five closed_.
 */
typedef struct tdrest_pool_counts {
    size_t size;             /**< sizeof(tdrest_pool_counts), set by TDREST_POOL_COUNTS_INIT; it grows at the end */
    int64_t in_use;          /**< connections that callers hold now, or are about to get */
    int64_t idle;            /**< connections that nobody holds now */
    int64_t waiting;         /**< callers that wait now */
    int64_t gets;            /**< calls that were given a connection, since the pool was made, as all that follow */
    int64_t timeouts;        /**< calls that were given none in time */
    int64_t waits;           /**< calls that had to wait, for whatever outcome */
    int64_t waited_us;       /**< how long, all together */
    int64_t longest_wait_us; /**< the longest of them */
    int64_t pings;           /**< connections that were tried before they were handed out */
    int64_t made;            /**< connections made */
    int64_t closed_failed;   /**< closed because their last exchange failed, or they did not answer when tried */
    int64_t closed_stale;    /**< closed because the server had closed them */
    int64_t closed_idle;     /**< closed after `pool_idle_ms` */
    int64_t closed_lifetime; /**< closed after `pool_lifetime_ms` */
    int64_t closed_freed;    /**< freed with tdrest_conn_free, or because the pool was freed */
} tdrest_pool_counts;

#ifdef __cplusplus
#define TDREST_POOL_COUNTS_INIT {sizeof(tdrest_pool_counts), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
#else
#define TDREST_POOL_COUNTS_INIT ((tdrest_pool_counts){sizeof(tdrest_pool_counts), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})
#endif

/**
 * Makes a pool. Does no network.
 *
 * @param options the configuration of the pool (`pool_...`) and of its connections; a failure's record is here. Its allocator and its log
 *                callback are called by every thread that uses the pool, also at the same time.
 * @param out     receives the pool.
 * @return TDREST_OK or an error.
 * Errors: TDREST_EOPTION (as tdrest_conn_new), TDREST_ENOMEM.
 * Ownership: the caller frees *out with tdrest_pool_free; options are copied.
 * Blocking: no.
 * Threads: one per options object.
 * Since: 0.2.0
 * Example: rc = tdrest_pool_new(options, &pool);
 */
TDREST_API TDREST_NODISCARD int tdrest_pool_new(tdrest_options *options, tdrest_pool **out);

/**
 * Frees a pool. Idle connections are closed, and callers that wait get TDREST_EUSAGE. Connections that are still out can be used on, and each must
 * still be put back or freed; the last one to come back takes the pool's memory with it. Of all calls on the pool only tdrest_pool_put is
 * allowed afterwards, by those who hold such a connection.
 *
 * @param pool the pool, or NULL.
 * Errors: none.
 * Blocking: no.
 * Threads: any; other threads may be within get and put, and none may begin a get or stats from then on.
 * Since: 0.2.0
 * Example: tdrest_pool_free(pool);
 */
TDREST_API void tdrest_pool_free(tdrest_pool *pool);

/**
 * Gets a connection: the one put back last, if it is still good, else a new one, which connects when it is first used. Its error record is empty.
 *
 * A connection that the server has closed is not handed out. One that nobody used for `pool_ping_ms` is asked for its server's status first, as
 * by tdrest_conn_ping, which takes one of the statements that the server runs at a time; if there is no answer within a second, the caller
 * gets a new one. The server can still close a connection at any later moment.
 *
 * @param pool    the pool.
 * @param wait_ms longest wait for a connection to become free, up to 86400000; 0: do not wait; -1: the option `pool_wait_ms`.
 * @param err     receives the record; begin with TDREST_ERROR_INIT; may be NULL.
 * @param out     receives the connection.
 * @return TDREST_OK or an error.
 * Errors: TDREST_ETIMEOUT (all connections are in use; the message says how many and for how long), TDREST_EUSAGE (wait_ms, or a
 *         size of err that is none; the pool was freed meanwhile), TDREST_ECONNECT (libcurl could not be set up), TDREST_ENOMEM.
 * Ownership: the caller gives *out back with tdrest_pool_put. tdrest_conn_free does so too, and closes it.
 * Blocking: at most wait_ms, and a second more when a connection is tried.
 * Threads: any. The connection is the caller's until it is put back.
 * Since: 0.2.0
 * Example: rc = tdrest_pool_get(pool, -1, &error, &conn);
 * Source: the adapter limits the statements of one user that run at a time.
 */
TDREST_API TDREST_NODISCARD int tdrest_pool_get(tdrest_pool *pool, int64_t wait_ms, tdrest_error *err, tdrest_conn **out);

/**
 * Puts a connection back. An open result of it, and statements made on it, are detached as by tdrest_conn_free; up to 64 KiB of an open result are
 * read to keep the TCP connection, else that is closed. Nothing of the connection may be used afterwards: no call, no cancel, no record.
 *
 * @param pool the pool that the connection came from.
 * @param conn the connection, or NULL. One that this pool did not hand out is left alone.
 * Errors: none.
 * Blocking: at most 20 ms, for an open result.
 * Threads: any; the one that uses the connection.
 * Since: 0.2.0
 * Example: tdrest_pool_put(pool, conn);
 */
TDREST_API void tdrest_pool_put(tdrest_pool *pool, tdrest_conn *conn);

/**
 * What the pool did and does.
 *
 * @param pool   the pool.
 * @param counts receives it; begin with TDREST_POOL_COUNTS_INIT.
 * @return TDREST_OK, or TDREST_EUSAGE when counts has a size that is none.
 * Errors: TDREST_EUSAGE.
 * Ownership: the caller's struct.
 * Blocking: no.
 * Threads: any.
 * Since: 0.2.0
 * Example: rc = tdrest_pool_stats(pool, &counts);
 */
TDREST_API int tdrest_pool_stats(tdrest_pool *pool, tdrest_pool_counts *counts);

#ifdef __cplusplus
}
#endif

#endif /* TDREST_H */
