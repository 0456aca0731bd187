/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What the files of DDL share. Included by ddl*.c alone. */
#ifndef SBX_DDL_H
#define SBX_DDL_H

#include "execute.h"
#include "literal.h"

#define SBX_TABLE_INFO_FAILED "Fail to get table info, error: "

int sbx_ddl_database(sbx_request *request, const sbx_statement *statement);
int sbx_ddl_children(sbx_request *request, const sbx_statement *statement);
int sbx_ddl_alter(sbx_request *request, const sbx_statement *statement);

#endif
