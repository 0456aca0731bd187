/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The tdrest command: SQL to a server, rows to standard output. Of the library it sees <tdrest.h> only. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "args.h"
#include "explain.h"
#include "help.h"
#include "interrupt.h"
#include "report.h"
#include "run.h"
#include "write.h"

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
static int finish(cli_output *out, const char *name, int status)
{
    cli_output_flush(out);
    if (name != NULL && out->fd >= 0 && close(out->fd) < 0 && out->error == 0)
        out->error = errno;
    if (out->error == EPIPE) {
        signal(SIGPIPE, SIG_DFL);
        raise(SIGPIPE);
    }
    if (out->error == 0)
        return status;
    if (out->error == EINTR)
        return CLI_INTERRUPTED;
    cli_usage("%s could not be written: %s", name == NULL ? "the output" : name, strerror(out->error));
    return CLI_BROKEN;
}

static int explain(const cli_args *args, cli_output *out)
{
    size_t i;
    int status = CLI_OK;

    for (i = 0; status == CLI_OK && i < args->source_count; i++) {
        if (i != 0)
            cli_output_char(out, '\n');
        status = cli_explain(out, args->sources[i].text);
    }
    return status;
}

static int perform(const cli_args *args, cli_output *out)
{
    switch (args->task) {
    case CLI_TASK_PING: return cli_ping(args, out);
    case CLI_TASK_WRITE: return cli_write(args);
    case CLI_TASK_EXPLAIN: return explain(args, out);
    case CLI_TASK_HELP: cli_help(out); break;
    case CLI_TASK_HELP_ALL: cli_help_all(out); break;
    case CLI_TASK_VERSION: cli_version(out); break;
    case CLI_TASK_RUN: return cli_run(args, out);
    }
    return CLI_OK;
}

int main(int argc, char **argv)
{
    static cli_output out;
    cli_args args;
    const char *name = NULL;
    int status;

    if (keep_standard_files() < 0)
        return CLI_BROKEN;
    signal(SIGPIPE, SIG_IGN); /* the library's sockets; a closed output is seen by its error */
    cli_interrupt_watch();
    cli_output_init(&out, STDOUT_FILENO);
    status = cli_args_read(&args, argc, argv);
    if (status == CLI_OK && args.output != NULL) {
        name = args.output;
        cli_output_init(&out, open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
        out.error = out.fd < 0 ? errno : 0;
    }
    if (status == CLI_OK && out.error == 0)
        status = perform(&args, &out);
    status = finish(&out, name, status);
    cli_args_clear(&args);
    return status;
}
