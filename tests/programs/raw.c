/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Sends standard input to a port of 127.0.0.1 as it is and prints what comes back until the other end closes. Knows nothing of HTTP.
 *
 *     tdrt-raw PORT [half]
 *
 * half: then says that nothing more will come. Exit status 1 when the other end keeps silent for SILENCE_MS.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SILENCE_MS = 60000, MOST = 8 << 20 };

static int connect_to(int port)
{
    struct sockaddr_in at;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    memset(&at, 0, sizeof at);
    at.sin_family = AF_INET;
    at.sin_port = htons((uint16_t)port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (struct sockaddr *)&at, sizeof at) < 0 || fcntl(fd, F_SETFL, O_NONBLOCK) < 0) {
        perror("tdrt-raw");
        exit(2);
    }
    return fd;
}

/* An end that reads no more may still have answered. */
static size_t give(int fd, const char *bytes, size_t len)
{
    ssize_t n = send(fd, bytes, len, 0);

    return n < 0 ? len : (size_t)n;
}

static int talk(int fd, const char *bytes, size_t len, int half)
{
    static char in[65536];
    struct pollfd wait = {fd, POLLIN, 0};
    ssize_t n = 1;

    while (n > 0) {
        wait.events = len != 0 ? POLLIN | POLLOUT : POLLIN;
        if (poll(&wait, 1, SILENCE_MS) <= 0)
            return 1;
        if (len != 0 && (wait.revents & POLLOUT) != 0) {
            size_t sent = give(fd, bytes, len);

            bytes += sent;
            len -= sent;
            if (len == 0 && half)
                shutdown(fd, SHUT_WR);
        }
        if ((wait.revents & ~POLLOUT) == 0)
            continue;
        n = recv(fd, in, sizeof in, 0);
        if (n > 0 && (fwrite(in, 1, (size_t)n, stdout) != (size_t)n || fflush(stdout) != 0))
            return 1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    char *bytes = malloc(MOST);
    size_t len;
    int status;

    if (argc < 2 || bytes == NULL) {
        fputs("usage: tdrt-raw PORT [half]\n", stderr);
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    len = fread(bytes, 1, MOST, stdin);
    status = talk(connect_to(atoi(argv[1])), bytes, len, argc > 2);
    free(bytes);
    return status;
}
