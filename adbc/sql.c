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

void tda_sql_quote_names(char *sql)
{
    static const char *const begins[] = {"DROP TABLE ", "DELETE FROM ", "SELECT * FROM "};

    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++) {
        char *name = sql + strlen(begins[i]);
        const char *end = strncmp(sql, begins[i], strlen(begins[i])) == 0 ? skip_quoted(name, '"') : NULL;

        if (end != NULL && *end == '.')
            end = skip_quoted(end + 1, '"');
        if (end == NULL || *end != '\0' || strchr(name, '`') != NULL)
            continue;
        for (; *name != '\0'; name++)
            if (*name == '"')
                *name = '`';
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
