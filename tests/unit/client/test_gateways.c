/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What is sent through proxies and to gateways, and what is told when they refuse: proxies by URL, SOCKS, added headers. */
#include "dial.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define KEY "5ecret-gateway-key"
#define LOGIN "dTpwQHNz" /* u:p@ss */

static tdrt_server server;

/* A connection with the key among its headers; parameters as in a DSN. */
static tdrest_conn *dial(const char *scheme, const char *host, int port, const char *parameters)
{
    tdrest_options *options;
    tdrest_conn *conn = NULL;
    char dsn[256];

    snprintf(dsn, sizeof dsn, "%s://%s:%d/test%s", scheme, host, port, parameters);
    CU_ASSERT_FATAL(tdrest_options_new(NULL, &options) == TDREST_OK);
    CHECK(tdrest_options_parse(options, dsn) == TDREST_OK, "%s: %s", dsn, tdrest_options_error(options)->message);
    CHECK_INT(tdrest_options_set(options, "retry", "never"), TDREST_OK);
    CHECK_INT(tdrest_options_add_header(options, "X-Key", KEY), TDREST_OK);
    CHECK_INT(tdrest_options_add_header(options, "X-More", "a, b"), TDREST_OK);
    CU_ASSERT_FATAL(tdrest_conn_new(options, &conn) == TDREST_OK);
    tdrest_options_free(options);
    return conn;
}

/* ---- headers ---- */

static int answer_with_key(const tdrt_visit *visit)
{
    return strstr(visit->head, "\r\nX-Key: " KEY "\r\n") != NULL && strstr(visit->head, "\r\nX-More: a, b\r\n") != NULL ? tdrt_send_three(visit) : 0;
}

/* Every request has them: of a connection, again, and of pools. */
static void headers_everywhere(void)
{
    tdrest_options *options;
    tdrest_error err = TDREST_ERROR_INIT;
    tdrest_pool *pool;
    tdrest_conn *conn;
    char dsn[64];

    server = (tdrt_server)TDRT_SERVER_INIT;
    CU_ASSERT_FATAL(tdrt_server_start(&server, answer_with_key, NULL));
    conn = dial("http", "127.0.0.1", server.port, "");
    tdrt_dial_three(conn);
    tdrt_dial_three(conn);
    tdrest_conn_free(conn);
    snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d/test", server.port);
    CU_ASSERT_FATAL(tdrest_options_new(NULL, &options) == TDREST_OK && tdrest_options_parse(options, dsn) == TDREST_OK);
    CHECK_INT(tdrest_options_add_header(options, "X-Key", KEY), TDREST_OK);
    CHECK_INT(tdrest_options_add_header(options, "X-More", "a, b"), TDREST_OK);
    CU_ASSERT_FATAL(tdrest_pool_new(options, &pool) == TDREST_OK);
    tdrest_options_free(options);
    CU_ASSERT_FATAL(tdrest_pool_get(pool, 1000, &err, &conn) == TDREST_OK);
    tdrt_dial_three(conn);
    tdrest_pool_put(pool, conn);
    tdrest_pool_free(pool);
    tdrt_server_stop(&server);
}

/* ---- proxies by URL ---- */

/* A proxy for http servers, which passes on what has the login and the headers of the server. */
static int answer_as_proxy(const tdrt_visit *visit)
{
    if (strstr(visit->head, "\r\nProxy-Authorization: Basic " LOGIN "\r\n") == NULL)
        return tdrt_send(visit, "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n", 0);
    return strncmp(visit->head, "POST http://adapter.invalid:6041/rest/sql", 41) == 0 && answer_with_key(visit);
}

/* The environment does not count, and nothing is looked up here. */
static void proxy_by_url(void)
{
    char parameters[96];
    tdrest_conn *conn;

    server = (tdrt_server)TDRT_SERVER_INIT;
    CU_ASSERT_FATAL(tdrt_server_start(&server, answer_as_proxy, NULL));
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("no_proxy", "*", 1);
    snprintf(parameters, sizeof parameters, "?proxy=http://u:p%%2540ss%%40127.0.0.1:%d", server.port);
    conn = dial("http", "adapter.invalid", 6041, parameters);
    tdrt_dial_three(conn);
    tdrt_dial_three(conn);
    CHECK_INT(atomic_load(&server.counts->connections), 1);
    tdrest_conn_free(conn);
    unsetenv("http_proxy");
    unsetenv("no_proxy");
    tdrt_server_stop(&server);
}

