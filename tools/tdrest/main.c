/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The tdrest command: SQL to a server, rows to standard output. Of the library it sees <tdrest.h> only. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "args.h"
#include "help.h"
#include "report.h"
#include "run.h"

/* A descriptor that was closed by the caller would be given to a socket, and rows would go to the server. */
static int keep_standard_files(void)
{
    int fd, opened;

    for (fd = 0; fd <= 2; fd++) {
        if (fcntl(fd, F_GETFD) >= 0)
            continue;
        opened = open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY); /* so that its use fails, as if closed */
        if (opened != fd)
            return -1;
    }
    return 0;
}

/* The end of a pipe is no failure worth words: die of it as every filter does. */
static int finish(cli_output *out, int status)
{
    cli_output_flush(out);
    if (out->error == EPIPE) {
        signal(SIGPIPE, SIG_DFL);
        raise(SIGPIPE);
    }
    if (out->error == 0)
        return status;
    cli_usage("the output could not be written: %s", strerror(out->error));
    return CLI_BROKEN;
}

int main(int argc, char **argv)
{
    static cli_output out;
    cli_args args;
    int status;

    if (keep_standard_files() < 0)
        return CLI_BROKEN;
    signal(SIGPIPE, SIG_IGN); /* the library's sockets; a closed output is seen by its error */
    cli_output_init(&out, STDOUT_FILENO);
    status = cli_args_read(&args, argc, argv);
    if (status == CLI_OK) {
        switch (args.task) {
        case CLI_TASK_HELP: cli_help(&out); break;
        case CLI_TASK_HELP_ALL: cli_help_all(&out); break;
        case CLI_TASK_VERSION: cli_version(&out); break;
        case CLI_TASK_RUN: status = cli_run(&args, &out); break;
        }
    }
    cli_args_clear(&args);
    return finish(&out, status);
}
