/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Reads recorded exchanges. Knows nothing of the library. */
#include "recording.h"

#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef TDRT_DATA
#define TDRT_DATA "tests/data"
#endif

const char *const tdrt_recording_sets[] = {"adapter-3.4.1.12", "adapter-3.3.6.12", "adapter-3.4.1.12-http-codes", NULL};

static char *read_stream(FILE *file, size_t *len)
{
    size_t cap = 1 << 16, got;
    char *bytes = malloc(cap + 1);

    *len = 0;
    while (bytes != NULL && (got = fread(bytes + *len, 1, cap - *len, file)) > 0) {
        *len += got;
        if (*len == cap) {
            char *more = realloc(bytes, (cap *= 2) + 1);

            if (more == NULL)
                free(bytes);
            bytes = more;
        }
    }
    if (bytes != NULL)
        bytes[*len] = '\0';
    return bytes;
}

char *tdrt_file_read(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    char *bytes = file == NULL ? NULL : read_stream(file, len);

    if (file != NULL)
        fclose(file);
    return bytes;
}

static char *inflated(const char *path, size_t *len)
{
    char command[1200];
    FILE *file;
    char *bytes;

    snprintf(command, sizeof command, "gzip -dc < '%s'", path);
    file = popen(command, "r");
    bytes = file == NULL ? NULL : read_stream(file, len);
    if (file != NULL && pclose(file) != 0) {
        free(bytes);
        bytes = NULL;
    }
    return bytes;
}

/* The name of exchange `number`, without its ending. */
static int find_stem(const char *dir, int number, char *stem, size_t cap)
{
    char prefix[8];
    struct dirent *entry;
    DIR *d = opendir(dir);
    int found = 0;

    snprintf(prefix, sizeof prefix, "%03d-", number);
    while (d != NULL && !found && (entry = readdir(d)) != NULL) {
        size_t len = strlen(entry->d_name);

        if (strncmp(entry->d_name, prefix, 4) != 0 || len < 6 || strcmp(entry->d_name + len - 5, ".json") != 0)
            continue;
        snprintf(stem, cap, "%.*s", (int)(len - 5), entry->d_name);
        found = 1;
    }
    if (d != NULL)
        closedir(d);
    return found;
}

static void copy(char *to, size_t cap, const json_t *text)
{
    snprintf(to, cap, "%s", json_is_string(text) ? json_string_value(text) : "");
}

static const unsigned char stray[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 1, 0, 0, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0};

int tdrt_recording_read(const char *set, int number, tdrt_recording *out)
{
    char dir[512], stem[256], path[1024];
    json_t *head, *headers;

    memset(out, 0, sizeof *out);
    snprintf(dir, sizeof dir, "%s/captures/%s", TDRT_DATA, set);
    if (!find_stem(dir, number, stem, sizeof stem))
        return 0;
    snprintf(out->name, sizeof out->name, "%.60s/%.190s", set, stem);
    snprintf(path, sizeof path, "%s/%s.json", dir, stem);
    head = json_load_file(path, 0, NULL);
    headers = json_object_get(head, "response_headers");
    copy(out->method, sizeof out->method, json_object_get(head, "method"));
    copy(out->target, sizeof out->target, json_object_get(head, "target"));
    copy(out->content_type, sizeof out->content_type, json_object_get(headers, "Content-Type"));
    out->status = (int)json_integer_value(json_object_get(head, "status"));
    snprintf(path, sizeof path, "%s/%s.response", dir, stem);
    out->body = json_object_get(headers, "Content-Encoding") != NULL ? inflated(path, &out->len) : tdrt_file_read(path, &out->len);
    json_decref(head);
    out->json_len = out->len;
    if (out->body != NULL && out->len > sizeof stray && memcmp(out->body + out->len - sizeof stray, stray, sizeof stray) == 0)
        out->json_len -= sizeof stray;
    return out->body != NULL;
}

void tdrt_recording_free(tdrt_recording *recording)
{
    free(recording->body);
    recording->body = NULL;
}
