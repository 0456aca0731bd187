/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/**
 * @file tdrest.h
 * The whole public contract of tdrest, a REST-only connector for TDengine.
 *
 * tdrest posts SQL to taosAdapter (port 6041), reads the JSON answer as a
 * stream and returns typed values in bounded memory. Anything not in this
 * file is not part of the library. Read it from top to bottom:
 *
 *   1 versions, codes and classes    8 statements with parameters
 *   2 the error record               9 schemaless writing
 *   3 options                       10 pool
 *   4 connection                    11 async: many requests on one thread
 *   5 query and result              12 writer
 *   6 columns and blocks            13 spool
 *   7 SQL text                      14 Arrow
 *
 * A complete program:
 *
 * @code
 * #include <stdio.h>
 * #include <tdrest.h>
 *
 * static void print_row(tdrest_result *res)
 * {
 *     const char *ts;
 *     double amps;
 *     int rc = tdrest_result_text(res, 0, &ts, NULL);
 *
 *     printf("%s ", rc == TDREST_OK ? ts : tdrest_code_text(rc));
 *     rc = tdrest_result_double(res, 1, &amps);
 *     if (rc == TDREST_OK)
 *         printf("%g\n", amps);
 *     else
 *         printf("%s\n", rc == TDREST_ENULL ? "NULL" : tdrest_code_text(rc));
 * }
 *
 * int main(int argc, char **argv)
 * {
 *     char why[512];
 *     tdrest_conn *conn;
 *     tdrest_result *res = NULL;
 *     int rc = tdrest_open(argc > 1 ? argv[1] : "http://root:taosdata@localhost:6041/test", &conn, why, sizeof why);
 *
 *     if (rc == TDREST_OK)
 *         rc = tdrest_query(conn, "SELECT ts, current FROM d1001", TDREST_CSTR, NULL, &res);
 *     while (rc >= 0 && (rc = tdrest_result_next(res)) == TDREST_ROW)
 *         print_row(res);
 *     if (rc < 0)
 *         fprintf(stderr, "%s\n", conn == NULL ? why : res == NULL ? tdrest_conn_error(conn)->message : tdrest_result_error(res)->message);
 *     tdrest_result_free(res);
 *     tdrest_conn_free(conn);
 *     return rc < 0;
 * }
 * @endcode
 *
 * These rules apply throughout and are not repeated below:
 *
 * - Results are returned through the last parameter, which is set to a neutral
 *   value (NULL, 0, -1) if the call fails. A negative code is an error.
 * - Inputs are borrowed for the call and copied if kept. Returned text is
 *   NUL-terminated; its length excludes the NUL, and it may contain NULs.
 * - Lengths are size_t, in bytes; TDREST_CSTR means "use strlen". The server's
 *   counts and totals are int64_t.
 * - One thread at a time may use an object; different threads may use different
 *   objects. Only a pool may be shared. "Threads: any" below means that the call
 *   may run concurrently with any other. Do not use a handle in a forked child.
 * - Freeing NULL is fine. `conn` and `options` must not be NULL unless stated.
 * - Structs that the program fills in start with their size and have an INIT
 *   macro. They grow at the end: the library accepts those of older versions and
 *   uses defaults for the members they lack. A size that matches no version is
 *   TDREST_EUSAGE.
 * - A program need not ignore SIGPIPE: the library blocks it in the calling
 *   thread while libcurl works and discards one raised by its own sockets.
 * - No client can detect this: if the server loses a query midway, it ends the
 *   answer normally with the rows sent so far (TDREST_DONE, fewer rows).
 *   Use `verify_rows` where that matters.
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
#define TDREST_VERSION_MINOR 2
#define TDREST_VERSION_PATCH 0
/** One comparable number: 0xMMmmpp. */
#define TDREST_VERSION_NUMBER ((TDREST_VERSION_MAJOR << 16) | (TDREST_VERSION_MINOR << 8) | TDREST_VERSION_PATCH)

/** As a length: the text is NUL-terminated. */
#define TDREST_CSTR ((size_t)-1)

/**
 * Every error code: name, number, class, whether it may be repeated, text.
 * A statement that the server rejects is TDREST_ESERVER; the server's own code
 * decides its class and whether to repeat it. The numbers are permanent.
 */
#define TDREST_CODE_MAP(X)                                                                               \
    X(EUSAGE,       -1,  INTERFACE,    NO,         "invalid use of the function")                        \
    X(EOPTION,      -2,  INTERFACE,    NO,         "an option is unknown, malformed or out of range")    \
    X(EBUSY,        -3,  INTERFACE,    NO,         "a result of this connection is still open")          \
    X(ENOTADAPTER,  -4,  INTERFACE,    NO,         "the peer does not answer like a taosAdapter")        \
    X(ECONNECT,     -10, CONNECTION,   IDEMPOTENT, "cannot reach the server, or the connection broke")   \
    X(ETIMEOUT,     -11, CONNECTION,   IDEMPOTENT, "a time limit expired")                               \
    X(EAUTH,        -12, CONNECTION,   NO,         "the login was refused")                              \
    X(EGATEWAY,     -13, CONNECTION,   IDEMPOTENT, "a proxy or gateway answered in the server's place")  \
    X(ESERVER,      -20, DATABASE,     NO,         "the server rejected the statement, or failed")       \
    X(EANSWER,      -30, RESULT,       IDEMPOTENT, "the answer is broken or incomplete")                 \
    X(ENULL,        -31, RESULT,       NO,         "the value is NULL")                                  \
    X(ETYPE,        -32, RESULT,       NO,         "the value has another type")                         \
    X(ERANGE,       -33, RESULT,       NO,         "the value does not fit")                             \
    X(EBIND,        -40, STATEMENT,    NO,         "a value cannot be written as SQL; nothing was sent") \
    X(EUNSUPPORTED, -41, NOTSUPPORTED, NO,         "not supported over HTTP")                            \
    X(ECANCELLED,   -50, QUERY,        IDEMPOTENT, "the call was cancelled")                             \
    X(ENOMEM,       -60, OPERATIONAL,  NO,         "out of memory")                                      \
    X(ESPOOL,       -61, OPERATIONAL,  NO,         "the files of the spool cannot be written or read")

/** What calls return (`tdrest_code` in prose; the type is int). */
enum {
    TDREST_OK = 0,   /**< done */
    TDREST_ROW = 1,  /**< another row, block or statement is available */
    TDREST_DONE = 2, /**< no more; the answer was complete */
    TDREST_FULL = 3, /**< send before adding more; the function says whether the rows were added */
#define TDREST_CODE_ENUM(name, number, cls, repeat, text) TDREST_##name = number,
    TDREST_CODE_MAP(TDREST_CODE_ENUM)
#undef TDREST_CODE_ENUM
    TDREST_CODE_END_ = -1000 /**< not a code */
};

/**
 * The exception classes of TDengine's connectors: name, number, parent, spelling.
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
    TDREST_REPEAT_NO = 0,         /**< no: it would fail again, or must not run twice */
    TDREST_REPEAT_IDEMPOTENT = 1, /**< only if running it twice does no harm: it may have run, wholly or in part */
    TDREST_REPEAT_SAFE = 2        /**< yes: none of it ran */
};

/** Did the server run what was sent? */
enum {
    TDREST_RAN_NO = 0,    /**< no, none of it */
    TDREST_RAN_MAYBE = 1, /**< unknown: all, some or none of it */
    TDREST_RAN_YES = 2    /**< yes; the answer was lost */
};

/** How far a call got. */
enum {
    TDREST_PHASE_NONE = 0,
    TDREST_PHASE_PREPARE = 1, /**< nothing was sent */
    TDREST_PHASE_CONNECT = 2, /**< name lookup, TCP, TLS */
    TDREST_PHASE_SEND = 3,    /**< the request was not completely sent */
    TDREST_PHASE_WAIT = 4,    /**< completely sent, no answer yet */
    TDREST_PHASE_READ = 5     /**< while reading the answer */
};

/**
 * The versions of the library and of libcurl.
 *
 * @return text such as "tdrest/0.2.0 libcurl/7.88.1 lookup=thread"; `lookup` says
 *         whether a timeout or cancel can interrupt a name lookup: `interruptible`, or `thread` if it cannot.
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
 * @return a name such as "TDREST_EBUSY"; "TDREST_?" for an unknown number.
 * Errors: none.
 * Ownership: static text.
 * Blocking: no.
 * Threads: any.
 * Since: 0.1.0
 * Example: fprintf(stderr, "%s\n", tdrest_code_name(rc));
 */
TDREST_API const char *tdrest_code_name(int code);

/**
 * A one-line description of a code, in English.
 *
 * @param code a number returned by a call.
 * @return the text from TDREST_CODE_MAP; "" for codes that are not errors.
 * Errors: none.
 * Ownership: static text.
 * Blocking: no.
 * Threads: any.
 * Since: 0.1.0
 * Example: fprintf(stderr, "%s\n", tdrest_code_text(rc));
 */
TDREST_API const char *tdrest_code_text(int code);

/**
 * The name of a class, as TDengine's other connectors spell it.
 *
 * @param cls a TDREST_CLASS_ number.
 * @return a name such as "ProgrammingError"; "" for TDREST_CLASS_NONE and unknown numbers.
 * Errors: none.
 * Ownership: static text.
 * Blocking: no.
 * Threads: any.
 * Since: 0.1.0
 * Example: fprintf(stderr, "%s\n", tdrest_class_name(err->cls));
 */
TDREST_API const char *tdrest_class_name(int cls);

/**
 * Tests whether a class is, or derives from, another.
 *
 * @param cls      a TDREST_CLASS_ number, as in the record.
 * @param ancestor the class to test for; TDREST_CLASS_ERROR covers all.
 * @return 1 or 0; 0 if either number is not a class.
 * Errors: none.
 * Blocking: no.
 * Threads: any.
 * Since: 0.1.0
 * Example: if (tdrest_class_is_a(err->cls, TDREST_CLASS_DATABASE)) puts("the server rejected it");
 */
TDREST_API int tdrest_class_is_a(int cls, int ancestor);

/* ------------------------------------------------------------------------
 * 2  The error record
 * ------------------------------------------------------------------------ */

/**
 * Everything known about a failure. The record is part of the object that
 * failed, is never allocated, and does not change until the next call on that
 * object.
 */
typedef struct tdrest_error {
    size_t size;       /**< of this struct, as the library knows it; it grows at the end */
    int code;          /**< TDREST_E..., 0 if the last call did not fail */
    int cls;           /**< TDREST_CLASS_... */
    int server_code;   /**< TDengine's code as sent (low 16 bits), 0 if none */
    int http_status;   /**< of the answer, 0 if none */
    int curl_code;     /**< libcurl's CURLcode, 0 if it did not fail */
    int phase;         /**< TDREST_PHASE_...: how far the call got */
    int attempts;      /**< number of attempts: requests sent, or connections tried, for the last request */
    int repeat;        /**< TDREST_REPEAT_...: may the call be sent again? */
    int column;        /**< of the result, or the parameter of a statement, from 0; -1 if unknown */
    int64_t row;       /**< of the result, of the rows of a statement, or the first line that tdrest_write did not write, from 0; -1 if unknown */
    int64_t offset;    /**< byte offset of the error in the SQL, DSN, data or answer; -1 if unknown */
    int64_t req_id;    /**< of the request, as in the server's logs; 0 if no request was made */
    char endpoint[256]; /**< scheme, host, port and path; no secrets */
    char message[640]; /**< one line of UTF-8 without control characters, secrets or bound values */
    int64_t retry_after_ms; /**< how long the answer asks to wait before a repeat (Retry-After), at most 10^15; -1 if it does not say */
    int ran;           /**< TDREST_RAN_...: what may have happened on the server, also if `repeat` is TDREST_REPEAT_NO; the most that any attempt may have done */
    char hosts[256];        /**< the hosts that were tried, in order, each once, separated by ", "; "" if nothing was sent */
    char first_cause[256];  /**< the message of the first failed attempt if there were several, else "" */
} tdrest_error;

/** The start value of the caller's own record, which calls on a shared object (a pool) fill in. */
#ifdef __cplusplus
#define TDREST_ERROR_INIT {sizeof(tdrest_error), 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, -1, 0, "", "", -1, 0, "", ""}
#else
#define TDREST_ERROR_INIT ((tdrest_error){sizeof(tdrest_error), 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, -1, 0, "", "", -1, 0, "", ""})
#endif

/* ------------------------------------------------------------------------
 * 3  Options
 * ------------------------------------------------------------------------ */

/** The configuration of connections: keys and values, listed in docs/OPTIONS.md. */
typedef struct tdrest_options tdrest_options;

/**
 * The library's memory allocator. libcurl, the TLS library and Jansson keep
 * their own. All members must be set.
 */
typedef struct tdrest_allocator {
    size_t size;    /**< sizeof(tdrest_allocator), as the program was compiled */
    void *context;  /**< passed to each function */
    void *(*alloc)(void *context, size_t bytes);              /**< as malloc; bytes is never 0 */
    void *(*resize)(void *context, void *old, size_t bytes);  /**< as realloc; old may be NULL, bytes is never 0 */
    void (*release)(void *context, void *old);                /**< as free; old may be NULL */
} tdrest_allocator;

/** Levels of the log callback; the option `log_level` sets the highest one reported. */
enum { TDREST_LOG_NONE = 0, TDREST_LOG_ERROR = 1, TDREST_LOG_INFO = 2, TDREST_LOG_DEBUG = 3 };

/**
 * Receives log messages of a connection, in the thread of the call. The message
 * is one line without secrets or SQL text, borrowed for the call. The callback
 * must not call back into the same connection.
 */
typedef void tdrest_log_callback(void *context, int level, const char *message);

/** One row of the option table. */
typedef struct tdrest_option_info {
    size_t size;               /**< of this struct, as the library knows it */
    const char *key;           /**< as in a DSN; the environment variable is TDREST_ and the key in capitals */
    const char *default_value; /**< "" if none */
    const char *values;        /**< accepted values: range, unit, words */
    const char *meaning;       /**< one line */
    int secret;                /**< 1: shown as *** by tdrest_options_format; 2: a URL whose login is masked that way */
} tdrest_option_info;

/**
 * Creates an options object with the defaults.
 *
 * @param allocator for this object and everything made from it; NULL: malloc and free.
 * @param out       receives the object.
 * @return TDREST_OK or an error.
 * Errors: TDREST_EUSAGE (allocator has an invalid size, such as 0, or lacks a member), TDREST_ENOMEM.
 * Ownership: the caller frees *out with tdrest_options_free; the allocator struct is copied.
 * Blocking: no.
 * Threads: any.
 * Since: 0.1.0
 * Example: rc = tdrest_options_new(NULL, &options);
 */
TDREST_API TDREST_NODISCARD int tdrest_options_new(const tdrest_allocator *allocator, tdrest_options **out);

/**
 * Frees an options object. What was made from it, such as connections and pools, remains valid.
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
 * @param key     a key of the table; case-insensitive, `-` stands for `_`.
 * @param value   its text; NULL restores the default.
 * @return TDREST_OK or an error; on an error the option keeps its value.
 * Errors: TDREST_EOPTION (unknown key, malformed or out of range; the message names key, value and range, but
 *         no value that may hold a password or token), TDREST_EUNSUPPORTED (the scheme of another protocol, such as ws), TDREST_ENOMEM.
 * Ownership: both texts are copied.
 * Blocking: no.
 * Threads: one per object.
 * Since: 0.1.0
 * Example: rc = tdrest_options_set(options, "timezone", "Asia/Shanghai");
 */
TDREST_API TDREST_NODISCARD int tdrest_options_set(tdrest_options *options, const char *key, const char *value);

/**
 * The value of one option: what was set, or its default.
 *
 * @param options the object.
 * @param key     a key of the table.
 * @return the text, secrets in the clear; NULL for an unknown key or an option without a value.
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
 * IPv6 addresses are in brackets; percent-encoding is accepted everywhere.
 * Options that the DSN does not set keep their values.
 *
 * @param options the object.
 * @param dsn     the text.
 * @return TDREST_OK or an error; on an error no option changes.
 * Errors: TDREST_EOPTION (with the byte offset in the record: unknown key, bad value, bad escape, no host; more than one kind of
 *         credentials), TDREST_EUNSUPPORTED (ws, wss, taos and taosws schemes: only HTTP is supported; the message says what to write instead), TDREST_ENOMEM.
 * Ownership: the text is copied.
 * Blocking: no.
 * Threads: one per object.
 * Since: 0.1.0
 * Example: rc = tdrest_options_parse(options, "https://root:taosdata@[::1]:6041/test?compression=true");
 */
TDREST_API TDREST_NODISCARD int tdrest_options_parse(tdrest_options *options, const char *dsn);

