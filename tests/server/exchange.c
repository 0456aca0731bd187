/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Recorded exchanges: read from a directory, found again by request. Does no network. */
#include "exchange.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static char *read_file(const char *dir, const char *stem, const char *ending, size_t *len)
{
    char path[1024];
    tdrt_bytes all = {NULL, 0, 0};
    char piece[65536];
    size_t n;
    FILE *file;

    snprintf(path, sizeof path, "%s/%s%s", dir, stem, ending);
    file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return NULL;
    }
    tdrt_bytes_add(&all, "", 0);
    while ((n = fread(piece, 1, sizeof piece, file)) > 0)
        tdrt_bytes_add(&all, piece, n);
    fclose(file);
    *len = all.len;
    return all.p;
}

/* A header of a recorded head, any case; "" when there is none. */
static const char *recorded_header(const json_t *head, const char *side, const char *name)
{
    json_t *value, *headers = json_object_get(head, side);
    const char *key;

    json_object_foreach(headers, key, value)
        if (strcasecmp(key, name) == 0 && json_is_string(value))
            return json_string_value(value);
    return "";
}

static int read_head(tdrt_exchange *e)
{
    const char *target = json_string_value(json_object_get(e->head, "target"));
    char *path = target == NULL ? NULL : strdup(target), *query;

    e->path = path;
    e->method = json_string_value(json_object_get(e->head, "method"));
    e->status = (int)json_integer_value(json_object_get(e->head, "status"));
    if (path == NULL || e->method == NULL || e->status == 0)
        return -1;
    query = strchr(path, '?');
    if (query != NULL)
        *query++ = '\0';
    e->query = query == NULL ? "" : query;
    e->login = recorded_header(e->head, "request_headers", "Authorization");
    e->coding = recorded_header(e->head, "request_headers", "Content-Encoding");
    e->gzip = strcasecmp(recorded_header(e->head, "response_headers", "Content-Encoding"), "gzip") == 0;
    e->chunked = strcasecmp(recorded_header(e->head, "response_headers", "Transfer-Encoding"), "chunked") == 0;
    return 0;
}

static int read_exchange(tdrt_exchange *e, const char *dir, const char *stem)
{
    size_t len;
    char *text;

    memset(e, 0, sizeof *e);
    text = read_file(dir, stem, ".json", &len);
    e->sent = read_file(dir, stem, ".request", &e->sent_len);
    e->body = read_file(dir, stem, ".response", &e->len);
    e->head = text == NULL ? NULL : json_loadb(text, len, 0, NULL);
    free(text);
    if (e->head != NULL && e->sent != NULL && e->body != NULL && read_head(e) == 0)
        return 0;
    fprintf(stderr, "tdrest-replay: %s/%s is not a recording\n", dir, stem);
    return -1;
}

static int is_head_file(const struct dirent *entry)
{
    size_t len = strlen(entry->d_name);

    return len > 5 && strcmp(entry->d_name + len - 5, ".json") == 0;
}

int tdrt_exchanges_read(tdrt_exchanges *all, const char *dir)
{
    struct dirent **names;
    int i, rc = 0, count = scandir(dir, &names, is_head_file, alphasort);
    tdrt_exchange *items = count <= 0 ? NULL : realloc(all->items, (all->count + (size_t)count) * sizeof *items);

    if (items == NULL) {
        fprintf(stderr, "tdrest-replay: no recordings in %s\n", dir);
        rc = -1;
    } else {
        all->items = items;
    }
    for (i = 0; i < count; i++) {
        if (rc == 0) {
            names[i]->d_name[strlen(names[i]->d_name) - 5] = '\0';
            rc = read_exchange(&all->items[all->count++], dir, names[i]->d_name);
        }
        free(names[i]);
    }
    if (count >= 0)
        free(names);
    return rc;
}

