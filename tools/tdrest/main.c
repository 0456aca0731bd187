/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The tdrest command: SQL to a server, rows to standard output. Of the library it sees <tdrest.h> only. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "args/args.h"
#include "export/export.h"
#include "help/completion.h"
#include "help/explain.h"
#include "help/help.h"
#include "help/options.h"
#include "import/import.h"
#include "term/interrupt.h"
#include "term/report.h"
#include "term/terminal.h"
#include "run/ping.h"
#include "run/run.h"
#include "shell/shell.h"
#include "spool/spool.h"
#include "tail/tail.h"
#include "write/write.h"

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

/* The end of a pipe is no failure worth words: die of it as every filter does; of Ctrl-C as well, so that a shell's loop ends. */
static int finish(cli_output *out, int status)
{
    const char *name = out->name;

    if (name == NULL)
        cli_output_flush(out);
    else
        cli_output_close(out, status == CLI_OK);
    if (out->error == EPIPE) {
        signal(SIGPIPE, SIG_DFL);
        raise(SIGPIPE);
    }
    if (status == CLI_INTERRUPTED || out->error == EINTR)
        cli_interrupt_die();
    if (out->error == 0)
        return status;
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
    case CLI_TASK_RUN: return args->source_count > 0 ? cli_run(args, out) : cli_shell_run(args, out);
    case CLI_TASK_PING: return cli_ping(args, out);
    case CLI_TASK_WRITE: return cli_write(args);
    case CLI_TASK_EXPORT: return cli_export(args, out);
    case CLI_TASK_IMPORT: return cli_import(args);
    case CLI_TASK_TAIL: return cli_tail(args, out);
    case CLI_TASK_SPOOL: return cli_spool(args, out);
    case CLI_TASK_OPTIONS: cli_show_options(args, out); break;
    case CLI_TASK_EXPLAIN: return explain(args, out);
    case CLI_TASK_HELP: cli_help(out, args->topic); break;
    case CLI_TASK_COMPLETION: cli_completion(out, args->topic); break;
    case CLI_TASK_VERSION: cli_version(out); break;
    }
    return CLI_OK;
}

/* The file that takes the place of standard output, or NULL. */
static const char *output_file(const cli_args *args)
{
    const char *name = args->svg != NULL ? args->svg : args->output;

    return name == NULL || strcmp(name, "-") == 0 || cli_exports_folder(args) ? NULL : name;
}

int main(int argc, char **argv)
{
    static cli_output out;
    cli_args args;
    int status;

    if (keep_standard_files() < 0)
        return CLI_BROKEN;
    signal(SIGPIPE, SIG_IGN); /* the library's sockets; a closed output is seen by its error */
    cli_interrupt_watch();
    cli_output_init(&out, STDOUT_FILENO);
    status = cli_args_read(&args, argc, argv);
    cli_report_color(args.color == CLI_ALWAYS || (args.color == CLI_AUTO && cli_terminal_has_color(STDERR_FILENO)));
    if (status == CLI_OK && output_file(&args) != NULL)
        cli_output_open(&out, output_file(&args));
    if (status == CLI_OK && out.error == 0)
        status = perform(&args, &out);
    status = finish(&out, status);
    cli_args_clear(&args);
    return status;
}
