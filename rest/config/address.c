/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The addresses that the options name: host list and default port together. Looks nothing up. */
#include "config/options.h"

#include "config/host.h"

#include <string.h>

int tdri_opts_address(const tdrest_options *options, size_t index, char *host, int *port)
{
    const char *list = tdri_opts_text(options, TDRI_OPT_HOST);
    size_t len = strlen(list), span = tdri_host_span(list, len);
    tdri_host entry;

    host[0] = '\0';
    *port = 0;
    for (; index > 0 && span < len; index--) {
        list += span + 1;
        len -= span + 1;
        span = tdri_host_span(list, len);
    }
    if (index > 0 || !tdri_host_parse(list, span, &entry))
        return 0;
    memcpy(host, entry.name, entry.len);
    host[entry.len] = '\0';
    *port = entry.port != 0 ? entry.port : (int)tdri_opts_int(options, TDRI_OPT_PORT);
    return 1;
}
