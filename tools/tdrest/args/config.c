/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The configuration file as a list of lines. What values mean is the library's to say; which of them count is told in settings.c. */
#include "args/config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "args/keys.h"
#include "args/nearest.h"
#include "args/secret.h"
#include "input/source.h"
#include "term/report.h"
#include "term/show.h"

enum { MOST_BYTES = 1 << 20 };

/* ---- the file ---- */

/* A relative path in the variable does not count, as the specification of XDG directories has it. */
static void find_path(cli_config *config)
{
    const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    int n = 0;

    if (base != NULL && base[0] == '/')
        n = snprintf(config->path, sizeof config->path, "%s/tdrest/config", base);
    else if (home != NULL && home[0] == '/')
        n = snprintf(config->path, sizeof config->path, "%s/.config/tdrest/config", home);
    if (n < 0 || (size_t)n >= sizeof config->path)
        config->path[0] = '\0';
}

static int refuse_file(const cli_config *config, const char *why)
{
    return cli_usage("configuration file %s: %s", config->path, why);
}

/* The whole file; *mode receives who may read it. */
static int load(cli_config *config, mode_t *mode, size_t *len)
{
    struct stat about;
    ssize_t n = 1;
    int fd = open(config->path, O_RDONLY | O_CLOEXEC);

    *len = 0;
    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR ? CLI_OK : refuse_file(config, strerror(errno));
    config->found = 1;
    config->text = malloc(MOST_BYTES + 1);
    if (config->text != NULL && fstat(fd, &about) == 0) {
        *mode = about.st_mode;
        while (n > 0 && *len < MOST_BYTES) {
            n = read(fd, config->text + *len, MOST_BYTES - *len);
            *len += n > 0 ? (size_t)n : 0;
        }
        config->text[*len] = '\0';
    } else {
        n = -1;
    }
    close(fd);
    if (n < 0)
        return refuse_file(config, strerror(errno));
    return *len == MOST_BYTES ? refuse_file(config, "it has more than a mebibyte") : CLI_OK;
}

/* ---- its lines ---- */

static char *trim(char *text)
{
    size_t len;

    text += strspn(text, " \t");
    len = strlen(text);
    while (len > 0 && strchr(" \t\r", text[len - 1]) != NULL)
        text[--len] = '\0';
    return text;
}

static int refuse_line(const cli_config *config, int number, const char *what, const char *word)
{
    return cli_usage("configuration file %s, line %d: %s%s", config->path, number, what, word);
}

static int add_section(cli_config *config, char *text, int number)
{
    size_t i, len = strlen(text);
    char *name = text + 1;

    if (text[len - 1] != ']')
        return refuse_line(config, number, "expected [NAME] of a profile", "");
    text[len - 1] = '\0';
    name = trim(name);
    if (*name == '\0')
        return refuse_line(config, number, "the name of the profile is empty", "");
    for (i = 0; i < config->section_count; i++)
        if (strcmp(config->sections[i], name) == 0)
            return refuse_line(config, number, "this profile is there twice: ", name);
    config->sections[config->section_count++] = name;
    return CLI_OK;
}

static int is_general(const cli_config *config)
{
    return config->section_count == 0;
}

/* Quotes keep the blanks within them. */
static char *unquote(char *value)
{
    size_t len = strlen(value);

    if (len < 2 || value[0] != '"' || value[len - 1] != '"')
        return value;
    value[len - 1] = '\0';
    return value + 1;
}

static int refuse_key(const cli_config *config, int number, const char *key)
{
    const char *near = cli_key_nearest(key);

    if (near == NULL)
        return refuse_line(config, number, "unknown option ", key);
    return cli_usage("configuration file %s, line %d: unknown option %s; did you mean %s?", config->path, number, key, near);
}

