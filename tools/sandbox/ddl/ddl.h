/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What the files of DDL share. Included by ddl*.c alone. */
#ifndef SBX_DDL_H
#define SBX_DDL_H

#include "../sql/execute.h"
#include "../insert/literal.h"

/* A definition that a table may have; the parser has looked at the names. */
int sbx_check_definition(sbx_request *request, const sbx_column_def *columns, size_t column_count, const sbx_column_def *tags, size_t tag_count);

int sbx_ddl_database(sbx_request *request, const sbx_statement *statement);
int sbx_ddl_user(sbx_request *request, const sbx_statement *statement);
int sbx_ddl_alter(sbx_request *request, const sbx_statement *statement);

#endif
