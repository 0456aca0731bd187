/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * replay [--rename] PORT RECORDINGS MANIFEST: sends every recorded request, in order, to a sandbox that has just been started, and
 * compares status and body with what the real server answered. The manifest says of each exchange whether it must be equal.
 * Knows nothing of the sandbox's inside.
 */
#include "rename.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

enum { LEAST_EQUAL = 100, NAME_BYTES = 256 };

typedef struct exchange {
    char name[NAME_BYTES];
    json_t *head;
    sbxt_bytes request;
    sbxt_bytes answer;   /* inflated */
} exchange;

typedef struct answer {
    int status;
    sbxt_bytes body;
} answer;

static void die(const char *what, const char *name)
{
    fprintf(stderr, "replay: %s: %s\n", what, name);
    exit(2);
}

static void append(sbxt_bytes *bytes, const void *p, size_t len)
{
    bytes->p = realloc(bytes->p, bytes->len + len + 1);
    if (bytes->p == NULL)
        die("out of memory", "");
    if (len != 0)
        memcpy(bytes->p + bytes->len, p, len);
    bytes->len += len;
    bytes->p[bytes->len] = '\0';
}

static sbxt_bytes read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    sbxt_bytes out = {NULL, 0};
    char part[65536];
    size_t got;

    if (file == NULL)
        die("cannot be read", path);
    append(&out, "", 0);
    while ((got = fread(part, 1, sizeof part, file)) > 0)
        append(&out, part, got);
    fclose(file);
    return out;
}

static sbxt_bytes inflated(const sbxt_bytes *gzip, const char *name)
{
    sbxt_bytes out = {NULL, 0};
    unsigned char part[65536];
    z_stream z = {0};
    int rc;

    append(&out, "", 0);
    if (inflateInit2(&z, 15 + 16) != Z_OK)
        die("zlib does not start", name);
    z.next_in = (unsigned char *)gzip->p;
    z.avail_in = (unsigned)gzip->len;
    do {
        z.next_out = part;
        z.avail_out = sizeof part;
        rc = inflate(&z, Z_NO_FLUSH);
        append(&out, part, sizeof part - z.avail_out);
    } while (rc == Z_OK && (z.avail_in != 0 || z.avail_out == 0));
    inflateEnd(&z);
    return out;
}

/* ---- recordings ---- */

static void load(const char *dir, const char *name, exchange *out)
{
    char path[1024];
    json_t *encoding;

    snprintf(out->name, sizeof out->name, "%s", name);
    snprintf(path, sizeof path, "%s/%s.json", dir, name);
    out->head = json_load_file(path, 0, NULL);
    if (out->head == NULL)
        die("no such recording", path);
    snprintf(path, sizeof path, "%s/%s.request", dir, name);
    out->request = read_file(path);
    snprintf(path, sizeof path, "%s/%s.response", dir, name);
    out->answer = read_file(path);
    encoding = json_object_get(json_object_get(out->head, "response_headers"), "Content-Encoding");
    if (encoding != NULL) {
        sbxt_bytes plain = inflated(&out->answer, name);

        free(out->answer.p);
        out->answer = plain;
    }
}

static void unload(exchange *e)
{
    json_decref(e->head);
    free(e->request.p);
    free(e->answer.p);
}

static int count_recordings(const char *dir)
{
    DIR *d = opendir(dir);
    struct dirent *entry;
    int count = 0;

    if (d == NULL)
        die("cannot be read", dir);
    while ((entry = readdir(d)) != NULL)
        count += strlen(entry->d_name) > 5 && strcmp(entry->d_name + strlen(entry->d_name) - 5, ".json") == 0;
    closedir(d);
    return count;
}

/* ---- HTTP ---- */

static int dial(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof address) != 0)
        die("cannot connect", strerror(errno));
    return fd;
}