/**
 * Reads the environment: first TDREST_DSN, then TDREST_<KEY> for every key of the table. Empty variables are ignored.
 *
 * @param options the object.
 * @return TDREST_OK or an error; on an error no option changes.
 * Errors: as tdrest_options_parse; the message names the variable.
 * Ownership: values are copied.
 * Blocking: no.
 * Threads: one per object, and no thread may change the environment meanwhile.
 * Since: 0.1.0
 * Example: rc = tdrest_options_from_env(options);
 */
TDREST_API TDREST_NODISCARD int tdrest_options_from_env(tdrest_options *options);

/**
 * Formats the options as a DSN with secrets masked as `***`. Defaults are omitted, except scheme and host.
 *
 * @param options the object.
 * @param text    receives the DSN with its NUL; may be NULL if cap is 0.
 * @param cap     size of text in bytes.
 * @param len     receives the length of the whole DSN; may be NULL.
 * @return TDREST_OK, or TDREST_ERANGE if cap is too small: text then holds a truncated, terminated DSN.
 * Errors: TDREST_ERANGE.
 * Ownership: the caller's buffer.
 * Blocking: no.
 * Threads: one per object.
 * Since: 0.1.0
 * Example: rc = tdrest_options_format(options, text, sizeof text, NULL);
 */
TDREST_API int tdrest_options_format(const tdrest_options *options, char *text, size_t cap, size_t *len);

/**
 * Sets the log callback of connections and other objects made from these options afterwards.
 *
 * @param options  the object.
 * @param callback the callback; NULL for none. The option `log_level` sets the highest level reported.
 * @param context  passed to it.
 * Errors: none.
 * Ownership: context is borrowed for the lifetime of what is made from options.
 * Blocking: no.
 * Threads: one per object.
 * Since: 0.1.0
 * Example: tdrest_options_set_log(options, on_log, NULL);
 */
TDREST_API void tdrest_options_set_log(tdrest_options *options, tdrest_log_callback *callback, void *context);

/**
 * Adds a header, such as a gateway's API key, to every request of connections and pools made from these options afterwards. The value is a
 * secret: it never appears in a message, a log line or a formatted DSN. Headers are not sent to a proxy that opens a tunnel, as proxies do for https
 * servers and with socks5h. A request to an http server passes through an http or https proxy in clear text, including login and headers.
 *
 * @param options the object.
 * @param name    1 to 128 letters, digits or ``!#$%&'*+-.^_`|~``: a token of RFC 9110. Not allowed, in any case: a name added before, and those that
 *                the library sets itself: Accept, Accept-Encoding, Authorization, Connection, Content-Encoding, Content-Length, Content-Type,
 *                Expect, Host, Keep-Alive, Range, TE, Trailer, Transfer-Encoding, Upgrade, User-Agent, and names that begin with Proxy-.
 * @param value   1 to 4096 bytes without control characters, and without spaces at either end.
 * @return TDREST_OK or an error; on an error nothing is added.
 * Errors: TDREST_EUSAGE (NULL), TDREST_EOPTION (invalid name or value, or more than 10 headers), TDREST_ENOMEM.
 * Ownership: both texts are copied; they stay until the object is freed.
 * Blocking: no.
 * Threads: one per object.
 * Since: 0.1.0
 * Example: rc = tdrest_options_add_header(options, "X-Api-Key", "k3y");
 */
TDREST_API TDREST_NODISCARD int tdrest_options_add_header(tdrest_options *options, const char *name, const char *value);

/**
 * The record of the last failed call on the object, tdrest_conn_new included.
 *
 * @param options the object, or NULL.
 * @return the record; code 0 if the last call did not fail. Never NULL.
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
 * A configuration and one persistent TCP connection. The server keeps no
 * session: every request carries its database, time zone and request id.
 * One stream at a time: while a result is open, other calls fail with TDREST_EBUSY.
 */
typedef struct tdrest_conn tdrest_conn;

/**
 * Which failed requests a call sends again. A repeat goes to another host if the host caused the failure. Repeats end at `timeout_ms`, and when
 * both `conn_retries` and `retry_for_ms` are used up. A refused login ends the call at once.
 */
enum {
    TDREST_RETRY_OPTION = 0,  /**< as the option `retry` says */
    TDREST_RETRY_AUTO = 1,    /**< what did not run, and what may have run but can safely run twice: queries until the first row is handed out, INSERTs
                                   with all timestamps in the text, CREATE ... IF NOT EXISTS, and lines that all have timestamps. Never DELETE, DROP,
                                   ALTER, or an INSERT with NOW */
    TDREST_RETRY_CONNECT = 2, /**< only if no connection to the server could be made */
    TDREST_RETRY_NEVER = 3    /**< nothing: one attempt */
};

/**
 * Whether a query counts its rows first, to detect an answer that the server truncated, which otherwise looks complete. Rows deleted between
 * the count and the query count as missing. Statements other than SELECT, and those with SLIMIT or SOFFSET, cannot be counted: TDREST_EUSAGE.
 * tdrest_exec and tdrest_stmt_run never count.
 */
enum {
    TDREST_VERIFY_OPTION = 0, /**< as the option says */
    TDREST_VERIFY_NONE = 1,   /**< no */
    TDREST_VERIFY_COUNT = 2   /**< SELECT COUNT(*) FROM (statement) first; fewer rows are TDREST_EANSWER, or read again if `buffered` */
};

/** Settings of one call that override those of its connection. Start from TDREST_CALL_INIT. */
typedef struct tdrest_call {
    size_t size;              /**< sizeof(tdrest_call), as the program was compiled; 0 is an error */
    int64_t req_id;           /**< for the server's logs; 0: the library generates one, positive, 63 bits */
    int64_t timeout_ms;       /**< -1: the option; 0: no limit. See the option `timeout_ms` */
    int64_t stall_timeout_ms; /**< -1: the option; 0: no limit */
    const char *database;     /**< NULL: the option */
    const char *timezone;     /**< NULL: the option; the same rules apply */
    int buffered;             /**< 1: tdrest_query reads the whole answer, as tdrest_result_store does, within timeout_ms */
    int64_t ttl_days;            /**< tdrest_write: days to keep the child tables it creates; 0: forever */
    const char *table_name_key;  /**< tdrest_write: the tag whose value names the child table; NULL: the server names it */
    int retry;                   /**< TDREST_RETRY_... */
    int verify_rows;             /**< TDREST_VERIFY_... */
} tdrest_call;

#ifdef __cplusplus
#define TDREST_CALL_INIT {sizeof(tdrest_call), 0, -1, -1, NULL, NULL, 0, 0, NULL, 0, 0}
#else
#define TDREST_CALL_INIT ((tdrest_call){sizeof(tdrest_call), 0, -1, -1, NULL, NULL, 0, 0, NULL, 0, 0})
#endif

/**
 * Makes a connection from a DSN in one call. Does not use the network.
 *
 * @param dsn     as for tdrest_options_parse; NULL: http://root:taosdata@localhost:6041.
 * @param out     receives the connection.
 * @param message receives the reason for a failure, NUL-terminated, without secrets; may be NULL.
 * @param cap     size of message in bytes.
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
 * Makes a connection from options. Does not use the network.
 *
 * @param options the configuration; receives the record of a failure.
 * @param out     receives the connection.
 * @return TDREST_OK or an error.
 * Errors: TDREST_EOPTION (options that contradict each other; `timezone=local` if its IANA name cannot be determined),
 *         TDREST_ECONNECT (libcurl could not be initialised), TDREST_ENOMEM.
 * Ownership: the caller frees *out with tdrest_conn_free; options are copied.
 * Blocking: no.
 * Threads: one per options object.
 * Since: 0.1.0
 * Example: rc = tdrest_conn_new(options, &conn);
 */
TDREST_API TDREST_NODISCARD int tdrest_conn_new(tdrest_options *options, tdrest_conn **out);

/**
 * Closes and frees a connection. Its open result and its statements are detached: their next call that needs the connection
 * fails with TDREST_EUSAGE. They must still be freed.
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
 * Checks that the server is up and accepts statements: runs select server_status(). With several hosts, and unless `retry` is `never`, it
 * tries another host if this one cannot be reached or is not ready.
 *
 * @param conn the connection.
 * @param call per-call overrides; NULL for none.
 * @return TDREST_OK or an error; the record is in conn.
 * Errors: as tdrest_query; TDREST_ESERVER if the server says that it is not ready.
 * Ownership: nothing is kept.
 * Blocking: at most `timeout_ms`.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_conn_ping(conn, NULL);
 * Source: /-/ping checks neither login nor cluster, and select 1 succeeds with taosd dead.
 */
TDREST_API TDREST_NODISCARD int tdrest_conn_ping(tdrest_conn *conn, const tdrest_call *call);

/**
 * Queries the server's version.
 *
 * @param conn the connection.
 * @param call per-call overrides; NULL for none.
 * @param text receives the version, such as "3.3.6.9", NUL-terminated.
 * @param cap  size of text in bytes.
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
 * Cancels the call running in another thread, or interrupted by a signal handler. The call returns TDREST_ECANCELLED within 100 ms;
 * during a name lookup, at once if libcurl supports that, otherwise when the lookup returns: see tdrest_version().
 * The TCP connection is closed; the next call opens a new one. The server may still finish the statement.
 * If no call is running, nothing happens, and nothing is remembered.
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
 * The record of the last failed call on the connection: ping, query, exec, write, tdrest_stmt_new.
 *
 * @param conn the connection, or NULL.
 * @return the record; code 0 if the last call did not fail. Never NULL.
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

/** The answer to one statement: a cursor over its rows, which are read as they arrive. */
typedef struct tdrest_result tdrest_result;

/** A block of rows, column by column; see section 6. */
typedef struct tdrest_block tdrest_block;

/**
 * Sends one statement and waits until the columns of the answer are known.
 *
 * Comments are removed before sending (hints after SELECT stay). Rejected before sending: text after a `;`
 * (the server silently ignores it), a NUL, unclosed quotes, statements longer than `max_sql_bytes`.
 * Read the result promptly: while it is open, it occupies one of the few statements that a user may run at a time.
 *
 * @param conn the connection.
 * @param sql  one statement; the `;` at its end is optional.
 * @param len  its length in bytes, or TDREST_CSTR.
 * @param call per-call overrides; NULL for none.
 * @param out  receives the result.
 * @return TDREST_OK or an error; the record is in conn.
 * Errors: TDREST_EUSAGE (invalid statement or call, with the byte offset), TDREST_EOPTION (a name in the call is malformed, the server does not
 *         know the time zone, or a file of the TLS options cannot be used), TDREST_EBUSY, TDREST_ECONNECT, TDREST_ETIMEOUT,
 *         TDREST_EAUTH, TDREST_EGATEWAY, TDREST_ENOTADAPTER, TDREST_ESERVER, TDREST_EANSWER, TDREST_ECANCELLED, TDREST_ENOMEM.
 * Ownership: the caller frees *out with tdrest_result_free, before or after conn.
 * Blocking: until the columns are known, at most `timeout_ms`.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_query(conn, "SELECT * FROM meters LIMIT 10", TDREST_CSTR, NULL, &res);
 * Source: the server runs only the first statement of a text; an apostrophe in a comment changes the literals after it.
 */
TDREST_API TDREST_NODISCARD int tdrest_query(tdrest_conn *conn, const char *sql, size_t len, const tdrest_call *call, tdrest_result **out);

/**
 * Runs one statement whose rows are not needed, and waits until it is done.
 *
 * @param conn     the connection.
 * @param sql      one statement, as for tdrest_query.
 * @param len      its length in bytes, or TDREST_CSTR.
 * @param call     per-call overrides; NULL for none.
 * @param affected receives the number of affected rows, -1 for a statement that returns rows (they are not read); may be NULL.
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
 * The number of columns of a row.
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
 * @return the column; NULL if the index is out of range. Its data members describe the current block.
 * Errors: none.
 * Ownership: borrowed from res until it is freed.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: printf("%s\n", tdrest_type_name(tdrest_result_column(res, 0)->type));
 */
TDREST_API const tdrest_column *tdrest_result_column(const tdrest_result *res, size_t index);

/**
 * Finds a column by name, as the server spells it; the first one if several have that name.
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
 * Advances to the next row.
 *
 * @param res the result.
 * @return TDREST_ROW: there is a row; TDREST_DONE: no more rows, the answer was complete; or an error, which later calls return again.
 * Errors: TDREST_EUSAGE (detached from its connection), TDREST_ECONNECT, TDREST_ETIMEOUT, TDREST_ECANCELLED,
 *         TDREST_EANSWER (the answer is truncated or damaged; earlier rows were correct), TDREST_ENOMEM.
 * Ownership: invalidates the texts of the previous row.
 * Blocking: until a row is available; at most `stall_timeout_ms` without a byte.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: while ((rc = tdrest_result_next(res)) == TDREST_ROW) rows++;
 */
TDREST_API TDREST_NODISCARD int tdrest_result_next(tdrest_result *res);

/**
 * Advances to the next block of rows: all that are available, at least one. Skips the rest of a block begun with
 * tdrest_result_next; switch between the two only at block boundaries.
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
 * Reads all remaining rows into memory, which frees the connection for other calls. tdrest_result_next and
 * tdrest_result_next_block then return them without blocking. Memory grows with the result.
 *
 * @param res the result.
 * @return TDREST_OK: all rows are in memory; or an error: the rows read so far can still be read, then the error returns.
 * Errors: as tdrest_result_next.
 * Ownership: the rows belong to res; invalidates the texts of the current row.
 * Blocking: until the answer is complete; at most `stall_timeout_ms` without a byte.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_result_store(res);
 */
TDREST_API TDREST_NODISCARD int tdrest_result_store(tdrest_result *res);

/**
 * The number of rows affected by INSERT, DELETE and similar statements.
 *
 * @param res the result, or NULL.
 * @return the number; 0 for DDL; -1 for a statement that returns rows.
 * Errors: none.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: printf("%lld\n", (long long)tdrest_result_affected(res));
 * Source: the server merges rows with the same timestamp in one INSERT and counts them once. It counts in 32 bits: the number is exact up to
 * 4294967295, and beyond that too small by a multiple of 4294967296.
 */
TDREST_API int64_t tdrest_result_affected(const tdrest_result *res);

/**
 * The time that the statement took, according to the adapter.
 *
 * @param res the result, or NULL.
 * @return nanoseconds, known after TDREST_DONE; -1 before, or if the server did not say.
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
 * @return the record; code 0 if it did not fail. Never NULL.
 * Errors: none.
 * Ownership: borrowed from res.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: fprintf(stderr, "%s\n", tdrest_result_error(res)->message);
 */
TDREST_API const tdrest_error *tdrest_result_error(const tdrest_result *res);

/**
 * Frees a result. Reads up to 64 KiB of the rest of the answer, for at most 20 ms, to keep the TCP connection
 * usable; if more remains, the connection is closed.
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
 * The values of the current row. Each getter returns a code and fills in no
 * record: TDREST_OK, TDREST_ENULL, TDREST_ETYPE (another type),
 * TDREST_ERANGE (does not fit), TDREST_EUSAGE (no current row, no such
 * column), TDREST_ENOMEM (tdrest_result_text only). Unless it returns
 * TDREST_OK, the outputs are 0, NULL or "".
 */

/**
 * Tests whether a value is NULL. NaN and infinity arrive as NULL over REST.
 *
 * @param res    the result.
 * @param column from 0.
 * @return 1 or 0; 1 if there is no row or no such column.
 * Errors: none.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: if (tdrest_result_is_null(res, 1)) puts("NULL");
 * Source: adapters before 3.3.8.4 send a broken answer for NaN: TDREST_EANSWER.
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
 * Reads a non-negative integer of any width.
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

/** Units of a timestamp: the number of fractional digits of a second. */
enum { TDREST_PRECISION_UNKNOWN = 0, TDREST_MS = 3, TDREST_US = 6, TDREST_NS = 9 };

/**
 * Reads a TIMESTAMP: units since 1970-01-01T00:00:00Z, leap seconds not counted, never converted through a double.
 * Times before 1972 in a zone other than UTC need its zone file; without it such a row is TDREST_EANSWER (see docs/OPTIONS.md).
 *
 * @param res       the result.
 * @param column    from 0.
 * @param out       receives the value in the unit of precision.
 * @param precision receives TDREST_MS, TDREST_US or TDREST_NS, the same for the whole column; may be NULL.
 * @return TDREST_OK or an error.
 * Errors: TDREST_ENULL, TDREST_ETYPE, TDREST_EUSAGE.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_result_time(res, 0, &when, &precision);
 * Source: the answer's metadata lack the precision; the fractional digits of the first value show it.
 */
TDREST_API int tdrest_result_time(const tdrest_result *res, size_t column, int64_t *out, int *precision);

