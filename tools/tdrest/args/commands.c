/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The table of commands: the command line, help and completion all come from it. Knows nothing of what they do. */
#include "args/commands.h"

#include <string.h>

static const cli_command commands[] = {
    {.name = "", .task = CLI_TASK_RUN, .connects = 1, .operands = "[SQL ...]", .about = "run SQL statements, or a shell on a terminal",
     .details = "Runs statements, separated by semicolons, from its arguments, from files (-f) or from\n"
                "standard input. It stops at the first error unless --keep-going is given. On a terminal,\n"
                "without statements, it is a shell; \\? lists its commands.\n"},
    {.name = "ping", .task = CLI_TASK_PING, .connects = 1, .operands = "", .about = "ask every host whether it is ready",
     .details = "Logs in to each host and asks for its state and version. Prints a row for each, in any format\n"
                "but plot: address, version, ms, ready (yes or no) and the reason if it is not. Waits at most\n"
                "5 seconds, or timeout_ms, in all: the hosts that were not asked yet share the time that is left.\n"
                "Asks each host once. After a refused login the remaining hosts are not asked. The exit status\n"
                "is 0 if all hosts are ready, otherwise the highest that a host causes: 3 if it was not reached\n"
                "or refused the login, 1 if it is not ready.\n"},
    {.name = "write", .task = CLI_TASK_WRITE, .connects = 1, .loads = 1, .operands = "--protocol PROTOCOL [FILE ...]", .files = 1,
     .about = "write schemaless data",
     .details = "Sends InfluxDB lines, OpenTSDB telnet lines or OpenTSDB JSON from files or standard input\n"
                "to the database named by -d. Blank lines are skipped. If the server rejects a request, it is\n"
                "halved until the bad line or point is alone; without --keep-going or --reject, the command then\n"
                "stops. With --parallel N, the lines of different tables are sent N requests at a time.\n"
                "If the server goes away after it has answered, the command waits for it: one minute, or\n"
                "retry_for_ms. With --spool DIR, lines are stored there first; each must have a time. Lines that\n"
                "cannot be delivered now are sent by the next run or by tdrest spool send.\n"},
    {.name = "export", .task = CLI_TASK_EXPORT, .connects = 1, .formats = "csv, tsv, jsonl or arrow", .operands = "[TABLE]", .about = "write a table, a database or a query to files",
     .details = "Writes the rows of TABLE, of --query SQL or, without either, of the whole database named by -d,\n"
                "as csv, tsv, jsonl or arrow. A database needs -o DIR: the directory gets a file per table, the\n"
                "CREATE statements and, last of all, manifest.jsonl. tdrest import DIR reads it back, unless it\n"
                "is in arrow. Rows are ordered by time. They are counted before they are read; if fewer arrive,\n"
                "the command exits with status 4 and does not leave a file under the final name.\n"},
    {.name = "import", .task = CLI_TASK_IMPORT, .connects = 1, .loads = 1, .formats = "csv, tsv or jsonl; default: by the ending of the file, else csv", .operands = "--table TABLE | --using STABLE [FILE ...] | DIR", .files = 1,
     .about = "read csv, tsv or jsonl into a table, or what export wrote",
     .details = "Reads csv, tsv or jsonl from files or standard input into TABLE or into the child tables of\n"
                "STABLE, or reads back a database that was written by tdrest export -d DB -o DIR. Columns are\n"
                "matched by name, from the first line or the keys; their types come from the server. The first\n"
                "record that does not fit stops the command, unless --reject or --max-errors is given.\n"
                "If the server goes away after it has answered, the command waits for it: one minute, or\n"
                "retry_for_ms. With --spool DIR, records are stored there first, once the server has described\n"
                "the table; what cannot be delivered now is sent by the next run or by tdrest spool send.\n"
                "To read a compressed file: gunzip -c FILE.jsonl.gz | tdrest import -F jsonl --table TABLE -\n"},
    {.name = "tail", .task = CLI_TASK_TAIL, .connects = 1, .operands = "TABLE", .about = "show new rows of a table as they arrive",
     .details = "Polls TABLE for new rows until Ctrl-C; for a super table, also shows the table of each row. It\n"
                "starts with rows from now on, or from --since on. Polling does not see rows older than the\n"
                "newest row shown (--overlap looks further back), rows that replace a row shown, or deletions.\n"
                "With -F plot, each poll reads all rows from --since on, and draws them again if there are new\n"
                "ones. If the server does not answer, it keeps trying, and then continues where it was.\n"},
    {.name = "spool", .task = CLI_TASK_SPOOL, .connects = 1, .operands = "list | send | drop DIR", .verbs = "list send drop", .about = "list, deliver or drop what is in a spool",
     .details = "list prints a row for each request stored in DIR, in any format: number, state, protocol,\n"
                "database, rows, bytes, file, reason and the beginning of its text. It can run while a program\n"
                "writes. The states are waiting, rejected (by the server; see the reason), damaged, torn (being\n"
                "written, or cut off by a crash) and newer (written by a newer version). send delivers what is\n"
                "waiting; it stops when all is delivered, or at an error that is not about the rows. drop --force\n"
                "removes all files of the spool; rows that were not delivered are lost.\n"},
    {.name = "options", .task = CLI_TASK_OPTIONS, .connects = 1, .operands = "", .about = "show every option and where it was set",
     .details = "Prints the effective value of each option of the connection and where it came from.\n"
                "Passwords and tokens are masked.\n"},
    {.name = "explain-error", .task = CLI_TASK_EXPLAIN, .operands = "CODE ...", .about = "say what a server's error code means",
     .details = "CODE is 0x and hexadecimal digits, or a decimal number. No server is needed.\n"},
    {.name = "help", .task = CLI_TASK_HELP, .operands = "[COMMAND | all]", .about = "explain a command, or everything",
     .details = "The same as --help.\n"},
};

const cli_command *cli_command_at(size_t index)
{
    return index < sizeof commands / sizeof commands[0] ? &commands[index] : NULL;
}

const cli_command *cli_command_find(const char *name)
{
    size_t i;

    for (i = 1; i < sizeof commands / sizeof commands[0]; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

const cli_command *cli_command_of(enum cli_task task)
{
    size_t i;

    for (i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (commands[i].task == task)
            return &commands[i];
    return NULL;
}