static void send_request(int fd, const exchange *e, const sbxt_bytes *body)
{
    const char *method = json_string_value(json_object_get(e->head, "method"));
    sbxt_bytes out = {NULL, 0};
    char line[4096];
    const char *key;
    json_t *value;
    size_t sent = 0;

    append(&out, line, (size_t)snprintf(line, sizeof line, "%s %s HTTP/1.1\r\nConnection: close\r\n", method,
                                        json_string_value(json_object_get(e->head, "target"))));
    json_object_foreach(json_object_get(e->head, "request_headers"), key, value)
        append(&out, line, (size_t)snprintf(line, sizeof line, "%s: %s\r\n", key, json_string_value(value)));
    if (strcmp(method, "GET") != 0)
        append(&out, line, (size_t)snprintf(line, sizeof line, "Content-Length: %zu\r\n", body->len));
    append(&out, "\r\n", 2);
    append(&out, body->p, body->len);
    while (sent < out.len) {
        ssize_t n = send(fd, out.p + sent, out.len - sent, 0);

        if (n <= 0)
            break; /* an early answer; it is read */
        sent += (size_t)n;
    }
    free(out.p);
}

static sbxt_bytes receive_all(int fd)
{
    sbxt_bytes out = {NULL, 0};
    char part[65536];
    ssize_t n;

    append(&out, "", 0);
    while ((n = recv(fd, part, sizeof part, 0)) > 0)
        append(&out, part, (size_t)n);
    return out;
}

static const char *header(const sbxt_bytes *head, const char *name)
{
    const char *line = strstr(head->p, "\r\n");

    for (; line != NULL; line = strstr(line + 2, "\r\n"))
        if (strncasecmp(line + 2, name, strlen(name)) == 0 && line[2 + strlen(name)] == ':')
            return line + 2 + strlen(name) + 1 + strspn(line + 3 + strlen(name), " ");
    return NULL;
}

static sbxt_bytes dechunked(const char *p)
{
    sbxt_bytes out = {NULL, 0};
    char *end;
    size_t len;

    append(&out, "", 0);
    while ((len = strtoul(p, &end, 16)) != 0 && end != p && strncmp(end, "\r\n", 2) == 0) {
        append(&out, end + 2, len);
        p = end + 2 + len + 2;
    }
    return out;
}

static void parse_answer(const sbxt_bytes *raw, const char *name, answer *out)
{
    const char *end = strstr(raw->p, "\r\n\r\n"), *encoding;
    sbxt_bytes head = {NULL, 0}, body = {NULL, 0};

    if (end == NULL || sscanf(raw->p, "HTTP/1.1 %d", &out->status) != 1)
        die("no answer", name);
    append(&head, raw->p, (size_t)(end - raw->p) + 2);
    if (header(&head, "Transfer-Encoding") != NULL)
        body = dechunked(end + 4);
    else
        append(&body, end + 4, raw->len - (size_t)(end + 4 - raw->p));
    encoding = header(&head, "Content-Encoding");
    if (encoding != NULL && strncmp(encoding, "gzip", 4) == 0 && body.len != 0) {
        out->body = inflated(&body, name);
        free(body.p);
    } else {
        out->body = body;
    }
    free(head.p);
}

static void ask(int port, const exchange *e, const sbxt_bytes *body, answer *out)
{
    int fd = dial(port);
    sbxt_bytes raw;

    send_request(fd, e, body);
    raw = receive_all(fd);
    close(fd);
    parse_answer(&raw, e->name, out);
    free(raw.p);
}

/* ---- comparing ---- */

/* The server's own nanoseconds cannot be the same. */
static void cut_timing(sbxt_bytes *body)
{
    static const char key[] = "\"timing\":";
    char *at = strstr(body->p, key);
    size_t digits;

    if (at == NULL)
        return;
    at += sizeof key - 1;
    digits = strspn(at, "0123456789");
    memmove(at, at + digits, body->len - (size_t)(at - body->p) - digits + 1);
    body->len -= digits;
}

static int is_equal(const exchange *e, sbxt_bytes *wanted, answer *got)
{
    cut_timing(wanted);
    cut_timing(&got->body);
    return got->status == (int)json_integer_value(json_object_get(e->head, "status")) && wanted->len == got->body.len &&
           memcmp(wanted->p, got->body.p, wanted->len) == 0;
}

static void show(const char *what, int status, const sbxt_bytes *body, size_t around)
{
    size_t from = around > 60 ? around - 60 : 0, len = body->len - (from < body->len ? from : body->len);

    printf("    %-8s %d, %zu bytes, at %zu: %.*s\n", what, status, body->len, from, (int)(len < 160 ? len : 160), body->p + from);
}

