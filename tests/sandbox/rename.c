/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Finds names and text values in SQL, line protocol, telnet lines and OpenTSDB JSON with a small tokenizer of its own, and moves their
 * letters on by one. Knows neither sockets nor files, and nothing of the sandbox.
 */
#include "rename.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* before, in the request or the recorded answer; after, in what is sent and expected. The JSON escapes are in both. */
typedef struct sbxt_word {
    sbxt_bytes before;
    sbxt_bytes after;
} word;

typedef struct list {
    word *words;
    size_t count;
} list;

struct sbxt_rename {
    list cells;      /* whole strings in answers: names and values */
    int sorted;
    char *databases; /* " wire_ms wire_us " */
};

/* The request being read. */
typedef struct scan {
    sbxt_rename *rename;
    sbxt_renamed *out;
    char *p;
    size_t len;
    size_t at;
} scan;

static void *need(void *p)
{
    if (p == NULL) {
        fputs("replay: out of memory\n", stderr);
        exit(2);
    }
    return p;
}

static sbxt_bytes copied(const char *p, size_t len)
{
    sbxt_bytes out = {need(malloc(len + 1)), len};

    memcpy(out.p, p, len);
    out.p[len] = '\0';
    return out;
}

/* ---- what becomes of a text ---- */

static char moved(char c)
{
    if ((c >= 'a' && c < 'z') || (c >= 'A' && c < 'Z'))
        return (char)(c + 1);
    if (c == 'z' || c == 'Z')
        return (char)(c - 25);
    return c;
}

/* The letter behind a backslash says what the two mean. */
static void move_letters(char *p, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++) {
        if (p[i] == '\\')
            i++;
        else
            p[i] = moved(p[i]);
    }
}

/* The value of a literal without its quotes. quote: 0 when nothing can be doubled. */
static sbxt_bytes unescaped(const char *p, size_t len, char quote)
{
    static const char from[] = "nrt", to[] = "\n\r\t";
    sbxt_bytes out = {need(malloc(len + 1)), 0};
    size_t i;

    for (i = 0; i < len; i++) {
        char c = p[i];

        if ((c == '\\' || (c == quote && quote != 0)) && i + 1 < len) {
            const char *known = c == '\\' ? strchr(from, p[i + 1]) : NULL;

            c = known != NULL && *known != '\0' ? to[known - from] : p[i + 1];
            i++;
        }
        out.p[out.len++] = c;
    }
    return out;
}

static sbxt_bytes as_json(const char *p, size_t len)
{
    sbxt_bytes out = {need(malloc(6 * len + 1)), 0};
    size_t i;

    for (i = 0; i < len; i++) {
        static const char from[] = "\"\\\n\r\t", to[] = "\"\\nrt";
        const char *known = p[i] == '\0' ? NULL : strchr(from, p[i]);

        if (known != NULL)
            out.len += (size_t)sprintf(out.p + out.len, "\\%c", to[known - from]);
        else if ((unsigned char)p[i] < 0x20)
            out.len += (size_t)sprintf(out.p + out.len, "\\u%04x", (unsigned)p[i]);
        else
            out.p[out.len++] = p[i];
    }
    out.p[out.len] = '\0';
    return out;
}

/* ---- lists ---- */

static int word_order(const void *a, const void *b)
{
    const word *x = a, *y = b;
    size_t len = x->before.len < y->before.len ? x->before.len : y->before.len;
    int order = memcmp(x->before.p, y->before.p, len);

    if (order == 0 && x->before.len != y->before.len)
        return x->before.len < y->before.len ? -1 : 1;
    return order;
}

static void add_word(word **words, size_t *count, sbxt_bytes before, sbxt_bytes after)
{
    if ((*count & (*count - 1)) == 0)
        *words = need(realloc(*words, (*count == 0 ? 1 : 2 * *count) * sizeof **words));
    (*words)[(*count)++] = (word){before, after};
}

