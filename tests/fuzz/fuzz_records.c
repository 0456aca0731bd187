/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Any bytes as a file to import. Its records lie one behind the other, with blank lines between them and nothing else left out, and are the same
 * however a pipe cuts the file. The first two bytes choose the kind, the delimiter and the pieces.
 */
#include "import/records.h"

#include <stdlib.h>
#include <string.h>
#include <tdrest.h>
#include <unistd.h>

enum { MOST = 60000, RECORDS = 4096 };

#define MUST(condition) ((condition) ? (void)0 : abort())

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is written to the pipe when its reader would wait. */
typedef struct feeder {
    const char *bytes;
    size_t left, piece;
    int fd;
} feeder;

static void feed(void *context)
{
    feeder *f = (feeder *)context;
    size_t n = f->left < f->piece ? f->left : f->piece;

    if (f->fd < 0)
        return;
    MUST(n == 0 || write(f->fd, f->bytes, n) == (ssize_t)n);
    f->bytes += n;
    f->left -= n;
    if (f->left == 0) {
        close(f->fd);
        f->fd = -1;
    }
}

/* What is compared of a record. */
typedef struct summary {
    int64_t offset, line;
    size_t len, count;
    const char *fault;
    int64_t fault_line;
    uint64_t hash; /* of its fields */
} summary;

typedef struct reading {
    summary records[RECORDS];
    size_t count;
    int rc;
    const char *fault;
} reading;

static uint64_t mix(uint64_t hash, const char *bytes, size_t len)
{
    hash = (hash ^ len) * 1099511628211u;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * 1099511628211u;
    return hash;
}

static uint64_t hash_fields(const cli_record *record)
{
    uint64_t hash = 14695981039346656037u;

    for (size_t i = 0; i < record->count; i++) {
        const cli_field *f = &record->fields[i];

        hash = mix(hash ^ (uint64_t)f->kind, f->text, f->len);
        hash = f->key == NULL ? hash : mix(hash, f->key, f->key_len);
    }
    return hash;
}

static void read_all(reading *out, int kind, char delimiter, const char *bytes, size_t len, size_t piece)
{
    static cli_records r;
    feeder f = {bytes, len, piece, -1};
    int ends[2];

    MUST(pipe(ends) == 0);
    cli_records_open(&r, &(cli_source){.file = "/dev/null"}, (enum cli_records_kind)kind, delimiter, 0, 1);
    MUST(r.in.fd >= 0);
    close(r.in.fd);
    r.in.fd = ends[0];
    f.fd = ends[1];
    r.idle = feed;
    r.context = &f;
    out->count = 0;
    while ((out->rc = cli_records_next(&r)) == TDREST_ROW && out->count < RECORDS) {
        const cli_record *record = &r.record;

        MUST(record->len > 0 && memcmp(record->bytes, bytes + record->offset, record->len) == 0);
        out->records[out->count++] = (summary){record->offset, record->line, record->len, record->fault == NULL ? record->count : 0, record->fault,
                                               record->fault == NULL ? 0 : record->fault_line, record->fault == NULL ? hash_fields(record) : 0};
    }
    out->fault = r.in.fault;
    MUST(r.in.error == 0);
    cli_records_close(&r);
    if (f.fd >= 0)
        close(f.fd);
}

/* Only line ends lie between the records, and each begins at its line. */
static void check_tiles(const reading *got, const char *bytes, size_t len)
{
    size_t at = len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    int64_t line = 1;

    for (size_t i = 0; i <= got->count; i++) {
        size_t to = i < got->count ? (size_t)got->records[i].offset : len;

        MUST(to >= at && to <= len);
        for (; at < to; at++) {
            MUST(bytes[at] == '\n' || (bytes[at] == '\r' && at + 1 < len && bytes[at + 1] == '\n'));
            line += bytes[at] == '\n';
        }
        if (i == got->count)
            return;
        MUST(got->records[i].line == line);
        line += cli_source_lines(bytes + at, got->records[i].len);
        at += got->records[i].len;
    }
}

static int is_same(const summary *a, const summary *b)
{
    return a->offset == b->offset && a->line == b->line && a->len == b->len && a->count == b->count && a->fault == b->fault && a->fault_line == b->fault_line &&
           a->hash == b->hash;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char delimiters[] = ",;\t|";
    static reading whole, cut;
    const char *bytes;
    char delimiter;
    size_t len;
    int kind;

    if (size < 2 || size > MOST)
        return 0;
    kind = data[0] % 3;
    delimiter = kind == CLI_RECORDS_CSV ? delimiters[data[0] / 3 % 4] : '\t';
    bytes = (const char *)data + 2;
    len = size - 2;
    read_all(&whole, kind, delimiter, bytes, len, len + 1);
    MUST(whole.rc == TDREST_ROW || whole.rc == TDREST_DONE || (whole.rc == TDREST_EUSAGE && whole.fault != NULL));
    if (whole.rc == TDREST_DONE)
        check_tiles(&whole, bytes, len);
    read_all(&cut, kind, delimiter, bytes, len, (size_t)data[1] % 16 + 1);
    MUST(cut.rc == whole.rc && cut.fault == whole.fault && cut.count == whole.count);
    for (size_t i = 0; i < whole.count; i++)
        MUST(is_same(&whole.records[i], &cut.records[i]));
    return 0;
}
