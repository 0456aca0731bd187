/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Many requests on one thread, a thousand in flight: each arrives once and has its own answer once, and memory does not grow. The server counts.
 *
 *     proof-async REQUESTS [LOOP]
 *
 * LOOP is run, the library's own, or epoll or libuv, whose hooks drive it.
 */
#include "proof/async_loops.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { IN_FLIGHT = 1000, ROUNDS = 5, REQUESTS_MAX = 10000000, PEERS = IN_FLIGHT + 24, HEAD_MAX = 4096, GROWTH_MAX_KB = 16384 };

/* ---- the server ---- */

typedef struct peer {
    size_t len;
    char bytes[HEAD_MAX + 1];
} peer;

static peer peers[PEERS];
static struct pollfd polled[PEERS + 1]; /* the first one listens */
static atomic_uchar *arrivals;          /* of each number; seen by both processes */
static int most;

/* The number that a whole request asks for; -1: it is not whole yet. */
static int number_of(peer *p)
{
    const char *body, *length;

    p->bytes[p->len] = '\0';
    body = strstr(p->bytes, "\r\n\r\n");
    length = strstr(p->bytes, "Content-Length: ");
    if (body == NULL || length == NULL || strlen(body + 4) < strtoul(length + 16, NULL, 10))
        return -1;
    return strncmp(body + 4, "SELECT ", 7) == 0 ? atoi(body + 11) : -1;
}

static void answer(int fd, int number)
{
    char body[128], text[256];
    int len = snprintf(body, sizeof body, "{\"code\":0,\"column_meta\":[[\"n\",\"INT\",4]],\"data\":[[%d]],\"rows\":1}", number);

    len = snprintf(text, sizeof text, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len, body);
    if (send(fd, text, (size_t)len, MSG_NOSIGNAL) != len)
        exit(3);
}

static void hear(int i)
{
    peer *p = &peers[i - 1];
    ssize_t n = recv(polled[i].fd, p->bytes + p->len, HEAD_MAX - p->len, 0);
    int number;

    if (n <= 0) {
        close(polled[i].fd);
        polled[i].fd = -1;
        return;
    }
    p->len += (size_t)n;
    number = number_of(p);
    if (number < 0 || number >= most)
        return;
    atomic_fetch_add(&arrivals[number], 1);
    p->len = 0;
    answer(polled[i].fd, number);
}

static void admit(void)
{
    int fd = accept(polled[0].fd, NULL, NULL), on = 1, i = 1;

    while (i <= PEERS && polled[i].fd >= 0)
        i++;
    if (fd < 0 || i > PEERS)
        exit(3);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    polled[i].fd = fd;
    peers[i - 1].len = 0;
}

static void serve(int listener)
{
    for (int i = 0; i <= PEERS; i++)
        polled[i] = (struct pollfd){i == 0 ? listener : -1, POLLIN, 0};
    while (poll(polled, PEERS + 1, -1) > 0) {
        for (int i = 1; i <= PEERS; i++)
            if (polled[i].fd >= 0 && polled[i].revents != 0)
                hear(i);
        if (polled[0].revents != 0)
            admit();
    }
    exit(3);
}

static pid_t start_server(int *port)
{
    struct sockaddr_in at;
    socklen_t len = sizeof at;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    pid_t pid;

    memset(&at, 0, sizeof at);
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (listener < 0 || bind(listener, (struct sockaddr *)&at, sizeof at) != 0 || listen(listener, PEERS) != 0 || getsockname(listener, (struct sockaddr *)&at, &len) != 0)
        return -1;
    *port = ntohs(at.sin_port);
    pid = fork();
    if (pid == 0)
        serve(listener);
    close(listener);
    return pid;
}

/* ---- the requests ---- */

typedef struct request {
    int number, answers, ends;
} request;

static tdrest_async *async;
static const tdrt_async_loop *loop;
static request *requests;
static int started, last, failures;

static void complain(int number, const char *what)
{
    if (failures++ < 20)
        fprintf(stderr, "FAILED: request %d: %s\n", number, what);
}

static void start_next(void);

static void on_rows(void *user, tdrest_request *handle, tdrest_result *rows)
{
    request *r = (request *)user;
    int64_t value = -1;

    (void)handle;
    while (tdrest_result_next(rows) == TDREST_ROW) {
        r->answers++;
        if (tdrest_result_int64(rows, 0, &value) != TDREST_OK || value != r->number)
            complain(r->number, "it has another one's answer");
    }
}

static void on_end(void *user, tdrest_request *handle, const tdrest_error *error)
{
    request *r = (request *)user;

    (void)handle;
    r->ends++;
    if (error->code != TDREST_OK)
        complain(r->number, error->message);
    start_next();
}

