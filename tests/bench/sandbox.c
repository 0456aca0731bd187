/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Starts and stops a sandbox on any free port, which it tells on its standard output. */
#include "bench/sandbox.h"

#include "bench/measure.h"
#include "bench/program.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* In the child. On the last processor, as every server of the measurements. */
static void become(const char *program, const char *data, int out)
{
    tdrt_pin(TDRT_LAST_PROCESSOR);
    if (dup2(out, 1) >= 0 && data != NULL)
        execl(program, program, "--port", "0", "--quiet", "--data", data, (char *)NULL);
    else if (out >= 0)
        execl(program, program, "--port", "0", "--quiet", "--faults", (char *)NULL);
    _exit(TDRT_NO_PROGRAM);
}

int tdrt_bench_sandbox_start(tdrt_bench_sandbox *sandbox, const char *program, const char *data)
{
    int ends[2];
    size_t n = 0;

    memset(sandbox, 0, sizeof *sandbox);
    if (pipe(ends) < 0)
        return 0;
    sandbox->pid = fork();
    if (sandbox->pid == 0) {
        close(ends[0]);
        become(program, data, ends[1]);
    }
    close(ends[1]);
    while (sandbox->pid > 0 && n < sizeof sandbox->url - 1 && read(ends[0], sandbox->url + n, 1) == 1 && sandbox->url[n] != '\n')
        n++;
    sandbox->url[n] = '\0';
    close(ends[0]);
    return n > 0;
}

void tdrt_bench_sandbox_stop(tdrt_bench_sandbox *sandbox)
{
    if (sandbox->pid <= 0)
        return;
    kill(sandbox->pid, SIGTERM);
    waitpid(sandbox->pid, NULL, 0);
    sandbox->pid = 0;
}