/**
 * Reads any value as text: VARCHAR and NCHAR unchanged (VARCHAR need not be UTF-8); TIMESTAMP as the server wrote it, or in UTC
 * if its offset had seconds, which the server truncates (before 1972; see docs/OPTIONS.md);
 * numbers in the shortest form that reads back equal; BOOL as true or false; DECIMAL and JSON as sent;
 * VARBINARY, GEOMETRY and BLOB as lower-case hex; a column of unknown type as raw JSON.
 *
 * @param res    the result.
 * @param column from 0.
 * @param text   receives the text.
 * @param len    receives its length in bytes; may be NULL.
 * @return TDREST_OK or an error.
 * Errors: TDREST_ENULL, TDREST_EUSAGE, TDREST_ENOMEM (types other than VARCHAR, NCHAR, DECIMAL and JSON are converted on demand).
 * Ownership: borrowed from res until the next row; all texts of a row remain valid together.
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

/** A DECIMAL: (hi * 2^64 + lo) / 10^scale; hi carries the sign (two's complement, 128 bits). */
typedef struct tdrest_decimal {
    uint64_t lo;
    int64_t hi;
    int32_t scale;    /**< digits after the point */
    int32_t negative; /**< 1: written with a minus sign, also for -0.00 */
} tdrest_decimal;

/**
 * Reads a DECIMAL exactly; tdrest_result_text returns it as sent.
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
 * @param len    receives its length in bytes; may be NULL.
 * @return TDREST_OK or an error.
 * Errors: TDREST_ENULL, TDREST_ETYPE (not JSON), TDREST_EUSAGE.
 * Ownership: borrowed from res until the next row.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_result_json(res, 1, &text_out, &n);
 * Source: the server does not escape the text of tag->'key'; if that breaks the answer, the call fails with TDREST_EANSWER. Select the whole tag.
 */
TDREST_API int tdrest_result_json(const tdrest_result *res, size_t column, const char **text, size_t *len);

/* ------------------------------------------------------------------------
 * 6  Columns and blocks
 * ------------------------------------------------------------------------ */