/* A proxy that tells by its status what it was told with CONNECT: nothing that is the server's. */
static int answer_tunnel(const tdrt_visit *visit)
{
    int told = strstr(visit->head, "X-Key") != NULL || strstr(visit->head, "X-More") != NULL || strstr(visit->head, "\r\nAuthorization") != NULL;
    int login = strstr(visit->head, "\r\nProxy-Authorization: Basic " LOGIN "\r\n") != NULL;

    if (strncmp(visit->head, "CONNECT adapter.invalid:443 HTTP/1.1\r\n", 38) != 0 || told)
        return tdrt_send(visit, "HTTP/1.1 418 Teapot\r\nContent-Length: 0\r\n\r\n", 0);
    return tdrt_send(visit, login ? "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
                                  : "HTTP/1.1 407 Who are you\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n", 0);
}

static int answer_407(const tdrt_visit *visit)
{
    return tdrt_send(visit, "HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\n\r\n", 0);
}

/* The message has the address of who refused, and no secret. */
static void refusals(void)
{
    static const struct { const char *scheme, *proxy; tdrt_handler *handler; int status; const char *message; } cases[] = {
        {"http", "http://u:wr0ng%40", answer_as_proxy, 407, " requires a login"},
        {"http", "environment", answer_407, 407, " requires a login"},
        {"http", "none", answer_407, 407, " requires a login"},
        {"https", "http://u:wr0ng%40", answer_tunnel, 407, " requires a login"},
        {"https", "http://u:p%2540ss%40", answer_tunnel, 403, " refused to connect (HTTP status 403)"},
        {"https", "environment", answer_tunnel, 407, " requires a login"},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int by_url = strchr(cases[i].proxy, ':') != NULL, none = strcmp(cases[i].proxy, "none") == 0;
        char parameters[96], url[64], expected[128];
        const tdrest_error *err;
        tdrest_conn *conn;

        server = (tdrt_server)TDRT_SERVER_INIT;
        CU_ASSERT_FATAL(tdrt_server_start(&server, cases[i].handler, NULL));
        snprintf(url, sizeof url, "http://wr0ng:wr0ng@127.0.0.1:%d", server.port);
        setenv("http_proxy", url, 1);
        setenv("https_proxy", url, 1);
        if (by_url)
            snprintf(parameters, sizeof parameters, "?proxy=%s127.0.0.1:%d", cases[i].proxy, server.port);
        else
            snprintf(parameters, sizeof parameters, "?proxy=%s", cases[i].proxy);
        conn = dial(cases[i].scheme, none ? "127.0.0.1" : "adapter.invalid", none ? server.port : cases[i].scheme[4] == 's' ? 443 : 6041, parameters);
        CHECK_INT(tdrest_exec(conn, "INSERT INTO t VALUES (NOW, 1)", TDREST_CSTR, NULL, NULL), TDREST_EGATEWAY);
        err = tdrest_conn_error(conn);
        snprintf(expected, sizeof expected, "the proxy 127.0.0.1:%d%s", server.port, cases[i].message);
        /* libcurl 8 does not tell the address of a proxy of its own finding that opens no tunnel. */
        if (cases[i].handler == answer_tunnel && !by_url && strncmp(err->message, "the proxy 127", 13) != 0)
            snprintf(expected, sizeof expected, "the proxy%s", cases[i].message);
        CHECK(strncmp(err->message, expected, strlen(expected)) == 0 && err->http_status == cases[i].status && err->ran == TDREST_RAN_NO,
              "case %zu: HTTP %d, ran %d: %s", i, err->http_status, err->ran, err->message);
        CHECK(strstr(err->message, "wr0ng") == NULL && strstr(err->message, "p@ss") == NULL && strstr(err->message, KEY) == NULL, "%s", err->message);
        tdrest_conn_free(conn);
        unsetenv("http_proxy");
        unsetenv("https_proxy");
        tdrt_server_stop(&server);
    }
}

static const struct { const char *answer; int code, http_status; } resets[] = {
    {"HTTP/1.0 407 Who are you\r\nConnection: close\r\n\r\n<html>", TDREST_EGATEWAY, 407},
    {"HTTP/1.0 403 Forbidden\r\n\r\n<html>", TDREST_EGATEWAY, 403},
    {"HTTP/1.1 500 Unable to connect\r\nConnection: close\r\nContent-Type: text/html\r\n\r\n<html>", TDREST_EGATEWAY, 500},
    {"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" TDRT_INSERTED, TDREST_ECONNECT, 200},
    {"HTTP/1.1 403 Forbidden\r\nContent-Length: 100\r\n\r\n<html>", TDREST_ECONNECT, 403},
    {"HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n<html>\r\n", TDREST_ECONNECT, 403},
};

static int answer_and_reset(const tdrt_visit *visit)
{
    const char *at = strstr(visit->sql, "NOW, ");
    size_t i = at == NULL ? COUNT_OF(resets) : (size_t)(at[5] - '0');

    if (i >= COUNT_OF(resets))
        return tdrt_send_three(visit);
    (void)tdrt_send(visit, resets[i].answer, 0);
    return tdrt_reset(visit);
}

