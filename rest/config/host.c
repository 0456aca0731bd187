/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The host list of the option `host`. Knows nothing of other options, and looks nothing up. */
#include "config/host.h"

#include "base/text.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

enum { LABEL_MAX = 63, NAME_MAX_BYTES = 253 };

static int is_label_byte(int c)
{
    return tdri_is_alpha(c) || tdri_is_digit(c) || c == '-' || c == '_';
}

/* A fault at that byte; len: how much of the text there a message may repeat. */
static tdri_host_fault fault_at(size_t at, size_t len, const char *expected)
{
    return (tdri_host_fault){expected, at, len};
}

/* Labels of 1 to 63 bytes, a dot between them and perhaps behind the last; none begins with a dash, lest it look like an option. */
static tdri_host_fault read_name(const char *text, size_t len)
{
    size_t label = 0, i;

    if (len == 0)
        return fault_at(0, 0, "a name or an address");
    if (len > NAME_MAX_BYTES)
        return fault_at(0, 0, "a name of at most 253 bytes");
    for (i = 0; i < len; i++) {
        if (text[i] == '.' && label > 0) {
            label = 0;
            continue;
        }
        if (text[i] == '.' || label == LABEL_MAX)
            return fault_at(i, 0, "1 to 63 bytes between the dots of a name");
        if (!is_label_byte((unsigned char)text[i]))
            return fault_at(i, tdri_utf8_len(text + i, len - i), "letters, digits, - _ and . in a name");
        if (label == 0 && text[i] == '-')
            return fault_at(i, 0, "a letter, a digit or _ at the beginning of a name and behind its dots");
        label++;
    }
    return fault_at(len, 0, NULL);
}

static int is_zone(const char *text, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++)
        if (!is_label_byte((unsigned char)text[i]) && text[i] != '.')
            return 0;
    return len > 0;
}

/* An IPv6 address, perhaps with the interface behind a percent sign: fe80::1%eth0. */
static int is_ipv6(const char *text, size_t len)
{
    char address[INET6_ADDRSTRLEN];
    unsigned char bytes[16];
    const char *zone = (const char *)memchr(text, '%', len);
    size_t address_len = zone == NULL ? len : (size_t)(zone - text);

    if (len > TDRI_HOST_MAX || address_len >= sizeof address)
        return 0;
    memcpy(address, text, address_len);
    address[address_len] = '\0';
    return strlen(address) == address_len && inet_pton(AF_INET6, address, bytes) == 1 &&
           (zone == NULL || is_zone(zone + 1, len - address_len - 1));
}

int tdri_port_parse(const char *text, size_t len)
{
    int port = 0;
    size_t i;

    if (len == 0 || len > 5 || text[0] == '0')
        return 0;
    for (i = 0; i < len; i++) {
        if (!tdri_is_digit((unsigned char)text[i]))
            return 0;
        port = port * 10 + (text[i] - '0');
    }
    return port <= 65535 ? port : 0;
}

/* Without brackets it is not clear whether 2001:db8::1:6041 ends in a port: where both would do, it is refused. */
static int is_bare_ipv6(const char *text, size_t len)
{
    size_t head = len;

    while (head > 0 && text[head - 1] != ':')
        head--;
    return is_ipv6(text, len) && !(tdri_port_parse(text + head, len - head) != 0 && is_ipv6(text, head - 1));
}

/* Behind the colon. Only five digits are surely a port, if too large a one; others may be a password. */
static tdri_host_fault read_port(const char *text, size_t at, size_t len, int *port)
{
    size_t digits = 0, left = len - at;

    *port = tdri_port_parse(text + at, left);
    if (*port != 0)
        return fault_at(len, 0, NULL);
    while (digits < left && tdri_is_digit((unsigned char)text[at + digits]))
        digits++;
    if (digits < left && text[at + digits] == ' ')
        return fault_at(at + digits, 1, "a port from 1 to 65535");
    if (digits == left)
        return fault_at(at, digits == 5 && text[at] != '0' ? digits : 0, "a port from 1 to 65535");
    return fault_at(at, 0, "a port from 1 to 65535 behind the colon; user and password end with @");
}

tdri_host_fault tdri_host_read(const char *text, size_t len, tdri_host *out)
{
    int bracket = len > 0 && text[0] == '[';
    const char *end = (const char *)memchr(text, bracket ? ']' : ':', len);
    size_t span = end == NULL ? len : (size_t)(end - text) + (bracket ? 1u : 0u);
    tdri_host_fault fault;

    *out = (tdri_host){text, len, 0, 0};
    if (bracket && end == NULL)
        return fault_at(0, 0, "a ] behind the IPv6 address");
    out->bare = !bracket && is_bare_ipv6(text, len);
    if (out->bare)
        return fault_at(len, 0, NULL);
    if (!bracket && is_ipv6(text, len))
        return fault_at(0, 0, TDRI_HOST_BRACKETS);
    out->name = bracket ? text + 1 : text;
    out->len = bracket ? span - 2 : span;
    if (bracket && !is_ipv6(out->name, out->len))
        return fault_at(0, 0, "an IPv6 address in the brackets");
    fault = bracket ? fault_at(len, 0, NULL) : read_name(out->name, out->len);
    if (fault.expected != NULL || span == len)
        return fault;
    return text[span] == ':' ? read_port(text, span + 1, len, &out->port) : fault_at(span, 0, "a colon and a port behind the ]");
}

int tdri_host_parse(const char *text, size_t len, tdri_host *out)
{
    return tdri_host_read(text, len, out).expected == NULL;
}

int tdri_host_refuse(const char *key, const char *text, const tdri_host_fault *fault, tdrest_error *err)
{
    const char *bad = text + fault->at;

    if (fault->len == 0)
        return tdri_err_set(err, TDREST_EOPTION, "%s: expected %s", key, fault->expected);
    if (*bad == ' ')
        return tdri_err_set(err, TDREST_EOPTION, "%s: expected %s, not a space", key, fault->expected);
    if ((unsigned char)*bad < ' ' || *bad == 0x7f)
        return tdri_err_set(err, TDREST_EOPTION, "%s: expected %s, not a control character", key, fault->expected);
    return tdri_err_set(err, TDREST_EOPTION, "%s: expected %s, not '%.*s'", key, fault->expected, (int)fault->len, bad);
}

size_t tdri_host_span(const char *list, size_t len)
{
    const char *comma = (const char *)memchr(list, ',', len);

    return comma == NULL ? len : (size_t)(comma - list);
}

int tdri_hosts_are(const char *list, size_t len)
{
    tdri_host host;
    size_t at = 0, span;

    for (;;) {
        span = tdri_host_span(list + at, len - at);
        if (!tdri_host_parse(list + at, span, &host))
            return 0;
        at += span;
        if (at == len)
            return 1;
        at++;
    }
}