/** Column types; the numbers are TDengine's own. */
enum {
    TDREST_TYPE_UNKNOWN = 0, /**< a type of a newer server: raw JSON text */
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
 * One column: its description, and its values in the current block.
 *
 * values: a native array with one element per row (uint8_t for BOOL; int8_t ... int64_t, uint8_t ... uint64_t, float,
 * double; int64_t for TIMESTAMP). NULL for text and byte types: VARCHAR, NCHAR, VARBINARY, GEOMETRY, BLOB,
 * JSON, DECIMAL (as text) and UNKNOWN; for these, row i is at bytes + offset[i], length[i] bytes long, followed by a NUL.
 * validity: bit i & 7 of byte i >> 3 is 1 if row i has a value; elements of NULLs are 0; bits past the last row are undefined.
 *
 * The same struct passes a column to a statement (tdrest_stmt_bind_column): either a block's column as it is, or one that the
 * program fills in, starting from TDREST_COLUMN or TDREST_TEXT_COLUMN. Then only size, type, count, the arrays and, for a TIMESTAMP,
 * precision matter; validity may be NULL (no row is NULL), and so may length (row i then ends where offset[i + 1] begins). Texts need no NUL.
 */
struct tdrest_column {
    size_t size;            /**< of this struct, as the library knows it; it grows at the end */
    const char *name;       /**< as the server wrote it, which truncates it to 64 bytes */
    size_t name_len;
    const char *type_name;  /**< as the server wrote it: "INT UNSIGNED", "DECIMAL(18,6)" */
    int type;               /**< TDREST_TYPE_... */
    int precision;          /**< TIMESTAMP: TDREST_MS ..., UNKNOWN before the first value; DECIMAL: its digits */
    int scale;              /**< DECIMAL: digits after the point */
    int64_t declared;       /**< declared length: characters for NCHAR, otherwise bytes */
    int64_t count;          /**< rows in the current block */
    const void *values;
    const uint8_t *validity;
    const uint32_t *offset;
    const uint32_t *length;
    const char *bytes;
    const int16_t *zone_min; /**< TIMESTAMP: the UTC offset that the server wrote, in minutes east, one per row; 0 if the offset had seconds (before 1972) */
};

/** The start value of a column of native values to bind. Set `precision` for a TIMESTAMP, and `validity` if there are NULLs. */
#define TDREST_COLUMN(type, values, count) \
    {sizeof(tdrest_column), NULL, 0, NULL, (type), 0, 0, 0, (count), (values), NULL, NULL, NULL, NULL, NULL}

/** The start value of a column of texts or bytes to bind: row i is at bytes + offset[i], length[i] bytes long. */
#define TDREST_TEXT_COLUMN(type, bytes, offset, length, count) \
    {sizeof(tdrest_column), NULL, 0, NULL, (type), 0, 0, 0, (count), NULL, NULL, (offset), (length), (bytes), NULL}

/**
 * The SQL name of a type.
 *
 * @param type a TDREST_TYPE_ number.
 * @return a name such as "BIGINT UNSIGNED"; "UNKNOWN" for other numbers.
 * Errors: none.
 * Ownership: static text.
 * Blocking: no.
 * Threads: any.
 * Since: 0.1.0
 * Example: puts(tdrest_type_name(TDREST_TYPE_UBIGINT));
 */
TDREST_API const char *tdrest_type_name(int type);

/**
 * The number of rows in a block.
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
 * @return the column with its values; NULL if the index is out of range.
 * Errors: none.
 * Ownership: borrowed from the block.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: const double *volts = (const double *)tdrest_block_column(block, 1)->values;
 */
TDREST_API const tdrest_column *tdrest_block_column(const tdrest_block *block, size_t index);

/** The size of a buffer that holds any text of tdrest_double_format and tdrest_float_format. */
#define TDREST_NUMBER_BYTES 40

/**
 * Writes a double as tdrest_result_text does: the shortest text that reads back as the same value, independent of the locale.
 * Plain notation from 1e-6 to below 1e21 ("0.1", "12", "-0"), otherwise "1.5e-07"; "nan", "inf" and "-inf".
 *
 * @param value the value.
 * @param text  receives the text with its NUL; may be NULL if cap is 0.
 * @param cap   size of text in bytes; TDREST_NUMBER_BYTES is always enough. All of it may be written to.
 * @param len   receives the text's length; may be NULL.
 * @return TDREST_OK or an error.
 * Errors: TDREST_ERANGE (cap is too small; text then holds "", and len is set).
 * Ownership: the caller's buffer.
 * Blocking: no.
 * Threads: any.
 * Since: 0.2.0
 * Example: rc = tdrest_double_format(21.5, text, sizeof text, &n);
 */
TDREST_API int tdrest_double_format(double value, char *text, size_t cap, size_t *len);

/**
 * Writes a float as tdrest_result_text does: the shortest text that reads back as the same float, in the form of tdrest_double_format.
 *
 * @param value the value.
 * @param text  receives the text with its NUL; may be NULL if cap is 0.
 * @param cap   size of text in bytes; TDREST_NUMBER_BYTES is always enough. All of it may be written to.
 * @param len   receives the text's length; may be NULL.
 * @return TDREST_OK or an error.
 * Errors: TDREST_ERANGE (cap is too small; text then holds "", and len is set).
 * Ownership: the caller's buffer.
 * Blocking: no.
 * Threads: any.
 * Since: 0.2.0
 * Example: rc = tdrest_float_format(21.5f, text, sizeof text, &n);
 */
TDREST_API int tdrest_float_format(float value, char *text, size_t cap, size_t *len);

/* ------------------------------------------------------------------------
 * 7  SQL text
 * ------------------------------------------------------------------------ */

/** One statement of a script. */
typedef struct tdrest_sql_statement {
    size_t size;   /**< sizeof(tdrest_sql_statement), set by TDREST_SQL_STATEMENT_INIT; 0 is an error */
    size_t offset; /**< of its first byte in the script, after leading white space and comments */
    size_t len;    /**< in bytes, without the `;` and trailing white space and comments */
    int64_t line;  /**< of its first byte, from 1 */
    int closed;    /**< 1: a `;` ended it; 0: the script ended */
    int open;      /**< what is still open at the end of the script: one of ' " ` or * for a comment; 0: nothing */
} tdrest_sql_statement;

/** The start value of a tdrest_sql_statement. */
#define TDREST_SQL_STATEMENT_INIT {sizeof(tdrest_sql_statement), 0, 0, 0, 0, 0}

/**
 * Splits a script into statements at each `;`, by the server's rules for quotes and comments. Skips statements that are empty or
 * consist of comments only.
 *
 * @param script the text.
 * @param len    its length in bytes, or TDREST_CSTR, which measures the script again at each call.
 * @param pos    where to continue, in bytes; 0 for the first call. Moved past the statement; unchanged on an error.
 * @param out    receives the statement. Start from TDREST_SQL_STATEMENT_INIT and pass the same struct each time: it carries the line count.
 * @return TDREST_ROW, TDREST_DONE at the end, or an error.
 * Errors: TDREST_EUSAGE (a quote or comment is not closed: `open` says which, `offset` and `line` where; append more text to the script
 * and repeat the call; script is NULL; out->size is 0).
 * Ownership: out refers to the script.
 * Blocking: no.
 * Threads: any.
 * Since: 0.1.0
 * Example: while (tdrest_sql_next(script, TDREST_CSTR, &pos, &st) == TDREST_ROW) printf("%.*s\n", (int)st.len, script + st.offset);
 * Source: a backslash escapes the next byte in '...' and "...", but not in `...`; a doubled quote stands for one; comments do not nest.
 */
TDREST_API TDREST_NODISCARD int tdrest_sql_next(const char *script, size_t len, size_t *pos, tdrest_sql_statement *out);

/**
 * Finds the next placeholder, `?` or `:name`, as tdrest_stmt_new does; quotes and comments contain none. Identifiers cannot be
 * bound: use this to replace a placeholder with what tdrest_quote_ident returns.
 *
 * @param sql one or more statements.
 * @param len its length in bytes, or TDREST_CSTR, which measures the text again at each call.
 * @param pos where to continue, in bytes; 0 for the first call. Moved past the placeholder; unchanged on an error.
 * @param at  receives the offset of the placeholder, which ends at *pos; on an error, the offset of the error.
 * @return TDREST_ROW, TDREST_DONE at the end, or an error.
 * Errors: TDREST_EUSAGE (a quote or comment is not closed; a word touches a `?`; sql is NULL).
 * Ownership: nothing is kept.
 * Blocking: no.
 * Threads: any.
 * Since: 0.1.0
 * Example: while (tdrest_sql_next_param(script, TDREST_CSTR, &pos, &n) == TDREST_ROW) printf("%.*s\n", (int)(pos - n), script + n);
 * Source: as for tdrest_sql_next; `:` has no meaning in the server's SQL.
 */
TDREST_API TDREST_NODISCARD int tdrest_sql_next_param(const char *sql, size_t len, size_t *pos, size_t *at);

/** What running a statement twice does. */
enum {
    TDREST_SQL_UNSAFE = 0,    /**< the second run may do something else than the first */
    TDREST_SQL_READ = 1,      /**< nothing: the statement only reads */
    TDREST_SQL_IDEMPOTENT = 2 /**< the second run writes the same again, or finds nothing left to do */
};

/**
 * Classifies a statement: may it be sent again if it is unknown whether it ran? Only a few forms are certain; anything else is
 * TDREST_SQL_UNSAFE: other statements, several statements, placeholders, text that the server would reject.
 *
 * READ: SELECT, SHOW, DESCRIBE, EXPLAIN of a query. IDEMPOTENT, unless it contains NOW, TODAY or RAND: INSERT ... VALUES, INSERT INTO a SELECT *
 * FROM b without further clauses (other SELECTs may read what the first run wrote), DELETE, CREATE ... IF NOT EXISTS, DROP ... IF EXISTS. A quoted
 * 'now' counts too: TIMESTAMP columns take it as a time, others as text. A repeat may still overwrite what someone else has written meanwhile;
 * therefore the library itself, with `retry=auto`, never repeats a DELETE or DROP that may have run.
 *
 * @param sql one statement; the `;` at its end is optional.
 * @param len its length in bytes, or TDREST_CSTR.
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
 * Quotes a text as an SQL string literal: '...', with the server's escapes.
 *
 * @param text   the bytes; need not be UTF-8.
 * @param len    its length in bytes, or TDREST_CSTR.
 * @param out    receives the literal with its NUL; may be NULL if cap is 0.
 * @param cap    size of out in bytes; 2 * len + 3 is always enough.
 * @param needed receives the literal's length; may be NULL.
 * @return TDREST_OK or an error.
 * Errors: TDREST_ERANGE (cap is too small; out then holds "", and needed is set), TDREST_EBIND (a NUL, or a literal above 65,530 bytes), TDREST_EUSAGE (text is NULL).
 * Ownership: the caller's buffer.
 * Blocking: no.
 * Threads: any.
 * Since: 0.1.0
 * Example: rc = tdrest_quote_literal("it's", TDREST_CSTR, text, sizeof text, &n);
 * Source: for the server a NUL silently ends the statement; it rejects, or silently truncates, longer literals.
 */
TDREST_API TDREST_NODISCARD int tdrest_quote_literal(const char *text, size_t len, char *out, size_t cap, size_t *needed);

/**
 * Quotes a name as an SQL identifier: `...`, case preserved.
 *
 * @param name   the name, without a dot; quote each part of `db.table` separately.
 * @param len    its length in bytes, or TDREST_CSTR.
 * @param out    receives the identifier with its NUL; may be NULL if cap is 0.
 * @param cap    size of out in bytes; 2 * len + 3 is always enough.
 * @param needed receives the identifier's length; may be NULL.
 * @return TDREST_OK or an error.
 * Errors: TDREST_ERANGE (cap is too small; out then holds "", and needed is set), TDREST_EBIND (empty, above 192 bytes, a NUL or a backslash), TDREST_EUSAGE (name is NULL).
 * Ownership: the caller's buffer.
 * Blocking: no.
 * Threads: any.
 * Since: 0.1.0
 * Example: rc = tdrest_quote_ident("my table", TDREST_CSTR, text, sizeof text, &n);
 * Source: overlong names crash the adapter; a backslash before the closing quote corrupts the rest of the statement.
 */
TDREST_API TDREST_NODISCARD int tdrest_quote_ident(const char *name, size_t len, char *out, size_t cap, size_t *needed);

/* ------------------------------------------------------------------------
 * 8  Statements with parameters
 * ------------------------------------------------------------------------ */

/**
 * A statement with placeholders, `?` or `:name`, and the rows added to it. REST has no parameters, so the library fills in the
 * placeholders: each value becomes one SQL literal by the server's own rules, or is rejected with TDREST_EBIND before anything is sent.
 *
 *     INSERT INTO ? USING meters TAGS (?, ?) VALUES (?, ?)
 *                 table                0  1          2  3
 *
 * Parameters are numbered from 0 in text order. The table's placeholder is not a parameter; tdrest_stmt_set_table fills it in. A repeated
 * `:name` is the same parameter; every `?` is a new one. Quotes and comments contain no placeholders.
 *
 * An INSERT with one row in VALUES can send many: bind a row, call tdrest_stmt_add_row, and so on, then tdrest_stmt_run.
 * Rows are grouped by table, keep their order within a table, and are packed into requests of up to `max_sql_bytes`. Tags keep their values until
 * changed; the values of a row must be bound for each row. Any other statement (SELECT, DELETE, another form of INSERT) is sent once per run or
 * query, with its values filled in; all of them stay bound until changed. A column bound to the placeholder of `IN (?)` becomes the list.
 *
 * Rows stay until a run succeeds, or until tdrest_stmt_drop_rows or tdrest_stmt_reset. After a failed run, the next one sends the rows that were not
 * written, and repeats those that may have been: a row with the same table and time overwrites, so no row is duplicated (tdrest_stmt_run has the exception).
 *
 * The statement uses its connection. If that is freed first, the statement is detached: calls that need the connection fail with TDREST_EUSAGE.
 */
typedef struct tdrest_stmt tdrest_stmt;

/** The role of a parameter. */
enum {
    TDREST_PARAM_VALUE = 1,     /**< in the row of an INSERT: must be bound for each row */
    TDREST_PARAM_TAG = 2,       /**< in TAGS of an INSERT: stays bound until changed */
    TDREST_PARAM_EXPRESSION = 3 /**< anywhere else: stays bound until changed */
};

/** One parameter. */
typedef struct tdrest_param {
    size_t size;                 /**< of this struct, as the library knows it; it grows at the end */
    const char *name;            /**< of `:name`, without the colon; "" for `?` */
    int role;                    /**< TDREST_PARAM_... */
    const tdrest_column *column; /**< its column or tag, after tdrest_stmt_describe; NULL: unknown */
} tdrest_param;

/** What happened to a row in a failed run. */
enum {
    TDREST_ROWS_NOT_WRITTEN = 0, /**< not sent, or rejected before anything was written */
    TDREST_ROWS_WRITTEN = 1,     /**< confirmed by the server */
    TDREST_ROWS_UNKNOWN = 2      /**< sent, but no answer says whether it was written: wholly, in part or not at all */
};

/** The last run of a statement that was sent in several requests. */
typedef struct tdrest_stmt_report {
    size_t size;       /**< of this struct, as the library knows it; it grows at the end */
    int64_t requests;  /**< number of requests that the rows need */
    int64_t failed_at; /**< the request that failed, from 0; -1: none */
    int64_t rows;      /**< held by the statement, including written ones; 0 after success */
    int64_t affected;  /**< as counted by the server, over the requests that succeeded */
} tdrest_stmt_report;

/** Consecutive rows with the same state. */
typedef struct tdrest_row_range {
    size_t size;   /**< of this struct, as the library knows it; it grows at the end */
    int64_t first; /**< from 0, in the order in which rows were added since the last success or reset */
    int64_t count;
    int state;     /**< TDREST_ROWS_... */
} tdrest_row_range;

/**
 * Makes a statement from SQL text. Does not use the network.
 *
 * @param conn the connection it will run on; receives the record of a failure.
 * @param sql  one statement, as for tdrest_query, with placeholders.
 * @param len  its length in bytes, or TDREST_CSTR.
 * @param out  receives the statement.
 * @return TDREST_OK or an error.
 * Errors: TDREST_EUSAGE (anything tdrest_query rejects; a placeholder where no value can be; more than 32,766 of them; a name used for both
 *         a tag and a value; a number of values that differs from that of the named columns or tags; each with its byte offset), TDREST_ENOMEM.
 * Ownership: the text is copied; the caller frees *out with tdrest_stmt_free.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_stmt_new(conn, "INSERT INTO ? USING meters TAGS(?,?) VALUES(?,?)", TDREST_CSTR, &stmt);
 * Source: the server's own placeholders work only in its native protocol.
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_new(tdrest_conn *conn, const char *sql, size_t len, tdrest_stmt **out);

/**
 * Frees a statement and the rows it holds.
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
 * The number of parameters; the table's placeholder is not one.
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
 * One parameter: its name and role.
 *
 * @param stmt  the statement, or NULL.
 * @param index from 0.
 * @return the parameter; NULL if the index is out of range.
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
 * @param name the name after the colon.
 * @return the index, or -1 if not found; binds reject it.
 * Errors: none.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_stmt_bind_double(stmt, tdrest_stmt_param_index(stmt, "current"), 10.3);
 */
TDREST_API int tdrest_stmt_param_index(const tdrest_stmt *stmt, const char *name);

/**
 * Sets the table of the rows that follow: fills in the placeholder after INTO. Rows already added keep their table.
 *
 * @param stmt the statement.
 * @param name the exact table name, case-sensitive, without quotes or database; write `INTO mydb.?` for a table in another database.
 * @param len  its length in bytes, or TDREST_CSTR.
 * @return TDREST_OK or an error; on an error no table is set.
 * Errors: TDREST_EBIND (empty, above 192 bytes, a dot, a backslash or a NUL), TDREST_EUSAGE (the statement has no placeholder for a table; name is NULL), TDREST_ENOMEM.
 * Ownership: the name is copied.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_stmt_set_table(stmt, "d1001", TDREST_CSTR);
 * Source: overlong names crash the adapter; a table name cannot contain a dot.
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_set_table(tdrest_stmt *stmt, const char *name, size_t len);

/**
 * Sets the time precision of the database that is written to. Times are then sent as integers: shorter, over the full range, and checked for
 * digits that the database would truncate. A wrong precision stores wrong times; tdrest_stmt_describe queries the right one.
 * Without a precision, times are sent as UTC text, which every database reads correctly, except that it truncates digits beyond its precision.
 * Does not change values already bound or rows already added.
 *
 * @param stmt      the statement.
 * @param precision TDREST_MS, TDREST_US or TDREST_NS; TDREST_PRECISION_UNKNOWN: unset.
 * @return TDREST_OK or an error.
 * Errors: TDREST_EUSAGE (another number).
 * Ownership: nothing is kept.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_stmt_set_precision(stmt, TDREST_MS);
 * Source: the server reads plain integers in the database's precision.
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_set_precision(tdrest_stmt *stmt, int precision);

/**
 * Queries the columns and tags that an INSERT writes to, and the precision of the database. From then on, single values are checked against
 * them when bound, and bound columns when their rows are added. Later calls send nothing, unless another table with columns of its own has been
 * set (a placeholder without USING): then the next call queries again; until then the previous description applies.
 *
 * @param stmt the statement; if its table is a placeholder without USING, a table must be set.
 * @param call per-call overrides; NULL for none.
 * @return TDREST_OK or an error.
 * Errors: as tdrest_query; TDREST_EUSAGE (not an INSERT with one row of VALUES; no table set), TDREST_EBIND (the statement names a column that does not exist, or
 *         has the wrong number of values).
 * Ownership: the description belongs to stmt.
 * Blocking: at most `timeout_ms` for each of two statements.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_stmt_describe(stmt, NULL);
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_describe(tdrest_stmt *stmt, const tdrest_call *call);

/*
 * Binding values. Each call sets one parameter, by index, and copies the value. A value that cannot be written as an SQL literal, or does
 * not fit the described column, is TDREST_EBIND and leaves the parameter unbound; the message names the parameter and what was
 * expected, never the value. TDREST_EUSAGE: no such parameter, or a NULL pointer.
 */

/**
 * Binds NULL.
 *
 * @param stmt  the statement.
 * @param index of the parameter, from 0.
 * @return TDREST_OK or an error.
 * Errors: TDREST_EBIND (for the first column of a table, its time; for a table's name), TDREST_EUSAGE, TDREST_ENOMEM.
 * Ownership: nothing is kept.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_stmt_bind_null(stmt, 3);
 * Source: among rows with the same time in one request, a NULL does not erase the value of an earlier row.
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_bind_null(tdrest_stmt *stmt, int index);

/**
 * Binds a BOOL.
 *
 * @param stmt  the statement.
 * @param index of the parameter, from 0.
 * @param value 0 for false, anything else for true.
 * @return TDREST_OK or an error.
 * Errors: TDREST_EBIND (the column is known to have another type), TDREST_EUSAGE, TDREST_ENOMEM.
 * Ownership: the value is copied.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_stmt_bind_bool(stmt, 3, 1);
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_bind_bool(tdrest_stmt *stmt, int index, int value);

/**
 * Binds an integer, for a column of any integer type. For times use tdrest_stmt_bind_time.
 *
 * @param stmt  the statement.
 * @param index of the parameter, from 0.
 * @param value the number.
 * @return TDREST_OK or an error.
 * Errors: TDREST_EBIND (outside the known column's range, or the column has another type; the time of a row), TDREST_EUSAGE, TDREST_ENOMEM.
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
 * Binds a DOUBLE. Every finite value arrives exactly.
 *
 * @param stmt  the statement.
 * @param index of the parameter, from 0.
 * @param value the number.
 * @return TDREST_OK or an error.
 * Errors: TDREST_EBIND (NaN or infinite; out of range for a known FLOAT; the column is known to have another type), TDREST_EUSAGE, TDREST_ENOMEM.
 * Ownership: the value is copied.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_stmt_bind_double(stmt, 3, 10.3);
 * Source: the server rejects NaN and infinity in every spelling, and subnormal numbers unless quoted and hexadecimal.
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_bind_double(tdrest_stmt *stmt, int index, double value);

/**
 * Binds a FLOAT, as the shortest text that the server converts to the same FLOAT. For a DOUBLE column that is not described, use
 * tdrest_stmt_bind_double: here 10.3f would arrive there as 10.3.
 *
 * @param stmt  the statement.
 * @param index of the parameter, from 0.
 * @param value the number.
 * @return TDREST_OK or an error.
 * Errors: TDREST_EBIND (NaN or infinite; the column is known to have another type), TDREST_EUSAGE, TDREST_ENOMEM.
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
 * Errors: TDREST_EBIND (another precision; if the database's precision is known: digits it would truncate, out of its range, or as the first column of a
 *         table after 2970-01-01, in nanoseconds 2262-01-01; if unknown: before 1677-09-21 or after 2262-04-11, or within the second before 1970), TDREST_EUSAGE, TDREST_ENOMEM.
 * Ownership: the value is copied.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_stmt_bind_time(stmt, 2, 1704164645123, TDREST_MS);
 * Source: a nanosecond database silently wraps later and earlier times given as text; the text 1969-12-31T23:59:59Z is rejected.
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_bind_time(tdrest_stmt *stmt, int index, int64_t value, int precision);

/**
 * Binds a TIMESTAMP written as text with its zone: 2024-01-02T03:04:05.123Z. A space instead of T, and +08:00, +0800 or +08 instead of Z are accepted.
 *
 * @param stmt  the statement.
 * @param index of the parameter, from 0.
 * @param text  the time, with at most nine fractional digits.
 * @param len   its length in bytes, or TDREST_CSTR.
 * @return TDREST_OK or an error.
 * Errors: TDREST_EBIND (another form, no zone, a day or time that does not exist; as tdrest_stmt_bind_time), TDREST_EUSAGE, TDREST_ENOMEM.
 * Ownership: the value is copied.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_stmt_bind_time_text(stmt, 2, "2024-01-02T03:04:05.123Z", TDREST_CSTR);
 * Source: the server turns 29 February 2023 into 1 March, and a local time that a clock change skips into 1969-12-31T23:59:59Z.
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_bind_time_text(tdrest_stmt *stmt, int index, const char *text, size_t len);

/**
 * Binds a text for VARCHAR (BINARY): any bytes except NUL. For a known NCHAR column it must be UTF-8.
 *
 * @param stmt  the statement.
 * @param index of the parameter, from 0.
 * @param text  the text.
 * @param len   its length in bytes, or TDREST_CSTR.
 * @return TDREST_OK or an error.
 * Errors: TDREST_EBIND (a NUL; a literal above 65,530 bytes, escapes included; longer than the known column; another type), TDREST_EUSAGE, TDREST_ENOMEM.
 * Ownership: the text is copied.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_stmt_bind_text(stmt, 1, "California.SanFrancisco", TDREST_CSTR);
 * Source: for the server a NUL silently ends the statement; it rejects, or silently truncates, longer literals.
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_bind_text(tdrest_stmt *stmt, int index, const char *text, size_t len);

/**
 * Binds bytes for VARCHAR (BINARY), as tdrest_stmt_bind_text does; for VARBINARY and BLOB use tdrest_stmt_bind_varbinary.
 *
 * @param stmt  the statement.
 * @param index of the parameter, from 0.
 * @param bytes the bytes; may be NULL if len is 0.
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
 * @param len   its length in bytes, or TDREST_CSTR.
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
 * Binds a JSON tag: one flat object of strings, numbers, true, false and null.
 *
 * @param stmt  the statement.
 * @param index of the parameter, from 0.
 * @param text  the JSON, at most 4,095 bytes.
 * @param len   its length in bytes, or TDREST_CSTR.
 * @return TDREST_OK or an error.
 * Errors: TDREST_EBIND (not an object, or one that is empty, nested or malformed; a key that is empty, duplicate, above 256 bytes or not printable ASCII; a number of 1e50 or
 *         more, or with more than 15 significant digits; \u0000), TDREST_EUSAGE, TDREST_ENOMEM.
 * Ownership: the text is copied.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_stmt_bind_json(stmt, 0, "{\"location\":\"SF\",\"group\":2}", TDREST_CSTR);
 * Source: a number of 1e54 or more crashes the server, and again at every restart; it returns 15 digits; the first of duplicate keys wins.
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_bind_json(tdrest_stmt *stmt, int index, const char *text, size_t len);

/**
 * Binds a DECIMAL as text, such as -123.4500.
 *
 * @param stmt  the statement.
 * @param index of the parameter, from 0.
 * @param text  an optional minus sign, digits, and optionally a point and more digits.
 * @param len   its length in bytes, or TDREST_CSTR.
 * @return TDREST_OK or an error.
 * Errors: TDREST_EBIND (another form; more than 38 digits; digits that the known column would round or cannot hold), TDREST_EUSAGE, TDREST_ENOMEM.
 * Ownership: the text is copied.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_stmt_bind_decimal_text(stmt, 3, "-123.4500", TDREST_CSTR);
 * Source: the server reads text that is not a number as 0, and rounds digits beyond the scale.
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_bind_decimal_text(tdrest_stmt *stmt, int index, const char *text, size_t len);

/**
 * Binds bytes for VARBINARY or BLOB, NULs included.
 *
 * @param stmt  the statement.
 * @param index of the parameter, from 0.
 * @param bytes the bytes; may be NULL if len is 0.
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
 * Binds a GEOMETRY as well-known text: POINT, LINESTRING, POLYGON and their MULTI forms, with two coordinates per point.
 *
 * @param stmt  the statement.
 * @param index of the parameter, from 0.
 * @param text  the well-known text; or well-known binary, as tdrest_result_bytes returns it, which is converted to text.
 * @param len   its length in bytes, or TDREST_CSTR.
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
 * Binds many values to one parameter at once: a column of a result's block, or one made with TDREST_COLUMN or TDREST_TEXT_COLUMN.
 *
 * In the row of an INSERT, each value makes a row. All columns bound for the next tdrest_stmt_add_row or tdrest_stmt_run must have the same number
 * of rows; a single value is repeated in each of them.
 *
 * If the placeholder is alone in the parentheses of IN or NOT IN, the column becomes the list:
 *
 *     SELECT * FROM d1001 WHERE voltage IN (?)         SELECT * FROM meters WHERE tbname NOT IN (:tables)
 *
 * A single value bound there gives `IN (value)`. The list is built by this call and kept until the parameter is bound again. It needs at
 * least one value and may not contain NULL, with which NOT IN would find no row at all.
 *
 * @param stmt   the statement.
 * @param index  of the parameter, from 0.
 * @param column type, values and count. GEOMETRY: bytes as read (WKB), or well-known text; other text types as for the bind function of that type.
 * @return TDREST_OK or an error.
 * Errors: TDREST_EBIND (TIMESTAMP without precision; type UNKNOWN; for IN: no values, a NULL, a value that cannot be written, with its row),
 *         TDREST_EUSAGE (invalid size, a NULL array, a parameter that takes a single value only). For rows, adding them reports invalid
 *         values and types that do not match a known column, with the row.
 * Ownership: the struct is copied. For IN the arrays are copied; for rows they are borrowed until the rows are added, by tdrest_stmt_add_row or
 *         tdrest_stmt_run, or until the parameter is bound again.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_stmt_bind_column(stmt, 2, tdrest_block_column(block, 0));
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_bind_column(tdrest_stmt *stmt, int index, const tdrest_column *column);

/**
 * Adds the bound values as a row, or as all rows of the bound columns, with the current table and tags. Sends nothing.
 * Then the values of the row are unbound; table and tags stay.
 *
 * @param stmt the statement: an INSERT with one row of VALUES.
 * @return TDREST_OK; TDREST_FULL: added, and rows and table clauses have reached `batch_bytes`: run before adding more; or an error: nothing was added, everything stays bound.
 * Errors: TDREST_EBIND (a parameter is not bound, or no table is set; no value is a time, though every row needs one: use tdrest_stmt_bind_time or a
 *         TIMESTAMP column; a column's value cannot be written, with its row; a row longer than `max_sql_bytes`),
 *         TDREST_EUSAGE (another kind of statement; columns with different numbers of rows; the connection was freed), TDREST_ENOMEM.
 * Ownership: rows are copied.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: if (tdrest_stmt_add_row(stmt) == TDREST_FULL) rc = tdrest_stmt_run(stmt, NULL, &affected);
 * Source: the server merges rows of one table with the same time in one request: later values win, NULLs do not erase. NOW in the statement's text is such a time.
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_add_row(tdrest_stmt *stmt);

/**
 * Drops added rows, typically one that the server rejects and that would keep the others from being written. Sends nothing.
 *
 * Rows are counted as in tdrest_row_range. The rows after the dropped ones move up; they keep their order and state, and the next run sends
 * them as before. Written rows may be dropped too, which only forgets them. The report of the last run does not change, except that
 * `rows` counts what is left. To drop several ranges, start with the last, so that the numbers of the others remain valid. Bound values stay bound.
 *
 * @param stmt  the statement.
 * @param first the first row to drop, from 0.
 * @param count how many; 0 drops none.
 * @return TDREST_OK or an error; on an error none is dropped.
 * Errors: TDREST_EUSAGE (not within the rows that the statement holds).
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.2.0
 * Example: if (tdrest_stmt_error(stmt)->row >= 0) rc = tdrest_stmt_drop_rows(stmt, tdrest_stmt_error(stmt)->row, 1);
 * Source: the server rejects a whole request for one bad row.
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_drop_rows(tdrest_stmt *stmt, int64_t first, int64_t count);

/**
 * Sends the statement. For an INSERT of rows: adds the values bound but not yet added, then sends all rows in as many requests as they
 * need; without rows, sends nothing. Any other statement is sent once; if it returns rows, they are not read.
 *
 * If the server rejects a row and its message identifies it, the record's `row` is that row: drop it with tdrest_stmt_drop_rows, and the next run sends
 * the others. The server quotes the text it rejects, so this works if that text occurs once in the request and contains no backslash; the server never
 * identifies a value that is too long. tdrest_stmt_describe lets the library find such values before sending, with row and column.
 *
 * After a failure the rows stay: tdrest_stmt_get_report and tdrest_stmt_get_range say what happened to them, and the next run sends all that
 * are not TDREST_ROWS_WRITTEN. Rows in unknown state whose time is NOW or TODAY would be duplicated: the next run fails with TDREST_EUSAGE until
 * they are dropped or the statement is reset. NOW can be in the statement's own text, quoted or not, or in a bound text if the columns are named and not described.
 *
 * @param stmt     the statement.
 * @param call     overrides for each request; the time limits apply to each of them. NULL for none.
 * @param affected receives the number of rows affected by all requests of this run, -1 for a statement that returns rows; may be NULL.
 * @return TDREST_OK or an error; the record is in stmt.
 * Errors: as tdrest_query and tdrest_stmt_add_row.
 * Ownership: nothing is kept.
 * Blocking: until all answers are complete, at most `timeout_ms` for each request.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_stmt_run(stmt, NULL, &affected);
 * Source: the server parses the whole text before it writes anything; it may then write only part of it.
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_run(tdrest_stmt *stmt, const tdrest_call *call, int64_t *affected);

/**
 * Sends the statement and waits until the columns of the answer are known, as tdrest_query does.
 *
 * @param stmt the statement: not an INSERT of rows.
 * @param call per-call overrides; NULL for none.
 * @param out  receives the result.
 * @return TDREST_OK or an error; the record is in stmt.
 * Errors: as tdrest_query; TDREST_EBIND (a parameter is not bound), TDREST_EUSAGE (an INSERT of rows: use tdrest_stmt_run).
 * Ownership: the caller frees *out with tdrest_result_free; it does not depend on stmt.
 * Blocking: until the columns are known, at most `timeout_ms`.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_stmt_query(stmt, NULL, &res);
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_query(tdrest_stmt *stmt, const tdrest_call *call, tdrest_result **out);

/**
 * Clears rows, bound values, tags, table and the report of the last run. The description and the precision stay.
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
 * The number of rows affected by the last run, including one that failed midway.
 *
 * @param stmt the statement, or NULL.
 * @return the sum over the requests that succeeded; -1 if the last run returned rows, or there was no run.
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
 * @return the report; never NULL. Before the first run: no requests, none failed.
 * Errors: none.
 * Ownership: borrowed from stmt until its next run or reset.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: printf("request %lld of %lld\n", (long long)tdrest_stmt_get_report(stmt)->failed_at + 1, (long long)tdrest_stmt_get_report(stmt)->requests);
 */
TDREST_API const tdrest_stmt_report *tdrest_stmt_get_report(const tdrest_stmt *stmt);

/**
 * What happened to the rows: all rows that the statement holds, in order, as ranges of consecutive rows with the same state.
 *
 * @param stmt  the statement.
 * @param index from 0; iterating upwards takes linear time overall.
 * @return the range; NULL if the index is out of range.
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
 * @return the record; code 0 if the last call did not fail. `column` is the parameter, `row` is counted as in tdrest_row_range. Never NULL.
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
    TDREST_PROTOCOL_JSON = 3    /**< OpenTSDB JSON: one point as an object, or an array of points */
};

