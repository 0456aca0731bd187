/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A database: the library's options, then a pool of connections. */
#include "adbc/driver.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

static const char prefix[] = "tdrest.";

void tda_database_leave(tda_database *database)
{
    if (atomic_fetch_sub(&database->users, 1) != 1)
        return;
    while (database->settings != NULL) {
        struct tda_setting *setting = database->settings;

        database->settings = setting->next;
        free(setting->key);
        free(setting->value);
        free(setting);
    }
    if (database->process == getpid()) {
        tdrest_pool_free(database->pool);
        tdrest_options_free(database->options);
    }
    pthread_mutex_destroy(&database->lock);
    free(database);
}

AdbcStatusCode tda_database_check(const tda_database *database, struct AdbcError *error)
{
    if (database == NULL)
        return tda_fail(error, ADBC_STATUS_INVALID_STATE, "the object is not initialised, or was released");
    if (database->process != getpid())
        return tda_fail(error, ADBC_STATUS_INVALID_STATE, "the database was opened before a fork; open one in this process");
    return ADBC_STATUS_OK;
}

static AdbcStatusCode database_new(struct AdbcDatabase *self, struct AdbcError *error)
{
    tda_database *database = self == NULL ? NULL : (tda_database *)calloc(1, sizeof *database);

    if (self == NULL)
        return tda_need(self, "place for the database", error);
    if (database == NULL || pthread_mutex_init(&database->lock, NULL) != 0) {
        free(database);
        return tda_no_memory(error);
    }
    if (tdrest_options_new(NULL, &database->options) != TDREST_OK) {
        pthread_mutex_destroy(&database->lock);
        free(database);
        return tda_no_memory(error);
    }
    atomic_init(&database->users, 1);
    atomic_init(&database->open_streams, 0);
    database->process = getpid();
    self->private_data = database;
    return ADBC_STATUS_OK;
}

/* tdrest:// and tdrest+https:// name the driver to managers; the library's schemes are http and https. */
static int parse_uri(tdrest_options *options, const char *uri)
{
    const char *scheme = "", *rest = uri;
    char *text;
    size_t len;
    int rc;

    if (strncasecmp(uri, "tdrest://", 9) == 0)
        scheme = "http", rest = uri + 6;
    else if (strncasecmp(uri, "tdrest+http", 11) == 0)
        rest = uri + 7;
    len = strlen(scheme) + strlen(rest) + 1;
    text = (char *)malloc(len);
    if (text == NULL)
        return TDREST_ENOMEM;
    memcpy(text, scheme, strlen(scheme));
    memcpy(text + strlen(scheme), rest, strlen(rest) + 1);
    rc = tdrest_options_parse(options, text);
    free(text);
    return rc;
}

/* A scheme that is none of these is the mistake of a caller with several databases. */
static AdbcStatusCode check_scheme(const char *uri, struct AdbcError *error)
{
    static const char *const schemes[] = {"tdrest", "tdrest+http", "tdrest+https", "http", "https"};
    size_t len = strcspn(uri, ":");

    if (strncmp(uri + len, "://", 3) != 0)
        return tda_fail(error, ADBC_STATUS_INVALID_ARGUMENT, "uri: expected tdrest://, tdrest+https://, http:// or https:// at its beginning");
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (strlen(schemes[i]) == len && strncasecmp(uri, schemes[i], len) == 0)
            return ADBC_STATUS_OK;
    return tda_fail(error, ADBC_STATUS_INVALID_ARGUMENT, "uri: expected tdrest://, tdrest+https://, http:// or https://, not %.*s://", (int)(len < 40 ? len : 40), uri);
}

/* The library's key for an option; NULL: there is none. */
static const char *key_of(const char *key)
{
    if (strcmp(key, "username") == 0)
        return "user";
    if (strcmp(key, "password") == 0)
        return "password";
    if (strcmp(key, "adbc.connection.db_schema") == 0)
        return "database";
    return strncmp(key, prefix, sizeof prefix - 1) == 0 ? key + sizeof prefix - 1 : NULL;
}

/* Managers set options in any order: what was set by itself is set again behind a uri. */
static int set_uri(tda_database *database, const char *uri)
{
    int rc = parse_uri(database->options, uri);

    for (const struct tda_setting *s = database->settings; rc == TDREST_OK && s != NULL; s = s->next)
        rc = tdrest_options_set(database->options, s->key, s->value);
    return rc;
}

