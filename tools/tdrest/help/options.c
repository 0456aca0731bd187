/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The options in effect, one a line. Knows nothing of what they mean. */
#include "help/options.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "args/secret.h"
#include "term/show.h"

enum { KEY_WIDTH = 21, VALUE_WIDTH = 30, VALUE_BYTES = 1024 };

static void put_shown(cli_output *out, const char *text, size_t width)
{
    char shown[CLI_SHOW_ROOM(VALUE_BYTES)];
    size_t len = strlen(text), columns, n;

    n = cli_show(text, len < VALUE_BYTES ? len : VALUE_BYTES, CLI_NO_LIMIT, shown, &columns);
    cli_output_put(out, shown, n);
    cli_output_fill(out, ' ', columns < width ? width - columns : 1);
}

static void put_origin(const cli_args *args, cli_output *out, const tdrest_option_info *info, const cli_origin *origin)
{
    char text[256] = "default";
    size_t i;

    switch (origin->layer) {
    case CLI_FROM_DEFAULT: break;
    case CLI_FROM_FILE: snprintf(text, sizeof text, "line %d", origin->line); break;
    case CLI_FROM_PROFILE: snprintf(text, sizeof text, "line %d, profile %.180s", origin->line, args->settings.profile); break;
    case CLI_FROM_FLAG: snprintf(text, sizeof text, "--%s", origin->flag); break;
    case CLI_FROM_ENVIRONMENT:
        snprintf(text, sizeof text, "TDREST_%s", origin->by_dsn ? "dsn" : info->key);
        for (i = 0; text[i] != '\0'; i++)
            text[i] = (char)toupper((unsigned char)text[i]);
        break;
    }
    put_shown(out, text, 0);
    out->len--; /* no blank at a line's end */
    cli_output_char(out, '\n');
}

static void put_file(const cli_args *args, cli_output *out)
{
    const cli_settings *s = &args->settings;

    cli_output_text(out, "configuration file: ");
    if (s->no_config)
        cli_output_text(out, "not read (--no-config)");
    else if (s->config.path[0] == '\0')
        cli_output_text(out, "none: neither XDG_CONFIG_HOME nor HOME is set");
    else
        put_shown(out, s->config.path, 0);
    if (!s->no_config && s->config.path[0] != '\0')
        cli_output_text(out, s->config.found ? "(read)" : "(not there)");
    cli_output_char(out, '\n');
    if (s->profile != NULL) {
        cli_output_text(out, "profile: ");
        put_shown(out, s->profile, 0);
        cli_output_text(out, s->profile_by_flag ? "(--profile)" : "(TDREST_PROFILE)");
        cli_output_char(out, '\n');
    }
    cli_output_char(out, '\n');
}

void cli_show_options(const cli_args *args, cli_output *out)
{
    const tdrest_option_info *info;
    const char *value;
    size_t i;

    put_file(args, out);
    for (i = 0; (info = tdrest_options_get_info(i)) != NULL; i++) {
        value = tdrest_options_get(args->options, info->key);
        put_shown(out, info->key, KEY_WIDTH);
        put_shown(out, value == NULL || *value == '\0' ? "-" : cli_holds_secret(info->key, value) ? "***" : value, VALUE_WIDTH);
        put_origin(args, out, info, &args->settings.origins[i]);
    }
}
