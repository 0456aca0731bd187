/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The tdrest-sandbox program: its command line, start and stop. */
#include "http/http.h"
#include "store/store.h"

#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { OK = 0, BROKEN = 1, USAGE = 2, HELP = -1 };

static const char HELP_TEXT[] =
    "usage: tdrest-sandbox [OPTION]...\n"
    "\n"
    "A stand-in for TDengine behind taosAdapter, for experiments and tests: the common part of its SQL over SQLite, on 127.0.0.1.\n"
    "Prints its address to standard output when it is ready, then runs until SIGTERM or SIGINT.\n"
    "\n"
    "  --port N          port to listen on; 0: any free one (default 6041); may be repeated, up to 8 times, to act as a cluster\n"
    "  --data FILE       where to keep the data (default :memory:, which is lost at the end)\n"
    "  --user NAME       name of the first user, at most 23 bytes without a colon (default root)\n"
    "  --password TEXT   password of that user, 1 to 255 bytes (default taosdata)\n"
    "  --quiet           do not print a line on standard error for each request\n"
    "  --faults          let requests ask for a broken reply: X-Sandbox-Fault: drop-after=BYTES, truncate=BYTES,\n"
    "                    status=CODE, delay=MS, stall=BYTES:MS; or for a failing address: refuse=PORT[:MS], hang=PORT[:MS],\n"
    "                    kill=PORT[:MS], serve=PORT; several are separated by commas\n"
    "  --help            this text\n"
    "\n"
    "Try: curl -d 'select server_version()' http://root:taosdata@127.0.0.1:6041/rest/sql\n"
    "Exit status: 0 stopped, 1 could not run, 2 invalid command line.\n";

/* ---- the command line ---- */

static int complain(const char *option, const char *value, const char *expected)
{
    fprintf(stderr, "tdrest-sandbox: %s%s%s: expected %s\n", option, value[0] == '\0' ? "" : " ", value, expected);
    return USAGE;
}

static int take_port(sbx_settings *settings, char *value)
{
    char *end;
    long port = strtol(value, &end, 10);

    if (!isdigit((unsigned char)value[0]) || *end != '\0' || port > 65535)
        return complain("--port", value, "a number from 0 to 65535");
    if (settings->port_count == SBX_MAX_PORTS)
        return complain("--port", value, "8 ports at most");
    settings->ports[settings->port_count++] = (int)port;
    return OK;
}

static int take_data(sbx_settings *settings, char *value)
{
    settings->data = value;
    return value[0] != '\0' ? OK : complain("--data", value, "the name of a file, or :memory:");
}

static int take_user(sbx_settings *settings, char *value)
{
    size_t len = strlen(value);

    settings->user = value;
    return len != 0 && len <= 23 && strchr(value, ':') == NULL ? OK : complain("--user", value, "1 to 23 bytes without a colon");
}

/* Taken out of the command line, which other users see in the list of processes. */
static int take_password(sbx_settings *settings, char *value)
{
    size_t len = strlen(value);
    char *copy = malloc(len + 1);

    if (copy == NULL)
        return complain("--password", "", "memory for it");
    memcpy(copy, value, len + 1);
    memset(value, '*', len);
    free((char *)settings->password);
    settings->password = copy;
    return len != 0 && len <= 255 ? OK : complain("--password", "", "1 to 255 bytes");
}

static const struct {
    const char *name;
    int (*take)(sbx_settings *settings, char *value);
} options[] = {{"--port", take_port}, {"--data", take_data}, {"--user", take_user}, {"--password", take_password}};

/* What stands behind a `=`, or alone, may be a secret that was put in the wrong place. */
static int unknown(const char *arg)
{
    if (arg[0] == '-')
        fprintf(stderr, "tdrest-sandbox: unknown option %.*s; see tdrest-sandbox --help\n", (int)strcspn(arg, "="), arg);
    else
        fputs("tdrest-sandbox: it takes options alone; see tdrest-sandbox --help\n", stderr);
    return USAGE;
}

