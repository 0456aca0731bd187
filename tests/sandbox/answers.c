/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * answers [--all] URL RECORDING LIST LEFT-OUT: puts the requests of one list of a recording, in order, to a server, and compares status and
 * answer with what a real server said.
 * What is listed in LEFT-OUT ("LIST NUMBER WHY") the sandbox refuses: the answer must be an error, and another one than the recorded. Lines whose
 * WHY begins with "state:" are asked and not compared. With --all nothing is left out. Knows nothing of the sandbox's inside.
 */
#include "rows.h"

#include <curl/curl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_NUMBER = 1000, SHOWN_BYTES = 600 };

typedef struct text {
    char *p;
    size_t len;
} text;

enum verdict { COMPARED, LEFT_OUT, STATE };

typedef struct tally {
    int equal;
    int left_out;
    int asked; /* and not compared */
    int failed;
} tally;

static void die(const char *what, const char *name)
{
    fprintf(stderr, "answers: %s: %s\n", what, name);
    exit(2);
}

static void append(text *out, const char *p, size_t len)
{
    out->p = realloc(out->p, out->len + len + 1);
    if (out->p == NULL)
        die("out of memory", "");
    memcpy(out->p + out->len, p, len);
    out->len += len;
    out->p[out->len] = '\0';
}

/* ---- the recording ---- */

/* A byte that is no UTF-8 is recorded as \udcXX, which no JSON reader takes: it is read as \uf0XX. */
static json_t *read_line(char *line)
{
    char *at = line;

    while ((at = strstr(at, "\\udc")) != NULL)
        memcpy(at, "\\uf0", 4);
    return json_loads(line, JSON_ALLOW_NUL, NULL);
}

/* And sent as the byte: U+F0XX is EF 82 80 to EF 83 BF. */
static text body_of(const json_t *line)
{
    const json_t *body = json_object_get(line, "body");
    const char *p = json_string_value(body), *end = p + json_string_length(body);
    text out = {NULL, 0};

    append(&out, "", 0);
    for (; p < end; p++) {
        if (end - p >= 3 && memcmp(p, "\xef\x82", 2) == 0) {
            append(&out, p + 2, 1);
            p += 2;
        } else if (end - p >= 3 && memcmp(p, "\xef\x83", 2) == 0) {
            char byte = (char)(p[2] | 0x40);

            append(&out, &byte, 1);
            p += 2;
        } else {
            append(&out, p, 1);
        }
    }
    return out;
}

static const char *string_of(const json_t *line, const char *key)
{
    const char *value = json_string_value(json_object_get(line, key));

    return value == NULL ? "" : value;
}

/* The refusals were asked without and with a database: lists of their own. */
static void list_name(const json_t *line, char name[32])
{
    const char *list = string_of(line, "list");

    snprintf(name, 32, "%s%s", *list == '\0' ? "more" : list, strcmp(list, "refusals") == 0 && strcmp(string_of(line, "path"), "/rest/sql/r") == 0 ? "/r" : "");
}

/* ---- what is left out ---- */

/* What becomes of the list's lines, by number, from lines "LIST NUMBER WHY". */
static void read_left_out(const char *path, const char *list, unsigned char verdicts[MAX_NUMBER])
{
    FILE *file = fopen(path, "r");
    char line[512], name[32], why[8];
    int number;

    if (file == NULL)
        die("cannot be read", path);
    while (fgets(line, sizeof line, file) != NULL) {
        if (line[0] == '#' || line[0] == '\n')
            continue;
        if (sscanf(line, "%31s %d %7s", name, &number, why) != 3 || number <= 0 || number >= MAX_NUMBER)
            die("not `LIST NUMBER WHY`", line);
        if (strcmp(name, list) == 0)
            verdicts[number] = strcmp(why, "state:") == 0 ? STATE : LEFT_OUT;
    }
    fclose(file);
}

/* ---- asking ---- */

static size_t collect(char *p, size_t size, size_t count, void *out)
{
    append(out, p, size * count);
    return size * count;
}

