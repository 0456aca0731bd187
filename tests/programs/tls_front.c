/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Lets `openssl s_server` speak TLS in front of a plain server: what it reads
 * goes to a port of 127.0.0.1, what comes back goes to it. One client at a
 * time. Knows nothing of HTTP, TLS or the library.
 *
 *     tdrt-tls-front PORT_BEHIND openssl s_server -quiet ...
 *
 * adds `-accept 127.0.0.1:PORT` with a free port, prints that port when it is
 * open, and ends both processes when it is told to end.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_ARGUMENTS = 60, ATTEMPTS = 5 };

typedef struct front {
    int behind; /* port */
    int to;     /* standard input and output of s_server */
    int from;
    int socket; /* to the port behind; -1: none */
} front;

static volatile pid_t child; /* 0: none */

static void end(int number)
{
    if (child > 0)
        kill(child, SIGKILL);
    _exit(number == 0 ? 1 : 0);
}

static struct sockaddr_in address(int port)
{
    struct sockaddr_in a;

    memset(&a, 0, sizeof a);
    a.sin_family = AF_INET;
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    a.sin_port = htons((unsigned short)port);
    return a;
}

/* A socket connected to the port; -1: refused. */
static int dial(int port)
{
    struct sockaddr_in a = address(port);
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd >= 0 && connect(fd, (struct sockaddr *)&a, sizeof a) != 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}

/* s_server cannot tell which port the system gave it, so it is given one that was free a moment ago. */
static int free_port(void)
{
    struct sockaddr_in a = address(0);
    socklen_t len = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM, 0), port = 0;

    if (fd >= 0 && bind(fd, (struct sockaddr *)&a, sizeof a) == 0 && getsockname(fd, (struct sockaddr *)&a, &len) == 0)
        port = ntohs(a.sin_port);
    if (fd >= 0)
        close(fd);
    return port;
}

static int spawn(front *f, char **arguments)
{
    int in[2], out[2];

    if (pipe(in) != 0 || pipe(out) != 0)
        return 0;
    child = fork();
    if (child == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        close(in[0]);
        close(in[1]);
        close(out[0]);
        close(out[1]);
        execvp(arguments[0], arguments);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    f->to = in[1];
    f->from = out[0];
    return child > 0;
}

/* 1 when the port is open; 0 when the child has ended, another process having the port now, or takes longer than ten seconds. */
static int opens(int port)
{
    static const struct timespec nap = {0, 20 * 1000 * 1000};
    int fd;

    for (int i = 0; i < 500; i++) {
        if (waitpid(child, NULL, WNOHANG) != 0) {
            child = 0;
            return 0;
        }
        fd = dial(port);
        if (fd >= 0) {
            close(fd);
            return 1;
        }
        nanosleep(&nap, NULL);
    }
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    child = 0;
    return 0;
}

static int start(front *f, char **given, int count)
{
    char *arguments[MOST_ARGUMENTS + 3], accept_at[32], option[] = "-accept";
    int port;

    if (count > MOST_ARGUMENTS)
        return 0;
    memcpy(arguments, given, (size_t)count * sizeof *given);
    arguments[count] = option;
    arguments[count + 1] = accept_at;
    arguments[count + 2] = NULL;
    for (int i = 0; i < ATTEMPTS; i++) {
        port = free_port();
        snprintf(accept_at, sizeof accept_at, "127.0.0.1:%d", port);
        if (port != 0 && spawn(f, arguments) && opens(port))
            return port;
    }
    return 0;
}

/* Passes on what can be read. Less than 1: the end. */
static ssize_t pass(int from, int to)
{
    char bytes[16384];
    ssize_t len = read(from, bytes, sizeof bytes);

    for (ssize_t at = 0; at < len;) {
        ssize_t n = write(to, bytes + at, (size_t)(len - at));

        if (n < 0)
            return n;
        at += n;
    }
    return len;
}

static void forget_socket(front *f)
{
    if (f->socket >= 0)
        close(f->socket);
    f->socket = -1;
}

/* Until s_server ends. The connection behind is made when there is something to say, and lives as long as the server there likes. */
static void relay(front *f)
{
    for (;;) {
        struct pollfd fds[2] = {{f->from, POLLIN, 0}, {f->socket, POLLIN, 0}};

        if (poll(fds, 2, -1) < 0)
            return;
        if (fds[1].revents != 0 && pass(f->socket, f->to) < 1)
            forget_socket(f);
        if (fds[0].revents == 0)
            continue;
        if (f->socket < 0 && (f->socket = dial(f->behind)) < 0)
            return;
        if (pass(f->from, f->socket) < 1)
            return;
    }
}

int main(int argc, char **argv)
{
    front f = {0, -1, -1, -1};
    int port;

    if (argc < 3 || (f.behind = (int)strtol(argv[1], NULL, 10)) <= 0) {
        fputs("usage: tdrt-tls-front PORT_BEHIND openssl s_server -quiet ...\n", stderr);
        return 2;
    }
    signal(SIGTERM, end);
    signal(SIGINT, end);
    signal(SIGHUP, end);
    signal(SIGPIPE, SIG_IGN);
    port = start(&f, argv + 2, argc - 2);
    if (port == 0) {
        fprintf(stderr, "%s does not listen\n", argv[2]);
        end(0);
    }
    printf("%d\n", port);
    fclose(stdout);
    relay(&f);
    end(0);
}
