/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The host list of the option `host`: host[:port][,host[:port]...]. Knows nothing of other options, and looks nothing up. */
#ifndef TDRI_HOST_H
#define TDRI_HOST_H

#include "error/record.h"

/* The longest name or address with its zone; a buffer has one byte more. */
enum { TDRI_HOST_MAX = 255 };

/* What is expected of an IPv6 address where it is not clear what is its port. */
#define TDRI_HOST_BRACKETS "an IPv6 address in brackets, such as [::1]:6041"

/* One entry of the list; name points into it, brackets left out. */
typedef struct tdri_host {
    const char *name;
    size_t len;
    int port; /* 0: none was written */
    int bare; /* an IPv6 address without brackets, which has no port */
} tdri_host;

/* What keeps a text from being an entry. */
typedef struct tdri_host_fault {
    const char *expected; /* NULL: nothing does */
    size_t at;            /* byte of the text; */
    size_t len;           /* of it so many bytes may be repeated in a message. The rest may be a password without its @ and host */
} tdri_host_fault;

/* Reads one entry; out is complete when the fault is none. */
tdri_host_fault tdri_host_read(const char *text, size_t len, tdri_host *out);

/* The same as 1; 0 when it is none. */
int tdri_host_parse(const char *text, size_t len, tdri_host *out);

/* Says of a text with a fault "key: expected ..., not ...". TDREST_EOPTION. */
int tdri_host_refuse(const char *key, const char *text, const tdri_host_fault *fault, tdrest_error *err);

/* The first entry's bytes in a list of len bytes; the next one begins behind its comma. */
size_t tdri_host_span(const char *list, size_t len);

/* 1 to 65535, or 0 when it is no port. */
int tdri_port_parse(const char *text, size_t len);

/* 1 when every entry is one. */
int tdri_hosts_are(const char *list, size_t len);

#endif
