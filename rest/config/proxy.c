/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The URL of the option `proxy`. Knows nothing of other options, and looks nothing up. */
#include "config/proxy.h"

#include "base/text.h"

#include <string.h>

/* The scheme before "://"; NULL: another one. */
static const char *find_scheme(const char *text, size_t len)
{
    static const char *const schemes[] = {"http", "https", "socks5h"};

    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
        if (tdri_text_is(text, len, schemes[i]))
            return schemes[i];
    return NULL;
}

/* [from, from + len) decoded, with a NUL. 0: a bad escape, too long, or control characters. */
static int decode(const char *from, size_t len, char *out)
{
    char text[3 * TDRI_PROXY_LOGIN_MAX];
    size_t got, bad;

    if (len > sizeof text || !tdri_percent_decode(from, len, text, &got, &bad) || got > TDRI_PROXY_LOGIN_MAX)
        return 0;
    for (size_t i = 0; i < got; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            return 0;
    memcpy(out, text, got);
    out[got] = '\0';
    return 1;
}

/* Basic authentication ends the user at its first colon, so none may hide in it. */
int tdri_proxy_login(const tdri_proxy *proxy, char *user, char *password)
{
    const char *colon;
    size_t span;

    user[0] = password[0] = '\0';
    if (proxy->login == NULL)
        return 1;
    colon = (const char *)memchr(proxy->login, ':', proxy->login_len);
    span = colon == NULL ? proxy->login_len : (size_t)(colon - proxy->login);
    if (!decode(proxy->login, span, user) || user[0] == '\0' || strchr(user, ':') != NULL)
        return 0;
    return colon == NULL || decode(colon + 1, proxy->login_len - span - 1, password);
}

/* The last @ ends the login: no address has one. */
int tdri_proxy_parse(const char *text, size_t len, tdri_proxy *out)
{
    char user[TDRI_PROXY_LOGIN_MAX + 1], password[TDRI_PROXY_LOGIN_MAX + 1];
    const char *end = text + len, *colon = (const char *)memchr(text, ':', len), *at;
    tdri_host host;

    memset(out, 0, sizeof *out);
    if (colon == NULL || end - colon < 4 || memcmp(colon, "://", 3) != 0)
        return 0;
    out->scheme = find_scheme(text, (size_t)(colon - text));
    out->address = colon + 3;
    for (at = end; at > out->address && at[-1] != '@'; at--)
        continue;
    if (at > out->address) {
        out->login = out->address;
        out->login_len = (size_t)(at - 1 - out->login);
        out->address = at;
    }
    if (end > out->address && end[-1] == '/')
        end--;
    out->address_len = (size_t)(end - out->address);
    return out->scheme != NULL && tdri_host_parse(out->address, out->address_len, &host) && host.port != 0 &&
           tdri_proxy_login(out, user, password);
}
