/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The text of every statement the store ever gives to SQLite, its layout aside. */
#include "store_private.h"

#define TABLE_COLUMNS "id, kind, name, super, ttl, comment, created_ms, tags, keyed"

const char *const sbx_store_sql[STORE_STATEMENTS] = {
    [STORE_BEGIN] = "BEGIN",
    [STORE_COMMIT] = "COMMIT",
    [STORE_ROLLBACK] = "ROLLBACK",
    [STORE_DATABASE_GET] = "SELECT id, name, digits, keep_min, vgroups, created_ms FROM db WHERE name = ?1",
    [STORE_DATABASE_ADD] = "INSERT INTO db (name, digits, keep_min, vgroups, created_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
    [STORE_DATABASE_KEEP] = "UPDATE db SET keep_min = ?2 WHERE id = ?1",
    [STORE_DATABASE_DROP] = "DELETE FROM db WHERE id = ?1",
    [STORE_DATABASE_DROP_TABLES] = "DELETE FROM tbl WHERE db = ?1",
    [STORE_DATABASE_DROP_FIELDS] = "DELETE FROM field WHERE tbl IN (SELECT id FROM tbl WHERE db = ?1)",
    [STORE_DATABASE_DROP_ROWS] = "DELETE FROM data WHERE tbl IN (SELECT id FROM tbl WHERE db = ?1)",
    [STORE_TABLE_GET] = "SELECT " TABLE_COLUMNS " FROM tbl WHERE db = ?1 AND name = ?2",
    [STORE_TABLE_LIST] = "SELECT " TABLE_COLUMNS " FROM tbl WHERE db = ?1 AND kind & ?2 AND (?3 = 0 OR super = ?3) ORDER BY id",
    [STORE_TABLE_NAME] = "SELECT name FROM tbl WHERE id = ?1",
    [STORE_TABLE_ADD] = "INSERT INTO tbl (db, name, kind, super, ttl, comment, created_ms, tags, keyed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    [STORE_TABLE_COMMENT] = "UPDATE tbl SET comment = ?2 WHERE id = ?1",
    [STORE_TABLE_TAGS] = "UPDATE tbl SET tags = ?2 WHERE id = ?1",
    [STORE_TABLE_DROP] = "DELETE FROM tbl WHERE id = ?1 OR super = ?1",
    [STORE_TABLE_DROP_FIELDS] = "DELETE FROM field WHERE tbl = ?1",
    [STORE_TABLE_DROP_ROWS] = "DELETE FROM data WHERE tbl IN (SELECT id FROM tbl WHERE id = ?1 OR super = ?1)",
    [STORE_FIELD_LIST] = "SELECT is_tag, name, type, length, precision, scale FROM field WHERE tbl = ?1 ORDER BY is_tag, position",
    [STORE_FIELD_ADD] = "INSERT INTO field (tbl, is_tag, position, name, type, length, precision, scale) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    [STORE_ROW_GET] = "SELECT bytes FROM data WHERE tbl = ?1 AND time = ?2 AND key = ?3",
    [STORE_ROW_PUT] = "INSERT OR REPLACE INTO data (tbl, time, key, bytes) VALUES (?1, ?2, ?3, ?4)",
    [STORE_ROW_LIST] = "SELECT bytes FROM data WHERE tbl = ?1",
    [STORE_USER_GET] = "SELECT password, enabled FROM user WHERE name = ?1",
    [STORE_USER_PUT] = "INSERT OR IGNORE INTO user (name, password, enabled, created_ms) VALUES (?1, ?2, ?3, ?4)",
    [STORE_USER_SET] = "UPDATE user SET password = coalesce(?2, password), enabled = coalesce(?3, enabled) WHERE name = ?1",
    [STORE_USER_DROP] = "DELETE FROM user WHERE name = ?1",
};
