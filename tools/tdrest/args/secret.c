/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Passwords on the command line, which other users see in the list of processes. Changes argv and nothing else. */
#include "args/secret.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <tdrest.h>

static void blank(char *from, const char *to)
{
    memset(from, '*', (size_t)(to - from));
}

void cli_blank(char *value)
{
    blank(value, value + strlen(value));
}

/* A URL has a login when there is an @, perhaps as a DSN escapes it. */
static int has_login(const char *value, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (value[i] == '@' || (value[i] == '%' && len - i >= 3 && strncmp(value + i, "%40", 3) == 0))
            return 1;
    return 0;
}

/* Keys with percent signs are not decoded: they count as secret. */
static int is_secret(const char *key, size_t len, const char *value, size_t value_len)
{
    const tdrest_option_info *info;
    char plain[32];
    size_t i;

    if (len >= sizeof plain || memchr(key, '%', len) != NULL)
        return 1;
    for (i = 0; i < len; i++)
        plain[i] = (char)(key[i] == '-' ? '_' : key[i]);
    plain[len] = '\0';
    for (i = 0; (info = tdrest_options_get_info(i)) != NULL; i++)
        if (info->secret && strcasecmp(info->key, plain) == 0)
            return info->secret == 1 || has_login(value, value_len);
    return 0;
}

/* user:password@: from the first colon to the last `@`, wherever a careless password has more of them. */
static int blank_login(char *from, char *end)
{
    char *at = end, *colon;

    while (at > from && *at != '@')
        at--;
    colon = memchr(from, ':', (size_t)(at - from));
    if (*at != '@' || colon == NULL || colon + 1 == at)
        return 0;
    blank(colon + 1, at);
    return 1;
}

static int blank_query(char *query)
{
    char *end, *value;
    int found = 0;

    for (; *query != '\0'; query = end + (*end != '\0')) {
        end = query + strcspn(query, "&");
        value = memchr(query, '=', (size_t)(end - query));
        if (value == NULL || value + 1 == end || !is_secret(query, (size_t)(value - query), value + 1, (size_t)(end - value - 1)))
            continue;
        blank(value + 1, end);
        found = 1;
    }
    return found;
}

int cli_blank_dsn(char *dsn)
{
    char *host = strstr(dsn, "://"), *query;
    int found;

    host = host == NULL ? dsn : host + 3;
    query = host + strcspn(host, "?");
    found = blank_login(host, query);
    return *query == '\0' ? found : blank_query(query + 1) | found;
}

int cli_holds_secret(const char *key, const char *value)
{
    char *copy;
    int found;

    if (strcmp(key, "dsn") != 0)
        return *value != '\0' && is_secret(key, strlen(key), value, strlen(value));
    copy = strdup(value);
    found = copy == NULL || cli_blank_dsn(copy);
    free(copy);
    return found;
}