/** More units for the times in InfluxDB lines, besides TDREST_MS, TDREST_US and TDREST_NS. */
enum { TDREST_SECOND = -1, TDREST_MINUTE = -2, TDREST_HOUR = -3 };

/**
 * How far the last tdrest_write of a connection got. Counts all lines, including comments and blank ones; for JSON, points.
 * Written lines come first, then those of the request that failed, then those never sent.
 */
typedef struct tdrest_written {
    size_t size;          /**< of this struct, as the library knows it; it grows at the end */
    int64_t requests;     /**< that succeeded */
    int64_t lines;        /**< written */
    int64_t failed_lines; /**< in the request that failed */
    int64_t unsent_lines; /**< never sent */
    size_t bytes;         /**< of data before the first line not written: where to continue (for JSON, with a `[` in front) */
    size_t failed_bytes;  /**< of data in the failed lines; the lines never sent follow them */
    int failed_unknown;   /**< 1: all or some failed lines may have been written; 0: none was */
} tdrest_written;

/**
 * Writes lines or points. The server creates missing tables and columns.
 *
 * Data above `batch_bytes` is split at line ends (JSON: between the points of the array) and sent in order in several requests; the first
 * failure ends the call. tdrest_conn_get_written says how far it got. If the server finds a bad line, it writes nothing of that request;
 * it does not say how many lines it wrote. The record's `repeat` says whether the whole call may be sent again: only if all lines that
 * were or may have been written carry a time, because the server uses its own clock for lines without one, or with 0.
 *
 * @param conn      the connection; a database must be set in it or in call.
 * @param protocol  a TDREST_PROTOCOL_ number.
 * @param precision unit of the times in TDREST_PROTOCOL_LINE: TDREST_HOUR, _MINUTE, _SECOND, _MS, _US, _NS; 0 for the other two, which take ten
 *                  digits as seconds and thirteen as milliseconds.
 * @param data      the lines, or one JSON text.
 * @param len       its length in bytes, or TDREST_CSTR.
 * @param call      per-call overrides; NULL for none. Every request carries its req_id.
 * @return TDREST_OK: everything is written; or an error, the record is in conn.
 * Errors: TDREST_EUSAGE (invalid protocol, precision or call; no database; data without a line, or with a NUL, or malformed JSON, with
 *         the byte offset; nothing was sent), TDREST_ESERVER (mostly of class SchemalessError), else as tdrest_query.
 * Ownership: nothing is kept.
 * Blocking: at most `timeout_ms` for all requests together.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: rc = tdrest_write(conn, TDREST_PROTOCOL_LINE, TDREST_MS, "meters,location=SF current=11.8 1700000000000", TDREST_CSTR, NULL);
 * Source: empty input succeeds at two of the three endpoints; the server takes an unknown precision, `us` included, for nanoseconds.
 */
TDREST_API TDREST_NODISCARD int tdrest_write(tdrest_conn *conn, int protocol, int precision, const char *data, size_t len,
                                             const tdrest_call *call);

/**
 * How far the last tdrest_write got.
 *
 * @param conn the connection, or NULL.
 * @return the report; all 0 before the first call, and if the last one rejected its arguments or data. Never NULL.
 * Errors: none.
 * Ownership: borrowed from conn until its next tdrest_write.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.1.0
 * Example: printf("%lld lines are written\n", (long long)tdrest_conn_get_written(conn)->lines);
 */
TDREST_API const tdrest_written *tdrest_conn_get_written(const tdrest_conn *conn);

/**
 * A builder of InfluxDB lines. It escapes what the grammar can escape, and rejects what cannot be written or would be read back differently.
 * Begin a line with tdrest_lines_add_measurement, add tags, then fields, optionally a time, and end it with tdrest_lines_end. Checking the
 * result of that call is enough: after a failure the other calls for the line do nothing and return the same error, and the line is dropped.
 */
typedef struct tdrest_lines tdrest_lines;

/**
 * Creates a builder.
 *
 * @param allocator for this object; NULL: malloc and free.
 * @param out       receives the object.
 * @return TDREST_OK or an error.
 * Errors: TDREST_EUSAGE (allocator has an invalid size, such as 0, or lacks a member), TDREST_ENOMEM.
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
 * Removes all lines; keeps the memory.
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
 * @param name  of the super table: 1 to 192 bytes of UTF-8, no control characters, no `#` or white space at the start, no backslash at the end
 *              or before `,` `=`, a space or another backslash. The server replaces dots with `_`.
 * @return TDREST_OK or an error; the record is in lines.
 * Errors: TDREST_EBIND (invalid name), TDREST_EUSAGE (NULL, or a line is open), TDREST_ENOMEM.
 * Ownership: the name is copied.
 * Blocking: no.
 * Threads: one per builder.
 * Since: 0.1.0
 * Example: rc = tdrest_lines_add_measurement(lines, "meters");
 * Source: in names and tags the server reads two backslashes as one; a line that starts with `#` is a comment.
 */
TDREST_API int tdrest_lines_add_measurement(tdrest_lines *lines, const char *name);

/**
 * Adds a tag, which the server stores as NCHAR.
 *
 * @param lines the builder; the line must have no field yet.
 * @param key   1 to 64 bytes, under the rules of tdrest_lines_add_measurement except for the start; unique in the line.
 * @param value UTF-8, not empty, no control characters, no backslash at the end or before `,` `=`, a space or another backslash. Omit a tag that has no value.
 * @param len   its length in bytes, or TDREST_CSTR.
 * @return TDREST_OK or an error; the record is in lines.
 * Errors: TDREST_EBIND (invalid key or value, duplicate key), TDREST_EUSAGE (NULL, no line is open, or it has fields), TDREST_ENOMEM.
 * Ownership: both are copied.
 * Blocking: no.
 * Threads: one per builder.
 * Since: 0.1.0
 * Example: rc = tdrest_lines_add_tag(lines, "location", "San Francisco", TDREST_CSTR);
 * Source: the server rejects an empty tag value.
 */
TDREST_API int tdrest_lines_add_tag(tdrest_lines *lines, const char *key, const char *value, size_t len);

/**
 * Adds a DOUBLE field.
 *
 * @param lines the builder.
 * @param key   as for tdrest_lines_add_tag.
 * @param value finite.
 * @return TDREST_OK or an error; the record is in lines.
 * Errors: TDREST_EBIND (invalid or duplicate key, NaN or infinite), TDREST_EUSAGE (NULL, or no line is open), TDREST_ENOMEM.
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
 * Adds an integer field with the width of an existing column.
 *
 * @param lines the builder.
 * @param key   as for tdrest_lines_add_tag.
 * @param type  TDREST_TYPE_TINYINT, _SMALLINT, _INT, _BIGINT, _UTINYINT, _USMALLINT, _UINT or _UBIGINT.
 * @param value within the range of that type.
 * @return TDREST_OK or an error; the record is in lines.
 * Errors: TDREST_EBIND (invalid or duplicate key, out of range), TDREST_EUSAGE (NULL, another type, or no line is open), TDREST_ENOMEM.
 * Ownership: the key is copied.
 * Blocking: no.
 * Threads: one per builder.
 * Since: 0.1.0
 * Example: rc = tdrest_lines_add_integer(lines, "voltage", TDREST_TYPE_INT, 219);
 * Source: a field must have the type of its column, which the first line with that field determined.
 */
TDREST_API int tdrest_lines_add_integer(tdrest_lines *lines, const char *key, int type, int64_t value);

/**
 * Adds a BIGINT field.
 *
 * @param lines the builder.
 * @param key   as for tdrest_lines_add_tag.
 * @param value any.
 * @return TDREST_OK or an error; the record is in lines.
 * Errors: TDREST_EBIND (invalid or duplicate key), TDREST_EUSAGE (NULL, or no line is open), TDREST_ENOMEM.
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
 * @param value 0 for false, anything else for true.
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
 * @param len   its length in bytes, or TDREST_CSTR.
 * @return TDREST_OK or an error; the record is in lines.
 * Errors: TDREST_EBIND (invalid key or text, duplicate key), TDREST_EUSAGE (NULL, or no line is open), TDREST_ENOMEM.
 * Ownership: both are copied.
 * Blocking: no.
 * Threads: one per builder.
 * Since: 0.1.0
 * Example: rc = tdrest_lines_add_text(lines, "note", "it \"hums\"", TDREST_CSTR);
 * Source: the grammar has no escape for a line feed; a NUL would end the text.
 */
TDREST_API int tdrest_lines_add_text(tdrest_lines *lines, const char *key, const char *text, size_t len);

/**
 * Adds an NCHAR field.
 *
 * @param lines the builder.
 * @param key   as for tdrest_lines_add_tag.
 * @param text  UTF-8 of at most 16,379 characters, without NUL and line feed.
 * @param len   its length in bytes, or TDREST_CSTR.
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
 * @param bytes at most 65,517, any values; may be NULL if len is 0.
 * @param len   their number.
 * @return TDREST_OK or an error; the record is in lines.
 * Errors: TDREST_EBIND (invalid or duplicate key, too many bytes), TDREST_EUSAGE (NULL, or no line is open), TDREST_ENOMEM.
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
 * @param wkt   well-known text: printable ASCII without `"` and backslash; the server parses it.
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
 * Sets the line's time. Without one the server uses its own clock, and a repeat would add another row.
 *
 * @param lines the builder; the line must have a field.
 * @param time  units since 1970-01-01T00:00:00Z, above 0, in the precision passed to tdrest_write.
 * @return TDREST_OK or an error; the record is in lines.
 * Errors: TDREST_EBIND (0 or negative), TDREST_EUSAGE (no line is open, or it has no field, or already a time), TDREST_ENOMEM.
 * Blocking: no.
 * Threads: one per builder.
 * Since: 0.1.0
 * Example: rc = tdrest_lines_add_time(lines, 1700000000000);
 * Source: 0 means the server's clock; negative times are rejected.
 */
TDREST_API int tdrest_lines_add_time(tdrest_lines *lines, int64_t time);

/**
 * Ends the open line.
 *
 * @param lines the builder.
 * @return TDREST_OK, or the first error of the calls for this line: then the line is dropped, earlier lines stay, and a new one may be begun.
 * Errors: those of the calls for this line; TDREST_EUSAGE (no line is open, or it has no field).
 * Blocking: no.
 * Threads: one per builder.
 * Since: 0.1.0
 * Example: rc = tdrest_lines_end(lines);
 */
TDREST_API TDREST_NODISCARD int tdrest_lines_end(tdrest_lines *lines);

/**
 * The finished lines, ready for tdrest_write.
 *
 * @param lines the builder.
 * @param len   receives their length in bytes; may be NULL.
 * @return the lines, each ending with a line feed, NUL-terminated; "" if there are none.
 * Errors: none.
 * Ownership: borrowed from lines until the next call that begins or ends a line, resets or frees.
 * Blocking: no.
 * Threads: one per builder.
 * Since: 0.1.0
 * Example: rc = tdrest_write(conn, TDREST_PROTOCOL_LINE, TDREST_MS, tdrest_lines_get_data(lines, NULL), TDREST_CSTR, NULL);
 */
TDREST_API const char *tdrest_lines_get_data(const tdrest_lines *lines, size_t *len);

/**
 * The number of finished lines.
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
 * The record of a failure of the open line, or else of the last one ended. Its message names the key.
 *
 * @param lines the builder, or NULL.
 * @return the record; code 0 if it did not fail. Never NULL.
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
 * Connections shared by threads: a thread gets one, uses it like any other, and puts it back. At most `pool_max` exist at a time; if none
 * is free, callers wait their turn, first come, first served. This is the only object that several threads may use at the same time.
 *
 * A returned connection is kept, with its TCP connection, for the next caller, unless its last exchange failed, the server has closed it or is
 * about to (its Keep-Alive header says when), nobody has used it for `pool_idle_ms`, or it is older than `pool_lifetime_ms`. The pool has no
 * thread of its own: each get and put also checks two other connections that have been idle for a second. Without such calls, idle connections stay open.
 *
 * A thread that holds a connection and gets a second one may deadlock: get one, put it back, then get the next.
 */
typedef struct tdrest_pool tdrest_pool;

/**
 * Statistics of a pool. While no call on the pool or its connections is running, made = in_use + idle + the sum of the closed_ members.
 */
