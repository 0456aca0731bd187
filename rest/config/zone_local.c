/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The IANA name of this machine's time zone. Opens no zone file. */
#include "config/zones.h"

#include "config/options.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What stands behind ".../zoneinfo/" in a path; NULL when nothing does. */
static const char *behind_zoneinfo(const char *path)
{
    static const char mark[] = "/zoneinfo/";
    const char *at = strstr(path, mark);

    return at == NULL || at[sizeof mark - 1] == '\0' ? NULL : at + sizeof mark - 1;
}

/* The same zones once more, in a directory of their own. Those of "right/" count leap seconds, and are refused with other odd names. */
static const char *without_posix(const char *name)
{
    static const char posix[] = "posix/";

    return name != NULL && strncmp(name, posix, sizeof posix - 1) == 0 ? name + sizeof posix - 1 : name;
}

int tdri_zone_local(char *out, size_t cap, tdrest_error *err)
{
    char link[512];
    const char *name = getenv("TZ");
    ssize_t len;

    if (name != NULL && *name == ':')
        name++;
    if (name != NULL && *name == '/')
        name = behind_zoneinfo(name);
    if (name == NULL || *name == '\0') {
        len = readlink("/etc/localtime", link, sizeof link - 1);
        link[len < 0 ? 0 : len] = '\0';
        name = behind_zoneinfo(link);
    }
    name = without_posix(name);
    if (name == NULL || strlen(name) >= cap)
        return tdri_err_set(err, TDREST_EOPTION, "timezone=local: TZ and /etc/localtime do not name an IANA zone; "
                            "name the zone, such as Europe/Berlin");
    memcpy(out, name, strlen(name) + 1);
    return tdri_timezone_check(out, strlen(out), err);
}
