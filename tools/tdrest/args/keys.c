/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Keys of the library's option table, as people write them. Knows no values. */
#include "args/keys.h"

#include <string.h>
#include <tdrest.h>

#include "args/nearest.h"

static char plain(char c)
{
    return c == '-' ? '_' : c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

const char *cli_key_find(const char *name, size_t len)
{
    const tdrest_option_info *info;
    size_t i, k;

    for (i = 0; (info = tdrest_options_get_info(i)) != NULL; i++) {
        for (k = 0; k < len && info->key[k] != '\0' && info->key[k] == plain(name[k]); k++)
            ;
        if (k == len && info->key[len] == '\0')
            return info->key;
    }
    return NULL;
}

size_t cli_key_index(const char *key)
{
    const tdrest_option_info *info;
    size_t i;

    for (i = 0; (info = tdrest_options_get_info(i)) != NULL && strcmp(info->key, key) != 0; i++)
        ;
    return i;
}

const char *cli_key_nearest(const char *name)
{
    const tdrest_option_info *info;
    cli_nearest near;
    size_t i;

    cli_nearest_begin(&near, name, strlen(name));
    for (i = 0; (info = tdrest_options_get_info(i)) != NULL; i++)
        cli_nearest_try(&near, info->key);
    return near.best;
}