typedef struct tdrest_pool_counts {
    size_t size;             /**< sizeof(tdrest_pool_counts), set by TDREST_POOL_COUNTS_INIT; it grows at the end */
    int64_t in_use;          /**< connections that callers hold now, or are about to get */
    int64_t idle;            /**< connections that nobody holds now */
    int64_t waiting;         /**< callers waiting now */
    int64_t gets;            /**< calls that got a connection; like all that follow, since the pool was created */
    int64_t timeouts;        /**< calls that got none in time */
    int64_t waits;           /**< calls that had to wait, whatever the outcome */
    int64_t waited_us;       /**< total time waited */
    int64_t longest_wait_us; /**< longest wait */
    int64_t pings;           /**< connections tested before they were handed out */
    int64_t made;            /**< connections created */
    int64_t closed_failed;   /**< closed because their last exchange failed, or they failed the test */
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
 * Creates a pool. Does not use the network.
 *
 * @param options the configuration of the pool (`pool_...`) and of its connections; receives the record of a failure. Every thread that
 *                uses the pool calls its allocator and its log callback, possibly concurrently.
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
 * Frees a pool. Idle connections are closed, and waiting callers get TDREST_EUSAGE. Connections still in use remain usable, and each must
 * still be put back or freed; the last one frees the pool's memory. After this call only tdrest_pool_put is
 * allowed on the pool, for such connections.
 *
 * @param pool the pool, or NULL.
 * Errors: none.
 * Blocking: no.
 * Threads: any; other threads may be inside get and put, but none may start a get or stats from then on.
 * Since: 0.2.0
 * Example: tdrest_pool_free(pool);
 */
TDREST_API void tdrest_pool_free(tdrest_pool *pool);

/**
 * Gets a connection: the one put back last if it is still usable, otherwise a new one, which connects on first use. Its error record is empty.
 *
 * A connection that the server has closed is not handed out. One that was idle for `pool_ping_ms` is first tested as
 * by tdrest_conn_ping, which occupies one of the statements that the server runs at a time; without an answer within a second, the caller
 * gets a new connection. The server can still close a connection at any later moment.
 *
 * @param pool    the pool.
 * @param wait_ms how long to wait for a free connection, up to 86400000; 0: do not wait; -1: the option `pool_wait_ms`.
 * @param err     receives the record; start from TDREST_ERROR_INIT; may be NULL.
 * @param out     receives the connection.
 * @return TDREST_OK or an error.
 * Errors: TDREST_ETIMEOUT (all connections are in use; the message says how many and for how long), TDREST_EUSAGE (wait_ms or
 *         the size of err is invalid; the pool was freed meanwhile), TDREST_ECONNECT (libcurl could not be initialised), TDREST_ENOMEM.
 * Ownership: the caller returns *out with tdrest_pool_put, or with tdrest_conn_free, which also closes it.
 * Blocking: at most wait_ms, plus one second if a connection is tested.
 * Threads: any. The connection is the caller's until it is put back.
 * Since: 0.2.0
 * Example: rc = tdrest_pool_get(pool, -1, &error, &conn);
 * Source: the adapter limits how many statements of one user run at a time.
 */
TDREST_API TDREST_NODISCARD int tdrest_pool_get(tdrest_pool *pool, int64_t wait_ms, tdrest_error *err, tdrest_conn **out);

/**
 * Puts a connection back. Its open result and its statements are detached as by tdrest_conn_free. Up to 64 KiB of an open result are
 * read to keep the TCP connection; if more remains, it is closed. Do not use the connection afterwards: no call, no cancel, no record.
 *
 * @param pool the pool that the connection came from.
 * @param conn the connection, or NULL. A connection that is not from this pool is ignored.
 * Errors: none.
 * Blocking: at most 20 ms, for an open result.
 * Threads: the one that uses the connection; other threads may call the pool at the same time.
 * Since: 0.2.0
 * Example: tdrest_pool_put(pool, conn);
 */
TDREST_API void tdrest_pool_put(tdrest_pool *pool, tdrest_conn *conn);

/**
 * Reads the statistics of a pool.
 *
 * @param pool   the pool.
 * @param counts receives them; start from TDREST_POOL_COUNTS_INIT.
 * @return TDREST_OK, or TDREST_EUSAGE if counts has an invalid size.
 * Errors: TDREST_EUSAGE.
 * Ownership: the caller's struct.
 * Blocking: no.
 * Threads: any.
 * Since: 0.2.0
 * Example: rc = tdrest_pool_stats(pool, &counts);
 */
TDREST_API int tdrest_pool_stats(tdrest_pool *pool, tdrest_pool_counts *counts);

/* ------------------------------------------------------------------------
 * 11  Async: many requests on one thread
 * ------------------------------------------------------------------------ */

/**
 * Runs many requests at a time on one thread. Start requests, then call tdrest_async_run, or let your own event loop call
 * tdrest_async_socket_event and tdrest_async_timeout_event. Callbacks run only inside these three functions and tdrest_async_free.
 *
 * At most `max_per_host` requests run on one host at a time; the others wait in line, first come, first served. Failed requests are repeated,
 * and move to other hosts, under the same options as the calls of a connection. Only one thread may use an async object; it takes no locks and
 * starts no threads.
 *
 * On 64-bit Linux, a waiting request takes about 600 bytes plus its text. A running one takes about 70 KB, mostly libcurl's buffers, plus a
 * block of rows: `block_bytes`, or 16 * `block_bytes` shared by all if more than 16 run at a time, but at least 4096 bytes each.
 *
 * If libcurl has no asynchronous resolver, a name lookup blocks the thread. tdrest_version() says whether a lookup can be interrupted.
 */
typedef struct tdrest_async tdrest_async;

/** A request of an async object. It is valid until its end callback returns. */
typedef struct tdrest_request tdrest_request;

/**
 * The callbacks of a request. They may start, cancel, pause and resume requests, and free the async object, which takes effect when they
 * return. tdrest_async_run and the event functions fail in them with TDREST_EBUSY. SIGPIPE is blocked while they run.
 */
typedef struct tdrest_async_callbacks {
    size_t size; /**< sizeof(tdrest_async_callbacks), set by TDREST_ASYNC_CALLBACKS_INIT; it grows at the end */
    /**
     * Receives the next rows of a query. Read them with tdrest_result_next until TDREST_DONE, or as columns with tdrest_result_next_block. Rows that
     * the callback does not read are skipped. `rows` is valid until it returns. NULL: all rows are skipped.
     */
    void (*rows)(void *user, tdrest_request *request, tdrest_result *rows);
    /** Called exactly once, last. error->code is TDREST_OK if the request succeeded; the record is valid until it returns. May be NULL. */
    void (*end)(void *user, tdrest_request *request, const tdrest_error *error);
} tdrest_async_callbacks;

#ifdef __cplusplus
#define TDREST_ASYNC_CALLBACKS_INIT {sizeof(tdrest_async_callbacks), NULL, NULL}
#else
#define TDREST_ASYNC_CALLBACKS_INIT ((tdrest_async_callbacks){sizeof(tdrest_async_callbacks), NULL, NULL})
#endif

/** The events to watch a socket for, and those that occurred. */
enum { TDREST_SOCKET_NONE = 0, TDREST_SOCKET_READ = 1, TDREST_SOCKET_WRITE = 2 };

/** Tell the program's own event loop what to wait for. Hooks must not call this library. Both members must be set. */
typedef struct tdrest_async_hooks {
    size_t size; /**< sizeof(tdrest_async_hooks), set by TDREST_ASYNC_HOOKS_INIT; it grows at the end */
    /**
     * Watch this descriptor for `events`, a sum of TDREST_SOCKET_READ and TDREST_SOCKET_WRITE, which replaces the previous one.
     * TDREST_SOCKET_NONE: stop watching it; it is about to be closed. Returns 0; any other value ends the request that needs the descriptor,
     * and if that was watched already, TDREST_SOCKET_NONE follows.
     */
    int (*socket)(void *context, int fd, int events);
    /** Call tdrest_async_timeout_event once in `ms` milliseconds, which replaces the previous time; 0: soon, but not from within the hook; -1: not at all. */
    void (*timer)(void *context, int64_t ms);
} tdrest_async_hooks;

#ifdef __cplusplus
#define TDREST_ASYNC_HOOKS_INIT {sizeof(tdrest_async_hooks), NULL, NULL}
#else
#define TDREST_ASYNC_HOOKS_INIT ((tdrest_async_hooks){sizeof(tdrest_async_hooks), NULL, NULL})
#endif

/**
 * Creates an async object. Does not use the network.
 *
 * @param options the configuration; receives the record of a failure.
 * @param out     receives the object.
 * @return TDREST_OK or an error.
 * Errors: as tdrest_conn_new.
 * Ownership: the caller frees *out with tdrest_async_free; options are copied.
 * Blocking: no.
 * Threads: one per options object. The object belongs to the thread that first starts a request or sets hooks.
 * Since: 0.2.0
 * Example: rc = tdrest_async_new(options, &async);
 */
TDREST_API TDREST_NODISCARD int tdrest_async_new(tdrest_options *options, tdrest_async **out);

/**
 * Cancels all requests, calls their end callbacks with TDREST_ECANCELLED, closes all connections and frees the object. If called inside a
 * callback, does so when the callback returns. No more requests can be started.
 *
 * @param async the object, or NULL.
 * Errors: none.
 * Blocking: no; without an asynchronous resolver, until a running name lookup returns.
 * Threads: the one that uses the object.
 * Since: 0.2.0
 * Example: tdrest_async_free(async);
 */
TDREST_API void tdrest_async_free(tdrest_async *async);

/**
 * The record of the last start, run or event function that failed.
 *
 * @param async the object, or NULL.
 * @return the record; code 0 if the last call did not fail. Never NULL.
 * Errors: none.
 * Ownership: borrowed from async until its next call.
 * Blocking: no.
 * Threads: the one that uses the object.
 * Since: 0.2.0
 * Example: fprintf(stderr, "%s\n", tdrest_async_error(async)->message);
 */
TDREST_API const tdrest_error *tdrest_async_error(const tdrest_async *async);

/**
 * Starts a query. Its rows go to callbacks->rows, block by block as they arrive, or with call->buffered all at once when the answer is complete.
 *
 * `timeout_ms` runs from this call, including the time in line, until the columns are known, or with call->buffered until the answer is
 * complete. `connect_timeout_ms` runs from when the request leaves the line. A failed query is repeated only if none of its rows was handed out.
 * With `verify_rows=count` the count is a request before it, with attempts of its own and under the same `timeout_ms`.
 *
 * @param async     the object.
 * @param sql       one statement.
 * @param len       its length in bytes, or TDREST_CSTR.
 * @param call      per-request overrides; NULL for none.
 * @param callbacks start from TDREST_ASYNC_CALLBACKS_INIT; NULL for none.
 * @param user      passed to the callbacks.
 * @param out       receives the request; may be NULL.
 * @return TDREST_OK or an error; on an error nothing is started and no callback is called.
 * Errors: TDREST_EUSAGE (sql is NULL, empty or too long, or cannot be counted for verify_rows; invalid callbacks or call; called from another
 *         thread; the object is being freed), TDREST_EOPTION (invalid time zone or database), TDREST_ENOMEM.
 * Ownership: everything is copied.
 * Blocking: no.
 * Threads: the one that uses the object.
 * Since: 0.2.0
 * Example: rc = tdrest_async_query(async, "SELECT * FROM meters", TDREST_CSTR, NULL, &callbacks, &job, NULL);
 */
TDREST_API TDREST_NODISCARD int tdrest_async_query(tdrest_async *async, const char *sql, size_t len, const tdrest_call *call,
                                                   const tdrest_async_callbacks *callbacks, void *user, tdrest_request **out);

/**
 * Starts a statement whose rows, if any, are not needed. In the end callback, tdrest_request_get_result has the number of affected rows.
 *
 * @param async     the object.
 * @param sql       one statement.
 * @param len       its length in bytes, or TDREST_CSTR.
 * @param call      per-request overrides; NULL for none.
 * @param callbacks as for tdrest_async_query; `rows` is not called.
 * @param user      passed to the callbacks.
 * @param out       receives the request; may be NULL.
 * @return TDREST_OK or an error; on an error nothing is started and no callback is called.
 * Errors: as tdrest_async_query.
 * Ownership: everything is copied.
 * Blocking: no.
 * Threads: the one that uses the object.
 * Since: 0.2.0
 * Example: rc = tdrest_async_exec(async, "INSERT INTO d1 VALUES(1700000000000, 1)", TDREST_CSTR, NULL, &callbacks, &job, NULL);
 */
TDREST_API TDREST_NODISCARD int tdrest_async_exec(tdrest_async *async, const char *sql, size_t len, const tdrest_call *call,
                                                  const tdrest_async_callbacks *callbacks, void *user, tdrest_request **out);

/**
 * Starts writing schemaless data as tdrest_write does, in requests of `batch_bytes`, one after the other. `timeout_ms` limits all of
 * them together. In the end callback, tdrest_request_get_written says what was written.
 *
 * @param async     the object.
 * @param protocol  TDREST_PROTOCOL_...
 * @param precision as for tdrest_write.
 * @param data      the lines, or the JSON text.
 * @param len       its length in bytes, or TDREST_CSTR.
 * @param call      per-request overrides; NULL for none.
 * @param callbacks as for tdrest_async_query; `rows` is not called.
 * @param user      passed to the callbacks.
 * @param out       receives the request; may be NULL.
 * @return TDREST_OK or an error; on an error nothing is started and no callback is called.
 * Errors: TDREST_EUSAGE (as tdrest_write, and as tdrest_async_query), TDREST_ENOMEM.
 * Ownership: everything is copied.
 * Blocking: no.
 * Threads: the one that uses the object.
 * Since: 0.2.0
 * Example: rc = tdrest_async_write(async, TDREST_PROTOCOL_LINE, TDREST_MS, data, TDREST_CSTR, NULL, &callbacks, &job, NULL);
 */
TDREST_API TDREST_NODISCARD int tdrest_async_write(tdrest_async *async, int protocol, int precision, const char *data, size_t len, const tdrest_call *call,
                                                   const tdrest_async_callbacks *callbacks, void *user, tdrest_request **out);

/**
 * Starts a run of a statement with parameters. An INSERT sends its rows, as tdrest_stmt_run does; any other statement is sent with the values
 * bound now, and its rows go to callbacks->rows. Until the end callback, functions of the statement fail with TDREST_EBUSY, except those that only
 * read, tdrest_stmt_reset (which does nothing) and tdrest_stmt_free (which cancels the request). In the end callback, the statement is as after
 * tdrest_stmt_run: it says which rows were written, and the others can be run again.
 *
 * The async object's options determine host, database and time zone; the statement's connection is not used.
 *
 * @param async     the object.
 * @param stmt      the statement; its connection must have the same time zone.
 * @param call      per-request overrides; NULL for none. `timeout_ms` limits each request that is sent.
 * @param callbacks as for tdrest_async_query.
 * @param user      passed to the callbacks.
 * @param out       receives the request; may be NULL.
 * @return TDREST_OK or an error; on an error nothing is started and no callback is called. The record is in async.
 * Errors: as tdrest_stmt_run before it sends, and as tdrest_async_query.
 * Ownership: the statement remains the caller's.
 * Blocking: no.
 * Threads: the one that uses the object, which must also be the one that uses the statement.
 * Since: 0.2.0
 * Example: rc = tdrest_async_stmt_run(async, stmt, NULL, &callbacks, &job, NULL);
 */
TDREST_API TDREST_NODISCARD int tdrest_async_stmt_run(tdrest_async *async, tdrest_stmt *stmt, const tdrest_call *call,
                                                      const tdrest_async_callbacks *callbacks, void *user, tdrest_request **out);

/**
 * Cancels a request. The next run or event function calls its end callback with TDREST_ECANCELLED, unless it has already ended.
 *
 * @param request the request, or NULL.
 * Errors: none.
 * Blocking: no.
 * Threads: the one that uses the async object.
 * Since: 0.2.0
 * Example: tdrest_request_cancel(request);
 */
TDREST_API void tdrest_request_cancel(tdrest_request *request);

/**
 * Pauses a query: `rows` is not called until tdrest_request_resume. At most about one block of rows is kept; then TCP slows the server down.
 * `stall_timeout_ms` does not run while the query is paused. It keeps its connection; other requests continue.
 *
 * @param request the request.
 * Errors: none.
 * Blocking: no.
 * Threads: the one that uses the async object.
 * Since: 0.2.0
 * Example: tdrest_request_pause(request);
 */
TDREST_API void tdrest_request_pause(tdrest_request *request);

/**
 * Resumes a paused query.
 *
 * @param request the request.
 * Errors: none.
 * Blocking: no.
 * Threads: the one that uses the async object.
 * Since: 0.2.0
 * Example: tdrest_request_resume(request);
 */
TDREST_API void tdrest_request_resume(tdrest_request *request);

/**
 * The answer to a request, for its columns, timing and number of affected rows.
 *
 * @param request the request, inside its end callback.
 * @return the result; NULL for tdrest_async_write, after a failure, and outside that callback.
 * Errors: none.
 * Ownership: borrowed from the request until its end callback returns.
 * Blocking: no.
 * Threads: the one that uses the async object.
 * Since: 0.2.0
 * Example: affected = tdrest_result_affected(tdrest_request_get_result(request));
 */
TDREST_API const tdrest_result *tdrest_request_get_result(const tdrest_request *request);

/**
 * How far a tdrest_async_write got.
 *
 * @param request the request, or NULL.
 * @return the report, as from tdrest_conn_get_written; all 0 for other requests. Never NULL.
 * Errors: none.
 * Ownership: borrowed from the request until its end callback returns.
 * Blocking: no.
 * Threads: the one that uses the async object.
 * Since: 0.2.0
 * Example: printf("%lld lines\n", (long long)tdrest_request_get_written(request)->lines);
 */
TDREST_API const tdrest_written *tdrest_request_get_written(const tdrest_request *request);

/**
 * The number of requests that have not ended: in line, running, or waiting to be repeated.
 *
 * @param async the object.
 * @return their number.
 * Errors: none.
 * Blocking: no.
 * Threads: the one that uses the object.
 * Since: 0.2.0
 * Example: printf("%zu requests have not ended\n", tdrest_async_count(async));
 */
TDREST_API size_t tdrest_async_count(const tdrest_async *async);

/**
 * Runs requests until all have ended or the time is up. A paused request does not end by itself.
 *
 * @param async the object, without hooks.
 * @param ms    the time, in milliseconds; 0: do what can be done now; -1: no limit.
 * @return TDREST_DONE if no request is left, TDREST_OK if the time is up, or an error.
 * Errors: TDREST_EUSAGE (called from another thread; hooks are set), TDREST_EBUSY (inside a callback), TDREST_ENOMEM.
 * Blocking: at most ms, plus the time spent in callbacks.
 * Threads: the one that uses the object.
 * Since: 0.2.0
 * Example: rc = tdrest_async_run(async, -1);
 */
TDREST_API int tdrest_async_run(tdrest_async *async, int64_t ms);

/**
 * The time until tdrest_async_timeout_event is due, for loops that ask before they wait.
 *
 * @param async the object.
 * @return milliseconds; 0: now; -1: nothing is due.
 * Errors: none.
 * Blocking: no.
 * Threads: the one that uses the object.
 * Since: 0.2.0
 * Example: number = tdrest_async_wait_ms(async);
 */
TDREST_API int64_t tdrest_async_wait_ms(const tdrest_async *async);

/**
 * Lets the program's own event loop do the waiting; call this before the first request is started. The loop then calls
 * tdrest_async_socket_event and tdrest_async_timeout_event as the hooks ask. docs/GUIDE.md has recipes for poll, epoll and libuv.
 *
 * @param async   the object.
 * @param hooks   the functions; start from TDREST_ASYNC_HOOKS_INIT.
 * @param context passed to the hooks.
 * @return TDREST_OK or an error.
 * Errors: TDREST_EUSAGE (invalid size; a member is not set; a request was already started).
 * Ownership: the struct is copied; context must remain valid until tdrest_async_free, which still calls the hooks, has returned.
 * Blocking: no.
 * Threads: the one that uses the object.
 * Since: 0.2.0
 * Example: rc = tdrest_async_set_hooks(async, &hooks, &loop);
 */
TDREST_API TDREST_NODISCARD int tdrest_async_set_hooks(tdrest_async *async, const tdrest_async_hooks *hooks, void *context);

/**
 * Reports what happened on a descriptor that the socket hook asked to watch. Unknown descriptors are ignored.
 *
 * @param async  the object.
 * @param fd     the descriptor.
 * @param events TDREST_SOCKET_READ, TDREST_SOCKET_WRITE or their sum; both for an error or hangup.
 * @return TDREST_DONE if no request is left, TDREST_OK if some are, or an error.
 * Errors: TDREST_EUSAGE (called from another thread), TDREST_EBUSY (inside a callback), TDREST_ENOMEM.
 * Blocking: no; calls the callbacks of requests.
 * Threads: the one that uses the object.
 * Since: 0.2.0
 * Example: rc = tdrest_async_socket_event(async, fd, TDREST_SOCKET_READ);
 */
TDREST_API int tdrest_async_socket_event(tdrest_async *async, int fd, int events);

/**
 * Does what is due, such as starting requests and ending those whose time is up. Calling it too early or too often is harmless.
 *
 * @param async the object.
 * @return TDREST_DONE if no request is left, TDREST_OK if some are, or an error.
 * Errors: as tdrest_async_socket_event.
 * Blocking: no; calls the callbacks of requests.
 * Threads: the one that uses the object.
 * Since: 0.2.0
 * Example: rc = tdrest_async_timeout_event(async);
 */
TDREST_API int tdrest_async_timeout_event(tdrest_async *async);

/* ------------------------------------------------------------------------
 * 12  Writer
 * ------------------------------------------------------------------------ */

/**
 * Writes rows with several requests at a time and reports what became of each. It takes the rows of a statement, an INSERT with one row of
 * VALUES, or schemaless lines. It belongs to one thread, whose calls do all the work: a writer has no thread of its own.
 *
 *     tdrest_writer_new(options, NULL, "INSERT INTO ? VALUES (?, ?)", TDREST_CSTR, &writer);
 *     stmt = tdrest_writer_stmt(writer);
 *     for each row: tdrest_stmt_set_table(stmt, ...); tdrest_stmt_bind_...(stmt, ...); tdrest_writer_add(writer);
 *     rc = tdrest_writer_close(writer, 60000);      // TDREST_OK: every row is written
 *
 * Rows are numbered in the order in which they are added, from 0. At any time
 * added = written + refused + unknown + pending + stored, as in tdrest_writer_counts.
 *
 * Rows wait until they fill a request: `batch_bytes`, or writer_bytes / (max_in_flight + 1) if that is less. They are sent sooner once flush_rows of
 * them wait, or one has waited for flush_ms. Only calls on the writer notice that; the next one is due after tdrest_writer_wait_ms.
 * Rows of one table are never in two requests at a time. They are sent in the order in which they were added, unless the outcome of earlier ones is
 * unknown. So it takes several tables to keep several requests in flight. For lines, the measurement and the tags are the table.
 *
 * Request boundaries can be visible: within a request, the server merges rows with the same table and time column by column, and a NULL does
 * not erase; a later request overwrites.
 *
 * A failed request is repeated if that can help and does no harm (option `retry`). If the server rejects a value in some row, the request is
 * halved until that row is alone, and the others are written. That takes at most 2 * bad * log2(rows) more requests (the logarithm rounded up),
 * plus one if the request before ended in rejections. A request is halved only if none of its rows was written or writing them twice does no harm.
 * Any other rejection refuses all rows of the request.
 *
 * When most rows are bad, not every good row among them is looked for. After eight consecutive rows of a table rejected with the same code,
 * a part that has only rows of that table, and is rejected with that code, is refused as a whole. After 64 consecutive rejections of rows or such
 * parts, so is any part. Everything else is written: a good row is never refused without having been sent in a request that the server rejected.
 *
 * With the option `spool_dir`, rows survive crashes and power failures. The rows of each request leave memory for a file in that directory;
 * once they are durable, which `spool_sync` determines, they are reported as TDREST_ROWS_STORED. Requests are sent from the files, one at a time and
 * in order, those of earlier runs first, and a file is removed once all of it is delivered. Rows may be sent more than once, so each needs its
 * own time: NOW, TODAY and lines without a time are TDREST_EUSAGE. Rows from the files no longer have a number: when they are written or refused,
 * `first` of the report is -1. Only rows that the server rejects for a value in them leave the spool unwritten: their request is halved as above, but each
 * request on its own, and they go to a file `rejected.*`. Any other failure, such as a wrong password, a missing database,
 * a damaged file or a disk error, keeps the rows in the spool and is reported once, with state TDREST_ROWS_STORED, no rows and the error.
 * tdrest_writer_flush waits until the spool is empty. tdrest_writer_close waits for that too, but what is still stored at its deadline stays for the next
 * writer and is not a failure. Only one writer at a time can use a directory; for any other it is TDREST_EOPTION.
 */
typedef struct tdrest_writer tdrest_writer;

/** What became of rows of a writer, besides TDREST_ROWS_WRITTEN and TDREST_ROWS_UNKNOWN. */
enum {
    TDREST_ROWS_REFUSED = 3, /**< not written, and given up: the record says why */
    TDREST_ROWS_STORED = 4   /**< durable in the spool. With an error: a problem of the spool, which does not change the state of any row */
};

/** What became of consecutive rows of one table. */
typedef struct tdrest_delivery {
    size_t size;               /**< of this struct, as the library knows it; it grows at the end */
    int64_t first;             /**< number of the first row; -1: rows from the spool, or no rows */
    int64_t count;             /**< number of rows */
    int state;                 /**< TDREST_ROWS_WRITTEN, _REFUSED, _UNKNOWN or _STORED */
    int blames_rows;           /**< TDREST_ROWS_REFUSED: 1 if these rows are the reason, 0 if any rows would have been refused */
    const tdrest_error *error; /**< the record of their request; NULL if they are written */
    const char *clause;        /**< the text between INSERT INTO and the rows: table, tags, columns, VALUES; "" for lines and points */
    size_t clause_len;         /**< its length in bytes */
    const char *text;          /**< the rows as they were sent; points have commas between them and no brackets around them */
    size_t len;                /**< its length in bytes */
} tdrest_delivery;

/**
 * Called with what became of rows, during the call on the writer that found out. All pointers become invalid when it returns. It may bind and add
 * rows, which never blocks here, unless it was called from tdrest_writer_add while rows bound for that call remain to be added: binding then fails with
 * TDREST_EUSAGE. A table that it sets stays set. It may free the writer, which takes effect when that call returns. tdrest_writer_run, _flush and _close
 * fail in it with TDREST_EUSAGE.
 */
typedef void tdrest_delivery_callback(void *context, const tdrest_delivery *delivery);

/** What a writer does when there is no room for a row. */
enum {
    TDREST_WRITER_WAIT = 0, /**< tdrest_writer_add sends, and waits until there is room */
    TDREST_WRITER_FULL = 1  /**< tdrest_writer_add returns TDREST_FULL, and the row remains bound */
};

/** Settings of a writer. Start from TDREST_WRITER_OPTIONS_INIT. */
typedef struct tdrest_writer_options {
    size_t size;            /**< sizeof(tdrest_writer_options), as the program was compiled; 0 is an error */
    int max_in_flight;      /**< requests at a time, 1 to 64; 0: the option `max_in_flight` */
    int64_t writer_bytes;   /**< memory for rows that are not yet reported, 65536 to 1073741824; 0: the option `writer_bytes` */
    int64_t flush_rows;     /**< send when this many rows wait; 0: no such limit */
    int64_t flush_ms;       /**< send when a row has waited this long; 0: no such limit */
    int when_full;          /**< TDREST_WRITER_WAIT or TDREST_WRITER_FULL */
    int protocol;           /**< lines: TDREST_PROTOCOL_LINE, TDREST_PROTOCOL_TELNET or TDREST_PROTOCOL_JSON */
    int precision;          /**< lines: as for tdrest_write */
    const tdrest_call *call; /**< per-request overrides; NULL for none. Copied. `req_id` must be 0 */
    tdrest_async *async;    /**< the async object that does the work; it must outlive the writer. NULL: the writer makes its own */
    tdrest_delivery_callback *delivered; /**< called with what became of rows; NULL for none */
    void *context;          /**< passed to it */
} tdrest_writer_options;

#ifdef __cplusplus
#define TDREST_WRITER_OPTIONS_INIT {sizeof(tdrest_writer_options), 0, 0, 0, 1000, 0, 0, 0, NULL, NULL, NULL, NULL}
#else
#define TDREST_WRITER_OPTIONS_INIT ((tdrest_writer_options){sizeof(tdrest_writer_options), 0, 0, 0, 1000, 0, 0, 0, NULL, NULL, NULL, NULL})
#endif

/** Statistics of a writer: added = written + refused + unknown + pending + stored. */
typedef struct tdrest_writer_counts {
    size_t size;       /**< sizeof(tdrest_writer_counts), set by TDREST_WRITER_COUNTS_INIT; it grows at the end */
    int64_t added;     /**< rows; the next one gets this number */
    int64_t written;   /**< rows confirmed by the server */
    int64_t refused;   /**< rows that were not written */
    int64_t unknown;   /**< rows that may have been written */
    int64_t pending;   /**< rows that wait or are in flight */
    int64_t bytes;     /**< memory for pending rows now */
    int64_t sent_bytes; /**< bytes of request bodies; like all that follow except in_flight and oldest_ms, since the writer was created */
    int64_t requests;  /**< requests sent, without repeats */
    int64_t retries;   /**< repeats of requests */
    int64_t halvings;  /**< requests split in two because of a row */
    int64_t in_flight; /**< requests running now */
    int64_t oldest_ms; /**< how long the oldest pending row has waited; 0 if there is none */
    int64_t stored;    /**< rows of this writer in its spool */
} tdrest_writer_counts;

#ifdef __cplusplus
#define TDREST_WRITER_COUNTS_INIT {sizeof(tdrest_writer_counts), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
#else
#define TDREST_WRITER_COUNTS_INIT ((tdrest_writer_counts){sizeof(tdrest_writer_counts), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})
#endif

/**
 * Creates a writer. Does not use the network.
 *
 * @param options  the configuration of its requests; receives the record of a failure.
 * @param settings of the writer; NULL: TDREST_WRITER_OPTIONS_INIT.
 * @param sql      an INSERT with one row of VALUES, as for tdrest_stmt_new; NULL: the writer takes lines, of the protocol in settings.
 * @param len      its length in bytes, or TDREST_CSTR.
 * @param out      receives the writer.
 * @return TDREST_OK or an error.
 * Errors: TDREST_EUSAGE (as tdrest_stmt_new; another kind of statement; a setting out of range), TDREST_EOPTION (as tdrest_conn_new; `spool_dir` cannot be used), TDREST_ECONNECT
 *         (libcurl could not be initialised), TDREST_ENOMEM.
 * Ownership: the caller frees *out with tdrest_writer_free; options and settings are copied.
 * Blocking: no.
 * Threads: one per options object. The writer belongs to the calling thread: calls from any other return TDREST_EUSAGE and do nothing.
 * Since: 0.2.0
 * Example: rc = tdrest_writer_new(options, NULL, "INSERT INTO ? USING meters TAGS(?) VALUES(?,?)", TDREST_CSTR, &writer);
 */
TDREST_API TDREST_NODISCARD int tdrest_writer_new(tdrest_options *options, const tdrest_writer_options *settings, const char *sql, size_t len,
                                                  tdrest_writer **out);

/**
 * The statement to bind rows to. tdrest_stmt_set_table, tdrest_stmt_bind_..., tdrest_stmt_describe and the like work as usual; the writer adds and
 * sends the rows, so tdrest_stmt_add_row and tdrest_stmt_run fail with TDREST_EUSAGE.
 *
 * @param writer the writer.
 * @return the statement; NULL if the writer takes lines.
 * Errors: none.
 * Ownership: the writer's; do not free it.
 * Blocking: no.
 * Threads: the writer's.
 * Since: 0.2.0
 * Example: rc = tdrest_stmt_bind_int64(tdrest_writer_stmt(writer), 1, 230);
 */
TDREST_API tdrest_stmt *tdrest_writer_stmt(tdrest_writer *writer);

/**
 * Adds the bound values as a row, or all rows of the bound columns, and sends requests that are due. Then the values of the row are unbound; table
 * and tags stay.
 *
 * If there is no room, or a row is invalid, the rows from there on stay bound, and the next call continues with them. `added` of
 * tdrest_writer_counts says how many were added.
 *
 * @param writer the writer.
 * @return TDREST_OK: all are added; TDREST_FULL: there is no room (with TDREST_WRITER_FULL, in a callback, or if a foreign loop drives the writer):
 *         run, then call again; or an error, which never concerns rows added before.
 * Errors: as tdrest_stmt_add_row, with `row` counted from the first row bound; TDREST_EUSAGE (called from another thread; the writer takes lines; it is closed), TDREST_ENOMEM.
 * Ownership: rows are copied.
 * Blocking: with TDREST_WRITER_WAIT until there is room, at the latest when the requests in flight have failed for good.
 * Threads: the writer's.
 * Since: 0.2.0
 * Example: rc = tdrest_writer_add(writer);
 */
TDREST_API TDREST_NODISCARD int tdrest_writer_add(tdrest_writer *writer);

/**
 * Adds lines, and sends requests that are due. Each line is a row. Blank lines and comments are skipped and not numbered.
 *
 * The server uses its own clock for lines without a time, or with 0: a request with such a line is not repeated or halved if it may have been written.
 *
 * @param writer the writer.
 * @param data   whole lines; the last one need not end with a line feed. With TDREST_PROTOCOL_JSON: one point as an object, an array of points, or what
 *               `taken` left of an array.
 * @param len    their length in bytes, or TDREST_CSTR.
 * @param taken  receives the number of bytes of data that were added or skipped; may be NULL.
 * @return TDREST_OK: all are added; TDREST_FULL: there is no room, as for tdrest_writer_add: run, then call again with the rest; or an error.
 * Errors: TDREST_EUSAGE (called from another thread; the writer takes a statement; it is closed; data is NULL; a NUL in the data, with its offset: its line and
 *         the following ones are not added), TDREST_ENOMEM.
 * Ownership: lines are copied.
 * Blocking: as tdrest_writer_add.
 * Threads: the writer's.
 * Since: 0.2.0
 * Example: rc = tdrest_writer_add_lines(writer, "meters,location=SF current=11.8 1700000000000\n", TDREST_CSTR, NULL);
 */
TDREST_API TDREST_NODISCARD int tdrest_writer_add_lines(tdrest_writer *writer, const char *data, size_t len, size_t *taken);

/**
 * Sends what is due, reads answers and calls the callback. Returns as soon as something has happened.
 *
 * @param writer the writer.
 * @param ms     how long to wait for something to do; 0: not at all; -1: until something has happened, or nothing is in flight or due.
 * @return TDREST_OK: rows are pending; TDREST_DONE: none are; or an error. Refused rows are not an error here.
 * Errors: TDREST_EUSAGE (called from another thread or in a callback), TDREST_ENOMEM (rows stay pending; call again).
 * Ownership: nothing is kept.
 * Blocking: at most ms.
 * Threads: the writer's.
 * Since: 0.2.0
 * Example: rc = tdrest_writer_run(writer, 100);
 */
TDREST_API TDREST_NODISCARD int tdrest_writer_run(tdrest_writer *writer, int64_t ms);

/**
 * When tdrest_writer_run is due even if no answer arrives: a row has waited for flush_ms, or rows can be sent now.
 *
 * @param writer the writer.
 * @return milliseconds from now; 0: at once; -1: only when an answer arrives.
 * Errors: none.
 * Blocking: no.
 * Threads: the writer's.
 * Since: 0.2.0
 * Example: when = tdrest_writer_wait_ms(writer);
 */
TDREST_API int64_t tdrest_writer_wait_ms(const tdrest_writer *writer);

/**
 * Sends all rows added so far, and waits until each is written or reported.
 *
 * @param writer      the writer.
 * @param deadline_ms how long to wait; 0: not at all; -1: as long as it takes.
 * @return TDREST_OK: every row added is written, apart from those forgiven by tdrest_writer_reset; otherwise the code of the first one that is not. The
 *         record is that of its request, `row` is its number, and the message begins with the counts.
 * Errors: those of requests; TDREST_ETIMEOUT (deadline_ms passed; rows remain pending), TDREST_EUSAGE (called from another thread or in a callback), TDREST_ENOMEM.
 * Ownership: nothing is kept.
 * Blocking: at most deadline_ms. Not at all if a foreign loop drives the writer: then call it again after the loop has run.
 * Threads: the writer's.
 * Since: 0.2.0
 * Example: rc = tdrest_writer_flush(writer, 10000);
 */
TDREST_API TDREST_NODISCARD int tdrest_writer_flush(tdrest_writer *writer, int64_t deadline_ms);

/**
 * Flushes as tdrest_writer_flush does. When the time is up, cancels the requests in flight and reports every pending row: as unknown if it may have
 * been written, otherwise as refused with TDREST_ETIMEOUT. Afterwards no rows can be added.
 *
 * @param writer      the writer.
 * @param deadline_ms how long to wait; 0: not at all; -1: as long as it takes.
 * @return as tdrest_writer_flush.
 * Errors: as tdrest_writer_flush.
 * Ownership: the writer must still be freed.
 * Blocking: at most deadline_ms.
 * Threads: the writer's.
 * Since: 0.2.0
 * Example: rc = tdrest_writer_close(writer, 60000);
 */
TDREST_API TDREST_NODISCARD int tdrest_writer_close(tdrest_writer *writer, int64_t deadline_ms);

/**
 * Frees a writer. Pending rows are lost, and reported as by tdrest_writer_close with a deadline of 0, but with TDREST_ECANCELLED.
 *
 * @param writer the writer, or NULL.
 * Errors: none; a call from another thread does nothing.
 * Blocking: no.
 * Threads: the writer's.
 * Since: 0.2.0
 * Example: tdrest_writer_free(writer);
 */
TDREST_API void tdrest_writer_free(tdrest_writer *writer);

/**
 * Forgives the rows refused or unknown so far: flush and close no longer fail because of them. Pending rows, row numbers and statistics stay.
 *
 * @param writer the writer.
 * Errors: none.
 * Blocking: no.
 * Threads: the writer's.
 * Since: 0.2.0
 * Example: if (tdrest_writer_flush(writer, 1000) < 0) tdrest_writer_reset(writer);
 */
TDREST_API void tdrest_writer_reset(tdrest_writer *writer);

/**
 * Reads the statistics of a writer.
 *
 * @param writer the writer.
 * @param counts receives them; start from TDREST_WRITER_COUNTS_INIT.
 * @return TDREST_OK, or TDREST_EUSAGE if counts has an invalid size, or if called from another thread.
 * Errors: TDREST_EUSAGE.
 * Ownership: the caller's struct.
 * Blocking: no.
 * Threads: the writer's.
 * Since: 0.2.0
 * Example: rc = tdrest_writer_stats(writer, &totals);
 */
TDREST_API int tdrest_writer_stats(const tdrest_writer *writer, tdrest_writer_counts *counts);

/**
 * The async object that does the writer's work: the one in its settings, or its own. If hooks are set on it, a foreign loop drives the writer: then no call
 * on the writer waits, and the loop calls tdrest_writer_run(writer, 0) after tdrest_writer_wait_ms.
 *
 * @param writer the writer.
 * @return the object; never NULL.
 * Errors: none.
 * Ownership: the writer's, unless the caller made it; do not free it before the writer.
 * Blocking: no.
 * Threads: the writer's.
 * Since: 0.2.0
 * Example: async = tdrest_writer_async(writer);
 */
TDREST_API tdrest_async *tdrest_writer_async(tdrest_writer *writer);

/**
 * The record of the last failed call on the writer.
 *
 * @param writer the writer, or NULL.
 * @return the record; code 0 if the last call did not fail. Never NULL.
 * Errors: none.
 * Ownership: borrowed from writer.
 * Blocking: no.
 * Threads: the writer's.
 * Since: 0.2.0
 * Example: fprintf(stderr, "%s\n", tdrest_writer_error(writer)->message);
 */
TDREST_API const tdrest_error *tdrest_writer_error(const tdrest_writer *writer);

/* ------------------------------------------------------------------------
 * 13  Spool
 * ------------------------------------------------------------------------ */

/** What an entry of a spool is. */
enum {
    TDREST_SPOOL_WAITING = 1,  /**< rows to be sent; those of the oldest file may have been delivered already */
    TDREST_SPOOL_REJECTED = 2, /**< rows that the server rejected */
    TDREST_SPOOL_DAMAGED = 3,  /**< unreadable bytes; never sent */
    TDREST_SPOOL_TORN = 4,     /**< an incomplete end: it is being written now, or the next writer cuts it off */
    TDREST_SPOOL_NEWER = 5     /**< a file in a newer format, which is left alone */
};

/** One request's rows in the directory of a spool, or what was found in their place. */
typedef struct tdrest_spool_entry {
    size_t size;          /**< of this struct, as the library knows it; it grows at the end */
    uint64_t number;      /**< increases from request to request; 0 unless waiting or rejected */
    const char *file;     /**< the name of its file in the directory */
    int state;            /**< TDREST_SPOOL_WAITING, _REJECTED, _DAMAGED, _TORN or _NEWER */
    int protocol;         /**< 0: SQL; else TDREST_PROTOCOL_... */
    int64_t rows;         /**< number of rows; -1: unknown */
    int64_t bytes;        /**< size in the file; 0: unknown */
    const char *database; /**< "": none */
    int server_code;      /**< if rejected: the server's code */
    const char *reason;   /**< if rejected: the server's message; otherwise "" */
    const char *text;     /**< SQL or lines; "" unless waiting or rejected */
    size_t len;           /**< its length in bytes */
} tdrest_spool_entry;

/** Called for each entry. All pointers become invalid when it returns. Returns 0 to continue, or a positive number to stop. */
typedef int tdrest_spool_callback(void *context, const tdrest_spool_entry *entry);

/**
 * Lists the contents of the directory `spool_dir`: rejected and damaged rows first, then those to be sent, oldest first. Changes nothing; while a writer
 * uses the directory, files come and go. A directory without spool files has no entries.
 *
 * @param options the options that contain `spool_dir`.
 * @param take    called for each entry.
 * @param context passed to it.
 * @return TDREST_OK, the positive number that take returned, or an error; the record is in options.
 * Errors: TDREST_EUSAGE (`spool_dir` is not set; take is NULL), TDREST_ESPOOL (the directory or a file cannot be read), TDREST_ENOMEM.
 * Ownership: nothing is kept.
 * Blocking: while it reads files.
 * Threads: one per options object.
 * Since: 0.2.0
 * Example: rc = tdrest_spool_list(options, on_entry, NULL);
 */
TDREST_API TDREST_NODISCARD int tdrest_spool_list(tdrest_options *options, tdrest_spool_callback *take, void *context);

/**
 * Removes all spool files from the directory `spool_dir`, including rows that were not delivered. The directory, its lock file and other files stay.
 *
 * @param options the options that contain `spool_dir`.
 * @param removed receives the number of files removed; may be NULL.
 * @return TDREST_OK or an error; the record is in options.
 * Errors: TDREST_EUSAGE (`spool_dir` is not set), TDREST_EOPTION (a writer uses the directory), TDREST_ESPOOL (a file cannot be removed; older ones were), TDREST_ENOMEM.
 * Ownership: nothing is kept.
 * Blocking: while it removes files; the directory is synced after each.
 * Threads: one per options object.
 * Since: 0.2.0
 * Example: rc = tdrest_spool_drop(options, NULL);
 */
TDREST_API TDREST_NODISCARD int tdrest_spool_drop(tdrest_options *options, int64_t *removed);

/* ------------------------------------------------------------------------
 * 14  Arrow
 * ------------------------------------------------------------------------ */

/*
 * The three structs of the Arrow C data and C stream interfaces, as https://arrow.apache.org/docs/format/CDataInterface.html defines them. The guards
 * are those of the specification, so that they may also come from another header.
 */
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

/** A type, with its name and children. */
struct ArrowSchema {
    const char *format;
    const char *name;
    const char *metadata;
    int64_t flags;
    int64_t n_children;
    struct ArrowSchema **children;
    struct ArrowSchema *dictionary;
    void (*release)(struct ArrowSchema *);
    void *private_data;
};

/** Values of a type. */
struct ArrowArray {
    int64_t length;
    int64_t null_count;
    int64_t offset;
    int64_t n_buffers;
    int64_t n_children;
    const void **buffers;
    struct ArrowArray **children;
    struct ArrowArray *dictionary;
    void (*release)(struct ArrowArray *);
    void *private_data;
};

#endif /* ARROW_C_DATA_INTERFACE */

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

/** Arrays of one type, one after the other. */
struct ArrowArrayStream {
    int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *out);
    int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *out);
    const char *(*get_last_error)(struct ArrowArrayStream *);
    void (*release)(struct ArrowArrayStream *);
    void *private_data;
};