/* `ignore-unknown = true` is for files that newer and older versions share. */
static int add_line(cli_config *config, char *text, int number, int *lenient)
{
    char *value = strchr(text, '='), *key;
    const char *known, *section = is_general(config) ? "" : config->sections[config->section_count - 1];
    char shown[CLI_QUOTED_ROOM];
    size_t i;

    if (value == NULL)
        return refuse_line(config, number, "expected KEY = VALUE", "");
    *value++ = '\0';
    key = trim(text);
    value = unquote(trim(value));
    if (is_general(config) && strcmp(key, "ignore-unknown") == 0) {
        *lenient = strcmp(value, "true") == 0;
        if (*lenient || strcmp(value, "false") == 0)
            return CLI_OK;
        return refuse_line(config, number, "ignore-unknown: expected true or false, not ", cli_quoted(value, strlen(value), shown));
    }
    known = strcmp(key, "dsn") == 0 ? "dsn" : cli_key_find(key, strlen(key));
    if (known == NULL)
        return *lenient ? CLI_OK : refuse_key(config, number, key);
    for (i = 0; i < config->count; i++)
        if (config->lines[i].section == section && strcmp(config->lines[i].key, known) == 0)
            return refuse_line(config, number, "set twice in one part: ", known);
    config->lines[config->count++] = (cli_config_line){section, known, value, number};
    return CLI_OK;
}

static int parse(cli_config *config, char *text)
{
    int number, lenient = 0, status = CLI_OK;
    char *next;

    for (number = 1; status == CLI_OK && text != NULL; number++, text = next) {
        next = strchr(text, '\n');
        if (next != NULL)
            *next++ = '\0';
        text = trim(text);
        if (*text == '\0' || *text == '#' || *text == ';')
            continue;
        status = *text == '[' ? add_section(config, text, number) : add_line(config, text, number, &lenient);
    }
    return status;
}

/* A secret is nobody else's. */
static int check_mode(const cli_config *config, mode_t mode)
{
    size_t i;

    if ((mode & (S_IRWXG | S_IRWXO)) == 0)
        return CLI_OK;
    for (i = 0; i < config->count; i++)
        if (cli_holds_secret(config->lines[i].key, config->lines[i].value))
            return refuse_line(config, config->lines[i].number, "it holds a password and other users can access it; use chmod 600", "");
    return CLI_OK;
}

int cli_config_read(cli_config *config)
{
    size_t len = 0, i, lines = 1;
    mode_t mode = 0;
    char *text;
    int status;

    *config = (cli_config){.found = 0};
    find_path(config);
    if (config->path[0] == '\0')
        return CLI_OK;
    status = load(config, &mode, &len);
    if (status != CLI_OK || len == 0)
        return status;
    if (cli_source_fault(config->text, len) != NULL)
        return refuse_file(config, cli_source_fault(config->text, len));
    if (memchr(config->text, '\0', len) != NULL)
        return refuse_file(config, "there is a NUL in it");
    text = config->text + cli_source_mark(config->text, len);
    for (i = 0; i < len; i++)
        lines += config->text[i] == '\n';
    config->lines = calloc(lines, sizeof *config->lines);
    config->sections = calloc(lines, sizeof *config->sections);
    if (config->lines == NULL || config->sections == NULL)
        return refuse_file(config, strerror(ENOMEM));
    status = parse(config, text);
    return status == CLI_OK ? check_mode(config, mode) : status;
}

void cli_config_clear(cli_config *config)
{
    free(config->text);
    free(config->lines);
    free(config->sections);
}

int cli_config_check_profile(const cli_config *config, const char *name)
{
    char list[512] = "";
    size_t i, len = 0;

    for (i = 0; i < config->section_count; i++) {
        if (strcmp(config->sections[i], name) == 0)
            return CLI_OK;
        if (len < sizeof list)
            len += (size_t)snprintf(list + len, sizeof list - len, "%s%s", i == 0 ? "" : ", ", config->sections[i]);
    }
    if (!config->found)
        return cli_usage("profile '%s': there is no configuration file%s%s", name, config->path[0] == '\0' ? "" : " ", config->path);
    if (i == 0)
        return cli_usage("profile '%s': there are no profiles in %s", name, config->path);
    return cli_usage("profile '%s' is not in %s; it has %s", name, config->path, list);
}
