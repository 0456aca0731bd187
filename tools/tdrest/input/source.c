/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Files and standard input. Knows nothing of what is in them, except that it should be text. */
#include "input/source.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int is_standard(const cli_source *source)
{
    return source->file == NULL || strcmp(source->file, "-") == 0;
}

int cli_source_is_lasting(const cli_source *source)
{
    struct stat about;

    return source->text != NULL || (!is_standard(source) && stat(source->file, &about) == 0 && S_ISREG(about.st_mode));
}

int cli_source_open(const cli_source *source, const char **name)
{
    *name = is_standard(source) ? "standard input" : source->file;
    return is_standard(source) ? STDIN_FILENO : open(source->file, O_RDONLY | O_CLOEXEC);
}

size_t cli_source_mark(const char *text, size_t len)
{
    return len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

int64_t cli_source_lines(const char *text, size_t len)
{
    const char *end = text + len;
    int64_t lines = 0;

    while (text < end && (text = memchr(text, '\n', (size_t)(end - text))) != NULL) {
        text++;
        lines++;
    }
    return lines;
}

const char *cli_source_fault(const char *text, size_t len)
{
    if (len >= 2 && memcmp(text, "\x1F\x8B", 2) == 0)
        return "it is compressed with gzip; gunzip -c FILE | tdrest ... reads it";
    if (len >= 2 && (memcmp(text, "\xFF\xFE", 2) == 0 || memcmp(text, "\xFE\xFF", 2) == 0))
        return "it is UTF-16; iconv -f UTF-16 -t UTF-8 FILE | tdrest ... reads it";
    if (len >= 4 && ((text[0] == '\0' && text[2] == '\0' && text[1] != '\0') || (text[1] == '\0' && text[3] == '\0' && text[0] != '\0')))
        return "it looks like UTF-16; iconv -f UTF-16LE -t UTF-8 FILE | tdrest ... reads it";
    return NULL;
}