static int set_single(tda_database *database, const char *key, const char *value)
{
    int rc = tdrest_options_set(database->options, key, value);
    struct tda_setting *setting, **end = &database->settings;

    if (rc != TDREST_OK)
        return rc;
    setting = (struct tda_setting *)calloc(1, sizeof *setting);
    if (setting == NULL || !tda_replace(&setting->key, key) || !tda_replace(&setting->value, value)) {
        if (setting != NULL)
            free(setting->key);
        free(setting);
        return TDREST_ENOMEM;
    }
    while (*end != NULL)
        end = &(*end)->next;
    *end = setting;
    return TDREST_OK;
}

AdbcStatusCode tda_database_set_option(struct AdbcDatabase *self, const char *key, const char *value, struct AdbcError *error)
{
    tda_database *database = TDA_OF(tda_database, self);
    AdbcStatusCode status = tda_database_check(database, error);
    int rc;

    if (status == ADBC_STATUS_OK)
        status = tda_need(key, "option", error);
    if (status != ADBC_STATUS_OK)
        return status;
    if (database->pool != NULL)
        return tda_fail(error, ADBC_STATUS_INVALID_STATE, "option %s: the database is initialised already", key);
    if (strcmp(key, "uri") != 0 && key_of(key) == NULL)
        return tda_fail(error, ADBC_STATUS_NOT_IMPLEMENTED, "unknown option %s; expected uri, username, password, or tdrest.KEY", key);
    if (value == NULL)
        return tda_fail(error, ADBC_STATUS_INVALID_ARGUMENT, "option %s: expected a text, not NULL", key);
    if (strcmp(key, "uri") == 0 && check_scheme(value, error) != ADBC_STATUS_OK)
        return ADBC_STATUS_INVALID_ARGUMENT;
    pthread_mutex_lock(&database->lock);
    rc = strcmp(key, "uri") == 0 ? set_uri(database, value) : set_single(database, key_of(key), value);
    pthread_mutex_unlock(&database->lock);
    return rc == TDREST_OK ? ADBC_STATUS_OK : rc == TDREST_ENOMEM ? tda_no_memory(error) : tda_fail_with(error, tdrest_options_error(database->options));
}

AdbcStatusCode tda_database_get_option(struct AdbcDatabase *self, const char *key, char *out, size_t *len, struct AdbcError *error)
{
    tda_database *database = TDA_OF(tda_database, self);
    AdbcStatusCode status = tda_need_option(tda_database_check(database, error), key, len, error);
    const char *value;

    if (status != ADBC_STATUS_OK)
        return status;
    pthread_mutex_lock(&database->lock);
    value = key_of(key) == NULL || strcmp(key_of(key), "password") == 0 ? NULL : tdrest_options_get(database->options, key_of(key));
    status = value == NULL ? ADBC_STATUS_NOT_FOUND : tda_give_text(value, out, len);
    pthread_mutex_unlock(&database->lock);
    return status == ADBC_STATUS_OK ? status : tda_fail(error, status, "option %s is not set, or cannot be read", key);
}

static AdbcStatusCode database_init(struct AdbcDatabase *self, struct AdbcError *error)
{
    tda_database *database = TDA_OF(tda_database, self);
    AdbcStatusCode status = tda_database_check(database, error);

    if (status != ADBC_STATUS_OK)
        return status;
    if (database->pool != NULL)
        return tda_fail(error, ADBC_STATUS_INVALID_STATE, "the database is initialised already");
    if (tdrest_pool_new(database->options, &database->pool) != TDREST_OK)
        return tda_fail_with(error, tdrest_options_error(database->options));
    database->pool_max = (int)strtol(tdrest_options_get(database->options, "pool_max"), NULL, 10);
    database->wait_ms = strtoll(tdrest_options_get(database->options, "pool_wait_ms"), NULL, 10);
    return ADBC_STATUS_OK;
}

static AdbcStatusCode database_release(struct AdbcDatabase *self, struct AdbcError *error)
{
    tda_database *database = TDA_OF(tda_database, self);

    if (database == NULL)
        return tda_fail(error, ADBC_STATUS_INVALID_STATE, "the database was released already");
    tda_database_leave(database);
    self->private_data = NULL;
    return ADBC_STATUS_OK;
}

void tda_database_functions(struct AdbcDriver *driver)
{
    driver->DatabaseNew = database_new;
    driver->DatabaseSetOption = tda_database_set_option;
    driver->DatabaseInit = database_init;
    driver->DatabaseRelease = database_release;
}
