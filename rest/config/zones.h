/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* This machine's time zone, and the zone files it has. Knows nothing of what they say. */
#ifndef TDRI_ZONES_H
#define TDRI_ZONES_H

#include "base/zone.h"

/* Room for the name of a zone, NUL included; longer ones are refused. */
enum { TDRI_ZONE_NAME = 256 };

/* The IANA name of this machine's zone (TZ, else the link /etc/localtime) into out. TDREST_OK; TDREST_EOPTION in err when none can be told. */
int tdri_zone_local(char *out, size_t cap, tdrest_error *err);

/*
 * What this machine knows of the named zone, which nothing but times before 1972 need: read from the directory that TZDIR names, else from the
 * system's. zone is initialised, and stays so when there is no such file or it is malformed, for "server" and, as nothing is needed there, for "UTC".
 * Names that would leave the directory, and what is no regular file of at most TDRI_ZONE_FILE_MAX bytes, count as missing. TDREST_OK or TDREST_ENOMEM.
 */
int tdri_zone_load(tdri_zone *zone, const tdrest_allocator *mem, const char *name);

#endif
