/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A program that is run to its end, and what it has used. What it says is not shown: its status tells enough. */
#include "bench/program.h"

#include "bench/measure.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static double seconds_of(const struct timeval *t)
{
    return (double)t->tv_sec + (double)t->tv_usec / 1e6;
}

/* In the child: with no setting of the caller's but where programs are. */
static void become(const char *const argv[])
{
    extern char **environ;
    static char path[4096] = "PATH=";
    static char *settings[] = {path, NULL};
    const char *caller = getenv("PATH");
    int null = open("/dev/null", O_RDWR);

    if (caller != NULL && strlen(caller) < sizeof path - strlen(path))
        strcat(path, caller);
    environ = settings;
    if (null >= 0 && dup2(null, 0) >= 0 && dup2(null, 1) >= 0 && dup2(null, 2) >= 0)
        execvp(argv[0], (char *const *)(uintptr_t)argv);
    _exit(TDRT_NO_PROGRAM);
}

int tdrt_run_program(const char *const argv[], tdrt_usage *out)
{
    double start = tdrt_wall_seconds();
    struct rusage used;
    int status;
    pid_t pid, ended;

    fflush(NULL);
    pid = fork();
    if (pid == 0)
        become(argv);
    if (pid < 0)
        return -1;
    while ((ended = wait4(pid, &status, 0, &used)) < 0 && errno == EINTR)
        ;
    if (ended != pid || !WIFEXITED(status))
        return -1;
    out->wall_s = tdrt_wall_seconds() - start;
    out->cpu_s = seconds_of(&used.ru_utime) + seconds_of(&used.ru_stime);
#ifdef __APPLE__
    out->rss_kib = (double)used.ru_maxrss / 1024;
#else
    out->rss_kib = (double)used.ru_maxrss;
#endif
    return WEXITSTATUS(status);
}
