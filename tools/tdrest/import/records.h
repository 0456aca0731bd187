/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Files of records: csv, tsv, jsonl. One reader finds the records in the order of the file, in bounded memory. */
#ifndef CLI_RECORDS_H
#define CLI_RECORDS_H

#include <stddef.h>
#include <stdint.h>

#include "input/reader.h"
#include "term/text.h"

enum cli_records_kind { CLI_RECORDS_CSV, CLI_RECORDS_TSV, CLI_RECORDS_JSONL };

enum cli_field_kind {
    CLI_FIELD_PLAIN,  /* may stand for NULL, when it is empty or reads like the text for NULL */
    CLI_FIELD_TEXT,   /* quoted, escaped or a string of JSON: never NULL */
    CLI_FIELD_NULL,
    CLI_FIELD_NUMBER, /* of JSON, as are all that follow */
    CLI_FIELD_BOOL,
    CLI_FIELD_JSON    /* an object or an array, as it stands there */
};

typedef struct cli_field {
    const char *text; /* not ended by a NUL */
    size_t len;
    enum cli_field_kind kind;
    const char *key; /* of JSON; NULL elsewhere */
    size_t key_len;
    size_t at;       /* while the record is read: offset in `made`, for what is not in the buffer as it is */
    int made;        /* bit 0: the text is there, bit 1: the key */
} cli_field;

typedef struct cli_record {
    cli_field *fields;
    size_t count;
    size_t cap;
    const char *bytes; /* as they stand in the file, the line end included */
    size_t len;
    int64_t offset;    /* of the first byte in the file */
    int64_t line;      /* where it begins, from 1 */
    const char *fault; /* why it is no record; NULL: it is one */
    int64_t fault_line;
} cli_record;

typedef struct cli_records {
    enum cli_records_kind kind;
    unsigned char ends[256]; /* of csv: does that byte end a field without quotes? */
    char delimiter;    /* of csv */
    cli_reader in;
    size_t start;      /* in its buffer, of what is not taken yet */
    int64_t line;      /* of start */
    void (*idle)(void *context); /* called before it waits for a pipe that has nothing; NULL: nobody is */
    void *context;
    cli_text made;     /* texts of the record at hand that had quotes or escapes in them */
    cli_record record;
} cli_records;

/* from: where to begin, at a record whose line is `line`, with a file that can be read twice; 0, 1: at the beginning. A failure is told by cli_records_next. cli_records_close is due. */
void cli_records_open(cli_records *r, const cli_source *source, enum cli_records_kind kind, char delimiter, int64_t from, int64_t line);
void cli_records_close(cli_records *r);

/*
 * The next record in r->record, until the next call; one with a fault is a line that is none. Blank lines are passed over. TDREST_ROW, TDREST_DONE, or
 * TDREST_EUSAGE (cli_reader_failed), TDREST_ECANCELLED, TDREST_ENOMEM.
 */
int cli_records_next(cli_records *r);

/* ---- for the files of one kind ---- */

/* What a look at the buffer found. */
enum { CLI_LOOK_FOUND, CLI_LOOK_MORE };

/* Adds a field; NULL when memory is out. */
cli_field *cli_records_add(cli_records *r);
/* Marks the record as none: its line is what it is. line: of the fault, counted from that of the record. CLI_LOOK_FOUND. */
int cli_records_bad(cli_records *r, const char *fault, int64_t line);
/* The record has so many bytes. CLI_LOOK_FOUND. */
int cli_records_found(cli_records *r, size_t len);

/* Each reads one record from text; ended: the file ends behind it. Fields lie in text or, with an offset, in r->made. */
int cli_csv_look(cli_records *r, const char *text, size_t len, int ended);
int cli_tsv_look(cli_records *r, const char *text, size_t len, int ended);
int cli_jsonl_look(cli_records *r, const char *text, size_t len, int ended);

#endif
