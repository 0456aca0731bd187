/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* An address that swallows connections. */
#include "hole.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PATIENCE_MS = 60000 };

tdrt_hole tdrt_hole_dig(const char *address, int port)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
    int is_v6 = strchr(address, ':') != NULL, good;
    const struct sockaddr *at = is_v6 ? (const struct sockaddr *)&v6 : (const struct sockaddr *)&v4;
    socklen_t len = is_v6 ? sizeof v6 : sizeof v4;
    tdrt_hole h = {socket(at->sa_family, SOCK_STREAM, 0), socket(at->sa_family, SOCK_STREAM, 0)};

    good = inet_pton(at->sa_family, address, is_v6 ? (void *)&v6.sin6_addr : (void *)&v4.sin_addr) == 1 && h.listener >= 0 && h.filler >= 0 &&
           bind(h.listener, at, len) == 0 && listen(h.listener, 0) == 0 && connect(h.filler, at, len) == 0 &&
           poll(&(struct pollfd){h.listener, POLLIN, 0}, 1, PATIENCE_MS) == 1; /* before who listens has it, there would be room for another one */
    if (!good && h.listener >= 0) {
        close(h.listener);
        h.listener = -1;
    }
    return h;
}

void tdrt_hole_fill(tdrt_hole *h)
{
    if (h->listener >= 0)
        close(h->listener);
    if (h->filler >= 0)
        close(h->filler);
}
