/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * What the sandbox keeps, in one SQLite database: databases, tables with their columns and tags, rows as bytes under (table, time).
 * Knows nothing of SQL text. Functions with a request set its error (0x02FF with SQLite's message) when SQLite fails, and answer with
 * the code, 0 for success; what is not there is NULL, not an error. Everything handed out is in the request's arena.
 */
#ifndef SBX_STORE_H
#define SBX_STORE_H

#include "../base/request.h"

/* NULL and why when it cannot be opened. path ":memory:": in memory. */
sbx_store *sbx_store_open(const char *path, sbx_buf *why);
void sbx_store_close(sbx_store *store);

int sbx_store_begin(sbx_request *request);
int sbx_store_commit(sbx_request *request);
void sbx_store_rollback(sbx_request *request);

typedef struct sbx_database {
    int64_t id;
    sbx_text name;
    int digits;          /* precision: 3, 6, 9 */
    int64_t keep_min;    /* minutes */
    int vgroups;         /* shown; there are none */
    int64_t created_ms;
} sbx_database;

typedef enum sbx_table_kind { SBX_NORMAL_TABLE = 1, SBX_SUPER_TABLE = 2, SBX_CHILD_TABLE = 4 } sbx_table_kind;

typedef struct sbx_table {
    int64_t id;
    sbx_table_kind kind;
    const sbx_database *database;
    sbx_text name;
    int64_t super_id;    /* of a child */
    sbx_text super_name;
    sbx_field *fields;   /* columns, then tags; a child has its super table's */
    size_t column_count; /* the first is the TIMESTAMP */
    size_t tag_count;
    sbx_value *tags;     /* of a child: tag_count values */
    int keyed;           /* the second column belongs to the key */
    int ttl;             /* days */
    sbx_text comment;
    int64_t created_ms;
} sbx_table;

/* A child of that super table that is not in the store yet: its tags are NULL, it has no options. */
sbx_table *sbx_table_child(sbx_request *request, const sbx_table *super, sbx_text name);

int sbx_store_database(sbx_request *request, sbx_text name, sbx_database **out);
int sbx_store_add_database(sbx_request *request, sbx_database *database);                /* sets id */
int sbx_store_set_keep(sbx_request *request, const sbx_database *database);               /* keep_min as it now is */
int sbx_store_drop_database(sbx_request *request, const sbx_database *database);         /* and all in it */

int sbx_store_table(sbx_request *request, const sbx_database *database, sbx_text name, sbx_table **out);
int sbx_store_add_table(sbx_request *request, sbx_table *table);                         /* sets id */
int sbx_store_drop_table(sbx_request *request, const sbx_table *table);                  /* its rows too, a super table's children too */
/* Columns and tags of a normal or super table as they now are (ALTER). Rows and tags are kept by position, and are not touched here. */
int sbx_store_set_fields(sbx_request *request, const sbx_table *table);
int sbx_store_set_tags(sbx_request *request, const sbx_table *child);
int sbx_store_set_comment(sbx_request *request, const sbx_table *table);

/* Row: column_count values, the first the time, where the table is keyed the second a part of the key. *found is 0 when there is none. */
int sbx_store_row(sbx_request *request, const sbx_table *table, const sbx_value *key, sbx_value *values, int *found);
int sbx_store_put_row(sbx_request *request, const sbx_table *table, const sbx_value *values);

/* ---- users ---- */

typedef struct sbx_user {
    sbx_text name;
    sbx_text password;
    int enabled;
} sbx_user;

/* *found is 0 when there is none of that name. */
int sbx_store_user(sbx_request *request, sbx_text name, sbx_user *user, int *found);
/* Does nothing to one that is there. */
int sbx_store_add_user(sbx_request *request, const sbx_user *user);
/* password len 0, enabled -1: as it was. */
int sbx_store_set_user(sbx_request *request, const sbx_user *user);
int sbx_store_drop_user(sbx_request *request, sbx_text name);

#endif
