/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The statements that make a database and its tables anew. */
#ifndef CLI_SCHEMA_H
#define CLI_SCHEMA_H

#include "catalog/catalog.h"
#include "term/output.h"

/* CREATE DATABASE, with precision, keep and duration. CLI_OK, or what is wrong is told; so it is for the others. */
int cli_schema_database(cli_catalog *c, cli_output *out);

/* CREATE STABLE or, without tags, CREATE TABLE. */
int cli_schema_table(cli_catalog *c, const char *table, const cli_columns *columns, cli_output *out);

/* The child tables of a super table, each with its tags. skipped: how many have a tag that no statement can hold, a GEOMETRY. */
int cli_schema_children(cli_catalog *c, const char *table, const cli_columns *columns, cli_output *out, int64_t *skipped);

#endif