static void add_cell(sbxt_rename *rename, const char *before, const char *after, size_t len, char quote)
{
    sbxt_bytes a = unescaped(before, len, quote), b = unescaped(after, len, quote);

    add_word(&rename->cells.words, &rename->cells.count, as_json(a.p, a.len), as_json(b.p, b.len));
    rename->sorted = 0;
    free(a.p);
    free(b.p);
}

static void free_words(word *words, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++) {
        free(words[i].before.p);
        free(words[i].after.p);
    }
    free(words);
}

/*
 * Renames request bytes [from, to). frame: how many bytes around it belong to the text by which an error quotes it (its quotes, the `=`
 * before it). quote: the one that is doubled inside.
 */
static void rename_at(scan *s, size_t from, size_t to, size_t frame_before, size_t frame_after, char quote)
{
    sbxt_bytes before = copied(s->p + from - frame_before, to - from + frame_before + frame_after);
    char *shown = s->p + from - frame_before;

    move_letters(s->p + from, to - from);
    if (memcmp(before.p, shown, before.len) != 0) {
        add_cell(s->rename, before.p + frame_before, s->p + from, to - from, quote);
        add_word(&s->out->words, &s->out->word_count, as_json(before.p, before.len), as_json(shown, before.len));
    }
    free(before.p);
}

/* ---- SQL ---- */

static int is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

typedef struct token {
    size_t from;
    size_t to;
    char kind; /* w: a word; ' or " or `: in quotes; 0: the end; else a character */
} token;

static token next_token(scan *s)
{
    token t;
    char c;

    while (s->at < s->len && strchr(" \t\r\n", s->p[s->at]) != NULL && s->p[s->at] != '\0')
        s->at++;
    t.from = s->at;
    t.kind = 0;
    if (s->at == s->len) {
        t.to = s->at;
        return t;
    }
    c = s->p[s->at];
    if (c == '\'' || c == '"' || c == '`') {
        t.kind = c;
        for (s->at++; s->at < s->len; s->at++) {
            if (s->p[s->at] == '\\' && c != '`')
                s->at++;
            else if (s->p[s->at] == c && s->at + 1 < s->len && s->p[s->at + 1] == c)
                s->at++;
            else if (s->p[s->at] == c)
                break;
        }
        s->at = s->at < s->len ? s->at + 1 : s->len;
    } else if (is_name_char(c)) {
        t.kind = 'w';
        while (s->at < s->len && is_name_char(s->p[s->at]))
            s->at++;
    } else {
        t.kind = c;
        s->at++;
    }
    t.to = s->at;
    return t;
}

static int token_is(const scan *s, const token *t, const char *text)
{
    return t->to - t->from == strlen(text) && strncmp(s->p + t->from, text, t->to - t->from) == 0;
}

/* Times, bytes, JSON and shapes are no VARCHAR values. */
static int is_text(const scan *s, const token *t)
{
    static const char *const others[] = {"\\x", "{", "POINT", "LINESTRING", "POLYGON", "MULTI"};
    const char *text = s->p + t->from + 1;
    size_t i, len = t->to - t->from - 1;

    if (len == 0 || (*text >= '0' && *text <= '9') || s->p[t->to - 1] != t->kind)
        return 0;
    for (i = 0; i < sizeof others / sizeof others[0]; i++)
        if (len >= strlen(others[i]) && strncmp(text, others[i], strlen(others[i])) == 0)
            return 0;
    return 1;
}

static int is_database(const sbxt_rename *rename, const char *p, size_t len)
{
    char name[80];

    if (len > sizeof name - 3)
        return 0;
    snprintf(name, sizeof name, " %.*s ", (int)len, p);
    return strstr(rename->databases, name) != NULL;
}

static void learn_database(sbxt_rename *rename, const char *p, size_t len)
{
    size_t old = strlen(rename->databases);

    rename->databases = need(realloc(rename->databases, old + len + 2));
    memcpy(rename->databases + old, p, len);
    memcpy(rename->databases + old + len, " ", 2);
}

