/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The URL of the option `proxy`: scheme://[user[:password]@]host:port. Knows nothing of other options, and looks nothing up. */
#ifndef TDRI_PROXY_H
#define TDRI_PROXY_H

#include "config/host.h"

/* The longest user or password, decoded; SOCKS can carry no more. And the longest host with brackets, colon and port. */
enum { TDRI_PROXY_LOGIN_MAX = 255, TDRI_PROXY_ADDRESS_MAX = TDRI_HOST_MAX + 8 };

typedef struct tdri_proxy {
    const char *scheme;  /* "http", "https" or "socks5h" */
    const char *login;   /* in the text: user[:password], percent-encoded; NULL: none */
    size_t login_len;
    const char *address; /* in the text: host:port, IPv6 in brackets */
    size_t address_len;
} tdri_proxy;

/* Reads the URL. 1; 0 when it is none. */
int tdri_proxy_parse(const char *text, size_t len, tdri_proxy *out);

/* The login in clear, "" where there is none: into two buffers of TDRI_PROXY_LOGIN_MAX + 1 bytes. 0 when it cannot be one. */
int tdri_proxy_login(const tdri_proxy *proxy, char *user, char *password);

/* What is said when a proxy wants a login, with a blank and its address, or with two empty texts, and the HTTP status. */
#define TDRI_PROXY_WANTS_LOGIN \
    "the proxy%s%s requires a login: put the right user and password into its URL, which is in the option proxy or, with proxy=environment, in " \
    "http_proxy or https_proxy (HTTP status %d)"

#endif