static void start_next(void)
{
    static const tdrest_async_callbacks callbacks = {sizeof callbacks, on_rows, on_end};
    char sql[32];

    if (started == last)
        return;
    requests[started].number = started;
    snprintf(sql, sizeof sql, "SELECT %d", started);
    started++;
    if (tdrest_async_query(async, sql, TDREST_CSTR, NULL, &callbacks, &requests[started - 1], NULL) != TDREST_OK)
        complain(started - 1, tdrest_async_error(async)->message);
}

/* ---- memory ---- */

static long allocated; /* pieces of the library's that are in use */

static void *take(void *context, size_t bytes)
{
    void *p = malloc(bytes);

    (void)context;
    allocated += p != NULL;
    return p;
}

static void *resize(void *context, void *old, size_t bytes)
{
    void *p = realloc(old, bytes);

    (void)context;
    allocated += old == NULL && p != NULL;
    return p;
}

static void release(void *context, void *old)
{
    (void)context;
    allocated -= old != NULL;
    free(old);
}

static long peak_kb(void)
{
    struct rusage usage;

    return getrusage(RUSAGE_SELF, &usage) == 0 ? usage.ru_maxrss : -1;
}

/* ---- all of it ---- */

static int open_async(int port)
{
    static const tdrest_allocator counting = {sizeof counting, NULL, take, resize, release};
    tdrest_options *options = NULL;
    char dsn[96];
    int good;

    snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d?max_per_host=%d&retry=never", port, IN_FLIGHT);
    good = tdrest_options_new(&counting, &options) == TDREST_OK && tdrest_options_parse(options, dsn) == TDREST_OK && tdrest_async_new(options, &async) == TDREST_OK && loop->open(async);
    tdrest_options_free(options);
    return good;
}

static int can_open_files(void)
{
    const rlim_t wanted = 2 * PEERS;
    struct rlimit files;

    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return 0;
    if (files.rlim_cur < wanted)
        files.rlim_cur = files.rlim_max < wanted ? files.rlim_max : wanted;
    return setrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur >= wanted;
}

/* The first round makes all connections; what is in use behind it is in use behind each. */
static void run_rounds(void)
{
    long in_use = 0, peak = 0;

    for (int i = 1; i <= ROUNDS; i++) {
        last = (int)((int64_t)most * i / ROUNDS);
        for (int n = 0; n < IN_FLIGHT; n++)
            start_next();
        if (loop->run(async, 600000) != TDREST_DONE)
            complain(started, "the loop did not come to an end");
        if (i == 1) {
            in_use = allocated;
            peak = peak_kb();
        } else if (allocated > in_use) {
            complain(started, "memory is not given back");
        }
    }
    printf("%d requests, %d in flight: %ld pieces of memory in use, %ld KB at most, %ld KB of it since the first %d\n", most, IN_FLIGHT, allocated, peak_kb(),
           peak_kb() - peak, most / ROUNDS);
    if (peak_kb() - peak > GROWTH_MAX_KB)
        complain(started, "memory grows");
}

int main(int argc, char **argv)
{
    int port = 0;
    pid_t server;

    most = argc >= 2 ? atoi(argv[1]) : 0;
    loop = tdrt_async_loop_find(argc == 3 ? argv[2] : "run");
    if (loop == NULL) {
        fprintf(stderr, "this build has no such loop\n");
        return 77;
    }
    if (argc > 3 || most < ROUNDS * IN_FLIGHT || most > REQUESTS_MAX) {
        fprintf(stderr, "usage: proof-async REQUESTS [LOOP] (%d to %d requests)\n", ROUNDS * IN_FLIGHT, REQUESTS_MAX);
        return 2;
    }
    if (!can_open_files()) {
        fprintf(stderr, "skipped: needs %d open files\n", 2 * PEERS);
        return 77;
    }
    requests = (request *)calloc((size_t)most, sizeof *requests);
    arrivals = (atomic_uchar *)mmap(NULL, (size_t)most, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (requests == NULL || arrivals == MAP_FAILED || (server = start_server(&port)) < 0)
        return 2;
    if (open_async(port))
        run_rounds();
    else
        complain(0, "the async object cannot be made");
    tdrest_async_free(async);
    if (loop->close() != 0)
        complain(started, "the loop has descriptors still");
    kill(server, SIGKILL);
    (void)waitpid(server, NULL, 0);
    for (int i = 0; i < most; i++)
        if (requests[i].answers != 1 || requests[i].ends != 1 || atomic_load(&arrivals[i]) != 1)
            complain(i, "it did not arrive, or was not answered, exactly once");
    if (allocated != 0)
        complain(most, "memory is left over");
    free(requests);
    printf("%d of %d requests arrived and were answered once; %d failures\n", most - failures, most, failures);
    return failures == 0 ? 0 : 1;
}
