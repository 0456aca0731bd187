/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A statement of the general parser (all but INSERT) as a tree in the arena. */
#ifndef SBX_AST_H
#define SBX_AST_H

#include "lex.h"
#include "../base/request.h"

/* `db`.`table`; len 0 where the statement names no database. */
typedef struct sbx_name {
    sbx_text database;
    sbx_text table;
} sbx_name;

typedef enum sbx_expr_kind {
    SBX_E_VALUE,    /* value: VARCHAR, BIGINT, BIGINT UNSIGNED (saturating), DOUBLE, BOOL, or SBX_NULL for null */
    SBX_E_COLUMN,   /* table (or len 0), name: columns, tags, tbname, _wstart, _wend, _wduration, _c0, _rowts */
    SBX_E_STAR,     /* *, or table.* */
    SBX_E_CALL,     /* name(args); also now and today without brackets (name "now"/"today", no args) */
    SBX_E_CAST,     /* args[0] as type */
    SBX_E_NEGATE,   /* - args[0]; literals are negated at once */
    SBX_E_NOT,
    SBX_E_ARITHMETIC, /* op: + - * / % */
    SBX_E_COMPARE,  /* op: < > = l (<=) g (>=) n (<>, !=) */
    SBX_E_AND,
    SBX_E_OR,
    SBX_E_IN,       /* args[0] in args[1...]; negated */
    SBX_E_LIKE,     /* args[0] like args[1]; negated */
    SBX_E_BETWEEN,  /* args[0] between args[1] and args[2]; negated */
    SBX_E_IS_NULL,  /* negated: is not null */
    SBX_E_MEMBER,   /* args[0] -> 'key' in name */
    SBX_E_CASE,     /* condition, value, condition, value ...; an odd one at the end is what ELSE gives */
    SBX_E_DURATION  /* 1s 1d in now + 1s */
} sbx_expr_kind;

typedef struct sbx_expr sbx_expr;
struct sbx_expr {
    sbx_expr_kind kind;
    sbx_text text;     /* as written, case folded: the name of its column */
    size_t offset;     /* of its text in the statement */
    char op;
    int negated;
    sbx_text table;
    sbx_text name;
    sbx_value value;
    sbx_type type;     /* of a CAST */
    sbx_duration duration;
    sbx_expr **args;
    size_t arg_count;
    int height;        /* of the tree, at most SBX_MAX_HEIGHT: to go through it recursively is safe */
};

enum { SBX_MAX_HEIGHT = 1000 };

typedef struct sbx_item {
    sbx_expr *expr;
    sbx_text alias; /* len 0: none */
} sbx_item;

typedef struct sbx_order {
    sbx_expr *expr; /* an integer literal is the number of an item, from 1 */
    int descending;
    int nulls_last; /* as written, or by default: ascending first, descending last */
} sbx_order;

typedef struct sbx_select sbx_select;

/* One table, or one SELECT in brackets, behind FROM or JOIN. */
typedef struct sbx_source {
    sbx_name name;
    sbx_select *select; /* NULL: a table */
    sbx_text alias;
    sbx_expr *on;       /* of a JOIN */
    size_t offset;      /* where it begins in the statement */
} sbx_source;

struct sbx_select {
    int distinct;
    int tags_only;         /* SELECT TAGS */
    sbx_item *items;
    size_t item_count;
    sbx_source *sources;   /* those behind the first are joined to it */
    size_t source_count;
    sbx_expr *where;       /* NULL: none */
    sbx_expr **partition;
    size_t partition_count;
    sbx_expr **group;
    size_t group_count;
    sbx_expr *having;
    sbx_duration interval; /* count 0: none */
    size_t interval_at;    /* where its duration stands in the statement */
    int fill_null;         /* FILL(NULL) */
    sbx_order *order;
    size_t order_count;
    int64_t limit;         /* -1: none */
    int64_t offset;
    size_t limit_at;       /* where LIMIT, and where SLIMIT stands in the statement; 0: nowhere */
    size_t slimit_at;
    sbx_select *next;      /* behind UNION ALL */
};

typedef struct sbx_column_def {
    sbx_text name;
    sbx_type type;
    int key; /* PRIMARY KEY: the second half of a composite key */
} sbx_column_def;

/* CREATE TABLE ... USING ...: one of several. */
typedef struct sbx_child_def {
    sbx_name name;
    int if_not_exists;
    sbx_name super;
    sbx_text *tag_names;   /* NULL: all, in order */
    size_t tag_name_count;
    size_t tags_offset;    /* just behind the "(" of TAGS: read there with sbx_literal, for the types of the tags */
    int ttl;
    sbx_text comment;
} sbx_child_def;

