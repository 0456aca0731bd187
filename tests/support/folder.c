/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
#include "folder.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int tdrt_folder_count(const char *path, const char *prefix)
{
    DIR *names = opendir(path);
    struct dirent *entry;
    int count = 0;

    while (names != NULL && (entry = readdir(names)) != NULL)
        count += strncmp(entry->d_name, prefix, strlen(prefix)) == 0;
    if (names != NULL)
        closedir(names);
    return count;
}

/* One pass. A directory that loses names while it is read may hide others. */
static int remove_files(const char *path)
{
    DIR *names = opendir(path);
    struct dirent *entry;
    char inner[512];
    int count = 0;

    while (names != NULL && (entry = readdir(names)) != NULL) {
        snprintf(inner, sizeof inner, "%.200s/%.200s", path, entry->d_name);
        count += entry->d_name[0] != '.' && remove(inner) == 0;
    }
    if (names != NULL)
        closedir(names);
    return count;
}

int tdrt_folder_remove(const char *path)
{
    int count = 0, removed;

    do
        count += removed = remove_files(path);
    while (removed > 0);
    (void)rmdir(path);
    return count;
}
