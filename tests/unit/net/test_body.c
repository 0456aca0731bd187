/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The body of a request leaves once, whatever becomes of the connection: several exchanges share a loop, as libcurl could take the connection of another one. */
#include "dial.h"

#include "config/options.h"
#include "curl_hook.h"
#include "error/outcome.h"
#include "net/curl_net.h"

#include <arpa/inet.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EXCHANGES = 3, DEATHS = 14, BODY_MAX = 70000 };

static tdrest_options *options;
static tdri_loop *loop;
static tdri_exchange *x[EXCHANGES];
static tdri_request request;
static tdri_buf origin;
static char body[BODY_MAX];

static void begin(int port)
{
    const tdri_request_spec spec = {.endpoint = TDRI_SQL, .req_id = 1, .body = body, .body_len = 8};
    char dsn[64];
    tdrest_error err;

    tdri_err_reset(&err);
    snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d", port);
    CU_ASSERT_FATAL(tdrest_options_new(NULL, &options) == TDREST_OK && tdrest_options_parse(options, dsn) == TDREST_OK);
    tdri_request_init(&request, &tdri_mem_default);
    tdri_buf_init(&origin, &tdri_mem_default, 1000);
    CU_ASSERT_FATAL(tdri_request_build(&request, options, &spec, &err) == TDREST_OK && tdri_request_origin(options, 0, &origin) == TDREST_OK);
    CU_ASSERT_FATAL(tdri_loop_new(&tdri_mem_default, &loop, &err) == TDREST_OK);
    curl_multi_setopt(loop->multi, CURLMOPT_MAXCONNECTS, (long)EXCHANGES);
    for (int i = 0; i < EXCHANGES; i++)
        CU_ASSERT_FATAL(tdri_exchange_new(loop, options, &x[i], &err) == TDREST_OK);
}

static void finish(void)
{
    for (int i = 0; i < EXCHANGES; i++)
        tdri_exchange_free(x[i]);
    tdri_loop_free(loop);
    tdri_request_clear(&request);
    tdri_buf_clear(&origin);
    tdrest_options_free(options);
}

static size_t take_all(void *context, const char *bytes, size_t len)
{
    (void)context;
    (void)bytes;
    return len;
}

/* A body of that length, of one letter. */
static void set_body(char letter, size_t len)
{
    memset(body, letter, sizeof body);
    request.body_len = len;
}

static int start(tdri_exchange *one, tdrest_error *err)
{
    const tdri_limits limits = {10000, tdri_deadline_ms(20000), 20000};

    tdri_err_reset(err);
    return tdri_exchange_start(one, tdri_buf_text(&origin), &request, &limits, err);
}

static int run(tdri_exchange *one, tdrest_error *err)
{
    int rc;

    while ((rc = tdri_exchange_run(one, take_all, NULL, err)) == TDREST_ROW)
        ;
    return rc;
}

/* All of them at once, so that each has a connection. */
static void ask_with_all(void)
{
    tdrest_error err[EXCHANGES];

    set_body('a', 8);
    for (int i = 0; i < EXCHANGES; i++)
        CHECK_INT(start(x[i], &err[i]), TDREST_OK);
    for (int i = 0; i < EXCHANGES; i++)
        CHECK(run(x[i], &err[i]) == TDREST_DONE, "%s", err[i].message);
}

/* ---- a connection that dies ---- */

typedef struct script {
    atomic_int whole; /* lethal bodies that came whole */
} script;

static int answer(const tdrt_visit *visit)
{
    script *s = (script *)(uintptr_t)visit->context;
    size_t len = strlen(visit->sql);

    if (visit->sql[0] == 'a')
        return tdrt_send_answer(visit, &(tdrt_answer){.body = "{}"});
    atomic_fetch_add(&s->whole, 1);
    return len % 2 == 1 ? tdrt_reset(visit) : 0;
}

static void die_with(script *s, const tdrt_server *server, size_t len)
{
    tdrest_error err;

    begin(server->port);
    atomic_store(&s->whole, 0);
    for (int i = 0; i < DEATHS; i++) {
        int rc;

        ask_with_all();
        set_body('k', len);
        rc = start(x[i % EXCHANGES], &err);
        if (rc == TDREST_OK)
            rc = run(x[i % EXCHANGES], &err);
        (void)tdri_outcome_tell(&err, 0, tdri_exchange_body_left(x[i % EXCHANGES]));
        CHECK(rc == TDREST_ECONNECT && err.phase == TDREST_PHASE_WAIT && err.ran == TDREST_RAN_MAYBE, "%zu bytes, the %dth: %s, phase %d, ran %d: %s", len, i + 1,
              tdrest_code_name(rc), err.phase, err.ran, err.message);
    }
    CHECK(atomic_load(&s->whole) == DEATHS, "%zu bytes: %d arrived", len, atomic_load(&s->whole));
    finish();
}

