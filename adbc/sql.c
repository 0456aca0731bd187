/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The few texts of SQL that the driver has to know. */
#include "adbc/driver.h"

#include <string.h>
#include <strings.h>

static const char *skip_blanks(const char *p)
{
    return p + strspn(p, " \t\r\n");
}

/* The end of a name in these quotes at p, or NULL. */
static const char *skip_quoted(const char *p, char quote)
{
    if (*p != quote)
        return NULL;
    for (p++; *p != '\0'; p++) {
        if (*p == quote && p[1] != quote)
            return p + 1;
        p += *p == quote;
    }
    return NULL;
}

/* The end of a text in single quotes at p, or NULL. */
static const char *skip_text(const char *p)
{
    for (p++; *p != '\0'; p++) {
        if (*p == '\'' && p[1] != '\'')
            return p + 1;
        p += (*p == '\'' || *p == '\\') && p[1] != '\0';
    }
    return NULL;
}

/* Behind these words at p, which are in upper case, with one blank behind each; NULL: there are others. */
static char *skip_words(char *p, const char *words)
{
    for (; *words != '\0'; words++) {
        if (*words == ' ') {
            if (skip_blanks(p) == p)
                return NULL;
            p += strspn(p, " \t\r\n");
        } else if ((*p >= 'a' && *p <= 'z' ? *p - 'a' + 'A' : *p) != *words) {
            return NULL;
        } else {
            p++;
        }
    }
    return p;
}

/* Names in double quotes from p on get backquotes; only_names: up to the first other word. 0, and with `change` 0 nothing else: some quotes have no end, or are others. */
static int quote_names(char *p, int only_names, int change)
{
    while (*p != '\0' && !(only_names && strchr(" \t\r\n.,()\"", *p) == NULL)) {
        const char *end = *p == '"' ? skip_quoted(p, '"') : *p == '\'' ? skip_text(p) : *p == '`' ? NULL : p + 1;

        if (end == NULL)
            return 0;
        for (const int is_name = *p == '"'; p < end; p++)
            if (is_name && *p == '"' && change)
                *p = '`';
            else if (is_name && *p == '`')
                return 0;
    }
    return 1;
}

void tda_sql_quote_names(char *sql)
{
    static const struct { const char *words; int only_names; } begins[] = {
        {"SELECT * FROM ", 0}, {"DELETE FROM ", 0}, {"DROP TABLE ", 0}, {"DROP TABLE IF EXISTS ", 0}, {"CREATE TABLE ", 0}, {"CREATE TABLE IF NOT EXISTS ", 0},
        {"INSERT INTO ", 1}, /* its texts may be in double quotes */
    };

    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++) {
        char *name = skip_words(sql, begins[i].words);

        if (name != NULL && *name == '"' && quote_names(name, begins[i].only_names, 0))
            (void)quote_names(name, begins[i].only_names, 1);
    }
}

/* A name as it stands in SQL, in backquotes or not, into out; 0 when it is none. What is not in backquotes is in lower case. */
static int take_name(const char *p, const char *end, char *out, size_t cap)
{
    size_t len = 0;
    int quoted = *p == '`';

    for (p += quoted; p < end - quoted; p++) {
        if (len + 1 >= cap)
            return 0;
        p += quoted && *p == '`';
        out[len++] = !quoted && *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p;
    }
    out[len] = '\0';
    return len > 0;
}

int tda_sql_use(const char *sql, char *name, size_t cap)
{
    const char *p = skip_blanks(sql), *end;

    if (strncasecmp(p, "use", 3) != 0 || skip_blanks(p + 3) == p + 3)
        return 0;
    p = skip_blanks(p + 3);
    end = *p == '`' ? skip_quoted(p, '`') : p + strcspn(p, " \t\r\n;`\"'.");
    return end != NULL && skip_blanks(end)[strspn(skip_blanks(end), "; \t\r\n")] == '\0' && take_name(p, end, name, cap);
}
