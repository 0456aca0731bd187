/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A directory of the tests' own that holds nothing but files. */
#ifndef TDRT_FOLDER_H
#define TDRT_FOLDER_H

/* How many of its names begin so. */
int tdrt_folder_count(const char *path, const char *prefix);

/* Removes its files and then itself; how many there were. */
int tdrt_folder_remove(const char *path);

#endif