/* Whole requests over kept-alive connections that die with them: each arrives once, and may have run. */
static void never_twice(void)
{
    static const size_t lengths[] = {1, 8, 8191, 8192, 8193, 65536, 69999};
    script *s = (script *)mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    tdrt_server server = TDRT_SERVER_INIT;

    CU_ASSERT_FATAL(s != MAP_FAILED && tdrt_server_start(&server, answer, s));
    for (size_t i = 0; i < COUNT_OF(lengths); i++)
        die_with(s, &server, lengths[i]);
    tdrt_server_stop(&server);
    munmap(s, sizeof *s);
}

/* ---- a body that libcurl says has not left whole ---- */

static void written_in_part(void)
{
    tdrt_server server = TDRT_SERVER_INIT;
    tdrest_error err;

    CU_ASSERT_FATAL(tdrt_server_start(&server, answer, NULL));
    begin(server.port);
    set_body('a', 8);
    for (int held_back = 0; held_back < 2; held_back++) {
        tdrt_curl.held_back = held_back;
        for (int i = 0; i < 2; i++)
            CHECK(start(x[0], &err) == TDREST_OK && run(x[0], &err) == TDREST_DONE, "%s", err.message);
        if (held_back == 0 && x[0]->tells_departure) /* else each has a connection of its own in a loop with several */
            CHECK_INT(atomic_load(&server.counts->connections), 1);
        else if (held_back != 0 && x[0]->joined)
            CHECK_INT(atomic_load(&server.counts->connections), 2);
    }
    tdrt_curl.held_back = 0;
    finish();
    tdrt_server_stop(&server);
}

/* ---- one send ---- */

/* Where libcurl has two sends for a body that it reads by callback it is given a small one at once; head and body then come together. */
static void in_one_send(void)
{
    char bytes[4096];
    struct sockaddr_in at;
    socklen_t at_len = sizeof at;
    tdrest_error err;
    int listener = socket(AF_INET, SOCK_STREAM, 0), fd;
    ssize_t n;

    memset(&at, 0, sizeof at);
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CU_ASSERT_FATAL(bind(listener, (struct sockaddr *)&at, sizeof at) == 0 && getsockname(listener, (struct sockaddr *)&at, &at_len) == 0 && listen(listener, 1) == 0);
    begin(ntohs(at.sin_port));
    set_body('a', 1000);
    CHECK_INT(start(x[0], &err), TDREST_OK);
    CHECK_INT(x[0]->joined, x[0]->tells_departure && curl_version_info(CURLVERSION_NOW)->version_num < 0x080700);
    if (x[0]->tells_departure) {
        while (!x[0]->departed && tdri_exchange_step(x[0], take_all, NULL, &err) == TDRI_WAIT)
            CHECK_INT(tdri_loop_wait(loop, 100), TDREST_OK);
        CHECK(!x[0]->tells_departure || (strcmp(x[0]->ends.peer, "127.0.0.1") == 0 && strcmp(x[0]->ends.here, "127.0.0.1") == 0 &&
          x[0]->ends.peer_port == ntohs(at.sin_port) && x[0]->ends.port > 0), "%s:%d from %s:%d", x[0]->ends.peer, x[0]->ends.peer_port, x[0]->ends.here, x[0]->ends.port);
    fd = accept(listener, NULL, NULL);
        n = read(fd, bytes, sizeof bytes);
        CHECK(n > 1000 && memcmp(bytes, "POST ", 5) == 0 && bytes[n - 1] == 'a' && bytes[n - 1000] == 'a' && bytes[n - 1001] == '\n', "%d bytes", (int)n);
        close(fd);
    }
    close(listener);
    finish();
}

/* ---- connections go from exchange to exchange ---- */

static int watch_nothing(void *context, int fd, int events)
{
    (void)context;
    (void)fd;
    (void)events;
    return TDREST_OK;
}

static void expect(int which, int port, curl_socket_t socket, int is_idle, int lost)
{
    CHECK(x[which]->ends.port == port && x[which]->socket == socket && x[which]->idle == (is_idle ? socket : CURL_SOCKET_BAD) && x[which]->lost == lost,
          "exchange %d: port %d, socket %d, idle %d, lost %d", which, x[which]->ends.port, (int)x[which]->socket, (int)x[which]->idle, x[which]->lost);
}

static void claim(tdri_exchange *one, const char *peer, int port)
{
    tdri_ends ends = {"", "10.0.0.9", 6041, port};

    snprintf(ends.peer, sizeof ends.peer, "%s", peer);
    tdri_exchange_claim(one, &ends);
}

