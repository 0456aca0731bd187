/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * The options of the connection, layer over layer. A DSN takes the place of those in the layers below as a whole: one server's login is
 * not for another one. Knows no flags by name; what values mean is the library's to say.
 */
#include "args/settings.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args/header.h"
#include "args/keys.h"
#include "term/report.h"

typedef struct layers {
    cli_settings *settings;
    tdrest_options *options;
    const char *dsn; /* the last one that was read */
    size_t count;   /* of the option table */
    char **before;  /* values, to see which of them a DSN changes */
} layers;

/* Where in the DSN, counted from 1, behind `before`; "" where no DSN is to blame. */
static void put_byte(const layers *l, const tdrest_error *err, const char *before, char out[64])
{
    out[0] = '\0';
    if (err->offset >= 0 && l->dsn != NULL && (size_t)err->offset >= strlen(l->dsn))
        snprintf(out, 64, "%sat the end of the DSN", before);
    else if (err->offset >= 0)
        snprintf(out, 64, "%sbyte %lld of the DSN", before, (long long)err->offset + 1);
}

/* The exit status of what a call on the options answered. */
static int status_of(const layers *l, int rc)
{
    const tdrest_error *err = tdrest_options_error(l->options);
    char byte[64];
    cli_place place = {.number = 0};

    if (rc >= 0)
        return CLI_OK;
    if (l->options == NULL)
        return cli_report_code(rc, tdrest_code_text(rc), &place);
    put_byte(l, err, "", byte);
    place.text = byte[0] == '\0' ? NULL : byte;
    return cli_report(err, &place);
}

/* ---- what changes ---- */

static void forget(layers *l)
{
    size_t i;

    for (i = 0; i < l->count; i++) {
        free(l->before[i]);
        l->before[i] = NULL;
    }
}

static int remember(layers *l)
{
    size_t i;

    forget(l);
    for (i = 0; i < l->count; i++) {
        const char *value = tdrest_options_get(l->options, tdrest_options_get_info(i)->key);

        if (value != NULL && (l->before[i] = strdup(value)) == NULL)
            return TDREST_ENOMEM;
    }
    return TDREST_OK;
}

static int has_changed(const layers *l, size_t i)
{
    const char *value = tdrest_options_get(l->options, tdrest_options_get_info(i)->key);

    return value == NULL || l->before[i] == NULL ? value != l->before[i] : strcmp(value, l->before[i]) != 0;
}

static void variable_of(const char *key, char name[64])
{
    size_t i, n = (size_t)snprintf(name, 64, "TDREST_%s", key);

    for (i = 0; i < n && i < 64; i++)
        name[i] = (char)toupper((unsigned char)name[i]);
}

/* A variable that a profile passes over may have been forgotten. */
static void warn_of(const layers *l, size_t i)
{
    const cli_origin *old = &l->settings->origins[i];
    char name[64];

    if (old->layer != CLI_FROM_ENVIRONMENT)
        return;
    variable_of(old->by_dsn ? "dsn" : tdrest_options_get_info(i)->key, name);
    cli_usage("warning: profile %s is used, not %s of the environment", l->settings->profile, name);
}

static void note(layers *l, size_t i, const cli_origin *origin)
{
    if (origin->layer == CLI_FROM_PROFILE)
        warn_of(l, i);
    l->settings->origins[i] = *origin;
}

static int set(layers *l, const char *key, const char *value, const cli_origin *origin)
{
    int rc = tdrest_options_set(l->options, key, value);

    if (rc >= 0)
        note(l, cli_key_index(key), origin);
    return rc;
}

static int set_dsn(layers *l, const char *dsn, const cli_origin *origin)
{
    cli_origin by_dsn = *origin;
    size_t i;
    int rc = remember(l);

    l->dsn = dsn;
    if (rc >= 0)
        rc = tdrest_options_parse(l->options, dsn);
    by_dsn.by_dsn = 1;
    for (i = 0; rc >= 0 && i < l->count; i++)
        if (has_changed(l, i))
            note(l, i, &by_dsn);
    return rc;
}

/* ---- layers ---- */

/* The value of a key in a part of the file; NULL: it is not there. */
static const cli_config_line *line_of(const cli_config *config, const char *section, const char *key)
{
    size_t i;

    for (i = 0; i < config->count; i++)
        if (strcmp(config->lines[i].section, section) == 0 && strcmp(config->lines[i].key, key) == 0)
            return &config->lines[i];
    return NULL;
}

/* What the library says of a value, with the place of the value. */
static int refuse_line(const layers *l, const cli_config_line *line, int rc)
{
    const tdrest_error *err = tdrest_options_error(l->options);
    char where[CLI_PLACE_MAX], byte[64];
    cli_place place = {.text = where};

    put_byte(l, err, ", ", byte);
    snprintf(where, sizeof where, "%.*s, line %d%s", CLI_PLACE_MAX - 96, l->settings->config.path, line->number, byte);
    return err->code != 0 ? cli_report(err, &place) : cli_report_code(rc, tdrest_code_text(rc), &place);
}