#endif /* ARROW_C_STREAM_INTERFACE */

/**
 * Turns a result into an Arrow C stream of record batches, each of up to 65,536 rows.
 *
 * BOOL is bool; integers and floats are what they are; TIMESTAMP is timestamp[unit, UTC], with the unit from the option `arrow_timestamp`; VARCHAR and
 * unknown types are utf8, or binary with `arrow_text=binary`; NCHAR and JSON are utf8; VARBINARY, BLOB and GEOMETRY are binary; DECIMAL is
 * decimal128. Each field's metadata has `tdrest.type`, the type's name on the server; `arrow_extensions` adds Arrow's extension names.
 * Numbers, times and NULLs are not copied; the bytes of texts are copied once. All buffers are aligned to 64 bytes.
 *
 * A callback that fails returns an errno value, and get_last_error returns the message: ECANCELED, ENOMEM, ETIMEDOUT, EINVAL (detached from the connection),
 * EILSEQ (a text is not UTF-8), ERANGE (a time or decimal does not fit its column's type; nothing is rounded), EIO. Later calls return the same error.
 * Rows before a failure are delivered. An answer without rows still has a schema; for INSERT, DDL and the like it has no fields.
 *
 * @param res the result, of which no row may have been read. It may have been stored.
 * @param out receives the stream.
 * @return TDREST_OK or an error; the record is in res.
 * Errors: TDREST_EUSAGE (res is NULL or belongs to a callback, or rows have been read), TDREST_ENOMEM.
 * Ownership: the stream owns res and frees it when released; until then, only tdrest_result_error may be called on res. If the call fails, res remains
 *            the caller's. Schemas and batches own their memory: they outlive stream, result and connection, but not the allocator.
 * Blocking: no. get_next blocks until a batch or the answer is complete; so does get_schema if it needs the unit of a time column.
 * Threads: one per connection for the stream until its end; any for batches and schemas.
 * Since: 0.2.0
 * Example: rc = tdrest_result_export_arrow(res, &stream);
 * Source: the server does not tell the precision of a TIMESTAMP column; its values do.
 */