static void show_difference(const exchange *e, const sbxt_bytes *wanted, const answer *got)
{
    size_t at = 0;

    while (at < wanted->len && at < got->body.len && wanted->p[at] == got->body.p[at])
        at++;
    show("recorded", (int)json_integer_value(json_object_get(e->head, "status")), wanted, at);
    show("got", got->status, &got->body, at);
}

/* 1 when the answer is the recorded one. */
static int replay(int port, const exchange *e, sbxt_rename *rename, int quiet)
{
    sbxt_bytes wanted = {NULL, 0};
    sbxt_renamed renamed = {0};
    answer got = {0};
    int equal;

    if (rename != NULL) {
        sbxt_rename_request(rename, json_string_value(json_object_get(e->head, "target")), &e->request, &renamed);
        wanted = sbxt_rename_answer(rename, &renamed, &e->answer);
    } else {
        append(&wanted, e->answer.p, e->answer.len);
    }
    ask(port, e, rename != NULL ? &renamed.request : &e->request, &got);
    equal = is_equal(e, &wanted, &got);
    if (!equal && !quiet) {
        printf("DIFFERS %s\n", e->name);
        show_difference(e, &wanted, &got);
    }
    sbxt_renamed_clear(&renamed);
    free(wanted.p);
    free(got.body.p);
    return equal;
}

/* "NAME equal", "NAME not: REASON"; 1, or 0 at the end. */
static int next_line(FILE *manifest, char *name, int *wants_equal)
{
    char line[1024], verdict[16];

    while (fgets(line, sizeof line, manifest) != NULL) {
        if (line[0] == '#' || line[0] == '\n')
            continue;
        if (sscanf(line, "%255s %15s", name, verdict) != 2 || (strcmp(verdict, "equal") != 0 && strcmp(verdict, "not:") != 0))
            die("neither `NAME equal` nor `NAME not: REASON`", line);
        *wants_equal = strcmp(verdict, "equal") == 0;
        if (!*wants_equal && strlen(line) < strlen(name) + sizeof " not: x")
            die("no reason", line);
        return 1;
    }
    return 0;
}

typedef struct tally {
    int passed;
    int failed;
    int listed;
    int wanted_equal;
} tally;

/* What is listed as different must be: the list would be out of date. Renamed, only what is listed as equal counts. */
static void replay_listed(int port, const exchange *e, sbxt_rename *rename, int wants_equal, tally *t)
{
    int equal = replay(port, e, rename, !wants_equal);
    int passes = wants_equal ? equal : rename != NULL || !equal;

    if (!wants_equal && !passes)
        printf("EQUAL, but listed as different: %s\n", e->name);
    t->listed++;
    t->wanted_equal += wants_equal;
    t->passed += passes;
    t->failed += !passes;
}

static void check_manifest(const char *dir, tally *t)
{
    int count = count_recordings(dir);

    if (t->listed != count) {
        printf("%d recordings, %d lines in the manifest\n", count, t->listed);
        t->failed++;
    }
    if (t->wanted_equal < LEAST_EQUAL) {
        printf("only %d are listed as equal, %d must be\n", t->wanted_equal, LEAST_EQUAL);
        t->failed++;
    }
}

int main(int argc, char **argv)
{
    int renames = argc == 5 && strcmp(argv[1], "--rename") == 0, wants_equal;
    char **args = argv + (renames ? 2 : 1), name[NAME_BYTES];
    sbxt_rename *rename = NULL;
    tally t = {0};
    FILE *manifest;

    signal(SIGPIPE, SIG_IGN);
    if (argc - renames != 4) {
        fputs("usage: replay [--rename] PORT RECORDINGS MANIFEST\n", stderr);
        return 2;
    }
    manifest = fopen(args[2], "r");
    if (manifest == NULL)
        die("cannot be read", args[2]);
    if (renames)
        rename = sbxt_rename_new();
    while (next_line(manifest, name, &wants_equal)) {
        exchange e;

        load(args[1], name, &e);
        replay_listed(atoi(args[0]), &e, rename, wants_equal, &t);
        unload(&e);
    }
    fclose(manifest);
    check_manifest(args[1], &t);
    printf("%s%d passed, %d failed\n", renames ? "with names and texts renamed:\n" : "", t.passed, t.failed);
    sbxt_rename_free(rename);
    return t.failed == 0 ? 0 : 1;
}