/* A word behind FROM and the like, unless it is a database; a word behind the name of a database and a dot, but not SHOW db.TABLES. */
static int is_table(const scan *s, const token *t, const token last[3])
{
    static const char *const before[] = {"from", "into", "using", "table", "stable", "describe"};
    size_t i;

    if (t->kind != 'w')
        return 0;
    if (last[0].kind == '.')
        return last[1].kind == 'w' && !token_is(s, &last[2], "show") && is_database(s->rename, s->p + last[1].from, last[1].to - last[1].from);
    if (s->at < s->len && s->p[s->at] == '.')
        return 0;
    for (i = 0; i < sizeof before / sizeof before[0]; i++)
        if (token_is(s, &last[0], before[i]))
            return !token_is(s, t, "if");
    return 0;
}

static void rename_sql(scan *s)
{
    token last[3] = {{0}}, t;

    for (t = next_token(s); t.kind != 0; t = next_token(s)) {
        if (t.kind == 'w' && token_is(s, &last[0], "database") && token_is(s, &last[1], "create"))
            learn_database(s->rename, s->p + t.from, t.to - t.from);
        else if (is_table(s, &t, last))
            rename_at(s, t.from, t.to, 0, 0, 0);
        else if ((t.kind == '\'' || t.kind == '"') && is_text(s, &t) && !token_is(s, &last[0], "precision") && !token_is(s, &last[0], "pass") &&
                 last[0].kind != '>')
            rename_at(s, t.from + 1, t.to - 1, 1, 1, t.kind);
        last[2] = last[1];
        last[1] = last[0];
        last[0] = t;
    }
}

/* ---- schemaless ---- */

static size_t run_to(const scan *s, size_t at, const char *stops)
{
    while (at < s->len && (s->p[at] == '\0' || strchr(stops, s->p[at]) == NULL))
        at++;
    return at;
}

/* Tag values of a line: from each `=` to a comma or blank. */
static size_t rename_tags(scan *s, size_t at, const char *stops)
{
    while (at < s->len && s->p[at] == stops[0]) {
        size_t from = run_to(s, at + 1, "=\n");
        size_t to = run_to(s, from, ", \n");

        if (from < s->len && s->p[from] == '=')
            rename_at(s, from + 1, to, 1, 0, 0);
        at = to;
    }
    return at;
}

/* In the quotes of a field's value. */
static void rename_field_texts(scan *s, size_t at, size_t end)
{
    while (at < end) {
        size_t from;

        while (at < end && s->p[at] != '"')
            at++;
        from = ++at;
        while (at < end && s->p[at] != '"')
            at += s->p[at] == '\\' ? 2 : 1;
        if (at < end)
            rename_at(s, from, at, 1, 1, 0);
        at++;
    }
}

static void rename_line(scan *s)
{
    size_t end = run_to(s, s->at, "\n"), to = run_to(s, s->at, ", \n"), at;

    rename_at(s, s->at, to, 0, 0, 0);
    at = rename_tags(s, to, ",");
    rename_field_texts(s, at, end);
    s->at = end + 1;
}

static void rename_telnet(scan *s)
{
    size_t end = run_to(s, s->at, "\n"), to = run_to(s, s->at, " \n"), at = to;
    int words;

    rename_at(s, s->at, to, 0, 0, 0);
    for (words = 0; words < 2 && at < end; words++)
        at = run_to(s, at + 1, " \n");
    rename_tags(s, at, " ");
    s->at = end + 1;
}

/* Strings behind a colon: metrics and tag values. */
static void rename_json(scan *s)
{
    token last[2] = {{0}}, t;

    for (t = next_token(s); t.kind != 0; t = next_token(s)) {
        if (t.kind == '"' && last[0].kind == ':' && s->p[t.to - 1] == '"')
            rename_at(s, t.from + 1, t.to - 1, 1, 1, 0);
        last[1] = last[0];
        last[0] = t;
    }
}

/* ---- what others call ---- */

sbxt_rename *sbxt_rename_new(void)
{
    sbxt_rename *rename = need(calloc(1, sizeof *rename));

    rename->databases = copied(" ", 1).p;
    return rename;
}