static int take_flag(sbx_settings *settings, const char *flag)
{
    if (strcmp(flag, "--help") == 0)
        return HELP;
    if (strcmp(flag, "--quiet") == 0)
        settings->quiet = 1;
    else if (strcmp(flag, "--faults") == 0)
        settings->faults = 1;
    else
        return unknown(flag);
    return OK;
}

/* One option at *at; its value stands behind it or behind a `=`. */
static int take(sbx_settings *settings, char **argv, int argc, int *at)
{
    char *arg = argv[*at];
    size_t i, len = strcspn(arg, "=");

    for (i = 0; i < sizeof options / sizeof options[0]; i++) {
        if (strlen(options[i].name) != len || memcmp(options[i].name, arg, len) != 0)
            continue;
        if (arg[len] == '=')
            return options[i].take(settings, arg + len + 1);
        if (*at + 1 >= argc)
            return complain(options[i].name, "", "a value behind it");
        return options[i].take(settings, argv[++*at]);
    }
    return take_flag(settings, arg);
}

/* ---- running ---- */

/* A login that everyone knows is part of the address, so that it can be used as it stands; another password is not shown. */
static void print_address(const sbx_settings *settings, int own_password)
{
    const char *p;

    fputs("http://", stdout);
    for (p = settings->user; *p != '\0'; p++)
        printf(isalnum((unsigned char)*p) || strchr("-_.~", *p) != NULL ? "%c" : "%%%02X", (unsigned char)*p);
    fputs(own_password ? "" : ":taosdata", stdout);
    for (size_t i = 0; i < settings->port_count; i++)
        printf("%c127.0.0.1:%d", i == 0 ? '@' : ',', settings->ports[i]);
    putchar('\n');
    fflush(stdout);
}

/* Serves until one of the signals; they are blocked, in every thread that is made from here on too. */
static int serve(sbx_settings *settings, int own_password, sbx_store *store)
{
    sbx_buf why = {0};
    sbx_server *server;
    sigset_t ends;
    int which;

    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ends, NULL);
    server = sbx_server_start(settings, store, &why);
    if (server != NULL) {
        print_address(settings, own_password);
        sigwait(&ends, &which);
        sbx_server_stop(server);
    } else {
        fprintf(stderr, "tdrest-sandbox: %s\n", why.p);
    }
    sbx_buf_clear(&why);
    return server == NULL ? BROKEN : OK;
}

/* The user of the command line, with the password that it says, whatever the file holds of one. */
static int add_user(const sbx_settings *settings, sbx_store *store, sbx_buf *why)
{
    sbx_request request = {.arena = sbx_arena_new(), .store = store, .now_ns = (int64_t)time(NULL) * 1000000000};
    sbx_user user = {{settings->user, strlen(settings->user)}, {settings->password, strlen(settings->password)}, 1};
    int code = sbx_store_add_user(&request, &user) != 0 ? request.err.code : sbx_store_set_user(&request, &user);

    if (code != 0)
        sbx_buf_put(why, request.err.desc.p, request.err.desc.len + 1);
    sbx_arena_free(request.arena);
    return code == 0;
}

static int open_and_serve(sbx_settings *settings, int own_password)
{
    sbx_buf why = {0};
    sbx_store *store = sbx_store_open(settings->data, &why);
    int status = BROKEN;

    if (store == NULL || !add_user(settings, store, &why))
        fprintf(stderr, "tdrest-sandbox: %s: %s\n", settings->data, why.p);
    else
        status = serve(settings, own_password, store);
    sbx_store_close(store);
    sbx_buf_clear(&why);
    return status;
}

int main(int argc, char **argv)
{
    sbx_settings settings = {{6041}, 0, ":memory:", "root", NULL, 0, 0};
    int at, own_password, status = OK;

    for (at = 1; at < argc && status == OK; at++)
        status = take(&settings, argv, argc, &at);
    own_password = settings.password != NULL;
    settings.port_count += settings.port_count == 0;
    if (status == OK) {
        sbx_settings given = settings;

        if (!own_password)
            given.password = "taosdata";
        status = open_and_serve(&given, own_password);
    } else if (status == HELP) {
        fputs(HELP_TEXT, stdout);
        status = OK;
    }
    free((char *)settings.password);
    return status;
}