void tdrt_exchanges_clear(tdrt_exchanges *all)
{
    size_t i;

    for (i = 0; i < all->count; i++) {
        json_decref(all->items[i].head);
        free((void *)all->items[i].path);
        free(all->items[i].sent);
        free(all->items[i].body);
    }
    free(all->items);
}

static int same_trimmed(const char *a, size_t a_len, const char *b, size_t b_len)
{
    static const char blanks[] = " \t\r\n";

    while (a_len != 0 && strchr(blanks, a[a_len - 1]) != NULL)
        a_len--;
    while (b_len != 0 && strchr(blanks, b[b_len - 1]) != NULL)
        b_len--;
    while (a_len != 0 && strchr(blanks, a[0]) != NULL)
        a++, a_len--;
    while (b_len != 0 && strchr(blanks, b[0]) != NULL)
        b++, b_len--;
    return a_len == b_len && memcmp(a, b, a_len) == 0;
}

static int fits(const tdrt_exchange *e, const tdrt_http_request *r)
{
    return strcmp(e->method, r->method) == 0 && strcmp(e->path, r->path) == 0 && strcasecmp(e->coding, r->coding) == 0 &&
           (!e->gzip || r->gzip) && same_trimmed(e->sent, e->sent_len, r->body, r->body_len);
}

/* The zone in which times are written: conn_tz goes before tz, and without both it is UTC. */
static void zone_of(const char *query, char *zone, size_t cap)
{
    if (!tdrt_http_parameter(query, "conn_tz", zone, cap))
        tdrt_http_parameter(query, "tz", zone, cap);
    if (zone[0] == '\0')
        snprintf(zone, cap, "UTC");
}

/* How much a recording that fits is like the request. What is left out counts as its default. */
static int likeness(const tdrt_exchange *e, const tdrt_http_request *r)
{
    static const struct {
        const char *key, *otherwise;
        int weight;
    } rows[] = {{"row_with_meta", "false", 4}, {"timing", "false", 1},    {"db", "", 8},  {"table", "", 8},
                {"precision", "", 4},          {"table_name_key", "", 4}, {"ttl", "", 1}, {"conn_tz", "", 1}};
    char mine[256], its[256];
    size_t i;
    int sum = strcmp(e->login, r->login) == 0 ? 64 : 0;

    zone_of(e->query, its, sizeof its);
    zone_of(r->query, mine, sizeof mine);
    sum += strcmp(mine, its) == 0 ? 32 : 0;
    sum += e->gzip == r->gzip ? 4 : 0;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int here = tdrt_http_parameter(e->query, rows[i].key, its, sizeof its);
        int there = tdrt_http_parameter(r->query, rows[i].key, mine, sizeof mine);

        sum += strcmp(here ? its : rows[i].otherwise, there ? mine : rows[i].otherwise) == 0 ? rows[i].weight : 0;
    }
    /* A request id is seldom the recorded one; recordings without one fit all. */
    if (!tdrt_http_parameter(e->query, "req_id", its, sizeof its))
        return sum + 4;
    tdrt_http_parameter(r->query, "req_id", mine, sizeof mine);
    return sum + (strcmp(its, mine) == 0 ? 8 : 0);
}

tdrt_exchange *tdrt_exchanges_find(tdrt_exchanges *all, const tdrt_http_request *request)
{
    tdrt_exchange *found = NULL;
    int best = -1;
    size_t i;

    for (i = 0; i < all->count; i++) {
        tdrt_exchange *e = &all->items[i];
        int like = fits(e, request) ? likeness(e, request) : -1;

        if (like > best || (like >= 0 && like == best && found->served != 0))
            found = e;
        best = like > best ? like : best;
    }
    if (found != NULL)
        found->served++;
    return found;
}

tdrt_exchange *tdrt_exchanges_status(tdrt_exchanges *all, int status)
{
    size_t i;

    for (i = 0; i < all->count; i++)
        if (all->items[i].status == status)
            return &all->items[i];
    return NULL;
}