TDREST_API TDREST_NODISCARD int tdrest_result_export_arrow(tdrest_result *res, struct ArrowArrayStream *out);

/**
 * Binds an Arrow batch to all parameters: the first field to parameter 0, and so on, as tdrest_stmt_bind_column would bind its columns.
 *
 * In the row of an INSERT, each row of the batch makes a row. A field for a tag must have the same value in all rows. For other statements, a batch of one row
 * binds its values; for IN (?), more rows make the list. A batch goes into the statement of a writer too: bind it, then call tdrest_writer_add.
 *
 * Types: null, bool, integers, floats, decimal32 to decimal128, timestamp (with a zone: that instant; without: UTC), date, utf8, large_utf8,
 * utf8_view, the same three of binary, fixed-size binary, and dictionaries of these. After tdrest_stmt_describe, texts and bytes take the type of their
 * column: binary can go into a VARCHAR, and WKT or WKB into a GEOMETRY. Without it, texts are VARCHAR and bytes VARBINARY (GEOMETRY if the field's
 * extension is geoarrow.wkb).
 *
 * @param stmt   the statement.
 * @param schema of the batch: a struct with one field for each parameter.
 * @param array  the batch; it may be sliced, and it may be empty.
 * @return TDREST_OK or an error, with nothing bound; the record is in stmt and names parameter and row.
 * Errors: TDREST_EUSAGE (no struct array, another number of fields), TDREST_EBIND (a type or value that cannot be bound; tags that differ), TDREST_ENOMEM; as
 *         tdrest_stmt_bind_column.
 * Ownership: both stay the caller's. The batch is borrowed until its rows are added, by tdrest_stmt_add_row, tdrest_stmt_run or tdrest_writer_add, or until something
 *         else is bound or the statement is reset.
 * Blocking: no.
 * Threads: one per connection.
 * Since: 0.2.0
 * Example: rc = tdrest_stmt_bind_arrow(stmt, &schema, &batch);
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_bind_arrow(tdrest_stmt *stmt, const struct ArrowSchema *schema, const struct ArrowArray *array);

/**
 * Binds an Arrow stream: the next tdrest_stmt_run reads it to its end. An INSERT adds batch after batch and is sent whenever it is full; any other statement
 * is sent once per row.
 *
 * tdrest_stmt_run then counts the affected rows of all requests, even if it fails: earlier rows may have been written. Rows in messages are counted from the
 * beginning of the stream; tdrest_stmt_get_report and tdrest_stmt_get_range tell of the rows that the statement still holds. A run that cannot begin
 * (TDREST_EBUSY, a call with a wrong value) leaves the stream bound. Until it is read, or tdrest_stmt_reset, the other calls that add or send rows, or bind
 * single parameters, fail with TDREST_EUSAGE.
 *
 * Bound to the statement of a writer, the stream is read by tdrest_writer_add, which adds all of its rows. After TDREST_FULL, the next tdrest_writer_add continues the
 * stream; so it does after a value that is rejected, with the same row, unless the statement is reset. If `added` of tdrest_writer_counts was n, row i of the stream is
 * row n + i in the reports.
 *
 * @param stmt   the statement.
 * @param stream read by the run, in its thread; types as for tdrest_stmt_bind_arrow.
 * @return TDREST_OK or an error. Errors of stream and values are the run's: TDREST_EUSAGE (the stream failed; the message is its own), else as
 *         tdrest_stmt_bind_arrow and tdrest_stmt_run.
 * Errors: TDREST_EUSAGE (released; the writer is adding what is bound), TDREST_ENOMEM.
 * Ownership: the statement takes the stream and releases it after the run or at its end, when another is bound, when it is reset, or when it is freed. If the call fails, the
 *         stream is still the caller's.
 * Blocking: no; the run at most `timeout_ms` per request, and as long as the stream takes.
 * Threads: one per connection.
 * Since: 0.2.0
 * Example: rc = tdrest_stmt_bind_stream(stmt, &stream);
 */
TDREST_API TDREST_NODISCARD int tdrest_stmt_bind_stream(tdrest_stmt *stmt, struct ArrowArrayStream *stream);

#ifdef __cplusplus
}
#endif

#endif /* TDREST_H */