void sbxt_rename_free(sbxt_rename *rename)
{
    if (rename == NULL)
        return;
    free_words(rename->cells.words, rename->cells.count);
    free(rename->databases);
    free(rename);
}

void sbxt_rename_request(sbxt_rename *rename, const char *target, const sbxt_bytes *request, sbxt_renamed *out)
{
    scan s = {.rename = rename, .out = out};

    out->request = copied(request->p, request->len);
    out->words = NULL;
    out->word_count = 0;
    s.p = out->request.p;
    s.len = out->request.len;
    if (s.len >= 2 && memcmp(s.p, "\x1f\x8b", 2) == 0)
        return;
    if (strncmp(target, "/rest/sql", 9) == 0)
        rename_sql(&s);
    else if (strncmp(target, "/opentsdb/v1/put/json", 21) == 0)
        rename_json(&s);
    else if (strncmp(target, "/influxdb", 9) == 0 || strncmp(target, "/opentsdb", 9) == 0)
        while (s.at < s.len)
            (target[1] == 'i' ? rename_line : rename_telnet)(&s);
}

void sbxt_renamed_clear(sbxt_renamed *renamed)
{
    free(renamed->request.p);
    free_words(renamed->words, renamed->word_count);
    *renamed = (sbxt_renamed){0};
}

/* The end of the JSON string whose text begins at `at`. */
static size_t string_end(const sbxt_bytes *json, size_t at)
{
    while (at < json->len && json->p[at] != '"')
        at += json->p[at] == '\\' ? 2 : 1;
    return at < json->len ? at : json->len;
}

static const word *find_cell(sbxt_rename *rename, const char *p, size_t len)
{
    word key = {{(char *)(size_t)p, len}, {NULL, 0}};

    if (rename->cells.count == 0)
        return NULL;
    if (!rename->sorted)
        qsort(rename->cells.words, rename->cells.count, sizeof(word), word_order);
    rename->sorted = 1;
    return bsearch(&key, rename->cells.words, rename->cells.count, sizeof(word), word_order);
}

/* All places of the request's words, and `name` of tables: lengths do not change. */
static void rename_inside(sbxt_rename *rename, const sbxt_renamed *renamed, char *p, size_t len)
{
    size_t i, at;

    for (at = 0; at < len; at++) {
        const char *end = p[at] == '`' ? memchr(p + at + 1, '`', len - at - 1) : NULL;
        const word *name = end == NULL ? NULL : find_cell(rename, p + at + 1, (size_t)(end - p) - at - 1);

        if (name != NULL)
            memcpy(p + at + 1, name->after.p, name->after.len);
        for (i = 0; i < renamed->word_count; i++) {
            const word *w = &renamed->words[i];

            /* A bare name can be anything: only what is quoted, or behind a `=`, is told for sure. */
            if (!is_name_char(w->before.p[0]) && w->before.len <= len - at && memcmp(p + at, w->before.p, w->before.len) == 0) {
                memcpy(p + at, w->after.p, w->after.len);
                at += w->before.len - 1;
                break;
            }
        }
    }
}

sbxt_bytes sbxt_rename_answer(sbxt_rename *rename, const sbxt_renamed *renamed, const sbxt_bytes *answer)
{
    sbxt_bytes out = copied(answer->p, answer->len);
    const char *data = strstr(answer->p, "\"data\":");
    size_t at = 0;

    while (at < out.len) {
        size_t end;
        const word *cell;

        if (out.p[at++] != '"')
            continue;
        end = string_end(answer, at);
        cell = data != NULL && answer->p + at > data ? find_cell(rename, answer->p + at, end - at) : NULL;
        if (cell != NULL)
            memcpy(out.p + at, cell->after.p, cell->after.len);
        else if (memchr(out.p + at, '\'', end - at) != NULL || memchr(out.p + at, '\\', end - at) != NULL ||
                 memchr(out.p + at, '`', end - at) != NULL || memchr(out.p + at, '=', end - at) != NULL)
            rename_inside(rename, renamed, out.p + at, end - at);
        at = end + 1;
    }
    return out;
}
