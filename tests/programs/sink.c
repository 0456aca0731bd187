/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * tdrt-sink FILE: a server on a free port of 127.0.0.1, which it prints, that takes whatever is written and appends it to FILE, and request lines to
 * FILE.lines. Bodies with `refuse`, `unsure` or `late` in them are refused so, or taken late, unless their client goes; one of a single line with `dropped` is told that there is
 * no such database. Ends with SIGTERM. The sandbox cannot stand in for it: it keeps rows, not the bytes and requests that came, and answers late only to a header that
 * tdrest does not send.
 */
#include "serve.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { LATE_MS = 60000 };

static int append(const char *file, const char *behind, const char *bytes, size_t len)
{
    char name[1024];
    FILE *to;

    snprintf(name, sizeof name, "%s%s", file, behind);
    to = fopen(name, "ab");
    return to != NULL && fwrite(bytes, 1, len, to) == len && fclose(to) == 0;
}

static int take(const tdrt_visit *visit)
{
    const char *file = visit->context;

    if (strstr(visit->sql, "late") != NULL)
        poll(&(struct pollfd){visit->fd, POLLIN, 0}, 1, LATE_MS); /* its client's end is one, too */
    if (!append(file, ".lines", visit->head, strcspn(visit->head, "\r")) || !append(file, ".lines", "\n", 1))
        return 0;
    if (strstr(visit->sql, "dropped") != NULL && strcspn(visit->sql, "\n") + 1 >= strlen(visit->sql))
        return tdrt_send_answer(visit, &(tdrt_answer){.status = 500, .body = "{\"code\":\"internal error\",\"message\":\"[0x388] Database not exist\"}"});
    if (strstr(visit->sql, "refuse") != NULL)
        return tdrt_send_answer(visit, &(tdrt_answer){.status = 500, .body = "{\"code\":\"internal error\",\"message\":\"[0x3002] bad\"}"});
    if (strstr(visit->sql, "unsure") != NULL)
        return tdrt_send_answer(visit, &(tdrt_answer){.status = 500, .body = "{\"code\":\"internal error\",\"message\":\"[0x60b] out of range\"}"});
    return append(file, "", visit->sql, strlen(visit->sql)) && tdrt_send(visit, "HTTP/1.1 204 No Content\r\n\r\n", 0);
}

int main(int argc, char **argv)
{
    tdrt_server server = TDRT_SERVER_INIT;
    sigset_t ends;
    int sig;

    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    server.serial = 1;
    if (argc != 2 || !tdrt_server_start(&server, take, argv[1]) || sigprocmask(SIG_BLOCK, &ends, NULL) != 0)
        return 2;
    printf("http://127.0.0.1:%d\n", server.port);
    fclose(stdout);
    while (sigwait(&ends, &sig) != 0)
        ;
    tdrt_server_stop(&server);
    return 0;
}
