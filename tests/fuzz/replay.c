/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Gives files, and those in directories, to a fuzz target without libFuzzer: a corpus becomes a test under any compiler.
 * Names are told on stderr, so that of an input that ends the program by abort comes last. Knows nothing of the target.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static long passed;

static int failure(const char *path)
{
    perror(path);
    return 0;
}

/* The input stands in memory of exactly its size, so that reading beyond shows. */
static int replay_file(const char *path, size_t size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = (uint8_t *)malloc(size + (size == 0));
    int good = file != NULL && bytes != NULL && fread(bytes, 1, size, file) == size;

    if (file != NULL)
        fclose(file);
    if (good) {
        fprintf(stderr, "%s\n", path);
        (void)LLVMFuzzerTestOneInput(bytes, size);
        passed++;
    }
    free(bytes);
    return good ? 1 : failure(path);
}

static int replay(const char *path)
{
    struct stat status;
    struct dirent *entry;
    char inner[4096];
    int good = 1;
    DIR *dir;

    if (stat(path, &status) != 0)
        return failure(path);
    if (!S_ISDIR(status.st_mode))
        return replay_file(path, (size_t)status.st_size);
    dir = opendir(path);
    if (dir == NULL)
        return failure(path);
    while ((entry = readdir(dir)) != NULL)
        if (entry->d_name[0] != '.') {
            (void)snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
            good = replay(inner) && good;
        }
    closedir(dir);
    return good;
}

int main(int argc, char **argv)
{
    int good = 1;

    for (int i = 1; i < argc; i++)
        good = replay(argv[i]) && good;
    printf("%ld passed, %d failed\n", passed, !good || passed == 0);
    return !good || passed == 0;
}
