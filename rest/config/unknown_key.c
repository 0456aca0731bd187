/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What a key that is no option is told: the nearest key of the table. Knows no values. */
#include "config/options.h"

#include "base/text.h"

#include <string.h>

enum { KEY_MAX = 32 };

/* How many letters must be put in, taken out or changed. */
static size_t distance(const char *a, size_t len, const char *b)
{
    size_t cost[KEY_MAX + 1], i, j, width = strlen(b);

    for (j = 0; j <= width; j++)
        cost[j] = j;
    for (i = 1; i <= len; i++) {
        size_t diagonal = cost[0];

        cost[0] = i;
        for (j = 1; j <= width; j++) {
            size_t change = diagonal + (tdri_lower((unsigned char)a[i - 1]) == b[j - 1] ? 0u : 1u);
            size_t least = cost[j] < cost[j - 1] ? cost[j] + 1 : cost[j - 1] + 1;

            diagonal = cost[j];
            cost[j] = change < least ? change : least;
        }
    }
    return cost[width];
}

static const char *nearest_key(const char *key, size_t len)
{
    const char *best = NULL;
    size_t best_cost = 3, cost;
    int opt;

    for (opt = 0; opt < TDRI_OPT_COUNT; opt++) {
        cost = distance(key, len, tdrest_options_get_info((size_t)opt)->key);
        if (cost < best_cost && cost < len) {
            best = tdrest_options_get_info((size_t)opt)->key;
            best_cost = cost;
        }
    }
    return best;
}

int tdri_opts_unknown(const char *key, size_t len, tdrest_error *err)
{
    const char *near;
    size_t i;

    for (i = 0; i < len && (tdri_is_alpha(key[i]) || tdri_is_digit(key[i]) || key[i] == '_' || key[i] == '-'); i++)
        continue;
    if (len == 0)
        return tdri_err_set(err, TDREST_EOPTION, "the option's key is missing");
    if (i < len || len > KEY_MAX) /* not what it is: it may be a part of a secret */
        return tdri_err_set(err, TDREST_EOPTION, "no such option: expected a key of letters and _, at most %d bytes", KEY_MAX);
    near = nearest_key(key, len);
    return near == NULL ? tdri_err_set(err, TDREST_EOPTION, "%.*s: no such option", (int)len, key)
                        : tdri_err_set(err, TDREST_EOPTION, "%.*s: no such option; the nearest is %s", (int)len, key, near);
}