/* A part of the file, its DSN first. */
static int apply_section(layers *l, const char *section, int with_dsn)
{
    const cli_config *config = &l->settings->config;
    const cli_config_line *line = with_dsn ? line_of(config, section, "dsn") : NULL;
    cli_origin origin = {.layer = *section == '\0' ? CLI_FROM_FILE : CLI_FROM_PROFILE};
    size_t i;
    int rc = TDREST_OK;

    if (line != NULL) {
        origin.line = line->number;
        rc = set_dsn(l, line->value, &origin);
    }
    for (i = 0; rc >= 0 && i < config->count; i++) {
        if (strcmp(config->lines[i].section, section) != 0 || strcmp(config->lines[i].key, "dsn") == 0)
            continue;
        line = &config->lines[i];
        origin.line = line->number;
        rc = set(l, line->key, line->value, &origin);
    }
    return rc < 0 ? refuse_line(l, line, rc) : CLI_OK;
}

static int apply_environment(layers *l)
{
    cli_origin origin = {.layer = CLI_FROM_ENVIRONMENT};
    size_t i;
    int rc = remember(l);

    l->dsn = getenv("TDREST_DSN");
    if (rc >= 0)
        rc = tdrest_options_from_env(l->options);
    for (i = 0; rc >= 0 && i < l->count; i++) {
        const char *value;
        char name[64];

        variable_of(tdrest_options_get_info(i)->key, name);
        value = getenv(name);
        origin.by_dsn = value == NULL || *value == '\0';
        if (!origin.by_dsn || has_changed(l, i))
            note(l, i, &origin);
    }
    return status_of(l, rc);
}

static int apply_flags(layers *l)
{
    const cli_settings *s = l->settings;
    cli_origin origin = {.layer = CLI_FROM_FLAG, .flag = "dsn"};
    size_t i;
    int rc = s->dsn == NULL ? TDREST_OK : set_dsn(l, s->dsn, &origin);

    for (i = 0; rc >= 0 && i < s->count; i++) {
        origin.flag = s->items[i].flag;
        rc = s->items[i].key == NULL ? cli_header_add(l->options, s->items[i].value) : set(l, s->items[i].key, s->items[i].value, &origin);
    }
    return status_of(l, rc);
}

static int apply(layers *l)
{
    cli_settings *s = l->settings;
    int names_server = s->profile != NULL && (line_of(&s->config, s->profile, "dsn") != NULL || line_of(&s->config, s->profile, "host") != NULL);
    const char *dsn = getenv("TDREST_DSN");
    int status;

    if (s->dsn == NULL && names_server && dsn != NULL && *dsn != '\0')
        cli_usage("warning: profile %s is used, not TDREST_DSN of the environment", s->profile);
    if (s->dsn != NULL || names_server)
        unsetenv("TDREST_DSN");
    dsn = getenv("TDREST_DSN");
    status = apply_section(l, "", s->dsn == NULL && !names_server && (dsn == NULL || *dsn == '\0'));
    if (status == CLI_OK)
        status = apply_environment(l);
    if (status == CLI_OK && s->profile != NULL)
        status = apply_section(l, s->profile, s->dsn == NULL);
    return status == CLI_OK ? apply_flags(l) : status;
}

int cli_settings_apply(cli_settings *settings, tdrest_options **options)
{
    layers l = {.settings = settings};
    const char *profile = getenv("TDREST_PROFILE");
    int status = settings->no_config ? CLI_OK : cli_config_read(&settings->config);

    settings->profile_by_flag = settings->profile != NULL;
    if (settings->profile == NULL && !settings->no_config && profile != NULL && *profile != '\0')
        settings->profile = profile;
    if (status == CLI_OK && settings->profile != NULL)
        status = cli_config_check_profile(&settings->config, settings->profile);
    if (status != CLI_OK)
        return status;
    while (tdrest_options_get_info(l.count) != NULL)
        l.count++;
    settings->origins = calloc(l.count, sizeof *settings->origins);
    l.before = calloc(l.count, sizeof *l.before);
    if (settings->origins == NULL || l.before == NULL || tdrest_options_new(NULL, options) < 0) {
        free(l.before);
        return status_of(&l, TDREST_ENOMEM);
    }
    l.options = *options;
    status = apply(&l);
    forget(&l);
    free(l.before);
    return status;
}

void cli_settings_clear(cli_settings *settings)
{
    cli_config_clear(&settings->config);
    free(settings->origins);
    free(settings->items);
}

void cli_settings_note(cli_settings *settings, const char *key, const char *flag)
{
    settings->origins[cli_key_index(key)] = (cli_origin){.layer = CLI_FROM_FLAG, .flag = flag};
}

int cli_settings_has(const cli_settings *settings, const char *key)
{
    return settings->origins[cli_key_index(key)].layer != CLI_FROM_DEFAULT;
}
