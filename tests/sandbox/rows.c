/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The comparison of answers; it works on their text, so that every digit counts. */
#include "rows.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DATA "\"data\":["

/* Cuts `count` bytes out of a text. */
static void cut(char *at, size_t count)
{
    memmove(at, at + count, strlen(at + count) + 1);
}

/* What stands behind each `mark`, as long as it consists of `bytes`, goes. */
static void cut_behind(char *text, const char *mark, const char *bytes)
{
    for (text = strstr(text, mark); text != NULL; text = strstr(text, mark)) {
        text += strlen(mark);
        cut(text, strspn(text, bytes));
    }
}

/* The type of a column that holds a version or a user is as long as its text. */
static void cut_length(char *text, const char *column)
{
    cut_behind(text, column, "0123456789");
}

static char *masked(const char *answer)
{
    static const char digits[] = "0123456789", hex[] = "0123456789abcdef", word[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-_";
    char *copy = malloc(strlen(answer) + 1), *timing;

    if (copy == NULL)
        abort();
    strcpy(copy, answer);
    timing = strstr(copy, ",\"timing\":");
    if (timing != NULL)
        cut(timing, strlen(",\"timing\":") + strspn(timing + strlen(",\"timing\":"), digits));
    cut_behind(copy, "\"root@", word);
    cut_behind(copy, "\"3.3.6.", word);
    cut_behind(copy, "SML:0x", hex);
    for (timing = strstr(copy, "SML:0x#"); timing != NULL; timing = strstr(timing, "SML:0x#"))
        cut(timing + strlen("SML:0x"), 1);
    cut_length(copy, "server_version()\",\"VARCHAR\",");
    cut_length(copy, "client_version()\",\"VARCHAR\",");
    cut_length(copy, "user()\",\"VARCHAR\",");
    return copy;
}

/* ---- rows ---- */

/* The end of the JSON array or text that begins here. */
static const char *end_of(const char *p)
{
    int depth = 0;

    do {
        if (*p == '"') {
            for (p++; *p != '"' && *p != '\0'; p++)
                p += *p == '\\' && p[1] != '\0';
        } else {
            depth += *p == '[' || *p == '{';
            depth -= *p == ']' || *p == '}';
        }
        if (*p == '\0')
            return p;
        p++;
    } while (depth > 0);
    return p;
}

typedef struct row {
    const char *p;
    size_t len;
} row;

static int by_text(const void *a, const void *b)
{
    const row *x = a, *y = b;
    int order = memcmp(x->p, y->p, x->len < y->len ? x->len : y->len);

    return order != 0 ? order : (x->len > y->len) - (x->len < y->len);
}

/* The rows of an answer, sorted; their end in `end`. */
static row *rows_of(const char *data, size_t *count, const char **end)
{
    const char *p = data + strlen(DATA);
    row *rows = NULL;

    *count = 0;
    while (*p == '[') {
        const char *to = end_of(p);

        rows = realloc(rows, (*count + 1) * sizeof *rows);
        if (rows == NULL)
            abort();
        rows[(*count)++] = (row){p, (size_t)(to - p)};
        p = to + (*to == ',');
    }
    *end = p;
    if (rows != NULL)
        qsort(rows, *count, sizeof *rows, by_text);
    return rows;
}

static int same_rows(const char *a, const char *b)
{
    size_t count, other, i;
    const char *behind, *behind_other;
    row *x = rows_of(a, &count, &behind), *y = rows_of(b, &other, &behind_other);
    int same = count == other && strcmp(behind, behind_other) == 0;

    for (i = 0; same && i < count; i++)
        same = by_text(&x[i], &y[i]) == 0;
    free(x);
    free(y);
    return same;
}

/* ---- answers ---- */

int sbxt_is_ordered(const char *statement)
{
    for (; *statement != '\0'; statement++)
        if (strncasecmp(statement, "order by", 8) == 0)
            return 1;
    return 0;
}

int sbxt_same_answer(const char *recorded, const char *answered, const sbxt_freedom *freedom)
{
    char *a = masked(recorded), *b = masked(answered), *rows = strstr(a, DATA), *other = strstr(b, DATA);
    int same = strcmp(a, b) == 0;

    if (!same && (freedom->any_order || freedom->any_rows) && rows != NULL && other != NULL && rows - a == other - b && memcmp(a, b, (size_t)(rows - a)) == 0)
        same = freedom->any_rows || same_rows(rows, other);
    free(a);
    free(b);
    return same;
}
