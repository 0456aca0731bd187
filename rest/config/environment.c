/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Reading options from TDREST_ variables: all of them or nothing. Knows how they are named; the values are the table's. */
#include "config/options.h"

#include <stdlib.h>
#include <string.h>

enum { NAME_ROOM = 64 };

static void variable_name(const char *key, char *out)
{
    static const char prefix[] = "TDREST_";
    size_t n = sizeof prefix - 1;

    memcpy(out, prefix, n);
    for (; *key != '\0' && n < NAME_ROOM - 1; key++)
        out[n++] = *key >= 'a' && *key <= 'z' ? (char)(*key - ('a' - 'A')) : *key;
    out[n] = '\0';
}

/* NULL for one that is not there or empty. */
static const char *variable(const char *name)
{
    const char *value = getenv(name);

    return value == NULL || *value == '\0' ? NULL : value;
}

/* Puts the variable's name before the message. */
static int blame(const char *name, tdrest_error *err)
{
    tdrest_error cause = *err;

    tdri_err_reset(err);
    return tdri_err_set_at(err, cause.code, cause.offset, "%s: %s", name, cause.message);
}

static int read_variables(tdrest_options *draft, tdrest_error *err)
{
    char name[NAME_ROOM] = "TDREST_DSN";
    const char *value = variable(name);
    size_t login_at;
    int opt;

    if (value != NULL && tdri_dsn_read(value, draft, &login_at, err) != TDREST_OK)
        return blame(name, err);
    for (opt = 0; opt < TDRI_OPT_COUNT; opt++) {
        variable_name(tdrest_options_get_info((size_t)opt)->key, name);
        value = variable(name);
        if (value != NULL && tdri_opts_put(draft, (enum tdri_opt)opt, value, strlen(value), err) != TDREST_OK)
            return blame(name, err);
    }
    return TDREST_OK;
}

int tdrest_options_from_env(tdrest_options *options)
{
    tdrest_options draft;
    int rc;

    tdri_err_reset(&options->err);
    tdri_opts_draft(options, &draft);
    rc = read_variables(&draft, &options->err);
    if (rc != TDREST_OK) {
        tdri_opts_clear(&draft);
        return rc;
    }
    rc = tdri_opts_merge(options, &draft, &options->err);
    return rc == TDREST_OK ? rc : blame("TDREST_ variables", &options->err);
}