/* As at the end of an answer. */
static void keep(int which, curl_socket_t socket)
{
    x[which]->socket = socket;
    tdri_exchange_keep(x[which]);
}

/* Over whichever connection a request leaves: those that are idle go on being known, and none is taken for idle that is not. */
static void change_hands_in(int is_driven)
{
    enum { PORT = 6, OTHER = PORT + 2 * TDRI_PORT_LISTS, THIRD = 8 };

    begin(1);
    CU_ASSERT_FATAL(!is_driven || tdri_loop_drive(loop, watch_nothing, NULL, EXCHANGES) == TDREST_OK);
    claim(x[0], "127.0.0.1", PORT);
    expect(0, PORT, CURL_SOCKET_BAD, 0, 0); /* a new one */
    keep(0, 70);
    claim(x[1], "127.0.0.1", OTHER);
    keep(1, 71);
    expect(0, PORT, 70, 1, 0);
    expect(1, OTHER, 71, 1, 0);
    claim(x[0], "127.0.0.1", OTHER); /* an idle one */
    expect(0, OTHER, 71, 0, 0);
    expect(1, PORT, 70, 1, 0);
    claim(x[1], "127.0.0.1", PORT); /* its own */
    expect(1, PORT, 70, 0, 0);
    x[0]->active = 1; /* its answer has come, and nobody has looked yet */
    claim(x[2], "127.0.0.1", OTHER);
    expect(0, 0, CURL_SOCKET_BAD, 0, 1);
    expect(2, OTHER, 71, 0, 0);
    x[0]->active = 0;
    claim(x[0], "127.0.0.1", THIRD);
    expect(0, THIRD, CURL_SOCKET_BAD, 0, 0);
    for (int i = 0; i < EXCHANGES; i++) {
        tdri_exchange_disclaim(x[i]);
        expect(i, 0, CURL_SOCKET_BAD, 0, 0);
    }
    CHECK(loop->idle == NULL && loop->with_port == NULL, "all lists are empty");
    for (int i = 0; is_driven && i < TDRI_PORT_LISTS; i++)
        CHECK(loop->by_port[i] == NULL, "list %d is empty", i);
    finish();
}

static void change_hands(void)
{
    change_hands_in(0);
    change_hands_in(1);
}

/* Of many that are idle, those are given up whose peer has gone, and no others. */
static void shed_some(void)
{
    enum { MANY = 200 };
    static tdri_exchange *many[MANY];
    int pairs[MANY][2];
    tdrest_error err;

    begin(1);
    tdri_err_reset(&err);
    for (int i = 0; i < MANY; i++) {
        CU_ASSERT_FATAL(socketpair(AF_UNIX, SOCK_STREAM, 0, pairs[i]) == 0 && tdri_exchange_new(loop, options, &many[i], &err) == TDREST_OK);
        many[i]->keep_alive_s = -1;
        tdri_exchange_set_idle(many[i], pairs[i][0]);
    }
    CHECK_INT(tdri_exchange_shed_stale(loop), 0);
    for (int i = 0; i < MANY; i += 3)
        CHECK_INT(i % 2 == 0 ? (int)write(pairs[i][1], "x", 1) : shutdown(pairs[i][1], SHUT_RDWR) + 1, 1);
    CHECK_INT(tdri_exchange_shed_stale(loop), 1);
    for (int i = 0; i < MANY; i++)
        CHECK((many[i]->idle == CURL_SOCKET_BAD) == (i % 3 == 0), "connection %d", i);
    CHECK_INT(tdri_exchange_shed_stale(loop), 0);
    for (int i = 0; i < MANY; i++) {
        tdri_exchange_free(many[i]);
        close(pairs[i][0]);
        close(pairs[i][1]);
    }
    finish();
}

/* Connections to different hosts may have the same port here: the one that is idle is not taken for the one that the request leaves over. */
static void same_port(void)
{
    begin(1);
    claim(x[0], "10.0.0.1", 4000);
    keep(0, 70);
    claim(x[1], "10.0.0.2", 4000);
    expect(0, 4000, 70, 1, 0);
    expect(1, 4000, CURL_SOCKET_BAD, 0, 0);
    keep(1, 71);
    claim(x[2], "10.0.0.2", 4000);
    expect(0, 4000, 70, 1, 0);
    expect(1, 0, CURL_SOCKET_BAD, 0, 0);
    expect(2, 4000, 71, 0, 0);
    finish();
}

CU_TestInfo tdrt_body[] = {
    {"never twice", never_twice},
    {"written in part", written_in_part},
    {"in one send", in_one_send},
    {"change hands", change_hands},
    {"shed some", shed_some},
    {"same port", same_port},
    CU_TEST_INFO_NULL,
};