/* A refusal counts although a reset follows; where more was promised, or it is a success, something is missing. */
static void reset_behind_the_answer(void)
{
    tdrest_conn *conn;

    server = (tdrt_server)TDRT_SERVER_INIT;
    CU_ASSERT_FATAL(tdrt_server_start(&server, answer_and_reset, NULL));
    conn = dial("http", "127.0.0.1", server.port, "");
    for (size_t i = 0; i < COUNT_OF(resets); i++) {
        const tdrest_error *err = tdrest_conn_error(conn);
        char sql[64];

        snprintf(sql, sizeof sql, "INSERT INTO t VALUES (NOW, %zu)", i);
        CHECK_INT(tdrest_exec(conn, sql, TDREST_CSTR, NULL, NULL), resets[i].code);
        CHECK(err->http_status == resets[i].http_status && err->phase == TDREST_PHASE_READ, "case %zu: HTTP %d, phase %d: %s", i, err->http_status, err->phase,
              err->message);
        CHECK_INT(tdrt_server_arrivals(&server, sql), 1);
        tdrt_dial_three(conn);
    }
    tdrest_conn_free(conn);
    tdrt_server_stop(&server);
}

/* ---- SOCKS ---- */

typedef struct socks {
    int listener;
    const char *wrong; /* what was not as it should be; NULL: nothing */
} socks;

static int read_all(int fd, void *to, size_t len)
{
    return recv(fd, to, len, MSG_WAITALL) == (ssize_t)len;
}

/* What a client says, in order, and the answers. The name goes to the proxy as it is. */
static const char *serve_socks(int fd)
{
    static const char login[] = "\1\1u\4p@ss", target[] = "\5\1\0\3\17adapter.invalid\x17\x99";
    static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ";
    unsigned char got[256];
    char text[512];

    if (!read_all(fd, got, 2) || got[0] != 5 || !read_all(fd, got + 2, got[1]) || memchr(got + 2, 2, got[1]) == NULL || send(fd, "\5\2", 2, 0) != 2)
        return "greeting";
    if (!read_all(fd, got, sizeof login - 1) || memcmp(got, login, sizeof login - 1) != 0 || send(fd, "\1\0", 2, 0) != 2)
        return "login";
    if (!read_all(fd, got, sizeof target - 1) || memcmp(got, target, sizeof target - 1) != 0 || send(fd, "\5\0\0\1\0\0\0\0\0\0", 10, 0) != 10)
        return "target";
    if (recv(fd, got, sizeof got, 0) < 10 || memcmp(got, "POST /rest/", 11) != 0)
        return "request";
    snprintf(text, sizeof text, "%s%zu\r\n\r\n%s", answer, strlen(TDRT_THREE), TDRT_THREE);
    return send(fd, text, strlen(text), 0) == (ssize_t)strlen(text) ? NULL : "answer";
}

static void *socks_thread(void *context)
{
    socks *s = context;
    const struct timeval limit = {10, 0};
    int fd = accept(s->listener, NULL, NULL);
    char rest[512];

    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    s->wrong = fd < 0 ? "accept" : serve_socks(fd);
    while (s->wrong == NULL && recv(fd, rest, sizeof rest, 0) > 0)
        continue;
    close(fd);
    return NULL;
}

static void socks_by_url(void)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof a;
    socks s = {socket(AF_INET, SOCK_STREAM, 0), NULL};
    char parameters[96];
    pthread_t thread;
    tdrest_conn *conn;

    CU_ASSERT_FATAL(bind(s.listener, (struct sockaddr *)&a, len) == 0 && listen(s.listener, 1) == 0);
    CU_ASSERT_FATAL(getsockname(s.listener, (struct sockaddr *)&a, &len) == 0);
    CU_ASSERT_FATAL(pthread_create(&thread, NULL, socks_thread, &s) == 0);
    snprintf(parameters, sizeof parameters, "?proxy=socks5h://u:p%%2540ss%%40127.0.0.1:%d", ntohs(a.sin_port));
    conn = dial("http", "adapter.invalid", 6041, parameters);
    tdrt_dial_three(conn);
    tdrest_conn_free(conn);
    pthread_join(thread, NULL);
    CHECK(s.wrong == NULL, "%s", s.wrong);
    close(s.listener);
}

CU_TestInfo tdrt_gateways[] = {
    {"headers everywhere", headers_everywhere},
    {"proxy by URL", proxy_by_url},
    {"refusals", refusals},
    {"reset behind the answer", reset_behind_the_answer},
    {"SOCKS by URL", socks_by_url},
    CU_TEST_INFO_NULL,
};
