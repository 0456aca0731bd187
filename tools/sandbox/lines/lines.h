/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Between the parts of schemaless writing: what the readers of the three protocols hand over, and what they share. A request is read
 * whole before anything is looked up, so that one bad line fails all.
 */
#ifndef SBX_LINES_H
#define SBX_LINES_H

#include "../base/bounds.h"
#include "../base/map.h"
#include "../base/request.h"
#include "../store/store.h"
#include "../base/memory.h"

enum {
    SBX_LINES_MAX_TEXT = 65517, /* bytes of a VARCHAR, VARBINARY or GEOMETRY */
    SBX_LINES_MAX_NCHAR = 16379 /* the server counts bytes here, not characters */
};

typedef struct sbx_pair {
    sbx_text key;
    sbx_text shown; /* in error texts: the server prints from the key to the end of the body */
    sbx_value value;
} sbx_pair;

typedef struct sbx_pairs {
    sbx_pair *items;
    size_t count;
} sbx_pairs;

/* A super table, as the lines know it. */
typedef struct sbx_line_super {
    sbx_text measure;  /* as written: escapes included */
    sbx_text name;
    sbx_pairs columns; /* without the time; each with the longest of its texts */
    sbx_pairs tags;
} sbx_line_super;

typedef struct sbx_line_child {
    sbx_line_super *super;
    sbx_text name;
    sbx_pairs tags;
    int merged;        /* its tags are known to the super table */
    const sbx_table *table;
} sbx_line_child;

typedef struct sbx_line_point {
    sbx_line_child *child;
    sbx_pairs fields;
    int64_t time;      /* in the precision of the database */
} sbx_line_point;

typedef struct sbx_lines_work {
    sbx_request *request;
    const sbx_lines_options *options;
    const sbx_database *database;
    uint64_t id;       /* of this request among the schemaless ones, from 1: error texts name it */
    sbx_map measures;
    sbx_map identities;
    sbx_line_super **supers;
    size_t super_count;
    sbx_line_child **children;
    size_t child_count;
    sbx_line_point *points;
    size_t point_count;
} sbx_lines_work;

/* Where a reader of lines is. */
typedef struct sbx_line_reader {
    sbx_lines_work *work;
    const char *body_end; /* error texts show what is left of the body */
    const char *from;     /* of the line */
    const char *at;
    const char *end;      /* of the line */
} sbx_line_reader;

/* ---- the readers; 0, or the code of request->err ---- */

int sbx_read_influx(sbx_lines_work *work, sbx_text body);
int sbx_read_telnet(sbx_lines_work *work, sbx_text body);
int sbx_read_opentsdb_json(sbx_lines_work *work, sbx_text body);

/* ---- what they share ---- */

/* "message:rest", at most as long as the server's buffer. Returns the code. */
int sbx_lines_fail(sbx_lines_work *work, int code, const char *message, sbx_text rest);
/* With what is left of the body from a place on. */
int sbx_line_fail(const sbx_line_reader *r, int code, const char *message, const char *at);
void sbx_line_skip_spaces(sbx_line_reader *r);
/* Without the backslashes before the characters of plain. */
sbx_text sbx_line_unescaped(sbx_arena *arena, sbx_text text, const char *plain);
/* A tag's value, which is NCHAR; 0, or the code when it is too long. */
int sbx_line_tag(sbx_line_reader *r, sbx_text text, sbx_value *out);
/* Only the code, with its static text. */
int sbx_lines_fail_static(sbx_lines_work *work, int code);

int64_t sbx_lines_now(const sbx_lines_work *work);
/* count units of 10^-digits as a time of the database, cut or, where it does not fit, saturated. */
int64_t sbx_lines_time(const sbx_lines_work *work, int64_t count, int digits);
/* A whole integer; 1, or 0 when the text is anything else. Saturates. */
int sbx_lines_integer(sbx_text text, int64_t *out);
/* A time of OpenTSDB: 10 digits are seconds, 13 milliseconds. 1, or 0. */
int sbx_lines_opentsdb_time(const sbx_lines_work *work, sbx_text text, int64_t *out);

/* The child table that was met with this identity (measurement and tags as written), or NULL. */
sbx_line_child *sbx_lines_child(sbx_lines_work *work, sbx_text identity);
/* name: the measurement without its escapes. Gives the child its name. */
sbx_line_child *sbx_lines_add_child(sbx_lines_work *work, sbx_text identity, sbx_text measure, sbx_text name, sbx_pairs tags);
void sbx_lines_add_pair(sbx_lines_work *work, sbx_pairs *pairs, const sbx_pair *pair);
void sbx_lines_add_point(sbx_lines_work *work, sbx_line_child *child, sbx_pairs fields, int64_t time);

/*
 * A field's value as written: number with suffix, boolean, "text", L"text", B"bytes", G"WKT". 0, or a code; request->err is not set. message: what
 * stands before the rest of the body in the error's text; NULL: the text is the code's.
 */
int sbx_line_value(sbx_arena *arena, sbx_text written, sbx_value *out, const char **message);

/* "t_" and the MD5 of the measurement and its tags in the order of their keys. */
sbx_text sbx_line_child_name(sbx_arena *arena, sbx_text measure, sbx_pairs tags);

/* Makes and widens the tables that the lines need, then the child tables. */
int sbx_lines_prepare(sbx_lines_work *work);

#endif