static long ask(CURL *curl, const char *base, const char *path, const text *body, text *answer)
{
    char url[1024], why[CURL_ERROR_SIZE] = "";
    long status = 0;

    snprintf(url, sizeof url, "%s%s", base, path);
    append(answer, "", 0);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, why);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body->p);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body->len);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    if (curl_easy_perform(curl) != CURLE_OK)
        die(why, path);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

static CURL *curl_new(void)
{
    CURL *curl = curl_easy_init();

    if (curl == NULL)
        die("no curl", "");
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 60L);
    return curl;
}

/* ---- comparing ---- */

static int is_error(long status, const char *answer)
{
    return status != 200 ? status != 204 : strncmp(answer, "{\"code\":0,", 10) != 0;
}

static void show(const char *list, int number, const json_t *line, long status, const char *answer, const char *what)
{
    printf("%s: %s %d, %s: %.*s\n  recorded %d %.*s\n  answered %ld %.*s\n", what, list, number, string_of(line, "path"), SHOWN_BYTES, string_of(line, "body"),
           (int)json_integer_value(json_object_get(line, "status")), SHOWN_BYTES, string_of(line, "answer"), status, SHOWN_BYTES, answer);
}

static void one(CURL *curl, const char *base, const char *list, const json_t *line, enum verdict verdict, tally *t)
{
    int number = (int)json_integer_value(json_object_get(line, "n")), equal, refused;
    text body = body_of(line), answer = {NULL, 0};
    long status = ask(curl, base, string_of(line, "path"), &body, &answer);
    sbxt_freedom freedom = {!sbxt_is_ordered(body.p) || strcmp(string_of(line, "order"), "any") == 0, json_is_false(json_object_get(line, "stable"))};

    equal = status == json_integer_value(json_object_get(line, "status")) && sbxt_same_answer(string_of(line, "answer"), answer.p, &freedom);
    refused = is_error(status, answer.p);
    if (equal && verdict == LEFT_OUT)
        show(list, number, line, status, answer.p, "EQUAL, but left out");
    else if (verdict == LEFT_OUT && !refused)
        show(list, number, line, status, answer.p, "LEFT OUT, but answered");
    else if (!equal && verdict == COMPARED)
        show(list, number, line, status, answer.p, "DIFFERS");
    t->equal += equal && verdict == COMPARED;
    t->left_out += !equal && refused && verdict == LEFT_OUT;
    t->asked += verdict == STATE;
    t->failed += (verdict == COMPARED && !equal) || (verdict == LEFT_OUT && (equal || !refused));
    free(body.p);
    free(answer.p);
}

static void all(const char *base, const char *recording, const char *list, const unsigned char *verdicts, tally *t)
{
    FILE *file = fopen(recording, "r");
    CURL *curl = curl_new();
    char *p = NULL, name[32];
    size_t cap = 0;

    if (file == NULL)
        die("cannot be read", recording);
    while (getline(&p, &cap, file) > 1) {
        json_t *line = read_line(p);
        int number = (int)json_integer_value(json_object_get(line, "n"));

        if (line == NULL || number <= 0 || number >= MAX_NUMBER)
            die("no line of a recording", p);
        list_name(line, name);
        if (strcmp(name, list) == 0)
            one(curl, base, list, line, (enum verdict)verdicts[number], t);
        json_decref(line);
    }
    free(p);
    fclose(file);
    curl_easy_cleanup(curl);
}

int main(int argc, char **argv)
{
    int compares_all = argc == 6 && strcmp(argv[1], "--all") == 0;
    static unsigned char verdicts[MAX_NUMBER];
    tally t = {0, 0, 0, 0};

    argv += compares_all;
    if (argc - compares_all != 5) {
        fputs("usage: answers [--all] URL RECORDING LIST LEFT-OUT\n", stderr);
        return 2;
    }
    curl_global_init(CURL_GLOBAL_ALL);
    if (!compares_all)
        read_left_out(argv[4], argv[3], verdicts);
    all(argv[1], argv[2], argv[3], verdicts, &t);
    curl_global_cleanup();
    printf("%s: %d equal, %d left out and refused, %d asked only\n%d passed, %d failed\n", argv[3], t.equal, t.left_out, t.asked, t.equal + t.left_out, t.failed);
    return t.failed != 0 || t.equal == 0;
}