typedef enum sbx_statement_kind {
    SBX_S_SELECT,
    SBX_S_CREATE_DATABASE,
    SBX_S_DROP_DATABASE,
    SBX_S_ALTER_DATABASE,  /* keep only */
    SBX_S_USE,
    SBX_S_CREATE_STABLE,
    SBX_S_CREATE_TABLE,    /* a normal table */
    SBX_S_CREATE_CHILDREN,
    SBX_S_DROP_STABLE,
    SBX_S_DROP_TABLES,
    SBX_S_ALTER_TABLE,
    SBX_S_DELETE,
    SBX_S_CREATE_USER,
    SBX_S_ALTER_USER,
    SBX_S_DROP_USER,
    SBX_S_GRANT,           /* GRANT and REVOKE */
    /* from here on they answer with rows */
    SBX_S_DESCRIBE,
    SBX_S_SHOW_DATABASES,
    SBX_S_SHOW_STABLES,
    SBX_S_SHOW_TABLES,
    SBX_S_SHOW_TAGS,       /* SHOW TAGS FROM table */
    SBX_S_SHOW_CREATE_DATABASE,
    SBX_S_SHOW_CREATE_TABLE,  /* normal and child tables */
    SBX_S_SHOW_CREATE_STABLE,
    SBX_S_SHOW_TABLE_TAGS, /* SHOW TABLE TAGS names FROM table */
    SBX_S_SHOW_USERS,
    SBX_S_SHOW_USERS_FULL,
    SBX_S_SHOW_PRIVILEGES
} sbx_statement_kind;

typedef enum sbx_alteration {
    SBX_A_ADD_COLUMN,
    SBX_A_ADD_TAG,
    SBX_A_DROP_COLUMN,
    SBX_A_DROP_TAG,
    SBX_A_MODIFY_COLUMN,   /* a longer text */
    SBX_A_MODIFY_TAG,
    SBX_A_RENAME_COLUMN,   /* of a normal table */
    SBX_A_RENAME_TAG,
    SBX_A_COMMENT,
    SBX_A_SET_TAG          /* values are read at value_offset with sbx_literal; further "name = value" follow a comma */
} sbx_alteration;

typedef struct sbx_statement {
    sbx_statement_kind kind;
    sbx_text sql;          /* case folded, as the offsets count */
    int exists;            /* IF EXISTS, IF NOT EXISTS */
    sbx_name name;         /* database: in name.database */
    sbx_name *names;       /* DROP TABLE: several */
    unsigned char *names_exist; /* DROP TABLE: IF EXISTS of each */
    size_t name_count;
    int digits;            /* CREATE DATABASE: 3, 6, 9 */
    int64_t keep_min;      /* minutes; -1: not said */
    int vgroups;
    int other_options;     /* ALTER DATABASE: it names another option than KEEP */
    sbx_column_def *columns;
    size_t column_count;
    sbx_column_def *tags;
    size_t tag_count;
    sbx_child_def *children;
    size_t child_count;
    int ttl;
    sbx_text comment;
    sbx_alteration alteration;
    sbx_column_def altered; /* ALTER: the column or tag, its type */
    sbx_text new_name;
    size_t value_offset;
    sbx_expr *where;       /* DELETE */
    sbx_text user;
    sbx_text password;     /* len 0: not said */
    int enable;            /* -1: not said */
    int system;            /* SHOW DATABASES: 1 SYSTEM, -1 USER */
    sbx_text *tag_names;   /* SHOW TABLE TAGS; NULL: tbname, and all */
    size_t tag_name_count;
    sbx_text like;         /* SHOW ... LIKE 'pattern'; len 0: none */
    int kinds;             /* SHOW TABLES: sbx_table_kind values; 0: all (NORMAL and CHILD) */
    sbx_select *select;
} sbx_statement;

/* ---- text to tree: the server's general parser, as far as the sandbox knows its grammar. Asks nothing of the store. ---- */

/*
 * sql: case folded. 0, or the code of request->err: 0x2600 "syntax error near \"...\"" with the rest of the statement from the first token that does
 * not fit (at most 511 bytes in all), "unrecognized token: \"...\"", 0x2601 "Incomplete SQL statement" where the text just ends. What
 * follows a `;` is not looked at. What the server knows and the sandbox does not is a syntax error too: it never pretends.
 */
int sbx_parse(sbx_request *request, sbx_text sql, sbx_statement **out);

#endif
