/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The server's limits that more than one part of the sandbox enforces. Lengths are bytes where nothing else is said. */
#ifndef SBX_BOUNDS_H
#define SBX_BOUNDS_H

enum {
    SBX_MAX_DATABASE_NAME = 64,
    SBX_MAX_TABLE_NAME = 192,
    SBX_MAX_COLUMN_NAME = 64, /* of tags and in answers, too */
    SBX_MAX_COMMENT = 1024,
    SBX_MAX_USER = 23,
    SBX_MAX_PASSWORD = 255,

    SBX_MAX_COLUMNS = 4096, /* tags included */
    SBX_MAX_TAGS = 128,
    SBX_MAX_ROW_BYTES = 65531, /* see sbx_type_stored_bytes */
    SBX_MAX_TAG_BYTES = 16384  /* of all tags together, and of one */
};

#endif
