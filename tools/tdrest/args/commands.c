/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The table of commands: the command line, help and completion all come from it. Knows nothing of what they do. */
#include "args/commands.h"

#include <string.h>

static const cli_command commands[] = {
    {.name = "", .task = CLI_TASK_RUN, .connects = 1, .operands = "[SQL ...]", .about = "run SQL statements, or a shell on a terminal",
     .details = "Runs statements, separated by semicolons, from its arguments, from files (-f) or from\n"
                "standard input. It stops at the first error unless --keep-going is given. On a terminal and\n"
                "without statements it is a shell: \\? there lists its commands.\n"},
    {.name = "ping", .task = CLI_TASK_PING, .connects = 1, .operands = "", .about = "ask every host whether it is ready",
     .details = "Logs in to each host and asks for its state and version. Prints a row for each, in any format\n"
                "but plot: address, version, ms, ready (yes or no) and the reason if it is not. Waits at most\n"
                "5 seconds, or timeout_ms, in all: the hosts that were not asked yet share the time that is left.\n"
                "Asks each host once. After a refused login the remaining hosts are not asked. The exit status\n"
                "is 0 if all hosts are ready, otherwise the highest of all hosts.\n"},
    {.name = "write", .task = CLI_TASK_WRITE, .connects = 1, .loads = 1, .operands = "--protocol PROTOCOL [FILE ...]", .files = 1,
     .about = "write schemaless data",
     .details = "Sends InfluxDB lines, OpenTSDB telnet lines or OpenTSDB JSON from files or standard input\n"
                "to the database named by -d. Blank lines are left out. When the server refuses a request,\n"
                "the request is halved until the bad line or point is alone; without --keep-going or --reject\n"
                "that ends the command. --parallel N sends the lines of different tables N requests at a time.\n"
                "A server that has answered and goes away is waited for: one minute, or retry_for_ms.\n"
                "With --spool DIR lines are stored there first, and delivered as far as that goes; each needs its\n"
                "time. What is stored is sent by the next run, or by tdrest spool send.\n"},
    {.name = "export", .task = CLI_TASK_EXPORT, .connects = 1, .formats = "csv, tsv, jsonl or arrow", .operands = "[TABLE]", .about = "write a table, a database or a query to files",
     .details = "Writes the rows of TABLE, of the statement of --query, or, with neither, of the database named\n"
                "by -d, as csv, tsv, jsonl or arrow. A database goes to the folder -o DIR: a file for each\n"
                "table, the statements that make the tables and, when all is there, manifest.jsonl. tdrest import\n"
                "DIR takes it back, but for arrow. Rows come in the order of their times. They are counted before\n"
                "they are read; fewer than that end the command with status 4, and the file does not get its name.\n"},
    {.name = "import", .task = CLI_TASK_IMPORT, .connects = 1, .loads = 1, .formats = "csv, tsv or jsonl; default: by the ending of the file, else csv", .operands = "--table TABLE | --using STABLE [FILE ...] | DIR", .files = 1,
     .about = "read csv, tsv or jsonl into a table, or what export wrote",
     .details = "Reads csv, tsv or jsonl from files or standard input into TABLE, or into the child tables of\n"
                "STABLE, or takes back the database that tdrest export -d DB -o DIR wrote. The names in the first\n"
                "line, or the keys, say which column a value is for; the server says of what type it is. A\n"
                "record that does not fit ends the command, unless --reject or --max-errors lets it go on.\n"
                "A server that has answered and goes away is waited for: one minute, or retry_for_ms. With\n"
                "--spool DIR records are stored there once the server has described the table, and delivered as\n"
                "far as that goes; the next run or tdrest spool send delivers the rest. A compressed file comes\n"
                "through a pipe: gunzip -c FILE.jsonl.gz | tdrest import -F jsonl --table TABLE -\n"},
    {.name = "tail", .task = CLI_TASK_TAIL, .connects = 1, .operands = "TABLE", .about = "show new rows of a table as they come",
     .details = "Asks for new rows of TABLE again and again, until Ctrl-C; of a super table too, with the name of\n"
                "each row's table. It starts with rows from now on, or from --since on. What polling cannot see:\n"
                "rows whose time is before that of the newest row shown, unless --overlap reaches back to them,\n"
                "rows that replace a row shown, and rows that are deleted. When the server does not answer, it\n"
                "tries again until it does, and goes on where it was.\n"},
    {.name = "spool", .task = CLI_TASK_SPOOL, .connects = 1, .operands = "list | send | drop DIR", .verbs = "list send drop", .about = "list, deliver or drop what is in a spool",
     .details = "list prints a row for each request that waits in DIR, in any format: number, state, protocol,\n"
                "database, rows, bytes, file, reason and the begin of its text. It works beside a program that\n"
                "writes. States are waiting, rejected (by the server; the reason says why), damaged, torn (being\n"
                "written, or cut off by a crash) and newer (a file of a newer version). send delivers what waits,\n"
                "until all is delivered or something other than the rows fails. drop --force removes all files\n"
                "of the spool; rows that were not delivered are lost.\n"},
    {.name = "options", .task = CLI_TASK_OPTIONS, .connects = 1, .operands = "", .about = "show every option and where it was set",
     .details = "Prints the effective value of each option of the connection and where it came from.\n"
                "Passwords and tokens are masked.\n"},
    {.name = "explain-error", .task = CLI_TASK_EXPLAIN, .operands = "CODE ...", .about = "say what a server's error code means",
     .details = "CODE is 0x and hexadecimal digits, or a decimal number. No server is asked.\n"},
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
