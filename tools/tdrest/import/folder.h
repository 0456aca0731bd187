/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A folder that export wrote. */
#ifndef CLI_IMPORT_FOLDER_H
#define CLI_IMPORT_FOLDER_H

#include "import/load.h"

/* Makes the tables, unless it is a dry run, and loads each file. Failures are told and counted in o. The status of what kept it from being begun. */
int cli_import_folder(cli_load *l, cli_outcome *o, const char *path);

#endif
